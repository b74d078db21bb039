"""What the taggers are measured on: data sets of other people, our own comments, real exports.

A set is ``FOLDER/NAME/PART.jsonl.gz`` as ``read_aspects`` takes it. Where it is larger than the
limit, a seeded sample of it is taken, so that the whole benchmark is done in minutes.
"""

import sys
from dataclasses import dataclass

import pandas as pd

from feedback_nlp.tagging import Tagging, read_aspects, read_labelled

LIMIT = 2_500
SEED = 13
KEPT = 5  # every such row of a set is kept from the models (training/compact/examples.py)
EXPORTS = (
    "telecom_nps.csv", "hospital_fft.csv", "airport_lounges.tsv", "airline_reviews.csv",
    "clothing_reviews.jsonl.gz",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A part of a data set.

    Attributes:
        name, part: Where it is.
        title: What it is called in the tables.
        known: What the compact model has seen of it, as a mark: ``*`` its other part, or one like
            it, was learnt from; ``**`` this very part was, in some way; blank where nothing was.
        themes, sentiment: What is measured on it.
        kept: Only the fifth of it that the models did not learn from.
    """

    name: str
    part: str
    title: str
    known: str = ""
    themes: bool = False
    sentiment: bool = False
    kept: bool = False

    def shown(self):
        part = f"a fifth of {self.part}" if self.kept else self.part
        return f"{self.title}, {part}{self.known.replace('*', chr(92) + '*')}"


SOURCES = (
    Source("semeval2016_rest_nl", "train", "SemEval-2016 restaurants", themes=True),
    Source("semeval2016_rest_en", "train", "SemEval-2016 restaurants", themes=True),
    Source("semeval2016_rest_fr", "train", "SemEval-2016 restaurants", themes=True),
    Source("semeval2016_rest_es", "train", "SemEval-2016 restaurants", themes=True),
    Source("restaurants_de", "dev", "German restaurants", themes=True),
    Source("hotels_de", "dev", "German hotels", themes=True),
    Source("fabsa_en", "dev", "FABSA, apps and services", themes=True),
    Source("mabsa_nl", "dev", "M-ABSA, machine-translated", themes=True),
    Source("nhs_fft_en", "train", "NHS Friends and Family Test", "**", themes=True),
    Source("nhs_phase1_en", "dev", "NHS patient comments", "*", themes=True),
    Source("mams_acsa_en", "dev", "MAMS, sentences of mixed polarity", "*", themes=True),
    Source("sentihood_en", "dev", "SentiHood, neighbourhoods", "*", themes=True),
    Source("bol_books_nl", "train", "bol.com book reviews (two classes)", sentiment=True),
    Source("us_airline_tweets_en", "train", "US airline tweets", sentiment=True),
    Source("germeval2017_de", "dev", "GermEval-2017, rail passengers", sentiment=True),
    Source("norec_sentence_no", "dev", "NoReC sentences", "*", sentiment=True),
    Source("ltec_lv", "train", "Latvian tweets on food (LTEC)", "*", sentiment=True, kept=True),
    Source("tweets_viksna_lv", "dev", "Latvian tweets (Viksna)", sentiment=True),
    Source("tweets_nicmanis_lv", "dev", "Latvian tweets (Nicmanis)", sentiment=True),
    Source("tweets_buls_lv", "dev", "Latvian political tweets (Buls)", "*", sentiment=True),
)


@dataclass(frozen=True)
class Read:
    """A source that was read: its labels, its language, how many comments it has in all."""

    source: Source
    gold: Tagging
    total: int

    @property
    def language(self):
        return str(self.gold.comments["language"].astype(str).mode().iloc[0])

    @property
    def n(self):
        return shown_n(len(self.gold.comments), self.total)


def shown_n(n, total):
    return f"{n:,}" if n == total else f"{n:,} of {total:,}"


def chosen_sources(names):
    """Return the sources named ``NAME`` or ``NAME:PART``, all of the usual ones without names.

    A set that is not among them is measured in whatever is labelled.
    """
    if not names:
        return SOURCES
    found = []
    for name in names:
        name, _, part = name.partition(":")
        usual = [s for s in SOURCES if s.name == name and part in ("", s.part)]
        found += usual or [Source(name, part or "train", name, themes=True, sentiment=True)]
    return tuple(found)


def read_source(folder, source, limit):
    """Return a source, or ``None`` with a line to stderr where it is not there."""
    path = folder / source.name / f"{source.part}.jsonl.gz"
    if not path.is_file():
        say(f"{path} is not there; it is left out of the tables.")
        return None
    gold = read_aspects(path)
    comments = gold.comments.assign(comment_id=gold.comments["comment_id"].astype("str"))
    if source.kept:
        comments = comments[::KEPT]
    kept = sampled(comments, limit)
    mentions = gold.mentions[gold.mentions["comment_id"].astype("str").isin(kept["comment_id"])]
    return Read(source, Tagging(kept, mentions.reset_index(drop=True)), len(comments))


def sampled(comments, limit):
    """Return at most so many comments, drawn with a seed, in the order they came."""
    if limit and len(comments) > limit:
        comments = comments.sample(limit, random_state=SEED).sort_index()
    return comments.reset_index(drop=True)


def own_comments(folder, split):
    """Return a part of our own labelled comments."""
    whole = read_labelled(folder)
    comments = whole.comments[whole.comments["split"] == split].reset_index(drop=True)
    mentions = whole.mentions[whole.mentions["comment_id"].isin(comments["comment_id"])]
    return Tagging(comments, mentions.reset_index(drop=True))


def bare(comments):
    """Return what a tagger is given: no labels, no language."""
    names = [name for name in ("comment_id", "text", "question") if name in comments]
    return pd.DataFrame(comments[names])


def say(line):
    print(line, file=sys.stderr, flush=True)
