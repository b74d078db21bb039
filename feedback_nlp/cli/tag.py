"""``tag``: the themes of the comments of an export."""

import sys
from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.long_runs import (
    finished_before,
    long_run,
    tag_export,
    tagger_spec_of,
    told_how_to_go_on,
)
from feedback_nlp.cli.options import FORCE, OUTPUT, reading, tagging, write
from feedback_nlp.terminal import Steps, print_table, say

if TYPE_CHECKING:
    from feedback_nlp.engines.tagged import TaggedParts

_ROWS_SHOWN = 60


@click.command()
@reading
@tagging
@OUTPUT
@FORCE
@long_run
def tag(output: str | None, force: bool, engine: str, resume: bool, **options: Any) -> None:
    """Print the themes of each comment of EXPORT: one row for each mention."""
    from feedback_nlp.columns import check_has_text
    from feedback_nlp.engines.local import work_beside
    from feedback_nlp.exports.places import check_table

    if resume and output in (None, "-"):
        raise click.UsageError(
            "--resume goes with -o FILE: what is printed cannot be gone on with."
        )
    if finished_before(str(output), resume=resume):
        return
    check_table(output, force=force, sources=options["export"])
    quiet, workers = options["quiet"], options.pop("workers")
    work = None if output is None or output == "-" else work_beside(output)
    with (
        told_how_to_go_on(),
        tag_export(
            engine, work, options, Steps(2, quiet=quiet), tagger=tagger_spec_of(options),
            look=check_has_text, workers=workers, resume=resume, force=force, mentions=output,
        ) as tagged,
    ):  # fmt: skip
        if not quiet:
            _tell(tagged)
        _write(tagged, output, quiet=quiet)
    next_steps(tagged.head)


def _tell(tagged: "TaggedParts") -> None:
    """Say on stderr what was found."""
    counts = tagged.counts
    statuses = sorted(counts["statuses"].items(), key=lambda item: -item[1])
    said = ", ".join(f"{n} {name}" for name, n in statuses if n)
    say(f"{counts['comments']} comments: {said}; {counts['with_theme']} with a theme")


def _write(tagged: "TaggedParts", output: str | None, *, quiet: bool) -> None:
    """Write the mentions; without a file and at a terminal the first of them, for reading."""
    if output is None and sys.stdout.isatty():
        first = next(tagged.mentions())
        more = tagged.counts["mentions"] - min(len(first), _ROWS_SHOWN)
        if tagged.number == 1:
            write(first, None, title="Mentions")
        else:
            below = [f"… and {more} more rows; write them with -o FILE"] if more else []
            print_table(first.head(_ROWS_SHOWN), title="Mentions", below=below)
        return
    with Steps(quiet=quiet).step("writing mentions"):
        tagged.write_mentions(output or "-")
