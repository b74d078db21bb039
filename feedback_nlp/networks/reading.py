"""The weights of a network, taken out of its graph: where learning goes on. Needs ``onnx``."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import ModelError
from feedback_nlp.networks.checking import check_graph
from feedback_nlp.networks.graph import HEADS, WORTH, Shape

_TABLE = "embeddings.word_embeddings.weight"


def read_weights(
    graph: bytes, name: str, *, seed: int | None = None
) -> tuple[Shape, dict[str, NDArray[Any]]]:
    """Return the shape of a network, and its weights as ``build_graph`` takes them.

    What was rounded to whole numbers comes back rounded. Who goes on learning gives a ``seed``:
    each weight is then anywhere among those that are rounded to the same number. Else most of what
    is learnt would be lost when it is rounded again, as one weight hardly changes and all would
    begin where rounding is far away; like this some change their number, as many as they should.

    Args:
        graph: What is in the file of the network.
        name: Of the file, for messages.
        seed: Where each weight is.

    Raises:
        ModelError: It holds no network of ours.
    """
    sizes = check_graph(graph, name)
    import onnx
    from onnx import numpy_helper

    whole = onnx.load_model_from_string(graph).graph
    constants = {one.name: numpy_helper.to_array(one) for one in whole.initializer}
    try:
        weights = _weights(constants, sizes.pieces, seed)
        shape = Shape(
            width=weights[_TABLE].shape[1],
            layers=sum(key.endswith("intermediate.dense.bias") for key in weights),
            heads=_given(whole, "MultiHeadAttention", "num_heads"),
            inner=len(weights["encoder.layer.0.intermediate.dense.bias"]),
            positions=len(weights["embeddings.position_embeddings.weight"]),
            epsilon=round(float(_given(whole, "LayerNormalization", "epsilon")), 15),
        )
    except (KeyError, StopIteration) as error:
        raise ModelError(
            f"{name} cannot be learnt from: {error} is missing. Take the file that came with the "
            "model."
        ) from None
    return shape, weights


def _weights(
    constants: dict[str, NDArray[Any]], pieces: int, seed: int | None
) -> dict[str, NDArray[Any]]:
    found = {}
    random = None if seed is None else np.random.default_rng(seed)
    for name, value in constants.items():
        worth = constants.get(f"{name}{WORTH}")
        if name == _TABLE:
            found[name] = value.astype(np.float32) * constants[f"{name}{WORTH}"]
        elif worth is not None:
            whole = value.astype(np.float32)
            if random is not None:
                whole += random.uniform(-0.5, 0.5, whole.shape).astype(np.float32)
            found[name] = (whole * worth).T
        elif name.startswith(("embeddings.", "encoder.")) and not name.endswith(WORTH):
            found[name] = value
    heads, bias = constants[f"{HEADS}.weight"].T, constants[f"{HEADS}.bias"]
    for part, rows in (("piece", slice(pieces)), ("comment", slice(pieces, None))):
        found[f"{HEADS}.{part}.weight"], found[f"{HEADS}.{part}.bias"] = heads[rows], bias[rows]
    return {name: np.ascontiguousarray(value) for name, value in found.items()}


def _given(graph: Any, operator: str, name: str) -> Any:  # noqa: ANN401
    """Return what an operator was given; that of the first of its kind."""
    node = next(node for node in graph.node if node.op_type == operator)
    attribute = next(one for one in node.attribute if one.name == name)
    return attribute.i if name.startswith("num") else attribute.f
