"""A compact model as a folder: plain text and arrays, nothing that can run.

``vocabulary.json`` comes to the files that every folder has (``folder_parts``).
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import ModelError
from feedback_nlp.model_files import read_json
from feedback_nlp.tagging.compact import STEPS, CompactModel, outputs_of
from feedback_nlp.tagging.embeddings import Embeddings, load_embeddings
from feedback_nlp.tagging.features import Features
from feedback_nlp.tagging.folder_parts import (
    CARD,
    CONFIG,
    FORMAT,
    TAXONOMY,
    WEIGHTS,
    check_tensor,
    read_config,
    read_decisions,
    read_tensors,
    strings,
    taxonomy_of,
    weighing_tensors,
    write_text,
)
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.scorer import Scorer
from feedback_nlp.tagging.vocabulary import Vocabulary

VOCABULARY = "vocabulary.json"


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
    tensors = scorer_tensors(scorer) | weighing_tensors(model.steps)
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
            **read_decisions(path, config, tensors, STEPS, themes.tops),
        )
    except KeyError as error:
        raise ModelError(f"The model in {folder} is not whole: {error} is missing.") from error


def scorer_tensors(scorer: Scorer) -> dict[str, NDArray[Any]]:
    """Return the arrays of a scorer as they are written."""
    return {
        "weights": np.ascontiguousarray(scorer.weights),
        "scale": scorer.scale.astype(np.float32),
        "meaning": scorer.meaning.astype(np.float32),
        "intercept": scorer.intercept.astype(np.float32),
    }


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
