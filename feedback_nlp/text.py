"""From raw comments to parsed ones: language, status, words, sentences and clauses.

Nothing here changes a comment: words and clauses carry their position in the text as it came.
spaCy's blank pipelines
split the words; no trained pipeline is needed and nothing is downloaded.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from feedback_nlp.lexicon import UNIVERSAL, load_lexicon
from feedback_nlp.patterns import Hit, PatternSet, normalise
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE, Status

if TYPE_CHECKING:
    from spacy.language import Language

_SENTENCE_END = frozenset(".!?;…\n") | {"...", "!!", "!!!", "??", "???", "?!", "!?"}
_CLAUSE_MARKS = frozenset({",", ":", "-", "–", "—", "(", ")", "/", "&"})
_JOINING_MARKS = frozenset("-/&")
_LAST_STOP = re.compile(r"[^\W\d_]{3,}\.")
_NOT = re.compile(r"n['’]t", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_SYMBOL = re.compile(
    r"[\u2190-\u2bff\u2600-\u27bf\U0001F000-\U0001FAFF]|[:;=]['-]?[()/dD]|<3|\+\+|\d/\d"
)
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufe0f]+")
_MASHED = re.compile(r"(.)\1{4,}|[bcdfghjklmnpqrstvwxz]{7,}")
HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
_LONG_STRETCH = re.compile(r"\S{150,}")
_SIMPLE_WORD = re.compile(r"\w{1,60}|[^\w\s]{1,60}")
_SHORT_WORD = re.compile(r"\w+|[^\w\s]")
_LONGEST_ANSWER = 120
_MIN_CLAUSE = 2
_MAX_CHARACTERS = 50_000_000


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of words that carries one statement: words ``start`` to ``end`` (exclusive)."""

    start: int
    end: int
    sentence: int
    contrast: bool


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

    def clause_of(self, word: int) -> int:
        """Return the number of the clause that holds a word."""
        return bisect_right(self.clauses, word, key=lambda clause: clause.start) - 1

    def span(self, start: int, end: int, skip: frozenset[str] = frozenset()) -> tuple[int, int]:
        """Return the characters from word ``start`` to before ``end``, marks at the rim cut.

        Args:
            start: The first word.
            end: One past the last word.
            skip: Words that are cut at the beginning like marks, such as "and".
        """
        while start < end - 1 and (
            self.words[start] in skip or not _bears_meaning(self.words[start])
        ):
            start += 1
        while end - 1 > start and not _bears_meaning(self.words[end - 1]):
            end -= 1
        return self.starts[start], self.ends[end - 1]


@cache
def spacy_pipeline(language: str) -> "Language":
    """Return spaCy's blank pipeline of a language (``xx`` for unknown), made once.

    Example:
        >>> [token.text for token in spacy_pipeline("nl")("Niet goed.")]
        ['Niet', 'goed', '.']
    """
    import spacy

    nlp = spacy.blank(language if language in LANGUAGES else UNIVERSAL)
    nlp.max_length = _MAX_CHARACTERS
    return nlp


def split_words(text: str, language: str) -> list[str]:
    """Return the words of a text as parsed comments have them: lower case, marks apart.

    Example:
        >>> split_words("Te duur!", "nl")
        ['te', 'duur', '!']
    """
    if text.isalpha() and text not in _special_words(language):
        return [normalise(text)]
    return [normalise(raw) for raw, _ in _tokens(text, language)]


@cache
def _special_words(language: str) -> frozenset[str]:
    """Return the words that spaCy splits though they have letters alone: "cannot", "dont"."""
    return frozenset(getattr(spacy_pipeline(language).tokenizer, "rules", {}))


def _tokens(text: str, language: str) -> Iterator[tuple[str, int]]:
    """Yield each word and its position; a stretch too long to be a word is split simply.

    spaCy splits marks off a word one by one, which takes minutes for fifty thousand of them in a
    row.
    """
    readable = HALF_CHARACTER.sub("\ufffd", text)
    begin = 0
    for stretch in _LONG_STRETCH.finditer(readable):
        yield from _spacy_tokens(readable[begin : stretch.start()], begin, language)
        for part in _SIMPLE_WORD.finditer(readable, stretch.start(), stretch.end()):
            yield text[part.start() : part.end()], part.start()
        begin = stretch.end()
    yield from _spacy_tokens(readable[begin:], begin, language)


def _spacy_tokens(text: str, begin: int, language: str) -> Iterator[tuple[str, int]]:
    """Yield spaCy's words, and split what it leaves whole.

    Its Dutch rules take "top." at the end of a text for an abbreviation, its English ones do not
    know DON'T in capitals.
    """
    last = len(text.rstrip())
    for token in spacy_pipeline(language).make_doc(text):
        word, at = token.text, token.idx
        end = at + len(word)
        cut = 0
        if word[-1] == "." and (end == last or text[end : end + 1] == "\n"):
            cut = len(word) - 1 if _LAST_STOP.fullmatch(word) else 0
        elif language == "en" and len(word) > 3 and _NOT.fullmatch(word[-3:]):
            cut = len(word) - 3
        if cut:
            yield word[:cut], begin + at
        yield word[cut:], begin + at + cut


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


