"""Columns answered in words: the scale is chosen for the whole column, and nothing is guessed."""

import pandas as pd
import pytest

from feedback_nlp.errors import FeedbackError, RatingError
from feedback_nlp.exports import parse_ratings, read_comments, roles_table
from feedback_nlp.schema import info, rating_scales

TEXT = "The delivery was quick and the driver friendly"
FIVE = [
    "Very satisfied",
    "Satisfied",
    "Neither satisfied nor dissatisfied",
    "Dissatisfied",
    "Very dissatisfied",
]


def read(tmp_path, header, answers, *, extra=None, **options):
    frame = pd.DataFrame(
        {header: answers, "comment": [f"{TEXT} {i}" for i in range(len(answers))], **(extra or {})}
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    return read_comments(tmp_path / "a.csv", **options)


def values(answers, scale=None, **options):
    return parse_ratings(answers, scale, **options).table["value"].tolist()


@pytest.mark.parametrize(
    ("answers", "numbers", "wording"),
    [
        (FIVE, [5, 4, 3, 2, 1], "satisfaction-5"),
        (["very satisfied", "satisfied", "somewhat satisfied", "neutral"], [7, 6, 5, 4], "satisfaction-7"),
        (["extremely satisfied", "very satisfied", "somewhat satisfied", "not so satisfied"], [5, 4, 3, 2], "satisfaction-degree-5"),
        (["extremely satisfied", "somewhat satisfied", "neutral", "somewhat dissatisfied", "extremely dissatisfied"], [5, 4, 3, 2, 1], "satisfaction-5"),
        (["sehr zufrieden", "eher zufrieden", "eher unzufrieden", "sehr unzufrieden"], [4, 3, 2, 1], "satisfaction-4"),
        (["très satisfaite", "plutôt satisfait", "peu satisfait(e)", "pas du tout satisfait·e"], [4, 3, 2, 1], "satisfaction-4"),
        (["excellent", "very good", "good", "fair", "poor"], [5, 4, 3, 2, 1], "quality-excellent-5"),
        (["excellent", "good", "average", "poor", "terrible"], [5, 4, 3, 2, 1], "quality-5"),
        (["excelente", "bueno", "regular", "malo", "pésimo"], [5, 4, 3, 2, 1], "quality-5"),
        (["zeer goed", "goed", "voldoende", "matig", "slecht"], [5, 4, 3, 2, 1], "quality-moderate-5"),
        (["good", "fair", "poor"], [3, 2, 1], "quality-3"),
        (["helt enig", "delvis enig", "verken enig eller uenig", "delvis uenig", "helt uenig"], [5, 4, 3, 2, 1], "agreement-5"),
        (["pilnībā piekrītu", "piekrītu", "drīzāk piekrītu"], [7, 6, 5], "agreement-7"),
        (["muy fácil", "fácil", "ni fácil ni difícil", "difícil", "muy difícil"], [5, 4, 3, 2, 1], "ease-5"),
        (["altijd", "vaak", "soms", "zelden", "nooit"], [5, 4, 3, 2, 1], "frequency-5"),
        (["very often", "often", "sometimes", "rarely", "never"], [5, 4, 3, 2, 1], "frequency-5"),
        (["jeden Tag", "jede Woche", "jeden Monat", "nie"], [5, 4, 3, 1], "frequency-calendar-5"),
        (["yes", "no"], [1, 0], "yes-no"),
        (["oui", "parfois", "non"], [3, 2, 1], "yes-sometimes-no"),
    ],
)  # fmt: skip
def test_the_scale_is_chosen_for_the_column(answers, numbers, wording):
    parsed = parse_ratings(answers)
    assert parsed.table["value"].tolist() == numbers
    assert parsed.scale.wording == wording


def test_languages_may_mix_on_one_scale():
    answers = [
        "very satisfied",
        "tevreden",
        "verken fornøyd eller misfornøyd",
        "neapmierināts",
        "sehr unzufrieden",
        "satisfaite",
        "satisfecho",
    ]
    parsed = parse_ratings(answers)
    assert parsed.table["value"].tolist() == [5, 4, 3, 2, 1, 4, 4]


def test_each_language_may_word_a_point_its_own_way():
    parsed = parse_ratings(["very satisfied", "satisfied", "sehr zufrieden", "eher zufrieden"])
    assert parsed.table["value"].tolist() == [5, 4, 5, 4]


def test_few_labels_are_read_on_the_plainest_scale_and_that_is_said():
    parsed = parse_ratings(["very satisfied", "satisfied"] * 50)
    assert parsed.scale.wording == "satisfaction-5"
    assert any(
        "satisfaction-4 too; if that was asked add --scale rating=satisfaction-4" in note
        for note in parsed.notes
    )


def test_words_on_two_scales_with_other_numbers_are_asked_about():
    with pytest.raises(
        RatingError,
        match=r"quality-5 \('very good' = 5 of 5\) or quality-excellent-5 \('very good' = 4 of 5\).*Add --scale csat=quality-5 or",
    ):
        parse_ratings(["very good", "good"] * 5, metric="csat")
    assert values(["very good", "good"], "quality-5") == [5, 4]
    assert values(["very good", "good"], "quality-excellent-5") == [4, 3]


def test_neutral_alone_is_the_middle_of_five():
    assert values(["neutral", "Neutral", "NEUTRAL."]) == [3, 3, 3]


def test_what_is_not_on_the_scale_is_set_aside_with_the_closest_label():
    parsed = parse_ratings([*FIVE * 3, "", "Verry satisfied"])
    last = parsed.table.iloc[-1]
    assert pd.isna(last["value"])
    assert last["reason"] == "the answer is not on the scale satisfaction-5"
    assert last["closest"] == "'very satisfied' (5)"
    assert (
        "rating: 'Verry satisfied' in row 17: not on the scale; closest: 'very satisfied' (5)."
        in parsed.notes
    )


def test_an_answer_like_no_label_has_no_closest_one():
    parsed = parse_ratings([*FIVE, "the driver parked on my lawn"])
    assert parsed.table["closest"].iloc[-1] == ""
    assert any(
        "'the driver parked on my lawn' in row 6: not on the scale." in note
        for note in parsed.notes
    )


def test_in_an_export_it_is_an_error_unless_set_aside(tmp_path):
    answers = [*FIVE * 3, "", "Verry satisfied"]
    with pytest.raises(
        RatingError,
        match=r"'Verry satisfied' in row 17 \(line 18\): not on the scale; closest: 'very satisfied' \(5\).*--set-aside",
    ):
        read(tmp_path, "How satisfied are you?", answers)
    comments = read(tmp_path, "How satisfied are you?", answers, set_aside=True)
    assert info(comments)["ratings_set_aside"] == {
        "csat": {"the answer is not on the scale satisfaction-5": 1}
    }
    assert info(comments)["rows"] == {"read": 17, "used": 17, "set_aside": {}}


def test_no_opinion_is_not_neutral_and_reasons_are_counted(tmp_path):
    none = ["don't know"] * 12 + ["Not applicable"] * 3 + ["No opinion"] * 2
    comments = read(tmp_path, "How satisfied are you?", [*FIVE, *none])
    assert comments["csat"].isna().sum() == 17
    assert info(comments)["ratings_missing"] == {
        "csat": {"don't know": 12, "not applicable": 3, "no opinion": 2}
    }
    assert any(
        "12 \"don't know\", 3 'not applicable', 2 'no opinion'" in note
        for note in info(comments)["notes"]
    )
    assert info(comments)["ratings_set_aside"] == {}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("geen mening", "no opinion"), ("weet ik niet", "don't know"), ("vet ikke", "don't know"), ("nav viedokļa", "no opinion"),
        ("keine Angabe", "no answer"), ("weiß nicht", "don't know"), ("sans opinion", "no opinion"), ("no aplica", "not applicable"),
        ("N/A", "not applicable"), ("n.v.t.", "not applicable"), ("prefer not to say", "prefer not to say"), ("-", "no answer"), ("", ""),
    ],
)  # fmt: skip
def test_reasons_for_no_answer_in_seven_languages(answer, reason):
    parsed = parse_ratings([answer, "5", "4"])
    assert parsed.table["missing"].tolist() == [reason, "", ""]
    assert parsed.table["reason"].tolist() == ["", "", ""]


