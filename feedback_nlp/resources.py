"""Where the files that travel with the package are: in the wheel, or in a checkout.

A wheel carries folders of ``data``, and ``models``, in ``feedback_nlp/shipped``; a checkout has
them in its root.
"""

from functools import cache
from pathlib import Path

from feedback_nlp.errors import FileFormatError

_PACKAGE = Path(__file__).parent


@cache
def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder.

    Args:
        parts: Folder and file name, such as ``"taxonomies", "default.toml"``.

    Raises:
        FileFormatError: The file is not there, so the installation is broken.

    Example:
        >>> resource("taxonomies", "default.toml").name
        'default.toml'
    """
    for root in (_PACKAGE / "shipped", _PACKAGE.parent / "data", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileFormatError(
        f"The file {'/'.join(parts)} of feedback_nlp is not there. "
        "Install the package again: pip install --force-reinstall feedback-nlp"
    )
