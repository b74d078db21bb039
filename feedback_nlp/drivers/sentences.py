"""Figures in plain words: what the score is, what the low group blames, and what cannot be said.

Words say what comes together, never what causes what.
"""

from typing import Any

import pandas as pd

from feedback_nlp.drivers.explanation import Reason
from feedback_nlp.drivers.scales import turned_sentence
from feedback_nlp.records import Score
from feedback_nlp.showing import joined

WHO = {
    "nps": "detractors",
    "csat": "dissatisfied respondents",
    "ces": "respondents who found it difficult",
}
TITLES = {
    "nps": "Why detractors are unhappy",
    "csat": "Why dissatisfied respondents are unhappy",
    "ces": "Why respondents found it difficult",
}
METHODS = {
    "standard": "",
    "top2": ", the share of the two highest answers,",
    "top1": ", the share of the highest answer,",
    "top3": ", the share of the three highest answers,",
    "mean": ", the mean answer,",
    "percent_of_maximum": ", the mean answer in percent of the maximum,",
    "percent_of_highest": ", the mean answer in percent of the highest,",
    "agreement": ", the share that found it easy,",
    "net": ", easy minus difficult,",
}
UNITS = {"points": "points", "percent": "percentage points", "rating": "rating points"}
FEW = 30
SIGNIFICANT = 0.05


def figure(value: float, unit: str) -> str:
    """Return a score as it is written.

    Example:
        >>> figure(12.34, "points"), figure(-0.04, "points"), figure(74, "percent")
        ('+12.3', '0.0', '74.0%')
    """
    if unit == "rating":
        return f"{value:.2f}"
    if unit == "percent":
        return f"{value:.1f}%"
    return f"{value:+.1f}" if abs(value) >= 0.05 else "0.0"


def amount(value: float, unit: str) -> str:
    """Return a difference of scores without sign, such as points lost."""
    return f"{value:.2f}" if unit == "rating" else f"{value:.1f}"


def share(part: float) -> str:
    """Return a share as a whole percentage; a small one that is not nothing stays visible.

    Example:
        >>> share(0.344), share(0.0), share(0.001)
        ('34%', '0%', 'under 1%')
    """
    if 0 < part < 0.005:
        return "under 1%"
    return f"{part:.0%}"


def opening(score: Score, notes: dict[str, Any], reasons: tuple[Reason, ...]) -> list[str]:
    """Return the answer: the score, who wrote, the reasons, and where the points go."""
    sentences = [_score_sentence(score, notes)]
    if notes["n_wrote"] == 0:
        return [*sentences, "Nobody left a comment that can be read, so words cannot say why."]
    sentences.append(_wrote_sentence(notes))
    sentences += [_reasons_sentence(notes, reasons)]
    if notes["points_lost_total"] > 1e-9:
        sentences.append(_waterfall_sentence(notes))
    return sentences


def _score_sentence(score: Score, notes: dict[str, Any]) -> str:
    value, low, high = (figure(x, score.unit) for x in (score.value, score.low, score.high))
    own = "" if notes["rating"] == score.metric else f" of {notes['rating']!r}"
    groups = joined(
        f"{n:,} {name}" + (f" ({notes['answers'][name]})" if notes["answers"].get(name) else "")
        for name, n in list(score.counts.items())[::-1]
    )
    without = "gave no rating" + (" that can be used" if notes["ratings_set_aside"] else "")
    missing = f" {score.n_missing:,} more {without}." if score.n_missing else ""
    return (
        f"The {score.metric.upper()}{own}{METHODS[score.method]} is {value} ({score.level:.0%} "
        f"interval {low} to {high}) from {people(score.n)}: {groups}.{missing} "
        f"{turned_sentence(notes['scale'])}"
    ).rstrip()


def people(n: int) -> str:
    """Return a number of respondents."""
    return f"{n:,} respondent" + ("" if n == 1 else "s")


def _wrote_sentence(notes: dict[str, Any]) -> str:
    n, wrote = notes["n_respondents"], notes["n_wrote"]
    low, low_wrote = notes["n_groups"]["detractors"], notes["n_wrote_groups"]["detractors"]
    if wrote == n > 1:
        return f"All {n:,} left a comment that can be read."
    sentence = f"{wrote:,} of the {n:,} ({share(wrote / n)}) left a comment that can be read"
    if low:
        who = WHO[notes["metric"]]
        sentence += f", {low_wrote:,} of the {low:,} {who} ({share(low_wrote / low)}) among them"
    return f"{sentence}."


def _reasons_sentence(notes: dict[str, Any], reasons: tuple[Reason, ...]) -> str:
    who, unit = WHO[notes["metric"]], notes["unit"]
    if reasons:
        first, *rest = reasons
        parts = [
            f"{first.name} ({first.n:,} of them, {amount(first.points_lost, unit)} {UNITS[unit]})",
            *(f"{r.name} ({r.n:,}, {amount(r.points_lost, unit)})" for r in rest),
        ]
        return f"What {who} blame, by points lost: {joined(parts)}."
    if not notes["n_groups"]["detractors"]:
        return f"There are no {who}, so there is nothing to explain about them."
    if not notes["n_wrote_groups"]["detractors"]:
        return f"No comment of {who} can be read, so words cannot say why they are unhappy."
    if notes["n_shown"]:
        return (
            f"No reason can be given: the themes found are blamed more often by others than {who}."
        )
    if notes["n_blamed"]:
        return (
            f"No reason can be given: every theme is blamed by fewer than {notes['min_n']} "
            "respondents, which is too few to build on."
        )
    return f"No reason can be given: no theme was found that {who} blame."


