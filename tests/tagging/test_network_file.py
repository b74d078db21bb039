"""A network as a file: what it says, that no batch changes it, and what is refused."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from small_network import SHAPE, small_weights
from threadpoolctl import threadpool_limits

from feedback_nlp.errors import ModelError
from feedback_nlp.networks.checking import check_graph
from feedback_nlp.networks.graph import build_graph
from feedback_nlp.networks.network import AT_ONCE, Network, Window, free_threads

PIECES, OUTPUTS = 200, 20
WEIGHTS = small_weights(PIECES, OUTPUTS)
GRAPH = build_graph(WEIGHTS, SHAPE)


def network_of(graph=GRAPH, threads=1):
    return Network("network.onnx", graph.SerializeToString(), None, threads)


def windows(count, longest=60, seed=3):
    random = np.random.default_rng(seed)
    sizes = [longest, *random.integers(2, longest, count - 1)]
    return [
        Window(tuple(random.integers(0, PIECES, size).tolist()), int(random.integers(0, size)))
        for size in sizes
    ]


def said_of(network, some):
    """Return what a network says of the pieces of each window, and of each as a whole."""
    pieces, comments = [None] * len(some), [None] * len(some)
    for rows, piece, comment in network.run(some):
        for at, row in enumerate(rows):
            assert pieces[row] is None
            pieces[row], comments[row] = piece[at, : len(some[row].pieces)], comment[at]
    return pieces, comments


def in_full(window):
    """What an encoder of these weights says, with all its numbers in full."""
    w, width = WEIGHTS, SHAPE["width"]
    heads = SHAPE["heads"]

    def linear(x, name):
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + SHAPE["epsilon"])
        return x * w[f"{name}.weight"] + w[f"{name}.bias"]

    size = len(window.pieces)
    segments = np.arange(size) >= size - window.asked
    x = w["embeddings.word_embeddings.weight"][list(window.pieces)].astype(float)
    x = x + w["embeddings.position_embeddings.weight"][:size]
    x = norm(
        x + w["embeddings.token_type_embeddings.weight"][segments.astype(int)],
        "embeddings.LayerNorm",
    )
    for at in range(SHAPE["layers"]):
        layer = f"encoder.layer.{at}"
        q, k, v = (
            linear(x, f"{layer}.attention.self.{part}").reshape(size, heads, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        odds = q @ k.swapaxes(1, 2) / np.sqrt(width / heads)
        odds = np.exp(odds - odds.max(-1, keepdims=True))
        seen = (odds / odds.sum(-1, keepdims=True) @ v).swapaxes(0, 1).reshape(size, width)
        seen = linear(seen, f"{layer}.attention.output.dense")
        x = norm(x + seen, f"{layer}.attention.output.LayerNorm")
        y = linear(x, f"{layer}.intermediate.dense")
        y = y / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (y + 0.044715 * y**3)))
        x = norm(x + linear(y, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    return linear(x, "heads.piece"), linear(x[0], "heads.comment")


def test_it_says_what_the_encoder_says_but_for_rounding():
    some = windows(30)
    pieces, comments = said_of(network_of(), some)
    full = [in_full(one) for one in some]
    for mine, whole in (
        (np.vstack(pieces), np.vstack([one for one, _ in full])),
        (np.stack(comments), np.stack([one for _, one in full])),
    ):
        assert np.corrcoef(mine.ravel(), whole.ravel())[0, 1] > 0.998
        assert np.abs(mine - whole).mean() < 0.1 * whole.std()


@pytest.mark.parametrize("threads", [1, 2])
def test_no_other_text_and_no_padding_changes_a_number(threads):
    network = network_of(threads=threads)
    some = windows(40)
    pieces, comments = said_of(network, some)
    for at, window in enumerate(some):
        (alone,), (whole,) = said_of(network, [window])
        assert np.array_equal(alone, pieces[at])
        assert np.array_equal(whole, comments[at])
    back, _ = said_of(network, some[::-1])
    assert all(np.array_equal(a, b) for a, b in zip(back[::-1], pieces, strict=True))


def test_batches_are_bounded_and_nothing_is_run_for_nothing():
    some = windows(100)
    batches = [piece.shape[:2] for _, piece, _ in network_of().run(some)]
    assert sum(many for many, _ in batches) == 100
    assert len(batches) > 1
    assert max(many * size for many, size in batches) <= AT_ONCE
    assert list(network_of().run([])) == []


def test_no_sum_of_two_products_leaves_sixteen_bits():
    multiplied = {node.input[1] for node in GRAPH.graph.node if node.op_type.startswith("MatMulI")}
    numbers = {
        one.name: onnx.numpy_helper.to_array(one).astype(int) for one in GRAPH.graph.initializer
    }
    assert len(multiplied) == 6 * SHAPE["layers"]
    assert all(2 * 255 * np.abs(numbers[name]).max() < 2**15 for name in multiplied)


def test_weights_that_are_missing_are_named():
    few = {k: v for k, v in WEIGHTS.items() if k != "encoder.layer.1.output.dense.bias"}
    with pytest.raises(ModelError, match=r"encoder\.layer\.1\.output\.dense\.bias is missing"):
        build_graph(few, SHAPE)


def test_sizes_are_read_without_running_it():
    assert check_graph(GRAPH.SerializeToString(), "x") == (OUTPUTS - 4, 4)


def _outside(graph):
    tensor = graph.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"


def _operator(graph, name, domain=""):
    graph.graph.node.append(helper.make_node(name, ["piece"], ["more"], domain=domain))


def _branch(graph):
    inner = helper.make_graph([], "inner", [], [])
    node = helper.make_node("Abs", ["piece"], ["more"])
    node.attribute.append(helper.make_attribute("then_branch", inner))
    graph.graph.node.append(node)


def _renamed(graph):
    graph.graph.input[0].name = "tokens"


def _of_halves(graph):
    graph.graph.output[0].type.tensor_type.elem_type = TensorProto.FLOAT16


def _newer(graph):
    graph.opset_import[0].version = 99


def _function(graph):
    graph.functions.append(
        helper.make_function("mine", "f", [], [], [], [helper.make_opsetid("", 17)])
    )


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (_outside, "in another file"),
        (lambda g: _operator(g, "If"), "the operator :If"),
        (lambda g: _operator(g, "Abs", "mine"), "the operator mine:Abs"),
        (_branch, "holds more than numbers"),
        (_renamed, "tokens, mask, segments"),
        (_of_halves, "of another kind"),
        (_newer, "99"),
        (_function, "field 25 of a model"),
        (lambda g: g.opset_import.append(helper.make_opsetid("ai.onnx.ml", 3)), "ai.onnx.ml"),
        (lambda g: g.ClearField("graph"), "0 graphs"),
    ],
)
def test_a_graph_that_is_not_ours_is_refused_in_one_line(harm, message):
    changed = onnx.ModelProto()
    changed.CopyFrom(GRAPH)
    harm(changed)
    with pytest.raises(ModelError, match=message) as caught:
        check_graph(changed.SerializeToString(), "network.onnx")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [0, 1, 10, 1_000, 50_000])
def test_a_file_that_is_cut_off_is_refused(size):
    with pytest.raises(ModelError, match="holds no network"):
        check_graph(GRAPH.SerializeToString()[:size], "network.onnx")


def test_what_cannot_be_run_is_told_in_one_line():
    changed = onnx.ModelProto()
    changed.CopyFrom(GRAPH)
    changed.graph.node[-1].input[0] = "nothing at all"
    with pytest.raises(ModelError, match="cannot be run") as caught:
        list(network_of(changed).run(windows(1)))
    assert "\n" not in str(caught.value)


def test_a_piece_that_it_does_not_know_and_too_long_a_text_are_told_in_one_line():
    for pieces in ((0, PIECES + 7, 2), (0,) * (SHAPE["positions"] + 1)):
        with pytest.raises(ModelError, match="cannot be run") as caught:
            list(network_of().run([Window(pieces)]))
        assert "\n" not in str(caught.value)


def test_numbers_that_are_not_finite_are_told():
    weights = WEIGHTS | {"heads.comment.bias": np.full(4, np.nan, dtype=np.float32)}
    with pytest.raises(ModelError, match="not finite"):
        list(network_of(build_graph(weights, SHAPE)).run(windows(1)))


def test_workers_side_by_side_compute_in_one_thread_each():
    with threadpool_limits(1):
        assert free_threads() == 1
