"""An export read in parts is the export read at once: same rows, same notes, whatever the parts."""

import csv
import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_exports import (
    FORMATS,
    KINDS,
    answers,
    as_csv,
    as_jsonl,
    as_parquet,
    assert_same,
    in_parts,
    repeated_ids,
    several_questions,
)

from feedback_nlp.errors import FeedbackError
from feedback_nlp.exports import delimited_file, join_parts, read_comments, sampling, write_table
from feedback_nlp.schema import INFO, info

pytestmark = pytest.mark.usefixtures("small_blocks")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("enough", [100_000, 50])
def test_parts_are_the_whole_whatever_is_in_it(tmp_path, monkeypatch, kind, enough):
    made, told = KINDS[kind]
    monkeypatch.setattr(sampling, "ENOUGH", enough)
    (tmp_path / "a.csv").write_bytes(as_csv(made(61)))
    whole = assert_same(tmp_path / "a.csv", sizes=(13,), set_aside=True)
    assert told in str(info(whole))
    assert ("decided from 50 of 61" in str(info(whole)["notes"])) == (enough == 50)


@pytest.mark.parametrize("name", FORMATS)
def test_parts_are_the_whole_in_every_format(tmp_path, monkeypatch, name):
    monkeypatch.setattr(sampling, "ENOUGH", 20)  # all files are read again for their parts
    (tmp_path / name).write_bytes(FORMATS[name](answers(26)))
    whole = assert_same(tmp_path / name, sizes=(7,))
    assert len(whole) == 26
    assert whole["nps"].tolist() == [float((7 * i) % 11) for i in range(26)]
    assert whole["text"][2] == 'They said "soon",\nand then nothing came 0'


def test_the_sample_export(sample_export, monkeypatch):
    monkeypatch.setattr(delimited_file, "BLOCK_ROWS", 250)
    assert_same(sample_export, sizes=(170,))


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1257", "utf-8-sig"])
def test_other_encodings(tmp_path, encoding):
    frame = answers(30)
    frame["Comment"] = [f"Ātri un lēti, ļoti labi, paldies šoferim {i}" for i in range(30)]
    (tmp_path / "a.csv").write_bytes(frame.to_csv(index=False).encode(encoding))
    assert assert_same(tmp_path / "a.csv")["text"][29].startswith("Ātri un lēti, ļoti")


def test_lines_of_two_encodings(tmp_path):
    lines = as_csv(answers(30)).decode().splitlines(keepends=True)
    data = b"".join(
        line.replace("bezorger", "bezörger").encode("cp1252" if "bezorger 2" in line else "utf-8")
        for line in lines
    )
    (tmp_path / "a.csv").write_bytes(data)
    whole = assert_same(tmp_path / "a.csv")
    assert whole["text"][14] == "Snelle levering, vriendelijke bezörger 2"
    assert any("mixes encodings" in note for note in info(whole)["notes"])


@pytest.mark.parametrize("enough", [100_000, 30])
def test_several_files_cross_their_borders(tmp_path, monkeypatch, enough):
    monkeypatch.setattr(sampling, "ENOUGH", enough)
    (tmp_path / "march.csv").write_bytes(as_csv(answers(11)))
    (tmp_path / "april.jsonl").write_bytes(as_jsonl(answers(20)))
    (tmp_path / "may.parquet").write_bytes(as_parquet(answers(16)[answers(16).columns[::-1]]))
    files = [tmp_path / "march.csv", tmp_path / "april.jsonl", tmp_path / "may.parquet"]
    whole = assert_same(files)
    assert whole["respondent_id"].tolist()[10:12] == ["march r10", "april r0"]
    parts, _ = in_parts(files, 7)
    assert [len(part) for part in parts] == [7, 7, 7, 7, 7, 7, 5]


def test_ids_that_are_blank_in_several_files(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(as_csv(repeated_ids(13)))
    assert_same([tmp_path / "a.csv", tmp_path / "b.csv"])


def test_notes_are_shared_by_what_is_made_of_a_table(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(answers(30)))
    whole = read_comments(tmp_path / "a.csv")
    write_table(whole, tmp_path / "a.parquet")
    own = read_comments(tmp_path / "a.parquet")
    for table in (whole, own, join_parts(*in_parts(tmp_path / "a.csv", 7))):
        assert table.head().attrs[INFO] is table.attrs[INFO]  # not copied down to the last entry
        assert info(table) == info(whole)


def test_own_comments_tables(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(several_questions(30)))
    write_table(read_comments(tmp_path / "a.csv"), tmp_path / "a.parquet")
    whole = assert_same(tmp_path / "a.parquet", sizes=(7, 100))
    assert info(whole)["files"][0]["name"] == "a.csv"


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
tables = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "", " a "]),
        st.sampled_from(["0", "7", "10", "8/10", "n/a", "weet niet", "55", "", "4"]),
        st.one_of(cells, st.sampled_from(["Fine service", "'=1+1", "Slow\r\nagain"])),
        st.sampled_from(["01/02/2026", "13/02/2026", "2026-02-30", "soon", "45000", ""]),
        st.sampled_from(["x", "y", ""]),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=tables, size=st.integers(2, 9), enough=st.sampled_from([100_000, 6]), quoting=st.booleans()
)
def test_any_table_is_the_same_in_parts(tmp_path, monkeypatch, rows, size, enough, quoting):
    monkeypatch.setattr(sampling, "ENOUGH", enough)
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL)
        writer.writerow(["id", "nps", "Comment", "Date", "Segment"])
        writer.writerows(rows)
    options = {
        "id": "id", "text": "Comment", "ratings": {"nps": "nps"}, "date": "Date", "day_first": True,
        "set_aside": True,
    }  # fmt: skip
    try:
        whole = read_comments(tmp_path / "a.csv", **options)
    except FeedbackError as error:
        with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
            in_parts(tmp_path / "a.csv", size, **options)
        return
    parts, noted = in_parts(tmp_path / "a.csv", size, **options)
    pd.testing.assert_frame_equal(join_parts(parts, noted), whole)
    assert noted == info(whole)
