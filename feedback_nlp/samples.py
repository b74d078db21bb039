"""A sample export of an invented retailer, with drivers planted in it that an analysis should find.

Nordhus sells for the home in shops, in a web shop and in an app, in seven countries. The comments
in ``data/samples`` were written by us, each with the themes it blames or praises; this module draws
from them with a seed. Only ``random()`` is used, so a seed gives the same bytes on every machine.
"""

import tomllib
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import TypeVar

import pandas as pd

from feedback_nlp.errors import FeedbackError
from feedback_nlp.resources import resource

Item = TypeVar("Item")
Key = tuple[str, str]  # theme, polarity

RATING_QUESTION = "How likely are you to recommend Nordhus to a friend or colleague? (0-10)"
TEXT_QUESTION = "Why did you give that score?"
COLUMNS = (
    "Response ID", "Date", "Country", "Channel", "Customer type", RATING_QUESTION, TEXT_QUESTION,
)  # fmt: skip

GROUPS = {"detractor": (0, 6), "passive": (7, 8), "promoter": (9, 10)}
COUNTRIES = {
    "Netherlands": ("nl", 0.17), "Germany": ("de", 0.16), "United Kingdom": ("en", 0.15),
    "Norway": ("nb", 0.15), "France": ("fr", 0.13), "Spain": ("es", 0.12), "Latvia": ("lv", 0.12),
}  # fmt: skip
CHANNELS = {"Web shop": 0.42, "Shop": 0.33, "App": 0.25}
CUSTOMER_TYPES = {"New": 0.3, "Returning": 0.5, "Club member": 0.2}

# Shares of detractors, passives, promoters; the app release stands in for the app while it lasts.
GROUP_SHARES = {
    "Web shop": (0.36, 0.28, 0.36), "Shop": (0.19, 0.27, 0.54), "App": (0.22, 0.28, 0.50),
    "App release": (0.54, 0.28, 0.18),
}  # fmt: skip
COUNTRY_SHIFT = {"Germany": 0.08, "Spain": 0.04, "Norway": -0.08, "Netherlands": -0.04}
RELEASE = (date(2025, 5, 12), date(2025, 8, 31))
APP_BLAMED: Key = ("usability.website_app", "negative")

# What a comment is about, before the channel has its say; the rest is any comment that fits.
THEMES: Mapping[str, Mapping[Key, float]] = {
    "detractor": {
        ("delivery.speed", "negative"): 0.40, ("service.reachability", "negative"): 0.18,
        ("payment.refunds", "negative"): 0.05, ("delivery.returns", "negative"): 0.05,
        ("quality.reliability", "negative"): 0.05, ("quality.product", "negative"): 0.05,
        APP_BLAMED: 0.04,
    },
    "passive": {
        ("price", "negative"): 0.20, ("price.level", "negative"): 0.20,
        ("price.value_for_money", "negative"): 0.05, ("delivery.speed", "negative"): 0.05,
        APP_BLAMED: 0.03,
    },
    "promoter": {
        ("service.friendliness", "positive"): 0.25, ("quality.product", "positive"): 0.23,
        ("service.expertise", "positive"): 0.12, ("general", "positive"): 0.12,
    },
}  # fmt: skip
CHANNEL_FACTORS: Mapping[str, Mapping[str, float]] = {
    "Shop": {"delivery": 0.6, "usability": 0.1},
    "Web shop": {"usability": 0.8},
    "App": {"usability": 1.2},
    "App release": {"usability": 45.0},
}
BLANK = {"detractor": 0.10, "passive": 0.19, "promoter": 0.17}
NOTHING, NO_RATING, IN_ENGLISH, TYPO, EMOJI, LOWER = 0.04, 0.02, 0.04, 0.07, 0.06, 0.06

