"""Comments with ratings and what was found in their words."""

import pandas as pd

from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table


def survey(rows, rating="nps", **columns):
    """Return the two tables of (rating, sentiment, score, text, polarities of mentions) rows."""
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(rows))]})
    comments[rating] = pd.Series([row[0] for row in rows], dtype=float)
    comments["sentiment"] = [row[1] for row in rows]
    comments["sentiment_score"] = pd.Series([row[2] for row in rows], dtype=float)
    comments["text"] = [row[3] for row in rows]
    comments["language"] = "en"
    triples = [
        (f"c{i}", text, Mention(theme="delivery", polarity=polarity, theme_confidence=0.9,
                                polarity_confidence=0.9, start=0, end=len(text)))
        for i, (*_, text, polarities) in enumerate(rows)
        for polarity in polarities
    ]  # fmt: skip
    return comments.assign(**columns), mentions_table(triples, ["delivery"])


PRAISE = ("positive", 0.9, "Friendly people and a quick answer", ["positive"])
BLAME = ("negative", -0.9, "Rude people and no answer at all", ["negative"])
