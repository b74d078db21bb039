"""How numbers are written, and text of strangers made safe to show."""

import math
import re
from collections.abc import Iterable, Sequence

MINUS = "−"
NONE = "–"
UNITS = {
    "points": "points",
    "percent": "percentage points",
    "rating": "rating points",
    "index": "points",
}
# Control characters, direction overrides and invisible signs; the joiner of emoji stays.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f"
    "\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_HYPHEN = re.compile(r"(?<![\w-])-(?=\d)")
_SPACE = re.compile(r"\s")
_SPACES = re.compile(r"\s+")


def points(value: float | None, unit: str = "points", *, signed: bool | None = None) -> str:
    """Return a score as it is written: points with a sign, shares with a percent sign.

    Args:
        value: The number; ``None`` or NaN is written as a dash.
        unit: ``points``, ``percent``, ``rating`` or ``index``.
        signed: Whether a plus is written; by default for ``points`` only.

    Example:
        >>> points(-18.94), points(72.5), points(81.25, "percent"), points(3.456, "rating")
        ('−18.9', '+72.5', '81.3%', '3.46')
    """
    if value is None or not math.isfinite(value):
        return NONE
    digits = 2 if unit in ("rating", "index") else 1
    rounded = round_half_up(value, digits)
    plus = "+" if (unit == "points" if signed is None else signed) and rounded > 0 else ""
    text = f"{plus}{rounded:.{digits}f}".replace("-", MINUS)
    return f"{text}%" if unit == "percent" else text


def lost(value: float | None, unit: str = "points") -> str:
    """Return a number of points without a sign: ``11.2``."""
    return points(value, unit if unit in ("rating", "index") else "points", signed=False)


def amount(value: float | None, unit: str = "points") -> str:
    """Return a difference between scores with its unit.

    Example:
        >>> amount(11.23), amount(-2.0, "percent"), amount(0.256, "rating")
        ('11.2 points', '−2.0 percentage points', '0.26 rating points')
    """
    return f"{lost(value, unit)} {UNITS[unit]}"


def share(value: float | None, digits: int = 0) -> str:
    """Return a share of 0–1 in percent.

    Example:
        >>> share(0.456), share(0.004), share(None)
        ('46%', '<1%', '–')
    """
    if value is None or not math.isfinite(value):
        return NONE
    percent = round_half_up(value * 100, digits)
    if value > 0 and percent == 0:
        return f"<{10**-digits:g}%"
    return f"{percent:.{digits}f}%"


def count(n: int) -> str:
    """Return a number of things with its thousands set apart: ``1,365``."""
    return f"{n:,}"


def counted(n: int, one: str, many: str = "") -> str:
    """Return a number and its noun.

    Example:
        >>> counted(1, "comment"), counted(2_000, "comment"), counted(0, "reply", "replies")
        ('1 comment', '2,000 comments', '0 replies')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def interval(low: float | None, high: float | None, unit: str = "points") -> str:
    """Return the ends of an interval: ``−22.4 to −15.3``."""
    return f"{points(low, unit)} to {points(high, unit)}"


def round_half_up(value: float, digits: int) -> float:
    """Round as people do; floats that stand a hair below a half count as the half.

    Example:
        >>> round_half_up(0.25, 1), round_half_up(-0.25, 1), round_half_up(-0.0, 1)
        (0.3, -0.3, 0.0)
    """
    factor = 10.0**digits
    rounded = math.floor(abs(value) * factor + 0.5 + 1e-9) / factor
    return math.copysign(rounded, value) if rounded else 0.0


def rounded_parts(
    values: Sequence[float], total: float, digits: int = 1, *, give: Sequence[int] = ()
) -> list[float]:
    """Round parts so that they add up to their rounded total.

    Each is rounded as usual; what is then missing or over is settled one last digit a part, first
    on the parts that may give, then on those nearest to the other side of their rounding.

    Args:
        values: The parts, none negative.
        total: What they add up to.
        digits: Digits after the point.
        give: Places of the parts that are settled on first.

    Example:
        >>> rounded_parts([0.333, 0.333, 0.334], 1.0)
        [0.3, 0.3, 0.4]
        >>> rounded_parts([0.333, 0.333, 0.334], 1.0, give=[0])
        [0.4, 0.3, 0.3]
    """
    factor = 10**digits
    units = [round(round_half_up(value, digits) * factor) for value in values]
    over = [unit - value * factor for unit, value in zip(units, values, strict=True)]
    missing = round(round_half_up(total, digits) * factor) - sum(units)
    sign = 1 if missing > 0 else -1
    order = sorted(range(len(units)), key=lambda at: (at not in give, over[at] * sign, at))
    able = [at for at in order if units[at] + sign >= 0]
    for turn in range(abs(missing) if able else 0):
        units[able[turn % len(able)]] += sign
    return [unit / factor for unit in units]


def joined(items: Iterable[str]) -> str:
    """Return items as they are listed in a sentence.

    Example:
        >>> joined(["price"]), joined(["price", "service", "stock"])
        ('price', 'price, service and stock')
    """
    *first, last = [*items] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def safe(text: str) -> str:
    r"""Return text without control characters, direction overrides and invisible signs.

    Example:
        >>> safe("a\u202eb\u200bc\x07 \n d")
        'abc d'
    """
    return _SPACES.sub(" ", _UNSAFE.sub("", text))


def visible(text: str) -> str:
    r"""Return text as ``safe`` does, but with one blank for each white space.

    What two texts give, put together, is what the text put together gives.

    Example:
        >>> visible("a\u202eb\u200bc\n d")
        'abc  d'
    """
    return _SPACE.sub(" ", _UNSAFE.sub("", text))


def blanked(text: str) -> str:
    r"""Return text of the same length, with a blank for each sign that ``safe`` would take away.

    Example:
        >>> blanked("a\u202eb\u200bc\nd")
        'a b c d'
    """
    return _SPACE.sub(" ", _UNSAFE.sub(" ", text))


def shortened(text: str, limit: int) -> str:
    """Return a text cut at a word, with an ellipsis where something is left out.

    Example:
        >>> shortened("the waiting time", 12), shortened("short", 12)
        ('the waiting…', 'short')
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit * 2 // 3 else cut).rstrip(" ,;:") + "…"


def first_upper(text: str) -> str:
    """Return a text that begins with a capital letter.

    Example:
        >>> first_upper("waiting time"), first_upper("WiFi"), first_upper("")
        ('Waiting time', 'WiFi', '')
    """
    return text[:1].upper() + text[1:]


def known(value: float) -> float | None:
    """Return a number, or nothing where it is missing.

    Example:
        >>> known(0.5), known(float("nan"))
        (0.5, None)
    """
    return None if math.isnan(value) else float(value)


def theme_name(theme: str, names: dict[str, str] | None = None) -> str:
    """Return how a theme is called: by the given names, else made from its id.

    Example:
        >>> theme_name("service.waiting_time"), theme_name("price", {"price": "Prijs"})
        ('Waiting time', 'Prijs')
    """
    if names and theme in names:
        return names[theme]
    return theme.rsplit(".", 1)[-1].replace("_", " ").capitalize()


def with_minus(text: str) -> str:
    """Return a sentence with true minus signs before its numbers, safe to show.

    Example:
        >>> with_minus("from -3.5 to 2-3")
        'from −3.5 to 2-3'
    """
    return _HYPHEN.sub(MINUS, safe(text))
