"""What the data cannot say, and why: the sentences beneath the answer."""

from collections.abc import Iterator

from feedback_nlp.drivers.explain.findings import Findings
from feedback_nlp.drivers.explain.sentences import n_low, shift, who
from feedback_nlp.showing import first_upper
from feedback_nlp.wordings import Wording

FEW = 30


def limits(found: Findings, said: Wording) -> list[str]:
    """Return what cannot be said, and why."""
    return [
        said.say("limit.association" if found.reasons else "limit.association_none"),
        *_of_words(found, said),
        *_of_people(found, said),
        *of_themes(found, said),
    ]


def _of_words(found: Findings, said: Wording) -> Iterator[str]:
    """Return what is not known because not all wrote, and since a program read it."""
    wrote, tagged = found.base
    if 0 < wrote.n < wrote.n_of and not wrote.clear:
        yield said.say(
            "base.writers",
            value=said.figure(wrote.score, wrote.unit),
            people=said.say("people.for", wrote.n),
            value_all=said.figure(wrote.score_of, wrote.unit),
        )
    if tagged.clear:
        yield shift(tagged, "base.tagged_differ", said)
    if wrote.n:
        yield said.say("limit.program")
    if found.reasons:
        yield said.say("limit.missed")


def _of_people(found: Findings, said: Wording) -> Iterator[str]:
    """Return what is not known because of who answered, and what."""
    n, low = int(found.notes["n_respondents"]), n_low(found)
    if found.set_aside:
        reasons = [f"{why} ({said.count(number)})" for why, number in found.set_aside.items()]
        total = sum(found.set_aside.values())
        yield said.say("limit.set_aside", total, why=said.listed(reasons))
    if found.constant and n > 1:
        yield said.say("limit.constant")
    if n < FEW or 0 < low < FEW:
        counted = said.say(f"low.{found.notes['metric']}.count", low)
        yield said.say("limit.few", n, people=said.say("people.plain", n), low=counted)


def of_themes(found: Findings, said: Wording) -> Iterator[str]:
    """Return which themes are no reasons, each with why not."""
    described = {reason.theme for reason in found.reasons}
    low = who(found, said)
    kinds = {
        "further": [theme for theme in found.themes("reason") if theme not in described],
        "everywhere": found.themes("everywhere"),
        "others_more": found.themes("others_more"),
        "chance": found.themes("chance", "not_blamed"),
        "not_apart": found.themes("not_apart"),
        "with_others": found.themes("with_others"),
        "suppressed": found.themes("suppressed"),
    }
    for kind, themes in kinds.items():
        if themes:
            yield said.one_or_more(
                f"limit.{kind}",
                len(themes),
                themes=said.listed(found.name(theme, said.language) for theme in themes),
                who=low,
                Who=first_upper(low),
                people=said.say("people.plain", int(found.notes["min_n"])),
            )
