"""Terms of comments in which no theme was found: what the taxonomy may lack."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.schema import check_mentions
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.wordings import wording_in
from feedback_nlp.words.codes import code_terms
from feedback_nlp.words.emerging_examples import examples_of
from feedback_nlp.words.emerging_figures import check_numbers, comparable, risen
from feedback_nlp.words.emerging_likeness import Encoder, nearest_themes
from feedback_nlp.words.emerging_notes import CLEAR, first_words, found_sentence
from feedback_nlp.words.emerging_themes import without_theme
from feedback_nlp.words.emerging_windows import once_a_day
from feedback_nlp.words.expressions import find_expressions
from feedback_nlp.words.tables import Mask, clean_texts, languages_of, readable

_COLUMNS = [
    "term", "n_without_theme", "n_with_theme",
    "share_without_theme", "share_without_theme_low", "share_without_theme_high",
    "share_with_theme", "share_with_theme_low", "share_with_theme_high",
    "log_odds", "low", "high", "g2", "p_value", "q_value", "comment_id",
]  # fmt: skip


def untagged_terms(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    count_general: bool = True,
    min_comments: int = 5,
    min_n: int = 10,
    confidence: float = 0.95,
    encoder: Encoder | None = None,
) -> pd.DataFrame:
    """Return the terms that mark comments in which no theme was found against the others.

    Only comments that can be read count (status ``ok``), and a text of 6 words or longer counts
    once, however often it is there. The figures are those of ``keyness``, within languages. Such a
    term is a hint at a theme that the taxonomy lacks, or at a wording of one that the tagger does
    not know: read the comments.

    Args:
        comments: A comments table.
        mentions: The mentions of these comments.
        count_general: Whether praise or blame without a subject ("terrible") counts as a theme. If
            not, the words of praise and blame come with the others.
        min_comments: Terms that fewer comments of both together have are left out.
        min_n: With fewer comments without a theme, or with one, the table is empty.
        confidence: Level of the intervals.
        encoder: What turns comments into vectors, from ``load_encoder``: it tells which theme the
            comments with a term are most like, in 2,000 comments without and with a theme at most.

    Returns:
        One row for each term that a larger share of the comments without a theme has, the clearest
        first: ``term``, ``n_without_theme``, ``n_with_theme``, both shares with
        ``…_low`` and ``…_high``, ``log_odds`` with ``low`` and ``high``, ``g2``,
        ``p_value`` (exact test, two-sided), ``q_value`` (Benjamini–Hochberg over all terms tested)
        and ``comment_id`` (an example). With an encoder also ``nearest_theme``, the top theme whose
        comments are most like those of the term that have none, and ``likeness``, −1 to 1: a hint
        at a wording of that theme that the tagger does not know; a low one, at a missing theme.
        ``attrs["untagged"]`` has what was counted, ``reason`` (why nothing can be said; "" if
        something can), a ``sentence`` and ``notes``.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        FeedbackError: A number cannot be used.

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": [str(n) for n in range(60)], "language": "en",
        ...                          "text": ["Fair price"] * 40 + ["The kiosk"] * 20})
        >>> price = Mention(theme="price", polarity="positive", theme_confidence=1,
        ...                 polarity_confidence=1, start=5, end=10)
        >>> rows = [(str(n), "Fair price", price) for n in range(40)]
        >>> found = untagged_terms(comments, mentions_table(rows, ["price"]))
        >>> found[["term", "n_without_theme", "n_with_theme"]].head(1)
            term  n_without_theme  n_with_theme
        0  kiosk               20             0
    """
    check_numbers(min_comments, min_n)
    quantile(confidence)  # the check
    check_mentions(mentions, comments)
    frame = comments[readable(comments)]
    once = once_a_day(frame["text"].astype("str").tolist(), np.zeros(len(frame), dtype="M8[D]"))
    n_copies, frame = int((~once).sum()), frame[once]
    bare = without_theme(frame, mentions, subject=not count_general)
    notes: dict[str, Any] = {
        "count_general": count_general, "min_comments": min_comments, "min_n": min_n,
        "confidence": confidence,
        "n_without_theme": int(bare.sum()), "n_with_theme": int((~bare).sum()),
        "n_general": int((without_theme(frame, mentions) & ~bare).sum()),
        "n_tested": 0, "n_terms_apart": 0, "n_copies": n_copies, "reason": "",
    }  # fmt: skip
    for side in ("without", "with"):
        if not notes["reason"] and notes[f"n_{side}_theme"] < min_n:
            notes["reason"] = f"few_{side}"
    table = pd.DataFrame({name: pd.Series(dtype="float64") for name in _COLUMNS})
    if encoder is not None:
        table = table.assign(nearest_theme=pd.Series(dtype="str"), likeness=table["q_value"])
    if not notes["reason"]:
        table = _compare(frame, bare, notes, mentions, encoder)
    found = table["q_value"] <= CLEAR
    notes |= {
        "n_found": int(found.sum()),
        "first": first_words(table, ("without_theme", "with_theme")),
    }
    notes["sentence"], *notes["notes"] = untagged_sentences(notes)
    table.attrs["untagged"] = notes
    return table


def _compare(
    frame: pd.DataFrame, bare: Mask, notes: dict[str, Any], mentions: pd.DataFrame,
    encoder: Encoder | None,
) -> pd.DataFrame:  # fmt: skip
    """Return the table of terms, and note how many were tested."""
    texts = clean_texts(frame["text"])
    spoken = list(zip(texts, languages_of(frame), strict=True))
    codes = code_terms(spoken, find_expressions(spoken))
    terms, apart = comparable(codes, (bare, ~bare), notes["min_comments"])
    notes |= {"n_tested": int(terms.size), "n_terms_apart": apart}
    if not terms.size:
        notes["reason"] = "few_terms"
    names = "without_theme", "with_theme"
    table, terms = risen(codes, terms, (bare, ~bare), names, confidence=notes["confidence"])
    example = examples_of(codes, terms, bare, texts)
    table = table.assign(comment_id=frame["comment_id"].iloc[example].array)[_COLUMNS]
    if encoder is None:
        return table
    return table.join(nearest_themes(codes, terms, bare, texts, frame, mentions, encoder))


def untagged_sentences(notes: Mapping[str, Any], language: str = "en") -> list[str]:
    """Return the answer in a sentence, then what a reader of ``untagged_terms`` has to know.

    Args:
        notes: ``attrs["untagged"]`` of the table.
        language: ``en``, ``nl``, ``nb`` or ``lv``.

    Raises:
        FeedbackError: There are no wordings in that language.
    """
    said, key, why = wording_in(language), "emerging.untagged", notes["reason"]
    own, others = (
        said.say("emerging.comments", notes[f"n_{side}_theme"]) for side in ("without", "with")
    )
    if why:
        least = notes["min_comments"] if why == "few_terms" else max(notes["min_n"], 1)
        held = others if why == "few_with" else own
        return [said.say(f"{key}.{why}", comments=held, least=least)]
    answer = found_sentence(key, notes, said)
    compared = said.say(f"{key}.compared", own=own, others=others)
    lines = [f"{answer} {compared}", said.say(f"{key}.meaning")]
    if not notes["count_general"]:
        lines.append(said.say(f"{key}.general"))
    if notes["n_general"]:
        lines.append(said.say(f"{key}.general_counts", notes["n_general"]))
    for name, held in (("copies", "n_copies"), ("apart", "n_terms_apart")):
        if notes[held]:
            lines.append(said.say(f"{key}.{name}", notes[held]))
    return lines
