"""Who counts as a respondent, and which of several ratings counts."""

import pandas as pd
import pytest

from feedback_nlp import ColumnError, RatingError, nps
from feedback_nlp.schema import respondents


def comments(ids, people, ratings, **columns):
    frame = pd.DataFrame({"comment_id": ids, "respondent_id": people, "nps": ratings, **columns})
    return frame.astype({"nps": float})


def test_several_comments_of_one_respondent_count_once():
    table = comments(["a", "b", "c"], ["r", "r", "s"], [9, 9, 0])
    assert nps(table).n == 2


def test_a_comment_without_respondent_is_nobody_elses():
    table = comments(["1", "2", "3"], ["3", "2", None], [9, 9, 0])
    assert len(respondents(table, "nps")) == 3


def test_the_last_rating_by_date_counts_and_an_undated_one_comes_first():
    dates = pd.to_datetime(["2025-02-01", "2025-01-01", None])
    table = comments(["a", "b", "c"], ["r", "r", "r"], [10, 0, 5], date=dates)
    assert respondents(table, "nps")["nps"].tolist() == [10]


def test_without_dates_the_last_row_counts():
    assert respondents(comments(["a", "b"], ["r", "r"], [10, 0]), "nps")["nps"].tolist() == [0]


def test_a_missing_rating_never_replaces_one_that_was_given():
    assert respondents(comments(["a", "b"], ["r", "r"], [10, None]), "nps")["nps"].tolist() == [10]


def test_order_is_that_of_the_table_whatever_its_index():
    table = comments(["a", "b"], ["r", "s"], [10, 0]).set_index(pd.Index([7, 3]))
    assert respondents(table, "nps")["respondent_id"].tolist() == ["r", "s"]
    twice = comments(["a", "b", "c"], ["r", "s", "r"], [10, 0, 9]).set_index(pd.Index([5, 5, 5]))
    assert respondents(twice, "nps")["nps"].tolist() == [9, 0]


def test_what_is_wrong_is_said():
    with pytest.raises(ColumnError, match="csat"):
        respondents(comments(["a"], ["r"], [1]), "csat")
    with pytest.raises(RatingError, match="does not hold numbers"):
        respondents(comments(["a"], ["r"], [1]).assign(nps=["nine"]), "nps")
