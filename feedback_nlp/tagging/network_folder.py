"""A model with a network as a folder: a graph of known operators, arrays and plain text.

``config.json`` (what it is), ``taxonomy.toml`` unless it is the default one, ``network.onnx``,
``tokenizer.json``, ``weights.safetensors`` (the weighing), and ``README.md``, the card.
"""

import json
from pathlib import Path

from feedback_nlp.errors import FeedbackError, ModelError
from feedback_nlp.networks.network import NETWORK, TOKENIZER, read_network
from feedback_nlp.tagging.folder_parts import (
    CARD,
    CONFIG,
    FORMAT,
    TAXONOMY,
    WEIGHTS,
    read_config,
    read_decisions,
    read_tensors,
    strings,
    taxonomy_of,
    weighing_tensors,
    write_text,
)
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.network import (
    NETWORK_STEPS,
    NetworkModel,
    NetworkScorer,
    network_outputs,
)

KIND = "network"
LEAST, MOST = 64, 100_000  # pieces at once


def write_network_folder(
    model: NetworkModel, folder: Path, card: str, taxonomy: str | None
) -> None:
    """Write a model.

    Args:
        model: The model.
        folder: Where to; files of a model in it are replaced.
        card: What it is and how good it is, in Markdown.
        taxonomy: The text of its taxonomy; ``None`` for the default one.

    Raises:
        FeedbackError: A file cannot be written.
    """
    from safetensors.numpy import save

    scorer = model.scorer
    config = {
        "format": FORMAT, "kind": KIND, "themes": list(model.taxonomy.ids),
        "outputs": network_outputs(scorer.themes), "positions": scorer.positions,
        "thresholds": dict(model.thresholds),
        "sub_share": model.sub_share, "sure": model.sure, "nothing": model.nothing,
    }  # fmt: skip
    write_text(folder / CONFIG, json.dumps(config, indent=1) + "\n")
    write_text(folder / TOKENIZER, scorer.network.tokenizer.to_str())
    write_text(folder / CARD, card)
    if taxonomy is not None:
        write_text(folder / TAXONOMY, taxonomy)
    try:
        (folder / NETWORK).write_bytes(scorer.network.graph)
        (folder / WEIGHTS).write_bytes(save(weighing_tensors(model.steps)))
    except OSError as error:
        raise FeedbackError(f"Cannot write to {folder}: {error.strerror}.") from error


def read_network_folder(folder: Path, *, threads: int | None = None) -> NetworkModel:
    """Read a model.

    Args:
        folder: The folder.
        threads: How many the network may run in; ``None`` for as many as this process may use.

    Raises:
        MissingDependencyError: ``onnxruntime`` is not installed.
        ModelError: It is no folder of such a model, of another version, or does not fit together.
    """
    config = read_config(folder, KIND)
    taxonomy = taxonomy_of(folder)
    themes = Themes.of(taxonomy)
    try:
        outputs = strings(config["outputs"])
        if strings(config["themes"]) != taxonomy.ids or outputs != tuple(network_outputs(themes)):
            raise ModelError(
                f"The model in {folder} was learnt for other themes than its taxonomy has; "
                "take the files that came with it."
            )
        path = folder / WEIGHTS
        tensors = read_tensors(path)
        return NetworkModel(
            taxonomy=taxonomy,
            scorer=NetworkScorer(
                read_network(folder, threads=threads), themes, positions(config["positions"])
            ),
            **read_decisions(path, config, tensors, NETWORK_STEPS, themes.tops),
        )
    except KeyError as error:
        raise ModelError(f"The model in {folder} is not whole: {error} is missing.") from error


def positions(value: object) -> int:
    """Return the most pieces that are read at once; raises ``ModelError`` if that is no number."""
    if isinstance(value, bool) or not isinstance(value, int) or not LEAST <= value <= MOST:
        raise ModelError(
            f"The model is not whole: its positions are not a number from {LEAST} to {MOST}."
        )
    return value
