"""Themes × ratings: who mentions what, and what they answered; every driver starts here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_object_dtype, is_string_dtype

from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.schema import (
    POLARITIES,
    check_comments,
    check_mentions,
    respondent_ids,
    themes_without_subject,
)
from feedback_nlp.scores import Definition, definition_of
from feedback_nlp.scores.answers import Scale, read_people, to_floats

Level = Literal["top", "sub"]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThemeMatrix:
    """Respondents × themes, aligned: row i of everything is the same respondent.

    Attributes:
        people: One row for each respondent with a rating, indexed by ``respondent_id``:
            ``rating``, ``x`` (what the respondent contributes to the score), ``group`` (0 low, 1
            middle, 2 top), ``wrote`` (left a comment with words that can be read) and ``spoke``
            (wrote, or has a mention).
        negative: Who mentions which theme negatively.
        positive: Who mentions which theme positively.
        neutral: Who mentions which theme neutrally; an unknown polarity is none of the three.
        any: Who mentions which theme at all, of whatever polarity.
        definition: The score.
        n_missing: Respondents without a rating; they are not among the rows.
        times: How many respondents each row stands for; one each if not given (``patterns``).
    """

    people: pd.DataFrame
    negative: pd.DataFrame
    positive: pd.DataFrame
    neutral: pd.DataFrame
    any: pd.DataFrame
    definition: Definition
    n_missing: int
    times: NDArray[np.int64] | None = None

    @property
    def n(self) -> int:
        """How many respondents there are."""
        return len(self.people) if self.times is None else int(self.times.sum())

    @property
    def often(self) -> NDArray[np.int64]:
        """How many respondents each row stands for."""
        return np.ones(len(self.people), dtype=np.int64) if self.times is None else self.times

    def count(self, who: Mask, among: Mask | None = None) -> Any:  # noqa: ANN401
        """Return how many respondents are marked, in each column where there are several.

        Args:
            who: One truth value a row, or a row of them.
            among: Only these rows.
        """
        rows = who if among is None else who[among]
        if self.times is None:
            return rows.sum(axis=0)
        return (self.times if among is None else self.times[among]) @ rows.astype(np.int64)

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes, in alphabetical order."""
        return tuple(self.any.columns)

    def in_group(self, group: int) -> Mask:
        """Return who is in the low (0), middle (1) or top (2) group."""
        return np.asarray(self.people["group"].to_numpy() == group, dtype=bool)


def theme_matrix(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    level: Level = "top",
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
) -> ThemeMatrix:
    """Return who mentions which theme, with their ratings.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments; the polarity may be missing.
        rating: The rating column.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps the ids as they are.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: Themes (with their sub-themes) that explain nothing, such as praise without a
            subject; those noted with the mentions if not given.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Late", "Fine"]})
        >>> late = Mention(theme="delivery.speed", polarity="negative", theme_confidence=1,
        ...                polarity_confidence=1, start=0, end=4)
        >>> mentions = mentions_table([("a", "Late", late)], ["delivery.speed"])
        >>> found = theme_matrix(comments.assign(nps=[3, 9]), mentions)
        >>> list(found.negative["delivery"])
        [True, False]
    """
    check_comments(comments)
    check_mentions(mentions, comments, needs=("comment_id", "theme", "polarity"))
    if not_drivers is None:
        not_drivers = themes_without_subject(mentions)
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    people = read_people(comments, rating, definition.scale, whole=definition.metric == "nps")
    answers = to_floats(people[rating])
    used = ~np.isnan(answers)
    index = pd.Index(people.loc[used, "respondent_id"], name="respondent_id")
    at = index.get_indexer(pd.Index(respondent_ids(comments)))
    place = pd.Index(comments["comment_id"]).get_indexer(pd.Index(mentions["comment_id"]))
    frames = _frames(mentions, at[place], index, level, not_drivers)
    wrote, spoke = np.zeros(len(index), dtype=bool), np.zeros(len(index), dtype=bool)
    wrote[at[(at >= 0) & usable(comments)]] = True
    spoke[at[place][at[place] >= 0]] = True
    rows = pd.DataFrame(
        {
            "rating": answers[used],
            "x": definition.contribution(answers[used]),
            "group": definition.group(answers[used]),
            "wrote": wrote,
            "spoke": spoke | wrote,
        },
        index=index,
    )
    return ThemeMatrix(
        people=rows, definition=definition, n_missing=int((~used).sum()), times=None, **frames
    )


