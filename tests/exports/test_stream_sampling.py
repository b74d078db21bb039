"""Which rows of a long export decide, and what comes of those that did not."""

from itertools import islice, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_exports import SAID, answers, as_csv, assert_same, words

from feedback_nlp.errors import RatingError
from feedback_nlp.exports import open_export, sampling
from feedback_nlp.exports.watching import hash_cells
from feedback_nlp.schema import info

pytestmark = pytest.mark.usefixtures("small_blocks")


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


@given(st.lists(st.sampled_from(["", " ", "a", "A", "é", "a\u0301", "10", "10.0"]), max_size=30))
def test_a_cell_has_the_same_hash_whatever_stands_beside_it(cells):
    alone = {cell: hash_cells(pd.Series([cell], dtype="str"))[0] for cell in cells}
    assert hash_cells(pd.Series(cells, dtype="str")).tolist() == [alone[cell] for cell in cells]
    assert len(set(alone.values())) == len(alone)
    assert alone.get("", 0) == 0


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
