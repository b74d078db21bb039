"""What a comment is about, as a short row of numbers that is much the same in seven languages.

Every word, or part of a word, has a vector; a comment's is their sum, of length one. There is no
network to run: tens of thousands of comments a second. The vectors were fitted to a larger model
(``training/embeddings``); ``models/embeddings/README.md`` says how well they do. Imports nothing of
the taggers.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from feedback_nlp.errors import FileFormatError, ModelError
from feedback_nlp.flat import Ints, begins
from feedback_nlp.resources import resource
from feedback_nlp.text import HALF_CHARACTER

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS_FILE = "embeddings.safetensors"
TOKENIZER_FILE = "tokenizer.json"
_AT_ONCE = 4096  # comments; more are taken in turns, which bounds the memory
_REMEMBERED = 50_000  # words whose pieces are kept for the next comments
_WORD = 40  # longer ones are not kept
_BEGINS = "▁"  # before each word, in the pieces of the tokenizer
_LATIN = 0x250  # the letters of Latin alphabets are below


class Embeddings:
    """Turns comments into vectors; threads may share it.

    Attributes:
        width: How many numbers a comment has.
        pieces: How many words and parts of words are known.
    """

    def __init__(
        self, tokenizer: "Tokenizer", vectors: npt.NDArray[np.int8], scale: npt.NDArray[np.float16]
    ) -> None:
        self._tokenizer = tokenizer
        self._vectors = vectors
        self._scale = scale.astype(np.float64)
        self._seen: dict[str, list[int]] = {}
        self.pieces, self.width = vectors.shape

    def encode(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return one row for each comment, of length one; zeros where no word is known.

        Capitals and diacritics make no difference, nor do the other comments of the same call.

        Args:
            texts: The comments.

        Returns:
            Numbers of shape (comments, width), float32; the product of two rows is the cosine.

        Example:
            >>> late = ["Het pakje kwam veel te laat", "The parcel came far too late"]
            >>> rows = load_embeddings().encode([*late, "Friendly waiters", ""])
            >>> rows.shape, bool(rows[0] @ rows[1] > 2 * rows[0] @ rows[2]), bool(rows[3].any())
            ((4, 128), True, False)
        """
        if isinstance(texts, str):
            raise TypeError("encode takes a list of comments; for one comment: encode([comment])")
        readable = [HALF_CHARACTER.sub(" ", text) for text in texts]
        rows = np.zeros((len(readable), self.width), np.float32)
        for start in range(0, len(readable), _AT_ONCE):
            part = readable[start : start + _AT_ONCE]
            rows[start : start + len(part)] = self._rows(part)
        return rows

    def sums(self, texts: Iterable[str]) -> npt.NDArray[np.float64]:
        """Return what the words of each text add up to, before it is brought to length one.

        Sums of texts are the sums of their words, exactly.

        Args:
            texts: Words, or stretches of words.

        Returns:
            Numbers of shape (texts, width).

        Example:
            >>> both, one, other = load_embeddings().sums(["kind staff", "kind", "staff"])
            >>> bool((both == one + other).all())
            True
        """
        return self._sums([HALF_CHARACTER.sub(" ", text) for text in texts])

    def _sums(self, texts: list[str]) -> npt.NDArray[np.float64]:
        from scipy.sparse import csr_array

        flat, ends = self._pieces(texts)
        used, places = np.unique(flat, return_inverse=True)
        # Scales have 11 bits and weights 8: their sums are exact in 64, so no order, batch or
        # machine changes them.
        scales = csr_array((self._scale[flat], places, ends), shape=(len(texts), len(used)))
        return np.asarray(scales @ self._vectors[used].astype(np.float64))

    def _rows(self, texts: list[str]) -> npt.NDArray[np.float64]:
        sums = self._sums(texts)
        lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
        rows: npt.NDArray[np.float64] = np.divide(
            sums, lengths, out=np.zeros_like(sums), where=lengths > 0
        )
        return rows

    def _pieces(self, texts: list[str]) -> tuple[Ints, Ints]:
        """Return the pieces of some texts, one text after another, and where each text begins."""
        rows = [text.lower().split() for text in texts]
        if len(self._seen) > _REMEMBERED:
            self._seen = {}
        seen = self._seen  # another thread may start a new one
        new = list({word for row in rows for word in row if word not in seen})
        fresh = dict(zip(new, self._cut(new), strict=True))
        seen.update((word, ids) for word, ids in fresh.items() if len(word) <= _WORD)
        cut = [
            [piece for word in row for piece in (fresh if word in fresh else seen)[word]]
            for row in rows
        ]
        sizes = np.fromiter(map(len, cut), np.int64, len(cut))
        return np.fromiter(chain.from_iterable(cut), np.int64, sizes.sum()), begins(sizes)

    def _cut(self, words: Sequence[str]) -> list[list[int]]:
        """Return the pieces of some words; those of plain letters take the short way, the same."""
        letters = self._plain
        plain = [set(word) <= letters.keys() for word in words]
        rest = [word for word, short in zip(words, plain, strict=True) if not short]
        others = iter(self._tokenizer.encode_batch_fast(rest, add_special_tokens=False))
        table = str.maketrans(letters)
        tokenize = self._tokenizer.model.tokenize
        return [
            [piece.id for piece in tokenize(_BEGINS + word.translate(table))]
            if short
            else next(others).ids
            for word, short in zip(words, plain, strict=True)
        ]

    @cached_property
    def _plain(self) -> dict[str, str]:
        """What the tokenizer makes of the letters and digits that do not cut a word, one by one."""
        normal = {
            letter: self._tokenizer.normalizer.normalize_str(letter)
            for letter in map(chr, range(_LATIN))
            if letter.isalnum()
        }
        cut = self._tokenizer.pre_tokenizer.pre_tokenize_str
        return {
            letter: text
            for letter, text in normal.items()
            if [piece for piece, _ in cut(text)] == [_BEGINS + text]
        }


