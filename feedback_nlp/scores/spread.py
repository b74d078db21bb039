"""How the answers to one question are spread: counts, shares, middle, spread and boxes.

Formulas, sources and what each is not: ``docs/metrics.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.markup import html_table
from feedback_nlp.scores.answers import Ratings, Scale, check_scale, declared_scale, read_answers
from feedback_nlp.scores.definitions import DEFAULT_SCALES, define
from feedback_nlp.scores.intervals import is_constant, wilson
from feedback_nlp.scores.summary import summarise
from feedback_nlp.scores.survey import no_ratings
from feedback_nlp.showing import safe

Floats = NDArray[np.float64]
_MOST_POINTS = 11
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many gave an answer, or one of several.

    Attributes:
        answer: The answer; or the name of a box, such as ``top2``.
        n: Respondents who gave it.
        share: Their share in percent.
        low: Lower end of the Wilson interval of the share.
        high: Upper end.
    """

    answer: float | str
    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """How the answers to one question are spread.

    Attributes:
        rating: Name of the rating.
        scale: Lowest and highest possible answer.
        answers: Every possible answer on a scale of up to 11 whole numbers, those that nobody gave
            too; on other scales every answer that was given.
        boxes: ``top1``, ``top2``, ``bottom1``, ``bottom2``: the highest and lowest answers of the
            scale; none on more than 11 points, and no pairs on less than 4.
        mean: Mean answer.
        mean_low: Lower end of its interval, as that of ``csat`` by the method ``mean``.
        mean_high: Upper end.
        median: Middle answer.
        lower_quartile: A quarter of the answers lies below (interpolated, as numpy and R do).
        upper_quartile: Three quarters lie below.
        sd: Standard deviation (divisor n − 1); ``None`` for one answer.
        skew: Adjusted Fisher–Pearson skewness, as spreadsheets have it; below 0 where the low
            answers trail off. ``None`` for fewer than three answers, or where all are alike.
        n: Respondents who answered.
        n_missing: Respondents who did not.
        level: Confidence level of the intervals.
        notes: Plain sentences that belong to it.
    """

    rating: str
    scale: Scale
    answers: tuple[Share, ...]
    boxes: tuple[Share, ...]
    mean: float
    mean_low: float
    mean_high: float
    median: float
    lower_quartile: float
    upper_quartile: float
    sd: float | None
    skew: float | None
    n: int
    n_missing: int = 0
    level: float = 0.95
    notes: tuple[str, ...] = ()

    @property
    def iqr(self) -> float:
        """Distance between the quartiles, which the middle half of the answers lies between."""
        return self.upper_quartile - self.lower_quartile

    @property
    def table(self) -> pd.DataFrame:
        """The answers as a table: ``answer``, ``n``, ``share``, ``low``, ``high``."""
        return pd.DataFrame([asdict(share) for share in self.answers])

    @property
    def box_table(self) -> pd.DataFrame:
        """The boxes as a table: ``box``, ``n``, ``share``, ``low``, ``high``."""
        names = [field.name for field in fields(Share)]
        boxes = pd.DataFrame([asdict(share) for share in self.boxes], columns=names)
        return boxes.rename(columns={"answer": "box"})

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        plain = {
            "scale": list(self.scale),
            "answers": [asdict(share) for share in self.answers],
            "boxes": [asdict(share) for share in self.boxes],
            "notes": list(self.notes),
        }
        return {field.name: getattr(self, field.name) for field in fields(self)} | plain

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build a distribution from what ``to_dict`` returned."""
        low, high = values["scale"]
        shares = {k: tuple(Share(**share) for share in values[k]) for k in ("answers", "boxes")}
        notes = tuple(values.get("notes", ()))
        return cls(**{**values, **shares, "scale": (low, high), "notes": notes})

    def __str__(self) -> str:
        lines = [f"{safe(self.rating)}, {self.scale[0]:g}–{self.scale[1]:g}: {self._counted()}"]
        rows = self._rows()
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        lines += ["  ".join(x.rjust(w) for x, w in zip(row, widths, strict=True)) for row in rows]
        return "\n".join([*lines, *self._figures(), *self.notes])

    def _repr_html_(self) -> str:
        caption = ". ".join([f"{self.rating}: {self._counted()}", *self._figures(), *self.notes])
        heads, *rows = self._rows()
        return html_table(heads, rows, caption=caption)

    def _counted(self) -> str:
        return f"n = {self.n:,}, missing {self.n_missing:,}"

    def _rows(self) -> list[tuple[str, ...]]:
        """Return heading, answers and boxes as they are shown."""
        shown = [*self.answers[:_MOST_SHOWN], *self.boxes]
        rows: list[tuple[str, ...]] = [("answer", "n", "share", f"{self.level * 100:g}%")]
        for share in shown:
            name = share.answer if isinstance(share.answer, str) else f"{share.answer:g}"
            ends = f"{share.low:.1f} to {share.high:.1f}%"
            rows.append((name, f"{share.n:,}", f"{share.share:.1f}%", ends))
        return rows

    def _figures(self) -> list[str]:
        """Return mean, median and spread in words."""
        spread = "" if self.sd is None else f", sd {self.sd:.2f}"
        skew = "" if self.skew is None else f", skew {self.skew:+.2f}"
        left = len(self.answers) - _MOST_SHOWN
        hidden = [f"{left} more answers are not shown"] if left > 0 else []
        return [
            *hidden,
            f"mean {self.mean:.2f} [{self.mean_low:.2f} to {self.mean_high:.2f}, "
            f"{self.level * 100:g}%], median {self.median:g}{spread}{skew}, "
            f"quartiles {self.lower_quartile:g} and {self.upper_quartile:g}",
        ]


def distribution(
    ratings: Ratings,
    *,
    scale: Scale | None = None,
    rating: str = "rating",
    level: float = 0.95,
) -> Distribution:
    """Return how the answers are spread over the scale.

    Args:
        ratings: One answer for each respondent, or a comments table.
        scale: Lowest and highest possible answer; if not given, as a comments table notes, else
            that of a rating called ``nps``, ``csat`` or ``ces``. It is never guessed.
        rating: Name of the rating: its column where a table is given.
        level: Confidence level of the intervals.

    Raises:
        RatingError: An answer is off the scale, or no answer is left.
        FeedbackError: Nothing says which scale it is.

    Example:
        >>> print(distribution([5, 4, 4, 1, None], scale=(1, 5), rating="csat"))
        csat, 1–5: n = 4, missing 1
         answer  n  share            95%
              1  1  25.0%   4.6 to 69.9%
              2  0   0.0%   0.0 to 49.0%
              3  0   0.0%   0.0 to 49.0%
              4  2  50.0%  15.0 to 85.0%
              5  1  25.0%   4.6 to 69.9%
           top1  1  25.0%   4.6 to 69.9%
           top2  3  75.0%  30.1 to 95.4%
        bottom1  1  25.0%   4.6 to 69.9%
        bottom2  1  25.0%   4.6 to 69.9%
        mean 3.50 [2.00 to 4.43, 95%], median 4, sd 1.73, skew -1.54, quartiles 3.25 and 4.25
        Nobody gave 2 of the 5 possible answers.
    """
    known = scale or declared_scale(ratings, rating) or DEFAULT_SCALES.get(rating)
    if known is None:
        raise FeedbackError(
            f"Nothing says on which scale {rating!r} was asked; give its lowest and highest answer "
            "with scale=(1, 5)."
        )
    low, high = check_scale(known)
    answers = read_answers(ratings, rating, (low, high))
    given = answers[~np.isnan(answers)]
    if not given.size:
        raise no_ratings(rating, answers.size)
    listed, whole = _possible(given, (low, high))
    counts = (
        (given[:, None] == listed).sum(axis=0) if whole else np.unique(given, return_counts=True)[1]
    )
    sd = float(given.std(ddof=1)) if given.size > 1 else None
    mean = summarise(given, define("csat", "mean", (low, high)), level=level)
    quartiles = np.quantile(given, [0.25, 0.5, 0.75])
    return Distribution(
        rating=rating,
        scale=(low, high),
        answers=_shares([float(answer) for answer in listed], counts, given.size, level),
        boxes=_boxes(given, (low, high), level) if whole else (),
        mean=float(mean.value[0]),
        mean_low=float(mean.low[0]),
        mean_high=float(mean.high[0]),
        median=float(quartiles[1]),
        lower_quartile=float(quartiles[0]),
        upper_quartile=float(quartiles[2]),
        sd=sd,
        skew=_skew(given, sd, high - low),
        n=given.size,
        n_missing=answers.size - given.size,
        level=level,
        notes=_notes(whole, counts),
    )


def _possible(given: Floats, scale: Scale) -> tuple[Floats, bool]:
    """Return the answers to list, and whether they are all that are possible."""
    low, high = scale
    ends_whole = low == np.floor(low) and high == np.floor(high)
    if ends_whole and high - low + 1 <= _MOST_POINTS and (given == np.floor(given)).all():
        return np.arange(low, high + 1), True
    return np.unique(given), False


def _shares(
    names: Sequence[float | str], counts: NDArray[np.int64], n: int, level: float
) -> tuple[Share, ...]:
    low, high = wilson(counts, n, level=level)
    return tuple(
        Share(
            answer=name, n=int(counts[i]), share=float(counts[i] / n * 100),
            low=float(low[i] * 100), high=float(high[i] * 100),
        )
        for i, name in enumerate(names)
    )  # fmt: skip


def _boxes(given: Floats, scale: Scale, level: float) -> tuple[Share, ...]:
    low, high = scale
    boxes = {"top1": given >= high, "top2": given >= high - 1}
    boxes |= {"bottom1": given <= low, "bottom2": given <= low + 1}
    if high - low + 1 < 4:  # two answers would be most of the scale
        boxes = {name: box for name, box in boxes.items() if name.endswith("1")}
    counts = np.array([box.sum() for box in boxes.values()], dtype=np.int64)
    return _shares(list(boxes), counts, given.size, level)


def _skew(given: Floats, sd: float | None, span: float) -> float | None:
    from scipy.stats import skew

    if given.size < 3 or is_constant(np.asarray(sd), np.asarray(float(given.size)), span):
        return None
    return float(skew(given, bias=False))


def _notes(whole: bool, counts: NDArray[np.int64]) -> tuple[str, ...]:
    if not whole:
        return ("Only answers that were given are listed; there are no boxes on this scale.",)
    unused = int((counts == 0).sum())
    if not unused:
        return ()
    return (f"Nobody gave {unused} of the {counts.size} possible answers.",)
