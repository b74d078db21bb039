"""Scales whose points are words or pictures, such as very dissatisfied … very satisfied.

One TOML file a kind in ``data/answer_scales``: its grades in seven languages, and the scales made
of them. A scale says for each point which grades it may be; a language uses one of them.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from feedback_nlp.errors import RatingError, shorten_list
from feedback_nlp.exports.answer_keys import answer_key, exact_key
from feedback_nlp.patterns import spellings
from feedback_nlp.records import LANGUAGES
from feedback_nlp.resources import resource
from feedback_nlp.toml_lists import loads_toml

KINDS = (
    "satisfaction", "agreement", "quality", "ease", "likelihood", "effort", "frequency", "yes",
    "symbols",
)  # fmt: skip
# kinds that are ratings wherever the header says so; others are where the user does
RATED = ("satisfaction", "agreement", "quality", "ease", "effort", "symbol")
UNIVERSAL = "xx"
OWN = "own"
_SLOT = re.compile(r"\{([gb])\}")


@dataclass(frozen=True, slots=True)
class Label:
    """One way to say a point: its value, the words as written, its grade in each language."""

    value: int
    text: str
    grades: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerScale:
    """A scale in words.

    Attributes:
        id: Its name, such as ``satisfaction-5``.
        kind: What it is about, such as ``satisfaction``; ``own`` for the user's own labels.
        family: Scales of one kind and family differ in their number of points only.
        low: Value of the first point.
        high: Value of the last point.
        reversed: True when the lowest point is the best one.
        labels: Every label by its key.
        examples: The first label of each point, by language.
    """

    id: str
    kind: str
    low: int
    high: int
    labels: Mapping[str, Label]
    examples: Mapping[str, tuple[str, ...]]
    family: str = ""
    reversed: bool = False


@cache
def _keys(text: str) -> frozenset[str]:
    """Return what a label is looked up by, also as it is spelt without its diacritics."""
    return frozenset(answer_key(form) for form in spellings(text.lower()))


@dataclass(slots=True)
class _Builder:
    """The labels of a scale, gathered point by point."""

    id: str
    labels: dict[str, Label] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, value: int, grade: str, language: str, text: str) -> None:
        for key in _keys(text):
            known = self.labels.get(key)
            if not key or (known is not None and known.value != value):
                point = f"points {known.value} and {value}" if known else f"point {value}"
                raise RatingError(
                    f"The scale {self.id!r} cannot be used: {text!r} stands at {point}. Every "
                    "label needs words, and one point."
                )
            if known is None:
                self.labels[key] = Label(value, text, {language: grade})
            else:
                known.grades.setdefault(language, grade)


@cache
def load_answer_scales() -> tuple[AnswerScale, ...]:
    """Return all scales in words that the package knows, the plainest of each kind first.

    Raises:
        RatingError: A file gives one label two points of a scale.

    Example:
        >>> scale = load_answer_scales()[0]
        >>> scale.id, scale.labels["tres satisfait"].value, scale.examples["en"][0]
        ('satisfaction-5', 5, 'very dissatisfied')
    """
    return tuple(scale for kind in KINDS for scale in _read_kind(kind))


def _read_kind(name: str) -> list[AnswerScale]:
    content = loads_toml(resource("answer_scales", f"{name}.toml").read_text("utf-8"))
    words = {
        language: {grade: list(_expand(forms, table)) for grade, forms in table.items()}
        for language, table in content["words"].items()
    }
    return [_build(content, entry, words) for entry in content["scale"]]


def _expand(forms: Iterable[str], table: Mapping[str, list[str]]) -> Iterable[str]:
    """Return labels with every ending put in for ``{g}`` (good) and ``{b}`` (bad)."""
    for form in forms:
        slots = list(dict.fromkeys(_SLOT.findall(form)))
        for chosen in itertools.product(*(table[slot] for slot in slots)):
            text = form
            for slot, word in zip(slots, chosen, strict=True):
                text = text.replace(f"{{{slot}}}", word)
            yield text


def _build(
    content: Mapping[str, Any], entry: Mapping[str, Any], words: Mapping[str, dict[str, list[str]]]
) -> AnswerScale:
    low = int(entry.get("low", 1))
    made = _Builder(entry["id"])
    for language, table in words.items():
        for value, grades in enumerate(entry["points"], low):
            for grade in grades:
                for text in table.get(grade, ()):
                    made.add(value, grade, language, text)
            shown = [text for grade in grades for text in table.get(grade, ())[:1]]
            made.examples.setdefault(language, []).extend(shown[:1])
    return AnswerScale(
        id=entry["id"],
        kind=content["kind"],
        family=entry.get("family", ""),
        low=low,
        high=low + len(entry["points"]) - 1,
        reversed=content.get("good") == "low",
        labels=made.labels,
        examples={
            language: tuple(made.examples[language])
            for language in (*LANGUAGES, UNIVERSAL)
            if len(made.examples.get(language, ())) == len(entry["points"])
        },
    )


def answer_scale(name: str) -> AnswerScale | None:
    """Return the scale of a name, if there is one.

    Example:
        >>> answer_scale("yes-no").high, answer_scale("satisfaction-12")
        (1, None)
    """
    return next((scale for scale in load_answer_scales() if scale.id == name), None)


def own_scale(labels: Sequence[str], metric: str) -> AnswerScale:
    """Return a scale of the user's own labels, worst to best, with the values 1, 2 and so on.

    Raises:
        RatingError: There are fewer than two labels, or two that are the same.

    Example:
        >>> own_scale(["Poor", "Fair", "Good", "Excellent"], "csat").labels["good"].value
        3
    """
    texts = [" ".join(str(label).split()) for label in labels]
    if len(texts) < 2:
        raise RatingError(
            f"A scale of labels for {metric!r} needs at least two, worst to best, such as "
            f"--scale {metric}='Poor|Fair|Good'; not {shorten_list(map(repr, texts))}."
        )
    exact = {exact_key(text): Label(value, text, {OWN: OWN}) for value, text in enumerate(texts, 1)}
    loose: dict[str, set[int]] = {}
    for value, text in enumerate(texts, 1):
        for key in _keys(text):
            loose.setdefault(key, set()).add(value)
    if len(exact) < len(texts) or not all(exact):
        raise RatingError(
            f"The labels of {metric!r} must differ, and none may be blank: {', '.join(texts)}."
        )
    plain = {
        key: Label(next(iter(values)), texts[next(iter(values)) - 1], {OWN: OWN})
        for key, values in loose.items()
        if key and len(values) == 1
    }
    return AnswerScale(
        id="|".join(texts), kind=OWN, low=1, high=len(texts), labels=plain | exact,
        examples={OWN: tuple(texts)},
    )  # fmt: skip


@cache
def no_answers() -> Mapping[str, str]:
    """Return the reason behind each way of not answering, by key.

    Example:
        >>> no_answers()["weet niet"], no_answers()["keine angabe"]
        ("don't know", 'no answer')
    """
    content = loads_toml(resource("answer_scales", "no_answer.toml").read_text("utf-8"))
    tables = [content["symbols"], *content["reasons"].values()]
    return {
        key: reason
        for table in tables
        for reason, texts in table.items()
        for text in texts
        for key in _keys(text)
    }
