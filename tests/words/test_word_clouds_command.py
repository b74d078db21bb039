"""The cloud command: groups of every score, the table beside the picture, masks and palettes."""

import pandas as pd
import pytest
from command_line import done, refused, run
from PIL import Image


@pytest.fixture
def export(tmp_path):
    rows = [(1, "The queue was slow")] * 20 + [(5, "Very tidy staff")] * 20
    path = tmp_path / "export.csv"
    pd.DataFrame(rows, columns=["Satisfaction (1-5)", "Comment"]).to_csv(path, index=False)
    return path


def cloud(export, *options, **more):
    return run(
        "cloud", export, "--model", "rules", "--rating", "csat=Satisfaction (1-5)", *options, **more
    )


def test_a_satisfaction_survey_has_clouds_of_its_own_groups(export, tmp_path):
    out, table = tmp_path / "cloud.svg", tmp_path / "words.csv"
    for group in (None, "dissatisfied", "satisfied"):
        options = ["--group", group] if group else []
        result = cloud(export, "-o", out, "--table", table, "--force", *options)
        assert result.exit_code == 0, result.output
        words = pd.read_csv(table)["term"].tolist()
        assert ("tidy" in words) == (group == "satisfied")
        assert "queue" in result.stderr or group == "satisfied"


def test_keyness_by_command_and_its_table(export, tmp_path):
    out, table = tmp_path / "cloud.png", tmp_path / "words.csv"
    result = cloud(
        export, "-o", out, "--table", table, "--size-by", "keyness", "--reference", "rest",
        "--report-language", "nl",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "Woorden die ontevreden respondenten onderscheiden" in result.stderr
    found = pd.read_csv(table)
    assert {"n_comments", "n_reference", "log_odds", "low", "high", "q_value"} <= set(found.columns)
    assert (found["q_value"] <= 0.05).all()


def test_a_mask_and_colours_by_command(export, tmp_path):
    mask, out = tmp_path / "mask.png", tmp_path / "cloud.png"
    picture = Image.new("L", (200, 200), 255)
    picture.paste(0, (20, 20, 180, 180))
    picture.save(mask)
    result = cloud(export, "-o", out, "--mask", mask, "--palette", "#0b3c5d, #b23a2e", "-q")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    with Image.open(out) as drawn:
        colours = {colour for _, colour in drawn.getcolors(100_000)}
    assert (11, 60, 93) in colours


def test_what_is_of_no_use_is_refused_before_the_work(export, tmp_path):
    def why(*options, code=1):
        return refused(
            "cloud", export, "--rating", "csat=Satisfaction (1-5)", "-o", tmp_path / "c.png",
            *options, code=code,
        )  # fmt: skip

    assert "there is no such file" in why("--mask", tmp_path / "none.png")
    assert "No palette 'pink'" in why("--palette", "pink")
    assert "contrast of 1.2" in why("--palette", "#ffee00")
    assert "No group 'easy'" in why("--group", "easy")
    assert "--size-by keyness" in why("--reference", "rest", code=2)
    assert "name it" in why("--size-by", "keyness", "--group", "all", code=2)
    assert "the export that is read" in why("--table", export, "--force")


def test_an_empty_group_is_drawn_as_a_sentence(export, tmp_path):
    out = tmp_path / "cloud.png"
    result = cloud(export, "-o", out, "--group", "neutral")
    assert result.exit_code == 0, result.output
    assert "there are no comments with words in them" in result.stderr
    assert out.read_bytes().startswith(b"\x89PNG")
    assert done("cloud", "--help")
