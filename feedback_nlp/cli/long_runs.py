"""Commands that tag exports of any size: their options, and how a stopped run is gone on with."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from feedback_nlp.cli.options import how_to_read, names_of, tell_how_read
from feedback_nlp.engines import ENGINES, engine_of
from feedback_nlp.terminal import Steps, say

if TYPE_CHECKING:
    from feedback_nlp.engines.partition import TaggerSpec
    from feedback_nlp.engines.tagged import TaggedParts

Command = TypeVar("Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option(
        "--workers", metavar="N", type=click.IntRange(1),
        help="Processes that tag a long export; one for each core if not given.",
    ),
    click.option("--resume", is_flag=True, help="Go on where a run with the same output stopped."),
    click.option(
        "--engine", type=click.Choice(list(ENGINES)), default="local", show_default=True,
        help="What tags a long export.",
    ),
)  # fmt: skip


def long_run(command: Command) -> Command:
    """Add the options of a command that may run for hours."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def tagger_spec_of(options: dict[str, Any]) -> "TaggerSpec":
    """Return which tagger the options name; they are taken out."""
    from feedback_nlp.engines.partition import tagger_spec

    return tagger_spec(options.pop("model"), taxonomy=options.pop("taxonomy"))


def tag_export(
    engine: str,
    work: Path | None,
    options: dict[str, Any],
    steps: Steps,
    *,
    tagger: "TaggerSpec",
    look: Callable[[Any], object],
    **how: Any,
) -> "TaggedParts":
    """Read and tag the export, and show on stderr how far it is.

    Args:
        engine: One of ``ENGINES``.
        work: The folder to work in.
        options: Those of ``reading``; all of them are used up.
        steps: The steps of the command; these are the next two.
        tagger: What tags.
        look: Is shown the table that was read, without its rows, and raises if it cannot be used.
        how: ``workers``, ``resume``, ``force`` and ``mentions``.
    """
    sources, quiet = list(options.pop("export")), options.pop("quiet")
    how_to_read(options)
    names = {"reading": f"reading {names_of(sources)}"}
    with ExitStack() as shown:
        told = shown.enter_context(steps.follow())

        def seen(head: Any) -> None:
            nonlocal told
            shown.close()
            if not quiet:
                tell_how_read(head)
            look(head)
            told = shown.enter_context(steps.follow())

        return engine_of(engine)(
            sources,
            work,
            tagger=tagger,
            reading=options,
            look=seen,
            progress=lambda step, done, total: told(names.get(step, step), done, total),
            **how,
        )


def finished_before(output: str, *, resume: bool) -> bool:
    """Return whether the run to be gone on with had come to its end, and say so.

    Args:
        output: The file or folder that it writes.
        resume: Whether a run is to be gone on with at all.
    """
    from feedback_nlp.engines.local import was_finished

    if not resume or not was_finished(output):
        return False
    say(f"{output} was finished already.")
    return True


@contextmanager
def told_how_to_go_on() -> Iterator[None]:
    """Say how to go on with a run that is told to stop, and end with its exit code."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as stop:
        notes = getattr(stop, "__notes__", [])
        if notes:
            say(f"Stopped. {notes[0]}")
            code = stop.code if isinstance(stop, SystemExit) else 128 + signal.SIGINT
            raise SystemExit(code) from None
        raise
