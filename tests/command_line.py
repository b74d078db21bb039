"""Commands as an analyst runs them, and the one line of those that are refused."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout

import pandas as pd
import pytest
from click.testing import CliRunner

from feedback_nlp.cli import app


def run(*arguments, **options):
    return CliRunner().invoke(app, [str(item) for item in arguments], **options)


def done(*arguments, **options):
    result = run(*arguments, **options)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments, code=1, **options):
    """Run, and return the one line that says why it was refused."""
    result = run(*arguments, **options)
    lines = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert (result.exit_code, len(lines)) == (code, 1), result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return lines[0]


def table_of(text):
    return pd.read_csv(io.StringIO(text))


def shown_at_a_terminal(*arguments, stderr=True, **environment):
    """Run with a pseudo-terminal as stdout, and as stderr too if wanted; return what it shows."""
    pty = pytest.importorskip("pty")  # there is none on Windows
    reader, writer = pty.openpty()
    with (
        ThreadPoolExecutor(1) as pool,
        open(writer, "w", encoding="utf-8") as terminal,
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(terminal),
        redirect_stderr(terminal if stderr else io.StringIO()),
    ):
        seen = pool.submit(read_all, reader)
        for name, value in environment.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            app([str(item) for item in arguments], prog_name="feedback-nlp")
    assert ended.value.code == 0, seen.result()
    return seen.result()


def read_all(reader):
    """Return what is written at the other side of a terminal, until that side is closed."""
    pieces = []
    try:
        while piece := os.read(reader, 65536):
            pieces.append(piece)
    except OSError:  # how Linux says that the other side has gone
        pass
    os.close(reader)
    return b"".join(pieces).decode()
