"""Emerging words: terms that rise over time beyond chance, against the days before."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE
from feedback_nlp.schema import check_comments, check_mentions, respondent_ids
from feedback_nlp.scores.over_time.periods import days_of
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.words.codes import Codes, TermCodes, code_terms
from feedback_nlp.words.emerging_examples import examples_of
from feedback_nlp.words.emerging_figures import check_numbers, comparable, risen
from feedback_nlp.words.emerging_notes import CLEAR, emerging_sentences, first_words
from feedback_nlp.words.emerging_spread import spread_of
from feedback_nlp.words.emerging_themes import themes_of, without_theme
from feedback_nlp.words.emerging_windows import Windows, once_a_day, windows_of
from feedback_nlp.words.expressions import find_expressions
from feedback_nlp.words.tables import Mask, clean_texts, languages_of, readable

COLUMNS = [
    "term", "n_recent", "n_before", "share_recent", "share_recent_low", "share_recent_high",
    "share_before", "share_before_low", "share_before_high", "log_odds", "low", "high", "g2",
    "spread", "p_value", "q_value", "is_new", "first_seen", "n_without_theme", "theme", "n_theme",
    "comment_id",
]  # fmt: skip
Dates = NDArray[np.datetime64]


def emerging_words(
    comments: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    *,
    before: object = None,
    after: object = None,
    window: int | None = None,
    min_comments: int = 5,
    min_n: int = 10,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the terms that a larger share of recent comments has than of those before.

    By default the last quarter of the days is recent, in whole weeks, and all days before are what
    it is compared with: a rule that does not look at the words. Comments are compared with those of
    the same language, as in ``keyness``, so that more Dutch comments make no Dutch word emerge. A
    word that comes and goes by the day (an outage) is no rise: what its share varies within the
    windows, more than chance would have it, widens the intervals and p. Of the same text on the
    same day, 6 words or longer, one comment counts.

    Args:
        comments: A comments table with dates.
        mentions: The mentions of these comments; without them the columns on themes are missing.
        before: The days to compare with: ``2025``, ``2025-Q1``, ``2025-05``, ``2025-W20`` or a
            range such as ``2025-01..2025-04``. If only this is given, all later days are recent.
        after: The recent days, the same way. If only this is given, all earlier days are before.
        window: How many last days are recent, instead of ``before`` and ``after``.
        min_comments: Terms that fewer comments of both windows together have are left out.
        min_n: With fewer comments in a window the table is empty.
        confidence: Level of the intervals.

    Returns:
        One row for each term that rises, the clearest first: ``term``, ``n_recent`` and
        ``n_before`` (comments that have it), ``share_recent`` and ``share_before`` (of the comments
        of the window, 0–1) with ``…_low`` and ``…_high``, ``log_odds`` with ``low`` and ``high``,
        ``g2``, ``spread`` (variance of its share within the windows ÷ that of chance, 1 or more),
        ``p_value`` (two-sided; the larger of the exact test and the one that heeds the spread),
        ``q_value`` (Benjamini–Hochberg over all terms tested, falling ones too), ``is_new`` (in no
        comment before the recent days), ``first_seen``, ``n_without_theme`` (recent comments that
        have it and mention no theme with a subject), ``theme`` (the one that most of the recent
        comments with the term mention, ``n_theme`` of them) and ``comment_id`` (an example of the
        recent comments). ``attrs["emerging"]`` has the windows, what was counted, ``reason`` (why
        nothing can be said; "" if something can), a ``sentence`` and ``notes``.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        FeedbackError: A period cannot be read, the windows overlap, or a number cannot be used.

    Example:
        >>> days = pd.date_range("2025-01-01", periods=120)
        >>> comments = pd.DataFrame({"comment_id": range(120), "date": days, "language": "en",
        ...                          "text": ["Fine shop"] * 90 + ["The kiosk"] * 30})
        >>> emerging_words(comments)[["term", "n_recent", "n_before", "is_new"]]
            term  n_recent  n_before  is_new
        0  kiosk        28         2   False
    """
    check_numbers(min_comments, min_n)
    quantile(confidence)  # the check
    use = readable(comments)
    if mentions is not None:
        check_mentions(mentions, comments)
    notes: dict[str, Any] = {
        "min_comments": min_comments, "min_n": min_n, "confidence": confidence,
        "n_undated": 0, "n_outside": 0, "n_copies": 0, "n_tested": 0, "n_terms_apart": 0,
        "n_recent": 0, "n_before": 0, "languages": {}, "windows": None, "rule": "",
    }  # fmt: skip
    days = _dates(comments)
    notes["n_undated"] = int((use & np.isnat(days)).sum())
    rows = np.flatnonzero(use & ~np.isnat(days))
    windows = windows_of(days[rows], before=before, after=after, window=window, min_n=min_n)
    table, why = _empty(), ""
    if not rows.size:
        why = "no_comments" if not use.any() else "no_dates"
    elif windows is None:
        why = "one_day"
    else:
        table, why = _compare(comments, mentions, rows, days[rows], windows, notes)
    return _noted(table, why, notes)


