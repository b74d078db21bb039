"""Encoders of the Hugging Face library turn comments into rows of numbers."""

import json
import pickle
import shutil

import numpy as np
import pytest
import torch
from small_transformers import encoder
from transformers import AutoModel, AutoTokenizer

from feedback_nlp import load_encoder
from feedback_nlp.errors import ModelError

TEXTS = ["Delivery was late.", "The staff were friendly, but far too expensive.", "", " \n", "late"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return encoder(tmp_path_factory.mktemp("models") / "encoder")


def states(folder, text):
    """The vectors of the tokens of one text, by transformers alone."""
    model, tokenizer = (
        AutoModel.from_pretrained(folder).eval(),
        AutoTokenizer.from_pretrained(folder),
    )
    with torch.inference_mode():
        return model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].numpy()


def unit(row):
    return row / np.linalg.norm(row)


def test_a_row_is_the_mean_of_the_tokens_of_length_one(folder):
    rows = load_encoder(folder, batch_size=2).encode(iter(TEXTS))
    assert (rows.shape, rows.dtype) == ((5, 32), np.float32)
    for at in (0, 1, 4):
        np.testing.assert_allclose(
            rows[at], unit(states(folder, TEXTS[at]).mean(axis=0)), atol=1e-5
        )
    assert not rows[2:4].any()


def test_what_a_model_wants_before_each_text_is_put_there(folder):
    made = load_encoder(folder, query="query: ").encode(["late", ""])
    np.testing.assert_array_equal(made[0], load_encoder(folder).encode(["query: late"])[0])
    assert not made[1].any()


def test_the_first_token_is_used_where_that_is_asked_or_the_folder_says_it(folder, tmp_path):
    expected = unit(states(folder, "late")[0])
    asked = load_encoder(folder, pooling="cls")
    np.testing.assert_allclose(asked.encode(["late"])[0], expected, atol=1e-5)
    copied = shutil.copytree(folder, tmp_path / "copied")
    (copied / "1_Pooling").mkdir()
    (copied / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}', "utf-8")
    assert load_encoder(copied).pooling == "cls"
    assert load_encoder(copied, pooling="mean").pooling == "mean"


def test_a_step_that_is_not_read_is_told(folder, tmp_path):
    copied = shutil.copytree(folder, tmp_path / "copied")
    steps = [{"type": f"sentence_transformers.models.{name}"} for name in ("Transformer", "Dense")]
    (copied / "modules.json").write_text(json.dumps(steps), "utf-8")
    with pytest.raises(ModelError, match="has a step 'Dense' after its network"):
        load_encoder(copied)
    (copied / "modules.json").write_text("[", "utf-8")
    with pytest.raises(ModelError, match=r"modules\.json cannot be read"):
        load_encoder(copied)
    (copied / "modules.json").write_text("[" + " " * 1_000_000 + "]", "utf-8")
    with pytest.raises(ModelError, match=r"modules\.json is no file of a model: it is over"):
        load_encoder(copied)
    with pytest.raises(ModelError, match="pooling= is 'max'; it takes mean or cls"):
        load_encoder(folder, pooling="max")


def test_no_text_gives_no_rows_and_one_text_is_a_mistake(folder):
    assert load_encoder(folder).encode([]).shape == (0, 32)
    with pytest.raises(TypeError, match=r"encode\(\[comment\]\)"):
        load_encoder(folder).encode("late")


def test_other_texts_of_the_same_call_make_no_difference(folder):
    made = load_encoder(folder)
    rows = made.encode(TEXTS)
    for at, text in enumerate(TEXTS):
        np.testing.assert_allclose(made.encode([text])[0], rows[at], atol=1e-5)


def test_an_encoder_goes_to_other_processes_small(folder):
    made = load_encoder(folder, query="query: ")
    sent = pickle.dumps(made)
    assert len(sent) < 2_000
    np.testing.assert_array_equal(pickle.loads(sent).encode(["late"]), made.encode(["late"]))
