"""``change``: what goes with a change of the score; ``spikes``: which themes rise."""

from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import (
    BY,
    FORCE,
    LEVEL,
    MIN_N,
    OUTPUT,
    rating_of,
    read_and_tag,
    reading,
    refuse_unused,
    tagging,
    write,
)
from feedback_nlp.errors import ColumnError
from feedback_nlp.terminal import Steps, say

if TYPE_CHECKING:
    import pandas as pd

_SIDES = "--before and --after"
_MEASURE = "--measure"


@click.command()
@reading
@tagging
@click.option("--before", metavar="PERIOD", help="2025, 2025-Q1, 2025-05 or 2025-01..2025-03.")
@click.option("--after", metavar="PERIOD", help="The period, or with --column the value, after it.")
@click.option("--column", metavar="COL", help="Compare two values of a column, not two periods.")
@click.option("--measure", metavar="DATE", help="Compare before with from this day on.")
@click.option("--window", type=click.IntRange(1), metavar="DAYS", help="Days on either side.")
@click.option(
    "--unaffected", metavar="COL=VALUE", help="A segment that the measure could not reach."
)
@BY
@MIN_N
@LEVEL
@OUTPUT
@FORCE
def change(
    output: str | None, force: bool, measure: str | None, before: str | None, after: str | None,
    **options: Any,
) -> None:  # fmt: skip
    """Print what goes with the change of the score of EXPORT between two periods or groups.

    With --before and --after: the change of the score, split over the themes. With --measure: what
    moved after a dated measure, for whom, beside what moves anyway.
    """
    from feedback_nlp.exports.places import check_table

    if (measure is None) == (before is None and after is None):
        raise click.UsageError("Give either --before and --after, or --measure.")
    if measure is None and (before is None or after is None):
        raise click.UsageError("Give both --before and --after.")
    with_measure = dict.fromkeys(("window", "unaffected", "by"), _MEASURE)
    refuse_unused({"column": _SIDES} if measure is not None else with_measure)
    check_table(output, force=force, sources=options["export"])
    chosen = {name: options.pop(name) for name in ("min_n", "level")}
    asked = {name: options.pop(name) for name in ("column", "window", "unaffected", "by")}
    quiet = options["quiet"]

    def check(comments: "pd.DataFrame") -> None:
        if asked["column"] is None:
            _check_dated(comments)
        rating_of(options, comments)

    steps = Steps(3, quiet=quiet)
    comments, mentions = read_and_tag(options, steps, check=check)
    chosen["rating"] = rating_of(options, comments)
    with steps.step("comparing before and after"):
        if measure is not None:
            table = _measured(comments, mentions, measure, asked, chosen)
        else:
            table = _changed(comments, mentions, before or "", after or "", asked, chosen)
    _tell(table.attrs["change" if measure is None else "before_after"], quiet=quiet)
    write(table, output, title="Change", view="change" if measure is None else "measured")
    next_steps(comments)


def _changed(
    comments: "pd.DataFrame",
    mentions: "pd.DataFrame",
    before: str,
    after: str,
    asked: dict[str, Any],
    chosen: dict[str, Any],
) -> "pd.DataFrame":
    from feedback_nlp.drivers import theme_change_table

    column = None if asked["column"] is None else _column(comments, asked["column"])
    return theme_change_table(
        comments, mentions, before=before, after=after, column=column, **chosen
    )


def _measured(
    comments: "pd.DataFrame",
    mentions: "pd.DataFrame",
    measure: str,
    asked: dict[str, Any],
    chosen: dict[str, Any],
) -> "pd.DataFrame":
    from feedback_nlp.columns import segment_columns
    from feedback_nlp.drivers import theme_before_after

    unaffected = asked["unaffected"]
    if unaffected is not None and "=" in unaffected:
        column, _, value = unaffected.partition("=")
        unaffected = f"{_column(comments, column.strip())}={value}"
    return theme_before_after(
        comments, mentions, measure, window=asked["window"], unaffected=unaffected,
        by=segment_columns(comments, asked["by"]), **chosen,
    )  # fmt: skip


def _column(comments: "pd.DataFrame", name: str) -> str:
    """Return the column of the table for a header of the export."""
    from feedback_nlp.columns import segment_columns

    return segment_columns(comments, [name])[0]


def _check_dated(comments: "pd.DataFrame") -> None:
    """Raise if no column was read as the date."""
    if "date" not in comments.columns:
        raise ColumnError(
            "No column with dates was found, and periods need one. Name it: --date COLUMN."
        )


def _tell(told: dict[str, Any], *, quiet: bool) -> None:
    """Say on stderr the answer first, then what a reader must know."""
    for line in () if quiet else (told["sentence"], *told["notes"]):
        say(line)


@click.command()
@reading
@tagging
@click.option(
    "--period", type=click.Choice(["day", "week", "month", "quarter", "year"]),
    help="Length of a period; if not given, by how long the dates span.",
)  # fmt: skip
@click.option(
    "--last", default=1, show_default=True, type=click.IntRange(1), help="How many last periods."
)
@click.option(
    "--polarity", type=click.Choice(["negative", "neutral", "positive", "any"]),
    default="negative", show_default=True, help="Which mentions count.",
)  # fmt: skip
@MIN_N
@LEVEL
@OUTPUT
@FORCE
def spikes(output: str | None, force: bool, **options: Any) -> None:
    """Print which themes of EXPORT rise faster than chance in the last period."""
    from feedback_nlp.drivers import spikes_table
    from feedback_nlp.exports.places import check_table

    check_table(output, force=force, sources=options["export"])
    names = ("period", "last", "polarity", "min_n", "level")
    chosen = {name: options.pop(name) for name in names}
    quiet = options["quiet"]
    steps = Steps(3, quiet=quiet)
    comments, mentions = read_and_tag(options, steps, check=_check_dated)
    with steps.step("looking for themes that rise"):
        table = spikes_table(comments, mentions, **chosen)
    _tell(table.attrs["spikes"], quiet=quiet)
    write(table, output, title="Spikes", view="spikes")
    next_steps(comments)
