"""What the low group wrote of each theme: the mentions, the terms that mark them, the quotes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.findings import Quote
from feedback_nlp.drivers.join import Level, ThemeMatrix, fold, usable
from feedback_nlp.drivers.quotes import Candidate, pick_quotes
from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.schema import respondent_ids
from feedback_nlp.words import code_comments, marking_terms
from feedback_nlp.words.codes import TermCodes

_MOST_OTHERS = 20_000
_MOST_CANDIDATES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What the low group wrote, to be asked theme by theme.

    Attributes:
        comments: The comments table.
        ratings: Rating of each respondent, by respondent.
        found: The mentions, as ``low_group_evidence`` returns them.
        segments: Columns shown with quotes.
        rows: Rows of the comments that can be read, at most 20,000 spread over the table.
        terms: Their terms.
        taken: Quotes given so far, by respondent: nobody is quoted twice.
    """

    comments: pd.DataFrame
    ratings: pd.Series
    found: pd.DataFrame
    segments: Sequence[str]
    rows: NDArray[np.intp]
    terms: TermCodes
    taken: dict[str, Quote] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        comments: pd.DataFrame,
        mentions: pd.DataFrame,
        matrix: ThemeMatrix,
        *,
        level: Level,
        segments: Sequence[str],
    ) -> "Evidence":
        """Gather what the low group wrote."""
        rated = matrix.people.index.get_indexer(pd.Index(respondent_ids(comments))) >= 0
        rows = np.flatnonzero(usable(comments) & rated)
        rows = rows[:: -(-len(rows) // _MOST_OTHERS) or 1]
        texts = comments["text"].iloc[rows].astype("str")
        return cls(
            comments=comments,
            ratings=matrix.people["rating"],
            found=low_group_evidence(comments, mentions, matrix, level=level),
            segments=segments,
            rows=rows,
            terms=code_comments(zip(texts, _languages(comments.iloc[rows]), strict=True)),
        )

    def marking(self, theme: str, *, stop_words: Collection[str] = ()) -> dict[str, float]:
        """Return the terms that mark what the low group blames, with z, against other comments."""
        own = self.found[self.found["theme"] == theme]
        joined = own.groupby("row", sort=True)["evidence"].agg(" . ".join)
        languages = _languages(self.comments.iloc[joined.index])
        others = ~np.isin(self.rows, joined.index)
        refused = {word.lower() for word in stop_words}
        found = marking_terms(zip(joined, languages, strict=True), self.terms, rows=others)
        return {one.term: one.z for one in found if one.term not in refused}

    def quotes(self, theme: str, strengths: dict[str, float], *, n: int) -> tuple[Quote, ...]:
        """Return a few quotes on a theme, of respondents who were not quoted yet."""
        own = self.found[self.found["theme"] == theme]
        return pick_quotes(self._candidates(own), strengths, n=n, taken=self.taken)

    def _candidates(self, own: pd.DataFrame) -> list[Candidate]:
        """Return the comments that can be quoted, of at most 2,000 spread over the table."""
        chosen = own.iloc[:: -(-len(own) // _MOST_CANDIDATES) or 1]
        rows = self.comments.iloc[chosen["row"]]
        people = respondent_ids(rows)
        empty = pd.Series(pd.NaT, index=rows.index)
        dates = rows["date"] if "date" in rows.columns else empty
        return [
            Candidate(
                text=str(text), start=int(start), end=int(end), rating=float(rating),
                date=None if pd.isna(day) else day.date(), segment=segment,
                comment_id=str(comment_id), respondent=str(respondent), language=language,
                part=str(part), confidence=float(confidence),
            )
            for text, start, end, rating, day, segment, comment_id, respondent, language, part,
            confidence in zip(
                rows["text"], chosen["start"], chosen["end"], self.ratings.reindex(people), dates,
                self._segments(rows), rows["comment_id"], people, _languages(rows),
                chosen["part"], chosen["confidence"], strict=True,
            )
        ]  # fmt: skip

    def _segments(self, rows: pd.DataFrame) -> list[str]:
        """Return the segments of each row: ``shop: north; year: 2026``."""
        values = rows[list(self.segments)].astype("object").itertuples(index=False, name=None)
        return [
            "; ".join(
                f"{name}: {value}"
                for name, value in zip(self.segments, row, strict=True)
                if not pd.isna(value)
            )
            for row in values
        ]


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


def _languages(comments: pd.DataFrame) -> list[str]:
    """Return the language of each comment, ``unknown`` where it is not known."""
    if "language" not in comments.columns:
        return [UNKNOWN_LANGUAGE] * len(comments)
    return [str(code) for code in comments["language"].astype("object").fillna(UNKNOWN_LANGUAGE)]
