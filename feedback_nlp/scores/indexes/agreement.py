"""Whether people who label the same comments agree beyond chance: kappa and alpha.

Formulas, sources and what each is not: ``docs/metrics.md``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.records import Score
from feedback_nlp.scores.answers import to_floats
from feedback_nlp.scores.intervals import quantile, wilson

Floats = NDArray[np.float64]
Measure = Literal["nominal", "ordinal", "interval"]
MEASURES = ("nominal", "ordinal", "interval")
_DRAWS = 2000
_NO_WIDTH = 1e-12


def cohen_kappa(first: Iterable[Any], second: Iterable[Any], *, level: float = 0.95) -> Score:
    """Cohen's kappa: agreement of two coders beyond what their habits alone would give.

    Args:
        first: Label of each comment by one coder: text, numbers, anything that can be equal.
        second: Labels of the same comments, in the same order, by the other.
        level: Confidence level of the interval: percentile bootstrap over the comments (2000
            draws, seeded); where that has no width, as where they agree on all, the Wilson
            interval of their agreement with the agreement expected by chance held fixed.

    Returns:
        1 for full agreement, 0 for as much as by chance, below 0 for less. ``details`` holds the
        ``agreement`` seen and that ``expected``, in percent. Comments that one of the two did not
        label are counted as missing.

    Raises:
        FeedbackError: The two have different numbers of labels, no comment has both, or both gave
            one and the same label throughout.

    Example:
        >>> print(cohen_kappa(["yes", "no", "yes", "no"], ["yes", "no", "yes", "yes"]))
        COHEN_KAPPA (unweighted) 0.50 [0.00 to 1.00, 95%], n = 4
    """
    quantile(level)  # checks it
    one, two = _labels(first, "first"), _labels(second, "second")
    if len(one) != len(two):
        raise FeedbackError(
            f"{len(one)} labels and {len(two)}: both coders need a place for every comment; write "
            "None where one gave no label."
        )
    both = (one.notna() & two.notna()).to_numpy()
    n = int(both.sum())
    if not n:
        raise FeedbackError(f"None of {len(one)} comments has labels of both coders.")
    codes, names = pd.factorize(pd.concat([one[both], two[both]], ignore_index=True))
    pairs, times = np.unique(codes.reshape(2, n), axis=1, return_counts=True)
    value, agreed, expected = (float(x[0]) for x in _kappa(pairs, times[None, :]))
    if np.isnan(value):
        raise FeedbackError(
            f"Both coders gave every comment the label {names[0]!r}; where nothing differs there "
            "is no agreement beyond chance to speak of."
        )
    alike = int(times[pairs[0] == pairs[1]].sum())
    low, high, made = _kappa_interval(pairs, times, value, expected, level)
    return Score(
        metric="cohen_kappa", method="unweighted", value=value, low=low, high=high, n=n,
        n_missing=len(one) - n, level=level, interval=made, unit="index",
        counts={"agree": alike, "disagree": n - alike},
        details={"agreement": agreed * 100, "expected": expected * 100},
    )  # fmt: skip


def _labels(labels: Iterable[Any], name: str) -> pd.Series:
    if isinstance(labels, str | bytes):
        raise FeedbackError(f"{name} is the text {labels!r}, not the labels of a coder.")
    return pd.Series(list(labels), dtype=object)


def _kappa(pairs: NDArray[np.int64], times: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Return kappa, agreement and expected agreement of samples of pairs of labels.

    Args:
        pairs: The label of each coder, one column for each pair that occurs.
        times: How often each pair occurs, one row for each sample.
    """
    weights = times.astype(np.float64)
    n = weights.sum(axis=1)
    labels = np.arange(pairs.max() + 1)
    first, second = ((weights @ (side[:, None] == labels)) for side in pairs)
    agreed = weights @ (pairs[0] == pairs[1]) / n
    expected = (first * second).sum(axis=1) / n**2
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = np.where(expected < 1, (agreed - expected) / (1 - expected), np.nan)
    return kappa, agreed, expected


