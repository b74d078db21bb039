"""``pockets``: where a theme hurts more than elsewhere; ``disagree``: words against the rating."""

import sys
from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import (
    BY,
    FORCE,
    LEVEL,
    MIN_N,
    OUTPUT,
    find_themes,
    rating_of,
    read,
    reading,
    tagger_of,
    tagging,
    with_periods,
    write,
)
from feedback_nlp.showing import counted
from feedback_nlp.terminal import Steps, print_parts, say

if TYPE_CHECKING:
    import pandas as pd

_MOST_ROWS = 60


@click.command()
@reading
@tagging
@BY
@MIN_N
@OUTPUT
@FORCE
@LEVEL
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

    steps = Steps(3, quiet=options["quiet"])
    comments, mentions, rating, names, quiet = _tagged(output, force, by, options, steps)
    with steps.step("comparing segments"):
        table = pockets_table(
            comments, mentions, rating, by=names, depth=depth, min_n=min_n, level=level
        )
    _tell(table.attrs["pockets"], quiet=quiet)
    if output is None and sys.stdout.isatty() and not everything:
        from feedback_nlp.markup import Part

        said = tuple(table.loc[table["pocket"], "sentence"])
        print_parts("Pockets", [Part(title=counted(len(said), "pocket"), sentences=said)])
    else:
        found = table if everything else table[table["pocket"]]
        write(found, output, title="Pockets", view="pockets")
    next_steps(comments)


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

    steps = Steps(3, quiet=options["quiet"])
    comments, mentions, rating, names, quiet = _tagged(output, force, by, options, steps)
    with steps.step("comparing words with ratings"):
        table = disagreements(comments, mentions, rating, by=names, min_n=min_n)
    _tell(table.attrs["disagreements"], quiet=quiet)
    if output is None and sys.stdout.isatty():
        _print_comments(table, rating)
    else:
        write(table, output, title="Score and words disagree")
    next_steps(comments)


def _tell(told: dict[str, Any], *, quiet: bool) -> None:
    """Say on stderr what was found, and what to keep in mind."""
    if not quiet:
        say(told["sentence"])
        for note in told["notes"]:
            say(f"Note: {note}")


def _print_comments(table: "pd.DataFrame", rating: str) -> None:
    """Print the comments as they are read at a terminal; long lists are cut, and it says so."""
    from feedback_nlp.markup import Part

    said = [f"{counted(len(table), 'comment')}; a list to read, not errors to mend."]
    if len(table) > _MOST_ROWS:
        said.append(f"The first {_MOST_ROWS} of them; write them all with -o FILE.")
    rows = tuple(
        (
            row["comment_id"], f"{row['rating']:g}", row["says"],
            " ".join([row["reason"], *([f"({row['evidence']})"] if row["evidence"] else [])]),
            row["text"],
        )
        for row in table.head(_MOST_ROWS).astype({"comment_id": "str"}).to_dict("records")
    )  # fmt: skip
    heads = ("Comment", rating.upper(), "Says", "Reason", "Text")
    part = Part(title="Comments", sentences=tuple(said), heads=heads, rows=rows)
    print_parts("Score and words disagree", [part])


def _tagged(
    output: str | None, force: bool, by: tuple[str, ...], options: dict[str, Any], steps: Steps
) -> tuple[Any, Any, str, list[str] | None, bool]:
    """Read and tag the export; return its two tables, the rating, the segments, and ``--quiet``."""
    from feedback_nlp.columns import segment_columns
    from feedback_nlp.exports.places import check_table

    check_table(output, force=force, sources=options["export"])
    tagger = tagger_of(options)
    quiet = options["quiet"]
    comments = read(options, steps)
    rating = rating_of(options, comments)
    names = segment_columns(comments, by) or None
    result = find_themes(tagger, with_periods(comments, names or (), "--by"), steps)
    return result.comments, result.mentions, rating, names, quiet
