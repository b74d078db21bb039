"""``feedback-nlp train``: from a table of labels to a tagger that other commands use."""

import json

import pandas as pd
import pytest
from command_line import done, refused, run, table_of

SUBJECTS = {"Hair: cut": "The haircut", "Hair: colour": "The colour of my hair", "Coffee": "The coffee"}  # fmt: skip
WORDS = {"positive": ["lovely", "very good", "excellent"], "negative": ["awful", "bad", "terrible"]}


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    rows = [
        (f"{subject} was {word} on visit {n}", theme, polarity)
        for theme, subject in SUBJECTS.items()
        for polarity, words in WORDS.items()
        for n, word in enumerate(words * 3)
    ]
    path = tmp_path_factory.mktemp("labels") / "labels.csv"
    pd.DataFrame(rows, columns=["Comment", "Topic", "polarity"]).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def model(labels, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "salon"
    out = done("train", labels, "--text", "comment", "--theme", "Topic", "--out", folder)
    return folder, out


def test_it_prints_the_figures_and_where_the_model_is(model):
    folder, out = model
    assert "# salon" in out
    assert "| hair.cut | 18 |" in out
    assert out.rstrip().endswith(f"The model: {folder}")


def test_other_commands_use_it(model, tmp_path):
    folder, _ = model
    export = tmp_path / "answers.csv"
    export.write_text("id,nps,Why?\n1,9,The coffee was excellent\n2,2,The haircut was awful\n")
    found = table_of(done("tag", export, "--model", folder, "-q"))
    assert found[["theme", "polarity"]].to_numpy().tolist() == [
        ["coffee", "positive"], ["hair.cut", "negative"],
    ]  # fmt: skip


def test_few_examples_are_warned_of_on_stderr(labels, tmp_path):
    result = run("train", labels, "--text", "Comment", "--theme", "Topic", "--out", tmp_path / "x")
    assert "Warning: Fewer than 20 comments are labelled" in result.stderr


def test_a_folder_is_not_overwritten(labels, model):
    folder, _ = model
    assert "Choose another folder" in refused("train", labels, "--out", folder)
    assert "No column 'text'" in refused("train", labels, "--out", folder, "--force")


def test_what_cannot_be_read_is_one_line_and_leaves_nothing(labels, tmp_path):
    assert "No column 'Subject'" in refused(
        "train", labels, "--text", "Comment", "--theme", "Subject", "--out", tmp_path / "m"
    )
    lines = labels.read_text().replace("positive", "great")
    (tmp_path / "odd.csv").write_text(lines)
    assert "'great'" in refused(
        "train",
        tmp_path / "odd.csv",
        "--text",
        "Comment",
        "--theme",
        "Topic",
        "--out",
        tmp_path / "m",
    )
    assert not (tmp_path / "m").exists()


def test_aspects_are_learnt_with_their_own_categories(labels, tmp_path):
    table = pd.read_csv(labels)
    rows = [
        {"id": str(n), "text": one.Comment, "lang": "en",
         "aspects": [{"category": one.Topic.upper().replace(": ", "#"), "polarity": one.polarity}]}
        for n, one in enumerate(table.itertuples())
    ]  # fmt: skip
    path = tmp_path / "aspects.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = done("train", path, "--format", "aspects", "--out", tmp_path / "m", "-q", "--curve")
    assert "| hair.colour | 18 |" in out
    assert "## Learning curve" in out


def test_the_models_are_listed_and_show_their_cards():
    from feedback_nlp.tagging.store import MODELS

    listed = done("models")
    assert [line.split()[0] for line in listed.splitlines()[:5]] == list(MODELS)
    for name in ("compact", "fast", "accurate"):
        assert done("models", name).startswith("# accurate" if name == "accurate" else "# compact")
    assert "nothing is learnt" in done("models", "rules")
    assert "No model 'giant'" in refused("models", "giant")


def test_a_sheet_is_named_where_there_are_several(labels, tmp_path):
    path, table = tmp_path / "labels.xlsx", pd.read_csv(labels)
    with pd.ExcelWriter(path) as book:
        table.to_excel(book, sheet_name="Labels", index=False)
        table.head(2).to_excel(book, sheet_name="Trial", index=False)
    asked = ["train", path, "--text", "Comment", "--theme", "Topic", "--out", tmp_path / "m"]
    assert "Add --sheet 'Labels'" in refused(*asked)
    assert "from 54 labelled comments" in done(*asked, "--sheet", "Labels", "-q")


def test_a_text_file_is_a_table_too(labels, tmp_path):
    (tmp_path / "labels.txt").write_text(labels.read_text())
    assert "No column 'text'" in refused("train", tmp_path / "labels.txt", "--out", tmp_path / "m")


def test_rows_of_json_are_a_table_if_that_is_said(labels, tmp_path):
    path = tmp_path / "labels.jsonl"
    pd.read_csv(labels).to_json(path, orient="records", lines=True)
    asked = ["train", path, "--text", "Comment", "--theme", "Topic", "--out", tmp_path / "m"]
    assert "add --format table" in refused(*asked)
    assert "from 54 labelled comments" in done(*asked, "--format", "table", "-q")


def test_a_trained_tagger_is_evaluated_on_a_table_of_labels(labels, tmp_path):
    out = tmp_path / "mine"
    names = ["--text", "Comment", "--theme", "Topic"]
    done("train", labels, "--out", out, *names, "--quiet")
    shown = tmp_path / "figures.csv"
    done("evaluate", labels, "--format", "table", *names, "--model", out, "-o", shown)
    table = pd.read_csv(shown)
    assert set(table["tagger"]) == {"mine", "dummy"}  # there are no phrases, so no rules
    best = table[(table["measure"] == "theme_f1") & (table["split"] == "all")]
    assert best.set_index(["tagger", "level"])["value"]["mine", "top"] > 0.9
