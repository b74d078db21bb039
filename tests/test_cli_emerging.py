"""Words that rise, and words of comments without a theme, on the command line."""

import pandas as pd
import pytest
from command_line import done, refused, run, table_of

ASKED = "How likely are you to recommend us? (0-10)"
WHY = "Why did you give that score?"
USUAL = ("The parcel was late.", "Very friendly staff.", "The price was too high.")


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """Eighty days of five comments; in the last ten, two a day name what no theme is about."""
    path = tmp_path_factory.mktemp("emerging") / "export.csv"
    texts = [f"{USUAL[n % 3]} Order {n}." for n in range(400)]
    for n in range(350, 400, 5):
        texts[n] = texts[n + 1] = f"Zebra crossing {n}."
    days = pd.date_range("2025-01-06", periods=80).repeat(5).strftime("%Y-%m-%d")
    frame = pd.DataFrame({"id": range(400), "Date": days, ASKED: [n % 11 for n in range(400)]})
    frame[WHY] = texts
    frame.to_csv(path, index=False)
    return path


def test_emerging_prints_what_rises_first(export):
    result = run("emerging", export)
    assert result.exit_code == 0, result.output
    found = table_of(result.stdout)
    assert list(found)[:3] == ["term", "n_recent", "n_before"]
    first = found.iloc[0]
    assert "zebra" in first["term"]
    assert (first["n_recent"], first["n_before"], first["is_new"]) == (20, 0, True)
    assert first["n_without_theme"] == 20
    assert "by more than chance allows: " in result.stderr
    assert "not why" in result.stderr


def test_windows_can_be_chosen(export):
    found = table_of(done("emerging", export, "--before", "2025-01", "--after", "2025-03"))
    assert found["n_recent"].max() <= 5 * 26
    assert "zebra" in found.iloc[0]["term"]
    told = run("emerging", export, "--window", 7).stderr
    assert "35 comments from 20 March 2025 to 26 March 2025" in told


def test_words_without_a_theme_need_no_date(export, tmp_path):
    bare = tmp_path / "bare.csv"
    pd.read_csv(export).drop(columns="Date").to_csv(bare, index=False)
    found = table_of(done("emerging", bare, "--untagged"))
    assert "zebra" in found.iloc[0]["term"]
    assert found.iloc[0]["n_with_theme"] == 0
    assert "--untagged, which needs none" in refused("emerging", bare)


def test_nothing_to_say_is_said_and_the_file_has_the_columns(export, tmp_path):
    out = tmp_path / "words.csv"
    result = run("emerging", export, "--after", "2026", "-o", out)
    assert result.exit_code == 0
    assert "Nothing can be said about emerging words" in result.stderr
    assert pd.read_csv(out).empty
    assert "already" in refused("emerging", export, "-o", out)
    assert run("emerging", export, "--quiet").stderr == ""


def test_what_it_cannot_do_is_one_line(export):
    both = refused("emerging", export, "--window", 5, "--after", "2025", code=2)
    assert "either --window" in both
    assert "comparisons over time" in refused(
        "emerging", export, "--untagged", "--window", 5, code=2
    )
    overlap = ("--before", "2025-01..2025-02", "--after", "2025-02")
    assert "days in common" in refused("emerging", export, *overlap)
    assert "cannot be read" in refused("emerging", export, "--after", "March")
