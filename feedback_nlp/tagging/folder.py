"""A compact model as a folder: plain text and arrays, nothing that can run.

``config.json`` (what it is), ``taxonomy.toml`` unless it is the default one, ``vocabulary.json``,
``weights.safetensors`` and ``README.md``, the card.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError, ModelError
from feedback_nlp.tagging.compact import STEPS, CompactModel
from feedback_nlp.tagging.embeddings import load_embeddings
from feedback_nlp.tagging.scorer import Features, Scorer, Vocabulary
from feedback_nlp.tagging.weighing import Weighing
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy

FORMAT = 1
CONFIG, TAXONOMY = "config.json", "taxonomy.toml"
VOCABULARY, WEIGHTS, CARD = "vocabulary.json", "weights.safetensors", "README.md"


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
    config = read_json(folder / CONFIG)
    if config.get("kind") != "compact" or config.get("format") != FORMAT:
        raise ModelError(
            f"{folder / CONFIG} describes a model of kind {config.get('kind')!r}, format "
            f"{config.get('format')!r}; this version reads 'compact', format {FORMAT}."
        )
    try:
        taxonomy = _taxonomy(folder)
        tensors = read_tensors(folder / WEIGHTS)
        names = strings(config["outputs"])
        scorer = read_scorer(folder / WEIGHTS, tensors, read_vocabulary(folder), names)
        steps = {
            name: Weighing(
                tensors[f"{name}.weights"].astype(np.float64),
                tensors[f"{name}.intercept"].astype(np.float64),
            )
            for name in STEPS
        }
        model = CompactModel(
            taxonomy=taxonomy,
            scorer=scorer,
            steps=steps,
            thresholds={str(k): float(v) for k, v in config["thresholds"].items()},
            sub_share=float(config["sub_share"]),
            sure=float(config["sure"]),
            nothing=float(config["nothing"]),
        )
        wanted = strings(config["themes"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"The model in {folder} is not whole: {error} is missing.") from error
    if wanted != tuple(taxonomy.ids):
        raise ModelError(
            f"The model in {folder} was learnt for other themes than its taxonomy has; "
            "train it again."
        )
    return model


def _taxonomy(folder: Path) -> Taxonomy:
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
    except (OSError, SafetensorError) as error:
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
    features = Features(vocabulary, load_embeddings())
    shapes = {
        "weights": (len(vocabulary), len(outputs)), "scale": (len(outputs),),
        "meaning": (2 * features.embeddings.width, len(outputs)), "intercept": (len(outputs),),
    }  # fmt: skip
    for name, shape in shapes.items():
        if tensors[name].shape != shape:
            raise ModelError(
                f"{path} does not belong to the model: {name} is {tensors[name].shape}, "
                f"wanted {shape}."
            )
    return Scorer(
        outputs=outputs,
        features=features,
        weights=tensors["weights"].astype(np.int8),
        scale=tensors["scale"].astype(np.float64),
        meaning=tensors["meaning"].astype(np.float64),
        intercept=tensors["intercept"].astype(np.float64),
    )


def write_vocabulary(path: Path, vocabulary: Vocabulary) -> None:
    """Write words, pairs and parts."""
    spelt = {k: list(getattr(vocabulary, k)) for k in ("words", "pairs", "parts")}
    write_text(path, json.dumps(spelt, ensure_ascii=False, separators=(",", ":")))


def read_vocabulary(folder: Path) -> Vocabulary:
    """Return words, pairs and parts of the model in a folder.

    Raises:
        ModelError: They cannot be read.
        KeyError: Some are missing.
    """
    spelt = read_json(folder / VOCABULARY)
    return Vocabulary(*(strings(spelt[k]) for k in ("words", "pairs", "parts")))


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a file of a model; raises ``ModelError`` if there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
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
