"""Targets: what counts as good, and who says so.

Sources differ, so each band carries its source. The bands that come with the package are in
``data/targets/default.toml``; your own file has the same form.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any, Self

from feedback_nlp.errors import FileFormatError, shorten_list
from feedback_nlp.records import figure
from feedback_nlp.resources import resource
from feedback_nlp.scores.definitions import METHODS, define

_KEYS = ("metric", "method", "name", "at_least", "at_most", "unit", "per", "source")
_LIMITS = {"points": (-100.0, 100.0), "percent": (0.0, 100.0)}
_UNITS = ("points", "percent", "rating", "index")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One band: what somebody calls good, bad or usual.

    Attributes:
        metric: Which score, such as ``csat``.
        method: Which definition of it; the band says nothing of the others.
        name: What the band is called, such as ``good``.
        at_least: Its lower bound; ``None`` where there is none.
        at_most: Its upper bound; ``None`` where there is none.
        unit: As that of the score.
        source: Who states it.
        per: The time that the score must be of, such as ``year``; blank where it does not matter.

    Example:
        >>> Target(metric="csat", method="top2", name="usual", at_least=75, at_most=85,
        ...        unit="percent", source="us").bound
        '75.0% to 85.0%'
    """

    metric: str
    method: str
    name: str
    at_least: float | None = None
    at_most: float | None = None
    unit: str = "percent"
    source: str = ""
    per: str = ""

    @property
    def bound(self) -> str:
        """The bounds in words."""
        if self.at_least is not None and self.at_most is not None:
            return f"{figure(self.at_least, self.unit)} to {figure(self.at_most, self.unit)}"
        if self.at_least is not None:
            return f"at least {figure(self.at_least, self.unit)}"
        return "no bound" if self.at_most is None else f"at most {figure(self.at_most, self.unit)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build a target from what ``to_dict`` returned."""
        return cls(**values)


def load_targets(path: str | Path | None = None) -> tuple[Target, ...]:
    """Read a file of targets and check it.

    Args:
        path: A TOML file of ``[[target]]`` entries with ``metric``, ``name``, ``at_least`` or
            ``at_most`` or both, and ``source``; ``method`` if it is not the metric's usual one,
            ``unit`` for a metric that is not NPS, CSAT or CES; ``per`` where the score must be of a
            year, a month and so on. Without a path, the bands that come
            with the package.

    Raises:
        FileFormatError: The file cannot be read, or an entry is incomplete or wrong; the message
            names the file, the entry and what is wanted.

    Example:
        >>> [target.bound for target in load_targets() if target.metric == "nps"]
        ['at least +50.0']
    """
    file = resource("targets", "default.toml") if path is None else Path(path)
    try:
        content = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or "not readable"
        raise FileFormatError(f"Cannot read the targets {file}: {reason}.") from error
    except (ValueError, RecursionError) as error:
        raise FileFormatError(f"{file.name} is not a TOML file in UTF-8: {error}.") from error
    _check_keys(content, ("target",), file.name)
    rows = content.get("target")
    if not isinstance(rows, list) or not rows:
        raise FileFormatError(
            f"{file.name} has no [[target]]; it needs at least one, with metric, name, at_least or "
            "at_most, and source."
        )
    return tuple(_target(row, f"{file.name}, target {i}") for i, row in enumerate(rows, start=1))


def _target(row: object, where: str) -> Target:
    if not isinstance(row, dict):
        raise FileFormatError(f"{where} is {row!r}, not a table; write it as [[target]].")
    _check_keys(row, _KEYS, where)
    metric, name, source = (_text(row, key, where) for key in ("metric", "name", "source"))
    method = _text(row, "method", where) if "method" in row else METHODS.get(metric, ("",))[0]
    if not method:
        raise FileFormatError(f"{where} has no method; say which definition of {metric!r}.")
    if metric in METHODS and method not in METHODS[metric]:
        raise FileFormatError(
            f"{where} has the method {method!r} of {metric}.{_hint(method, METHODS[metric])} "
            f"It takes: {shorten_list(METHODS[metric])}."
        )
    unit = _unit(row, metric, method, where)
    bounds = {key: _bound(row, key, unit, where) for key in ("at_least", "at_most")}
    low, high = bounds["at_least"], bounds["at_most"]
    if low is None and high is None:
        raise FileFormatError(f"{where} has no bound; give at_least, at_most, or both.")
    if low is not None and high is not None and low >= high:
        raise FileFormatError(
            f"{where} has at_least {low:g} and at_most {high:g}; at_least must be the smaller one."
        )
    per = _text(row, "per", where) if "per" in row else ""
    return Target(
        metric=metric, method=method, name=name, unit=unit, source=source, per=per, **bounds
    )


def _check_keys(row: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    odd = [key for key in row if key not in known]
    if odd:
        raise FileFormatError(
            f"{where} has the unknown key {odd[0]!r}.{_hint(odd[0], known)} "
            f"It takes: {shorten_list(known)}."
        )


def _hint(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name.lower(), list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        found = f"has no {key}" if key not in row else f"has {key} = {value!r}"
        raise FileFormatError(f'{where} {found}; give it as a text, such as {key} = "…".')
    return value.strip()


def _unit(row: Mapping[str, Any], metric: str, method: str, where: str) -> str:
    own = define(metric, method).unit if metric in METHODS else None
    unit = _text(row, "unit", where) if "unit" in row else (own or "percent")
    if unit not in _UNITS or (own and unit != own):
        wanted = own or ", ".join(_UNITS)
        raise FileFormatError(f"{where} has the unit {unit!r}; {metric} by {method} is: {wanted}.")
    return unit


def _bound(row: Mapping[str, Any], key: str, unit: str, where: str) -> float | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise FileFormatError(f"{where} has {key} = {value!r}; it takes a number.")
    low, high = _LIMITS.get(unit, (float("-inf"), float("inf")))
    if not low <= value <= high:
        raise FileFormatError(
            f"{where} has {key} = {value:g}; in {unit} it lies between {low:g} and {high:g}."
        )
    return float(value)
