"""The group of commands, and the one place where errors become one line."""

import gc
import os
import signal
import sys
import warnings
from contextlib import suppress
from typing import Any, NoReturn, TextIO

import click

from feedback_nlp.cli.change import change, spikes
from feedback_nlp.cli.cloud import cloud
from feedback_nlp.cli.customers import lifecycle, sample_size
from feedback_nlp.cli.emerging import emerging
from feedback_nlp.cli.evaluate import evaluate
from feedback_nlp.cli.explain import analyze, drivers
from feedback_nlp.cli.importance import importance
from feedback_nlp.cli.index import index
from feedback_nlp.cli.keyness import keyness, together
from feedback_nlp.cli.models import models
from feedback_nlp.cli.pockets import disagree, pockets
from feedback_nlp.cli.report import report
from feedback_nlp.cli.sample import sample
from feedback_nlp.cli.score import score
from feedback_nlp.cli.tag import tag
from feedback_nlp.cli.taxonomy import taxonomy
from feedback_nlp.cli.train import train
from feedback_nlp.errors import FeedbackError
from feedback_nlp.terminal import one_line, say

_OBJECTS_BETWEEN_SEARCHES = 100_000
_SIGNALS = 128  # exit codes above tell which signal ended it
_STOPPED = _SIGNALS + signal.SIGINT
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _OneLineErrors(click.Group):
    """Turns what the user can mend into one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; errors of the package and of the disk end in one line."""
        try:
            return super().invoke(ctx)
        except FeedbackError as error:
            raise click.ClickException(one_line(str(error))) from error
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)
            ctx.exit(_STOPPED)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(one_line(f"{where}{error.strerror or error}.")) from error
        except MemoryError as error:
            raise click.ClickException("Not enough memory for this file.") from error


@click.group(cls=_OneLineErrors, context_settings=HELP)
@click.version_option(package_name="feedback-nlp", prog_name="feedback-nlp")
def app() -> None:
    """Read what customers wrote and explain the score they gave.

    \b
    feedback-nlp sample -o sample.csv
    feedback-nlp analyze sample.csv --out results
    """  # noqa: D301 - click wants the sign itself


for command in (
    analyze, report, score, index, tag, drivers, importance, pockets, disagree, cloud, keyness,
    together,
    lifecycle, sample_size, evaluate, train,
    models, sample, taxonomy,
    change, spikes, emerging,
):  # fmt: skip
    app.add_command(command)


def main() -> None:
    """Run the command line; a request to end is met like Ctrl-C, so that nothing stays behind.

    What is loaded first is some hundred thousand objects, all needed: Python would search them for
    garbage again and again, a tenth of the time that one comment takes.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_SEARCHES)
    warnings.showwarning = _say_warning
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _: sys.exit(_SIGNALS + number))
    try:
        app(prog_name="feedback-nlp")
    except SystemExit as end:
        if isinstance(end.code, int) and end.code > _SIGNALS:
            _leave_at_once(end.code)
        raise


def _say_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int,
    file: TextIO | None = None, line: str | None = None,
) -> None:  # fmt: skip
    """Say what the user should know in a line; what is for developers stays as Python says it."""
    if category is UserWarning:
        say(f"Note: {one_line(str(message))}")
    else:
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))


def _leave_at_once(code: int) -> NoReturn:
    """End the process without tidying up Python, as threads of libraries may be in mid-work.

    What is ours is tidied up by now; taking libraries down around their threads can crash.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
