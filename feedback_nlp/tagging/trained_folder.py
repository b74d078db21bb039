"""A trained tagger as a folder: plain text and arrays, nothing that can run.

As a compact model (``folder``), with the compact model it starts from in ``base``; those with a
network are written by ``tuned_folder``.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FileFormatError, ModelError, shorten_list
from feedback_nlp.model_files import read_json
from feedback_nlp.networks.network import NETWORK, TOKENIZER
from feedback_nlp.tagging.compact import CompactModel
from feedback_nlp.tagging.contexts import Outputs
from feedback_nlp.tagging.folder import (
    VOCABULARY,
    read_folder,
    read_scorer,
    read_vocabulary,
    scorer_tensors,
    write_folder,
    write_vocabulary,
)
from feedback_nlp.tagging.folder_parts import (
    CARD,
    CONFIG,
    FORMAT,
    TAXONOMY,
    WEIGHTS,
    card_text,
    check_tensor,
    read_config,
    read_tensors,
    read_thresholds,
    read_weighing,
    strings,
    switch,
    weighing_tensors,
    write_text,
)
from feedback_nlp.tagging.protocols import Model
from feedback_nlp.tagging.readings import SIDES
from feedback_nlp.tagging.told import base_columns, columns_of
from feedback_nlp.tagging.trained import VIEWS, Polarities, TrainedModel
from feedback_nlp.tagging.tuned import TunedModel
from feedback_nlp.tagging.tuned_folder import BASE, write_tuned
from feedback_nlp.tagging.tuned_folder import KIND as TUNED
from feedback_nlp.taxonomy import Taxonomy, Theme, load_taxonomy

KIND = "trained"
_OURS = {
    CONFIG, VOCABULARY, WEIGHTS, TAXONOMY, CARD, BASE, NETWORK, TOKENIZER, ".DS_Store",
}  # fmt: skip
_THEME_STEP = 9, 1  # columns of contexts.weighing_inputs, classes
_POLARITY_STEP = 2 * len(SIDES), len(SIDES)


def save_model(model: Model, folder: Path, *, force: bool) -> Path:
    """Write a trained model, whole or not at all.

    Args:
        model: The model.
        folder: Where to; it must not exist yet.
        force: Replace an earlier model in it, if nothing else is there.

    Raises:
        ModelError: It is not a trained model, or something else is in the folder.
        FileFormatError: The folder cannot be written.
    """
    if not isinstance(model, TrainedModel | TunedModel):
        raise ModelError(
            "Only a tagger of train_tagger is saved; the others come with the package."
        )
    check_place(folder, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".feedback-nlp-", dir=folder.parent))
    except OSError as error:
        raise FileFormatError(
            f"Cannot write to {folder.parent}: {error.strerror}. Choose another folder."
        ) from error
    try:
        made = beside / "new"
        made.mkdir()
        if isinstance(model, TunedModel):
            write_tuned(model, made, taxonomy_text(model.base.taxonomy))
        else:
            _write(model, made)
        write_text(made / TAXONOMY, taxonomy_text(model.taxonomy))
        write_text(made / CARD, model.card)
        _put(made, folder, beside / "old")
    except OSError as error:
        raise FileFormatError(
            f"Could not write {folder}: {error.strerror or error}. Nothing was left behind."
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _put(made: Path, folder: Path, old: Path) -> None:
    """Move a folder to its place; what was there is moved aside, and back if that fails."""
    if folder.exists():
        os.replace(folder, old)
    try:
        os.replace(made, folder)
    except OSError:
        if old.exists():
            os.replace(old, folder)
        raise


def check_place(folder: Path, *, force: bool) -> None:
    """Raise if a model cannot be written to a folder without losing what is there.

    Raises:
        ModelError: Something is there.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        ours = folder.is_dir() and read_json(folder / CONFIG).get("kind") in (KIND, TUNED)
    except ModelError:
        ours = False
    if not ours:
        raise ModelError(f"{folder} is there already, and is no trained model. Choose another.")
    if not force:
        raise ModelError(
            f"There is a model in {folder} already. Choose another folder, or replace it with "
            "--force (in Python force=True)."
        )
    others = sorted(path.name for path in folder.iterdir() if path.name not in _OURS)
    if others:
        raise ModelError(
            f"{folder} holds more than a model ({shorten_list(others)}), which would be lost; move "
            "it, or choose another folder."
        )


