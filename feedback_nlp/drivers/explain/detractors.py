"""Why detractors are unhappy: the driver table turned into reasons, words, quotes and limits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.drivers.base import BaseFinding, base_findings
from feedback_nlp.drivers.explain.companions import with_companions
from feedback_nlp.drivers.explain.evidence import Evidence
from feedback_nlp.drivers.explain.explanation import Explanation
from feedback_nlp.drivers.explain.findings import Blamed, Estimate, Finding, Findings, Part
from feedback_nlp.drivers.explain.scales import group_answers
from feedback_nlp.drivers.explain.telling import tell
from feedback_nlp.drivers.explain.verdicts import RANKED_BY, verdicts
from feedback_nlp.drivers.impact.subthemes import subtheme_table
from feedback_nlp.drivers.impact.table import table_of_matrix
from feedback_nlp.drivers.join import Level, ThemeMatrix, theme_matrix
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import REPORT_LANGUAGES, Score
from feedback_nlp.schema import check_comments, info, theme_names
from feedback_nlp.scores import score_of, wilson
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.survey import no_ratings
from feedback_nlp.wordings import wording_in


def explain_detractors(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    report_language: str = "en",
    n_reasons: int = 5,
    n_quotes: int = 3,
    level: Level = "top",
    min_n: int = 10,
    n_boot: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
    names: Mapping[str, str] | None = None,
    stop_words: Collection[str] = (),
    segments: Sequence[str] | None = None,
) -> Explanation:
    """Return why detractors are unhappy, in words with figures and quotes, and what cannot be said.

    A theme is a reason only if detractors blame it more often than others, beyond chance and
    corrected for the number of themes, and a lower score goes with it beyond chance where all
    other themes are held fixed (``adjusted_gain_low`` above zero). Reasons are ranked by that
    adjusted gain. For other scores than NPS the
    low group is explained: dissatisfied respondents, or those who found it difficult.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments.
        rating: The rating column; high answers are the good ones.
        report_language: The language of the answer: ``en``, ``nl``, ``nb`` or ``lv``. Quotes,
            answers and segments stay as they are.
        n_reasons: How many reasons at most; 1 or more.
        n_quotes: How many quotes for each reason at most.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        min_n: Themes that fewer respondents mention negatively are no reasons.
        n_boot: Bootstrap draws for the interval of the adjusted gain; 1 or more, since there is no
            reason without it.
        seed: Of the bootstrap.
        confidence: Level of all intervals.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: Themes that explain nothing; those noted with the mentions if not given.
        names: Display name of each theme id; those noted with the mentions in the report language
            if not given.
        stop_words: A further word or words that mark nothing, besides those of the seven languages.
        segments: The column or columns shown with quotes; if not given, those that the table notes.

    Returns:
        An explanation that shows itself in a notebook. Where the data can give no reason it says
        so, why, and about how many more comments it would take.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.
        FeedbackError: There are no words in that language, ``n_boot`` or ``n_reasons`` is less than
            1, or ``n_quotes`` less than 0.

    Example:
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["", ""], "nps": [3, 9]})
        >>> found = explain_detractors(comments, mentions_table([], []))
        >>> found.reasons, found.sentences[1]
        ((), 'Nobody left a comment that can be read, so words cannot say why.')
    """
    wording_in(report_language)
    _check_numbers(n_boot, n_reasons, n_quotes)
    check_comments(comments, needs=("comment_id", "text"))
    chosen: dict[str, Any] = {"metric": metric, "method": method, "scale": scale}
    checked = {**chosen, "not_drivers": not_drivers, "min_n": min_n, "confidence": confidence}
    check_settings(min_n=min_n, n_boot=n_boot, seed=seed, confidence=confidence)
    matrix = theme_matrix(
        comments, mentions, rating, level=level, not_drivers=not_drivers, **chosen
    )
    if matrix.people.empty:
        raise no_ratings(rating, matrix.n_missing)
    table = table_of_matrix(
        matrix, rating, level=level, min_n=min_n, n_boot=n_boot, seed=seed, confidence=confidence
    )
    score = score_of(comments, rating, level=confidence, **chosen)
    shown = _shown(comments, rating, segments)
    base = base_findings(matrix, rating, min_n=min_n, confidence=confidence)
    found = _found(comments, mentions, matrix, names, table=table, score=score, base=base)
    rows = _reasons(found).head(n_reasons)
    if not rows.empty:
        evidence = Evidence.of(comments, mentions, matrix, level=level, min_n=min_n, segments=shown)
        parts = None
        if level == "top":  # else they are themes of their own, beside the one they belong to
            parts = subtheme_table(comments, mentions, rating, **checked)
        refused = _several(stop_words)
        described = (
            _described(row, found, evidence, parts, n_quotes=n_quotes, stop_words=refused)
            for row in rows.to_dict("records")
        )
        found = replace(found, reasons=with_companions(tuple(described), matrix.negative))
    return tell(found, report_language)


def _check_numbers(n_boot: int, n_reasons: int, n_quotes: int) -> None:
    if n_boot < 1:
        raise FeedbackError(
            f"n_boot is {n_boot}; a reason needs the interval of its adjusted gain, and that needs "
            "bootstrap draws. Give 1 or more, best 1000."
        )
    if n_reasons < 1:
        raise FeedbackError(
            f"n_reasons is {n_reasons}; an answer that may name no reason would say that there is "
            "none. Give 1 or more."
        )
    if n_quotes < 0:
        raise FeedbackError(f"n_quotes is {n_quotes}; give 0 or more.")


def _several(given: Collection[str]) -> list[str]:
    """Return names as a list, a single one as a list of one."""
    return [given] if isinstance(given, str) else list(given)


def _found(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    matrix: ThemeMatrix,
    names: Mapping[str, str] | None,
    *,
    table: pd.DataFrame,
    score: Score,
    base: tuple[BaseFinding, BaseFinding],
) -> Findings:
    """Return everything but the reasons."""
    noted, rating = info(comments), table.attrs["drivers"]["rating"]
    return Findings(
        score=score,
        table=table,
        verdicts=verdicts(table),
        reasons=(),
        base=base,
        answers=group_answers(matrix.definition),
        names={
            language: dict(theme_names(mentions, language) if names is None else names)
            for language in REPORT_LANGUAGES
        },
        scale=noted.get("scales", {}).get(rating, {}),
        set_aside=noted.get("ratings_set_aside", {}).get(rating, {}),
        constant=bool(np.ptp(matrix.people["rating"].to_numpy()) == 0),
    )


def _shown(comments: pd.DataFrame, rating: str, segments: Sequence[str] | None) -> list[str]:
    """Return the columns that are shown with quotes."""
    if segments is None:
        noted = info(comments).get("segments", ())
        return [name for name in noted if name in comments.columns and name != rating]
    given = _several(segments)
    check_comments(comments, needs=given)
    return [name for name in given if name != rating]


def _reasons(found: Findings) -> pd.DataFrame:
    """Return the rows of the driver table that are reasons, the largest gain first."""
    rows = found.table[found.verdicts == "reason"]
    return rows.sort_values([RANKED_BY, "theme"], ascending=[False, True])


def _described(
    row: Mapping[Any, Any],
    found: Findings,
    evidence: Evidence,
    parts: pd.DataFrame | None,
    *,
    n_quotes: int,
    stop_words: Collection[str],
) -> Finding:
    """Return one reason with its figures and with what is said of it."""
    theme = str(row["theme"])
    strengths, compared = evidence.marking(theme, stop_words=stop_words)
    return replace(
        _figures(row, found),
        words=tuple(strengths),
        compared=compared if strengths else None,
        parts=() if parts is None else _parts(theme, parts),
        quotes=evidence.quotes(theme, strengths, n=n_quotes),
    )


def _figures(row: Mapping[Any, Any], found: Findings) -> Finding:
    """Return the figures of one reason."""
    n_low, n_all = (int(row[name]) for name in ("n_detractors", "n_negative"))
    of_low, of_all = found.notes["n_groups"]["detractors"], found.notes["n_respondents"]
    level = float(found.notes["confidence"])
    return Finding(
        theme=str(row["theme"]),
        low=_blamed(n_low, of_low, level),
        others=_blamed(n_all - n_low, of_all - of_low, level),
        points_lost=_estimate(row, "points_lost"),
        adjusted_gain=_estimate(row, "adjusted_gain"),
    )


def _blamed(n: int, of: int, level: float) -> Blamed:
    low, high = wilson(n, of, level=level)
    return Blamed(n=n, of=of, share=Estimate(value=n / of, low=float(low), high=float(high)))


def _estimate(row: Mapping[Any, Any], name: str) -> Estimate:
    value, low, high = (float(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    return Estimate(value=value, low=low, high=high)


def _parts(theme: str, table: pd.DataFrame) -> tuple[Part, ...]:
    """Return the sub-themes of a theme that enough respondents blame, most points lost first."""
    own = table[(table["theme"] == theme) & (table["subtheme"] != theme) & ~table["suppressed"]]
    rows = own[own["n_detractors"] > 0][["subtheme", "n_detractors", "points_lost"]]
    return tuple(
        Part(theme=str(name), n=int(n), points_lost=float(points))
        for name, n, points in rows.itertuples(index=False, name=None)
    )
