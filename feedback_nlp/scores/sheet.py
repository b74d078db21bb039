"""All there is to say about one rating, on one sheet: score, targets, segments, time, traps."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.markup import Part, parts_html, parts_markdown
from feedback_nlp.records import Difference, Score
from feedback_nlp.schema import info
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.benchmarks import judge_all
from feedback_nlp.scores.over_time.control import ControlChart, control_chart
from feedback_nlp.scores.over_time.periods import usual_period
from feedback_nlp.scores.over_time.trends import before_after, change_table
from feedback_nlp.scores.sheet_parts import parts_of
from feedback_nlp.scores.spread import Distribution, distribution
from feedback_nlp.scores.survey import score_of
from feedback_nlp.scores.table import score_table
from feedback_nlp.scores.targets import Target
from feedback_nlp.scores.traps.ceilings import Ceiling, ceiling
from feedback_nlp.scores.traps.hidden import hidden_groups
from feedback_nlp.scores.traps.sensitivity import sensitivity
from feedback_nlp.scores.traps.suspicious import suspicious_answers
from feedback_nlp.scores.traps.writers import ResponseBias, response_bias

_DATED = {0: "There are no dates", 1: "Only one answer has a date"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreSheet:
    """Everything about one rating.

    Attributes:
        rating: Its name.
        score: The score of all respondents.
        distribution: How the answers are spread.
        targets: What the score says of each target: see ``judge_all``.
        segments: Scores by the columns asked for, or by each segment column: see ``score_table``.
        changes: Scores by period with their changes (see ``change_table``); empty without dates.
        chart: Shifts over time; ``None`` without dates.
        since: Score from the day asked for on minus the score before; ``None`` if none is asked.
        day: That day, as it was given; blank if none is asked.
        hidden: Groups that lie below the rest: see ``hidden_groups``; empty without segments.
        ceiling: Answers at the ends of the scale.
        bias: Those who wrote beside those who did not; ``None`` without comments.
        suspicious: Answers worth a second look: see ``suspicious_answers``.
        sensitivity: The score with and without them: see ``sensitivity``.
        notes: What was left out, and why.
    """

    rating: str
    score: Score
    distribution: Distribution
    targets: pd.DataFrame
    segments: Mapping[str, pd.DataFrame]
    changes: pd.DataFrame
    chart: ControlChart | None
    hidden: pd.DataFrame
    ceiling: Ceiling
    bias: ResponseBias | None
    suspicious: pd.DataFrame
    sensitivity: pd.DataFrame
    since: Difference | None = None
    day: str = ""
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What stands above the sheet."""
        named = "" if self.rating == self.score.metric else f" of {self.rating}"
        return f"{self.score.metric.upper()}{named}"

    def parts(self) -> tuple[Part, ...]:
        """Return the sheet in pieces to read, each a title, sentences and a table."""
        return parts_of(self)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values: tables as lists of rows, missing as ``None``."""
        return {name: as_plain(getattr(self, name)) for name in self.__slots__}

    def to_markdown(self) -> str:
        """Return the sheet as Markdown, strangers' text escaped."""
        return parts_markdown(self.title, self.parts())

    def _repr_html_(self) -> str:
        return parts_html(self.title, self.parts())

    def __str__(self) -> str:
        return self.to_markdown()


