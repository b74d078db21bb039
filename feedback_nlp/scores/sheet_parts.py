"""A score sheet in words and cells: the one text that terminal, Markdown and notebook show."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from feedback_nlp.markup import Part
from feedback_nlp.records import Score
from feedback_nlp.showing import amount, count, counted, interval, points, share, with_minus

if TYPE_CHECKING:
    from feedback_nlp.scores.sheet import ScoreSheet
    from feedback_nlp.scores.spread import Share

MOST_ROWS = 24
_BAR = 20
_FIRST = 5
_SMALLEST_Q = 0.001
_BOXES = {"top2": "Two highest", "bottom2": "Two lowest"}  # of one answer: its own row says it
_MADE = {
    "standard": "share of promoters minus share of detractors",
    "top1": "share of the highest answer",
    "top2": "share of the two highest answers",
    "top3": "share of the three highest answers",
    "mean": "mean answer",
    "percent_of_maximum": "mean answer, as percent of the way from the lowest to the highest",
    "percent_of_highest": "mean answer, as percent of the highest",
    "agreement": "share of the answers above the middle",
    "net": "share of the two best answers minus share of those below the middle",
}
_INTERVALS = {"wilson": "Wilson", "mean_score": "score"}
_UNITS = {"mean": "rating", "net": "points"}
_WITHOUT = {"burst": "bursts", "alike": "comments like others", "straight_line": "straight lines"}
Rows = tuple[tuple[str, ...], ...]


def parts_of(sheet: "ScoreSheet") -> tuple[Part, ...]:
    """Return a score sheet in pieces to read, those with nothing to say left out."""
    found = [
        _score(sheet), _answers(sheet), _targets(sheet), *_segments(sheet), _time(sheet),
        _since(sheet), _traps(sheet), _suspicious(sheet), _sources(sheet), _left_out(sheet),
    ]  # fmt: skip
    return tuple(
        replace(part, sentences=tuple(map(with_minus, part.sentences)))
        for part in found
        if part is not None
    )


def _score(sheet: "ScoreSheet") -> Part:
    score = sheet.score
    ends = interval(score.low, score.high, score.unit)
    told = [
        f"{points(score.value, score.unit)} ({score.level * 100:g}% interval {ends}), "
        f"n = {count(score.n)}; {counted(score.n_missing, 'respondent')} without an answer."
    ]
    return Part(
        title="Score",
        sentences=(*told, *_how_made(score), *score.notes),
        heads=("Group", "n", _share_head(score), ""),
        rows=tuple(
            (name.capitalize(), count(n), share(n / score.n), _bar(n / score.n))
            for name, n in score.counts.items()
        ),
    )


def _how_made(score: Score) -> list[str]:
    made = _MADE.get(score.method, score.method.replace("_", " "))
    scale = "" if score.scale is None else f", on a scale of {score.scale[0]:g}–{score.scale[1]:g}"
    by = _INTERVALS.get(score.interval, score.interval.replace("_", " "))
    told = [
        f"{score.metric.upper()} ({score.method.replace('_', ' ')}): {made}{scale}; interval by "
        f"the {by} method."
    ]
    others = ", ".join(
        f"{name.replace('_', ' ')} {points(value, _UNITS.get(name, 'percent'))}"
        for name, value in score.details.items()
        if name in _MADE
    )
    told += [f"The same answers by other definitions: {others}."] if others else []
    if "standard_error" in score.details:
        told.append(f"Standard error: {amount(score.details['standard_error'], score.unit)}.")
    return told


def _share_head(score: Score) -> str:
    return "Share" if score.n_effective is None else "Share, unweighted"


def _answers(sheet: "ScoreSheet") -> Part:
    found = sheet.distribution
    spread = "" if found.sd is None else f", standard deviation {found.sd:.2f}"
    skew = "" if found.skew is None else f", skew {points(found.skew, 'rating', signed=True)}"
    middle = (
        f"Mean {found.mean:.2f} ({interval(found.mean_low, found.mean_high, 'rating')}), median "
        f"{found.median:g}, middle half {found.lower_quartile:g} to {found.upper_quartile:g}"
        f"{spread}{skew}."
    )
    rows = [*_share_rows(found.answers[::-1][:MOST_ROWS]), *_share_rows(found.boxes)]
    return Part(
        title="Answers",
        sentences=(middle, *found.notes),
        heads=("Answer", "n", _share_head(sheet.score), f"{found.level * 100:g}% interval", ""),
        rows=tuple(rows),
    )


def _share_rows(shares: "Iterable[Share]") -> list[tuple[str, ...]]:
    return [
        (
            _BOXES[one.answer] if isinstance(one.answer, str) else f"{one.answer:g}",
            count(one.n), share(one.share / 100, 1), interval(one.low, one.high, "percent"),
            _bar(one.share / 100),
        )
        for one in shares
        if not isinstance(one.answer, str) or one.answer in _BOXES
    ]  # fmt: skip


def _targets(sheet: "ScoreSheet") -> Part:
    table = sheet.targets
    if table.empty:
        return Part(title="Targets", sentences=(f"None is for {sheet.score.metric.upper()}.",))
    fits = table[table["verdict"] != "does_not_apply"]
    said = table.loc[table["verdict"].isin(["cannot_tell", "does_not_apply"]), "sentence"]
    rows = [
        (
            str(row["target"]), str(row["bound"]), str(row["verdict"]).replace("_", " "),
            "" if pd.isna(row["n_more"]) else count(int(row["n_more"])),
        )
        for row in fits.to_dict("records")
    ]  # fmt: skip
    return Part(
        title="Targets",
        sentences=tuple(said),
        heads=("Target", "Bound", "Verdict", "More answers needed"),
        rows=tuple(rows),
    )


def _sources(sheet: "ScoreSheet") -> Part | None:
    """Return who states the targets, apart from the verdicts since addresses are long."""
    rows = tuple(
        (str(row["target"]), str(row["source"]))
        for row in sheet.targets.to_dict("records")
        if row["verdict"] != "does_not_apply"
    )
    title = "Who states the targets"
    return Part(title=title, heads=("Target", "Source"), rows=rows) if rows else None


def _segments(sheet: "ScoreSheet") -> list[Part]:
    parts = []
    for title, table in sheet.segments.items():
        keys = list(table.columns[: list(table.columns).index("metric")])
        shown = table.head(MOST_ROWS)
        small = int(table["suppressed"].sum())
        said = [f"{counted(small, 'group')} too small to show."] if small else []
        if len(table) > len(shown):
            said.append(f"The first {len(shown)} of {count(len(table))} groups.")
        rows = [
            (*("missing" if pd.isna(row[key]) else str(row[key]) for key in keys),
             *_figures(row, sheet.score))
            for row in shown.to_dict("records")
        ]  # fmt: skip
        heads = (*keys, sheet.score.metric.upper(), "Interval", "n")
        parts.append(
            Part(title=f"By {title}", sentences=tuple(said), heads=heads, rows=tuple(rows))
        )
    return parts


def _figures(row: Mapping[Hashable, Any], score: Score) -> tuple[str, str, str]:
    value, low, high = row["value"], row["low"], row["high"]
    ends = "" if pd.isna(low) else interval(low, high, score.unit)
    return points(value, score.unit), ends, count(int(row["n"]))


def _time(sheet: "ScoreSheet") -> Part | None:
    if sheet.chart is None:
        return None
    begun = sheet.changes[sheet.changes["n"].cumsum() > 0]
    table = begun.tail(MOST_ROWS)
    unit = sheet.score.unit
    step = "rating" if unit == "rating" else "points"
    rows = []
    for row in table.to_dict("records"):
        changed = not pd.isna(row["change"])
        rows.append(
            (
                str(row["period"]), *_figures(row, sheet.score),
                points(row["change"], step, signed=True) if changed else "",
                interval(row["change_low"], row["change_high"], step) if changed else "",
                _q(row["q_value"]) if changed else "",
                str(row["note"] or ("incomplete" if row["incomplete"] else "")),
            )
        )  # fmt: skip
    left = len(begun) - len(table)
    said = [*sheet.chart.sentences, *sheet.chart.notes]
    if table["q_value"].notna().any():
        said.append(
            "q is the p-value of a change, corrected for the number of changes: 0.05 or less is "
            "more than chance makes. Intervals are not corrected; of quiet changes one in "
            f"{1 / (1 - sheet.score.level):.0f} leaves 0 out."
        )
    said += [f"The last {len(table)} of {len(begun)} periods are shown."] if left else []
    heads = (
        sheet.chart.by.capitalize(), sheet.score.metric.upper(), "Interval", "n", "Change",
        "Interval of the change", "q", "Note",
    )  # fmt: skip
    return Part(title="Over time", sentences=tuple(said), heads=heads, rows=tuple(rows))


def _since(sheet: "ScoreSheet") -> Part | None:
    found = sheet.since
    if found is None:
        return None
    clear = "more than chance makes" if found.clear else "no more than chance can make"
    score = sheet.score
    rows = [
        (name, points(one.value, score.unit), interval(one.low, one.high, score.unit), count(one.n))
        for name, one in (
            (f"Before {sheet.day}", found.second),
            (f"From {sheet.day} on", found.first),
        )
    ]
    return Part(
        title="Before and after",
        sentences=(
            f"From {sheet.day} on minus before: {found}: {clear}.",
            "If the day was chosen because the score moved there, chance makes such differences "
            "more often than p says.",
            *found.first.notes,
        ),
        heads=("", score.metric.upper(), "Interval", "n"),
        rows=tuple(rows),
    )


def _traps(sheet: "ScoreSheet") -> Part:
    low, high = sheet.ceiling.scale
    said = [sheet.ceiling.sentence] if high - low > 1 else []  # of two answers both are ends
    if sheet.bias is not None:
        said.append(sheet.bias.sentence)
    rows: Rows = ()
    if not sheet.hidden.empty:
        noted = sheet.hidden.attrs["hidden_groups"]
        said += [noted["sentence"], *noted["notes"]]
        below = sheet.hidden[sheet.hidden["below"]].head(MOST_ROWS)
        said += list(below["sentence"].head(_FIRST))
        rows = tuple(_hidden_rows(below, sheet.score))
    heads = ("Lower group", sheet.score.metric.upper(), "Interval", "n", "All others", "q")
    return Part(
        title="What a good score can hide",
        sentences=tuple(said),
        heads=heads if rows else (),
        rows=rows,
    )


def _hidden_rows(below: pd.DataFrame, score: Score) -> list[tuple[str, ...]]:
    return [
        (
            str(row["segment"]), *_figures(row, score), points(row["rest_value"], score.unit),
            _q(row["q_value"]),
        )
        for row in below.to_dict("records")
    ]  # fmt: skip


def _suspicious(sheet: "ScoreSheet") -> Part:
    noted = sheet.suspicious.attrs["suspicious"]
    rows = tuple(
        (_WITHOUT.get(row["without"], str(row["without"])), *_figures(row, sheet.score))
        for row in sheet.sensitivity.to_dict("records")
    )
    why = list(dict.fromkeys(sheet.suspicious["why"]))
    more = f"The first {_FIRST} of {len(why)}; suspicious_answers and the JSON page have them all:"
    first: Sequence[str] = [*([more] if len(why) > _FIRST else []), *why[:_FIRST]]
    return Part(
        title="Answers worth a second look",
        sentences=(noted["sentence"], *noted["notes"], *first),
        heads=("Without", sheet.score.metric.upper(), "Interval", "n") if len(rows) > 1 else (),
        rows=rows if len(rows) > 1 else (),
    )


def _left_out(sheet: "ScoreSheet") -> Part | None:
    return Part(title="Not said here", sentences=sheet.notes) if sheet.notes else None


def _q(value: float) -> str:
    return f"<{_SMALLEST_Q:g}" if value < _SMALLEST_Q else f"{value:.2g}"


def _bar(part: float) -> str:
    """Return a share as a bar of text, so that a column of them is a chart."""
    return "█" * round(part * _BAR)
