"""The answer itself: what the score is, who wrote, what sets the low group apart, or why not.

Words say what comes together, never what causes what.
"""

from collections.abc import Iterator

from feedback_nlp.drivers.base import BaseFinding
from feedback_nlp.drivers.explain.findings import Estimate, Finding, Findings
from feedback_nlp.drivers.explain.scales import turned_sentence
from feedback_nlp.drivers.explain.verdicts import more_to_be_sure, more_to_show
from feedback_nlp.showing import first_upper, rounded_parts
from feedback_nlp.wordings import Wording


def opening(found: Findings, said: Wording) -> list[str]:
    """Return the answer: score, who wrote, reasons or why there are none, where the points go."""
    sentences = [_score(found, said)]
    if not found.base[0].n:
        return [*sentences, said.say("base.nobody")]
    sentences.append(_who_wrote(found, said))
    if found.base[0].clear:
        sentences.append(shift(found.base[0], "base.writers_differ", said))
    if found.reasons:
        sentences.append(_reasons(found, said))
    else:
        sentences.append(" ".join([why_none(found, said), *_more(found, said)]))
    return [*sentences, *_waterfall(found, said)]


def why_none(found: Findings, said: Wording) -> str:
    """Return why no reason can be given, "" if one can."""
    if found.reasons:
        return ""
    low = f"low.{found.notes['metric']}"
    return said.say(
        _why_none(found),
        who=said.say(f"{low}.who"),
        nobody=said.say(f"{low}.nobody"),
        everybody=said.say(f"{low}.everybody"),
        people=said.say("people.plain", int(found.notes["min_n"])),
    )


def who(found: Findings, said: Wording) -> str:
    """Return what the low group is called."""
    return said.say(f"low.{found.notes['metric']}.who")


def of_low(found: Findings, said: Wording) -> str:
    """Return ``of the 40 detractors``."""
    return said.say(f"low.{found.notes['metric']}.of", n_low(found))


def n_low(found: Findings) -> int:
    """Return how many there are in the low group."""
    return int(found.notes["n_groups"]["detractors"])


def shift(base: BaseFinding, key: str, said: Wording) -> str:
    """Return how those of a base score, beside those left out of it."""
    span = said.signed_span(base.low, base.high, base.unit)
    return said.say(
        key,
        value=said.figure(base.score, base.unit),
        people=said.say("people.for", base.n),
        value_others=said.figure(base.score_others, base.unit),
        n_others=base.n_others,
        difference=said.signed(base.difference, base.unit),
        interval=said.interval(base.confidence, span),
    )


def reason_sentences(reason: Finding, found: Findings, said: Wording) -> list[str]:
    """Return the figures of a reason: who blames it, what remains by itself, points lost."""
    notes, unit = found.notes, found.notes["unit"]
    low, others = reason.low, reason.others
    share = said.say(
        "reason.share",
        low.n,
        of_low=of_low(found, said),
        share=said.share(low.share.value),
        interval=said.interval(notes["confidence"], said.shares(low.share.low, low.share.high)),
        n_others=others.n,
        of_others=said.say("people.rest", others.of),
        share_others=said.share(others.share.value),
        range_others=said.shares(others.share.low, others.share.high),
    )
    points = said.say(
        "reason.points",
        lost=said.bare(reason.points_lost.value, unit),
        total=said.amount(notes["points_lost_total"], unit, "of"),
        range=_ends(reason.points_lost, unit, said),
    )
    gain = said.say(
        "reason.gain",
        gain=said.amount(reason.adjusted_gain.value, unit, "more"),
        range=_ends(reason.adjusted_gain, unit, said),
    )
    return [share, gain, *_companion(reason, found, said), points]


def _companion(reason: Finding, found: Findings, said: Wording) -> Iterator[str]:
    """Return with which stronger reason a reason comes, if with one."""
    if pair := reason.companion:
        yield said.say(
            "reason.companion",
            pair.n,
            of=said.say("people.among", pair.of),
            share=said.share(pair.n / pair.of),
            theme=found.name(pair.theme, said.language),
        )


def _ends(estimate: Estimate, unit: str, said: Wording) -> str:
    return said.span(estimate.low, estimate.high, unit)


def _score(found: Findings, said: Wording) -> str:
    score, rating = found.score, found.notes["rating"]
    name = "score.name" if rating == score.metric else "score.name_of_column"
    groups = []
    for group, n in list(score.counts.items())[::-1]:
        answers = found.answers.get(group, "")
        counted = said.say(f"group.{group}", n)
        groups.append(f"{counted} ({answers})" if answers else counted)
    sentences = [
        said.say(
            "score.said",
            name=said.say(name, metric=score.metric.upper(), rating=str(rating)),
            method=said.say(f"method.{score.method}"),
            value=said.figure(score.value, score.unit),
            interval=said.interval(score.level, said.figures(score.low, score.high, score.unit)),
            people=said.say("people.from", score.n),
            groups=said.listed(groups),
        )
    ]
    if score.n_missing:
        key = "score.unusable" if found.set_aside else "score.missing"
        sentences.append(said.say(key, score.n_missing))
    return " ".join([*sentences, turned_sentence(found.scale, said)]).rstrip()


