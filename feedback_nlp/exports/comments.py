"""An export as a comments table: one row for each open answer, all decisions in its notes."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from feedback_nlp.exports.applying import Applied
from feedback_nlp.exports.export import Export
from feedback_nlp.exports.files import Options
from feedback_nlp.exports.identity import may_be_id
from feedback_nlp.exports.own import own_table
from feedback_nlp.exports.planning import decide
from feedback_nlp.exports.roles import Given
from feedback_nlp.exports.sources import listed
from feedback_nlp.schema import INFO, Notes, check_comments, info


def read_comments(
    source: str | Path | Sequence[str | Path],
    *,
    id: str | None = None,
    respondent: str | None = None,
    text: str | Sequence[str] | None = None,
    question: str | None = None,
    ratings: Mapping[str, str] | None = None,
    scales: Mapping[str, str | Sequence[str]] | None = None,
    date: str | None = None,
    language: str | None = None,
    segments: Sequence[str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    day_first: bool | None = None,
    set_aside: bool = False,
) -> pd.DataFrame:
    """Return the survey answers of an export as a comments table.

    What each column is for is found from its header (in seven languages) and its values; every
    finding is explained in the table's
    notes and gives way to what the caller names. ``docs/file_formats.md`` has the rules.

    Args:
        source: A csv, tsv, xlsx, jsonl, json or parquet file (csv, tsv and jsonl also as .gz or
            .zst), a folder or pattern (``"exports/*.csv"``) that stands for all exports in it, a
            list of such files with the same columns, or ``"-"`` for standard input.
        id: Column with the id of each answer.
        respondent: Column that says who answered.
        text: Column or columns with the comments; each column becomes a comment of its own.
        question: Column with the wording of the question.
        ratings: Columns of ratings by metric, such as ``{"nps": "recommend"}``; only these are
            then ratings.
        scales: Scales by metric: ``"1-5"``, ``"5-1"`` where the lowest answer is the best, ``"1-5
            then 1-10"`` where it changed; in words the name of a scale (``"satisfaction-5"``,
            with `` reversed`` where its lowest point is the best), or a list of your own labels,
            worst to best.
        date: Column with the date of the answer.
        language: Column with the language of the comment.
        segments: Columns to break scores down by, instead of those found.
        sheet: Name or number of the sheet of a workbook.
        encoding: Encoding of a text file.
        delimiter: What parts the cells of a text file: one character, or ``tab``.
        day_first: Whether 03/04 is 3 April; found from the whole column if not given.
        set_aside: Count rows and ratings that cannot be used, instead of raising.

    Returns:
        A frame with comment_id, respondent_id, text, question, where found language and date,
        ratings (high is always good) and all other columns; ``schema.info`` returns its notes.

    Raises:
        FileFormatError: The file is missing, empty, broken, or not what its ending says.
        ColumnError: A column is missing, or two could have the same role.
        RatingError: Answers do not fit the scale, or the scale cannot be told.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = Path(folder.name) / "answers.csv"
        >>> rows = ["id,Would you recommend us?,Why?", "1,9,Fast delivery", "2,0,Too expensive"]
        >>> _ = path.write_text(chr(10).join(rows))
        >>> read_comments(path)[["comment_id", "nps", "question", "text"]].to_numpy().tolist()
        [['1', 9.0, 'Why?', 'Fast delivery'], ['2', 0.0, 'Why?', 'Too expensive']]
        >>> folder.cleanup()
    """
    texts = [text] if isinstance(text, str) else text
    given = Given(
        id=id,
        respondent=respondent,
        text=texts,
        question=question,
        ratings=ratings,
        date=date,
        language=language,
        segments=segments,
    )
    sources = listed(source)
    if given == Given() and scales is None:
        own = own_table(sources)
        if own is not None:
            check_comments(own)
            return own
    options = Options(sheet=sheet, encoding=encoding, delimiter=delimiter, set_aside=set_aside)
    export = Export(sources, options, keep=True, is_id=partial(may_be_id, given=given))
    plan = decide(export, given, scales=scales, day_first=day_first, set_aside=set_aside)
    applied = Applied(export, plan)
    table = applied.table(export.table)
    table.attrs[INFO] = Notes(applied.info())
    check_comments(table)
    return table


def roles_table(comments: pd.DataFrame) -> pd.DataFrame:
    """Return which column of the export has which role, and why: role, column, why, given.

    Example:
        >>> list(roles_table(pd.DataFrame({"comment_id": ["1"]})).columns)
        ['role', 'column', 'why', 'given']
    """
    return pd.DataFrame(info(comments).get("roles", []), columns=["role", "column", "why", "given"])
