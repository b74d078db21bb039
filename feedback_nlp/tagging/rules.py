"""Themes from a taxonomy's phrases, polarity from word lists: no training, nothing hidden.

``RuleThemes`` finds where a theme is named. ``RulePolarity`` reads the opinion words around it,
nearest first, with negation, intensifiers, wishes and contrast; where nothing is said it says
nothing. The confidences are fixed levels by kind of evidence: the share that was right on data sets
we may learn from, rounded to 0.05 (models/README.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from feedback_nlp.lexicon import OPINION_VALUES, UNIVERSAL, load_lexicon
from feedback_nlp.patterns import Hit, PatternSet, longest
from feedback_nlp.records import LANGUAGES, Polarity
from feedback_nlp.tagging.protocols import Judged, Judgement, ThemeSpan, Verdict
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import Clause, ParsedComment, question_asks, split_words

THEME_CONFIDENCE = 0.65
CONFIDENCE = {
    "clause": 0.85,
    "mixed": 0.65,
    "neighbour": 0.8,
    "comment": 0.65,
    "unsaid": 0.55,
    "absent": 0.55,
    "question": 0.65,
}
_NEGATION_REACH = 4
_NEGATION_AFTER = 3
_MIXED = 0.25
_JOINERS = {
    language: frozenset(words.split())
    for language, words in {
        "nl": "en maar of", "en": "and but or", "nb": "og men eller", "lv": "un bet vai",
        "de": "und aber oder sondern", "fr": "et mais ou", "es": "y e pero o",
    }.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion: words ``start`` to ``end``, and its value from −2 to 2 after negation."""

    start: int
    end: int
    value: float


class RuleThemes:
    """Finds the themes whose phrases occur in a comment.

    Args:
        taxonomy: The themes and their phrases.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy

    def find_themes(self, comments: Sequence[ParsedComment]) -> list[list[ThemeSpan]]:
        """Return the themes of each comment, each once a clause, in order of appearance."""
        return [self._find(comment) for comment in comments]

    def _find(self, comment: ParsedComment) -> list[ThemeSpan]:
        if comment.status != "ok":
            return []
        if comment.says_nothing:
            return self._without_subject(comment)
        hits: list[Hit] = []
        if comment.language in LANGUAGES:
            found = _theme_patterns(self.taxonomy, comment.language).find(comment.words)
            hits = _uncontained(found)
        spans = [s for c in comment.clauses for s in self._in_clause(comment, c, hits)]
        return self._with_general(spans, comment)

    def _in_clause(
        self, comment: ParsedComment, clause: Clause, hits: list[Hit]
    ) -> list[ThemeSpan]:
        inside = [h for h in hits if clause.start <= h.start < clause.end]
        best: dict[str, Hit] = {}
        for hit in inside:
            known = best.get(hit.label)
            if known is None or hit.end - hit.start > known.end - known.start:
                best[hit.label] = hit
        parents = {t.split(".", 1)[0] for t in best if "." in t}
        return [
            self._span(comment, clause, theme, hit)
            for theme, hit in sorted(best.items(), key=lambda item: item[1].start)
            if theme not in parents
        ]

    def _span(self, comment: ParsedComment, clause: Clause, theme: str, hit: Hit) -> ThemeSpan:
        joiners = _JOINERS.get(comment.language, frozenset())
        start, end = comment.span(clause.start, max(clause.end, hit.end), joiners)
        return ThemeSpan(theme, THEME_CONFIDENCE, start, end, clause, (hit.start, hit.end))

    def _with_general(self, spans: list[ThemeSpan], comment: ParsedComment) -> list[ThemeSpan]:
        """Keep praise without a subject, and bare opinions, in sentences that name no subject."""
        general = self.taxonomy.general
        named = {s.clause.sentence for s in spans if s.theme not in general}
        kept = [s for s in spans if s.theme not in general or s.clause.sentence not in named]
        if not general:
            return kept
        done = {s.clause.sentence for s in kept}
        opinions = find_opinions(comment) if len(done) <= comment.clauses[-1].sentence else []
        for opinion in opinions:
            clause = next(c for c in comment.clauses if opinion.start < c.end)
            if clause.sentence not in done:
                done.add(clause.sentence)
                hit = Hit(opinion.start, opinion.end, general[0])
                kept.append(self._span(comment, clause, general[0], hit))
        return sorted(kept, key=lambda span: span.phrase)

    def _without_subject(self, comment: ParsedComment) -> list[ThemeSpan]:
        """Tag the whole answer "nothing" to a question that asked for good or bad things."""
        if not self.taxonomy.general or not comment.clauses:
            return []
        whole = Clause(0, len(comment.words), 0, contrast=False)
        start, end = comment.span(0, len(comment.words))
        theme = self.taxonomy.general[0]
        return [ThemeSpan(theme, THEME_CONFIDENCE, start, end, whole, (0, len(comment.words)))]


class RulePolarity:
    """Judges each theme by the opinion words around it.

    Args:
        taxonomy: For what is meant where nothing is said.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy

    def judge(
        self, comments: Sequence[ParsedComment], spans: Sequence[Sequence[ThemeSpan]]
    ) -> list[Judged]:
        """Return the polarity of each theme span and of each whole comment."""
        return [self._judge(*pair) for pair in zip(comments, spans, strict=True)]

    def _judge(self, comment: ParsedComment, spans: Sequence[ThemeSpan]) -> Judged:
        if comment.status != "ok":
            return Judged([None] * len(spans), None)
        if comment.says_nothing:
            asked = _asked(comment, opposite=True)
            return Judged([asked] * len(spans), _as_verdict(asked))
        opinions = find_opinions(comment)
        negators = _negators(comment) if spans else []
        judged = [self._judge_span(comment, span, opinions, negators) for span in spans]
        return Judged(judged, _verdict(opinions))

    def _judge_span(
        self,
        comment: ParsedComment,
        span: ThemeSpan,
        opinions: list[Opinion],
        negators: list[Hit],
    ) -> Judgement | None:
        own = [o for o in opinions if span.clause.start <= o.start < span.clause.end]
        if own:
            return _weigh(own, span.phrase)
        unsaid = self.taxonomy[span.theme].unsaid
        if _absent(span, negators):
            missed: Polarity = "positive" if unsaid == "negative" else "negative"
            return Judgement(missed, CONFIDENCE["absent"])
        if unsaid is not None:
            return Judgement(unsaid, CONFIDENCE["unsaid"])
        for neighbour in _neighbours(comment, span.clause):
            near = [o for o in opinions if neighbour.start <= o.start < neighbour.end]
            if near:
                judged = _weigh(near, span.phrase)
                return Judgement(judged.polarity, CONFIDENCE["neighbour"])
        asked = _asked(comment, opposite=False)
        signs = {o.value > 0 for o in opinions if o.value}
        if asked is None and len(signs) == 1:
            return Judgement("positive" if signs.pop() else "negative", CONFIDENCE["comment"])
        return asked


