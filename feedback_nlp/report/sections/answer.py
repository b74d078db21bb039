"""The first screen: the score, how sure it is, and the three largest reasons."""

from collections.abc import Iterable

import pandas as pd

from feedback_nlp.drivers.explain.explanation import Reason
from feedback_nlp.drivers.explain.scales import group_answers, turned_sentence
from feedback_nlp.drivers.explain.sentences import shift
from feedback_nlp.report.blocks import Key
from feedback_nlp.report.figures.score_bars import KINDS, GroupBar, ScoreScale
from feedback_nlp.report.first_screen import Answer, Fact, TopReason
from feedback_nlp.report.sections import goals
from feedback_nlp.report.source import Source
from feedback_nlp.schema import info, respondent_ids
from feedback_nlp.showing import first_upper, rounded_parts, safe

TOP = 3
_SHORT_SPAN = 60  # days, from which on a span is said in months
_DAYS_IN_MONTH = 30.44


def build(source: Source) -> Answer:
    """Return the first screen."""
    said, score, unit = source.said, source.score, source.unit
    wrote = source.explanation.findings.base[0]
    reasons = source.explanation.reasons
    bar = group_bar(source)
    interval = said.figures(score.low, score.high, unit)
    shifted = shift(wrote, "base.writers_differ", said) if wrote.clear else ""
    return Answer(
        name=score_name(source),
        value=said.figure(score.value, unit),
        between=said.say("answer_part.between", score.n, level=source.level, interval=interval),
        meaning=_meaning(source, bar),
        certainty=said.say("answer_part.certainty", score.n, level=source.level, interval=interval),
        scale=ScoreScale(
            value=score.value, low=score.low, high=score.high, unit=unit,
            minimum=source.definition.minimum, maximum=source.definition.maximum,
            target=goals.mark(source),
        ),
        scale_label=said.say("answer_part.scale_title"),
        groups=bar,
        groups_label=said.say("answer_part.groups_title"),
        legend=_legend(source, bar),
        reasons_title=reasons_title(source),
        reasons=tuple(_top(at, one, source) for at, one in enumerate(reasons[:TOP], 1)),
        start=_start(reasons[0], source) if reasons else "",
        reasons_note=_reasons_note(source),
        facts=_facts(source),
        target=goals.sentence(source),
        caution=" ".join(filter(None, [_sampled(source), shifted])),
    )  # fmt: skip


def _sampled(source: Source) -> str:
    """Return that the report reads a sample of the comments, and the score of all, if it does."""
    sample = source.run.get("sample")
    if sample is None:
        return ""
    said, unit = source.said, source.unit
    return said.say(
        "answer_part.sampled", int(sample["comments"]), read=said.count(int(sample["read"])),
        score=said.figure(float(sample["value"]), unit),
        interval=said.figures(float(sample["low"]), float(sample["high"]), unit),
        people=said.count(int(sample["respondents"])),
    )  # fmt: skip


def score_name(source: Source) -> str:
    """Return how the score is called in full, such as "Net Promoter Score"."""
    said, score = source.said, source.score
    same = source.rating == score.metric
    name = said.say(f"score_name.{score.metric}") if same else source.rating
    method = said.say(f"score_method.{score.method}")
    return f"{name} ({method})" if method else name


def reasons_title(source: Source) -> str:
    """Return the heading of the reasons: whom they are about, or that there is none."""
    if source.explanation.reasons:
        return source.explanation.title
    return source.said.say("answer_part.no_title", people=source.people(source.low))


def group_bar(source: Source) -> GroupBar:
    """Return the shares of the groups, which add up to 100 as they are rounded."""
    counts = [source.score.counts[name] for name in source.definition.groups]
    percents = rounded_parts([n / source.score.n * 100 for n in counts], 100, 0)
    return GroupBar(
        names=tuple(source.people(name) for name in source.definition.groups),
        percents=tuple(round(percent) for percent in percents),
        counts=tuple(counts),
    )


def _meaning(source: Source, bar: GroupBar) -> str:
    said, definition = source.said, source.definition
    answers = group_answers(definition)
    named = []
    for name, people, percent, n in reversed(
        list(zip(definition.groups, bar.names, bar.percents, bar.counts, strict=True))
    ):
        if n or answers[name]:
            shown = f" ({answers[name]})" if answers[name] else ""
            named.append(f"{said.percent(percent / 100)} {people}{shown}")
    shares = said.say("answer_part.shares", groups=said.listed(named))
    turned = turned_sentence(info(source.comments).get("scales", {}).get(source.rating, {}), said)
    if definition.kind == "net":
        low, top = bar.counts[0], bar.counts[2]
        key = "more" if top > low else "fewer" if top < low else "as_many"
        shares += " " + said.say(f"answer_part.{key}", top=bar.names[2], low=bar.names[0])
    elif definition.method == "mean":
        ends = {"low": said.exactly(definition.scale[0]), "high": said.exactly(definition.scale[1])}
        shares = said.say("answer_part.mean", None, **ends) + " " + shares
    return f"{shares} {turned}".rstrip()


