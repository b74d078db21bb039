"""Dates in every usual way of writing; day and month are told apart by the whole column."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports import read_comments
from feedback_nlp.schema import info

TEXT = "The delivery was quick and the driver friendly"


def read(folder, dates, header="date", **options):
    n = len(dates)
    frame = pd.DataFrame(
        {"nps": [9] * n, "comment": [f"{TEXT} {i}" for i in range(n)], header: dates}
    )
    frame.to_csv(folder / "a.csv", index=False)
    return read_comments(folder / "a.csv", **options)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-09", "2024-03-09"), ("2024-03-09T14:05:06Z", "2024-03-09 14:05:06"), ("2024-03-09 14:05:06.123+02:00", "2024-03-09 14:05:06"),
        ("2024/03/09", "2024-03-09"), ("20240309", "2024-03-09"), ("2024-03", "2024-03-01"), ("09.03.2024", "2024-03-09"),
        ("9. 3. 2024", "2024-03-09"), ("19/03/2024 20:09", "2024-03-19 20:09"), ("19-03-24", "2024-03-19"), ("19/03/2024 8:09 pm", "2024-03-19 20:09"),
        ("19th November 2023", "2023-11-19"), ("1st of May 2023", "2023-05-01"), ("Nov 19, 2023", "2023-11-19"), ("Sunday, 19 November 2023", "2023-11-19"),
        ("19 maart 2024", "2024-03-19"), ("19. mars 2024", "2024-03-19"), ("2024. gada 19. marts", "2024-03-19"), ("2024. gada 19. martā", "2024-03-19"), ("2024. gada 5. jūnijā", "2024-06-05"), ("2024. gada 5. augustā", "2024-08-05"),
        ("19. März 2024", "2024-03-19"), ("1er août 2024", "2024-08-01"), ("19 de marzo de 2024", "2024-03-19"), ("19-mei-2024", "2024-05-19"),
        ("19. desember 2024", "2024-12-19"), ("19. decembris 2024", "2024-12-19"), ("November 2023", "2023-11-01"), ("31/02/2024", None),
    ],
)  # fmt: skip
def test_ways_to_write_a_date(tmp_path, written, meant):
    comments = read(tmp_path, [written, "2024-01-31", "2024-01-30"], date="date")
    assert (
        comments["date"].iloc[0] is pd.NaT
        if meant is None
        else comments["date"].iloc[0] == pd.Timestamp(meant)
    )


def test_day_first_is_told_by_the_whole_column(tmp_path):
    assert read(tmp_path, ["03/04/2024", "25/04/2024"])["date"].dt.month.tolist() == [4, 4]


def test_month_first_is_told_by_the_whole_column(tmp_path):
    comments = read(tmp_path, ["03/04/2024", "04/25/2024"])
    assert comments["date"].dt.month.tolist() == [3, 4]
    assert any("month first" in note for note in info(comments)["notes"])


def test_day_first_when_nothing_tells_and_that_is_said(tmp_path):
    comments = read(tmp_path, ["03/04/2024", "05/06/2024"])
    assert comments["date"].dt.month.tolist() == [4, 6]
    assert any(
        "read as day first" in note and "--month-first" in note for note in info(comments)["notes"]
    )


def test_points_need_no_note(tmp_path):
    assert info(read(tmp_path, ["03.04.2024", "05.06.2024"]))["notes"] == []


def test_the_user_can_say_month_first(tmp_path):
    assert read(tmp_path, ["03/04/2024", "05/06/2024"], day_first=False)[
        "date"
    ].dt.month.tolist() == [3, 5]


def test_both_orders_in_one_column(tmp_path):
    with pytest.raises(
        ColumnError,
        match=r"mixes two ways.*'25/04/2024'.*'04/25/2024'.*--day-first or --month-first",
    ):
        read(tmp_path, ["25/04/2024", "04/25/2024"])


def test_unreadable_dates_are_counted_and_missing(tmp_path):
    comments = read(tmp_path, ["2024-03-09", "soon", "2024-03-11", ""])
    assert comments["date"].isna().tolist() == [False, True, False, True]
    assert any(
        note.startswith("1 cells of 'date'") and "'soon' in row 2" in note
        for note in info(comments)["notes"]
    )


def test_a_named_column_without_dates(tmp_path):
    with pytest.raises(ColumnError, match=r"'soon' in row 1.*--date"):
        read(tmp_path, ["soon", "later"], date="date")


def test_the_date_of_the_answer_goes_before_others(tmp_path):
    frame = pd.DataFrame(
        {
            "Date of birth": ["1980-01-01"],
            "Order date": ["2024-01-01"],
            "Response date": ["2024-02-02"],
            "nps": [9],
            "comment": [TEXT],
        }
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    assert read_comments(tmp_path / "a.csv")["date"].iloc[0] == pd.Timestamp("2024-02-02")


@pytest.mark.parametrize(
    "header", ["Datum", "Dato", "Datums", "Fecha", "Ingevuld op", "Tidspunkt", "Survey Date", "x"]
)
def test_date_columns_by_header_and_values(tmp_path, header):
    assert read(tmp_path, ["2024-03-09", "2024-03-10"], header=header)["date"].notna().all()


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.datetimes(min_value=pd.Timestamp("1990-01-01"), max_value=pd.Timestamp("2060-01-01")),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(
        ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d %B %Y %H:%M:%S"]
    ),
)
def test_dates_come_back_as_they_were_written(tmp_path_factory, days, how):
    days = [day.replace(microsecond=0) for day in days]
    written = [day.strftime(how) for day in days]
    assert read(tmp_path_factory.mktemp("x"), written, day_first=True)["date"].tolist() == days
