"""One column of answers as ratings, for who has a column and no export."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.errors import RatingError
from feedback_nlp.exports.answer_cells import Answers
from feedback_nlp.exports.cells import text_column
from feedback_nlp.exports.declared import parse_scale
from feedback_nlp.exports.rated import RatingTally, read_ratings, refuse_misfits
from feedback_nlp.exports.scales import decide_rating
from feedback_nlp.exports.worded import Words
from feedback_nlp.records import RatingScale

_MOST_CLOSEST = 200  # different answers whose closest label is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRatings:
    """A column of answers as ratings.

    Attributes:
        table: One row for each answer: ``value`` (high is good; missing where there is no answer
            or it is set aside), ``top`` (the highest answer as the answer says it: 5 of "4/5"),
            ``missing`` (why there is no answer: "don't know"), ``reason`` (why it is set aside)
            and ``closest`` (the label it may have meant).
        scale: The scale the answers are on: its ends, its direction, its words.
        notes: Sentences for the analyst.
    """

    table: pd.DataFrame
    scale: RatingScale
    notes: tuple[str, ...] = ()


def parse_ratings(
    answers: Iterable[object],
    scale: str | Sequence[str] | None = None,
    *,
    metric: str = "rating",
    set_aside: bool = True,
) -> ParsedRatings:
    """Return answers to one rating question as numbers on one scale, as ``read_comments`` does.

    Args:
        answers: Numbers, words, stars, faces … as they were given, one for each respondent. The
            name of a Series is read as the question.
        scale: ``"1-5"``, the name of a scale in words (``"satisfaction-5"``), or your own labels,
            worst to best; recognised from all answers without it.
        metric: ``nps``, ``csat``, ``ces`` or a name of your own. NPS is never made of words.
        set_aside: Give the reason beside answers that do not fit; False raises instead.

    Returns:
        The ratings with their scale.

    Raises:
        RatingError: There are no answers, or their scale cannot be told; with ``set_aside=False``
            also where an answer does not fit it.

    Example:
        >>> parsed = parse_ratings(["Zeer tevreden", "tevreden", "Tevreeden", "weet niet"])
        >>> parsed.table["value"].tolist(), parsed.scale.wording
        ([5.0, 4.0, nan, nan], 'satisfaction-5')
        >>> parsed.table["closest"][2], parsed.table["missing"][3]
        ("'tevreden' (4)", "don't know")
    """
    if isinstance(answers, str | bytes):
        raise RatingError(f"Answers are one for each respondent, not the text {answers!r}.")
    given = answers if isinstance(answers, pd.Series) else pd.Series(list(answers), dtype=object)
    column = text_column(given).rename(metric if given.name is None else str(given.name))

    def where(row: int) -> str:
        return f"row {row + 1}"

    plan = decide_rating(
        column,
        metric,
        declared=None if scale is None else parse_scale(metric, scale),
        dates=None,
        where=where,
    )
    read = read_ratings(plan, column, None)
    if not set_aside:
        refuse_misfits(plan, column, read, where)
    tally = RatingTally(plan)
    tally.add(column, read, None, where)
    cells = read.answers
    table = pd.DataFrame(
        {
            "value": read.numbers.to_numpy(np.float64),
            "top": cells.tops().to_numpy(np.float64),
            "missing": cells.spread_words([cell.missing for cell in cells.cells]).array,
            "reason": read.reasons.array,
            "closest": cells.spread_words(_closest(plan.words, cells)).array,
        },
        index=given.index,
    )
    return ParsedRatings(table=table, scale=plan.scale, notes=tuple(tally.notes()))


def _closest(words: Words | None, answers: Answers) -> list[str]:
    """Return the label closest to each different answer that was set aside."""
    found = [""] * len(answers.cells)
    if words is not None:
        aside = [i for i, reason in enumerate(answers.reasons) if reason]
        for i in aside[:_MOST_CLOSEST]:
            found[i] = words.closest(answers.cells[i])
    return found