def _kappa_interval(
    pairs: NDArray[np.int64], times: NDArray[np.int64], value: float, expected: float, level: float
) -> tuple[float, float, str]:
    n, agree = int(times.sum()), int(times[pairs[0] == pairs[1]].sum())
    draws = np.random.default_rng(0).multinomial(n, times / n, size=_DRAWS)
    low, high = _percentiles(_kappa(pairs, draws)[0], level)
    if agree not in (0, n) and high - low > _NO_WIDTH:
        return min(low, value), max(high, value), "bootstrap"
    ends = [float(end) for end in wilson(agree, n, level=level)]
    low, high = ((end - expected) / (1 - expected) for end in ends)
    return max(min(low, value), -1.0), min(max(high, value), 1.0), "bounded"


def _percentiles(draws: Floats, level: float) -> tuple[float, float]:
    known = draws[~np.isnan(draws)]
    if not known.size:
        return np.nan, np.nan
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def krippendorff_alpha(
    labels: pd.DataFrame | Mapping[str, Iterable[Any]],
    *,
    measure: Measure = "nominal",
    level: float = 0.95,
) -> Score:
    """Krippendorff's alpha: agreement of any number of coders beyond chance, gaps allowed.

    Args:
        labels: One row for each comment and one column for each coder, or a mapping from coder to
            labels; empty where a coder gave none. (Some tools want it turned: coders as rows.)
        measure: How far labels are apart: ``nominal`` (equal or not), ``ordinal`` (by rank) or
            ``interval`` (by difference); for the latter two labels are numbers.
        level: Confidence level of the interval: percentile bootstrap over the comments (2000
            draws, seeded; ranks as in the sample); where that has no width, as where all agree, the
            Wilson interval of the disagreement with that expected by chance held fixed.

    Returns:
        1 for full agreement, 0 for as much as by chance, below 0 for less. Comments with fewer
        than two labels tell nothing of agreement; they are counted as missing.

    Raises:
        FeedbackError: No comment has two labels, or all labels are the same.
        RatingError: Labels are no numbers where ``measure`` needs them.

    Example:
        >>> ann, bo = ["price", "staff", "price", None], ["price", "staff", "staff", "price"]
        >>> print(krippendorff_alpha({"ann": ann, "bo": bo}))
        KRIPPENDORFF_ALPHA (nominal) 0.44 [-0.67 to 1.00, 95%], n = 3
    """
    quantile(level)  # checks it
    if measure not in MEASURES:
        raise FeedbackError(f"No measure {measure!r}; choose {', '.join(MEASURES)}.")
    table, names = _coded(labels, measure)
    used = table[(table >= 0).sum(axis=1) >= 2]
    if not len(used):
        raise FeedbackError(f"None of {len(table)} comments has labels of two coders.")
    given = np.unique(used[used >= 0])
    if len(given) < 2:
        raise FeedbackError(
            f"All labels are {names[given[0]]!r}; where nothing differs there is no agreement "
            "beyond chance to speak of."
        )
    value, low, high, made, alike = _alpha(_Units.of(used, names, measure), level)
    return Score(
        metric="krippendorff_alpha", method=measure, value=value, low=low, high=high, n=len(used),
        n_missing=len(table) - len(used), level=level, interval=made, unit="index",
        counts={"agree": alike, "disagree": len(used) - alike},
        details={"labels": float((used >= 0).sum()), "coders": float(table.shape[1])},
    )  # fmt: skip


