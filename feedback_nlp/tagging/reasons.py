"""Working out why a comment was tagged as it was."""

from collections.abc import Sequence

import numpy as np

from feedback_nlp.parsed import ParsedBatch, ParsedComment
from feedback_nlp.reasons import Reason, Reasons, WordShare
from feedback_nlp.records import Polarity
from feedback_nlp.tagging.compact import CompactModel
from feedback_nlp.tagging.opinions import read_opinions
from feedback_nlp.tagging.protocols import Model, Reading, ThemeSpan
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.tagging.scorer import Scorer
from feedback_nlp.tagging.trained import TrainedModel
from feedback_nlp.tagging.transformer import TransformerModel
from feedback_nlp.tagging.transformer_reasons import polarity_shares, theme_shares


def reasons_of(model: Model, comment: ParsedComment, reading: Reading) -> Reasons:
    """Return why a model read a comment as it did.

    A compact or trained model shows what each word of the clause added to its scores; where phrases
    and word lists decided, the words of the phrase and of the opinions are shown. Of a network it
    is shown how much less likely what it says is without each word.

    Args:
        model: What read the comment.
        comment: The comment.
        reading: What it said.
    """
    found = []
    for span, judged in zip(reading.spans, reading.judged.mentions, strict=True):
        side = judged.polarity if judged else None
        about, said = _rule_shares(comment, span, side)
        if isinstance(model, CompactModel | TrainedModel):
            about, said = _added(model, comment, span, side)
        elif isinstance(model, TransformerModel):
            about, said = _without(model, comment, span, side)
        first, last = span.phrase
        named = span.source == "rule" and last > first
        found.append(
            Reason(
                theme=span.theme,
                polarity=side,
                theme_confidence=span.confidence,
                polarity_confidence=judged.confidence if judged else None,
                evidence=comment.text[span.start : span.end],
                phrase=_text(comment, first, last) if named else "",
                words=_shares(comment, span, about, said),
            )
        )
    return Reasons(comment.text, tuple(found))


def _rule_shares(
    comment: ParsedComment, span: ThemeSpan, side: Polarity | None
) -> tuple[Floats, Floats]:
    """Return 1 for each word of the phrase, and the worth of each word of an opinion."""
    about = np.zeros(len(comment.words))
    said = np.zeros(len(comment.words))
    about[slice(*span.phrase)] = 1.0
    sign = {"negative": -1.0, "positive": 1.0}.get(side or "", 0.0)
    opinions = read_opinions(ParsedBatch.of([comment]))
    for start, end, value in zip(opinions.start, opinions.end, opinions.value, strict=True):
        said[start:end] = sign * value
    return about, said


def _added(
    model: CompactModel | TrainedModel,
    comment: ParsedComment,
    span: ThemeSpan,
    side: Polarity | None,
) -> tuple[Floats, Floats]:
    """Return what each word of the clause added to theme and polarity, and what the rules saw."""
    about, said = _rule_shares(comment, span, side)
    if span.source == "model":
        about[:] = 0.0  # no phrase was found: that of the span is the clause
    words = comment.words[span.clause.start : span.clause.end]
    here = slice(span.clause.start, span.clause.end)
    about[here] += model.scorer.contributions(words, span.theme)
    if side is not None:
        scorer = _polarity_scorer(model)
        sides = np.stack([scorer.contributions(words, f"clause:{s}") for s in SIDES])
        said[here] += sides[SIDES.index(side)] - sides.mean(axis=0)
    return about, said


def _without(
    model: TransformerModel, comment: ParsedComment, span: ThemeSpan, side: Polarity | None
) -> tuple[Floats, Floats]:
    """Return what each word of the clause did for the networks, else for the base."""
    if isinstance(model.base, CompactModel | TrainedModel) and model.themes is None:
        about, said = _added(model.base, comment, span, side)
    else:
        about, said = _rule_shares(comment, span, side)
    found = theme_shares(model, comment, span)
    judged = polarity_shares(model, comment, span, side)
    return about if found is None else found, said if judged is None else judged


def _polarity_scorer(model: CompactModel | TrainedModel) -> Scorer:
    """Return what scores polarity: of a trained model the one it starts from, if it learnt none."""
    if isinstance(model, CompactModel) or model.polarities is not None:
        return model.scorer
    return model.base.scorer


def _shares(
    comment: ParsedComment, span: ThemeSpan, about: Floats, said: Floats
) -> tuple[WordShare, ...]:
    last = max(span.clause.end, span.phrase[1])
    places: Sequence[int] = range(span.clause.start, min(last, len(comment.words)))
    return tuple(
        WordShare(
            word=comment.text[comment.starts[at] : comment.ends[at]],
            start=comment.starts[at],
            end=comment.ends[at],
            theme=round(float(about[at]), 3),
            polarity=round(float(said[at]), 3),
        )
        for at in places
    )


def _text(comment: ParsedComment, first: int, last: int) -> str:
    return comment.text[comment.starts[first] : comment.ends[last - 1]]
