"""Customers won and lost: churn, retention, acquisition and net growth, from counts.

Formulas, sources and what each is not: ``docs/metrics.md``. From dates: ``lifecycle_table``.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import Score
from feedback_nlp.scores.counting import whole_count
from feedback_nlp.scores.intervals import quantile, wilson

Floats = NDArray[np.float64]
_ALL_CUSTOMERS = (
    "Where every customer is counted, the figure itself is exact for this period; the interval "
    "says how far chance alone could have moved it, so what to expect of a like period."
)


def churn_rate(*, start: int, lost: int, level: float = 0.95) -> Score:
    """Share of the customers at the start who were lost in the period, in percent.

    Args:
        start: Customers at the start of the period.
        lost: Of these, lost in the period. Customers who joined and left within it do not count.
        level: Confidence level of the interval (Wilson's).

    Raises:
        FeedbackError: A count is no whole number or negative, nobody was there at the start, or
            more were lost than were there.

    Example:
        >>> print(churn_rate(start=400, lost=20))
        CHURN (of_start) 5.0% [3.3% to 7.6%, 95%], n = 400
    """
    start, lost = _counts(start=start, lost=lost)
    _check_part(lost, start, "lost")
    return _share("churn", lost, start, {"lost": lost, "kept": start - lost}, level)


def retention_rate(*, start: int, end: int, new: int, level: float = 0.95) -> Score:
    """Share of the customers at the start who are still there at the end, in percent.

    (end − new) ÷ start × 100, which is 100 − churn.

    Args:
        start: Customers at the start of the period.
        end: Customers at its end.
        new: Of those at the end, won in the period.
        level: Confidence level of the interval (Wilson's).

    Raises:
        FeedbackError: As for ``churn_rate``; or the counts contradict one another.

    Example:
        >>> retention_rate(start=400, end=410, new=30).value
        95.0
    """
    start, end, new = _counts(start=start, end=end, new=new)
    if new > end:
        raise FeedbackError(
            f"{new} new customers are more than the {end} at the end; new counts those won in the "
            "period who are still there at its end."
        )
    _check_part(end - new, start, "kept (end − new)")
    kept = end - new
    return _share("retention", kept, start, {"lost": start - kept, "kept": kept}, level)


def acquisition_rate(*, start: int, new: int, level: float = 0.95) -> Score:
    """Customers won in the period for every 100 at the start; it can exceed 100.

    Args:
        start: Customers at the start of the period.
        new: Won in the period and still there at its end.
        level: Confidence level of the interval: the exact one of a Poisson count (Garwood 1936),
            since new customers are no part of those at the start.

    Raises:
        FeedbackError: A count is no whole number or negative, or nobody was there at the start.

    Example:
        >>> print(acquisition_rate(start=400, new=30))
        ACQUISITION (of_start) 7.5% [5.1% to 10.7%, 95%], n = 400
    """
    start, new = _counts(start=start, new=new)
    low, high = poisson_interval(new, level=level)
    return Score(
        metric="acquisition", method="of_start", value=new / start * 100,
        low=float(low) / start * 100, high=float(high) / start * 100, n=start, level=level,
        interval="poisson", unit="percent", counts={"new": new}, notes=(_ALL_CUSTOMERS,),
    )  # fmt: skip


def net_growth(*, start: int, new: int, lost: int, level: float = 0.95) -> Score:
    """Acquisition minus churn: by how many percent the customer base grew.

    Args:
        start: Customers at the start of the period.
        new: Won in the period and still there at its end.
        lost: Of those at the start, lost in the period.
        level: Confidence level of the interval: the hybrid of those of acquisition and churn.

    Returns:
        A percentage from −100. It is above 0 where churn lies below acquisition, and beyond chance
        where the interval leaves 0 out. ``details`` holds ``net_loss``, (start − end) ÷ start ×
        100, which some call churn: it is not, since new customers hide those who were lost.

    Raises:
        FeedbackError: As for ``churn_rate``.

    Example:
        >>> print(net_growth(start=400, new=30, lost=20))
        NET_GROWTH (of_start) 2.5% [-1.1% to 6.1%, 95%], n = 400
    """
    start, new, lost = _counts(start=start, new=new, lost=lost)
    _check_part(lost, start, "lost")
    rates = rates_of([start], [new], [lost], level=level)
    value, low, high = (float(rates[f"net_growth{end}"][0]) for end in ("", "_low", "_high"))
    churn, acquisition = float(rates["churn"][0]), float(rates["acquisition"][0])
    return Score(
        metric="net_growth", method="of_start", value=value, low=low, high=high, n=start,
        level=level, interval="mover", unit="percent",
        counts={"new": new, "lost": lost, "end": start + new - lost},
        details={"churn": churn, "acquisition": acquisition, "net_loss": -value},
        notes=(_growth_note(churn, acquisition, low, high), _ALL_CUSTOMERS),
    )  # fmt: skip


def rates_of(
    start: ArrayLike, new: ArrayLike, lost: ArrayLike, *, level: float = 0.95
) -> dict[str, Floats]:
    """Return churn, retention, acquisition and net growth of many periods, with their intervals.

    Args:
        start: Customers at the start of each period; where there are none the rates are missing.
        new: Won in each period.
        lost: Of those at the start, lost in it.
        level: Confidence level.

    Returns:
        Arrays in percent: ``churn``, ``churn_low``, ``churn_high``, and so on.
    """
    at_start, won, gone = (np.asarray(x, dtype=np.float64) for x in (start, new, lost))
    with np.errstate(invalid="ignore", divide="ignore"):
        base = np.where(at_start > 0, at_start, np.nan)
        churn, acquisition = gone / base * 100, won / base * 100
        churn_low, churn_high = (end * 100 for end in wilson(gone, base, level=level))
        won_low, won_high = (end / base * 100 for end in poisson_interval(won, level=level))
    growth = acquisition - churn
    below = np.hypot(acquisition - won_low, churn_high - churn)
    above = np.hypot(won_high - acquisition, churn - churn_low)
    return {
        "churn": churn, "churn_low": churn_low, "churn_high": churn_high,
        "retention": 100 - churn, "retention_low": 100 - churn_high,
        "retention_high": 100 - churn_low,
        "acquisition": acquisition, "acquisition_low": won_low, "acquisition_high": won_high,
        "net_growth": growth, "net_growth_low": np.maximum(growth - below, -100.0),
        "net_growth_high": growth + above,
    }  # fmt: skip


def poisson_interval(count: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the exact interval of a count of independent events (Garwood 1936).

    Example:
        >>> low, high = poisson_interval(10)
        >>> round(float(low), 3), round(float(high), 3)
        (4.795, 18.39)
    """
    from scipy.special import gammaincinv

    quantile(level)  # checks it
    seen = np.asarray(count, dtype=np.float64)
    tail = (1 - level) / 2
    low = np.where(seen > 0, gammaincinv(np.maximum(seen, 1e-300), tail), 0.0)
    return np.asarray(low), np.asarray(gammaincinv(seen + 1, 1 - tail))


def _counts(**counts: int) -> tuple[int, ...]:
    """Return numbers of customers, after checking them."""
    whole = tuple(whole_count(name, count) for name, count in counts.items())
    if counts["start"] == 0:
        raise FeedbackError("There were no customers at the start, so there is no rate of them.")
    return whole


def _check_part(part: int, start: int, name: str) -> None:
    if not 0 <= part <= start:
        raise FeedbackError(
            f"{part} {name} of {start} customers at the start cannot be; count only those who were "
            "there at the start, and new customers apart."
        )


def _share(metric: str, part: int, start: int, counts: dict[str, int], level: float) -> Score:
    low, high = wilson(part, start, level=level)
    return Score(
        metric=metric, method="of_start", value=part / start * 100, low=float(low) * 100,
        high=float(high) * 100, n=start, level=level, interval="wilson", unit="percent",
        counts=counts, notes=(_ALL_CUSTOMERS,),
    )  # fmt: skip


def _growth_note(churn: float, acquisition: float, low: float, high: float) -> str:
    side = "below" if churn < acquisition else "above" if churn > acquisition else "equal to"
    clear = "beyond chance" if low > 0 or high < 0 else "but not beyond chance"
    close = "" if side == "equal to" else f", {clear}"
    return f"Churn ({churn:.1f}%) is {side} acquisition ({acquisition:.1f}%){close}."
