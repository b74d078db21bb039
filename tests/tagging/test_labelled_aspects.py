"""Data sets that others labelled by aspect, read as the two tables."""

import gzip
import json

import pytest

from feedback_nlp.errors import FileFormatError
from feedback_nlp.schema import check_comments, check_mentions
from feedback_nlp.tagging.aspects import read_aspects

ROW = {
    "id": "a", "text": "Nydelig mat, treg betjening", "lang": "no", "question": "Hvorfor?",
    "sentiment": "positive",
    "aspects": [
        {"theme": "quality", "polarity": "positive", "target": "mat", "from": 8, "to": 11},
        {"theme": "ambience", "polarity": "conflict"}, {"theme": "other"},
    ],
}  # fmt: skip


def written(folder, *rows):
    path = folder / "train.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    return path


def test_rows_become_the_two_tables(tmp_path):
    tables = read_aspects(written(tmp_path, ROW, {"id": 2, "text": "Fint", "lang": "no"}))
    check_comments(tables.comments)
    check_mentions(tables.mentions, tables.comments)
    assert tables.comments["language"].tolist() == ["nb", "nb"]
    assert tables.comments["sentiment"].isna().tolist() == [False, True]
    found = tables.mentions
    assert found["theme"].tolist() == ["quality", "environment", "environment", "general"]
    assert found["polarity"].tolist()[:3] == ["positive", "negative", "positive"]
    assert found["polarity"].isna().tolist() == [False, False, False, True]
    assert found["evidence"].tolist()[:2] == ["mat", ROW["text"]]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "b", "lang": "no"}, "'text'"),
        ({"id": "b", "lang": "no", "text": 5}, "the text is 5"),
        (ROW | {"sentiment": "conflict"}, "the sentiment is 'conflict'"),
        (ROW | {"aspects": [{"theme": "price", "from": "3", "to": 5}]}, "not as it should be"),
        (ROW | {"aspects": [{"theme": "pricing"}]}, "No theme 'pricing'. Did you mean 'price'?"),
        (ROW | {"aspects": [{"theme": "price", "polarity": "bad"}]}, "polarity is 'bad'"),
        (ROW | {"aspects": [{"theme": "price", "from": 3, "to": 99}]}, "outside the text"),
    ],
)
def test_a_row_that_is_not_right_is_named(tmp_path, row, said):
    with pytest.raises(FileFormatError) as caught:
        read_aspects(written(tmp_path, ROW, row))
    assert str(caught.value).startswith("train.jsonl.gz, line 2: ")
    assert said in str(caught.value)


def test_what_is_not_such_a_file_is_said(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(b"no gzip")
    with pytest.raises(FileFormatError, match="Cannot read"):
        read_aspects(path)
    with pytest.raises(FileFormatError, match="Cannot read"):
        read_aspects(tmp_path / "none.jsonl")
