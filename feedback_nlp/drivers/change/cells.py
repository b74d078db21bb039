"""The cells over which a change is split: who is in them, what they give, and resamples of both."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.change.sides import Sides

Floats = NDArray[np.float64]
REST = ("no_negative_theme", "no_comment")
POOLED = "suppressed"
PARTS = ("change_volume", "change_score", "change_total")
_CELLS = 4_000_000  # of a block of draws, for the memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
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
