"""The shape of a cloud: the dark or opaque part of an image of the user's own."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FileFormatError

if TYPE_CHECKING:
    from PIL.Image import Image

Shape = NDArray[np.bool_]
MOST_BYTES = 20_000_000
MOST_PIXELS = 40_000_000
LEAST_SIDE = 100
_DARK = 128
_LEAST_FILLED, _MOST_FILLED = 0.02, 0.99


def read_mask(path: str | Path, size: tuple[int, int]) -> Shape:
    """Return which pixels of a picture may have words, from an image.

    Where the image has transparent parts, its opaque part is filled, else its dark part. The image
    is made as large as fits, in the middle, and keeps its proportions.

    Args:
        path: A PNG or JPEG file of at most 20 MB and 40 million pixels, 100 pixels or more a side.
        size: Width and height of the picture.

    Returns:
        Height × width, True where words may stand.

    Raises:
        FileFormatError: No file, no image, or one without a shape in it.
    """
    from PIL import Image

    filled = _filled(_opened(Path(path)), path)
    width, height = size
    factor = min(width / filled.shape[1], height / filled.shape[0])
    own = [max(1, int(side * factor)) for side in reversed(filled.shape)]
    fitted = Image.fromarray(filled.astype(np.uint8) * 255).resize((own[0], own[1]))
    left, top = (width - own[0]) // 2, (height - own[1]) // 2
    shape = np.zeros((height, width), dtype=bool)
    shape[top : top + own[1], left : left + own[0]] = np.asarray(fitted) >= _DARK
    return shape


def _opened(path: Path) -> "Image":
    """Return the image of a file, read whole."""
    from PIL import Image, UnidentifiedImageError

    if not path.is_file():
        raise FileFormatError(f"No mask {path}: there is no such file. Give a PNG or JPEG image.")
    if path.stat().st_size > MOST_BYTES:
        raise FileFormatError(
            f"The mask {path} has {path.stat().st_size / 1e6:.0f} MB; take an image of at most "
            f"{MOST_BYTES / 1e6:.0f} MB."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is checked next
            image = Image.open(path, formats=("PNG", "JPEG"))
        if image.width * image.height > MOST_PIXELS:
            raise FileFormatError(
                f"The mask {path} is {image.width:,} × {image.height:,} pixels; take an image of "
                f"at most {MOST_PIXELS / 1e6:.0f} million."
            )
        if min(image.size) < LEAST_SIDE:
            raise FileFormatError(
                f"The mask {path} is {image.width} × {image.height} pixels; take one of "
                f"{LEAST_SIDE} or more a side."
            )
        return image.convert("RGBA")
    except Image.DecompressionBombError as error:
        raise FileFormatError(
            f"The mask {path} has too many pixels; take an image of at most "
            f"{MOST_PIXELS / 1e6:.0f} million."
        ) from error
    except UnidentifiedImageError as error:
        raise FileFormatError(
            f"The mask {path} cannot be read as an image; give a PNG or JPEG file."
        ) from error
    except FileFormatError:
        raise
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises on broken files
        raise FileFormatError(
            f"The mask {path} is broken or cut short; save the image anew as PNG."
        ) from error


def _filled(image: "Image", path: str | Path) -> Shape:
    """Return the opaque part of an image, or its dark part where all of it is opaque."""
    from PIL import Image

    opacity = np.asarray(image.getchannel("A"))
    if opacity.min() < _DARK:
        filled, rest = opacity >= _DARK, "transparent"
    else:
        paper = Image.new("RGBA", image.size, "white")
        grey = Image.alpha_composite(paper, image).convert("L")
        filled, rest = np.asarray(grey) < _DARK, "white"
    if not _LEAST_FILLED <= filled.mean() <= _MOST_FILLED:
        raise FileFormatError(
            f"The mask {path} has no shape in it: {filled.mean():.0%} of it is filled. Take a dark "
            f"shape on {rest if rest == 'white' else 'nothing (transparent)'}."
        )
    return np.asarray(filled, dtype=bool)
