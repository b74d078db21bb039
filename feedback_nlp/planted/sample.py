"""The sample with planted effects: its two tables, and the truth about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from feedback_nlp.errors import FeedbackError
from feedback_nlp.planted.people import (
    PLANTED,
    SEGMENTS,
    WRITING,
    Bools,
    Floats,
    People,
    PlantedTheme,
    Writing,
    draw,
)
from feedback_nlp.planted.reading import Read, read
from feedback_nlp.records import Mention, Polarity
from feedback_nlp.schema import mentions_table

POPULATION = 200_000
WORTH = {  # what each answer adds to the score
    "nps": np.array([-100.0] * 7 + [0.0] * 2 + [100.0] * 2),
    "csat": np.array([0.0] * 4 + [100.0] * 2),
}
NO_THEME = "That is my answer."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Planted:
    """A sample with the truth about it.

    Attributes:
        comments: A comments table: ``comment_id``, ``respondent_id``, ``text``, ``nps`` (0–10),
            ``csat`` (1–5) and ``segment``, which changes nothing.
        mentions: The mentions of these comments, as a tagger with the errors wanted gives them.
        truth: What is true of all who might have been asked, one row for each rating (``nps``;
            ``csat`` as share of 4 and 5) and theme: see ``make_planted_sample``.
    """

    comments: pd.DataFrame
    mentions: pd.DataFrame
    truth: pd.DataFrame


def make_planted_sample(
    n: int = 1000,
    seed: int = 0,
    *,
    effects: Sequence[PlantedTheme] = PLANTED,
    tagging_errors: float = 0.0,
    writing: Writing = WRITING,
    mood: float = 0.0,
    nothing: bool = False,
) -> Planted:
    """Return respondents with planted reasons, what a tagger reads of them, and the truth.

    Planted unless other effects are given: a strong, a medium and a weak reason, the weaker the
    more frequent; a rare strong one (3 %); a frequent complaint without any effect; an innocent
    theme that comes with the medium reason; praise with and without effect. Problems come together:
    half of the respondents have more of all of them.

    Args:
        n: Number of respondents, 0 or more; each has one comment, blank for who does not write.
        seed: Same seed, same respondents; their problems, answers and words do not depend on the
            errors of the tagger.
        effects: The themes.
        tagging_errors: Share e of errors, 0 up to 1: of true mentions e are read wrongly (half are
            missed, a quarter given to another theme, a quarter turned round), and as many are
            made up as it takes for a share 1 − e of all mentions to be right.
        writing: Share of detractors, passives and promoters who write.
        mood: Points by which the half who have more problems answer lower anyway, whatever their
            problems. No analysis of these tables can tell this from an effect of the problems.
        nothing: No theme has an effect: ratings do not depend on problems and pleasures.

    Returns:
        The sample. Its truth has the columns ``rating``; ``theme``; ``role``; ``costs`` and
        ``brings`` as planted; ``share`` of all respondents who blame the theme in a comment;
        ``points_lost`` as defined for ``driver_table``, of a perfect tagger, and
        ``points_lost_read``, of one with these errors; ``gain``, the score if those who blame it
        had not had the problem, minus the score; ``gain_all``, the same if nobody had, those who
        keep silent included. It is of 200,000 other respondents, the same for every seed, and
        right to about 0.15 points.

    Raises:
        FeedbackError: ``n`` is negative, the share of errors is not from 0 up to 1, or a theme is
            planted twice or follows one that is not named before it.

    Example:
        >>> planted = make_planted_sample(500, seed=1)
        >>> nps = planted.truth.query("rating == 'nps'").sort_values("gain", ascending=False)
        >>> list(nps["theme"].head(3)), len(planted.comments)
        (['delivery', 'service', 'price'], 500)
    """
    if n < 0:
        raise FeedbackError(f"A sample of {n} responses cannot be made; give a number from 0 up.")
    if not 0 <= tagging_errors < 1:
        raise FeedbackError(
            f"tagging_errors is {tagging_errors:g}; give a share from 0 up to 1, such as 0.1."
        )
    _check(effects)
    themes = tuple(replace(t, costs=0.0, brings=0.0) if nothing else t for t in effects)
    people = draw(np.random.default_rng([seed, 0]), n, themes, writing, mood)
    found = read(np.random.default_rng([seed, 1]), people, tagging_errors)
    comments = _comments(people, themes)
    return Planted(
        comments=comments,
        mentions=_mentions(comments, themes, found),
        truth=_truth(themes, writing, mood, tagging_errors).copy(),
    )


def _check(effects: Sequence[PlantedTheme]) -> None:
    """Raise if the themes cannot be planted."""
    before: set[str] = set()
    for theme in effects:
        if theme.theme in before:
            raise FeedbackError(f"Theme {theme.theme!r} is planted twice; plant each once.")
        if theme.follows and theme.follows not in before:
            raise FeedbackError(
                f"Theme {theme.theme!r} follows {theme.follows!r}, which is not planted before it; "
                "name the themes in order."
            )
        before.add(theme.theme)


def _sentences(themes: tuple[PlantedTheme, ...]) -> list[str]:
    """Return what people write, in the order of what they say."""
    return [f"The {t.theme} was {how}." for how in ("bad", "good") for t in themes]


def _comments(people: People, themes: tuple[PlantedTheme, ...]) -> pd.DataFrame:
    """Return the comments table."""
    sentences = _sentences(themes)
    numbers = range(1, people.wrote.size + 1)
    said = [
        " ".join(sentence for sentence, own in zip(sentences, row, strict=True) if own)
        for row in people.said().tolist()
    ]
    text = np.where(people.wrote, [words or NO_THEME for words in said], "")
    return pd.DataFrame(
        {
            "comment_id": pd.array([f"c{i}" for i in numbers], dtype="str"),
            "respondent_id": pd.array([f"r{i}" for i in numbers], dtype="str"),
            "text": pd.array(text.tolist(), dtype="str"),
            **people.ratings(),
            "segment": pd.array([SEGMENTS[i] for i in people.segment], dtype="str"),
        }
    )


def _mentions(
    comments: pd.DataFrame, themes: tuple[PlantedTheme, ...], found: Read
) -> pd.DataFrame:
    """Return the mentions table; a theme that is made up is read into the first sentence."""
    ids, texts = comments["comment_id"].tolist(), comments["text"].tolist()
    sentences = _sentences(themes)
    rows = []
    for row, slot, sentence in zip(
        found.row.tolist(), found.slot.tolist(), found.sentence.tolist(), strict=True
    ):
        text = texts[row]
        words = text[: text.index(".") + 1] if sentence < 0 else sentences[sentence]
        start = text.index(words)
        polarity: Polarity = "negative" if slot < len(themes) else "positive"
        mention = Mention(
            theme=themes[slot % len(themes)].theme, polarity=polarity, theme_confidence=0.9,
            polarity_confidence=0.9, start=start, end=start + len(words), source="model",
        )  # fmt: skip
        rows.append((ids[row], text, mention))
    rows.sort(key=lambda triple: (int(triple[0][1:]), triple[2].start))
    return mentions_table(rows, [t.theme for t in themes])


@lru_cache(maxsize=32)
def _truth(
    themes: tuple[PlantedTheme, ...], writing: Writing, mood: float, errors: float
) -> pd.DataFrame:
    """Return what is true of a population, by asking it again without each problem."""
    people = draw(np.random.default_rng(0), POPULATION, themes, writing, mood)
    blame = people.said()[:, : len(themes)]
    found = read(np.random.default_rng(1), people, errors)
    as_read = np.zeros((POPULATION, 2 * len(themes)), dtype=bool)
    as_read[found.row, found.slot] = True
    ratings = people.ratings()
    rows = []
    for rating, worth in WORTH.items():
        shortfall = 100 - worth[ratings[rating]]
        points = _points(shortfall, blame)
        points_read = _points(shortfall, as_read[:, : len(themes)])
        for i, theme in enumerate(themes):
            eased: Floats = np.where(people.problems[:, i], theme.costs, 0.0)
            gains = worth[people.ratings(eased)[rating]] - worth[ratings[rating]]
            rows.append(
                {
                    "rating": rating, "theme": theme.theme, "role": theme.role,
                    "costs": theme.costs, "brings": theme.brings, "share": blame[:, i].mean(),
                    "points_lost": points[i], "points_lost_read": points_read[i],
                    "gain": gains[people.wrote].sum() / POPULATION, "gain_all": gains.mean(),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _points(shortfall: Floats, blame: Bools) -> Floats:
    """Return the points lost with each theme: everybody's shortfall, shared over what is blamed."""
    share: Floats = shortfall / np.maximum(blame.sum(axis=1), 1) / shortfall.size
    return np.asarray(share @ blame, dtype=np.float64)
