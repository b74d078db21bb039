"""A text encoder as a graph that runs fast and says the same in any batch.

Written by hand, not exported, for one reason: the numbers that go into a linear layer are rounded
to eight bits row by row, each piece by its own scale. So no other text of the batch, and no
padding, changes a piece's numbers. What is added up is whole numbers; only attention, norms and
the output layers are of 32 bits. Needs ``onnx``, which only making a network needs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import ModelError
from feedback_nlp.networks.checking import COMMENT, INPUTS, OPSETS, PIECE

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

Array = NDArray[Any]
Weights = Mapping[str, Array]
_HALF = 127  # the largest number of eight bits, with a sign
# Weights that are multiplied have seven bits: processors without instructions for this (before
# about 2019) cut off the sum of two products, 2 × 255 × 127, but not 2 × 255 × 63.
_MOST = 63
_IR, _PRODUCER = 8, "feedback_nlp"  # of the file format
_SMALLEST = 1e-12  # the scale of a row of zeros is no zero
# Constants are called as in ``Weights``; what one of whole numbers is worth, and both output
# layers side by side, have no names there.
WORTH, HEADS = ".worth", "heads"


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of an encoder, with the names that ``config.json`` has for it.

    Attributes:
        width: Numbers of a piece.
        layers: How many layers.
        heads: How many heads each has; they share the width.
        inner: Numbers of a piece inside a layer.
        positions: The most pieces of a text.
        epsilon: Of the norms.
    """

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float = 1e-12

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Shape":
        """Return the shape in a configuration, which may say more than that.

        Example:
            >>> Shape.of({"width": 8, "layers": 1, "heads": 2, "inner": 16, "positions": 32}).heads
            2
        """
        return cls(**{name: config[name] for name in cls.__slots__ if name in config})


