"""Commands as an analyst runs them, and the one line of those that are refused."""

import io

import pandas as pd
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