def _noted(table: pd.DataFrame, why: str, notes: dict[str, Any]) -> pd.DataFrame:
    """Return the table with all that was noted, in figures and in words."""
    found = table["q_value"] <= CLEAR
    notes |= {
        "reason": why, "n_found": int(found.sum()),
        "n_found_new": int((found & table["is_new"].astype(bool)).sum()),
        "first": first_words(table, ("recent", "before")),
    }  # fmt: skip
    notes["sentence"], *notes["notes"] = emerging_sentences(notes)
    table.attrs["emerging"] = notes
    return table


def _dates(comments: pd.DataFrame) -> Dates:
    """Return the day of each comment, missing where there is none or no column of dates."""
    check_comments(comments)
    if "date" not in comments.columns or comments["date"].isna().all():
        return np.full(len(comments), np.datetime64("NaT"), dtype="datetime64[D]")
    if not pd.api.types.is_datetime64_any_dtype(comments["date"]):
        raise ColumnError(
            f"Column 'date' does not hold dates but {comments['date'].dtype}; read the export with "
            "read_comments, or convert it first."
        )
    return days_of(comments["date"])


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="float64") for name in COLUMNS})


def _compare(
    comments: pd.DataFrame, mentions: pd.DataFrame | None, rows: Codes, days: Dates,
    windows: Windows, notes: dict[str, Any],
) -> tuple[pd.DataFrame, str]:  # fmt: skip
    """Return the table of the rows that can be read and have a date, and why it is empty, if so."""
    texts = clean_texts(comments["text"].iloc[rows])
    once = once_a_day(texts, days)
    recent, past = windows.inside(days)
    notes |= {
        "n_outside": int((~recent & ~past).sum()), "n_copies": int((~once & (recent | past)).sum()),
        "windows": {"recent": _ends(windows.recent), "before": _ends(windows.before)},
        "rule": windows.rule, "same_season": windows.same_season,
        "turned_round": windows.turned_round,
    }  # fmt: skip
    recent, past = recent & once, past & once
    notes |= {"n_recent": int(recent.sum()), "n_before": int(past.sum())}
    frame = comments.iloc[rows]
    spoken = list(zip(texts, languages_of(frame), strict=True))
    codes = code_terms(spoken, find_expressions(spoken))
    notes |= _counted(codes, frame, recent, past)
    for side in ("recent", "before"):
        if notes[f"n_{side}"] < max(notes["min_n"], 1):
            return _empty(), f"few_{side}"
    terms, apart = comparable(codes, (recent, past), notes["min_comments"])
    notes |= {"n_tested": int(terms.size), "n_terms_apart": apart}
    if not terms.size:
        return _empty(), "no_term"
    table, terms = risen(
        codes, terms, (recent, past), ("recent", "before"), confidence=notes["confidence"],
        spread=spread_of(codes, terms, (recent, past), days),
    )  # fmt: skip
    first = _first_seen(codes, days)[terms]
    table["first_seen"] = pd.DatetimeIndex(first)
    table["is_new"] = first >= windows.recent[0]
    bare = None if mentions is None else without_theme(frame, mentions)
    said = themes_of(codes, terms, recent, frame, mentions, bare)
    example = examples_of(codes, terms, recent, texts, bare)
    table = table.assign(comment_id=frame["comment_id"].iloc[example].array, **said)
    return table[COLUMNS], ""


def _ends(span: tuple[np.datetime64, np.datetime64]) -> tuple[str, str]:
    return str(span[0]), str(span[1])


def _counted(codes: TermCodes, frame: pd.DataFrame, recent: Mask, past: Mask) -> dict[str, Any]:
    """Return how many comments of each language there are, how long, and of whom."""
    names = (*LANGUAGES, UNKNOWN_LANGUAGE)
    own, other = (codes.by_language(side)[1].tolist() for side in (recent, past))
    lengths = [codes.counts(side)[0].sum() / max(side.sum(), 1) for side in (recent, past)]
    counted = frame[recent | past]
    return {
        "languages": {
            name: (n, m) for name, n, m in zip(names, own, other, strict=True) if n or m
        },
        "terms_recent": float(lengths[0]), "terms_before": float(lengths[1]),
        "n_respondents": int(respondent_ids(counted).nunique()),
    }  # fmt: skip


def _first_seen(codes: TermCodes, days: Dates) -> Dates:
    """Return the first day of each term, of all comments that can be read, in a window or not."""
    first = np.full(len(codes.names), np.iinfo(np.int64).max)
    np.minimum.at(first, codes.term, days[codes.comment].astype(np.int64))
    return first.astype("datetime64[D]")
