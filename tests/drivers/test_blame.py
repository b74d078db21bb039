"""Shares who blame a theme, by group: against values from outside, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from feedback_nlp.drivers.blame import blame_shares, shares_of_counts, with_findings


def test_the_interval_of_a_difference_is_newcombes():
    # Newcombe 1998, Statistics in Medicine 17: 873–890, table II, method 10: 56/70 − 48/80.
    found = shares_of_counts(np.array([[56], [48]]), np.array([70, 80])).iloc[0]
    assert found["share"] == pytest.approx(0.8)
    assert found["difference"] == pytest.approx(0.2)
    assert found["difference_low"] == pytest.approx(0.0524, abs=5e-5)
    assert found["difference_high"] == pytest.approx(0.3339, abs=5e-5)
    assert found["p_value"] < 0.05


def test_the_interval_of_a_share_is_wilsons():
    # Newcombe 1998, Statistics in Medicine 17: 857–872, table I, method 3: 15/148.
    found = shares_of_counts(np.array([[15], [40]]), np.array([148, 200])).iloc[0]
    assert found["low"] == pytest.approx(0.0624, abs=5e-5)
    assert found["high"] == pytest.approx(0.1605, abs=5e-5)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 4), st.integers(1, 80))
def test_groups_and_rests_add_up(seed, size, themes, n):
    rng = np.random.default_rng(seed)
    blames, group = rng.random((n, themes)) < 0.3, rng.integers(-1, size, n)
    found = blame_shares(blames, group, size, min_n=3)
    assert len(found) == size * themes
    for theme, rows in found.groupby("theme"):
        assert rows["n"].sum() == (group >= 0).sum()
        total = blames[group >= 0, theme].sum()
        held = [blames[group == one, theme].sum() for one in range(size)]
        assert [n for n in rows["n_blame"] if not pd.isna(n)] == [
            n for n, few in zip(held, rows["suppressed"], strict=True) if not few
        ]
        both = rows[rows["n_blame_rest"].notna()]
        assert (both["n_blame"] + both["n_blame_rest"] == total).all()
    assert (found["suppressed"] == (found["n"] < 3)).all()
    shown = found[~found["suppressed"]]
    assert (shown["low"] <= shown["share"]).all()
    assert (shown["share"] <= shown["high"]).all()
    assert (
        found.loc[found["suppressed"], ["n_blame", "n_blame_rest", "share", "p_value"]]
        .isna()
        .all(axis=None)
    )
    tested = found[found["p_value"].notna()]
    beyond = (tested["difference_low"] > 0) | (tested["difference_high"] < 0)
    assert (beyond == (tested["p_value"] < 0.05)).all()


def test_all_looks_of_all_tables_are_corrected_for():
    rng = np.random.default_rng(3)
    blames = rng.random((400, 6)) < 0.2
    tables = [blame_shares(blames, rng.integers(0, k, 400), k) for k in (2, 3, 40)]
    found = with_findings(tables)
    tested = found["p_value"].notna()
    expected = false_discovery_control(found.loc[tested, "p_value"])
    assert found.loc[tested, "q_value"].to_numpy() == pytest.approx(expected)
    assert found.loc[~tested, "q_value"].isna().all()
    assert (~found.loc[~tested, "clear"]).all()


def test_chance_alone_rarely_stands_out():
    rng = np.random.default_rng(11)
    marked = 0
    for _ in range(200):
        blames, group = rng.random((300, 5)) < 0.15, rng.integers(0, 4, 300)
        marked += bool(with_findings([blame_shares(blames, group, 4)])["clear"].any())
    assert marked <= 16  # 5 % of 200, and a little


def test_a_planted_difference_stands_out():
    rng = np.random.default_rng(5)
    group = np.repeat([0, 1, 2], 200)
    blames = rng.random((600, 3)) < 0.1
    blames[group == 1, 2] = rng.random(200) < 0.3
    found = with_findings([blame_shares(blames, group, 3)])
    first = found.sort_values("q_value").iloc[0]
    assert (first["group"], first["theme"], first["clear"]) == (1, 2, True)
    assert first["difference"] == pytest.approx(first["share"] - first["share_rest"])
    assert first["difference"] > 0.1
