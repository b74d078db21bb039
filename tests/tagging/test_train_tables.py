"""Labels in a spreadsheet, read as the two tables."""

import pandas as pd
import pytest

from feedback_nlp.errors import ColumnError, TaxonomyError
from feedback_nlp.schema import check_comments, check_mentions, respondent_ids, theme_names
from feedback_nlp.tagging.label_tables import read_label_table
from feedback_nlp.tagging.theme_ids import theme_id

ROWS = [
    ("7", "Lovely towels, cold pool", "Towels & linen", "positive", "r1"),
    ("7", "Lovely towels, cold pool", "Pool > Water", "Negative", "r1"),
    ("8", "We came by train", "", "", "r2"),
    ("9", "Pool", "Pool > Water", "mixed", "r2"),
    ("10", "Pool?", "Pool > Water", "", "r3"),
]


def written(folder, rows=ROWS):
    path = folder / "labels.csv"
    names = ["No", "text", "theme", "polarity", "Guest"]
    pd.DataFrame(rows, columns=names).to_csv(path, index=False)
    return path


def test_rows_of_one_id_are_one_comment(tmp_path):
    found = read_label_table(written(tmp_path), id="No", respondent="guest")
    check_comments(found.comments)
    check_mentions(found.mentions, found.comments)
    assert found.comments["comment_id"].tolist() == ["7", "8", "9", "10"]
    assert found.comments["respondent_id"].tolist() == ["r1", "r2", "r2", "r3"]
    said = found.mentions[["comment_id", "theme", "polarity"]].astype("object")
    assert said.where(said.notna(), None).to_numpy().tolist() == [
        ["7", "towels_linen", "positive"],
        ["7", "pool.water", "negative"],
        ["9", "pool.water", "negative"],
        ["9", "pool.water", "positive"],
        ["10", "pool.water", None],
    ]
    assert theme_names(found.mentions)["towels_linen"] == "Towels & linen"


def test_without_ids_the_text_tells_comments_apart(tmp_path):
    found = read_label_table(written(tmp_path))
    assert found.comments["comment_id"].tolist() == ["c1", "c2", "c3", "c4"]
    assert len(found.mentions) == 5


def test_comments_of_nobody_are_not_of_one_respondent(tmp_path):
    rows = [*ROWS, ("12", "Warm water", "Pool > water", "", ""), ("13", "Icy", "", "", " ")]
    found = read_label_table(written(tmp_path, rows), id="No", respondent="Guest")
    assert found.comments["respondent_id"].isna().tolist() == [False] * 4 + [True] * 2
    assert respondent_ids(found.comments).nunique() == 5
    assert set(found.mentions["theme"].dropna()) == {"towels_linen", "pool.water"}


def test_two_themes_of_one_id_are_refused(tmp_path):
    row = ("14", "Soft", "Towels, linen", "", "")
    with pytest.raises(TaxonomyError, match="'Towels & linen' and 'Towels, linen' would have"):
        read_label_table(written(tmp_path, [*ROWS, row]))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "No number", "Pool", "", ""), "is empty in some rows"),
        (("7", "Other words", "Pool", "", ""), "'7' has several texts"),
        (("11", "Fine", "Pool", "good", ""), "has 'good'"),
        (("12", " ", "Pool", "", ""), "has a theme but no comment"),
    ],
)
def test_rows_that_cannot_be_read_are_refused(tmp_path, row, words):
    with pytest.raises(ColumnError, match=words):
        read_label_table(written(tmp_path, [*ROWS, row]), id="No")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Køen", "koen"), ("24/7 hotline", "n24_7_hotline"), ("Preis: Höhe", "preis.hohe"),
        ("a.b", "a.b"), ("Food | Taste | Salt", "food.taste_salt"), ("x" * 60, "x" * 41),
    ],
)  # fmt: skip
def test_names_become_ids(name, wanted):
    assert theme_id(name) == wanted


def test_a_name_without_letters_is_refused():
    with pytest.raises(TaxonomyError, match="no letters"):
        theme_id("???")


def test_one_column_cannot_be_comment_and_theme(tmp_path):
    path = written(tmp_path)
    with pytest.raises(ColumnError, match="name another"):
        read_label_table(path, theme="text")
