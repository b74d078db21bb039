"""The sentences of the report that are not about one reason: what the numbers mean."""

from collections.abc import Sequence

import pandas as pd

from feedback_nlp.drivers.base import BaseFinding
from feedback_nlp.drivers.explain.scales import turned_sentence
from feedback_nlp.drivers.explain.sentences import shift
from feedback_nlp.records import Score
from feedback_nlp.report.parts import Answer, GroupShare, ReasonPart, Step, ThemeRow
from feedback_nlp.schema import info
from feedback_nlp.scores import Definition
from feedback_nlp.showing import (
    amount,
    count,
    counted,
    interval,
    joined,
    lost,
    points,
    share,
)
from feedback_nlp.wordings import wording_in

SCORE_NAMES = {
    "nps": "Net Promoter Score",
    "csat": "Customer satisfaction",
    "ces": "Customer effort",
}
_METHOD_NAMES = {
    "top2": "share of the two best answers",
    "top1": "share of the best answer",
    "top3": "share of the three best answers",
    "mean": "mean answer",
    "percent_of_maximum": "percentage of the maximum",
    "percent_of_highest": "percentage of the highest answer",
    "agreement": "share that found it easy",
    "net": "easy minus difficult",
}


def score_name(score: Score, rating: str) -> str:
    """Return how the score is called, such as "Net Promoter Score"."""
    name = SCORE_NAMES[score.metric] if rating == score.metric else rating
    method = _METHOD_NAMES.get(score.method)
    return f"{name} ({method})" if method else name


def short_name(score: Score, rating: str) -> str:
    """Return how the score is called in running text: "NPS"."""
    return score.metric.upper() if rating == score.metric else rating


def answer(
    score: Score,
    rating: str,
    definition: Definition,
    groups: Sequence[GroupShare],
    reasons: Sequence[ReasonPart],
    *,
    base: tuple[BaseFinding, BaseFinding],
    comments: pd.DataFrame,
) -> Answer:
    """Return the first screen."""
    wrote, tagged = base
    facts = [
        (count(score.n), "respondents answered", _without_rating(score)),
        (count(wrote.n), "of them wrote", f"{share(wrote.share)} of those who answered"),
        (
            count(tagged.n),
            "wrote about a theme",
            f"{share(tagged.share if wrote.n else None)} of those who wrote",
        ),
    ]
    scale = info(comments).get("scales", {}).get(rating, {})
    period = _period(comments)
    if period:
        facts.append((period[0], "when they answered", period[1]))
    return Answer(
        score=points(score.value, score.unit),
        interval=interval(score.low, score.high, score.unit),
        name=score_name(score, rating),
        meaning=f"{_meaning(score, definition, groups)} {turned_sentence(scale)}".rstrip(),
        certainty=(
            f"Measured on {counted(score.n, 'respondent')}. Chance alone leaves room for a score "
            f"from {interval(score.low, score.high, score.unit)} ({score.level:.0%} interval)."
        ),
        caution=shift(wrote, "base.writers_differ", wording_in("en")) if wrote.clear else "",
        facts=tuple(facts),
        reasons_title=reasons_heading(reasons, groups),
    )


def _without_rating(score: Score) -> str:
    if not score.n_missing:
        return "everybody in the export"
    return f"{count(score.n_missing)} more without a usable rating"


def _meaning(score: Score, definition: Definition, groups: Sequence[GroupShare]) -> str:
    low, middle, top = groups
    named = [
        f"{group.percent}% {group.verb}" + (f" ({group.answers})" if group.answers else "")
        for group in (top, middle, low)
        if group.n or group.answers
    ]
    shares = f"{joined(named)}."
    if definition.kind == "net":
        more = "more" if top.n > low.n else "fewer" if top.n < low.n else "as many"
        than = "as" if more == "as many" else "than"
        return f"{shares} There are {more} {top.people} {than} {low.people}."
    if definition.method == "mean":
        least, most = definition.scale
        return f"The mean answer on a scale from {least:g} to {most:g}. {shares}"
    return shares


def _period(comments: pd.DataFrame) -> tuple[str, str] | None:
    if "date" not in comments.columns or not comments["date"].notna().any():
        return None
    first, last = comments["date"].min(), comments["date"].max()
    missing = int(comments["date"].isna().sum())
    note = f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"
    days = (last.normalize() - first.normalize()).days + 1
    length = counted(days, "day") if days < 60 else counted(round(days / 30.44), "month")
    return length, note + (f"; {count(missing)} without a date" if missing else "")


def reasons_heading(reasons: Sequence[ReasonPart], groups: Sequence[GroupShare]) -> str:
    """Return the heading of the reasons."""
    low = groups[0].people
    if not reasons:
        return f"No reason can be named for {low}"
    return f"What {low} are unhappy about"


def headings(
    score: Score,
    rating: str,
    maximum: float,
    groups: Sequence[GroupShare],
    reasons: Sequence[ReasonPart],
    steps: Sequence[Step],
    themes: Sequence[ThemeRow],
    why_none: str,
) -> dict[str, str]:
    """Return the sentence above each section; ``why_none`` is why there is no reason."""
    name = short_name(score, rating)
    low, _, top = groups
    return {
        "waterfall": _waterfall_sentence(score, name, maximum, steps),
        "reasons": _reasons_sentence(reasons, low, top, why_none),
        "clouds": (
            "A word is as big as the number of comments that have it. Negations stay whole "
            "(“not good” is one word); stop words, numbers and personal data are left out."
        ),
        "themes": _themes_sentence(themes),
        "distribution": (
            f"{counted(score.n, 'respondent')} answered; one answer each, however many comments "
            "they wrote."
        ),
    }


def _waterfall_sentence(score: Score, name: str, maximum: float, steps: Sequence[Step]) -> str:
    best, now = points(maximum, score.unit), points(score.value, score.unit)
    gap = amount(maximum - score.value, score.unit)
    start = f"Between the best possible {name} ({best}) and the score ({now}) lie {gap}."
    first = next((step for step in steps if step.kind == "theme"), None)
    if first is None:
        return f"{start} No theme is blamed often enough to be given a share of them."
    none = sum(step.points for step in steps if step.kind in ("no_theme", "no_comment"))
    return (
        f"{start} Of the themes, {first.label} comes with most of them: "
        f"{lost(first.points, score.unit)}. With people who blamed no theme or wrote nothing "
        f"go {lost(none, score.unit)}."
    )


def _reasons_sentence(
    reasons: Sequence[ReasonPart], low: GroupShare, top: GroupShare, why_none: str
) -> str:
    if not reasons:
        return why_none
    return (
        "Ranked by how much higher the score would be if those who blame the theme had scored like "
        f"respondents who otherwise say the same. The bars compare how many of the {count(low.n)} "
        f"{low.people} and of the {count(top.n)} {top.people} say something negative about it."
    )


def _themes_sentence(themes: Sequence[ThemeRow]) -> str:
    if not themes:
        return "No theme was found in the comments."
    most = themes[0]
    liked = max(themes, key=lambda row: row.positive)
    blamed = max(themes, key=lambda row: row.negative)
    return (
        f"Most written about: {most.name} ({counted(most.n_comments, 'comment')}). Most praised: "
        f"{liked.name} ({count(liked.positive)}). Most blamed: {blamed.name} "
        f"({count(blamed.negative)}). A comment that praises and blames a theme counts on both "
        "sides; where it cannot be told which, it counts as unknown, never as neutral."
    )
