"""Whether a labelled corpus is what it should be: the rules of ``data/labelled`` and its aims.

What every labelled file must fulfil is checked on reading (``labelled.py``). Here are the rules of
our own corpus, and the aims of ``targets.toml``, which grow with it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.errors import FileFormatError
from feedback_nlp.schema import POLARITIES
from feedback_nlp.tagging.labelled import LabelledComment, Paths, labelled_files, read_labels
from feedback_nlp.tagging.labelled_figures import (
    coverage_table,
    near_copies,
    profile_table,
    repetition_table,
)
from feedback_nlp.tagging.markup import INDUSTRIES, MARKS
from feedback_nlp.taxonomy import load_taxonomy

TARGETS_FILE = "targets.toml"
_ID = re.compile(r"(nl|en|nb|lv|de|fr|es)-\d\d-\d{3,4}")
_END_MARKS = tuple(" .,;:!?…")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusReport:
    """What was found; printing it shows all of it.

    Attributes:
        mistakes: What must be mended, one line each.
        coverage: Mentions by theme, language and polarity.
        profile: Figures by language.
        copies: Pairs of comments that are nearly the same.
        repetition: Turns that occur too often.
        missing: Themes that are still short of what is aimed at, with how many are missing.
    """

    mistakes: tuple[str, ...]
    coverage: pd.DataFrame
    profile: pd.DataFrame
    copies: pd.DataFrame
    repetition: pd.DataFrame
    missing: pd.DataFrame

    def __str__(self) -> str:
        parts = [
            ("Mentions (negative, neutral, positive)", _shown_coverage(self.coverage)),
            ("Still missing for the aim", self.missing),
            ("Figures", self.profile.round(2).T),
            ("Nearly the same", self.copies.head(40).round(2)),
            ("Said too often", self.repetition.head(60)),
        ]
        shown = [
            f"{title}\n{'  none' if table.empty else table.to_string()}" for title, table in parts
        ]
        must = "\n".join(self.mistakes) or "  none"
        return "\n\n".join([*shown, f"To mend ({len(self.mistakes)})\n{must}"])


def check_corpus(
    paths: Paths, *, language: str | None = None, quota: str | Path | None = None
) -> CorpusReport:
    """Return everything there is to say about labelled files.

    Args:
        paths: As for ``read_labelled``. If their folder has a ``targets.toml``, its aims count.
        language: Look at this language's batches alone.
        quota: A TOML file with ``"theme" = [negative, neutral, positive]`` wanted; instead of the
            aims of the folder.

    Raises:
        FileFormatError: There are no comments, a file cannot be read as labelled comments, or the
            quota as TOML.
    """
    files = labelled_files(paths)
    labels = read_labels(files)
    if language is not None:
        labels = [label for label in labels if label.id.startswith(f"{language}-")]
    if not labels:
        raise FileFormatError("There are no labelled comments to check; name *.jsonl or a folder.")
    taxonomy = load_taxonomy()
    targets = _targets(files)
    coverage = coverage_table(labels, taxonomy)
    wanted = _wanted(_toml(Path(quota)), coverage) if quota else _aims(targets, coverage)
    short = (wanted - coverage).clip(lower=0)
    short = short.loc[short.any(axis=1), short.any(axis=0)].astype(int)
    copies = near_copies(labels)
    profile = profile_table(labels)
    mistakes = [line for label in labels for line in _rules(label)]
    mistakes += [
        f"{a} and {b} are nearly the same ({s:.2f})" for a, b, s in copies.itertuples(False)
    ]
    mistakes += [f"{path.name}: the name is not that of its batch" for path in _misnamed(files)]
    mistakes += _unmet(targets, profile, coverage)
    return CorpusReport(
        mistakes=tuple(mistakes),
        coverage=coverage,
        profile=profile,
        copies=copies,
        repetition=repetition_table(labels),
        missing=short,
    )


def _rules(label: LabelledComment) -> Iterator[str]:
    """Yield what breaks the rules of our corpus in one comment."""
    if not _ID.fullmatch(label.id):
        yield f"{label.id}: an id is language, batch and number: nl-03-017"
    if label.industry not in INDUSTRIES:
        yield f"{label.id}: the industry {label.industry!r} is not one of {', '.join(INDUSTRIES)}"
    for mark in set(label.notes) - set(MARKS):
        yield f"{label.id}: the mark {mark!r} is not one of {', '.join(MARKS)}"
    for mention in label.mentions:
        evidence = label.text[mention.start : mention.end]
        if evidence.endswith(_END_MARKS) and evidence.strip("".join(_END_MARKS)):
            yield f"{label.id}: {evidence!r} ends with a mark; leave it out"
    if label.status == "ok" and label.sentiment != "neutral" and not label.mentions:
        yield f"{label.id}: {label.sentiment}, but no mention says why"


def _misnamed(files: Sequence[Path]) -> list[Path]:
    """Return the files with comments of a batch that their name does not say."""
    found = []
    for path in files:
        batches = {one.id.rsplit("-", 1)[0].replace("-", "_") for one in read_labels(path)}
        found += [path] * bool(batches - {path.stem})
    return found


def _targets(files: Sequence[Path]) -> Mapping[str, Any]:
    paths = {path.resolve().parent / TARGETS_FILE for path in files}
    path = paths.pop() if len(paths) == 1 else Path(TARGETS_FILE)
    return _toml(path) if not paths and path.exists() else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FileFormatError(f"Cannot read {path} as TOML: {error}.") from error


def _wanted(quota: Mapping[str, Any], coverage: pd.DataFrame) -> pd.DataFrame:
    wanted = coverage * 0
    for theme, numbers in quota.items():
        if theme not in wanted.index or len(numbers) != len(POLARITIES):
            raise FileFormatError(
                f'The quota of {theme!r} is {numbers!r}; write "theme" = [negative, neutral, '
                "positive] with a theme of the taxonomy."
            )
        for code in coverage.columns.unique("language"):
            for polarity, number in zip(POLARITIES, numbers, strict=True):
                wanted.loc[theme, (code, polarity)] = number
    return wanted


def _aims(targets: Mapping[str, Any], coverage: pd.DataFrame) -> pd.DataFrame:
    """Return the number of mentions that each sub-theme is to have in the end."""
    wanted = coverage * 0
    subthemes = [theme for theme in coverage.index if "." in theme]
    for code in coverage.columns.unique("language"):
        aim = targets.get("final", {}).get(code, {}).get("mentions_each", 0)
        wanted.loc[subthemes, code] = aim
    return wanted


def _unmet(
    targets: Mapping[str, Any], profile: pd.DataFrame, coverage: pd.DataFrame
) -> Iterator[str]:
    """Yield which of the aims that hold now are not met."""
    for code, now in targets.get("now", {}).items():
        if code not in profile.index:
            continue
        n_comments = profile.loc[code, "comments"]
        if n_comments < now["comments"]:
            yield f"{code}: {n_comments:.0f} comments, {now['comments']} wanted"
        for theme in (theme for theme in coverage.index if "." in theme):
            for polarity in POLARITIES:
                n = coverage.loc[theme, (code, polarity)]
                if n < now["mentions_each"]:
                    yield f"{code}: {theme} {polarity} {n} times, {now['mentions_each']} wanted"
    limits = dict(targets.get("figures", {}))
    enough = limits.pop("from_comments", 0)
    for code, row in profile[profile["comments"] >= enough].iterrows():
        for name, (low, high) in limits.items():
            if not low <= row[name] <= high:
                yield f"{code}: {name} is {row[name]:.2f}, wanted {low} to {high}"


def _shown_coverage(coverage: pd.DataFrame) -> pd.DataFrame:
    codes = coverage.columns.unique("language")
    return pd.DataFrame(
        {
            code: [" ".join(f"{n:>3}" for n in row) for row in coverage[code].to_numpy()]
            for code in codes
        },
        index=coverage.index,
    )
