"""Themes from a taxonomy's phrases, polarity from word lists: no training, nothing hidden.

``RuleThemes`` finds where a theme is named. ``RulePolarity`` reads the opinion words around it,
nearest first, with negation, intensifiers, wishes and contrast; where nothing is said it says
nothing. The confidences are fixed levels by kind of evidence: the share that was right on data sets
we may learn from, rounded to 0.05 (models/README.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from operator import attrgetter
from typing import TypeVar

from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.patterns import Hit, PatternSet
from feedback_nlp.pauses import no_garbage
from feedback_nlp.records import LANGUAGES, Polarity
from feedback_nlp.tagging.opinions import NEGATION_REACH, Opinion, read_opinions
from feedback_nlp.tagging.protocols import Judged, Judgement, ThemeSpan, TwoSteps, Verdict
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
_MIXED = 0.25
Placed = TypeVar("Placed", Hit, Opinion)


def rule_model(taxonomy: Taxonomy) -> TwoSteps:
    """Return the rules as one model."""
    return TwoSteps(RuleThemes(taxonomy), RulePolarity(taxonomy))


class RuleThemes:
    """Finds the themes whose phrases occur in a comment.

    Args:
        taxonomy: The themes and their phrases.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._general = taxonomy.general

    @no_garbage()
    def find_themes(self, comments: Sequence[ParsedComment]) -> list[list[ThemeSpan]]:
        """Return the themes of each comment, each once a clause, in order of appearance."""
        return [self._find(comment) for comment in comments]

    def _find(self, comment: ParsedComment) -> list[ThemeSpan]:
        if comment.status != "ok":
            return []
        if comment.says_nothing:
            return self._without_subject(comment)
        spans: list[ThemeSpan] = []
        if comment.language in LANGUAGES:
            found = _theme_patterns(self.taxonomy, comment.language).find(comment.words)
            for at, inside in _by_clause(comment, _uncontained(found)).items():
                spans += self._in_clause(comment, comment.clauses[at], inside)
        return self._with_general(spans, comment)

    def _in_clause(
        self, comment: ParsedComment, clause: Clause, inside: list[Hit]
    ) -> list[ThemeSpan]:
        best: dict[str, Hit] = {}
        for hit in inside:
            known = best.get(hit.label)
            if known is None or hit.end - hit.start > known.end - known.start:
                best[hit.label] = hit
        if len(best) == 1:
            return [self._span(comment, clause, hit) for hit in best.values()]
        parents = {t.split(".", 1)[0] for t in best if "." in t}
        return [
            self._span(comment, clause, hit)
            for hit in sorted(best.values(), key=attrgetter("start"))
            if hit.label not in parents
        ]

    def _span(self, comment: ParsedComment, clause: Clause, hit: Hit) -> ThemeSpan:
        start, end = comment.span(clause.start, max(clause.end, hit.end), joiners(comment.language))
        return ThemeSpan(hit.label, THEME_CONFIDENCE, start, end, clause, (hit.start, hit.end))

    def _with_general(self, spans: list[ThemeSpan], comment: ParsedComment) -> list[ThemeSpan]:
        """Keep praise without a subject, and bare opinions, in sentences that name no subject."""
        general = self._general
        if not general:
            return spans
        named = {s.clause.sentence for s in spans if s.theme not in general}
        kept = [s for s in spans if s.theme not in general or s.clause.sentence not in named]
        done = {s.clause.sentence for s in kept}
        all_done = len(done) > comment.clauses[-1].sentence
        opinions = [] if all_done else read_opinions(comment, remember=True).opinions
        for opinion in opinions:
            clause = comment.clauses[comment.clause_of(opinion.start)]
            if clause.sentence not in done:
                done.add(clause.sentence)
                hit = Hit(opinion.start, opinion.end, general[0])
                kept.append(self._span(comment, clause, hit))
        return sorted(kept, key=attrgetter("phrase"))

    def _without_subject(self, comment: ParsedComment) -> list[ThemeSpan]:
        """Tag the whole answer "nothing" to a question that asked for good or bad things."""
        if not self._general or not comment.clauses:
            return []
        whole = Clause(0, len(comment.words), 0, contrast=False)
        start, end = comment.span(0, len(comment.words))
        theme = self._general[0]
        return [ThemeSpan(theme, THEME_CONFIDENCE, start, end, whole, (0, len(comment.words)))]


