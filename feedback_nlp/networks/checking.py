"""What a file of a network may hold: numbers, and the few operators that ours are made of.

A file that comes from elsewhere is looked through before it is run: one that reads other files, has
operators that ours have not, or branches and loops, is refused. Reads the wire format of protocol
buffers itself, so that running a network does not need ``onnx``.
"""

from collections.abc import Iterator
from typing import NamedTuple

from feedback_nlp.errors import ModelError

INPUTS = "pieces", "mask", "segments"
PIECE, COMMENT = "piece", "comment"
OPSETS = {"": 17, "com.microsoft": 1}
OPERATORS = {
    "": frozenset({
        "Abs", "Add", "Cast", "Div", "Expand", "Gather", "LayerNormalization", "MatMul", "Max",
        "Mul", "QuantizeLinear", "ReduceMax", "Reshape", "Shape", "Slice",
    }),
    "com.microsoft": frozenset({"FastGelu", "MatMulIntegerToFloat", "MultiHeadAttention"}),
}  # fmt: skip
# Numbers of fields in onnx.proto.
_GRAPH, _OPSET, _MODEL = 7, 8, frozenset({1, 2, 3, 4, 5, 6, 7, 8, 14})
_NODE, _INITIALIZER, _GRAPHS = 1, 5, frozenset({1, 2, 5, 10, 11, 12, 13})
_OPERATOR, _ATTRIBUTE, _DOMAIN = 4, 5, 7
_PLAIN = frozenset({1, 2, 3, 4, 7, 8, 13, 20})  # of an attribute: name, numbers and texts
_EXTERNAL = frozenset({13, 14})  # of a tensor: where else its numbers are
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5

_INPUT, _OUTPUT, _NAME, _TYPE = 11, 12, 1, 2
_FLOAT, _INT64 = 1, 7  # kinds of numbers

Value = memoryview | int
Signature = dict[str, tuple[int, list[int]]]  # kind of number, and sizes; 0 for any


class Sizes(NamedTuple):
    """How many numbers a network has for each piece, and for the comment as a whole."""

    pieces: int
    comments: int


class _Odd(ValueError):
    """The file is not what a network of ours is."""


def check_graph(data: bytes, name: str) -> Sizes:
    """Return the sizes of the outputs of a network, if a file holds one of ours.

    Args:
        data: What is in the file.
        name: Of the file, for the message.

    Raises:
        ModelError: It holds anything else.

    Example:
        >>> check_graph(b"no network", "network.onnx")
        Traceback (most recent call last):
        feedback_nlp.errors.ModelError: network.onnx holds no network that this version runs: ...
    """
    try:
        return _check_model(memoryview(data))
    except _Odd as error:
        raise ModelError(
            f"{name} holds no network that this version runs: {error}. Take the file that came "
            "with the model."
        ) from None


def _check_model(data: memoryview) -> Sizes:
    opsets, graphs = {}, []
    for field, value in _fields(data):
        if field not in _MODEL:
            raise _Odd(f"field {field} of a model")
        if field == _OPSET:
            found = dict(_fields(_bytes(value)))
            opsets[_text(found.get(1, 0))] = found.get(2)
        elif field == _GRAPH:
            graphs.append(_bytes(value))
    if opsets != OPSETS or len(graphs) != 1:
        raise _Odd(f"it has {len(graphs)} graphs of operators {opsets}, wanted one of {OPSETS}")
    return _check_parts(graphs[0])


def _check_parts(graph: memoryview) -> Sizes:
    given: Signature = {}
    made: Signature = {}
    for field, value in _fields(graph):
        if field not in _GRAPHS:
            raise _Odd(f"field {field} of a graph")
        if field == _NODE:
            _check_node(_bytes(value))
        elif field == _INITIALIZER and any(at in _EXTERNAL for at, _ in _fields(_bytes(value))):
            raise _Odd("some of its numbers are in another file")
        elif field in (_INPUT, _OUTPUT):
            name, signature = _signature(_bytes(value))
            (given if field == _INPUT else made)[name] = signature
    sizes = {name: shape[-1] if shape else 0 for name, (_, shape) in made.items()}
    wanted = {name: (_INT64, [0, 0]) for name in INPUTS}
    if given != wanted or made != {
        PIECE: (_FLOAT, [0, 0, sizes.get(PIECE)]), COMMENT: (_FLOAT, [0, sizes.get(COMMENT)])
    }:  # fmt: skip
        raise _Odd(
            f"it turns {', '.join(given)} into {', '.join(made)}, or these are of another kind"
        )
    return Sizes(sizes[PIECE], sizes[COMMENT])


def _signature(value: memoryview) -> tuple[str, tuple[int, list[int]]]:
    """Return the name of an input or output, its kind of number, and its sizes."""
    parts = dict(_fields(value))
    tensor = dict(_fields(_bytes(dict(_fields(_bytes(parts.get(_TYPE, 0)))).get(1, 0))))
    sizes = [dict(_fields(_bytes(size))).get(1, 0) for _, size in _fields(_bytes(tensor.get(2, 0)))]
    kind = tensor.get(1, 0)
    if not isinstance(kind, int) or not all(isinstance(size, int) for size in sizes):
        raise _Odd("it is no file of this kind")
    return _text(parts.get(_NAME, 0)), (kind, [size for size in sizes if isinstance(size, int)])


def _check_node(node: memoryview) -> None:
    domain = operator = ""
    for field, value in _fields(node):
        if field == _OPERATOR:
            operator = _text(value)
        elif field == _DOMAIN:
            domain = _text(value)
        elif field == _ATTRIBUTE and any(at not in _PLAIN for at, _ in _fields(_bytes(value))):
            raise _Odd("an operator holds more than numbers")
    if operator not in OPERATORS.get(domain, ()):
        raise _Odd(f"it has the operator {domain}:{operator}")


def _fields(data: memoryview) -> Iterator[tuple[int, Value]]:
    """Yield the number and value of each field of a message."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        if kind == _BYTES:
            size, at = _varint(data, at)
        elif kind in (_EIGHT, _FOUR):
            size = 8 if kind == _EIGHT else 4
        else:
            raise _Odd("it is no file of this kind")
        if at + size > len(data):
            raise _Odd("it ends too early")
        yield key >> 3, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """Return a number, and where the next thing begins."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise _Odd("it ends too early")
        value |= (data[at] & 127) << shift
        at += 1
        if data[at - 1] < 128:
            return value, at
    raise _Odd("it is no file of this kind")


def _bytes(value: Value) -> memoryview:
    if isinstance(value, int):
        raise _Odd("it is no file of this kind")
    return value


def _text(value: Value) -> str:
    return "" if value == 0 else bytes(_bytes(value)).decode("utf-8", "replace")
