"""Customer satisfaction indexes made of several attributes: CSI and ACSI.

Formulas, sources and what each is not: ``docs/metrics.md``.
"""

from collections.abc import Sequence

from feedback_nlp.errors import RatingError
from feedback_nlp.records import Score
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.indexes.attributes import (
    AnyItems,
    Attributes,
    CsiIndex,
    CsiMethod,
    is_means,
    mapped,
    read_attributes,
)
from feedback_nlp.scores.indexes.items import (
    ItemInterval,
    Items,
    composite_interval,
    incomplete_note,
)

_ACSI_SCALE: Scale = (1, 10)


def csi(
    perceptions: Items,
    expectations: AnyItems | None = None,
    *,
    weights: object = None,
    method: CsiMethod | None = None,
    index: CsiIndex = "percent_of_maximum",
    scale: Scale | None = None,
    columns: Sequence[str] | None = None,
    level: float = 0.95,
    interval: ItemInterval = "score",
) -> Score:
    """Customer Satisfaction Index: weighted gap of perception and expectation, or weighted index.

    Args:
        perceptions: Answers on each attribute: a table with one row for each respondent, or a
            mapping from attribute to answers. A comments table needs ``columns``.
        expectations: Answers of the same respondents on what they expected; or one number for each
            attribute, which the interval takes as exact.
        weights: From attribute to any positive number: points, shares, stated importances. Only
            their proportions count. Equal if not given.
        method: ``gap``: Σ weight × (perception − expectation), in points of the scale; or
            ``weighted``: Σ weight × index of the perception. If not given, a gap where there are
            expectations.
        index: How answers become an index: ``percent_of_maximum`` ((answer − lowest) ÷ (highest −
            lowest) × 100), ``percent_of_highest`` (answer ÷ highest × 100, which on 1–5
            cannot fall below 20), or ``mean`` (as they are).
        scale: Lowest and highest answer; if not given, as a comments table notes, else 1–5.
        columns: The attributes to take; all columns if not given.
        level: Confidence level of the interval.
        interval: ``score``, ``t`` or ``bca``, of the respondents' own indexes; the weights count
            as exact.

    Returns:
        A gap between lowest − highest and highest − lowest (below 0: less than was expected), or
        an index. Respondents who did not answer every attribute are counted as missing.

    Raises:
        ColumnError: Attributes or weights do not match.
        RatingError: An answer is off the scale, nobody answered everything, or there are only
            means (see ``csi_of_means``).
        FeedbackError: No such method, or a gap without expectations.

    Example:
        >>> answers = {"service": [4, 5, 3], "price": [2, 4, 3]}
        >>> expected = {"service": [4, 4, 4], "price": [3, 4, 4]}
        >>> print(csi(answers, expected, weights={"service": 60, "price": 40}))
        CSI (gap) -0.27 [-2.36 to 2.13, 95%], n = 3
        >>> round(csi(answers, weights={"service": 60, "price": 40}).value, 1)
        65.0
    """
    found = read_attributes(
        perceptions, expectations, weights=weights, method=method, index=index, scale=scale,
        columns=columns,
    )  # fmt: skip
    return score_of_attributes(found, "csi", level=level, interval=interval)


def csi_of_means(
    perceptions: AnyItems,
    expectations: AnyItems | None = None,
    *,
    weights: object = None,
    method: CsiMethod | None = None,
    index: CsiIndex = "percent_of_maximum",
    scale: Scale | None = None,
) -> float:
    """Return the CSI of means, one number for each attribute, where the answers are not at hand.

    A plain number and no ``Score``: means do not tell how many answered, nor how sure they are.

    Args:
        perceptions: Mean answer on each attribute.
        expectations: Mean expectation of each.
        weights: As in ``csi``.
        method: As in ``csi``.
        index: As in ``csi``.
        scale: As in ``csi``.

    Raises:
        ColumnError: Attributes or weights do not match.
        RatingError: A mean is off the scale, or these are answers and not means.

    Example:
        >>> got = {"service": 4.1, "speed": 3.2, "price": 3.8}
        >>> expected = {"service": 4.5, "speed": 4.0, "price": 3.5}
        >>> points = {"service": 50, "speed": 30, "price": 20}
        >>> round(csi_of_means(got, expected, weights=points), 6)
        -0.38
    """
    if not is_means(perceptions):
        raise RatingError("These are answers, not one mean for each attribute; use csi for them.")
    return read_attributes(
        perceptions, expectations, weights=weights, method=method, index=index, scale=scale,
        columns=None,
    ).value  # fmt: skip


