"""Themes mentioned together: reference numbers, who is counted, intervals, nothing to show."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from feedback_nlp.drivers import together_table
from feedback_nlp.drivers.together import npmi
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table

COLUMNS = [
    "theme_a", "theme_b", "n_both", "n_a", "n_b", "n", "share", "expected", "lift", "lift_low",
    "lift_high", "odds_ratio", "odds_ratio_low", "odds_ratio_high", "npmi", "p_value", "q_value",
    "suppressed",
]  # fmt: skip
FIGURES = COLUMNS[COLUMNS.index("lift") : -1]


def tables(*groups, polarity="negative", silent=0):
    """Comments and mentions from (number of respondents, themes) groups, each with one comment."""
    said = [themes for n, themes in groups for _ in range(n)]
    comments = pd.DataFrame(
        {
            "comment_id": [f"c{i}" for i in range(len(said) + silent)],
            "text": ["words"] * len(said) + [""] * silent,
        }
    ).astype("str")
    comments["nps"] = np.where(np.arange(len(comments)) % 2, 10.0, 2.0)
    rows = [
        (f"c{i}", "words", mention(theme, polarity)) for i, themes in enumerate(said)
        for theme in themes
    ]  # fmt: skip
    return comments, mentions_table(rows, sorted({theme for row in said for theme in row}))


def mention(theme, polarity):
    return Mention(
        theme=theme, polarity=polarity, theme_confidence=1, polarity_confidence=1, start=0, end=5
    )


def test_npmi_of_bouma():
    # Bouma 2009: pmi ln(…) 2.813411; 1 where the two are never apart, 0 by chance, −1 never
    assert npmi(10, 20, 30, 1000) == pytest.approx(0.610924, abs=5e-7)
    assert npmi(10, 20, 30, 1000) * -np.log(10 / 1000) == pytest.approx(2.813411, abs=5e-7)
    assert npmi(10, 10, 10, 1000) == pytest.approx(1)
    assert npmi(1, 100, 100, 10_000) == pytest.approx(0)
    assert npmi(0, 100, 100, 10_000) == -1
    assert np.isnan(npmi([50, 0], [50, 0], [50, 9], 50)).all()


def test_pairs_are_counted_by_respondent_against_chance():
    groups = (20, ["price", "service"]), (30, ["price"]), (10, ["service"]), (40, [])
    comments, mentions = tables(*groups, silent=25)
    found = together_table(comments, mentions)
    assert list(found) == COLUMNS
    pair = found.iloc[0]
    assert (pair.theme_a, pair.theme_b) == ("price", "service")
    # of the hundred who wrote; the 25 without words are not among them
    assert (pair.n_both, pair.n_a, pair.n_b, pair.n) == (20, 50, 30, 100)
    assert (pair.share, pair.expected) == (0.2, 15)
    assert pair.lift == pytest.approx(20 / 15)
    assert pair.npmi == pytest.approx(npmi(20, 50, 30, 100))
    assert pair.odds_ratio == pytest.approx(20.5 * 40.5 / (30.5 * 10.5))
    assert pair.p_value == pytest.approx(fisher_exact([[20, 30], [10, 40]]).pvalue)
    assert pair.q_value == pair.p_value  # one pair is one test
    assert pair.lift_low < pair.lift < pair.lift_high
    assert not pair.suppressed


def test_comments_of_one_respondent_are_one():
    comments, mentions = tables((30, ["price"]), (30, ["service"]))
    comments["respondent_id"] = [f"r{i % 30}" for i in range(60)]
    pair = together_table(comments, mentions).iloc[0]
    assert (pair.n_both, pair.n) == (30, 30)


def test_sub_themes_fold_into_their_parent_or_stand_alone():
    comments, mentions = tables(
        (20, ["price.fees", "service.expertise"]), (20, ["price.level", "price.fees"]), (20, [])
    )
    top = together_table(comments, mentions)
    assert top[["theme_a", "theme_b", "n_both", "n_a"]].to_numpy().tolist() == [
        ["price", "service", 20, 40]
    ]
    sub = together_table(comments, mentions, level="sub")
    assert len(sub) == 3
    apart = sub[(sub["theme_a"] == "price.level") & (sub["theme_b"] == "service.expertise")]
    assert apart["n_both"].item() == 0
    assert apart["suppressed"].item()  # expected of 6.7, so fewer than ten either way


def test_themes_that_keep_apart_are_shown_and_come_last():
    comments, mentions = tables(
        (50, ["price"]), (50, ["service"]), (20, ["price", "trust"]), (40, [])
    )
    found = together_table(comments, mentions)
    last = found[~found["suppressed"]].iloc[-1]
    assert (last.theme_a, last.theme_b, last.n_both) == ("price", "service", 0)
    assert (last.lift, last.lift_low, last.npmi) == (0, 0, -1)
    assert 0 < last.lift_high < 1
    assert last.q_value < 0.001
    assert found["theme_b"].iloc[0] == "trust"


def test_polarity_and_group_choose_mentions_and_respondents():
    comments, mentions = tables((40, ["price", "service"]), (20, []))
    assert together_table(comments, mentions, polarity="positive").empty
    low = together_table(comments, mentions, polarity="negative", group="detractors").iloc[0]
    assert (low.n_both, low.n) == (20, 30)
    comments["shop"] = ["A"] * 15 + ["B"] * 45
    assert together_table(comments, mentions, group="shop=A").iloc[0]["n"] == 15
    assert together_table(comments, mentions, group=comments["shop"] == "B")["n"].iloc[0] == 45


def test_praise_without_a_subject_is_no_theme():
    comments, mentions = tables((30, ["general", "price"]), (20, ["service", "price"]), (9, []))
    assert together_table(comments, mentions)[["theme_a", "theme_b"]].to_numpy().tolist() == [
        ["price", "service"]
    ]
    assert len(together_table(comments, mentions, not_drivers=())) == 3


@pytest.mark.parametrize(
    ("groups", "note"),
    [
        ([], "Nobody of them left a comment"),
        ([(30, [])], "No theme is mentioned"),
        ([(30, ["price"])], "Only one theme is mentioned"),
        ([(4, ["price", "service"]), (8, [])], "No pair of themes is mentioned by 10 respondents"),
    ],
)
def test_nothing_to_show_is_said(groups, note):
    found = together_table(*tables(*groups))
    assert list(found) == COLUMNS
    assert found["suppressed"].all()
    assert found[FIGURES].isna().all().all()
    assert found["lift"].dtype == np.float64
    assert found["n_both"].dtype == np.int64
    assert note in found.attrs["together"]["note"]


def test_a_theme_that_everybody_mentions_is_no_evidence():
    pair = together_table(*tables((20, ["price", "service"]), (30, ["price"]))).iloc[0]
    assert (pair.lift, pair.p_value, pair.npmi) == (1, 1, 0)
    assert pair[["lift_low", "odds_ratio"]].isna().all()
    same = together_table(*tables((20, ["price", "service"]), (30, []))).iloc[0]
    assert same.npmi == pytest.approx(1)
    assert same.lift == pytest.approx(2.5)


def test_what_cannot_be_asked_is_one_clear_error():
    comments, mentions = tables((20, ["price", "service"]))
    for options, said in [
        (dict(polarity="bad"), "No polarity 'bad'"),
        (dict(level="middle"), "choose top or sub"),
        (dict(group="promotors"), "Did you mean 'promoters'"),
        (dict(group="foo"), r"\(asked for by group=\)"),
        (dict(confidence=0), "not between 0 and 1"),
        (dict(confidence="x"), "'x' is no number"),
        (dict(min_n=-1), "min_n is -1; give a whole number, 0 or more"),
    ]:
        with pytest.raises(FeedbackError, match=said):
            together_table(comments, mentions, **options)
    with pytest.raises(ColumnError, match="not among the comments"):
        together_table(comments.head(3), mentions)


THEMES = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3)


@settings(max_examples=40)
@given(st.lists(THEMES, min_size=1, max_size=40))
def test_figures_hold_together(said):
    comments, mentions = tables(*((1, themes) for themes in said))
    found = together_table(comments, mentions, min_n=1)
    for pair in found[~found["suppressed"]].itertuples():
        has = [{pair.theme_a, pair.theme_b} & set(themes) for themes in said]
        assert pair.n_both == sum(len(one) == 2 for one in has)
        assert pair.n_a + pair.n_b - pair.n_both == sum(map(bool, has))
        assert pair.lift == pytest.approx(pair.n_both / pair.expected)
        assert np.isnan(pair.npmi) or -1 <= pair.npmi <= 1 + 1e-12
        assert 0 < pair.p_value <= pair.q_value + 1e-12 <= 1 + 1e-12
        if not np.isnan(pair.lift_low):
            assert pair.lift_low < pair.lift_high


def test_intervals_hold_the_true_lift():
    # 100 surveys of 200 respondents, intervals at 95 %
    rng = np.random.default_rng(3)
    a, b, lift = 0.4, 0.3, 1.5
    cells = [lift * a * b, a - lift * a * b, b - lift * a * b, 1 - a - b + lift * a * b]
    held = 0
    for both, only_a, only_b, none in rng.multinomial(200, cells, size=100):
        groups = (both, ["a", "b"]), (only_a, ["a"]), (only_b, ["b"]), (none, [])
        pair = together_table(*tables(*groups)).iloc[0]
        held += pair.lift_low <= lift <= pair.lift_high
    assert held >= 89  # 95 are expected; below 89 in one of 100 such runs
