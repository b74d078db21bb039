"""``--model`` with the folder of a Hugging Face model."""

import json
import subprocess
import sys

import pytest
from command_line import done, refused, run, table_of
from small_transformers import ENTAILMENT, classifier

from feedback_nlp import load_tagger, load_transformer
from feedback_nlp.engines.local import tag_export
from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.errors import ModelError

ROWS = [
    "1,9,The staff were friendly but it is far too expensive",
    "2,2,Delivery was late",
    "3,5,The price is too high",
]


@pytest.fixture
def polar(tmp_path):
    return classifier(tmp_path / "polar")


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(["id,nps,Why?", *ROWS, ""]), "utf-8")
    return path


def test_a_folder_gives_sentiment_and_polarity(polar, export):
    found = table_of(done("tag", export, "--model", polar, "-q"))
    tagger = load_transformer(polar, polarity=polar)
    wanted = [m for row in ROWS for m in tagger(row.split(",")[2], language="en").mentions]
    assert list(found["theme"]) == [m.theme for m in wanted]
    assert list(found["polarity"].astype(object).where(found["polarity"].notna(), None)) == [
        m.polarity for m in wanted
    ]
    assert load_tagger(polar).facts == tagger.facts


def test_a_folder_of_entailment_finds_themes(export, tmp_path):
    folder = classifier(tmp_path / "nli", ENTAILMENT, seed=3)
    mine = tmp_path / "mine.toml"
    mine.write_text('[[theme]]\nid = "price"\nnames = { en = "Price" }\n', "utf-8")
    found = table_of(done("tag", export, "--model", folder, "--taxonomy", mine, "-q"))
    tagger = load_transformer(themes=folder, taxonomy=mine)
    wanted = [m for row in ROWS for m in tagger(row.split(",")[2], language="en").mentions]
    assert list(found["start"]) == [m.start for m in wanted]


def test_labels_that_are_not_known_are_one_line(export, tmp_path):
    folder = classifier(tmp_path / "numbered", ("LABEL_0", "LABEL_1"))
    said = refused("tag", export, "--model", folder, "-q")
    assert "The labels of numbered are LABEL_0, LABEL_1" in said
    assert "id2label of its config.json" in said


def test_a_folder_with_weights_that_run_is_one_line(export, polar):
    (polar / "model.safetensors").rename(polar / "pytorch_model.bin")
    assert "a kind of file that can run programs" in refused("tag", export, "--model", polar, "-q")


def test_its_card_is_shown_and_the_list_names_it(polar):
    (polar / "README.md").write_text("# Polar\n", "utf-8")
    assert done("models", polar) == "# Polar\n"
    assert "Hugging Face" in done("models")


def test_another_model_is_noticed(polar):
    spec = tagger_spec(str(polar))
    config = json.loads((polar / "config.json").read_text("utf-8"))
    (polar / "config.json").write_text(json.dumps({**config, "hidden_act": "relu"}), "utf-8")
    assert tagger_spec(str(polar)) != spec
    with pytest.raises(ModelError, match="was changed while comments were tagged"):
        spec.load()


@pytest.mark.slow
def test_worker_processes_give_the_same(polar, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("\n".join(["id,nps,Why?", *ROWS, *ROWS[1:], ""]), "utf-8")
    how = {"tagger": tagger_spec(str(polar)), "reading": {}}
    with tag_export([str(path)], tmp_path / "one", **how) as tagged:
        (alone,) = tagged.mentions()
    with tag_export([str(path)], tmp_path / "two", **how, part_rows=3, workers=2) as tagged:
        parts = list(tagged.mentions())
    assert len(parts) == 2
    columns = ["theme", "polarity", "start", "end"]
    rows = [row for part in parts for row in part[columns].astype(str).to_numpy().tolist()]
    assert rows == alone[columns].astype(str).to_numpy().tolist()


@pytest.mark.slow
def test_what_is_too_long_is_told_in_a_line(polar, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(f"id,nps,Why?\n1,2,{'Delivery was late and ' * 40}\n", "utf-8")
    with pytest.warns(UserWarning, match="1 of 1 comments are longer than the 60 tokens"):
        assert run("tag", path, "--model", polar).exit_code == 0
    command = [sys.executable, "-m", "feedback_nlp", "tag", str(path), "--model", str(polar)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    (line,) = [line for line in said.splitlines() if "tokens" in line]
    assert line.startswith("Note: 1 of 1 comments are longer than the 60 tokens that polar reads")