class RulePolarity:
    """Judges each theme by the opinion words around it.

    Args:
        taxonomy: For what is meant where nothing is said.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy

    @no_garbage()
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
        opinions, roles = read_opinions(comment)
        verdict = _verdict(opinions)
        if not spans:
            return Judged([], verdict)
        by_clause = _by_clause(comment, opinions)
        negators = {negator.end: negator.start for negator in roles["negators"]}
        signs = {opinion.value > 0 for opinion in opinions if opinion.value}
        only = signs.pop() if len(signs) == 1 else None
        judged = [self._judge_span(comment, span, by_clause, negators, only) for span in spans]
        return Judged(judged, verdict)

    def _judge_span(
        self,
        comment: ParsedComment,
        span: ThemeSpan,
        opinions: Mapping[int, list[Opinion]],
        negators: Mapping[int, int],
        only: bool | None,
    ) -> Judgement | None:
        """Judge a theme by its clause, itself, its neighbours, the question, or all the rest."""
        at = comment.clause_of(span.clause.start)
        if at in opinions:
            return _weigh(opinions[at], span.phrase)
        unsaid = self.taxonomy[span.theme].unsaid
        if _absent(span, negators):
            missed: Polarity = "positive" if unsaid == "negative" else "negative"
            return _judgement(missed, "absent")
        if unsaid is not None:
            return _judgement(unsaid, "unsaid")
        for neighbour in _neighbours(comment, at):
            if neighbour in opinions:
                judged = _weigh(opinions[neighbour], span.phrase)
                return _judgement(judged.polarity, "neighbour")
        asked = _asked(comment, opposite=False)
        if asked is None and only is not None:
            return _judgement("positive" if only else "negative", "comment")
        return asked


def _by_clause(comment: ParsedComment, found: Iterable[Placed]) -> dict[int, list[Placed]]:
    """Return what was found, in order of appearance, by the clause it is in."""
    groups: dict[int, list[Placed]] = {}
    for one in found:
        groups.setdefault(comment.clause_of(one.start), []).append(one)
    return groups


@cache
def _judgement(polarity: Polarity, evidence: str) -> Judgement:
    return Judgement(polarity, CONFIDENCE[evidence])


def _as_verdict(asked: Judgement | None) -> Verdict | None:
    if asked is None:
        return None
    return Verdict(asked.polarity, 1.0 if asked.polarity == "positive" else -1.0)


def _verdict(opinions: Sequence[Opinion]) -> Verdict | None:
    if not opinions:
        return None
    positive = negative = 0.0
    for opinion in opinions:
        if opinion.value > 0:
            positive += opinion.value
        else:
            negative -= opinion.value
    if not positive + negative:
        return Verdict("neutral", 0.0)
    score = (positive - negative) / (positive + negative)
    if min(positive, negative) >= _MIXED * (positive + negative):
        return Verdict("mixed", score)
    return Verdict("positive" if score > 0 else "negative", score)


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
    best = max(negative, positive, neutral)
    polarity: Polarity = "neutral"
    if best == negative:
        polarity = "negative"
    elif best == positive:
        polarity = "positive"
    clear = best >= 0.75 * (positive + negative + neutral)
    return _judgement(polarity, "clause" if clear else "mixed")


def _absent(span: ThemeSpan, negators: Mapping[int, int]) -> bool:
    """Tell whether a theme is said not to be there: "no reply", "geen parkeerplaats".

    Args:
        span: The theme.
        negators: The first word of each negator, by the word after it.
    """
    first = span.phrase[0]
    return any(
        negators.get(after, -1) >= span.clause.start
        for after in range(first, first - NEGATION_REACH, -1)
    )


def _neighbours(comment: ParsedComment, at: int) -> list[int]:
    """Return which clauses are beside one in its sentence, not across a contrast, later first."""
    clause = comment.clauses[at]
    around = []
    if at + 1 < len(comment.clauses):
        after = comment.clauses[at + 1]
        if after.sentence == clause.sentence and not after.contrast:
            around.append(at + 1)
    if at > 0 and not clause.contrast and comment.clauses[at - 1].sentence == clause.sentence:
        around.append(at - 1)
    return around


def _asked(comment: ParsedComment, *, opposite: bool) -> Judgement | None:
    """Return what the question asked for; "nothing" as an answer means the opposite of it."""
    asks = question_asks(comment.question, comment.language)
    if asks is None:
        return None
    positive = (asks == "positive") != opposite
    return _judgement("positive" if positive else "negative", "question")


def _uncontained(hits: Sequence[Hit]) -> list[Hit]:
    """Drop what lies inside a longer phrase without gaps: "value for money" is not about money."""
    if all(one.end <= other.start for one, other in pairwise(hits)):
        return list(hits)
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
def joiners(language: str) -> frozenset[str]:
    """Return the words that join two statements and are no part of either: "and", "maar"."""
    if language not in LANGUAGES:
        return frozenset()
    return frozenset(load_lexicon(language).words.get("joiners", ()))


@cache
def _theme_patterns(taxonomy: Taxonomy, language: str) -> PatternSet:
    pairs = [(p, theme.id) for theme in taxonomy.themes for p in theme.phrases.get(language, ())]
    accents = load_lexicon(language).keep_accents
    return PatternSet(pairs, lambda text: split_words(text, language), accents)
