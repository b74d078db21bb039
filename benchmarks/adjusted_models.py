"""Models that could give the adjusted gain: what ``adjusted.py --only models`` compares.

Each takes respondents × columns (ones, themes blamed, the rest), the level each respondent is on
(0, 1, …), what each level is worth, and how many themes there are; and returns a gain for each.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from feedback_nlp.drivers.adjusted.gains import PENALTY
from feedback_nlp.drivers.adjusted.mean_model import MeanModel


def by_cuts(columns, levels, worth, themes):
    """One logistic model for each step between two contributions."""
    total = np.zeros(themes)
    for step in range(len(worth) - 1):
        y = (levels > step).astype(float)
        if y.std() > 0:
            model = MeanModel.fit(columns, y, np.ones(y.size), penalty=PENALTY)
            gains = [model.without(theme + 1) for theme in range(themes)]
            total += (worth[step + 1] - worth[step]) * np.array(gains)
    return total


def standardised(expected, columns, themes):
    """What the mean of an expectation gains without each theme."""
    out = []
    for theme in range(themes):
        without = columns.copy()
        without[:, theme + 1] = 0
        out.append((expected(without) - expected(columns)).mean())
    return np.array(out)


def multinomial(columns, levels, worth, themes):
    """One multinomial model of scikit-learn."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1 / PENALTY, max_iter=1000).fit(columns[:, 1:], levels)
    worths = np.array(worth)[model.classes_]
    return standardised(lambda rows: model.predict_proba(rows[:, 1:]) @ worths, columns, themes)


def proportional_odds(columns, levels, worth, themes):
    """One ordered model: the same effect at each step."""
    cuts = len(worth) - 1
    x = columns[:, 1:]

    def above(cut, beta, rows):
        places = cut[0] - np.r_[0.0, np.cumsum(np.exp(cut[1:]))]
        return expit(places + (rows @ beta)[:, np.newaxis])  # P(level > k), falling in k

    def loss(found):
        upper = np.column_stack(
            [np.ones(len(x)), above(found[:cuts], found[cuts:], x), np.zeros(len(x))]
        )
        chance = upper[np.arange(len(x)), levels] - upper[np.arange(len(x)), levels + 1]
        return -np.log(np.maximum(chance, 1e-12)).sum() + PENALTY * (found[cuts:] ** 2).sum() / 2

    found = minimize(loss, np.zeros(cuts + x.shape[1]), method="L-BFGS-B").x
    steps = np.diff(worth)
    return standardised(
        lambda rows: above(found[:cuts], found[cuts:], rows[:, 1:]) @ steps, columns, themes
    )


def least_squares(columns, levels, worth, themes):
    """A straight line, with a fifth of the penalty."""
    weights = np.full(columns.shape[1], PENALTY / 5)
    weights[0] = 0
    x = np.array(worth)[levels]
    beta = np.linalg.solve(columns.T @ columns + np.diag(weights), columns.T @ x)
    return standardised(lambda rows: rows @ beta, columns, themes)


def fractional(columns, levels, worth, themes):
    """The shipped model of the mean."""
    y = (np.array(worth)[levels] - worth[0]) / (worth[-1] - worth[0])
    model = MeanModel.fit(columns, y, np.ones(y.size), penalty=PENALTY)
    gains = [model.without(theme + 1) for theme in range(themes)]
    return (worth[-1] - worth[0]) * np.array(gains)
