"""Pockets: what is counted and not looked at, and files in which little can be said."""

import numpy as np
import pandas as pd
import pytest
from segmented import drawn, rated, tables

from feedback_nlp.drivers import pockets_table


def test_small_ones_are_counted_and_not_shown():
    columns, blames, rng = drawn(6, 300)
    columns["shop"] = np.array(["tiny"] * 9 + ["big"] * 291)
    comments, mentions = tables(rated(blames, rng), blames, **columns)
    found = pockets_table(comments, mentions, by=["shop", "channel"], min_n=10)
    told = found.attrs["pockets"]
    assert not found["segment"].str.contains("tiny").any()
    assert (found["n_blame"] >= 10).all()
    assert (found["n"] >= 10).all()
    assert told["too_small"] >= 1
    assert told["no_rest"] >= 1  # who is in the big shop leaves nine others
    assert told["looked_at"] == told["segments"] * told["themes"]
    assert told["looked_at"] == len(found) + told["few_blame"]


def test_segments_within_segments_and_the_same_under_two_names_add_nothing():
    columns, blames, rng = drawn(7, 600)
    country = np.where(np.isin(columns["shop"], ["n", "s"]), "here", "there")
    comments, mentions = tables(rated(blames, rng), blames, shop=columns["shop"], country=country)
    found = pockets_table(comments, mentions, by=["shop", "country"], min_n=1)
    assert found["column_2"].isna().all()
    twice = comments.assign(again=comments["shop"].str.upper())
    one = pockets_table(comments, mentions, by="shop")
    both = pockets_table(twice, mentions, by=["shop", "again"])
    assert both["q_value"].tolist() == one["q_value"].tolist()
    assert both.attrs["pockets"]["same"] == 4


def test_with_one_respondent_as_the_fewest_those_left_out_are_blamed_by_nobody():
    columns, blames, rng = drawn(7, 60)
    blames[columns["shop"] == "n", 0] = False
    comments, mentions = tables(rated(blames, rng), blames, **columns)
    told = pockets_table(comments, mentions, by="shop", min_n=1).attrs["pockets"]
    assert told["few_blame"] >= 1
    assert f"{told['few_blame']} of them blamed by nobody there and not shown" in told["sentence"]


def test_languages_get_a_caution():
    columns, blames, rng = drawn(8, 300)
    comments, mentions = tables(rated(blames, rng), blames, **columns)
    comments["language"] = np.where(comments["shop"] == "n", "nl", "en")
    for by, noted in ((["language"], True), (["shop"], True), (["channel"], False)):
        notes = pockets_table(comments, mentions, by=by).attrs["pockets"]["notes"]
        assert any("differ in language" in note for note in notes) == noted
    comments.loc[comments["shop"] == "n", "language"] = "unknown"
    assert not pockets_table(comments, mentions, by="shop").attrs["pockets"]["notes"]


def test_where_nothing_can_be_compared_the_sentence_says_why():
    columns, blames, rng = drawn(11, 60)
    answers = rated(blames, rng)

    def said(blamed, min_n=10, wrote=None, **named):
        found = pockets_table(*tables(answers, blamed, wrote, **named), by=list(named), min_n=min_n)
        assert found.empty
        return found.attrs["pockets"]["sentence"]

    shop = {"shop": columns["shop"]}
    assert said(blames & False, **shop) == (
        "No theme is blamed by 10 or more of 60 respondents, so none is looked at."
    )
    assert said(blames | True, 31, **shop) == (
        "No segment by shop has 31 or more of 60 respondents and as many others to compare with, "
        "so none is looked at."
    )
    assert said(blames, same="level").startswith("No segment by same has 10 or more")
    assert said(blames, wrote=np.zeros(60, dtype=bool), **shop).startswith("Nobody left a comment")


def test_columns_of_any_kind_are_segments():
    _, blames, rng = drawn(12, 240)
    halves = np.arange(240) % 2 == 0
    comments, mentions = tables(rated(blames, rng), blames)
    kinds = {
        "yes": (halves, ["False", "True"]),
        "number": (np.where(halves, 1, 2), ["1", "2"]),
        "gap": (np.where(halves, 1.0, np.nan), ["1.0", None]),
        "day": (pd.to_datetime(np.where(halves, "2025-01-01", "2025-02-01")),
                ["2025-01-01", "2025-02-01"]),
        "level": (pd.Categorical(np.where(halves, "a", "b"), categories=list("zabq")), ["a", "b"]),
        2024: (np.where(halves, "a", "b"), ["a", "b"]),
    }  # fmt: skip
    first = None
    for name, (values, named) in kinds.items():
        marked = comments.assign(language="en").set_axis([7] * 240, axis=0)
        marked[name] = values
        found = pockets_table(marked, mentions, by=[name])
        shown = {None if pd.isna(value) else value[:10] for value in found["value_1"]}
        assert shown == set(named)
        assert set(found["column_1"]) == {str(name)}
        figures = found[["n", "n_blame", "p_value"]].sort_values(["n_blame", "p_value"])
        first = figures.to_numpy() if first is None else first
        assert figures.to_numpy() == pytest.approx(first)
    many = pockets_table(comments.assign(order=range(240)), mentions, by="order")
    assert many.attrs["pockets"]["too_small"] == 240


@pytest.mark.parametrize(
    ("answers", "blames", "wrote"),
    [
        ([5] * 40, np.zeros((40, 3)), None),
        ([5] * 40, np.ones((40, 3)), None),
        ([10] * 40, np.ones((40, 1)), None),
        ([5] * 40, np.zeros((40, 3)), np.zeros(40, dtype=bool)),
        ([0, 10] * 6, np.ones((12, 1)), None),
        ([3], np.ones((1, 1)), None),
        ([0, 10] * 20, np.tile([[1, 1, 0], [0, 0, 0]], (20, 1)), None),
    ],
    ids=["no mentions", "everything in every comment", "no shortfall", "nobody wrote", "twelve",
         "one", "identical themes"],
)  # fmt: skip
def test_degenerate_files(answers, blames, wrote):
    halves = [f"h{i % 4 // 2}" for i in range(len(answers))]
    comments, mentions = tables(answers, blames, wrote, half=halves, same="level")
    found = pockets_table(comments, mentions, by=["half", "same"])
    assert not found["pocket"].any()
    assert found["n"].dtype == np.int64
    assert found["pocket"].dtype == bool
    assert found[["difference", "p_value", "q_value"]].notna().all(axis=None)
    assert (found["segment"] != "same level").all()
    assert found.attrs["pockets"]["sentence"]
