"""What the low group wrote of each theme: the mentions, the terms that mark them, the quotes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.explain.findings import Compared, Quote
from feedback_nlp.drivers.explain.quotes import Candidate, pick_quotes
from feedback_nlp.drivers.join import Level, ThemeMatrix, fold, usable
from feedback_nlp.schema import respondent_ids
from feedback_nlp.words import marking_terms
from feedback_nlp.words.codes import TermCodes, code_terms
from feedback_nlp.words.sampling import sample_rows
from feedback_nlp.words.tables import clean_texts, evidence_texts, languages_of

_MOST_OTHERS = 10_000
_MOST_OWN = 2_000
_MOST_CANDIDATES = 2_000
_MOST_TERMS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What the low group wrote, to be asked theme by theme.

    Attributes:
        comments: The comments table.
        ratings: Rating of each respondent, by respondent.
        found: Negative mentions in comments of the low group, as ``mentions_of_group`` has them.
        praised: All mentions in comments of the top group, the same way.
        segments: Columns shown with quotes.
        rows: Rows of the comments that can be read, a sample of 10,000 at most.
        n_rows: How many can be read.
        terms: Their terms.
        min_n: With fewer comments of the top group on a theme there is no comparison with them.
        taken: Quotes given so far, by respondent: nobody is quoted twice.
    """

    comments: pd.DataFrame
    ratings: pd.Series
    found: pd.DataFrame
    praised: pd.DataFrame
    segments: Sequence[str]
    rows: NDArray[np.intp]
    n_rows: int
    terms: TermCodes
    min_n: int = 10
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
        min_n: int = 10,
    ) -> "Evidence":
        """Gather what the low group wrote."""
        rated = matrix.people.index.get_indexer(pd.Index(respondent_ids(comments))) >= 0
        readable = np.flatnonzero(usable(comments) & rated)
        rows = sample_rows(readable, _MOST_OTHERS)
        used = comments.iloc[rows]
        found = mentions_of_group(comments, mentions, matrix, 0, level=level)
        return cls(
            comments=comments,
            ratings=matrix.people["rating"],
            found=found[found["polarity"] == "negative"],
            praised=mentions_of_group(comments, mentions, matrix, 2, level=level),
            segments=segments,
            rows=rows,
            n_rows=readable.size,
            terms=code_terms(zip(clean_texts(used["text"]), languages_of(used), strict=True)),
            min_n=min_n,
        )

    def marking(
        self, theme: str, *, stop_words: Collection[str] = ()
    ) -> tuple[dict[str, float], Compared]:
        """Return the terms that mark what the low group blames, with z, and with what compared.

        They are in more of its negative mentions than of all other comments in the same language,
        beyond chance; and in a larger share than of the mentions by the top group, where enough of
        it mention the theme: what is left out so is mostly the name of the theme.
        """
        own, praised = self._said(self.found, theme), self._said(self.praised, theme)
        blamed = np.unique(self.found.loc[self.found["theme"] == theme, "row"])
        others = ~np.isin(self.rows, blamed)
        refused = {word.lower() for word in stop_words}
        found = marking_terms(
            self._terms(own), self.terms, rows=others,
            unlike=self._terms(praised) if self._enough(praised) else None,
            top=_MOST_TERMS + len(refused),
        )  # fmt: skip
        kept = [one for one in found if one.term not in refused]
        enough = len(praised) if self._enough(praised) else 0
        compared = Compared(
            n=len(own), of=blamed.size, n_others=int(others.sum()),
            of_others=self.n_rows - blamed.size, n_promoters=enough,
        )  # fmt: skip
        return {one.term: one.z for one in kept[:_MOST_TERMS]}, compared

    def _enough(self, praised: pd.Series) -> bool:
        return len(praised) >= max(self.min_n, 1)

    def _said(self, mentions: pd.DataFrame, theme: str) -> pd.Series:
        """Return the evidence of a theme by row of its comment, personal data taken out."""
        own = mentions[mentions["theme"] == theme]
        rows = sample_rows(np.unique(own["row"]), _MOST_OWN)
        texts = dict(zip(rows.tolist(), clean_texts(self.comments["text"].iloc[rows]), strict=True))
        said = evidence_texts(texts, own[own["row"].isin(rows)])
        return pd.Series(said, index=rows, dtype="object")

    def _terms(self, said: pd.Series) -> TermCodes:
        """Return the terms of the evidence of comments."""
        languages = languages_of(self.comments.iloc[said.index])
        return code_terms(zip(said, languages, strict=True))

    def quotes(self, theme: str, strengths: dict[str, float], *, n: int) -> tuple[Quote, ...]:
        """Return a few quotes on a theme, of respondents who were not quoted yet."""
        own = self.found[self.found["theme"] == theme]
        return pick_quotes(self._candidates(own), strengths, n=n, taken=self.taken)

    def _candidates(self, own: pd.DataFrame) -> list[Candidate]:
        """Return the comments that can be quoted, of at most 2,000 spread over the table."""
        chosen = own.iloc[_spread(np.arange(len(own)), _MOST_CANDIDATES)]
        rows = self.comments.iloc[chosen["row"]]
        people = respondent_ids(rows)
        empty = pd.Series(pd.NaT, index=rows.index)
        dates = rows["date"] if "date" in rows.columns else empty
        return [
            Candidate(
                text=str(text), start=int(start), end=int(end), rating=float(rating),
                date=None if pd.isna(day) else pd.Timestamp(day).date(), segment=segment,
                comment_id=str(comment_id), respondent=str(respondent), language=language,
                part=str(part), confidence=float(confidence),
            )
            for text, start, end, rating, day, segment, comment_id, respondent, language, part,
            confidence in zip(
                rows["text"], chosen["start"], chosen["end"], self.ratings.reindex(people), dates,
                self._segments(rows), rows["comment_id"], people, languages_of(rows),
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


def mentions_of_group(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    matrix: ThemeMatrix,
    group: int,
    *,
    level: Level = "top",
) -> pd.DataFrame:
    """Return the mentions in comments of the low (0), middle (1) or top (2) group.

    Only comments that can be read count.

    Returns:
        One row a mention: ``row`` (place of the comment in the table), ``theme``, ``part`` (the
        sub-theme folded into it, or ""), ``polarity``, ``confidence``, ``start`` and ``end``.
    """
    people = matrix.people.index[matrix.in_group(group)]
    readable = usable(comments) & (people.get_indexer(pd.Index(respondent_ids(comments))) >= 0)
    row = pd.Index(comments["comment_id"]).get_indexer(pd.Index(mentions["comment_id"]))
    keep = readable[row]
    kept = mentions[keep]
    theme = np.asarray(fold(kept["theme"], level).astype("object"))
    said = np.asarray(kept["theme"].astype("object"))
    return pd.DataFrame(
        {
            "row": row[keep],
            "theme": theme,
            "part": np.where(said == theme, "", said),
            "polarity": kept["polarity"].astype("object").to_numpy(),
            "confidence": kept["polarity_confidence"].fillna(1.0).to_numpy(dtype=float),
            "start": kept["start"].to_numpy(),
            "end": kept["end"].to_numpy(),
        }
    )


def _spread(rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Return at most so many rows, spread over all of them."""
    return rows[:: -(-len(rows) // most) or 1]
