"""Answers become numbers on a scale that is recognised or declared; what does not fit is said."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, RatingError
from feedback_nlp.exports import read_comments
from feedback_nlp.schema import info, rating_scales, respondents

TEXT = "The delivery was quick and the driver friendly"


def read(tmp_path, header, answers, *, texts=None, extra=None, **options):
    frame = pd.DataFrame(
        {
            header: answers,
            "comment": texts or [f"{TEXT} {i}" for i in range(len(answers))],
            **(extra or {}),
        }
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    return read_comments(tmp_path / "a.csv", **options)


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("7", 7), ("7.0", 7), ("7,0", 7), (" 7 ", 7), ("10 - very likely", 10), ("10 - 5 stars", 10), ("0 = not at all", 0),
        ("10 (zeer waarschijnlijk)", 10), ("9: ja", 9), ("8 von 10", 8), ("7/10", 7), ("6 out of 10", 6), ("5 av 10", 5),
    ],
)  # fmt: skip
def test_answers_that_lead_with_a_number(tmp_path, answer, number):
    assert read(tmp_path, "nps", [answer, "0", "10"])["nps"].iloc[0] == number


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "N/A",
        "n.v.t.",
        "prefer not to say",
        "Weet niet",
        "Vet ikke",
        "Nezinu",
        "keine Angabe",
        "Ne sait pas",
        "No sabe",
        "-",
        "#N/A",
    ],
)
def test_answers_that_are_none(tmp_path, answer):
    comments = read(tmp_path, "nps", [answer, "0", "10"])
    assert comments["nps"].isna().tolist() == [True, False, False]
    assert info(comments)["ratings_set_aside"] == {}


def test_stars(tmp_path):
    comments = read(tmp_path, "stars", ["★★★★☆", "★☆☆☆☆", "⭐⭐⭐"])
    assert comments["csat"].tolist() == [4, 1, 3]
    assert rating_scales(comments)["csat"].high == 5


def test_half_stars_are_a_scale(tmp_path):
    assert read(tmp_path, "rating", ["4,5", "3", "2.5", "1", "5"])["csat"].tolist() == [
        4.5,
        3,
        2.5,
        1,
        5,
    ]


@pytest.mark.parametrize(
    ("header", "ends"),
    [
        ("rating (1-10)", (1, 10)), ("Tevredenheid op een schaal van 1 tot 7", (1, 7)), ("Score von 0 bis 10", (0, 10)),
        ("Vurdering (1–6)", (1, 6)), ("Note de 0 à 10", (0, 10)), ("Rating 1 to 5", (1, 5)), ("Vērtējums no 1 līdz 5", (1, 5)),
    ],
)  # fmt: skip
def test_the_scale_in_the_header(tmp_path, header, ends):
    scale = rating_scales(read(tmp_path, header, [1, 2, 4, 5]))["csat"]
    assert (scale.low, scale.high, scale.reversed) == (*ends, False)


@pytest.mark.parametrize(
    ("answers", "ends"),
    [([1, 5, 3], (1, 5)), ([0, 5, 3], (0, 5)), ([1, 7, 3], (1, 7)), ([2, 10, 3] * 10, (1, 10))],
)
def test_the_scale_from_the_answers(tmp_path, answers, ends):
    scale = rating_scales(read(tmp_path, "satisfaction", answers))["csat"]
    assert (scale.low, scale.high) == ends


@pytest.mark.parametrize(
    "header",
    [
        "Experience (1 = very good, 5 = very poor)",
        "Ervaring (1 = zeer goed, 5 = zeer slecht)",
        "Opplevelse (1 = svært bra, 5 = svært dårlig)",
        "Pieredze (1 = ļoti labi, 5 = ļoti slikti)",
        "Erfahrung (1 = sehr gut, 5 = sehr schlecht)",
        "Expérience (1 = très bien, 5 = très mauvais)",
        "Experiencia (1 = muy bueno, 5 = muy malo)",
        "Satisfaction: 1 (very satisfied) to 5 (very dissatisfied)",
    ],
)
def test_reversed_scales_are_turned_in_seven_languages(tmp_path, header):
    comments = read(tmp_path, header, [1, 5, 2])
    assert comments["csat"].tolist() == [5, 1, 4]
    assert rating_scales(comments)["csat"].reversed
    assert any("ratings are turned" in note for note in info(comments)["notes"])


def test_labels_in_the_answers_tell_the_direction(tmp_path):
    comments = read(tmp_path, "Your experience", ["1 - Very good", "5 - Very poor", "3 - Neither"])
    assert comments["csat"].tolist() == [5, 1, 3]


def test_labels_in_the_usual_order_are_not_turned(tmp_path):
    assert read(tmp_path, "Experience (1 = very poor, 5 = very good)", [1, 5, 2])[
        "csat"
    ].tolist() == [1, 5, 2]


def test_effort_is_turned_so_that_high_is_easy(tmp_path):
    comments = read(tmp_path, "How much effort did it take?", [1, 7, 2])
    assert comments["ces"].tolist() == [7, 1, 6]


def test_an_effort_score_without_direction_says_how_it_was_read(tmp_path):
    notes = info(read(tmp_path, "Customer effort score", [1, 7, 2]))["notes"]
    assert any("--scale ces=7-1" in note for note in notes)


def test_a_declared_scale_wins(tmp_path):
    comments = read(tmp_path, "satisfaction", [1, 4, 3], scales={"csat": "1-4"})
    assert rating_scales(comments)["csat"].to_dict() == {
        "metric": "csat", "low": 1, "high": 4, "reversed": False, "column": "satisfaction", "why": "declared",
        "wording": "",
    }  # fmt: skip


def test_a_declared_reversed_scale(tmp_path):
    assert read(tmp_path, "satisfaction", [1, 4, 3], scales={"csat": "5-1"})["csat"].tolist() == [
        5,
        2,
        3,
    ]


@pytest.mark.parametrize("scale", ["five", "5", "1-5-9", "3-3", "1-5 then", ""])
def test_a_declared_scale_that_is_none(tmp_path, scale):
    with pytest.raises(RatingError, match=r"is no scale for 'csat'.*--scale csat=1-5"):
        read(tmp_path, "satisfaction", [1, 4, 3], scales={"csat": scale})


def test_a_scale_for_a_rating_that_is_not_there(tmp_path):
    with pytest.raises(ColumnError, match=r"declared for 'nps'.*--rating nps=COLUMN"):
        read(tmp_path, "satisfaction", [1, 4, 3], scales={"nps": "0-10"})


def test_one_to_five_is_never_nps(tmp_path):
    comments = read(tmp_path, "How likely are you to recommend us?", [1, 5, 4, 2])
    assert list(info(comments)["scales"]) == ["csat"]
    assert any("that is no NPS" in note for note in info(comments)["notes"])


def test_a_column_called_nps_with_one_to_five_is_asked_about(tmp_path):
    with pytest.raises(
        RatingError,
        match=r"called NPS but holds only answers 1–5.*--scale nps=0-10.*--rating csat='NPS'",
    ):
        read(tmp_path, "NPS", [1, 5, 4, 2] * 5)


def test_one_to_five_named_as_nps_is_refused(tmp_path):
    with pytest.raises(RatingError, match=r"1–5.*--scale nps=0-10"):
        read(tmp_path, "stars", [1, 5, 4, 2] * 5, ratings={"nps": "stars"})


def test_one_to_five_declared_as_nps_is_taken(tmp_path):
    comments = read(tmp_path, "NPS", [1, 5, 4, 2] * 5, scales={"nps": "0-10"})
    assert rating_scales(comments)["nps"].high == 10


def test_letters_in_ratings(tmp_path):
    with pytest.raises(
        RatingError, match=r"1 of 4 answers.*'zeven' in row 2 \(line 3\).*--set-aside"
    ):
        read(tmp_path, "nps", ["9", "zeven", "0", "10"])


@pytest.mark.parametrize(("answer", "reason"), [("11", "rating 11 is off the scale 0–10"), ("-1", "rating -1 is off the scale 0–10"),
                                                ("6.5", "rating 6.5 is not a whole number"), ("7-8", "the rating is not a number"),
                                                ("4/5", "the rating is out of another number than 10")])  # fmt: skip
def test_ratings_that_do_not_fit_are_counted_when_set_aside(tmp_path, answer, reason):
    answers = ["9", answer, "0", "10", *["8"] * 30]
    with pytest.raises(RatingError, match=r"row 2 .*--set-aside"):
        read(tmp_path, "nps", answers)
    comments = read(tmp_path, "nps", answers, set_aside=True)
    assert info(comments)["ratings_set_aside"] == {"nps": {reason: 1}}
    assert info(comments)["rows"] == {"read": 34, "used": 34, "set_aside": {}}
    assert comments["nps"].isna().sum() == 1


def test_a_refused_rating_without_comment_sets_the_row_aside(tmp_path):
    comments = read(tmp_path, "nps", [9, 11, 0], texts=[TEXT, "", TEXT], set_aside=True)
    rows = info(comments)["rows"]
    assert rows["set_aside"] == {"rating 11 is off the scale 0–10, and no comment": 1}
    assert rows["used"] == len(comments) == 2
    assert info(comments)["ratings_set_aside"] == {}


def test_rows_without_rating_and_comment_are_set_aside(tmp_path):
    comments = read(
        tmp_path,
        "nps",
        [9, "", 0, ""],
        texts=[TEXT, "  ", "", TEXT],
        extra={"branch": list("abab")},
    )
    assert info(comments)["rows"] == {
        "read": 4,
        "used": 3,
        "set_aside": {"no rating and no comment": 1},
    }
    assert info(comments)["comments"]["blank"] == 1


def test_no_usable_row_at_all(tmp_path):
    with pytest.raises(ColumnError, match=r"No row of a.csv .*no comment \(2\)"):
        read(
            tmp_path, "nps", ["", ""], texts=["", " "], text="comment", extra={"branch": list("ab")}
        )


def test_a_rating_column_without_answers(tmp_path):
    with pytest.raises(RatingError, match=r"has no answers"):
        read(tmp_path, "nps", ["", "n/a"], ratings={"nps": "nps"})


def test_a_few_codes_above_a_small_scale_are_asked_about(tmp_path):
    with pytest.raises(
        RatingError,
        match=r"1 to 5 and 2 above \(6, 7; first in row 51.*--scale csat=1-5 --set-aside.*--scale csat=1-7",
    ):
        read(tmp_path, "satisfaction", [1, 2, 3, 4, 5] * 10 + [6, 7] + [5] * 10)


def test_a_code_for_missing_is_off_the_scale(tmp_path):
    with pytest.raises(RatingError, match=r"rating 99 is off the scale 1–5"):
        read(tmp_path, "satisfaction", [1, 2, 3, 4, 5, 99])


def changing(tmp_path, **options):
    """1–5 in 2023, 1–10 in 2024."""
    old = [1, 2, 3, 4, 5] * 20
    new = [1, 9, 8, 6, 10, 2, 7, 3] * 5
    dates = [f"2023-{1 + i % 12:02d}-05" for i in range(100)] + [
        f"2024-{1 + i % 8:02d}-07" for i in range(40)
    ]
    return read(tmp_path, "overall_rating", old + new, extra={"date": dates}, **options)


def test_a_scale_that_changes_keeps_the_last_part(tmp_path):
    comments = changing(tmp_path)
    assert comments["csat"].notna().sum() == 35
    assert rating_scales(comments)["csat"].high == 10
    assert info(comments)["ratings_set_aside"] == {
        "csat": {"rating on an older 1–5 scale (before 2024-02-07)": 105}
    }
    assert info(comments)["rows"]["used"] == 140
    assert any(
        "changes within the file" in note and "2024-02-07" in note
        for note in info(comments)["notes"]
    )


def test_a_declared_change_brings_older_ratings_onto_the_new_scale(tmp_path):
    comments = changing(tmp_path, scales={"csat": "1-5 then 1-10"})
    old = comments[comments["date"] < "2024-01-01"]["csat"]
    assert sorted(old.unique()) == [1, 3.25, 5.5, 7.75, 10]
    assert info(comments)["ratings_set_aside"] == {}


def test_a_declared_single_scale_keeps_all(tmp_path):
    assert changing(tmp_path, scales={"csat": "1-10"})["csat"].notna().all()


def test_a_declared_change_without_dates(tmp_path):
    with pytest.raises(RatingError, match=r"no date shows where.*--date"):
        read(tmp_path, "satisfaction", [1, 5, 9, 10], scales={"csat": "1-5 then 1-10"})


def test_chance_is_no_change_of_scale(tmp_path):
    dates = [f"2024-01-{1 + i:02d}" for i in range(20)]
    comments = read(
        tmp_path, "overall_rating (1-10)", [3] * 5 + [8, 9, 2, 10, 7] * 3, extra={"date": dates}
    )
    assert comments["csat"].notna().all()


def test_a_respondent_with_two_ratings_counts_with_the_last(tmp_path):
    comments = read(
        tmp_path,
        "nps",
        [3, 9, 10],
        extra={"customer id": ["a", "a", "b"], "date": ["2024-05-02", "2024-04-01", "2024-04-01"]},
    )
    assert any(
        "1 respondents gave different answers for nps" in note for note in info(comments)["notes"]
    )
    assert respondents(comments, "nps").set_index("respondent_id")["nps"].to_dict() == {
        "a": 3,
        "b": 10,
    }


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=30).filter(lambda x: max(x) > 5))
def test_ratings_come_in_as_they_were_given(tmp_path_factory, answers):
    comments = read(tmp_path_factory.mktemp("x"), "nps", answers)
    assert comments["nps"].tolist() == answers


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_turning_twice_is_no_turn(tmp_path_factory, answers):
    folder = tmp_path_factory.mktemp("x")
    turned = read(folder, "satisfaction", answers, scales={"csat": "5-1"})["csat"]
    assert (6 - turned).tolist() == answers
