"""Labels are known by name or explained by the user; nothing is guessed."""

import pytest

from feedback_nlp.errors import ModelError
from feedback_nlp.hub.labels import entailment_of, sides_of


@pytest.mark.parametrize(
    ("names", "sides"),
    [
        (["negative", "neutral", "positive"], "negative neutral positive"),
        (["POSITIVE", "NEGATIVE"], "positive negative"),
        (["POS", "NEU", "NEG"], "positive neutral negative"),
        (["Very Negative", "Negative", "Neutral", "Positive", "very_positive"],
         "negative negative neutral positive positive"),
        (["1 star", *(f"{n} stars" for n in range(2, 6))],
         "negative negative neutral positive positive"),
        (["positief", "neutraal", "negatief"], "positive neutral negative"),
        (["négatif", "neutre", "positif"], "negative neutral positive"),
        (["positive", "negative", "conflict"], "positive negative mixed"),
    ],
)  # fmt: skip
def test_usual_labels_are_known(names, sides):
    assert sides_of(names) == tuple(sides.split())


def test_labels_that_are_not_known_are_listed_with_an_example():
    with pytest.raises(ModelError) as caught:
        sides_of(["LABEL_0", "LABEL_1", "LABEL_2"], network="mine")
    said = str(caught.value)
    assert "The labels of mine are LABEL_0, LABEL_1, LABEL_2" in said
    assert 'labels={"LABEL_0": "negative", "LABEL_1": "neutral", "LABEL_2": "positive"}' in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "names", [["0", "1", "2", "3", "4"], ["joy", "anger"], ["hate", "positive"]]
)
def test_no_label_is_guessed(names):
    with pytest.raises(ModelError, match=r"what '.*' means is not known"):
        sides_of(names)


def test_what_is_given_is_believed():
    given = {"LABEL_0": "positive", "LABEL_1": "negative"}
    assert sides_of(["LABEL_0", "LABEL_1"], given) == ("positive", "negative")
    assert sides_of(["negative", "positive", "other"], {"other": "neutral"})[2] == "neutral"
    assert sides_of(["negative", "positive"], {"negative": "positive", "positive": "negative"}) == (
        "positive", "negative",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [({"LABEL_7": "negative"}, "labels= has 'LABEL_7', which is no label"),
     ({"LABEL_0": "bad"}, "takes negative, neutral, positive, mixed; 'LABEL_0' has 'bad'")],
)  # fmt: skip
def test_what_is_given_must_fit(given, said):
    with pytest.raises(ModelError, match=said):
        sides_of(["LABEL_0", "LABEL_1"], given)


@pytest.mark.parametrize("names", [["positive", "neutral"], ["negative"], ["neutral", "negative"]])
def test_praise_and_blame_must_both_be_there(names):
    with pytest.raises(ModelError, match=r"No label of the network is (negative|positive)"):
        sides_of(names)


@pytest.mark.parametrize(
    ("names", "given", "at"),
    [(["entailment", "neutral", "contradiction"], None, 0), (["not_entailment", "entailment"], None, 1),
     (["ENTAILMENT", "OTHER"], None, 0), (["LABEL_0", "LABEL_1"], "label_1", 1)],
)  # fmt: skip
def test_entailment_is_found_by_its_name(names, given, at):
    assert entailment_of(names, given) == at


@pytest.mark.parametrize(
    ("names", "given", "said"),
    [(["LABEL_0", "LABEL_1"], None, 'Name it: entailment="LABEL_1"'),
     (["negative", "positive"], "entailment", "entailment= has 'entailment', which is no label"),
     (["entailment"], None, "is not known")],
)  # fmt: skip
def test_entailment_is_never_guessed(names, given, said):
    with pytest.raises(ModelError, match=said):
        entailment_of(names, given)
