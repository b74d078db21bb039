"""``pockets``: where a theme hurts more than elsewhere; ``disagree``: words against the rating."""

from typing import Any

import click

from feedback_nlp.cli.options import (
    BY,
    FORCE,
    MIN_N,
    OUTPUT,
    read,
    reading,
    tagger_of,
    tagging,
    write,
)
from feedback_nlp.errors import ColumnError
from feedback_nlp.terminal import say


@click.command()
@reading
@tagging
@BY
@MIN_N
@OUTPUT
@FORCE
@click.option("--level", type=click.Choice(["top", "sub"]), default="top", show_default=True)
@click.option(
    "--depth",
    type=click.IntRange(1, 2),
    default=2,
    show_default=True,
    help="1 for segments, 2 for pairs of them too.",
)
@click.option("--all", "everything", is_flag=True, help="All that was looked at, not pockets only.")
def pockets(
    by: tuple[str, ...], min_n: int, output: str | None, force: bool, level: Any, depth: int,
    everything: bool, **options: Any,
) -> None:  # fmt: skip
    """Print the segments of EXPORT in which a theme hurts more than elsewhere."""
    from feedback_nlp.drivers import pockets_table

    comments, mentions, rating, names, quiet = _tagged(output, force, by, options)
    table = pockets_table(
        comments, mentions, rating, by=names, depth=depth, min_n=min_n, level=level
    )
    if not quiet:
        told = table.attrs["pockets"]
        say(told["sentence"])
        for note in told["notes"]:
            say(f"Note: {note}")
    write(table if everything else table[table["pocket"]], output, title="Pockets")


@click.command()
@reading
@tagging
@BY
@MIN_N
@OUTPUT
@FORCE
def disagree(
    by: tuple[str, ...], min_n: int, output: str | None, force: bool, **options: Any
) -> None:
    """Print the comments of EXPORT whose words contradict the rating, the strongest first."""
    from feedback_nlp.drivers import disagreements

    comments, mentions, rating, names, quiet = _tagged(output, force, by, options)
    table = disagreements(comments, mentions, rating, by=names, min_n=min_n)
    if not quiet:
        say(table.attrs["disagreements"]["sentence"])
    write(table, output, title="Score and words disagree")


def _tagged(
    output: str | None, force: bool, by: tuple[str, ...], options: dict[str, Any]
) -> tuple[Any, Any, str, list[str] | None, bool]:
    """Read and tag the export; return its two tables, the rating, the segments, and ``--quiet``."""
    from feedback_nlp.analysis import first_rating, segment_columns
    from feedback_nlp.exports.places import check_table
    from feedback_nlp.scores import period_of

    check_table(output, force=force, sources=options["export"])
    tagger = tagger_of(options)
    quiet = options["quiet"]
    comments = read(options)
    rating = next(iter(options["ratings"] or {}), None) or first_rating(comments)
    names = segment_columns(comments, by) or None
    for name in (name for name in names or () if name not in comments.columns):  # a period
        if "date" not in comments.columns:
            raise ColumnError.missing("date", comments.columns, option=f"--by {name}")
        comments = comments.assign(**{name: period_of(comments["date"], name)})
    result = tagger.tag_frame(comments)
    return result.comments, result.mentions, rating, names, quiet
