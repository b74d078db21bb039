"""What sections are built from, without a report around them; and surveys that are hard to say."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from feedback_nlp.drivers import explain_detractors
from feedback_nlp.drivers.explain.telling import tell
from feedback_nlp.records import Mention
from feedback_nlp.report.source import Source
from feedback_nlp.schema import mentions_table
from feedback_nlp.scores import definition_of, load_targets, score_of
from feedback_nlp.wordings import wording_in


def source_of(comments, mentions, rating="nps", *, language="en", min_n=10, **given):
    """Return what sections are built from; only a few bootstrap draws."""
    values = {
        "comments": comments, "mentions": mentions, "rating": rating,
        "score": score_of(comments, rating), "definition": definition_of(comments, rating),
        "explanation": explain_detractors(
            comments, mentions, rating, min_n=min_n, n_boot=60, report_language=language
        ),
        "segments": (), "said": wording_in(language), "min_n": min_n, "seed": 0, "run": {},
        "targets": load_targets(),
    }  # fmt: skip
    return Source(**values | given)


def in_language(source, language):
    """Return the same said in another language."""
    return replace(
        source, said=wording_in(language), explanation=tell(source.explanation.findings, language)
    )


@cache
def hard_source(case):
    """Return what sections are built from, of a survey that is hard to say."""
    return source_of(*hard()[case])


def told(ratings, said, *, texts=None, rating="nps"):
    """Return a survey of one comment each.

    Args:
        ratings: One a respondent.
        said: For each, a list of (theme, polarity).
        texts: For each, what was written.
        rating: The rating column.
    """
    ids = [f"c{at:04d}" for at in range(len(ratings))]
    texts = texts or [
        f"A comment of some length, number {at}, about it all" for at in range(len(ids))
    ]
    comments = pd.DataFrame({"comment_id": ids, "text": texts, "language": "en", "status": "ok"})
    comments[rating] = np.asarray(ratings, dtype=float)
    rows = [
        (
            one, text,
            Mention(theme=theme, polarity=polarity, theme_confidence=0.9,
                    polarity_confidence=0.9 if polarity else None, start=0, end=min(9, len(text))),
        )
        for one, text, themes in zip(ids, texts, said, strict=True)
        for theme, polarity in themes
    ]  # fmt: skip
    names = sorted({theme for themes in said for theme, _ in themes}) or ["price"]
    return comments, mentions_table(rows, names)


def hard():
    """Return surveys that are hard to say, by what is hard about them."""
    late, fine = [("delivery.speed", "negative")], [("price", "positive")]
    return {
        "no mentions": told([0, 5, 9, 10] * 10, [[]] * 40),
        "no detractors": told([9, 10] * 20, [fine, late] * 20),
        "all detractors": told([0, 3] * 20, [late, fine] * 20),
        "one theme": told([2, 9] * 20, [late, []] * 20),
        "twelve respondents": told([2, 9, 10] * 4, [late, fine, []] * 4),
        "constant rating": told([9] * 30, [late, fine, []] * 10),
        "unknown polarity": told([2, 9] * 20, [[("price", None)], [("trust", "neutral")]] * 20),
        "equal texts": told([2, 9] * 20, [late, fine] * 20, texts=["It was late as it always is."] * 40),
        "no text": told([2, 9] * 10, [[]] * 20, texts=[""] * 20),
        "one respondent": told([3], [late]),
    }  # fmt: skip
