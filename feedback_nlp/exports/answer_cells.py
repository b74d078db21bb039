"""The different answers of a column, each read once: its number, its words, or why it is none."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.exports.answer_keys import MAX_LENGTH, answer_key, exact_key, visible
from feedback_nlp.exports.answer_scales import AnswerScale
from feedback_nlp.exports.answers import Answer, parse_answer
from feedback_nlp.exports.fitting import known_keys

NOT_A_NUMBER = "the rating is not a number"
DISAGREE = "number and words of the rating disagree"
_ENDS_WITH_NUMBER = re.compile(r"(.*\S) ?[(\[](\d{1,2})[)\]]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One different answer of a column.

    Attributes:
        text: As it was given.
        rows: How often.
        number: What it says as a number, NaN where it says none.
        top: The highest answer as it says it, else NaN.
        key: What its words are looked up by, blank where they are on no scale.
        missing: Why there is no answer, blank where there is one or the cell is.
        answered: Whether something was answered.
    """

    text: str
    rows: int
    number: float = np.nan
    top: float = np.nan
    key: str = ""
    missing: str = ""
    answered: bool = True


@dataclass(slots=True, kw_only=True)
class Answers:
    """A column of answers, each different one read once.

    Attributes:
        codes: Which cell each row holds, −1 for none.
        cells: The different answers.
        values: What each is as a number, NaN where it is none.
        reasons: Why one is set aside, whatever the scale; blank where it is not.
    """

    codes: NDArray[np.intp]
    cells: list[Cell]
    values: NDArray[np.float64]
    reasons: list[str]

    def spread(self, values: NDArray[np.float64]) -> pd.Series:
        """Return one number for each row, from one for each different answer."""
        return pd.Series(values[self.codes], dtype="float64")

    def spread_words(self, words: list[str]) -> pd.Series:
        """Return one text for each row, from one for each different answer."""
        return pd.Series(np.array(words, dtype=object)[self.codes], dtype="str")

    def tops(self) -> pd.Series:
        """Return the highest answer as each row says it, NaN where it says none."""
        return self.spread(np.array([cell.top for cell in self.cells], dtype=float))

    def answered(self) -> bool:
        """Tell whether anything was answered, readable or not."""
        return any(cell.answered for cell in self.cells)

    def missing(self) -> dict[str, int]:
        """Return how many rows say why they have no answer, by reason, the most frequent first."""
        count: Counter[str] = Counter()
        for cell in self.cells:
            if cell.missing:
                count[cell.missing] += cell.rows
        return dict(count.most_common())


def read_cells(column: pd.Series, scale: AnswerScale | None = None) -> Answers:
    """Return the different answers of a column as numbers where they are, words where not.

    Args:
        column: Answers as text.
        scale: A scale the user named; its labels go before everything else.
    """
    codes, different = pd.factorize(column)
    rows = np.bincount(codes, minlength=len(different))
    known = known_keys() if scale is None else frozenset(scale.labels)
    cells = [_cell(text, int(n), known) for text, n in zip(different, rows, strict=True)]
    return Answers(
        codes=codes,
        cells=cells,
        values=np.array([cell.number for cell in cells], dtype=float),
        reasons=[NOT_A_NUMBER if cell.answered and np.isnan(cell.number) else "" for cell in cells],
    )


def _cell(text: str, rows: int, known: frozenset[str]) -> Cell:
    plain = answer_key(text)
    for key in (exact_key(text), plain, _beside_pictures(plain)):
        if key and key in known:
            return Cell(text=text, rows=rows, key=key)
    answer = _ends_with_number(text) or parse_answer(text)
    label = answer_key(answer.label)
    return Cell(
        text=text,
        rows=rows,
        number=answer.value,
        top=answer.top,
        key=label if label in known else "",
        missing=answer.missing,
        answered=not (answer.readable and np.isnan(answer.value)),
    )


def _beside_pictures(key: str) -> str:
    """Return the words of "😀 very satisfied": faces and lights beside words only decorate them."""
    parts = key.split()
    words = [part for part in parts if part[0].isalnum()]
    pictures = [part for part in parts if not part[0].isalnum()]
    return " ".join(words) if all(part in known_keys() for part in pictures) else ""


def _ends_with_number(text: str) -> Answer | None:
    """Return "Very good (5)" as its number and words, if the words are on a scale."""
    bare = visible(text).strip() if len(text) <= MAX_LENGTH else ""
    found = _ENDS_WITH_NUMBER.fullmatch(bare)
    if found is None or answer_key(found[1]) not in known_keys():
        return None
    return Answer(value=float(found[2]), label=found[1])
