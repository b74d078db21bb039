"""What is a reason, and how many more comments it would take to make one."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from feedback_nlp.drivers.explain.verdicts import more_to_be_sure, more_to_show, verdicts
from feedback_nlp.scores import benjamini_hochberg


def test_a_verdict_follows_the_first_thing_that_holds():
    row = {
        "suppressed": False, "n_negative": 20, "n_detractors": 15, "q_value": 0.05,
        "odds_ratio": 3.0, "adjusted_gain_low": 0.1,
    }  # fmt: skip
    changes = {
        "reason": {},
        "suppressed": {"suppressed": True, "q_value": np.nan},
        "everywhere": {"n_negative": 90},
        "untested": {"q_value": np.nan},
        "others_more": {"odds_ratio": 0.4, "adjusted_gain_low": 2.0},
        "not_blamed": {"n_detractors": 0, "q_value": 0.4},
        "chance": {"q_value": 0.0501},
        "not_apart": {"adjusted_gain_low": np.nan},
        "with_others": {"adjusted_gain_low": 0.0},
    }
    table = pd.DataFrame([{**row, **change} for change in changes.values()])
    table.attrs["drivers"] = {"n_respondents": 90}
    assert verdicts(table).tolist() == list(changes)


def test_how_many_more_comments_it_takes():
    assert [more_to_show(k, 200, 10) for k in (0, 1, 4, 9, 10)] == [None, 1800, 300, 23, None]
    assert more_to_show(1, 200, 30) is None  # 29 times what there is
    row = {"odds_ratio": 2.0, "p_value": 0.001, "q_value": 0.002, "adjusted_gain": 5.0}
    known = {low: more_to_be_sure({**row, "adjusted_gain_low": low}, 400) for low in (-5.0, -0.1)}
    assert known == {-5.0: 1200, -0.1: 17}  # 400 × ((10 ÷ 5)² − 1), and 400 × (1.02² − 1) = 16.2
    assert more_to_be_sure({**row, "adjusted_gain_low": 1.0}, 400) is None
    assert more_to_be_sure({**row, "adjusted_gain_low": -50.0}, 400) is None
    for odd in ({"odds_ratio": 0.9}, {"adjusted_gain": -1.0}, {"adjusted_gain": np.nan}):
        assert more_to_be_sure({**row, "adjusted_gain_low": -2.0, **odd}, 400) is None


def test_with_that_many_comments_the_test_passes_in_about_half_of_all_samples():
    low, others, blamed, blamed_by_others = 40, 60, 12, 10
    beside = [0.3, 0.5, 0.8]  # p of the other themes

    def q_of(x, y, factor=1.0):
        sizes = round(low * factor), round(others * factor)
        p = fisher_exact([[x, sizes[0] - x], [y, sizes[1] - y]]).pvalue
        return p, benjamini_hochberg(np.array([p, *beside]))[0]

    p, q = q_of(blamed, blamed_by_others)
    row = {
        "odds_ratio": 2.1, "p_value": p, "q_value": q, "adjusted_gain": 5.0, "adjusted_gain_low": 1,
    }  # fmt: skip
    more = more_to_be_sure(row, low + others)
    assert q > 0.05
    factor = (low + others + more) / (low + others)
    rng = np.random.default_rng(1)
    drawn = (
        rng.binomial(round(low * factor), blamed / low, 400),
        rng.binomial(round(others * factor), blamed_by_others / others, 400),
    )
    passes = np.mean([q_of(x, y, factor)[1] <= 0.05 for x, y in zip(*drawn, strict=True)])
    assert passes == pytest.approx(0.5, abs=0.12)
