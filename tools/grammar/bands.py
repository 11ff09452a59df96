"""Asserted inequalities have names: each cell that asserts one carries a tag that says what holds it.

`band-NAME` where what is asserted depends on a run: a test holds it over other seeds and shows a wrong model that falls
outside (`tests/pages.py`, `check_band`). `exact` where it follows by logic or from a record, so that no run can change
it; an equality may say so, too. An equality with a tolerance, as of `np.allclose`, is an equality.
"""

import ast
from collections.abc import Iterable, Iterator, Set

from tools.book import Book, Page, tags_of
from tools.fresh import MAGIC

BAND = "band-"
EXACT = "exact"
TESTS = "tests/chapters"
CHECKS = ("check_band", "check_starts")  # each shows a band: from both sides, and over many starts
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
ORDERING = {"less", "less_equal", "greater", "greater_equal", "lt", "le", "gt", "ge"}  # in NumPy, Keras and operator
KEEPING = {"all", "any", "bool", "int", "list", "max", "mean", "min", "not_", "sum", "tuple"}  # truth in, truth out
ASSERTING = {"assert_array_less", "assert_less", "assert_greater", "assert_less_equal", "assert_greater_equal"}


def unnamed_inequalities(page: Page) -> list[str]:
    """Return, in sentences, which cells of a page assert an inequality without a name, or carry a name without one."""
    carriers: set[str] = set()
    found = []
    for number, cell in enumerate(page.code, start=1):
        tree = ast.parse(MAGIC.sub(r"\1pass", cell.source))
        carriers |= _carriers(tree, carriers)
        names = [tag for tag in tags_of(cell) if tag == EXACT or tag.startswith(BAND)]
        claims = [ast.unparse(claim) for claim in _claims(tree) if is_inequality(claim, carriers)]
        if claims and not names:
            found.append(
                f"code cell {number} asserts the inequality {claims[0]!r}, but has no tag {BAND}NAME (held by a test"
                f" over other seeds) nor {EXACT} (no run can change it)"
            )
        if names and not (_claims(tree) if EXACT in names else claims):
            what = "asserts nothing" if EXACT in names else "asserts no inequality"
            found.append(f"code cell {number} has the tag {names[0]}, but {what}")
        if len(names) > 1:
            found.append(f"code cell {number} has the tags {' and '.join(names)}, but needs one")
    return found


def bands_of(page: Page) -> list[str]:
    """Return the tags of the bands of a page."""
    return [tag for cell in page.code for tag in tags_of(cell) if tag.startswith(BAND)]


def bands_are_tested(book: Book) -> list[str]:
    """Each band of a page is shown from both sides and over many starts, and each test that shows one finds it."""
    there = {(page.path.stem, tag) for page in book.notebook_pages for tag in bands_of(page)}
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted((book.root / TESTS).glob("test_*.py"))]
    found = []
    for check in CHECKS:
        shown = {call for tree in trees for call in _calls(tree, check)}
        found += [
            f"{tag} of {page} is shown by no test with {check}; write one in {TESTS}"
            for page, tag in sorted(there - shown)
        ]
        found += [f"{check} names {tag} of {page}, where there is none" for page, tag in sorted(shown - there)]
    return found


def _calls(tree: ast.Module, check: str) -> Iterator[tuple[str, str]]:
    """Return page and tag of each `check("page", "tag", ...)` in a test."""
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    for node in (part for test in tests for part in ast.walk(test)):
        if isinstance(node, ast.Call) and _name_of(node.func) == check:
            values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            named = [value for value in values if isinstance(value, str)]
            if len(named) == 2:
                yield named[0], named[1]


def _claims(tree: ast.AST) -> list[ast.expr]:
    """Return what must be true: of each assert, of each `if` that raises, and the calls that assert."""
    claims: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) or (
            isinstance(node, ast.If) and any(isinstance(step, ast.Raise) for step in node.body + node.orelse)
        ):
            claims.append(node.test)
        elif isinstance(node, ast.Call) and _name_of(node.func) in ASSERTING:
            claims.append(node)
    return claims


def is_inequality(node: ast.AST, carriers: Set[str] = frozenset()) -> bool:
    """Does an expression compare by size, itself or through a name that holds such a comparison?"""
    return any(_compares(part) for part in ast.walk(node)) or any(
        isinstance(part, ast.Name) and part.id in carriers for part in _truths(node)
    )


def _compares(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return any(isinstance(order, ORDERS) for order in node.ops) or any(map(_is_range, node.comparators))
    return isinstance(node, ast.Call) and _name_of(node.func) in ORDERING | ASSERTING


def _truths(node: ast.AST) -> Iterator[ast.AST]:
    """Walk an expression, but not into what a call makes something else of: a mask handed to a net is no claim."""
    yield node
    inner: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.Call) and _name_of(node.func) not in KEEPING:
        inner = [node.func]
    for part in inner:
        yield from _truths(part)


def _is_range(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _name_of(node.func) == "range"


def _name_of(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _carriers(tree: ast.AST, known: Set[str]) -> set[str]:
    """Return the names that a cell gives to inequalities: variables, and functions that return one."""
    found = set(known)
    while True:
        before = len(found)
        for node in ast.walk(tree):
            values, names = _binding(node)
            if any(is_inequality(one, found) for one in values):
                found |= names
        if len(found) == before:
            return found - known


def _binding(node: ast.AST) -> tuple[list[ast.expr], set[str]]:
    """Return which expressions a step gives names to, and which names; nothing if it is no such step."""
    if isinstance(node, ast.FunctionDef):
        returns = [part.value for part in ast.walk(node) if isinstance(part, ast.Return) and part.value]
        return returns, {node.name}
    targets: list[ast.expr]
    if isinstance(node, ast.Assign):
        value, targets = node.value, node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value:
        value, targets = node.value, [node.target]
    elif isinstance(node, ast.For | ast.comprehension):
        value, targets = node.iter, [node.target]
    else:
        return [], set()
    return [value], {part.id for one in targets for part in ast.walk(one) if isinstance(part, ast.Name)}
