"""``tag``: the themes of the comments of an export."""

import signal
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import (
    FORCE,
    OUTPUT,
    how_to_read,
    names_of,
    reading,
    tagging,
    tell_how_read,
    write,
)
from feedback_nlp.engines import ENGINES, engine_of
from feedback_nlp.terminal import Steps, print_table, say

if TYPE_CHECKING:
    from feedback_nlp.engines.tagged import TaggedParts

_ROWS_SHOWN = 60


@click.command()
@reading
@tagging
@OUTPUT
@FORCE
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1),
    help="Processes that tag a long export; one for each core if not given.",
)
@click.option("--resume", is_flag=True, help="Go on where a run with the same -o FILE stopped.")
@click.option(
    "--engine", type=click.Choice(list(ENGINES)), default="local", show_default=True,
    help="What tags a long export.",
)  # fmt: skip
def tag(
    output: str | None,
    force: bool,
    workers: int | None,
    resume: bool,
    engine: str,
    **options: Any,
) -> None:
    """Print the themes of each comment of EXPORT: one row for each mention."""
    from feedback_nlp.engines.local import was_finished
    from feedback_nlp.exports.places import check_table

    if resume and output in (None, "-"):
        raise click.UsageError(
            "--resume goes with -o FILE: what is printed cannot be gone on with."
        )
    if resume and was_finished(str(output)):
        say(f"{output} was finished already.")
        return
    check_table(output, force=force, sources=options["export"])
    quiet = options["quiet"]
    try:
        with _tagged(
            engine, output, options, workers=workers, resume=resume, force=force
        ) as tagged:
            if not quiet:
                _tell(tagged)
            _write(tagged, output, quiet=quiet)
    except (KeyboardInterrupt, SystemExit) as stop:
        _say_how_to_go_on(stop)
        raise
    next_steps(tagged.head)


def _tagged(engine: str, output: str | None, options: dict[str, Any], **how: Any) -> "TaggedParts":
    """Tag the export with an engine, and show on stderr how far it is."""
    from feedback_nlp.columns import check_has_text
    from feedback_nlp.engines.local import work_beside
    from feedback_nlp.engines.partition import tagger_spec

    spec = tagger_spec(options.pop("model"), taxonomy=options.pop("taxonomy"))
    sources, quiet = list(options.pop("export")), options.pop("quiet")
    how_to_read(options)
    steps = Steps(2, quiet=quiet)
    names = {"reading": f"reading {names_of(sources)}"}
    with ExitStack() as shown:
        told = shown.enter_context(steps.follow())

        def look(head: Any) -> None:
            nonlocal told
            shown.close()
            if not quiet:
                tell_how_read(head)
            check_has_text(head)
            told = shown.enter_context(steps.follow())

        return engine_of(engine)(
            sources,
            work_beside(output) if output not in (None, "-") else None,
            tagger=spec,
            reading=options,
            look=look,
            progress=lambda step, done, total: told(names.get(step, step), done, total),
            **how,
        )


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


def _say_how_to_go_on(stop: BaseException) -> None:
    """Say how to go on with a run that was told to stop, and end with its exit code."""
    notes = getattr(stop, "__notes__", [])
    if notes:
        say(f"Stopped. {notes[0]}")
        code = stop.code if isinstance(stop, SystemExit) else 128 + signal.SIGINT
        raise SystemExit(code) from None
