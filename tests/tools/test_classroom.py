"""Editions for a class: nothing in any file of the class edition is of a solution, and a planted leak is found."""

import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest

from tests.house import small_book
from tools import execute
from tools.book import COMMITTED_DATA, Book
from tools.editions import classroom
from tools.notebooks import make_practice
from tools.site.build import build, run_jupyter_book, troubles

PRACTICE = (Path(__file__).parents[1] / "fixtures/practice-page.md").read_text("utf-8")
CANARY = b"canary"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of one page with exercises, executed."""
    root = tmp_path_factory.mktemp("book")
    small = small_book(root, {"part/practice-page": PRACTICE})
    page = small.page("practice-page")
    assert not execute.bring(page, COMMITTED_DATA).problem
    shutil.copyfile(execute.executed_path(page, COMMITTED_DATA), page.notebook_path)
    make_practice(page)
    return Book(root)


@pytest.fixture(scope="module")
def editions(book, tmp_path_factory):
    """Both editions of that book: class and solutions."""
    made = tmp_path_factory.mktemp("editions")
    for edition in ("class", "solutions"):
        hidden = book.notebook_pages if edition == "class" else []
        classroom.write_tree(book, made / edition, edition, hidden, "", COMMITTED_DATA)
        assert build(made / edition, made / edition, COMMITTED_DATA) == 0, troubles(made / edition)
    return made


def with_canary(folder):
    return [name for name, content in classroom._contents(folder) if CANARY in content.lower()]


def test_the_class_edition_holds_no_canary(editions):
    assert with_canary(editions / "class") == []


def test_the_edition_with_solutions_holds_them_and_the_notes_for_marking(editions):
    page = (editions / "solutions/_build/html/chapters/part/practice-page.html").read_text("utf-8")
    for canary in ("in_a_region", "inprose", "inanoutput", "inanalttext", "aftera", "inamarking", "inwords"):
        assert f"canary{canary}" in page or f"canary_{canary}" in page, canary
    assert '<details class="fold solution" open>' in page


def test_the_class_works_with_stubs_and_reads_hints(editions):
    page = (editions / "class/_build/html/chapters/part/practice-page.html").read_text("utf-8")
    assert "# your code" in page and "three_steps" in page and "Half of the sum comes in" in page
    assert ">Solution<" not in page and "Marking" not in page and "Class edition, without solutions" in page
    with zipfile.ZipFile(editions / "class/_build/html/notebooks.zip") as packed:
        assert [name for name in packed.namelist() if "solved" in name] == []


def test_paper_of_the_class_edition_holds_no_canary_and_the_answers_at_its_end(editions):
    tree = editions / "class"
    assert run_jupyter_book(tree, tree, COMMITTED_DATA, "latex") == 0, troubles(tree, "latex")
    paper = (tree / "_build/latex/book.tex").read_text("utf-8")
    assert CANARY.decode() not in paper and "canary" in (
        editions / "solutions/chapters/part/practice-page.md"
    ).read_text("utf-8")
    before, _, key = paper.partition("Answers to the questions")
    assert "That is the whole" not in before and "That is the whole" in key


def test_the_stubs_are_not_attempted_and_the_solutions_right(book, editions):
    for edition, said in (("class", "Not attempted yet."), ("solutions", "Right.")):
        page = Book(editions / edition).page("practice-page")
        done = execute.execute(page, COMMITTED_DATA)
        verdicts = [cell.outputs[0].data["text/plain"] for cell in done.cells if "check.three" in cell.source]
        assert len(verdicts) == 1 and verdicts[0].startswith(said)


def test_pieces_of_solutions_are_known(book):
    secrets = classroom.secrets_of(book, book.notebook_pages)
    assert {"It is three and a half, canaryinprose.", "More of the solution: canaryafteracell."} <= set(secrets)
    assert any("canary_in_a_region = 3.5" in one for one in secrets)
    assert not any("import matplotlib" in one or "comes in" in one for one in secrets)
    assert classroom.secrets_of(book, []) == {}


def in_html(folder, secret):
    return folder / "a.html", f"<p>{secret.replace(' ', '<b> </b>', 1)}</p>"


def in_markdown(folder, secret):
    return folder / "_sources/a.md", f"Text.\n{secret}\n"


def in_the_index(folder, secret):
    return folder / "searchindex.js", f'Search.setIndex({{"titles": ["{secret}"]}})'


def in_a_notebook(folder, secret):
    return folder / "a.ipynb", nbformat.writes(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"\n{secret}\n")])
    )


def in_metadata(folder, secret):
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["solution"] = secret
    return folder / "a.ipynb", nbformat.writes(notebook)


def in_an_output(folder, secret):
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text=f"{secret}\n")])
    return folder / "a.ipynb", nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))


def on_paper(folder, secret):
    return folder / "book.tex", f"\\sphinxAtStartPar\n{secret}\n"


def in_a_helper(folder, secret):
    return folder / "src/nnbook/exercises/a.py", f"    {secret}\n"


@pytest.mark.parametrize(
    "plant", [in_html, in_markdown, in_the_index, in_a_notebook, in_metadata, in_an_output, on_paper, in_a_helper]
)
@pytest.mark.parametrize("packed", [False, True], ids=["as it is", "in an archive"])
def test_a_planted_leak_is_found(book, tmp_path, plant, packed):
    secrets = classroom.secrets_of(book, book.notebook_pages)
    secret = "It is three and a half, canaryinprose."
    path, text = plant(tmp_path, secret)
    path.parent.mkdir(parents=True, exist_ok=True)
    if packed:
        with zipfile.ZipFile(tmp_path / "inner.whl", "w") as inner:
            inner.writestr(path.name, text)
        with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
            outer.write(tmp_path / "inner.whl", "inner.whl")
        (tmp_path / "inner.whl").unlink()
    else:
        path.write_text(text, "utf-8")
    assert any(secret in one for one in classroom.leaks(tmp_path, secrets))


def test_a_page_whose_solutions_are_shown_is_whole(book, tmp_path):
    classroom.write_tree(book, tmp_path / "class", "class", [], "", COMMITTED_DATA)
    assert CANARY in (tmp_path / "class/chapters/part/practice-page.md").read_bytes().lower()


def test_the_address_of_the_book_itself_is_nowhere_in_the_class_edition(book, editions):
    address = book.config["repository"]["url"].encode()
    assert address
    assert [name for name, content in classroom._contents(editions / "class") if address in content] == []


def test_a_wrong_name_is_said(monkeypatch):
    with pytest.raises(SystemExit, match="SOLVED names rnn-by-foot, but there are: "):
        classroom.classroom(solved="rnn-by-hand, rnn-by-foot")
