"""The book as an object: its pages in the order of the table of contents, and what a page holds."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml
from nbformat import NotebookNode
from nbformat.reader import NotJSONError
from sphinx_external_toc.api import SiteMap
from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path(__file__).resolve().parents[1]
COMMITTED_DATA = "shapes10"  # committed notebooks always show this set
TRACEBACK = "Traceback (most recent call last)"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PRACTICE = "practice"  # the folder of the notebooks without solutions
SETUP_TAG = "remove-cell"  # of the first cell of each page with code, which installs the helpers elsewhere


@dataclass(frozen=True)
class Page:
    """A page: NAME.md, and, if it has code, the notebook NAME.ipynb that is made from it."""

    path: Path
    root: Path

    @property
    def name(self) -> str:
        """Return what Sphinx calls the page: its path from the root, without the suffix."""
        return self.path.relative_to(self.root).with_suffix("").as_posix()

    @cached_property
    def text(self) -> str:
        """Return the page as it is written."""
        return self.path.read_text("utf-8-sig")  # some editors put a mark before the first letter

    @cached_property
    def title(self) -> str:
        """Return the page's first heading, or its name where it has none."""
        found = re.search(r"^# (.+)$", self.text, flags=re.M)
        return found[1] if found else self.name

    @cached_property
    def is_notebook(self) -> bool:
        """Does the page have code cells, that is, a Jupytext header?

        Raises:
            ValueError: the header cannot be read.
        """
        header = re.match(r"---\s*\n(.*?)^---\s*$", self.text, flags=re.M | re.S)
        try:
            format_name = yaml.safe_load(header[1]) if header else None
        except yaml.YAMLError as error:
            raise ValueError(f"the header of {self.name} is no YAML; compare it with another page's: {error}") from None
        for key in ("jupytext", "text_representation", "format_name"):
            format_name = format_name.get(key) if isinstance(format_name, dict) else None
        return format_name == "myst"

    @cached_property
    def cells(self) -> list[NotebookNode]:
        """Return all cells of the page, prose and code."""
        return jupytext.reads(self.text, fmt="md:myst" if self.is_notebook else "md:markdown").cells

    @property
    def code(self) -> list[NotebookNode]:
        """Return the code cells, without the one that installs the helpers."""
        return [cell for cell in self.cells if cell.cell_type == "code" and SETUP_TAG not in tags_of(cell)]

    @property
    def setup(self) -> NotebookNode | None:
        """Return the cell that installs the helpers outside of the book: the first code cell, if it is one."""
        first = next((cell for cell in self.cells if cell.cell_type == "code"), None)
        return first if first is not None and SETUP_TAG in tags_of(first) else None

    def cell(self, tag: str) -> str:
        """Return the source of the one cell with a tag.

        Raises:
            ValueError: no cell has it, or several have.
        """
        return self._one([cell for cell in self.code if tag in tags_of(cell)], f"the tag {tag!r}").source

    def defining(self, function: str) -> str:
        """Return the source of the one cell that defines a function.

        Raises:
            ValueError: no cell does, or several do.
        """
        pattern = re.compile(rf"^def {re.escape(function)}\(", flags=re.M)
        return self._one([cell for cell in self.code if pattern.search(cell.source)], f"def {function}(").source

    def assigning(self, name: str) -> str:
        """Return the source of the one cell that assigns a variable, outside of functions and loops.

        Raises:
            ValueError: no cell does, or several do.
        """
        return self._one([cell for cell in self.code if name in _assigned(cell.source)], f"{name} = ").source

    def up_to(self, tag: str) -> list[str]:
        """Return the sources of the code cells from the first to the one with a tag, itself included.

        Raises:
            ValueError: no cell has it, or several have.
        """
        last = self.code.index(self._one([cell for cell in self.code if tag in tags_of(cell)], f"the tag {tag!r}"))
        return [cell.source for cell in self.code[: last + 1]]

    def _one(self, found: list[NotebookNode], what: str) -> NotebookNode:
        if len(found) != 1:
            raise ValueError(f"{self.name} must have one code cell with {what}, but has {len(found)}.")
        return found[0]

    @property
    def notebook_path(self) -> Path:
        """Return where the notebook of the page lies."""
        return self.path.with_suffix(".ipynb")

    @property
    def practice_path(self) -> Path:
        """Return where the notebook to practise with lies, which has stubs in the place of solutions."""
        return self.root / PRACTICE / self.notebook_path.relative_to(self.root / "chapters")

    @property
    def offered_path(self) -> Path:
        """Return the notebook that a reader is offered first: the one to practise with, where there is one."""
        is_there = self.path.is_relative_to(self.root / "chapters") and self.practice_path.is_file()
        return self.practice_path if is_there else self.notebook_path

    @cached_property
    def notebook(self) -> NotebookNode | None:
        """Return the committed notebook, or None if there is none.

        Raises:
            ValueError: the file is no notebook, as after a merge with conflicts.
        """
        if not self.notebook_path.is_file():
            return None
        try:
            return nbformat.read(self.notebook_path, as_version=4)
        except NotJSONError:
            raise ValueError(f"{self.name}.ipynb is no notebook; delete it and run `make notebooks`.") from None

    @property
    def measured(self) -> dict[str, Any]:
        """Return what was measured when the notebook was made: inputs, seconds, peak_memory_mb; empty if that is lost.

        Other tools drop the metadata of a notebook that they save.
        """
        notebook = self.notebook if self.is_notebook else None
        if notebook is None and self.is_notebook and self.offered_path.is_file():  # in the class edition
            notebook = nbformat.read(self.offered_path, as_version=4)
        found = notebook.metadata.get("nnbook") if notebook else None
        return dict(found) if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Book:
    """The folder of the book; its pages are those of the table of contents and no others."""

    root: Path = ROOT

    @cached_property
    def pages(self) -> list[Page]:
        """Return the pages in the order of the table of contents.

        Raises:
            FileNotFoundError: a page that is listed is not there.
        """
        pages = [self._listed(name) for name in self._toc]
        if missing := [page.name for page in pages if not page.path.is_file()]:
            raise FileNotFoundError(
                f"_toc.yml lists {', '.join(missing)}, but there is no such .md; write it, or unlist."
            )
        return pages

    @property
    def parts(self) -> dict[str, list[Page]]:
        """Return the pages of each part, by its caption in the table of contents."""
        return {
            part.caption or "": [self._listed(name) for first in part.files() for name in self._with_those_below(first)]
            for part in self._toc.root.subtrees
        }

    @cached_property
    def _toc(self) -> SiteMap:
        return parse_toc_yaml(self.root / "_toc.yml")

    def _with_those_below(self, name: str) -> list[str]:
        children = [child for section in self._toc[name].subtrees for child in section.files()]
        return [name, *(below for child in children for below in self._with_those_below(child))]

    def _listed(self, name: str) -> Page:
        return Page(self.root / f"{name.removesuffix('.md')}.md", self.root)

    @property
    def notebook_pages(self) -> list[Page]:
        """Return the pages that have code."""
        return [page for page in self.pages if page.is_notebook]

    def page(self, name: str) -> Page:
        """Return a page by the end of its name, such as "rnn-by-hand".

        Raises:
            ValueError: no page is called so.
        """
        found = [page for page in self.pages if page.name == name or page.name.endswith(f"/{name}")]
        if len(found) != 1:
            raise ValueError(f"{name!r} names {len(found)} pages of _toc.yml, not one.")
        return found[0]

    @cached_property
    def config(self) -> dict[str, Any]:
        """Return _config.yml."""
        return yaml.safe_load((self.root / "_config.yml").read_text("utf-8"))


