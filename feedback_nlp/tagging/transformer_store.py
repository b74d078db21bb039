"""Loading taggers of Hugging Face models: where they are, what their labels mean, what is noted."""

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from feedback_nlp.errors import ModelError
from feedback_nlp.hub.labels import entailment_of, entails, sides_of
from feedback_nlp.hub.network import NetworkSpec, network_spec
from feedback_nlp.tagging.entailment import Entailment, check_hypotheses
from feedback_nlp.tagging.store import load_tagger
from feedback_nlp.tagging.tagger import Tagger
from feedback_nlp.tagging.transformer import Classifier, TransformerModel
from feedback_nlp.taxonomy import Taxonomy


def load_transformer(
    sentiment: str | Path | None = None,
    *,
    polarity: str | Path | None = None,
    themes: str | Path | None = None,
    taxonomy: Taxonomy | str | Path | None = None,
    base: str | Path | None = None,
    pairs: bool = False,
    labels: Mapping[str, str] | None = None,
    polarity_labels: Mapping[str, str] | None = None,
    entailment: str | None = None,
    hypothesis: str | Mapping[str, str] | None = None,
    threshold: float = 0.5,
    sure: float = 0.4,
    device: str = "cpu",
    dtype: str = "float32",
    batch_size: int = 32,
    max_length: int | None = None,
    download: bool = False,
) -> Tagger:
    """Return a tagger that reads comments with models of the Hugging Face library.

    Each model is a folder, or a name on the hub that was downloaded before. What no model is given
    for is read by the base. Comments that the base cannot read stay as they are.

    Args:
        sentiment: Tells the sentiment of whole comments: a sequence classification.
        polarity: Tells what is said of each theme: a sequence classification, of the clause that
            the theme was found in; with ``pairs`` of the comment and the name of the theme.
        themes: Finds themes: a sequence classification with the label ``entailment``.
        taxonomy: Themes of your own, as for ``load_tagger``.
        base: What reads the rest, as for ``load_tagger``: the compact model if not given, or the
            folder of a model of ``train_tagger``.
        pairs: Whether ``polarity`` reads pairs of texts.
        labels: What labels mean that are not known by their names, as ``{"LABEL_0": "negative"}``:
            ``negative``, ``neutral``, ``positive`` or ``mixed``.
        polarity_labels: The same for ``polarity``; ``labels`` if not given.
        entailment: The label of ``themes`` that says that the comment entails what is asked.
        hypothesis: What is asked for each theme, with ``{theme}`` or ``{definition}`` in it; or one
            such wording for each language.
        threshold: The least probability of a theme of ``themes``, 0–1.
        sure: The least probability of a sentiment or polarity, 0–1; below it, it is unknown.
        device: Where the models are run: ``cpu``, ``cuda``, ``cuda:1``, ``mps``.
        dtype: ``float32``, ``float16`` or ``bfloat16``.
        batch_size: How many texts a model reads at a time.
        max_length: The most tokens of a text that are read; what a model can read without it.
        download: Whether models may be downloaded that are not in the cache.

    Raises:
        MissingDependencyError: torch or transformers is not installed.
        ModelError: A model is not there, may not be read, cannot be loaded or is not for this; or
            it is not known what a label means; or a setting is none.
        TaxonomyError: The taxonomy file is wrong.

    Example:
        >>> load_transformer("no/such-folder/here")
        Traceback (most recent call last):
            ...
        feedback_nlp.errors.ModelError: No folder 'no/such-folder/here'; give the folder of a \
model, or its name on the hub.
    """
    if sentiment is None and polarity is None and themes is None:
        raise ModelError(
            "Name a model: sentiment=, polarity= or themes=. Else load_tagger will do."
        )
    own = load_tagger(base, taxonomy=taxonomy)
    run: dict[str, Any] = {
        "device": device, "dtype": dtype, "batch_size": batch_size, "max_length": max_length,
        "download": download,
    }  # fmt: skip
    given = {"sentiment": sentiment, "polarity": polarity, "themes": themes}
    specs = {
        role: network_spec(name, "classifier", **run)
        for role, name in given.items()
        if name is not None
    }
    meaning = {
        "sentiment": labels,
        "polarity": labels if polarity_labels is None else polarity_labels,
    }
    reads: dict[str, Classifier] = {
        role: Classifier(specs[role], _sides(specs[role], meant), pairs and role == "polarity")
        for role, meant in meaning.items()
        if role in specs
    }
    finds = None
    if "themes" in specs:
        finds = Entailment(
            taxonomy=own.taxonomy,
            spec=specs["themes"],
            entailed=_entailed(specs["themes"], entailment),
            hypotheses=check_hypotheses(hypothesis),
            threshold=_share(threshold, "threshold"),
        )
    model = TransformerModel(
        taxonomy=own.taxonomy,
        base=own.model,
        sentiment=reads.get("sentiment"),
        polarity=reads.get("polarity"),
        themes=finds,
        sure=_share(sure, "sure"),
    )
    names = dict.fromkeys([*(spec.name for spec in specs.values()), own.name])
    return Tagger(
        taxonomy=own.taxonomy,
        model=model,
        name=" + ".join(names),
        facts=own.facts | {"base": own.name} | _facts(model, specs),
    )


def load_folder(folder: Path, taxonomy: Taxonomy | str | Path | None = None) -> Tagger:
    """Return a tagger of the one Hugging Face model in a folder, for what its labels say.

    Args:
        folder: A sequence classification: with the label ``entailment`` it finds themes, else it
            tells sentiment and polarity.
        taxonomy: Themes of your own.

    Raises:
        MissingDependencyError: torch or transformers is not installed.
        ModelError: It may not be read or cannot be loaded, or its labels are not known.
    """
    if entails(network_spec(folder, "classifier").load().labels):
        return load_transformer(themes=folder, taxonomy=taxonomy)
    return load_transformer(folder, polarity=folder, taxonomy=taxonomy)


def _sides(spec: NetworkSpec, given: Mapping[str, str] | None) -> tuple[Any, ...]:
    return sides_of(spec.load().labels, given, network=spec.name)


def _entailed(spec: NetworkSpec, given: str | None) -> int:
    return entailment_of(spec.load().labels, given, network=spec.name)


def _share(value: float, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ModelError(f"{name}= is {value!r}; it takes a number from 0 to 1.")
    return float(value)


def _facts(model: TransformerModel, specs: Mapping[str, NetworkSpec]) -> dict[str, str]:
    """Return what a run record should hold: which networks, and all that changes what they say."""
    settings: dict[str, Any] = {"sure": model.sure}
    for role, reads in (("sentiment", model.sentiment), ("polarity", model.polarity)):
        if reads is not None:
            settings[role] = {"sides": reads.sides, "pairs": reads.pairs}
    if model.themes is not None:
        settings["themes"] = {
            "entailed": model.themes.entailed,
            "hypotheses": dict(model.themes.hypotheses),
            "threshold": model.themes.threshold,
        }
    one = next(iter(specs.values()))
    settings |= {"dtype": one.dtype, "max_length": one.max_length}
    facts = {f"{role}_model": spec.name for role, spec in specs.items()}
    facts |= {f"{role}_sha256": spec.sha256 for role, spec in specs.items()}
    facts["settings"] = json.dumps(settings, ensure_ascii=False, sort_keys=True)
    return facts | {name: version(name) for name in ("torch", "transformers", "tokenizers")}