def _coded(
    labels: pd.DataFrame | Mapping[str, Iterable[Any]], measure: str
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return labels as numbers, −1 where there is none, and what each number stands for."""
    if isinstance(labels, pd.DataFrame):
        columns = {str(i): labels.iloc[:, i] for i in range(labels.shape[1])}
    elif isinstance(labels, Mapping):
        columns = {str(name): _labels(given, str(name)) for name, given in labels.items()}
    else:
        raise ColumnError(
            "Labels are a table with a column for each coder, or a mapping from coder to labels, "
            f"not {type(labels).__name__}."
        )
    if len(columns) < 2:
        raise ColumnError(f"Agreement is between coders, and there is {len(columns)}; give two.")
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name!r} {length}" for name, length in lengths.items())
        raise FeedbackError(f"The coders have different numbers of labels: {told}.")
    if measure == "nominal":
        whole = pd.concat([column.astype(object) for column in columns.values()])
    else:
        whole = pd.Series(np.concatenate([to_floats(column) for column in columns.values()]))
    codes, names = pd.factorize(whole, sort=measure != "nominal")
    return np.asarray(codes).reshape(len(columns), -1).T, np.asarray(names)


@dataclass(frozen=True, slots=True, eq=False)
class _Units:
    """Comments with two labels or more, like ones once.

    Sums over labels are all that the distances between pairs of labels need, for one comment as for
    all together: how often each label was given, or the labels' places and their squares.
    """

    nominal: bool
    sizes: Floats
    sums: Floats
    times: NDArray[np.int64]
    farthest: float

    @classmethod
    def of(cls, codes: NDArray[np.int64], names: NDArray[Any], measure: str) -> Self:
        known = codes >= 0
        sizes = known.sum(axis=1).astype(np.float64)
        if measure == "nominal":
            sums = np.stack([(codes == i).sum(axis=1) for i in range(len(names))], axis=1)
            farthest = 1.0
        else:
            counts = np.bincount(codes[known], minlength=len(names))
            # the rank of a label is the middle of the places that its uses fill
            ranks = np.cumsum(counts) - counts / 2
            places = ranks if measure == "ordinal" else names.astype(np.float64)
            places = places - (places * counts).sum() / counts.sum()  # against cancellation
            each = np.where(known, places[codes], 0.0)
            sums = np.stack([each.sum(axis=1), (each**2).sum(axis=1)], axis=1)
            farthest = float(np.ptp(places[counts > 0]) ** 2)
        rows = np.column_stack([sizes, sums])
        rows, times = np.unique(rows, axis=0, return_counts=True)
        return cls(measure == "nominal", rows[:, 0], rows[:, 1:], times, farthest)

    def apart(self, sizes: Floats, sums: Floats) -> Floats:
        """Return the sum of the squared distances of all ordered pairs of labels."""
        if self.nominal:
            nominal: Floats = sizes**2 - (sums**2).sum(axis=1)
            return nominal
        found: Floats = np.maximum(2 * (sizes * sums[:, 1] - sums[:, 0] ** 2), 0.0)
        return found


def _alpha(units: _Units, level: float) -> tuple[float, float, float, str, int]:
    """Return alpha, its interval, how that was made, and how many comments have no disagreement."""
    within = units.apart(units.sizes, units.sums) / (units.sizes - 1)
    within[within < units.farthest * _NO_WIDTH] = 0.0

    def disagreement(weights: Floats) -> tuple[Floats, Floats]:
        total, sums = weights @ units.sizes, weights @ units.sums
        return weights @ within / total, units.apart(total, sums) / (total * (total - 1))

    times, n = units.times, int(units.times.sum())
    seen, chance = (float(x[0]) for x in disagreement(times[None, :].astype(np.float64)))
    value = 1 - seen / chance
    rng, draws = np.random.default_rng(0), []
    size = max(1, min(_DRAWS, 4_000_000 // len(times)))
    for start in range(0, _DRAWS, size):
        drawn = rng.multinomial(n, times / n, size=min(size, _DRAWS - start))
        observed, expected = disagreement(drawn.astype(np.float64))
        known = expected > units.farthest * _NO_WIDTH
        draws.append(1 - observed[known] / expected[known])
    found = np.concatenate(draws)
    low, high = _percentiles(found, level) if seen > 0 and found.size else (value, value)
    made = "bootstrap"
    if high - low <= _NO_WIDTH:
        ends = wilson(seen / units.farthest * n, n, level=level)
        high, low = (1 - float(end) * units.farthest / chance for end in ends)
        low, made = max(low, -1.0), "bounded"
    alike = int(times[within == 0].sum())
    return value, min(low, value), min(max(high, value), 1.0), made, alike
