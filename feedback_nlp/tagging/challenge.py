"""Challenge sets: short comments that test one thing each, passed or not.

The format and the rule for passing are in ``data/challenge/README.md``.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.errors import FileFormatError
from feedback_nlp.records import LANGUAGES
from feedback_nlp.schema import POLARITIES, SENTIMENTS, STATUSES
from feedback_nlp.scores import wilson
from feedback_nlp.tagging.labelled import labelled_files
from feedback_nlp.tagging.tagger import Tagger, Tagging
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy

PHENOMENA = (
    "negation", "polite_negative", "question", "contrast", "degree", "sarcasm", "emoji_only",
    "emoji_against_words", "price_words", "service_noun", "comparison", "wish", "misspelling",
    "diacritics", "compounds", "subword", "mixed_languages", "units", "competitor", "quoted",
    "past_present", "third_person",
)  # fmt: skip
ANY_OTHER = "*"
_OPPOSITE = {"negative": "positive", "positive": "negative"}
_FIELDS: dict[str, Any] = {
    "id": str, "phenomenon": str, "pair": (str, type(None)), "text": str, "language": str,
    "question": str, "mentions": list, "absent": list, "status": str,
    "sentiment": (str, type(None)),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One comment and what must be found in it.

    Attributes:
        id: Language, phenomenon, number.
        phenomenon: What it tests.
        pair: Id of the row with the same words but for the thing tested.
        text: The comment.
        language: Its language.
        question: What was asked; may be blank.
        mentions: Theme and polarity of what must be found.
        absent: Themes that must not be found; ``*`` for all others.
        status: The status that must come out.
        sentiment: The sentiment that must come out; ``None`` where it is not tested.
    """

    id: str
    phenomenon: str
    text: str
    language: str
    question: str = ""
    pair: str | None = None
    mentions: tuple[tuple[str, str], ...] = ()
    absent: tuple[str, ...] = ()
    status: str = "ok"
    sentiment: str | None = None


def read_challenges(
    paths: str | Path | Iterable[str | Path], *, taxonomy: Taxonomy | None = None
) -> list[Challenge]:
    """Return the rows of challenge files.

    Args:
        paths: JSON Lines files or folders of them.
        taxonomy: The themes that may occur; the default one if not given.

    Raises:
        FileFormatError: A file is missing or a row is not right; the message says which.
    """
    themes = set((taxonomy or load_taxonomy()).ids)
    found: dict[str, Challenge] = {}
    for path in labelled_files(paths):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            where = f"{path.name}, line {number}"
            row = _row(line, themes, where)
            if row.id in found:
                raise FileFormatError(f"{where}: the id {row.id!r} occurs twice.")
            found[row.id] = row
    for row in found.values():
        if row.pair is not None and row.pair not in found:
            raise FileFormatError(f"{row.id}: its pair {row.pair!r} is not there.")
    return list(found.values())


def run_challenges(tagger: Tagger, challenges: Sequence[Challenge]) -> pd.DataFrame:
    """Return which challenges a tagger passes.

    Args:
        tagger: What tags; it finds out the languages by itself.
        challenges: The rows.

    Returns:
        One row for each: ``id``, ``phenomenon``, ``language``, ``passed``, and ``why`` not (blank
        where passed).
    """
    frame = pd.DataFrame(
        {
            "comment_id": [row.id for row in challenges],
            "text": [row.text for row in challenges],
            "question": [row.question for row in challenges],
        }
    )
    why = _failures(challenges, tagger.tag_frame(frame))
    return pd.DataFrame(
        {
            "id": frame["comment_id"],
            "phenomenon": [row.phenomenon for row in challenges],
            "language": [row.language for row in challenges],
            "passed": [not reason for reason in why],
            "why": why,
        }
    )


def pass_rates(results: pd.DataFrame, by: str = "phenomenon") -> pd.DataFrame:
    """Return the share passed of each phenomenon or language, and of all, with Wilson intervals.

    Args:
        results: What ``run_challenges`` returned.
        by: ``phenomenon`` or ``language``.

    Returns:
        ``by``, ``n``, ``passed``, ``share`` (0–1), ``low``, ``high``; the last row is ``all``.
    """
    grouped = results.groupby(by)["passed"].agg(["size", "sum"])
    grouped.loc["all"] = [len(results), results["passed"].sum()]
    low, high = wilson(grouped["sum"].to_numpy(), grouped["size"].to_numpy())
    return pd.DataFrame(
        {
            by: grouped.index, "n": grouped["size"].to_numpy(int),
            "passed": grouped["sum"].to_numpy(int),
            "share": (grouped["sum"] / grouped["size"]).to_numpy(float), "low": low, "high": high,
        }
    )  # fmt: skip


