"""Why detractors are unhappy: the driver table turned into reasons, words, quotes and limits."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.drivers.explanation import Explanation, Quote, Reason
from feedback_nlp.drivers.impact import driver_table
from feedback_nlp.drivers.join import Level, ThemeMatrix, fold, theme_matrix, usable
from feedback_nlp.drivers.quotes import Candidate, marking_words, pick_quotes, words_in
from feedback_nlp.drivers.scales import group_answers
from feedback_nlp.drivers.sentences import (
    SIGNIFICANT,
    TITLES,
    limits,
    opening,
    others_blame,
    reason_sentence,
)
from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.records import LANGUAGES
from feedback_nlp.schema import check_comments, info, respondent_ids, theme_names
from feedback_nlp.scores import definition_of, score_of, wilson
from feedback_nlp.scores.answers import Scale

_MOST_OTHERS = 20_000
_MOST_CANDIDATES = 2_000


def explain_detractors(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
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
    stop_words: Collection[str] | None = None,
    segments: Sequence[str] | None = None,
) -> Explanation:
    """Return why detractors are unhappy, in words with figures and quotes, and what cannot be said.

    For other scores than NPS the low group is explained: dissatisfied respondents, or those who
    found it difficult.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments.
        rating: The rating column; high answers are the good ones.
        n_reasons: How many reasons at most.
        n_quotes: How many quotes for each reason at most.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        min_n: Themes that fewer respondents mention negatively are no reasons.
        n_boot: Bootstrap draws for the intervals of the points.
        seed: Of the bootstrap.
        confidence: Level of all intervals.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: Themes that explain nothing; those noted with the mentions if not given.
        names: Display name of each theme id; those noted with the mentions if not given.
        stop_words: Words that mark nothing, whatever their number; if not given, those of the
            languages of the comments.
        segments: Columns shown with quotes; if not given, those that the table notes.

    Returns:
        An explanation that shows itself in a notebook. Where the data can give no reason it says
        so.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.

    Example:
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["", ""], "nps": [3, 9]})
        >>> found = explain_detractors(comments, mentions_table([], []))
        >>> found.reasons, found.sentences[1]
        ((), 'Nobody left a comment that can be read, so words cannot say why.')
    """
    check_comments(comments, needs=("comment_id", "text"))
    chosen: dict[str, Any] = {"metric": metric, "method": method, "scale": scale}
    table = driver_table(
        comments, mentions, rating, level=level, min_n=min_n, n_boot=n_boot, seed=seed,
        confidence=confidence, not_drivers=not_drivers, **chosen,
    )  # fmt: skip
    score = score_of(comments, rating, level=confidence, **chosen)
    matrix = theme_matrix(
        comments, mentions, rating, level="sub", not_drivers=not_drivers, **chosen
    )
    names = theme_names(mentions) if names is None else names
    named = {theme: display_name(theme, names) for theme in (*table["theme"], *matrix.themes)}
    notes = dict(table.attrs["drivers"])
    notes["n_blamed"] = int((table["n_detractors"] > 0).sum())
    notes["n_shown"] = int((table["n_detractors"] * ~table["suppressed"] > 0).sum())
    notes["answers"] = group_answers(definition_of(comments, rating, **chosen))
    notes["scale"] = info(comments).get("scales", {}).get(rating, {})
    notes["ratings_set_aside"] = info(comments).get("ratings_set_aside", {}).get(rating, {})
    notes["constant"] = bool(np.ptp(matrix.people["rating"].to_numpy()) == 0)
    evidence = low_group_evidence(comments, mentions, matrix, level=level)
    dull = default_stop_words(comments) if stop_words is None else stop_words
    vocabulary = _vocabulary(comments, matrix) if len(evidence) else {}
    shown = segments if segments is not None else info(comments).get("segments", ())
    taken: list[Quote] = []
    reasons = []
    for row in _ranked(table).head(n_reasons).to_dict("records"):
        own = evidence[evidence["theme"] == row["theme"]]
        strengths = _marking(own, vocabulary, dull)
        candidates = _candidates(own, comments, matrix, rating, shown)
        reasons.append(
            replace(
                _reason(row, notes, named[row["theme"]]),
                words=tuple(strengths),
                subthemes=_parts(row["theme"], matrix, named) if level == "top" else (),
                quotes=pick_quotes(candidates, strengths, n=n_quotes, taken=taken),
            )
        )
    return Explanation(
        title=TITLES[notes["metric"]],
        score=score,
        table=table,
        reasons=tuple(reasons),
        sentences=tuple(opening(score, notes, tuple(reasons))),
        limits=tuple(limits(table, notes, named)),
    )


def display_name(theme: str, names: Mapping[str, str] | None = None) -> str:
    """Return how a theme is shown.

    Example:
        >>> display_name("service"), display_name("service.waiting_time")
        ('Service', 'Service: waiting time')
    """
    if names and theme in names:
        return names[theme]
    top, _, sub = theme.replace("_", " ").partition(".")
    top = top[:1].upper() + top[1:]
    return f"{top}: {sub}" if sub else top


def default_stop_words(comments: pd.DataFrame) -> frozenset[str]:
    """Return the stop words of the languages of a table, of all seven where none is known."""
    codes = set(comments["language"].astype("object")) if "language" in comments.columns else set()
    known = [code for code in LANGUAGES if code in codes] or LANGUAGES
    lists = (load_lexicon(code).words for code in known)
    return frozenset(
        word
        for words in lists
        for role in ("stop_words", "contrast", "clause_starts", "intensifiers", "downtoners")
        for word in words.get(role, ())
        if word not in words.get("negators", ())
    )


def low_group_evidence(
    comments: pd.DataFrame, mentions: pd.DataFrame, matrix: ThemeMatrix, *, level: Level = "top"
) -> pd.DataFrame:
    """Return the negative mentions in comments of the low group that can be read.

    Returns:
        One row a mention: ``row`` (place of the comment in the table), ``theme``, ``part`` (the
        sub-theme folded into it, or ""), ``confidence``, ``start``, ``end`` and ``evidence``.
    """
    low = matrix.people.index[matrix.in_group(0)]
    readable = usable(comments) & (low.get_indexer(pd.Index(respondent_ids(comments))) >= 0)
    row = pd.Index(comments["comment_id"]).get_indexer(pd.Index(mentions["comment_id"]))
    keep = readable[row] & (mentions["polarity"] == "negative").to_numpy()
    kept = mentions[keep]
    theme = np.asarray(fold(kept["theme"], level).astype("object"))
    said = np.asarray(kept["theme"].astype("object"))
    return pd.DataFrame(
        {
            "row": row[keep],
            "theme": theme,
            "part": np.where(said == theme, "", said),
            "confidence": kept["polarity_confidence"].fillna(1.0).to_numpy(dtype=float),
            "start": kept["start"].to_numpy(),
            "end": kept["end"].to_numpy(),
            "evidence": kept["evidence"].to_numpy(),
        }
    )


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the themes that can be reasons, most points lost first.

    A theme that others blame more often than the low group, beyond chance, is none.
    """
    return table[~table["suppressed"] & (table["n_detractors"] > 0) & ~others_blame(table)]


