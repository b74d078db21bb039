"""``report``: another report from the tables of an analysis, without tagging anew."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import BY, FORCE, MIN_N, QUIET, SEED
from feedback_nlp.errors import FileFormatError
from feedback_nlp.records import REPORT_LANGUAGES
from feedback_nlp.terminal import Steps, say

if TYPE_CHECKING:
    import pandas as pd

REPORT_LANGUAGE = click.option(
    "--report-language",
    default="en",
    show_default=True,
    type=click.Choice(REPORT_LANGUAGES),
    help="Language of the report and of the answer in words; comments stay as they are.",
)
MAX_COMMENTS = click.option(
    "--max-comments",
    default=800,
    show_default=True,
    type=click.IntRange(0),
    help="Comments in the report to filter and search; 0 leaves out them and all single answers.",
)


@click.command()
@click.argument("folder", type=click.Path(path_type=str))
@click.option(
    "-o", "--output", metavar="FILE", multiple=True,
    help="Report to write: .html, .md, .json or .xlsx; repeatable.",
)  # fmt: skip
@click.option("--charts", metavar="DIR", help="New folder for a picture (.png) of each figure.")
@click.option("--rating", metavar="NAME", help="Rating to explain: nps, csat, ces or a column.")
@BY
@MIN_N
@click.option("--title", help="Title of the report.")
@REPORT_LANGUAGE
@click.option("--targets", metavar="FILE", help="Your own targets (TOML).")
@MAX_COMMENTS
@click.option("--seed", default=0, show_default=True, type=SEED, help="Of whatever is drawn.")
@FORCE
@QUIET
def report(
    folder: str, output: tuple[str, ...], charts: str | None, rating: str | None,
    by: tuple[str, ...], targets: str | None, report_language: str, force: bool, quiet: bool,
    **options: Any,
) -> None:  # fmt: skip
    """Write a report from FOLDER, which analyze wrote: in another language, of another rating."""
    from feedback_nlp.columns import first_rating, segment_columns
    from feedback_nlp.exports.places import check_free
    from feedback_nlp.report import build_report
    from feedback_nlp.report.writing import check_ending
    from feedback_nlp.results import read_analysis, write_charts
    from feedback_nlp.scores import load_targets

    if not output and not charts:
        raise click.UsageError("Name what to write: -o FILE, --charts DIR, or both.")
    for path in output:
        check_free(path, force=force)
        check_ending(path)
    if charts and Path(charts).exists():
        raise FileFormatError(f"{charts} is there already; --charts takes a folder to be made.")
    steps = Steps(2, quiet=quiet)
    comments, mentions, run = read_analysis(folder)
    _check_rating(rating, comments)
    with steps.step("building the report"):
        made = build_report(
            comments, mentions, rating or first_rating(comments),
            by=segment_columns(comments, by) or None, language=report_language, run=run,
            targets=load_targets(targets) if targets else None, **options,
        )  # fmt: skip
    with steps.step("writing"):
        for path in output:
            made.write(path)
        if charts:
            write_charts(made, charts)
    for path in () if quiet else (*output, *([charts] if charts else [])):
        say(f"{path} is written.")
    next_steps(comments)


def _check_rating(rating: str | None, comments: "pd.DataFrame") -> None:
    """Raise if the rating that was asked for is none of the analysis."""
    from feedback_nlp.errors import ColumnError, shorten_list
    from feedback_nlp.schema import rating_scales

    if rating is not None and rating not in comments.columns:
        known = shorten_list(rating_scales(comments))
        raise ColumnError(f"No rating {rating!r} in this analysis; it has: {known}.")
