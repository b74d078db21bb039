"""The control chart where the same people answer again and again."""

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.scores import control_chart
from feedback_nlp.scores.over_time.dealing import Panel, _dealt_people, _normal_people, deal_panel
from feedback_nlp.scores.over_time.shifts import find_parts

NET = np.array([-100.0, 0.0, 100.0])


def rotating(random, periods=12, n=60, stay=6, alike=0.7):
    """Everybody answers so many periods in a row, and much the same each time."""
    new = n // stay
    start = np.arange(periods)[:, None] * new
    who = start + np.arange(n)
    mood = random.standard_normal(int(who.max()) + 1)
    felt = np.sqrt(alike) * mood[who] + np.sqrt(1 - alike) * random.standard_normal(who.shape)
    return who, NET[(felt > -0.84).astype(int) + (felt > 0)]


def signals(who, worth, *, as_panel=True):
    periods, n = who.shape
    counts = np.stack([(worth == x).sum(axis=1) for x in NET], axis=1)
    panel = Panel(period=np.repeat(np.arange(periods), n), who=who.ravel(), worth=worth.ravel())
    parts = find_parts(
        counts, NET, false_alarms=0.05, seed=1, panel=panel if as_panel else None
    )  # fmt: skip
    return parts.regime.max() > 0 or parts.single.any()


def test_people_who_come_and_go_make_no_shifts():
    random = np.random.default_rng(6)
    found = np.zeros(2)
    for _ in range(40):
        who, worth = rotating(random, periods=20)
        found += [signals(who, worth), signals(who, worth, as_panel=False)]
    assert found[0] <= 6  # at most 2 of 40 are to be expected
    assert found[1] > 6  # as answers of different people they would make shifts


def test_a_shift_of_the_same_people_is_found_sooner():
    random = np.random.default_rng(9)
    who = np.tile(np.arange(40), (12, 1))
    found = np.zeros(2)
    for _ in range(20):
        felt = 0.9 * random.standard_normal(40) + 0.44 * random.standard_normal(who.shape)
        felt[6:] -= 0.15
        worth = NET[(felt > -0.84).astype(int) + (felt > 0)]
        found += [signals(who, worth), signals(who, worth, as_panel=False)]
    assert found[0] > found[1] + 4


def test_normal_sums_have_the_spread_of_people_who_change_places():
    random = np.random.default_rng(2)
    who, worth = rotating(random, periods=8, n=60, stay=3)
    panel = Panel(period=np.repeat(np.arange(8), 60), who=who.ravel(), worth=worth.ravel())
    for period, score in panel.blocks(np.arange(8), worth.mean(), worth.std()):
        if score.shape[1] > 1:
            dealt = _dealt_people(period, score, 8, 20_000, random)
            normal = _normal_people(period, score, 8, 20_000, random)
            assert dealt.mean(axis=0) == pytest.approx(normal.mean(axis=0), abs=0.2)
            assert np.cov(dealt.T) == pytest.approx(np.cov(normal.T), abs=1.5)


def test_dealt_answers_add_up_and_nobody_changes_places_with_those_who_answered_more_often():
    random = np.random.default_rng(5)
    panel = Panel(
        period=np.array([0, 1, 2, 0, 1, 2, 0]), who=np.array([0, 0, 0, 1, 1, 1, 2]),
        worth=np.array([3.0, 3, 3, -3, -3, -3, 5]),
    )  # fmt: skip
    blocks = panel.blocks(np.arange(3), 0.0, 1.0)
    assert [score.shape for _, score in blocks] == [(1, 1), (2, 3)]
    sums = deal_panel(blocks, np.array([3, 2, 2]), 50, random)
    assert sums + 5 * np.array([3, 2, 2]) / 7 == pytest.approx(np.tile([5.0, 0, 0], (50, 1)))


def test_a_chart_of_a_panel_says_that_people_are_in_several_periods():
    random = np.random.default_rng(3)
    who, worth = rotating(random, periods=8)
    rows = pd.DataFrame({"respondent_id": who.ravel().astype(str)})
    rows["nps"] = np.select([worth.ravel() < 0, worth.ravel() == 0], [3.0, 8.0], 10.0)
    rows["date"] = pd.Timestamp("2026-01-05") + pd.to_timedelta(
        7 * np.repeat(np.arange(8), 60), "D"
    )
    rows["comment_id"] = rows.index.astype(str)
    chart = control_chart(rows)
    assert chart.table["n"].tolist() == [60] * 8
    told = " ".join(chart.notes)
    assert "answered in several periods: each counts once in each" in told
    assert "Their answers are kept together" in told
    shuffled = control_chart(rows.sample(frac=1, random_state=5, ignore_index=True))
    pd.testing.assert_frame_equal(shuffled.table, chart.table)
