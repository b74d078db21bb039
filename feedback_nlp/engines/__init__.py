"""Tagging exports of any size: the same tagger wherever the rows are.

An engine is a function that takes an export and gives back its tagged parts. ``ENGINES`` names
them; each is imported when it is asked for, so that the command line starts fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedback_nlp.engines.tagged import Engine

ENGINES = {
    "local": "feedback_nlp.engines.local:tag_export",
    "spark": "feedback_nlp.engines.cluster:export_on_spark",
    "dask": "feedback_nlp.engines.cluster:export_on_dask",
}


def engine_of(name: str) -> "Engine":
    """Return the function that tags an export.

    Args:
        name: One of ``ENGINES``.

    Example:
        >>> engine_of("local").__name__
        'tag_export'
    """
    module, _, function = ENGINES[name].partition(":")
    found: Engine = getattr(import_module(module), function)
    return found
