"""Who may import whom: arrows run one way, there is no circle, and what runs before an installation needs none."""

import ast
import graphlib
import re
import sys
from pathlib import Path

import pytest

from tools.book import ROOT, Book
from tools.fresh import MAGIC

# The rooms of tools/ that each room may import, beside itself; `__main__` may import all of them, lazily.
ARROWS = {
    "book": set(),
    "environment": set(),
    "doctor": set(),
    "machine": set(),
    "practice": {"book"},
    "fresh": {"book"},
    "execute": {"fresh", "machine", "book", "practice", "environment"},
    "grammar": {"fresh", "book", "practice"},
    "notebooks": {"execute", "fresh", "book", "practice", "environment"},
    "records": {"fresh", "machine", "book", "environment"},
    "site": {"execute", "fresh", "book", "practice", "environment"},
    "editions": {"site", "execute", "book", "practice", "environment"},
}
BEFORE_INSTALLATION = {"environment", "doctor", "__main__", "tools"}
OURS = ("nnbook", "tools", "tests")
DOTTED = re.compile(rf"({'|'.join(OURS)})(\.\w+)+")


def files_of(root):
    """Return the modules of the package and the tools by their names."""
    paths = [*(root / "src/nnbook").rglob("*.py"), *(root / "tools").rglob("*.py")]
    return {name_of(path, root): path for path in paths}


def name_of(path, root):
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(part for part in parts if part not in {"src", "__init__"})


def imports_of(source, module="", *, eager=False):
    """Return what some code imports, by statement or by a name in quotes, with each name that is taken from a module.

    Args:
        source: the code.
        module: its own name, from which relative imports start.
        eager: only what is imported as soon as the module is; a name in quotes is not.
    """
    tree = ast.parse(source)
    found = set()
    for node in _outside_of_functions(tree) if eager else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        elif not eager and isinstance(node, ast.Constant) and DOTTED.fullmatch(str(node.value)):
            found.add(node.value)
    return found


def _outside_of_functions(node):
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _outside_of_functions(child)


def room_of(name):
    """Return the room of tools/ that a module is in, or the package it belongs to."""
    package, _, rest = name.partition(".")
    return rest.partition(".")[0] or package if package == "tools" else package


def wrong_arrows(module, source):
    """Return the imports that a module may not have."""
    room, imported = room_of(module), imports_of(source, module)
    others = {room_of(name): name for name in sorted(imported) if name.split(".")[0] in OURS}
    if room == "nnbook":
        allowed = {"nnbook"}
    elif room == "__main__":
        allowed = {*ARROWS, "nnbook", "tools", "tests"}  # it starts the tests, as it starts all else
    else:
        allowed = {
            room,
            "tools",
            *ARROWS.get(room, ()),
            *(() if room in {"book", *BEFORE_INSTALLATION} else ["nnbook"]),
        }
    found = [f"{module} -> {name}" for other, name in others.items() if other not in allowed]
    if room in BEFORE_INSTALLATION:
        before = imports_of(source, module, eager=room == "__main__")
        known = {*sys.stdlib_module_names, *BEFORE_INSTALLATION, "tools"}
        found += [f"{module} -> {name}, before anything is installed" for name in before if room_of(name) not in known]
    return found + (
        [f"{room} is a room without arrows"] if room not in {*ARROWS, "nnbook", "__main__", "tools"} else []
    )


def circle_in(sources):
    """Return modules that import each other in a circle, wherever in them; an empty list if none do.

    That a module imports the package around it is none: Python has done so already.
    """
    graph = {
        module: {
            name for name in imports_of(source, module) if name in sources and not f"{module}.".startswith(f"{name}.")
        }
        for module, source in sources.items()
    }
    try:
        list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        return error.args[1]
    return []


FILES = {module: path.read_text("utf-8") for module, path in files_of(ROOT).items()}


@pytest.mark.parametrize("module", FILES)
def test_arrows_run_one_way(module):
    assert wrong_arrows(module, FILES[module]) == []


def test_there_is_no_circle():
    assert circle_in(FILES) == []


def test_the_arrows_between_rooms_have_no_circle():
    assert set(graphlib.TopologicalSorter(ARROWS).static_order()) == set(ARROWS)


@pytest.mark.parametrize("page", Book().notebook_pages, ids=lambda page: page.name)
def test_a_page_imports_no_tool(page):
    code = "\n".join(MAGIC.sub(r"\1pass", cell.source) for cell in page.cells if cell.cell_type == "code")
    assert {name.split(".")[0] for name in imports_of(code)}.isdisjoint({"tools", "tests"})


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("nnbook.rnn", "from tools.book import Page"),
        ("nnbook.rnn", "def f():\n    import tools.book"),
        ("nnbook.rnn", "import importlib\nimportlib.import_module('tools.book')"),
        ("nnbook.rnn", "from tests.conftest import ROOT"),
        ("tools.book", "from tools import fresh"),
        ("tools.book", "from . import fresh"),
        ("tools.book", "import nnbook.rnn"),
        ("tools.fresh", "from tools.execute import execute"),
        ("tools.records.race", "from tools.site import build"),
        ("tools.site.build", "from tools.records import race"),
        ("tools.site.build", "from ..records import race"),
        ("tools.site.build", "from tools.editions import pdf"),
        ("tools.site.build", "import tools.editions.pdf"),
        ("tools.grammar.rules", "from tools.execute import execute"),
        ("tools.grammar.rules", "from tests.house import small_book"),
        ("tools.environment", "import yaml"),
        ("tools.environment", "def f():\n    import yaml"),
        ("tools.environment", "from tools.book import ROOT"),
        ("tools.doctor", "import nnbook"),
        ("tools.__main__", "from tools.book import Book"),
        ("tools.__main__", "if True:\n    import numpy"),
        ("tools.utilities", "import os"),
    ],
)
def test_a_wrong_arrow_is_found(module, source):
    assert wrong_arrows(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("nnbook.rnn", "import numpy as np\nfrom nnbook import checks\nfrom . import checks"),
        ("tools.fresh", "from tools.book import Page"),
        ("tools.site.build", "from tools.site.slim import slim\nfrom nnbook import datasets\nfrom . import slim"),
        ("tools.records.race", "import subprocess\nfrom tools import environment"),
        ("tools.doctor", "import json"),
        ("tools.__main__", "TASKS = {'book': 'tools.site.build'}"),
        ("tools.__main__", "from tools import environment\ndef f():\n    from tools.site import build"),
    ],
)
def test_a_right_arrow_is_none(module, source):
    assert wrong_arrows(module, source) == []


@pytest.mark.parametrize(
    ("second", "circle"),
    [
        ("def f():\n    from tools.site import a", True),
        ("from . import a", True),
        ("from tools.site.a import f", True),
        ("'tools.site.a'", True),
        ("import tools.fresh, tools.site.b, tools.site", False),
    ],
)
def test_a_circle_is_found(second, circle):
    sources = {"tools.site.a": "from tools.site import b", "tools.site.b": second, "tools.fresh": "", "tools.site": ""}
    assert bool(circle_in(sources)) == circle


def test_modules_are_named_after_their_files():
    names = {name_of(Path("/book") / path, Path("/book")) for path in ("src/nnbook/__init__.py", "tools/site/slim.py")}
    assert names == {"nnbook", "tools.site.slim"}
