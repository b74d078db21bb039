"""Themes of one's own learnt by a network: what it finds, its card, its folder, what is refused."""

import itertools
import json
import re
import shutil
import subprocess
import sys

import numpy as np
import onnx
import pandas as pd
import pytest
import torch
from small_network import SHAPE, small_weights, write_small_model

from feedback_nlp import Tagging, Taxonomy, Theme, load_tagger, train_tagger
from feedback_nlp.errors import ModelError
from feedback_nlp.networks.graph import build_graph
from feedback_nlp.networks.network import NETWORK, TOKENIZER, Network, Window
from feedback_nlp.networks.passes import Text, in_batches, share_of
from feedback_nlp.networks.reading import read_weights
from feedback_nlp.networks.tuning import Learner
from feedback_nlp.tagging.folder_parts import CONFIG, WEIGHTS

SAID = {
    "delivery.speed": ["parcel came late", "delivery took weeks", "courier arrived days late"],
    "staff": ["clerk was friendly", "friendly girl at the counter", "staff helped me well"],
    "price": ["price is too high", "everything costs too much", "far too expensive"],
}
SIDE = {"delivery.speed": "negative", "staff": "positive", "price": "negative"}
OPENINGS = ["", "Well, ", "Honestly, ", "This week ", "Again ", "In the shop ", "To be fair, "]
SIZES = {"width": 384, "layers": 1, "heads": 12}
WHO = ["", " for me", " for my mother", " for us all", " at your place"]


def gold(*, marked=False, polarity=True):
    """Comments of one theme or two, each with another wording."""
    rows, mentions = [], []
    parts = [(theme, text) for theme, texts in SAID.items() for text in texts]
    wordings = [[one] for one in itertools.product(OPENINGS, WHO, parts)]
    wordings += [
        [("", "", one), ("but ", "", two)]
        for one, two in itertools.product(parts, parts)
        if one[0] != two[0]
    ]
    for number, wording in enumerate(wordings[::2]):
        text = ""
        for opening, who, (theme, words) in wording:
            text += (", " if text else "") + opening
            start = len(text)
            text += words + who
            mentions.append((f"c{number}", theme, SIDE[theme], start, start + len(words)))
        rows.append((f"c{number}", text, "en"))
    comments = pd.DataFrame(rows, columns=["comment_id", "text", "language"])
    table = pd.DataFrame(mentions, columns=["comment_id", "theme", "polarity", "start", "end"])
    left_out = [] if marked else ["start", "end"]
    left_out += [] if polarity else ["polarity"]
    return Tagging(comments, table.drop(columns=left_out))


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    made = tmp_path_factory.mktemp("network") / "small"
    made.mkdir()
    write_small_model(made, **SIZES)
    return made


def learn(labels, base, **given):
    return train_tagger(
        labels, model="transformer", base=base, **({"passes": 12, "rate": 2e-3} | given)
    )


@pytest.fixture(scope="module")
def tagger(base):
    return learn(gold(), base, name="mine")


def test_it_finds_the_themes_it_learnt(tagger):
    assert {m.theme for m in tagger("The parcel came late today", language="en").mentions} == {
        "delivery.speed"
    }
    both = tagger("clerk was friendly, but far too expensive", language="en")
    assert {m.theme for m in both.mentions} == {"staff", "price"}
    assert {m.theme: m.polarity for m in both.mentions} == {
        "staff": "positive",
        "price": "negative",
    }
    assert {m.source for m in both.mentions} == {"model"}


def test_its_card_tells_how_good_it_is_on_comments_it_did_not_learn_from(tagger):
    comments = len(gold().comments)
    kept_out = round(comments / 5)
    assert f"learnt from {comments - kept_out} labelled comments" in tagger.card
    assert f"these {kept_out};" in tagger.card
    assert "the accurate model alone on" in tagger.card
    f1, usual = (
        float(tagger.card.split(before)[1][:5]) for before in ("together **", "most frequent one: ")
    )
    assert 0.8 < f1 <= 1
    assert usual < f1


def test_labels_that_are_marked_are_found_in_every_clause(base):
    labels = gold(marked=True)
    made = learn(labels, base)
    assert made.model.marked
    found = made("parcel came late, but the staff helped me well, but courier arrived days late")
    places = [m.start for m in found.mentions if m.theme == "delivery.speed"]
    assert len(places) == 2