def test_words_numbers_and_stars_on_one_scale():
    parsed = parse_ratings(
        ["5", "very satisfied", "★★★★★", "4 - satisfied", "neutral", "2/5", "Dissatisfied (2)"]
    )
    assert parsed.table["value"].tolist() == [5, 5, 5, 4, 3, 2, 2]


def test_numbers_off_the_scale_of_the_words_are_set_aside():
    parsed = parse_ratings([*FIVE * 3, "8"])
    assert parsed.table["reason"].iloc[-1] == "rating 8 is off the scale 1–5"


def test_words_among_numbers_of_another_scale_are_set_aside():
    parsed = parse_ratings(["8", "9", "10", "2", "0", "very satisfied"])
    assert (parsed.scale.high, parsed.scale.wording) == (10, "")
    assert (
        parsed.table["reason"].iloc[-1] == "the rating is in words among numbers of another scale"
    )


def test_numbers_that_count_down_turn_the_scale():
    parsed = parse_ratings(
        ["1 - very good", "2 - good", "3 - fair", "4 - poor", "5 - very poor", "good"]
    )
    assert parsed.table["value"].tolist() == [5, 4, 3, 2, 1, 4]
    assert parsed.scale.reversed


def test_numbers_from_zero():
    parsed = parse_ratings(
        [
            "0 - very dissatisfied",
            "1 - dissatisfied",
            "2 - neutral",
            "3 - satisfied",
            "4 - very satisfied",
        ]
    )
    assert parsed.table["value"].tolist() == [0, 1, 2, 3, 4]
    assert (parsed.scale.low, parsed.scale.high) == (0, 4)


