"""Whose words the themes are: the three bases, their scores, and when to warn."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.drivers.base import base_table, base_warnings
from feedback_nlp.drivers.bases import BASES
from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.scores import difference, nps, response_bias, wilson


def survey(rows, rating="nps", **columns):
    """Return the two tables of (rating, text, themes) rows."""
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(rows))]})
    comments["text"] = pd.array([row[1] for row in rows], dtype="str")
    comments[rating] = pd.Series([row[0] for row in rows], dtype=float)
    triples = [
        (f"c{i}", text, Mention(theme=theme, polarity="negative", theme_confidence=0.9,
                                polarity_confidence=0.9, start=0, end=len(text)))
        for i, (_, text, themes) in enumerate(rows)
        for theme in themes
    ]  # fmt: skip
    return comments.assign(**columns), mentions_table(triples, ["delivery", "general"])


SILENT_ARE_HAPPY = (
    [(2.0, "Late again", ["delivery"])] * 30
    + [(9.0, "Late, but fine", ["delivery"])] * 10
    + [(3.0, "Hm", [])] * 15
    + [(10.0, "All right", ["general"])] * 25
    + [(10.0, "", [])] * 50
    + [(8.0, " ", [])] * 20
    + [(None, "No rating given", ["delivery"])] * 5
)


def rows_of(table, base):
    return table[table["base"] == base].set_index("group")


def test_the_bases_by_hand():
    table = base_table(*survey(SILENT_ARE_HAPPY))
    assert table["base"].unique().tolist() == list(BASES)
    everyone, wrote, tagged = (rows_of(table, base) for base in BASES)
    assert everyone["n"].tolist() == [150, 45, 20, 85]
    assert wrote["n"].tolist() == [80, 45, 0, 35]
    assert tagged["n"].tolist() == [40, 30, 0, 10]  # praise without a subject tags nobody
    assert wrote["share"].tolist() == pytest.approx([80 / 150, 1, 0, 35 / 85])
    assert tagged["part"].tolist() == [1, 0.75, 0, 0.25]
    low, high = wilson(35, 85)
    assert wrote.loc["promoters", ["share_low", "share_high"]].tolist() == [low, high]
    # That all respondents are respondents is no estimate.
    assert (everyone[["share", "share_low", "share_high"]] == 1).all(axis=None)
    for rows in (everyone, wrote, tagged):
        assert (rows.loc["all", ["part", "part_low", "part_high"]] == 1).all()
        assert rows.loc["promoters", "part_low"] < rows.loc["promoters", "part"]
    assert table.attrs["base"]["n_missing"] == 5
    for rows, answers in (
        (everyone, [2] * 30 + [9] * 10 + [3] * 15 + [10] * 75 + [8] * 20),
        (wrote, [2] * 30 + [9] * 10 + [3] * 15 + [10] * 25),
        (tagged, [2] * 30 + [9] * 10),
    ):
        score = nps(answers)
        shown = rows.loc["all", ["score", "low", "high"]].tolist()
        assert shown == pytest.approx([score.value, score.low, score.high])
        assert rows["score"].iloc[1:].isna().all()


def test_the_findings_are_the_differences_of_the_scores():
    comments, mentions = survey(SILENT_ARE_HAPPY)
    wrote, tagged = base_warnings(comments, mentions)
    bias = response_bias(comments)
    assert (wrote.base, wrote.of, wrote.n, wrote.n_of, wrote.n_others) == (
        "commenters", "respondents", 80, 150, 70,
    )  # fmt: skip
    assert (wrote.difference, wrote.low, wrote.high, wrote.p_value) == (
        bias.difference.value, bias.difference.low, bias.difference.high, bias.difference.p_value,
    )  # fmt: skip
    assert wrote.shift == pytest.approx(bias.wrote.value - bias.overall.value)
    assert wrote.score - wrote.score_of == pytest.approx(wrote.shift)
    assert wrote.clear
    gap = difference([2] * 30 + [9] * 10, [3] * 15 + [10] * 25)
    assert (tagged.base, tagged.of, tagged.n, tagged.n_others) == ("tagged", "commenters", 40, 40)
    assert (tagged.difference, tagged.p_value) == pytest.approx((gap.value, gap.p_value))
    assert tagged.clear
    assert tagged.low < tagged.shift_low < tagged.shift < tagged.shift_high < 0


def test_who_wrote_by_chance_is_rarely_warned_of():
    warned = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        answers = rng.choice([3.0, 8, 10], 200, p=[0.3, 0.3, 0.4])
        wrote = rng.random(200) < 0.5
        rows = [
            (answer, "Words" if said else "", [])
            for answer, said in zip(answers, wrote, strict=True)
        ]
        warned += base_warnings(*survey(rows))[0].clear
    assert 2 <= warned <= 18  # 5 % of 200, give or take three standard errors


@pytest.mark.parametrize(
    ("rows", "compared"),
    [
        ([(9.0, "Words", ["delivery"])] * 12, (False, False)),
        ([(9.0, "", [])] * 12, (False, False)),
        ([(9.0, "Words", [])] * 15 + [(9.0, "", [])] * 15, (True, False)),
        ([(9.0, "Words", ["delivery"])] * 9 + [(1.0, "", [])] * 50, (False, False)),
        ([(1.0, "Words", ["general"])], (False, False)),
    ],
    ids=["all wrote and are tagged", "nobody wrote", "constant rating", "too few", "one"],
)
def test_what_cannot_be_compared_is_not(rows, compared):
    comments, mentions = survey(rows)
    found = base_warnings(comments, mentions)
    assert tuple(finding.compared for finding in found) == compared
    assert not any(finding.clear for finding in found)
    for finding in found:
        numbers = finding.to_dict()
        assert all(
            np.isnan(numbers[name]) != finding.compared
            for name in ("difference", "low", "high", "p_value", "shift")
        )
    table = base_table(comments, mentions)
    assert table.loc[table["n"] < 10, "score"].isna().all()


def test_other_scores():
    rows = [(1.0, "Bad", ["delivery"]), (5.0, "", []), (4.0, "Fine", [])] * 12
    comments, mentions = survey(rows, "csat")
    wrote, _ = base_warnings(comments, mentions, "csat", method="mean")
    assert (wrote.unit, wrote.score, wrote.score_others) == ("rating", 2.5, 5.0)
    table = base_table(comments, mentions, "csat")
    assert table["group"].unique().tolist() == ["all", "dissatisfied", "neutral", "satisfied"]


def test_without_ratings_or_texts_the_error_says_so():
    comments, mentions = survey([(None, "Words", [])] * 3)
    for function in (base_table, base_warnings):
        with pytest.raises(RatingError, match="No ratings left"):
            function(comments, mentions)
        with pytest.raises(ColumnError, match="No column 'text'"):
            function(comments.drop(columns="text").assign(nps=9.0), mentions)
        with pytest.raises(FeedbackError, match="95 is not between 0 and 1"):
            function(comments.assign(nps=9.0), mentions, confidence=95)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 10).map(float),
            st.sampled_from(["words", "", " "]),
            st.lists(st.sampled_from(["delivery", "general"]), max_size=2),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_each_base_lies_within_the_one_before(rows):
    table = base_table(*survey(rows), min_n=1)
    counts = np.array([rows_of(table, base)["n"] for base in BASES])
    assert (np.diff(counts, axis=0) <= 0).all()
    assert (counts[:, 0] == counts[:, 1:].sum(axis=1)).all()
    some = table[table["n"] > 0]
    assert (some["share_low"] <= some["share"]).all()
    assert (some["share"] <= some["share_high"]).all()
    for finding in base_warnings(*survey(rows), min_n=1):
        assert finding.n + finding.n_others == finding.n_of
        if finding.compared:
            assert finding.shift == pytest.approx(finding.score - finding.score_of)
