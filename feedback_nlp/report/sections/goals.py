"""How the score stands to what counts as good, and who says so."""

import re

from feedback_nlp.report.blocks import Cell, Head, Table
from feedback_nlp.report.source import Source
from feedback_nlp.scores import Judgement, Target, judge, load_targets
from feedback_nlp.scores.benchmarks import MOST_MORE
from feedback_nlp.showing import safe
from feedback_nlp.wordings import Wording

_HEADS = ("target", "bound", "verdict", "source")
_ADDRESS = re.compile(r"\b((?:[\w-]+\.)+[a-z]{2,})(?:/\S*)?", re.IGNORECASE)


def judgements(source: Source) -> tuple[Judgement, ...]:
    """Return what the score says of each target for its metric and method."""
    score = source.score
    return tuple(
        judge(score, target)
        for target in source.targets
        if (target.metric, target.method) == (score.metric, score.method)
    )


def mark(source: Source) -> float | None:
    """Return the bound of the first target, that nearest to the score where it has two."""
    found = judgements(source)
    if not found:
        return None
    bounds = (found[0].target.at_least, found[0].target.at_most)
    return min(
        (bound for bound in bounds if bound is not None),
        key=lambda bound: abs(bound - source.score.value),
    )


def sentence(source: Source) -> str:
    """Return whether the first target is met, who states it, and what it is not; "" without one."""
    found = judgements(source)
    if not found:
        return ""
    said, target = source.said, found[0].target
    named = said.say("target.named", name=name(target, said), bound=bound(target, said))
    parts = [f"{named} {verdict(found[0], said)}"]
    if target.per:
        parts.append(said.say("target.per", per=_period(target.per, said)))
    parts.append(said.say("target.stated", source=who_states(target, said)))
    if _shipped(target):
        parts.append(said.say("target.convention"))
    return " ".join(parts)


def table(source: Source) -> Table | None:
    """Return every target for the score with its verdict, if there are any."""
    said, found = source.said, judgements(source)
    if not found:
        return None
    more = any(one.n_more is not None for one in found)
    heads = [Head(text=said.say(f"target.head_{x}"), kind="text") for x in _HEADS]
    if more:
        heads.insert(3, Head(text=said.say("target.head_more")))
    return Table(
        title=said.say("target.title"),
        caption=said.say("target.caption", score=source.name),
        heads=tuple(heads),
        rows=tuple(_row(one, said, more=more) for one in found),
        note=said.say("target.convention") if any(_shipped(one.target) for one in found) else "",
    )


def _row(found: Judgement, said: Wording, *, more: bool) -> tuple[Cell, ...]:
    outcome = "open" if found.met is None else "met" if found.met else "not_met"
    needed = (Cell(text=_needed(found, said), value=found.n_more),) if more else ()
    return (
        Cell(text=name(found.target, said)),
        Cell(text=bound(found.target, said)),
        Cell(text=said.say(f"target.cell_{outcome}")),
        *needed,
        Cell(text=who_states(found.target, said)),
    )


def name(target: Target, said: Wording) -> str:
    """Return how a target is called: those that come with the package have a name in each language.

    Example:
        >>> from feedback_nlp.wordings import wording_in
        >>> name(load_targets()[0], wording_in("nl"))
        'uitstekend'
    """
    key = f"target_name.{target.name.replace(' ', '_')}"
    return said.say(key) if _shipped(target) and key in said.texts else safe(target.name)


def bound(target: Target, said: Wording) -> str:
    """Return the bounds of a target in words.

    Example:
        >>> from feedback_nlp.wordings import wording_in
        >>> bound(load_targets()[0], wording_in("nl"))
        'minstens +50'
    """
    least, most = target.at_least, target.at_most
    low = "" if least is None else said.maximum(least, target.unit)
    high = "" if most is None else said.maximum(most, target.unit)
    key = "between" if low and high else "at_least" if low else "at_most"
    return said.say(f"target.{key}", low=low, high=high)


def verdict(found: Judgement, said: Wording) -> str:
    """Return whether a target is met, and if that cannot be told, how many answers would tell."""
    if found.verdict != "cannot_tell":
        met = "met" if found.met else "not_met"
        return said.say(f"target.{met}_{found.verdict}")
    if found.n_more is None:
        return said.say("target.open_equal")
    if found.n_more >= MOST_MORE:
        return said.say("target.open_many", MOST_MORE)
    return said.say("target.open", _rough(found.n_more))


def who_states(target: Target, said: Wording) -> str:
    """Return who states a target: of those that come with the package, the sites."""
    if not _shipped(target):
        return safe(target.source) or said.say("target.no_source")
    sites = dict.fromkeys(_ADDRESS.findall(target.source))
    return said.listed(sites) if sites else said.say("target.practice")


def _shipped(target: Target) -> bool:
    """Tell whether a target comes with the package: a convention, not what somebody set out for."""
    return target in load_targets()


def _needed(found: Judgement, said: Wording) -> str:
    if found.n_more is None:
        return ""
    if found.n_more >= MOST_MORE:
        return f">{said.count(MOST_MORE)}"
    return said.count(_rough(found.n_more))


def _rough(n: int) -> int:
    """Return a number with two digits that count, rounded up: more would say too much."""
    step = int(10 ** max(len(str(n)) - 2, 0))
    return -(-n // step) * step


def _period(per: str, said: Wording) -> str:
    key = f"period.{per}"
    return said.say(key) if key in said.texts else safe(per)
