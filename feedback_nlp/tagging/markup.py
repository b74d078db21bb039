r"""A notation to write and label comments by hand, without counting characters.

    @ en 03
    @ why = What is the main reason for your score?

    == 17 retail nps=3 why
    {service.waiting_time- Queued for an hour} but {service.friendliness+ the girl was so sweet}

The first lines name language, batch and questions. Each comment begins with ``==``, its number and
words in any order: industry, rating, question, and, where needed, status, sentiment, language and
marks. Its text follows up to the next ``==``. ``{theme+ ...}`` marks a mention: ``+``, ``-`` or
``0``; several themes on one stretch are joined by commas; mentions may be nested. ``\{``, ``\}``,
``\\`` and ``\=`` stand for the character; only ``==`` at the start of a line needs the last.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from feedback_nlp.errors import FileFormatError, shorten_list
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE
from feedback_nlp.schema import SENTIMENTS, STATUSES
from feedback_nlp.tagging.labelled import (
    LabelledComment,
    check_label,
    usual_sentiment,
)
from feedback_nlp.tagging.markup_text import MarkupReader, write_text
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy

INDUSTRIES = (
    "retail", "telecom", "bank", "insurance", "energy", "healthcare", "public_services",
    "hospitality", "travel", "restaurants", "saas", "delivery", "education", "b2b",
)  # fmt: skip
MARKS = (
    "personal_data", "misfit", "irony", "comparison", "wish", "polite_negative", "dialect",
    "code_switching", "typos", "off_topic",
)  # fmt: skip
_HEAD = re.compile(r"@ (?P<language>[a-z]{2}) (?P<batch>\d\d)\s*")
_QUESTION = re.compile(r"@ (?P<key>[a-z][a-z0-9]*) = (?P<wording>\S.*?)\s*")
_BLOCK = re.compile(r"==\s*(?P<number>\d{1,4})(?P<words>(\s+\S+)*)\s*")
_RATING = re.compile(r"(?P<metric>[a-z]+)=(?P<rating>-|\d{1,2})")


@dataclass(frozen=True, slots=True)
class _Block:
    """One comment as written: its number, the words of its head, its text and their lines."""

    number: int
    words: tuple[str, ...]
    text: str
    line: int
    text_line: int


@dataclass(slots=True)
class _Head:
    """What the first lines of a file say."""

    language: str
    batch: str
    questions: dict[str, str] = field(default_factory=dict)


def parse_markup(
    text: str, *, file: str = "markup", taxonomy: Taxonomy | None = None
) -> list[LabelledComment]:
    r"""Return the comments of a file in this notation.

    A mention is trimmed: blanks around it and the punctuation at its end are left out.

    Args:
        text: The content of the file.
        file: Its name, for messages.
        taxonomy: The themes that may occur; the default one if not given.

    Raises:
        FileFormatError: Something is not right; the message has the file and the line.

    Example:
        >>> written = "@ en 01\n@ why = Why?\n== 1 retail nps=3\n{price.level- too dear!} Bye"
        >>> [label] = parse_markup(written)
        >>> label.id, label.sentiment, label.text[slice(0, label.mentions[0].end)]
        ('en-01-001', 'negative', 'too dear')
    """
    found, mistakes = _parse(text, file, taxonomy or load_taxonomy())
    if mistakes:
        raise mistakes[0]
    return found


def check_markup(text: str, *, file: str = "markup", taxonomy: Taxonomy | None = None) -> list[str]:
    """Return what is not right in a file, one line for each comment concerned; empty is fine."""
    try:
        _, mistakes = _parse(text, file, taxonomy or load_taxonomy())
    except FileFormatError as error:
        return [str(error)]
    return [str(mistake) for mistake in mistakes]


def write_markup(labels: Sequence[LabelledComment]) -> str:
    """Return the comments of one batch in this notation, to be edited and read again.

    Raises:
        FileFormatError: There are none, or they are of several batches.
    """
    batches = {label.id.rsplit("-", 1)[0] for label in labels}
    if len(batches) != 1:
        raise FileFormatError(
            f"There are comments of {len(batches)} batches ({shorten_list(sorted(batches))}); "
            "write one batch at a time."
        )
    language, batch = batches.pop().split("-")
    wordings = dict.fromkeys(label.question for label in labels)
    questions = {wording: f"q{at}" for at, wording in enumerate(wordings, start=1)}
    lines = [f"@ {language} {batch}", *(f"@ {k} = {w}" for w, k in questions.items()), ""]
    for label in labels:
        lines += [_write_head(label, language, questions), write_text(label), ""]
    return "\n".join(lines)


def _parse(
    text: str, file: str, taxonomy: Taxonomy
) -> tuple[list[LabelledComment], list[FileFormatError]]:
    head, blocks = _split(text.replace("\r\n", "\n").removeprefix("\ufeff"), file)
    found: list[LabelledComment] = []
    mistakes: list[FileFormatError] = []
    seen: dict[int, int] = {}
    for block in blocks:
        try:
            if block.number in seen:
                raise _error(
                    file, block.line,
                    f"number {block.number} is taken in line {seen[block.number]}; use a new one.",
                )  # fmt: skip
            seen[block.number] = block.line
            found.append(_label(block, head, file, taxonomy))
        except FileFormatError as mistake:
            mistakes.append(mistake)
    return found, mistakes


def _split(text: str, file: str) -> tuple[_Head, list[_Block]]:
    lines = text.split("\n")
    starts = [at for at, line in enumerate(lines) if line.startswith("==")]
    head = _read_head(lines[: starts[0] if starts else len(lines)], file)
    blocks = []
    for begin, end in pairwise([*starts, len(lines)]):
        match = _BLOCK.fullmatch(lines[begin])
        if match is None:
            raise _error(
                file, begin + 1,
                f"{lines[begin]!r} is not the head of a comment; write '== 17 retail nps=3 why', "
                r"or \== if it is text.",
            )  # fmt: skip
        body = lines[begin + 1 : end]
        blank = next((at for at, line in enumerate(body) if line.strip()), len(body))
        blocks.append(
            _Block(
                number=int(match["number"]),
                words=tuple(match["words"].split()),
                text="\n".join(body[blank:]).rstrip(),
                line=begin + 1,
                text_line=begin + 2 + blank,
            )
        )
    return head, blocks


def _read_head(lines: Sequence[str], file: str) -> _Head:
    head: _Head | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if head is None:
            match = _HEAD.fullmatch(line)
            if match is None or match["language"] not in LANGUAGES:
                raise _error(file, number, "the file must begin with '@ nl 03': language, batch.")
            head = _Head(match["language"], match["batch"])
            continue
        match = _QUESTION.fullmatch(line)
        if match is None or _kind(match["key"]) or match["key"] in head.questions:
            raise _error(
                file, number,
                f"{line!r} is not a question; write '@ why = Wording?' with a word of its own.",
            )  # fmt: skip
        head.questions[match["key"]] = match["wording"]
    if head is None or not head.questions:
        raise _error(file, 1, "the file must begin with '@ nl 03' and a question '@ why = ...'.")
    return head


def _kind(word: str) -> str:
    """Return which field a bare word of a head belongs to; blank if none."""
    kinds = {
        "industry": INDUSTRIES, "notes": MARKS, "status": STATUSES, "sentiment": SENTIMENTS,
        "language": (*LANGUAGES, UNKNOWN_LANGUAGE),
    }  # fmt: skip
    return next((kind for kind, words in kinds.items() if word in words), "")


def _read_words(block: _Block, head: _Head, file: str) -> dict[str, Any]:
    values: dict[str, Any] = {"notes": []}
    for word in block.words:
        kind, value = _kind(word), word
        rating = _RATING.fullmatch(word)
        if kind == "notes":
            values["notes"].append(word)
            continue
        if rating is not None:
            kind, value = "metric", rating["metric"]
            values["rating"] = None if rating["rating"] == "-" else int(rating["rating"])
        elif word in head.questions:
            kind, value = "question", head.questions[word]
        if not kind:
            known = [*head.questions, *INDUSTRIES, *MARKS]
            raise _error(
                file, block.line,
                f"{word!r} is unknown; a head has nps=3, and words of: "
                f"{shorten_list(known, limit=50)}.",
            )  # fmt: skip
        if kind in values:
            raise _error(file, block.line, f"{word!r} is the second {kind}; keep one.")
        values[kind] = value
    for kind, example in (("industry", "retail"), ("metric", "nps=3")):
        if kind not in values:
            raise _error(file, block.line, f"the {kind} is missing; write it, such as {example}.")
    values.setdefault("question", next(iter(head.questions.values())))
    return values


def _label(block: _Block, head: _Head, file: str, taxonomy: Taxonomy) -> LabelledComment:
    values = _read_words(block, head, file)
    read = MarkupReader(block.text, (file, block.text_line), taxonomy)
    text, mentions = read.text, read.mentions
    status = values.get("status", "ok")
    sentiment = values.get("sentiment")
    if status == "ok" and sentiment is None:
        if not mentions:
            raise _error(
                file, block.line,
                "no mention is marked; mark one, or write uninformative, or neutral if the text "
                "is readable and judges nothing.",
            )  # fmt: skip
        sentiment = usual_sentiment(mentions)
    usual = UNKNOWN_LANGUAGE if status == "unknown_language" else head.language
    label = LabelledComment(
        id=f"{head.language}-{head.batch}-{block.number:03d}",
        text=text,
        language=values.get("language", usual),
        question=values["question"],
        rating=values["rating"],
        metric=values["metric"],
        industry=values["industry"],
        mentions=tuple(mentions),
        sentiment=sentiment,
        status=status,
        notes=tuple(sorted(set(values["notes"]))),
    )
    try:
        return check_label(label, taxonomy)
    except FileFormatError as error:
        raise _error(file, block.line, str(error)) from error


def _write_head(label: LabelledComment, language: str, questions: dict[str, str]) -> str:
    rating = "-" if label.rating is None else label.rating
    usual = UNKNOWN_LANGUAGE if label.status == "unknown_language" else language
    words = [
        f"== {int(label.id.rsplit('-', 1)[1])}", label.industry, f"{label.metric}={rating}",
        questions[label.question],
    ]  # fmt: skip
    words += [label.language] * (label.language != usual)
    words += [label.status] * (label.status != "ok")
    if label.sentiment and (
        not label.mentions or label.sentiment != usual_sentiment(label.mentions)
    ):
        words.append(label.sentiment)
    return " ".join([*words, *label.notes])


def _error(file: str, line: int, message: str) -> FileFormatError:
    return FileFormatError(f"{file}:{line}: {message}")
