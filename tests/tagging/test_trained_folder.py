"""Folders of trained taggers that do not fit together are refused, each in one line."""

import json

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file, save_file

import feedback_nlp as fn
from feedback_nlp.errors import ModelError
from feedback_nlp.tagging import Tagging

SUBJECTS = {"mats": "The yoga mats", "sauna": "The sauna"}
WORDS = {"positive": ["lovely", "excellent"], "negative": ["awful", "far too bad"]}
ROWS = [
    (f"{subject} on floor {n} was {word}", theme, side)
    for theme, subject in SUBJECTS.items()
    for side, words in WORDS.items()
    for word in words
    for n in range(5)
]


@pytest.fixture(scope="module")
def tagger():
    texts = [text for text, _, _ in ROWS]
    ids = [f"c{n}" for n in range(len(ROWS))]
    mentions = pd.DataFrame(
        {"comment_id": ids, "theme": [r[1] for r in ROWS], "polarity": [r[2] for r in ROWS]}
    )
    return fn.train_tagger(Tagging(pd.DataFrame({"comment_id": ids, "text": texts}), mentions))


@pytest.fixture
def folder(tagger, tmp_path):
    return tagger.save(tmp_path / "gym")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("thresholds", "high", "one threshold for each theme"),
        ("thresholds", {"mats": 0.5}, "one threshold for each theme"),
        ("thresholds", dict.fromkeys(SUBJECTS, "high"), "not a number from 0 to 1"),
        ("thresholds", dict.fromkeys(SUBJECTS, 1e308), "not a number from 0 to 1"),
        ("thresholds", dict.fromkeys(SUBJECTS, float("nan")), "not a number from 0 to 1"),
        ("polarity", None, "neither true nor false"),
        ("marked", "yes", "neither true nor false"),
        ("outputs", ["mats"], "train it again"),
        ("themes", [], "train it again"),
    ],
)
def test_settings_that_are_none_are_refused(folder, key, value, words):
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {key: value}), "utf-8")
    with pytest.raises(ModelError, match=words):
        fn.load_tagger(folder)


def test_a_setting_that_is_missing_is_named(folder):
    (folder / "config.json").write_text('{"format": 1, "kind": "trained"}', "utf-8")
    with pytest.raises(ModelError, match="'themes' is missing"):
        fn.load_tagger(folder)


@pytest.mark.parametrize(
    "name", ["said", "told", "theme.weights", "theme.intercept", "polarity.weights", "scale"]
)
def test_arrays_of_another_shape_are_refused(folder, name):
    path = folder / "weights.safetensors"
    arrays = load_file(path)
    assert "said" in arrays
    save_file(arrays | {name: np.ascontiguousarray(arrays[name][:-1])}, path)
    with pytest.raises(ModelError, match=r"belong to the model|train it again"):
        fn.load_tagger(folder)


def test_a_card_that_is_no_text_is_refused_and_none_is_missed(folder):
    (folder / "README.md").write_bytes(b"\xff\x00")
    with pytest.raises(ModelError, match=r"README\.md cannot be read"):
        fn.load_tagger(folder)
    (folder / "README.md").unlink()
    assert fn.load_tagger(folder).card == ""
