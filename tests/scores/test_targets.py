"""Targets: the bands that come with the package, own files, and what a score says of them."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import FeedbackError, FileFormatError
from feedback_nlp.records import Score
from feedback_nlp.scores import ces, csat, nps
from feedback_nlp.scores.benchmarks import MOST_MORE, judge, judge_all
from feedback_nlp.scores.lifecycle import churn_rate
from feedback_nlp.scores.targets import Target, load_targets


def target(**values):
    given = {"metric": "csat", "method": "top2", "name": "good", "source": "us", "unit": "percent"}
    return Target(**(given | values))


def satisfied(yes, no):
    return csat([5] * yes + [1] * no)


def test_the_bands_that_come_with_the_package():
    bands = {(t.metric, t.bound) for t in load_targets()}
    # as practitioners state them; each band names its pages, or says that none was found
    assert bands == {
        ("nps", "at least +50.0"),
        ("csat", "at least 65.0%"),
        ("csat", "75.0% to 85.0%"),
        ("csat", "at least 80.0%"),
        ("csat", "at least 90.0%"),
        ("churn", "at most 5.0%"),
    }
    for band in load_targets():
        assert re.search(r"\w\.\w+/|no public source found", band.source)


@pytest.mark.parametrize(
    ("yes", "no", "verdict", "met"),
    [(90, 10, "above", True), (20, 80, "below", False), (70, 30, "cannot_tell", None)],
)
def test_above_or_below_only_if_the_interval_says_so(yes, no, verdict, met):
    score, band = satisfied(yes, no), target(at_least=65)
    found = judge(score, band)
    assert (found.verdict, found.met) == (verdict, met)
    assert (found.n_more is None) == (verdict != "cannot_tell")
    assert ("cannot tell yet" in found.sentence.lower()) == (verdict == "cannot_tell")
    assert f"n = {score.n}" in found.sentence


def test_for_churn_low_is_good():
    (band,) = (t for t in load_targets() if t.metric == "churn")
    low, high = churn_rate(start=1000, lost=20), churn_rate(start=1000, lost=90)
    assert (judge(low, band).verdict, judge(low, band).met) == ("below", True)
    assert (judge(high, band).verdict, judge(high, band).met) == ("above", False)
    found = judge(churn_rate(start=1000, lost=45), band)
    assert found.verdict == "cannot_tell"
    assert "more customers are needed" in found.sentence
    start = (1000 + found.n_more) // 1000 + 1
    assert judge(churn_rate(start=1000 * start, lost=45 * start), band).met is True


@pytest.mark.parametrize(
    ("share", "verdict", "met"),
    [(0.8, "inside", True), (0.95, "above", False), (0.5, "below", False)],
)
def test_a_range_is_met_from_inside(share, verdict, met):
    yes = int(4000 * share)
    found = judge(satisfied(yes, 4000 - yes), target(at_least=75, at_most=85))
    assert (found.verdict, found.met) == (verdict, met)


@pytest.mark.parametrize(
    ("make", "band", "unit"),
    [
        (lambda k: satisfied(70 * k, 30 * k), target(at_least=65), 100),
        (lambda k: satisfied(3 * k, 2 * k), target(at_least=65), 5),
        (lambda k: satisfied(8 * k, 2 * k), target(at_least=75, at_most=85), 10),
        (
            lambda k: nps([10] * 11 * k + [8] * 6 * k + [3] * 3 * k),
            target(metric="nps", method="standard", at_least=50, unit="points"),
            20,
        ),
        (
            lambda k: nps([10] * 11 * k + [8] * 6 * k + [3] * 3 * k, interval="adjusted_wald"),
            target(metric="nps", method="standard", at_least=30, unit="points"),
            20,
        ),
        (
            lambda k: ces([7, 6, 6, 5, 1] * k, direction="ease", method="net"),
            target(metric="ces", method="net", at_least=30, unit="points"),
            5,
        ),
        (
            lambda k: csat([5, 4, 4, 3, 5] * k, method="percent_of_maximum"),
            target(method="percent_of_maximum", at_least=70),
            5,
        ),
        (
            lambda k: csat([5] * 5 * k, method="mean"),
            target(method="mean", at_least=4.9, unit="rating"),
            5,
        ),
    ],
)
def test_as_many_more_answers_of_the_same_shares_do_tell(make, band, unit):
    found = judge(make(1), band)
    assert found.verdict == "cannot_tell"
    enough = (make(1).n + found.n_more) / unit
    assert judge(make(int(np.ceil(enough * 1.05)) + 1), band).verdict != "cannot_tell"
    few = int(enough * 0.9) - 1
    if few >= 1:
        assert judge(make(few), band).verdict == "cannot_tell"


def test_what_no_number_of_answers_would_tell():
    found = judge(satisfied(65, 35), target(at_least=65))
    assert found.verdict == "cannot_tell"
    assert found.n_more is None
    assert "no number of answers" in found.sentence
    assert judge(satisfied(85, 15), target(at_least=75, at_most=85)).n_more is None


def test_more_than_a_million_is_said_as_such():
    found = judge(satisfied(6501, 3499), target(at_least=65))
    assert found.n_more == MOST_MORE
    assert "More than 1,000,000" in found.sentence


def test_a_known_population_is_the_most_that_can_answer():
    score = Score(
        metric="csat", method="top2", value=70, low=60, high=78, n=90, unit="percent",
        interval="wilson", population=120,
    )  # fmt: skip
    found = judge(score, target(at_least=65))
    assert found.n_more is not None
    assert found.n_more <= 30


def test_other_intervals_shrink_with_the_root_of_n():
    score = Score(
        metric="csi", method="weighted", value=70, low=60, high=80, n=100, unit="index",
        interval="bca", n_effective=80,
    )  # fmt: skip
    found = judge(score, target(metric="csi", method="weighted", at_least=65, unit="index"))
    assert found.n_more == pytest.approx(300, abs=1)  # half as wide with four times as many


def test_a_band_for_one_method_is_never_applied_to_another():
    mean = csat([5, 4, 3, 5], method="mean")
    with pytest.raises(FeedbackError, match="CSAT by top2; this score is CSAT by mean"):
        judge(mean, target(at_least=65))
    table = judge_all(mean)
    assert set(table["verdict"]) == {"does_not_apply"}
    assert table["met"].isna().all()


def test_table_of_all_targets():
    table = judge_all(satisfied(90, 10))
    assert list(table) == [
        "target", "bound", "source", "verdict", "met", "n", "n_more", "sentence",
    ]  # fmt: skip
    assert dict(zip(table["target"], table["verdict"], strict=True)) == {
        "good": "above",
        "usual good range": "cannot_tell",
        "about 80": "above",
        "hard to hold": "cannot_tell",
    }
    assert judge_all(satisfied(9, 1), []).empty
    assert len(judge_all(nps([9, 8, 3]))) == 1


def test_own_targets(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        '[[target]]\nmetric = "nps"\nname = "ours"\nat_least = 30\nsource = "board, 2026"\n'
        '[[target]]\nmetric = "waiting"\nmethod = "mean"\nname = "short"\nat_most = 4.5\n'
        'unit = "rating"\nsource = "board, 2026"\n',
        encoding="utf-8",
    )
    ours, short = load_targets(file)
    assert (ours.method, ours.unit, ours.bound) == ("standard", "points", "at least +30.0")
    assert (short.at_least, short.at_most, short.unit) == (None, 4.5, "rating")
    assert Target.from_dict(ours.to_dict()) == ours
    assert judge_all(nps([10] * 50), [ours])["verdict"].tolist() == ["above"]


GOOD = {"metric": '"csat"', "name": '"x"', "at_least": "65", "source": '"us"'}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"at_leest": "65"}, "unknown key 'at_leest'. Did you mean 'at_least'?"),
        ({"source": None}, "target 1 has no source"),
        ({"source": '" "'}, "target 1 has source = ' '"),
        ({"name": "3"}, "target 1 has name = 3"),
        ({"at_least": None}, "target 1 has no bound; give at_least, at_most, or both"),
        ({"at_least": '"65%"'}, "has at_least = '65%'; it takes a number"),
        ({"at_least": "true"}, "has at_least = True; it takes a number"),
        ({"at_least": "nan"}, "has at_least = nan; it takes a number"),
        ({"at_least": "650"}, "in percent it lies between 0 and 100"),
        ({"at_most": "60"}, "at_least must be the smaller one"),
        ({"method": '"top3"'}, "has the method 'top3' of csat. Did you mean 'top2'?"),
        ({"metric": '"waiting"'}, "has no method"),
        ({"unit": '"points"'}, "has the unit 'points'; csat by top2 is: percent"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file(tmp_path, change, message):
    entry = {k: v for k, v in (GOOD | change).items() if v is not None}
    file = tmp_path / "mine.toml"
    file.write_text("[[target]]\n" + "\n".join(f"{k} = {v}" for k, v in entry.items()))
    with pytest.raises(FileFormatError, match=re.escape(message)) as caught:
        load_targets(file)
    assert str(caught.value).startswith("mine.toml, target 1")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"has no \[\[target\]\]"),
        ("target = [3]", "target 1 is 3, not a table"),
        ("[[targets]]\n", "unknown key 'targets'. Did you mean 'target'"),
        ("[[target", "not a TOML file"),
    ],
)
def test_a_file_that_is_no_targets_file(tmp_path, content, message):
    file = tmp_path / "mine.toml"
    file.write_text(content)
    with pytest.raises(FileFormatError, match=message):
        load_targets(file)
    with pytest.raises(FileFormatError, match="Cannot read the targets"):
        load_targets(tmp_path / "none.toml")


@given(
    st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.floats(-100, 100),
    st.sampled_from(["at_least", "at_most"]),
)  # fmt: skip
def test_verdict_and_interval_agree(promoters, passives, detractors, bound, side):
    answers = [10] * promoters + [7] * passives + [0] * detractors
    if not answers:
        return
    score = nps(answers)
    band = target(metric="nps", method="standard", unit="points", **{side: bound})
    found = judge(score, band)
    good, bad = ("above", "below") if side == "at_least" else ("below", "above")
    assert found.met == {good: True, bad: False}.get(found.verdict)
    holds = score.low < bound < score.high
    assert not (holds and found.verdict != "cannot_tell")
    assert not (found.verdict == "cannot_tell" and not score.low <= bound <= score.high)
    assert found.n_more is None or found.n_more >= 1


def test_a_path_is_no_target():
    with pytest.raises(FeedbackError, match="load_targets returns"):
        judge(nps([10, 3] * 20), "mine.toml")


def test_the_sentence_says_no_more_than_it_knows():
    close = judge(nps([10] * 690 + [3] * 200 + [8] * 110), load_targets()[0])
    assert close.n_more > 100
    shown = int(close.sentence.split("About ")[1].split(" more")[0].replace(",", ""))
    assert close.n_more <= shown < close.n_more * 1.1
