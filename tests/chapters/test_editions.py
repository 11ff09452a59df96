"""The editions of the real book: solutions are right, stubs are not attempted, and a class sees no solution."""

import shutil

import nbformat
import pytest

from tests.pages import BOOK
from tests.tools.test_notebooks import run_nbval
from tools import execute
from tools.book import COMMITTED_DATA, ROOT, Book, tags_of
from tools.editions import classroom
from tools.practice import has_exercises
from tools.site.build import build, troubles

PAGES = [page for page in BOOK.notebook_pages if has_exercises(page)]


def verdicts(notebook):
    """Return what each check of a notebook says."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and "check" in tags_of(cell)]
    return [cell.outputs[0].data["text/plain"] if cell.outputs else "nothing" for cell in cells]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_every_solution_is_right(page):
    said = verdicts(page.notebook)
    assert len(said) >= 2 and [one for one in said if not one.startswith("Right.")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_a_notebook_to_practise_with_is_executed_and_not_attempted(page):
    notebook = nbformat.read(page.practice_path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    said = verdicts(notebook)
    assert len(said) >= 2 and [one for one in said if not one.startswith("Not attempted yet.")] == []


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_a_notebook_to_practise_with_passes_nbval(page):
    assert run_nbval(page.practice_path).returncode == 0


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The class edition of the book, its pages with the outputs of the committed notebooks."""
    root = tmp_path_factory.mktemp("book")
    for name in ("_config.yml", "_toc.yml", "_static", "references.bib", "chapters", "practice", "src"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, root / name)
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, root / name)
    book = Book(root)
    assert all(execute.take(page, COMMITTED_DATA) for page in book.notebook_pages)
    hidden = [page for page in book.notebook_pages if has_exercises(page)]
    classroom.write_tree(book, root / "class", "class", hidden, "", COMMITTED_DATA)
    return root / "class"


@pytest.mark.slow
def test_no_line_and_no_output_of_a_solution_is_in_the_class_edition(tree):
    secrets = classroom.secrets_of(BOOK, PAGES)
    assert len(secrets) > 500 and {page.name for page in PAGES} == set(secrets.values())
    assert build(tree, tree, COMMITTED_DATA) == 0, troubles(tree)
    assert classroom.leaks(tree, secrets) == []
    solution = next(iter(secrets))
    page = next((tree / "_build/html/chapters").rglob("cifar-cnn.html"))
    page.write_text(page.read_text("utf-8").replace("</article>", f"<p>{solution}</p></article>"), "utf-8")
    assert classroom.leaks(tree, secrets)
