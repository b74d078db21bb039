"""Tables as they are read at a terminal: the columns that answer the question, and no more."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from feedback_nlp.showing import MINUS, NONE, round_half_up, share

if TYPE_CHECKING:
    import pandas as pd

_SMALLEST_P = 0.001
_LARGE = 2
_ENDS = 25  # rows shown of each end, where both ends tell
_TEXT = ("text", "words", "yes")


@dataclass(frozen=True)
class Shown:
    """One column at a terminal.

    Attributes:
        head: What stands above it.
        name: The column of the table; those named with ``_low`` and ``_high`` go in brackets.
        kind: ``text``, ``words``, ``count``, ``share``, ``number``, ``chance`` or ``yes``.
        bare: Whether the interval is ``low`` and ``high``, without the name of the column.
        plain: Whether the interval, where there is one, is left out.
        second: Column that stands behind it in the same cell, numbers after an arrow.
    """

    head: str
    name: str
    kind: str = "text"
    bare: bool = False
    plain: bool = False
    second: str = ""


def number(value: float, digits: int = 1) -> str:
    """Return a rounded number.

    Example:
        >>> number(-103.26), number(0.4567, 2), number(-0.01)
        ('−103.3', '0.46', '0.0')
    """
    return f"{round_half_up(value, digits):.{digits}f}".replace("-", MINUS)


def chance(value: float) -> str:
    """Return a p- or q-value.

    Example:
        >>> chance(0.00002), chance(0.0123), chance(0.51)
        ('<0.001', '0.012', '0.510')
    """
    return f"<{_SMALLEST_P}" if value < _SMALLEST_P else f"{value:.3f}"


def signed_share(value: float) -> str:
    """Return a share, or a difference of shares, in percent.

    Example:
        >>> signed_share(0.456), signed_share(-0.021)
        ('46%', '−2%')
    """
    return share(value) if value >= 0 else f"{MINUS}{share(-value)}"


_WRITERS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "words": lambda value: str(value).replace("_", " "),
    "count": lambda value: f"{int(value):,}",
    "share": signed_share,
    "number": number,
    "chance": chance,
    "yes": lambda value: "yes" if value else "no",
}
_ROWS = {  # rows that are no theme
    "suppressed": "(themes of few respondents)", "no_negative_theme": "(complain of no theme)",
    "no_positive_theme": "(praise no theme)", "no_comment": "(no readable comment)",
    "no_theme": "(no theme)",
}  # fmt: skip
_Q = Shown("q", "q_value", "chance")
VIEWS: dict[str, tuple[Shown, ...]] = {
    "drivers": (
        Shown("theme", "theme"), Shown("mention it", "n", "count"),
        Shown("complain", "n_negative", "count"), Shown("praise", "n_positive", "count"),
        Shown("points lost", "points_lost", "number"),
        Shown("higher if not blamed", "adjusted_gain", "number"),
        Shown("points won", "points_won", "number"),
    ),
    "importance": (
        Shown("theme", "theme"), Shown("predictor", "predictor"), Shown("polarity", "polarity"),
        Shown("n", "n", "count"), Shown("complain", "n_negative", "count"),
        Shown("praise", "n_positive", "count"), Shown("explains", "importance", "share"),
        Shown("of what is explained", "importance_share", "share"),
        Shown("more than chance", "beats_random", "yes"), Shown("quadrant", "quadrant", "words"),
    ),
    "keyness": (
        Shown("term", "term"), Shown("group", "n_group", "count"),
        Shown("of group", "share_group", "share"), Shown("reference", "n_reference", "count"),
        Shown("of reference", "share_reference", "share"),
        Shown("log-odds", "log_odds", "number", bare=True), _Q,
    ),
    "emerging": (
        Shown("word", "term"), Shown("recent", "n_recent", "count"),
        Shown("of recent", "share_recent", "share"), Shown("before", "n_before", "count"),
        Shown("of before", "share_before", "share"),
        Shown("log-odds", "log_odds", "number", bare=True), _Q, Shown("new", "is_new", "yes"),
        Shown("no theme", "n_without_theme", "count"), Shown("most with theme", "theme"),
    ),
    "untagged": (
        Shown("word", "term"), Shown("without theme", "n_without_theme", "count"),
        Shown("share of these", "share_without_theme", "share"),
        Shown("with theme", "n_with_theme", "count"),
        Shown("share of those", "share_with_theme", "share"),
        Shown("log-odds", "log_odds", "number", bare=True), _Q,
    ),
    "together": (
        Shown("theme", "theme_a"), Shown("and theme", "theme_b"), Shown("both", "n_both", "count"),
        Shown("first", "n_a", "count"), Shown("second", "n_b", "count"),
        Shown("by chance", "expected", "number"), Shown("times as often", "lift", "number"), _Q,
    ),
    "change": (
        Shown("theme", "theme"), Shown("n before", "n_before", "count"),
        Shown("n after", "n_after", "count"), Shown("before", "share_before", "share"),
        Shown("after", "share_after", "share"),
        Shown("points", "change_total", "number"),
        Shown("by how many", "change_volume", "number", plain=True),
        Shown("by scores", "change_score", "number", plain=True), _Q,
    ),
    "measured": (
        Shown("figure", "figure", second="theme"), Shown("group", "group"),
        Shown("n", "n_before", "count", second="n_after"),
        Shown("before → after", "before", "figure", second="after"),
        Shown("change", "change", "figure"), _Q,
    ),
    "spikes": (
        Shown("period", "period"), Shown("theme", "theme"), Shown("mention it", "n", "count"),
        Shown("of respondents", "n_period", "count"), Shown("share", "share", "share"),
        Shown("expected", "expected", "share", bare=True), _Q, Shown("alert", "alert", "yes"),
        Shown("new", "new", "yes"),
    ),
    "pockets": (
        Shown("segment", "segment"), Shown("theme", "theme"), Shown("n", "n", "count"),
        Shown("complain", "n_blame", "count"), Shown("share", "share", "share"),
        Shown("elsewhere", "share_outside", "share"),
        Shown("points each", "points", "number", plain=True),
        Shown("points elsewhere", "points_outside", "number", plain=True),
        Shown("difference", "difference", "number", bare=True), _Q,
        Shown("pocket", "pocket", "yes"),
    ),
}  # fmt: skip


def shown(name: str, frame: "pd.DataFrame") -> tuple["pd.DataFrame", list[str]]:
    """Return a table as it is read at a terminal, and what it leaves out.

    Args:
        name: Which of ``VIEWS``.
        frame: The table as it is written to a file.

    Returns:
        A table of text, intervals in brackets; and lines that say which rows and how many columns
        only the file has.
    """
    import pandas as pd

    said = []
    if "suppressed" in frame.columns:
        hidden = frame["suppressed"].fillna(value=False).astype(bool)
        if "theme" in frame.columns:
            hidden &= frame["theme"] != "suppressed"  # the sum of those that are left out
        if hidden.any():
            rows = "1 row has" if hidden.sum() == 1 else f"{hidden.sum()} rows have"
            said.append(f"{rows} too few respondents to be shown (--min-n).")
        frame = frame[~hidden]
    if name == "keyness" and len(frame) > 2 * _ENDS:
        said.append(f"{len(frame) - 2 * _ENDS} terms between the first and last {_ENDS} left out.")
        frame = pd.concat([frame.head(_ENDS), frame.tail(_ENDS)])
    kept = [item for item in VIEWS[name] if item.name in frame.columns]
    used = {end for item in kept for end in (item.name, item.second, *_ends(item))}
    used &= set(frame.columns)
    left = len(frame.columns) - len(used)
    if left:
        said.append(f"With -o FILE: {left} more columns, and all figures unrounded.")
    records = frame.to_dict("records")
    columns = {
        item.head: [_cell(item, record, _digits(frame[item.name])) for record in records]
        for item in kept
    }
    return pd.DataFrame(columns, dtype="object"), said


def numbers(name: str) -> set[str]:
    """Return the heads of a view whose cells are numbers."""
    return {item.head for item in VIEWS[name] if item.kind not in _TEXT}


def _ends(item: Shown) -> tuple[str, str]:
    stem = "" if item.bare else f"{item.name}_"
    return f"{stem}low", f"{stem}high"


def _digits(column: "pd.Series") -> int:
    """Return how many digits its numbers are shown with: one if some are of two or more."""
    return 1 if column.dtype.kind in "if" and column.abs().max() >= _LARGE else 2


def _cell(item: Shown, record: dict[Hashable, Any], digits: int) -> str:
    """Return a figure, and its interval in brackets where it has one."""
    kind = item.kind
    if kind == "figure":  # a score, or a share of respondents
        kind = "number" if record.get("figure") == "score" else "share"
    value, write = record[item.name], _WRITERS[kind]
    if kind == "number":
        write = partial(number, digits=digits)
    if item.second:
        both = (value, record[item.second])
        if kind in _TEXT:
            return " ".join(write(one) for one in both if not _missing(one) and one)
        return " → ".join(NONE if _missing(one) else write(one) for one in both)
    if _missing(value):
        return "" if kind in _TEXT else NONE
    ends = [] if item.plain else [record.get(end) for end in _ends(item)]
    if item.name == "theme":
        return _ROWS.get(str(value), str(value))
    if not ends or any(_missing(end) for end in ends):
        return write(value)
    low, high = (write(end) for end in ends)
    return f"{write(value)} ({low}{' to ' if MINUS in low + high else '–'}{high})"


def _missing(value: object) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or bool(value != value)
