"""Parquet with values that are rare in exports, all of them read as a person would write them."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from feedback_nlp.exports import read_comments
from feedback_nlp.schema import info

UTF8_DAMAGED = pa.array([b"It was fine", b"Lost \xff letter", b"So so"], pa.binary())


def read(tmp_path, **columns):
    table = {"id": ["a", "b", "c"], "nps": [9, 3, 7], "Comment": ["It was fine", "Bad food", "So"]}
    pq.write_table(pa.table({**table, **columns}), tmp_path / "a.parquet")
    return read_comments(tmp_path / "a.parquet", text="Comment", ratings={"nps": "nps"}, id="id")


@pytest.mark.parametrize(
    "ratings",
    [
        pa.array([Decimal("9.00"), Decimal("3.00"), Decimal("7.00")]),
        pa.array([9.0, 3.0, 7.0], pa.float32()),
        pa.array([9.0, 3.0, 7.0]).dictionary_encode(),
        pa.array([9, 3, 7], pa.uint8()).dictionary_encode(),
        pa.array(["9", "3", "7"]).dictionary_encode(),
    ],
    ids=lambda column: str(column.type),
)
def test_ratings_of_any_type(tmp_path, ratings):
    assert read(tmp_path, nps=ratings)["nps"].tolist() == [9, 3, 7]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (pa.array([0.1, None, 2.5], pa.float32()), ["0.1", None, "2.5"]),
        (pa.array([True, None, False]), ["true", None, "false"]),
        (pa.array([["a"], None, []]), ['["a"]', None, "[]"]),
        (pa.array([{"a": 1}, None, {"a": None}]), ['{"a": 1}', None, '{"a": null}']),
        (pa.array([b"x", None, b"\xff"]), ["x", None, "\ufffd"]),
        (pa.array([5, None, 65], pa.time32("s")), ["00:00:05", None, "00:01:05"]),
        (pa.array(["a", None, ""]).dictionary_encode(), ["a", None, None]),
        (pa.nulls(3), [None, None, None]),
    ],
    ids=lambda given: str(given.type) if isinstance(given, pa.Array) else "",
)
def test_other_columns_of_any_type(tmp_path, values, said):
    column = read(tmp_path, Remark=values)["Remark"].astype("object")
    assert column.where(column.notna(), None).tolist() == said


@pytest.mark.parametrize(
    "dates",
    [
        pa.array(
            [dt.datetime(2026, 3, 14, 9, 30), None, dt.datetime(2026, 5, 1)], pa.timestamp(unit)
        )
        for unit in ("s", "ms", "us", "ns")
    ],
    ids=lambda column: str(column.type),
)
def test_dates_of_any_unit(tmp_path, dates):
    found = read(tmp_path, date=dates)["date"]
    assert found.astype("str").tolist()[::2] == ["2026-03-14 09:30:00", "2026-05-01 00:00:00"]
    assert found.isna().tolist() == [False, True, False]


def test_the_clock_on_the_wall_where_there_is_a_time_zone(tmp_path):
    dates = pa.array([0, 1_700_000_000, None], pa.timestamp("s", tz="Europe/Oslo"))
    found = read(tmp_path, date=dates)["date"]
    assert found.astype("str").tolist()[:2] == ["1970-01-01 01:00:00", "2023-11-14 23:13:20"]


@pytest.mark.parametrize("kind", [pa.timestamp("s"), pa.date32()], ids=str)
def test_days_too_far_away_are_unread_dates(tmp_path, kind):
    days = [1_700_000_000, 10**15, None] if pa.types.is_timestamp(kind) else [19_675, 10**8, None]
    comments = read(tmp_path, date=pa.array(days, kind))
    assert comments["date"].notna().tolist() == [True, False, False]
    assert any("1 cells of 'date' are no dates" in note for note in info(comments)["notes"])


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
def test_text_that_is_not_utf_8_loses_those_letters_only(tmp_path, kind):
    offsets = UTF8_DAMAGED.buffers()
    damaged = pa.Array.from_buffers(pa.string(), 3, offsets).cast(kind)
    comments = read(tmp_path, Comment=damaged)
    assert comments["text"].tolist() == ["It was fine", "Lost \ufffd letter", "So so"]
    assert any("replacement character" in note for note in info(comments)["notes"])
