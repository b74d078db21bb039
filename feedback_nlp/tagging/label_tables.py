"""Labels in a table, such as a spreadsheet: one row for each label, read as the two tables."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import pandas as pd

from feedback_nlp.errors import ColumnError, TaxonomyError
from feedback_nlp.exports.columns import match_column
from feedback_nlp.exports.export import load_export
from feedback_nlp.exports.files import Options
from feedback_nlp.records import Mention, Polarity
from feedback_nlp.schema import POLARITIES, mentions_table, with_info
from feedback_nlp.tagging.tagger import Tagging
from feedback_nlp.tagging.theme_ids import theme_id

_BOTH = "mixed"
_OTHERS = {
    "respondent": "respondent_id", "question": "question", "language": "language",
}  # fmt: skip


def read_label_table(
    source: str | Path | Sequence[str | Path],
    *,
    text: str = "text",
    theme: str = "theme",
    polarity: str | None = None,
    id: str | None = None,
    respondent: str | None = None,
    question: str | None = None,
    language: str | None = None,
    sheet: str | None = None,
) -> Tagging:
    """Return labels of a table as the two tables.

    Rows with the same id, or without a column of ids the same text, are one comment. A row with an
    empty theme is a comment that speaks of none. Themes need not be ids: ``Price & value`` becomes
    ``price_value`` and keeps its name.

    Args:
        source: A csv, tsv, xlsx, jsonl or parquet file, or several with the same columns.
        text: The column with the comment.
        theme: The column with the theme.
        polarity: The column with negative, neutral or positive, ``mixed`` for both, or nothing;
            without it a column ``polarity``, if there is one.
        id: The column with the id of the comment.
        respondent: The column that says who answered.
        question: The column with the question that was asked.
        language: The column with the code of the language.
        sheet: The sheet of a spreadsheet, where it has several.

    Raises:
        FileFormatError: A file cannot be read.
        ColumnError: A column is missing or named twice, a polarity is none, or a label has no text.
        TaxonomyError: Two themes would have the same id, or one has no letters to make it of.
    """
    sources = [source] if isinstance(source, str | Path) else list(source)
    frame = load_export(sources, Options(sheet=sheet)).frame
    columns = {"text": text, "theme": theme, "id": id, "polarity": polarity,
               "respondent": respondent, "question": question, "language": language}  # fmt: skip
    found = _found(frame, columns)
    _check_texts(frame, found)
    rows = frame.assign(_id=_ids(frame, found))
    first = rows.drop_duplicates("_id")
    comments = pd.DataFrame(
        {"comment_id": first["_id"].astype("str"), "text": first[found["text"]].astype("str")}
        | {name: first[found[role]] for role, name in _OTHERS.items() if role in found}
    ).reset_index(drop=True)
    if "respondent_id" in comments:
        blank = comments["respondent_id"].astype("str").str.strip() == ""
        comments["respondent_id"] = comments["respondent_id"].mask(blank)  # nobody, not one person
    return Tagging(comments, _mentions(rows, found))


def _found(frame: pd.DataFrame, columns: dict[str, str | None]) -> dict[str, str]:
    """Return the column of each role that has one."""
    found = {
        role: match_column(name, frame.columns, f"--{role}")
        for role, name in columns.items()
        if name is not None
    }
    if columns["polarity"] is None and "polarity" in frame.columns:
        found["polarity"] = "polarity"
    if found["text"] == found["theme"]:
        raise ColumnError(
            f"--text and --theme are both column {found['text']!r}; name another for one of them."
        )
    return found


def _check_texts(frame: pd.DataFrame, found: dict[str, str]) -> None:
    """Raise if a row has a theme and nothing that it was said of."""
    without = (frame[found["text"]].str.strip() == "") & (frame[found["theme"]].str.strip() != "")
    if without.any():
        raise ColumnError(
            f"Row {int(without.argmax()) + 1} has a theme but no comment in column "
            f"{found['text']!r}; {int(without.sum())} rows are like that. Fill in the comments or "
            "delete the rows; formulas are empty until a spreadsheet program has saved the file."
        )


def _ids(frame: pd.DataFrame, found: dict[str, str]) -> pd.Series:
    """Return the id of the comment of each row."""
    texts = frame[found["text"]]
    if "id" not in found:
        return pd.Series([f"c{at + 1}" for at in pd.factorize(texts)[0]], index=frame.index)
    ids = frame[found["id"]].astype("str")
    if (ids.str.strip() == "").any():
        raise ColumnError(f"Column {found['id']!r} is empty in some rows; every label needs an id.")
    several = pd.DataFrame({"id": ids, "text": texts}).drop_duplicates()["id"]
    again = several[several.duplicated()]
    if len(again):
        raise ColumnError(
            f"The id {again.iloc[0]!r} has several texts; give every comment an id of its own, or "
            "leave --id out."
        )
    return ids


def _mentions(rows: pd.DataFrame, found: dict[str, str]) -> pd.DataFrame:
    """Return one mention for each row with a theme, two where it is praised and blamed."""
    named = rows[rows[found["theme"]].str.strip() != ""]
    names = _names(named[found["theme"]].str.strip().unique())
    mentions = []
    blank = pd.Series("", index=named.index)
    sides = named[found["polarity"]] if "polarity" in found else blank
    for comment, text, name, side in zip(
        named["_id"], named[found["text"]], named[found["theme"]].str.strip(), sides, strict=True
    ):
        for said in _sides(str(side).strip().lower(), found.get("polarity", "")):
            mention = Mention(
                theme=theme_id(name), polarity=said, theme_confidence=1.0,
                polarity_confidence=1.0 if said else None, start=0, end=len(text), source="human",
            )  # fmt: skip
            mentions.append((comment, text, mention))
    return with_info(mentions_table(mentions, sorted(names)), {"names": names})


def _names(given: Iterable[str]) -> dict[str, str]:
    """Return the name of each theme by its id; capitals make no other theme."""
    names: dict[str, str] = {}
    for name in given:
        first = names.setdefault(theme_id(name), name)
        if first.casefold() != name.casefold():
            raise TaxonomyError(
                f"The themes {first!r} and {name!r} would have the same id {theme_id(name)!r}; "
                "write them alike if they are one theme, else name one of them anew."
            )
    return names


def _sides(said: str, column: str) -> tuple[Polarity | None, ...]:
    if not said:
        return (None,)
    if said == _BOTH:
        return ("negative", "positive")
    if said not in POLARITIES:
        raise ColumnError(
            f"Column {column!r} has {said!r}; it takes {', '.join(POLARITIES)}, {_BOTH}, or "
            "nothing."
        )
    return (cast(Polarity, said),)
