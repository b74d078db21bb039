"""The export, read once from the beginning to the end, in parts of bounded size."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from feedback_nlp.exports.comments import read_comments
from feedback_nlp.schema import INFO, Notes, info

PART_ROWS = 20_000


class Parts:
    r"""The parts of an export, in order, and what is noted of the whole.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "answers.csv"
        ...     _ = path.write_text("nps,Why?\n9,Fast\n0,Too expensive\n3,Rude staff\n")
        ...     parts = Parts([str(path)], {}, part_rows=2)
        ...     [len(part) for part in parts]
        [2, 1]
    """

    def __init__(
        self, sources: Sequence[str], reading: Mapping[str, Any], *, part_rows: int = PART_ROWS
    ) -> None:
        """Open the export.

        Args:
            sources: Files, or ``-`` for standard input.
            reading: Options of ``read_comments``, by name.
            part_rows: Rows of the export in a part.

        Raises:
            FeedbackError: As for ``read_comments``.
        """
        self._comments = read_comments(list(sources) if len(sources) > 1 else sources[0], **reading)
        per_row = info(self._comments).get("comments", {}).get("per_row", 1)
        self._step = part_rows * int(per_row)

    @property
    def notes(self) -> dict[str, Any]:
        """What the reader noted about the whole export; complete after the last part."""
        return info(self._comments)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        for at in range(0, max(1, len(self._comments)), self._step):
            yield self._comments.iloc[at : at + self._step]


def with_notes(comments: pd.DataFrame, notes: Mapping[str, Any]) -> pd.DataFrame:
    """Return comments that carry these notes."""
    out = comments.copy(deep=False)
    out.attrs = {INFO: Notes(notes)}
    return out
