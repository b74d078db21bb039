"""The pieces that our embeddings know: frequent words of seven languages, and parts of words.

    python training/embeddings/vocabulary.py WORK LABELLED

Writes ``WORK/tokenizer.json`` and ``WORK/pieces.json`` (what the teacher is shown for each piece,
its frequency, and how much each language uses it). Words are those of wordfreq, of our taxonomy and
word lists, and of the train part of the labelled comments; all in small letters and **without
diacritics**, so that "lēts" and "lets" are one piece: customers leave them out. What is no whole
word is cut into parts, of compounds into frequent words where possible. Emoji with an opinion
and marks are pieces as well.
"""

import argparse
import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import wordfreq
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from feedback_nlp.lexicon import UNIVERSAL, load_lexicon
from feedback_nlp.records import LANGUAGES
from feedback_nlp.tagging import read_labelled
from feedback_nlp.taxonomy import load_taxonomy

WORDS = {"nl": 17000, "en": 15000, "nb": 17000, "lv": 34000, "de": 18000, "fr": 13000, "es": 13000}
OURS = 2e-6  # the frequency of a word that we use and wordfreq does not list
INSIDE = 1.5e-5  # words at least so frequent may be parts of compounds
LONGEST = 30  # letters
MARKS = "!?,"  # beside those that are parts of words, such as the full stop
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def plain(text):
    """Return the text in small letters, without diacritics; as the tokenizer does."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("ß", "ss")
    parts = unicodedata.normalize("NFD", text)
    return "".join(c for c in parts if unicodedata.category(c) != "Mn")


def our_words(labelled):
    """Return how often each language uses the words that we wrote ourselves."""
    found = {language: Counter() for language in LANGUAGES}
    for theme in load_taxonomy().themes:
        for language, phrases in theme.phrases.items():
            for phrase in phrases:
                found[language].update(w for w in WORD.findall(phrase) if f"{w}*" not in phrase)
    for language in LANGUAGES:
        for words in load_lexicon(language).words.values():
            found[language].update(w for phrase in words for w in WORD.findall(phrase))
    comments = read_labelled(labelled).comments
    for row in comments[comments["split"] == "train"].itertuples():
        if row.language in found:
            found[row.language].update(WORD.findall(row.text))
    return found


def frequencies(labelled):
    """Return, by plain word: its frequency in each language, and how it is mostly written."""
    ours = our_words(labelled)
    shares, written = defaultdict(Counter), defaultdict(Counter)
    for language in LANGUAGES:
        known = wordfreq.get_frequency_dict(language, wordlist="best")
        words = [word for word in known if WORD.fullmatch(word) and len(word) <= LONGEST]
        often = sorted(words, key=lambda word: (-known[word], word))[: WORDS[language]]
        rare = {w.lower() for w, n in ours[language].items() if n >= 2 and len(w) <= LONGEST}
        for word in sorted({*often, *rare}):
            share = max(known.get(word, 0.0), OURS if word in rare else 0.0)
            shares[plain(word)][language] += share
            written[plain(word)][word] += share
    return shares, {word: forms.most_common(1)[0][0] for word, forms in written.items()}


def parts_of_words(teacher):
    """Return the teacher's pieces that the wider word lists need, with their scores."""
    tokenizer = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    scores = dict(json.loads(tokenizer.to_str())["model"]["vocab"])
    used = Counter()
    for language in LANGUAGES:
        words = wordfreq.top_n_list(language, 80_000, wordlist="best")
        for found in tokenizer.encode_batch(words, add_special_tokens=False):
            used.update(set(found.tokens))
    often = [piece for piece, n in used.items() if n >= 6 or len(piece) <= 2]
    kept = {piece: scores[piece] for piece in often if piece in scores}
    return {plain(piece): score for piece, score in sorted(kept.items(), key=lambda p: p[::-1])}


def emoji():
    """Return the signs that say an opinion in every language."""
    phrases = (p for known in load_lexicon(UNIVERSAL).opinion.values() for p in known)
    return sorted({p for p in phrases if len(p) == 1 and unicodedata.category(p) == "So"})


def pieces_of(shares, written, parts):
    """Return, by piece: its score, what the teacher is shown, its frequency, also by language."""
    pieces = {"[UNK]": (-30.0, None, 0.0, {}), "[PAD]": (-30.0, None, 0.0, {})}

    def add(piece, score, shown, frequency, languages):
        pieces.setdefault(piece, (score, shown, frequency, dict(languages)))

    for word, by_language in shares.items():
        whole = max(by_language.values())
        add("▁" + word, math.log(whole), written[word], whole, by_language)
    for part, score in parts.items():
        if part.strip("▁"):
            add(part, score - 3.0, part.replace("▁", ""), math.exp(score - 3.0), {})
    for word, by_language in shares.items():
        whole = max(by_language.values())
        if whole >= INSIDE and len(word) >= 4:
            add(word, math.log(whole) - 4.0, written[word], whole, by_language)
    for sign in emoji():
        add(sign, math.log(OURS), sign, OURS, {})
    for sign in MARKS:
        add(sign, math.log(OURS), sign, OURS, {})
    for sign in sorted({sign for word in shares for sign in word}):
        add(sign, -25.0, None, 0.0, {})
    add("▁", -12.0, None, 0.0, {})
    return pieces


def tokenizer_of(pieces):
    """Return the tokenizer: plain text, cut at blanks and signs, then into the likeliest pieces."""
    made = Tokenizer(models.Unigram([(p, v[0]) for p, v in pieces.items()], unk_id=0))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(), normalizers.Lowercase(), normalizers.NFD(),
            normalizers.StripAccents(), normalizers.Replace("’", "'"),
            normalizers.Replace("ß", "ss"), normalizers.Replace(Regex(r"\s+"), " "),
        ]
    )  # fmt: skip
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True),
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{M}\p{N}▁']"), behavior="isolated"),
        ]
    )
    return made


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("work", type=Path)
    ask.add_argument("labelled", type=Path)
    given = ask.parse_args()
    shares, written = frequencies(given.labelled)
    pieces = pieces_of(shares, written, parts_of_words(given.work / "teacher"))
    tokenizer_of(pieces).save(str(given.work / "tokenizer.json"))
    rows = [
        {"piece": p, "shown": v[1], "frequency": v[2], "languages": v[3]} for p, v in pieces.items()
    ]
    (given.work / "pieces.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    print(f"{len(pieces):,} pieces, {len(shares):,} of them words")


if __name__ == "__main__":
    main()