def test_words_that_are_no_labels_leave_the_number_alone():
    assert values(["10 - 5 stars", "0 - not at all", "7 - good enough for me"]) == [10, 0, 7]


def test_effort_is_turned_and_ease_is_not(tmp_path):
    effort = read(
        tmp_path,
        "How much effort did it take?",
        ["Very low effort", "Low effort", "High effort", "Very high effort", "neutral"],
    )
    assert effort["ces"].tolist() == [5, 4, 2, 1, 3]
    assert rating_scales(effort)["ces"].reversed
    ease = read(
        tmp_path,
        "How difficult was it?",
        ["very easy", "easy", "neutral", "difficult", "very difficult"],
    )
    assert ease["ces"].tolist() == [5, 4, 3, 2, 1]


def test_frequency_can_be_turned():
    answers = ["always", "often", "sometimes", "rarely", "never"]
    assert values(answers, "frequency-5 reversed") == [1, 2, 3, 4, 5]


def test_labels_of_ones_own_go_before_everything_else():
    parsed = parse_ratings(
        ["Not sure", "Great", "meh", "1 of the best"], ["meh", "Not sure", "Great", "1 of the best"]
    )
    assert parsed.table["value"].tolist() == [2, 3, 1, 4]
    assert parsed.scale.wording == "meh|Not sure|Great|1 of the best"
    assert values(["meh", "Great"], parsed.scale.wording) == [1, 3]


def test_labels_that_differ_in_their_signs_only():
    assert values(["A+", "a", "B", "++"], ["B", "A", "A+", "++"]) == [3, 2, 1, 4]


def test_a_declared_scale_in_numbers_fits_words_of_as_many_points():
    assert values(["very satisfied", "satisfied", "2"], "1-7") == [7, 6, 2]
    assert values(["very satisfied", "satisfied", "2"], "5-1") == [5, 4, 4]


@pytest.mark.parametrize(("scale", "message"), [("satisfaction5", "Did you mean --scale rating=satisfaction-5"), ("Good|", "none may be blank"), (["Good"], "at least two"), ("satisfaction-5 upside down", "is no scale")])  # fmt: skip
def test_scales_that_are_none(scale, message):
    with pytest.raises(RatingError, match=message):
        parse_ratings(["good", "bad"], scale)


def test_nps_is_never_made_of_words(tmp_path):
    answers = ["very likely", "likely", "unlikely", "very unlikely"] * 5
    with pytest.raises(FeedbackError, match="NPS is made of numbers only"):
        read(
            tmp_path,
            "How likely are you to recommend us?",
            answers,
            ratings={"nps": "How likely are you to recommend us?"},
        )
    comments = read(tmp_path, "How likely are you to recommend us?", answers)
    assert info(comments)["scales"] == {}
    assert any(
        "--rating csat='How likely are you to recommend us?'" in note
        for note in info(comments)["notes"]
    )


@pytest.mark.parametrize(
    ("header", "answers", "metric", "wording"),
    [
        ("How satisfied are you with our service?", FIVE, "csat", "satisfaction-5"),
        ("Tevredenheid", ["zeer tevreden", "tevreden", "ontevreden"], "csat", "satisfaction-5"),
        ("Bewertung", ["gut", "schlecht", "sehr schlecht", "weder gut noch schlecht"], "csat", "quality-5"),
        ("Rating", ["😡", "😐", "😃"], "csat", "faces-3"),
        ("Overall experience", ["🔴", "🟠", "🟢"], "csat", "traffic-3"),
        ("Cik viegli bija pasūtīt?", ["ļoti viegli", "viegli", "grūti"], "ces", "ease-5"),
        ("It was easy to order", ["strongly agree", "agree", "disagree", "somewhat agree"], "ces", "agreement-7"),
    ],
)  # fmt: skip
def test_ratings_in_words_are_recognised_by_header_and_values(
    tmp_path, header, answers, metric, wording
):
    comments = read(tmp_path, header, answers * 3)
    scale = rating_scales(comments)[metric]
    assert scale.wording == wording
    roles = roles_table(comments).set_index("role")
    assert wording in roles.loc[f"rating {metric}", "why"]
    assert comments[metric].notna().all()
    assert roles.loc["text", "column"] == "comment"


