"""Importing the package, or asking for help, loads none of the heavy libraries."""

import json
import subprocess
import sys

import pytest

import feedback_nlp

HEAVY = {
    "torch", "transformers", "tokenizers", "spacy", "sklearn", "matplotlib", "wordcloud", "scipy",
}  # fmt: skip
LOADED = f"import json, sys; print(json.dumps(sorted({HEAVY!r} & set(sys.modules))))"
HELP = """
import sys
sys.argv = ["feedback-nlp", *sys.argv[1:]]
from feedback_nlp.cli import main
try:
    main()
except SystemExit as done:
    assert done.code == 0, done.code
"""


def run(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    ).stdout


def test_import_loads_nothing_heavy():
    assert json.loads(run(f"import feedback_nlp\n{LOADED}")) == []


@pytest.mark.parametrize("arguments", [["--help"], ["analyze", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments):
    printed = run(f"{HELP}\n{LOADED}", *arguments)
    assert "feedback-nlp" in printed
    assert json.loads(printed.splitlines()[-1]) == []


def test_public_names_are_there_and_documented():
    for name in feedback_nlp.__all__:
        assert getattr(feedback_nlp, name).__doc__, name


def test_public_names_can_be_listed():
    assert set(feedback_nlp.__all__) <= set(dir(feedback_nlp))
