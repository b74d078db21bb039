"""Pockets: segments, and pairs of segments, in which a theme hurts more than elsewhere.

Association, not cause: who is in a segment may differ from the others in many ways.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from feedback_nlp.drivers.join import Level, Mask, ThemeMatrix, theme_matrix
from feedback_nlp.drivers.pockets.search import FALSE_FINDINGS, Found, search
from feedback_nlp.drivers.pockets.sentences import (
    cautions,
    differing_languages,
    sentence_of,
    summing_up,
)
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.errors import FeedbackError
from feedback_nlp.schema import Notes, theme_names
from feedback_nlp.scores.answers import Scale, read_people, to_floats
from feedback_nlp.scores.survey import no_ratings
from feedback_nlp.scores.traps.segments import (
    SEGMENT,
    Column,
    read_columns,
    segment_names,
    segment_table,
)
from feedback_nlp.showing import safe, theme_name
from feedback_nlp.wordings import wording_in

Among = Literal["commenters", "respondents"]
_COUNTS = (
    "segments", "themes", "looked_at", "few_blame", "too_small", "no_rest", "same",
    "themes_too_small",
)  # fmt: skip
_WHOLE = ("n", "n_blame", "n_outside", "n_blame_outside")
COLUMNS = (
    *SEGMENT, "theme", *_WHOLE, "share", "share_outside",
    "points", "points_outside", "difference", "low", "high", "from_blame", "from_cost", "excess",
    "within_1", "within_2", "p_value", "q_value", "pocket", "mostly", "sentence",
)  # fmt: skip


def pockets_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    by: Sequence[str] | str | None = None,
    depth: int = 2,
    min_n: int = 10,
    level: Level = "top",
    among: Among = "commenters",
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return what each theme costs in each segment and pair of segments, beside elsewhere.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments.
        rating: The rating column; high answers are the good ones.
        by: Columns whose values are the segments; if not given, those the table notes. A missing
            value is a segment of its own.
        depth: 1 for single segments, 2 for pairs of segments of two columns as well.
        min_n: A segment with fewer respondents, or with fewer outside of it, is counted and not
            looked at; where fewer of it blame a theme, that is counted and not shown.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        among: ``commenters`` to count only respondents who wrote a comment that can be read (how
            many do differs between segments), ``respondents`` for all who gave a rating.
        confidence: Level of the intervals, 0–1.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: Themes that explain nothing; those noted with the mentions if not given.

    Returns:
        One row for each segment and theme with enough respondents, pockets first, then by
        ``excess``. Columns: ``segment`` (as text), ``column_1``, ``value_1``, ``column_2``,
        ``value_2`` (missing for a single segment), ``theme``; ``n`` respondents, ``n_blame`` of
        them blame the theme, ``n_outside`` and ``n_blame_outside`` of all others; ``share`` and
        ``share_outside`` who blame it; ``points`` and ``points_outside``, lost by the theme per
        respondent (shares of the shortfall, as in ``driver_table``; where the losses by a theme
        take more than sixty values, each to a sixtieth of the largest); their ``difference`` with
        ``low`` and ``high``; its two parts ``from_blame`` (more blame it) and ``from_cost`` (blame
        goes with lower ratings); ``excess``, the difference times the segment's share of all;
        ``within_1`` and ``within_2``, the difference of a pair from the rest of its first and
        second segment; ``p_value``, one-sided, of hurting more by chance (of a pair the largest of
        three), ``q_value`` (Benjamini–Hochberg over all looked at, those not shown too);
        ``pocket``: q ≤ 0.05, an interval above zero, and no narrower pocket; ``mostly``, the
        pair without which a segment is like the others, which then is the pocket instead of it;
        ``sentence``, of pockets. ``attrs["pockets"]`` has the counts of what was looked at and
        left out (``segments`` counts pairs too; ``same`` are those that hold the respondents of
        one before, ``no_rest`` those with fewer than ``min_n`` others), ``notes``, a ``sentence``.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.
        FeedbackError: A depth other than 1 or 2, the rating or an id among the segments, no such
            base, ``min_n`` negative, or a confidence that is not between 0 and 1.

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(80)], "text": "Late"})
        >>> comments["nps"], comments["shop"] = [2, 9] * 40, ["north"] * 40 + ["south"] * 40
        >>> late = Mention(theme="delivery", polarity="negative", theme_confidence=1,
        ...                polarity_confidence=1, start=0, end=4)
        >>> blamed = [(f"c{i}", "Late", late) for i in range(0, 60, 2)]
        >>> table = pockets_table(comments, mentions_table(blamed, ["delivery"]), by="shop")
        >>> table[["segment", "n_blame", "points", "points_outside", "pocket"]]
              segment  n_blame  points  points_outside  pocket
        0  shop north       20   100.0            50.0    True
        1  shop south       10    50.0           100.0   False
    """
    names = segment_names(comments, by)
    _check(names, rating, depth, among)
    check_settings(min_n=min_n, confidence=confidence)
    matrix = theme_matrix(
        comments, mentions, rating, level=level, metric=metric, method=method, scale=scale,
        not_drivers=not_drivers,
    )  # fmt: skip
    if matrix.people.empty:
        raise no_ratings(rating, matrix.n_missing)
    who = np.ones(len(matrix.people), dtype=bool)
    if among == "commenters":
        who = matrix.people["spoke"].to_numpy(dtype=bool)
    columns, notes = _columns(comments, matrix, rating, names, who)
    table, counts = _empty(), dict.fromkeys(_COUNTS, 0)
    if columns and who.any():
        found = search(
            matrix.people.loc[who], matrix.negative.to_numpy(dtype=bool)[who], columns,
            matrix.definition, depth=depth, min_n=max(min_n, 1), confidence=confidence,
        )  # fmt: skip
        counts = found.counts
        table = _named(found, columns, matrix)
    told = {
        **counts, "rating": rating, "among": among, "n": int(who.sum()),
        "n_respondents": int(who.size), "min_n": max(min_n, 1), "level": level,
        "columns": [safe(column.name) for column in columns], "confidence": confidence,
        "unit": matrix.definition.unit, "false_findings": FALSE_FINDINGS, "notes": notes,
        "languages": differing_languages(comments, names, columns),
    }  # fmt: skip
    return _finished(table, theme_names(mentions), told)


