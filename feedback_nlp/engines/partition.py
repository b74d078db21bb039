"""What every engine does with a part of an export: tag it, with a tagger loaded once a process."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import pandas as pd

from feedback_nlp.errors import ModelError
from feedback_nlp.language import FloatArray
from feedback_nlp.tagging.store import MODELS, load_tagger
from feedback_nlp.tagging.tagger import Progress, Tagger, Tagging
from feedback_nlp.taxonomy import Taxonomy, as_taxonomy

_loaded: dict["TaggerSpec", Tagger] = {}
_loading = Lock()  # a worker of a cluster may have several threads


@dataclass(frozen=True, slots=True)
class TaggerSpec:
    """Which tagger it is: small enough to be sent to every worker process, which loads it there.

    Two are the same if they give the same tags: if they have the same name and the same hashes of
    model, taxonomy and word lists.

    Attributes:
        name: What the tagger is called.
        facts: Its hashes and versions, by name.
        model: What ``load_tagger`` takes: a name, the folder of a model, or ``None``.
        taxonomy: The themes, if they are the user's own.
    """

    name: str
    facts: tuple[tuple[str, str], ...]
    model: str | None = field(default=None, compare=False)
    taxonomy: Taxonomy | None = field(default=None, compare=False)

    def load(self) -> Tagger:
        """Return the tagger; in one process it is read once.

        Raises:
            ModelError: It is no longer there, or no longer the same.
        """
        with _loading:
            if self not in _loaded:
                tagger = load_tagger(self.model, taxonomy=self.taxonomy)
                if (tagger.name, _sorted(tagger.facts)) != (self.name, self.facts):
                    raise ModelError(
                        f"The model {self.name!r} was changed while comments were tagged with it. "
                        "Put it back, or begin anew."
                    )
                _keep(self, tagger)
            return _loaded[self]


def tagger_spec(
    model: str | Path | None = None, *, taxonomy: Taxonomy | str | Path | None = None
) -> TaggerSpec:
    """Load a tagger, to see that it is all right, and return what tells others to load the same.

    Args:
        model: As for ``load_tagger``.
        taxonomy: As for ``load_tagger``.

    Raises:
        ModelError: There is no such model, or it does not go with a taxonomy.
        TaxonomyError: The taxonomy file is wrong.

    Example:
        >>> spec = tagger_spec("rules")
        >>> spec.name, spec.load() is spec.load()
        ('rules', True)
    """
    themes = None if taxonomy is None else as_taxonomy(taxonomy)
    tagger = load_tagger(model, taxonomy=themes)
    if model is not None and model not in MODELS:
        model = Path(model).resolve()  # a worker may run in another folder
    spec = TaggerSpec(
        name=tagger.name,
        facts=_sorted(tagger.facts),
        model=None if model is None else str(model),
        taxonomy=themes,
    )
    with _loading:
        _keep(spec, tagger)
    return spec


def tag_partition(
    comments: pd.DataFrame,
    tagger: Tagger,
    *,
    mix: FloatArray | None = None,
    progress: Progress | None = None,
) -> Tagging:
    """Tag one part of an export: what every engine does, in whatever process.

    Args:
        comments: Some rows of a comments table.
        tagger: What tags them.
        mix: The mix of languages of the whole export, of ``language_mix``.
        progress: As for ``Tagger.tag_frame``.

    Returns:
        Tagged comments and mentions, alike whatever else is in the part.
    """
    return tagger.tag_frame(comments, mix=mix, progress=progress)


def texts_of(comments: pd.DataFrame) -> Counter[str]:
    """Return how often each text comes in a part, for ``typical_texts`` of the whole export.

    Args:
        comments: Some rows of a comments table.
    """
    return Counter(comments["text"].fillna("").astype("str").tolist())


def _keep(spec: TaggerSpec, tagger: Tagger) -> None:
    """Remember one tagger; a process has use for no more."""
    _loaded.clear()
    _loaded[spec] = tagger


def _sorted(facts: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(facts.items()))
