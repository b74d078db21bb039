"""Figures and tables of ``ground_truth.py``: correlations, and how they are written."""

from itertools import permutations

import numpy as np
from scipy.stats import rankdata


def spearman(a, b):
    """Return Spearman's correlation, missing where there are fewer than three pairs."""
    known = ~(np.isnan(a) | np.isnan(b))
    if known.sum() < 3 or np.ptp(a[known]) == 0 or np.ptp(b[known]) == 0:
        return np.nan
    return float(np.corrcoef(rankdata(a[known]), rankdata(b[known]))[0, 1])


def permutation_p(a, b):
    """Return how many of all orders agree as well or better, one-sided, exact."""
    observed = spearman(a, b)
    ranks = [spearman(a, np.array(order)) for order in permutations(b)]
    return float(np.mean(np.array(ranks) >= observed - 1e-9))


def correlation(a, b):
    """Return Pearson's correlation with Fisher's interval, and n."""
    known = ~(np.isnan(a) | np.isnan(b))
    n = int(known.sum())
    if n < 10 or np.ptp(a[known]) == 0 or np.ptp(b[known]) == 0:
        return np.nan, np.nan, np.nan, n
    r = float(np.corrcoef(a[known], b[known])[0, 1])
    z, half = np.arctanh(r), 1.96 / np.sqrt(n - 3)
    return r, float(np.tanh(z - half)), float(np.tanh(z + half)), n


def partial(a, b, given):
    """Return the correlation of a and b with a third held fixed."""
    known = ~(np.isnan(a) | np.isnan(b) | np.isnan(given))
    if known.sum() < 10:
        return np.nan
    matrix = np.corrcoef(np.column_stack([a, b, given])[known], rowvar=False)
    ab, ac, bc = matrix[0, 1], matrix[0, 2], matrix[1, 2]
    return float((ab - ac * bc) / np.sqrt((1 - ac**2) * (1 - bc**2)))


def number(value):
    return "–" if value is None or np.isnan(value) else f"{value:.2f}".replace("-", "−")


def span(value, low, high):
    return number(value) if np.isnan(low) else f"{number(value)} ({number(low)}–{number(high)})"


def markdown(title, header, lines):
    text = [f"**{title}**", "", "| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    text += ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
    return "\n".join(text) + "\n"
