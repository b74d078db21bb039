"""``lifecycle`` and ``sample-size``: customers won and lost, and how many answers are needed."""

import sys
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import FORCE, OUTPUT, QUIET, refuse_unused, write
from feedback_nlp.showing import count, counted, interval, points
from feedback_nlp.terminal import Steps, print_parts, say

if TYPE_CHECKING:
    import pandas as pd

    from feedback_nlp.markup import Part

_WHOLE = 100
_MOST_ROWS = 60
NUMBER = click.FloatRange(min=0, min_open=True)


@click.command()
@click.argument("customers")
@click.option("--joined", default="joined", show_default=True, metavar="COL", help="Date joined.")
@click.option("--left", default="left", show_default=True, metavar="COL", help="Date left.")
@click.option(
    "--period",
    type=click.Choice(["day", "week", "month", "quarter", "year"]),
    default="month",
    show_default=True,
)
@click.option("--until", metavar="DATE", help="Last day the file knows of (year-month-day).")
@click.option("--day-first/--month-first", "day_first", default=None, help="How dates are written.")
@click.option("--sheet", metavar="NAME", help="Sheet of a spreadsheet.")
@OUTPUT
@FORCE
@QUIET
def lifecycle(
    customers: str, period: str, until: str | None, output: str | None, force: bool,
    quiet: bool, **options: Any,
) -> None:  # fmt: skip
    """Print churn, retention, acquisition and net growth by period from a file of CUSTOMERS.

    One row for each customer, with the dates of joining and leaving; blank where still there.
    """
    from feedback_nlp.exports.customers import read_customers
    from feedback_nlp.exports.places import check_table
    from feedback_nlp.schema import info
    from feedback_nlp.scores import lifecycle_table

    check_table(output, force=force, sources=[customers])
    steps = Steps(2, quiet=quiet)
    with steps.step("reading the customers"):
        table = read_customers(customers, **options)
    with steps.step("counting them by period"):
        found = lifecycle_table(
            table, joined=options["joined"], left=options["left"], period=period, until=until
        )
    for line in () if quiet else _told(found, info(table)["notes"]):
        say(line)
    if output is None and sys.stdout.isatty():
        print_parts("Customers won and lost", _pages(found, period))
    else:
        write(found, output)
    next_steps()


def _told(found: "pd.DataFrame", notes: list[str]) -> list[str]:
    """Return what the reader of the file noticed, and how many customers count."""
    rows = found.attrs["lifecycle"]
    return [
        *[f"Note: {note}" for note in notes],
        f"{rows['rows']} customers read; set aside: {rows['joined_missing']} without a date "
        f"of joining, {rows['joined_later']} who join after the last day",
    ]


def _pages(table: "pd.DataFrame", period: str) -> "list[Part]":
    """Return the table of customers as it is read at a terminal: numbers, then rates."""
    from feedback_nlp.markup import Part

    rows = table.tail(_MOST_ROWS).to_dict("records")
    said = [f"Joined and left within one {period}, so neither new nor lost: "
            f"{count(int(table['passing'].sum()))}."]  # fmt: skip
    if len(table) > len(rows):
        said.append(f"The last {len(rows)} of {len(table)} periods; write them all with -o FILE.")
    named = period.capitalize()
    numbers = Part(
        title="Customers",
        sentences=tuple(said),
        heads=(named, "Start", "New", "Lost", "End", ""),
        rows=tuple(
            (str(row["period"]), *(count(row[name]) for name in ("start", "new", "lost", "end")),
             "" if row["complete"] else "not over yet")
            for row in rows
        ),
    )  # fmt: skip
    rates = Part(
        title="Rates",
        sentences=(
            "In percent of the customers at the start; intervals are at 95%. Retention is 100% "
            "minus churn.",
        ),
        heads=(named, "Churn", "Interval", "Acquisition", "Net growth", "Interval", ""),
        rows=tuple(_rates(row) for row in rows if row["start"]),
    )
    return [numbers, rates]


def _rates(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    return (
        str(row["period"]),
        points(row["churn"], "percent"), interval(row["churn_low"], row["churn_high"], "percent"),
        points(row["acquisition"], "percent"), points(row["net_growth"]),
        interval(row["net_growth_low"], row["net_growth_high"]), _direction(row),
    )  # fmt: skip


def _direction(row: Mapping[Hashable, Any]) -> str:
    moves = "grows" if row["net_growth"] > 0 else "shrinks"
    told = moves if row["clear"] else "may be chance"
    return told if row["complete"] else f"{told}, so far"


@click.command("sample-size")
@click.option("--margin", type=NUMBER, help="Margin of error wanted, ± points.")
@click.option("--difference", type=NUMBER, help="Difference of two NPS that should be seen.")
@click.option(
    "--metric", type=click.Choice(["nps", "share"]), default="nps", show_default=True,
    help="What the margin is of: an NPS, or a share such as CSAT.",
)  # fmt: skip
@click.option("--population", type=click.IntRange(1), help="How many customers there are in all.")
@click.option(
    "--variance", type=click.FloatRange(0, 1, min_open=True), default=0.7, show_default=True,
    help="Variance of the NPS question, 0–1.",
)  # fmt: skip
@click.option("--power", default=0.8, show_default=True, help="How often it should be seen.")
@click.option("--level", default=0.95, show_default=True, help="Confidence level.")
def sample_size(
    margin: float | None, difference: float | None, metric: str, population: int | None,
    variance: float, power: float, level: float,
) -> None:  # fmt: skip
    """Print how many answers are needed for a margin of error, or to see a difference in NPS."""
    from feedback_nlp import scores

    if (margin is None) == (difference is None):
        raise click.UsageError("Give either --margin or --difference.")
    _refuse_unused(difference=difference is not None, share=metric == "share")
    if difference is not None:
        needed = scores.sample_size_for_nps_difference(
            difference, variance=variance, power=power, level=level
        )
        click.echo(
            f"{counted(needed, 'answer')} in each group, to see a difference of {difference:g} NPS "
            f"points {power:.0%} of the time (level {level:.0%}, variance {variance:g})."
        )
        return
    wanted = float(margin or 0)
    if metric == "nps":
        needed = scores.sample_size_for_nps_margin(
            wanted, variance=variance, population=population, level=level
        )
        basis = f"an NPS (variance {variance:g})"
    else:
        if wanted >= _WHOLE:
            raise click.UsageError(f"--margin {wanted:g} is no margin of a share; give less.")
        needed = scores.sample_size(wanted / 100, population=population, level=level)
        basis = "a share (at 50 %, where the margin is widest)"
    among = f" among {population:,} customers" if population else ""
    click.echo(
        f"{counted(needed, 'answer')}{among}, for ±{wanted:g} points at level {level:.0%} around "
        f"{basis}."
    )


def _refuse_unused(*, difference: bool, share: bool) -> None:
    """Raise if an option was given that the figure has no use for.

    Raises:
        UsageError: Names the option, and what it goes with.
    """
    unused = {"population": "--margin"} if difference else {"power": "--difference"}
    if share:
        unused |= {"metric": "--margin"} if difference else {"variance": "--metric nps"}
    refuse_unused(unused)