def _reason(row: Mapping[Any, Any], notes: dict[str, Any], name: str) -> Reason:
    low_group = notes["n_groups"]["detractors"]
    others = notes["n_respondents"] - low_group
    low, high = wilson(row["n_detractors"], low_group, level=notes["confidence"])
    sets_apart = bool(row["q_value"] <= SIGNIFICANT and row["odds_ratio"] > 1)
    figures = {
        "n": int(row["n_detractors"]),
        "share": float(row["share_detractors"]),
        "share_low": float(low),
        "share_high": float(high),
        "points_lost": row["points_lost"],
        "points_lost_low": row["points_lost_low"],
        "points_lost_high": row["points_lost_high"],
    }
    in_others = (row["n_negative"] - row["n_detractors"]) / others if others else np.nan
    sentence = reason_sentence(
        {**figures, "share_others": in_others}, name, notes, sets_apart=sets_apart
    )
    return Reason(
        theme=row["theme"], name=name, sentence=sentence, sets_apart=sets_apart, **figures
    )


def _parts(theme: str, matrix: ThemeMatrix, named: dict[str, str]) -> tuple[tuple[str, int], ...]:
    """Return the sub-themes of a theme that the low group blames, most frequent first."""
    blamed = matrix.negative[matrix.in_group(0)].sum()
    parts = [(sub, int(n)) for sub, n in blamed.items() if n and str(sub).startswith(f"{theme}.")]
    ranked = sorted(parts, key=lambda part: (-part[1], part[0]))
    prefix = f"{display_name(theme)}: "
    return tuple((named[str(sub)].removeprefix(prefix), n) for sub, n in ranked)


