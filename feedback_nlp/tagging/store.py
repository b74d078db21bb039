"""Loading taggers by name."""

from pathlib import Path

from feedback_nlp.errors import ModelError
from feedback_nlp.lexicon import lexicons_sha256
from feedback_nlp.tagging.rules import RulePolarity, RuleThemes
from feedback_nlp.tagging.tagger import Tagger
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy

MODELS = ("rules",)


def load_tagger(name: str = "rules", *, taxonomy: Taxonomy | str | Path | None = None) -> Tagger:
    """Return a tagger that is ready to use.

    Args:
        name: ``rules``, the tagger that comes with the package: phrases and word lists,
            explainable throughout.
        taxonomy: A taxonomy, or the path of its TOML file; the default taxonomy without it.

    Raises:
        ModelError: There is no such model.
        TaxonomyError: The taxonomy file is wrong.

    Example:
        >>> load_tagger()("Levering ging snel").language
        'nl'
    """
    if name not in MODELS:
        raise ModelError(
            f"No model {name!r}. This version has: {', '.join(MODELS)}. "
            "Leave --model out to use it."
        )
    themes = taxonomy if isinstance(taxonomy, Taxonomy) else load_taxonomy(taxonomy)
    return Tagger(
        taxonomy=themes,
        themes=RuleThemes(themes),
        polarity=RulePolarity(themes),
        name=name,
        facts={
            "taxonomy": themes.name,
            "taxonomy_sha256": themes.sha256,
            "lexicons_sha256": lexicons_sha256(),
        },
    )
