"""A compact model as a folder: plain text and arrays, nothing that can run.

``config.json`` (what it is), ``taxonomy.toml`` unless it is the default one, ``vocabulary.json``,
``weights.safetensors`` and ``README.md``, the card.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError, ModelError
from feedback_nlp.tagging.compact import STEPS, CompactModel, outputs_of
from feedback_nlp.tagging.embeddings import Embeddings, load_embeddings
from feedback_nlp.tagging.features import Features
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.scorer import Scorer
from feedback_nlp.tagging.vocabulary import Vocabulary
from feedback_nlp.tagging.weighing import Weighing
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy

FORMAT = 1
CONFIG, TAXONOMY = "config.json", "taxonomy.toml"
VOCABULARY, WEIGHTS, CARD = "vocabulary.json", "weights.safetensors", "README.md"
_MAX_BYTES = 200_000_000  # of a JSON file


def write_folder(model: CompactModel, folder: Path, card: str, taxonomy: str | None) -> None:
    """Write a model.

    Args:
        model: The model.
        folder: An empty folder.
        card: What it is and how good it is, in Markdown.
        taxonomy: The text of its taxonomy; ``None`` for the default one.
    """
    from safetensors.numpy import save

    scorer = model.scorer
    config = {
        "format": FORMAT, "kind": "compact", "themes": list(model.taxonomy.ids),
        "outputs": list(scorer.outputs), "thresholds": dict(model.thresholds),
        "sub_share": model.sub_share, "sure": model.sure, "nothing": model.nothing,
    }  # fmt: skip
    tensors = scorer_tensors(scorer)
    for name, step in model.steps.items():
        tensors[f"{name}.weights"] = step.weights
        tensors[f"{name}.intercept"] = step.intercept
    tensors = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    write_text(folder / CONFIG, json.dumps(config, indent=1) + "\n")
    write_vocabulary(folder / VOCABULARY, scorer.features.vocabulary)
    (folder / WEIGHTS).write_bytes(save(tensors))
    write_text(folder / CARD, card)
    if taxonomy is not None:
        write_text(folder / TAXONOMY, taxonomy)


def read_folder(folder: Path) -> CompactModel:
    """Read a model.

    Raises:
        ModelError: It is no model folder, of another version, or does not fit together.
    """
    config = read_config(folder, "compact")
    taxonomy = taxonomy_of(folder)
    themes = Themes.of(taxonomy)
    path = folder / WEIGHTS
    tensors = read_tensors(path)
    try:
        if strings(config["themes"]) != taxonomy.ids:
            raise ModelError(
                f"The model in {folder} was learnt for other themes than its taxonomy has; "
                "train it again."
            )
        names = strings(config["outputs"])
        if names != tuple(outputs_of(themes)):
            raise ModelError(
                f"{folder / CONFIG} does not belong to the model: its outputs are not those of "
                "its themes."
            )
        return CompactModel(
            taxonomy=taxonomy,
            scorer=read_scorer(path, tensors, read_vocabulary(folder), names),
            steps={name: read_weighing(path, tensors, name, STEPS[name]) for name in STEPS},
            thresholds=read_thresholds(config["thresholds"], themes.tops),
            sub_share=probability(config["sub_share"], "sub_share"),
            sure=probability(config["sure"], "sure"),
            nothing=probability(config["nothing"], "nothing"),
        )
    except KeyError as error:
        raise ModelError(f"The model in {folder} is not whole: {error} is missing.") from error


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


def scorer_tensors(scorer: Scorer) -> dict[str, NDArray[Any]]:
    """Return the arrays of a scorer as they are written."""
    return {
        "weights": scorer.weights,
        "scale": scorer.scale.astype(np.float32),
        "meaning": scorer.meaning.astype(np.float32),
        "intercept": scorer.intercept.astype(np.float32),
    }


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


def read_scorer(
    path: Path, tensors: Mapping[str, NDArray[Any]], vocabulary: Vocabulary,
    outputs: tuple[str, ...],
) -> Scorer:  # fmt: skip
    """Return the scorer of a model.

    Args:
        path: The file of the arrays, for messages.
        tensors: The arrays.
        vocabulary: What the rows of its weights are.
        outputs: What their columns are.

    Raises:
        ModelError: They do not belong together.
        KeyError: An array is missing.
    """
    features = Features(vocabulary, _embeddings())
    size, width = len(outputs), features.embeddings.width
    check_tensor(path, tensors, "weights", (len(vocabulary), size), "int8")
    for name, shape in {
        "scale": (size,),
        "meaning": (2 * width, size),
        "intercept": (size,),
    }.items():
        check_tensor(path, tensors, name, shape)
    return Scorer(
        outputs=outputs,
        features=features,
        weights=tensors["weights"],
        scale=tensors["scale"].astype(np.float64),
        meaning=tensors["meaning"].astype(np.float64),
        intercept=tensors["intercept"].astype(np.float64),
    )


@cache
def _embeddings() -> Embeddings:
    """Return the embeddings that come with the package, which all models share."""
    return load_embeddings()


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


def write_vocabulary(path: Path, vocabulary: Vocabulary) -> None:
    """Write words, pairs and parts."""
    spelt = {k: list(getattr(vocabulary, k)) for k in ("words", "pairs", "parts")}
    write_text(path, json.dumps(spelt, ensure_ascii=False, separators=(",", ":")))


def read_vocabulary(folder: Path) -> Vocabulary:
    """Return words, pairs and parts of the model in a folder.

    Raises:
        ModelError: They cannot be read, or one is there twice.
        KeyError: Some are missing.
    """
    spelt = read_json(folder / VOCABULARY)
    kinds = [strings(spelt[kind]) for kind in ("words", "pairs", "parts")]
    if any(len(set(kind)) < len(kind) for kind in kinds):
        raise ModelError(f"{folder / VOCABULARY} is not whole: it has something twice.")
    return Vocabulary(*kinds)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a file of a model; raises ``ModelError`` if there is none."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ModelError(f"{path} is no file of a model: it is over {_MAX_BYTES:,} bytes.")
        found = json.loads(path.read_text(encoding="utf-8"))
    except ModelError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            f"No model in {path.parent}: {path.name} cannot be read ({error})."
        ) from None
    if not isinstance(found, dict):
        raise ModelError(f"{path} holds no model: it must be an object.")
    return found


def strings(values: object) -> tuple[str, ...]:
    """Return a list of texts as a tuple; raises ``ModelError`` if it is none."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ModelError("The model is not whole: a list of texts is missing.")
    return tuple(values)


def write_text(path: Path, text: str) -> None:
    """Write a text; raises ``FeedbackError`` if that is not possible."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FeedbackError(f"Cannot write {path}: {error}.") from error


def switch(value: object, name: str) -> bool:
    """Return what is on or off; raises ``ModelError`` if it is neither."""
    if not isinstance(value, bool):
        raise ModelError(f"The model is not whole: its {name} is neither true nor false.")
    return value


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
