"""A comments table as what the tagger reads: texts, questions, languages."""

from collections.abc import Sequence

import pandas as pd

from feedback_nlp.errors import ColumnError
from feedback_nlp.language import FloatArray, detect_languages
from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.records import LANGUAGES
from feedback_nlp.schema import check_comments
from feedback_nlp.text import parse


def parse_frame(comments: pd.DataFrame) -> ParsedBatch:
    """Return the comments of a table parsed, as ``Tagger.tag_frame`` reads them.

    Args:
        comments: A comments table.

    Raises:
        ColumnError: As for ``Tagger.tag_frame``.
    """
    texts, questions, languages = fields_of(comments)
    return parse(texts, languages, questions)


def fields_of(
    comments: pd.DataFrame, mix: FloatArray | None = None
) -> tuple[list[str], list[str], list[str]]:
    """Return text, question and language of each comment; raises as ``Tagger.tag_frame``.

    Args:
        comments: A comments table.
        mix: How common each language is where all of it comes from; that of the table if not given.
    """
    check_comments(comments, needs=("comment_id", "text"))
    given = comments["text"].astype("object")
    texts = [str(text) for text in given.where(given.notna(), "")]
    _check_whole(texts)
    return texts, _column(comments, "question", ""), _languages(comments, texts, mix)


def _check_whole(texts: Sequence[str]) -> None:
    """Raise if a text has half a character, which no table or file can hold."""
    for row, text in enumerate(texts, start=1):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ColumnError(
                f"Column 'text' has half a character (a lone surrogate) in row {row}; "
                "replace it first: text.encode('utf-8', 'replace').decode()."
            ) from None


def _column(comments: pd.DataFrame, name: str, default: str) -> list[str]:
    if name not in comments.columns:
        return [default] * len(comments)
    return comments[name].astype("object").fillna(default).astype("str").tolist()


def _languages(comments: pd.DataFrame, texts: Sequence[str], mix: FloatArray | None) -> list[str]:
    given = _column(comments, "language", "")
    if all(language in LANGUAGES for language in given):
        return given
    detected = detect_languages(texts, file_mix=True if mix is None else mix)
    return [g if g in LANGUAGES else d for g, d in zip(given, detected, strict=True)]
