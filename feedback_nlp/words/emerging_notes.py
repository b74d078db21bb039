"""What is said beside the tables of emerging words, in any language of the report."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.wordings import Wording, wording_in

CLEAR = 0.05  # q up to which a word is named
NAMED = 5  # words that a sentence names
_LONGER = 1.25


def emerging_sentences(notes: Mapping[str, Any], language: str = "en") -> list[str]:
    """Return the answer in a sentence, then what a reader of ``emerging_words`` has to know.

    Args:
        notes: ``attrs["emerging"]`` of the table.
        language: ``en``, ``nl``, ``nb`` or ``lv``.

    Raises:
        FeedbackError: There are no wordings in that language.

    Example:
        >>> from feedback_nlp.words import emerging_words
        >>> import pandas as pd
        >>> comments = pd.DataFrame({"comment_id": ["a"], "text": ["Late"],
        ...                          "date": pd.to_datetime(["2025-05-01"])})
        >>> emerging_sentences(emerging_words(comments).attrs["emerging"], "nl")[0][:44]
        'Over opkomende woorden valt niets te zeggen:'
    """
    said = wording_in(language)
    if notes["reason"]:
        return [_reason(notes, said), *_left_out(notes, said)]
    compared = said.say(
        "emerging.compared",
        recent=said.say("emerging.comments", notes["n_recent"]),
        before=said.say("emerging.comments", notes["n_before"]),
        span_recent=window_name(notes, "recent", said),
        span_before=window_name(notes, "before", said),
    )  # fmt: skip
    answer = found_sentence("emerging", notes, said)
    if notes["n_found_new"]:
        answer = f"{answer} {said.say('emerging.found_new', notes['n_found_new'])}"
    limits = [
        said.say("emerging.note.tested", notes["n_tested"], q=said.exactly(CLEAR)),
        said.say("emerging.note.when"),
    ]
    if notes["turned_round"]:
        limits.append(said.say("emerging.note.turned_round"))
    elif not notes["same_season"]:
        limits.append(said.say("emerging.note.season"))
    return [
        f"{answer} {compared}", said.say(f"emerging.rule.{notes['rule']}"), *limits,
        *_cautions(notes, said), *_left_out(notes, said),
    ]  # fmt: skip


def found_sentence(key: str, notes: Mapping[str, Any], said: Wording) -> str:
    """Return which words are beyond chance, the first few by name.

    Args:
        key: Where the sentences are: ``emerging`` or ``emerging.untagged``.
        notes: ``n_found`` and ``first``: the first few of them, with both shares.
        said: The language.
    """
    if not notes["n_found"]:
        return said.say(f"{key}.none")
    words = [
        said.say(f"{key}.word", term=term, own=said.share(own), others=said.share(others))
        for term, own, others in notes["first"]
    ]
    more = "found_more" if notes["n_found"] > len(words) else "found"
    return said.say(f"{key}.{more}", notes["n_found"], words=said.listed(words))


def first_words(table: pd.DataFrame, shares: tuple[str, str]) -> list[tuple[str, float, float]]:
    """Return the clearest words that are beyond chance, each with both shares."""
    found = table[table["q_value"] <= CLEAR].head(NAMED)
    return [
        (str(term), float(own), float(others))
        for term, own, others in zip(
            found["term"], *(found[f"share_{name}"] for name in shares), strict=True
        )
    ]


def _reason(notes: Mapping[str, Any], said: Wording) -> str:
    """Return why nothing can be said."""
    why = notes["reason"]
    if why in ("few_recent", "few_before"):
        side = why.removeprefix("few_")
        n = said.say("emerging.comments", notes[f"n_{side}"])
        return said.say(
            "emerging.reason.few", comments=n, span=window_name(notes, side, said),
            least=max(notes["min_n"], 1),
        )  # fmt: skip
    return said.say(f"emerging.reason.{why}", least=notes["min_comments"])


def window_name(notes: Mapping[str, Any], side: str, said: Wording) -> str:
    """Return the first and last day of the ``recent`` days or of those ``before``, in words."""
    first, last = (np.datetime64(day).item() for day in notes["windows"][side])
    return said.say("emerging.span", first=said.date(first), last=said.date(last))


def _cautions(notes: Mapping[str, Any], said: Wording) -> list[str]:
    """Return what may make words rise that is no news."""
    found = []
    lengths = notes["terms_recent"], notes["terms_before"]
    if max(lengths) > _LONGER * min(lengths):
        key = "longer" if lengths[0] > lengths[1] else "shorter"
        recent, before = (said.bare(length, "points") for length in lengths)
        found.append(said.say(f"emerging.note.{key}", recent=recent, before=before))
    if len(notes["languages"]) > 1:
        found.append(said.say("emerging.note.languages", languages=", ".join(notes["languages"])))
    if notes["n_respondents"] < notes["n_recent"] + notes["n_before"]:
        found.append(said.say("emerging.note.respondents", notes["n_respondents"]))
    return found


def _left_out(notes: Mapping[str, Any], said: Wording) -> list[str]:
    """Return how many comments and words are left out, by reason."""
    counts = {
        "copies": "n_copies", "apart": "n_terms_apart", "undated": "n_undated",
        "outside": "n_outside",
    }  # fmt: skip
    return [
        said.say(f"emerging.note.{key}", notes[name]) for key, name in counts.items() if notes[name]
    ]
