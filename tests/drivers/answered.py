"""Two tables made by hand: what respondents answered, and what they blame and praise."""

import pandas as pd

from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table

GROUPS = ("detractors", "passives", "promoters")


def survey(rows, rating="nps", **columns):
    """Return the two tables of (rating, text, [(theme, polarity), ...]) rows."""
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(rows))]})
    comments["text"] = pd.array([row[1] for row in rows], dtype="str")
    comments[rating] = pd.Series([row[0] for row in rows], dtype=float)
    triples = [
        (f"c{i}", text, Mention(theme=theme, polarity=polarity, theme_confidence=0.9,
                                polarity_confidence=0.9, start=0, end=len(text)))
        for i, (_, text, mentioned) in enumerate(rows)
        for theme, polarity in mentioned
    ]  # fmt: skip
    themes = sorted({theme for _, _, mentioned in rows for theme, _ in mentioned})
    return comments.assign(**columns), mentions_table(triples, themes)


def says(rating, polarity, *themes):
    return (rating, "words", [(theme, polarity) for theme in themes])
