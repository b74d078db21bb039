"""The folder of an analysis: what is written into it, and how it is read again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.drivers import with_unexplained
from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports import read_comments, write_table
from feedback_nlp.exports.places import folder_made_whole
from feedback_nlp.report import Report
from feedback_nlp.report.blocks import Pair
from feedback_nlp.report.figures.cloud import CloudDrawing
from feedback_nlp.schema import check_mentions
from feedback_nlp.words import word_cloud

CLOUDS = ("detractors", "promoters")  # the low and the top group of any rating
WRITES = (
    "comments.parquet", "mentions.parquet", "scores.csv", "drivers.csv", "detractors.md",
    "report.html", "report.md", "report.json", "report.xlsx",
    *(f"clouds/{name}.png" for name in CLOUDS), "run.json",
)  # fmt: skip
_PICTURE_SCALE = 3


def write_figures(folder: Path, overview: pd.DataFrame, drivers: pd.DataFrame) -> None:
    """Write the figures of all respondents into a folder that is there.

    Args:
        folder: Where to write.
        overview: The scores of all, by segment and by month.
        drivers: The driver table.
    """
    write_table(overview, folder / "scores.csv")
    write_table(with_unexplained(drivers), folder / "drivers.csv")


def write_report(
    folder: Path, comments: pd.DataFrame, report: Report, run: Mapping[str, Any]
) -> None:
    """Write a report in all its forms into a folder that is there, and how it was made.

    Args:
        folder: Where to write.
        comments: The tagged comments that it is about.
        report: The report.
        run: What is needed to make it again; the names of the pictures are added.
    """
    (folder / "detractors.md").write_text(report.explanation.to_markdown(), "utf-8")
    for ending in ("html", "md", "json", "xlsx"):
        report.write(folder / f"report.{ending}")
    _write_clouds(report, comments, folder / "clouds")
    (folder / "charts").mkdir()
    charts = [f"charts/{path.name}" for path in _write_pictures(report, folder / "charts")]
    record = {**run, "charts": charts}
    text = json.dumps(record, ensure_ascii=False, indent=2)
    (folder / "run.json").write_text(text + "\n", "utf-8")


def write_charts(report: Report, folder: str | Path) -> list[Path]:
    """Write each figure of a report as a picture for a slide.

    Args:
        report: The report.
        folder: Where to; it is made, and must not be there yet.

    Returns:
        The pictures, in the order of the report.

    Raises:
        FileFormatError: The folder is there already, or cannot be written.
    """
    place = Path(folder)
    with folder_made_whole(place, (), force=False) as made:
        names = [path.name for path in _write_pictures(report, made)]
    return [place / name for name in names]


def _write_pictures(report: Report, folder: Path) -> list[Path]:
    from feedback_nlp.report.images import pictures

    written = []
    for name, content in pictures(report):
        (folder / name).write_bytes(content)
        written.append(folder / name)
    return written


def _write_clouds(report: Report, comments: pd.DataFrame, folder: Path) -> None:
    """Write the clouds of the report; where it has none, pictures that say why."""
    folder.mkdir()
    pairs = [
        block for section in report.sections for block in section.blocks if isinstance(block, Pair)
    ]
    drawings = [figure.drawing for pair in pairs for figure in (pair.left, pair.right)]
    clouds = [drawing.cloud for drawing in drawings if isinstance(drawing, CloudDrawing)]
    if not clouds:
        groups = report.score.counts
        low, *_, top = groups
        clouds = [
            word_cloud(comments, group=group, rating=report.rating, language=report.language)
            for group in (low, top)
        ]
    for cloud, name in zip(clouds, CLOUDS, strict=True):
        cloud.to_png(folder / f"{name}.png", scale=_PICTURE_SCALE)


def read_analysis(folder: str | Path) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Return the comments, the mentions and the run of an analysis that was written before.

    Args:
        folder: A folder that ``analyze`` wrote.

    Returns:
        Comments table, mentions table, and what run.json holds.

    Raises:
        FileFormatError: It is no such folder, or a file in it is missing or broken.
        ColumnError: The mentions are not those of the comments.
    """
    place = Path(folder)
    for name in ("comments.parquet", "mentions.parquet", "run.json"):
        if not (place / name).is_file():
            raise FileFormatError(
                f"{place} holds no {name}, so it is not a folder that analyze wrote. Name one, or "
                "make it: feedback-nlp analyze EXPORT --out DIR."
            )
    comments = read_comments(place / "comments.parquet")
    mentions = _read_mentions(place / "mentions.parquet")
    check_mentions(mentions, comments)
    return comments, mentions, _read_run(place / "run.json")


def _read_mentions(path: Path) -> pd.DataFrame:
    import pyarrow as pa

    try:
        return pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError):
        raise FileFormatError(
            f"{path} is a broken parquet file. Analyse the export again."
        ) from None


def _read_run(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        record = None
    if not isinstance(record, dict) or "versions" not in record:
        raise FileFormatError(f"{path} is not the record of an analysis. Analyse the export again.")
    return record
