"""What folders of models have in common: their files, and what is checked in each.

A folder holds ``config.json`` (what it is), ``taxonomy.toml`` unless that is the default one,
``weights.safetensors`` and ``README.md``, the card; what else is for each kind to say.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError, ModelError
from feedback_nlp.model_files import read_json
from feedback_nlp.tagging.weighing import Weighing
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy

FORMAT = 1
CONFIG, TAXONOMY, WEIGHTS, CARD = "config.json", "taxonomy.toml", "weights.safetensors", "README.md"


class Decisions(TypedDict):
    """How a model decides once clauses are scored; see ``ClauseModel``."""

    steps: Mapping[str, Weighing]
    thresholds: Mapping[str, float]
    sub_share: float
    sure: float
    nothing: float


def read_config(folder: Path, kind: str) -> dict[str, Any]:
    """Return the configuration of the model in a folder.

    Args:
        folder: The folder.
        kind: What it must be.

    Raises:
        ModelError: It is no model folder, of another kind or of another version.
    """
    config = read_json(folder / CONFIG)
    if config.get("kind") != kind or config.get("format") != FORMAT:
        raise ModelError(
            f"{folder / CONFIG} describes a model of kind {config.get('kind')!r}, format "
            f"{config.get('format')!r}; this version reads {kind!r}, format {FORMAT}."
        )
    return config


def taxonomy_of(folder: Path) -> Taxonomy:
    """Return the taxonomy of the model in a folder: its own, or the default one."""
    own = folder / TAXONOMY
    return load_taxonomy(own if own.is_file() else None)


def read_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file.

    Raises:
        ModelError: It cannot be read, or holds numbers that are not finite.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors: dict[str, NDArray[Any]] = load_file(path)
    except (OSError, SafetensorError, KeyError, TypeError) as error:  # the last two: odd dtypes
        raise ModelError(f"{path} cannot be read as weights ({error}).") from None
    if not all(np.isfinite(array).all() for array in tensors.values()):
        raise ModelError(f"{path} holds numbers that are not finite.")
    return tensors


def check_tensor(
    path: Path, tensors: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...],
    kind: str = "float",
) -> None:  # fmt: skip
    """Raise ``ModelError`` unless an array has this shape and kind of numbers."""
    found = tensors[name]
    if found.shape != shape or not str(found.dtype).startswith(kind):
        raise ModelError(
            f"{path} does not belong to the model: {name} is {found.shape} {found.dtype}, "
            f"wanted {shape} {kind}."
        )


def read_weighing(
    path: Path, tensors: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, int]
) -> Weighing:
    """Return a step of a model.

    Args:
        path: The file of the arrays, for messages.
        tensors: The arrays.
        name: Of the step.
        shape: How many columns it weighs, and how many classes it tells apart.

    Raises:
        ModelError: Its arrays are of another shape.
        KeyError: An array is missing.
    """
    check_tensor(path, tensors, f"{name}.weights", shape)
    check_tensor(path, tensors, f"{name}.intercept", shape[1:])
    return Weighing(
        tensors[f"{name}.weights"].astype(np.float64),
        tensors[f"{name}.intercept"].astype(np.float64),
    )


def weighing_tensors(steps: Mapping[str, Weighing]) -> dict[str, NDArray[Any]]:
    """Return the arrays of the steps of a model as they are written; see ``read_weighing``."""
    return {
        f"{name}.{part}": np.ascontiguousarray(getattr(step, part))
        for name, step in steps.items()
        for part in ("weights", "intercept")
    }


def read_decisions(
    path: Path,
    config: Mapping[str, Any],
    tensors: Mapping[str, NDArray[Any]],
    steps: Mapping[str, tuple[int, int]],
    tops: Sequence[str],
) -> Decisions:
    """Return how a model decides.

    Args:
        path: The file of the arrays, for messages.
        config: Its configuration.
        tensors: The arrays.
        steps: How many columns each step weighs, and how many classes it tells apart.
        tops: Its top themes.

    Raises:
        ModelError: A number is none, or an array is of another shape.
        KeyError: Something is missing.
    """
    return {
        "steps": {name: read_weighing(path, tensors, name, shape) for name, shape in steps.items()},
        "thresholds": read_thresholds(config["thresholds"], tops),
        "sub_share": probability(config["sub_share"], "sub_share"),
        "sure": probability(config["sure"], "sure"),
        "nothing": probability(config["nothing"], "nothing"),
    }


def read_thresholds(values: object, names: Sequence[str]) -> dict[str, float]:
    """Return the threshold of each theme; raises ``ModelError`` if one is missing or none."""
    if not isinstance(values, dict) or set(values) != set(names):
        raise ModelError("The model is not whole: it has not one threshold for each theme.")
    return {name: probability(value, f"threshold of {name}") for name, value in values.items()}


def probability(value: object, name: str) -> float:
    """Return a number from 0 to 1; raises ``ModelError`` if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ModelError(f"The model is not whole: its {name} is not a number from 0 to 1.")
    return float(value)


def switch(value: object, name: str) -> bool:
    """Return what is on or off; raises ``ModelError`` if it is neither."""
    if not isinstance(value, bool):
        raise ModelError(f"The model is not whole: its {name} is neither true nor false.")
    return value


def strings(values: object) -> tuple[str, ...]:
    """Return a list of texts as a tuple; raises ``ModelError`` if it is none."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ModelError("The model is not whole: a list of texts is missing.")
    return tuple(values)


def card_text(folder: Path) -> str:
    """Return the card of the model in a folder; none if it was taken away.

    Raises:
        ModelError: It is no text.
    """
    try:
        return (folder / CARD).read_text("utf-8") if (folder / CARD).is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{folder / CARD} cannot be read as UTF-8 text ({error}). Delete it, or save it again."
        ) from None


def write_text(path: Path, text: str) -> None:
    """Write a text; raises ``FeedbackError`` if that is not possible."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FeedbackError(f"Cannot write {path}: {error}.") from error
