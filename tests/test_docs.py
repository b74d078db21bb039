"""The examples of README and docs run as they stand, in an empty folder with a sample export."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedback_nlp.cli import app
from feedback_nlp.exports import write_table
from feedback_nlp.samples import make_sample
from feedback_nlp.scores import load_targets

pytestmark = pytest.mark.usefixtures("small_pictures")

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(?P<kind>python|console)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page, kind):
    text = page.read_text("utf-8")
    return [
        (text.count("\n", 0, match.start()) + 2, match["body"])
        for match in BLOCK.finditer(text)
        if match["kind"] == kind
    ]


def commands(page):
    lines = [line for _, body in blocks(page, "console") for line in body.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ feedback-nlp")]


PYTHON = [
    pytest.param(body, id=f"{page.name}:{line}")
    for page in PAGES
    for line, body in blocks(page, "python")
]
CONSOLE = [pytest.param(found, id=page.name) for page in PAGES if (found := commands(page))]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("body", PYTHON)
def test_python_example_runs(body, folder):
    write_table(make_sample(300, seed=1), folder / "export.csv")
    exec(compile(body, "<example>", "exec"), {"__name__": "example"})


@pytest.mark.parametrize("listed", CONSOLE)
def test_commands_run_in_order(listed, folder):
    if not listed[0].startswith("feedback-nlp sample"):
        write_table(make_sample(300, seed=1), folder / "export.csv")
    for command in listed:
        done = CliRunner().invoke(app, shlex.split(command)[1:])
        assert done.exit_code == 0, f"{command}\n{done.output}"
        if command.startswith("feedback-nlp sample "):  # half of it will do
            made = (folder / "export.csv").read_text("utf-8").splitlines(keepends=True)
            (folder / "export.csv").write_text("".join(made[:301]), "utf-8")


def test_readme_has_examples_of_both_kinds():
    assert len(blocks(ROOT / "README.md", "python")) >= 3
    assert len(blocks(ROOT / "README.md", "console")) >= 2


def test_the_file_of_targets_that_is_shown_is_one(folder):
    text = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    (folder / "mine.toml").write_text(text.split("```toml\n")[1].split("```")[0], "utf-8")
    goal, usual = load_targets("mine.toml")
    assert (goal.metric, goal.method, goal.bound) == ("nps", "standard", "at least +25.0")
    assert (usual.metric, usual.method, usual.bound) == ("csat", "mean", "3.80 to 4.40")


def test_local_links_lead_somewhere():
    for page in [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "data" / "README.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
