"""What tests of pages share: the documents of the notes, the cells of a page, and bands shown from both sides."""

import ast
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import numpy as np

from nnbook.intervals import student_t
from tools.book import Book, Page, run
from tools.grammar.bands import is_inequality

BOOK = Book()
MANY, FEW = 100, 10  # starts
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


def ninety_five_percent_range(values: Sequence[float]) -> float:
    """Return the width of the range in which 95 % of further runs lie: measured of many, else by Student's t."""
    if len(values) >= MANY:
        return float(np.subtract(*np.percentile(values, [97.5, 2.5])))
    return float(2 * student_t(len(values) - 1) * np.std(values, ddof=1))


def check_starts(page: str, tag: str, starts: Sequence[Mapping[str, Any]]) -> None:
    """Assert that a band holds nearly all of many starts, and is no wider than twice the range of what they give.

    Prints the share that holds. A width is asked of inequalities between two numbers, also inside `all(... for ...)`,
    and of `abs(...) < number`; values that are whole numbers lie one apart.

    Args:
        page: the end of the page's name.
        tag: the band.
        starts: for each start, from a seed that the page does not use, the values that the cell reads: 200 where a
            start takes under a second, 30 where it takes under ten, else 10.
    """
    source = BOOK.page(page).cell(tag)
    assert len(starts) >= FEW, f"{tag} of {page} needs {FEW} starts or more, but is shown {len(starts)}."
    share = np.mean([_stands(source, values) for values in starts])
    print(f"{tag} of {page} holds on {share:.1%} of {len(starts)} starts")
    assert share >= 0.95, f"{tag} of {page} holds on {share:.1%} of {len(starts)} starts only"
    for claim in _two_sided(source):
        low, middle, high = zip(*(_measured(source, claim, values) for values in starts), strict=True)
        if len({*low}) > 1 or len({*high}) > 1:
            continue  # compares one measured value with another
        values, width = np.concatenate(middle), high[0] - low[0]
        spread = ninety_five_percent_range(values) + (values.dtype.kind in "iub")
        print(f"  {claim.text}: {width:.3g} wide, 95 % of starts {spread:.3g}")
        assert width <= 2 * spread * (1 + 1e-9), (
            f"{claim.text} in {tag} of {page} is {width:.3g} wide, more than twice the {spread:.3g} of 95 % of starts, "
            f"which lie from {values.min():.4g} to {values.max():.4g}"
        )


class _Claim(NamedTuple):
    """An asserted `low < middle < high`, and the loops around it."""

    text: str
    low: ast.expr
    middle: ast.expr
    high: ast.expr
    loops: list[ast.comprehension]


def _two_sided(source: str) -> Iterator[_Claim]:
    """Return the claims of a cell that something lies between two ends; `abs(a) < b` is -b < a < b."""
    tests = [node.test for node in ast.walk(_Split().visit(ast.parse(source))) if isinstance(node, ast.Assert)]
    for test in tests:
        text, loops = ast.unparse(test), []
        if isinstance(test, ast.Call) and test.args and isinstance(test.args[0], ast.GeneratorExp):
            test, loops = test.args[0].elt, test.args[0].generators
        if not isinstance(test, ast.Compare):
            continue
        parts = [test.left, *test.comparators]
        if len(parts) == 3:
            yield _Claim(text, parts[0], parts[1], parts[2], loops)
        elif len(parts) == 2 and isinstance(parts[0], ast.Call) and getattr(parts[0].func, "id", "") == "abs":
            yield _Claim(text, ast.UnaryOp(ast.USub(), parts[1]), parts[0].args[0], parts[1], loops)


def _measured(source: str, claim: _Claim, values: Mapping[str, Any]) -> tuple[float, np.ndarray, float]:
    """Return the ends of a claim, and what lies between them: one value, or one for each turn of its loops."""
    names = run([source], {"np": np, **values}, asserts=False)
    three = ast.Tuple([claim.low, claim.middle, claim.high], ast.Load())
    node = ast.ListComp(three, claim.loops) if claim.loops else ast.List([three], ast.Load())
    found = eval(compile(ast.fix_missing_locations(ast.Expression(node)), f"<{claim.text}>", "eval"), names)
    lows, middles, highs = zip(*found, strict=True)
    return (min(lows), np.concatenate([np.ravel(middle) for middle in middles]), max(highs))
