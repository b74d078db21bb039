"""Reasons that mostly come with a stronger one, and so may be named because of it.

Where some mentions of a theme are missed, what it goes with falls in part to themes that come with
it, and no interval shows that. In ``benchmarks/recovery.py`` a theme without any effect that came
with a real reason was named in 22 to 94 of 100 reports of 1,000 respondents and more for that cause
(10 to 30 % tagging errors). A quarter and more also blamed a stronger reason in 94 to 100 of 100 of
these cases, and in 6 to 18 of 100 of the real reasons.
"""

from dataclasses import replace

import pandas as pd

from feedback_nlp.drivers.explain.findings import Companion, Finding

MANY = 0.25


def with_companions(reasons: tuple[Finding, ...], negative: pd.DataFrame) -> tuple[Finding, ...]:
    """Return reasons with the stronger one that a quarter and more of their blamers blame as well.

    Args:
        reasons: The reasons, the largest adjusted gain first.
        negative: Which respondent blames which theme (``ThemeMatrix.negative``).
    """
    return tuple(
        replace(reason, companion=companion_of(reason, reasons[:place], negative))
        for place, reason in enumerate(reasons)
    )


def companion_of(
    reason: Finding, stronger: tuple[Finding, ...], negative: pd.DataFrame
) -> Companion | None:
    """Return the stronger reason that most of those who blame a reason blame as well.

    Returns:
        Nothing if it is fewer than a quarter of them. Of two that as many blame, the stronger.
    """
    blame = negative.loc[negative[reason.theme], [other.theme for other in stronger]]
    both = blame.sum()
    if both.empty or both.max() < MANY * len(blame):
        return None
    return Companion(theme=str(both.idxmax()), n=int(both.max()), of=len(blame))
