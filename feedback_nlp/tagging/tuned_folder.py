"""A tagger whose network learnt a user's own themes, as a folder: nothing in it can run.

As a model with a network (``network_folder``), with the model it starts from in ``base``.
"""

import json
from pathlib import Path

from feedback_nlp.errors import ModelError
from feedback_nlp.networks.network import NETWORK, TOKENIZER, read_network
from feedback_nlp.tagging.folder_parts import (
    CONFIG,
    FORMAT,
    TAXONOMY,
    WEIGHTS,
    card_text,
    read_config,
    read_tensors,
    read_thresholds,
    read_weighing,
    strings,
    switch,
    weighing_tensors,
    write_text,
)
from feedback_nlp.tagging.network import NetworkModel, NetworkScorer, network_outputs
from feedback_nlp.tagging.network_folder import (
    positions,
    read_network_folder,
    write_network_folder,
)
from feedback_nlp.tagging.readings import SIDES
from feedback_nlp.tagging.tuned import POLARITY_COLUMNS, TunedModel, flat_themes
from feedback_nlp.taxonomy import load_taxonomy

KIND = "tuned"
BASE = "base"
_THEME_STEP = 9, 1  # columns of contexts.weighing_inputs, classes
_POLARITY_STEP = POLARITY_COLUMNS, len(SIDES)


def write_tuned(model: TunedModel, folder: Path, base_taxonomy: str) -> None:
    """Write a model without its taxonomy and card.

    Args:
        model: The model.
        folder: Where to.
        base_taxonomy: The text of the taxonomy of the model it starts from.
    """
    from safetensors.numpy import save

    scorer = model.scorer
    config = {
        "format": FORMAT, "kind": KIND, "themes": list(model.taxonomy.ids),
        "outputs": network_outputs(scorer.themes), "positions": scorer.positions,
        "thresholds": dict(model.thresholds), "marked": model.marked,
        "polarity": model.polarity is not None,
    }  # fmt: skip
    steps = {"theme": model.weighing}
    if model.polarity is not None:
        steps["polarity"] = model.polarity
    write_text(folder / CONFIG, json.dumps(config, indent=1) + "\n")
    write_text(folder / TOKENIZER, scorer.network.tokenizer.to_str())
    (folder / NETWORK).write_bytes(scorer.network.graph)
    (folder / WEIGHTS).write_bytes(save(weighing_tensors(steps)))
    (folder / BASE).mkdir()
    text = "# base\n\nThe model that the model in the folder above starts from.\n"
    write_network_folder(model.base, folder / BASE, text, base_taxonomy)


def read_tuned(folder: Path, *, threads: int | None = None) -> TunedModel:
    """Read a model.

    Args:
        folder: The folder.
        threads: On how many cores its networks run; ``None`` for as many as may be used.

    Raises:
        MissingDependencyError: ``onnxruntime`` is not installed.
        ModelError: It is of another version, or does not fit together.
    """
    config = read_config(folder, KIND)
    base: NetworkModel = read_network_folder(folder / BASE, threads=threads)
    taxonomy = load_taxonomy(folder / TAXONOMY)
    themes, path = flat_themes(taxonomy), folder / WEIGHTS
    try:
        if strings(config["themes"]) != taxonomy.ids or strings(config["outputs"]) != tuple(
            network_outputs(themes)
        ):
            raise ModelError(
                f"The model in {folder} was learnt for other themes than its taxonomy has; "
                "train it again."
            )
        tensors = read_tensors(path)
        learnt = switch(config["polarity"], "polarity")
        network = read_network(folder, threads=threads)
        return TunedModel(
            taxonomy=taxonomy,
            base=base,
            scorer=NetworkScorer(network, themes, positions(config["positions"])),
            weighing=read_weighing(path, tensors, "theme", _THEME_STEP),
            thresholds=read_thresholds(config["thresholds"], taxonomy.ids),
            polarity=read_weighing(path, tensors, "polarity", _POLARITY_STEP) if learnt else None,
            marked=switch(config["marked"], "marked"),
            card=card_text(folder),
        )
    except KeyError as error:
        raise ModelError(f"The model in {folder} is not whole: {error} is missing.") from error
