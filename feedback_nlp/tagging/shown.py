"""What tagging found in a table of comments, as notebooks show it: numbers, and the first comments.

The comments shown are masked for personal data: a summary is passed on more easily than a table.
"""

import pandas as pd

from feedback_nlp.display import Tone, dot, parts_bar, section, small, table
from feedback_nlp.display.comments import Found, comment_text, polarity_html
from feedback_nlp.markup import escape_html
from feedback_nlp.privacy import mask_with_spans
from feedback_nlp.showing import count, counted, share, shortened

THEMES = 12
COMMENTS = 4
LONGEST = 400
_ORDER: tuple[Tone, ...] = ("negative", "neutral", "unknown", "positive")


def tagging_html(comments: pd.DataFrame, mentions: pd.DataFrame) -> str:
    """Return both tables in short, as a section of HTML.

    Args:
        comments: Comments, with the columns of tagging if there are any.
        mentions: Their mentions.
    """
    n, tagged = len(comments), int(mentions["comment_id"].nunique())
    found = f"A theme was found in {count(tagged)} of {counted(n, 'comment')}"
    found += f" ({share(tagged / n)})" if n else ""
    themes = int(mentions["theme"].nunique())
    lines = [f"{found}: {counted(len(mentions), 'mention')} of {counted(themes, 'theme')}."]
    lines += [_counts(comments, name) for name in ("status", "language", "sentiment")]
    return section(
        "Tagging",
        "".join(f"<div>{escape_html(line)}</div>" for line in lines if line),
        _themes(mentions, n),
        _first(comments, mentions),
    )


def _counts(comments: pd.DataFrame, name: str) -> str:
    """Return how many comments have each value of a column; missing ones are told as such."""
    if name not in comments.columns or comments.empty:
        return ""
    sizes = comments[name].astype("object").fillna("not known").value_counts()
    ordered = sorted(sizes.items(), key=lambda item: (-item[1], str(item[0])))
    listed = (f"{value} {count(int(size))}".replace("_", " ") for value, size in ordered)
    return f"{name.capitalize()}: {', '.join(listed)}"


def _themes(mentions: pd.DataFrame, n: int) -> str:
    """Return how many comments mention each theme with which polarity, the most common first."""
    if mentions.empty:
        return ""
    each = mentions[["comment_id", "theme"]].astype({"theme": "object"})
    each["tone"] = mentions["polarity"].astype("object").fillna("unknown")
    alike = each.drop_duplicates()
    sizes = pd.crosstab(alike["theme"], alike["tone"]).reindex(columns=list(_ORDER), fill_value=0)
    whole = each.drop_duplicates(["comment_id", "theme"])["theme"].value_counts()
    ranked = sorted(whole.items(), key=lambda item: (-item[1], str(item[0])))
    by_theme = dict(zip(sizes.index, sizes.to_numpy().tolist(), strict=True))
    rows = []
    for theme, size in ranked[:THEMES]:
        parts = list(zip(by_theme[theme], _ORDER, strict=True))
        label = ", ".join(f"{tone} {count(k)}" for k, tone in parts)
        cells = (f"{dot(tone)} {count(k)}" if k else "" for k, tone in parts)
        rows.append([
            escape_html(str(theme)), f"{count(int(size))} ({escape_html(share(size / n))})",
            parts_bar(parts, label=label), *cells,
        ])  # fmt: skip
    more = len(ranked) - THEMES
    return table(["Theme", "Comments", "", *_ORDER], rows, numbers=(1, 3, 4, 5, 6)) + small(
        f"and {counted(more, 'more theme', 'more themes')}" if more > 0 else ""
    )


def _first(comments: pd.DataFrame, mentions: pd.DataFrame) -> str:
    """Return the first comments in which something was found, masked, with their evidence."""
    ids = mentions["comment_id"].astype("str")
    shown = comments[comments["comment_id"].astype("str").isin(ids)].head(COMMENTS)
    rows = []
    for key, text in zip(shown["comment_id"].astype("str"), shown["text"], strict=True):
        masked, found = _masked(str(text), mentions[(ids == key).to_numpy()])
        named = (
            f"{at} {escape_html(one.theme)} {polarity_html(one.polarity)}"
            for at, one in enumerate(found, 1)
        )
        rows.append([escape_html(key), comment_text(masked, found), "<br>".join(named)])
    head = ["Comment", "The first with a theme, personal data masked", "Found"]
    return table(head, rows) if rows else ""


def _masked(text: str, mentions: pd.DataFrame) -> tuple[str, list[Found]]:
    """Return a comment without personal data, cut where it is long, and the mentions in it."""
    spans = list(zip(mentions["start"].tolist(), mentions["end"].tolist(), strict=True))
    masked, moved = mask_with_spans(text, spans)
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
