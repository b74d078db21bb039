"""Changes put into words, in any of the report languages: scores, themes, and what rises."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from feedback_nlp.wordings import Wording

CLEAR = 0.05  # q up to which something is said to have moved
_MOST = 5
Named = Callable[[str], str]


def as_it_is(name: str) -> str:
    """Return a name unchanged: what themes and periods are called where nobody renames them."""
    return name


def score_sentence(notes: Mapping[str, Any], said: Wording, side_of: Named = as_it_is) -> str:
    """Return both scores, their difference with its interval, and whether it may be chance.

    Args:
        notes: ``metric``, ``unit``, ``confidence``, ``sides`` (what the two are called), and
            ``score_…`` and ``n_…`` of both, ``change``, ``change_low`` and ``change_high``.
        said: The language.
        side_of: Gives what a side is called from its name in the notes.
    """
    unit = notes["unit"]
    ends = said.signed_span(notes["change_low"], notes["change_high"], unit)
    clear = notes["change_low"] > 0 or notes["change_high"] < 0
    before, after = notes["sides"]["before"], notes["sides"]["after"]
    return said.say(
        "change.score" if clear else "change.score_maybe", score=notes["metric"].upper(),
        before=said.figure(notes["score_before"], unit), before_name=side_of(before),
        n_before=said.say("people.plain", notes["n_before"]),
        after=said.figure(notes["score_after"], unit), after_name=side_of(after),
        n_after=said.say("people.plain", notes["n_after"]),
        change=said.signed(notes["change"], unit),
        interval=said.say("change.interval", level=said.percent(notes["confidence"]), ends=ends),
    )  # fmt: skip


def why_sentence(why: str, said: Wording, *, min_n: int = 0, themes: int = 0) -> str:
    """Return why no theme could be tested.

    Args:
        why: Name of the reason, such as ``silent``.
        said: The language.
        min_n: How many must mention a theme.
        themes: How many themes there are.
    """
    return said.say("change.untested", why=why_words(why, said, min_n=min_n, themes=themes))


def why_words(why: str, said: Wording, *, min_n: int = 0, themes: int = 0) -> str:
    """Return a reason by itself, as ``why_sentence`` has it."""
    number = said.say("pockets.themes", themes)
    return said.say(f"change.why.{why}", min_n=min_n, themes=number)


def themes_sentence(
    table: pd.DataFrame, notes: Mapping[str, Any], said: Wording, name_of: Named = as_it_is
) -> str:
    """Return which themes go with the change by more than chance allows.

    Args:
        table: The themes with their parts of the change.
        notes: ``unit``, ``why`` (why none was tested, if none was) and ``min_n``.
        said: The language.
        name_of: Gives what a theme is called.
    """
    tested, unit = table[table["q_value"].notna()], notes["unit"]
    if tested.empty:
        return why_sentence(notes["why"] or "no_part", said, min_n=notes["min_n"])
    found = tested[tested["q_value"] <= CLEAR]
    if found.empty:
        return said.say("change.no_theme", themes=said.say("pockets.themes", len(tested)))
    parts = [
        said.say(
            "change.theme", theme=name_of(row["theme"]),
            change=said.signed(row["change_total"], unit),
            ends=said.signed_span(row["change_total_low"], row["change_total_high"], unit),
            before=int(row["n_before"]), after=int(row["n_after"]),
        )
        for row in found.head(_MOST).to_dict("records")
    ]  # fmt: skip
    return said.say("change.themes", found=_listed(parts, len(found), said))


def alerts_sentence(
    table: pd.DataFrame, notes: Mapping[str, Any], said: Wording, name_of: Named = as_it_is,
    period_of: Named = as_it_is,
) -> str:  # fmt: skip
    """Return which themes rise faster than chance, or that none does.

    Args:
        table: The table of spikes.
        notes: ``why`` (why none was tested, if none was), ``min_n`` and ``n_themes``.
        said: The language.
        name_of: Gives what a theme is called.
        period_of: Gives how a period is written.
    """
    tested = int((table["p_value"].notna() & ~table["suppressed"]).sum())
    found = table[table["alert"]]
    if not tested:
        return why_sentence(
            notes["why"] or "no_share", said, min_n=notes["min_n"], themes=notes["n_themes"]
        )
    if found.empty:
        return said.say("change.no_alert", themes=said.say("pockets.themes", tested))
    parts = [
        said.say(
            "change.alert", theme=name_of(row["theme"]), period=period_of(row["period"]),
            share=said.percent(row["share"]), expected=said.percent(row["expected"]),
            wrote=said.say("people.from", int(row["n_period"])),
        )
        for row in found.head(_MOST).to_dict("records")
    ]  # fmt: skip
    return said.say("change.alerts", found=_listed(parts, len(found), said))


def _listed(parts: Sequence[str], number: int, said: Wording) -> str:
    more = said.say("change.more", number - len(parts)) if number > len(parts) else ""
    return "; ".join(parts) + more