def _waterfall_sentence(notes: dict[str, Any]) -> str:
    unit = notes["unit"]
    digits = 2 if unit == "rating" else 1
    total, none, silent = (
        round(max(notes[name], 0.0), digits)
        for name in ("points_lost_total", "no_negative_theme", "no_comment")
    )
    said = {
        "themes that were blamed": max(total - none - silent, 0.0),
        "comments that blame no theme": none,
        "respondents who left no comment that can be read": silent,
    }
    (first, lost), *rest = [
        (what, amount(x, unit)) for what, x in said.items() if round(x, digits) > 0
    ] or [("themes that were blamed", amount(0, unit))]
    parts = [f"{lost} of them come with {first}", *(f"{lost} with {what}" for what, lost in rest)]
    return (
        f"The score lies {amount(total, unit)} {UNITS[unit]} below its maximum of "
        f"{figure(notes['maximum'], unit)}: {joined(parts)}."
    )


def reason_sentence(
    reason: dict[str, float], name: str, notes: dict[str, Any], *, sets_apart: bool
) -> str:
    """Return the figures of one reason in words.

    Args:
        reason: ``n``, ``share``, ``share_low``, ``share_high``, ``points_lost`` and its ends, and
            ``share_others``.
        name: Display name of the theme.
        notes: Notes of the driver table.
        sets_apart: Whether the low group blames it more often than others, beyond chance.
    """
    who, unit = WHO[notes["metric"]], notes["unit"]
    low_group = notes["n_groups"]["detractors"]
    others = notes["n_respondents"] - low_group
    against = f", against {share(reason['share_others'])} of the others" if others else ""
    ends = (reason["points_lost_low"], reason["points_lost_high"])
    known = "" if any(map(pd.isna, ends)) else f" ({'–'.join(amount(x, unit) for x in ends)})"
    sentence = (
        f"{name}: {reason['n']:,.0f} of {low_group:,} {who} ({share(reason['share'])}, "
        f"{notes['confidence']:.0%} interval {reason['share_low'] * 100:.0f}–"
        f"{share(reason['share_high'])}) blame it{against}; it comes with "
        f"{amount(reason['points_lost'], unit)} of the "
        f"{amount(notes['points_lost_total'], unit)} {UNITS[unit]} lost{known}."
    )
    if others and not sets_apart:
        sentence += (
            " Among those who wrote, the difference from the others may be chance, so it need not "
            f"be what sets {who} apart."
        )
    return sentence


def others_blame(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return which themes others blame more often than the low group, beyond chance."""
    return (table["q_value"] <= SIGNIFICANT) & (table["odds_ratio"] < 1)


def limits(table: pd.DataFrame, notes: dict[str, Any], names: dict[str, str]) -> list[str]:
    """Return what cannot be said, and why."""
    said = [
        "These are themes that come together with low ratings. They are not shown to cause them, "
        "and nothing here says what the score would be if one were put right."
    ]
    return (
        said + _limits_of_words(notes) + _limits_of_people(notes) + _left_out(table, notes, names)
    )


def _limits_of_words(notes: dict[str, Any]) -> list[str]:
    said, unit = [], notes["unit"]
    if 0 < notes["n_wrote"] < notes["n_respondents"]:
        said.append(
            f"Only those who wrote can be read: the score of the {people(notes['n_wrote'])} with a "
            f"comment is {figure(notes['score_wrote'], unit)}, that of all "
            f"{figure(notes['score'], unit)}."
        )
    if notes["n_wrote"]:
        said.append(
            "Themes, and whether a comment praises or blames them, were found by a program, not by "
            "a person: some are missed, some are wrong."
        )
    return said


def _limits_of_people(notes: dict[str, Any]) -> list[str]:
    said, who, n = [], WHO[notes["metric"]], notes["n_respondents"]
    if aside := notes["ratings_set_aside"]:
        parts = [f"{number:,} ({why})" for why, number in aside.items()]
        said.append(f"Ratings set aside, which do not count in the score: {joined(parts)}.")
    low = notes["n_groups"]["detractors"]
    if notes["constant"] and n > 1:
        said.append("All respondents gave the same rating, so no theme can be linked with it.")
    if low == n and n > 1:
        said.append(f"All respondents are {who}: there is nobody to compare them with.")
    if n < FEW or 0 < low < FEW:
        said.append(
            f"There {'is' if n == 1 else 'are'} only {people(n)}, {low:,} of them {who}: intervals "
            "are wide, and the order of reasons may change with a few more answers."
        )
    return said


def _left_out(table: pd.DataFrame, notes: dict[str, Any], names: dict[str, str]) -> list[str]:
    who = WHO[notes["metric"]]
    everywhere = table["n_negative"] == notes["n_respondents"]
    small = table["suppressed"] & (table["n_negative"] > 0)
    themes = (
        (
            everywhere,
            "Every respondent blames it, so what it does to the score cannot be told",
            "Every respondent blames them, so what they do to the score cannot be told",
        ),
        (
            others_blame(table),
            f"Not named as a reason, since others blame it more often than {who}",
            f"Not named as reasons, since others blame them more often than {who}",
        ),
        (
            small,
            f"Left out because fewer than {notes['min_n']} respondents blame it",
            f"Left out because fewer than {notes['min_n']} respondents blame each of them",
        ),
    )
    return [
        f"{one if rows.sum() == 1 else many}: "
        f"{joined(names[theme] for theme in table.loc[rows, 'theme'])}."
        for rows, one, many in themes
        if rows.any()
    ]
