"""Where definitions meet odd input: answers in between, weights of 0, plans for few people."""

import pandas as pd
import pytest

from feedback_nlp.scores import (
    ces,
    churn_rate,
    csat,
    judge,
    judge_all,
    load_targets,
    nps,
    nps_margin_of_error,
    sample_size_for_nps_margin,
    score_table,
)


@pytest.mark.parametrize(
    ("scale", "answers", "above"),
    [((1, 7), [4, 4.25, 4.5, 5], 3), ((1, 10), [5.5, 5.6, 6, 5], 2), ((0, 100), [50, 50.5, 51], 2)],
)
def test_easy_are_all_answers_above_the_middle(scale, answers, above):
    found = ces(answers, direction="ease", method="agreement", scale=scale)
    assert found.counts["easy"] == above
    turned = ces([sum(scale) - x for x in answers], direction="effort", method="agreement",
                 scale=scale)  # fmt: skip
    assert turned.value == found.value == pytest.approx(above / len(answers) * 100)


def test_the_net_index_needs_one_of_the_two_best_answers():
    assert ces([4.5, 6, 7, 3], direction="ease", method="net").value == 25
    assert ces([3, 2.75, 4], direction="ease", method="net", scale=(1, 4)).counts["easy"] == 2


def test_answers_of_weight_0_make_no_census():
    found = nps([9, 3, 9, 8], weights=[1, 1, 0, 0], population=4)
    assert found.interval == "score"
    assert found.low < found.value < found.high
    # two answers that count, of four people
    assert (found.low, found.high) == pytest.approx(
        (nps([9, 3], population=4).low, nps([9, 3], population=4).high)
    )
    everybody = csat([4, 2], weights=[2, 1], population=2)
    assert everybody.interval == "census"


def test_answers_of_weight_0_are_said():
    found = nps([9, 3, 9, 8], weights=[1, 1, 0, 0])
    assert any("2 of 4 answers have the weight 0" in note for note in found.notes)
    assert not any("weight 0" in note for note in nps([9, 3], weights=[1, 2]).notes)


def test_groups_with_too_few_answers_that_count_are_suppressed(make_weighted):
    table = score_table(make_weighted, "nps", by="shop", weights="weight").set_index("shop")
    assert table["suppressed"].to_dict() == {"most at 0": True, "none at 0": False}
    assert table["n"].tolist() == [20, 20]


@pytest.fixture
def make_weighted():
    frame = pd.DataFrame({"nps": [9.0, 3.0, 8.0, 10.0] * 10})
    frame["comment_id"] = frame.index.astype(str)
    frame["shop"] = ["most at 0"] * 20 + ["none at 0"] * 20
    frame["weight"] = [1.0] * 5 + [0.0] * 15 + [1.0] * 20
    return frame


@pytest.mark.parametrize("population", [None, 50, 100, 200, 1000, 5000])
@pytest.mark.parametrize("variance", [0.3, 0.61, 1.0])
@pytest.mark.parametrize("margin", [2, 5, 10, 30])
def test_the_sample_for_a_margin_is_the_smallest_that_has_it(population, variance, margin):
    n = sample_size_for_nps_margin(margin, variance=variance, population=population)
    assert nps_margin_of_error(n, variance=variance, population=population) <= margin + 1e-9
    if n > 1:
        smaller = nps_margin_of_error(n - 1, variance=variance, population=population)
        assert smaller > margin


def test_a_target_for_a_year_says_that_it_is_for_a_year():
    year = next(target for target in load_targets() if target.metric == "churn")
    assert year.per == "year"
    for score in (churn_rate(start=4000, lost=20), churn_rate(start=40, lost=2)):
        assert "only where the score is that of a year" in judge(score, year).sentence
    assert judge_all(churn_rate(start=4000, lost=20))["sentence"].str.contains("of a year").all()
    assert "of a year" not in judge(nps([9, 3]), load_targets()[0]).sentence


def test_users_say_for_which_time_a_target_is(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        '[[target]]\nmetric = "churn"\nmethod = "of_start"\nname = "ours"\nat_most = 1\n'
        'per = "month"\nsource = "us"\n',
        encoding="utf-8",
    )
    assert load_targets(path)[0].per == "month"
    assert type(load_targets(path)[0]).from_dict(load_targets(path)[0].to_dict()).per == "month"
