"""Figures in plain words: what the score is, what the low group blames, and what cannot be said.

Words say what comes together, never what causes what.
"""

from typing import Any

import pandas as pd

from feedback_nlp.drivers.explanation import Reason, joined
from feedback_nlp.records import Score

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
    "mean": ", the mean answer,",
    "percent_of_maximum": ", the mean answer in percent of the maximum,",
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
    groups = joined(f"{n:,} {name}" for name, n in list(score.counts.items())[::-1])
    missing = f" {score.n_missing:,} more gave no rating." if score.n_missing else ""
    return (
        f"The {score.metric.upper()}{own}{METHODS[score.method]} is {value} ({score.level:.0%} "
        f"interval {low} to {high}) from {people(score.n)}: {groups}.{missing}"
    )


def people(n: int) -> str:
    """Return a number of respondents."""
    return f"{n:,} respondent" + ("" if n == 1 else "s")


def _wrote_sentence(notes: dict[str, Any]) -> str:
    n, wrote = notes["n_respondents"], notes["n_wrote"]
    low, low_wrote = notes["n_groups"]["detractors"], notes["n_wrote_groups"]["detractors"]
    sentence = f"{wrote:,} of the {n:,} ({share(wrote / n)}) left a comment that can be read"
    if low:
        who = WHO[notes["metric"]]
        sentence += f", {low_wrote:,} of the {low:,} {who} ({share(low_wrote / low)}) among them"
    return f"{sentence}."


def _reasons_sentence(notes: dict[str, Any], reasons: tuple[Reason, ...]) -> str:
    who, unit = WHO[notes["metric"]], notes["unit"]
    if reasons:
        parts = (
            f"{r.name} ({r.n:,} of them; {amount(r.points_lost, unit)} {UNITS[unit]})"
            for r in reasons
        )
        return f"What {who} blame in words, with what it stands for: {joined(parts)}."
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
    themes = notes["points_lost_total"] - notes["no_negative_theme"] - notes["no_comment"]
    total, themes, none, silent = (
        amount(max(x, 0.0), unit)
        for x in (
            notes["points_lost_total"], themes, notes["no_negative_theme"], notes["no_comment"],
        )
    )  # fmt: skip
    return (
        f"The score lies {total} {UNITS[unit]} below its maximum of "
        f"{figure(notes['maximum'], unit)}: {themes} of them go with themes that were blamed, "
        f"{none} with comments that blame no theme, and {silent} with respondents who left no "
        "comment that can be read."
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
        f"{share(reason['share_high'])}) blame it in words{against}; it stands for "
        f"{amount(reason['points_lost'], unit)} of the "
        f"{amount(notes['points_lost_total'], unit)} {UNITS[unit]} lost{known}."
    )
    if others and not sets_apart:
        sentence += (
            " Those who wrote among the others blame it about as often, as far as these numbers "
            f"can tell, so it need not be what sets {who} apart."
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
            "Themes and polarities were found by a tagger, not by a person: some are missed, some "
            "are wrong."
        )
    return said


def _limits_of_people(notes: dict[str, Any]) -> list[str]:
    said, who, n = [], WHO[notes["metric"]], notes["n_respondents"]
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
    themes = {
        "Every respondent blames them, so what they do to the score cannot be told: ": (
            table["n_negative"] == notes["n_respondents"]
        ),
        f"No reasons for {WHO[notes['metric']]}, since others blame them more often: ": (
            others_blame(table)
        ),
        f"Left out because fewer than {notes['min_n']} respondents blame them: ": (
            table["suppressed"] & (table["n_negative"] > 0)
        ),
    }
    return [
        f"{said}{joined(names[theme] for theme in table.loc[rows, 'theme'])}."
        for said, rows in themes.items()
        if rows.any()
    ]
