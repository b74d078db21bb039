"""Whether people who label the same comments agree beyond chance: kappa and alpha.

Formulas, sources and what each is not: ``docs/metrics.md``.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

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
    k = len(names)
    cells = np.bincount(codes[:n] * k + codes[n:], minlength=k * k).reshape(k, k)
    value, agreed, expected = (float(x[0]) for x in _kappa(cells[None]))
    if np.isnan(value):
        raise FeedbackError(
            f"Both coders gave every comment the label {names[0]!r}; where nothing differs there "
            "is no agreement beyond chance to speak of."
        )
    low, high, made = _kappa_interval(cells, value, expected, level)
    return Score(
        metric="cohen_kappa", method="unweighted", value=value, low=low, high=high, n=n,
        n_missing=len(one) - n, level=level, interval=made, unit="index",
        counts={"agree": int(np.trace(cells)), "disagree": n - int(np.trace(cells))},
        details={"agreement": agreed * 100, "expected": expected * 100},
    )  # fmt: skip


def _labels(labels: Iterable[Any], name: str) -> pd.Series:
    if isinstance(labels, str | bytes):
        raise FeedbackError(f"{name} is the text {labels!r}, not the labels of a coder.")
    return pd.Series(list(labels), dtype=object)


def _kappa(cells: NDArray[np.integer]) -> tuple[Floats, Floats, Floats]:
    """Return kappa, agreement and expected agreement of tables, one for each first index."""
    n = cells.sum(axis=(1, 2))
    agreed = np.trace(cells, axis1=1, axis2=2) / n
    expected = (cells.sum(axis=1) * cells.sum(axis=2)).sum(axis=1) / n.astype(np.float64) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = np.where(expected < 1, (agreed - expected) / (1 - expected), np.nan)
    return kappa, agreed, expected


def _kappa_interval(
    cells: NDArray[np.int64], value: float, expected: float, level: float
) -> tuple[float, float, str]:
    n, agree = int(cells.sum()), int(np.trace(cells))
    used = np.flatnonzero(cells)
    draws = np.zeros((_DRAWS, cells.size), dtype=np.int64)
    shares = cells.ravel()[used] / n
    draws[:, used] = np.random.default_rng(0).multinomial(n, shares, size=_DRAWS)
    low, high = _percentiles(_kappa(draws.reshape(-1, *cells.shape))[0], level)
    if agree not in (0, n) and high - low > _NO_WIDTH:
        return min(low, value), max(high, value), "bootstrap"
    ends = [float(end) for end in wilson(agree, n, level=level)]
    low, high = ((end - expected) / (1 - expected) for end in ends)
    return max(min(low, value), -1.0), min(max(high, value), 1.0), "bounded"


def _percentiles(draws: Floats, level: float) -> tuple[float, float]:
    known = draws[~np.isnan(draws)]
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
    tallies = np.stack([(table == i).sum(axis=1) for i in range(len(names))], axis=1)
    used = tallies[tallies.sum(axis=1) >= 2].astype(np.float64)
    if not len(used):
        raise FeedbackError(f"None of {len(table)} comments has labels of two coders.")
    seen = used.sum(axis=0) > 0
    used, names = used[:, seen], names[seen]
    if len(names) < 2:
        raise FeedbackError(
            f"All labels are {names[0]!r}; where nothing differs there is no agreement beyond "
            "chance to speak of."
        )
    apart = _distances(names, used.sum(axis=0), measure)
    value, low, high, made = _alpha(used, apart, level)
    whole = (used.max(axis=1) == used.sum(axis=1)).sum()
    return Score(
        metric="krippendorff_alpha", method=measure, value=value, low=low, high=high, n=len(used),
        n_missing=len(table) - len(used), level=level, interval=made, unit="index",
        counts={"agree": int(whole), "disagree": len(used) - int(whole)},
        details={"labels": float(used.sum()), "coders": float(table.shape[1])},
    )  # fmt: skip


def _coded(
    labels: pd.DataFrame | Mapping[str, Iterable[Any]], measure: str
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return labels as numbers, −1 where there is none, and what each number stands for."""
    if isinstance(labels, pd.DataFrame):
        columns = {str(i): labels.iloc[:, i] for i in range(labels.shape[1])}
    else:
        columns = {str(name): _labels(given, str(name)) for name, given in labels.items()}
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


def _distances(names: NDArray[Any], counts: Floats, measure: str) -> Floats:
    """Return how far each two labels are apart, squared."""
    if measure == "nominal":
        return 1 - np.eye(len(names))
    # the rank of a label is the middle of the places that its uses fill
    places = np.cumsum(counts) - counts / 2 if measure == "ordinal" else names.astype(np.float64)
    apart: Floats = (places[:, None] - places[None, :]) ** 2
    return apart


def _alpha(used: Floats, apart: Floats, level: float) -> tuple[float, float, float, str]:
    """Return alpha with its interval and how that was made."""
    patterns, times = np.unique(used, axis=0, return_counts=True)
    sizes = patterns.sum(axis=1)
    within = ((patterns @ apart) * patterns).sum(axis=1) / (sizes - 1)

    def ratio(weights: Floats) -> tuple[Floats, Floats]:
        counts, total = weights @ patterns, weights @ sizes
        chance = ((counts @ apart) * counts).sum(axis=1) / (total * (total - 1))
        return weights @ within / total, chance

    seen, chance = (float(x[0]) for x in ratio(times[None, :].astype(np.float64)))
    value = 1 - seen / chance
    units, rng = int(times.sum()), np.random.default_rng(0)
    draws: list[Floats] = []
    for start in range(0, _DRAWS, size := max(1, min(_DRAWS, 4_000_000 // len(times)))):
        drawn = rng.multinomial(units, times / units, size=min(size, _DRAWS - start))
        observed, by_chance = ratio(drawn.astype(np.float64))
        draws.append(1 - observed[by_chance > 0] / by_chance[by_chance > 0])
    known = np.concatenate(draws)
    low, high = _percentiles(known, level) if seen > 0 and known.size else (value, value)
    made = "bootstrap"
    if high - low <= _NO_WIDTH:
        farthest = float(apart.max())
        ends = wilson(seen / farthest * units, units, level=level)
        high, low = (1 - float(end) * farthest / chance for end in ends)
        low, made = max(low, -1.0), "bounded"
    return value, min(low, value), min(max(high, value), 1.0), made
