"""Editions for a class: one that holds no solution anywhere, and one with all of them and notes for those who mark.

The class edition is a tree of its own, `_build/class/book`, without solutions in any file: it can be built, read and
published as a repository like the book itself. The site is built from that tree, so there is nothing in it to leak.
"""

import html
import io
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import jupytext
import nbformat
import yaml
from nbformat import NotebookNode

from tools import execute
from tools.book import ROOT, Book, Page
from tools.editions.pdf import printed
from tools.practice import (
    CHECK,
    EXERCISE,
    Piece,
    has_exercises,
    pieces,
    practice_notebook,
    solution_of,
    without_solutions,
)
from tools.site.address import IN_CELL, normal
from tools.site.build import bring_outputs, build, chosen, made

SHORTEST = 20  # characters; a shorter piece of a solution stands in many places that are none
COPIED = ("_toc.yml", "references.bib", "requirements.txt", "pyproject.toml", "LICENSE", "LICENSE-CONTENT")
COPIED_FOLDERS = ("_static", "src", "binder")
MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|\$[^$]*\$|[`*_#|>]+")
TAG = re.compile(r"<[^>]+>")
VERDICT = re.compile(r"^Right\.")  # what every check says; it is no solution


def classroom(solved: str = "", url: str = "", pdf: str = "", data: str = "") -> int:
    """Build the class edition and the edition with solutions; return the exit code.

    Args:
        solved: names of pages, with commas between, whose solutions the class may see by now.
        url: the address of the repository in which you publish `_build/class/book`, if you do.
        pdf: anything but an empty string makes a PDF of each edition as well; it needs LaTeX.
        data: the picture set.
    """
    book = Book(ROOT)
    known = {page.path.stem: page for page in book.notebook_pages if has_exercises(page)}
    shown = [name.strip() for name in solved.split(",") if name.strip()]
    if unknown := [name for name in shown if name not in known]:
        raise SystemExit(f"SOLVED names {', '.join(unknown)}, but there are: {', '.join(known)}.")
    address = normal(url) if url else ""
    name = chosen(data)
    if bring_outputs(book, name, again=False):
        return 1
    for edition in ("class", "solutions"):
        folder = ROOT / "_build" / edition
        shutil.rmtree(folder, ignore_errors=True)
        tree = folder / "book"
        hidden = [page for page in known.values() if page.path.stem not in shown] if edition == "class" else []
        write_tree(book, tree, edition, hidden, address if edition == "class" else "", name)
        if made(partial(build, tree, tree, name), tree, "html"):
            return 1
        if pdf and printed(tree, name, folder / "book.pdf"):
            return 1
        shutil.move(tree / "_build" / "html", folder / "site")
        shutil.rmtree(tree / "_build")
        if found := leaks(folder, secrets_of(book, hidden)):
            shutil.rmtree(folder)
            print("NOT done: a solution stands where a class would see it; the edition was taken away again.")
            print("\n".join(f"  {one}" for one in found[:10]))
            return 1
        print(f"The {edition} edition is ready: open _build/{edition}/site/index.html")
    hint = "" if shown else " To show those of a page: make class SOLVED=rnn-by-hand"
    print(f"Solutions are held back on {len(known) - len(shown)} of {len(known)} pages.{hint}")
    return 0


def write_tree(book: Book, tree: Path, edition: str, hidden: Iterable[Page], url: str, data: str) -> None:
    """Write the sources of an edition, with the outputs of its pages.

    Args:
        book: the book.
        tree: where the sources go; a folder that is not there.
        edition: "class" or "solutions".
        hidden: pages whose solutions do not come in.
        url: the address of the repository that will hold the tree, or an empty string.
        data: the picture set of the outputs.
    """
    hide = {page.name for page in hidden}
    ours = shutil.ignore_patterns("*.ipynb", "__pycache__", ".*", "*.new")
    shutil.copytree(book.root / "chapters", tree / "chapters", ignore=ours)
    for name in COPIED_FOLDERS:
        if (book.root / name).is_dir():
            shutil.copytree(book.root / name, tree / name, ignore=ours)
    for name in COPIED:
        if (book.root / name).is_file():
            shutil.copyfile(book.root / name, tree / name)
    (tree / "_config.yml").write_text(yaml.safe_dump(_config(book, edition, url), sort_keys=False), "utf-8")
    for page in book.notebook_pages:
        _write_page(page, Page(tree / page.path.relative_to(book.root), tree), page.name in hide, url, data)


def _config(book: Book, edition: str, url: str) -> dict:
    """Return the settings of an edition, which says what it is at the foot of each page."""
    config = yaml.safe_load((book.root / "_config.yml").read_text("utf-8"))
    config["repository"]["url"] = url
    said = {"class": "Class edition, without solutions.", "solutions": "Edition for teachers, with all solutions."}
    config["html"]["extra_footer"] = f"{config['html'].get('extra_footer', '')} {said[edition]}".strip()
    config["sphinx"]["config"]["nnbook_edition"] = edition
    return config


def _write_page(page: Page, target: Page, hide: bool, url: str, data: str) -> None:
    """Write a page of an edition: its text, its executed outputs, and the notebooks that its site offers."""
    executed = nbformat.read(execute.executed_path(page, data), as_version=4)
    written = jupytext.reads(page.text, fmt="md:myst")
    if hide:
        executed = without_solutions(executed, plain=True)
        written = without_solutions(written, plain=True)
    _set_address([written, executed], url)
    target.path.write_text(jupytext.writes(written, fmt="md:myst"), "utf-8")
    execute.write(executed, execute.executed_path(target, data))
    if has_exercises(page):
        practice = practice_notebook(page)
        _set_address([practice], url)
        execute.write(practice, target.practice_path)
    if page.notebook is not None and not hide:
        whole = page.notebook
        _set_address([whole], url)
        execute.write(whole, target.notebook_path)


def _set_address(notebooks: list[NotebookNode], url: str) -> None:
    """Have the first cell install the helpers from another address: that of the book would lead to the solutions."""
    for notebook in notebooks:
        for cell in notebook.cells:
            if cell.cell_type == "code" and IN_CELL.search(cell.source):
                cell.source = IN_CELL.sub(rf'\1"{url}"', cell.source)
                break


def secrets_of(book: Book, hidden: Iterable[Page]) -> dict[str, str]:
    """Return the pieces of solutions that stand nowhere else in the book, and the page of each.

    Pieces are lines of code and of outputs, and stretches of prose without markup, of some length.
    """
    names = {page.name for page in hidden}
    public: list[str] = []
    found: dict[str, str] = {}
    for page in book.pages:
        for piece in pieces(page.cells) if page.is_notebook else []:
            secret = list(_secret_texts(piece)) if page.name in names else []
            found |= {one: page.name for text in secret for one in _stretches(text)}
            if piece.part in (EXERCISE, CHECK):
                public.append(piece.text.replace(solution_of(piece.text), ""))
            elif not secret:
                public.append(piece.text)
        if not page.is_notebook:
            public.append(page.text)
        if page.name in names and page.notebook is not None:
            printed = (
                _printed(piece.cell) for piece in pieces(page.notebook.cells) if piece.part in ("solution", EXERCISE)
            )
            found |= {one: page.name for text in printed for one in _stretches(text)}
    open_to_all = [path for path in (book.root / "src").rglob("*.py") if path.parent.name != "exercises"]
    open_to_all.append(book.root / "references.bib")
    public += [path.read_text("utf-8") for path in open_to_all]
    told = _plain("\n".join(public))
    return {one: name for one, name in found.items() if one not in told}


def _secret_texts(piece: Piece) -> Iterator[str]:
    if piece.part in ("solution", "marking"):
        yield piece.text
    elif piece.part == EXERCISE:
        yield solution_of(piece.text)


def _printed(cell: NotebookNode) -> str:
    texts = [one.get("text", "") or one.get("data", {}).get("text/plain", "") for one in cell.get("outputs", [])]
    return "\n".join(line for text in texts for line in str(text).splitlines() if not VERDICT.match(line))


def _stretches(text: str) -> Iterator[str]:
    """Yield the stretches of a text by which it is known: its lines, and their parts that a page shows as they are."""
    for line in text.splitlines():
        for part in (line, *MARKUP.split(line)):
            plain = _plain(part or "")
            if len(plain) >= SHORTEST:
                yield plain


def _plain(text: str) -> str:
    return " ".join(text.split())


def leaks(folder: Path, secrets: dict[str, str]) -> list[str]:
    """Return where a file of an edition, or one in an archive, holds a piece of a solution."""
    found = []
    for name, content in _contents(folder):
        text = content.decode("utf-8", errors="replace")
        seen = _plain(html.unescape(TAG.sub("", text))) if name.endswith((".html", ".xml")) else _plain(text)
        escaped = (
            _plain(text.replace("\\n", " ").replace('\\"', '"')) if name.endswith((".ipynb", ".js", ".json")) else ""
        )
        found += [f"{name}: {one!r} of {page}" for one, page in secrets.items() if one in seen or one in escaped]
    return found


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file of a folder, and of each one in an archive, and in an archive within that."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield from _unpacked(path.relative_to(folder).as_posix(), path.read_bytes())


def _unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if name.endswith((".zip", ".whl")):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for one in packed.namelist():
                yield from _unpacked(f"{name}/{one}", packed.read(one))
