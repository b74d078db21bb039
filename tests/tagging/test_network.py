"""A model with a network: what it makes of comments, that no batch changes it, and its folder."""

import json
import pickle
import random
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
import pandas as pd
import pytest
from safetensors.numpy import load_file, save_file
from small_network import SHAPE, write_small_model
from tokenizers import Tokenizer

from feedback_nlp.errors import MissingDependencyError, ModelError
from feedback_nlp.networks.network import NETWORK, TOKENIZER, Window
from feedback_nlp.resources import resource
from feedback_nlp.samples import make_sample
from feedback_nlp.tagging import load_tagger
from feedback_nlp.tagging.folder_parts import CARD, CONFIG, WEIGHTS
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.network import QUESTION, network_outputs
from feedback_nlp.tagging.network_folder import read_network_folder, write_network_folder
from feedback_nlp.tagging.store import read_card
from feedback_nlp.text import parse

SAMPLE = make_sample(200, seed=3)["Why did you give that score?"].fillna("").tolist()
LONG = " and ".join(f"the {word} was slow" for word in ("soup", "waiter", "queue", "bill") * 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("network") / "small"
    made.mkdir()
    write_small_model(made)
    return made


@pytest.fixture(scope="module")
def tagger(folder):
    return load_tagger(folder)


def scores_of(tagger, texts, questions=None):
    """Return the scores of the clauses of comments, and of these comments."""
    questions = questions or [""] * len(texts)
    batch = parse(texts, ["en"] * len(texts), questions)
    return batch, *tagger.model.scorer.score_batch(batch, 0)


def test_no_batch_order_thread_or_copy_changes_an_answer(tagger, folder):
    together = list(tagger.pipe(SAMPLE))
    assert any(tagged.mentions for tagged in together)
    assert [tagger(text) for text in SAMPLE[:30]] == together[:30]
    order = list(range(len(SAMPLE)))
    random.Random(1).shuffle(order)
    shuffled = list(tagger.pipe([SAMPLE[at] for at in order]))
    assert [shuffled[order.index(at)] for at in range(len(SAMPLE))] == together
    fresh = load_tagger(folder)
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda part: list(fresh.pipe(part)), [SAMPLE[:90], SAMPLE[90:]] * 2))
    assert parts[0] + parts[1] == parts[2] + parts[3] == together
    copied = pickle.loads(pickle.dumps(tagger))
    assert list(copied.pipe(SAMPLE)) == together


def test_a_clause_is_scored_by_its_own_pieces(tagger):
    text = "The soup was cold, but the waiter was kind."
    _, clauses, whole = scores_of(tagger, [text])
    cut = tagger.model.scorer.network.tokenizer.encode(text, add_special_tokens=False)
    window = Window((0, *cut.ids, 2))
    ((_, piece, comment),) = tagger.model.scorer.network.run([window])
    split = text.index("but")
    themes = Themes.of(tagger.taxonomy)
    named, tops = len(themes.ids) + len(themes.tops), len(themes.tops)
    assert len(clauses) == 2
    for row, mine in zip(clauses, (False, True), strict=True):
        pieces = [at for at, (_, end) in enumerate(cut.offsets, 1) if (end > split) == mine]
        here = piece[0, pieces].astype(float)
        assert row[:named] == pytest.approx(here[:, :named].max(axis=0), abs=1e-4)
        assert row[named : named + 3] == pytest.approx(
            here[:, named : named + 3].mean(axis=0), abs=1e-4
        )
        speaks = np.exp(here[:, named - tops : named])
        speaks /= speaks.sum(axis=0)
        sides = (here[:, named + 3 :].reshape(len(pieces), tops, 3) * speaks[..., None]).sum(axis=0)
        assert row[named + 3 :] == pytest.approx(sides.ravel(), abs=1e-3)
    assert whole[0] == pytest.approx(comment[0], abs=1e-4)


def test_every_clause_has_a_score_for_each_output(tagger):
    odd = ["\u200b good", "\ud83d slow!", "👍👍", "日本語 is fine", "a" * 3_000, "!!!", "", LONG]
    batch, clauses, whole = scores_of(tagger, odd)
    assert clauses.shape == (
        len(batch.clauses),
        len(network_outputs(Themes.of(tagger.taxonomy))) - 4,
    )
    assert whole.shape == (len(odd), 4)
    assert np.isfinite(clauses).all()
    assert np.isfinite(whole).all()
    none = batch.clauses.counts == 0
    assert none.any()
    assert not whole[none].any()
    assert whole[~none].any(axis=1).all()


def test_a_long_comment_is_read_to_its_end(tagger):
    assert len(LONG.split()) > 5 * SHAPE["positions"]
    _, clauses, whole = scores_of(tagger, [LONG])
    _, other, other_whole = scores_of(tagger, [LONG.removesuffix("slow") + "quick"])
    assert np.array_equal(clauses[:20], other[:20])
    assert not np.array_equal(clauses[-1], other[-1])
    assert not np.array_equal(whole, other_whole)