def _vocabulary(comments: pd.DataFrame, matrix: ThemeMatrix) -> dict[int, frozenset[str]]:
    """Return the words of comments that can be read, of at most 20,000 spread over the table."""
    rated = matrix.people.index.get_indexer(pd.Index(respondent_ids(comments))) >= 0
    rows = np.flatnonzero(usable(comments) & rated)
    step = -(-len(rows) // _MOST_OTHERS) or 1
    texts = comments["text"].to_numpy()
    return {int(row): words_in(str(texts[row])) for row in rows[::step]}


def _marking(
    own: pd.DataFrame, vocabulary: dict[int, frozenset[str]], stop_words: Collection[str]
) -> dict[str, float]:
    """Return the words that mark what the low group blames, against all other comments."""
    evidence: dict[int, list[str]] = defaultdict(list)
    for row, text in zip(own["row"], own["evidence"], strict=True):
        evidence[row].append(text)
    others = [words for row, words in vocabulary.items() if row not in evidence]
    if not others:
        return {}
    outside = Counter(word for words in others for word in words)
    inside = (words_in(" ".join(texts)) for texts in evidence.values())
    return marking_words(inside, outside, len(others), stop_words=stop_words)


def _candidates(
    own: pd.DataFrame,
    comments: pd.DataFrame,
    matrix: ThemeMatrix,
    rating: str,
    segments: Sequence[str],
) -> list[Candidate]:
    """Return the comments that can be quoted, of at most 2,000 spread over the table."""
    step = -(-len(own) // _MOST_CANDIDATES) or 1
    chosen = own.iloc[::step]
    rows = comments.iloc[chosen["row"]]
    people = respondent_ids(rows)
    ratings = matrix.people["rating"].reindex(people).to_numpy()
    dates = rows["date"] if "date" in rows.columns else pd.Series(pd.NaT, index=rows.index)
    shown = [name for name in segments if name in rows.columns and name != rating]
    languages = rows["language"] if "language" in rows.columns else pd.Series("", index=rows.index)
    return [
        Candidate(
            text=str(text),
            start=int(start),
            end=int(end),
            rating=float(given),
            date=None if pd.isna(day) else day.date(),
            segment="; ".join(f"{n}: {v}" for n, v in zip(shown, values, strict=True) if v == v),
            comment_id=str(comment_id),
            language=str(language),
            part=str(part),
            confidence=float(confidence),
        )
        for text, start, end, given, day, comment_id, language, part, confidence, values in zip(
            rows["text"], chosen["start"], chosen["end"], ratings, dates, rows["comment_id"],
            languages, chosen["part"], chosen["confidence"],
            rows[shown].astype("object").itertuples(index=False, name=None), strict=True,
        )
    ]  # fmt: skip
