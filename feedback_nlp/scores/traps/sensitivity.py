"""What hangs on the suspicious answers: the score with all, and without those flagged."""

import numpy as np
import pandas as pd

from feedback_nlp.records import Score
from feedback_nlp.scores.answers import Scale, read_people, to_floats
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.survey import score_from
from feedback_nlp.showing import amount, counted, interval, points

_LEFT_OUT = {
    "burst": "those in bursts of one answer",
    "alike": "those with comments like those of others",
    "straight_line": "those with the same answer to every question",
}


def sensitivity(
    comments: pd.DataFrame,
    rating: str,
    flags: pd.DataFrame,
    *,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Return the score of all, without each kind of flagged respondents, and without all of them.

    A check, not a correction: the score is that of all. Where it hardly changes, the suspicious
    answers do not matter; where it changes much, they should be looked at.

    Args:
        comments: The comments table that was looked at.
        rating: The rating column.
        flags: What ``suspicious_answers`` returned for the table.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.

    Returns:
        ``without`` (``nobody``, the kinds flagged, and ``all flagged`` where there are several
        kinds), ``value``, ``low``, ``high``,
        ``n``, ``n_without`` (flagged respondents with a rating), ``change`` (from the score of
        all) and ``sentence``. The score is missing where nobody is left.

    Raises:
        ColumnError: A column is missing.
        RatingError: As for the score itself.

    Example:
        >>> comments = pd.DataFrame({"comment_id": list("abcd"), "nps": [10, 9, 0, 0]})
        >>> flags = pd.DataFrame({"kind": "burst", "respondent_id": ["c", "d"]})
        >>> sensitivity(comments, "nps", flags)[["without", "value", "n"]]
          without  value  n
        0  nobody    0.0  4
        1   burst  100.0  2
    """
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    people = read_people(comments, rating, definition.scale, whole=definition.metric == "nps")
    answers = to_floats(people[rating])
    who = people["respondent_id"].astype("str")
    sets = {"nobody": flags.iloc[:0]}
    sets |= {str(kind): flags[flags["kind"] == kind] for kind in flags["kind"].unique()}
    if len(sets) > 2:
        sets["all flagged"] = flags
    overall = score_from(answers, definition, level=level, rating=rating)
    rows = []
    for name, flagged in sets.items():
        out = who.isin(flagged["respondent_id"].astype("str")).to_numpy()
        left = answers[~out]
        score = (
            score_from(left, definition, level=level, rating=rating)
            if np.isfinite(left).any()
            else None
        )
        rows.append(_row(name, score, overall, int(np.isfinite(answers[out]).sum())))
    return pd.DataFrame(rows)


def _row(name: str, score: Score | None, overall: Score, n_without: int) -> dict[str, object]:
    figures = {
        field: np.nan if score is None else getattr(score, field)
        for field in ("value", "low", "high")
    }
    return {
        "without": name, **figures, "n": 0 if score is None else score.n, "n_without": n_without,
        "change": np.nan if score is None else score.value - overall.value,
        "sentence": _sentence(name, score, overall, n_without),
    }  # fmt: skip


def _sentence(name: str, score: Score | None, overall: Score, n_without: int) -> str:
    whom = _LEFT_OUT.get(name, "all who are flagged")
    if score is None:
        return f"Without {whom} ({n_without:,}) nobody is left."
    told = f"{points(score.value, score.unit)} ({interval(score.low, score.high, score.unit)}"
    told = f"{told}, n = {score.n:,})"
    if name == "nobody":
        return f"The score of all is {told}."
    change = score.value - overall.value
    moved = "higher" if change > 0 else "lower"
    size = f"{amount(abs(change), score.unit)} {moved}" if change else "no change"
    return (
        f"Without {whom} ({counted(n_without, 'respondent')}) it would be {told}: {size}. "
        "A check, not a correction."
    )
