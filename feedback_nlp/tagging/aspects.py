"""Comments that others labelled by aspect, read as the two tables, to measure on and to learn from.

A common form of public data sets: JSON Lines with ``text``, ``lang`` and ``aspects`` (``theme``,
``polarity``, sometimes ``from`` and ``to``) or ``sentiment``. Their themes are coarser than ours
and are mapped onto top themes.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pandas as pd

from feedback_nlp.errors import FileFormatError, not_found
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE, Mention, Polarity
from feedback_nlp.schema import POLARITIES, SENTIMENTS, STATUSES, mentions_table, with_info
from feedback_nlp.tagging.tagger import Tagging
from feedback_nlp.tagging.theme_ids import theme_id
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy

ASPECT_THEMES: Mapping[str, str] = {
    "service": "service", "quality": "quality", "price": "price", "delivery": "delivery",
    "usability": "usability", "location": "environment", "ambience": "environment",
    "safety": "trust", "other": "general",
}  # fmt: skip
_BOTH = "conflict"
_LANGUAGES = {"no": "nb"}


def read_aspects(
    paths: str | Path | Iterable[str | Path],
    *,
    themes: Mapping[str, str] = ASPECT_THEMES,
    taxonomy: Taxonomy | None = None,
    own: bool = False,
) -> Tagging:
    """Return comments labelled by aspect as the two tables.

    The evidence is the target where there is one, else the whole text. ``conflict`` becomes two
    mentions, an aspect without polarity one whose polarity is missing.

    Args:
        paths: JSON Lines files, plain or ``.gz``.
        themes: Which theme of the taxonomy stands for each of theirs.
        taxonomy: The default one if not given.
        own: Take their own categories as themes instead (``category``, else ``theme``), made into
            ids: ``FOOD#PRICES`` is ``food.prices``.

    Returns:
        ``comments`` with text, question, language, sentiment (missing where nobody labelled it) and
        status ``ok``; ``mentions`` with source ``human``.

    Raises:
        FileFormatError: A file cannot be read, or a row has no text, an unknown theme, polarity or
            sentiment, or a target outside its text.
    """
    taxonomy = taxonomy or load_taxonomy()
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    comments: list[dict[str, Any]] = []
    mentions: list[tuple[str, str, Mention]] = []
    for path in map(Path, given):
        for where, row in _rows(path):
            try:
                comments.append(_comment(row))
                for aspect in row.get("aspects", ()):
                    theme = _own_theme(aspect) if own else _theme(aspect, themes)
                    found = _mentions(aspect, row, theme)
                    mentions += [(comments[-1]["comment_id"], row["text"], m) for m in found]
            except (KeyError, TypeError, AttributeError) as error:
                raise FileFormatError(
                    f"{where}: {error} is missing or not as it should be; a row has id, text, "
                    "lang, and aspects as a list of theme and polarity."
                ) from error
            except FileFormatError as error:
                raise FileFormatError(f"{where}: {error}") from error
    table = pd.DataFrame(
        comments, columns=["comment_id", "text", "question", "language", "sentiment"]
    )
    table = table.assign(
        language=pd.Categorical(table["language"], categories=[*LANGUAGES, UNKNOWN_LANGUAGE]),
        sentiment=pd.Categorical(table["sentiment"], categories=list(SENTIMENTS)),
        status=pd.Categorical(["ok"] * len(table), categories=list(STATUSES)),
    )
    if own:
        ids = sorted({mention.theme for _, _, mention in mentions})
        return Tagging(table, mentions_table(mentions, ids))
    return Tagging(table, with_info(mentions_table(mentions, taxonomy.ids), taxonomy.noted()))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
        for number, line in enumerate(text.rstrip("\n").split("\n"), start=1):
            yield f"{path.name}, line {number}", json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        if isinstance(error, FileFormatError):
            raise
        raise FileFormatError(f"Cannot read {path} as JSON Lines in UTF-8: {error}.") from error


def _comment(row: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(row["text"], str):
        raise FileFormatError(f"the text is {row['text']!r}; it is a text in quotes.")
    if row.get("sentiment") not in (*SENTIMENTS, None):
        raise FileFormatError(
            f"the sentiment is {row['sentiment']!r}; it is {', '.join(SENTIMENTS)} or missing."
        )
    language = _LANGUAGES.get(row["lang"], row["lang"])
    return {
        "comment_id": str(row["id"]),
        "text": row["text"],
        "question": row.get("question") or "",
        "language": language if language in LANGUAGES else UNKNOWN_LANGUAGE,
        "sentiment": row.get("sentiment"),
    }


def _theme(aspect: Mapping[str, Any], themes: Mapping[str, str]) -> str:
    if aspect["theme"] not in themes:
        raise FileFormatError(not_found("theme", str(aspect["theme"]), themes))
    return themes[aspect["theme"]]


def _own_theme(aspect: Mapping[str, Any]) -> str:
    return theme_id(str(aspect["category"] if "category" in aspect else aspect["theme"]))


def _mentions(aspect: Mapping[str, Any], row: Mapping[str, Any], theme: str) -> Iterator[Mention]:
    said = aspect.get("polarity")
    if said not in (*POLARITIES, _BOTH, None):
        raise FileFormatError(
            f"the polarity is {said!r}; it is {', '.join(POLARITIES)} or {_BOTH}."
        )
    start, end = aspect.get("from"), aspect.get("to")
    if start is None or end is None:
        start, end = 0, len(row["text"])
    if not 0 <= start < end <= len(row["text"]):
        raise FileFormatError(f"a target goes from {start} to {end}, outside the text.")
    for polarity in ("negative", "positive") if said == _BOTH else (said,):
        yield Mention(
            theme=theme,
            polarity=cast(Polarity | None, polarity),
            theme_confidence=1.0,
            polarity_confidence=1.0 if polarity else None,
            start=start,
            end=end,
            source="human",
        )
