"""Stars, keycaps, faces, thumbs, lights and digits in all the ways people and tools write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import RatingError
from feedback_nlp.exports import parse_ratings
from feedback_nlp.exports.answers import parse_answer


@pytest.mark.parametrize(
    ("answer", "number", "top"),
    [
        ("★★★★☆", 4, 5), ("⭐⭐⭐⭐", 4, None), ("⭐️⭐️⭐️", 3, None), ("★★★½", 3.5, None), ("☆☆☆☆☆", 0, 5),
        ("⭐ x 4", 4, None), ("⭐×4", 4, None), ("4 ⭐", 4, None), ("4⭐", 4, None), ("4 x ⭐", 4, None), ("4,5 ⭐", 4.5, None),
        ("4 stars", 4, None), ("1 star", 1, None), ("4 sterren", 4, None), ("1 ster", 1, None), ("4 stjerner", 4, None),
        ("4 zvaigznes", 4, None), ("4 Sterne", 4, None), ("1 Stern", 1, None), ("4 étoiles", 4, None), ("4 estrellas", 4, None),
        ("4 out of 5 stars", 4, 5), ("4 von 5 Sternen", 4, 5), ("4 van de 5 sterren", 4, 5), ("4/5 ⭐", 4, 5), ("4 sur 5", 4, 5),
        ("5️⃣", 5, None), ("0️⃣", 0, None), ("🔟", 10, None), ("７", 7, None), ("\u200e7\u200e", 7, None), ("7\ufeff", 7, None),
        ("7,5", 7.5, None), ("10 - very likely", 10, None), ("+3", 3, None), ("8 von 10", 8, 10),
    ],
)  # fmt: skip
def test_one_answer_as_a_number(answer, number, top):
    read = parse_answer(answer)
    assert read.value == number
    assert (None if math.isnan(read.top) else read.top) == top


@pytest.mark.parametrize(
    ("answers", "values", "wording"),
    [
        ("😡 😐 😃", [1, 2, 3], "faces-3"),
        ("🙁 😐 🙂", [1, 2, 3], "faces-3"),
        ("☹️ 😐 ☺️", [1, 2, 3], "faces-3"),
        ("😡 🙁 😐 🙂 😃", [1, 2, 3, 4, 5], "faces-5"),
        ("😞 😕 😐 😊 😍", [1, 2, 3, 4, 5], "faces-5"),
        ("👎 👍", [0, 1], "thumbs-2"),
        ("👎🏿 👍🏽 👍🏻 👍", [0, 1, 1, 1], "thumbs-2"),
        ("🔴 🟠 🟢", [1, 2, 3], "traffic-3"),
        ("🔴 🟡 🟢", [1, 2, 3], "traffic-3"),
        ("🔴 🟠 🟡 🟢", [1, 2, 3, 4], "traffic-4"),
        ("✅ ❌ ✔️ ✖️", [1, 0, 1, 0], "yes-no"),
    ],
)
def test_pictures(answers, values, wording):
    parsed = parse_ratings(answers.split(" "))
    assert parsed.table["value"].tolist() == values
    assert parsed.scale.wording == wording


def test_stars_and_digits_on_one_scale():
    parsed = parse_ratings(["★★★★☆", "5", "3 stars", "⭐⭐", "1/5"])
    assert parsed.table["value"].tolist() == [4, 5, 3, 2, 1]
    assert (parsed.scale.low, parsed.scale.high, parsed.scale.wording) == (1, 5, "")


def test_stars_out_of_another_number_are_set_aside():
    parsed = parse_ratings(["very satisfied", "satisfied", "neutral", "★★★☆"])
    assert parsed.table["reason"].tolist() == [
        "",
        "",
        "",
        "the rating is out of another number than 5",
    ]


def test_a_face_beside_words_decorates_them():
    parsed = parse_ratings(["😀 Very satisfied", "🙁 Dissatisfied", "😐 Neutral", "🙂 satisfied"])
    assert parsed.table["value"].tolist() == [5, 2, 3, 4]


def test_a_shrug_is_no_answer():
    parsed = parse_ratings(["👍", "👎", "🤷🏽‍♀️"])
    assert parsed.table["missing"].tolist() == ["", "", "don't know"]


@pytest.mark.parametrize(
    "answer", ["seven", "4 or 5", "7-8", "five stars", "½", "👍👎", "x5", "10%", "-"]
)
def test_what_is_no_number_is_never_made_one(answer):
    assert math.isnan(parse_answer(answer).value)


@pytest.mark.parametrize(
    "answer",
    [
        "satisfait(e" * 9000, "1" * 99_999, "★" * 9, "(" * 99_999, "a(1)" * 30_000, "very " * 30_000, "-" * 99_999,
        "e/s" * 60, "\u202e5", "\u200b" * 99_999, "very satisfied" + " " * 99_999, "5 - " + "x" * 99_999, "ß" * 500,
    ],
)  # fmt: skip
def test_odd_cells_are_read_or_set_aside_and_harm_nobody(answer):
    table = parse_ratings([answer, "5", "4", "1"], "1-5").table
    assert table["value"].tolist()[1:] == [5, 4, 1]
    assert table["value"].between(1, 5).sum() + table["value"].isna().sum() == 4


def test_time_grows_with_the_length_of_a_cell(time_grows_with_length):
    for text in (
        "very (satisfied) " * 20_000,
        "5 - (" * 60_000,
        "é/e" * 90_000,
        "1 x ⭐ " * 40_000,
    ):
        assert time_grows_with_length(parse_answer, text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    read = parse_answer(text)
    assert math.isnan(read.value) or read.readable
    assert not (read.missing and not math.isnan(read.value))


@given(st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_any_column_gives_ratings_on_its_scale_or_an_error(answers):
    try:
        parsed = parse_ratings(answers)
    except RatingError:
        return
    values = parsed.table["value"].dropna()
    assert values.between(parsed.scale.low, parsed.scale.high).all()
    assert len(parsed.table) == len(answers)
    assert (parsed.table["reason"].eq("") | parsed.table["value"].isna()).all()


@pytest.mark.parametrize("answer", ["5 €", "4$", "€5", "80 % satisfied", "80%", "80 %", "20°"])
def test_amounts_are_no_ratings(answer):
    assert not parse_answer(answer).readable


def test_asterisks_are_neither_stars_nor_silence():
    read = parse_answer("*****")
    assert (read.readable, read.missing) == (False, "")
    parsed = parse_ratings(["*", "*****"], "*|**|***|****|*****")
    assert parsed.table["value"].tolist() == [1, 5]


@pytest.mark.parametrize(
    "answers", [["IV", "V"], ["🇳🇱", "🏳️\u200d🌈"], ["2024-01-02"], ["<b>", "=A1"]]
)
def test_a_column_that_cannot_be_read_has_no_scale(answers):
    with pytest.raises(RatingError, match="No answer in column 'rating' can be read") as raised:
        parse_ratings(answers)
    assert "in row 1" in str(raised.value)
    assert "nan" not in str(raised.value)
