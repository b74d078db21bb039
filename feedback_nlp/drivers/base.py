"""Whose words the themes are: respondents who rated, those who wrote, those in whom one was found.

Every step leaves people out. Where those who are left score otherwise than the others, what they
say is not what all would say.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.drivers.bases import (
    BASES,
    Base,
    check_tells_who_wrote,
    masks_of,
    score_with_ends,
    shares_of,
    sizes_of,
    summary_of,
)
from feedback_nlp.drivers.join import Mask, ThemeMatrix, theme_matrix
from feedback_nlp.records import Difference
from feedback_nlp.scores import difference
from feedback_nlp.scores.answers import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseFinding:
    """The score of a base beside the score of the larger base it was drawn from.

    Attributes:
        base: Who is left: ``commenters`` or ``tagged``.
        of: Whom they are a part of: ``respondents`` or ``commenters``.
        rating: Name of the rating.
        unit: Of the scores: ``points``, ``percent`` or ``rating``.
        n: How many are left.
        n_of: How many there were.
        n_others: How many were left out.
        share: ``n`` ÷ ``n_of``, 0–1, missing where there was nobody.
        score: Of those who are left, missing where there are none.
        score_of: Of the larger base.
        score_others: Of those left out, missing where there are none.
        shift: ``score`` − ``score_of``: how far the words of those who are left stand from all.
        shift_low: Lower end of its interval, that of the difference times 1 − ``share``.
        shift_high: Upper end of it.
        difference: ``score`` − ``score_others``.
        low: Lower end of its interval.
        high: Upper end of it.
        p_value: Of the test that the two score alike, two-sided.
        confidence: Level of the intervals, 0–1.
        compared: Whether both sides have enough respondents to be compared; if not, differences,
            intervals and p are missing.
        clear: Whether the difference is beyond chance: compared, and its interval leaves zero out.
    """

    base: Base
    of: Base
    rating: str
    unit: str
    n: int
    n_of: int
    n_others: int
    share: float
    score: float
    score_of: float
    score_others: float
    shift: float
    shift_low: float
    shift_high: float
    difference: float
    low: float
    high: float
    p_value: float
    confidence: float
    compared: bool
    clear: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def base_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    min_n: int = 10,
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return how many rated, wrote and have a theme, in all and in each rating group, with scores.

    Args:
        comments: A comments table, with the columns of tagging and the blank comments in it.
        mentions: The mentions of these comments.
        rating: The rating column; high answers are the good ones.
        min_n: A base with fewer respondents has no score.
        confidence: Level of all intervals, 0–1.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: Themes without a subject, which tag nobody; those noted with the mentions if
            not given.

    Returns:
        Twelve rows, ``base`` × ``group``: the bases ``respondents`` (gave a rating), ``commenters``
        (wrote a comment that can be read as well) and ``tagged`` (with at least one theme that has
        a subject found in it); the groups ``all`` and the low, middle and top group by name.
        Columns: ``n``; ``share`` of the respondents of the group that are in the base, 0–1, with
        ``share_low`` and ``share_high`` (Wilson); ``part`` of the base that is in the group, 0–1,
        with ``part_low`` and ``part_high`` (what is 1 by its definition has no width); ``score``
        with ``low`` and ``high``, of ``all`` only (the groups are made by the score).
        ``attrs["base"]`` has rating, metric, unit, ``n_missing`` (respondents without a rating, in
        no row) and the levels.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.
        FeedbackError: The confidence is not between 0 and 1.

    Example:
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": range(40), "nps": [3, 9] * 20})
        >>> comments["text"] = ["Slow", ""] * 20
        >>> table = base_table(comments, mentions_table([], []))
        >>> table.loc[table["group"] == "all", ["base", "n", "share", "score"]]
                  base   n  share  score
        0  respondents  40    1.0    0.0
        4   commenters  20    0.5 -100.0
        8       tagged   0    0.0    NaN
    """
    chosen: dict[str, Any] = {"metric": metric, "method": method, "scale": scale}
    check_tells_who_wrote(comments)
    matrix = theme_matrix(comments, mentions, rating, not_drivers=not_drivers, **chosen)
    masks = masks_of(matrix, rating)
    groups = matrix.people["group"].to_numpy()
    everyone = sizes_of(groups, masks["respondents"])
    parts = []
    for base in BASES:
        n = sizes_of(groups, masks[base])
        score = score_with_ends(matrix, masks[base], min_n=min_n, confidence=confidence)
        named = pd.DataFrame({"base": base, "group": ["all", *matrix.definition.groups]})
        shares = shares_of(n, everyone, confidence, certain=base == BASES[0])
        named = named.astype("str").join(shares)
        ends = zip(("score", "low", "high"), score, strict=True)
        parts.append(named.assign(**{name: [end, *[np.nan] * 3] for name, end in ends}))
    table = pd.concat(parts, ignore_index=True)
    table.attrs["base"] = {
        "rating": rating, "metric": matrix.definition.metric, "method": matrix.definition.method,
        "unit": matrix.definition.unit, "n_missing": matrix.n_missing, "min_n": min_n,
        "confidence": confidence,
    }  # fmt: skip
    return table


