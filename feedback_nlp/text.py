"""From raw comments to parsed ones: language, status, words, sentences and clauses.

Nothing here changes a comment: words and clauses carry their position in the text as it came.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import numpy as np

from feedback_nlp.clauses import cut_clauses
from feedback_nlp.flat import begins
from feedback_nlp.lexicon import UNIVERSAL, load_lexicon
from feedback_nlp.meaning import bears_meaning
from feedback_nlp.parsed import STATUS_ORDER, Clause, ParsedBatch, ParsedComment
from feedback_nlp.patterns import PatternSet, normalise
from feedback_nlp.pauses import no_garbage
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE
from feedback_nlp.splitter import splitter
from feedback_nlp.tokens import HALF_CHARACTER, spacy_pipeline, split_words

__all__ = [
    "HALF_CHARACTER",
    "Clause",
    "ParsedComment",
    "parse",
    "question_asks",
    "spacy_pipeline",
    "split_words",
    "whole_answers",
]

_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufe0f]*")
_SHORT_WORD = re.compile(r"\w+|[^\w\s]")
_LONGEST_ANSWER = 120
_AT_ONCE = 2_000_000  # characters
_OK, _BLANK, _UNINFORMATIVE, _UNKNOWN = range(len(STATUS_ORDER))


@no_garbage()
def parse(
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
        >>> first, second = parse(["Lekker, maar te duur.", "  "], ["nl", "unknown"])
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
    short = (~blank & (split.lettered <= _longest_answer(language))).nonzero()[0].tolist()
    answers = whole_answers([texts[row] for row in short], language)
    for row, says in zip(short, answers, strict=True):
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
        clauses=cut_clauses(split.words, language, status == _OK),
    )


def whole_answers(texts: Sequence[str], language: str) -> list[set[str]]:
    """Return ``nothing`` and/or ``no_answer`` for each text that is such a phrase as a whole.

    Example:
        >>> whole_answers(["Niks!", "Niks dan lof"], "nl")
        [{'nothing'}, set()]
    """
    found: list[set[str]] = [set() for _ in texts]
    samples, of = [], []
    for row, text in enumerate(texts):
        if len(text) <= _LONGEST_ANSWER:
            words = _simple_words(text)
            said = [word for word in words if bears_meaning(word)]
            both = [said, words] if said != words else [said]
            samples += both
            of += [row] * len(both)
    if not samples:
        return found
    place: dict[str, int] = {}
    word = [place.setdefault(w, len(place)) for sample in samples for w in sample]
    numbers = np.array(word, dtype=np.int64)
    first = begins(np.array([len(sample) for sample in samples], dtype=np.int64))
    for answers in _answers(language):
        hits = answers.find_all(list(place), numbers, first)
        sample = np.searchsorted(first, hits.start, side="right") - 1
        whole = (hits.start == first[sample]) & (hits.end == first[sample + 1])
        for at, label in zip(sample[whole].tolist(), hits.label[whole].tolist(), strict=True):
            found[of[at]].add(hits.labels[label])
    return found


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
        labels = _questions(code).labels_in(_simple_words(question))
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
