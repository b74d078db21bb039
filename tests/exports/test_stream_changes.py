"""A file that changes, or goes, while it is read: said so, whatever else it leads to."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports import open_export, read_comments, sampling, write_table
from feedback_nlp.exports.export import Export
from feedback_nlp.exports.files import Options

CHANGED = "was changed while it was read"
ROWS = [
    {"id": f"r{i}", "nps": i % 11, "comment": f"It was {'quite ' * 30}fine {i}"} for i in range(300)
]
CSV = "id,nps,comment\n" + "".join(f"{r['id']},{r['nps']},{r['comment']}\n" for r in ROWS)
JSONL = "".join(json.dumps(row) + "\n" for row in ROWS)

pytestmark = pytest.mark.usefixtures("small_blocks")


@pytest.fixture
def read_twice(monkeypatch):
    monkeypatch.setattr(sampling, "ENOUGH", 10)


def parquet(path):
    pq.write_table(pa.Table.from_pylist(ROWS), path, row_group_size=10)


def half(path):
    path.write_bytes(path.read_bytes()[:30_000])


def gone(path):
    path.unlink()


BECOMES = {
    "a row less": lambda path: path.write_text(CSV[:-20]),
    "no UTF-8": lambda path: path.write_bytes(CSV.encode() + b"r,9,\xff\n"),
    "stray quotes": lambda path: path.write_text(CSV.replace("quite fine", '"quite" fine')),
    "stray quotes in quotes": lambda path: path.write_text(
        CSV.replace(",It was", ',"It "was"').replace("\n", '"\n')
    ),
    "more cells": lambda path: path.write_text(CSV.replace("quite fine", "quite, fine")),
    "half": half,
    "gone": gone,
}


def changing(path, change):
    """Change a file when the first of its parts has been read."""
    with open_export(path, part_rows=7) as export:
        parts = export.parts()
        next(parts)
        change(path)
        with pytest.raises(FileFormatError, match=f"^{path.name} {CHANGED}"):
            list(parts)


@pytest.mark.usefixtures("read_twice")
@pytest.mark.parametrize("change", BECOMES)
def test_a_csv_that_changes_between_two_parts(tmp_path, change):
    (tmp_path / "a.csv").write_text(CSV)
    changing(tmp_path / "a.csv", BECOMES[change])


@pytest.mark.usefixtures("read_twice")
@pytest.mark.parametrize("change", [half, gone])
def test_other_formats_that_change_between_two_parts(tmp_path, change):
    (tmp_path / "a.jsonl").write_text(JSONL)
    changing(tmp_path / "a.jsonl", change)
    parquet(tmp_path / "a.parquet")
    changing(tmp_path / "a.parquet", change)


def test_a_file_that_is_another_when_its_parts_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(sampling, "ENOUGH", 10)
    (tmp_path / "a.csv").write_text(CSV)
    with open_export(tmp_path / "a.csv", part_rows=7) as export:
        (tmp_path / "a.csv").write_text(CSV.replace("fine", "poor"))
        with pytest.raises(FileFormatError, match=CHANGED):
            next(export.parts())


@pytest.mark.parametrize("change", [half, gone])
def test_own_comments_tables_that_change(tmp_path, change):
    (tmp_path / "a.csv").write_text(CSV)
    path = tmp_path / "own.parquet"
    write_table(read_comments(tmp_path / "a.csv"), path)
    with open_export(path, part_rows=7) as export:
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(FileFormatError, match=CHANGED):
            next(export.parts())
        change(path)
        with pytest.raises(FileFormatError, match=CHANGED):
            next(export.parts())


@pytest.mark.parametrize("change", BECOMES)
@pytest.mark.parametrize("keep", [True, False])
def test_a_file_that_changes_while_it_is_gone_through(tmp_path, change, keep):
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    asked = []

    def is_id(header):  # asked of each column of each block
        asked.append(header)
        if len(asked) == 5:
            BECOMES[change](path)
        return False

    with pytest.raises(FileFormatError, match=CHANGED):
        Export([path], Options(), keep=keep, is_id=is_id)
    assert len(asked) >= 5
