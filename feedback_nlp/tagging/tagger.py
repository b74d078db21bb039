"""The tagger: comments in, themes with polarity and evidence out.

There is one way through: a batch of comments is parsed and the model reads it, all in flat arrays;
records or columns are made of these. One comment is a batch of one, a table is many batches, so all
give the same answer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
import pandas as pd

from feedback_nlp.language import FloatArray, detect_languages
from feedback_nlp.parsed import STATUS_ORDER
from feedback_nlp.pauses import no_garbage
from feedback_nlp.reasons import Reasons
from feedback_nlp.records import TaggedComment
from feedback_nlp.schema import with_info
from feedback_nlp.tagging.frames import fields_of
from feedback_nlp.tagging.protocols import Model, Reading
from feedback_nlp.tagging.readings import Readings, mentions_of
from feedback_nlp.tagging.shown import tagging_html
from feedback_nlp.tagging.tables import Kept, tagged_tables
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import parse

BATCH_SIZE = 2_000
_CHARACTERS = 1_000_000  # of a batch, if it has more than one comment
_Key = tuple[str, str, str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tagging:
    """The two tables after tagging.

    Attributes:
        comments: The comments as given, plus language, status, sentiment and sentiment_score.
        mentions: One row for each theme in one stretch of one comment.
    """

    comments: pd.DataFrame
    mentions: pd.DataFrame

    def _repr_html_(self) -> str:
        return tagging_html(self.comments, self.mentions)


@dataclass(frozen=True, slots=True)
class _Row:
    """What is tagged: a text, what is known of it, and what the caller wants back with it."""

    text: str
    question: str = ""
    language: str | None = None
    comment_id: str | None = None
    context: Any = None


@dataclass(frozen=True)
class Tagger:
    """Tags comments; made by ``load_tagger``. It never changes, so threads may share it.

    Attributes:
        taxonomy: The themes it knows.
        model: What reads the comments.
        name: What it is called in reports and run records.
        facts: What else a run record should hold: hashes and versions.

    Example:
        >>> from feedback_nlp.tagging.store import load_tagger
        >>> tagged = load_tagger()("The staff were friendly, but it is far too expensive.")
        >>> [(m.theme, m.polarity) for m in tagged.mentions]
        [('service.friendliness', 'positive'), ('price.level', 'negative')]
    """

    taxonomy: Taxonomy
    model: Model
    name: str = "rules"
    facts: dict[str, str] = field(default_factory=dict)

    def __deepcopy__(self, memo: dict[int, object]) -> "Tagger":
        """Return itself, since it never changes: tagged comments that refer to it may be copied."""
        return self

    def __call__(
        self,
        text: str,
        *,
        question: str = "",
        language: str | None = None,
        comment_id: str | None = None,
    ) -> TaggedComment:
        """Tag one comment.

        Args:
            text: What the customer wrote.
            question: What was asked: "nothing" after "what could we improve?" is praise.
            language: One of the seven codes, if known; else it is detected.
            comment_id: Your own id, handed through.

        Raises:
            TypeError: The text is not a string.
        """
        return self._tag([_Row(_checked(text), question, language, comment_id)])[0]

    @overload
    def pipe(
        self, rows: Iterable[str], *, as_tuples: Literal[False] = False, language: str | None = None
    ) -> Iterator[TaggedComment]: ...

    @overload
    def pipe(
        self,
        rows: Iterable[tuple[str, Any]],
        *,
        as_tuples: Literal[True],
        language: str | None = None,
    ) -> Iterator[tuple[TaggedComment, Any]]: ...

    def pipe(
        self,
        rows: Iterable[Any],
        *,
        as_tuples: bool = False,
        language: str | None = None,
    ) -> Iterator[Any]:
        """Tag a stream of comments in batches; memory does not grow with its length.

        Args:
            rows: Texts, or (text, your record) pairs.
            as_tuples: Rows are pairs, and pairs of (tagged comment, your record) come back.
            language: The language of all of them, if known.
        """
        pairs = rows if as_tuples else ((text, None) for text in rows)
        made = (_Row(_checked(text), "", language, None, mine) for text, mine in pairs)
        for batch in _gathered(made):
            for tagged, row in zip(self._tag(batch), batch, strict=True):
                yield (tagged, row.context) if as_tuples else tagged

    def tag_frame(
        self,
        comments: pd.DataFrame,
        *,
        mix: FloatArray | None = None,
        progress: Progress | None = None,
    ) -> Tagging:
        """Tag a comments table.

        Args:
            comments: A comments table; ``question`` and ``language`` are used where they are
                there. Languages that are not given are detected, with the mix of languages of the
                whole table to decide short comments.
            mix: For a part of a larger table: the mix of languages of the whole, of
                ``language_mix``.
            progress: Is told how many comments are done, and how many there are: at the start and
                after each batch of 2,000 different comments of one language. What it raises ends
                the tagging.

        Raises:
            ColumnError: ``comment_id`` or ``text`` is missing, an id is doubled, or a text has half
                a character.
        """
        tell = progress or (lambda done, total: None)
        tell(0, len(comments))
        with no_garbage():
            texts, questions, languages = fields_of(comments, mix)
            comments = comments.astype({"comment_id": "str"})
            place: dict[_Key, int] = {}
            keys = zip(texts, questions, languages, strict=True)
            number = np.array([place.setdefault(key, len(place)) for key in keys], dtype=np.int64)
            times, different = np.bincount(number, minlength=len(place)), list(place)
            batches = list(_batches(different))
        parts, done = [], 0
        for numbers in batches:
            keys_here = [different[at] for at in numbers]
            parts.append(Kept.of(np.array(numbers), self._read(*zip(*keys_here, strict=True))))
            done += int(times[numbers].sum())
            tell(done, len(comments))
        with no_garbage():
            tables = tagged_tables(
                comments, Kept.joined(parts), number, texts, languages, self.taxonomy.ids
            )
        return Tagging(tables[0], with_info(tables[1], self.taxonomy.noted()))

    def save(self, folder: str | Path, *, force: bool = False) -> Path:
        """Write a trained tagger to a new folder, whole or not at all; ``load_tagger`` reads it.

        Args:
            folder: Where to.
            force: It may hold an earlier model, which is replaced.

        Raises:
            ModelError: It is no tagger of ``train_tagger``, or something else is in the folder.
            FileFormatError: The folder cannot be written.
        """
        from feedback_nlp.tagging.trained_folder import save_model

        return save_model(self.model, Path(folder), force=force)

    @property
    def card(self) -> str:
        """What a trained tagger learnt from and how good it is, in Markdown; "" for others."""
        return str(getattr(self.model, "card", ""))

    @no_garbage()
    def _read(
        self, texts: Sequence[str], questions: Sequence[str], languages: Sequence[str]
    ) -> Readings:
        """Return what is said of some comments."""
        batch = parse(texts, languages, questions)
        return Readings.of(self.model.read(batch), batch, self.taxonomy.ids)

    def _tag(self, rows: Sequence[_Row]) -> list[TaggedComment]:
        texts = [row.text for row in rows]
        wanted = [row.language for row in rows]
        missing = [t for t, language in zip(texts, wanted, strict=True) if language is None]
        found = iter(detect_languages(missing))
        languages = [next(found) if language is None else language for language in wanted]
        readings = self._read(texts, [row.question for row in rows], languages)
        return [
            _record(row, language, status, read, partial(self._explain, row.question))
            for row, language, status, read in zip(
                rows, languages, readings.batch.status.tolist(), readings, strict=True
            )
        ]

    def _explain(self, question: str, tagged: TaggedComment) -> Reasons:
        """Read a comment again and say why it was tagged so."""
        from feedback_nlp.tagging.reasons import reasons_of

        parsed = parse([tagged.text], [tagged.language], [question])
        return reasons_of(self.model, parsed[0], self.model.read(parsed)[0])


def _gathered(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """Yield rows batch by batch, none with more characters than is good for the memory."""
    batch: list[_Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row.text)
        if len(batch) == BATCH_SIZE or size >= _CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _batches(keys: Sequence[_Key]) -> Iterator[list[int]]:
    """Yield the numbers of different comments, batch by batch.

    Args:
        keys: Text, question and language of each; the language of a batch is one.
    """
    alike: dict[str, list[int]] = {}
    for number, (_, _, language) in enumerate(keys):
        alike.setdefault(language, []).append(number)
    for numbers in alike.values():
        begin = size = 0
        for at, number in enumerate(numbers):
            size += len(keys[number][0])
            if at > begin and (at - begin == BATCH_SIZE or size > _CHARACTERS):
                yield numbers[begin:at]
                begin, size = at, len(keys[number][0])
        yield numbers[begin:]


def _record(
    row: _Row,
    language: str,
    status: int,
    read: Reading,
    explainer: Callable[[TaggedComment], Reasons],
) -> TaggedComment:
    verdict = read.judged.verdict
    return TaggedComment(
        text=row.text,
        mentions=mentions_of(read),
        language=language,
        status=read.status or STATUS_ORDER[status],
        sentiment=verdict.sentiment if verdict else None,
        sentiment_score=verdict.score if verdict else None,
        comment_id=row.comment_id,
        explainer=explainer,
    )


def _checked(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"A comment is a str, not {type(text).__name__}: {text!r}")
    return text