def load_embeddings(folder: str | Path | None = None) -> Embeddings:
    """Return embeddings that are ready to use.

    Args:
        folder: Where ``embeddings.safetensors`` and ``tokenizer.json`` are; those that come with
            the package without it.

    Raises:
        ModelError: A file is not there, or is not what ``training/embeddings`` writes.

    Example:
        >>> load_embeddings().width
        128
    """
    place = _shipped() if folder is None else Path(folder)
    for name in (WEIGHTS_FILE, TOKENIZER_FILE):
        if not (place / name).is_file():
            raise ModelError(f"No embeddings in {place}: there is no file {name}.")
    vectors, scale = _weights(place / WEIGHTS_FILE)
    tokenizer = _tokenizer(place / TOKENIZER_FILE)
    known = tokenizer.get_vocab_size()
    if known != len(vectors):
        raise ModelError(
            f"The files in {place} do not belong together: {known} pieces in {TOKENIZER_FILE}, "
            f"{len(vectors)} vectors in {WEIGHTS_FILE}. Take both from one model."
        )
    return Embeddings(tokenizer, vectors, scale)


def _shipped() -> Path:
    try:
        return resource("models", "embeddings")
    except FileFormatError as error:
        raise ModelError(str(error)) from None


def _weights(path: Path) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors: dict[str, npt.NDArray[Any]] = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path} cannot be read as weights ({error}).") from None
    shapes = {name: (str(one.dtype), one.ndim) for name, one in tensors.items()}
    wanted = {"vectors": ("int8", 2), "scale": ("float16", 1)}
    if shapes != wanted:
        found = ", ".join(f"{n} ({d}, {k} axes)" for n, (d, k) in sorted(shapes.items()))
        raise ModelError(
            f"{path} holds no embeddings: wanted vectors (int8, 2 axes) and scale (float16, "
            f"1 axes), found {found or 'nothing'}."
        )
    vectors, scale = tensors["vectors"], tensors["scale"]
    if len(vectors) != len(scale) or not vectors.size or not np.isfinite(scale).all():
        raise ModelError(
            f"{path} holds no embeddings: {vectors.shape} vectors and {len(scale)} scales, "
            "which must be as many, and finite."
        )
    return vectors, scale


def _tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise ModelError(f"{path} cannot be read as a tokenizer ({error}).") from None
