"""Reading the small files of a model: ours, or one of the Hugging Face library."""

import json
from pathlib import Path
from typing import Any

from feedback_nlp.errors import ModelError

_MAX_BYTES = 200_000_000  # of a JSON file


def read_json(path: Path, most: int = _MAX_BYTES) -> dict[str, Any]:
    """Return the object in a JSON file of a model.

    Args:
        path: The file.
        most: The most bytes that it may have.

    Raises:
        ModelError: It is not there, or holds no object.
    """
    found = read_any_json(path, most)
    if not isinstance(found, dict):
        raise ModelError(f"{path} holds no model: it must be an object.")
    return found


def read_any_json(path: Path, most: int = _MAX_BYTES) -> object:
    """Return what a JSON file of a model holds, an object or not.

    Args:
        path: The file.
        most: The most bytes that it may have.

    Raises:
        ModelError: It is not there, or is no JSON.
    """
    try:
        if path.stat().st_size > most:
            raise ModelError(f"{path} is no file of a model: it is over {most:,} bytes.")
        return json.loads(path.read_text(encoding="utf-8"))
    except ModelError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            f"No model in {path.parent}: {path.name} cannot be read ({error})."
        ) from None
