"""Pages and notebooks: in step and executed; each check is shown a planted fault."""

import subprocess
import sys

import jupytext
import nbformat
import pytest

from tests.house import small_book, write_notebook
from tools import execute, notebooks
from tools.book import Book, tags_of
from tools.practice import SOLUTION

PAGES = Book().notebook_pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_notebook_is_in_step(page):
    assert notebooks.problems(page) == []


def test_pages_and_notebooks_are_canonical():
    for page in PAGES:
        again = jupytext.reads(jupytext.writes(page.notebook, fmt="md:myst"), fmt="md:myst")
        assert notebooks.cells_of(again) == notebooks.cells_of(execute.new_notebook(page)), page.name


def test_ids_of_cells_are_those_that_the_site_shows():
    for page in PAGES:
        shown = [cell for cell in page.notebook.cells if cell.cell_type == "code" and cell.id != "setup"]
        numbered = [cell.id for cell in shown if SOLUTION not in tags_of(cell)]
        assert numbered == [f"cell-{number + 1}" for number in range(len(numbered))], page.name
        assert all(cell.id.startswith("solution-") for cell in shown if SOLUTION in tags_of(cell)), page.name
        assert [cell.source for cell in shown] == [cell.source for cell in page.code], page.name


@pytest.fixture
def planted(tmp_path):
    """A book of one page whose notebook is in order, to spoil."""
    small_book(tmp_path)
    assert notebooks.problems(page_in(tmp_path)) == []
    return tmp_path


def page_in(root):
    """Read the page as it is on disk now."""
    return Book(root).page("good-page")


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def spoil(root, how):
    notebook = page_in(root).notebook
    how(notebook, [cell for cell in notebook.cells if cell.cell_type == "code"])
    nbformat.write(notebook, page_in(root).notebook_path)
    return " ".join(notebooks.problems(page_in(root)))


@pytest.mark.parametrize("old", ["**What you will learn.**", "alt:"])
def test_an_edited_page_with_a_stale_notebook_is_found(planted, old):
    change(page_in(planted).path, old, old + " More")
    assert "does not have the cells of its .md" in notebooks.problems(page_in(planted))[0]


def test_edited_code_is_found(planted):
    change(page_in(planted).path, "print(", "print(0, ")
    assert "executed with other code" in " ".join(notebooks.problems(page_in(planted)))


def test_a_changed_version_is_found(planted):
    path = planted / "requirements.txt"
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    assert "executed with other code, helpers or versions" in notebooks.problems(page_in(planted))[0]


def test_a_missing_notebook_is_found(planted):
    page_in(planted).notebook_path.unlink()
    assert "is missing" in notebooks.problems(page_in(planted))[0]


def drop_outputs(notebook, code):
    for cell in code:
        cell.outputs, cell.execution_count = [], None


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (drop_outputs, "was not executed from first to last cell"),
        (lambda notebook, code: code[1].update(execution_count=9), "was not executed from first to last cell"),
        (lambda notebook, code: notebook.metadata.pop("nnbook"), "has lost what `make notebooks` wrote"),
        (
            lambda notebook, code: code[-1].outputs.append(
                nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[])
            ),
            "holds a cell that failed",
        ),
        (lambda notebook, code: [cell.update(outputs=[]) for cell in code], "shows no figure"),
    ],
)
def test_a_spoiled_notebook_is_found(planted, how, said):
    assert said in spoil(planted, how)


def test_a_failing_cell_keeps_the_old_notebook(planted):
    change(page_in(planted).path, "print(", "print(1 / 0, ")
    before = page_in(planted).notebook_path.read_bytes()
    assert "ZeroDivisionError" in notebooks.make(page_in(planted)).problem
    assert page_in(planted).notebook_path.read_bytes() == before
    assert not list(planted.rglob("*.new"))


def test_new_prose_needs_no_execution(planted):
    change(page_in(planted).path, "**What you will learn.**", "**What you will learn.** More:")
    done = notebooks.make(page_in(planted))
    assert (done.source, done.problem) == ("committed", "")
    assert notebooks.problems(page_in(planted)) == []


def test_first_and_second_making_are_equal(planted):
    page_in(planted).notebook_path.unlink()
    execute.write(write_notebook(page_in(planted)), execute.executed_path(page_in(planted), "shapes10"))
    made = []
    for _ in range(2):
        notebooks.make(page_in(planted))
        made.append(page_in(planted).notebook_path.read_bytes())
    assert made[0] == made[1]


def test_copies_are_of_the_books_pages_and_never_over_a_file(planted, tmp_path, capsys):
    (planted / "chapters/sequences/Untitled.ipynb").write_text("{}", "utf-8")
    mine = tmp_path / "my"
    notebooks.copy_into(mine, Book(planted))
    assert [path.name for path in mine.rglob("*.ipynb")] == ["good-page.ipynb"]
    (mine / "sequences/good-page.ipynb").write_text("mine", "utf-8")
    notebooks.copy_into(mine, Book(planted))
    assert (mine / "sequences/good-page.ipynb").read_text("utf-8") == "mine"
    assert "kept" in capsys.readouterr().out


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