def _as_verdict(asked: Judgement | None) -> Verdict | None:
    if asked is None:
        return None
    return Verdict(asked.polarity, 1.0 if asked.polarity == "positive" else -1.0)


def _verdict(opinions: Sequence[Opinion]) -> Verdict | None:
    values = [opinion.value for opinion in opinions]
    if not values:
        return None
    positive = sum(value for value in values if value > 0)
    negative = -sum(value for value in values if value < 0)
    if not positive + negative:
        return Verdict("neutral", 0.0)
    score = (positive - negative) / (positive + negative)
    if min(positive, negative) >= _MIXED * (positive + negative):
        return Verdict("mixed", score)
    return Verdict("positive" if score > 0 else "negative", score)


def find_opinions(comment: ParsedComment) -> list[Opinion]:
    """Return the opinions in a comment, negation and strength applied, in order of appearance.

    Args:
        comment: A parsed comment.

    Example:
        >>> from feedback_nlp.text import parse
        >>> [o.value for o in find_opinions(parse(["Not good, very late"], ["en"])[0])]
        [-1.0, -1.3]
    """
    if not comment.clauses:
        return []
    language = comment.language if comment.language in LANGUAGES else UNIVERSAL
    hits = longest(_opinion_patterns(language).find(comment.words))
    roles = _role_patterns(language).find(comment.words) if language != UNIVERSAL else []
    stronger = {h.end for h in _only(roles, "intensifiers")}
    weaker = {h.end for h in _only(roles, "downtoners")}
    fixed = {h.start for h in _only(roles, "stance")}
    negators = longest(_only(roles, "negators"))
    negated_by = _negations(comment, hits, negators, _looking_back(roles, language))
    within = {n.start for n in negators}
    twice = load_lexicon(language).negated_prefix or None
    opinions, used = [], set()
    for hit in hits:
        value = OPINION_VALUES[hit.label]
        value *= 1.3 if hit.start in stronger else 0.7 if hit.start in weaker else 1.0
        said_twice = twice is not None and comment.words[hit.start].startswith(twice)
        exempt = hit.start in fixed or not within.isdisjoint(range(hit.start, hit.end))
        negator = negated_by.get(hit)
        if negator is not None and not said_twice and not exempt:
            value = -value if value > 0 else -0.6 * value
            used.add((negator.start, negator.end))
        opinions.append(Opinion(hit.start, hit.end, value))
    opinions = [o for o in opinions if (o.start, o.end) not in used]
    covered = [w for w in _only(roles, "wishes") if not _covered(w, hits)]
    return _with_wishes(comment, opinions, covered)


def _only(hits: Sequence[Hit], label: str) -> list[Hit]:
    return [hit for hit in hits if hit.label == label]


def _covered(wish: Hit, hits: Sequence[Hit]) -> bool:
    return any(h.start <= wish.start and wish.end <= h.end for h in hits)


def _looking_back(roles: Sequence[Hit], language: str) -> set[int] | None:
    """Return where negators stand that may follow what they negate; none named means all may."""
    if "negators_after" not in load_lexicon(language).words:
        return None
    return {h.start for h in _only(roles, "negators_after")}


