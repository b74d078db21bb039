"""Why a network said what it said of one comment: what it says when a word is left out."""

from collections.abc import Callable, Sequence

import numpy as np

from feedback_nlp.parsed import ParsedComment
from feedback_nlp.records import Polarity
from feedback_nlp.tagging.entailment import theme_name
from feedback_nlp.tagging.protocols import ThemeSpan
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.tagging.transformer import TransformerModel


def theme_shares(model: TransformerModel, comment: ParsedComment, span: ThemeSpan) -> Floats | None:
    """Return how much less likely a theme is without each word of its clause.

    Args:
        model: What read the comment.
        comment: The comment.
        span: The theme.

    Returns:
        One number for each word of the comment; ``None`` if no network found the theme.
    """
    finds = model.themes
    if finds is None:
        return None
    asked = finds.hypothesis(model.taxonomy[span.theme], comment.language)

    def likely(texts: Sequence[str]) -> Floats:
        made, _ = finds.spec.load().probabilities(texts, [asked] * len(texts))
        return made[:, finds.entailed].astype(np.float64)

    return _without_each(comment, span, likely, whole=False)


def polarity_shares(
    model: TransformerModel, comment: ParsedComment, span: ThemeSpan, side: Polarity | None
) -> Floats | None:
    """Return how much less likely what is said of a theme is without each word of its clause.

    Args:
        model: What read the comment.
        comment: The comment.
        span: The theme.
        side: What is said of it.

    Returns:
        One number for each word of the comment; ``None`` if no network said it.
    """
    judges = model.polarity
    if judges is None or side is None:
        return None
    theme = model.taxonomy[span.theme]
    name, _ = theme_name(model.taxonomy, theme, comment.language)

    def likely(texts: Sequence[str]) -> Floats:
        shares, _ = judges.shares(texts, [name] * len(texts) if judges.pairs else None)
        found: Floats = shares[:, SIDES.index(side)]
        return found

    return _without_each(comment, span, likely, whole=judges.pairs)


def _without_each(
    comment: ParsedComment,
    span: ThemeSpan,
    likely: Callable[[Sequence[str]], Floats],
    *,
    whole: bool,
) -> Floats:
    """Return what each word of a clause adds: how likely it is with all words, less without it.

    Args:
        comment: The comment.
        span: What was found in the clause.
        likely: How likely what is explained is for texts.
        whole: The network read all of the comment, not the clause alone.
    """
    places = range(span.clause.start, span.clause.end)
    begin = 0 if whole else comment.starts[places[0]]
    end = len(comment.text) if whole else comment.ends[places[-1]]
    text = comment.text[begin:end]
    without = [
        text[: comment.starts[at] - begin] + text[comment.ends[at] - begin :] for at in places
    ]
    made = likely([text, *without])
    shares = np.zeros(len(comment.words))
    shares[places.start : places.stop] = made[0] - made[1:]
    return shares