class _Graph:
    """Nodes and constants, as they are added."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, Array] = {}
        self._number: Iterator[int] = count()
        self.nothing = self.constant(np.array(_HALF + 1, dtype=np.uint8), "nothing")

    def constant(self, value: Array, name: str = "") -> str:
        """Add a constant, and return its name."""
        name = name or f"constant_{next(self._number)}"
        self.constants[name] = np.array(value, order="C")
        return name

    def number(self, value: float) -> str:
        """Add a number, once, and return its name."""
        return self.constant(np.array(value, dtype=np.float32), f"number_{value:g}")

    def weight(self, name: str) -> Array:
        """Return weights as they are multiplied with: rows go in, columns come out."""
        if name not in self.weights:
            raise ModelError(f"The weights of the network are not whole: {name} is missing.")
        return np.asarray(self.weights[name], dtype=np.float32).T

    def kept(self, name: str) -> str:
        """Add weights as they are, and return their name."""
        return self.constant(self.weight(name).T, name)

    def add(self, kind: str, *inputs: str, output: str = "", **given: Any) -> str:  # noqa: ANN401
        """Add an operator, and return the name of what it makes."""
        from onnx import helper

        output = output or f"{kind.lower()}_{next(self._number)}"
        domain, _, operator = kind.rpartition(":")
        node = helper.make_node(operator, inputs, [output], output, domain=domain, **given)
        self.nodes.append(node)
        return output

    def rounded(self, rows: str) -> tuple[str, str]:
        """Return rows in whole numbers from 1 to 255, of which 128 is nothing, and their scales."""
        size = self.add("ReduceMax", self.add("Abs", rows), axes=[-1], keepdims=1)
        scale = self.add("Div", size, self.number(_HALF))
        scale = self.add("Max", scale, self.number(_SMALLEST))
        of_row = self.add("Reshape", scale, self.constant(np.array([-1]), "all"))
        nothing = self.add("Expand", self.nothing, self.add("Shape", of_row))
        return self.add("QuantizeLinear", rows, of_row, nothing, axis=0), scale

    def linear(self, rounded: tuple[str, str], name: str) -> str:
        """Add a linear layer."""
        rows, scale = rounded
        whole, worth = _whole(self.weight(f"{name}.weight"), _MOST)
        made = self.add(
            "com.microsoft:MatMulIntegerToFloat",
            rows,
            self.constant(whole, f"{name}.weight"),
            self.number(1),
            self.constant(worth, f"{name}.weight{WORTH}"),
            self.nothing,
        )
        return self.add("Add", self.add("Mul", made, scale), self.kept(f"{name}.bias"))

    def norm(self, rows: str, name: str, epsilon: float) -> str:
        """Add a norm."""
        scale, bias = self.kept(f"{name}.weight"), self.kept(f"{name}.bias")
        return self.add("LayerNormalization", rows, scale, bias, epsilon=epsilon)


def _type(name: str) -> int:
    from onnx import TensorProto

    return int(getattr(TensorProto, name))


def _whole(weights: Array, most: int) -> tuple[Array, Array]:
    """Return weights as whole numbers up to ``most``, and what one is worth in each column."""
    worth = np.maximum(np.abs(weights).max(axis=0) / most, _SMALLEST).astype(np.float32)
    return np.rint(weights / worth).astype(np.int8), worth


def build_graph(weights: Weights, config: Mapping[str, Any]) -> "ModelProto":
    """Return a network as a graph.

    Its inputs are of shape (texts, pieces), whole numbers: ``pieces``; ``mask``, 1 where there is
    one and 0 after the end of a text; ``segments``, 0 in the comment and 1 in the question. Its
    outputs are of 32 bits: ``piece``, (texts, pieces, outputs), and ``comment``, (texts, outputs).

    Args:
        weights: Of the encoder by their names in ``BertModel``, and ``heads.piece`` and
            ``heads.comment``, each with ``weight`` and ``bias``.
        config: What ``Shape.of`` takes.

    Raises:
        ModelError: Weights are missing.
    """
    from onnx import helper, numpy_helper

    shape, graph = Shape.of(config), _Graph(weights)
    begin = _embedded(graph, shape)
    sizes, flat = graph.add("Shape", begin), graph.constant(np.array([-1, shape.width]))
    rows = graph.add("Reshape", begin, flat)
    mask = graph.add("Cast", "mask", to=_type("INT32"))
    for layer in range(shape.layers):
        rows = _layer(graph, shape, rows, (sizes, flat, mask), f"encoder.layer.{layer}")
    outputs = _heads(graph, graph.add("Reshape", rows, sizes))
    texts: list[str | int] = ["texts", "pieces"]
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info(name, _type("INT64"), texts) for name in INPUTS],
        [
            helper.make_tensor_value_info(PIECE, _type("FLOAT"), [*texts, outputs[0]]),
            helper.make_tensor_value_info(COMMENT, _type("FLOAT"), [*texts[:1], outputs[1]]),
        ],
        [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
    )
    opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
    return helper.make_model(made, opset_imports=opsets, ir_version=_IR, producer_name=_PRODUCER)


def _embedded(graph: _Graph, shape: Shape) -> str:
    """Add what pieces, places and segments are to begin with."""
    table = "embeddings.word_embeddings.weight"
    whole, worth = _whole(graph.weight(table), _HALF)
    rows = graph.add("Gather", graph.constant(whole.T, table), "pieces")
    rows = graph.add("Cast", rows, to=_type("FLOAT"))
    scales = graph.constant(worth[:, None], f"{table}{WORTH}")
    rows = graph.add("Mul", rows, graph.add("Gather", scales, "pieces"))
    end = graph.add("Shape", "pieces", start=1, end=2)
    begin = graph.constant(np.array([0]))
    places = graph.kept("embeddings.position_embeddings.weight")
    rows = graph.add("Add", rows, graph.add("Slice", places, begin, end, begin))
    segments = graph.kept("embeddings.token_type_embeddings.weight")
    rows = graph.add("Add", rows, graph.add("Gather", segments, "segments"))
    return graph.norm(rows, "embeddings.LayerNorm", shape.epsilon)


def _layer(graph: _Graph, shape: Shape, rows: str, texts: tuple[str, str, str], name: str) -> str:
    """Add a layer: every piece looks at the others of its text, then is worked on by itself.

    Args:
        graph: What it is added to.
        shape: Of the encoder.
        rows: The pieces of all texts, one under another.
        texts: What makes texts of rows; what makes rows of texts; which pieces are there.
        name: Of the layer.
    """
    sizes, flat, mask = texts
    given = graph.rounded(rows)
    parts = [
        graph.add("Reshape", graph.linear(given, f"{name}.attention.self.{part}"), sizes)
        for part in ("query", "key", "value")
    ]
    seen = graph.add("com.microsoft:MultiHeadAttention", *parts, "", mask, num_heads=shape.heads)
    seen = graph.add("Reshape", seen, flat)
    seen = graph.linear(graph.rounded(seen), f"{name}.attention.output.dense")
    rows = graph.add("Add", seen, rows)
    rows = graph.norm(rows, f"{name}.attention.output.LayerNorm", shape.epsilon)
    inner = graph.linear(graph.rounded(rows), f"{name}.intermediate.dense")
    inner = graph.add("com.microsoft:FastGelu", inner)
    outer = graph.linear(graph.rounded(inner), f"{name}.output.dense")
    rows = graph.add("Add", outer, rows)
    return graph.norm(rows, f"{name}.output.LayerNorm", shape.epsilon)


def _heads(graph: _Graph, rows: str) -> tuple[int, int]:
    """Add both output layers, and return how many numbers each has.

    Both are worked out for every piece at once, as one multiplication is alike for any batch.
    """
    names = "heads.piece", "heads.comment"
    weights = np.hstack([graph.weight(f"{name}.weight") for name in names])
    bias = np.hstack([graph.weight(f"{name}.bias") for name in names])
    scores = graph.add("MatMul", rows, graph.constant(weights, f"{HEADS}.weight"))
    scores = graph.add("Add", scores, graph.constant(bias, f"{HEADS}.bias"))
    pieces, comments = (len(graph.weight(f"{name}.bias")) for name in names)
    begin, cut, end = (graph.constant(np.array([n])) for n in (0, pieces, pieces + comments))
    last = graph.constant(np.array([-1]))
    graph.add("Slice", scores, begin, cut, last, output=PIECE)
    first = graph.add("Gather", scores, graph.constant(np.array(0)), axis=1)
    graph.add("Slice", first, cut, end, last, output=COMMENT)
    return pieces, comments