def base_warnings(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    min_n: int = 10,
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
) -> tuple[BaseFinding, BaseFinding]:
    """Return whether those who wrote score otherwise than the silent, and the tagged than the rest.

    Args:
        comments: As in ``base_table``.
        mentions: As in ``base_table``.
        rating: The rating column.
        min_n: A base, or those left out of it, with fewer respondents is not compared.
        confidence: Level of the intervals, 0–1; a difference is ``clear`` at 1 − this.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: As in ``base_table``.

    Returns:
        Two findings: the commenters among the respondents (as ``scores.response_bias``), the tagged
        among the commenters. Those that are ``clear`` are to be warned of.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.
        FeedbackError: The confidence is not between 0 and 1.

    Example:
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": range(60), "nps": [2, 9, 9, 10, 8, 10] * 10})
        >>> comments["text"] = ["Slow", "", "", "Nice", "", None] * 10
        >>> wrote, tagged = base_warnings(comments, mentions_table([], []))
        >>> wrote.score, wrote.score_of, wrote.clear, tagged.n, tagged.clear
        (0.0, 50.0, True, 0, False)
    """
    chosen: dict[str, Any] = {"metric": metric, "method": method, "scale": scale}
    check_tells_who_wrote(comments)
    matrix = theme_matrix(comments, mentions, rating, not_drivers=not_drivers, **chosen)
    return base_findings(matrix, rating, min_n=min_n, confidence=confidence)


def base_findings(
    matrix: ThemeMatrix, rating: str, *, min_n: int, confidence: float
) -> tuple[BaseFinding, BaseFinding]:
    """Return what ``base_warnings`` returns, of respondents who are joined with their themes.

    Args:
        matrix: Who mentions which theme with a subject.
        rating: Name of the rating.
        min_n: As in ``base_warnings``.
        confidence: Level of the intervals, 0–1.
    """
    masks, definition = masks_of(matrix, rating), matrix.definition
    answers = matrix.people["rating"].to_numpy(dtype=np.float64)
    known: list[Difference | None] = []
    for of, base in pairwise(BASES):
        sides = [answers[masks[base]], answers[masks[of] & ~masks[base]]]
        found = None
        if min(side.size for side in sides):
            found = difference(
                *sides, rating=rating, metric=definition.metric, method=definition.method,
                scale=definition.scale, level=confidence,
            )  # fmt: skip
        known.append(found)
    wrote, tagged = (
        _finding(matrix, masks, which, found, rating, min_n, confidence)
        for which, found in enumerate(known, 1)
    )
    return wrote, tagged


def _finding(
    matrix: ThemeMatrix,
    masks: dict[Base, Mask],
    which: int,
    known: Difference | None,
    rating: str,
    min_n: int,
    confidence: float,
) -> BaseFinding:
    base, of = BASES[which], BASES[which - 1]
    inside, whole = masks[base], masks[of]
    n, n_of = int(inside.sum()), int(whole.sum())
    others = whole & ~inside
    score, score_of, score_others = (
        float(summary_of(matrix, who, confidence).value[0]) for who in (inside, whole, others)
    )
    share = n / n_of if n_of else np.nan
    compared = known is not None and min(n, n_of - n) >= max(min_n, 1)
    value = low = high = p_value = np.nan
    if known is not None and compared:
        value, low, high, p_value = known.value, known.low, known.high, known.p_value
    return BaseFinding(
        base=base, of=of, rating=rating, unit=matrix.definition.unit, n=n, n_of=n_of,
        n_others=n_of - n, share=share, score=score, score_of=score_of, score_others=score_others,
        shift=(1 - share) * value, shift_low=(1 - share) * low, shift_high=(1 - share) * high,
        difference=value, low=low, high=high, p_value=p_value, confidence=confidence,
        compared=compared, clear=bool(known is not None and compared and known.clear),
    )  # fmt: skip
