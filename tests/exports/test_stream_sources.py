"""What can be read in parts: folders, patterns, pipes, packed files; memory stays flat, nothing is left behind."""

import gzip
import io
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports import (
    archives,
    join_parts,
    open_export,
    read_comments,
    sampling,
    sources,
    whole_files,
)
from feedback_nlp.exports.places import check_not_read
from feedback_nlp.schema import info

GOOD = "id,nps,Comment\n" + "".join(f"{i},{i % 11},It was fine {i}\n" for i in range(12))


def more(first):
    return GOOD.replace("\n", f"\n{first}")[: -len(str(first))]


def in_parts(source, **options):
    with open_export(source, part_rows=5, **options) as export:
        return join_parts(list(export.parts()), export.info)


def both(source, **options):
    whole = read_comments(source, **options)
    pd.testing.assert_frame_equal(in_parts(source, **options), whole)
    return whole


def refused(source, match):
    for read in (read_comments, in_parts):
        with pytest.raises(FileFormatError, match=match):
            read(source)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b.csv").write_text(more(2))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(more(1).encode()))
    (tmp_path / "c.TSV.zst").write_bytes(
        pa.compress(more(3).replace(",", "\t").encode(), "zstd", asbytes=True)
    )
    for name in (".hidden.csv", "~$a.xlsx", "report.pdf"):
        (tmp_path / name).write_text("x")
    (tmp_path / "older").mkdir()
    (tmp_path / "older" / "d.csv").write_text(more(4))
    return tmp_path


def test_a_folder_stands_for_the_exports_in_it(folder):
    whole = both(folder)
    assert [file["name"] for file in info(whole)["files"]] == ["a.csv.gz", "b.csv", "c.TSV.zst"]
    assert [file["format"] for file in info(whole)["files"]] == ["csv", "csv", "tsv"]
    assert any("3 files that are no exports" in note for note in info(whole)["notes"])
    assert any("folders in it that were not read: older" in note for note in info(whole)["notes"])
    assert whole["comment_id"].tolist()[11:13] == ["111", "20"]


def test_files_without_rows_among_others_are_told(tmp_path):
    for name, data in {
        "a.csv": "id,nps,Comment\n",
        "b.csv": GOOD,
        "c.csv": "id,nps,Comment",
    }.items():
        (tmp_path / name).write_text(data)
    whole = both(tmp_path)
    assert len(whole) == 12
    assert [file["rows"] for file in info(whole)["files"]] == [0, 12, 0]
    assert "Files with a header and no rows below it: a.csv, c.csv." in info(whole)["notes"]
    (tmp_path / "b.csv").unlink()
    refused(tmp_path, r"a\.csv has a header but no rows below it \(id, nps, Comment\)")


def test_a_pattern_stands_for_the_files_that_fit(folder):
    assert len(both(str(folder / "*.csv"))) == 12
    assert len(both(str(folder / "**" / "*.csv"))) == 24
    refused(str(folder / "*.parquet"), r"The pattern .* has no export in it")


def test_a_file_whose_name_looks_like_a_pattern(tmp_path):
    (tmp_path / "a[1].csv").write_text(GOOD)
    assert len(both(tmp_path / "a[1].csv")) == 12


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv.zst"])
def test_packed_files_that_are_cut_short_or_are_not_packed(tmp_path, name):
    packed = (
        gzip.compress(GOOD.encode())
        if name.endswith("gz")
        else pa.compress(GOOD.encode(), "zstd", asbytes=True)
    )
    (tmp_path / name).write_bytes(packed[:-6])
    refused(tmp_path / name, "is a broken (gzip|zstd) file")
    (tmp_path / name).write_text(GOOD)
    refused(tmp_path / name, "but is not (gzip|zstd)")
    (tmp_path / "a.csv").write_bytes(packed)
    assert len(both(tmp_path / "a.csv")) == 12


def test_a_bomb_in_a_stream(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000_000)
    rows = GOOD.encode() + b"1,9,Fine\n" * 400_000
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(rows))
    with pytest.raises(FileFormatError, match="more than 200 times its size"):
        open_export(tmp_path / "a.csv.gz")
    with pytest.raises(FileFormatError, match="unpacks into more than 1 MB"):
        read_comments(tmp_path / "a.csv.gz")


def test_a_stream_may_unpack_into_more_than_memory_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 300)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(GOOD.encode()))
    with open_export(tmp_path / "a.csv.gz", part_rows=5) as export:
        assert sum(len(part) for part in export.parts()) == 12


