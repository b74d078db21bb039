"""Which column is what: found from header and values in seven languages, explained, and open to correction."""

import pandas as pd
import pytest

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports import read_comments, roles_table
from feedback_nlp.schema import info

TEXTS = [
    "The delivery was quick and the driver friendly",
    "I waited far too long on the phone for an answer",
    "Good price for what you get, would come back",
    "The website kept losing my basket, very annoying",
]


def read(tmp_path, columns, **options):
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    return read_comments(tmp_path / "a.csv", **options)


def role_of(comments, column):
    table = roles_table(comments).set_index("column")
    return table.loc[column, "role"]


@pytest.mark.parametrize(
    ("rating", "text"),
    [
        ("Hoe waarschijnlijk is het dat u ons aanbeveelt?", "Opmerkingen"),
        ("Zou u ons aanraden?", "Toelichting"),
        ("How likely are you to recommend us?", "Comments"),
        ("Hvor sannsynlig er det at du vil anbefale oss?", "Kommentar"),
        ("Cik iespējams, ka Jūs mūs ieteiktu draugiem?", "Komentārs"),
        ("Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?", "Anmerkungen"),
        ("Recommanderiez-vous notre service ?", "Commentaire"),
        ("¿Nos recomendaría a un amigo?", "Comentarios"),
        ("NPS", "verbatim"),
        ("nps_score", "feedback"),
    ],
)
def test_recommend_and_comment_headers_in_seven_languages(tmp_path, rating, text):
    comments = read(tmp_path, {rating: [0, 10, 8, 6], text: TEXTS})
    assert comments["nps"].tolist() == [0, 10, 8, 6]
    assert role_of(comments, rating) == "rating nps"
    assert role_of(comments, text) == "text"


@pytest.mark.parametrize(
    "header",
    [
        "Hoe tevreden bent u over ons?",
        "How satisfied are you?",
        "Hvor fornøyd er du med oss?",
        "Cik apmierināts Jūs esat ar mums?",
        "Wie zufrieden sind Sie mit uns?",
        "Êtes-vous satisfait de nos services ?",
        "¿Qué tan satisfecho está?",
        "overall_rating",
        "Rapportcijfer (1-5)",
        "stars",
    ],
)
def test_satisfaction_headers_in_seven_languages(tmp_path, header):
    comments = read(tmp_path, {header: [1, 5, 4, 3], "comment": TEXTS})
    assert comments["csat"].tolist() == [1, 5, 4, 3]


@pytest.mark.parametrize(
    "header",
    [
        "The company made it easy to solve my problem",
        "Hoe makkelijk was het om ons te bereiken?",
        "Hvor enkelt var det å få hjelp?",
        "Cik viegli bija saņemt palīdzību?",
        "Wie einfach war es, Hilfe zu bekommen?",
        "Était-il facile de nous joindre ?",
        "¿Fue fácil resolver su problema?",
        "CES",
    ],
)
def test_ease_headers_in_seven_languages(tmp_path, header):
    comments = read(tmp_path, {header: [1, 7, 4, 6], "comment": TEXTS})
    assert comments["ces"].tolist() == [1, 7, 4, 6]


def test_every_column_is_explained(tmp_path):
    columns = {"Response ID": list("abcd"), "Date": ["2024-01-01"] * 4, "nps": [1, 9, 10, 0],
               "Comment": TEXTS, "Branch": ["N", "S", "N", "S"]}  # fmt: skip
    table = roles_table(read(tmp_path, columns))
    assert dict(zip(table["column"], table["role"], strict=True)) == {
        "Response ID": "id", "Comment": "text", "nps": "rating nps", "Date": "date", "Branch": "segment",
    }  # fmt: skip
    assert table["why"].str.len().gt(5).all()
    assert not table["given"].any()


def test_what_the_user_names_is_marked_as_given(tmp_path):
    comments = read(
        tmp_path,
        {"key": list("abcd"), "x": [1, 9, 10, 0], "y": TEXTS},
        id="key",
        text="y",
        ratings={"nps": "x"},
    )
    assert roles_table(comments)["given"].all()
    assert comments["nps"].tolist() == [1, 9, 10, 0]


def test_named_ratings_are_the_only_ratings(tmp_path):
    comments = read(
        tmp_path,
        {"Overall rating": [1, 5, 4, 3], "recommend": [1, 9, 10, 0], "comment": TEXTS},
        ratings={"nps": "recommend"},
    )
    assert list(info(comments)["scales"]) == ["nps"]
    assert role_of(comments, "Overall rating") == "sub-rating"


def test_headers_are_matched_but_for_case_and_blanks(tmp_path):
    comments = read(tmp_path, {"Your  Comment": TEXTS, "nps": [1, 9, 10, 0]}, text="your comment")
    assert comments["text"].tolist() == TEXTS


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"text": "coment"}, "--text"),
        ({"id": "coment"}, "--id"),
        ({"ratings": {"nps": "coment"}}, "--rating nps="),
        ({"date": "coment"}, "--date"),
        ({"segments": ["coment"]}, "--by"),
    ],
)
def test_a_column_that_is_not_there(tmp_path, options, said):
    with pytest.raises(
        ColumnError, match=r"No column 'coment' .*Did you mean 'Comment'\?"
    ) as caught:
        read(tmp_path, {"Comment": TEXTS, "nps": [1, 9, 10, 0]}, **options)
    assert said in str(caught.value)


