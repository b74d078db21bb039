"""The second step of a tagger: it weighs what a scorer says with what the rules say.

It is learnt on comments that neither the scorer nor the phrases have seen: the dev part of
``data/labelled``, and of one set of others a fifth that was kept from the scorer.
"""

import numpy as np
from examples import NEUTRAL, learnt_from, other_examples, own_examples

from feedback_nlp.tagging.fitting import fit_weighing
from feedback_nlp.tagging.readings import SIDES
from feedback_nlp.tagging.thresholds import best_thresholds, by_comment, spread
from feedback_nlp.tagging.weighing import (
    polarity_columns,
    sentiment_columns,
    side_by_side,
    status_columns,
    theme_columns,
    top_columns,
)

# Of the neutral set, which has many neutral sentences, of which our own dev has few.
NEUTRAL_WEIGHT = 0.25
# Of polarity in comments made of turns of phrase: in all that customers write they are rare.
TURNED_WEIGHT = 0.2
# Of what is named: a sub-theme's least share, the least odds of a polarity, of saying nothing.
DECIDED = {"sub_share": 0.4, "sure": 0.4, "nothing": 0.8}


def unseen(corpora, labelled, taxonomy):
    """Return our own dev part, and of the neutral set what is kept for the second step."""
    return (
        own_examples(labelled, "dev", taxonomy),
        other_examples(corpora, NEUTRAL, taxonomy, lambda at: not learnt_from(NEUTRAL, at)),
    )


class Scored:
    """What the second step sees of a set."""

    def __init__(self, examples, scorer, themes):
        self.examples = examples
        batch = examples.batch
        sizes = [len(themes.ids), len(themes.tops), len(SIDES)]
        clauses, comments = scorer.score_batch(batch, sum(sizes))
        named, tops, sides, of_tops = np.split(clauses, np.cumsum(sizes), axis=1)
        of_tops = of_tops.reshape(len(clauses), sizes[1], -1) if of_tops.size else None
        whole, empty = np.split(comments, [len(SIDES)], axis=1)
        layer = examples.layer
        places = examples.polarity[:, 0], examples.polarity[:, 1]
        self.top = side_by_side(top_columns(named, tops, layer, themes))
        self.theme = side_by_side(theme_columns(named, layer, themes))
        self.polarity = side_by_side(polarity_columns(batch, layer, sides, places, themes, of_tops))
        self.sentiment = side_by_side(sentiment_columns(batch, layer, sides, tops, whole, themes))
        self.status = side_by_side(status_columns(batch, layer, tops, empty, themes))


def learn_steps(dev, neutral, themes, turned=None):
    """Return the weighing of each step, and the thresholds; all of it by five parts of dev.

    Args:
        dev, neutral: What is learnt from.
        themes: The themes.
        turned: Comments made of turns of phrase, of a scorer that knows how these are meant.
    """
    gold = dev.examples
    tops = gold.tops > 0
    groups = gold.batch.clauses.comment
    likely = spread(dev.top, tops, groups, lambda x, y: fit_weighing(x, y))
    thresholds = best_thresholds(likely, tops, groups, themes.tops)
    mine, theirs = gold.sentiment >= 0, neutral.examples.sentiment >= 0
    steps = {
        "top": fit_weighing(dev.top, tops),
        "theme": fit_weighing(dev.theme, gold.themes),
        "polarity": _fit_polarity(dev.polarity, gold.polarity[:, 2], turned),
        "status": fit_weighing(dev.status, gold.empty),
        "sentiment": fit_weighing(
            np.vstack([dev.sentiment[mine], neutral.sentiment[theirs]]),
            np.concatenate([gold.sentiment[mine], neutral.examples.sentiment[theirs]]),
            classes=4,
            strength=0.3,
            weights=np.repeat([1.0, NEUTRAL_WEIGHT], [mine.sum(), theirs.sum()]),
        ),
    }
    report(dev, likely, thresholds, turned)
    return steps, thresholds


def _fit_polarity(columns, sides, turned):
    weights = np.ones(len(sides))
    if turned is not None:
        columns = np.vstack([columns, turned.polarity])
        sides = np.concatenate([sides, turned.examples.polarity[:, 2]])
        weights = np.pad(weights, (0, len(sides) - len(weights)), constant_values=TURNED_WEIGHT)
    return fit_weighing(columns, sides, classes=len(SIDES), strength=0.05, weights=weights)


def report(dev, likely, thresholds, turned=None):
    """Print what the steps reach on parts of dev that they were not learnt from."""
    gold = dev.examples
    of = gold.batch.clauses.comment
    found = by_comment(likely, of) >= np.array(list(thresholds.values()))
    truth = by_comment(gold.tops > 0, of) > 0
    f1 = 2 * (found & truth).sum() / (found.sum() + truth.sum())
    sides = spread(
        dev.polarity, gold.polarity[:, 2], of[gold.polarity[:, 0]],
        lambda x, y: _fit_polarity(x, y, turned),
    )  # fmt: skip
    right = (sides.argmax(axis=1) == gold.polarity[:, 2]).mean()
    mine = np.flatnonzero(gold.sentiment >= 0)
    moods = spread(
        dev.sentiment[mine], gold.sentiment[mine], mine,
        lambda x, y: fit_weighing(x, y, classes=4, strength=0.3),
    )  # fmt: skip
    mood = (moods.argmax(axis=1) == gold.sentiment[mine]).mean()
    empty = spread(dev.status, gold.empty, np.arange(len(gold.empty)), fit_weighing)
    print(f"dev in five parts: theme F1 {f1:.3f}, polarity {right:.3f}, sentiment {mood:.3f}")
    languages = np.array(gold.batch.languages)[np.unique(of)]
    for code in dict.fromkeys(languages.tolist()):
        a, b = found[languages == code], truth[languages == code]
        print(
            f"  {code}: theme F1 {2 * (a & b).sum() / (a.sum() + b.sum()):.3f}, {len(a)} comments"
        )
    for least in (0.3, 0.5, 0.7):
        said = empty >= least
        hits = (said & gold.empty).sum()
        print(f"  says nothing, from {least}: {hits} of {said.sum()} right of {gold.empty.sum()}")
