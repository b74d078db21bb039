"""``emerging``: words that rise over time, and words of comments in which no theme was found."""

from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import (
    FORCE,
    MIN_N,
    OUTPUT,
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


@click.command()
@reading
@tagging
@click.option(
    "--before", metavar="PERIOD",
    help="Days to compare with: 2025, 2025-Q1, 2025-05 or 2025-01..2025-04; all before, if not "
    "given.",
)  # fmt: skip
@click.option(
    "--after", metavar="PERIOD", help="The recent days; the last quarter of all, if not given."
)
@click.option("--window", type=click.IntRange(1), metavar="DAYS", help="How many last days.")
@click.option(
    "--untagged", is_flag=True,
    help="Words of comments without a theme against those with one, whatever their date.",
)  # fmt: skip
@click.option(
    "--min-comments", default=5, show_default=True, type=click.IntRange(1),
    help="Leave out words that fewer comments have.",
)  # fmt: skip
@MIN_N
@OUTPUT
@FORCE
def emerging(
    before: str | None, after: str | None, window: int | None, untagged: bool, min_comments: int,
    min_n: int, output: str | None, force: bool, **options: Any,
) -> None:  # fmt: skip
    """Print the words of EXPORT that rise over time by more than chance allows: one row a word.

    With --untagged: the words that mark comments in which no theme was found, which may be a theme
    that the taxonomy lacks.
    """
    from feedback_nlp.exports.places import check_table
    from feedback_nlp.words import emerging_words, untagged_terms
    from feedback_nlp.words.emerging_windows import check_windows

    if untagged:
        refuse_unused(dict.fromkeys(("before", "after", "window"), "comparisons over time"))
    elif window is not None and (before is not None or after is not None):
        raise click.UsageError("Give either --window, or --before and --after.")
    check_windows(before, after, window)
    check_table(output, force=force, sources=options["export"])
    quiet = options["quiet"]
    steps = Steps(3, quiet=quiet)
    comments, mentions = read_and_tag(options, steps, check=None if untagged else _check_dated)
    with steps.step("comparing words"):
        if untagged:
            table = untagged_terms(comments, mentions, min_comments=min_comments, min_n=min_n)
        else:
            table = emerging_words(
                comments, mentions, before=before, after=after, window=window,
                min_comments=min_comments, min_n=min_n,
            )  # fmt: skip
    told = table.attrs["untagged" if untagged else "emerging"]
    for line in () if quiet else (told["sentence"], *told["notes"]):
        say(line)
    title, view = ("Words without a theme", "untagged") if untagged else ("Words", "emerging")
    write(table, output, title=title, view=view)
    next_steps(comments)


def _check_dated(comments: "pd.DataFrame") -> None:
    """Raise if no column was read as the date."""
    if "date" not in comments.columns:
        raise ColumnError(
            "No column with dates was found, and emerging words need one. Name it: --date COLUMN; "
            "or ask for --untagged, which needs none."
        )
