"""A wheel built from the tree works on its own: no checkout in sight, its data inside it.

The environment is new and outside the checkout. It finds the libraries of the one that runs the
tests through a path file, so nothing is downloaded; path files found that way are not followed, so
an editable install of the checkout stays invisible.
"""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ("answer_scales", "lexicons", "samples", "spacy", "targets", "taxonomies", "wordings")
pytestmark = pytest.mark.slow


def run(*command, cwd):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
    words = [str(part) for part in command]
    return subprocess.run(
        words, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env" / "bin" / "python"
    done = run(
        sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index",
        "--disable-pip-version-check", wheel, cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [packages] = (folder / "env").glob("lib/python*/site-packages")
    libraries = {sysconfig.get_paths()[name] for name in ("purelib", "platlib")}
    (packages / "libraries.pth").write_text("\n".join(sorted(libraries)) + "\n")
    return folder


def test_wheel_holds_the_package_and_its_data_only(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"feedback_nlp"}
    assert "feedback_nlp/py.typed" in names
    shipped = [f"data/{name}" for name in DATA] + [
        "models/embeddings", "models/compact", "models/accurate",
    ]  # fmt: skip
    files = [path for name in shipped for path in (ROOT / name).rglob("*") if path.is_file()]
    for path in files:
        inside = str(path.relative_to(ROOT)).removeprefix("data/")
        assert f"feedback_nlp/shipped/{inside}" in names
    assert {path.name for path in files} >= {"default.toml", "embeddings.safetensors"}
    for language in ("nl", "en", "nb", "lv", "de", "fr", "es"):
        assert f"feedback_nlp/shipped/lexicons/{language}.toml" in names
        assert f"feedback_nlp/shipped/samples/{language}.toml" in names


def test_its_files_are_its_own(environment):
    code = (
        "import feedback_nlp; from feedback_nlp.resources import resource; "
        "print(feedback_nlp.__file__); print(resource('taxonomies', 'default.toml')); "
        "print(resource('lexicons', 'lv.toml'))"
    )
    done = run(environment / "env" / "bin" / "python", "-c", code, cwd=environment)
    assert done.returncode == 0, done.stderr
    for path in done.stdout.split():
        assert path.startswith(str(environment / "env")), path
    assert done.stdout.count("shipped") == 2


def test_it_analyzes_an_export(environment):
    command = environment / "env" / "bin" / "feedback-nlp"
    made = run(command, "sample", "-n", "600", "-o", "sample.csv", cwd=environment)
    assert made.returncode == 0, made.stderr
    header, *rows = (environment / "sample.csv").read_text("utf-8-sig").splitlines(keepends=True)
    british = [row for row in rows if "United Kingdom" in row]  # each language takes its time
    assert len(british) > 50
    (environment / "british.csv").write_text("".join([header, *british]), "utf-8")
    done = run(command, "analyze", "british.csv", "--out", "results", cwd=environment)
    assert done.returncode == 0, done.stderr
    results = environment / "results"
    for name in ("report.html", "report.xlsx", "comments.parquet", "mentions.parquet", "scores.csv",
                 "drivers.csv", "detractors.md", "clouds/detractors.png"):  # fmt: skip
        assert (results / name).stat().st_size > 0, name
    rows = json.loads((results / "run.json").read_text("utf-8"))["rows"]
    assert rows["read"] == len(british) == rows["used"] + sum(rows["set_aside"].values())
