"""What the outputs of a page depend on, as one hash a page: its code, the helpers and records it uses, versions, data.

So a change in a helper, a figure or a record makes the pages stale that use it, and no others. Nothing is decided by
the time of a file.
"""

import ast
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib.util import resolve_name
from pathlib import Path

from tools.book import Page

PACKAGE = "nnbook"
RECORDS = f"{PACKAGE}.recorded"
MAGIC = re.compile(r"^(\s*)[%!].*$", flags=re.M)  # lines that only IPython understands


def page_hash(page: Page, data: str) -> str:
    """Return a hash of all that the outputs of a page depend on: 16 hexadecimal digits.

    The picture set counts where the page can load one. The cell that installs the helpers elsewhere does nothing here,
    so the address in it does not count; nor do prose and tags, which change no output. What predictions ask counts.
    """
    sources = [cell.source for cell in page.code]
    files = inputs_of(sources, page.root)
    digest = hashlib.sha256("\0".join(sources).encode())
    digest.update("".join(str(dict(asked)) for cell in page.code if (asked := cell.metadata.get("predict"))).encode())
    for path in files:
        digest.update(f"\0{path.relative_to(page.root).as_posix()}\0{path.read_text('utf-8')}".encode())
    if any(path.stem == "datasets" for path in files):
        digest.update(data.encode())
    return digest.hexdigest()[:16]


def inputs_of(sources: Iterable[str], root: Path) -> list[Path]:
    """Return the files that some code depends on: modules of the package, their data, records, and the versions."""
    trees = [_parsed(MAGIC.sub(r"\1pass", source)) for source in sources]
    modules = modules_of(trees, root)
    files = {root / "requirements.txt", *modules.values()}
    files |= {
        file for path in modules.values() if path.name == "__init__.py" for file in path.parent.glob("*.mplstyle")
    }
    if RECORDS in modules:
        files |= set(records_of([*trees, *(_parsed(path.read_text("utf-8")) for path in modules.values())], root))
    return sorted(files)


def modules_of(trees: Iterable[ast.AST], root: Path) -> dict[str, Path]:
    """Return the modules of the package that some code imports, themselves or through another: name and file."""
    found: dict[str, Path] = {}
    waiting = [name for tree in trees for name in _imported(tree)]
    while waiting:
        name = waiting.pop()
        path = _file_of(name, root)
        if name in found or path is None:
            continue
        found[name] = path
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        waiting += _imported(_parsed(path.read_text("utf-8")), package)
    return found


@cache
def _parsed(text: str) -> ast.Module:
    """Return the tree of some code, which most pages share with others."""
    return ast.parse(text)


def _imported(tree: ast.AST, package: str = "") -> list[str]:
    """Return every name that could be a module of the package, and the packages around it; relative to a package."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            names += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    parts = [name.split(".") for name in names if name.split(".")[0] == PACKAGE]
    return [".".join(one[: length + 1]) for one in parts for length in range(len(one))]


def _file_of(module: str, root: Path) -> Path | None:
    path = root.joinpath("src", *module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def records_of(trees: Iterable[ast.AST], root: Path) -> list[Path]:
    """Return the records whose names stand in some code, in full or as the frame of an f-string; all if none does."""
    names, frames = set(), set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
                frames.add("".join(parts))
    records = sorted((root / "src" / PACKAGE / "recorded").glob("*.json"))
    fits = re.compile("|".join(f"(?:{frame})" for frame in frames) or r"(?!)")
    return [path for path in records if path.stem in names or fits.fullmatch(path.stem)] or records
