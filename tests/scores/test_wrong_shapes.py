"""Tables, mappings and files given where another shape is wanted: one line that says which."""

import pandas as pd
import pytest

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores import csi, judge_all, krippendorff_alpha, lifecycle_table, nps

ITEMS = pd.DataFrame({"price": [1, 2, 3], "service": [3, 4, 5]})


@pytest.mark.parametrize("beside", [[3, 3], 3, "price"])
def test_expectations_are_a_table_or_a_mapping(beside):
    with pytest.raises(FeedbackError, match="a table, or a mapping"):
        csi(ITEMS, beside, scale=(1, 5))


@pytest.mark.parametrize("labels", [None, ["good", "bad"], "good"])
def test_coders_are_a_table_or_a_mapping(labels):
    with pytest.raises(FeedbackError, match="a mapping from coder to labels"):
        krippendorff_alpha(labels)


def test_two_columns_of_one_name_are_no_date_of_joining():
    day = pd.Timestamp("2026-01-05")
    twice = pd.DataFrame([[day, day, pd.NaT]], columns=["joined", "joined", "left"])
    with pytest.raises(FeedbackError, match="2 columns 'joined'"):
        lifecycle_table(twice)


def test_the_name_of_a_file_is_no_target(tmp_path):
    for name in ("mine.toml", tmp_path / "mine.toml"):
        with pytest.raises(FeedbackError, match="load_targets"):
            judge_all(nps([9, 3, 10]), name)
