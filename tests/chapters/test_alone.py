"""Each notebook alone, as Colab opens it: an empty folder, and only what its first cell installs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tools.book import ROOT
from tools.inputs import notebook_pages

pytestmark = pytest.mark.slow
PAGES = notebook_pages()


def setup_cell(path: Path) -> str:
    """Return the first code cell of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    return next(cell.source for cell in notebook.cells if cell.cell_type == "code")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The project as a wheel, in place of its address."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def bare_kernel(tmp_path_factory) -> str:
    """A kernel in an environment that holds a kernel and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "ipykernel"], check=True)
    spec = folder / "kernels" / "bare" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "bare", "language": "python"}), "utf-8")
    return str(folder)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_notebook_runs_alone(page, wheel, bare_kernel, tmp_path, monkeypatch):
    assert setup_cell(page.with_suffix(".ipynb")) == setup_cell(PAGES[0].with_suffix(".ipynb"))
    notebook = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    before = first.source
    first.source = "\n".join(
        f'    address = "{wheel}"' if line.strip().startswith("address =") else line for line in before.splitlines()
    )
    assert first.source != before
    monkeypatch.setenv("JUPYTER_PATH", bare_kernel)
    for name in [name for name in os.environ if name.startswith("NNBOOK_") or name == "PYTHONPATH"]:
        monkeypatch.delenv(name)
    client = NotebookClient(
        notebook, kernel_name="bare", timeout=900, resources={"metadata": {"path": str(tmp_path)}}, record_timing=False
    )
    client.execute()
    said = "".join(output.get("text", "") for output in first.outputs)
    assert ("Installing the helpers" in said) == (page == PAGES[0]), said  # the later ones find them installed
    assert not list(tmp_path.iterdir()), "a notebook leaves nothing behind"