@pytest.mark.parametrize("name", ["a.json", "a.xlsx"])
def test_what_cannot_be_read_in_parts_has_a_limit(tmp_path, monkeypatch, name):
    frame = pd.read_csv(io.StringIO(GOOD))
    if name == "a.json":
        frame.to_json(tmp_path / name, orient="records")
    else:
        frame.to_excel(tmp_path / name, index=False, engine="xlsxwriter")
    assert len(both(tmp_path / name)) == 12
    monkeypatch.setattr(whole_files, "MAX_WHOLE", 100)
    with pytest.raises(
        FileFormatError, match=r"cannot be read in parts\. Export the answers as csv"
    ):
        open_export(tmp_path / name)
    assert len(read_comments(tmp_path / name)) == 12


def test_an_endless_line_is_refused_before_it_is_held(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(GOOD.encode() + b"0" * 60_000_000))
    with pytest.raises(FileFormatError, match="line 14 has over 50,000,000 characters"):
        open_export(tmp_path / "a.csv.gz")


class _Stdin:
    def __init__(self, data):
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("enough", [100_000, 4])
@pytest.mark.parametrize("in_memory", [1 << 26, 16])
def test_standard_input(monkeypatch, enough, in_memory):
    monkeypatch.setattr(sampling, "ENOUGH", enough)
    monkeypatch.setattr(sources, "_IN_MEMORY", in_memory)
    monkeypatch.setattr(sys, "stdin", _Stdin(GOOD.encode()))
    whole = read_comments("-")
    monkeypatch.setattr(sys, "stdin", _Stdin(GOOD.encode()))
    with open_export("-", part_rows=5) as export:
        for _ in range(2):
            pd.testing.assert_frame_equal(join_parts(list(export.parts()), export.info), whole)


def test_a_named_pipe(tmp_path, monkeypatch):
    monkeypatch.setattr(sampling, "ENOUGH", 4)
    os.mkfifo(tmp_path / "pipe.csv")
    writer = threading.Thread(target=(tmp_path / "pipe.csv").write_text, args=(GOOD,))
    writer.start()
    assert len(in_parts(tmp_path / "pipe.csv")) == 12
    writer.join()


def test_a_reader_that_stops_early_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sampling, "ENOUGH", 4)
    monkeypatch.setattr(sources, "_IN_MEMORY", 16)
    monkeypatch.setattr(sys, "stdin", _Stdin(GOOD.encode()))
    export = open_export("-", part_rows=5)
    next(export.parts())
    assert not list(tmp_path.iterdir())  # the file that is kept has no name even while it is read


_KILLED = """
import os, signal, sys, tempfile
from feedback_nlp.exports import open_export, sampling, sources
sampling.ENOUGH = 4
sources._IN_MEMORY = 16
next(open_export("-", part_rows=5).parts())
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_reader_that_is_killed_leaves_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _KILLED],
        input=GOOD.encode(),
        env={**os.environ, "TMPDIR": str(tmp_path)},
        check=False,
    )
    assert done.returncode == -9
    assert not list(tmp_path.iterdir())


_PEAK = """
import resource, sys
from feedback_nlp.exports import open_export
with open_export(sys.argv[1], part_rows=5_000) as export:
    rows = sum(len(part) for part in export.parts())
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(path, rows):
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, path], capture_output=True, text=True, check=True
    )
    read, kilobytes = map(int, done.stdout.split())
    assert read == rows
    return kilobytes


@pytest.mark.slow
def test_memory_does_not_grow_with_the_export(tmp_path):
    said = "the parcel came late and nobody at the help desk knew where it was or when " * 2
    peaks = []
    for rows in (150_000, 450_000):
        path: Path = tmp_path / f"{rows}.csv"
        with path.open("w") as file:
            file.write("id,nps,Comment,Region\n")
            file.writelines(f"{i},{i % 11},{said}{i},north\n" for i in range(rows))
        peaks.append(peak(str(path), rows))
    grown = 1024 * (peaks[1] - peaks[0]) / 300_000
    assert grown < 80  # bytes a row, of 170 in the file
    assert peaks[1] < 1.2 * peaks[0]


def test_a_blank_name_is_not_this_folder():
    refused("", "is blank")


def test_no_result_overwrites_a_file_of_the_folder_that_is_read(folder):
    for source in (str(folder), str(folder / "*.csv")):
        with pytest.raises(FileFormatError, match="is the export that is read"):
            check_not_read([source], [folder / "b.csv"])
        check_not_read([source], [folder / "new.csv"])
