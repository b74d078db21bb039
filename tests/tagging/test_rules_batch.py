"""The rules over a batch: no company changes what is said of a comment, and what models weigh."""

import gc
import weakref

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.judging import CONFIDENCE
from feedback_nlp.tagging.layers import MARKS, Themes
from feedback_nlp.tagging.opinions import read_opinions
from feedback_nlp.tagging.rule_layers import rule_layer
from feedback_nlp.tagging.rules import read_rules, rule_model
from feedback_nlp.tagging.stretches import (
    clause_words,
    evidence,
    first_highest,
    linked,
    sentences,
    with_own_words,
)
from feedback_nlp.taxonomy import Taxonomy, Theme, load_taxonomy
from feedback_nlp.text import parse

TAXONOMY = load_taxonomy()
THEMES = Themes.of(TAXONOMY)
ASKED = ("", "What could we improve?", "What was good?", "Wat kunnen we verbeteren?")
LANGUAGES = ("en", "nl", "nb", "lv", "de", "fr", "es", "unknown", "pl")
PIECES = (
    "The staff were friendly", "not", "good", "far too expensive", "but", "and the delivery",
    "no reply", "de ober was onbeschoft", "niet vriendelijk", "wachttijd", "👍", "...", "\n", "!",
    "Nothing", "nothing at all", "value for money", "took very very long", '"they said so"', "?",
    "I wish it were cheaper", "cafe\u0301", "soooo slow", "GREAT", "price", "\ud83d", "n/a", "-",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
comments = st.tuples(texts, st.sampled_from(LANGUAGES), st.sampled_from(ASKED))


def batch_of(rows):
    given_texts, languages, questions = zip(*rows, strict=True) if rows else ((), (), ())
    return ParsedBatch.of(parse(list(given_texts), list(languages), list(questions)))


def said(text, language="en", question=""):
    reading = rule_model(TAXONOMY).read(batch_of([(text, language, question)]))[0]
    pairs = zip(reading.spans, reading.judged.mentions, strict=True)
    return [(text[one.start : one.end], one.theme, told and told.polarity) for one, told in pairs]


def test_a_taxonomy_that_is_not_used_any_more_is_forgotten():
    batch = batch_of([("too dear", "en", "")])
    gone = []
    for number in range(110):
        themes = (Theme(id=f"t{number}", phrases={"en": ("dear",)}),)
        taxonomy = Taxonomy(f"no {number}", themes)
        assert len(rule_model(taxonomy).read(batch).found) == 1
        gone.append(weakref.ref(taxonomy))
    del taxonomy
    gc.collect()
    assert sum(one() is not None for one in gone) <= 100


@settings(deadline=None)
@given(st.permutations(["a", "a.x", "a.y", "b", "c", "c.x"]), st.integers(0, 4), st.integers(0, 9))
def test_top_themes_have_the_highest_and_the_sum_of_their_own(ids, clauses, seed):
    themes = Themes.of(Taxonomy("mine", tuple(Theme(id=one) for one in ids)))
    values = np.random.default_rng(seed).integers(-5, 5, size=(clauses, len(ids))).astype(float)
    own = [[at for at, one in enumerate(ids) if one.split(".")[0] == top] for top in themes.tops]
    assert [ids[at] for at in themes.own] == list(themes.tops)
    assert [ids[at] for at in np.flatnonzero(themes.is_top)] == [one for one in ids if len(one) < 2]
    wanted = [np.maximum(values[:, columns].max(axis=1), -1.0) for columns in own]
    assert np.array_equal(themes.by_top(values, empty=-1.0), np.stack(wanted, axis=1))
    sums = np.stack([values[:, columns].sum(axis=1) for columns in own], axis=1)
    assert np.array_equal(themes.sums_by_top(values), sums)


def layer_of(batch):
    opinions = read_opinions(batch)
    return rule_layer(batch, read_rules(batch, opinions, TAXONOMY), opinions, THEMES)


@settings(max_examples=25, deadline=None)
@given(st.lists(comments, min_size=1, max_size=8))
def test_a_comment_is_read_alike_alone_and_in_any_company(rows):
    model = rule_model(TAXONOMY)
    together = model.read(batch_of(rows))
    backwards = model.read(batch_of(rows[::-1]))
    for at, row in enumerate(rows):
        alone = model.read(batch_of([row]))[0]
        for other in (together[at], backwards[len(rows) - 1 - at]):
            assert list(other.spans) == list(alone.spans)
            assert list(other.judged.mentions) == list(alone.judged.mentions)
            assert other.judged.verdict == alone.judged.verdict


@settings(max_examples=25, deadline=None)
@given(st.lists(comments, min_size=1, max_size=8))
def test_what_models_weigh_is_the_same_alone_and_together(rows):
    batch = batch_of(rows)
    layer = layer_of(batch)
    for at in range(len(rows)):
        alone = layer_of(batch.take(np.array([at])))
        here = slice(*batch.clauses.first[at : at + 2].tolist())
        for name in ("found", "judged", "said", "clause"):
            assert np.array_equal(getattr(layer, name)[here], getattr(alone, name))
        assert np.array_equal(layer.comment[[at]], alone.comment)


@settings(max_examples=25, deadline=None)
@given(st.lists(comments, max_size=8))
def test_readings_hold_together(rows):
    batch = batch_of(rows)
    read = rule_model(TAXONOMY).read(batch)
    found = read.found
    assert (np.diff(found.comment) >= 0).all()
    assert (found.end > found.start).all()
    assert (batch.words.comment[found.phrase_start] == found.comment).all()
    inside = found.clause >= 0
    assert (batch.clauses.comment[found.clause[inside]] == found.comment[inside]).all()
    assert (batch.status[found.comment] == 0).all()
    assert np.array_equal(read.polarity < 0, np.isnan(read.polarity_confidence))
    assert set(read.polarity_confidence[read.polarity >= 0]) <= set(CONFIDENCE.values())
    assert np.array_equal(read.sentiment < 0, np.isnan(read.sentiment_score))
    assert (np.abs(read.sentiment_score[read.sentiment >= 0]) <= 1).all()


def test_a_longer_phrase_hides_what_lies_inside_it():
    assert [theme for _, theme, _ in said("Good value for money")] == ["price.value_for_money"]


def test_a_theme_beside_its_sub_theme_is_not_named_twice():
    themes = (Theme(id="shop", phrases={"en": ("shop",)}),
              Theme(id="shop.floor", phrases={"en": ("floor",)}))  # fmt: skip
    read = rule_model(Taxonomy("mine", themes)).read(
        batch_of([("The floor of the shop is clean", "en", ""), ("The shop is clean", "en", "")])
    )
    assert [read.themes[at] for at in read.found.theme] == ["shop.floor", "shop"]


def test_what_is_said_comes_from_the_clause_then_from_beside_it_then_from_all_the_rest():
    assert said("The staff were rude.") == [
        ("The staff were rude", "service.friendliness", "negative")
    ]
    assert ("parking", "environment.location", None) in said("parking")
    assert {told for _, _, told in said("The parking. The price. Lovely!")} == {"positive"}


def test_what_is_absent_is_missed_and_an_absent_nuisance_is_praised():
    assert {told for _, _, told in said("no parking")} == {"negative"}
    assert {told for _, _, told in said("geen wachttijd", "nl")} == {"positive"}


def test_the_marks_of_a_clause_are_counted_by_kind():
    text = 'The "helpful" staff were great! But was it expensive?'
    layer = layer_of(batch_of([(text, "en", ASKED[1])]))
    first, second = (dict(zip(MARKS, row, strict=True)) for row in layer.clause.tolist())
    assert (first["praise"], first["blame"], second["praise"], second["blame"]) == (2, 0, 0, 1)
    assert (first["!"], first["?"], second["!"], second["?"]) == (1, 0, 0, 1)
    assert (first["quoted"], second["quoted"], second["contrast"]) == (1, 0, 1)
    assert first["asked"] == second["asked"] == -1
    assert layer.comment[0, 5:].tolist() == [2, 1, 0]


def test_nothing_to_read_is_no_harm():
    for rows in ([], [("", "en", "")], [("", "unknown", ""), ("...", "en", "")]):
        batch = batch_of(rows)
        read = rule_model(TAXONOMY).read(batch)
        assert (len(read), len(read.found)) == (len(rows), 0)
        assert (read.sentiment == -1).all()
        assert layer_of(batch).found.shape == (0, len(THEMES.ids))


def test_a_taxonomy_without_phrases_or_general_themes_names_nothing():
    read = rule_model(Taxonomy("mine", (Theme(id="price"),))).read(
        batch_of([("Far too expensive", "en", ""), ("Nothing", "en", ASKED[1])])
    )
    assert len(read.found) == 0
    assert [one.judged.verdict.sentiment for one in read] == ["negative", "positive"]


def test_evidence_loses_marks_at_its_rim_and_joining_words_before_it():
    batch = batch_of([("Clean, and the porter was rude!", "en", "")])
    start, end = np.array([0, 1]), np.array([2, len(batch.words)])
    found = zip(*evidence(batch, start, end), strict=True)
    assert [batch.texts[0][a:b] for a, b in found] == ["Clean", "the porter was rude"]
    found = zip(*evidence(batch, start, end, joined=False), strict=True)
    assert [batch.texts[0][a:b] for a, b in found] == ["Clean", "and the porter was rude"]


def test_clauses_are_linked_within_a_sentence_and_not_across_a_contrast():
    text = "The room was clean and the bed was soft, but the shower was cold. We slept well."
    batch = batch_of([(text, "en", ""), ("It was fine.", "en", "")])
    assert sentences(batch).tolist() == [0, 0, 0, 1, 2]
    assert linked(batch).tolist() == [True, False, False, False, False]
    words = [word for clause in clause_words(batch) for word in clause]
    assert words == [batch.words.known[at] for at in batch.words.word]


def test_own_words_are_those_that_occur():
    batch = batch_of([("The room was clean", "en", ""), ("The bed was soft", "en", "")])
    own = with_own_words(batch.take(np.array([1])))
    assert sorted(own.words.known) == ["bed", "soft", "the", "was"]
    assert own[0] == batch[1]


@given(st.lists(st.lists(st.integers(-3, 3), min_size=1, max_size=6), max_size=6))
def test_the_first_of_the_highest_is_found(lists):
    flat = np.array([value for one in lists for value in one], dtype=np.float64)
    begin = np.cumsum([0, *map(len, lists)])[:-1]
    wanted = [first + int(np.argmax(one)) for first, one in zip(begin, lists, strict=True)]
    assert first_highest(flat, begin).tolist() == wanted
