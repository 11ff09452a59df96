"""What tests of pages share: the documents of the notes, the cells of a page, and bands shown from both sides."""

import ast
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from tools.book import Book, Page, run
from tools.grammar.bands import is_inequality

BOOK = Book()
FROM_THE_TOP = "run the page from the top"
ENCODED = [[16, 1], [46, 17], [5, 10], [35, 17], [27], [2], [4, 10], [40, 46], [4, 17], [26, 41, 1, 6]]
PADDED = [
    [16, 1, 0, 0],
    [46, 17, 0, 0],
    [5, 10, 0, 0],
    [35, 17, 0, 0],
    [27, 0, 0, 0],
    [2, 0, 0, 0],
    [4, 10, 0, 0],
    [40, 46, 0, 0],
    [4, 17, 0, 0],
    [26, 41, 1, 6],
]
LABELS = [1] * 5 + [0] * 5
RECORD_OF = {"Shapes10": "shapes10", "CIFAR-10": "cifar10"}  # how the records of a picture set end


def book_of(folder: Path, *cells: str) -> Book:
    """Write a book of one page with these code cells, to plant faults in."""
    header = "---\njupytext:\n  text_representation:\n    format_name: myst\n---\n\n# A page\n\n"
    code = "\n\n".join(f"```{{code-cell}} ipython3\n{cell}\n```" for cell in cells)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: page\n", "utf-8")
    (folder / "page.md").write_text(f"{header}{code}\n", "utf-8")
    return Book(folder)


def functions(page: str, *names: str, **values: Any) -> dict[str, Any]:
    """Run the cells of a page that define these functions, with these values around them, and return all names."""
    return run([BOOK.page(page).defining(name) for name in names], {"np": np, **values})


def run_until(page: str, name: str) -> dict[str, Any]:
    """Run a page from its first cell to the one that assigns a name."""
    cells = [cell.source for cell in BOOK.page(page).code]
    return run(cells[: cells.index(BOOK.page(page).assigning(name)) + 1])


def is_within(page: str, tag: str, values: Mapping[str, Any]) -> bool:
    """Do these values stand the asserts of the cell with this tag?"""
    return _stands(BOOK.page(page).cell(tag), values)


def check_band(
    page: str, tag: str, *, inside: Sequence[Mapping[str, Any]], outside: Mapping[str, Mapping[str, Any]]
) -> None:
    """Assert that a band holds each run, and that each wrong model falls outside of it.

    Each inequality of the cell must be failed by a wrong model, be it alone in the cell: one that nothing fails says
    nothing.

    Args:
        page: the end of the page's name.
        tag: the band.
        inside: for each run, from a seed that the page does not use, the values that the cell reads.
        outside: the same for each wrong model, by what is wrong with it.
    """
    source = BOOK.page(page).cell(tag)
    assert inside and outside, f"{tag} of {page} must be shown runs inside of it, and wrong models outside."
    for values in inside:
        assert _stands(source, values), f"{tag} of {page} does not hold {_read(source, values)}"
    for wrong, values in outside.items():
        assert not _stands(source, values), f"{tag} of {page} lets pass {wrong}: {_read(source, values)}"
    for inequality, alone in _one_by_one(source):
        assert not all(_stands(alone, values) for values in outside.values()), (
            f"no wrong model fails {inequality} in {tag} of {page}"
        )


def _read(source: str, values: Mapping[str, Any]) -> str:
    """Say in short which values a cell reads."""
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    return reprlib.repr({name: value for name, value in values.items() if name in names})


def _stands(source: str, values: Mapping[str, Any]) -> bool:
    try:
        run([source], {"np": np, **values})
    except AssertionError:
        return False
    return True


def _one_by_one(source: str) -> Iterator[tuple[str, str]]:
    """Return each asserted inequality of a cell, and the cell with this assert alone; `and` joins two."""
    tree = _Split().visit(ast.parse(source))
    claims = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    tests = [claim.test for claim in claims]
    for test in filter(is_inequality, tests):
        for claim, own in zip(claims, tests, strict=True):
            claim.test = own if own is test else ast.Constant(True)
        yield ast.unparse(test), ast.unparse(ast.fix_missing_locations(tree))


class _Split(ast.NodeTransformer):
    """Makes `assert a` and `assert b` of `assert a and b`."""

    def visit_Assert(self, node: ast.Assert) -> list[ast.Assert]:
        """Return one assert for each part."""
        parts = node.test.values if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And) else []
        return [ast.Assert(part) for part in parts or [node.test]]


def run_each_cell_twice(page: Page) -> list[str]:
    """Run each cell of a page twice in a row, as people do; return what failed.

    A later cell may find that another one ran twice: then its assert says to run the page from the top.
    """
    matplotlib.use("agg")
    values, found = {"__name__": "__main__"}, []
    for number, cell in enumerate(page.code, start=1):
        for time in ("first", "second"):
            try:
                run([cell.source], values)
            except Exception as error:
                if not (isinstance(error, AssertionError) and FROM_THE_TOP in str(error)):
                    found.append(f"code cell {number}, {time} time: {type(error).__name__} {error}".rstrip())
    return found


def ninety_five_percent_range(values: Sequence[float], t: float) -> float:
    """Return the width of the range in which 95 % of further runs lie, from the t of Student's distribution."""
    return float(2 * t * np.std(values, ddof=1))
