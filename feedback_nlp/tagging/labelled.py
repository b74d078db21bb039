"""Comments that people labelled: one JSON object a line, read strictly, as the two tables.

``docs/annotation.md`` says how they are labelled, ``data/labelled/README.md`` has the format. Every
field is checked on reading; a mistake is one line with the file, the line and what to do.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from feedback_nlp.errors import FileFormatError, not_found, shorten_list
from feedback_nlp.exports.whole import write_whole
from feedback_nlp.records import (
    LANGUAGES,
    UNKNOWN_LANGUAGE,
    Mention,
    Polarity,
    RatingScale,
    Sentiment,
    Status,
)
from feedback_nlp.schema import POLARITIES, SENTIMENTS, STATUSES, mentions_table, with_info
from feedback_nlp.scores.definitions import DEFAULT_SCALES
from feedback_nlp.tagging.splits import SPLITS_FILE, read_splits, split_of
from feedback_nlp.tagging.tagger import Tagging
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy
from feedback_nlp.text import HALF_CHARACTER

FIELDS = (
    "id", "text", "language", "question", "rating", "metric", "industry", "mentions", "sentiment",
    "status", "notes",
)  # fmt: skip
_MENTION_FIELDS = ("theme", "polarity", "start", "end")
_TEXTS = ("id", "text", "language", "question", "industry", "status")
Paths = str | Path | Iterable[str | Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledComment:
    """One comment with what people say of it.

    Attributes:
        id: Unique; in ``data/labelled`` language, batch and number, such as ``nl-03-017``.
        text: The comment.
        language: One of the seven, or ``unknown``.
        question: The wording that was asked.
        rating: The answer to the rating question, high is good; ``None`` if there was none.
        metric: ``nps`` (0–10), ``csat`` (1–5) or ``ces`` (1–7, 7 is easy).
        industry: What the company does.
        mentions: Themes with polarity and place.
        sentiment: Of the whole comment; ``None`` where the status is not ``ok``.
        status: As the tagger's.
        notes: Marks such as ``irony``.
    """

    id: str
    text: str
    language: str
    question: str
    rating: int | None
    metric: str
    industry: str
    mentions: tuple[Mention, ...]
    sentiment: Sentiment | None
    status: Status = "ok"
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as they are written."""
        values = {name: getattr(self, name) for name in FIELDS}
        mentions = [{f: getattr(m, f) for f in _MENTION_FIELDS} for m in self.mentions]
        return values | {"mentions": mentions, "notes": list(self.notes)}


def human_mention(theme: str, polarity: Polarity, start: int, end: int) -> Mention:
    """Return a mention that a person marked: certain, source ``human``."""
    return Mention(
        theme=theme, polarity=polarity, theme_confidence=1.0, polarity_confidence=1.0,
        start=start, end=end, source="human",
    )  # fmt: skip


def usual_sentiment(mentions: Sequence[Mention]) -> Sentiment:
    """Return the sentiment that follows from the mentions, unless the customer sums up otherwise.

    Example:
        >>> usual_sentiment([human_mention("price", "negative", 0, 5)])
        'negative'
    """
    said = {m.polarity for m in mentions} & {"negative", "positive"}
    if len(said) == 2:
        return "mixed"
    return cast(Sentiment, said.pop()) if said else "neutral"


def read_labelled(paths: Paths, *, taxonomy: Taxonomy | None = None) -> Tagging:
    """Return labelled comments as the two tables.

    Args:
        paths: A JSON Lines file, a folder (all its ``*.jsonl``), or several of them.
        taxonomy: The themes that may occur; the default one if not given.

    Returns:
        ``comments`` with ``comment_id``, text, question, language, a column for each metric,
        industry, notes, status, sentiment, and ``split`` where the folder of the files has a
        ``splits.toml``; ``mentions`` with source ``human``.

    Raises:
        FileFormatError: A file cannot be read, or a line is not right; the message says which.
        ColumnError: An id occurs twice.
    """
    taxonomy = taxonomy or load_taxonomy()
    files = labelled_files(paths)
    return labelled_tables(read_labels(files, taxonomy=taxonomy), taxonomy, _splits(files))


