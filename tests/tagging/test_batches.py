"""A comment is read the same alone and in any company; arrays are what records say."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.language import detect_languages
from feedback_nlp.parsed import STATUS_ORDER
from feedback_nlp.schema import SENTIMENTS, STATUSES
from feedback_nlp.tagging import load_tagger, tagger
from feedback_nlp.tagging.readings import SENTIMENT_ORDER, Readings
from feedback_nlp.tagging.rules import rule_model
from feedback_nlp.tagging.turns import either, in_turns, read_in_turns, read_those, together
from feedback_nlp.text import parse

TAGGER = load_tagger()
PIECES = [
    "The staff were friendly", "but far too expensive", "Not good, very late", "SLECHTE SERVICE",
    "Lekker eten, maar de ober was onbeschoft.", "Rask levering 👍", "apkalpošana briesmīga",
    "Sehr nettes Personal", "Très bien, mais trop cher", "Muy caro", "soooo slow", "nothing",
    "niets", "see above", "n/a", "qwrtz", "?!", "cafe\u0301 was cold", "10/10", "«bon»",
]  # fmt: skip
GLUE = st.sampled_from([" ", ". ", ", ", "\r\n", " - ", "\u2028", ""])
TEXTS = st.lists(st.tuples(st.sampled_from(PIECES), GLUE), max_size=4).map(
    lambda parts: "".join(a + b for a, b in parts)
)
QUESTIONS = st.sampled_from(["", "What could we improve?", "What did you like most?"])
LANGUAGES = st.sampled_from(["en", "nl", "nb", "lv", "de", "fr", "es", "unknown"])
ROWS = st.lists(st.tuples(TEXTS, QUESTIONS, LANGUAGES), max_size=9)


def table(rows):
    """Return a comments table; languages that are unknown are detected."""
    texts, questions, languages = ([row[k] for row in rows] for k in range(3))
    return pd.DataFrame(
        {
            "comment_id": [f"c{at}" for at in range(len(rows))],
            "text": pd.array(texts, dtype="str"),
            "question": pd.array(questions, dtype="str"),
            "language": pd.array(languages, dtype="str"),
        }
    )


def alone(text, question, language):
    """Return what one comment says, as the two tables would show it."""
    one = TAGGER(text, question=question, language=language)
    found = [(m.theme, m.polarity, m.start, m.end, one.evidence(m), m.source) for m in one.mentions]
    sure = [(m.theme_confidence, m.polarity_confidence or np.nan) for m in one.mentions]
    return one.status, one.sentiment, one.sentiment_score, found, np.array(sure).reshape(-1, 2)


@settings(deadline=None, max_examples=20)
@given(ROWS, st.randoms(use_true_random=False))
def test_a_table_says_of_each_comment_what_it_says_alone(rows, random):
    rows = [row for row in rows for _ in range(random.choice((1, 1, 2)))]
    random.shuffle(rows)
    tagging = TAGGER.tag_frame(table(rows))
    mentions = tagging.mentions.astype({"theme": object, "polarity": object, "source": object})
    for row, comment in zip(rows, tagging.comments.itertuples(), strict=True):
        status, sentiment, score, found, sure = alone(row[0], row[1], str(comment.language))
        mine = mentions[mentions["comment_id"] == comment.comment_id]
        assert comment.status == status
        assert (None if pd.isna(comment.sentiment) else comment.sentiment) == sentiment
        assert (None if pd.isna(comment.sentiment_score) else comment.sentiment_score) == score
        columns = ["theme", "polarity", "start", "end", "evidence", "source"]
        shown = mine[columns].where(mine[columns].notna(), None)
        assert list(shown.itertuples(index=False, name=None)) == found
        kept = mine[["theme_confidence", "polarity_confidence"]].to_numpy()
        assert np.array_equal(kept, sure.astype(np.float32), equal_nan=True)


@settings(deadline=None, max_examples=25)
@given(ROWS, st.integers(1, 4), st.integers(1, 60))
def test_where_batches_end_changes_no_table(rows, size, characters):
    wanted = TAGGER.tag_frame(table(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagger, "BATCH_SIZE", size)
        patch.setattr(tagger, "_CHARACTERS", characters)
        found = TAGGER.tag_frame(table(rows))
    pd.testing.assert_frame_equal(found.comments, wanted.comments)
    pd.testing.assert_frame_equal(found.mentions, wanted.mentions)


def parsed(rows):
    texts, questions, languages = ([row[k] for row in rows] for k in range(3))
    return parse(texts, languages, questions)


def said(readings):
    """Return readings as plain values, comment by comment."""
    return [(list(r.spans), list(r.judged.mentions), r.judged.verdict, r.status) for r in readings]


@settings(deadline=None, max_examples=40)
@given(ROWS, st.integers(1, 5), st.randoms(use_true_random=False))
def test_readings_in_turns_and_in_any_order_are_the_same(rows, most, random):
    batch = parsed(rows)
    wanted = said(TAGGER.model.read(batch))
    assert said(read_in_turns(batch, TAGGER.model.read, most)) == wanted
    order = random.sample(range(len(rows)), len(rows))
    moved = TAGGER.model.read(batch.take(np.array(order, dtype=np.int64)))
    assert said(moved) == [wanted[at] for at in order]
    if rows:
        parts = [np.arange(len(rows))[k::2] for k in range(2)]
        read = [(part, TAGGER.model.read(batch.take(part))) for part in parts]
        assert said(together(batch, read)) == wanted


@settings(deadline=None, max_examples=40)
@given(ROWS, st.lists(st.booleans(), min_size=9, max_size=9))
def test_two_models_share_a_batch(rows, flags):
    batch, which = parsed(rows), np.array(flags[: len(rows)], dtype=np.bool_)
    rules = rule_model(TAGGER.taxonomy)
    one, other = TAGGER.model.read(batch), rules.read(batch)
    wanted = [a if mine else b for a, b, mine in zip(said(one), said(other), which, strict=True)]
    assert said(either(one, other, which)) == wanted
    assert said(read_those(batch, which, TAGGER.model.read, rules)) == wanted


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_records_and_arrays_of_a_reading_say_the_same(rows):
    batch = parsed(rows)
    read = TAGGER.model.read(batch)
    again = Readings.of(list(read), batch, TAGGER.taxonomy.ids)
    assert said(again) == said(read)
    assert Readings.of(read, batch, TAGGER.taxonomy.ids) is read


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), max_size=20), st.integers(1, 9))
def test_turns_hold_all_comments_and_few_clauses(counts, most):
    batch = parsed([("Late. " * count, "", "en") for count in counts])
    parts = [rows.tolist() for rows in in_turns(batch, most)]
    assert [row for part in parts for row in part] == list(range(len(counts)))
    sizes = np.diff(batch.clauses.first)
    assert all(len(part) == 1 or sizes[part].sum() <= most for part in parts)


def test_long_and_odd_comments_change_nothing_for_others():
    odd = ["", "\ud800", "x" * 50_000, "Good. " * 3_000, "a b " * 5_000, "?!" * 500, "\n\n"]
    plain = ["The staff were friendly, but far too expensive", "Niets te klagen"]
    languages = detect_languages(plain)
    wanted = [TAGGER(text) for text in plain]
    assert languages == [one.language for one in wanted]
    assert list(TAGGER.pipe([*odd, *plain]))[len(odd) :] == wanted
    assert list(TAGGER.pipe([*plain, *odd]))[: len(plain)] == wanted


def test_places_are_those_of_the_tables():
    assert STATUS_ORDER == STATUSES
    assert SENTIMENT_ORDER == SENTIMENTS


def test_no_comment_and_no_mention_give_empty_tables():
    none = TAGGER.tag_frame(table([]))
    silent = TAGGER.tag_frame(table([("", "", "en"), ("?!", "", "en")]))
    assert (len(none.comments), len(none.mentions), len(silent.mentions)) == (0, 0, 0)
    assert silent.comments["status"].tolist() == ["blank", "uninformative"]
    pd.testing.assert_frame_equal(none.mentions, silent.mentions)


def test_a_copy_of_a_tagger_reads_the_same():
    texts = [f"{piece} {at}" for at, piece in enumerate(PIECES)]
    assert list(pickle.loads(pickle.dumps(TAGGER)).pipe(texts)) == list(TAGGER.pipe(texts))
