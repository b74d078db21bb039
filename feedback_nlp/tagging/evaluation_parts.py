"""An evaluation in words and tables."""

from collections.abc import Sequence

import pandas as pd

from feedback_nlp.markup import Part
from feedback_nlp.showing import count

_NAMES = {
    "theme_precision": "theme precision",
    "theme_recall": "theme recall",
    "theme_f1": "theme F1",
    "theme_f1_macro": "theme F1, mean of themes",
    "theme_f1_without_general": "theme F1 without general",
    "polarity_right": "polarity right, where the theme is found",
    "polarity_unknown": "polarity unknown, where the theme is found",
    "joint_f1": "theme and polarity F1",
    "span_f1": "evidence F1 (characters)",
    "sentiment_f1_macro": "sentiment F1, mean of classes",
    "status_right": "status right",
    "calibration_error": "calibration error of confidences",
    "coverage_at_80": "found with confidence 0.8 or more",
    "precision_at_80": "right of these",
}
_SHORT = {
    "theme_precision": "precision", "theme_recall": "recall", "theme_f1": "theme F1",
    "polarity_right": "polarity", "joint_f1": "joint F1", "span_f1": "evidence F1",
    "sentiment_f1_macro": "sentiment F1", "status_right": "status",
}  # fmt: skip
_TITLES = {
    "language": "By language", "industry": "By industry", "length": "By length in words",
    "theme": "By theme",
}  # fmt: skip


def parts_of(figures: pd.DataFrame, n_comments: int, notes: Sequence[str]) -> tuple[Part, ...]:
    """Return figures in pieces to read: all, then each split."""
    whole = figures[figures["split"] == "all"]
    rows = []
    for measure, name in _NAMES.items():
        found = whole[whole["measure"] == measure]
        if len(found):
            cells = {row.level: row for row in found.itertuples()}
            top, sub = cells.get("top", cells.get("")), cells.get("sub")
            rows.append((name, *_cells(top), *_cells(sub)))
    heads = ("", "top themes", "interval", "n", "sub-themes", "interval", "n")
    sentence = (
        f"{count(n_comments)} labelled comments. Themes are counted comment by comment; intervals "
        "are at 95%, from a bootstrap of comments."
    )
    first = Part(title="All", sentences=(sentence, *notes), heads=heads, rows=tuple(rows))
    return first, *(_split(figures, split) for split in _TITLES if _has(figures, split))


def beside_part(measured: Sequence[tuple[str, pd.DataFrame]]) -> Part:
    """Return the figures of several taggers side by side, for top themes and for sub-themes."""
    tables = [
        figures[figures["split"] == "all"].set_index(["measure", "level"])
        for _, figures in measured
    ]
    rows = []
    for measure, name in _NAMES.items():
        for level, of in (("top", ""), ("", ""), ("sub", ", sub-themes")):
            if (measure, level) in tables[0].index:
                cells = [_with_interval(table, (measure, level)) for table in tables]
                rows.append((name + of, *cells))
    sentence = "On the same comments; the dummy gives every comment what is most frequent."
    heads = ("", *(name for name, _ in measured))
    return Part(title="Beside others", sentences=(sentence,), heads=heads, rows=tuple(rows))


def _with_interval(table: pd.DataFrame, at: tuple[str, str]) -> str:
    if at not in table.index:
        return "–"
    value, ends, _ = _cells(table.loc[at])
    return f"{value} ({ends})" if ends else value


def _has(figures: pd.DataFrame, split: str) -> bool:
    return bool((figures["split"] == split).any())


def _cells(row: object) -> tuple[str, str, str]:
    if row is None:
        return "", "", ""
    value, low, high = (getattr(row, name) for name in ("value", "low", "high"))
    ends = "" if low != low else f"{low:.3f} to {high:.3f}"
    return "–" if value != value else f"{value:.3f}", ends, count(int(getattr(row, "n", 0)))


def _split(figures: pd.DataFrame, split: str) -> Part:
    table = figures[figures["split"] == split]
    levels = ("top", "sub") if split == "theme" else ("top",)
    rows: list[tuple[str, ...]] = []
    for level in levels:
        part = table[table["level"].isin([level, ""])]
        wide = part.pivot_table(
            index="group", columns="measure", values="value", sort=False, observed=True
        )
        n = part[part["measure"] == "theme_f1"].set_index("group")["n"]
        for group, values in wide.iterrows():
            cells = [_figure(values.get(measure)) for measure in _SHORT]
            rows.append((str(group), *cells, count(int(n.get(group, 0)))))
    return Part(title=_TITLES[split], heads=("", *_SHORT.values(), "labels"), rows=tuple(rows))


def _figure(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.3f}"
