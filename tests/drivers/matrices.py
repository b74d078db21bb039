"""Theme matrices made by hand and by simulation, and the gains of them."""

import numpy as np
import pandas as pd

from feedback_nlp.drivers import ThemeMatrix, adjusted_gains
from feedback_nlp.scores import define

NPS = define("nps")
SCORES = [
    NPS, define("csat", "top2", (0, 10)), define("csat", "mean", (0, 10)),
    define("ces", "mean", (0, 10), "effort"), define("csat", "percent_of_maximum", (0, 100)),
]  # fmt: skip
FREE = 1e-9


def matrix(answers, negative, positive=None, *, spoke=True, definition=NPS):
    """Return a theme matrix of answers and {theme: who blames it} (and who praises it)."""
    answers = np.asarray(answers, dtype=float)
    index = pd.Index([f"r{i}" for i in range(answers.size)], name="respondent_id")
    names = sorted({*negative, *(positive or {})})
    blames, praises = (
        pd.DataFrame(
            {name: np.asarray(given_.get(name, np.zeros(answers.size)), bool) for name in names},
            index=index, columns=names,
        )
        for given_ in (negative, positive or {})
    )  # fmt: skip
    spoke = np.broadcast_to(spoke, answers.shape) | (blames | praises).to_numpy().any(axis=1)
    people = pd.DataFrame(
        {"rating": answers, "x": definition.contribution(answers),
         "group": definition.group(answers), "wrote": spoke, "spoke": spoke}, index=index,
    )  # fmt: skip
    return ThemeMatrix(
        people=people, negative=blames, positive=praises, neutral=blames & False,
        any=blames | praises, definition=definition, n_missing=0,
    )  # fmt: skip


def gains(found, **how):
    how = {"n_boot": 0, "seed": 0, "confidence": 0.95} | how
    return adjusted_gains(found, **how)


def simulated(seed, n, definition=NPS, effects=(-2.5, 0.0, -1.0)):
    """Return a matrix, and the gain of each theme by the same respondents' other answers."""
    rng = np.random.default_rng(seed)
    spoke = rng.random(n) < 0.8
    blame = rng.random((n, 3)) < [0.2, 0.1, 0.2]
    blame[:, 1] |= blame[:, 0] & (rng.random(n) < 0.5)  # comes with the first, does nothing
    blame &= spoke[:, np.newaxis]
    base = 8.5 + rng.normal(0, 1.7, n) - 0.5 * spoke

    def answers(who):
        return np.clip(np.round(base + who @ np.array(effects)), 0, 10)

    score = definition.contribution(answers(blame)).mean()
    true = []
    for theme in range(3):
        without = blame.copy()
        without[:, theme] = False
        true.append(definition.contribution(answers(without)).mean() - score)
    named = {name: blame[:, i] for i, name in enumerate(["guilty", "innocent", "minor"])}
    return matrix(answers(blame), named, spoke=spoke, definition=definition), true
