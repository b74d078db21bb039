"""How they answered: how many gave each answer, and the shares of the groups."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.report.blocks import Block, Cell, Figure, Head, Key, Section, Table
from feedback_nlp.report.figures.answer_columns import AnswerColumns, AnswerCount
from feedback_nlp.report.figures.group_shares import GroupShare, GroupShares
from feedback_nlp.report.figures.score_bars import KINDS
from feedback_nlp.report.sections import goals
from feedback_nlp.report.sections.reasons import shares_table
from feedback_nlp.report.source import Source
from feedback_nlp.schema import respondents
from feedback_nlp.scores import wilson
from feedback_nlp.scores.answers import to_floats
from feedback_nlp.showing import first_upper
from feedback_nlp.wordings import Wording

Floats = NDArray[np.float64]
MOST_ANSWERS = 21
BINS = 10


def build(source: Source) -> Section:
    """Return the section of the answers."""
    said, score = source.said, source.score
    drawing = AnswerColumns(answers=answer_counts(source))
    groups = group_shares(source)
    columns = Figure(
        id="answers-given",
        drawing=drawing,
        label=said.say("answers.label"),
        title=said.say("answers.columns"),
        legend=tuple(
            Key(kind=kind, text=row.name)
            for kind, row in zip(KINDS, groups, strict=True)
            if row.n or any(one.kind == kind for one in drawing.answers)
        ),
        note=said.say("answers.missing", score.n_missing) if score.n_missing else "",
        table=_table(drawing, source),
    )
    shares = GroupShares(rows=groups, most=max(row.high for row in groups))
    label = said.say("answers.groups_label", level=source.level)
    blocks: list[Block] = [
        columns,
        Figure(
            id="answers-groups",
            drawing=shares,
            label=label,
            title=said.say("answer_part.groups_title"),
            table=shares_table(shares, label, source),
        ),
    ]
    if (table := goals.table(source)) is not None:
        blocks.append(table)
    return Section(
        id="answers",
        nav=said.say("answers.nav"),
        title=_title(drawing, said),
        lead=(said.say("answers.lead", score.n, level=source.level),),
        blocks=tuple(blocks),
        definitions=("score",),
    )


def answer_counts(source: Source) -> tuple[AnswerCount, ...]:
    """Return how many gave each answer, the unused answers of the scale too.

    A scale with more than 21 answers, or one that was not answered in whole numbers, and more than
    21 different ones, is cut into ten equal ranges.
    """
    said, definition = source.said, source.definition
    people = respondents(source.comments, source.rating)
    given = to_floats(people[source.rating])
    given = given[~np.isnan(given)]
    low, high = definition.scale
    values = np.unique(given)
    if high - low < MOST_ANSWERS and np.all(values == np.round(values)):
        values = np.arange(low, high + 1)
    if values.size > MOST_ANSWERS:
        numbers, edges = np.histogram(given, bins=BINS, range=(low, high))
        names = [_range(edges[at], edges[at + 1], said) for at in range(BINS)]
        groups = definition.group((edges[:-1] + edges[1:]) / 2)
    else:
        numbers = np.array([np.count_nonzero(given == value) for value in values])
        names = [said.exactly(float(value)) for value in values]
        groups = definition.group(values)
    return _counts(numbers, names, groups, source)


def group_shares(source: Source) -> tuple[GroupShare, ...]:
    """Return the share of each group with its Wilson interval, the low group first."""
    score = source.score
    counts = [score.counts[name] for name in source.definition.groups]
    low, high = wilson(counts, [score.n] * len(counts), level=score.level)
    return tuple(
        GroupShare(
            name=first_upper(name), kind=kind, n=n, of=score.n, share=n / score.n,
            low=float(low[at]), high=float(high[at]),
        )
        for at, (name, kind, n) in enumerate(
            zip(map(source.people, source.definition.groups), KINDS, counts, strict=True)
        )
    )  # fmt: skip


def _counts(
    numbers: NDArray[Any], names: list[str], groups: NDArray[Any], source: Source
) -> tuple[AnswerCount, ...]:
    total = max(int(numbers.sum()), 1)
    low, high = wilson(numbers, np.full(numbers.size, total), level=source.score.level)
    return tuple(
        AnswerCount(
            answer=name, n=int(numbers[at]), share=float(numbers[at] / total), low=float(low[at]),
            high=float(high[at]), kind=KINDS[int(groups[at])],
            group=source.people(source.definition.groups[int(groups[at])]),
        )
        for at, name in enumerate(names)
    )  # fmt: skip


def _range(low: float, high: float, said: Wording) -> str:
    return said.say("range.plain", low=said.exactly(float(low)), high=said.exactly(float(high)))


def _title(drawing: AnswerColumns, said: Wording) -> str:
    """Return which answer most gave; where several tie, only what the section shows."""
    most = max(drawing.answers, key=lambda one: one.n)
    if sum(one.n == most.n for one in drawing.answers) > 1:
        return said.say("answers.title")
    return said.say("answers.most", answer=most.answer, share=said.percent(most.share))


def _table(drawing: AnswerColumns, source: Source) -> Table:
    said = source.said
    return Table(
        caption=said.say("answers.caption"),
        heads=(
            Head(text=said.say("answers.head_answer"), kind="text"),
            Head(text=said.say("head.group"), kind="text"),
            Head(text=said.say("head.respondents")),
            Head(text=said.say("head.share")),
            Head(text=said.say("head.interval", level=source.level)),
        ),
        rows=tuple(
            (
                Cell(text=one.answer),
                Cell(text=one.group),
                Cell(text=said.count(one.n), value=one.n),
                Cell(text=said.percent(one.share, 1), value=one.share),
                Cell(text=said.shares(one.low, one.high), value=one.low),
            )
            for one in drawing.answers
        ),
    )
