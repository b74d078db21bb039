"""Keyness: reference numbers, who is compared with whom, what is counted, and nothing to compare."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact, norm
from worded import row, survey

import feedback_nlp as fn
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.words import code_comments, g2, keyness, log_odds, marking_terms
from feedback_nlp.words.codes import code_terms, count_terms
from feedback_nlp.words.odds import fisher_p

# Toy counts: wait, price, staff, the; detractors have 260 tokens, promoters 480.
DETRACTORS, PROMOTERS = np.array([30, 20, 10, 200]), np.array([5, 15, 60, 400])
BOTH = DETRACTORS + PROMOTERS
COLUMNS = [
    "term", "n_group", "n_reference", "share_group", "share_reference", "n_tokens_group",
    "n_tokens_reference", "log_odds", "low", "high", "z", "g2", "p_value", "q_value",
]  # fmt: skip


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        (0.01, [5.21167, 2.77879, -3.72621, -4.68316]),
        (50 * BOTH / BOTH.sum(), [5.17543, 2.59787, -3.55275, -4.39156]),
        (BOTH, [3.57401, 1.58077, -2.22343, -2.69496]),
    ],
    ids=["flat", "informative, weight 50", "counts of both"],
)
def test_log_odds_follow_monroe_colaresi_and_quinn(prior, expected):
    # Monroe, Colaresi and Quinn 2008, computed from the equations with numpy alone
    found = log_odds(DETRACTORS, 260, PROMOTERS, 480, prior=prior, variance="two terms")
    assert found.z == pytest.approx(expected, abs=5e-6)
    assert found.z == pytest.approx(found.delta / np.sqrt(found.variance))


def test_two_and_four_terms_of_variance_are_two_figures():
    # scattertext's own test (four terms) expects these after 1 − 2 Φ(z); two terms give others
    first, second = [1, 5, 1, 9], [100, 510, 100, 199]
    four = log_odds(first, 16, second, 909, prior=0.01, variance="four terms")
    two = log_odds(first, 16, second, 909, prior=0.01, variance="two terms")
    expected = [0.4447054, 0.9433088, 0.4447054, -0.9971462]
    assert 1 - 2 * norm.cdf(four.z) == pytest.approx(expected, abs=5e-8)
    assert two.z == pytest.approx([-0.609502, -2.304405, -0.609502, 4.462925], abs=5e-7)


def test_tidylo_compares_a_group_with_the_whole_so_its_figures_are_not_ours():
    # tidylo's bind_log_odds, uninformative prior 1: a group against all, itself among them
    group, whole = DETRACTORS + 1, BOTH + 2
    delta = np.log(group / (264 - group)) - np.log(whole / (748 - whole))
    tidylo = delta / np.sqrt(1 / group + 1 / whole)
    assert tidylo == pytest.approx([3.855276956, 1.856474718, -2.767678782, -3.148423126])
    ours = log_odds(DETRACTORS, 260, PROMOTERS, 480, prior=1, variance="two terms").z
    assert (np.abs(ours) > np.abs(tidylo)).all()


def test_g2_and_its_four_cells():
    # scipy's chi2_contingency(lambda_="log-likelihood") gives the same
    found = g2(DETRACTORS, 260, PROMOTERS, 480)
    assert found[:2] == pytest.approx([40.351669, 7.392169], abs=5e-7)
    for i in range(4):
        cells = [[DETRACTORS[i], 260 - DETRACTORS[i]], [PROMOTERS[i], 480 - PROMOTERS[i]]]
        scipy = chi2_contingency(cells, correction=False, lambda_="log-likelihood")
        assert found[i] == pytest.approx(scipy.statistic)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 30)), min_size=1, max_size=8))
def test_the_exact_test_is_that_of_scipy(pairs):
    group, reference = np.array(pairs).T
    found = fisher_p(group, 12, reference, 30)
    for p, (a, c) in zip(found, pairs, strict=True):
        assert p == pytest.approx(fisher_exact([[a, 12 - a], [c, 30 - c]]).pvalue, abs=1e-12)


def test_log_odds_need_counts_that_fit_and_a_prior():
    with pytest.raises(FeedbackError, match="prior above 0"):
        log_odds([0], 10, [3], 10, prior=0)
    with pytest.raises(FeedbackError, match="no larger than their totals"):
        log_odds([12], 10, [3], 10, prior=0.5)
    with pytest.raises(FeedbackError, match="four terms or two terms"):
        log_odds([1], 10, [3], 10, prior=0.5, variance="three")


def test_a_comment_counts_a_term_once_and_occurrences_stand_beside():
    comments = survey((12, 2, "Slow, slow, slow parcel"), (15, 10, "Fine parcel, not slow"))
    found = keyness(comments)
    assert list(found) == COLUMNS
    slow = row(found, "slow")
    assert (slow.n_group, slow.n_reference, slow.n_tokens_group) == (12, 0, 36)
    assert row(found, "not slow").n_reference == 15  # a negation is a term of its own
    parcel = row(found, "parcel")
    assert (parcel.share_group, parcel.share_reference) == (1, 1)
    assert (parcel.z, parcel.log_odds) == pytest.approx((0, 0))  # everybody writes it
    assert parcel.p_value == 1
    assert found["term"].iloc[0] == "slow"
    assert found["g2"].iloc[0] > 0 > found["z"].iloc[-1]


def test_figures_are_those_of_the_formula():
    comments = survey(
        (8, 3, "late parcel"), (12, 3, "fine"), (3, 10, "late but ok"), (37, 9, "fine")
    )
    late = row(keyness(comments, prior_comments=2), "late")
    a, b = 2 * 20 / 60, 2 * 40 / 60
    odds = (8 + a) / (12 + a), (3 + b) / (37 + b)
    error = np.sqrt(1 / (8 + a) + 1 / (12 + a) + 1 / (3 + b) + 1 / (37 + b))
    assert late.log_odds == pytest.approx(np.log(odds[0] / odds[1]))
    assert late.z == pytest.approx(late.log_odds / error)
    assert (late.high - late.low) / 2 == pytest.approx(norm.ppf(0.975) * error)
    assert late.p_value == pytest.approx(fisher_exact([[8, 12], [3, 37]]).pvalue)


@given(st.integers(0, 20), st.integers(0, 60), st.floats(0.1, 500))
def test_the_prior_never_turns_a_difference_around(first, second, weight):
    comments = survey(
        (first, 1, "late"), (20 - first, 1, "fine"), (second, 10, "late"), (60 - second, 10, "fine")
    )
    found = keyness(comments, prior_comments=weight, min_comments=1)
    for term in found.itertuples():
        difference = term.share_group - term.share_reference
        if abs(difference) < 1e-12:
            assert abs(term.z) < 1e-9
        else:
            assert np.sign(term.z) == np.sign(term.log_odds) == np.sign(difference)
        assert term.low < term.log_odds < term.high


def test_swapping_the_groups_turns_every_sign():
    comments = survey(
        (14, 2, "slow and dear"), (9, 3, "dear"), (30, 10, "friendly"), (5, 9, "dear")
    )
    there = keyness(comments).set_index("term")
    back = keyness(comments, group="promoters", reference="detractors").set_index("term")
    back = back.loc[there.index]
    assert back["z"].to_numpy() == pytest.approx(-there["z"].to_numpy())
    assert back["high"].to_numpy() == pytest.approx(-there["low"].to_numpy())
    assert back["q_value"].to_numpy() == pytest.approx(there["q_value"].to_numpy())


def test_groups_are_raters_segments_booleans_or_the_rest():
    comments = survey((10, 2, "slow"), (10, 7, "fine"), (10, 10, "friendly"), (4, np.nan, "lost"))
    comments["shop"] = [None] * 2 + ["A"] * 12 + ["B"] * 20
    rest = keyness(comments, reference="rest", min_comments=1)
    assert set(rest["term"]) == {
        "slow",
        "fine",
        "friendly",
    }  # without a rating nobody knows the group
    assert rest.attrs["keyness"]["n_reference"] == 20
    shops = keyness(comments, group="shop=A", reference="shop=B", min_comments=1)
    assert (shops.attrs["keyness"]["n_group"], shops.attrs["keyness"]["n_reference"]) == (12, 20)
    others = keyness(comments, group="rest", reference="shop=A", min_comments=1)
    assert others.attrs["keyness"]["n_group"] == 20  # a missing value is not another value
    chosen = comments["shop"] == "B"
    asked = keyness(comments, group=chosen, reference="rest", min_comments=1)
    assert asked.attrs["keyness"]["n_reference"] == 14
    assert keyness(comments, group=list(chosen), reference="rest", min_comments=1).equals(asked)


def test_other_ratings_make_groups_by_their_own_names():
    comments = survey((12, 1, "slow"), (12, 5, "friendly")).rename(columns={"nps": "csat"})
    found = keyness(comments, group="dissatisfied", reference="satisfied", rating="csat")
    assert found["term"].tolist() == ["slow", "friendly"]
    assert found[["term", "z"]].equals(keyness(comments, rating="csat")[["term", "z"]])


LATE = "The parcel came late. Lovely staff though."


def tagged():
    """Twenty detractors and fifteen promoters who mention delivery; promoters praise staff too."""
    comments = survey((20, 2, LATE), (15, 10, "Delivery was quick, and the staff lovely."))
    rows = []
    for comment in comments.itertuples():
        low = comment.nps == 2
        end = 21 if low else 18
        rows.append((comment.comment_id, comment.text, mention("delivery.speed", low, 0, end)))
        rows.append((comment.comment_id, comment.text, mention("delivery.speed", low, 4, end)))
    return comments, mentions_table(rows, ["delivery.speed", "price"])


def mention(theme, negative, start, end):
    return Mention(
        theme=theme, polarity="negative" if negative else "positive", theme_confidence=0.9,
        polarity_confidence=0.9, start=start, end=end,
    )  # fmt: skip


def test_of_a_theme_the_words_of_its_evidence_are_compared_each_once():
    comments, mentions = tagged()
    found = keyness(comments, mentions, theme="delivery")
    assert set(found["term"]) == {"parcel", "late", "delivery", "quick"}
    assert row(found, "late").n_tokens_group == 20  # two mentions mark the same words
    whole = keyness(comments, mentions, theme="delivery", within="comment")
    assert {"staff", "lovely"} <= set(whole["term"])
    blamed = keyness(comments, mentions, theme="delivery", polarity="negative")
    assert blamed.empty
    assert "Only 0 comments of promoters" in blamed.attrs["keyness"]["notes"][0]


def test_a_mention_without_words_is_counted_and_left_out():
    comments, mentions = tagged()
    mentions.loc[mentions["comment_id"] == "c0", ["start", "end"]] = 0
    found = keyness(comments, mentions, theme="delivery")
    assert found.attrs["keyness"]["n_group"] == 19
    assert found.attrs["keyness"]["n_without_evidence"] == 1
    assert "1 comments are left out" in " ".join(found.attrs["keyness"]["notes"])


def test_personal_data_stop_words_and_numbers_are_no_terms_and_emoji_are():
    comments = survey(
        (12, 2, "Mail me at jo@firm.example or 0612345678 about the 3 parcels 😡"),
        (12, 10, "Mr Janssen was very helpful 👍"),
    )
    terms = set(keyness(comments)["term"])
    assert {"😡", "👍", "parcels", "helpful"} <= terms
    assert not terms & {"jo", "firm", "example", "janssen", "the", "3", "0612345678"}


def test_a_name_cut_from_its_cue_by_the_evidence_is_still_left_out():
    comments = survey((12, 2, "Mr Janssen was rude"), (12, 10, "Mr Janssen was friendly"))
    rows = [
        (c.comment_id, c.text, mention("service", c.nps == 2, 3, 24)) for c in comments.itertuples()
    ]
    found = keyness(comments, mentions_table(rows, ["service"]), theme="service")
    assert found["term"].tolist() == ["rude", "friendly"]


def test_respondents_can_be_counted_instead_of_comments():
    comments = survey((30, 2, "slow"), (30, 10, "friendly"))
    comments["respondent_id"] = [f"r{i // 2}" for i in range(60)]
    by_comment = keyness(comments)
    assert "60 comments are of 30 respondents" in " ".join(by_comment.attrs["keyness"]["notes"])
    found = keyness(comments, per="respondent")
    assert (row(found, "slow").n_group, row(found, "slow").n_tokens_group) == (15, 30)
    assert not found.attrs["keyness"]["notes"]
    assert row(found, "slow").p_value > row(by_comment, "slow").p_value


def test_longer_comments_of_one_group_are_pointed_out():
    comments = survey((12, 2, "slow parcel broken box wrong colour"), (12, 10, "friendly"))
    note = " ".join(keyness(comments).attrs["keyness"]["notes"])
    assert "detractors has 6.0 terms on average, of promoters 1.0" in note


def test_several_languages_are_pointed_out():
    comments = survey((20, 2, "slow app"), (20, 10, "quick app"))
    assert not keyness(comments).attrs["keyness"]["notes"]
    comments["language"] = ["de"] * 16 + ["en"] * 24
    note = " ".join(keyness(comments).attrs["keyness"]["notes"])
    assert "Comments are in 2 languages, en the first with 60%" in note


def test_an_interval_and_the_exact_test_agree_where_one_group_has_none():
    comments = survey((19, 2, "late"), (460, 2, "fine"), (900, 10, "fine"))
    late = row(keyness(comments), "late")
    assert late.low > 0
    assert late.q_value < 0.001


def test_accents_and_case_are_one_term_and_shown_as_most_write_it():
    comments = survey((9, 2, "Café dégoûtant"), (5, 2, "CAFE"), (12, 10, "service"), language="fr")
    cafe = row(keyness(comments), "café")
    assert cafe.n_group == 14


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([], "Only 0 comments of detractors"),
        ([(30, 10, "friendly")], "Only 0 comments of detractors"),
        ([(30, 2, "slow")], "Only 0 comments of promoters"),
        ([(9, 2, "slow"), (30, 10, "friendly")], "Only 9 comments of detractors"),
        ([(12, 2, "the 10"), (12, 10, "and")], "No term is in 5 comments or more"),
        ([(12, 2, "  "), (12, 10, "friendly")], "Only 0 comments of detractors"),
    ],
)
def test_nothing_to_compare_is_an_empty_table_that_says_why(groups, said):
    found = keyness(survey(*groups).astype({"nps": float}))
    assert found.empty
    assert list(found) == COLUMNS
    assert found["z"].dtype == np.float64
    assert found["n_group"].dtype == np.int64
    assert said in " ".join(found.attrs["keyness"]["notes"])


def test_what_cannot_be_asked_is_one_clear_error():
    comments, mentions = tagged()
    comments["shop"] = "A"
    asks = [
        (dict(group="detractor"), "Did you mean 'detractors'"),
        (dict(group="shop=B"), "No value of 'shop' 'B'. The table has: A"),
        (dict(group="Shop=A"), "No column 'Shop'"),
        (dict(group="shop=A"), "35|15 comments are both of shop=A and of promoters"),
        (dict(group="rest", reference="rest"), "Both group and reference are the rest"),
        (dict(group=[True]), "not one True or False for each of the 35 comments"),
        (dict(group=pd.Series(True, index=range(1, 36))), "another index"),
        (dict(theme="delivry"), "Did you mean 'delivery.speed'"),
        (dict(polarity="bad"), "No polarity 'bad'"),
        (dict(per="word"), "comment or respondent"),
        (dict(within="page"), "evidence or comment"),
        (dict(min_comments=0), "min_comments is 0"),
        (dict(min_comments="x"), "min_comments is 'x'; give a whole number"),
        (dict(min_n=2.5), "min_n is 2.5; give a whole number"),
        (dict(prior_comments="x"), "prior_comments is 'x'; give a number"),
        (dict(confidence="x"), "'x' is no number"),
        (dict(prior_comments=0), "above 0"),
        (dict(prior_comments=1e300), "up to 1,000,000,000"),
        (dict(confidence=95), "not between 0 and 1"),
    ]
    for options, said in asks:
        with pytest.raises(FeedbackError, match=said):
            keyness(comments, mentions, **options)
    with pytest.raises(FeedbackError, match="need the mentions table"):
        keyness(comments, theme="delivery")
    with pytest.raises(ColumnError, match="No column 'nps'"):
        keyness(comments.drop(columns="nps"))
    other = mentions.assign(comment_id="zz")
    with pytest.raises(ColumnError, match="not among the comments"):
        keyness(comments, other, theme="delivery")


def test_the_comments_are_not_changed_and_the_index_does_not_matter():
    comments, mentions = tagged()
    before = comments.copy(), mentions.copy()
    found = keyness(comments, mentions, theme="delivery")
    pd.testing.assert_frame_equal(comments, before[0])
    pd.testing.assert_frame_equal(mentions, before[1])
    shifted = comments.set_index(pd.Index(range(100, 135)))
    pd.testing.assert_frame_equal(keyness(shifted, mentions, theme="delivery"), found)
    mixed = comments.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(keyness(mixed, mentions, theme="delivery"), found)


WORDS = st.lists(st.sampled_from(["slow", "Café", "CAFE", "not", "good", "😡"]), max_size=5)


@given(st.lists(st.tuples(WORDS.map(" ".join), st.sampled_from(["en", "fr"])), max_size=12))
def test_terms_as_numbers_count_what_comments_have(pairs):
    codes = code_terms(pairs)
    n_comments, n_tokens = codes.counts()
    rows = list(zip(codes.names, n_comments.tolist(), n_tokens.tolist(), strict=True))
    assert sorted(rows) == sorted(count_terms(pairs))
    assert codes.n_comments == len(pairs)
    alone = [code_terms([pair]) for pair in pairs]
    assert n_tokens.sum() == sum(one.tokens.sum() for one in alone)
    assert n_comments.sum() == sum(len(one.names) for one in alone)
    assert (n_comments <= n_tokens).all()
    halves = np.arange(len(pairs)) % 2 == 0
    parts = codes.counts(halves)[0] + codes.counts(~halves)[0]
    assert parts.tolist() == n_comments.tolist()


INSIDE = [("The parcel was soaked and late", "en")] * 9 + [("Late again", "en")] * 3
OUTSIDE = [("A parcel, helped by Sandra", "en")] * 20 + [("Two friendly people", "en")] * 5


def test_marking_terms_are_those_of_the_set_beyond_chance():
    found = marking_terms(INSIDE, OUTSIDE)
    assert [(t.term, t.n_inside, t.n_outside) for t in found] == [("late", 12, 0), ("soaked", 9, 0)]
    assert all(term.z > 0 and term.q_value <= 0.05 for term in found)
    assert marking_terms(INSIDE, OUTSIDE, top=1) == found[:1]
    assert [t.term for t in marking_terms(INSIDE, OUTSIDE, min_comments=10)] == ["late"]
    assert marking_terms(INSIDE, []) == marking_terms([], OUTSIDE) == []
    assert marking_terms(INSIDE, INSIDE, max_q=1) == []


def test_other_comments_read_once_can_be_chosen_from():
    coded = code_comments([*INSIDE, *OUTSIDE])
    others = np.arange(coded.n_comments) >= len(INSIDE)
    assert marking_terms(INSIDE, coded, rows=others) == marking_terms(INSIDE, OUTSIDE)
    assert marking_terms(INSIDE, coded, rows=np.zeros(37, dtype=bool)) == []


def test_words_of_chance_are_called_marks_in_few_surveys():
    # 100 surveys in which who wrote what has nothing to do with the rating
    rng = np.random.default_rng(6)
    vocabulary = [f"word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(30)]
    share = rng.uniform(0.01, 0.4, 30)
    wrong = 0
    for _ in range(100):
        has = rng.random((90, 30)) < share
        texts = [(" ".join(np.array(vocabulary)[row]), "en") for row in has]
        wrong += bool(marking_terms(texts[:30], texts[30:]))
    assert wrong <= 9  # q ≤ 0.05 allows 5 on average, and 9 or fewer in 97 of 100 such runs


def test_keyness_is_public():
    assert fn.keyness is keyness
