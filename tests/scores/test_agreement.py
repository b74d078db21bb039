"""Cohen's kappa and Krippendorff's alpha against published tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.scores.indexes.agreement import cohen_kappa, krippendorff_alpha

# The three coders and 15 units that Wikipedia ("Krippendorff's alpha") and the README of the
# package krippendorff use.
WIKIPEDIA = pd.DataFrame(
    {
        "a": [None, None, None, None, None, 3, 4, 1, 2, 1, 1, 3, 3, None, 3],
        "b": [1, None, 2, 1, 3, 3, 4, 3, None, None, None, None, None, None, None],
        "c": [None, None, 2, 1, 3, 4, 4, None, 2, 1, 1, 3, 3, None, 4],
    }
)


def pairs(table):
    return zip(*[pair for pair, count in table.items() for _ in range(count)], strict=True)


def test_kappa_of_the_textbook_table():
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no; scikit-learn's cohen_kappa_score: 0.4.
    first, second = pairs({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15})
    score = cohen_kappa(first, second)
    assert score.value == pytest.approx(0.4)
    assert score.details == pytest.approx({"agreement": 70, "expected": 50})
    assert score.counts == {"agree": 35, "disagree": 15}
    # standard error of Fleiss, Cohen and Everitt (1969), computed by hand: 0.1270
    assert (score.low, score.high) == pytest.approx(
        (0.4 - 1.96 * 0.1270, 0.4 + 1.96 * 0.1270), abs=0.03
    )


def test_labels_of_one_coder_only_are_counted():
    score = cohen_kappa(["a", "b", None, "a"], ["a", "b", "a", np.nan])
    assert (score.n, score.n_missing, score.value) == (2, 2, 1)


@pytest.mark.parametrize(
    ("measure", "alpha"),
    # package krippendorff 0.9 on the same table; Wikipedia prints 0.691 and 0.811
    [("nominal", 0.691358), ("ordinal", 0.806721), ("interval", 0.810845)],
)
def test_alpha_of_wikipedia(measure, alpha):
    score = krippendorff_alpha(WIKIPEDIA, measure=measure)
    assert score.value == pytest.approx(alpha, abs=5e-7)
    assert -1 <= score.low < score.value < score.high <= 1
    assert (score.n, score.n_missing, score.details["labels"]) == (12, 3, 26)
    assert score.counts == {"agree": 9, "disagree": 3}


def test_text_labels_agree_as_numbers_do():
    words = WIKIPEDIA.map(lambda x: None if pd.isna(x) else f"theme {x:g}")
    assert krippendorff_alpha(words).value == pytest.approx(0.691358, abs=5e-7)
    columns = {name: words[name].tolist() for name in words}
    assert krippendorff_alpha(columns) == krippendorff_alpha(words)


@pytest.mark.parametrize("units", [2, 30])
def test_full_agreement_is_no_certainty(units):
    labels = ["a", "b"] * (units // 2)
    for score in (cohen_kappa(labels, labels), krippendorff_alpha({"x": labels, "y": labels})):
        assert (score.value, score.high, score.interval) == (1, 1, "bounded")
        assert score.low < 0.95
    assert cohen_kappa(labels, labels[::-1]).value == -1


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: cohen_kappa(["a"], ["a", "b"]), FeedbackError, "1 labels and 2"),
        (lambda: cohen_kappa(["a", None], [None, "a"]), FeedbackError, "None of 2 comments"),
        (lambda: cohen_kappa([], []), FeedbackError, "None of 0 comments"),
        (lambda: cohen_kappa(["a"], ["a"]), FeedbackError, "the label 'a'"),
        (lambda: cohen_kappa("ab", "ab"), FeedbackError, "the text 'ab'"),
        (lambda: cohen_kappa(["a", "b"], ["a", "b"], level=95), FeedbackError, "level 95"),
        (lambda: krippendorff_alpha({"x": ["a"]}), ColumnError, "there is 1"),
        (lambda: krippendorff_alpha({"x": ["a"], "y": []}), FeedbackError, "'x' 1, 'y' 0"),
        (lambda: krippendorff_alpha({"x": ["a"], "y": [None]}), FeedbackError, "two coders"),
        (lambda: krippendorff_alpha({"x": ["a"], "y": ["a"]}), FeedbackError, "All labels are 'a'"),
        (
            lambda: krippendorff_alpha({"x": ["a"], "y": ["b"]}, measure="x"),
            FeedbackError,
            "No measure",
        ),
        (
            lambda: krippendorff_alpha({"x": ["a"], "y": ["b"]}, measure="interval"),
            RatingError,
            "not a number",
        ),
    ],
)
def test_bad_input_is_told_in_one_line(call, error, told):
    with pytest.raises(error, match=told) as found:
        call()
    assert "\n" not in str(found.value)


label = st.sampled_from([1, 2, 3])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(label, label, st.none() | label), min_size=2, max_size=25),
    st.sampled_from(["nominal", "ordinal", "interval"]),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_what_holds_for_all_labels(rows, measure, missing, random):
    assume(len({x for row in rows for x in row if x}) > 1)
    table = pd.DataFrame(rows, columns=list("abc"), dtype=object)
    score = krippendorff_alpha(table, measure=measure)
    assert score.low <= score.value <= score.high <= 1
    assert score.low < score.high
    assert sum(score.counts.values()) == score.n == len(rows)
    blank = pd.DataFrame([(1, None, None)] * missing, columns=list("abc"), dtype=object)
    again = krippendorff_alpha(
        pd.concat([table.iloc[random.sample(range(len(rows)), len(rows))], blank])[["b", "c", "a"]],
        measure=measure,
    )
    assert again.value == pytest.approx(score.value)
    assert (again.n, again.n_missing) == (score.n, missing)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(label, label), min_size=2, max_size=25))
def test_what_holds_for_two_coders(rows):
    first, second = zip(*rows, strict=True)
    assume(len({*first, *second}) > 1)
    score = cohen_kappa(first, second)
    assert -1 <= score.low <= score.value <= score.high <= 1
    assert score.low < score.high
    assert score.value == pytest.approx(cohen_kappa(second, first).value)
    assert sum(score.counts.values()) == score.n == len(rows)
