"""The compact model: what it says, that no batch changes it, its folder, and its reasons."""

import copy
import json
import pickle
import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file, save_file

from feedback_nlp.errors import FeedbackError, ModelError
from feedback_nlp.records import TaggedComment
from feedback_nlp.resources import resource
from feedback_nlp.samples import make_sample
from feedback_nlp.tagging import load_tagger
from feedback_nlp.tagging.folder import VOCABULARY, read_folder, write_folder
from feedback_nlp.tagging.folder_parts import CONFIG, WEIGHTS
from feedback_nlp.tagging.turns import in_turns
from feedback_nlp.text import parse

TAGGER = load_tagger("compact")
FOLDER = resource("models", "compact")
OUTPUTS = json.loads((FOLDER / CONFIG).read_text("utf-8"))["outputs"]
SAMPLE = make_sample(300, seed=3)["Why did you give that score?"].fillna("").tolist()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Lekker eten, maar de ober was onbeschoft.",
         {("quality.food", "positive"), ("service.friendliness", "negative")}),
        ("The waiter was rude and the soup was cold.",
         {("service.friendliness", "negative"), ("quality.food", "negative")}),
        ("Rask levering!", {("delivery.speed", "positive")}),
        ("Piegāde kavējās trīs dienas, bet kurjers bija jauks",
         {("delivery.speed", "negative"), ("service.friendliness", "positive")}),
        ("Das Zimmer war schmutzig.", {("environment.cleanliness", "negative")}),
        ("Beaucoup trop cher", {("price.level", "negative")}),
        ("Personal muy amable", {("service.friendliness", "positive")}),
    ],
)  # fmt: skip
def test_plain_comments_in_seven_languages(text, wanted):
    assert {(m.theme, m.polarity) for m in TAGGER(text).mentions} == wanted


@pytest.mark.parametrize("text", ["", "   ", "-", "n/a", "xxxxxxxx", "Qwghlm zxcv!"])
def test_what_says_nothing_gets_no_theme(text):
    tagged = TAGGER(text)
    assert tagged.mentions == ()
    assert tagged.status != "ok" or tagged.sentiment is None or tagged.language != "unknown"


def test_nothing_is_praise_or_blame_as_the_question_has_it():
    assert TAGGER("Nothing", question="What could we do better?").sentiment == "positive"
    assert TAGGER("Nothing", question="What did you like most?").sentiment == "negative"
    assert TAGGER("Nothing").status == "uninformative"


def test_no_batch_order_or_thread_changes_an_answer():
    texts = SAMPLE
    alone = [load_tagger()(text) for text in texts[:40]]
    together = list(TAGGER.pipe(texts))
    assert together[:40] == alone
    order = list(range(len(texts)))
    random.Random(1).shuffle(order)
    shuffled = list(TAGGER.pipe([texts[at] for at in order]))
    assert [shuffled[order.index(at)] for at in range(len(texts))] == together
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda part: list(TAGGER.pipe(part)), [texts[:150], texts[150:]] * 2))
    assert parts[0] + parts[1] == parts[2] + parts[3] == together
    copied = pickle.loads(pickle.dumps(TAGGER))
    assert [copied(text) for text in texts[:20]] == together[:20]


def test_the_language_is_told_or_found_alike():
    frame = pd.DataFrame({"comment_id": ["a"], "text": ["Veel te duur"], "language": ["nl"]})
    [told] = TAGGER.tag_frame(frame).mentions["theme"]
    assert told == TAGGER("Veel te duur").mentions[0].theme


def test_confidences_are_probabilities_and_evidence_is_text():
    for tagged in TAGGER.pipe(SAMPLE):
        for mention in tagged.mentions:
            assert 0 < mention.theme_confidence <= 1
            assert mention.polarity is None or 0.4 <= mention.polarity_confidence <= 1
            assert tagged.evidence(mention).strip()
        assert tagged.sentiment_score is None or -1 <= tagged.sentiment_score <= 1


def test_a_folder_gives_the_same_model_back(tmp_path):
    write_folder(read_folder(FOLDER), tmp_path, "# mine\n", None)
    assert (tmp_path / WEIGHTS).read_bytes() == (FOLDER / WEIGHTS).read_bytes()
    texts = ["Too slow, and nobody answers", "Heel fijn geholpen!"]
    assert list(load_tagger(tmp_path).pipe(texts)) == list(TAGGER.pipe(texts))


def test_comments_are_read_in_turns_by_how_long_they_are():
    parsed = parse(["Slow. Rude. Cold.", "Good", "Bad", "Late. Dear."], ["en"] * 4)
    parts = [rows.tolist() for rows in in_turns(parsed, 2)]
    assert parts == [[0], [1, 2], [3]]
    assert [rows.tolist() for rows in in_turns(parsed)] == [[0, 1, 2, 3]]
    assert list(in_turns(parsed[:0])) == []


@pytest.fixture
def broken(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "model")


def _without(folder, name):
    (folder / name).unlink()


def _cut(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes()[:100])