def acsi(
    items: Items,
    *,
    weights: object = None,
    scale: Scale | None = None,
    columns: Sequence[str] | None = None,
    level: float = 0.95,
    interval: ItemInterval = "score",
) -> Score:
    """ACSI: weighted mean of three questions, 0–100.

    Args:
        items: Answers on satisfaction, on expectations met and on closeness to the ideal: three
            columns, one row for each respondent; or a mapping from item to answers.
        weights: From item to any positive number; equal if not given. The weights of the American
            index itself come from its own model and are not public.
        scale: Lowest and highest answer; if not given, as a comments table notes, else 1–10.
        columns: The three items, where the table has more columns.
        level: Confidence level of the interval.
        interval: ``score``, ``t`` or ``bca``, of the respondents' own indexes.

    Returns:
        An index from 0 to 100; ``details`` holds that of each item.

    Raises:
        RatingError: There are not three items, an answer is off the scale, or nobody answered all.

    Example:
        >>> print(acsi({"satisfaction": [8, 9], "expectancy": [7, 8], "ideal": [7, 7]}))
        ACSI (equal_weights) 74.07 [25.36 to 91.12, 95%], n = 2
    """
    found = read_attributes(
        items, None, weights=weights, method="weighted", index="percent_of_maximum",
        scale=scale, columns=columns, default=_ACSI_SCALE,
    )  # fmt: skip
    if len(found.names) != 3:
        raise RatingError(
            f"The ACSI has three items, satisfaction, expectancy and ideal, not "
            f"{len(found.names)} ({', '.join(found.names)}); name them with columns, or use csi."
        )
    return score_of_attributes(found, "acsi", level=level, interval=interval, given=weights)


def score_of_attributes(
    found: Attributes,
    metric: str,
    *,
    level: float,
    interval: ItemInterval = "score",
    given: object = None,
) -> Score:
    """Return the score of attributes that were read.

    Raises:
        RatingError: There are only means, which have no interval.
    """
    if found.means:
        raise RatingError(
            "Means alone have no interval, so they make no score; use csi_of_means, or give the "
            "answers of each respondent."
        )
    own = found.figures @ found.weights
    low, high, made = composite_interval(own, *found.bounds(), level=level, interval=interval)
    value = found.value
    gap = found.method == "gap"
    method = found.method if metric == "csi" else "given_weights"
    return Score(
        metric=metric,
        method="equal_weights" if metric == "acsi" and given is None else method,
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=found.n,
        n_missing=found.rows - found.n,
        level=level,
        interval=made,
        unit="rating" if gap or found.index == "mean" else "index",
        details=_items(found) if metric == "acsi" else _details(found),
        scale=found.scale,
        notes=_notes(found),
    )


def _items(found: Attributes) -> dict[str, float]:
    return dict(zip(found.names, map(float, found.figures.mean(axis=0)), strict=True))


def _details(found: Attributes) -> dict[str, float]:
    """Return the same answers by other definitions."""
    weighted = float((found.perceptions.mean(axis=0) * found.weights).sum())
    details = {"unweighted": float(found.figures.mean()), "perception": weighted}
    if found.expectations is not None:
        details["expectation"] = float((found.expectations.mean(axis=0) * found.weights).sum())
    else:
        for index in ("percent_of_maximum", "percent_of_highest"):
            if index != found.index and found.scale[0] >= 0:
                details[index] = float(
                    (
                        mapped(found.perceptions, found.scale, index).mean(axis=0) * found.weights
                    ).sum()
                )
    if found.n < found.rows:
        details["every_answer"] = found.every_answer
    return details


def _notes(found: Attributes) -> tuple[str, ...]:
    fixed = ("The expectations are given numbers, which the interval takes as exact.",)
    return incomplete_note(found.rows, found.n) + (fixed if found.fixed else ())
