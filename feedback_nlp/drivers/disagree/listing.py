"""Score and words disagree: who praises with a low rating, or complains with a high one.

A list to read, not errors to mend: most such customers mean both.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.drivers.disagree.reading import read_sides
from feedback_nlp.drivers.disagree.reasons import (
    opposite_ratings,
    sarcasm_sign,
    tells_of_others,
    why_misread,
)
from feedback_nlp.drivers.disagree.summary import sentence_of, summary_of, value_columns
from feedback_nlp.errors import FeedbackError
from feedback_nlp.privacy import mask_text
from feedback_nlp.scores import definition_of
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.traps.segments import Column
from feedback_nlp.showing import safe

USUAL = 0.10
COLUMNS = (
    "comment_id", "rating", "group", "says", "sentiment", "sentiment_score", "n_positive",
    "n_negative", "strength", "reason", "evidence", "text",
)  # fmt: skip
_SAYS = np.array(["praises", "complains"], dtype=object)


def disagreements(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    by: Sequence[str] | str | None = None,
    others: Sequence[str] | str | None = None,
    sure: float = 0.5,
    min_n: int = 10,
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Return the comments whose words contradict the rating, the strongest contradiction first.

    Args:
        comments: A comments table with the columns of tagging.
        mentions: The mentions of these comments.
        rating: The rating column; high answers are the good ones.
        by: Columns whose values may have had their scale turned (channels, languages); if not
            given, the segments that the table notes, and the language.
        others: Other ratings of the respondents; those the table notes if not given.
        sure: How far from 0 a sentiment score must be, 0–1; weaker ones are often misread. Those,
            and words that are less than half the scale away from the rating ("happy so far" with
            a 6), are counted and not listed.
        min_n: As in ``disagreement_summary``.
        confidence: As in ``disagreement_summary``.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.

    Returns:
        One row a comment of the low group that praises, or of the top group that complains:
        ``comment_id``, ``rating``, ``group`` (by name), ``says`` (``praises`` or ``complains``),
        ``sentiment``, ``sentiment_score``, ``n_positive`` and ``n_negative`` mentions,
        ``strength`` (half the distance of rating and sentiment score, both on −1 to 1, so 0–1),
        ``reason`` with its ``evidence``, and ``text``, masked. Reasons, the first that fits:

        - ``scale_reversed``: the rating is in the outer tenth of its scale, nothing of the other
          polarity is mentioned, and either the respondent's other ratings are at the opposite end,
          or in the respondent's segment, or the whole file, words contradict such ratings more
          often than they agree (see ``disagreement_summary``);
        - ``sarcasm_candidate``: praise with a low rating and an ironic emoji, a mocking phrase,
          praise in quotes, exaggeration, praise that opens a complaint, or praise beside a figure
          (an amount, a waiting time);
        - ``mixed``: the comment both praises and blames;
        - ``other_touchpoint``: it tells of another company or of earlier times;
        - ``unclear``: nothing of this, which includes words that were misread; a single word and
          wishes often are.

        An answer to a question that asks for it ("what could we do better?") contradicts nothing.
        ``attrs["disagreements"]`` has the numbers of comments (``n_comments``, ``n_rated``,
        ``n_known``, ``n_listed``, ``n_unsure``, ``n_asked``), ``n_may_disagree`` respondents with
        an unsure contradiction only, the ``reasons``, the ``summary``, whose rows count
        respondents, ``notes`` on columns not looked at, and a ``sentence``.

    Raises:
        ColumnError: A column is missing, such as ``sentiment`` in a table that is not tagged, or a
            sentiment score is not between −1 and 1.
        RatingError: As for the score itself.
        FeedbackError: ``sure`` is not between 0 and 1.

    Example:
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": ["a", "b", "c"], "nps": [1, 10, 9]})
        >>> comments["text"] = ["Thanks for nothing!", "Slow", "Lovely"]
        >>> comments["sentiment"] = ["positive", "negative", "positive"]
        >>> found = disagreements(comments, mentions_table([], []))
        >>> found[["comment_id", "says", "strength", "reason"]]
          comment_id       says  strength             reason
        0          b  complains       1.0            unclear
        1          a    praises       0.9  sarcasm_candidate
    """
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    read = read_sides(comments, mentions, rating, definition, sure)
    columns, notes = value_columns(comments, by, rating)
    summary = summary_of(read, definition, columns, usual=USUAL, min_n=min_n, confidence=confidence)
    listed = read[read["disagrees"]].copy()
    other = opposite_ratings(comments, rating, definition, others)
    seen = zip(
        listed.to_dict("records"),
        other.reindex(listed["respondent_id"]),
        _turned(columns, listed, summary),
        strict=True,
    )
    found = [_reason(*one) for one in seen]
    listed["reason"] = pd.array([reason for reason, _ in found], dtype="str")
    listed["evidence"] = pd.array([safe(told) for _, told in found], dtype="str")
    listed["says"] = pd.array(_SAYS[(listed["group"] == 2).to_numpy(dtype=int)], dtype="str")
    listed["group"] = pd.array(np.array(definition.groups)[listed["group"]], dtype="str")
    listed["text"] = pd.array([mask_text(safe(text)) for text in listed["text"]], dtype="str")
    table = listed.sort_values("strength", ascending=False, kind="stable", ignore_index=True)
    table = table[[*COLUMNS]]
    table.attrs["disagreements"] = _noted(
        read, table, summary, rating=rating, sure=sure, confidence=confidence, notes=notes
    )
    return table


