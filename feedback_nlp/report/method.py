"""What each figure of the report is and is not, in plain words."""

from collections.abc import Sequence

from feedback_nlp.records import Score
from feedback_nlp.report.parts import GroupShare
from feedback_nlp.scores import Definition

_INTERVALS = {
    "score": "score interval of a difference between two shares of one sample",
    "adjusted_wald": "adjusted Wald interval",
    "wilson": "Wilson interval",
    "mean_score": "score interval of a mean between two bounds",
    "t": "t interval, cut at the ends of the scale",
    "bca": "bootstrap (BCa)",
    "census": "none, because everybody answered",
    "bounded": "interval by the limits of the scale, because all answers are equal",
}
LIMITS = (
    "A theme that nobody mentions is not a theme that everybody is happy with.",
    "Where a comment does not say whether something was good or bad, its polarity is unknown. "
    "Unknown is not neutral, and counts on neither side.",
    "Intervals cover chance only: not who was asked, who answered, or themes tagged wrongly.",
)


def method(
    score: Score, definition: Definition, groups: Sequence[GroupShare], min_n: int
) -> tuple[tuple[str, str], ...]:
    """Return what each figure is, in plain words."""
    low, _, top = groups
    ends = _INTERVALS.get(score.interval, score.interval)
    formula = {
        "net": f"Share of {top.people} minus share of {low.people}, in points from −100 to 100.",
        "share": f"Share of respondents who answered {top.answers or top.name}.",
        "mean": "Mean of the answers.",
    }[definition.kind]
    return (
        (
            "Score",
            f"{formula} Each respondent counts once. Interval: {ends}, {score.level:.0%}.",
        ),
        (
            "Points lost",
            "How far a respondent's answer falls short of the best one is shared equally over the "
            "themes that this respondent mentions negatively, and averaged over all respondents. "
            "What no theme explains is shown as such, so everything adds up to the distance "
            "between the best possible score and the score. The intervals are score intervals of "
            "a mean, as those of the score itself.",
        ),
        (
            f"Shares of {low.people} and {top.people}",
            "Respondents of the group who mention the theme negatively, out of all respondents of "
            "the group, also those who wrote nothing.",
        ),
        (
            "Odds ratio",
            f"How much greater the odds are that {low.people} mention a theme negatively than that "
            "other respondents who wrote do; 1 means no difference. q is the p-value of Fisher's "
            "exact test after Benjamini and Hochberg's correction for the number of themes.",
        ),
        (
            "Reasons",
            f"Themes that {low.people} mention negatively more often than others, beyond chance "
            "(q ≤ 0.05), and that go with a lower score, beyond chance, where all other themes are "
            "held fixed. They are ranked by this adjusted gain: how much higher the score would be "
            "if those who blame the theme had scored like respondents who otherwise say the same, "
            "by a regularised model of all themes at once, with bootstrap intervals. That is an "
            "association, not what a remedy would win.",
        ),
        (
            "Themes and polarity",
            "Found in each part of a comment by the program named under “Made from”; the words "
            "each finding rests on are marked in the quotes and listed in the spreadsheet.",
        ),
        (
            "Small groups",
            f"Themes that fewer than {min_n} respondents mention negatively, and segments and "
            f"periods with fewer than {min_n} answers, are neither shown nor ranked.",
        ),
        (
            "Words",
            "Counted once for each comment. Stop words, bare numbers and personal data are left "
            "out; a negation and the word it turns around count as one.",
        ),
        (
            "Quotes",
            "Short, typical and different from one another. E-mail addresses, phone numbers and "
            "other personal data that can be recognised are masked.",
        ),
    )