def test_a_clause_that_is_longer_than_a_window_is_read_to_its_end(tagger):
    endless = "the soup " * 200
    batch, clauses, _ = scores_of(tagger, [endless + "was cold"])
    _, other, _ = scores_of(tagger, [endless + "was fine"])
    assert len(batch.clauses) == 1
    assert not np.array_equal(clauses, other)


def test_the_question_counts_up_to_a_number_of_pieces(tagger):
    asked = "What could we improve? "
    text = "Everything was slow"
    questions = ["", asked, asked * QUESTION, asked * QUESTION + "Or not?"]
    _, clauses, whole = scores_of(tagger, [text] * 4, questions)
    assert not np.array_equal(clauses[0], clauses[1])
    assert not np.array_equal(whole[0], whole[1])
    assert np.array_equal(clauses[2], clauses[3])


def test_what_says_nothing_gets_no_theme(tagger):
    for text in ("", "   ", "-", "n/a"):
        assert tagger(text).mentions == ()


def test_polarity_is_weighed_with_that_of_each_top_theme(tagger):
    scores = tagger.model.score(parse(["Slow and dear."], ["en"], [""]))
    assert scores.sides.shape == (len(scores.batch.clauses), 11, 3)
    assert len(tagger.model.steps["polarity"].weights) == 69
    assert len(load_tagger().model.steps["polarity"].weights) == 66


def test_it_tags_tables_and_explains_itself(tagger):
    frame = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Veel te duur", ""]})
    tagging = tagger.tag_frame(frame)
    assert set(tagging.mentions["theme"]) <= set(tagger.taxonomy.ids)
    tagged = tagger("The soup was cold and the waiter was rude.")
    for reason in tagged.explain():
        assert [share.word for share in reason.words]
        assert reason.theme in tagged.themes


def test_a_folder_gives_the_same_model_back(folder, tagger, tmp_path):
    write_network_folder(read_network_folder(folder), tmp_path, "# mine\n", None)
    for name in (CONFIG, WEIGHTS, NETWORK, TOKENIZER):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
    assert read_card(tmp_path) == "# mine\n"
    assert list(load_tagger(tmp_path).pipe(SAMPLE[:20])) == list(tagger.pipe(SAMPLE[:20]))
    assert tagger.name == "small"
    assert {"network_sha256", "tokenizer_sha256", "config_sha256"} <= tagger.facts.keys()


def test_fast_is_another_name_of_the_compact_model():
    fast, compact = load_tagger("fast"), load_tagger("compact")
    assert (fast.name, fast.facts) == (compact.name, compact.facts) == ("compact", compact.facts)
    assert read_card("fast") == read_card("compact")


def test_without_its_library_it_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'feedback-nlp\[accurate\]'"):
        load_tagger(folder)


@pytest.fixture
def broken(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "model")


def _cut(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes()[:100])


def _config(folder, **changes):
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(config | changes))


def _tensors(folder, name, change):
    tensors = load_file(folder / WEIGHTS)
    save_file({k: change(v) if k == name else v for k, v in tensors.items()}, folder / WEIGHTS)


def _outputs(folder):
    graph = onnx.load(folder / NETWORK)
    graph.graph.output[0].type.tensor_type.shape.dim[2].dim_value = 7
    onnx.save(graph, folder / NETWORK)


def _tokens(folder):
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    text = tokenizer.to_str().replace('"<s>"', '"[CLS]"')
    (folder / TOKENIZER).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda f: (f / NETWORK).unlink(), "network.onnx cannot be read"),
        (lambda f: _cut(f, NETWORK), "holds no network"),
        (lambda f: _outputs(f), "scores 7 things in a clause"),
        (lambda f: (f / TOKENIZER).unlink(), "cannot be read as a tokenizer"),
        (lambda f: _cut(f, TOKENIZER), "cannot be read as a tokenizer"),
        (lambda f: _tokens(f), "no pieces <s> and </s>"),
        (lambda f: _cut(f, WEIGHTS), "cannot be read as weights"),
        (lambda f: _config(f, format=99), "format 99"),
        (lambda f: _config(f, kind="pickle"), "'pickle'"),
        (lambda f: _config(f, themes=["price"]), "other themes"),
        (lambda f: _config(f, outputs=["price"]), "other themes"),
        (lambda f: _config(f, positions=3), "positions are not a number from 64"),
        (lambda f: _config(f, positions="512"), "positions are not a number from 64"),
        (lambda f: _config(f, thresholds={}), "one threshold for each theme"),
        (lambda f: _config(f, sure=2), "sure is not a number from 0 to 1"),
        (lambda f: _tensors(f, "polarity.weights", lambda v: v[:66].copy()), "does not belong"),
        (lambda f: _tensors(f, "top.intercept", lambda v: v * np.nan), "not finite"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused_in_one_line(broken, harm, message):
    harm(broken)
    with pytest.raises(ModelError, match=message) as caught:
        load_tagger(broken)
    assert "\n" not in str(caught.value)


def test_a_model_without_its_card_is_named(broken):
    (broken / CARD).unlink()
    with pytest.raises(ModelError, match="has no card"):
        read_card(broken)


def test_the_shipped_compact_model_is_no_network():
    with pytest.raises(ModelError, match="'compact'"):
        read_network_folder(resource("models", "compact"))
