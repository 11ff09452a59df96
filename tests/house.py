"""A small book in a folder, to try the house on without the pages of the real one."""

import base64
import posixpath
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import jupytext
import nbformat
import yaml
from nbformat import NotebookNode

from tools.book import COMMITTED_DATA, ROOT, Book, Page, alt_of
from tools.fresh import page_hash
from tools.grammar.bands import CHECKS, bands_of

ADDRESS = "https://example.org/book"  # of the small book's repository, as in the first cell of good-page.md
GOOD_PAGE = (Path(__file__).parent / "fixtures" / "good-page.md").read_text("utf-8")
HEADER = GOOD_PAGE.partition("\n# ")[0]  # what makes a page one with code
COPIED = ("_static", "references.bib", "requirements.txt", "src", "chapters/jupytext.toml")
PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
    )
).decode()  # a white PNG of one pixel


def small_book(folder: Path, pages: Mapping[str, str] | None = None, *, notebooks: bool = True) -> Book:
    """Lay out a book: a first page that lists the others, and what a build reads.

    Args:
        folder: where.
        pages: the text of each page by its name, such as "sequences/good-page", in the order of the table of contents;
            the folder in a name is the part. A page named "index" replaces the first one. Without any, good-page.md.
        notebooks: write notebooks too, with outputs that nobody has computed.
    """
    pages = {"sequences/good-page": GOOD_PAGE} if pages is None else dict(pages)
    for name in COPIED:
        _copy(ROOT / name, folder / name)
    for name, text in pages.items():
        _write(folder / "chapters" / f"{name}.md", text)
    names = [name for name in pages if name != "index"]
    _write(folder / "_config.yml", _config())
    _write(folder / "_toc.yml", _toc(names))
    book = Book(folder)
    if "index" not in pages:
        _write(folder / "chapters/index.md", _index(book, names))
    for page in book.notebook_pages:
        calls = [f"    {check}({page.path.stem!r}, {tag!r})\n" for tag in bands_of(page) for check in CHECKS]
        if calls:
            _write(folder / "tests/chapters" / f"test_{page.path.stem}.py", f"def test_bands():\n{''.join(calls)}")
    if notebooks:
        for page in book.notebook_pages:
            write_notebook(page)
    return book


def write_notebook(page: Page) -> NotebookNode:
    """Write the notebook of a page as if it had been executed, and return it."""
    notebook = executed(page)
    nbformat.write(notebook, page.notebook_path)
    return notebook


def executed(page: Page) -> NotebookNode:
    """Return the notebook of a page: a picture where an alt text tells of one, one line where something is printed."""
    notebook = jupytext.reads(page.text, fmt="md:myst")
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
        if alt_of(cell):
            cell.outputs.append(nbformat.v4.new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"}))
        if "print(" in cell.source:
            cell.outputs.append(nbformat.v4.new_output("stream", name="stdout", text="7\n"))
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["nnbook"] = {"inputs": page_hash(page, COMMITTED_DATA), "seconds": 2, "peak_memory_mb": 500}
    return notebook


def _config() -> str:
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["repository"]["url"] = ADDRESS
    return yaml.safe_dump(config)


def _toc(names: Iterable[str]) -> str:
    parts: dict[str, list[dict[str, str]]] = {}
    for name in names:
        parts.setdefault(posixpath.dirname(name).capitalize(), []).append({"file": f"chapters/{name}.md"})
    listed = [{"caption": caption, "chapters": chapters} for caption, chapters in parts.items()]
    return yaml.safe_dump({"format": "jb-book", "root": "chapters/index", "parts": listed}, sort_keys=False)


def _index(book: Book, names: Iterable[str]) -> str:
    pages = [(name, Page(book.root / "chapters" / f"{name}.md", book.root)) for name in names]
    rows = [f"| [{page.title}]({name}.md) | one thing |" for name, page in pages]
    return "\n".join(
        ["# A small book", "", "## What is in it", "", "| page | what you do there |", "|---|---|", *rows, ""]
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)