def test_without_polarity_the_base_judges(base):
    made = learn(gold(polarity=False), base, passes=1)
    assert made.model.polarity is None
    assert "No label has a polarity; the accurate model judges." in made.card


def test_same_labels_and_seed_same_tagger(tagger, base):
    again = learn(gold(), base, name="mine")
    other = learn(gold(), base, name="mine", seed=1, passes=1)
    assert again.card == tagger.card
    assert again.model.scorer.network.graph == tagger.model.scorer.network.graph
    assert other.model.scorer.network.graph != tagger.model.scorer.network.graph


def test_a_folder_gives_the_same_tagger_and_no_batch_changes_an_answer(tagger, tmp_path):
    tagger.save(tmp_path / "mine")
    again = load_tagger(tmp_path / "mine")
    texts = gold().comments["text"].tolist()[:60]
    together = [one.to_dict() for one in tagger.pipe(texts, language="en")]
    assert [one.to_dict() for one in again.pipe(texts, language="en")] == together
    assert [again(text, language="en").to_dict() for text in texts[:10]] == together[:10]
    assert again.card == tagger.card
    assert {"network_sha256", "base_network_sha256"} <= again.facts.keys()
    for named in ("taxonomy.toml", "README.md", CONFIG, WEIGHTS, NETWORK, TOKENIZER, "base"):
        assert (tmp_path / "mine" / named).exists()
    with pytest.raises(ModelError, match="There is a model"):
        tagger.save(tmp_path / "mine")
    tagger.save(tmp_path / "mine", force=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"themes": ["price"]}, "learnt for other themes"),
        ({"polarity": "yes"}, "neither true nor false"),
        ({"format": 99}, "this version reads"),
        ({"positions": 3}, "not a number from"),
        ({"thresholds": {}}, "threshold"),
    ],
)
def test_a_folder_that_does_not_fit_together_is_refused(tagger, tmp_path, change, message):
    folder = tagger.save(tmp_path / "mine")
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(config | change))
    with pytest.raises(ModelError, match=message):
        load_tagger(folder)


def test_a_folder_without_its_base_is_refused(tagger, tmp_path):
    folder = tagger.save(tmp_path / "mine")
    shutil.rmtree(folder / "base")
    with pytest.raises(ModelError, match="base"):
        load_tagger(folder)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"device": "tpu"}, "device= is 'tpu', which torch cannot use here"),
        ({"device": "cuda:77"}, "device= is 'cuda:77', which torch cannot use here"),
        ({"base": "compact"}, "no network to go on from"),
        ({"passes": 0}, "from 1 on"),
        ({"rate": 3}, "between 0 and 1"),
        ({"curve": True}, "leave curve out"),
        ({"model": "huge"}, "it takes compact or transformer"),
    ],
)
def test_settings_that_are_none_are_told_in_one_line(base, given, message):
    with pytest.raises(ModelError, match=message) as caught:
        train_tagger(gold(), **({"model": "transformer", "base": base} | given))
    assert "\n" not in str(caught.value)


def test_too_few_comments_are_told(base):
    labels = gold()
    few = labels.comments.head(60)
    kept = labels.mentions[labels.mentions["comment_id"].isin(few["comment_id"])]
    with pytest.raises(ModelError, match=r"There are 60 labelled comments .* needs 100 at least"):
        learn(Tagging(few, kept), base)


def test_how_far_it_is_is_told_pass_by_pass(base):
    said = []
    learn(gold(), base, passes=2, say=said.append)
    assert [line.split(":")[0] for line in said] == ["pass 1 of at most 2", "pass 2 of at most 2"]
    assert all(re.search(r"theme F1 [01]\.\d{3}, polarity [01]\.\d{3}$", line) for line in said)


def test_themes_that_the_base_knows_begin_with_what_it_knows(base):
    names = [theme.id for theme in load_tagger(base).taxonomy.themes][:2]
    labels = gold()
    renamed = labels.mentions["theme"].map(dict(zip(SAID, [*names, "mine"], strict=True)))
    themes = Taxonomy("mine", tuple(Theme(id=one) for one in [*names, "mine"]))
    made = learn(Tagging(labels.comments, labels.mentions.assign(theme=renamed)), base,
                 taxonomy=themes, passes=1)  # fmt: skip
    kept = read_weights(made.model.scorer.network.graph, "made")[1]["heads.piece.bias"]
    known = read_weights((base / NETWORK).read_bytes(), "base")[1]["heads.piece.bias"]
    assert np.abs(kept[:2] - known[:2]).max() < 0.1
    assert abs(kept[2] + 3) < 0.1