def _who_wrote(found: Findings, said: Wording) -> str:
    wrote, tagged = found.base
    if wrote.n == wrote.n_of:
        sentence = said.say("base.all", wrote.n)
    else:
        sentence = said.say("base.some", wrote.n, share=said.share(wrote.share))
        if low := n_low(found):
            n = int(found.notes["n_wrote_groups"]["detractors"])
            share = said.share(n / low)
            sentence += said.say("base.low", n, of_low=of_low(found, said), share=share)
    return sentence + said.say("base.tagged" if tagged.n else "base.untagged", tagged.n)


def _reasons(found: Findings, said: Wording) -> str:
    unit = found.notes["unit"]
    parts: list[str] = []
    for reason in found.reasons:
        gain = said.amount(reason.adjusted_gain.value, unit)
        ends = _ends(reason.adjusted_gain, unit, said)
        parts.append(
            said.say(
                "answer.next" if parts else "answer.first",
                reason.low.n,
                name=found.name(reason.theme, said.language),
                of_low=of_low(found, said),
                gain=gain,
                interval=said.interval(found.notes["confidence"], ends) if not parts else ends,
            )
        )
    low = who(found, said)
    return said.one_or_more(
        "answer.reasons", len(parts), who=low, Who=first_upper(low), reasons=said.listed(parts)
    )


def _why_none(found: Findings) -> str:
    """Return the entry that says why there is no reason."""
    low, notes = n_low(found), found.notes
    if not found.base[0].n:
        return "base.nobody"
    if not low:
        return "none.no_low"
    if low == notes["n_respondents"]:
        return "none.all_low"
    blamed = found.verdicts[found.table["n_detractors"] > 0]
    if blamed.empty:
        silent = not notes["n_wrote_groups"]["detractors"]
        return "none.silent_low" if silent else "none.no_theme"
    kinds = set(blamed) - {"suppressed"}
    if len(kinds) > 1:
        return "none.mixed"
    return f"none.{kinds.pop() if kinds else 'suppressed'}"


def _more(found: Findings, said: Wording) -> Iterator[str]:
    """Return what it would take to say more of the theme that is nearest to being a reason."""
    wrote, min_n = found.base[0].n, int(found.notes["min_n"])
    open_ones: list[tuple[int, str, str]] = []
    rows = found.table.to_dict("records")
    for verdict, row in zip(found.verdicts, rows, strict=True):
        number, key = None, ""
        if verdict in ("chance", "with_others") and row["n_detractors"]:
            number, key = more_to_be_sure(row, wrote), "more.to_be_sure"
        elif verdict == "suppressed" and row["n_detractors"]:
            number, key = more_to_show(int(row["n_negative"]), wrote, min_n), "more.to_show"
        if number:
            open_ones.append((number, key, str(row["theme"])))
    comparable = 0 < n_low(found) < found.notes["n_respondents"]
    if open_ones and comparable:
        number, key, theme = min(open_ones, key=lambda one: (one[1], one[0]))
        people = said.say("people.plain", min_n)
        name = found.name(theme, said.language)
        yield said.say(key, number, theme=name, people=people)


def _waterfall(found: Findings, said: Wording) -> Iterator[str]:
    """Return where the points between the score and its maximum go, adding up as shown."""
    notes, unit = found.notes, found.notes["unit"]
    digits = 2 if unit == "rating" else 1
    total = float(notes["points_lost_total"])
    rest = [max(float(notes[name]), 0.0) for name in ("no_negative_theme", "no_comment")]
    values = [max(total - sum(rest), 0.0), *rest]
    shown = rounded_parts(values, total, digits) if total > 0 else [0.0] * 3
    named = zip(("themes", "no_theme", "silence"), shown, strict=True)
    points = {part: lost for part, lost in named if round(lost, digits) > 0}
    parts: list[str] = []
    for part, lost in points.items():
        key = "with" if parts or part == "themes" else "first"
        key = "all" if len(points) == 1 else key
        parts.append(said.say(f"answer.{key}_{part}", lost=said.bare(lost, unit)))
    if parts:
        yield said.say(
            "answer.waterfall",
            missing=said.amount(total, unit, "missing"),
            maximum=said.maximum(notes["maximum"], unit),
            parts=said.listed(parts),
        )
