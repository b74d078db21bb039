"""An export as a comments table: one row for each open answer, all decisions in its notes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports.columns import find_roles
from feedback_nlp.exports.contents import add_others, questions_of, texts_of
from feedback_nlp.exports.dates import parse_dates
from feedback_nlp.exports.declared import parse_scale
from feedback_nlp.exports.export import Export, load_export, own_table
from feedback_nlp.exports.files import Options
from feedback_nlp.exports.identity import identify, rating_conflicts
from feedback_nlp.exports.roles import Given, Roles
from feedback_nlp.exports.scales import Rating, read_rating
from feedback_nlp.exports.wordings import language_code
from feedback_nlp.schema import INFO, check_comments, info


@dataclass(slots=True, kw_only=True)
class _Reading:
    """An export on its way to a comments table: rows, roles, and what was found so far."""

    export: Export
    roles: Roles
    notes: list[str]
    dates: pd.Series | None = None
    ratings: dict[str, Rating] = field(default_factory=dict)

    @property
    def frame(self) -> pd.DataFrame:
        """All whole rows, as text."""
        return self.export.frame


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
        source: A csv, tsv, xlsx, jsonl, json or parquet file (csv, tsv and jsonl also as .gz), a
            list of such files with the same
            columns, or ``"-"`` for standard input.
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
    sources: list[str | Path] = [source] if isinstance(source, str | Path) else list(source)
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
    if given == Given() and scales is None and len(sources) == 1:
        own = own_table(sources[0])
        if own is not None:
            check_comments(own)
            return own
    options = Options(sheet=sheet, encoding=encoding, delimiter=delimiter, set_aside=set_aside)
    export = load_export(sources, options)
    declared = {metric: parse_scale(metric, scale) for metric, scale in (scales or {}).items()}
    roles = find_roles(export.frame, given, declared=declared)
    for metric in declared:
        if metric not in roles.ratings:
            raise ColumnError(
                f"A scale is declared for {metric!r}, but no column holds it. Add --rating "
                f"{metric}=COLUMN."
            )
    reading = _Reading(export=export, roles=roles, notes=[*export.notes, *roles.notes])
    _read_dates(reading, day_first)
    for metric, column in roles.ratings.items():
        rating = read_rating(
            reading.frame[column],
            metric,
            declared=declared.get(metric),
            dates=reading.dates,
            set_aside=set_aside,
            where=export.where,
        )
        reading.ratings[metric] = rating
        roles.say_wording(f"rating {metric}", rating.scale.wording)
        reading.notes += [
            note.replace("--scale NAME=", f"--scale {metric}=") for note in rating.notes
        ]
    return _assemble(reading)


def roles_table(comments: pd.DataFrame) -> pd.DataFrame:
    """Return which column of the export has which role, and why: role, column, why, given.

    Example:
        >>> list(roles_table(pd.DataFrame({"comment_id": ["1"]})).columns)
        ['role', 'column', 'why', 'given']
    """
    return pd.DataFrame(info(comments).get("roles", []), columns=["role", "column", "why", "given"])


def _read_dates(reading: _Reading, day_first: bool | None) -> None:
    name = reading.roles.date
    if name is None:
        return
    column = reading.frame[name]
    dates = parse_dates(column, day_first=day_first)
    if dates.unread:
        unread = dates.days.isna() & column.str.strip().ne("")
        first = int(np.flatnonzero(unread)[0])
        told = f"{column[first][:40]!r} in {reading.export.where(first)}"
        if dates.unread == column.str.strip().ne("").sum():
            raise ColumnError(
                f"Column {name!r} holds no dates that can be read, first {told}. Choose another "
                "one with --date."
            )
        reading.notes.append(
            f"{dates.unread} cells of {name!r} are no dates that can be read ({told}); they have "
            "no date."
        )
    reading.dates = dates.days
    reading.notes += dates.notes


def _assemble(reading: _Reading) -> pd.DataFrame:
    """Set unusable rows aside, and lay the others out as one row for each comment."""
    frame, roles, export = reading.frame, reading.roles, reading.export
    texts = roles.texts
    has_text = pd.Series(False, index=frame.index)
    for column in texts:
        has_text |= frame[column].str.strip(" \t\r\n\u00a0\u200b\ufeff").ne("")
    has_rating = pd.Series(False, index=frame.index)
    for rating in reading.ratings.values():
        has_rating |= rating.numbers.notna()
    why_not = _row_reasons(reading, has_text, has_rating)
    used = why_not.eq("")
    if not used.any():
        raise ColumnError(
            f"No row of {export.name} has a comment or a rating that can be used: "
            f"{_tally(why_not)}. Check the columns."
        )
    identity = identify(frame, roles, export)
    reading.notes += identity.notes
    k = max(1, len(texts))
    rows = np.repeat(np.flatnonzero(used), k)
    which = np.tile(np.arange(k), int(used.sum()))
    out: dict[str, Any] = {
        "comment_id": identity.comment_ids(rows, which, k),
        "respondent_id": identity.respondents.to_numpy()[rows],
        "text": texts_of(frame, texts, rows, which),
        "question": questions_of(frame, roles, rows, which),
    }
    table = pd.DataFrame(out).astype({"comment_id": "str", "respondent_id": "str", "text": "str"})
    if roles.language is not None:
        table["language"] = pd.Categorical(
            frame[roles.language].map(language_code).to_numpy()[rows]
        )
    if reading.dates is not None:
        table["date"] = reading.dates.to_numpy()[rows]
    for metric, rating in reading.ratings.items():
        table[metric] = rating.numbers.to_numpy()[rows]
    renamed = add_others(table, frame, roles, rows, reading.notes)
    aside = Counter(export.set_aside) + Counter(why_not[~used].tolist())
    for metric in reading.ratings:
        reading.notes += rating_conflicts(table, metric)
    blank = int(table["text"].str.strip().eq("").sum())
    refused = {m: _reasons(r.reasons[used]) for m, r in reading.ratings.items()}
    table.attrs[INFO] = {
        "files": export.files,
        "roles": roles.table,
        "scales": {metric: rating.scale.to_dict() for metric, rating in reading.ratings.items()},
        "rows": {"read": export.read, "used": int(used.sum()), "set_aside": dict(aside)},
        "comments": {"total": len(table), "per_row": k, "blank": blank},
        "ratings_set_aside": {m: n for m, n in refused.items() if n},
        "ratings_missing": {m: r.missing for m, r in reading.ratings.items() if r.missing},
        "renamed": renamed,
        "segments": [renamed.get(name, name) for name in roles.segments],
        "notes": list(dict.fromkeys(reading.notes)),
    }
    check_comments(table)
    return table


def _row_reasons(reading: _Reading, has_text: pd.Series, has_rating: pd.Series) -> pd.Series:
    """Return why each row is set aside, blank where it is used."""
    frame = reading.frame
    empty = pd.Series(True, index=frame.index)
    for column in frame:
        empty &= frame[column].str.strip().eq("")
    both = bool(reading.ratings) and bool(reading.roles.texts)
    nothing = (
        "no rating and no comment" if both else "no rating" if reading.ratings else "no comment"
    )
    reasons = pd.Series("", index=frame.index, dtype="str")
    reasons[~has_text & ~has_rating] = nothing
    for rating in reading.ratings.values():
        refused = ~has_text & ~has_rating & rating.reasons.ne("")
        reasons[refused] = rating.reasons[refused] + (", and no comment" if both else "")
    reasons[empty] = "an empty row"
    return reasons


def _reasons(reasons: pd.Series) -> dict[str, int]:
    return {str(reason): int(n) for reason, n in reasons[reasons.ne("")].value_counts().items()}


def _tally(reasons: pd.Series) -> str:
    return "; ".join(f"{reason} ({n})" for reason, n in _reasons(reasons).items())
