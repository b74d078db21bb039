"""The terms of a table of comments: of one group of raters, of one theme, of one polarity."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError, not_found
from feedback_nlp.privacy import find_personal_data
from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.schema import POLARITIES, check_comments, respondent_ids, respondents
from feedback_nlp.scores.answers import read_answers
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.words.codes import count_terms
from feedback_nlp.words.expressions import Expressions, find_expressions, typical_pairs

Group = Literal["detractors", "passives", "promoters"]
Mask = NDArray[np.bool_]
_REMEMBERED = 100_000  # texts
GROUPS: tuple[Group, ...] = ("detractors", "passives", "promoters")


def term_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    *,
    group: str | None = None,
    rating: str = "nps",
    theme: str | None = None,
    polarity: str | None = None,
    top: int | None = None,
) -> pd.DataFrame:
    """Return the terms of comments and how many comments have each.

    Words are counted in lower case, inflected forms and forms without accents as one, and shown as
    most people write them; a negator and its word (``not good``) are one term, and so are
    expressions (``customer service``, see ``find_expressions``), which are looked for in the whole
    table. Personal data is left out, and so are stop words, bare numbers, and comments whose status
    is not ``ok``.

    Args:
        comments: A comments table.
        mentions: The mentions of these comments; needed for ``theme`` and ``polarity``.
        group: Only comments of ``detractors``, ``passives`` or ``promoters``; other ratings
            than NPS also take their own names, such as ``dissatisfied``.
        rating: The rating column that makes the groups.
        theme: Only comments that mention this theme or one below it.
        polarity: Only comments with a mention of this polarity (of the theme, where one is given).
        top: Only so many of the most common terms.

    Returns:
        One row a term, most common first: ``term``, ``n_comments`` (comments that have it) and
        ``n_tokens`` (occurrences).

    Raises:
        ColumnError: A column is missing.
        FeedbackError: No such group or polarity, or a theme without mentions.

    Example:
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "nps": [2, 10], "language": "en",
        ...                          "text": ["Not helpful at all.", "Very helpful!"]})
        >>> term_table(comments, group="detractors")
                  term  n_comments  n_tokens
        0  not helpful           1         1
    """
    chosen = select_comments(
        comments, mentions, group=group, rating=rating, theme=theme, polarity=polarity
    )
    rows = count_terms(_texts(chosen), expressions_of(comments))[:top]
    return pd.DataFrame(
        {
            "term": pd.array([row[0] for row in rows], dtype="str"),
            "n_comments": np.array([row[1] for row in rows], dtype=np.int64),
            "n_tokens": np.array([row[2] for row in rows], dtype=np.int64),
        }
    )


def select_comments(
    comments: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    *,
    group: str | None = None,
    rating: str = "nps",
    theme: str | None = None,
    polarity: str | None = None,
) -> pd.DataFrame:
    """Return the comments with words in them that are of a group, a theme and a polarity.

    Arguments and errors as in ``term_table``.
    """
    keep = readable(comments)
    if group is not None:
        keep = keep & rating_group(comments, group, rating)[0]
    if theme is not None or polarity is not None:
        chosen = mentioning(mentions, theme, polarity)["comment_id"]
        keep = keep & comments["comment_id"].isin(chosen).to_numpy()
    return comments[keep]


def readable(comments: pd.DataFrame) -> Mask:
    """Return which comments have words in them that can be read.

    Raises:
        ColumnError: A column is missing.
    """
    check_comments(comments, needs=("comment_id", "text"))
    keep = comments["text"].astype("str").fillna("").str.strip() != ""
    if "status" in comments.columns:
        keep &= comments["status"].astype("str") == "ok"
    return np.asarray(keep, dtype=bool)


def rating_group(comments: pd.DataFrame, group: str, rating: str) -> tuple[Mask, Mask]:
    """Return which comments are by a respondent of the group, and which by one with a rating.

    Raises:
        FeedbackError: No such group.
    """
    definition = definition_of(comments, rating)
    names = group_numbers(definition)
    if group not in names:
        raise FeedbackError(not_found("group", group, names).replace("The table has", "Choose"))
    people = respondents(comments, rating)
    answers = read_answers(people[rating], rating, definition.scale)
    codes = pd.Series(definition.group(answers), index=people["respondent_id"].to_numpy())
    own = respondent_ids(comments).map(codes).to_numpy()
    return own == names[group], np.isin(own, (0, 1, 2))


def group_numbers(definition: Definition) -> dict[str, int]:
    """Return the number of each group, by the name for any score and by that of its own."""
    return dict(zip((*GROUPS, *definition.groups), (0, 1, 2) * 2, strict=True))


def mentioning(
    mentions: pd.DataFrame | None, theme: str | None, polarity: str | None
) -> pd.DataFrame:
    """Return the mentions of a theme and those below it, with a polarity.

    Raises:
        ColumnError: A column is missing.
        FeedbackError: No mentions, no such polarity, or a theme without mentions.
    """
    if mentions is None:
        raise FeedbackError(
            "Words of a theme or a polarity need the mentions table: give mentions=, "
            "as tag_frame returns it."
        )
    if polarity is not None and polarity not in POLARITIES:
        raise FeedbackError(f"No polarity {polarity!r}; choose {', '.join(POLARITIES)}.")
    for name in ("comment_id", "theme", "polarity"):
        if name not in mentions.columns:
            raise ColumnError.missing(name, mentions.columns)
    keep = pd.Series(True, index=mentions.index)
    if theme is not None:
        names = mentions["theme"].astype("str")
        keep &= (names == theme) | names.str.startswith(f"{theme}.")
        if not keep.any() and theme not in getattr(mentions["theme"].dtype, "categories", ()):
            raise FeedbackError(not_found("theme", theme, sorted(names.unique())))
    if polarity is not None:
        keep &= mentions["polarity"].astype("str") == polarity
    return mentions[keep]


def _texts(comments: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (text without personal data, language) of each comment."""
    return list(zip(clean_texts(comments["text"]), languages_of(comments), strict=True))


