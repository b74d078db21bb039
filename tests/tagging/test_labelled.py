"""Labelled comments: read strictly, written as they were read, in tables and in parts."""

import json

import pytest

from feedback_nlp.errors import FeedbackError, FileFormatError
from feedback_nlp.schema import check_comments, check_mentions, info, rating_scales
from feedback_nlp.tagging.labelled import (
    FIELDS,
    LabelledComment,
    human_mention,
    read_labelled,
    read_labels,
    usual_sentiment,
    write_labels,
)
from feedback_nlp.tagging.splits import read_splits, split_of

GOOD = {
    "id": "en-01-001",
    "text": "Far too dear, kind staff",
    "language": "en",
    "question": "Why?",
    "rating": 3,
    "metric": "nps",
    "industry": "retail",
    "mentions": [
        {"theme": "price.level", "polarity": "negative", "start": 0, "end": 12},
        {"theme": "service.friendliness", "polarity": "positive", "start": 14, "end": 24},
    ],
    "sentiment": "mixed",
    "status": "ok",
    "notes": ["irony"],
}


def written(folder, *rows, name="en_01.jsonl"):
    path = folder / name
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def mention(start, end, theme="price.level", polarity="negative"):
    return {"theme": theme, "polarity": polarity, "start": start, "end": end}


def test_tables_are_those_of_the_package(tmp_path):
    other = GOOD | {"id": "en-01-002", "metric": "csat", "rating": None}
    tables = read_labelled(written(tmp_path, GOOD, other))
    comments, mentions = tables.comments, tables.mentions
    check_comments(comments, needs=("comment_id", "text", "question", "language", "nps", "csat"))
    check_mentions(mentions, comments)
    assert mentions["evidence"].tolist()[:2] == ["Far too dear", "kind staff"]
    assert set(mentions["source"]) == {"human"}
    assert comments["nps"].tolist()[0] == 3
    assert comments["csat"].isna().all()
    assert (rating_scales(comments)["nps"].low, rating_scales(comments)["nps"].high) == (0, 10)
    assert info(mentions)["general"] == ["general"]


def test_what_is_written_is_what_was_read(tmp_path):
    path = written(
        tmp_path, GOOD, GOOD | {"id": "en-01-002", "text": "Tab\tand\nline, kind staff 😍"}
    )
    again = write_labels(read_labels(path), tmp_path / "again.jsonl")
    assert [json.loads(line) for line in again.read_text("utf-8").splitlines()] == [
        json.loads(line) for line in path.read_text("utf-8").splitlines()
    ]
    assert write_labels(read_labels(again), tmp_path / "b.jsonl").read_bytes() == again.read_bytes()
    assert tuple(json.loads(again.read_text("utf-8").splitlines()[0])) == FIELDS


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rating": 11}, "nps is 11; it goes from 0 to 10"),
        ({"rating": 3.5}, "whole number"),
        ({"rating": True}, "whole number"),
        ({"metric": "stars"}, "metric is 'stars'"),
        ({"language": "sv"}, "language is 'sv'"),
        ({"status": "fine"}, "status is 'fine'"),
        ({"sentiment": None}, "sentiment is None"),
        ({"sentiment": "angry"}, "sentiment is 'angry'"),
        ({"status": "uninformative"}, "neither mentions nor sentiment"),
        ({"text": "  "}, "blank"),
        ({"text": 5}, "text is 5"),
        ({"notes": "irony"}, "list of marks"),
        ({"mentions": [mention(0, 99)]}, "from 0 to 99, but the text has 24"),
        ({"mentions": [mention(5, 5)]}, "from 5 to 5"),
        ({"mentions": [mention(0, 13, "price.cheap")]}, "No theme 'price.cheap'"),
        ({"mentions": [mention(0, 12, polarity="bad")]}, "polarity is 'bad'"),
        ({"mentions": [mention(3, 12)]}, "begins or ends with a blank"),
        ({"mentions": [mention(0, 12), mention(0, 12)]}, "twice"),
        ({"mentions": [mention(0, 12), mention(8, 18)]}, "cross"),
        ({"mentions": [mention(0.0, 12)]}, "whole numbers"),
        ({"mentions": [{"theme": "price"}]}, "exactly theme, polarity, start, end"),
        ({"extra": 1}, "'extra'"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(tmp_path, change, said):
    path = written(tmp_path, GOOD, GOOD | {"id": "en-01-002"} | change)
    with pytest.raises(FileFormatError) as caught:
        read_labelled(path)
    assert str(caught.value).startswith("en_01.jsonl, line 2: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_json_or_not_there_is_said(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(GOOD) + "\n{oops\n", "utf-8")
    with pytest.raises(FileFormatError, match=r"x\.jsonl, line 2: not a JSON object"):
        read_labels(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileFormatError, match="UTF-8"):
        read_labels(path)
    with pytest.raises(FileFormatError, match="no file or folder"):
        read_labels(tmp_path / "nowhere")


def test_the_same_id_in_two_files_is_refused(tmp_path):
    written(tmp_path, GOOD)
    written(tmp_path, GOOD, name="en_02.jsonl")
    with pytest.raises(FeedbackError, match=r"twice, first in en_01\.jsonl, line 1"):
        read_labelled(tmp_path)


def test_mentions_may_be_equal_or_nested_and_come_in_order(tmp_path):
    rows = [mention(14, 24, "service", "positive"), mention(0, 24, "general"), mention(14, 24)]
    [label] = read_labels(written(tmp_path, GOOD | {"mentions": rows}))
    assert [(m.theme, m.start) for m in label.mentions] == [
        ("general", 0), ("price.level", 14), ("service", 14),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("polarities", "sentiment"),
    [
        (["negative", "neutral"], "negative"),
        (["positive"], "positive"),
        (["positive", "negative"], "mixed"),
        (["neutral"], "neutral"),
        ([], "neutral"),
    ],
)
def test_the_sentiment_that_follows(polarities, sentiment):
    assert usual_sentiment([human_mention("price", p, 0, 1) for p in polarities]) == sentiment


def test_parts_come_from_the_table_beside_the_files(tmp_path):
    (tmp_path / "splits.toml").write_text('train = ["en-01"]\ntest = ["en-02/bank"]\n', "utf-8")
    written(tmp_path, GOOD)
    written(tmp_path, GOOD | {"id": "en-02-001", "industry": "bank"}, name="en_02.jsonl")
    assert read_labelled(tmp_path).comments["split"].tolist() == ["train", "test"]
    written(tmp_path, GOOD | {"id": "en-02-001", "industry": "travel"}, name="en_02.jsonl")
    with pytest.raises(FileFormatError, match=r"en-02-001 \(travel\) is in no part"):
        read_labelled(tmp_path)


def test_a_batch_is_in_one_part_only(tmp_path):
    path = tmp_path / "splits.toml"
    path.write_text('train = ["en-01"]\ndev = ["en-01"]\n', "utf-8")
    with pytest.raises(FileFormatError, match="en-01 to train and to dev"):
        read_splits(path)
    path.write_text('training = ["en-01"]\n', "utf-8")
    with pytest.raises(FileFormatError, match="'training'"):
        read_splits(path)
    assert split_of({"de-02": "test", "de-02/bank": "dev"}, "de-02-001", "bank") == "dev"


def test_a_record_can_be_made_by_hand():
    label = LabelledComment(
        id="en-01-001", text="Dear", language="en", question="", rating=None, metric="nps",
        industry="retail", mentions=(human_mention("price.level", "negative", 0, 4),),
        sentiment="negative",
    )  # fmt: skip
    assert label.to_dict()["mentions"] == [mention(0, 4)]
