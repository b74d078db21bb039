"""What each score is: which answers belong to which group, and what one respondent contributes.

Every score here is the mean of the respondents' contributions (an NPS of 100, 0 and −100; a share
of 100 and 0; a mean of the answers), so scores, tables and drivers share one definition and cannot
disagree.
"""

from dataclasses import dataclass
from math import floor
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError, RatingError
from feedback_nlp.scores.answers import Scale, check_scale

Kind = Literal["net", "share", "mean"]
Direction = Literal["ease", "effort"]

METRICS = ("nps", "csat", "ces")
METHODS = {
    "nps": ("standard",),
    "csat": ("top2", "top1", "mean", "percent_of_maximum", "percent_of_highest"),
    "ces": ("mean", "agreement", "net"),
}
DEFAULT_SCALES: dict[str, Scale] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
GROUPS = {
    "nps": ("detractors", "passives", "promoters"),
    "csat": ("dissatisfied", "neutral", "satisfied"),
    "ces": ("difficult", "neutral", "easy"),
}
NPS_SCALES: tuple[Scale, ...] = ((0, 10), (1, 10))
# Only where it is asked for: a wider cut point, for scales of seven and more points.
MORE_METHODS = {"csat": ("top3",)}
BOXES = {"top1": 1, "top2": 2, "top3": 3}
_NUMBERS = {2: "two", 3: "three"}
_MOST_POINTS = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One score, fully said.

    Attributes:
        metric: ``nps``, ``csat`` or ``ces``.
        method: Which definition of it, such as ``top2``.
        scale: Lowest and highest answer.
        kind: ``net`` (share of the top group minus share of the low group), ``share`` (of the top
            group) or ``mean``.
        unit: ``points``, ``percent`` or ``rating``.
        low_below: Answers below this one are in the low group (detractors, dissatisfied,
            difficult).
        top_from: Answers from this one on are in the top group (promoters, satisfied, easy).
        turned: True where a low answer is the good one: contributions and groups use the turned
            answer.
    """

    metric: str
    method: str
    scale: Scale
    kind: Kind
    unit: str
    low_below: float
    top_from: float
    turned: bool = False

    @property
    def groups(self) -> tuple[str, str, str]:
        """Names of the low, middle and top group."""
        low, middle, top = GROUPS[self.metric]
        return low, middle, top

    @property
    def minimum(self) -> float:
        """The lowest possible contribution, and score."""
        if self.kind == "net":
            return -100.0
        if self.method == "percent_of_highest":
            return self.scale[0] / self.scale[1] * 100
        return self.scale[0] if self.method == "mean" else 0.0

    @property
    def maximum(self) -> float:
        """The highest possible contribution, and score."""
        return self.scale[1] if self.method == "mean" else 100.0

    def good(self, answers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the answers with high meaning good."""
        return sum(self.scale) - answers if self.turned else answers

    def group(self, answers: NDArray[np.float64]) -> NDArray[np.int8]:
        """Return 0, 1 or 2 for the low, middle and top group, and −1 for a missing answer."""
        good = self.good(answers)
        codes = (good >= self.low_below).astype(np.int8) + (good >= self.top_from).astype(np.int8)
        codes[np.isnan(good)] = -1
        return codes

    def contribution(self, answers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each answer contributes; their mean is the score (high is good)."""
        good = self.good(answers)
        if self.method == "mean":
            return good
        if self.method == "percent_of_maximum":
            low, high = self.scale
            return (good - low) / (high - low) * 100
        if self.method == "percent_of_highest":
            return good / self.scale[1] * 100
        worth = [-100.0, 0.0, 100.0] if self.kind == "net" else [0.0, 0.0, 100.0]
        return np.array([*worth, np.nan])[self.group(answers)]

    def worth(self, answers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each answer adds to the score: a mean is given as it was asked."""
        return answers if self.method == "mean" else self.contribution(answers)


def define(
    metric: str,
    method: str | None = None,
    scale: Scale | None = None,
    direction: Direction = "ease",
) -> Definition:
    """Return the definition of a score.

    Args:
        metric: ``nps``, ``csat`` or ``ces``.
        method: One of the metric's methods; if not given, the usual one for the scale: NPS
            ``standard``; CSAT ``top2`` on 4 to 11 points, ``top1`` below and ``mean`` above; CES
            ``mean``.
        scale: Lowest and highest answer; if not given 0–10, 1–5 and 1–7.
        direction: For CES: ``ease`` where a high answer is good, ``effort`` where it is bad.

    Raises:
        RatingError: The score does not exist on this scale.
        FeedbackError: No such metric, method or direction.

    Example:
        >>> define("csat", scale=(1, 10)).top_from
        9.0
    """
    _check_choice("metric", metric, METRICS)
    _check_choice("direction", direction, ("ease", "effort"))
    low, high = check_scale(DEFAULT_SCALES[metric] if scale is None else scale)
    method = usual_method(metric, (low, high)) if method is None else method
    _check_choice(f"method of {metric}", method, (*METHODS[metric], *MORE_METHODS.get(metric, ())))
    if metric == "nps":
        return _define_nps((low, high))
    if metric == "csat":
        return _define_csat(method, (low, high))
    return _define_ces(method, (low, high), direction)


def usual_method(metric: str, scale: Scale) -> str:
    """Return the method a metric is computed by when none is asked for."""
    if metric != "csat":
        return METHODS[metric][0]
    points = scale[1] - scale[0] + 1
    if points > _MOST_POINTS:
        return "mean"
    return "top2" if points >= 4 else "top1"


def _define_nps(scale: Scale) -> Definition:
    if scale not in NPS_SCALES:
        raise RatingError(
            f"The scale {scale[0]:g}–{scale[1]:g} is not that of the NPS question, which is 0–10 "
            "(or 1–10, declared with scale=(1, 10)); use csat for these answers."
        )
    return Definition(
        metric="nps", method="standard", scale=scale, kind="net", unit="points",
        low_below=7, top_from=9,
    )  # fmt: skip


def _define_csat(method: str, scale: Scale) -> Definition:
    low, high = scale
    points = high - low + 1
    _check_csat(method, scale)
    boxed = high - 1 if points >= 4 else high
    if points > _MOST_POINTS:
        boxed = high - (high - low) / 4
    if method in BOXES:
        boxed = high - BOXES[method] + 1
    return Definition(
        metric="csat", method=method, scale=scale, kind="share" if method in BOXES else "mean",
        unit="rating" if method == "mean" else "percent",
        low_below=(low + high) / 2, top_from=boxed,
    )  # fmt: skip


def _check_csat(method: str, scale: Scale) -> None:
    """Raise if a definition of CSAT makes no sense on a scale."""
    low, high = scale
    points = high - low + 1
    boxes = BOXES.get(method, 0)
    if boxes:
        _check_boxes(scale, "'mean' or 'percent_of_maximum'")
    if boxes > 1 and points < (4 if boxes == 2 else 7):
        fewer = (
            "method='top1', the share of the best answer" if points < 4
            else "method='top2', the share of the two best answers"
        )  # fmt: skip
        raise RatingError(
            f"A {points:g}-point scale has no top-{boxes}-box: {_NUMBERS[boxes]} answers are most "
            f"of it. Use {fewer}."
        )
    if method == "percent_of_highest" and low < 0:
        raise RatingError(
            f"On the scale {low:g}–{high:g} with negative answers there is no percentage of the "
            "highest answer. Use method='percent_of_maximum', which starts at the lowest answer."
        )


def _define_ces(method: str, scale: Scale, direction: Direction) -> Definition:
    low, high = scale
    if method == "net":
        _check_boxes(scale, "'mean' or 'agreement'")
    middle = (low + high) / 2
    above = float(np.nextafter(middle, high))  # any answer beyond it, 4.5 of 1–7 too
    best = max(high - 1, float(floor(middle) + 1))
    kinds: dict[str, Kind] = {"mean": "mean", "agreement": "share", "net": "net"}
    units = {"mean": "rating", "agreement": "percent", "net": "points"}
    return Definition(
        metric="ces", method=method, scale=scale, kind=kinds[method], unit=units[method],
        low_below=middle, top_from=best if method == "net" else above,
        turned=direction == "effort",
    )  # fmt: skip


def _check_boxes(scale: Scale, instead: str) -> None:
    if scale[1] - scale[0] + 1 > _MOST_POINTS:
        raise RatingError(
            f"The scale {scale[0]:g}–{scale[1]:g} has no answer boxes. Use method={instead}."
        )


def _check_choice(kind: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise FeedbackError(f"No {kind} {given!r}; choose {', '.join(choices)}.")