NOTHING_ANSWERS = {
    "nl": ("n.v.t.", "geen", "niets", "-"), "en": ("n/a", "nothing", "none", "no comment"),
    "nb": ("ingen", "vet ikke", "ikke noe", "."), "lv": ("nav", "nekas", "n/a", "-"),
    "de": ("keine", "nichts", "k.A.", "-"), "fr": ("rien", "aucun", "RAS", "sans avis"),
    "es": ("nada", "ninguno", "n/a", "sin comentarios"),
}  # fmt: skip
EMOJIS = {"detractor": "😡😠👎😤", "passive": "🤔😐🙂", "promoter": "😀👍😍🎉"}


@dataclass(frozen=True, slots=True)
class _Comment:
    text: str
    themes: tuple[Key, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class _Response:
    cells: tuple[object, ...]
    themes: tuple[Key, ...]


def make_sample(n: int = 600, seed: int = 0) -> pd.DataFrame:
    """Return a raw export of a recommendation survey, as a survey tool would give it.

    What is planted, and should be found again:

    * ``delivery.speed`` is what most detractors blame (40 % of their comments before the channel),
      ``service.reachability`` comes second (18 %). Delivery is blamed less in the shops.
    * An app release on 12 May 2025 drives app users away until the end of August: detractors go
      from 22 % to 54 % of them, and ``usability.website_app`` is what most of them blame.
    * Price is blamed mostly by passives (45 % of their comments, at least).
    * Promoters praise ``service.friendliness`` (25 %), ``quality.product`` (23 %) and
      ``service.expertise`` (12 %).
    * Web shop customers are less happy than shop customers, Germany less than Norway.

    About 15 % of the comments are blank and 4 % say nothing ("n/a", "geen"); 2 % of the ratings are
    missing; some comments have typing errors, emoji or no capitals, some short ones occur more
    than once, and a few customers abroad write English.

    Ratings and words are drawn together here, to look like a file as it comes. For respondents
    whose reasons have effects of known size, see ``make_planted_sample``.

    Args:
        n: Number of responses, 0 or more.
        seed: Same seed, same export, on every machine.

    Returns:
        A frame with the columns ``COLUMNS``: dates as ISO text over the year 2025, ratings 0–10.

    Raises:
        FeedbackError: ``n`` is negative.

    Example:
        >>> sample = make_sample(50, seed=1)
        >>> len(sample), sample["Country"].nunique()
        (50, 7)
        >>> sample.equals(make_sample(50, seed=1))
        True
    """
    rows = [response.cells for response in _responses(n, seed)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = {name: "str" for name in COLUMNS} | {RATING_QUESTION: "Int64"}
    return frame.astype(kinds)


def sample_truth(n: int = 600, seed: int = 0) -> pd.DataFrame:
    """Return what the comments of ``make_sample(n, seed)`` are about, as their authors noted it.

    Args:
        n: Number of responses, as given to ``make_sample``.
        seed: Seed, as given to ``make_sample``.

    Returns:
        ``Response ID``, ``theme``, ``polarity``: a row for each theme of a comment that was kept.

    Raises:
        FeedbackError: ``n`` is negative.

    Example:
        >>> list(sample_truth(50, seed=1).columns)
        ['Response ID', 'theme', 'polarity']
    """
    found = [(r.cells[0], *key) for r in _responses(n, seed) for key in r.themes]
    return pd.DataFrame(found, columns=["Response ID", "theme", "polarity"]).astype("str")


def _responses(n: int, seed: int) -> list[_Response]:
    if n < 0:
        raise FeedbackError(f"A sample of {n} responses cannot be made; give a number from 0 up.")
    rng = Random(seed)
    days = sorted(_day(rng) for _ in range(n))
    used: Counter[str] = Counter()
    return [_response(rng, f"R{10001 + i}", day, used) for i, day in enumerate(days)]


def _day(rng: Random) -> date:
    """Draw a day of 2025; the last two months are twice as busy."""
    day = date(2025, 1, 1) + timedelta(days=int(rng.random() * 426))
    return day if day.year == 2025 else day - timedelta(days=61)


def _response(rng: Random, name: str, day: date, used: Counter[str]) -> _Response:
    country = _draw(rng, {k: weight for k, (_, weight) in COUNTRIES.items()})
    channel = _draw(rng, CHANNELS)
    customer = _draw(rng, CUSTOMER_TYPES)
    season = "App release" if channel == "App" and RELEASE[0] <= day <= RELEASE[1] else channel
    group = _group(rng, country, season)
    language = "en" if rng.random() < IN_ENGLISH else COUNTRIES[country][0]
    low, high = GROUPS[group]
    kind = rng.random()
    text = ""
    themes: tuple[Key, ...] = ()
    if kind < BLANK[group]:
        pass
    elif kind < BLANK[group] + NOTHING:
        text = _pick(rng, NOTHING_ANSWERS[language])
    else:
        comment = _comment(rng, language, group, season, used)
        low, high = max(low, comment.low), min(high, comment.high)
        text, themes = _typed(rng, comment.text, group), comment.themes
    rating = low + int(rng.random() * (high - low + 1))
    given = pd.NA if rng.random() < NO_RATING else rating
    return _Response((name, day.isoformat(), country, channel, customer, given, text), themes)


def _group(rng: Random, country: str, season: str) -> str:
    detractors, passives, promoters = GROUP_SHARES[season]
    shift = COUNTRY_SHIFT.get(country, 0.0)
    shares = (detractors + shift, passives, promoters - shift)
    return _draw(rng, dict(zip(GROUPS, shares, strict=True)))


def _comment(rng: Random, language: str, group: str, season: str, used: Counter[str]) -> _Comment:
    """Draw a comment that fits the group and the theme that is drawn first.

    Comments that were used are drawn again last, long ones after short ones.
    """
    low, high = GROUPS[group]
    fitting = [c for c in _comments(language) if c.low <= high and c.high >= low]
    factors = CHANNEL_FACTORS.get(season, {})
    planted = THEMES[group]
    weights: dict[Key, float] = {
        key: share * factors.get(key[0].partition(".")[0], 1.0) for key, share in planted.items()
    }
    weights["", ""] = 1 - sum(planted.values())
    key = _draw(rng, weights)
    other = [c for c in fitting if APP_BLAMED not in c.themes]
    about = [c for c in fitting if key in c.themes] or other
    costs = [used[c.text] * len(c.text) for c in about]
    chosen = _pick(rng, [c for c, cost in zip(about, costs, strict=True) if cost == min(costs)])
    used[chosen.text] += 1
    return chosen


def _typed(rng: Random, text: str, group: str) -> str:
    """Return the text as some type it: a typing error, no capitals, an emoji at the end."""
    if rng.random() < TYPO and len(text) > 12:
        text = _with_typo(rng, text)
    if rng.random() < LOWER:
        text = text.lower().rstrip(".")
    if rng.random() < EMOJI:
        text = f"{text} {_pick(rng, EMOJIS[group])}"
    return text


def _with_typo(rng: Random, text: str) -> str:
    """Swap, drop or double a letter inside a word; digits and signs stay."""
    inside = [i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isalpha()]
    if not inside:
        return text
    i = _pick(rng, inside)
    kinds = (text[i + 1] + text[i], text[i + 1], text[i] + text[i] + text[i + 1])
    return text[:i] + _pick(rng, kinds) + text[i + 2 :]


@cache
def _comments(language: str) -> tuple[_Comment, ...]:
    listed = tomllib.loads(resource("samples", f"{language}.toml").read_text("utf-8"))["comment"]
    return tuple(
        _Comment(item["text"], tuple(item["themes"].items()), *item["rating"]) for item in listed
    )


def _draw(rng: Random, weights: Mapping[Item, float]) -> Item:
    """Draw a key of a mapping by its weight."""
    keys = list(weights)
    ends = list(accumulate(weights.values()))
    return keys[min(bisect(ends, rng.random() * ends[-1]), len(keys) - 1)]


def _pick(rng: Random, items: Iterable[Item]) -> Item:
    """Draw one of several items, all as likely."""
    listed = list(items)
    return listed[int(rng.random() * len(listed))]
