"""Notebooks run from the first cell to the last in a kernel of their own, and are what their sources say."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_three():
    assert len(NOTEBOOKS) == 3
    assert [path.with_suffix(".py").exists() for path in NOTEBOOKS] == [True] * 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_what_its_source_says(path):
    sys.path.insert(0, str(ROOT / "tools"))
    from notebooks import notebook

    assert path.read_text() == notebook(path.with_suffix(".py").read_text())


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path):
    book = nbformat.read(path, as_version=4)
    kernel = [f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"]
    environment = {**os.environ, "PATH": kernel[0], "OMP_NUM_THREADS": "1"}
    client = NotebookClient(book, timeout=300, resources={"metadata": {"path": str(path.parent)}})
    client.execute(env=environment)
    printed = [out for cell in book.cells if cell.cell_type == "code" for out in cell.outputs]
    assert any(out.output_type == "stream" for out in printed)


def test_sources_are_tidy():
    """Canary of the sources: they are Python that ruff would read; a notebook's lines stay short."""
    for path in sorted((ROOT / "notebooks").glob("*.py")):
        compile(path.read_text(), str(path), "exec")
    said = subprocess.run([sys.executable, "-m", "ruff", "check", "-q", "--select", "E9,F", str(ROOT / "notebooks")])
    assert said.returncode == 0
