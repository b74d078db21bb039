"""How many respondents' words contradict their rating, whether that is usual, and the sentence.

What ``disagreement_summary`` is made of. Respondents are counted, never comments.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.schema import check_comments
from feedback_nlp.scores import Definition, benjamini_hochberg, wilson
from feedback_nlp.scores.traps.segments import Column, read_columns, segment_names
from feedback_nlp.showing import counted, joined, share

SIGNIFICANT = 0.05
_FAR = 1.5  # times the usual share
_ENDS = ("lowest", "highest", "ends")
COUNTS = ("n", "n_disagree", "n_only_disagree")
SUMMARY = (
    "column", "value", "group", *COUNTS, "share", "low", "high", "usual", "p_value", "q_value",
    "finding",
)  # fmt: skip


def value_columns(
    comments: pd.DataFrame, by: Sequence[str] | str | None, rating: str
) -> tuple[list[Column], list[str]]:
    """Return the columns whose values are looked at apart, and notes on those left out.

    Those asked for; if none are, the segments that the table notes, and the language.

    Raises:
        ColumnError: A column is missing.
    """
    names = segment_names(comments, by)
    check_comments(comments, needs=("comment_id", *names))
    if by is None and "language" in comments.columns and "language" not in names:
        names.append("language")
    return read_columns(comments[[name for name in names if name != rating]])


def summary_of(
    read: pd.DataFrame,
    definition: Definition,
    columns: Sequence[Column],
    *,
    usual: float,
    min_n: int,
    confidence: float,
) -> pd.DataFrame:
    """Return the table of ``disagreement_summary``.

    Args:
        read: What ``read_sides`` returned.
        definition: The score.
        columns: Columns whose values are looked at apart, a value for each row of ``read``.
        usual: The share that is usual, 0–1.
        min_n: Groups with fewer respondents have no share.
        confidence: Level of the intervals, 0–1.
    """
    low, top = (read["group"].to_numpy() == group for group in (0, 2))
    ends = read["end"].to_numpy(dtype=bool) & (low | top)
    masks = {
        definition.groups[0]: low, definition.groups[2]: top, "both": low | top,
        "lowest": ends & low, "highest": ends & top, "ends": ends,
    }  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"group": name, **dict(zip(COUNTS, _counts(read, mask)[0].tolist(), strict=True))}
        for name, mask in masks.items()
    ]
    for column in columns:
        counts = _counts(read, ends, column.codes, len(column.names))
        for value, own in zip(column.names, counts.tolist(), strict=True):
            if own[0]:
                name = {"column": column.name, "value": None if value is None else str(value)}
                rows.append({**name, "group": "ends", **dict(zip(COUNTS, own, strict=True))})
    table = pd.DataFrame(rows).reindex(columns=["column", "value", "group", *COUNTS])
    return _judged(table, usual=usual, min_n=max(min_n, 1), confidence=confidence)


def _counts(
    read: pd.DataFrame,
    mask: NDArray[np.bool_],
    codes: NDArray[np.int64] | None = None,
    size: int = 1,
) -> NDArray[np.int64]:
    """Return, for each value, who can be compared, contradicts, and does nothing else.

    Args:
        read: What ``read_sides`` returned.
        mask: Comments that count.
        codes: Value of each comment; all have the same if not given.
        size: How many values there are.
    """
    chosen = mask & read["known"].to_numpy(dtype=bool)
    known = read.loc[chosen, ["respondent_id", "disagrees", "agrees"]]
    values = np.zeros(len(known), dtype=np.int64) if codes is None else codes[chosen]
    who, _ = pd.factorize(known["respondent_id"])
    person, _ = pd.factorize(values * (len(known) + 1) + who)
    number = int(person.max(initial=-1)) + 1
    disagrees, agrees = (
        np.bincount(person, weights=known[name], minlength=number) > 0
        for name in ("disagrees", "agrees")
    )
    value = np.zeros(number, dtype=np.int64)
    value[person] = values
    return np.column_stack(
        [
            np.bincount(value[each], minlength=size)
            for each in (np.ones(number, dtype=bool), disagrees, disagrees & ~agrees)
        ]
    )


def _judged(table: pd.DataFrame, *, usual: float, min_n: int, confidence: float) -> pd.DataFrame:
    """Add shares, intervals, tests and findings."""
    from scipy.stats import binom

    n, disagree, only = (table[name].to_numpy(dtype=np.int64) for name in COUNTS)
    enough = n >= min_n
    tested = enough & table["group"].isin(_ENDS).to_numpy()
    low, high = wilson(disagree, n, level=confidence)
    part = np.where(enough, disagree / np.maximum(n, 1), np.nan)
    p_value = np.where(tested, binom.sf(disagree - 1, n, usual), np.nan)
    apart = table["column"].notna().to_numpy()
    q_value = np.where(apart, benjamini_hochberg(np.where(apart, p_value, np.nan)), p_value)
    above = (q_value <= SIGNIFICANT) & (part >= _FAR * usual)
    turned = wilson(only, n, level=confidence)[0] > 0.5
    finding = np.select([~tested, turned, above], ["", "reversed", "above_usual"], "usual")
    figures = {
        "share": part, "low": np.where(enough, low, np.nan),
        "high": np.where(enough, high, np.nan),
        "usual": np.where(tested, usual, np.nan), "p_value": p_value, "q_value": q_value,
        "finding": finding,
    }  # fmt: skip
    kinds = dict.fromkeys(("column", "value", "group", "finding"), "str")
    return table.assign(**figures)[[*SUMMARY]].astype(kinds | dict.fromkeys(COUNTS, "int64"))


def sentence_of(told: Mapping[str, Any], summary: pd.DataFrame) -> str:
    """Return the summary in words.

    Args:
        told: The counts of ``disagreements``.
        summary: What ``summary_of`` returned.
    """
    if not told["n_known"]:
        return "No comment with a low or high rating can be read, so nothing can disagree."
    low, top, _, _, _, ends = summary.head(6).to_dict("records")
    level = f"{told['confidence']:.0%} interval"
    parts = [
        f"{row['n_disagree']:,} of {row['n']:,} {_people(row['group'])} {says}"
        + ("" if pd.isna(row["share"]) else
           f" ({share(row['share'])}, {level} {share(row['low'])} to {share(row['high'])})")
        for row, says in ((low, "praise"), (top, "complain"))
        if row["n"]
    ]  # fmt: skip
    said = f"{joined(parts)}."
    if told["n_may_disagree"]:
        more = counted(told["n_may_disagree"], "more respondent")
        said += f" {more} may, but too weakly to tell."
    if ends["finding"] == "reversed":
        said += (
            " Words contradict ratings at the ends of the scale more often than they agree: the "
            "scale was probably turned. Check which answer is the best one."
        )
    elif ends["finding"] == "above_usual":
        said += (
            f" At the ends of the scale {share(ends['share'])} of {ends['n']:,} do, where about "
            f"{share(ends['usual'])} is usual: some may have turned the scale in their minds, "
            "or words are often misread."
        )
    return said


def _people(group: str) -> str:
    """Return the respondents of a rating group as they are called in a sentence.

    Example:
        >>> _people("detractors"), _people("satisfied"), _people("easy")
        ('detractors', 'satisfied respondents', 'respondents who found it easy')
    """
    if group in ("difficult", "easy"):
        return f"respondents who found it {group}"
    return group if group in ("detractors", "promoters") else f"{group} respondents"
