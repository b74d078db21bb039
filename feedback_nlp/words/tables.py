"""The terms of a table of comments: of one group of raters, of one theme, of one polarity."""

from typing import Literal

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, FeedbackError, not_found
from feedback_nlp.privacy import find_personal_data
from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.schema import POLARITIES, check_comments, respondent_ids, respondents
from feedback_nlp.scores.answers import read_answers
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.words.terms import count_terms

Group = Literal["detractors", "passives", "promoters"]
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

    Words are counted in lower case, with and without accents as one, and shown as most people
    write them; a negator and its word (``not good``) are one term. Personal data is left out, and
    so are stop words, bare numbers, and comments whose status is not ``ok``.

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
    rows = count_terms(_texts(chosen))[:top]
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
    check_comments(comments, needs=("comment_id", "text"))
    keep = comments["text"].astype("str").fillna("").str.strip() != ""
    if "status" in comments.columns:
        keep &= comments["status"].astype("str") == "ok"
    if group is not None:
        keep &= _in_group(comments, group, rating)
    if theme is not None or polarity is not None:
        keep &= comments["comment_id"].isin(_mentioning(mentions, theme, polarity))
    return comments[keep]


def _in_group(comments: pd.DataFrame, group: str, rating: str) -> pd.Series:
    """Return which comments are by a respondent of the group."""
    definition = definition_of(comments, rating)
    names: dict[str, int] = dict(zip((*GROUPS, *definition.groups), (0, 1, 2) * 2, strict=True))
    if group not in names:
        raise FeedbackError(not_found("group", group, names).replace("The table has", "Choose"))
    people = respondents(comments, rating)
    answers = read_answers(people[rating], rating, definition.scale)
    codes = pd.Series(definition.group(answers), index=people["respondent_id"].to_numpy())
    return respondent_ids(comments).map(codes) == names[group]


def _mentioning(
    mentions: pd.DataFrame | None, theme: str | None, polarity: str | None
) -> pd.Series:
    """Return the ids of the comments that mention a theme, with a polarity."""
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
    return mentions.loc[keep, "comment_id"]


def _texts(comments: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (text without personal data, language) of each comment."""
    texts = [_without_personal_data(text) for text in comments["text"].astype("str")]
    if "language" not in comments.columns:
        return [(text, UNKNOWN_LANGUAGE) for text in texts]
    languages = comments["language"].astype("object").fillna(UNKNOWN_LANGUAGE).astype("str")
    return list(zip(texts, languages, strict=True))


def _without_personal_data(text: str) -> str:
    for found in reversed(find_personal_data(text)):
        text = f"{text[: found.start]}\n{text[found.end :]}"
    return text
