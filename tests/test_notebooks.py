"""The notebooks run from top to bottom in their own folder, and none of their cells fails.

The first runs in a kernel of its own, as a reader would open it. The others run in this process,
each with names of its own: a new kernel would load the same libraries and dictionaries for each.
"""

import json
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
FIRST, *OTHERS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture
def shell(monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    monkeypatch.chdir(FOLDER)
    monkeypatch.setattr(sys, "path", list(sys.path))
    started = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    started.display_formatter.active_types = started.display_formatter.format_types
    yield started
    started.reset(new_session=False)
    started.restore_sys_module_state()


@pytest.mark.slow
def test_the_first_notebook_runs_in_a_kernel_of_its_own():
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(FIRST, as_version=4)
    done = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": FOLDER}}).execute()
    cells = [cell for cell in done.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)


@pytest.mark.slow
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, shell):
    cells = [
        "".join(cell["source"])
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    assert cells
    for cell in cells:
        shell.run_cell(cell).raise_error()
