"""Taggers of Hugging Face models say what these models say, comment by comment, in any batch."""

import copy
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import torch
from small_transformers import ENTAILMENT, POLARITIES, classifier, roberta
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from feedback_nlp import Taxonomy, Theme, load_tagger, load_transformer
from feedback_nlp.analysis import analyze
from feedback_nlp.exports import read_comments
from feedback_nlp.text import parse

COMMENTS = [
    "The staff were friendly, but it is far too expensive.",
    "Delivery was late.",
    "De levering was snel maar de klantenservice reageert traag.",
    "Lekker eten, te duur en een lange wachttijd.",
    "Die Lieferung kam zu spät.",
    "Very friendly staff",
    "Too expensive!",
]
TWO = Taxonomy("two", (Theme(id="price", names={"en": "Price", "nl": "Prijs"}), Theme(id="staff")))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    classifier(folder / "polar")
    classifier(folder / "pairs", seed=1)
    classifier(folder / "nli", ENTAILMENT, seed=3)
    roberta(folder / "roberta")
    return folder


def plain(folder, *texts):
    """What transformers itself makes of one text or one pair."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    limit = 60
    inputs = tokenizer(*texts, return_tensors="pt", truncation=True, max_length=limit)
    with torch.inference_mode():
        return model(**inputs).logits.softmax(-1)[0].numpy()


@pytest.mark.parametrize("name", ["polar", "roberta"])
def test_sentiment_is_that_of_the_network(models, name):
    tagger = load_transformer(models / name, sure=0)
    for tagged in tagger.pipe(COMMENTS):
        expected = plain(models / name, tagged.text)
        assert tagged.sentiment == POLARITIES[expected.argmax()]
        assert tagged.sentiment_score == pytest.approx(expected[2] - expected[0], abs=1e-4)


def test_polarity_is_that_of_the_clause_of_the_theme(models):
    tagger, compact = load_transformer(polarity=models / "polar", sure=0), load_tagger()
    tagged = tagger(COMMENTS[0], language="en")
    said = compact(COMMENTS[0], language="en")
    assert [(m.theme, m.start, m.end) for m in tagged.mentions] == [
        (m.theme, m.start, m.end) for m in said.mentions
    ]
    assert (tagged.sentiment, tagged.sentiment_score) == (said.sentiment, said.sentiment_score)
    clauses = "The staff were friendly,", "but it is far too expensive."
    for mention, clause in zip(tagged.mentions, clauses, strict=True):
        expected = plain(models / "polar", clause)
        assert mention.polarity == POLARITIES[expected.argmax()]
        assert mention.polarity_confidence == pytest.approx(expected.max(), abs=1e-4)


def test_polarity_is_that_of_the_comment_and_the_theme(models):
    tagger = load_transformer(polarity=models / "pairs", pairs=True, sure=0)
    (mention,) = tagger("Levering was te laat", language="nl").mentions
    assert mention.theme == "delivery.speed"
    name = load_tagger().taxonomy["delivery.speed"].name("nl")
    expected = plain(models / "pairs", "Levering was te laat", f"{name} ({_top('nl')})")
    assert mention.polarity == POLARITIES[expected.argmax()]
    assert mention.polarity_confidence == pytest.approx(expected.max(), abs=1e-4)


def _top(language):
    return load_tagger().taxonomy["delivery"].name(language)


@pytest.mark.parametrize(
    ("language", "asked"),
    [("en", ["This is about: Price."]), ("nl", ["Dit gaat over: Prijs."]),
     ("de", ["This is about: Price."])],
)  # fmt: skip
def test_themes_are_those_that_the_comment_entails(models, language, asked):
    themes = Taxonomy("one", TWO.themes[:1])
    text = "What a price"
    expected = plain(models / "nli", text, asked[0])[2]
    for threshold, named in ((expected - 0.01, True), (expected + 0.01, False)):
        tagger = load_transformer(
            themes=models / "nli", taxonomy=themes, threshold=float(np.clip(threshold, 0, 1))
        )
        found = tagger(text, language=language).mentions
        assert bool(found) == named
        if named:
            assert found[0].theme_confidence == pytest.approx(expected, abs=1e-4)
            assert (found[0].source, found[0].polarity is not None) == ("model", True)


def test_a_theme_without_a_name_in_a_language_is_asked_for_in_english(models):
    from feedback_nlp.tagging.entailment import HYPOTHESES, Entailment

    spec = load_transformer(themes=models / "nli").model.themes.spec
    asks = Entailment(TWO, spec, 2, HYPOTHESES, 0.5)
    assert asks.hypothesis(TWO["price"], "nl") == "Dit gaat over: Prijs."
    assert asks.hypothesis(TWO["staff"], "nl") == "This is about: Staff."
    assert asks.hypothesis(TWO["price"], "fr") == "This is about: Price."
    asks = Entailment(TWO, spec, 2, {"en": "{definition}?"}, 0.5)
    assert asks.hypothesis(TWO["staff"], "nl") == "Staff?"


def test_themes_stand_in_the_clauses_that_speak_of_them(models):
    tagger = load_transformer(themes=models / "nli", taxonomy=TWO, threshold=0.5)
    threshold, text = 0.5, COMMENTS[0]
    for tagged in tagger.pipe(COMMENTS, language="en"):
        for theme in TWO.ids:
            question = f"This is about: {TWO[theme].name()}."
            whole = plain(models / "nli", tagged.text, question)[2]
            there = {m.start for m in tagged.mentions if m.theme == theme}
            assert bool(there) == (whole >= threshold)
    clauses = {0: "The staff were friendly,", 29: "but it is far too expensive."}
    mentions = tagger(text, language="en").mentions
    for theme in {m.theme for m in mentions}:
        question = f"This is about: {TWO[theme].name()}."
        likely = {at: plain(models / "nli", said, question)[2] for at, said in clauses.items()}
        best = max(likely, key=likely.get)
        wanted = {at for at, one in likely.items() if one >= threshold} | {best}
        assert {m.start for m in mentions if m.theme == theme} == wanted


def test_a_theme_without_a_subject_is_named_only_where_nothing_else_is(models):
    general = Taxonomy("mine", (*TWO.themes, Theme(id="general", general=True)))
    likely = [
        {
            t: plain(models / "nli", text, f"This is about: {general[t].name()}.")[2]
            for t in general.ids
        }
        for text in COMMENTS
    ]
    chosen = set()
    for threshold in (0.02, 0.1, 0.3):
        tagger = load_transformer(themes=models / "nli", taxonomy=general, threshold=threshold)
        for tagged, says in zip(tagger.pipe(COMMENTS, language="en"), likely, strict=True):
            over = {theme for theme, one in says.items() if one >= threshold}
            wanted = over - {"general"} or over
            assert {m.theme for m in tagged.mentions} == wanted
            chosen |= {"general" in over, "general" in wanted, len(wanted) > 1}
    assert chosen == {True, False}


def test_a_sub_theme_stands_for_its_parent(models):
    family = Taxonomy("mine", (Theme(id="price"), Theme(id="price.level"), Theme(id="price.fees")))
    every = load_transformer(themes=models / "nli", taxonomy=family, threshold=0.0)
    assert {m.theme for m in every("Far too much", language="en").mentions} == {
        "price.level", "price.fees",
    }  # fmt: skip


def test_what_is_not_sure_is_unknown(models):
    tagged = load_transformer(models / "polar", polarity=models / "polar", sure=1.0)(COMMENTS[0])
    assert (tagged.sentiment, tagged.sentiment_score) == (None, None)
    assert {(m.polarity, m.polarity_confidence) for m in tagged.mentions} == {(None, None)}


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "n/a", "Żółć gęślą jaźń chrząszcz brzmi w trzcinie"]
)
def test_comments_that_cannot_be_read_stay_as_they_are(models, text):
    tagger = load_transformer(models / "polar", polarity=models / "polar", themes=models / "nli")
    given = {"language": "unknown"}
    assert tagger(text, **given).to_dict() == load_tagger()(text, **given).to_dict()
    assert tagger(text, **given).status != "ok"


def test_nothing_after_a_question_stays_what_the_rules_say(models):
    tagger = load_transformer(models / "polar", polarity=models / "polar")
    asked = {"question": "What could we improve?", "language": "en"}
    assert tagger("Nothing", **asked).to_dict() == load_tagger()("Nothing", **asked).to_dict()


@pytest.mark.parametrize("name", ["polar", "roberta"])
def test_a_comment_is_read_alike_alone_and_in_a_batch(models, name):
    network = load_transformer(models / name, batch_size=3).model.sentiment.spec.load()
    whole, _ = network.probabilities(COMMENTS)
    for text, row in zip(COMMENTS, whole, strict=True):
        alone, _ = network.probabilities([text])
        np.testing.assert_allclose(row, alone[0], atol=1e-5)


def test_tables_hold_what_single_comments_get(models):
    tagger = load_transformer(models / "polar", polarity=models / "polar", batch_size=2)
    texts = [*COMMENTS, "", COMMENTS[0]]
    frame = pd.DataFrame({"comment_id": [str(n) for n in range(len(texts))], "text": texts})
    frame["language"] = pd.Series(["en", "en", "nl", "nl", "de", "en", "en", "unknown", "en"])
    made = tagger.tag_frame(frame)
    for at, row in made.comments.reset_index(drop=True).iterrows():
        alone = tagger(row["text"], language=row["language"])
        assert (row["sentiment"] if pd.notna(row["sentiment"]) else None) == alone.sentiment
        mine = made.mentions[made.mentions["comment_id"] == str(at)]
        assert list(mine["polarity"]) == [m.polarity for m in alone.mentions]
        confidences = [m.polarity_confidence for m in alone.mentions]
        np.testing.assert_allclose(mine["polarity_confidence"], confidences, atol=1e-4)


def test_what_was_cut_is_told(models):
    tagger = load_transformer(models / "polar", polarity=models / "polar", max_length=12)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        list(
            tagger.pipe(["Delivery was late. " * 9, "Late", "Friendly staff. " * 9], language="en")
        )
    assert [str(one.message) for one in caught] == [
        "2 of 3 comments are longer than the 12 tokens that polar reads at a time; the end of these "
        "was not read."
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tagger("Late")


def test_a_tagger_goes_to_other_processes_small_and_is_the_same_there(models):
    tagger = load_transformer(
        models / "polar", polarity=models / "pairs", pairs=True, themes=models / "nli"
    )
    sent = pickle.dumps(tagger)
    assert len(sent) < len(pickle.dumps(load_tagger())) + 100_000
    assert pickle.loads(sent)(COMMENTS[0]).to_dict() == tagger(COMMENTS[0]).to_dict()
    assert copy.deepcopy(tagger) is tagger


@pytest.mark.slow
def test_an_analysis_runs_with_it(models, tmp_path, small_pictures, sample_export):
    comments = read_comments(str(sample_export)).head(60)
    tagger = load_transformer(models / "polar", polarity=models / "polar")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        done = analyze(comments, tmp_path / "out", tagger=tagger, max_comments=0, min_n=5)
    assert (tmp_path / "out" / "report.html").is_file()
    assert done.run["model"]["name"] == "polar + compact"
    assert done.run["model"]["sentiment_sha256"] == tagger.facts["sentiment_sha256"]


def test_a_polarity_is_explained_by_what_is_said_without_each_word(models):
    tagged = load_transformer(polarity=models / "polar", sure=0)(
        "Very friendly staff", language="en"
    )
    (reason,) = tagged.explain()
    side = POLARITIES.index(reason.polarity)
    whole = plain(models / "polar", "Very friendly staff")[side]
    for share, rest in zip(
        reason.words, (" friendly staff", "Very  staff", "Very friendly "), strict=True
    ):
        assert share.polarity == pytest.approx(
            whole - plain(models / "polar", rest)[side], abs=2e-3
        )
    (alone,) = load_tagger()("Very friendly staff", language="en").explain()
    assert [share.theme for share in reason.words] == [share.theme for share in alone.words]


def test_a_theme_is_explained_by_what_is_entailed_without_each_word(models):
    tagger = load_transformer(themes=models / "nli", taxonomy=TWO, threshold=0)
    reason = tagger("Very friendly staff", language="en").explain()[0]
    asked = f"This is about: {TWO[reason.theme].name()}."
    whole = plain(models / "nli", "Very friendly staff", asked)[2]
    without = plain(models / "nli", "Very  staff", asked)[2]
    assert reason.words[1].theme == pytest.approx(whole - without, abs=2e-3)


def test_readings_are_one_for_each_comment(models):
    model = load_transformer(models / "polar", themes=models / "nli", taxonomy=TWO).model
    batch = parse(["", "Too expensive", "nothing", "Friendly staff, too expensive"], ["en"] * 4)
    read = model.read(batch)
    assert len(read) == 4
    assert list(read.found.comment) == sorted(read.found.comment)
    assert [one.judged.verdict is None for one in read] == [True, False, True, False]
