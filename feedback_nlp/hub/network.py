"""Running a model of the Hugging Face library: texts in, probabilities or vectors out.

A ``NetworkSpec`` says which model it is and how it is run; it is small, can be sent to other
processes, and each process loads the model once, when it is first needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from feedback_nlp.errors import ModelError
from feedback_nlp.flat import Bools
from feedback_nlp.hub.loading import Kind, labels_of, longest_of, read_model
from feedback_nlp.hub.places import digest, find_folder, read_config
from feedback_nlp.tokens import HALF_CHARACTER

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase
    from transformers.utils import ModelOutput

    Take = Callable[[ModelOutput, Tensor], Tensor]

Rows = npt.NDArray[np.float32]
DTYPES = ("float32", "float16", "bfloat16")
_CLASSIFIES = "ForSequenceClassification"
_AT_ONCE = 8192  # texts; more are taken in turns, which bounds the memory
_KEPT = 4  # models of a process


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """Which model it is, and how it is run; made by ``network_spec``.

    Attributes:
        folder: Where it is.
        name: What it is called.
        kind: What it is for.
        sha256: Of its files.
        device: ``cpu``, ``cuda``, ``cuda:1``, ``mps`` …
        dtype: One of ``DTYPES``.
        batch_size: How many texts it reads at a time.
        max_length: The most tokens of a text; ``None`` for what the model can read.
    """

    folder: str
    name: str
    kind: Kind
    sha256: str
    device: str
    dtype: str
    batch_size: int
    max_length: int | None

    def load(self) -> "Network":
        """Return the model; in one process it is read once.

        Raises:
            MissingDependencyError: torch or transformers is not installed.
            ModelError: It is no longer there or no longer the same, cannot be loaded, or there is
                no such device.
        """
        with _loading:
            if self not in _loaded:
                if len(_loaded) >= _KEPT:
                    del _loaded[next(iter(_loaded))]
                _loaded[self] = Network.of(self)
            return _loaded[self]


_loaded: dict[NetworkSpec, "Network"] = {}
_loading = Lock()


def network_spec(
    name: str | Path,
    kind: Kind,
    *,
    device: str = "cpu",
    dtype: str = "float32",
    batch_size: int = 32,
    max_length: int | None = None,
    download: bool = False,
) -> NetworkSpec:
    """Find a model and return what tells any process to load it.

    Args:
        name: Its folder, or its name on the hub.
        kind: ``classifier`` or ``encoder``.
        device: Where it is run.
        dtype: The numbers it is run with.
        batch_size: How many texts it reads at a time.
        max_length: The most tokens of a text.
        download: Whether it may be downloaded.

    Raises:
        MissingDependencyError: torch or transformers is not installed.
        ModelError: It is not there or may not be read, or a setting is none.
    """
    for what, number in (("batch_size", batch_size), ("max_length", max_length)):
        least = 1 if what == "batch_size" else 4
        if number is not None and number < least:
            raise ModelError(f"{what}= is {number}; it takes a whole number from {least} on.")
    if dtype not in DTYPES:
        raise ModelError(f"dtype= is {dtype!r}; it takes {', '.join(DTYPES)}.")
    folder = find_folder(name, download=download)
    if kind == "classifier":
        _check_classifies(folder)
    called = folder.name if Path(name).is_dir() else str(name)
    return NetworkSpec(
        str(folder), called, kind, digest(folder), device, dtype, batch_size, max_length
    )


def _check_classifies(folder: Path) -> None:
    """Raise unless a model classifies texts, one class a text."""
    config = read_config(folder)
    architectures = config.get("architectures") or []
    if not any(str(name).endswith(_CLASSIFIES) for name in architectures):
        found = ", ".join(map(str, architectures)) or "nothing"
        raise ModelError(
            f"The model in {folder} does not classify texts: its architectures are {found}, wanted "
            f"one that ends in {_CLASSIFIES}. Take a model that was trained for that."
        )
    if config.get("problem_type") in ("multi_label_classification", "regression"):
        raise ModelError(
            f"The model in {folder} is for {config['problem_type'].replace('_', ' ')}; wanted one "
            "that chooses one of its labels."
        )


class Network:
    """A model that is loaded; threads may share it.

    Attributes:
        spec: Which it is.
        labels: Its labels in order; none of an encoder.
        limit: The most tokens of a text that it reads.
        width: How many numbers it makes of each token.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        model: "PreTrainedModel",
        tokenizer: "PreTrainedTokenizerBase",
    ) -> None:
        self.spec = spec
        self.labels = labels_of(model) if spec.kind == "classifier" else ()
        longest = longest_of(model, tokenizer)
        self.limit = min(longest, spec.max_length or longest)
        self.width = int(model.config.hidden_size)
        self._model = model
        self._tokenizer = tokenizer
        self._cutting = Lock()  # a tokenizer that changes its length cannot be shared

    @classmethod
    def of(cls, spec: NetworkSpec) -> "Network":
        """Load a model.

        Raises:
            MissingDependencyError: torch or transformers is not installed.
            ModelError: It cannot be loaded, is no longer the same, or there is no such device.
        """
        if not Path(spec.folder).is_dir():
            raise ModelError(
                f"The model {spec.name!r} is not at {spec.folder} any more, or not on this machine."
            )
        if digest(Path(spec.folder)) != spec.sha256:
            raise ModelError(
                f"The model in {spec.folder} was changed since it was named. Name it again."
            )
        return cls(spec, *read_model(spec.folder, spec.kind, spec.device, spec.dtype))

    def probabilities(
        self, texts: Sequence[str], others: Sequence[str] | None = None
    ) -> tuple[Rows, Bools]:
        """Return how likely each label is for each text.

        Args:
            texts: The texts.
            others: What is read with each as the second of a pair.

        Returns:
            Numbers of shape (texts, labels), each row sums to 1; and which texts were too long and
            are read to ``limit`` tokens only.
        """
        return self._run(texts, others, lambda out, _: out.logits.float().softmax(dim=-1))

    def vectors(self, texts: Sequence[str], pooling: str) -> tuple[Rows, Bools]:
        """Return one row of numbers for each text, and which texts were too long.

        Args:
            texts: The texts.
            pooling: ``mean`` of all tokens, or ``cls``, the first.
        """

        def pooled(out: "ModelOutput", mask: "Tensor") -> "Tensor":
            states = out.last_hidden_state.float()
            if pooling == "cls":
                return states[:, 0]
            weights = mask.unsqueeze(-1).to(states.dtype)
            return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)

        return self._run(texts, None, pooled)

    def _run(
        self,
        texts: Sequence[str],
        others: Sequence[str] | None,
        take: "Take",
    ) -> tuple[Rows, Bools]:
        parts = [
            self._run_some(
                texts[start : start + _AT_ONCE],
                None if others is None else others[start : start + _AT_ONCE],
                take,
            )
            for start in range(0, max(len(texts), 1), _AT_ONCE)
        ]
        rows = np.concatenate([rows for rows, _ in parts])
        if not np.isfinite(rows).all():
            raise ModelError(
                f"The model {self.spec.name!r} gives numbers that are not finite with "
                f"dtype={self.spec.dtype!r}; use float32, or look at its weights."
            )
        return rows, np.concatenate([cut for _, cut in parts])

    def _run_some(
        self,
        texts: Sequence[str],
        others: Sequence[str] | None,
        take: "Take",
    ) -> tuple[Rows, Bools]:
        """Return what is taken of the outputs; the longest texts first, the order given back."""
        import torch

        if not len(texts):
            return np.zeros((0, len(self.labels)), np.float32), np.zeros(0, dtype=np.bool_)
        encoded, cut = self._encoded(texts, others)
        order = sorted(range(len(texts)), key=lambda row: -len(encoded[row]["input_ids"]))
        done = []
        with torch.inference_mode():
            for start in range(0, len(order), self.spec.batch_size):
                some = [encoded[row] for row in order[start : start + self.spec.batch_size]]
                inputs = self._tokenizer.pad(some, return_tensors="pt").to(self._model.device)
                done.append(take(self._model(**inputs), inputs["attention_mask"]).cpu().numpy())
        rows = np.concatenate(done)
        back: Rows = np.empty_like(rows)
        back[order] = rows
        return back, cut

    def _encoded(
        self, texts: Sequence[str], others: Sequence[str] | None
    ) -> tuple[list[dict[str, Any]], Bools]:
        """Return the tokens of each text or pair, cut to what can be read, and which were cut."""
        firsts = [HALF_CHARACTER.sub(" ", text) for text in texts]
        seconds = None if others is None else [HALF_CHARACTER.sub(" ", text) for text in others]
        with self._cutting:
            found = self._tokenizer(firsts, seconds, return_attention_mask=True, verbose=False)
            cut = np.array([len(ids) > self.limit for ids in found["input_ids"]], dtype=np.bool_)
            rows = [{name: found[name][row] for name in found} for row in range(len(firsts))]
            for row in cut.nonzero()[0].tolist():
                rows[row] = dict(
                    self._tokenizer(
                        firsts[row],
                        None if seconds is None else seconds[row],
                        truncation=True,
                        max_length=self.limit,
                        return_attention_mask=True,
                    )
                )
        return rows, cut
