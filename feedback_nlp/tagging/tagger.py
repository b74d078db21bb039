"""The tagger: comments in, themes with polarity and evidence out.

There is one way through: a batch of comments is parsed, the model reads it, the records are made.
One comment is a batch of one, a table is many batches, so all give the same answer.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal, overload

import pandas as pd

from feedback_nlp.language import FloatArray, detect_languages
from feedback_nlp.pauses import no_garbage
from feedback_nlp.reasons import Reasons
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE, Mention, TaggedComment
from feedback_nlp.schema import (
    SENTIMENTS,
    STATUSES,
    mentions_table,
    with_info,
)
from feedback_nlp.tagging.frames import fields_of
from feedback_nlp.tagging.protocols import Model, Reading
from feedback_nlp.tagging.shown import tagging_html
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import ParsedComment, parse

BATCH_SIZE = 1_000
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
        stream = iter(rows)
        while batch := list(islice(stream, BATCH_SIZE)):
            if as_tuples:
                made = [_Row(_checked(text), "", language, None, mine) for text, mine in batch]
                for tagged, row in zip(self._tag(made), made, strict=True):
                    yield tagged, row.context
            else:
                yield from self._tag([_Row(_checked(text), "", language) for text in batch])

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
                after each batch of 1,000 different comments. What it raises ends the tagging.

        Raises:
            ColumnError: ``comment_id`` or ``text`` is missing, an id is doubled, or a text has half
                a character.
        """
        if progress is not None:
            progress(0, len(comments))
        texts, questions, languages = fields_of(comments, mix)
        comments = comments.astype({"comment_id": "str"})
        keys = list(zip(texts, questions, languages, strict=True))
        times = Counter(keys)
        unique, done = list(times), 0
        tagged: dict[tuple[str, str, str], TaggedComment] = {}
        for at in range(0, len(unique), BATCH_SIZE):
            batch = unique[at : at + BATCH_SIZE]
            tagged.update(zip(batch, self._tag([_Row(*key) for key in batch]), strict=True))
            if progress is not None:
                done += sum(times[key] for key in batch)
                progress(done, len(keys))
        return self._tables(comments, [tagged[key] for key in keys], languages)

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

    def _tables(
        self, comments: pd.DataFrame, tagged: Sequence[TaggedComment], languages: Sequence[str]
    ) -> Tagging:
        ids = comments["comment_id"].astype("str").tolist()
        rows = [
            (comment_id, one.text, mention)
            for comment_id, one in zip(ids, tagged, strict=True)
            for mention in one.mentions
        ]
        out = comments.assign(
            language=pd.Categorical(list(languages), categories=[*LANGUAGES, UNKNOWN_LANGUAGE]),
            status=pd.Categorical([one.status for one in tagged], categories=list(STATUSES)),
            sentiment=pd.Categorical(
                [one.sentiment for one in tagged], categories=list(SENTIMENTS)
            ),
            sentiment_score=pd.array([one.sentiment_score for one in tagged], dtype="float64"),
        )
        out.attrs.update(comments.attrs)
        return Tagging(
            out, with_info(mentions_table(rows, self.taxonomy.ids), self.taxonomy.noted())
        )

    @no_garbage()
    def _tag(self, rows: Sequence[_Row]) -> list[TaggedComment]:
        texts = [row.text for row in rows]
        wanted = [row.language for row in rows]
        missing = [t for t, language in zip(texts, wanted, strict=True) if language is None]
        found = iter(detect_languages(missing))
        languages = [next(found) if language is None else language for language in wanted]
        parsed = parse(texts, languages, [row.question for row in rows])
        read = self.model.read(parsed)
        return [
            _record(row, comment, found, partial(self._explain, row.question))
            for row, comment, found in zip(rows, parsed, read, strict=True)
        ]

    def _explain(self, question: str, tagged: TaggedComment) -> Reasons:
        """Read a comment again and say why it was tagged so."""
        from feedback_nlp.tagging.reasons import reasons_of

        parsed = parse([tagged.text], [tagged.language], [question])
        return reasons_of(self.model, parsed[0], self.model.read(parsed)[0])


def _record(
    row: _Row,
    parsed: ParsedComment,
    read: Reading,
    explainer: Callable[[TaggedComment], Reasons],
) -> TaggedComment:
    judged = read.judged
    mentions = tuple(
        Mention(
            theme=span.theme,
            polarity=judgement.polarity if judgement else None,
            theme_confidence=span.confidence,
            polarity_confidence=judgement.confidence if judgement else None,
            start=span.start,
            end=span.end,
            source=span.source,
        )
        for span, judgement in zip(read.spans, judged.mentions, strict=True)
    )
    verdict = judged.verdict
    return TaggedComment(
        text=row.text,
        mentions=mentions,
        language=parsed.language,
        status=read.status or parsed.status,
        sentiment=verdict.sentiment if verdict else None,
        sentiment_score=verdict.score if verdict else None,
        comment_id=row.comment_id,
        explainer=explainer,
    )


def _checked(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"A comment is a str, not {type(text).__name__}: {text!r}")
    return text
