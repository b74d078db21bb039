"""What a reader of a comparison of words has to know, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.schema import respondent_ids
from feedback_nlp.words.codes import TermCodes
from feedback_nlp.words.tables import Mask, languages_of

_LONGER = 1.25
_ONE_LANGUAGE = 0.9


def remarks(
    notes: Mapping[str, Any], codes: TermCodes, own: Mask, table: pd.DataFrame, used: pd.DataFrame
) -> list[str]:
    """Return what a reader of the table has to know.

    Args:
        notes: What was compared, as ``keyness`` gives it.
        codes: The terms of the comments.
        own: Which of them are of the group.
        table: The table of terms.
        used: The comments that were compared.
    """
    said = []
    what = f"{notes['per']}s"
    for side in ("group", "reference"):
        if notes[f"n_{side}"] < max(notes["min_n"], 1):
            said.append(
                f"Only {notes[f'n_{side}']:,} {what} of {notes[side]} can be compared; "
                f"at least {max(notes['min_n'], 1):,} are needed, so the table is empty."
            )
    if notes["n_terms_apart"]:
        said.append(
            f"{notes['n_terms_apart']:,} terms are left out: they are only in languages that one "
            "of the two does not write, so they tell the language, not the group."
        )
    if not said and table.empty:
        said.append(f"No term is in {notes['min_comments']:,} {what} or more.")
    if notes["n_without_evidence"]:
        said.append(
            f"{notes['n_without_evidence']:,} comments are left out: their mentions mark no words."
        )
    if table.empty:
        return said
    lengths = [codes.counts(rows)[0].sum() / rows.sum() for rows in (own, ~own)]
    if max(lengths) > _LONGER * min(lengths):
        longer = np.argmax(lengths)
        names = [notes["group"], notes["reference"]]
        said.append(
            f"A {notes['per']} of {names[longer]} has {lengths[longer]:.1f} terms on average, of "
            f"{names[1 - longer]} {lengths[1 - longer]:.1f}: who writes more has more of every "
            "term, so look at the strongest terms of both ends."
        )
    said += _languages(notes, used)
    ids: Sequence[str] = respondent_ids(used).tolist()
    if notes["per"] == "comment" and len(set(ids)) < len(ids):
        said.append(
            f"{len(ids):,} comments are of {len(set(ids)):,} respondents; p and q take comments as "
            "independent. per='respondent' counts each respondent once."
        )
    return said


def _languages(notes: Mapping[str, Any], used: pd.DataFrame) -> list[str]:
    """Return a remark where comments are in several languages."""
    spoken = pd.Series(languages_of(used)).value_counts(normalize=True)
    if spoken.iloc[0] >= _ONE_LANGUAGE:
        return []
    return [
        f"Comments are in {len(spoken)} languages, {spoken.index[0]} the first with "
        f"{spoken.iloc[0]:.0%}: each term is compared with {notes['reference']} of the same "
        "language. Shares are of all comments, so they also tell who writes which language."
    ]
