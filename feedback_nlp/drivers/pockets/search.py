"""The search for pockets: every segment and pair of segments, with every theme.

What ``pockets_table`` is made of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.pockets.p_values import (
    Codes,
    Floats,
    Tally,
    difference_ends,
    losses_of,
    permutation_p,
    tallies_of,
    tally_of_all,
)
from feedback_nlp.scores import Definition, benjamini_hochberg
from feedback_nlp.scores.intervals import quantile
from feedback_nlp.scores.traps.segments import Column, Groups, find_groups

FALSE_FINDINGS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """The groups and themes of a search.

    Attributes:
        groups: All groups with enough respondents.
        rows: Places of those that are looked at.
        themes: Numbers of the themes that are looked at.
        everyone: Tally of all respondents, one for each theme.
        tallies: Tallies of all groups, one for each theme.
        table: The figures, one row for each group and theme with enough who blame it: ``group``
            (place in ``rows``), ``theme`` (place in ``themes``) and the numbers.
        counts: What was looked at, and what was left out.
    """

    groups: Groups
    rows: Codes
    themes: NDArray[np.intp]
    everyone: list[Tally]
    tallies: list[Tally]
    table: pd.DataFrame
    counts: dict[str, int]


def search(
    people: pd.DataFrame,
    negative: NDArray[np.bool_],
    columns: Sequence[Column],
    definition: Definition,
    *,
    depth: int,
    min_n: int,
    confidence: float,
) -> Found:
    """Look through all groups and themes.

    Args:
        people: ``rating`` and ``x`` (contribution) of each respondent.
        negative: Which respondent blames which theme.
        columns: The segments of the same respondents; at least one.
        definition: The score.
        depth: 1 or 2.
        min_n: The fewest respondents in a group, outside of it, and who blame a theme.
        confidence: Level of the intervals.
    """
    shortfall = definition.maximum - people["x"].to_numpy(dtype=np.float64)
    themes = np.flatnonzero(negative.sum(axis=0) >= min_n)
    among = negative.sum(axis=1)
    losses = [losses_of(shortfall, negative[:, t], among) for t in themes]
    groups = find_groups(
        people["rating"].to_numpy(dtype=np.float64), columns, definition, depth=2, min_n=min_n,
        level=confidence,
    )  # fmt: skip
    rows, counts = _comparable(groups, len(people), depth=depth, min_n=min_n)
    tallies = tallies_of(losses, groups, columns)
    everyone = [tally_of_all(one) for one in losses]
    counts["too_small"] = groups.too_small if depth == 2 else _small_singles(columns, min_n)
    counts |= {"themes": themes.size, "themes_too_small": negative.shape[1] - themes.size}
    parts = []
    for number, (tally, whole) in enumerate(zip(tallies, everyone, strict=True)):
        part = _figures(tally, whole, groups, rows)
        parts.append(part.assign(theme=number))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    counts["looked_at"] = len(table)
    counts["few_blame"] = 0
    if len(table):
        table, counts["few_blame"] = _shown(table, min_n)
        span = definition.maximum - definition.minimum
        table = _with_ends(table, tallies, everyone, rows, z=quantile(confidence), span=span)
        table["mostly"] = _mostly(table, tallies, everyone, groups, rows)
    return Found(
        groups=groups, rows=rows, themes=themes, everyone=everyone, tallies=tallies, table=table,
        counts=counts,
    )  # fmt: skip


def _comparable(groups: Groups, n: int, *, depth: int, min_n: int) -> tuple[Codes, dict[str, int]]:
    """Return the groups with others to compare with, none the same people as one before it."""
    size, singles = groups.summary.n, groups.singles
    pair = singles[:, 0] >= 0
    same = np.zeros(size.size, dtype=bool)
    alike = pair & (size[singles] == size[:, np.newaxis]).all(axis=1)
    same[singles[alike, 1]] = True
    same |= pair & same[singles].any(axis=1)
    around = np.where(pair, size[singles].min(axis=1), n)
    asked = ~pair | (depth == 2)
    rest = around - size >= min_n
    chosen = np.flatnonzero(asked & rest & ~same).astype(np.int64)
    counts = {
        "segments": chosen.size,
        "same": int((asked & rest & same).sum()),
        "no_rest": int((asked & ~rest).sum()),
    }
    return chosen, counts


def _small_singles(columns: Sequence[Column], min_n: int) -> int:
    sizes = [np.bincount(column.codes) for column in columns]
    return int(sum(((n > 0) & (n < min_n)).sum() for n in sizes))


def _figures(tally: Tally, whole: Tally, groups: Groups, rows: Codes) -> pd.DataFrame:
    """Return the figures of one theme in each group, with the p-values of the comparisons."""
    inside = tally.take(rows)
    outside = whole.take(np.zeros(rows.size, dtype=np.intp)).without(inside)
    difference = inside.points - outside.points
    p_value = permutation_p(inside, outside)
    within = np.full((rows.size, 2), np.nan)
    pairs = np.flatnonzero(groups.singles[rows, 0] >= 0)
    own = inside.take(pairs)
    for place in (0, 1):
        rest = tally.take(groups.singles[rows[pairs], place]).without(own)
        within[pairs, place] = own.points - rest.points
        p_value[pairs] = np.maximum(p_value[pairs], permutation_p(own, rest))
    # A pair that does not hurt more than all it is compared with is no finding, whatever p says.
    p_value[pairs] = np.where((within[pairs] > 0).all(axis=1), p_value[pairs], 1.0)
    from_blame = _from_blame(inside, outside)
    return pd.DataFrame(
        {
            "group": np.arange(rows.size), "n": inside.n, "n_blame": inside.blame,
            "n_outside": outside.n, "n_blame_outside": outside.blame,
            "share": inside.blame / inside.n, "share_outside": outside.blame / outside.n,
            "points": inside.points, "points_outside": outside.points, "difference": difference,
            "from_blame": from_blame, "from_cost": difference - from_blame,
            "excess": inside.n / whole.n[0] * difference,
            "within_1": within[:, 0], "within_2": within[:, 1], "p_value": p_value,
        }
    )  # fmt: skip


def _from_blame(inside: Tally, outside: Tally) -> Floats:
    """Return the part of the difference that comes from more blame, at the mean of both costs.

    Where nobody on one side blames the theme there is one cost only, that of the other side.
    """
    shares = [side.blame / side.n for side in (inside, outside)]
    with np.errstate(invalid="ignore", divide="ignore"):
        costs = np.array([s.points * s.n / s.blame for s in (inside, outside)])
    costs = np.where(np.isnan(costs), costs[::-1], costs)
    return np.asarray((shares[0] - shares[1]) * np.nan_to_num(costs).mean(axis=0))


def _shown(table: pd.DataFrame, min_n: int) -> tuple[pd.DataFrame, int]:
    """Correct for all that was looked at, and keep what enough respondents blame.

    Who blames is what is tested, so leaving the small ones out before would make chance findings
    of those that are left. They count as tests that found nothing.
    """
    enough = table["n_blame"] >= min_n
    table = table.assign(q_value=benjamini_hochberg(table["p_value"].where(enough, 1.0)))
    return table[enough].reset_index(drop=True), int((~enough).sum())


def _with_ends(
    table: pd.DataFrame, tallies: Sequence[Tally], everyone: Sequence[Tally], rows: Codes, *,
    z: float, span: float,
) -> pd.DataFrame:  # fmt: skip
    """Add the intervals of the differences, and what is beyond chance."""
    low, high = np.full(len(table), np.nan), np.full(len(table), np.nan)
    for theme, part in table.groupby("theme"):
        at = part.index.to_numpy()
        inside = tallies[int(theme)].take(rows[part["group"]])  # type: ignore[arg-type]
        whole = everyone[int(theme)].take(np.zeros(at.size, dtype=np.intp))  # type: ignore[arg-type]
        low[at], high[at] = difference_ends(inside, whole.without(inside), z=z, span=span)
    table = table.assign(low=low, high=high)
    return table.assign(beyond=(table["q_value"] <= FALSE_FINDINGS) & (table["low"] > 0))


def _mostly(
    table: pd.DataFrame, tallies: Sequence[Tally], everyone: Sequence[Tally], groups: Groups,
    rows: Codes,
) -> Codes:  # fmt: skip
    """Return the pair that a segment's finding comes from, as a row of the table; −1 for none.

    That is a pair beyond chance, the one with the largest excess, without which the segment does
    not hurt more than the others beyond chance.
    """
    mostly = np.full(len(table), -1, dtype=np.int64)
    group, themes = rows[table["group"].to_numpy()], table["theme"].to_numpy(dtype=np.int64)
    beyond = table[table["beyond"]]
    pairs = beyond[groups.singles[group[beyond.index], 0] >= 0]
    for at in pairs.sort_values("excess", kind="stable", ascending=False).index:
        theme = int(themes[at])
        for single in groups.singles[group[at]]:
            found = beyond.index[(group[beyond.index] == single) & (beyond["theme"] == theme)]
            if not found.size or mostly[found[0]] >= 0:
                continue
            around = tallies[theme].take(np.array([single]))
            left = around.without(tallies[theme].take(group[[at]]))
            others = everyone[theme].without(around)
            more = left.points[0] > others.points[0]
            if not (more and permutation_p(left, others)[0] <= FALSE_FINDINGS):
                mostly[found[0]] = at
    return mostly