def test_two_columns_of_comments_are_asked_about(tmp_path):
    with pytest.raises(ColumnError) as caught:
        read(tmp_path, {"nps": [1, 9, 10, 0], "Comment": TEXTS, "Notes": TEXTS[::-1]})
    assert str(caught.value) == (
        "Two columns could hold the comments: 'Comment' and 'Notes'. Which one? "
        "Add --text 'Comment' or --text 'Notes' (or both)."
    )


def test_several_open_questions_become_several_comments(tmp_path):
    comments = read(
        tmp_path,
        {
            "id": list("abcd"),
            "nps": [1, 9, 10, 0],
            "What was good?": TEXTS,
            "What should improve?": TEXTS[::-1],
        },
    )
    assert comments["comment_id"].tolist()[:4] == ["a/1", "a/2", "b/1", "b/2"]
    assert comments["respondent_id"].tolist()[:4] == ["a", "a", "b", "b"]
    assert comments["question"].tolist()[:2] == ["What was good?", "What should improve?"]
    assert comments["text"].tolist()[:2] == [TEXTS[0], TEXTS[3]]
    assert comments["nps"].tolist()[:4] == [1, 1, 9, 9]


@pytest.mark.parametrize(
    "pair",
    [
        ("Pros", "Cons"),
        ("Wat gaat er goed?", "Wat kan er beter?"),
        ("Lob", "Kritik"),
        ("Hva var bra?", "Hva kan bli bedre?"),
    ],
)
def test_pairs_of_questions(tmp_path, pair):
    comments = read(tmp_path, {"nps": [1, 9, 10, 0], pair[0]: TEXTS, pair[1]: TEXTS[::-1]})
    assert set(comments["question"]) == set(pair)
    assert len(comments) == 8


def test_all_rows_of_all_text_columns_are_there_also_blank_ones(tmp_path):
    comments = read(
        tmp_path,
        {"nps": [1, 9, 10, 0], "What was good?": [*TEXTS[:2], "", ""], "What was bad?": TEXTS},
    )
    noted = info(comments)
    assert noted["comments"] == {"total": 8, "per_row": 2, "blank": 2}
    assert len(comments) == noted["rows"]["used"] * noted["comments"]["per_row"]


def test_the_wording_of_a_single_question_is_kept(tmp_path):
    comments = read(tmp_path, {"nps": [1, 9, 10, 0], "Why did you give that score?": TEXTS})
    assert set(comments["question"]) == {"Why did you give that score?"}


def test_a_plain_header_is_no_question(tmp_path):
    assert set(read(tmp_path, {"nps": [1, 9, 10, 0], "review": TEXTS})["question"]) == {""}


def test_question_column(tmp_path):
    questions = ["What was good?", "What could be better?"] * 2
    comments = read(
        tmp_path,
        {"Respondent": list("aabb"), "nps": [1, 1, 9, 9], "Question": questions, "Answer": TEXTS},
    )
    assert comments["question"].tolist() == questions
    assert comments["comment_id"].tolist() == ["a/1", "a/2", "b/1", "b/2"]


def test_a_title_beside_the_review_is_not_a_second_comment(tmp_path):
    comments = read(
        tmp_path,
        {
            "rating": [1, 5, 4, 3],
            "Review title": ["Quick and kind", "So slow again", "Good value here", "Broken basket"],
            "Review": TEXTS,
        },
    )
    assert comments["text"].tolist() == TEXTS
    assert role_of(comments, "Review title") == "other"


def test_a_note_by_staff_is_not_a_comment(tmp_path):
    comments = read(
        tmp_path, {"nps": [1, 9, 10, 0], "Agent comment": TEXTS[::-1], "Customer comment": TEXTS}
    )
    assert comments["text"].tolist() == TEXTS
    assert any("'Agent comment' holds text too" in note for note in info(comments)["notes"])


def test_two_recommend_columns_are_asked_about(tmp_path):
    with pytest.raises(
        ColumnError,
        match=r"Two columns could hold the NPS answer.*--rating nps='Recommend shop' or --rating nps='Recommend brand'",
    ):
        read(
            tmp_path,
            {"Recommend shop": [1, 9, 10, 0], "Recommend brand": [2, 8, 10, 0], "comment": TEXTS},
        )


def test_a_bare_score_to_ten_is_asked_about(tmp_path):
    with pytest.raises(
        ColumnError, match=r"answers 0–10 .*--rating nps='score'.*--rating csat='score'"
    ):
        read(tmp_path, {"score": [1, 9, 10, 0], "comment": TEXTS})