@pytest.mark.parametrize(
    ("header", "answers"),
    [
        ("Would you come back?", ["yes", "no", "yes"]),
        ("How often do you visit us?", ["often", "sometimes", "never"]),
        ("Rating", ["very good", "good", "good"]),
        ("Branch", ["good", "fair", "poor"]),
    ],
)
def test_facts_and_unclear_words_are_ratings_only_where_named(tmp_path, header, answers):
    comments = read(tmp_path, header, answers * 20)
    assert info(comments)["scales"] == {}
    assert header in comments


def test_a_fact_is_a_rating_where_named(tmp_path):
    comments = read(
        tmp_path,
        "Would you come back?",
        ["yes", "no", "yes", "don't know"],
        ratings={"csat": "Would you come back?"},
    )
    assert comments["csat"].tolist()[:3] == [1, 0, 1]
    scale = rating_scales(comments)["csat"]
    assert (scale.low, scale.high, scale.wording) == (0, 1, "yes-no")


def test_numbers_go_before_words_of_the_same_metric(tmp_path):
    comments = read(
        tmp_path, "How satisfied are you?", FIVE, extra={"Satisfaction score": [5, 4, 3, 2, 1]}
    )
    assert rating_scales(comments)["csat"].column == "Satisfaction score"


def test_two_columns_in_words_are_named_in_a_note_and_left_as_they_are(tmp_path):
    comments = read(
        tmp_path,
        "How satisfied are you with A?",
        FIVE * 4,
        extra={"How satisfied are you with B?": FIVE * 4},
    )
    assert info(comments)["scales"] == {}
    assert info(comments)["segments"] == [
        "How satisfied are you with A?",
        "How satisfied are you with B?",
    ]
    assert any(
        "--rating csat='How satisfied are you with B?'" in note for note in info(comments)["notes"]
    )


def test_short_comments_stay_comments(tmp_path):
    frame = pd.DataFrame({"nps": [9, 3, 8, 10], "comment": ["Good", "Poor", "Very good", "Good"]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    comments = read_comments(tmp_path / "a.csv")
    assert comments["text"].tolist() == ["Good", "Poor", "Very good", "Good"]


def test_each_different_answer_is_read_once_however_many_rows(tmp_path):
    few = parse_ratings(pd.Series([*FIVE, "Verry satisfied"]))
    many = parse_ratings(pd.Series([*FIVE, "Verry satisfied"] * 20_000))
    assert many.table["value"].value_counts().to_dict() == {float(i): 20_000 for i in range(1, 6)}
    assert (many.table["closest"].iloc[:6] == few.table["closest"]).all()


def test_an_index_is_kept_and_bad_structure_refused():
    assert parse_ratings(pd.Series(["5", "4"], index=["a", "b"])).table.index.tolist() == ["a", "b"]
    with pytest.raises(RatingError, match="not the text"):
        parse_ratings("very satisfied")
    with pytest.raises(RatingError, match="has no answers"):
        parse_ratings(["", None])


@pytest.mark.parametrize("ends", [(1, 5), [1, 5], (1.0, 5.0)])
def test_two_numbers_are_the_ends_of_a_scale(ends):
    parsed = parse_ratings([5, 4, 1], ends)
    assert parsed.table["value"].tolist() == [5, 4, 1]
    assert (parsed.scale.low, parsed.scale.high, parsed.scale.wording) == (1, 5, "")


@pytest.mark.parametrize("scale", [5, {"Poor": 1, "Good": 2}, b"1-5", (1, 5000), (1.5, 2.5)])
def test_what_is_no_scale_is_refused_in_words(scale):
    with pytest.raises(RatingError, match="is no scale for 'rating'"):
        parse_ratings(["5"], scale)


def test_labels_of_ones_own_are_not_turned_by_a_word():
    with pytest.raises(RatingError, match="the other way round"):
        parse_ratings(["Poor", "Good"], "Good|Fair|Poor reversed")


def test_either_spelling_of_neither_is_the_middle():
    parsed = parse_ratings(["svært fornøyd", "Hverken eller", "verken eller", "misfornøyd"])
    assert parsed.table["value"].tolist() == [5, 3, 3, 2]