def _config(folder, **changes):
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(config | changes))


def _doubled(folder):
    spelt = json.loads((folder / VOCABULARY).read_text("utf-8"))
    spelt["words"][1] = spelt["words"][0]
    (folder / VOCABULARY).write_text(json.dumps(spelt), encoding="utf-8")


def _tensors(folder, name, change):
    tensors = load_file(folder / WEIGHTS)
    save_file({k: change(v) if k == name else v for k, v in tensors.items()}, folder / WEIGHTS)


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda f: _without(f, CONFIG), "config.json cannot be read"),
        (lambda f: _without(f, WEIGHTS), "cannot be read as weights"),
        (lambda f: _cut(f, WEIGHTS), "cannot be read as weights"),
        (lambda f: _cut(f, VOCABULARY), "vocabulary.json cannot be read"),
        (lambda f: _config(f, format=99), "format 99"),
        (lambda f: _config(f, kind="pickle"), "'pickle'"),
        (lambda f: _config(f, themes=["price"]), "other themes than its taxonomy"),
        (lambda f: _config(f, outputs=["price"]), "does not belong to the model"),
        (lambda f: _config(f, outputs=OUTPUTS[::-1]), "does not belong to the model"),
        (lambda f: _config(f, thresholds={}), "one threshold for each theme"),
        (lambda f: _config(f, sure="high"), "sure is not a number from 0 to 1"),
        (lambda f: _config(f, nothing=float("nan")), "nothing is not a number from 0 to 1"),
        (lambda f: (f / CONFIG).write_text("[" * 100_000), "config.json cannot be read"),
        (lambda f: _doubled(f), "has something twice"),
        (lambda f: _tensors(f, "weights", lambda v: v * 9.5), "wanted .* int8"),
        (lambda f: _tensors(f, "top.weights", lambda v: v[:5].copy()), "does not belong"),
        (lambda f: _tensors(f, "status.intercept", lambda v: v[:0].copy()), "does not belong"),
        (lambda f: _tensors(f, "intercept", lambda v: v * np.nan), "not finite"),
        (lambda f: _tensors(f, "scale", lambda v: v[:3].copy()), "does not belong to the model"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused_in_one_line(broken, harm, message):
    harm(broken)
    with pytest.raises(ModelError, match=message) as caught:
        load_tagger(broken)
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_there_is_named():
    with pytest.raises(ModelError, match=r"No model 'giant'.*compact,"):
        load_tagger("giant")


def test_a_folder_of_the_same_name_where_the_program_runs_is_not_the_shipped_model(
    tmp_path, monkeypatch
):
    shutil.copytree(FOLDER, tmp_path / "compact")
    _config(tmp_path / "compact", kind="something else")
    monkeypatch.chdir(tmp_path)
    assert load_tagger()("Too expensive").themes == ("price.level",)
    with pytest.raises(ModelError, match="something else"):
        load_tagger("./compact")


def test_a_mention_is_explained_by_its_words():
    tagged = TAGGER("Lekker eten, maar de ober was onbeschoft.")
    food, waiter = tagged.explain()
    assert "eten" in food.leading("theme")
    assert food.leading("polarity")[0] == "Lekker"
    assert waiter.leading("polarity")[0] == "onbeschoft"
    assert waiter.evidence == "de ober was onbeschoft"
    for reason in (food, waiter):
        for share in reason.words:
            assert tagged.text[share.start : share.end] == share.word
    assert str(tagged.explain()).count("\n") == 1
    assert "No theme" in str(TAGGER("hm").explain())


def test_a_clause_without_a_phrase_is_explained_by_what_its_words_added_alone():
    tagged = TAGGER("She slammed the phone down on me")
    assert [mention.source for mention in tagged.mentions] == ["model"]
    (reason,) = tagged.explain()
    words = [share.word.lower() for share in reason.words]
    added = TAGGER.model.scorer.contributions(words, reason.theme)
    assert [share.theme for share in reason.words] == [round(value, 3) for value in added]


def test_reasons_are_escaped_where_they_are_shown():
    shown = TAGGER("Too <b>expensive</b> <script>alert(1)</script>").explain()._repr_html_()
    assert "<script>" not in shown
    assert "<b>" not in shown


def test_a_comment_from_a_file_says_that_it_cannot_be_explained():
    tagged = TAGGER("Too expensive")
    for read in (TaggedComment.from_dict(tagged.to_dict()), pickle.loads(pickle.dumps(tagged))):
        assert read == tagged
        with pytest.raises(FeedbackError, match="tag it again"):
            read.explain()
    assert len(pickle.dumps(tagged)) < 2_000


def test_a_copy_of_a_tagged_comment_does_not_copy_the_tagger():
    tagged = TAGGER("Too expensive")
    assert copy.deepcopy(tagged) == tagged
    assert asdict(tagged)["explainer"].func.__self__ is TAGGER


def test_models_share_the_embeddings():
    assert load_tagger().model.scorer.features.embeddings is TAGGER.model.scorer.features.embeddings
