"""The tagger's three ways in give one answer."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, ModelError
from feedback_nlp.records import TaggedComment
from feedback_nlp.schema import check_mentions
from feedback_nlp.tagging import load_tagger

TAGGER = load_tagger()
TEXTS = [
    "Lekker eten, maar de ober was onbeschoft.", "", "nvt", "Rask levering 👍",
    "The app crashes. Refund took ages, staff were kind though!", "Bardzo dobrze, polecam każdemu",
    "apkalposana briesmiga", "Top!",
]  # fmt: skip
COMMENTS = st.one_of(st.text(max_size=120), st.sampled_from(TEXTS))


@settings(deadline=None)
@given(st.lists(COMMENTS, max_size=6))
def test_one_and_many_give_the_same(texts):
    assert list(TAGGER.pipe(texts)) == [TAGGER(text) for text in texts]


@settings(deadline=None)
@given(COMMENTS)
def test_evidence_is_a_stretch_of_the_text_and_records_round_trip(text):
    tagged = TAGGER(text)
    for mention in tagged.mentions:
        assert tagged.evidence(mention).strip() == tagged.evidence(mention) != ""
        assert mention.theme in TAGGER.taxonomy
        assert (mention.polarity is None) == (mention.polarity_confidence is None)
    assert TaggedComment.from_dict(tagged.to_dict()) == tagged
    if tagged.status != "ok":
        assert (tagged.mentions, tagged.sentiment, tagged.sentiment_score) == ((), None, None)


def test_a_record_rides_along():
    rows = [("too expensive", {"id": 7}), ("", None)]
    out = list(TAGGER.pipe(rows, as_tuples=True))
    assert [mine for _, mine in out] == [{"id": 7}, None]
    assert out[0][0].themes == ("price.level",)


def test_pipe_is_a_stream():
    endless = iter(lambda: "too expensive", None)
    assert next(TAGGER.pipe(endless)).themes == ("price.level",)


def test_long_texts_of_a_stream_do_not_wait_for_one_another(monkeypatch):
    monkeypatch.setattr("feedback_nlp.tagging.tagger._CHARACTERS", 250)
    texts = [f"{'fine ' * 20}{number}" for number in range(10)]
    stream = iter(texts)
    tagged = TAGGER.pipe(stream, language="en")
    found = [next(tagged)]
    assert next(stream) == texts[3]
    assert [one.text for one in [*found, *tagged]] == [*texts[:3], *texts[4:]]


def test_frame_gives_two_tables_that_belong_together():
    frame = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(TEXTS))], "text": TEXTS})
    before = frame.copy(deep=True)
    comments, mentions = TAGGER.tag_frame(frame).comments, TAGGER.tag_frame(frame).mentions
    pd.testing.assert_frame_equal(frame, before)
    check_mentions(mentions, comments)
    texts = dict(zip(comments["comment_id"], comments["text"], strict=True))
    for row in mentions.itertuples():
        assert texts[row.comment_id][row.start : row.end] == row.evidence
    assert comments["status"].tolist()[1:3] == ["blank", "uninformative"]
    assert comments["status"].tolist()[5] == "unknown_language"
    assert mentions.dtypes.astype(str).to_dict() == {
        "comment_id": "str", "theme": "category", "polarity": "category",
        "theme_confidence": "float32", "polarity_confidence": "float32",
        "start": "int32", "end": "int32", "evidence": "str", "source": "category",
    }  # fmt: skip


def test_an_empty_table_gives_two_empty_tables():
    frame = pd.DataFrame({"comment_id": pd.array([], "str"), "text": pd.array([], "str")})
    out = TAGGER.tag_frame(frame)
    assert (len(out.comments), len(out.mentions)) == (0, 0)
    check_mentions(out.mentions, out.comments)


def test_the_language_given_is_used():
    frame = pd.DataFrame({"comment_id": ["a"], "text": ["super"], "language": ["lv"]})
    assert TAGGER.tag_frame(frame).comments["language"].tolist() == ["lv"]


def test_what_is_not_a_comments_table_is_refused():
    with pytest.raises(ColumnError, match="No column 'text'"):
        TAGGER.tag_frame(pd.DataFrame({"comment_id": ["a"]}))
    with pytest.raises(ColumnError, match="more than once"):
        TAGGER.tag_frame(pd.DataFrame({"comment_id": ["a", "a"], "text": ["x", "y"]}))


def test_half_characters_are_refused_in_tables():
    texts = pd.Series(["fine", "bad \ud800 staff"], dtype=object)
    with pytest.raises(ColumnError, match=r"half a character .* in row 2"):
        TAGGER.tag_frame(pd.DataFrame({"comment_id": ["a", "b"], "text": texts}))


def test_a_comment_is_a_text():
    with pytest.raises(TypeError, match="A comment is a str"):
        TAGGER(None)


def test_unknown_models_are_refused():
    with pytest.raises(ModelError, match="No model 'big'"):
        load_tagger("big")


def test_threads_share_one_tagger():
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(TAGGER, TEXTS * 10)) == [TAGGER(text) for text in TEXTS * 10]


def test_a_tagger_can_be_sent_to_a_worker():
    again = pickle.loads(pickle.dumps(TAGGER))
    assert [again(text) for text in TEXTS] == [TAGGER(text) for text in TEXTS]


@pytest.mark.parametrize(
    "text",
    ["a" * 200_000, "!" * 50_000, "no " * 30_000, "\u202e" * 1000 + "bad", "<script>" * 5000,
     "😡" * 5000, "niet " * 10_000 + "goed", "\x00\x01\x02", "\ud800"],
)  # fmt: skip
def test_hostile_texts_are_only_texts(text):
    assert TAGGER(text).text == text


@pytest.mark.parametrize(
    "text",
    ["!" * 40_000, "not bad, " * 4_000, "no " * 12_000, "the price is too high and " * 2_000],
)
def test_time_grows_with_length_only(text, time_grows_with_length):
    assert time_grows_with_length(lambda part: TAGGER(part, language="en"), text)
