"""Which Hugging Face models are read, and what is said of those that are not."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file
from small_transformers import classifier, encoder

from feedback_nlp import load_encoder, load_tagger, load_transformer
from feedback_nlp.errors import ModelError


def test_weights_that_can_run_programs_are_refused(tmp_path):
    classifier(tmp_path / "old")
    weights = tmp_path / "old" / "model.safetensors"
    weights.rename(tmp_path / "old" / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin, a kind of file that can run"):
        load_transformer(tmp_path / "old")


def test_nothing_is_downloaded_unless_that_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=r"not among the models that were downloaded before"):
        load_transformer("nobody-here/no-such-model")


def test_labels_that_nobody_explained_are_listed(tmp_path):
    classifier(tmp_path / "odd", ("LABEL_0", "LABEL_1", "LABEL_2"))
    with pytest.raises(ModelError, match=r"LABEL_0.*LABEL_2.*labels=\{"):
        load_transformer(tmp_path / "odd")
    meant = {"LABEL_0": "negative", "LABEL_1": "neutral", "LABEL_2": "positive"}
    assert load_transformer(tmp_path / "odd", labels=meant)("Too late").language == "en"
    with pytest.raises(ModelError, match="LABEL_7"):
        load_transformer(tmp_path / "odd", labels={**meant, "LABEL_7": "mixed"})


def test_a_model_of_another_kind_is_refused(tmp_path):
    encoder(tmp_path / "encoder")
    with pytest.raises(ModelError, match="does not classify texts"):
        load_transformer(tmp_path / "encoder")


def test_the_folder_of_one_is_a_model_for_any_command(tmp_path):
    classifier(tmp_path / "mine")
    tagger = load_tagger(tmp_path / "mine")
    assert tagger.name == "mine + compact"
    assert len(tagger.facts["sentiment_sha256"]) == 64
    weights = tmp_path / "mine" / "model.safetensors"
    assert load_file(weights)
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(ModelError):
        load_tagger(tmp_path / "mine")


def test_an_encoder_makes_rows_of_length_one_alike_in_any_batch(tmp_path):
    encoder(tmp_path / "encoder")
    made = load_encoder(tmp_path / "encoder", query="query: ")
    texts = ["Too late", "", "The staff were friendly, but it is far too expensive."]
    rows = made.encode(texts)
    assert rows.shape == (3, made.width)
    np.testing.assert_allclose((rows * rows).sum(axis=1), [1, 0, 1], atol=1e-5)
    np.testing.assert_allclose(made.encode(texts[:1])[0], rows[0], atol=1e-5)
    with pytest.raises(ModelError, match="pooling="):
        load_encoder(tmp_path / "encoder", pooling="max")
    config = tmp_path / "encoder" / "config.json"
    assert json.loads(config.read_text())["model_type"] == "bert"
