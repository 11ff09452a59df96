"""What the site folds away: asserts that only keep the prose honest, and code that only draws.

A page marks the first with the tag `checked`. The second is seen from the page: a cell with a figure, none of whose
names a later cell uses.
"""

import ast
from collections.abc import Sequence

from nbformat import NotebookNode

from tools.book import alt_of, tags_of
from tools.fresh import MAGIC

CHECKED, DRAWN = "Checked", "How it is drawn"


def fold(code: Sequence[NotebookNode]) -> None:
    """Give code cells, in their order, what makes MyST-NB fold those that a reader can do without."""
    for number, cell in enumerate(code):
        words = CHECKED if "checked" in tags_of(cell) else DRAWN if only_draws(cell, code[number + 1 :]) else ""
        if words:
            cell.metadata["tags"] = [*tags_of(cell), "hide-input"]
            folded = {"code_prompt_show": words, "code_prompt_hide": words}
            cell.metadata["mystnb"] = {**cell.metadata.get("mystnb", {}), **folded}


def only_draws(cell: NotebookNode, later: Sequence[NotebookNode]) -> bool:
    """Does a cell show a figure and make nothing that a later one uses before making it anew?"""
    if not alt_of(cell):
        return False
    made = _made(_tree(cell))
    for other in later:
        tree = _tree(other)
        if made & _used(tree):
            return False
        made -= _made(tree)
    return True


def _tree(cell: NotebookNode) -> ast.Module:
    return ast.parse(MAGIC.sub(r"\1pass", cell.source))


def _names(tree: ast.AST, kind: type[ast.expr_context]) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, kind)}


def _made(tree: ast.Module) -> set[str]:
    """Return the names that a cell gives at its top: variables and functions; what it imports is no result."""
    functions = {step.name for step in tree.body if isinstance(step, ast.FunctionDef | ast.ClassDef)}
    return functions | _names(tree, ast.Store)


def _used(tree: ast.Module) -> set[str]:
    """Return the names that a cell takes from earlier ones: read, and not made in it before."""
    used: set[str] = set()
    made: set[str] = set()
    for step in tree.body:
        used |= _names(step, ast.Load) - made - _names(step, ast.Store)
        made |= _names(step, ast.Store)
    return used
