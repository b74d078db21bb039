"""What may be read as a model and what not: each refusal is one line that says what to do."""

import json
import os
import pickle
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch
from small_transformers import POLARITIES, classifier, encoder, roberta
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging

from feedback_nlp.errors import FeedbackError, ModelError
from feedback_nlp.hub.network import network_spec


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    classifier(folder / "polar")
    roberta(folder / "roberta")
    encoder(folder / "encoder")
    return folder


@pytest.fixture
def copied(models, tmp_path):
    """A copy of a model that a test may spoil."""
    return shutil.copytree(models / "polar", tmp_path / "copied")


def refused(*arguments, **settings):
    with pytest.raises(ModelError) as caught:
        network_spec(*arguments, **settings).load()
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def change(folder, **values):
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8")) | values
    kept = {key: value for key, value in config.items() if value is not None}
    path.write_text(json.dumps(kept), "utf-8")


def test_probabilities_are_those_of_a_plain_pass(models):
    texts = ["Delivery was late.", "a", "The staff were friendly, but far too expensive."]
    for name in ("polar", "roberta"):
        found, cut = (
            network_spec(models / name, "classifier", batch_size=2).load().probabilities(texts)
        )
        model = AutoModelForSequenceClassification.from_pretrained(models / name).eval()
        tokenizer = AutoTokenizer.from_pretrained(models / name)
        for text, row in zip(texts, found, strict=True):
            inputs = tokenizer(text, return_tensors="pt", truncation=True, max_length=60)
            with torch.inference_mode():
                expected = model(**inputs).logits.softmax(-1)[0].numpy()
            np.testing.assert_allclose(row, expected, atol=1e-6)
        assert (found.dtype, found.shape, cut.any()) == (np.float32, (3, 3), False)


def test_no_text_at_all_gives_no_rows(models):
    found, cut = network_spec(models / "polar", "classifier").load().probabilities([])
    assert (found.shape, cut.shape) == ((0, 3), (0,))


@pytest.mark.parametrize("name", ["polar", "roberta"])
def test_the_end_of_long_texts_is_not_read(models, name):
    network = network_spec(models / name, "classifier").load()
    long = "late " * 5_000
    found, cut = network.probabilities([long, long + "friendly", "late"])
    assert (network.limit, cut.tolist()) == (60, [True, True, False])
    np.testing.assert_array_equal(found[0], found[1])
    _, cut = network.probabilities(["late"], [long])
    assert cut.tolist() == [True]


def test_a_text_of_exactly_the_longest_length_is_whole(models):
    spec = network_spec(models / "polar", "classifier", max_length=6)
    _, cut = spec.load().probabilities(["late late late late", "late late late late late"])
    assert cut.tolist() == [False, True]


def test_half_a_character_is_read_as_a_blank(models):
    network = network_spec(models / "polar", "classifier").load()
    found, _ = network.probabilities(["late \ud83d", "late"])
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)


def test_a_model_is_read_once_in_a_process_and_kept_by_what_it_is(models, copied):
    spec = network_spec(models / "polar", "classifier")
    assert spec.load() is pickle.loads(pickle.dumps(spec)).load()
    assert network_spec(copied, "classifier").sha256 == spec.sha256
    change(copied, id2label={"0": "positive", "1": "neutral", "2": "negative"})
    assert network_spec(copied, "classifier").sha256 != spec.sha256


def test_a_model_that_was_changed_or_taken_away_is_not_read(copied):
    spec = network_spec(copied, "classifier")
    change(copied, hidden_act="relu")
    with pytest.raises(ModelError, match="was changed since it was named"):
        spec.load()
    shutil.rmtree(copied)
    with pytest.raises(ModelError, match=r"not at .* any more, or not on this machine"):
        spec.load()


def test_half_precision_gives_much_the_same(models):
    texts = ["Delivery was late."]
    whole, _ = network_spec(models / "polar", "classifier").load().probabilities(texts)
    spec = network_spec(models / "polar", "classifier", dtype="bfloat16")
    half, _ = spec.load().probabilities(texts)
    assert half.dtype == np.float32
    assert not np.array_equal(whole, half)
    np.testing.assert_allclose(whole, half, atol=0.1)


def test_nothing_is_printed_and_the_settings_of_the_library_stay(models, capfd):
    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    spec = network_spec(models / "polar", "classifier", batch_size=7)
    spec.load().probabilities(["late " * 600, "late"])
    assert capfd.readouterr() == ("", "")
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before


def test_weights_that_can_run_programs_are_refused(copied):
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
    message = refused(copied, "classifier")
    assert "pytorch_model.bin" in message
    assert "save_pretrained" in message