def _write(model: TrainedModel, folder: Path) -> None:
    from safetensors.numpy import save

    config = {
        "format": FORMAT, "kind": KIND, "themes": list(model.taxonomy.ids),
        "outputs": list(model.scorer.outputs), "thresholds": dict(model.thresholds),
        "marked": model.marked, "polarity": model.polarities is not None,
    }  # fmt: skip
    tensors: dict[str, NDArray[Any]] = scorer_tensors(model.scorer) | {
        "told": model.told.astype(np.float32),
    }
    steps = {"theme": model.weighing}
    if model.polarities is not None:
        tensors["said"] = model.polarities.said.astype(np.float32)
        steps["polarity"] = model.polarities.weighing
    tensors |= weighing_tensors(steps)
    write_text(folder / CONFIG, json.dumps(config, indent=1) + "\n")
    write_vocabulary(folder / VOCABULARY, model.scorer.features.vocabulary)
    whole = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    (folder / WEIGHTS).write_bytes(save(whole))
    (folder / BASE).mkdir()
    text = "# base\n\nThe compact model that the model in the folder above starts from.\n"
    write_folder(model.base, folder / BASE, text, taxonomy_text(model.base.taxonomy))


def read_trained(folder: Path) -> TrainedModel:
    """Read a trained model.

    Raises:
        ModelError: It is of another version, or does not fit together.
    """
    config = read_config(folder, KIND)
    base = read_folder(folder / BASE)
    taxonomy = load_taxonomy(folder / TAXONOMY)
    path, outputs = folder / WEIGHTS, Outputs.of(taxonomy.ids).names
    try:
        if strings(config["themes"]) != taxonomy.ids:
            raise _misfit(folder)
        tensors = read_tensors(path)
        names = strings(config["outputs"])
        learnt = switch(config["polarity"], "polarity")
        if names[: len(outputs)] != outputs or len(names) != len(outputs) + _of_sides(learnt):
            raise _misfit(folder)
        told = columns_of(base, taxonomy), len(outputs)
        if tensors["told"].shape != told:
            raise _misfit(folder)
        return TrainedModel(
            taxonomy=taxonomy,
            base=base,
            scorer=read_scorer(path, tensors, read_vocabulary(folder), names),
            told=tensors["told"].astype(float),
            weighing=read_weighing(path, tensors, "theme", _THEME_STEP),
            thresholds=read_thresholds(config["thresholds"], taxonomy.ids),
            polarities=_polarities(path, tensors, base, taxonomy) if learnt else None,
            marked=switch(config["marked"], "marked"),
            card=card_text(folder),
        )
    except KeyError as error:
        raise ModelError(f"The model in {folder} is not whole: {error} is missing.") from error


def _misfit(folder: Path) -> ModelError:
    return ModelError(
        f"The model in {folder} was learnt for other themes or phrases than its taxonomy has; "
        "train it again."
    )


def _of_sides(learnt: bool) -> int:
    return len(VIEWS) * len(SIDES) if learnt else 0


def _polarities(
    path: Path, tensors: dict[str, NDArray[Any]], base: CompactModel, taxonomy: Taxonomy
) -> Polarities:
    columns = 2 * base_columns(base) + len(SIDES) + len(taxonomy.ids)
    check_tensor(path, tensors, "said", (columns + 1, len(SIDES)))
    weighing = read_weighing(path, tensors, "polarity", _POLARITY_STEP)
    return Polarities(tensors["said"].astype(float), weighing)


def taxonomy_text(taxonomy: Taxonomy) -> str:
    """Return a taxonomy as TOML; a theme of which nothing is said gets a name from its id.

    Example:
        >>> print(taxonomy_text(Taxonomy("mine", (Theme(id="price"),))))
        name = "mine"
        <BLANKLINE>
        [[theme]]
        id = "price"
        names = { en = "Price" }
        <BLANKLINE>
    """
    return (
        "\n\n".join([f"name = {_text(taxonomy.name)}", *map(_theme_text, taxonomy.themes)]) + "\n"
    )


def _theme_text(theme: Theme) -> str:
    names = theme.names or {"en": theme.name()}
    lines = ["[[theme]]", f"id = {_text(theme.id)}"]
    lines.append(f"names = {{ {', '.join(f'{k} = {_text(v)}' for k, v in names.items())} }}")
    if theme.definition:
        lines.append(f"definition = {_text(theme.definition)}")
    if theme.examples:
        lines.append(f"examples = {_texts(theme.examples)}")
    if theme.general:
        lines.append("general = true")
    if theme.unsaid:
        lines.append(f"unsaid = {_text(theme.unsaid)}")
    if theme.phrases:
        phrases = [f"{language} = {_texts(some)}" for language, some in theme.phrases.items()]
        lines += ["[theme.phrases]", *phrases]
    return "\n".join(lines)


def _text(value: str) -> str:
    """Return a text as TOML writes it: as JSON does, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, values))}]"