def _negations(
    comment: ParsedComment,
    hits: Sequence[Hit],
    negators: Sequence[Hit],
    looking_back: set[int] | None,
) -> dict[Hit, Hit]:
    """Return which opinion is negated by which negator.

    A negator inside an opinion phrase is part of it ("no complaints"), but one that ends a bad one
    reaches on: "does not" in "works not well".
    """
    inside = {at: hit for hit in hits for at in range(hit.start, hit.end)}
    found: dict[Hit, Hit] = {}
    for negator in negators:
        owner = inside.get(negator.start)
        if owner is not None and (owner.end != negator.end or OPINION_VALUES[owner.label] >= 0):
            continue
        clause = next(c for c in comment.clauses if c.start <= negator.start < c.end)
        ahead = [h for h in hits if 0 <= h.start - negator.end < _NEGATION_REACH]
        if ahead and ahead[0].start < clause.end:
            found.setdefault(ahead[0], negator)
        elif owner is None and (looking_back is None or negator.start in looking_back):
            behind = [h for h in hits if 0 <= negator.start - h.end < _NEGATION_AFTER]
            for hit in behind:
                if hit.start >= clause.start:
                    found.setdefault(hit, negator)
    return found


def _with_wishes(
    comment: ParsedComment, opinions: list[Opinion], wishes: Sequence[Hit]
) -> list[Opinion]:
    """Turn wishes into complaints: in its clause a wish replaces the good word it asks for."""
    for wish in wishes:
        clause = next(c for c in comment.clauses if c.start <= wish.start < c.end)
        opinions = [
            o for o in opinions if not (clause.start <= o.start < clause.end and o.value > 0)
        ]
        opinions.append(Opinion(wish.start, wish.end, -0.8))
    return sorted(opinions, key=lambda o: o.start)


def _weigh(opinions: Sequence[Opinion], phrase: tuple[int, int]) -> Judgement:
    """Return the polarity that outweighs, near opinions counting more than far ones."""
    positive = negative = neutral = 0.0
    for opinion in opinions:
        distance = max(opinion.start - phrase[1] + 1, phrase[0] - opinion.end + 1, 0)
        weight = 1.0 / (1.0 + 0.25 * distance)
        if opinion.value == 0:
            neutral += 0.8 * weight
        elif opinion.value > 0:
            positive += opinion.value * weight
        else:
            negative -= opinion.value * weight
    sides: list[tuple[float, Polarity]] = [
        (negative, "negative"), (positive, "positive"), (neutral, "neutral"),
    ]  # fmt: skip
    best, polarity = max(sides, key=lambda side: side[0])
    clear = best >= 0.75 * (positive + negative + neutral)
    return Judgement(polarity, CONFIDENCE["clause" if clear else "mixed"])


def _negators(comment: ParsedComment) -> list[Hit]:
    if comment.language not in LANGUAGES:
        return []
    return _only(_role_patterns(comment.language).find(comment.words), "negators")


def _absent(span: ThemeSpan, negators: Sequence[Hit]) -> bool:
    """Tell whether a theme is said not to be there: "no reply", "geen parkeerplaats"."""
    begin, first = span.clause.start, span.phrase[0]
    return any(begin <= n.start and 0 <= first - n.end < _NEGATION_REACH for n in negators)


def _neighbours(comment: ParsedComment, clause: Clause) -> list[Clause]:
    """Return the clauses beside a clause in its sentence, not across a contrast, later first."""
    at = comment.clauses.index(clause)
    around = []
    if at + 1 < len(comment.clauses):
        after = comment.clauses[at + 1]
        if after.sentence == clause.sentence and not after.contrast:
            around.append(after)
    if at > 0 and not clause.contrast:
        before = comment.clauses[at - 1]
        if before.sentence == clause.sentence:
            around.append(before)
    return around


def _asked(comment: ParsedComment, *, opposite: bool) -> Judgement | None:
    """Return what the question asked for; "nothing" as an answer means the opposite of it."""
    asks = question_asks(comment.question, comment.language)
    if asks is None:
        return None
    positive = (asks == "positive") != opposite
    return Judgement("positive" if positive else "negative", CONFIDENCE["question"])


def _uncontained(hits: Sequence[Hit]) -> list[Hit]:
    """Drop what lies inside a longer phrase without gaps: "value for money" is not about money."""
    kept = []
    before = here = at = -1
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if hit.start != at:
            before, here, at = max(before, here), -1, hit.start
        if before < hit.end and here <= hit.end:
            kept.append(hit)
        if not hit.gap:
            here = max(here, hit.end)
    return kept


@cache
def _theme_patterns(taxonomy: Taxonomy, language: str) -> PatternSet:
    pairs = [(p, theme.id) for theme in taxonomy.themes for p in theme.phrases.get(language, ())]
    accents = load_lexicon(language).keep_accents
    return PatternSet(pairs, lambda text: split_words(text, language), accents)


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
    roles = ("negators", "negators_after", "stance", "intensifiers", "downtoners", "wishes")
    pairs = [(phrase, role) for role in roles for phrase in lexicon.words.get(role, ())]
    return PatternSet(pairs, lambda text: split_words(text, language), lexicon.keep_accents)