def test_the_overall_rating_is_chosen_over_the_others(tmp_path):
    comments = read(
        tmp_path,
        {
            "food rating": [1, 2, 3, 4],
            "overall rating": [5, 4, 3, 2],
            "cleanliness": [1, 5, 4, 3],
            "comment": TEXTS,
        },
    )
    assert comments["csat"].tolist() == [5, 4, 3, 2]
    assert role_of(comments, "cleanliness") == "sub-rating"
    assert comments["cleanliness"].dtype == "float64"
    assert comments["food rating"].tolist() == [1, 2, 3, 4]


def test_several_metrics_side_by_side(tmp_path):
    comments = read(
        tmp_path,
        {
            "recommend": [0, 10, 8, 6],
            "satisfaction": [1, 5, 4, 3],
            "effort score": [1, 7, 4, 6],
            "comment": TEXTS,
        },
    )
    assert list(info(comments)["scales"]) == ["nps", "csat", "ces"]


def test_recommended_yes_no_is_an_outcome(tmp_path):
    comments = read(
        tmp_path,
        {"rating": [1, 5, 4, 3], "recommended": ["no", "yes", "yes", "no"], "comment": TEXTS},
    )
    assert role_of(comments, "recommended") == "outcome"
    assert "recommended" not in info(comments)["segments"]


def test_promoter_groups_are_an_outcome(tmp_path):
    comments = read(
        tmp_path,
        {
            "nps": [1, 9, 10, 0],
            "group": ["detractor", "promoter", "promoter", "detractor"],
            "comment": TEXTS,
        },
    )
    assert role_of(comments, "group") == "outcome"


def test_default_segments_have_few_values_in_most_rows(tmp_path):
    n = 40
    columns = {
        "nps": [0, 10] * 20, "comment": TEXTS * 10, "region": ["N", "S", "E", "W"] * 10, "shop": [f"shop {i}" for i in range(n)],
        "sparse": ["a", "b", *[""] * 38], "always": ["x"] * n, "member": ["yes", "no"] * 20,
    }  # fmt: skip
    comments = read(tmp_path, columns)
    assert info(comments)["segments"] == ["region", "member"]
    assert comments["region"].dtype == "category"
    assert role_of(comments, "shop") == "other"


def test_named_segments_replace_those_found(tmp_path):
    columns = {
        "nps": [0, 10] * 20,
        "comment": TEXTS * 10,
        "region": ["N", "S", "E", "W"] * 10,
        "shop": [f"shop {i}" for i in range(40)],
    }
    assert info(read(tmp_path, columns, segments=["shop"]))["segments"] == ["shop"]


def test_counted_things_are_no_ratings(tmp_path):
    comments = read(
        tmp_path,
        {"nps": [0, 10, 9, 1] * 5, "household size": [1, 2, 3, 4] * 5, "comment": TEXTS * 5},
    )
    assert role_of(comments, "household size") == "segment"


def test_language_values_are_made_codes(tmp_path):
    given = ["Dutch", "nl-NL", "Norsk", "klingon"]
    comments = read(tmp_path, {"nps": [1, 9, 10, 0], "Language": given, "comment": TEXTS})
    assert comments["language"].tolist() == ["nl", "nl", "nb", "unknown"]


def test_no_language_column_means_none_in_the_table(tmp_path):
    comments = read(tmp_path, {"nps": [1, 9, 10, 0], "comment": TEXTS})
    assert "language" not in comments
    assert "date" not in comments


def test_comments_without_a_rating_are_read_and_that_is_told(tmp_path):
    comments = read(tmp_path, {"comment": TEXTS})
    assert comments["text"].tolist() == TEXTS
    assert any("--rating nps=COLUMN" in note for note in info(comments)["notes"])


def test_ratings_without_comments_are_read(tmp_path):
    comments = read(tmp_path, {"id": list("abcd"), "nps": [1, 9, 10, 0]})
    assert comments["text"].tolist() == [""] * 4
    assert comments["nps"].tolist() == [1, 9, 10, 0]


def test_neither_comments_nor_ratings(tmp_path):
    with pytest.raises(
        ColumnError, match=r"No column holds comments or ratings.*--text COLUMN.*'branch'"
    ):
        read(tmp_path, {"branch": list("abab"), "city": list("xyxy")})


def test_a_column_called_like_one_of_ours_gets_another_name(tmp_path):
    comments = read(tmp_path, {"nps": [1, 9, 10, 0], "review": TEXTS, "status": list("abab")})
    assert comments["status (in the file)"].tolist() == list("abab")
    assert info(comments)["segments"] == ["status (in the file)"]


def test_a_rating_cannot_have_the_name_of_our_columns(tmp_path):
    with pytest.raises(ColumnError, match=r"cannot be called 'text'"):
        read(tmp_path, {"x": [1, 9, 10, 0], "review": TEXTS}, ratings={"text": "x"})


def test_a_coded_reason_is_not_the_comment(tmp_path):
    columns = {
        "nps": [0, 10] * 30,
        "Reason": ["Price", "Service", "Other"] * 20,
        "Comment": TEXTS * 15,
    }
    comments = read(tmp_path, columns)
    assert role_of(comments, "Reason") == "segment"
