"""A build that cannot be fooled: outputs from the executor, warnings are errors, nothing is decided by time stamps."""

import os
import re
import shutil

import pytest
from bs4 import BeautifulSoup

from tests.house import GOOD_PAGE, HEADER, small_book
from tools import execute
from tools.book import Book
from tools.site import build

OTHER = f"""{HEADER}

# Another page

See [the first](good-page.md#again-and-again).

```{{code-cell}} ipython3
print(7)
```
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A book of two pages, in a folder whose name is no help, built once."""
    root = tmp_path_factory.mktemp("Bücher, %20 and spaces")
    small_book(root, {"sequences/good-page": GOOD_PAGE, "sequences/other": OTHER})
    assert built(root), log_of(root)
    shutil.copytree(root / "chapters", root.with_name("as written"))
    return root


@pytest.fixture
def book(template):
    """That book as it was written, built again if a test has changed it."""
    yield template
    shutil.rmtree(template / "chapters")
    shutil.copytree(template.with_name("as written"), template / "chapters")
    shutil.rmtree(template / "_build" / "executed")
    assert built(template), log_of(template)


def built(root):
    """Take the outputs of the committed notebooks and build; say whether that went well."""
    assert all(execute.take(page, "shapes10") for page in Book(root).notebook_pages)
    return build.build(root, root) == 0


def log_of(root):
    return (root / "_build/log/html.txt").read_text("utf-8")


def read_pages(root):
    """Return how many pages the last build read."""
    added, changed, _ = map(int, re.search(r"(\d+) added, (\d+) changed, (\d+) removed", log_of(root)).groups())
    return added + changed


def change(root, name, old, new):
    path = root / "chapters" / f"{name}.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def html(root, name):
    return BeautifulSoup((root / f"_build/html/chapters/{name}.html").read_text("utf-8"), "html.parser")


def test_outputs_are_those_of_the_notebook(template):
    assert html(template, "sequences/good-page").select_one("#cell-2 .cell_output").get_text().strip() == "7"
    assert html(template, "sequences/good-page").select_one(".cell_output img")["alt"].startswith("A curve falls")


def test_a_changed_sentence_reads_one_page_and_executes_nothing(book):
    change(book, "sequences/other", "See ", "Look at ")
    assert built(book)
    assert read_pages(book) == 1
    assert "Look at" in html(book, "sequences/other").get_text()


def test_a_second_build_reads_nothing_whatever_the_files_times_say(book):
    for path in (book / "chapters").rglob("*.md"):
        os.utime(path, (1e9, 1e9))
    assert built(book)
    assert read_pages(book) == 0


def test_a_changed_output_is_shown(book):
    page = Book(book).page("other")
    notebook = page.notebook
    notebook.cells[-1].outputs[0].text = "8\n"
    execute.write(notebook, execute.executed_path(page, "shapes10"))
    assert build.build(book, book) == 0
    assert html(book, "sequences/other").select_one(".cell_output").get_text().strip() == "8"
    assert read_pages(book) == 1


def test_another_address_in_the_first_cell_needs_no_execution(book):
    change(book, "sequences/good-page", "https://example.org/book", "https://example.org/another")
    assert built(book), log_of(book)


def test_a_changed_title_is_shown_on_every_page(book):
    change(book, "sequences/other", "# Another page", "# A third page")
    assert built(book)
    assert "A third page" in html(book, "sequences/good-page").select_one("nav.bd-links").get_text()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("sequences/other", "good-page.md#again", "gone.md#again"),
        ("sequences/good-page", "## Again and again", "## Once more"),  # what the other page links to
        ("sequences/good-page", "h(x) = \\frac{x}{2}", "h(x) = \\frac{x}{2"),
        ("sequences/other", "See ", "{nosuchrole}`x` See "),
    ],
    ids=["link", "heading", "formula", "role"],
)
def test_a_broken_book_fails_until_it_is_mended(book, name, old, new):
    change(book, name, old, new)
    assert not built(book)
    assert build.troubles(book), log_of(book)
    assert not (book / "_build/html/index.html").exists()
    assert not built(book), "a broken book turned green by itself"
    change(book, name, new, old)
    assert built(book)


def test_nothing_is_published_that_an_editor_left(book):
    for name in (".ipynb_checkpoints/x.ipynb", "Untitled.ipynb", "stray.md"):
        path = book / "chapters/sequences" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}" if name.endswith("ipynb") else "# Stray\n", "utf-8")
    assert built(book)
    published = [path.name for path in (book / "_build/html").rglob("*") if path.is_file()]
    assert not {"x.ipynb", "Untitled.ipynb", "stray.html", "stray.md"} & set(published)


def test_another_picture_set_or_setting_is_another_build(tmp_path):
    small_book(tmp_path)
    before = build.settings_of(tmp_path, "shapes10")
    assert build.settings_of(tmp_path, "cifar10") != before
    (tmp_path / "_config.yml").write_text((tmp_path / "_config.yml").read_text("utf-8") + "# changed\n", "utf-8")
    assert build.settings_of(tmp_path, "shapes10") != before


def test_a_good_build_says_little_and_where_the_outputs_are_from(book, monkeypatch, capfd):
    monkeypatch.setattr(build, "ROOT", book)
    assert build.book() == 0
    said = capfd.readouterr()
    assert "Outputs of 2 pages are those of the committed notebooks" in said.out and "EXECUTE=1" in said.out
    assert "The book is ready (Shapes10," in said.out
    assert len(said.out.splitlines()) <= 40 and not re.search("warning", said.out + said.err, flags=re.I)


def test_a_page_without_a_committed_notebook_is_named(book, monkeypatch, capfd):
    monkeypatch.setattr(build, "ROOT", book)
    Book(book).page("other").notebook_path.unlink()
    assert build.book() == 0
    assert "Without a committed notebook: chapters/sequences/other; `make notebooks`" in capfd.readouterr().out


def test_a_failing_page_is_named_and_the_old_site_stays(book, monkeypatch, capfd):
    monkeypatch.setattr(build, "ROOT", book)
    change(book, "sequences/other", "print(7)", "print(1 / 0)")
    assert build.book() == 1
    said = capfd.readouterr()
    assert "FAILED    chapters/sequences/other" in said.out
    assert "ZeroDivisionError" in said.err and "the old site stays" in said.err
    assert (book / "_build/html/index.html").is_file()


@pytest.mark.parametrize("data", ["mnist", "/scratch"])
def test_an_unknown_picture_set_is_refused(data):
    with pytest.raises(SystemExit, match="DATA must be one of shapes10, cifar10"):
        build.book(data=data)
