"""A few quotes that blame and that praise each theme: short, typical, different, masked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.explain.findings import Quote
from feedback_nlp.drivers.explain.quotes import LONGEST, SHORTEST, Candidate, pick_quotes
from feedback_nlp.drivers.join import fold, usable
from feedback_nlp.report.source import Source
from feedback_nlp.schema import respondent_ids, respondents
from feedback_nlp.scores.answers import to_floats
from feedback_nlp.words import marking_terms
from feedback_nlp.words.codes import TermCodes, code_terms
from feedback_nlp.words.tables import languages_of

N_QUOTES = 3
_TRIED = 120  # mentions looked at for each theme and polarity, spread over the table
_TERMS = 20
_LONGEST = 3 * LONGEST
SIDES = ("negative", "positive")
Key = tuple[str, str]


def theme_quotes(source: Source, themes: Sequence[str]) -> dict[Key, tuple[Quote, ...]]:
    """Return quotes by theme and polarity, nobody quoted twice nor here and among the reasons.

    Typical are comments with words that mark the theme and polarity against the others. Only
    respondents with a rating are quoted, since it stands behind each quote.
    """
    found = _mentions(source, themes)
    if found.empty:
        return {}
    rows = source.comments.iloc[found["row"]]
    again = found.assign(text=rows["text"].to_numpy()).duplicated(["theme", "polarity", "text"])
    found, rows = found[~again.to_numpy()], rows[~again.to_numpy()]
    evidence = [
        str(text)[start:end]
        for text, start, end in zip(rows["text"], found["start"], found["end"], strict=True)
    ]
    said = list(zip(evidence, languages_of(rows), strict=True))
    terms = code_terms(said)
    side = found["theme"] + " " + found["polarity"]
    taken = _reason_quotes(source)
    candidates = _candidates(found, rows)
    picked: dict[Key, tuple[Quote, ...]] = {}
    for theme in themes:
        for polarity in SIDES:
            own = (side == f"{theme} {polarity}").to_numpy()
            if own.any():
                chosen = [candidates[at] for at in np.flatnonzero(own)]
                inside = code_terms(said[at] for at in np.flatnonzero(own))
                marks = _marks(inside, terms, ~own)
                picked[theme, polarity] = pick_quotes(chosen, marks, n=N_QUOTES, taken=taken)
    return picked


def _mentions(source: Source, themes: Sequence[str]) -> pd.DataFrame:
    """Return mentions that can be quoted, at most 120 of each theme and polarity."""
    comments, mentions = source.comments, source.mentions
    row = pd.Index(comments["comment_id"]).get_indexer(pd.Index(mentions["comment_id"]))
    length = comments["text"].astype("str").str.len().to_numpy()
    short = (length >= SHORTEST) & (length <= _LONGEST)
    rating = _ratings(source)
    said = usable(comments) & ~np.isnan(rating)
    theme = np.asarray(fold(mentions["theme"], "top").astype("object"))
    polarity = mentions["polarity"].astype("object")
    keep = said[row] & polarity.isin(SIDES).to_numpy() & np.isin(theme, list(themes))
    table = pd.DataFrame(
        {
            "row": row[keep],
            "theme": theme[keep],
            "part": mentions["theme"].astype("str").to_numpy()[keep],
            "polarity": polarity.to_numpy()[keep],
            "confidence": mentions["polarity_confidence"].fillna(1.0).to_numpy(float)[keep],
            "start": mentions["start"].to_numpy()[keep],
            "end": mentions["end"].to_numpy()[keep],
            "rating": rating[row][keep],
            "long": ~short[row][keep],
        }
    )
    kept = [
        _spread(group[~group["long"]] if len(group) - group["long"].sum() >= _TRIED else group)
        for _, group in table.groupby(["theme", "polarity"], sort=True)
    ]
    return pd.concat(kept, ignore_index=True) if kept else table


def _spread(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[:: -(-len(rows) // _TRIED) or 1]


def _ratings(source: Source) -> NDArray[np.float64]:
    """Return the rating of whoever wrote each comment."""
    people = respondents(source.comments, source.rating)
    by_person = pd.Series(to_floats(people[source.rating]), index=people["respondent_id"])
    return np.asarray(by_person.reindex(respondent_ids(source.comments)), dtype=np.float64)


def _candidates(found: pd.DataFrame, rows: pd.DataFrame) -> list[Candidate]:
    dates: Any = rows["date"] if "date" in rows.columns else [pd.NaT] * len(rows)
    return [
        Candidate(
            text=str(text), start=int(start), end=int(end), rating=float(rating),
            date=None if pd.isna(day) else pd.Timestamp(day).date(), segment="",
            comment_id=str(comment_id), respondent=str(respondent), language=language,
            part="" if part == theme else str(part), confidence=float(confidence),
        )
        for text, start, end, rating, day, comment_id, respondent, language, part, theme,
        confidence in zip(
            rows["text"], found["start"], found["end"], found["rating"], dates,
            rows["comment_id"], respondent_ids(rows), languages_of(rows), found["part"],
            found["theme"], found["confidence"], strict=True,
        )
    ]  # fmt: skip


def _marks(inside: TermCodes, terms: TermCodes, others: NDArray[np.bool_]) -> dict[str, float]:
    """Return the terms that mark these mentions against the others, with z."""
    return {one.term: one.z for one in marking_terms(inside, terms, rows=others, top=_TERMS)}


def _reason_quotes(source: Source) -> dict[str, Quote]:
    """Return the quotes of the reasons by respondent."""
    quoted = {q.comment_id: q for reason in source.explanation.reasons for q in reason.quotes}
    of = source.comments["comment_id"].astype("str").isin(list(quoted))
    rows = source.comments[of]
    return {
        str(person): quoted[str(comment_id)]
        for comment_id, person in zip(rows["comment_id"], respondent_ids(rows), strict=True)
    }
