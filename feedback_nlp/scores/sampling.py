"""How many answered, how sure that makes a figure, and how many answers a plan needs.

Formulas, sources and what each is not: ``docs/metrics.md``. These are plans with textbook formulas;
the interval of a score itself comes with the score.
"""

from math import ceil, sqrt

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import Score
from feedback_nlp.scores.counting import whole_count
from feedback_nlp.scores.intervals import quantile, wilson

_SMALLEST = 1e-6  # a margin that needs a million million answers
_PSEUDO = 3  # answers that the adjusted Wald interval of an NPS adds


def response_rate(answers: int, invited: int, *, level: float = 0.95) -> Score:
    """Share of those invited who answered, in percent.

    Args:
        answers: How many answered.
        invited: How many were invited.
        level: Confidence level of the interval (Wilson's): what to expect of a like invitation. It
            says nothing of how those who did not answer think.

    Raises:
        FeedbackError: A count is no whole number or negative, or more answered than were invited.

    Example:
        >>> print(response_rate(132, 180))
        RESPONSE_RATE (of_invited) 73.3% [66.4% to 79.3%, 95%], n = 180
    """
    given, asked = whole_count("answers", answers), whole_count("invited", invited)
    if asked == 0 or given > asked:
        raise FeedbackError(
            f"{given} answers of {asked} invited is no rate; invited counts everyone who was "
            "asked, and answers those of them who answered."
        )
    low, high = wilson(given, asked, level=level)
    return Score(
        metric="response_rate", method="of_invited", value=given / asked * 100,
        low=float(low) * 100, high=float(high) * 100, n=asked, level=level, interval="wilson",
        unit="percent", counts={"answered": given, "silent": asked - given},
        notes=("Those who did not answer may think otherwise; no interval covers that.",),
    )  # fmt: skip


def margin_of_error(
    n: int, *, share: float = 0.5, population: int | None = None, level: float = 0.95
) -> float:
    """Return the margin of error of a share, itself a share: 0.05 is 5 percentage points.

    Args:
        n: Answers.
        share: The share expected, between 0 and 1; 0.5 has the widest margin.
        population: How many people there are in all; if given, the margin shrinks as ``n`` comes
            near it, to 0 where all of them answered.
        level: Confidence level.

    Raises:
        FeedbackError: A number is out of range.

    Example:
        >>> round(margin_of_error(300), 6), round(margin_of_error(300, population=1000), 6)
        (0.056579, 0.047361)
    """
    answers = _answers(n, population)
    variance = _share(share) * (1 - share)
    return quantile(level) * sqrt(variance / answers) * _correction(answers, population)


def sample_size(
    margin: float, *, share: float = 0.5, population: int | None = None, level: float = 0.95
) -> int:
    """Return how many answers a share needs for a margin of error.

    Args:
        margin: The margin wanted, as a share: 0.05 is ±5 percentage points.
        share: The share expected; 0.5 needs the most answers.
        population: How many people there are in all, if few.
        level: Confidence level.

    Raises:
        FeedbackError: A number is out of range.

    Example:
        >>> sample_size(0.05), sample_size(0.05, population=1000)
        (385, 278)
    """
    if not 0 < margin < 1:
        raise FeedbackError(
            f"The margin {margin} is not between 0 and 1; write 0.05 for 5 percentage points."
        )
    _reachable("margin", margin, margin)
    needed = quantile(level) ** 2 * _share(share) * (1 - share) / margin**2
    return _finite(needed, population)


def nps_variance(detractors: float, passives: float, promoters: float) -> float:
    """Return the variance of an NPS question, 0–1, from the number or share of each group.

    (p + d) − (p − d)² with the shares of promoters and detractors.

    Raises:
        FeedbackError: A number is negative, or all are 0.

    Example:
        >>> round(nps_variance(20, 30, 50), 2)
        0.61
    """
    total = detractors + passives + promoters
    if not (min(detractors, passives, promoters) >= 0 and 0 < total < float("inf")):
        raise FeedbackError(
            f"{detractors}, {passives} and {promoters} are not the numbers of detractors, passives "
            "and promoters; give counts or shares from 0, not all of them 0."
        )
    bad, good = detractors / total, promoters / total
    return (good + bad) - (good - bad) ** 2