def disagreement_summary(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    by: Sequence[str] | str | None = None,
    sure: float = 0.5,
    usual: float = USUAL,
    min_n: int = 10,
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Return how many praise with a low rating or complain with a high one, and if that is usual.

    Args:
        comments: As in ``disagreements``.
        mentions: As in ``disagreements``.
        rating: The rating column.
        by: As in ``disagreements``.
        sure: As in ``disagreements``.
        usual: The share that is usual at the ends of a scale, 0–1. In a public hospital survey
            read by people 10 % of those with the best answer complained and 9 % of those with the
            worst one praised.
        min_n: Groups with fewer respondents have no share and are not tested.
        confidence: Level of the intervals.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.

    Returns:
        Rows for the low and the top group by name, ``both``, ``lowest`` and ``highest`` (ratings
        in the outer tenths of the scale) and ``ends`` (those two); then ``ends`` for each value of
        each column. Columns: ``column`` and ``value`` (missing for all); ``group``; ``n``
        respondents of known sentiment, each counted once (with each value that a comment of theirs
        has); ``n_disagree`` of them with a contradiction in any comment; ``n_only_disagree`` of
        those with no comment that agrees unasked; ``share``, ``n_disagree`` ÷ ``n``, 0–1, with
        ``low`` and ``high`` (Wilson, by respondent); ``usual``, ``p_value`` (exact binomial test
        that the share is above it, of the ends only), ``q_value`` (Benjamini–Hochberg over the
        values of the columns; for the rows of all it is the p) and ``finding``: ``reversed`` where
        the interval of ``n_only_disagree`` ÷ ``n`` lies above one half (words contradict such
        ratings more often than they agree, so the scale was probably turned), ``above_usual``
        where q ≤ 0.05 and the share is at least one and a half times the usual one, ``usual``
        otherwise, blank where nothing was tested. ``attrs["notes"]`` names columns not looked at.

    Raises:
        ColumnError: A column is missing, such as ``sentiment`` in a table that is not tagged.
        RatingError: As for the score itself.
        FeedbackError: ``sure`` or ``usual`` is not between 0 and 1.

    Example:
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": range(40), "nps": [10, 10, 0, 0] * 10})
        >>> comments["text"] = "words"
        >>> comments["sentiment"] = ["positive", "negative", "negative", "negative"] * 10
        >>> found = disagreement_summary(comments, mentions_table([], []), by=[])
        >>> found[["group", "n", "n_disagree", "share", "finding"]].tail(3)
             group   n  n_disagree  share      finding
        3   lowest  20           0   0.00        usual
        4  highest  20          10   0.50  above_usual
        5     ends  40          10   0.25  above_usual
    """
    if not 0 < usual < 1:
        raise FeedbackError(f"The usual share {usual} is not between 0 and 1; 0.1 is one in ten.")
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    read = read_sides(comments, mentions, rating, definition, sure)
    columns, notes = value_columns(comments, by, rating)
    table = summary_of(read, definition, columns, usual=usual, min_n=min_n, confidence=confidence)
    table.attrs["notes"] = notes
    return table


def _turned(
    columns: Sequence[Column], listed: pd.DataFrame, summary: pd.DataFrame
) -> "pd.Series[str]":
    """Return where ratings look turned: for each listed comment the evidence, "" for none."""
    told = pd.Series("", index=listed.index, dtype="object")
    row, ends = listed["row"].to_numpy(), listed["end"].to_numpy(dtype=bool)
    found = summary[(summary["finding"] == "reversed") & (summary["group"] == "ends")]
    for one in found.to_dict("records")[::-1]:  # the whole file comes first, so it is told last
        inside, where = ends, "in the file"
        for column in (column for column in columns if column.name == one["column"]):
            names = [None if name is None else str(name) for name in column.names]
            value = None if pd.isna(one["value"]) else one["value"]
            same = [code for code, name in enumerate(names) if name == value]
            inside = ends & np.isin(column.codes[row], same)
            where = f"with {column.name} {'missing' if value is None else value}"
        told[inside] = (
            f"{one['n_only_disagree']:,} of {one['n']:,} ratings at an end of the scale {where}"
        )
    return told


def _reason(row: Mapping[Any, Any], other: str, turned: str) -> tuple[str, str]:
    """Return the first reason that fits, and what it was seen by."""
    praises = row["sentiment"] == "positive"
    one_sided = not (row["n_negative"] if praises else row["n_positive"])
    if row["end"] and one_sided and (other or turned):
        return "scale_reversed", other or turned
    if praises:
        sign = sarcasm_sign(
            row["text"], row["language"], blames=row["n_negative"] > 0, extreme=row["end"]
        )
        if sign:
            return "sarcasm_candidate", sign
    if row["n_positive"] and row["n_negative"]:
        return "mixed", f"{row['n_positive']} positive and {row['n_negative']} negative mentions"
    if told := tells_of_others(row["text"], row["language"]):
        return "other_touchpoint", told
    return "unclear", why_misread(row["text"], row["language"])


def _noted(
    read: pd.DataFrame, table: pd.DataFrame, summary: pd.DataFrame, **asked: object
) -> dict[str, Any]:
    """Return the counts of everything that was read, with the sentence that says them."""
    clear = read.loc[read["disagrees"], "respondent_id"]
    unsure = read.loc[read["unsure"], "respondent_id"]
    told: dict[str, Any] = {
        **asked, "n_comments": len(read), "n_rated": int(read["rating"].notna().sum()),
        "n_known": int(read["known"].sum()), "n_listed": len(table),
        "n_unsure": int(read["unsure"].sum()), "n_asked": int(read["asked"].sum()),
        "n_may_disagree": int(unsure[~unsure.isin(clear)].nunique()),
        "reasons": {str(k): int(n) for k, n in table["reason"].value_counts().items()},
        "summary": summary.to_dict("records"),
    }  # fmt: skip
    return told | {"sentence": sentence_of(told, summary)}
