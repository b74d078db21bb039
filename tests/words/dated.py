"""Comments over time for the tests of emerging words."""

import numpy as np
import pandas as pd

from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table

FILL = [f"{a}{b}{c}" for a in "bdfgkm" for b in ("ona", "ivu", "elo", "aru", "upi")
        for c in ("t", "lk", "rn", "sk", "p", "nd", "ft")]  # fmt: skip


def filled(n, seed=0, words=FILL):
    """Texts of words that mean nothing, a few much more frequent than others."""
    rng = np.random.default_rng(seed)
    chance = 1 / np.arange(3, len(words) + 3)
    chosen = rng.choice(words, (n, 7), p=chance / chance.sum())
    return [" ".join(text) for text in chosen]


def dated(texts, days=None, *, start="2025-01-06", language="en", **columns):
    """A comments table; by default ten comments a day."""
    days = np.arange(len(texts)) // 10 if days is None else np.asarray(days)
    frame = pd.DataFrame({
        "comment_id": [f"c{number}" for number in range(len(texts))], "text": texts,
        "date": pd.Timestamp(start) + pd.to_timedelta(days, unit="D"), "language": language,
    })  # fmt: skip
    return frame.assign(**columns)


def with_word(texts, word, places):
    """The same texts with a word in some of them."""
    places = set(places)
    return [f"{text} {word}" if i in places else text for i, text in enumerate(texts)]


def said(comments, theme, ids, themes=("price", "service.speed", "general")):
    """Mentions of a theme in some of the comments: rows to be put together."""
    texts = comments.set_index("comment_id")["text"]
    one = Mention(theme=theme, polarity="negative", theme_confidence=1, polarity_confidence=1,
                  start=0, end=3)  # fmt: skip
    return [(name, texts[name], one) for name in ids]


def mentions_of(comments, **ids):
    """A mentions table from the ids of the comments that mention each theme."""
    rows = [
        row for theme, own in ids.items() for row in said(comments, theme.replace("__", "."), own)
    ]
    return mentions_table(rows, ("price", "service.speed", "general"))


def word(table, term):
    return table.set_index("term").loc[term]