def expressions_of(comments: pd.DataFrame) -> Expressions:
    """Return the two-word expressions of a table, from at most 5,000 different comments of it."""
    used = comments[readable(comments)]
    pairs = zip(used["text"].astype("str").tolist(), languages_of(used), strict=True)
    return find_expressions(
        [(without_personal_data(text), language) for text, language in typical_pairs(pairs)]
    )


def languages_of(comments: pd.DataFrame) -> list[str]:
    """Return the language of each comment."""
    if "language" not in comments.columns:
        return [UNKNOWN_LANGUAGE] * len(comments)
    return list(comments["language"].astype("object").fillna(UNKNOWN_LANGUAGE).astype("str"))


def clean_texts(texts: pd.Series) -> list[str]:
    """Return texts with line breaks in the place of personal data, as long as they were.

    Texts that are alike are searched once.
    """
    codes, different = pd.factorize(texts.astype("str"))
    clean = [without_personal_data(text) for text in different]
    return [clean[code] for code in codes]


@lru_cache(maxsize=_REMEMBERED)
def without_personal_data(text: str) -> str:
    """Return a text with line breaks in the place of personal data, as long as it was.

    The search takes most of the time of a cloud, and a report asks for the same texts many times,
    so what was found is remembered.

    Example:
        >>> without_personal_data("Mail a@b.example now").split()
        ['Mail', 'now']
    """
    for found in find_personal_data(text):
        gap = "\n" * (found.end - found.start)
        text = f"{text[: found.start]}{gap}{text[found.end :]}"
    return text


def evidence_texts(texts: Mapping[int, str], said: pd.DataFrame) -> list[str]:
    """Return the words of the mentions of each comment, each character once.

    Args:
        texts: Text of each comment by its row, personal data taken out of the whole of it, so that
            a name is known by its cue outside the evidence.
        said: The mentions: ``row``, ``start``, ``end``.
    """
    order = said.sort_values(["row", "start", "end"], kind="stable")
    pieces: dict[int, list[str]] = {row: [] for row in texts}
    last: dict[int, int] = {}
    for row, start, end in zip(
        order["row"].tolist(), order["start"].tolist(), order["end"].tolist(), strict=True
    ):
        begin = max(start, last.get(row, 0))
        if end > begin:
            pieces[row].append(texts[row][begin:end])
            last[row] = end
    return ["\n".join(parts) for parts in pieces.values()]
