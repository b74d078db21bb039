"""What the values of a column look like: the evidence that goes with its header."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.exports.answer_keys import answer_key
from feedback_nlp.exports.answer_scales import AnswerScale
from feedback_nlp.exports.answers import parse_answer
from feedback_nlp.exports.dates import looks_like_dates
from feedback_nlp.exports.fitting import choose_scale, is_label
from feedback_nlp.exports.recognition import header_span
from feedback_nlp.exports.wordings import GROUPS, NO, YES, language_code, plain

_SAMPLE = 1000
_MAX_ANSWERS = 1000  # a rating column has fewer different answers
_MOST_WORDED = 0.8  # of the answers in words are on one scale
_MAX_WORDED = 60  # and one in words fewer still
_LINK = re.compile(r"^(https?://|www\.)\S+$|^[^@\s]+@[^@\s]+\.\w+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A column in figures.

    Attributes:
        name: The header.
        words: The header in plain lower case.
        rows: Rows of the table.
        filled: Cells that hold something.
        levels: Different values.
        length: Mean number of words of a filled cell.
        letters: Share of filled cells with letters in them.
        numeric: Share of answered cells that read as a number.
        numbers: Those numbers, each once.
        dates: Share of filled cells that read as a date.
        languages: Share of filled cells that name a language we know.
        questions: Share of filled cells that end with a question mark.
        yes_no: Whether all values are yes or no (or 0 and 1).
        groups: Whether all values are promoter, passive and detractor.
        links: Whether the cells are addresses of pages or mail.
        worded: The scale in words that most cells are on, if they are on one.
        unclear: Whether they are on another scale too, with other numbers.
    """

    name: str
    words: str
    rows: int
    filled: int
    levels: int
    length: float
    letters: float
    numeric: float
    numbers: tuple[float, ...]
    dates: float
    languages: float
    questions: float
    yes_no: bool
    groups: bool
    links: bool
    worded: AnswerScale | None = None
    unclear: bool = False

    @property
    def zero(self) -> bool:
        """Whether somebody answered 0."""
        return 0.0 in self.numbers

    @property
    def coded(self) -> bool:
        """Whether the same few short values come back: a list to choose from."""
        return self.filled >= 50 and self.levels <= min(20, self.filled / 10) and self.length < 4

    @property
    def free_text(self) -> bool:
        """Whether people wrote in this column."""
        return (
            self.length >= 3
            and self.worded is None
            and self.letters > 0.5
            and self.dates < 0.5
            and self.numeric < 0.5
            and not self.links
            and not self.coded
            and self.levels > 0.2 * self.filled
        )

    def within(self, low: float, high: float) -> bool:
        """Return whether there are numbers and all of them lie in a range."""
        return bool(self.numbers) and low <= min(self.numbers) and max(self.numbers) <= high


def profile(column: pd.Series) -> Profile:
    """Return the figures of a column of text."""
    bare = column.str.strip()
    filled = bare[bare.ne("")]
    codes, values = pd.factorize(filled)
    counts = np.bincount(codes, minlength=len(values))
    sample = filled.iloc[:: max(1, len(filled) // _SAMPLE)]
    few = values[:50]
    lowered = {str(value).lower() for value in few} if len(values) <= 50 else set()
    numeric, numbers = _numbers(values, counts)
    worded, unclear = (None, False) if numeric >= 0.5 else _worded(column, values, counts)
    yes_no = bool(lowered) and (lowered <= YES | NO or lowered <= {"0", "1", "0.0", "1.0"})
    return Profile(
        name=str(column.name),
        words=plain(str(column.name)),
        rows=len(column),
        filled=len(filled),
        levels=len(values),
        length=float(sample.str.count(r"\S+").mean()) if len(sample) else 0.0,
        letters=float(sample.str.contains(r"[^\W\d_]", regex=True).mean()) if len(sample) else 0.0,
        numeric=numeric,
        numbers=numbers,
        dates=looks_like_dates(sample),
        languages=float(np.mean([language_code(v) != "unknown" for v in few])) if len(few) else 0.0,
        questions=float(sample.str.contains(r"\?\W*$", regex=True).mean()) if len(sample) else 0.0,
        yes_no=yes_no,
        groups=bool(lowered) and lowered <= GROUPS,
        links=bool(len(sample)) and float(sample.str.match(_LINK).mean()) > 0.8,
        worded=worded,
        unclear=unclear,
    )


def _worded(
    column: pd.Series, values: pd.Index, counts: np.ndarray
) -> tuple[AnswerScale | None, bool]:
    """Return the scale that most answered cells are on, and whether they are on another too."""
    if not 0 < len(values) <= _MAX_WORDED:
        return None, False
    seen: dict[str, int] = {}
    answered = 0
    for value, count in zip(values, counts, strict=True):
        key = answer_key(str(value))
        if is_label(key):
            seen[key] = seen.get(key, 0) + int(count)
        answer = parse_answer(str(value))
        answered += 0 if answer.readable and np.isnan(answer.value) else int(count)
    choice = choose_scale(seen, str(column.name), ends=header_span(str(column.name)))
    choice = choice or choose_scale(seen, str(column.name))
    if choice is None or choice.fit.rows < _MOST_WORDED * answered:
        return None, False
    return choice.fit.scale, bool(choice.rivals)


def _numbers(values: pd.Index, counts: np.ndarray) -> tuple[float, tuple[float, ...]]:
    """Return the share of answered cells that are numbers, and the numbers."""
    if not 0 < len(values) <= _MAX_ANSWERS:
        return 0.0, ()
    answers = [parse_answer(value) for value in values]
    answered = np.array([not (a.readable and np.isnan(a.value)) for a in answers])
    is_number = np.array([not np.isnan(a.value) for a in answers])
    total = counts[answered].sum()
    share = float(counts[is_number].sum() / total) if total else 0.0
    return share, tuple(sorted({float(a.value) for a in answers if not np.isnan(a.value)}))
