"""What an analysis read, found and wrote, in a few lines at its end."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedback_nlp.showing import count, counted, points, share
from feedback_nlp.terminal import NO_BREAK

if TYPE_CHECKING:
    from feedback_nlp.analysis import Analysis
    from feedback_nlp.records import Score

_STATUSES = {
    "ok": "with something to read", "blank": "blank", "uninformative": "that say nothing",
    "unknown_language": "in a language it does not read",
}  # fmt: skip
_KILO = 1000


def summary_of(done: "Analysis", names: tuple[str, ...], seconds: float) -> list[tuple[str, str]]:
    """Return the lines of the summary: what each is about, and what there is to say.

    Args:
        done: The analysis.
        names: The files that an analysis writes, within its folder.
        seconds: How long everything took.
    """
    run = done.run
    statuses = {name: n for name, n in run["comments"].items() if name != "read" and n}
    unknown = "unknown"
    languages = sorted(
        run["languages"].items(), key=lambda item: (item[0] == unknown, -item[1], item[0])
    )
    found = done.mentions
    aside = run.get("ratings_set_aside", {})
    lines = [
        ("rows", rows_told(run["rows"])),
        *[("ratings", f"{name}: {_listed(why)} set aside") for name, why in aside.items() if why],
        ("comments", f"{count(run['comments']['read'])} = " + " + ".join(
            f"{count(n)} {_STATUSES[name]}" for name, n in statuses.items())),
        ("languages", ", ".join(f"{count(n)} {name}" for name, n in languages)),
        ("mentions", f"{count(found['found'])} of {counted(found['themes'], 'theme')}, in "
            f"{counted(found['comments'], 'comment')}; praise or blame of nothing in "
            "particular counts here as well"),
        ("score", score_told(done.score)),
        ("written", _written(done.folder, names)),
        ("time", f"{seconds:.1f} s, {count(round(run['comments']['read'] / seconds))} comments/s"),
    ]  # fmt: skip
    return [(name, text) for name, text in lines if text]


def rows_told(rows: Mapping[str, Any]) -> str:
    """Return how many rows were read, used and set aside.

    Example:
        >>> rows_told({"read": 1200, "used": 1198, "set_aside": {"no rating and no comment": 2}})
        '1,200 read = 1,198 used + 2 set aside (no rating and no comment)'
        >>> rows_told({"read": 20, "used": 20, "set_aside": {}})
        '20 read, all of them used'
    """
    aside = {why: n for why, n in rows["set_aside"].items() if n}
    if not aside:
        return f"{count(rows['read'])} read, all of them used"
    why = next(iter(aside)) if len(aside) == 1 else _listed(aside)
    left = count(sum(aside.values()))
    return f"{count(rows['read'])} read = {count(rows['used'])} used + {left} set aside ({why})"


def score_told(score: "Score") -> str:
    """Return a score with its interval and from how many."""
    value = points(score.value, score.unit)
    named = f"{score.metric.upper()} {value} from {counted(score.n, 'respondent')}"
    missing = f"; {count(score.n_missing)} more gave no rating" if score.n_missing else ""
    if score.low != score.low:
        return f"{named}, without an interval{missing}"
    ends = f"{points(score.low, score.unit)} to {points(score.high, score.unit)}"
    return f"{named} ({share(score.level)} interval {ends}){missing}"


def size_told(size: int) -> str:
    """Return how large a file is.

    Example:
        >>> size_told(812), size_told(45_300), size_told(1_260_000)
        ('812 B', '45 kB', '1.3 MB')
    """
    if size < _KILO:
        return f"{size} B"
    if size < _KILO * _KILO:
        return f"{size / _KILO:.0f} kB"
    return f"{size / _KILO / _KILO:.1f} MB"


def _written(folder: Path, names: tuple[str, ...]) -> str:
    """Return the files of a folder, those of a folder within it as one."""
    charts = json.loads((folder / "run.json").read_text("utf-8")).get("charts", [])
    files = [name for name in (*names, *charts) if (folder / name).exists()]
    sizes = {name: (folder / name).stat().st_size for name in files}
    parts: dict[str, list[int]] = {}
    for name, size in sizes.items():
        parts.setdefault(f"{Path(name).parts[0]}/" if "/" in name else name, []).append(size)
    told = [
        f"{name} ({counted(len(part), 'file')}, {size_told(sum(part))})"
        if name.endswith("/")
        else f"{name} ({size_told(sum(part))})"
        for name, part in parts.items()
    ]
    whole = [one.replace(" ", NO_BREAK) for one in told]  # a name and its size in one line
    total = size_told(sum(sizes.values()))
    return f"{counted(len(sizes), 'file')} in {folder} ({total}): {', '.join(whole)}"


def _listed(reasons: Mapping[str, int]) -> str:
    return ", ".join(f"{count(n)} {why}" for why, n in reasons.items())
