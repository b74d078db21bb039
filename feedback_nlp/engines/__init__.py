"""Tagging exports of any size: the same tagger wherever the rows are.

An engine is a function that takes an export and gives back its tagged parts. ``ENGINES`` names
them; each is imported when it is asked for, so that the command line starts fast.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from feedback_nlp.errors import MissingDependencyError

if TYPE_CHECKING:
    from feedback_nlp.engines.tagged import Engine

ENGINES = {
    "local": "feedback_nlp.engines.local:tag_export",
    "spark": "feedback_nlp.engines.cluster:export_on_spark",
    "dask": "feedback_nlp.engines.cluster:export_on_dask",
}
_NEEDS = {"spark": "pyspark", "dask": "distributed"}


def engine_of(name: str) -> "Engine":
    """Return the function that tags an export.

    Args:
        name: One of ``ENGINES``.

    Raises:
        MissingDependencyError: What it needs is not installed.

    Example:
        >>> engine_of("local").__name__
        'tag_export'
    """
    if name in _NEEDS and find_spec(_NEEDS[name]) is None:
        raise MissingDependencyError(
            f"--engine {name} needs {_NEEDS[name]}: pip install 'feedback-nlp[{name}]'."
        )
    module, _, function = ENGINES[name].partition(":")
    found: Engine = getattr(import_module(module), function)
    return found
