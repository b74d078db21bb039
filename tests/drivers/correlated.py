"""Predictors that go together, and an outcome: for the tests of importance."""

import numpy as np
import pandas as pd


def survey(seed, n, count):
    """Return correlated predictors and an outcome that hangs on the first of them."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(n, 1))
    columns = rng.normal(size=(n, count)) + shared
    names = [f"p{i}" for i in range(count)]
    return pd.DataFrame(columns, columns=names), pd.Series(columns[:, 0] + rng.normal(size=n))


def r_squared(frame, outcome):
    design, answers = np.column_stack([np.ones(len(frame)), frame]), outcome.to_numpy()
    left = answers - design @ np.linalg.lstsq(design, answers, rcond=None)[0]
    return 1 - left.var() / answers.var()