def _legend(source: Source, bar: GroupBar) -> tuple[Key, ...]:
    said = source.said
    rows = list(zip(KINDS, bar.names, bar.percents, bar.counts, strict=True))
    return tuple(
        Key(kind=kind, text=f"{people} {said.percent(percent / 100)} ({said.count(n)})")
        for kind, people, percent, n in rows
        if n
    )


def blamed(reason: Reason, source: Source) -> str:
    """Return in short who blames a reason, and which parts of it above all."""
    said, table = source.said, source.explanation.table
    row = table.loc[
        table["theme"] == reason.theme, ["share_detractors", "share_promoters", "n_detractors"]
    ].iloc[0]
    short = said.say(
        "answer_part.blamed",
        share=said.percent(row["share_detractors"]),
        people=source.people(source.low),
        n=int(row["n_detractors"]),
        share_top=said.percent(row["share_promoters"]),
        people_top=source.people(source.top),
    )
    if reason.parts:
        above = [
            f"{_inside(safe(name))} ({said.count(n)})" for name, n in largest(reason.parts)[:2]
        ]
        short += " " + said.say("answer_part.above_all", parts=said.listed(above))
    return short


def largest(parts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the parts of a reason, those that most blame first."""
    return sorted(parts, key=lambda part: -part[1])


def _top(rank: int, reason: Reason, source: Source) -> TopReason:
    said, unit, gain = source.said, source.unit, reason.adjusted_gain
    return TopReason(
        rank=rank,
        name=safe(reason.name),
        gain=said.bare(gain.value, unit),
        interval=f"{said.span(gain.low, gain.high, unit)} {said.say(f'unit.{unit}')}",
        short=blamed(reason, source),
    )


def _inside(name: str) -> str:
    """Return a name as it is written inside a sentence: ``delivery time``, but ``WiFi``."""
    first = name.split(" ")[0]
    return name[:1].lower() + name[1:] if first[1:].islower() else name


def _start(reason: Reason, source: Source) -> str:
    """Return where to start, and how to find out what it would bring."""
    said, gain = source.said, reason.adjusted_gain
    above = ""
    if reason.parts:
        parts = said.listed(_inside(name) for name, _ in largest(reason.parts)[:2])
        above = said.say("answer_part.start_above", parts=parts)
    return said.say(
        "answer_part.start", theme=reason.name, above=above,
        gain=said.amount(gain.value, source.unit),
        interval=said.interval(source.score.level, said.span(gain.low, gain.high, source.unit)),
    )  # fmt: skip


def _reasons_note(source: Source) -> str:
    if not source.explanation.reasons:
        return source.explanation.why_none
    unit = source.said.say(f"unit.{source.unit}")
    return source.said.say("answer_part.gain_note", unit=first_upper(unit),
                           level=source.level)  # fmt: skip


def _facts(source: Source) -> tuple[Fact, ...]:
    said, score = source.said, source.score
    wrote, tagged = source.explanation.findings.base
    missing = said.say("facts.without_rating", score.n_missing)
    everybody = "facts.drawn" if "sample" in source.run else "facts.everybody"
    facts = [
        Fact(
            value=said.count(score.n),
            label=said.say("facts.answered", score.n),
            note=missing if score.n_missing else said.say(everybody),
        ),
        Fact(
            value=said.count(wrote.n),
            label=said.say("facts.wrote", wrote.n),
            note=said.say("facts.of_answered", share=said.percent(wrote.share)),
        ),
        Fact(
            value=said.count(tagged.n),
            label=said.say("facts.tagged", tagged.n),
            note=said.say("facts.of_wrote", share=said.percent(tagged.share if wrote.n else None)),
        ),
    ]
    return (*facts, *_when(source))


def _when(source: Source) -> list[Fact]:
    said, comments = source.said, source.comments
    if "date" not in comments.columns:
        return []
    rated = comments[source.rating].notna()
    first, last = comments.loc[rated, "date"].min(), comments.loc[rated, "date"].max()
    if pd.isna(first):
        return []
    days = (pd.Timestamp(last).normalize() - pd.Timestamp(first).normalize()).days + 1
    months = days >= _SHORT_SPAN
    length = round(days / _DAYS_IN_MONTH) if months else days
    note = said.say("facts.span", first=said.short_date(first), last=said.short_date(last))
    ids = respondent_ids(comments)[rated]
    undated = ids.nunique() - ids[comments.loc[rated, "date"].notna()].nunique()
    if undated:
        note += said.say("facts.without_date", undated)
    value = said.say("facts.months" if months else "facts.days", length)
    return [Fact(value=value, label=said.say("facts.when"), note=note)]
