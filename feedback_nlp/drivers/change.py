"""The change of a score between two periods or groups, split exactly over the themes.

Each side's score is the sum, over cells, of the share of the cell times its mean contribution. A
cell is a theme that is blamed (who blames several is shared equally over them), comments that blame
none, or no comment. The change of such a sum is the change of the shares at the average mean, plus
the change of the means at the average share (Kitagawa 1955).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.change_notes import left_out, score_sentence, themes_sentence
from feedback_nlp.drivers.join import Level
from feedback_nlp.drivers.sides import (
    Side,
    Sides,
    check_both,
    check_whole,
    read_sides,
    sides_of_rows,
)
from feedback_nlp.scores import benjamini_hochberg, difference
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.quantiles import quantile, two_sided

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
REST = ("no_negative_theme", "no_comment")
POOLED = "suppressed"
PARTS = ("change_volume", "change_score", "change_total")
_CELLS = 4_000_000


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
    cells = _Cells.of(sides, min_n)
    point = cells.parts(cells.counts[:, np.newaxis, :])
    table = cells.table.join(pd.DataFrame({name: point[name][0] for name in PARTS}))
    for side, name in enumerate(("before", "after")):
        table[f"share_{name}"] = point["share"][0, side]
        hidden = table[f"n_{name}"] < min_n
        table[f"score_{name}"] = np.where(hidden, np.nan, point["mean"][0, side])
    table = table.join(_intervals(cells, table, n_boot=n_boot, seed=seed, confidence=confidence))
    table = _arrange(table)
    told = _notes(sides, rating, names, column, confidence)
    table.attrs["change"] = told | {
        "reference": float(point["reference"][0]), "level": level, "min_n": min_n,
        "n_boot": n_boot, "seed": seed, "notes": left_out(told),
        "sentence": f"{score_sentence(told)} {themes_sentence(table, told['unit'])}",
    }  # fmt: skip
    return table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cells:
    """The respondents of two sides as counts of patterns, and what a pattern gives each cell.

    Attributes:
        table: The cells: ``theme``, ``n_before``, ``n_after``, ``suppressed`` and ``kind``.
        weights: Patterns × cells; each row adds up to 1.
        x: Contribution of each pattern.
        counts: Two sides × patterns: respondents.
    """

    table: pd.DataFrame
    weights: Floats
    x: Floats
    counts: Floats

    @classmethod
    def of(cls, sides: Sides, min_n: int) -> Self:
        """Count the patterns, and put the small themes together."""
        matrix = sides.matrix
        blamed = matrix.negative.to_numpy(dtype=bool)
        n = np.array([blamed[sides.side == side].sum(axis=0) for side in (0, 1)])
        some = n.sum(axis=0) > 0
        small = (n.sum(axis=0) < min_n) & some
        large = some & ~small
        spoke = matrix.people["spoke"].to_numpy(dtype=bool)
        columns = [matrix.people["x"].to_numpy(), sides.side, spoke, blamed]
        rows = pd.DataFrame(np.column_stack(columns))
        kinds = rows.groupby([name for name in rows if name != 1], sort=True)
        codes = np.asarray(kinds.ngroup(), dtype=np.int64)
        _, first = np.unique(codes, return_index=True)
        counts = np.bincount(sides.side * first.size + codes, minlength=2 * first.size)
        own = blamed[first].astype(np.float64)
        number = own.sum(axis=1)
        own /= np.maximum(number, 1)[:, np.newaxis]
        parts = [own[:, large], own[:, small].sum(axis=1), (number == 0) & spoke[first],
                 (number == 0) & ~spoke[first]]  # fmt: skip
        silent = ~blamed.any(axis=1)
        groups = [blamed[:, large], blamed[:, small].any(axis=1), silent & spoke, silent & ~spoke]
        who = np.column_stack(groups)
        names = [theme for theme, shown in zip(sides.themes, large, strict=True) if shown]
        table = pd.DataFrame({"theme": pd.array([*names, POOLED, *REST], dtype="str")})
        for side, name in enumerate(("before", "after")):
            table[f"n_{name}"] = who[sides.side == side].sum(axis=0)
        table["suppressed"] = table.index == len(names)
        table["kind"] = [*[0] * len(names), 1, 2, 3]
        kept = np.ones(len(table), dtype=bool)
        kept[len(names)] = small.any()
        return cls(
            table=table[kept].reset_index(drop=True),
            weights=np.column_stack(parts).astype(np.float64)[:, kept],
            x=matrix.people["x"].to_numpy()[first],
            counts=counts.reshape(2, first.size).astype(np.float64),
        )

    def parts(self, counts: Floats) -> dict[str, Floats]:
        """Return the parts of the change where patterns occur as often as two sides' rows say.

        Args:
            counts: Sides × draws × patterns.
        """
        n = counts.sum(axis=2)[:, :, np.newaxis]
        share = counts @ self.weights / n
        worth = counts @ (self.weights * self.x[:, np.newaxis]) / n
        with np.errstate(invalid="ignore", divide="ignore"):
            own = np.where(share > 0, worth / share, np.nan)
        mean = np.where(np.isnan(own), own[::-1], own)  # nobody there: all is volume
        mean = np.where(np.isnan(mean), 0.0, mean)
        reference = worth.sum(axis=2).mean(axis=0)
        volume = (share[1] - share[0]) * (mean.mean(axis=0) - reference[:, np.newaxis])
        score = share.mean(axis=0) * (mean[1] - mean[0])
        return {
            "share": share.swapaxes(0, 1), "mean": own.swapaxes(0, 1), "reference": reference,
            "change_volume": volume + 0.0, "change_score": score + 0.0,  # no −0.0
            "change_total": volume + score + 0.0,
        }  # fmt: skip

    def draws(self, n_boot: int, seed: int) -> dict[str, Floats]:
        """Return the parts of the change for resamples of the respondents of both sides."""
        rng = np.random.default_rng(seed)
        n = self.counts.sum(axis=1).astype(np.int64)
        step = max(1, _CELLS // (2 * self.x.size))
        found: dict[str, list[Floats]] = {name: [] for name in PARTS}
        for start in range(0, n_boot, step):
            size = min(step, n_boot - start)
            drawn = [
                rng.multinomial(n[side], self.counts[side] / n[side], size=size) for side in (0, 1)
            ]
            parts = self.parts(np.array(drawn, dtype=np.float64))
            for name in PARTS:
                found[name].append(parts[name])
        return {name: np.concatenate(values) for name, values in found.items()}


def _intervals(
    cells: _Cells, table: pd.DataFrame, *, n_boot: int, seed: int, confidence: float
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
