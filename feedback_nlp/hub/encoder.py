"""What comments are about, as rows of numbers that a Hugging Face encoder makes."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from feedback_nlp.errors import ModelError
from feedback_nlp.hub.network import NetworkSpec, network_spec
from feedback_nlp.model_files import read_any_json

Pooling = Literal["mean", "cls"]
_STEPS = "modules.json"
_KNOWN_STEPS = ("Transformer", "Pooling", "Normalize")
_FIRST = "pooling_mode_cls_token"
_MOST = 1_000_000  # bytes of a file that says how vectors are made


@dataclass(frozen=True, slots=True)
class TransformerEncoder:
    """Turns comments into vectors; made by ``load_encoder``. It can be sent to other processes.

    Attributes:
        spec: Which model, and how it is run.
        query: What is put before each text, as some models want it: ``query: ``.
        pooling: How the vectors of tokens become one: ``mean``, or ``cls``, the first.
    """

    spec: NetworkSpec
    query: str = ""
    pooling: Pooling = "mean"

    def encode(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return one row for each comment, of length one; zeros where nothing is written.

        Args:
            texts: The comments.

        Returns:
            Numbers of shape (comments, width), float32; the product of two rows is the cosine.
            What is beyond the most tokens that the model reads makes no difference.

        Raises:
            ModelError: The model is no longer there, or gives numbers that are not finite.
        """
        if isinstance(texts, str):
            raise TypeError("encode takes a list of comments; for one comment: encode([comment])")
        given = list(texts)
        network = self.spec.load()
        written = [row for row, text in enumerate(given) if text.strip()]
        made, _ = network.vectors([self.query + given[row] for row in written], self.pooling)
        rows = np.zeros((len(given), self.width), np.float32)
        if written:
            lengths = np.sqrt((made * made).sum(axis=1, keepdims=True))
            rows[written] = made / np.maximum(lengths, np.finfo(np.float32).tiny)
        return rows

    @property
    def width(self) -> int:
        """How many numbers a comment has."""
        return self.spec.load().width


def load_encoder(
    name: str | Path,
    *,
    query: str = "",
    pooling: Pooling | None = None,
    device: str = "cpu",
    dtype: str = "float32",
    batch_size: int = 32,
    max_length: int | None = None,
    download: bool = False,
) -> TransformerEncoder:
    """Return an encoder of the Hugging Face library that is ready to use.

    Args:
        name: Its folder, or its name on the hub.
        query: What is put before each text, if the model wants that.
        pooling: ``mean`` or ``cls``; what the folder says if not given, else ``mean``.
        device: Where it is run: ``cpu``, ``cuda``, ``mps``.
        dtype: ``float32``, ``float16`` or ``bfloat16``.
        batch_size: How many texts it reads at a time.
        max_length: The most tokens of a text that are read; what the model can read without it.
        download: Whether it may be downloaded if it is not in the cache.

    Raises:
        MissingDependencyError: torch or transformers is not installed.
        ModelError: It is not there, may not be read or cannot be loaded, or a setting is none.
    """
    spec = network_spec(
        name, "encoder", device=device, dtype=dtype, batch_size=batch_size, max_length=max_length,
        download=download,
    )  # fmt: skip
    if pooling not in (None, "mean", "cls"):
        raise ModelError(f"pooling= is {pooling!r}; it takes mean or cls.")
    encoder = TransformerEncoder(spec, query, pooling or _pooling(Path(spec.folder)))
    spec.load()
    return encoder


def _pooling(folder: Path) -> Pooling:
    """Return how the vectors of tokens become one, where a folder of sentence models says it."""
    steps = _read(folder / _STEPS)
    for step in steps if isinstance(steps, list) else ():
        kind = str(step.get("type") if isinstance(step, dict) else step).rsplit(".", 1)[-1]
        if kind not in _KNOWN_STEPS:
            raise ModelError(
                f"The model in {folder} has a step {kind!r} after its network, which is not read. "
                "Take one without it, or say pooling= to do without the step."
            )
    said = _read(folder / "1_Pooling" / "config.json")
    first = isinstance(said, dict) and (said.get(_FIRST) or said.get("pooling_mode") == "cls")
    return "cls" if first else "mean"


def _read(path: Path) -> object:
    """Return what a file holds; ``None`` if there is none."""
    return read_any_json(path, _MOST) if path.is_file() else None