def _parse_one(text: str, language: str, question: str) -> ParsedComment:
    if not _INVISIBLE.sub("", text):
        return ParsedComment(text=text, question=question, language=language, status="blank")
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for raw, start in _tokens(text, language):
        if raw.isspace() and "\n" not in raw:
            continue
        words.append("\n" if raw.isspace() else normalise(raw))
        starts.append(start)
        ends.append(start + len(raw))
    says = whole_answer(text, language)
    status: Status = "ok"
    pointless = "nothing" in says and question_asks(question, language) is None
    if pointless or "no_answer" in says or not _has_meaning(text):
        status = "uninformative"
    elif language == UNKNOWN_LANGUAGE and not _SYMBOL.search(text):
        status = "unknown_language"
    return ParsedComment(
        text=text,
        question=question,
        language=language,
        status=status,
        words=tuple(words),
        starts=tuple(starts),
        ends=tuple(ends),
        clauses=tuple(_clauses(words, language, _joined(starts, ends))) if status == "ok" else (),
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
    words = _simple_words(text)
    said = [word for word in words if _bears_meaning(word)]
    found: set[str] = set()
    for code in {language, UNIVERSAL} if language in LANGUAGES else {UNIVERSAL, *LANGUAGES}:
        for sample in (said, list(words)):
            hits = _patterns(code, "answers").find(sample)
            found |= {hit.label for hit in hits if hit.start == 0 and hit.end == len(sample) > 0}
    return found


@cache
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
        hits = _patterns(code, "questions").find(_simple_words(question))
        labels = {hit.label for hit in hits}
        if len(labels) == 1:
            return labels.pop().removeprefix("asks_")
        if labels:
            return None
    return None


def _joined(starts: Sequence[int], ends: Sequence[int]) -> set[int]:
    """Return which words stand between two others without a space: "check-in", "price/quality"."""
    return {
        at for at in range(1, len(starts) - 1)
        if ends[at - 1] == starts[at] and ends[at] == starts[at + 1]
    }  # fmt: skip


def _marks(words: Sequence[str], joined: Collection[int]) -> set[int]:
    """Return the positions of marks that end a clause."""
    return {
        at
        for at, word in enumerate(words)
        if word in _CLAUSE_MARKS and not (word in _JOINING_MARKS and at in joined)
    }


def _clauses(words: Sequence[str], language: str, joined: Collection[int]) -> list[Clause]:
    marks = _marks(words, joined)
    starters = _clause_starters(words, language, marks)
    said = [0, *accumulate(map(_bears_meaning, words))]
    clauses: list[Clause] = []
    sentence = begin = 0
    contrast = False
    for at in range(len(words) + 1):
        over = at == len(words)
        new_sentence = at > 0 and words[at - 1] in _SENTENCE_END and not over
        new_sentence = new_sentence and words[at] not in _SENTENCE_END
        starter = starters.get(at)
        breaks = starter is not None or at - 1 in marks
        long_enough = said[at] - said[begin] >= _MIN_CLAUSE
        strong = starter is not None and starter.label == "contrast"
        rest = said[min(at + 6, len(words))] - said[at] >= _MIN_CLAUSE
        cut = new_sentence or (breaks and (strong or (long_enough and rest)))
        if (over or cut) and at > begin:
            clauses.append(Clause(begin, at, sentence, contrast))
            begin = at
            contrast = strong
        if new_sentence:
            sentence += 1
    return clauses


def _clause_starters(words: Sequence[str], language: str, marks: Collection[int]) -> dict[int, Hit]:
    """Return the words that begin a clause; adverbs do so only behind a mark or a sentence."""
    if language not in LANGUAGES:
        return {}
    hits = _patterns(language, "clauses").find(words)
    within = {
        hit.start
        for hit in hits
        if hit.label == "adverbs"
        and hit.start - 1 not in marks
        and hit.start > 0
        and words[hit.start - 1] not in _SENTENCE_END
    }
    return {h.start: h for h in hits if h.label != "adverbs" and h.start not in within}


@cache
def _patterns(language: str, kind: str) -> PatternSet:
    lexicon = load_lexicon(language)
    opinions = {phrase for phrases in lexicon.opinion.values() for phrase in phrases}
    lists = {
        "answers": {
            "nothing": [p for p in lexicon.answers["nothing"] if p not in opinions],
            "no_answer": lexicon.answers["no_answer"],
        },
        "questions": lexicon.questions,
        "clauses": {k: lexicon.words.get(k, ()) for k in ("clause_starts", "contrast", "adverbs")},
    }[kind]
    pairs = [(phrase, label) for label, phrases in lists.items() for phrase in phrases]
    if kind == "clauses":
        return PatternSet(pairs, lambda text: split_words(text, language), lexicon.keep_accents)
    return PatternSet(pairs, _simple_words, lexicon.keep_accents)


def _simple_words(text: str) -> list[str]:
    """Split a short text alike in all languages, which takes none of spaCy's pipelines."""
    return [normalise(part) for part in _SHORT_WORD.findall(text)]


@lru_cache(maxsize=100_000)
def _bears_meaning(word: str) -> bool:
    return any(char.isalnum() for char in word) or bool(_SYMBOL.search(word))


def _has_meaning(text: str) -> bool:
    """Tell a comment from junk: it has letters that are not mashed keys, or an emoji."""
    if _SYMBOL.search(text):
        return True
    if not _LETTER.search(text):
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", text[:2000].lower())]
    return any(not _MASHED.search(word) for word in words)
