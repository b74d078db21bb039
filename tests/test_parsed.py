"""Batches of parsed comments: arrays, records, parts and joins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.records import LANGUAGES
from feedback_nlp.text import parse

PIECES = [
    " ", " ", " ", " ", "  ", "\n", "\r\n", "\t", ".", ",", "!", "...", ":", ")", "-", "/", "&", "maar", "but", "en",
    "and", "also", "ook", "echter", "however", "bet", "men", "goed", "Good", "niks", "nothing", "n/a", "prijs/kwaliteit",
    "👍", "😀😀", "\ud83d", "x" * 160, "soooo", "TE DUUR", "e\u0301", "asdfghjkl", "10/10",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=60)
ROW = st.tuples(
    TEXT,
    st.sampled_from([*LANGUAGES, "unknown", "pl"]),
    st.sampled_from(["", "What could we improve?", "Wat ging er goed?"]),
)


def parsed(rows):
    return parse(*([row[part] for row in rows] for part in range(3)))


@settings(deadline=None, max_examples=80)
@given(st.lists(ROW, max_size=8), st.randoms())
def test_a_comment_is_parsed_alike_alone_and_in_any_company(rows, draw):
    alone = [parsed([row])[0] for row in rows]
    assert list(parsed(rows)) == alone
    order = draw.sample(range(len(rows)), len(rows))
    assert list(parsed([rows[at] for at in order])) == [alone[at] for at in order]


@settings(deadline=None, max_examples=100)
@given(st.lists(ROW, max_size=8))
def test_words_cover_all_but_white_space_and_clauses_hold_each_word_once(rows):
    for one in parsed(rows):
        if one.status != "blank":
            spoken = set()
            for start, end in zip(one.starts, one.ends, strict=True):
                assert start < end
                spoken.update(range(start, end))
            assert spoken >= {at for at, char in enumerate(one.text) if not char.isspace()}
            assert list(one.starts) == sorted(one.starts)
            assert all(end <= start for end, start in zip(one.ends, one.starts[1:], strict=False))
        held = [at for clause in one.clauses for at in range(clause.start, clause.end)]
        assert held == (list(range(len(one.words))) if one.status == "ok" else [])
        numbers = [clause.sentence for clause in one.clauses]
        assert numbers == sorted(numbers)
        assert numbers[:1] in ([], [0])


@settings(deadline=None, max_examples=50)
@given(st.lists(ROW, max_size=8), st.data())
def test_records_arrays_parts_and_joins_say_the_same(rows, data):
    batch = parsed(rows)
    assert list(ParsedBatch.of(list(batch))) == list(batch)
    chosen = data.draw(
        st.lists(st.integers(0, len(rows) - 1), max_size=12) if rows else st.just([])
    )
    part = batch.take(np.array(chosen, dtype=np.int64))
    assert list(part) == [batch[at] for at in chosen]
    assert list(ParsedBatch.joined([batch, part, batch[1:]])) == [*batch, *part, *list(batch)[1:]]


@settings(deadline=None, max_examples=50)
@given(st.lists(ROW, max_size=6))
def test_every_word_knows_its_clause(rows):
    batch = parsed(rows)
    for at, one in enumerate(batch):
        here = slice(batch.words.first[at], batch.words.first[at + 1])
        want = [one.clause_of(word) if one.clauses else -1 for word in range(len(one.words))]
        found = batch.clause_of[here]
        assert np.where(found < 0, -1, found - batch.clauses.first[at]).tolist() == want


def test_known_words_are_each_there_once():
    words = parse(["Goed, goed!", "Good and goed"], ["nl", "en"]).words
    assert sorted(words.known) == ["!", ",", "and", "goed", "good"]


def test_no_comments_are_a_batch_too():
    batch = parse([], [])
    assert len(batch) == len(batch.words) == len(batch.clauses) == 0
    assert batch.words.first.tolist() == batch.clauses.first.tolist() == [0]


def test_every_text_needs_its_language():
    with pytest.raises(ValueError, match="shorter"):
        parse(["goed", "slecht"], ["nl"])


def test_long_texts_are_taken_in_turns(monkeypatch):
    texts = [f"Tekst {number} is goed, maar te duur." for number in range(40)]
    languages = ["nl", "en"] * 20
    whole = list(parse(texts, languages))
    monkeypatch.setattr("feedback_nlp.text._AT_ONCE", 100)
    assert list(parse(texts, languages)) == whole


@pytest.mark.parametrize(
    "text", ["x" * 50_000, "!" * 50_000, ", " * 20_000, "and, " * 9_000, "goed " * 10_000]
)
def test_fifty_thousand_characters(text):
    one = parse(["kort en goed", text, ""], ["en", "en", "en"])[1]
    held = [at for clause in one.clauses for at in range(clause.start, clause.end)]
    assert held == (list(range(len(one.words))) if one.status == "ok" else [])
    assert one.ends[-1] == len(text.rstrip())