def nps_margin_of_error(
    n: int, *, variance: float, population: int | None = None, level: float = 0.95
) -> float:
    """Return the margin of error of an NPS, in points.

    That of the adjusted Wald interval, z √(variance ÷ (n + 3)) × 100, for a variance that is known.

    Args:
        n: Answers.
        variance: Variance of the question, 0–1; see ``nps_variance``. 1 is the worst there is (half
            promoters, half detractors).
        population: How many people there are in all, if few.
        level: Confidence level.

    Raises:
        FeedbackError: A number is out of range.

    Example:
        >>> round(nps_margin_of_error(400, variance=0.61), 2)
        7.63
    """
    answers = _answers(n, population)
    spread = sqrt(_variance(variance) / (answers + _PSEUDO))
    return quantile(level) * spread * _correction(answers, population) * 100


def sample_size_for_nps_margin(
    margin: float, *, variance: float, population: int | None = None, level: float = 0.95
) -> int:
    """Return how many answers an NPS needs for a margin of error in points.

    Args:
        margin: The margin wanted, in points: 5 is ±5.
        variance: As in ``nps_margin_of_error``.
        population: How many people there are in all, if few.
        level: Confidence level.

    Raises:
        FeedbackError: A number is out of range.

    Example:
        >>> sample_size_for_nps_margin(5, variance=0.61)
        935
    """
    share = _points("margin", margin)
    wanted = quantile(level) ** 2 * _variance(variance) / share**2
    if population is None:
        return _finite(wanted - _PSEUDO, None)
    others = _people(population) - 1
    return _rounded((wanted * population - _PSEUDO * others) / (wanted + others), population)


def sample_size_for_nps_difference(
    difference: float,
    *,
    variance: float | tuple[float, float],
    power: float = 0.8,
    level: float = 0.95,
) -> int:
    """Return how many answers each of two groups needs to tell their NPS apart.

    (variance of the one + of the other) × (z of the level + z of the power)² ÷ difference² − 3,
    for a two-sided test.

    Args:
        difference: The smallest difference that should be seen, in points.
        variance: Variance of the question in each group, or in both, 0–1; see ``nps_variance``.
        power: How often a difference of that size should be seen, 0–1.
        level: 1 − how often a difference should be seen where there is none.

    Raises:
        FeedbackError: A number is out of range.

    Example:
        >>> sample_size_for_nps_difference(10, variance=0.61)
        955
    """
    from scipy.special import ndtri

    if not 0 < power < 1:
        raise FeedbackError(f"The power {power} is not between 0 and 1; write 0.8 for 80 %.")
    share = _points("difference", difference)
    one, two = variance if isinstance(variance, tuple) else (variance, variance)
    z = quantile(level) + float(ndtri(power))
    return _finite((_variance(one) + _variance(two)) * max(z, 0) ** 2 / share**2 - _PSEUDO, None)


def _answers(n: int, population: int | None) -> int:
    answers = whole_count("n", n)
    if answers == 0:
        raise FeedbackError("n is 0; without answers there is no margin of error.")
    if population is not None and answers > whole_count("population", population):
        raise FeedbackError(f"{answers} answers are more than the {population} people there are.")
    return answers


def _share(share: float) -> float:
    if not 0 < share < 1:
        raise FeedbackError(
            f"The share {share} is not between 0 and 1 (at the ends this formula would give a "
            "margin of nothing); write 0.5 for 50 %, the widest."
        )
    return share


def _variance(variance: float) -> float:
    if not 0 < variance <= 1:
        raise FeedbackError(
            f"The variance {variance} of an NPS is not above 0 and up to 1; nps_variance gives it, "
            "and 1 is the worst there is."
        )
    return variance


def _points(name: str, points: float) -> float:
    if not 0 < points <= 200:
        raise FeedbackError(f"The {name} {points} is not between 0 and 200 points of NPS.")
    _reachable(name, points, points / 100)
    return points / 100


def _reachable(name: str, points: float, share: float) -> None:
    if share < _SMALLEST:
        raise FeedbackError(
            f"The {name} {points} is too small: it needs more answers than there are people. "
            "Choose a wider one."
        )


def _correction(n: int, population: int | None) -> float:
    """Return the finite population correction of a standard error."""
    if population is None:
        return 1.0
    return sqrt((population - n) / max(population - 1, 1))


def _finite(needed: float, population: int | None) -> int:
    """Return a sample size as a whole number, corrected for a small population."""
    if population is None:
        return _rounded(needed, None)
    people = _people(population)
    return _rounded(needed / (1 + (needed - 1) / people) if needed > 1 else needed, people)


def _people(population: int) -> int:
    people = whole_count("population", population)
    if people == 0:
        raise FeedbackError("population is 0; it is how many people there are in all.")
    return people


def _rounded(needed: float, most: int | None) -> int:
    whole = max(ceil(needed - 1e-9), 1)
    return whole if most is None else min(whole, most)
