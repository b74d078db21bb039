"""What an open export gives: parts with what they know, from any part on, notes at the end; and refusals."""

import pandas as pd
import pytest
from made_exports import answers, as_csv, assert_same, in_parts, off_the_scale, repeated_people

from feedback_nlp.errors import ColumnError, FeedbackError, FileFormatError, RatingError
from feedback_nlp.exports import open_export, read_comments
from feedback_nlp.schema import check_comments, info, rating_scales

pytestmark = pytest.mark.usefixtures("small_blocks")


def test_a_reader_starts_again_at_any_part(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(repeated_people(61)))
    parts, noted = in_parts(tmp_path / "a.csv", 8)
    assert any("gave different answers" in note for note in noted["notes"])
    with open_export(tmp_path / "a.csv", part_rows=8) as export:
        assert len(export) == len(parts) == 8
        for start in (7, 3, 0):
            again = list(export.parts(start))
            for one, other in zip(again, parts[start:], strict=True):
                pd.testing.assert_frame_equal(one, other)
            assert export.info == noted


def test_a_part_knows_its_scales_and_the_notes_come_last(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(answers(10)))
    with open_export(tmp_path / "a.csv", part_rows=4) as export:
        part = next(export.parts())
        with pytest.raises(FeedbackError, match="last part"):
            _ = export.info
        assert rating_scales(part)["nps"].high == 10
        assert info(part)["segments"] == export.known["segments"]
        check_comments(part, needs=("comment_id", "text", "nps"))
        assert part["Region"].cat.categories.tolist() == ["east", "north", "south"]


def test_ratings_that_do_not_fit_are_refused_before_the_first_part(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(off_the_scale(30)))
    with pytest.raises(RatingError) as at_once:
        read_comments(tmp_path / "a.csv")
    with pytest.raises(RatingError) as in_stream:
        open_export(tmp_path / "a.csv")
    assert str(at_once.value) == str(in_stream.value)
    assert "row 4" in str(at_once.value)


def test_no_row_that_can_be_used(tmp_path):
    (tmp_path / "a.csv").write_text("id,nps,Comment\n" + "".join(f"{i},55,\n" for i in range(5)))
    with pytest.raises(ColumnError) as at_once:
        read_comments(tmp_path / "a.csv", set_aside=True)
    with (
        pytest.raises(ColumnError) as in_stream,
        open_export(tmp_path / "a.csv", set_aside=True, part_rows=2) as export,
    ):
        list(export.parts())
    assert str(at_once.value) == str(in_stream.value)


def test_a_part_without_a_row_that_can_be_used_is_left_out(tmp_path):
    frame = answers(12)
    frame.loc[4:7, :] = ""
    (tmp_path / "a.csv").write_bytes(as_csv(frame))
    assert_same(tmp_path / "a.csv", set_aside=True)
    parts, noted = in_parts(tmp_path / "a.csv", 4)
    assert [len(part) for part in parts] == [4, 4]
    assert noted["rows"] == {"read": 12, "used": 8, "set_aside": {"an empty row": 4}}


def test_parts_of_no_rows(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(answers(3)))
    with pytest.raises(FileFormatError, match="at least one row"):
        open_export(tmp_path / "a.csv", part_rows=0)