def _failures(challenges: Sequence[Challenge], found: Tagging) -> list[str]:
    said: dict[str, list[tuple[str, str]]] = {row.id: [] for row in challenges}
    for row in found.mentions.itertuples():
        polarity = str(row.polarity) if isinstance(row.polarity, str) else "unknown"
        said[str(row.comment_id)].append((str(row.theme), polarity))
    comments = found.comments
    return [
        _failure(row, said[row.id], status, sentiment)
        for row, status, sentiment in zip(
            challenges, comments["status"], comments["sentiment"], strict=True
        )
    ]


def _failure(
    row: Challenge, said: Sequence[tuple[str, str]], status: object, sentiment: object
) -> str:
    """Return why a row is not passed, blank where it is."""
    if str(status) != row.status:
        return f"status {status}, not {row.status}"
    for theme, polarity in row.mentions:
        on_it = {p for t, p in said if _counts_as(t, theme)}
        if polarity not in on_it:
            there = f" ({', '.join(sorted(on_it))})" if on_it else ""
            return f"no {polarity} {theme}{there}"
        opposite = _OPPOSITE.get(polarity)
        if opposite in on_it and (theme, opposite) not in row.mentions:
            return f"{opposite} {theme}"
    unwanted = _unwanted(row, [theme for theme, _ in said])
    if unwanted:
        return f"{unwanted} found"
    if row.sentiment is not None and sentiment != row.sentiment:
        return f"sentiment {sentiment}, not {row.sentiment}"
    return ""


def _counts_as(theme: str, wanted: str) -> bool:
    return theme == wanted or theme.startswith(f"{wanted}.")


def _unwanted(row: Challenge, said: Sequence[str]) -> str:
    """Return the first theme that must not be there; ``general`` must be named to be unwanted."""
    for theme in said:
        if any(_counts_as(theme, absent) for absent in row.absent):
            return theme
        wanted = any(_counts_as(theme, t) or _counts_as(t, theme) for t, _ in row.mentions)
        if ANY_OTHER in row.absent and not wanted and theme != "general":
            return theme
    return ""


def _row(line: str, themes: set[str], where: str) -> Challenge:
    try:
        values: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError as error:
        raise FileFormatError(f"{where} is no JSON: {error.msg}.") from None
    for name, kind in _FIELDS.items():
        if not isinstance(values, dict) or not isinstance(values.get(name, ...), kind):
            raise FileFormatError(f"{where}: the field {name!r} is missing or of another kind.")
    strange = sorted(set(values) - set(_FIELDS))
    if strange:
        raise FileFormatError(f"{where}: there is no field {strange[0]!r}.")
    try:
        mentions = tuple((m["theme"], m["polarity"]) for m in values["mentions"])
    except (KeyError, TypeError):
        raise FileFormatError(f"{where}: a mention is a theme and a polarity.") from None
    row = Challenge(**{**values, "mentions": mentions, "absent": tuple(values["absent"])})
    _check(row, themes, where)
    return row


def _check(row: Challenge, themes: set[str], where: str) -> None:
    allowed: list[tuple[str, object, Sequence[object]]] = [
        ("phenomenon", row.phenomenon, PHENOMENA),
        ("language", row.language, LANGUAGES),
        ("status", row.status, STATUSES),
        ("sentiment", row.sentiment, (*SENTIMENTS, None)),
        *(("polarity", polarity, POLARITIES) for _, polarity in row.mentions),
        *(("theme", theme, sorted(themes)) for theme, _ in row.mentions),
        *(("theme", theme, sorted({*themes, ANY_OTHER})) for theme in row.absent),
    ]
    for name, value, known in allowed:
        if value not in known:
            raise FileFormatError(f"{where}: no {name} {value!r}.")
    if not row.id.startswith(f"{row.language}-{row.phenomenon}-"):
        raise FileFormatError(
            f"{where}: the id {row.id!r} does not begin with {row.language}-{row.phenomenon}-."
        )
    if row.status != "ok" and row.mentions:
        raise FileFormatError(f"{where}: a comment that is not ok has no mentions.")
