"""Importing the package, or asking for help, loads none of the heavy libraries."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import feedback_nlp

HEAVY = {
    "torch", "transformers", "tokenizers", "spacy", "sklearn", "matplotlib", "wordcloud", "scipy",
    "numpy", "pandas", "pyarrow", "py3langid", "jinja2", "babel", "PIL", "openpyxl", "rich",
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


LIGHT = """
import sys
from feedback_nlp import load_tagger
tagged = load_tagger()("De levering was snel maar de klantenservice reageert traag.")
parts = {"drivers", "exports", "privacy", "report", "scores", "words"}
print(*sorted({f"feedback_nlp.{part}" for part in parts} & set(sys.modules)))
print(*sorted({"babel", "matplotlib", "py3langid", "sklearn", "wordcloud"} & set(sys.modules)))
print(len(tagged.mentions))
"""


def test_a_tagger_loads_what_it_needs():
    ours, others, mentions = run(LIGHT).splitlines()
    assert (ours, others) == ("", "")
    assert int(mentions) == 2


def test_public_names_are_there_and_documented():
    for name in feedback_nlp.__all__:
        assert getattr(feedback_nlp, name).__doc__, name


def test_public_names_can_be_listed():
    assert set(feedback_nlp.__all__) <= set(dir(feedback_nlp))
    assert "scores" in dir(feedback_nlp)


@pytest.mark.parametrize("package", [feedback_nlp, feedback_nlp.tagging])
def test_names_come_from_where_type_checkers_look_for_them(package):
    source = ast.parse(Path(package.__file__).read_text("utf-8"))
    checked = {
        name.name: str(part.module)
        for part in ast.walk(source)
        if isinstance(part, ast.ImportFrom) and part.module not in ("typing", "feedback_nlp.lazy")
        for name in part.names
    }
    assert sorted(checked) == package.__all__
    homes = {
        name: f"{package.__name__}.{module}"
        for module, names in package._HOMES.items()
        for name in names
    }
    assert homes == checked


def test_parts_of_the_package_are_there_without_being_imported():
    assert run("import feedback_nlp as f; print(f.scores.nps([9, 10, 3, 8]).value)") == "25.0\n"


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = feedback_nlp.nothing
    with pytest.raises(ImportError, match="nothing"):
        from feedback_nlp import nothing  # noqa: F401


@pytest.mark.parametrize("package", [feedback_nlp, feedback_nlp.tagging])
def test_no_public_name_is_that_of_a_module(package):
    modules = {path.stem for path in Path(package.__file__).parent.iterdir()}
    assert not modules & set(package.__all__)