def test_weights_come_back_from_a_graph_as_they_went_in():
    weights = small_weights(50, 40)
    graph = build_graph(weights, SHAPE).SerializeToString()
    shape, back = read_weights(graph, "network.onnx")
    assert {name: getattr(shape, name) for name in shape.__slots__}.items() <= SHAPE.items()
    assert back.keys() == weights.keys()
    for name, value in weights.items():
        assert np.abs(back[name] - value).max() <= np.abs(value).max() / 100
    assert build_graph(back, SHAPE).SerializeToString() == graph


def test_what_is_learnt_in_small_steps_is_not_lost_in_rounding():
    graph = build_graph(small_weights(50, 40), SHAPE).SerializeToString()
    shape, weights = read_weights(graph, "network.onnx", seed=0)
    texts = [
        Text((0, *range(at, at + 9), 2), 0, 9, frozenset({at % 2}), (), ((at % 2, 0, 1, 9),))
        for at in range(5, 37)
    ]
    learner = Learner(shape, weights, np.array([0, 1, 2]), 30, "cpu", 0)
    before = scores_of(learner, texts)
    optimizer = learner.optimizer(1e-4)
    for _ in range(30):
        learner.step(optimizer, texts, 1.0)
    after = scores_of(learner, texts)
    for one, other in zip(before, after, strict=True):
        assert np.abs(one[1] - one[0]).mean() < 0.3
        assert np.abs(other[1] - other[0]).mean() < 0.3
    learnt, kept = (np.concatenate([b[at] - a[at] for a, b in zip(before, after, strict=True)])
                    for at in (0, 1))  # fmt: skip
    assert np.abs(learnt).mean() > 1
    assert np.abs(kept - learnt).mean() < 0.2 * np.abs(learnt).mean()


def scores_of(learner, texts):
    """What a network says of the pieces of texts: as it learns, and as the graph made of it."""
    with torch.inference_mode():
        named = learner._scores(texts).named.numpy()
    network = Network("network.onnx", learner.graph(), None, 1)
    said = {}
    for rows, pieces, _ in network.run([Window(text.pieces) for text in texts]):
        said |= dict(zip(rows.tolist(), pieces[:, :, : learner.themes], strict=True))
    return [(named[at], said[at]) for at in range(len(texts))]


def test_a_graph_whose_weights_have_no_names_is_refused():
    model = build_graph(small_weights(50, 40), SHAPE)
    for part in model.graph.initializer:
        if part.name == "heads.weight":
            part.name = "unknown"
    for node in model.graph.node:
        for at, name in enumerate(node.input):
            node.input[at] = "unknown" if name == "heads.weight" else name
    onnx.checker.check_model(model.SerializeToString(), full_check=False)
    with pytest.raises(ModelError, match=r"cannot be learnt from: .heads.weight. is missing"):
        read_weights(model.SerializeToString(), "network.onnx")


def test_every_text_is_in_one_batch_of_a_pass_and_the_rate_goes_up_and_down():
    class Text:
        def __init__(self, size):
            self.pieces = range(size)

    texts = [Text(size) for size in range(1, 701)]
    batches = list(in_batches(texts, 16, (0, 0)))
    assert sorted(len(one.pieces) for batch in batches for one in batch) == list(range(1, 701))
    assert max(map(len, batches)) == 16
    rates = [share_of(step, 50) for step in range(50)]
    assert rates.index(max(rates)) in range(1, 10)
    assert min(rates) > 0
    assert max(rates) == 1


@pytest.mark.slow
def test_the_command_line_learns_from_the_accurate_model(tmp_path):
    labels = gold()
    table = labels.mentions.merge(labels.comments, on="comment_id")
    table.to_csv(tmp_path / "labels.csv", index=False)
    done = subprocess.run(
        [sys.executable, "-m", "feedback_nlp", "train", "labels.csv", "--out", "mine",
         "--model", "transformer", "--passes", "2", "--id", "comment_id"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "pass 2 of at most 2: on comments kept out, theme F1" in done.stderr
    assert "It starts from the accurate model" in done.stdout
    made = load_tagger(tmp_path / "mine")
    found = made("the courier was two days late with my parcel", language="en").mentions
    assert {m.theme for m in found} == {"delivery.speed"}
