"""The countable parts of a report: answers, themes by polarity, row accounting, mentions."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.drivers.explain.scales import group_answers
from feedback_nlp.privacy import mask_with_spans
from feedback_nlp.records import Score
from feedback_nlp.report.parts import AnswerCount, GroupShare, Sum, ThemeRow
from feedback_nlp.schema import STATUSES, info, respondents
from feedback_nlp.scores import Definition
from feedback_nlp.scores.answers import to_floats
from feedback_nlp.showing import rounded_parts, safe, theme_name

MAX_MENTIONS = 100_000
MAX_TEXT = 2_000
_MOST_ANSWERS = 21
_STATUS_WORDS = {
    "ok": "with words that can be read",
    "blank": "blank",
    "uninformative": "without information (such as “n/a”)",
    "unknown_language": "in an unknown language",
}


def group_shares(score: Score, definition: Definition) -> tuple[GroupShare, ...]:
    """Return the low, middle and top group with the answers that make them."""
    answers = group_answers(definition)
    shares = [score.counts[name] / score.n for name in definition.groups]
    percents = rounded_parts([share * 100 for share in shares], 100, 0)
    return tuple(
        GroupShare(
            name=name,
            answers=answers[name],
            n=score.counts[name],
            share=shares[code],
            percent=round(percents[code]),
        )
        for code, name in enumerate(definition.groups)
    )


def distribution(
    comments: pd.DataFrame, rating: str, definition: Definition
) -> tuple[AnswerCount, ...]:
    """Return the number of respondents by answer, the unused answers of the scale as well."""
    answers = to_floats(respondents(comments, rating)[rating])
    answers = answers[~np.isnan(answers)]
    low, high = definition.scale
    values = np.unique(answers)
    if high - low < _MOST_ANSWERS and np.all(values == np.round(values)):
        values = np.arange(low, high + 1)
    if values.size > _MOST_ANSWERS:
        return _binned(answers, definition)
    groups = definition.group(values)
    numbers = [(answers == value).sum() for value in values]
    return tuple(
        AnswerCount(answer=f"{value:g}", n=int(n), share=n / answers.size, group=int(group))
        for value, n, group in zip(values, numbers, groups, strict=True)
    )


def _binned(answers: np.ndarray[Any, Any], definition: Definition) -> tuple[AnswerCount, ...]:
    numbers, edges = np.histogram(answers, bins=10, range=definition.scale)
    groups = definition.group((edges[:-1] + edges[1:]) / 2)
    return tuple(
        AnswerCount(
            answer=f"{edges[at]:g}–{edges[at + 1]:g}",
            n=int(n),
            share=n / answers.size,
            group=int(groups[at]),
        )
        for at, n in enumerate(numbers)
    )


def themes_by_polarity(
    mentions: pd.DataFrame, names: Mapping[str, str] | None = None
) -> tuple[ThemeRow, ...]:
    """Return how many comments mention each theme, the most mentioned first, with sub-themes.

    A comment that praises and blames a theme counts under both. Only a comment with nothing known
    about a theme counts as unknown.
    """
    if mentions.empty:
        return ()
    table = pd.DataFrame(
        {
            "comment_id": mentions["comment_id"].astype("str"),
            "theme": mentions["theme"].astype("str"),
            "polarity": mentions["polarity"].astype("object").fillna("unknown").astype("str"),
        }
    )
    table["top"] = table["theme"].str.partition(".")[0]
    tops = _theme_rows(table, "top", names)
    below = _theme_rows(table[table["theme"] != table["top"]], "theme", names)
    return tuple(
        ThemeRow(
            theme=row.theme,
            name=row.name,
            n_comments=row.n_comments,
            negative=row.negative,
            neutral=row.neutral,
            positive=row.positive,
            unknown=row.unknown,
            subthemes=tuple(sub for sub in below if sub.theme.startswith(f"{row.theme}.")),
        )
        for row in tops
    )


def _theme_rows(table: pd.DataFrame, level: str, names: Mapping[str, str] | None) -> list[ThemeRow]:
    if table.empty:
        return []
    columns = ["negative", "neutral", "positive", "unknown"]
    said = pd.DataFrame({name: table["polarity"] == name for name in columns})
    seen = said.groupby([table["comment_id"], table[level]]).any()
    seen["unknown"] &= ~seen[columns[:3]].any(axis=1)
    by_theme = seen.groupby(level=1)
    counts = by_theme.sum().assign(n_comments=by_theme.size())
    rows = [
        ThemeRow(
            theme=str(theme),
            name=theme_name(str(theme), dict(names or {})),
            n_comments=int(row["n_comments"]),
            negative=int(row["negative"]),
            neutral=int(row["neutral"]),
            positive=int(row["positive"]),
            unknown=int(row["unknown"]),
        )
        for theme, row in counts.iterrows()
    ]
    return sorted(rows, key=lambda row: (-row.n_comments, row.theme))


def sums(comments: pd.DataFrame, score: Score) -> tuple[Sum, ...]:
    """Return the row accounting: each total with the parts it is made of."""
    found = []
    rows = info(comments).get("rows")
    if rows:
        set_aside = [(f"set aside: {why}", int(n)) for why, n in rows["set_aside"].items()]
        parts = (("used", int(rows["used"])), *set_aside)
        found.append(Sum(label="rows read", total=int(rows["read"]), parts=parts))
    found.append(
        Sum(
            label="respondents",
            total=score.n + score.n_missing,
            parts=(("with a usable rating", score.n), ("without one", score.n_missing)),
        )
    )
    found.append(Sum(label="comments", total=len(comments), parts=_status_parts(comments)))
    return tuple(found)


def _status_parts(comments: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    if "status" in comments.columns:
        numbers = comments["status"].astype("str").value_counts()
        parts = [(_STATUS_WORDS[status], int(numbers.get(status, 0))) for status in STATUSES]
        odd = len(comments) - sum(n for _, n in parts)
        return tuple(parts) if not odd else (*parts, ("of no known status", odd))
    blank = int((comments["text"].fillna("").astype("str").str.strip() == "").sum())
    return (("with text", len(comments) - blank), ("blank", blank))


def mention_rows(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str,
    by: tuple[str, ...],
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return every mention with its comment, at most 100,000, personal data masked.

    Comments longer than 2,000 characters are cut: a long one has many mentions.

    Returns:
        ``comment_id``, ``theme``, ``name``, ``polarity`` (``unknown`` where it is), ``evidence``,
        ``text``, the rating, ``date`` if there is one, and the segments.
    """
    columns = [rating, *(["date"] if "date" in comments.columns else [])]
    columns += [name for name in by if name in comments.columns and name not in columns]
    kept = mentions.head(MAX_MENTIONS).reset_index(drop=True)
    beside = comments.set_index("comment_id").loc[kept["comment_id"]].reset_index(drop=True)
    evidence, texts = _masked(kept, beside["text"])
    theme = kept["theme"].astype("str")
    table = pd.DataFrame(
        {
            "comment_id": kept["comment_id"].astype("str"),
            "theme": theme,
            "name": [theme_name(name, dict(names or {})) for name in theme],
            "polarity": kept["polarity"].astype("object").fillna("unknown").astype("str"),
            "evidence": evidence,
            "text": texts,
        }
    )
    return table.join(beside[columns])


def _masked(mentions: pd.DataFrame, texts: pd.Series) -> tuple[list[str], list[str]]:
    """Return evidence and comment of each mention without personal data and unsafe signs.

    A comment is read once, however many mentions it has.
    """
    evidence, shown = [""] * len(mentions), [""] * len(mentions)
    starts, ends = mentions["start"].to_numpy(), mentions["end"].to_numpy()
    for rows in mentions.groupby("comment_id", sort=False, observed=True).indices.values():
        spans = [(int(starts[row]), int(ends[row])) for row in rows]
        masked, moved = mask_with_spans(str(texts.iloc[rows[0]]), spans)
        whole = safe(masked).strip()
        whole = whole if len(whole) <= MAX_TEXT else whole[: MAX_TEXT - 1] + "…"
        for row, (start, end) in zip(rows, moved, strict=True):
            evidence[row] = safe(masked[start:end]).strip()
            shown[row] = whole
    return evidence, shown
