"""Running a network: texts of about one length together, on as many cores as are left to us.

Each core runs texts of its own, which is faster than several cores on the same ones.

Needs ``onnxruntime``, which comes with ``pip install "feedback-nlp[accurate]"``.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import MissingDependencyError, ModelError, first_line
from feedback_nlp.flat import Ints
from feedback_nlp.networks.checking import COMMENT, PIECE, Sizes, check_graph

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

NETWORK, TOKENIZER = "network.onnx", "tokenizer.json"
AT_ONCE = 512  # pieces, those after the end of a text counted; more are run in turns
_MAX_BYTES = 1_000_000_000  # of a file

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """What the network reads at once: a comment or a part of one, and what was asked.

    Attributes:
        pieces: The numbers of its pieces, those that begin and end it among them.
        asked: How many of these, the last, are the question.
    """

    pieces: tuple[int, ...]
    asked: int = 0


class Network:
    """A network that is ready to run; threads may share it, and other processes have copies.

    Attributes:
        name: The file it was read from, for messages.
        graph: What is in the file.
        tokenizer: Cuts a text into pieces.
        threads: On how many cores; ``None`` for as many as this process may use.
        sizes: How many numbers it has for a piece and for a comment.
    """

    def __init__(
        self, name: str, graph: bytes, tokenizer: "Tokenizer", threads: int | None = None
    ) -> None:
        self.name, self.graph, self.tokenizer, self.threads = name, graph, tokenizer, threads
        self._lock, self._session, self._process = Lock(), None, 0

    @cached_property
    def sizes(self) -> Sizes:
        """How many numbers the network has for a piece, and for a comment."""
        return check_graph(self.graph, self.name)

    def __reduce__(self) -> tuple[type["Network"], tuple[Any, ...]]:
        """Return what a copy is made of: it makes a session of its own."""
        return Network, (self.name, self.graph, self.tokenizer, self.threads)

    def run(self, windows: Sequence[Window]) -> Iterator[tuple[Ints, Numbers, Numbers]]:
        """Yield what the network makes of windows, those of about one length together.

        No number depends on the other windows.

        Args:
            windows: What to read.

        Yields:
            The numbers of some windows; window × piece × output; window × output of the whole.
            After the end of a window the outputs of pieces mean nothing.

        Raises:
            ModelError: The network cannot be run.
        """
        sizes = np.array([len(one.pieces) for one in windows], dtype=np.int64)
        turns, session = list(_in_turns(sizes)), self._ready()

        def said(rows: Ints) -> tuple[Numbers, Numbers]:
            some = [windows[row] for row in rows.tolist()]
            return self._said(session, _padded(some, sizes[rows].max()))

        workers = min(self.threads or free_threads(), len(turns))
        if workers < 2:
            for rows in turns:
                yield rows, *said(rows)
            return
        with ThreadPoolExecutor(workers) as pool:
            for rows, scores in zip(turns, pool.map(said, turns), strict=True):
                yield rows, *scores

    def _said(self, session: "InferenceSession", given: dict[str, Ints]) -> tuple[Numbers, Numbers]:
        try:
            piece, comment = session.run([PIECE, COMMENT], given)
        except Exception as error:  # the library raises nothing narrower
            raise self._cannot(error) from None
        if not (np.isfinite(piece).all() and np.isfinite(comment).all()):
            raise ModelError(
                f"{self.name} gives numbers that are not finite. Take the file that came with the "
                "model."
            )
        return piece, comment

    def _ready(self) -> "InferenceSession":
        """Return the session of this process, which is made when it is first needed."""
        with self._lock:
            if self._session is None or self._process != os.getpid():
                self._session, self._process = self._made(), os.getpid()
            return self._session

    def _made(self) -> "InferenceSession":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(
                self.graph, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library raises nothing narrower
            raise self._cannot(error) from None

    def _cannot(self, error: Exception) -> ModelError:
        return ModelError(
            f"{self.name} cannot be run ({first_line(error)}). Take the files that came with the "
            "model."
        )


def free_threads() -> int:
    """Return how many threads may compute: as many as linear algebra here, or as there are cores.

    Where workers run side by side, their linear algebra is held to one thread each.

    Example:
        >>> free_threads() >= 1
        True
    """
    from threadpoolctl import threadpool_info

    return min([cores(), *(int(pool["num_threads"]) for pool in threadpool_info())])


def cores() -> int:
    """Return how many cores this process may use.

    Example:
        >>> cores() >= 1
        True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_turns(sizes: Ints) -> Iterator[Ints]:
    """Yield the numbers of windows, the shortest first, as many at once as are quick to run."""
    order = np.argsort(sizes, kind="stable")
    begin = 0
    while begin < len(order):
        # the last of a turn is its longest: as many as fit are those that fit with it
        many = np.arange(1, len(order) - begin + 1) * sizes[order[begin:]]
        end = begin + max(1, int(np.searchsorted(many, AT_ONCE, side="right")))
        yield order[begin:end]
        begin = end


def _padded(windows: Sequence[Window], longest: int) -> dict[str, Ints]:
    """Return windows as the inputs of the network."""
    given = {
        name: np.zeros((len(windows), longest), np.int64) for name in ("pieces", "mask", "segments")
    }
    for row, window in enumerate(windows):
        size = len(window.pieces)
        given["pieces"][row, :size] = window.pieces
        given["mask"][row, :size] = 1
        given["segments"][row, size - window.asked : size] = 1
    return given


def read_network(folder: Path, *, threads: int | None = None) -> Network:
    """Return the network in a folder.

    Args:
        folder: Where ``network.onnx`` and ``tokenizer.json`` are.
        threads: On how many cores; ``None`` for as many as this process may use.

    Raises:
        MissingDependencyError: ``onnxruntime`` is not installed.
        ModelError: A file is missing, or is not what it should be.
    """
    if find_spec("onnxruntime") is None:
        raise MissingDependencyError(
            f"The model in {folder} needs onnxruntime: pip install 'feedback-nlp[accurate]'."
        )
    path = folder / NETWORK
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ModelError(f"{path} is no network: it is over {_MAX_BYTES:,} bytes.")
        graph = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"No model in {folder}: {NETWORK} cannot be read ({error.strerror})."
        ) from None
    network = Network(str(path), graph, _tokenizer(folder / TOKENIZER), threads)
    check_graph(graph, str(path))
    return network


def _tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    try:
        made = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise ModelError(f"{path} cannot be read as a tokenizer ({error}).") from None
    made.no_truncation()
    made.no_padding()
    return made
