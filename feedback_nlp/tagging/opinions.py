"""The opinions in a comment: praise and blame, after negation, strength and wishes."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from feedback_nlp.lexicon import FRAMES, OPINION_VALUES, UNIVERSAL, load_lexicon
from feedback_nlp.patterns import Hit, PatternSet, longest
from feedback_nlp.records import LANGUAGES
from feedback_nlp.text import ParsedComment, split_words

NEGATION_REACH = 4
_NEGATION_AFTER = 3
_WISH = -0.8
_SAID_OF_OPINIONS = ("negators", "negators_after", "stance", "intensifiers", "downtoners", "wishes")
_ROLES = (*_SAID_OF_OPINIONS, *FRAMES)


class Opinion(NamedTuple):
    """One opinion: words ``start`` to ``end``, and its value from −2 to 2 after negation."""

    start: int
    end: int
    value: float


def find_opinions(
    comment: ParsedComment, roles: Mapping[str, Sequence[Hit]] | None = None
) -> list[Opinion]:
    """Return the opinions in a comment, negation and strength applied, in order of appearance.

    Args:
        comment: A parsed comment.
        roles: Its function words, where ``find_roles`` has found them already.

    Example:
        >>> from feedback_nlp.text import parse
        >>> [o.value for o in find_opinions(parse(["Not good, very late"], ["en"])[0])]
        [-1.0, -1.3]
    """
    return _find_opinions(comment, find_roles(comment) if roles is None else roles)


class Read(NamedTuple):
    """What is said in a comment: its opinions, and its function words by role."""

    opinions: list[Opinion]
    roles: dict[str, list[Hit]]


def read_opinions(comment: ParsedComment, *, remember: bool = False) -> Read:
    """Return the opinions and function words of a comment.

    Args:
        comment: A parsed comment.
        remember: They will be asked for again, so the comment is to keep them.
    """
    found: Read | None = comment.memory.get("opinions")
    if found is None:
        roles = find_roles(comment)
        found = Read(_find_opinions(comment, roles), roles)
        if remember:
            comment.memory["opinions"] = found
    return found


def _find_opinions(comment: ParsedComment, roles: Mapping[str, Sequence[Hit]]) -> list[Opinion]:
    if not comment.clauses:
        return []
    language = comment.language if comment.language in LANGUAGES else UNIVERSAL
    hits = longest(_opinion_patterns(language).find(comment.words))
    stronger = {h.end for h in roles["intensifiers"]}
    weaker = {h.end for h in roles["downtoners"]}
    negated_by = _negations(comment, hits, roles) if hits and roles["negators"] else {}
    exempt = _exempt(comment, language, hits, roles) if negated_by else set()
    opinions, used = [], set()
    for hit in hits:
        value = OPINION_VALUES[hit.label]
        value *= 1.3 if hit.start in stronger else 0.7 if hit.start in weaker else 1.0
        negator = negated_by.get(hit.start)
        if negator is not None and hit.start not in exempt:
            value = -value if value > 0 else -0.6 * value
            used.add((negator.start, negator.end))
        opinions.append(Opinion(hit.start, hit.end, value))
    if used:
        opinions = [o for o in opinions if (o.start, o.end) not in used]
    if not roles["wishes"]:
        return opinions
    covered = {at for hit in hits for at in range(hit.start, hit.end)}
    wishes = [w for w in roles["wishes"] if not covered.issuperset(range(w.start, w.end))]
    return _with_wishes(comment, opinions, wishes)


def find_roles(comment: ParsedComment) -> dict[str, list[Hit]]:
    """Return the function words of a comment by role; of negators that overlap the longer one.

    The ``FRAMES`` of the lexicon are roles too; no opinion is changed by them.

    Example:
        >>> from feedback_nlp.text import parse
        >>> found = find_roles(parse(["It used to be cheaper here"], ["en"])[0])
        >>> [role for role, hits in found.items() if hits]
        ['past']
    """
    by_role: dict[str, list[Hit]] = {role: [] for role in _ROLES}
    if comment.language in LANGUAGES:
        for hit in _role_patterns(comment.language).find(comment.words):
            by_role[hit.label].append(hit)
        by_role["negators"] = longest(by_role["negators"])
    return by_role


def _exempt(
    comment: ParsedComment,
    language: str,
    hits: Sequence[Hit],
    roles: Mapping[str, Sequence[Hit]],
) -> set[int]:
    """Return where the opinions begin that no negator turns.

    That is what is negated in itself, holds a negator, or is said of regret and the like.
    """
    twice = load_lexicon(language).negated_prefix or None
    negators = {n.start for n in roles["negators"]}
    exempt = {h.start for h in roles["stance"]}
    for hit in hits:
        said_twice = twice is not None and comment.words[hit.start].startswith(twice)
        if said_twice or not negators.isdisjoint(range(hit.start, hit.end)):
            exempt.add(hit.start)
    return exempt


def _negations(
    comment: ParsedComment, hits: Sequence[Hit], roles: Mapping[str, Sequence[Hit]]
) -> dict[int, Hit]:
    """Return which opinion, by its first word, is negated by which negator.

    A negator inside an opinion phrase is part of it ("no complaints"), but one that ends a bad one
    reaches on: "does not" in "works not well". Only some negators look back: "good is it not".
    """
    inside = {at: hit for hit in hits for at in range(hit.start, hit.end)}
    starts = [hit.start for hit in hits]
    looking_back = {hit.start for hit in roles["negators_after"]}
    found: dict[int, Hit] = {}
    for negator in roles["negators"]:
        owner = inside.get(negator.start)
        if owner is not None and (owner.end != negator.end or OPINION_VALUES[owner.label] >= 0):
            continue
        clause = comment.clauses[comment.clause_of(negator.start)]
        place = bisect_left(starts, negator.end)
        limit = min(clause.end, negator.end + NEGATION_REACH)
        if place < len(hits) and hits[place].start < limit:
            found.setdefault(hits[place].start, negator)
        elif owner is None and negator.start in looking_back:
            for hit in hits[max(0, bisect_left(starts, negator.start) - _NEGATION_AFTER) : place]:
                if hit.start >= clause.start and 0 <= negator.start - hit.end < _NEGATION_AFTER:
                    found.setdefault(hit.start, negator)
    return found


def _with_wishes(
    comment: ParsedComment, opinions: list[Opinion], wishes: Sequence[Hit]
) -> list[Opinion]:
    """Turn wishes into complaints: in its clause a wish replaces the good word it asks for."""
    if not wishes:
        return opinions
    wished = {comment.clause_of(wish.start) for wish in wishes}
    kept = [o for o in opinions if o.value <= 0 or comment.clause_of(o.start) not in wished]
    kept += [Opinion(wish.start, wish.end, _WISH) for wish in wishes]
    return sorted(kept, key=lambda o: o.start)


@cache
def _opinion_patterns(language: str) -> PatternSet:
    own = load_lexicon(language)
    pairs = [
        (phrase, label)
        for lexicon in ([own] if language == UNIVERSAL else [own, load_lexicon(UNIVERSAL)])
        for label, phrases in lexicon.opinion.items()
        for phrase in phrases
    ]
    return PatternSet(pairs, lambda text: split_words(text, language), own.keep_accents)


@cache
def _role_patterns(language: str) -> PatternSet:
    lexicon = load_lexicon(language)
    pairs = [(phrase, role) for role in _ROLES for phrase in lexicon.words.get(role, ())]
    return PatternSet(pairs, lambda text: split_words(text, language), lexicon.keep_accents)
