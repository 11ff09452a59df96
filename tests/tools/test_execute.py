"""The one executor: what it keeps, what it takes, and what it refuses."""

import nbformat
import pytest

from tests.house import HEADER, small_book
from tools import execute
from tools.book import Book


def book_of(folder, *cells):
    """Lay out a book of one page with these cells, and no notebook."""
    code = "\n\n".join(f"```{{code-cell}} ipython3\n{cell}\n```" for cell in cells)
    return small_book(folder, {"sequences/page": f"{HEADER}\n# Page\n\n{code}\n"}, notebooks=False)


def page_of(book):
    """Read the page as it is on disk now."""
    return Book(book.root).page("page")


def test_a_page_is_executed_and_kept(tmp_path):
    page = page_of(book_of(tmp_path, "print('a', end=' ')\nprint('b')"))
    assert execute.take(page, "shapes10") is None
    assert execute.bring(page, "shapes10").problem == ""
    notebook = nbformat.read(execute.executed_path(page, "shapes10"), as_version=4)
    assert [output.text for output in notebook.cells[-1].outputs] == ["a b\n"]
    assert notebook.cells[-1].id == "cell-1"
    assert notebook.metadata["nnbook"]["peak_memory_mb"] > 10
    assert execute.take(page, "shapes10").source == "executed here before"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import os; os.write(2, b'noise')", "stderr"),
        ("import warnings; warnings.warn('careful')", "stderr"),
        (
            "try:\n    1 / 0\nexcept ZeroDivisionError:\n    import traceback\n    print(traceback.format_exc())",
            "failed",
        ),
        ("---\nmystnb:\n  image:\n    alt: A line that rises from nought to one.\n---\nx = 1", "shows no figure"),
    ],
)
def test_what_no_output_may_do_is_refused_and_nothing_is_kept(tmp_path, cell, said):
    page = page_of(book_of(tmp_path, cell))
    assert said in execute.bring(page, "shapes10").problem
    assert not list((tmp_path / "_build").rglob("*.ipynb*"))


def test_a_failure_keeps_what_was_there(tmp_path):
    book = book_of(tmp_path, "print(1)")
    execute.bring(page_of(book), "shapes10")
    before = execute.executed_path(page_of(book), "shapes10").read_bytes()
    path = page_of(book).path
    path.write_text(path.read_text("utf-8").replace("print(1)", "print(1 / 0)"), "utf-8")
    assert "ZeroDivisionError" in execute.bring(page_of(book), "shapes10").problem
    assert execute.executed_path(page_of(book), "shapes10").read_bytes() == before
    assert execute.take(page_of(book), "shapes10") is None


def test_a_fresh_committed_notebook_is_taken_and_a_stale_one_is_not(tmp_path):
    book = small_book(tmp_path)
    page = Book(tmp_path).page("good-page")
    assert execute.take(page, "shapes10").source == "committed"
    path = page.path
    path.write_text(path.read_text("utf-8").replace("print(", "print(0, ", 1), "utf-8")
    assert execute.take(Book(book.root).page("good-page"), "shapes10") is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda notebook: notebook.metadata.pop("nnbook"),
        lambda notebook: [cell.update(execution_count=None) for cell in notebook.cells if cell.cell_type == "code"],
        lambda notebook: [cell.update(outputs=[]) for cell in notebook.cells if cell.cell_type == "code"],
    ],
    ids=["no metadata", "not executed", "no figure"],
)
def test_a_spoiled_notebook_is_not_taken(tmp_path, spoil):
    small_book(tmp_path)
    page = Book(tmp_path).page("good-page")
    notebook = page.notebook
    spoil(notebook)
    nbformat.write(notebook, page.notebook_path)
    assert execute.take(page, "shapes10") is None


def test_pages_are_executed_two_at_a_time_and_again_if_asked(tmp_path):
    pages = {f"sequences/{name}": f"{HEADER}\n# {name}\n\n```{{code-cell}} ipython3\nprint(1)\n```\n" for name in "abc"}
    pages["sequences/b"] = pages["sequences/b"].replace("print(1)", "print(1 / 0)")
    book = small_book(tmp_path, pages, notebooks=False)
    done = {one.page.name[-1]: one for one in execute.bring_all(book, "shapes10")}
    assert {name: bool(one.problem) for name, one in done.items()} == {"a": False, "b": True, "c": False}
    again = {one.page.name[-1]: one.source for one in execute.bring_all(book, "shapes10")}
    assert again == {"a": "executed here before", "b": "executed", "c": "executed here before"}
    assert {one.source for one in execute.bring_all(book, "shapes10", again=True)} == {"executed"}


def test_new_prose_takes_the_outputs_of_the_same_code(tmp_path):
    book = book_of(tmp_path, "print(1)", "print(2)")
    page = page_of(book)
    execute.bring(page, "shapes10")
    page.path.write_text(page.text.replace("# Page", "# Page\n\nA new sentence."), "utf-8")
    executed = execute.read_fresh(execute.executed_path(page, "shapes10"), execute.page_hash(page_of(book), "shapes10"))
    notebook = execute.with_outputs(page_of(book), executed)
    assert [cell.outputs[0].text for cell in notebook.cells if cell.cell_type == "code"] == ["1\n", "2\n"]
    assert "A new sentence." in notebook.cells[0].source
