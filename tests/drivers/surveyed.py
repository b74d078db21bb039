"""Two tables for the tests of changes: made by hand, or the sample with the truth of its authors."""

from functools import cache

import numpy as np
import pandas as pd

from feedback_nlp.records import Mention
from feedback_nlp.samples import RATING_QUESTION, TEXT_QUESTION, make_sample, sample_truth
from feedback_nlp.schema import mentions_table


def mentioned(triples, themes=None):
    """Return the mentions table of (comment id, theme, polarity)."""
    rows = [
        (str(who), "words", Mention(theme=theme, polarity=polarity, theme_confidence=1,
                                    polarity_confidence=1, start=0, end=5))
        for who, theme, polarity in triples
    ]  # fmt: skip
    return mentions_table(rows, themes or sorted({theme for _, theme, _ in triples}))


def survey(rows, rating="nps"):
    """Return the two tables of (date, rating, themes blamed) rows; None blames and wrote nothing."""
    comments = pd.DataFrame(
        {
            "comment_id": [f"c{i}" for i in range(len(rows))],
            "date": pd.to_datetime([row[0] for row in rows]),
            rating: np.array([row[1] for row in rows], dtype=float),
            "text": ["" if row[2] is None else "words" for row in rows],
        }
    )
    said = [(f"c{i}", theme, "negative") for i, row in enumerate(rows) for theme in row[2] or ()]
    return comments, mentioned(said, sorted({theme for _, theme, _ in said}) or ["price"])


@cache
def sample(n=3000, seed=0):
    """Return the sample with an app release on 12 May 2025, tagged as its authors noted it."""
    raw, truth = make_sample(n, seed), sample_truth(n, seed)
    comments = pd.DataFrame(
        {
            "comment_id": raw["Response ID"], "text": raw[TEXT_QUESTION],
            "date": pd.to_datetime(raw["Date"]), "nps": raw[RATING_QUESTION].astype("Float64"),
            "Channel": raw["Channel"],
        }
    )  # fmt: skip
    comments["nps"] = comments["nps"].to_numpy(dtype=float, na_value=np.nan)
    return comments, mentioned(list(truth.itertuples(index=False)))


def until(tables, date):
    """Return the tables as they were on the morning of a date."""
    comments, mentions = tables
    seen = comments[comments["date"] < date]
    return seen, mentions[mentions["comment_id"].isin(seen["comment_id"])]
