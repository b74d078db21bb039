"""Loading taggers by name or folder."""

import hashlib
from pathlib import Path

from feedback_nlp.errors import FileFormatError, ModelError
from feedback_nlp.lexicon import lexicons_sha256
from feedback_nlp.resources import resource
from feedback_nlp.tagging.folder import CONFIG, VOCABULARY, WEIGHTS, read_folder
from feedback_nlp.tagging.rules import rule_model
from feedback_nlp.tagging.tagger import Tagger
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy

RULES = "rules"
DEFAULT = "compact"
MODELS = (DEFAULT, RULES)


def load_tagger(
    name: str | Path | None = None, *, taxonomy: Taxonomy | str | Path | None = None
) -> Tagger:
    """Return a tagger that is ready to use.

    Args:
        name: ``compact``, the embedded model, which weighs words with what the rules find; or
            ``rules``, phrases and word lists alone; or the folder of a model of your own, from
            ``train_tagger``. Without it ``compact``, or ``rules`` where a taxonomy is given.
        taxonomy: Themes of your own for ``rules``, as a taxonomy or the path of its TOML file. The
            other models have the themes they were trained on.

    Raises:
        ModelError: There is no such model, or it does not go with a taxonomy.
        TaxonomyError: The taxonomy file is wrong.

    Example:
        >>> load_tagger()("Levering ging snel").language
        'nl'
    """
    if name is None:
        name = DEFAULT if taxonomy is None else RULES
    if name == RULES:
        themes = taxonomy if isinstance(taxonomy, Taxonomy) else load_taxonomy(taxonomy)
        return Tagger(taxonomy=themes, model=rule_model(themes), name=RULES, facts=_facts(themes))
    if taxonomy is not None:
        raise ModelError(
            f"The model {str(name)!r} has the themes it was trained on; for the themes of a "
            "taxonomy of your own use --model rules, or train a model on labelled comments."
        )
    folder = _folder(name)
    model = read_folder(folder)
    hashes = {
        f"{path.split('.')[0]}_sha256": hashlib.sha256((folder / path).read_bytes()).hexdigest()
        for path in (CONFIG, VOCABULARY, WEIGHTS)
    }
    return Tagger(
        taxonomy=model.taxonomy,
        model=model,
        name=folder.name,
        facts=_facts(model.taxonomy) | hashes,
    )


def _folder(name: str | Path) -> Path:
    """Return the folder of a model: one that was given, else one that comes with the package."""
    if Path(name).is_dir():
        return Path(name)
    try:
        return resource("models", DEFAULT) if str(name) == DEFAULT else resource("models", "none")
    except FileFormatError:
        raise ModelError(
            f"No model {str(name)!r}. This version has: {', '.join(MODELS)}. "
            "Give one of these, or the folder of a trained model, or leave --model out."
        ) from None


def _facts(taxonomy: Taxonomy) -> dict[str, str]:
    return {
        "taxonomy": taxonomy.name,
        "taxonomy_sha256": taxonomy.sha256,
        "lexicons_sha256": lexicons_sha256(),
    }