def usable(comments: pd.DataFrame) -> Mask:
    """Return which comments can be read: status ``ok``, or without a status those with text.

    Raises:
        ColumnError: The text is numbers or dates.
    """
    if "status" in comments.columns:
        return np.asarray(comments["status"] == "ok", dtype=bool)
    if "text" not in comments.columns:
        return np.zeros(len(comments), dtype=bool)
    text = comments["text"]
    there = text.notna().to_numpy(dtype=bool)
    kind = getattr(text.dtype, "categories", text).dtype
    if there.any() and not (is_object_dtype(kind) or is_string_dtype(kind)):
        raise ColumnError(
            f"Column 'text' does not hold text but {kind}; name the column with the comments, or "
            "convert it with astype('str')."
        )
    written = text[there].astype("str").str.strip() != ""
    readable = np.zeros(len(text), dtype=bool)
    readable[there] = written.to_numpy(dtype=bool)
    return readable


def fold(themes: pd.Series, level: Level) -> pd.Categorical:
    """Return theme ids, for ``top`` cut to their parent; only those that occur, sorted.

    Raises:
        FeedbackError: No such level.
        ColumnError: A mention has no theme.

    Example:
        >>> list(fold(pd.Series(["price.fees", "price"]), "top"))
        ['price', 'price']
    """
    if level not in ("top", "sub"):
        raise FeedbackError(f"No level {level!r}; choose top or sub.")
    codes, ids = pd.factorize(themes.astype("object"), sort=True)
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0]) + 1
        raise ColumnError(f"Column 'theme' is empty in row {row}; a mention is of a theme.")
    names = [str(theme).partition(".")[0] if level == "top" else str(theme) for theme in ids]
    kept = sorted(set(names))
    place = np.array([kept.index(name) for name in names], dtype=np.intp)
    return pd.Categorical.from_codes(place[codes], categories=pd.Index(kept, dtype="str"))


def drops(themes: pd.Series, not_drivers: Collection[str]) -> Mask:
    """Return which mentions are of themes that explain nothing, or of their sub-themes."""
    names = [not_drivers] if isinstance(not_drivers, str) else list(not_drivers)
    own = themes.astype("object").isin(names).to_numpy()
    return np.asarray(own | fold(themes, "top").isin(names), dtype=bool)


def _frames(
    mentions: pd.DataFrame,
    row: NDArray[np.intp],
    index: pd.Index,
    level: Level,
    not_drivers: Collection[str],
) -> dict[str, pd.DataFrame]:
    """Return the frames of who mentions what."""
    left = ~drops(mentions["theme"], not_drivers)
    kept, row = mentions[left], row[left]
    theme = fold(kept["theme"], level)
    polarity = kept["polarity"].astype("object").to_numpy()
    chosen = {"any": row >= 0}
    chosen |= {name: (row >= 0) & (polarity == name) for name in POLARITIES}
    grids = {name: np.zeros((len(index), len(theme.categories)), dtype=bool) for name in chosen}
    for name, rows in chosen.items():
        grids[name][row[rows], theme.codes[rows]] = True
    seen = np.flatnonzero(grids["any"].any(axis=0))
    columns = theme.categories[seen]
    return {
        name: pd.DataFrame(grid[:, seen], index=index, columns=columns)
        for name, grid in grids.items()
    }