def score_sheet(
    comments: pd.DataFrame,
    rating: str = "nps",
    *,
    by: Sequence[str] | str = (),
    period: str | None = None,
    min_n: int = 10,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    targets: Iterable[Target] | None = None,
    weights: str | None = None,
    population: int | None = None,
    since: str | dt.date | None = None,
    seed: int = 0,
) -> ScoreSheet:
    """Return everything about one rating of a comments table.

    Args:
        comments: A comments table; its respondents are counted once.
        rating: The rating column; high answers are the good ones.
        by: Columns to split by, together; each segment column that the table notes, one by one,
            if none is given.
        period: ``day``, ``week``, ``month``, ``quarter`` or ``year``; if not given, what gives
            few enough periods.
        min_n: Groups with fewer answers get no score.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.
        targets: What counts as good; the targets that come with the package if not given.
        weights: Column of weights; used for the score and its segments.
        population: How many people there are in all; used for the score.
        since: A day, such as that of a measure: what was before it is compared with what is from it
            on, see ``before_after``.
        seed: Of the random draws of the control chart.

    Raises:
        ColumnError: A column is missing.
        RatingError: As for the score itself.

    Example:
        >>> comments = pd.DataFrame({"comment_id": range(40), "nps": [9, 10, 7, 3] * 10})
        >>> sheet = score_sheet(comments)
        >>> print(sheet.score)
        NPS (standard) +25.0 [-1.9 to +48.2, 95%], n = 40
        >>> sheet.parts()[3].title
        'What a good score can hide'
    """
    chosen: dict[str, Any] = {"metric": metric, "method": method, "scale": scale, "level": level}
    score = score_of(comments, rating, weights=weights, population=population, **chosen)
    asked = [by] if isinstance(by, str) else list(by or ())
    noted = [name for name in info(comments).get("segments", []) if name in comments.columns]
    splits = [asked] if asked else [[name] for name in noted]
    weighted = {**chosen, "weights": weights, "min_n": min_n}
    segments = {
        " and ".join(names): score_table(comments, rating, by=names, **weighted) for names in splits
    }
    columns = [name for name in dict.fromkeys([*asked, *noted]) if name in comments.columns]
    flagged = suspicious_answers(comments)
    changes, chart, notes = _over_time(comments, rating, period, {**chosen, "min_n": min_n}, seed)
    if weights:
        notes += ("Weights are used for the score and its segments, and for nothing else here.",)
    return ScoreSheet(
        rating=rating, score=score, targets=judge_all(score, targets), segments=segments,
        distribution=distribution(comments, rating=rating, scale=score.scale, level=level),
        changes=changes, chart=chart, notes=notes,
        hidden=(
            hidden_groups(comments, rating, by=columns, min_n=min_n, **chosen)
            if columns else pd.DataFrame()
        ),
        ceiling=ceiling(comments, rating, scale=score.scale, level=level),
        bias=response_bias(comments, rating, **chosen) if "text" in comments.columns else None,
        since=None if since is None else before_after(comments, rating, since, **chosen),
        day="" if since is None else str(since)[:10],
        suspicious=flagged, sensitivity=sensitivity(comments, rating, flagged, **chosen),
    )  # fmt: skip


def _over_time(
    comments: pd.DataFrame, rating: str, period: str | None, chosen: dict[str, Any], seed: int
) -> tuple[pd.DataFrame, ControlChart | None, tuple[str, ...]]:
    """Return changes and shifts, or nothing and why."""
    rated = comments.loc[comments[rating].notna(), "date"] if "date" in comments else None
    dated = 0 if rated is None else int(rated.notna().sum())
    if rated is None or dated in _DATED:
        return pd.DataFrame(), None, (f"{_DATED[dated]}, so nothing is said about time.",)
    period = period or usual_period(rated)
    changes = change_table(comments, rating, period=period, **chosen)
    return changes, control_chart(comments, rating, period=period, seed=seed, **chosen), ()


def as_plain(value: object) -> Any:  # noqa: ANN401
    """Return a value as JSON knows it: records and tables as dictionaries, missing as ``None``.

    Example:
        >>> as_plain({"n": np.int64(3), "low": float("nan"), "ends": (1, 5)})
        {'n': 3, 'low': None, 'ends': [1, 5]}
    """
    if isinstance(value, pd.DataFrame):
        return [as_plain(row) for row in value.astype(object).to_dict("records")]
    if hasattr(value, "to_dict"):
        return as_plain(value.to_dict())
    if is_dataclass(value) and not isinstance(value, type):
        return as_plain({name: getattr(value, name) for name in asdict(value)})
    if isinstance(value, Mapping):
        return {str(name): as_plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        return as_plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, dt.date):  # a timestamp too
        return value.isoformat()
    return value
