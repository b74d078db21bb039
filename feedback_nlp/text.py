"""From raw comments to parsed ones: language, status, words, sentences and clauses.

Nothing here changes a comment: words and clauses carry their position in the text as it came.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import numpy as np

from feedback_nlp.clauses import SYMBOL, Clause, bears_meaning, cut_all, cut_clauses
from feedback_nlp.lexicon import UNIVERSAL, load_lexicon
from feedback_nlp.parsed import STATUS_ORDER, ParsedBatch
from feedback_nlp.patterns import PatternSet, normalise
from feedback_nlp.pauses import no_garbage
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE, Status
from feedback_nlp.splitter import splitter
from feedback_nlp.tokens import HALF_CHARACTER, spacy_pipeline, split_words, tokens

__all__ = [
    "HALF_CHARACTER",
    "Clause",
    "ParsedComment",
    "parse",
    "parse_batch",
    "question_asks",
    "spacy_pipeline",
    "split_words",
    "whole_answer",
]

_LETTERS = re.compile(r"[^\W\d_]+")
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufe0f]*")
_MASHED = re.compile(r"(.)\1{4,}|[bcdfghjklmnpqrstvwxz]{7,}")
_SHORT_WORD = re.compile(r"\w+|[^\w\s]")
_LONGEST_ANSWER = 120
_AT_ONCE = 2_000_000  # characters
_OK, _BLANK, _UNINFORMATIVE, _UNKNOWN = range(len(STATUS_ORDER))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedComment:
    """One comment, split; what theme and polarity models read.

    Attributes:
        text: The comment as it came.
        question: The wording that was asked, or "".
        language: ISO 639-1 code, or ``unknown``.
        status: ``ok``, or why it is set aside.
        words: Its words in lower case.
        starts: First character of each word.
        ends: One past the last character of each word.
        clauses: Its clauses, in order; together they hold every word once.
        says_nothing: The whole answer is "nothing" or the like: the question decides its meaning.
        memory: What models have found in it already and others may need, such as its opinions.
    """

    text: str
    question: str = ""
    language: str = UNKNOWN_LANGUAGE
    status: Status = "ok"
    words: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    clauses: tuple[Clause, ...] = ()
    says_nothing: bool = False
    memory: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def clause_of(self, word: int) -> int:
        """Return the number of the clause that holds a word."""
        return bisect_left(self.clauses, (word + 1,)) - 1

    def span(self, start: int, end: int, skip: frozenset[str] = frozenset()) -> tuple[int, int]:
        """Return the characters from word ``start`` to before ``end``, marks at the rim cut.

        Args:
            start: The first word.
            end: One past the last word.
            skip: Words that are cut at the beginning like marks, such as "and".
        """
        while start < end - 1 and (
            self.words[start] in skip or not bears_meaning(self.words[start])
        ):
            start += 1
        while end - 1 > start and not bears_meaning(self.words[end - 1]):
            end -= 1
        return self.starts[start], self.ends[end - 1]


@no_garbage()
def parse(
    texts: Sequence[str],
    languages: Sequence[str],
    questions: Sequence[str] | None = None,
) -> list[ParsedComment]:
    """Return the comments split into words, sentences and clauses, with their status.

    Args:
        texts: The comments.
        languages: One code for each; ``unknown`` where it is not known.
        questions: The wording that was asked for each; "" where it is not known.

    Example:
        >>> first, second = parse(["Lekker, maar te duur.", "  "], ["nl", "unknown"])
        >>> [first.text[slice(*first.span(c.start, c.end))] for c in first.clauses], second.status
        (['Lekker', 'maar te duur'], 'blank')
    """
    asked = questions if questions is not None else [""] * len(texts)
    return [
        _parse_one(text, language, question)
        for text, language, question in zip(texts, languages, asked, strict=True)
    ]


@no_garbage()
def parse_batch(
    texts: Sequence[str],
    languages: Sequence[str],
    questions: Sequence[str] | None = None,
) -> ParsedBatch:
    """Return the comments split into words, sentences and clauses, with their status.

    Args:
        texts: The comments.
        languages: One code for each; ``unknown`` where it is not known.
        questions: The wording that was asked for each; "" where it is not known.

    Example:
        >>> first, second = parse_batch(["Lekker, maar te duur.", "  "], ["nl", "unknown"])
        >>> [first.text[slice(*first.span(c.start, c.end))] for c in first.clauses], second.status
        (['Lekker', 'maar te duur'], 'blank')
    """
    asked = questions if questions is not None else [""] * len(texts)
    alike: dict[str, list[int]] = {}
    for row, (_, language, _) in enumerate(zip(texts, languages, asked, strict=True)):
        alike.setdefault(language, []).append(row)
    turns = [
        (language, turn) for language, rows in alike.items() for turn in _in_turns(rows, texts)
    ]
    parts = [
        _parse_alike([texts[row] for row in rows], language, [asked[row] for row in rows])
        for language, rows in turns
    ]
    if len(parts) == 1:
        return parts[0]
    rows = np.array([row for _, rows in turns for row in rows], dtype=np.int64)
    return ParsedBatch.joined(parts).take(np.argsort(rows)) if parts else ParsedBatch.of([])


def _in_turns(rows: Sequence[int], texts: Sequence[str]) -> Iterator[Sequence[int]]:
    """Yield rows a part at a time, which bounds the memory."""
    begin = size = 0
    for at, row in enumerate(rows):
        size += len(texts[row])
        if size > _AT_ONCE and at > begin:
            yield rows[begin:at]
            begin, size = at, len(texts[row])
    yield rows[begin:]


def _parse_alike(texts: Sequence[str], language: str, questions: Sequence[str]) -> ParsedBatch:
    """Return comments of one language."""
    blank = np.array([bool(_INVISIBLE.fullmatch(text)) for text in texts], dtype=np.bool_)
    split = splitter(language).split(
        ["" if empty else text for text, empty in zip(texts, blank.tolist(), strict=True)]
    )
    pointless = ~blank & ~split.meaning
    nothing = np.zeros(len(texts), dtype=np.bool_)
    for row in np.flatnonzero(~blank & (split.lettered <= _longest_answer(language))).tolist():
        says = whole_answer(texts[row], language)
        nothing[row] = "nothing" in says
        pointless[row] |= "no_answer" in says or (
            nothing[row] and question_asks(questions[row], language) is None
        )
    status = np.where(blank, _BLANK, np.where(pointless, _UNINFORMATIVE, _OK))
    if language == UNKNOWN_LANGUAGE:
        status[(status == _OK) & ~split.symbol] = _UNKNOWN
    return ParsedBatch(
        texts=texts,
        questions=questions,
        languages=[language] * len(texts),
        status=status,
        says_nothing=nothing,
        words=split.words,
        clauses=cut_all(split.words, language, status == _OK),
    )


def _parse_one(text: str, language: str, question: str) -> ParsedComment:
    if _INVISIBLE.fullmatch(text):
        return ParsedComment(text=text, question=question, language=language, status="blank")
    found = tokens(text, language)
    says = whole_answer(text, language)
    status: Status = "ok"
    pointless = "nothing" in says and question_asks(question, language) is None
    if pointless or "no_answer" in says or not _has_meaning(text):
        status = "uninformative"
    elif language == UNKNOWN_LANGUAGE and not SYMBOL.search(text):
        status = "unknown_language"
    return ParsedComment(
        text=text,
        question=question,
        language=language,
        status=status,
        words=tuple(found.words),
        starts=tuple(found.starts),
        ends=tuple(found.ends),
        clauses=cut_clauses(found, language) if status == "ok" else (),
        says_nothing="nothing" in says,
    )


def whole_answer(text: str, language: str) -> set[str]:
    """Return ``nothing`` and/or ``no_answer`` if the whole answer is one of those phrases.

    Example:
        >>> whole_answer("Niks!", "nl")
        {'nothing'}
    """
    if len(text) > _LONGEST_ANSWER:
        return set()
    patterns = _answers(language)
    if sum(stretch[0].isalnum() for stretch in text.split()) > _longest_answer(language):
        return set()  # most comments: the words below are no fewer
    words = _simple_words(text)
    said = [word for word in words if bears_meaning(word)]
    samples = (said, words) if said != words else (said,)
    return {
        hit.label
        for answers in patterns
        for sample in samples
        for hit in answers.find_whole(sample)
    }


def _longest_answer(language: str) -> int:
    """Return how many words a whole answer has at most."""
    return max(answers.longest for answers in _answers(language))


@lru_cache(maxsize=10_000)
def question_asks(question: str, language: str) -> str | None:
    """Return ``positive`` or ``negative`` if a question asks for what was good, or what was not.

    Args:
        question: The wording; a survey has few, so answers are remembered.
        language: The language of the answer; the question is tried in that language, then in all
            others.

    Example:
        >>> question_asks("What could we do better?", "en"), question_asks("Why this score?", "en")
        ('negative', None)
    """
    if not question:
        return None
    codes = [language, *LANGUAGES] if language in LANGUAGES else list(LANGUAGES)
    for code in dict.fromkeys(codes):
        hits = _questions(code).find(_simple_words(question))
        labels = {hit.label for hit in hits}
        if len(labels) == 1:
            return labels.pop().removeprefix("asks_")
        if labels:
            return None
    return None


@cache
def _questions(language: str) -> PatternSet:
    lexicon = load_lexicon(language)
    pairs = [(phrase, asks) for asks, phrases in lexicon.questions.items() for phrase in phrases]
    return PatternSet(pairs, _simple_words, lexicon.keep_accents)


@cache
def _answers(language: str) -> tuple[PatternSet, ...]:
    """Return the answers that say nothing in a language, or in all where it is unknown."""
    if language not in LANGUAGES:
        return tuple(_answers_in(code) for code in (UNIVERSAL, *LANGUAGES))
    return _answers_in(language), _answers_in(UNIVERSAL)


@cache
def _answers_in(language: str) -> PatternSet:
    lexicon = load_lexicon(language)
    opinions = {phrase for phrases in lexicon.opinion.values() for phrase in phrases}
    pairs = [(p, "nothing") for p in lexicon.answers["nothing"] if p not in opinions]
    pairs += [(p, "no_answer") for p in lexicon.answers["no_answer"]]
    return PatternSet(pairs, _simple_words, lexicon.keep_accents)


def _simple_words(text: str) -> list[str]:
    """Split a short text alike in all languages, which takes none of spaCy's pipelines."""
    return [normalise(part) for part in _SHORT_WORD.findall(text)]


def _has_meaning(text: str) -> bool:
    """Tell a comment from junk: it has letters that are not mashed keys, or an emoji."""
    words = _LETTERS.finditer(text[:2000].lower())
    return any(not _MASHED.search(word.group()) for word in words) or bool(SYMBOL.search(text))
