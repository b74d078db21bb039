"""The change of a score between two periods or groups, split exactly over the themes.

Each side's score is the sum, over cells, of the share of the cell times its mean contribution. A
cell is a theme that is blamed (who blames several is shared equally over them), comments that blame
none, or no comment. The change of such a sum is the change of the shares at the average mean, plus
the change of the means at the average share (Kitagawa 1955).
"""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.drivers.change.cells import PARTS, Cells
from feedback_nlp.drivers.change.notes import (
    TURNED_ROUND,
    left_out,
    why_no_theme,
)
from feedback_nlp.drivers.change.sides import (
    Side,
    Sides,
    check_both,
    check_whole,
    read_sides,
    sides_of_rows,
    turned_round,
)
from feedback_nlp.drivers.change.telling import score_sentence, themes_sentence
from feedback_nlp.drivers.join import Level
from feedback_nlp.schema import Notes
from feedback_nlp.scores import benjamini_hochberg, difference
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.quantiles import quantile, two_sided
from feedback_nlp.wordings import wording_in


def theme_change_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    before: Side,
    after: Side,
    column: str | None = None,
    level: Level = "top",
    min_n: int = 10,
    n_boot: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the change of the score from one side to the other, split exactly over the themes.

    Args:
        comments: A comments table, with the columns of tagging if there are any. Each respondent
            counts once on each side.
        mentions: The mentions of these comments.
        rating: The rating column; high answers are the good ones.
        before: The side compared with: a period of the dates (``2025``, ``2025-Q2``, ``2025-05``,
            ``2025-W20``, ``2025-05-12``, a date), a range (``2025-01..2025-03``, or a pair of its
            first and last period), a value of ``column``, or True and False for each row.
        after: The other side, given likewise.
        column: Column whose values are compared; dates if not given.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        min_n: Themes that fewer respondents blame on both sides together are put together in the
            row ``suppressed``. On a side where fewer blame a theme its score is not shown.
        n_boot: Bootstrap draws of respondents, for the intervals; 0 for none.
        seed: Of the bootstrap.
        confidence: Level of all intervals.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: Themes that explain nothing; those noted with the mentions if not given.

    Returns:
        One row a theme, the largest change first, then ``suppressed`` (where there are such
        themes), ``no_negative_theme`` and ``no_comment``:

        - ``n_before``, ``n_after``: respondents who blame the theme;
        - ``share_before``, ``share_after``: share of the respondents, who blames two themes
          counting half in each, so that the column adds up to 1;
        - ``score_before``, ``score_after``: their score, counted likewise;
        - ``change_total`` with ``_low`` and ``_high``: its part of the change of the score, in the
          score's unit; these add up to that change, exactly. ``p_value`` (normal, with the
          bootstrap's standard error), ``q_value`` (Benjamini–Hochberg over the themes shown);
        - ``change_volume``: the part that goes with more or fewer blaming it; ``change_score``: the
          part that goes with another score of those who do; both with ``_low`` and ``_high``;
        - ``suppressed``.

        ``attrs["change"]`` has both scores, their difference with its interval, the reference, who
        is not counted, the answer in a ``sentence``, and ``notes``.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself, or there is no rating on one side.
        FeedbackError: A side cannot be read, both overlap, or a number is no such number.

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": list("abcd"), "text": "Late"})
        >>> days = ["2025-01-09", "2025-01-12", "2025-02-02", "2025-02-03"]
        >>> comments = comments.assign(nps=[9, 9, 9, 3], date=pd.to_datetime(days))
        >>> late = Mention(theme="delivery", polarity="negative", theme_confidence=1,
        ...                polarity_confidence=1, start=0, end=4)
        >>> mentions = mentions_table([("d", "Late", late)], ["delivery"])
        >>> months = {"before": "2025-01", "after": "2025-02"}
        >>> table = theme_change_table(comments, mentions, **months, min_n=1, n_boot=0)
        >>> table[["theme", "change_volume", "change_score", "change_total"]]
                       theme  change_volume  change_score  change_total
        0           delivery          -75.0           0.0         -75.0
        1  no_negative_theme          -25.0           0.0         -25.0
        2         no_comment            0.0           0.0           0.0
    """
    for name, value, least in (("n_boot", n_boot, 0), ("seed", seed, 0), ("min_n", min_n, 1)):
        check_whole(name, value, least)
    quantile(confidence)  # the check
    row_side, undated, names = sides_of_rows(comments, before, after, column)
    sides = read_sides(
        comments, mentions, rating, row_side, undated=undated, level=level, metric=metric,
        method=method, scale=scale, not_drivers=not_drivers,
    )  # fmt: skip
    check_both(sides, rating, dict(enumerate(names)))
    cells = Cells.of(sides, min_n)
    table, reference = _table(cells, min_n)
    table = table.join(_intervals(cells, table, n_boot=n_boot, seed=seed, confidence=confidence))
    table = _arrange(table)
    told = _notes(sides, rating, names, column, confidence)
    told |= {
        "level": level, "min_n": min_n, "n_boot": n_boot, "seed": seed, "reference": reference,
        "why": why_no_theme(sides, min_n) or ("" if n_boot > 1 else "no_draws"),
    }  # fmt: skip
    said = wording_in("en")
    turned = [TURNED_ROUND.format(*names)] if turned_round(before, after, column) else []
    told |= {
        "notes": turned + left_out(told),
        "sentence": f"{score_sentence(told, said)} {themes_sentence(table, told, said)}",
    }
    table.attrs["change"] = Notes(told)
    return table


def _table(cells: Cells, min_n: int) -> tuple[pd.DataFrame, float]:
    """Return the cells with their shares, scores and parts of the change, and the reference."""
    point = cells.parts(cells.counts[:, np.newaxis, :])
    table = cells.table.join(pd.DataFrame({name: point[name][0] for name in PARTS}))
    for side, name in enumerate(("before", "after")):
        table[f"share_{name}"] = point["share"][0, side]
        hidden = table[f"n_{name}"] < min_n
        table[f"score_{name}"] = np.where(hidden, np.nan, point["mean"][0, side])
    return table, float(point["reference"][0])


def _intervals(
    cells: Cells, table: pd.DataFrame, *, n_boot: int, seed: int, confidence: float
) -> pd.DataFrame:
    """Return the intervals of the parts, and the tests of the totals of the themes."""
    ends = [f"{name}_{end}" for name in PARTS for end in ("low", "high")]
    out = pd.DataFrame(np.nan, index=table.index, columns=[*ends, "p_value", "q_value"])
    if n_boot < 2:
        return out
    draws, z = cells.draws(n_boot, seed), quantile(confidence)
    for name in PARTS:
        error = draws[name].std(axis=0, ddof=1)
        error[~(error > 1e-9)] = np.nan
        value = table[name].to_numpy()
        out[f"{name}_low"], out[f"{name}_high"] = value - z * error, value + z * error
        if name == "change_total":
            themes = (table["kind"] == 0).to_numpy()
            out["p_value"] = np.where(themes, two_sided(value / error), np.nan)
    out["q_value"] = benjamini_hochberg(out["p_value"].to_numpy())
    return out


def _arrange(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns in order, the largest change first, what is no theme last."""
    sides = ("before", "after")
    order = ["theme", *(f"{name}_{side}" for name in ("n", "share", "score") for side in sides)]
    total, *parts = ([name, f"{name}_low", f"{name}_high"] for name in reversed(PARTS))
    order += [*total, "p_value", "q_value", *parts[1], *parts[0], "suppressed"]
    size = np.where(table["kind"] == 0, -table["change_total"].abs(), 0.0)
    ranked = table.assign(size=size).sort_values(["kind", "size", "theme"])
    return ranked.reset_index(drop=True)[order]


def _notes(
    sides: Sides, rating: str, names: tuple[str, str], column: str | None, confidence: float
) -> dict[str, Any]:
    """Return both scores, their difference, and who is not counted."""
    people, definition = sides.matrix.people, sides.matrix.definition
    answers = people["rating"].to_numpy()
    found = difference(
        answers[sides.side == 1], answers[sides.side == 0], rating=rating,
        metric=definition.metric, method=definition.method, scale=definition.scale,
        level=confidence,
    )  # fmt: skip
    scores = {"before": found.second, "after": found.first}
    return {
        "rating": rating, "metric": definition.metric, "method": definition.method,
        "unit": definition.unit, "column": column,
        "sides": dict(zip(("before", "after"), names, strict=True)),
        **{f"n_{name}": score.n for name, score in scores.items()},
        **{
            f"score_{name}{end}": value
            for name, score in scores.items()
            for end, value in (("", score.value), ("_low", score.low), ("_high", score.high))
        },
        "change": found.value, "change_low": found.low, "change_high": found.high,
        "p_value": found.p_value, "confidence": confidence, **sides.notes(),
        "q": "Benjamini–Hochberg over the themes that are shown",
    }  # fmt: skip
