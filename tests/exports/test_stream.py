"""An export read in parts is the export read at once: same rows, same notes, whatever the parts."""

import csv
import gzip
import io
import json
import re
from itertools import islice, pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, FeedbackError, FileFormatError, RatingError
from feedback_nlp.exports import (
    delimited_file,
    join_parts,
    jsonlines,
    open_export,
    parquet_file,
    read_comments,
    sampling,
    write_table,
)
from feedback_nlp.schema import check_comments, info, rating_scales

SAID = [
    "Snelle levering, vriendelijke bezorger",
    "Treg svartid på telefonen",
    'They said "soon",\nand then nothing came',
    "",
    "Ļoti laipna apkalpošana šodien",
    "Too expensive for what it is",
    "The driver was late again and rude",
]


def answers(n, **more):
    frame = pd.DataFrame(
        {
            "Response ID": [f"r{i}" for i in range(n)],
            "How likely are you to recommend us?": [(7 * i) % 11 for i in range(n)],
            "Comment": [SAID[i % 7] and f"{SAID[i % 7]} {i // 7}" for i in range(n)],
            "Region": ["north", "south", "", "east"] * (n // 4) + ["north"] * (n % 4),
            "Submitted at": [f"2026-0{1 + i % 9}-1{i % 10} 1{i % 10}:00" for i in range(n)],
        }
    )
    return frame.assign(**{name: values[:n] for name, values in more.items()}).astype("object")


def several_questions(n):
    why = [f"Because of reason {i} which is long" for i in range(n)]
    better = ["" if i % 3 else f"Make it better please {i}" for i in range(n)]
    frame = answers(n).drop(columns="Comment")
    return frame.assign(**{"Why did you give this score?": why, "What could we do better?": better})


def words(n):
    said = ["Very satisfied", "satisfied", "neutral", "Dissatisfied", "very dissatisfied"]
    said += ["don't know", "VERY SATISFIED", ""]
    column = [said[i % 8] for i in range(n)]
    return answers(n).assign(**{"Overall satisfaction": column}).iloc[:, [0, 2, 3, 5]]


def odd_words(n):
    frame = words(n)
    frame.loc[5::9, "Overall satisfaction"] = [
        "satisfid" if i % 2 else "bananas" for i in range(len(frame[5::9]))
    ]
    return frame


def off_the_scale(n):
    frame = answers(n)
    frame.loc[3::10, "How likely are you to recommend us?"] = 55
    frame.loc[[4, 8], ["Comment"]] = ""
    frame.loc[8, "How likely are you to recommend us?"] = "eleven"
    return frame


def changed_scale(n):
    frame = answers(n).rename(columns={"How likely are you to recommend us?": "Overall rating"})
    frame["Submitted at"] = pd.date_range("2024-01-01", periods=n).strftime("%Y-%m-%d")
    frame["Overall rating"] = [1 + i % 5 if i < n // 2 else 1 + (3 * i) % 10 for i in range(n)]
    return frame


def repeated_people(n):
    frame = answers(n).rename(columns={"Response ID": "Customer ID"})
    frame["Customer ID"] = [f"c{i % 5}" if i % 6 else "" for i in range(n)]
    return frame


def repeated_ids(n):
    frame = answers(n)
    frame["Response ID"] = [f" r{i % 4} " if i % 9 else "" for i in range(n)]
    return frame


def untidy(n):
    frame = answers(n, status=[f"s{i % 3}" for i in range(n)])
    frame["Quality of service"] = [1 + i % 5 for i in range(n)]
    frame["Price"] = [str(1 + i % 5) if i % 4 else "n.v.t. of zo" for i in range(n)]
    frame["Language"] = [("nl", "en", "klingon", "")[i % 4] for i in range(n)]
    frame["Question"] = [("Why this score?", "What  else?")[i % 2] for i in range(n)]
    frame["Submitted at"] = [
        ("03/04/2026", "45000", "05/06/2025 10:30", "soon")[i % 4] for i in range(n)
    ]
    frame = frame.astype("object")
    frame.loc[n - 2] = frame.loc[0]
    frame.loc[n - 1] = ""
    frame.loc[1, "Comment"] = "lost \ufffd letters"
    frame.loc[2, "Comment"] = "itâ€™s garbled"
    return frame


KINDS = {
    "plain": answers, "several questions": several_questions, "words": words, "odd words": odd_words,
    "off the scale": off_the_scale, "changed scale": changed_scale, "people": repeated_people,
    "ids": repeated_ids, "untidy": untidy,
}  # fmt: skip


def as_csv(frame, **options):
    return frame.to_csv(index=False, **options).encode()


def as_jsonl(frame):
    kept = [{k: v for k, v in row.items() if v != ""} for row in frame.to_dict("records")]
    return "".join(json.dumps(row, default=str) + "\n\n" for row in kept).encode()


def as_parquet(frame):
    out = io.BytesIO()
    frame.astype("str").set_index(frame.columns[0]).to_parquet(out, row_group_size=5)
    return out.getvalue()


def as_xlsx(frame):
    out = io.BytesIO()
    frame.to_excel(out, index=False, engine="xlsxwriter")
    return out.getvalue()


def as_zst(data):
    return pa.compress(data[:100], "zstd", asbytes=True) + pa.compress(
        data[100:], "zstd", asbytes=True
    )


FORMATS = {
    "a.csv": as_csv,
    "a.tsv": lambda frame: as_csv(frame, sep="\t"),
    "semicolon.csv": lambda frame: b"sep=;\r\n" + as_csv(frame, sep=";", lineterminator="\r\n"),
    "a.csv.gz": lambda frame: gzip.compress(as_csv(frame)) + gzip.compress(b""),
    "a.csv.zst": lambda frame: as_zst(as_csv(frame)),
    "a.jsonl": as_jsonl,
    "a.jsonl.zst": lambda frame: as_zst(as_jsonl(frame)),
    "a.json": lambda frame: json.dumps(frame.to_dict("records"), default=str).encode(),
    "a.parquet": as_parquet,
    "a.xlsx": as_xlsx,
}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    for module in (delimited_file, jsonlines, parquet_file):
        monkeypatch.setattr(module, "BLOCK_ROWS", 11)


def in_parts(sources, size, **options):
    with open_export(sources, part_rows=size, **options) as export:
        return list(export.parts()), export.info


def assert_same(sources, sizes=(1, 7), **options):
    """Read an export at once and in parts; return the table."""
    whole = read_comments(sources, **options)
    for size in sizes:
        parts, noted = in_parts(sources, size, **options)
        pd.testing.assert_frame_equal(join_parts(parts, noted), whole)
        assert noted == info(whole)
        k = noted["comments"]["per_row"]
        assert all(len(part) % k == 0 and len(part) <= size * k for part in parts)
    return whole


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("enough", [100_000, 40])
def test_parts_are_the_whole_whatever_is_in_it(tmp_path, monkeypatch, kind, enough):
    monkeypatch.setattr(sampling, "ENOUGH", enough)
    (tmp_path / "a.csv").write_bytes(as_csv(KINDS[kind](73)))
    whole = assert_same(tmp_path / "a.csv", sizes=(2, 19), set_aside=True)
    assert any("decided from 40 of 73" in note for note in info(whole)["notes"]) == (enough == 40)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("enough", [100_000, 20])
def test_parts_are_the_whole_in_every_format(tmp_path, monkeypatch, name, enough):
    monkeypatch.setattr(sampling, "ENOUGH", enough)
    (tmp_path / name).write_bytes(FORMATS[name](answers(26)))
    whole = assert_same(tmp_path / name, sizes=(2, 7))
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


def test_broken_rows_are_counted_and_keep_their_numbers(tmp_path):
    lines = as_csv(answers(12).drop(columns="Response ID")).decode().split("\n")
    lines[9:9] = ["5,too,many,cells,here,and,here", "few"]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    whole = assert_same(tmp_path / "a.csv", set_aside=True)
    assert info(whole)["rows"] == {
        "read": 14, "used": 12,
        "set_aside": {"more cells than the header": 1, "fewer cells than the header": 1},
    }  # fmt: skip
    assert "row 10" in set(whole["comment_id"])
    with pytest.raises(FileFormatError) as at_once:
        read_comments(tmp_path / "a.csv")
    with pytest.raises(FileFormatError) as in_stream:
        open_export(tmp_path / "a.csv")
    assert str(at_once.value) == str(in_stream.value)


def test_broken_lines_of_json(tmp_path):
    data = as_jsonl(answers(9)) + b"[1]\n{no\n" + as_jsonl(answers(12).tail(3))
    (tmp_path / "a.jsonl").write_bytes(data)
    assert info(assert_same(tmp_path / "a.jsonl", set_aside=True))["rows"]["read"] == 14


def test_quotes_that_are_not_doubled(tmp_path):
    rows = "".join(f'{i},9,"fine" said {i}\n' for i in range(6))
    (tmp_path / "a.csv").write_text(f"id,nps,Comment\n{rows}")
    notes = info(assert_same(tmp_path / "a.csv"))["notes"]
    assert sum("not doubled" in note for note in notes) == 1


def test_a_column_without_header_that_is_filled_late(tmp_path):
    rows = "".join(f"{i},{i % 11},It was fine {i},{'late' if i > 7 else ''},\n" for i in range(12))
    (tmp_path / "a.csv").write_text(f"id,nps,Comment,,\n{rows}\n\n")
    whole = assert_same(tmp_path / "a.csv")
    assert whole["column 4"].notna().sum() == 4
    assert "column 5" not in whole
    named = assert_same(tmp_path / "a.csv", id="column 4", set_aside=True)
    assert named["comment_id"].tolist()[6:10] == ["row 7/1", "row 8/1", "late/1", "late/2"]


def test_values_that_come_up_late_in_json(tmp_path):
    rows = [{"nps": i % 11, "comment": f"It was fine {i}"} for i in range(9)]
    rows += [{"nps": 3, "comment": f"Bad {i}", "response": {"id": "x"}} for i in range(3)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    whole = assert_same(tmp_path / "a.jsonl", id="response.id")
    assert whole["comment_id"].tolist()[7:] == ["row 8/1", "row 9/1", "x/1", "x/2", "x/3"]


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


def test_a_reader_starts_again_at_any_part(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(repeated_people(30)))
    parts, noted = in_parts(tmp_path / "a.csv", 4)
    with open_export(tmp_path / "a.csv", part_rows=4) as export:
        assert len(export) == len(parts) == 8
        for start in (7, 3, 0):
            again = list(export.parts(start))
            for one, other in zip(again, parts[start:], strict=True):
                pd.testing.assert_frame_equal(one, other)
            assert export.info == noted


def test_a_part_knows_its_scales_and_the_notes_come_last(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(answers(10)))
    with open_export(tmp_path / "a.csv", part_rows=4) as export:
        part = next(export.parts())
        with pytest.raises(FeedbackError, match="last part"):
            _ = export.info
        assert rating_scales(part)["nps"].high == 10
        assert info(part)["segments"] == export.known["segments"]
        check_comments(part, needs=("comment_id", "text", "nps"))
        assert part["Region"].cat.categories.tolist() == ["east", "north", "south"]


def test_ratings_that_do_not_fit_are_refused_before_the_first_part(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(off_the_scale(30)))
    with pytest.raises(RatingError) as at_once:
        read_comments(tmp_path / "a.csv")
    with pytest.raises(RatingError) as in_stream:
        open_export(tmp_path / "a.csv")
    assert str(at_once.value) == str(in_stream.value)
    assert "row 4" in str(at_once.value)


def test_a_rating_that_did_not_decide_and_does_not_fit(tmp_path, monkeypatch):
    monkeypatch.setattr(sampling, "ENOUGH", 10)
    frame = answers(200)
    drawn = sampling.drawn(sampling.priorities(0, 200, 10), 10)
    odd = next(i for i in range(150, 200) if i not in drawn and SAID[i % 7])
    frame.loc[odd, "How likely are you to recommend us?"] = 99
    (tmp_path / "a.csv").write_bytes(as_csv(frame))
    with open_export(tmp_path / "a.csv", part_rows=20) as export:
        parts = export.parts()
        assert len(list(islice(parts, odd // 20))) == odd // 20
        with pytest.raises(RatingError, match=rf"'99' in row {odd + 1} \(line"):
            next(parts)
    whole = assert_same(tmp_path / "a.csv", sizes=(20,), set_aside=True)
    assert info(whole)["ratings_set_aside"] == {"nps": {"rating 99 is off the scale 0–10": 1}}


def test_words_of_the_scale_that_did_not_decide_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(sampling, "ENOUGH", 20)
    frame = words(300)
    frame["Overall satisfaction"] = [
        "satisfied" if i % 2 else "very dissatisfied" for i in range(300)
    ]
    drawn = sampling.drawn(sampling.priorities(0, 300, 20), 20)
    late = [i for i in range(290, 300) if i not in drawn]
    frame.loc[late[0], "Overall satisfaction"] = "Neutral"
    (tmp_path / "a.csv").write_bytes(as_csv(frame))
    assert assert_same(tmp_path / "a.csv", sizes=(50,))["csat"][late[0]] == 3.0


def test_no_row_that_can_be_used(tmp_path):
    (tmp_path / "a.csv").write_text("id,nps,Comment\n" + "".join(f"{i},55,\n" for i in range(5)))
    with pytest.raises(ColumnError) as at_once:
        read_comments(tmp_path / "a.csv", set_aside=True)
    with (
        pytest.raises(ColumnError) as in_stream,
        open_export(tmp_path / "a.csv", set_aside=True, part_rows=2) as export,
    ):
        list(export.parts())
    assert str(at_once.value) == str(in_stream.value)


def test_a_part_without_a_row_that_can_be_used_is_left_out(tmp_path):
    frame = answers(12)
    frame.loc[4:7, :] = ""
    (tmp_path / "a.csv").write_bytes(as_csv(frame))
    assert_same(tmp_path / "a.csv", set_aside=True)
    parts, noted = in_parts(tmp_path / "a.csv", 4)
    assert [len(part) for part in parts] == [4, 4]
    assert noted["rows"] == {"read": 12, "used": 8, "set_aside": {"an empty row": 4}}


def test_a_file_that_changes_between_two_readings(tmp_path, monkeypatch):
    monkeypatch.setattr(sampling, "ENOUGH", 10)
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(answers(30)))
    with open_export(path, part_rows=7) as export:
        parts = export.parts()
        next(parts)
        path.write_bytes(as_csv(answers(29)))
        with pytest.raises(FileFormatError, match="was changed while it was read"):
            list(parts)


def test_own_comments_tables(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(several_questions(30)))
    write_table(read_comments(tmp_path / "a.csv"), tmp_path / "a.parquet")
    whole = assert_same(tmp_path / "a.parquet", sizes=(1, 7, 100))
    assert info(whole)["files"][0]["name"] == "a.csv"


def test_parts_of_no_rows(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(answers(3)))
    with pytest.raises(FileFormatError, match="at least one row"):
        open_export(tmp_path / "a.csv", part_rows=0)


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
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=tables, size=st.integers(1, 9), enough=st.sampled_from([100_000, 6]), quoting=st.booleans()
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


@given(
    total=st.integers(1, 400),
    most=st.integers(2, 60),
    cuts=st.lists(st.integers(1, 90), min_size=1),
)
def test_the_rows_that_decide_do_not_depend_on_how_an_export_is_cut(total, most, cuts):
    at_once = sampling.drawn(sampling.priorities(0, total, most), most)
    assert len(at_once) == min(total, most)
    assert at_once[: most // 2].tolist() == list(range(min(total, most // 2)))
    places = np.minimum(np.cumsum([0, *cuts, total]), total)
    pieces = [sampling.priorities(a, b - a, most) for a, b in pairwise(places)]
    assert np.concatenate(pieces).tolist() == sampling.priorities(0, total, most).tolist()
