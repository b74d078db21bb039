"""Respondents with problems and pleasures that move their answers by known amounts."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Writing = tuple[float, float, float]

START, SPREAD = 8.8, 1.8  # of what a respondent without problem or pleasure would answer, 0 to 10
TROUBLED = (0.6, 1.4)  # half of the respondents have problems less often, half more often
CSAT_STEP, CSAT_SPREAD = 0.4, 1.0
WRITING: Writing = (0.85, 0.60, 0.55)
SEGMENTS = ("North", "South")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedTheme:
    """What one theme does to the answers.

    Attributes:
        theme: Its id.
        role: What it is there for, in a word or two.
        blamed: Share of respondents who have the problem, 0–1.
        costs: Points of the 0–10 answer that the problem takes away.
        praised: Share of those without the problem who have the pleasure, 0–1.
        brings: Points that the pleasure adds.
        follows: A theme named before, whose problem brings this one along, or "".
        following: Share of those with that problem who have this one; ``blamed`` is then of the
            others.
    """

    theme: str
    role: str
    blamed: float = 0.0
    costs: float = 0.0
    praised: float = 0.0
    brings: float = 0.0
    follows: str = ""
    following: float = 0.0


PLANTED = (
    PlantedTheme(theme="delivery", role="strong", blamed=0.10, costs=4.0),
    PlantedTheme(
        theme="service", role="medium", blamed=0.14, costs=2.2, praised=0.12, brings=0.8
    ),
    PlantedTheme(theme="price", role="weak", blamed=0.20, costs=0.9),
    PlantedTheme(theme="trust", role="rare strong", blamed=0.03, costs=5.0),
    PlantedTheme(theme="assortment", role="useless frequent", blamed=0.28),
    PlantedTheme(
        theme="information", role="innocent companion", blamed=0.06, follows="service",
        following=0.55,
    ),
    PlantedTheme(theme="quality", role="praise", praised=0.22, brings=1.0),
    PlantedTheme(theme="environment", role="useless praise", praised=0.15),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """Respondents, as nobody but us can see them.

    Attributes:
        problems: Respondents × themes: who has which problem.
        pleasures: The same for pleasures.
        answer: What each would answer if the scale of 0 to 10 had no ends and no steps.
        csat_noise: What sets the other rating apart.
        wrote: Who writes.
        segment: Number of the segment.
    """

    problems: Bools
    pleasures: Bools
    answer: Floats
    csat_noise: Floats
    wrote: Bools
    segment: Ints

    def ratings(self, more: Floats | float = 0.0) -> dict[str, Ints]:
        """Return the ratings, had the answers been higher by so much and all else the same."""
        answer = self.answer + more
        csat = 1 + CSAT_STEP * answer + self.csat_noise
        return {
            "nps": np.clip(np.rint(answer), 0, 10).astype(np.int64),
            "csat": np.clip(np.rint(csat), 1, 5).astype(np.int64),
        }

    def said(self) -> Bools:
        """Return who says what: first a column for the blame of each theme, then for its praise."""
        return np.hstack([self.problems, self.pleasures]) & self.wrote[:, np.newaxis]


def draw(
    rng: np.random.Generator,
    n: int,
    themes: tuple[PlantedTheme, ...],
    writing: Writing,
    mood: float,
) -> People:
    """Draw respondents.

    Args:
        rng: Chance.
        n: How many.
        themes: What may befall them.
        writing: Share of detractors, passives and promoters who write.
        mood: Points by which those who have problems more often answer lower anyway.
    """
    names = [t.theme for t in themes]
    half = rng.integers(0, 2, n)
    troubled = np.array(TROUBLED)[half]
    problems = np.zeros((n, len(themes)), dtype=bool)
    for i, theme in enumerate(themes):
        share = np.minimum(theme.blamed * troubled, 1)
        if theme.follows:
            share = np.where(problems[:, names.index(theme.follows)], theme.following, share)
        problems[:, i] = rng.random(n) < share
    pleasures = rng.random(problems.shape) < np.array([t.praised for t in themes])
    pleasures &= ~problems
    answer = START + SPREAD * rng.standard_normal(n)
    answer -= mood * half
    answer += pleasures @ np.array([t.brings for t in themes])
    answer -= problems @ np.array([t.costs for t in themes])
    found = People(
        problems=problems,
        pleasures=pleasures,
        answer=answer,
        csat_noise=CSAT_SPREAD * rng.standard_normal(n),
        wrote=np.zeros(n, dtype=bool),
        segment=rng.integers(0, len(SEGMENTS), n),
    )
    nps = found.ratings()["nps"]
    group = (nps >= 7).astype(np.intp) + (nps >= 9)
    return replace(found, wrote=rng.random(n) < np.array(writing)[group])