def tags_of(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def _assigned(source: str) -> set[str]:
    """Return the names that a cell assigns outside of functions and loops."""
    steps = [step for step in ast.parse(source).body if isinstance(step, ast.Assign)]
    parts = [part for step in steps for target in step.targets for part in ast.walk(target)]
    return {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}


class _Seed(ast.NodeTransformer):
    """Puts another number in the place of every `seed=NUMBER` of a call."""

    def __init__(self, seed: int) -> None:
        self.seed, self.found = seed, 0

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        """Replace the number of one argument."""
        if node.arg == "seed" and isinstance(node.value, ast.Constant):
            self.found += 1
            node.value = ast.copy_location(ast.Constant(self.seed), node.value)
        return node


def run(
    sources: Iterable[str],
    values: dict[str, Any] | None = None,
    *,
    seed: int | None = None,
    asserts: bool = True,
) -> dict[str, Any]:
    """Run cells one after the other in one namespace, as a notebook does, and return it.

    Args:
        sources: the cells.
        values: names that are there before the first cell.
        seed: a number for every `seed=NUMBER` that a call of these cells has.
        asserts: without them, what came out can be looked at even if it is not what the page claims.

    Raises:
        ValueError: a seed was given, and no call has one.
        Exception: whatever a cell raises.

    >>> run(["a = 1", "assert a == 2", "b = a + 1"], asserts=False)["b"]
    2
    """
    values = {"__name__": "__main__"} if values is None else values
    change = _Seed(seed) if seed is not None else None
    trees = [ast.parse(source) for source in sources]
    if change:
        trees = [change.visit(tree) for tree in trees]
        if not change.found:
            raise ValueError("these cells call nothing with 'seed=NUMBER' that another seed could stand in for.")
    for number, tree in enumerate(trees, start=1):
        exec(compile(tree, f"<cell {number}>", "exec", optimize=0 if asserts else 1), values)
    return values


def alt_of(cell: NotebookNode) -> str:
    """Return the alternative text of a cell's figure, or an empty string."""
    image = (cell.metadata.get("mystnb") or {}).get("image") or {}
    return " ".join(str(image.get("alt") or "").split())


def pictures_of(cell: NotebookNode) -> int:
    """Count the outputs of a cell that hold a picture."""
    outputs = [output.get("data", {}) for output in cell.get("outputs", [])]
    return sum(any(kind.startswith("image/") and content for kind, content in output.items()) for output in outputs)


def output_problems(notebook: NotebookNode) -> list[str]:
    """Return what no output of an executed notebook may do: lack the figure that its alt text tells of, fail, complain.

    An error, or a traceback that is printed, is right in a cell with the tag "raises-exception" only.
    """
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        first = (cell.source.splitlines() or [""])[0]
        if alt_of(cell) and not pictures_of(cell):
            found.append(f"shows no figure, though its alt text tells of one: {first}")
        if "raises-exception" not in tags_of(cell) and any(map(_failed, cell.outputs)):
            found.append(f"holds a cell that failed: {first}")
        if any(output.get("name") == "stderr" for output in cell.outputs):
            found.append(f"prints to stderr: {first} (Keras is quiet if `import nnbook.quiet` comes before it)")
    return found


def _failed(output: NotebookNode) -> bool:
    texts = [output.get("text", ""), *output.get("data", {}).values()]
    return output.output_type == "error" or any(TRACEBACK in COLOUR.sub("", text) for text in map(str, texts))