def read_labels(paths: Paths, *, taxonomy: Taxonomy | None = None) -> list[LabelledComment]:
    """Return labelled comments as records, in the order of the files and lines.

    Args:
        paths: As for ``read_labelled``.
        taxonomy: As for ``read_labelled``.

    Raises:
        FileFormatError: A file cannot be read, a line is not right, or an id occurs twice.
    """
    taxonomy = taxonomy or load_taxonomy()
    found: list[LabelledComment] = []
    seen: dict[str, str] = {}
    for path in labelled_files(paths):
        for number, line in enumerate(_lines(path), start=1):
            where = f"{path.name}, line {number}"
            label = _label(line, where, taxonomy)
            if label.id in seen:
                raise FileFormatError(
                    f"{where}: the id {label.id!r} occurs twice, first in {seen[label.id]}; "
                    "every comment needs its own."
                )
            seen[label.id] = where
            found.append(label)
    return found


def write_labels(labels: Iterable[LabelledComment], path: str | Path) -> Path:
    """Write labelled comments as JSON Lines, whole or not at all: same labels, same bytes."""
    lines = (json.dumps(label.to_dict(), ensure_ascii=False) + "\n" for label in labels)
    return write_whole(path, "".join(lines).encode("utf-8"))


def labelled_files(paths: Paths) -> list[Path]:
    """Return the files meant: folders stand for all their ``*.jsonl``, by name.

    Raises:
        FileFormatError: A path is not there.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    files: list[Path] = []
    for path in map(Path, given):
        if not path.exists():
            raise FileFormatError(f"There is no file or folder {path}; check the path.")
        files += sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return files


def labelled_tables(
    labels: Sequence[LabelledComment],
    taxonomy: Taxonomy,
    splits: Mapping[str, str] | None = None,
) -> Tagging:
    """Return records as the two tables; ``splits`` says which part each batch belongs to."""
    comments = pd.DataFrame(
        {
            "comment_id": pd.array([one.id for one in labels], dtype="str"),
            "text": pd.array([one.text for one in labels], dtype="str"),
            "question": pd.array([one.question for one in labels], dtype="str"),
            "language": pd.Categorical(
                [one.language for one in labels], categories=[*LANGUAGES, UNKNOWN_LANGUAGE]
            ),
            "industry": pd.Categorical([one.industry for one in labels]),
            "notes": pd.array([" ".join(one.notes) for one in labels], dtype="str"),
            "status": pd.Categorical([one.status for one in labels], categories=list(STATUSES)),
            "sentiment": pd.Categorical(
                [one.sentiment for one in labels], categories=list(SENTIMENTS)
            ),
        }
    )
    scales = {}
    for metric in sorted({one.metric for one in labels}):
        low, high = DEFAULT_SCALES[metric]
        scales[metric] = RatingScale(metric=metric, low=low, high=high).to_dict()
        comments[metric] = np.array(
            [one.rating if one.metric == metric else None for one in labels], dtype=float
        )
    if splits is not None:
        parts = [split_of(splits, one.id, one.industry) for one in labels]
        comments["split"] = pd.Categorical(parts, categories=["train", "dev", "test"])
    rows = [(one.id, one.text, mention) for one in labels for mention in one.mentions]
    mentions = with_info(mentions_table(rows, taxonomy.ids), taxonomy.noted())
    return Tagging(with_info(comments, {"scales": scales}), mentions)


def check_label(label: LabelledComment, taxonomy: Taxonomy) -> LabelledComment:
    """Return the comment with its mentions in order, or raise.

    Raises:
        FileFormatError: A value is not one of those allowed, a mention is not a stretch of the
            text or crosses another, or sentiment and status do not go together.
    """
    if not label.text.strip() or HALF_CHARACTER.search(label.text):
        raise FileFormatError("the text is blank or has half a character; write the comment.")
    _one_of("language", label.language, (*LANGUAGES, UNKNOWN_LANGUAGE))
    _one_of("status", label.status, STATUSES)
    _one_of("metric", label.metric, tuple(DEFAULT_SCALES))
    low, high = DEFAULT_SCALES[label.metric]
    if label.rating is not None and not low <= label.rating <= high:
        raise FileFormatError(f"{label.metric} is {label.rating}; it goes from {low} to {high}.")
    if label.status == "ok":
        _one_of("sentiment", label.sentiment, SENTIMENTS)
    elif label.sentiment is not None or label.mentions:
        raise FileFormatError(
            f"the status is {label.status}, so there can be neither mentions nor sentiment; "
            "leave them out, or make it ok."
        )
    return replace(label, mentions=_check_mentions(label, taxonomy))


def _check_mentions(label: LabelledComment, taxonomy: Taxonomy) -> tuple[Mention, ...]:
    ordered = sorted(label.mentions, key=lambda m: (m.start, -m.end, m.theme, str(m.polarity)))
    for number, mention in enumerate(ordered):
        if mention.theme not in taxonomy:
            raise FileFormatError(not_found("theme", mention.theme, taxonomy.ids))
        _one_of("polarity", mention.polarity, POLARITIES)
        start, end = mention.start, mention.end
        if not 0 <= start < end <= len(label.text):
            raise FileFormatError(
                f"{mention.theme} goes from {start} to {end}, but the text has "
                f"{len(label.text)} characters."
            )
        evidence = label.text[start:end]
        if evidence != evidence.strip():
            raise FileFormatError(
                f"{mention.theme}: {evidence!r} begins or ends with a blank; leave that out."
            )
        for other in ordered[:number]:
            if other == mention:
                raise FileFormatError(f"{mention.theme} is there twice for {evidence!r}.")
            if other.start < start < other.end < end:
                raise FileFormatError(
                    f"{other.theme} and {mention.theme} cross at {evidence!r}; mentions are "
                    "equal, one inside the other, or apart."
                )
    return tuple(ordered)


def _one_of(name: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise FileFormatError(
            f"the {name} is {value!r}; it is one of {shorten_list(allowed, limit=50)}."
        )


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileFormatError(f"Cannot read {path} as UTF-8: {error}.") from error
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _label(line: str, where: str, taxonomy: Taxonomy) -> LabelledComment:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FileFormatError(f"{where}: not a JSON object: {error}.") from error
    try:
        return check_label(_typed(values), taxonomy)
    except FileFormatError as error:
        raise FileFormatError(f"{where}: {error}") from error


def _typed(values: object) -> LabelledComment:
    if not isinstance(values, dict) or set(values) != set(FIELDS):
        odd = set(values) ^ set(FIELDS) if isinstance(values, dict) else ()
        raise FileFormatError(
            f"the fields must be exactly {', '.join(FIELDS)}"
            + (f"; look at {', '.join(sorted(map(repr, odd)))}." if odd else ", as an object.")
        )
    for name in _TEXTS:
        if not isinstance(values[name], str):
            raise FileFormatError(f"{name} is {values[name]!r}; it must be text.")
    rating, notes, rows = values["rating"], values["notes"], values["mentions"]
    if rating is not None and type(rating) is not int:
        raise FileFormatError(f"rating is {rating!r}; it must be a whole number or null.")
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise FileFormatError(f"notes is {notes!r}; it must be a list of marks.")
    if not isinstance(rows, list) or not all(map(_is_mention, rows)):
        raise FileFormatError(
            f"each of mentions must have exactly {', '.join(_MENTION_FIELDS)}, the last two as "
            "whole numbers."
        )
    mentions = tuple(human_mention(**row) for row in rows)
    return LabelledComment(**(values | {"mentions": mentions, "notes": tuple(notes)}))


def _is_mention(row: object) -> bool:
    return (
        isinstance(row, dict)
        and set(row) == set(_MENTION_FIELDS)
        and type(row["start"]) is int
        and type(row["end"]) is int
    )


def _splits(files: Sequence[Path]) -> Mapping[str, str] | None:
    """Return the table of splits that lies beside the files, if all share one folder."""
    folders = {path.resolve().parent for path in files}
    if len(folders) != 1:
        return None
    path = folders.pop() / SPLITS_FILE
    return read_splits(path) if path.exists() else None
