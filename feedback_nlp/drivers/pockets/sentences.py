"""What is said of pockets: one sentence for each, one for the search, and cautions.

What ``pockets_table`` is made of.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.scores.traps.segments import Column
from feedback_nlp.showing import amount, counted, joined, lost, safe, share, theme_name

ASSOCIATION = (
    "A pocket is an association, not a cause: those in a segment may differ from the others in "
    "many ways, and overlapping segments tell the same story twice."
)
_ENOUGH = 10  # comments, to say which language a segment writes
_ALL = 0.995  # of a difference, which is written as 100 %


def sentence_of(
    row: Mapping[Any, Any], names: Mapping[str, str], unit: str, confidence: float
) -> str:
    """Return one pocket in words.

    Args:
        row: Of the table of ``pockets_table``.
        names: Display names of the themes.
        unit: Of the score.
        confidence: Level of the intervals, 0–1.
    """
    ends = f"{lost(row['low'], unit)} to {lost(row['high'], unit)}"
    return (
        f"{row['segment']}: {theme_name(row['theme'], dict(names))} costs "
        f"{amount(row['points'], unit)} per respondent, {lost(row['points_outside'], unit)} "
        f"elsewhere ({lost(row['difference'], unit)} more, {confidence:.0%} interval {ends}), "
        f"{_parts(row)}: {row['n_blame']:,} of {row['n']:,} ({share(row['share'])}) blame it, "
        f"{row['n_blame_outside']:,} of {row['n_outside']:,} ({share(row['share_outside'])}) "
        "elsewhere."
    )


def _parts(row: Mapping[Any, Any]) -> str:
    """Return how much of a difference is more blame, and how much lower ratings."""
    if row["from_blame"] <= 0:
        return "not by more blame, but by lower ratings where it is blamed"
    part = row["from_blame"] / row["difference"]
    if part >= _ALL:
        return "all of it by more blame"
    return f"{share(part)} of it by more blame, the rest by lower ratings where it is blamed"


def language_notes(
    comments: pd.DataFrame, names: Sequence[str], columns: Sequence[Column]
) -> list[str]:
    """Return a caution where segments differ in language, since themes are found by language.

    Args:
        comments: A comments table.
        names: The columns that were asked for.
        columns: Those of them that are looked at.
    """
    if "language" not in comments.columns:
        return []
    language = comments["language"].astype("object").reset_index(drop=True)
    language = language.where(language != UNKNOWN_LANGUAGE)
    used = {column.name for column in columns}
    differ = []
    for name in (name for name in names if str(name) in used):
        values = comments[name].astype("object").reset_index(drop=True)
        if len(set(language.groupby(values).agg(_commonest).dropna())) > 1:
            differ.append(safe(str(name)))
    if not differ:
        return []
    return [
        f"Segments of {joined(differ)} differ in language. Themes are found better in some "
        "languages than in others, so part of a difference between them may be the program's."
    ]


def _commonest(languages: pd.Series) -> object:
    """Return the language of most of a segment, ``None`` where too few are known."""
    counts = languages.value_counts()
    return counts.index[0] if counts.sum() >= _ENOUGH else None


def summing_up(told: Mapping[str, Any]) -> str:
    """Return what was looked at and found.

    Args:
        told: The counts of ``pockets_table``.
    """
    if not told["columns"]:
        return "There are no segments to look at."
    if not told["n"]:
        return "Nobody left a comment that can be read, so there are no themes to look at."
    by, min_n, base = joined(told["columns"]), told["min_n"], counted(told["n"], "respondent")
    if not told["themes"]:
        return f"No theme is blamed by {min_n:,} or more of {base}, so none is looked at."
    if not told["segments"]:
        return (
            f"No segment by {by} has {min_n:,} or more of {base} and as many others to compare "
            "with, so none is looked at."
        )
    looked = (
        f"{counted(told['segments'], 'segment')} by {by} of {base}, with "
        f"{counted(told['themes'], 'theme')}: {counted(told['looked_at'], 'combination')} looked at"
    )
    if told["few_blame"]:
        few = f"fewer than {min_n:,}" if min_n > 1 else "nobody there"
        looked += f", {told['few_blame']:,} of them blamed by {few} and not shown"
    if told["too_small"]:
        looked += f"; {counted(told['too_small'], 'segment')} with fewer than {min_n:,} left out"
    if not told["pockets"]:
        return f"{looked}. No theme hurts clearly more in one of them than elsewhere."
    verb = "theme hurts" if told["pockets"] == 1 else "times a theme hurts"
    return (
        f"{looked}. {told['pockets']:,} {verb} clearly more in a segment than elsewhere; of such "
        "findings at most one in twenty is chance, on average."
    )
