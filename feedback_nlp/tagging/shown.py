"""What tagging found in a table of comments, as notebooks show it: numbers, and the first comments.

The comments shown are masked for personal data: a summary is passed on more easily than a table.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.display import Tone, dot, parts_bar, section, small, table
from feedback_nlp.display.comments import Found, comment_text, polarity_html
from feedback_nlp.markup import escape_html
from feedback_nlp.showing import count, counted, share, shortened

THEMES = 12
COMMENTS = 4
LONGEST = 400
Places = NDArray[np.intp]
_ORDER: tuple[Tone, ...] = ("negative", "neutral", "unknown", "positive")


def tagging_html(comments: pd.DataFrame, mentions: pd.DataFrame) -> str:
    """Return both tables in short, as a section of HTML.

    Args:
        comments: Comments, with the columns of tagging if there are any.
        mentions: Their mentions.
    """
    n = len(comments)
    places, ids = pd.factorize(mentions["comment_id"])
    found = f"A theme was found in {count(len(ids))} of {counted(n, 'comment')}"
    found += f" ({share(len(ids) / n)})" if n else ""
    themes = int(mentions["theme"].nunique())
    lines = [f"{found}: {counted(len(mentions), 'mention')} of {counted(themes, 'theme')}."]
    lines += [_counts(comments, name) for name in ("status", "language", "sentiment")]
    return section(
        "Tagging",
        "".join(f"<div>{escape_html(line)}</div>" for line in lines if line),
        _themes(mentions, places, n),
        _first(comments, mentions, places, list(ids[:COMMENTS])),
    )


def _counts(comments: pd.DataFrame, name: str) -> str:
    """Return how many comments have each value of a column; missing ones are told as such."""
    if name not in comments.columns or comments.empty:
        return ""
    sizes = comments[name].value_counts(dropna=False)
    named = [
        (value if isinstance(value, str) else "not known", int(n)) for value, n in sizes.items()
    ]
    ordered = sorted(((value, n) for value, n in named if n), key=lambda item: (-item[1], item[0]))
    listed = (f"{value} {count(n)}".replace("_", " ") for value, n in ordered)
    return f"{name.capitalize()}: {', '.join(listed)}"


def _themes(mentions: pd.DataFrame, places: Places, n: int) -> str:
    """Return how many comments mention each theme with which polarity, the most common first."""
    if mentions.empty:
        return ""
    codes, themes = pd.factorize(mentions["theme"])
    given = mentions["polarity"].astype("object").fillna("unknown")
    tones = pd.Categorical(given, categories=_ORDER).codes
    pairs = np.unique(places.astype(np.int64) * len(themes) + codes)
    whole = np.bincount(pairs % len(themes), minlength=len(themes))
    kinds = len(themes) * len(_ORDER)
    triples = np.unique((places.astype(np.int64) * len(themes) + codes) * len(_ORDER) + tones)
    sizes = np.bincount(triples % kinds, minlength=kinds).reshape(len(themes), len(_ORDER))
    ranked = sorted(range(len(themes)), key=lambda at: (-whole[at], str(themes[at])))
    rows = []
    for at in ranked[:THEMES]:
        parts = list(zip(sizes[at].tolist(), _ORDER, strict=True))
        label = ", ".join(f"{tone} {count(k)}" for k, tone in parts)
        cells = (f"{dot(tone)} {count(k)}" if k else "" for k, tone in parts)
        size = int(whole[at])
        rows.append([
            escape_html(str(themes[at])), f"{count(size)} ({escape_html(share(size / n))})",
            parts_bar(parts, label=label), *cells,
        ])  # fmt: skip
    more = len(ranked) - THEMES
    return table(["Theme", "Comments", "", *_ORDER], rows, numbers=(1, 3, 4, 5, 6)) + small(
        f"and {counted(more, 'more theme', 'more themes')}" if more > 0 else ""
    )


def _first(
    comments: pd.DataFrame, mentions: pd.DataFrame, places: Places, ids: Sequence[object]
) -> str:
    """Return the first comments in which something was found, masked, with their evidence."""
    chosen = comments[comments["comment_id"].isin(ids)]
    texts = dict(zip(chosen["comment_id"], chosen["text"], strict=True))
    rows = []
    for at, key in enumerate(ids):
        if key not in texts:
            continue
        masked, found = _masked(str(texts[key]), mentions[places == at])
        named = (
            f"{number} {escape_html(one.theme)} {polarity_html(one.polarity)}"
            for number, one in enumerate(found, 1)
        )
        rows.append([escape_html(str(key)), comment_text(masked, found), "<br>".join(named)])
    head = ["Comment", "The first with a theme, personal data masked", "Found"]
    return table(head, rows) if rows else ""


def _masked(text: str, mentions: pd.DataFrame) -> tuple[str, list[Found]]:
    """Return a comment without personal data, cut where it is long, and the mentions in it."""
    from feedback_nlp.privacy import mask_visible

    spans = list(zip(mentions["start"].tolist(), mentions["end"].tolist(), strict=True))
    masked, moved = mask_visible(text, spans)
    cut = shortened(masked, LONGEST)
    found = [
        Found(
            theme=str(theme), polarity=None if pd.isna(polarity) else str(polarity),
            start=start, end=end,
        )
        for theme, polarity, (start, end) in zip(
            mentions["theme"], mentions["polarity"], moved, strict=True
        )
        if end <= len(cut)
    ]  # fmt: skip
    return cut, found
