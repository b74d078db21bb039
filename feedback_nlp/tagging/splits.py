"""Which labelled comments are for learning, for choosing and for the last test.

Decided by batch (one batch, one set of writers) and, where a small language has too few batches, by
industry inside a batch, in a file that is written before the comments are.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from feedback_nlp.errors import FileFormatError

SPLITS = ("train", "dev", "test")
SPLITS_FILE = "splits.toml"


def read_splits(path: str | Path) -> dict[str, str]:
    """Return which part each batch (``nl-03``, or ``de-02/bank``) belongs to.

    Raises:
        FileFormatError: The file cannot be read, has other keys than the three parts, or gives a
            batch to two of them.
    """
    path = Path(path)
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FileFormatError(f"Cannot read the splits {path}: {error}.") from error
    found: dict[str, str] = {}
    for split, batches in content.items():
        if split not in SPLITS or not isinstance(batches, list):
            raise FileFormatError(
                f"{path.name} has {split!r}; it takes lists named {', '.join(SPLITS)}."
            )
        for batch in batches:
            if batch in found:
                raise FileFormatError(
                    f"{path.name} gives {batch} to {found[batch]} and to {split}; keep one."
                )
            found[batch] = split
    return found


def split_of(splits: Mapping[str, str], comment_id: str, industry: str) -> str:
    """Return the part that a comment belongs to.

    Args:
        splits: What ``read_splits`` returned.
        comment_id: Its first two pieces are language and batch.
        industry: Decides where the batch is divided by industry.

    Raises:
        FileFormatError: The batch is in no part.

    Example:
        >>> split_of({"nl-03": "train", "de-02/bank": "dev"}, "de-02-017", "bank")
        'dev'
    """
    batch = comment_id.rsplit("-", 1)[0]
    found = splits.get(f"{batch}/{industry}") or splits.get(batch)
    if found is None:
        raise FileFormatError(
            f"Comment {comment_id} ({industry}) is in no part; add {batch!r} to {SPLITS_FILE}."
        )
    return found
