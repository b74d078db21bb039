"""Loading taggers by name or folder."""

import hashlib
from functools import cache
from pathlib import Path

from feedback_nlp.errors import ModelError, TaxonomyError
from feedback_nlp.lexicon import lexicons_sha256
from feedback_nlp.model_files import read_json
from feedback_nlp.networks.network import NETWORK, TOKENIZER
from feedback_nlp.resources import resource
from feedback_nlp.tagging.compact import CompactModel
from feedback_nlp.tagging.folder import VOCABULARY, read_folder
from feedback_nlp.tagging.folder_parts import CARD, CONFIG, WEIGHTS
from feedback_nlp.tagging.network import NetworkModel
from feedback_nlp.tagging.network_folder import KIND as WITH_NETWORK
from feedback_nlp.tagging.network_folder import read_network_folder
from feedback_nlp.tagging.rules import rule_model
from feedback_nlp.tagging.tagger import Tagger
from feedback_nlp.tagging.trained import TrainedModel
from feedback_nlp.tagging.trained_folder import KIND, read_trained
from feedback_nlp.tagging.tuned import TunedModel
from feedback_nlp.tagging.tuned_folder import BASE, read_tuned
from feedback_nlp.tagging.tuned_folder import KIND as TUNED
from feedback_nlp.taxonomy import Taxonomy, as_taxonomy, load_taxonomy

RULES = "rules"
DEFAULT = "compact"
FAST, ACCURATE = "fast", "accurate"
CUSTOM = "custom"
MODELS = (DEFAULT, FAST, ACCURATE, CUSTOM, RULES)
_SHIPPED = {DEFAULT: DEFAULT, FAST: DEFAULT, ACCURATE: ACCURATE}  # the folder of each name


def load_tagger(
    name: str | Path | None = None, *, taxonomy: Taxonomy | str | Path | None = None
) -> Tagger:
    """Return a tagger that is ready to use.

    Args:
        name: ``compact``, also called ``fast``, the embedded model, which weighs words with what
            the rules find; or ``accurate``, where a network reads each comment, which is slower
            and needs ``pip install "feedback-nlp[accurate]"``; or ``rules``, phrases and word
            lists alone; or the folder of a model of your own, from ``train_tagger`` or of the
            Hugging Face library (``load_transformer`` has more ways to use these). Without it
            ``compact``, or ``custom`` where a taxonomy is given.
        taxonomy: Themes of your own, as a taxonomy or the path of its TOML file: for ``custom``,
            which compares comments with what it says of each theme and needs no labels, or for
            ``rules``, which finds its phrases. Other models have the themes they were trained on.

    Raises:
        MissingDependencyError: ``accurate`` needs onnxruntime, which is not installed.
        ModelError: There is no such model, or it does not go with a taxonomy.
        TaxonomyError: The taxonomy file is wrong.

    Example:
        >>> load_tagger()("Levering ging snel").language
        'nl'
    """
    if taxonomy is not None and name in (None, CUSTOM):
        return _custom(as_taxonomy(taxonomy))
    if name == CUSTOM:
        raise ModelError("The model 'custom' is made for a taxonomy of your own; give --taxonomy.")
    if name is None:
        name = DEFAULT
    if name == RULES:
        themes = as_taxonomy(taxonomy)
        if not themes.has_phrases:
            raise TaxonomyError(
                f"The taxonomy {themes.name!r} has no phrases, and rules find themes by nothing "
                "else; add phrases, or leave --model out."
            )
        return Tagger(taxonomy=themes, model=rule_model(themes), name=RULES, facts=facts_of(themes))
    folder = _folder(name)
    config = read_json(folder / CONFIG)
    if "kind" not in config and "model_type" in config:
        from feedback_nlp.tagging.transformer_store import load_folder

        return load_folder(folder, taxonomy)
    if taxonomy is not None:
        raise ModelError(
            f"The model {str(name)!r} has the themes it was trained on; for the themes of a "
            "taxonomy of your own leave --model out, or train a model on labelled comments."
        )
    model, facts = _read(folder, config.get("kind"))
    return Tagger(
        taxonomy=model.taxonomy,
        model=model,
        name=folder.resolve().name,
        facts=facts_of(model.taxonomy) | facts,
    )


def _read(
    folder: Path, kind: object
) -> tuple[CompactModel | NetworkModel | TrainedModel | TunedModel, dict[str, str]]:
    """Return the model in a folder, of the kind that its configuration names, and its hashes."""
    if kind == WITH_NETWORK:
        network = read_network_folder(folder)
        return network, _hashes(folder, CONFIG, TOKENIZER, WEIGHTS, NETWORK)
    if kind == TUNED:
        tuned = read_tuned(folder)
        return tuned, _hashes_of_both(folder, CONFIG, TOKENIZER, WEIGHTS, NETWORK)
    if kind == KIND:
        trained = read_trained(folder)
        return trained, _hashes_of_both(folder, CONFIG, VOCABULARY, WEIGHTS)
    return read_folder(folder), _hashes(folder, CONFIG, VOCABULARY, WEIGHTS)


def _custom(themes: Taxonomy) -> Tagger:
    """Return a tagger of themes that nobody labelled; of the default ones the model that learnt."""
    from feedback_nlp.tagging.custom import FILE, CustomModel, read_learnt

    if themes.sha256 == load_taxonomy().sha256:
        return load_tagger(DEFAULT)
    folder = _folder(DEFAULT)
    model = CustomModel.of(themes, shipped_model(), read_learnt(folder / FILE))
    return Tagger(
        taxonomy=themes,
        model=model,
        name=CUSTOM,
        facts=facts_of(themes) | _hashes(folder, CONFIG, VOCABULARY, WEIGHTS, FILE),
    )


@cache
def shipped_model() -> CompactModel:
    """Return the compact model that comes with the package."""
    return read_folder(_folder(DEFAULT))


def _hashes(folder: Path, *files: str) -> dict[str, str]:
    return {
        f"{file.split('.')[0]}_sha256": hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for file in files
    }


def _hashes_of_both(folder: Path, *files: str) -> dict[str, str]:
    """Return the hashes of a trained model and of the model it starts from."""
    base = _hashes(folder / BASE, *files)
    return _hashes(folder, *files) | {f"base_{name}": value for name, value in base.items()}


def _folder(name: str | Path) -> Path:
    """Return the folder of a model: the one that comes with the package, or one that was given.

    A folder that happens to be called ``compact`` where the program runs is not the shipped model;
    it is meant by ``./compact``.
    """
    if name in _SHIPPED:
        return resource("models", _SHIPPED[str(name)])
    if Path(name).is_dir():
        return Path(name)
    raise ModelError(
        f"No model {str(name)!r}. This version has: {', '.join(MODELS)}. "
        "Give one of these, or the folder of a trained model, or leave --model out."
    )


def read_card(name: str | Path) -> str:
    """Return the card of a model: what it was learnt from, and how good it is.

    Args:
        name: ``compact``, ``accurate``, or the folder of a model.

    Raises:
        ModelError: There is no such model, or it has no card.
    """
    path = _folder(name) / CARD
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise ModelError(f"The model {str(name)!r} has no card: {path} ({error}).") from None


def facts_of(taxonomy: Taxonomy) -> dict[str, str]:
    """Return what a run record should hold of themes and word lists."""
    return {
        "taxonomy": taxonomy.name,
        "taxonomy_sha256": taxonomy.sha256,
        "lexicons_sha256": lexicons_sha256(),
    }
