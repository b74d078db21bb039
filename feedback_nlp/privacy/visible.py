"""Comments as they are shown: signs that nobody sees go first, then personal data is masked."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from feedback_nlp.privacy.masking import Span, check_spans, mask_with_spans
from feedback_nlp.showing import visible


def mask_visible(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    r"""Return a comment masked and on one line, and where given spans of the original are in it.

    Invisible signs go first: a number with one in it is read as a number, and is to be masked.

    Args:
        text: A comment.
        spans: As ``mask_with_spans`` takes them.

    Raises:
        FeedbackError: A span does not lie within the text.

    Example:
        >>> mask_visible("Call 06-1234\u200b5678:\ntoo slow", [(19, 27)])
        ('Call [phone]: too slow', [(14, 22)])
    """
    check_spans(text, spans)
    stops = sorted({0, len(text), *(stop for span in spans for stop in span)})
    pieces = [visible(text[start:end]) for start, end in pairwise(stops)]
    place = dict(zip(stops, accumulate(map(len, pieces), initial=0), strict=True))
    return mask_with_spans("".join(pieces), [(place[start], place[end]) for start, end in spans])
