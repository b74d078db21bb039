"""What is said of pockets: one sentence for each, one for the search, and cautions.

What ``pockets_table`` is made of; ``tell_pockets`` says the same in another language.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.scores.traps.segments import Column
from feedback_nlp.showing import safe, shortened
from feedback_nlp.wordings import Wording

_ENOUGH = 10  # comments, to say which language a segment writes
_ALL = 0.995  # of a difference, which is written as 100 %
_LONGEST_NAME = 60


def tell_pockets(
    table: pd.DataFrame, said: Wording, name_of: Callable[[str], str]
) -> tuple[list[str], str, list[str]]:
    """Return what a table of pockets says, in a language.

    Args:
        table: As ``pockets_table`` returns it.
        said: The language.
        name_of: Gives the display name of a theme.

    Returns:
        One sentence for each pocket, in the order of the table; what was looked at and found; and
        the cautions.
    """
    told = table.attrs["pockets"]
    sentences = [
        sentence_of(row, said, name_of(row["theme"]), told["unit"], told["confidence"])
        for row in table[table["pocket"]].to_dict("records")
    ]
    return sentences, summing_up(told, said), cautions(told, said)


def sentence_of(
    row: Mapping[Any, Any], said: Wording, theme: str, unit: str, confidence: float
) -> str:
    """Return one pocket in words.

    Args:
        row: Of the table of ``pockets_table``.
        said: The language.
        theme: Display name of the theme.
        unit: Of the score.
        confidence: Level of the intervals, 0–1.
    """
    low, high = (said.bare(row[end], unit) for end in ("low", "high"))
    return said.say(
        "pockets.costs", segment=segment_name(row, said), theme=theme,
        points=said.amount(row["points"], unit),
        points_outside=said.bare(row["points_outside"], unit),
        difference=said.bare(row["difference"], unit), level=said.percent(confidence),
        ends=said.say("pockets.ends", low=low, high=high), parts=_parts(row, said),
        n=int(row["n_blame"]), total=int(row["n"]), share=said.percent(row["share"]),
        n_outside=int(row["n_blame_outside"]), total_outside=int(row["n_outside"]),
        share_outside=said.percent(row["share_outside"]),
    )  # fmt: skip


def segment_name(row: Mapping[Any, Any], said: Wording) -> str:
    """Return how a segment, or a pair of segments, is called.

    Args:
        row: With ``column_1``, ``value_1``, ``column_2`` and ``value_2``.
        said: The language.
    """
    one, *two = (
        said.say(
            "pockets.segment", column=_short(row[f"column_{at}"]),
            value=said.say("pockets.missing") if pd.isna(row[f"value_{at}"])
            else _short(row[f"value_{at}"]),
        )
        for at in (1, 2)
        if isinstance(row[f"column_{at}"], str)
    )  # fmt: skip
    return said.say("pockets.pair", one=one, two=two[0]) if two else one


def _short(name: object) -> str:
    return shortened(safe(str(name)), _LONGEST_NAME)


def _parts(row: Mapping[Any, Any], said: Wording) -> str:
    """Return how much of a difference is more blame, and how much lower ratings."""
    if row["from_blame"] <= 0:
        return said.say("pockets.no_blame")
    part = row["from_blame"] / row["difference"]
    if part >= _ALL:
        return said.say("pockets.all_blame")
    return said.say("pockets.some_blame", share=said.percent(part))


def differing_languages(
    comments: pd.DataFrame, names: Sequence[str], columns: Sequence[Column]
) -> list[str]:
    """Return the columns whose segments differ in language, since themes are found by language.

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
    return differ


def _commonest(languages: pd.Series) -> object:
    """Return the language of most of a segment, ``None`` where too few are known."""
    counts = languages.value_counts()
    return counts.index[0] if counts.sum() >= _ENOUGH else None


def cautions(told: Mapping[str, Any], said: Wording) -> list[str]:
    """Return what must be known before pockets are believed.

    Args:
        told: The counts of ``pockets_table``.
        said: The language.
    """
    lines = []
    if told["languages"]:
        lines.append(said.say("pockets.languages", columns=said.listed(told["languages"])))
    if told["pockets"]:
        lines.append(said.say("pockets.association"))
    return lines


def summing_up(told: Mapping[str, Any], said: Wording) -> str:
    """Return what was looked at and found.

    Args:
        told: The counts of ``pockets_table``.
        said: The language.
    """
    if not told["columns"]:
        return said.say("pockets.no_columns")
    if not told["n"]:
        return said.say("pockets.nobody")
    columns, min_n, n = said.listed(told["columns"]), told["min_n"], told["n"]
    if not told["themes"]:
        return said.say("pockets.no_theme", n, min_n=min_n)
    if not told["segments"]:
        return said.say("pockets.no_segment", n, min_n=min_n, columns=columns)
    few = small = ""
    if told["few_blame"]:
        few = said.say("pockets.few" if min_n > 1 else "pockets.few_nobody", told["few_blame"],
                       min_n=min_n)  # fmt: skip
    if told["too_small"]:
        small = said.say("pockets.small", told["too_small"], min_n=min_n)
    looked = said.say(
        "pockets.looked", columns=columns, few=few, small=small,
        segments=said.say("pockets.segments", told["segments"]),
        respondents=said.say("pockets.respondents", n),
        themes=said.say("pockets.themes", told["themes"]),
        combinations=said.say("pockets.combinations", told["looked_at"]),
    )  # fmt: skip
    found = said.say("pockets.found", told["pockets"]) if told["pockets"] else ""
    return f"{looked} {found or said.say('pockets.none')}"
