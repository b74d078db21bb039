"""Files of respondents in segments who blame themes and rate."""

import numpy as np
import pandas as pd

from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table

BY = ["shop", "channel", "customer"]
THEMES = ["delivery", "price", "service"]


def tables(answers, blames, wrote=None, rating="nps", **columns):
    """Return the two tables of answers and a grid of who blames what."""
    n = len(answers)
    wrote = np.ones(n, dtype=bool) if wrote is None else wrote
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(n)]})
    comments["text"] = pd.array(np.where(wrote, "words", ""), dtype="str")
    comments[rating] = np.asarray(answers, dtype=float)
    mentions = [
        (f"c{i}", "words", Mention(theme=THEMES[t], polarity="negative", theme_confidence=0.9,
                                   polarity_confidence=0.9, start=0, end=5))
        for i, t in zip(*np.nonzero(np.asarray(blames, dtype=bool).reshape(n, -1)), strict=True)
        if wrote[i]
    ]  # fmt: skip
    return comments.assign(**columns), mentions_table(mentions, THEMES)


def drawn(seed, n, often=(0.25, 0.15, 0.1)):
    """Return segments, who blames what, and a generator; segments make no difference."""
    rng = np.random.default_rng(seed)
    columns = {
        "shop": rng.choice(list("nsew"), n),
        "channel": rng.choice(["web", "app", "desk"], n),
        "customer": rng.choice(["new", "old"], n),
    }
    return columns, rng.random((n, 3)) < np.array(often), rng


def rated(blames, rng, cost=0.5):
    """Return ratings that are lower where something is blamed."""
    low = rng.random(len(blames)) < 0.1 + cost * blames.any(axis=1)
    return np.where(low, rng.integers(0, 7, len(blames)), rng.integers(8, 11, len(blames)))
