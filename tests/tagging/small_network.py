"""A small network of random weights on disk, written and run by what writes and runs the real one."""

import re
import string
from collections import Counter

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from feedback_nlp.networks.graph import build_graph
from feedback_nlp.networks.network import NETWORK, TOKENIZER, read_network
from feedback_nlp.samples import make_sample
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.network import (
    NETWORK_STEPS,
    NetworkModel,
    NetworkScorer,
    network_outputs,
)
from feedback_nlp.tagging.network_folder import write_network_folder
from feedback_nlp.tagging.weighing import Weighing
from feedback_nlp.taxonomy import load_taxonomy

SHAPE = {
    "width": 32, "layers": 2, "heads": 4, "inner": 64, "positions": 100, "epsilon": 1e-12,
    "segments": 2,
}  # fmt: skip


def small_tokenizer():
    """A tokenizer of the kind of the real one: the words of our own sentences, and letters.

    It is not learnt: a learnt one is not the same in each run.
    """
    texts = make_sample(500, seed=1)["Why did you give that score?"].dropna()
    words = Counter(word for text in texts for word in re.findall(r"\w+", text.lower()))
    common = sorted(f"▁{word}" for word, times in words.items() if times > 1)
    letters = sorted({"▁", *".,!?'-", *string.ascii_letters, *"".join(words)} - set(common))
    vocabulary = [(piece, 0.0) for piece in ("<s>", "<pad>", "</s>", "<unk>")]
    vocabulary += [(piece, -8.0) for piece in common] + [(piece, -10.0) for piece in letters]
    made = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return made


def small_weights(pieces, outputs, seed=0, **changes):
    """Random weights of an encoder of ``SHAPE``, by their names in ``BertModel``."""
    random = np.random.default_rng(seed)
    shape = SHAPE | changes
    width, inner = shape["width"], shape["inner"]
    weights = {}

    def matrix(name, rows, columns, spread=0.3):
        weights[f"{name}.weight"] = random.normal(0, spread, (rows, columns)).astype(np.float32)

    def linear(name, rows, columns):
        matrix(name, rows, columns)
        weights[f"{name}.bias"] = random.normal(0, 0.3, rows).astype(np.float32)

    def norm(name):
        weights[f"{name}.weight"] = random.normal(1, 0.1, width).astype(np.float32)
        weights[f"{name}.bias"] = random.normal(0, 0.1, width).astype(np.float32)

    matrix("embeddings.word_embeddings", pieces, width, 1.0)
    matrix("embeddings.position_embeddings", shape["positions"], width)
    matrix("embeddings.token_type_embeddings", shape["segments"], width)
    norm("embeddings.LayerNorm")
    for at in range(shape["layers"]):
        layer = f"encoder.layer.{at}"
        for part in ("query", "key", "value"):
            linear(f"{layer}.attention.self.{part}", width, width)
        linear(f"{layer}.attention.output.dense", width, width)
        norm(f"{layer}.attention.output.LayerNorm")
        linear(f"{layer}.intermediate.dense", inner, width)
        linear(f"{layer}.output.dense", width, inner)
        norm(f"{layer}.output.LayerNorm")
    linear("heads.piece", outputs - 4, width)
    linear("heads.comment", 4, width)
    return weights


def write_small_model(folder, **changes):
    """Write a whole model to a folder: network, weighing, card; its shape may be changed."""
    taxonomy, tokenizer = load_taxonomy(), small_tokenizer()
    themes = Themes.of(taxonomy)
    weights = small_weights(tokenizer.get_vocab_size(), len(network_outputs(themes)), **changes)
    (folder / NETWORK).write_bytes(build_graph(weights, SHAPE | changes).SerializeToString())
    tokenizer.save(str(folder / TOKENIZER))
    scorer = NetworkScorer(read_network(folder), themes, SHAPE["positions"])
    random = np.random.default_rng(1)
    steps = {
        name: Weighing(random.normal(0, 0.3, shape), random.normal(0, 0.3, shape[1]))
        for name, shape in NETWORK_STEPS.items()
    }
    thresholds = dict.fromkeys(themes.tops, 0.5)
    model = NetworkModel(taxonomy, scorer, steps, thresholds, sub_share=0.4, sure=0.4, nothing=0.99)
    write_network_folder(model, folder, "# small\n\nOf random numbers.\n", None)
