"""Words that mark a group and themes that come together, on the command line."""

import pandas as pd
import pytest
from command_line import done, refused, run, table_of

ASKED = "How likely are you to recommend us? (0-10)"
WHY = "Why did you give that score?"
GROUPS = (
    (30, 2, "The parcel came weeks late and the price was too high.", "App"),
    (20, 3, "The parcel was late again.", "Shop"),
    (40, 10, "Very friendly and helpful staff.", "Shop"),
)


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    path = tmp_path_factory.mktemp("keyness") / "export.csv"
    rows = [(n, text, channel) for times, n, text, channel in GROUPS for _ in range(times)]
    frame = pd.DataFrame(rows, columns=[ASKED, WHY, "Channel"])
    frame.insert(0, "id", [f"R{i}" for i in range(len(frame))])
    frame.to_csv(path, index=False)
    return path


def test_keyness_prints_what_marks_detractors_first(export):
    found = table_of(done("keyness", export))
    assert list(found)[:3] == ["term", "n_group", "n_reference"]
    first = found.iloc[0]
    assert (first.term, first.n_group, first.n_reference) in {("late", 50, 0), ("parcel", 50, 0)}
    assert found.iloc[-1]["z"] < 0
    assert {"friendly", "helpful", "staff"} >= {found.iloc[-1]["term"]}


def test_keyness_of_segments_needs_no_rating_group(export):
    found = table_of(done("keyness", export, "--group", "Channel=App", "--reference", "rest"))
    assert found.set_index("term").loc["friendly", "n_reference"] == 40
    assert found.set_index("term").loc["late", ["n_group", "n_reference"]].tolist() == [30, 20]


def test_keyness_of_a_theme_takes_the_words_of_its_mentions(export):
    options = ("--group", "Channel=App", "--reference", "Channel=Shop", "--theme", "delivery")
    terms = set(table_of(done("keyness", export, *options))["term"])
    assert "late" in terms
    assert not terms & {"friendly", "price"}
    whole = set(table_of(done("keyness", export, *options, "--within", "comment"))["term"])
    assert "price" in whole


def test_keyness_says_what_was_compared_and_why_nothing_is_shown(export):
    result = run("keyness", export, "--min-n", 60)
    assert result.exit_code == 0
    assert "50 comments of detractors against 40 of promoters" in result.stderr
    assert "Only 50 comments of detractors can be compared" in result.stderr
    assert table_of(result.stdout).empty


def test_what_keyness_cannot_do_is_one_line(export):
    assert "Did you mean 'detractors'" in refused("keyness", export, "--group", "detractor")
    assert "No value of 'Channel'" in refused("keyness", export, "--group", "Channel=Web")
    assert "goes with --theme" in refused("keyness", export, "--within", "comment", code=2)
    both = ("--group", "Channel=Shop")
    assert "both of Channel=Shop and of promoters" in refused("keyness", export, *both)


def test_together_prints_one_row_a_pair(export, tmp_path):
    out = tmp_path / "pairs.csv"
    done("together", export, "--polarity", "negative", "-o", out)
    found = pd.read_csv(out)
    pair = found.set_index(["theme_a", "theme_b"]).loc[("delivery", "price")]
    assert (pair["n_both"], pair["n_a"], pair["n_b"], pair["n"]) == (30, 50, 30, 90)
    assert pair["lift"] == pytest.approx(30 * 90 / (50 * 30))
    low = table_of(done("together", export, "--group", "detractors"))
    assert low["n"].iloc[0] == 50
    assert "already" in refused("together", export, "-o", out)
    assert "No group 'low'" in refused("together", export, "--group", "low")


def test_a_group_that_is_none_is_named_by_its_option(export):
    assert "(asked for by --group)" in refused("keyness", export, "--group", "foo")
    assert "(asked for by --reference)" in refused("keyness", export, "--reference", "foo")
    assert "(asked for by --group)" in refused("together", export, "--group", "foo")
    assert "(asked for by --group)" in refused("together", export, "--group", "Shop=North")
    both = ("--group", "detractors", "--reference", "Channel=App")
    assert "name the rest with --reference" in refused("keyness", export, *both)
