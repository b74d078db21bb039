"""Unlabelled sentences that our embeddings are fitted on, from texts that may be shipped from.

    python training/embeddings/sentences.py WORK LABELLED CORPORA

Writes ``WORK/sentences.json``, a list of [language, kind, sentence]. Kinds: ``set``, real sentences
of the data sets whose licence allows it; ``ours``, the clauses of the train part of our own
comments; ``pseudo``, sentences in every language of frequent words and of our phrases: these carry
the languages for which no text is free.
"""

import argparse
import gzip
import json
import re
from pathlib import Path

import numpy as np
import wordfreq

from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.records import LANGUAGES
from feedback_nlp.tagging import read_labelled
from feedback_nlp.taxonomy import load_taxonomy
from feedback_nlp.text import parse

SETS = {
    "nhs_fft_en": ("en", 4000), "mams_acsa_en": ("en", 2500), "sentihood_en": ("en", 2000),
    "skytrax_lounge_en": ("en", 1500), "skytrax_seat_en": ("en", 1000),
    "norec_sentence_no": ("nb", 7000), "ltec_lv": ("lv", 4500), "tweets_buls_lv": ("lv", 2500),
}  # fmt: skip
PSEUDO = 3500  # of each of the two kinds, in each language
NOISE = re.compile(r"https?://\S+|@\w+")
END = re.compile(r"(?<=[.!?])\s+|\n")
MARKS = re.compile(r"[*!]|\.\.")  # the notation of our phrases


def of_set(path, count, random):
    """Return up to ``count`` different sentences of 3 to 28 words."""
    found = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            for sentence in END.split(NOISE.sub("", json.loads(line)["text"])):
                if 3 <= len(sentence.split()) <= 28:
                    found.add(sentence.strip())
    ordered = sorted(found)
    return [ordered[i] for i in random.permutation(len(ordered))[:count]]


def of_ours(labelled):
    """Yield (language, clause) of the train part of our comments, and short comments as a whole."""
    comments = read_labelled(labelled).comments
    kept = (comments["split"] == "train") & comments["language"].isin(LANGUAGES)
    comments = comments[kept & (comments["status"] == "ok")]
    texts, languages = comments["text"].tolist(), comments["language"].astype(str).tolist()
    for text, language, parsed in zip(texts, languages, parse(texts, languages), strict=True):
        clauses = [parsed.span(clause.start, clause.end) for clause in parsed.clauses]
        for start, end in clauses:
            if text[start:end].strip():
                yield language, text[start:end]
        if len(clauses) > 1 and len(text) <= 200:
            yield language, text


def frequent(language, random):
    """Yield sentences of frequent words, rarer ones more often than in running text."""
    known = wordfreq.get_frequency_dict(language, wordlist="best")
    words = sorted(known, key=lambda word: (-known[word], word))[:20000]
    words = [word for word in words if word.isalpha()]
    weights = np.array([known[word] for word in words]) ** 0.6
    weights /= weights.sum()
    for _ in range(PSEUDO):
        size = random.integers(4, 10)
        yield " ".join(random.choice(words, size=size, p=weights, replace=False))


def phrased(language, random):
    """Yield sentences of our phrases of one theme, opinion words and a few stop words."""
    lists = load_lexicon(language)
    opinions = [MARKS.sub("", p) for phrases in lists.opinion.values() for p in phrases]
    small = list(lists.words["stop_words"])
    themes = [
        [MARKS.sub("", p) for p in t.phrases.get(language, ())] for t in load_taxonomy().themes
    ]
    themes = [phrases for phrases in themes if phrases]
    for _ in range(PSEUDO):
        phrases = themes[random.integers(len(themes))]
        parts = [
            *random.choice(phrases, size=random.integers(1, 3)),
            *random.choice(opinions, size=random.integers(0, 3)),
            *random.choice(small, size=random.integers(0, 4)),
        ]
        yield " ".join(" ".join(parts[i] for i in random.permutation(len(parts))).split())


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("work", type=Path)
    ask.add_argument("labelled", type=Path)
    ask.add_argument("corpora", type=Path)
    given = ask.parse_args()
    rows = []
    # every source has its own numbers, so that a change in one leaves the others as they are
    for seed, (name, (language, count)) in enumerate(SETS.items()):
        path = given.corpora / name / "train.jsonl.gz"
        found = of_set(path, count, np.random.default_rng([1, seed]))
        rows += [(language, "set", sentence) for sentence in found]
    rows += [(language, "ours", sentence) for language, sentence in of_ours(given.labelled)]
    for seed, language in enumerate(LANGUAGES):
        for kind, source in enumerate((frequent, phrased)):
            found = source(language, np.random.default_rng([2 + kind, seed]))
            rows += [(language, "pseudo", sentence) for sentence in found]
    rows = sorted(set(rows))
    (given.work / "sentences.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    counts = {lang: sum(one == lang for one, _, _ in rows) for lang in LANGUAGES}
    print(f"{len(rows):,} sentences: {counts}")


if __name__ == "__main__":
    main()