def test_a_folder_without_weights_or_config_is_no_model(copied, tmp_path):
    (copied / "model.safetensors").unlink()
    assert "there is no file model.safetensors" in refused(copied, "classifier")
    (copied / "config.json").write_text("{", "utf-8")
    assert "config.json cannot be read" in refused(copied, "classifier")
    with (copied / "config.json").open("wb") as file:
        file.truncate(20_000_001)
    assert "over 20,000,000 bytes" in refused(copied, "classifier")
    (copied / "config.json").write_text('{"kind": "compact"}', "utf-8")
    assert "load_tagger" in refused(copied, "classifier")
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty", "encoder").startswith("No model in ")


def test_code_of_a_model_is_never_run(copied, tmp_path):
    (copied / "mine.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", "utf-8")
    change(
        copied, model_type="mine", architectures=["MineForSequenceClassification"],
        auto_map={
            "AutoConfig": "mine.MineConfig",
            "AutoModelForSequenceClassification": "mine.MineForSequenceClassification",
        },
    )  # fmt: skip
    assert "cannot be loaded" in refused(copied, "classifier")
    assert not (tmp_path / "ran").exists()


def test_a_model_that_was_not_trained_to_classify_is_refused(models, copied):
    assert "does not classify texts: its architectures are BertModel" in refused(
        models / "encoder", "classifier"
    )
    change(copied, problem_type="multi_label_classification")
    assert "multi label classification" in refused(copied, "classifier")


def test_weights_that_lack_a_part_are_refused(models, copied):
    shutil.copy(models / "encoder" / "model.safetensors", copied / "model.safetensors")
    assert re.search(
        r"do not fit: \S+ is missing or .*, and \d+ more", refused(copied, "classifier")
    )


def test_weights_that_are_cut_off_or_not_finite_are_refused(copied):
    path = copied / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    assert "cannot be loaded" in refused(copied, "classifier")


def test_numbers_that_are_not_finite_are_no_answer(copied):
    model = AutoModelForSequenceClassification.from_pretrained(copied)
    with torch.no_grad():
        model.classifier.bias[0] = float("nan")
    model.save_pretrained(copied)
    with pytest.raises(ModelError, match="not finite"):
        network_spec(copied, "classifier").load().probabilities(["late"])


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"dtype": "int4"}, "dtype= is 'int4'; it takes float32, float16, bfloat16."),
     ({"batch_size": 0}, "batch_size= is 0; it takes a whole number from 1 on."),
     ({"max_length": 2}, "max_length= is 2; it takes a whole number from 4 on."),
     ({"device": "toaster"}, "This machine has cpu"),
     ({"device": "cuda:99"}, "torch cannot use here")],
)  # fmt: skip
def test_settings_that_are_none_are_told(models, settings, said):
    assert said in refused(models / "polar", "classifier", **settings)


def test_a_tokenizer_without_padding_is_refused(copied):
    path = copied / "tokenizer_config.json"
    config = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**config, "pad_token": None}), "utf-8")
    assert "has no pad_token" in refused(copied, "classifier")


HUB = """
from feedback_nlp.errors import FeedbackError
from feedback_nlp.hub.places import find_folder
try:
    find_folder("someone/some-model", download={download})
except FeedbackError as error:
    print(error)
"""


@pytest.mark.parametrize(("download", "way"), [(False, "download=True"), (True, "HF_HUB_OFFLINE")])
def test_a_name_that_was_not_downloaded_is_one_line(tmp_path, download, way):
    done = subprocess.run(
        [sys.executable, "-c", HUB.format(download=download)], check=True, capture_output=True,
        text=True, env={**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    assert done.stdout.startswith("No model 'someone/some-model': there is no such folder")
    assert way in done.stdout
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


CACHED = """
from feedback_nlp.hub.network import network_spec
spec = network_spec("someone/some-model", "classifier")
print(spec.name, *spec.load().labels)
"""


@pytest.mark.slow
def test_a_name_that_was_downloaded_before_is_found(models, tmp_path):
    place = tmp_path / "hub" / "models--someone--some-model"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text("0" * 40, "utf-8")
    shutil.copytree(models / "polar", place / "snapshots" / ("0" * 40))
    done = subprocess.run(
        [sys.executable, "-c", CACHED], check=True, capture_output=True, text=True,
        env={**os.environ, "HF_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.split() == ["someone/some-model", *POLARITIES]


MISSING = """
import sys
sys.modules[{library!r}] = None
from feedback_nlp import load_transformer
from feedback_nlp.errors import FeedbackError
try:
    load_transformer({folder!r})
except FeedbackError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("library", ["torch", "transformers"])
def test_what_is_not_installed_is_one_line(models, library):
    code = MISSING.format(library=library, folder=str(models / "polar"))
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert said.startswith(
        f"MissingDependencyError Models of the Hugging Face library need {library}"
    )
    assert said.endswith('pip install "feedback-nlp[transformers]"\n')
    assert said.count("\n") == 1


def test_no_folder_is_one_line():
    with pytest.raises(FeedbackError, match=r"No folder 'a/b/c'; give the folder"):
        network_spec("a/b/c", "classifier")