def _check(names: Sequence[str], rating: str, depth: int, among: str) -> None:
    if depth not in (1, 2):
        raise FeedbackError(f"The depth is 1 (segments) or 2 (pairs of them too), not {depth}.")
    if among not in ("commenters", "respondents"):
        raise FeedbackError(f"No base {among!r}; choose commenters or respondents.")
    for name in ("comment_id", "respondent_id"):
        if name in names:
            raise FeedbackError(
                f"{name!r} is an id, and no segment; name columns that many respondents share."
            )
    if rating in names:
        raise FeedbackError(
            f"{rating!r} is the rating itself, and no segment; name columns that say who answered."
        )


def _columns(
    comments: pd.DataFrame, matrix: ThemeMatrix, rating: str, names: list[str], who: Mask
) -> tuple[list[Column], list[str]]:
    """Return the segments of the respondents who count, and notes on columns left out."""
    people = read_people(comments, rating, matrix.definition.scale, keep=names)
    answered = ~np.isnan(to_floats(people[rating]))
    return read_columns(people.loc[answered, names].loc[who])


def _empty() -> pd.DataFrame:
    kinds = dict.fromkeys((*SEGMENT, "theme", "mostly"), "str") | dict.fromkeys(_WHOLE, "int64")
    made = {name: pd.Series(dtype=kinds.get(name, "float64")) for name in COLUMNS[:-1]}
    return pd.DataFrame(made).astype({"pocket": bool})


def _named(found: Found, columns: Sequence[Column], matrix: ThemeMatrix) -> pd.DataFrame:
    """Return the figures with the names of segments and themes, pockets first."""
    table = found.table
    if table.empty:
        return _empty()
    names = segment_table(found.groups, found.rows, columns)
    own = names.take(table["group"].to_numpy()).reset_index(drop=True)
    theme = np.array(matrix.themes, dtype=object)[found.themes][table["theme"].to_numpy()]
    mostly = table["mostly"].to_numpy()
    table = own.assign(
        **table.drop(columns=["group", "theme"]),
        theme=pd.array(theme, dtype="str"),
    )
    table["mostly"] = own["segment"].take(mostly).where(mostly >= 0).to_numpy()
    table["pocket"] = table["beyond"] & (mostly < 0)
    table = table.sort_values(
        ["pocket", "excess", "segment", "theme"], ascending=[False, False, True, True]
    )
    return table.reset_index(drop=True)[[*COLUMNS[:-1]]].astype(_empty().dtypes)


def _finished(
    table: pd.DataFrame, names: Mapping[str, str], told: Mapping[str, Any]
) -> pd.DataFrame:
    """Add the sentences: of each pocket, which come first, and of the whole search."""
    pockets, said = table[table["pocket"]].to_dict("records"), wording_in("en")
    shown = [
        sentence_of(row, said, theme_name(row["theme"], dict(names)), told["unit"],
                    told["confidence"])
        for row in pockets
    ]  # fmt: skip
    others = [""] * (len(table) - len(pockets))
    table = table.assign(sentence=pd.array([*shown, *others], dtype="str"))
    told = {**told, "pockets": len(pockets)}
    told["notes"] = [*told["notes"], *cautions(told, said)]
    table.attrs["pockets"] = Notes(told | {"sentence": summing_up(told, said)})
    return table
