"""Pages and notebooks: in step and executed; each check is shown a planted fault."""

import re
import shutil
import subprocess
import sys

import jupytext
import nbformat
import pytest

from tests.conftest import ROOT
from tools import notebooks
from tools.inputs import chapter_pages, inputs_hash, notebook_pages

PAGES = chapter_pages()
NOTEBOOK_PAGES = notebook_pages()


def name_of(page):
    return str(page.relative_to(ROOT / "chapters"))


@pytest.mark.parametrize("page", NOTEBOOK_PAGES, ids=name_of)
def test_notebook_is_in_step(page):
    assert notebooks.problems(page) == []


def test_every_page_is_in_the_table_of_contents():
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    listed = set(re.findall(r"(?:file|root): (\S+?)(?:\.md)?$", toc, flags=re.M))
    assert listed == {page.relative_to(ROOT).with_suffix("").as_posix() for page in PAGES}


@pytest.fixture
def planted(tmp_path):
    """A copy of the house with one page and its notebook, to spoil."""
    for part in ("src", "requirements.txt"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
        copy(ROOT / part, tmp_path / part)
    page = tmp_path / "chapters" / "page.md"
    page.parent.mkdir()
    shutil.copyfile(ROOT / "chapters/sequences/rnn-by-hand.md", page)
    shutil.copyfile(ROOT / "chapters/sequences/rnn-by-hand.ipynb", page.with_suffix(".ipynb"))
    shutil.copyfile(ROOT / "chapters/jupytext.toml", page.parent / "jupytext.toml")
    assert notebooks.problems(page, tmp_path) == []
    return page


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def notebook_of(page):
    return nbformat.read(page.with_suffix(".ipynb"), as_version=4)


def test_an_edited_page_with_a_stale_notebook_is_found(planted, tmp_path):
    change(planted, "Two apples", "Two pears")
    assert "does not have the cells of its .md" in notebooks.problems(planted, tmp_path)[0]


def test_an_edited_alt_text_is_found(planted, tmp_path):
    change(planted, "drawn twice", "drawn thrice")
    assert "does not have the cells of its .md" in notebooks.problems(planted, tmp_path)[0]


@pytest.mark.parametrize("file", ["src/nnbook/figures.py", "requirements.txt", "src/nnbook/recorded/__init__.py"])
def test_a_changed_helper_or_version_is_found(planted, tmp_path, file):
    path = tmp_path / file
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    assert "executed with other helpers or versions" in notebooks.problems(planted, tmp_path)[0]


def test_the_data_set_counts_as_an_input():
    assert inputs_hash("shapes10") != inputs_hash("cifar10")


def test_a_missing_notebook_is_found(planted, tmp_path):
    planted.with_suffix(".ipynb").unlink()
    assert "is missing" in notebooks.problems(planted, tmp_path)[0]


def test_a_notebook_without_outputs_is_found(planted, tmp_path):
    notebook = notebook_of(planted)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, planted.with_suffix(".ipynb"))
    assert "was not executed from first to last cell" in notebooks.problems(planted, tmp_path)[0]


def test_a_stored_error_is_found(planted, tmp_path):
    notebook = notebook_of(planted)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[])]
    nbformat.write(notebook, planted.with_suffix(".ipynb"))
    assert "holds a cell that failed" in notebooks.problems(planted, tmp_path)[0]


def test_a_failing_cell_keeps_the_old_notebook(planted):
    change(planted, "first[3] == second[0]", "1 / 0")
    before = planted.with_suffix(".ipynb").read_bytes()
    with pytest.raises(notebooks.CellExecutionError):
        notebooks.make(planted)
    assert planted.with_suffix(".ipynb").read_bytes() == before
    assert not list(planted.parent.glob("*.new"))


def run_nbval(path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
    return subprocess.run([*command, str(path)], cwd=path.parent, capture_output=True, text=True)


@pytest.mark.parametrize(("number", "passes"), [("2.5 2.5", True), ("2.5 2.6", False)])
def test_nbval_finds_a_wrong_number(tmp_path, number, passes):
    path = tmp_path / "one.ipynb"
    cell = nbformat.v4.new_code_cell("print('2.5 2.5')", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=number + "\n")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), path)
    done = run_nbval(path)
    assert (done.returncode == 0) == passes, done.stdout


def test_pages_and_notebooks_are_canonical():
    for page in NOTEBOOK_PAGES:
        written = jupytext.writes(notebook_of(page), fmt="md:myst")
        again = jupytext.reads(written, fmt="md:myst")
        assert notebooks.cells_of(again) == notebooks.cells_of(jupytext.read(page)), page
