"""What makes a page stale, and what does not: shown for each module, style and record of the book."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import HEADER
from tools.book import ROOT, Book
from tools.fresh import page_hash

PACKAGE = ROOT / "src" / "nnbook"
INPUTS = [path for path in sorted(PACKAGE.rglob("*")) if path.suffix != ".pyc" and path.is_file()]
DATA = ("shapes10", "cifar10")

# Which page reads which records, written down by hand from the pages.
READS = {
    "appendix/how-we-measure": {"cifar-cnn-shapes10", "square-shapes10"},
    "images/cifar-cnn": {"cifar-cnn-shapes10", "cifar-cnn-cifar10", "cifar10-notes-recipe"},
    "images/reading-a-cnn": {"reading-shapes10", "reading-cifar10"},
    "images/training-faster": {
        "averaging-cifar10",
        "averaging-shapes10",
        "bench",
        "ladder-cifar10",
        "ladder-shapes10",
        "square-cifar10",
        "square-shapes10",
    },
    "sequences/lstm-and-gru": {"long-memory"},
}

# Imports what each page imports, for each in an nnbook that is loaded anew, and says which files were loaded.
WITNESS = """
import json, sys

def loaded(lines):
    for name in [name for name in sys.modules if name.split(".")[0] == "nnbook"]:
        del sys.modules[name]
    for line in lines:
        exec(line, {})
    return [module.__file__ for name, module in sys.modules.items() if name.split(".")[0] == "nnbook"]

print(json.dumps({page: loaded(lines) for page, lines in json.load(sys.stdin).items()}))
"""
IMPORT = re.compile(r"^ *((?:from nnbook[\w.]* import|import nnbook)(?: \([^)]*\)|.*))$", flags=re.M)


@pytest.fixture(scope="module")
def used() -> dict[str, set[str]]:
    """The files of the package that each page uses, as Python and a reader find them, not our own function."""
    lines = {page.name.removeprefix("chapters/"): IMPORT.findall(page.text) for page in Book().notebook_pages}
    done = subprocess.run(
        [sys.executable, "-c", WITNESS], input=json.dumps(lines), capture_output=True, text=True, check=True
    )
    files = {page: {Path(file) for file in loaded} for page, loaded in json.loads(done.stdout).items()}
    for page, loaded in files.items():
        loaded |= {PACKAGE / "recorded" / f"{name}.json" for name in READS.get(page, ())}
        loaded |= {style for file in list(loaded) if file.suffix == ".py" for style in file.parent.glob("*.mplstyle")}
    return {page: {name_of(file) for file in loaded} for page, loaded in files.items()}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Book:
    """A copy of the house, to spoil."""
    root = tmp_path_factory.mktemp("house")
    for name in ("src", "chapters"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
    for name in ("_toc.yml", "requirements.txt"):
        shutil.copyfile(ROOT / name, root / name)
    return Book(root)


def hashes(book: Book, data: str = "shapes10") -> dict[str, str]:
    return {page.name.removeprefix("chapters/"): page_hash(page, data) for page in book.notebook_pages}


@pytest.fixture(scope="module")
def before(copy) -> dict[str, str]:
    return hashes(copy)


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {page for page in before if before[page] != after[page]}


@pytest.mark.parametrize("path", INPUTS, ids=name_of)
def test_a_line_more_makes_stale_the_pages_that_use_the_file_and_no_others(copy, before, used, path):
    spoilt = copy.root / name_of(path)
    text = spoilt.read_text("utf-8")
    spoilt.write_text(text + "\n", "utf-8")
    try:
        assert changed(before, hashes(copy)) == {page for page, files in used.items() if name_of(path) in files}
    finally:
        spoilt.write_text(text, "utf-8")


def test_the_witness_sees_what_is_there(used):
    assert set(used) == set(hashes(Book()))
    assert "src/nnbook/recorded/bench.json" in used["images/training-faster"]
    # By hand: that page imports rnn, and rnn imports checks; nothing on it loads pictures.
    assert {"src/nnbook/rnn.py", "src/nnbook/checks.py"} <= used["sequences/lstm-and-gru"]
    assert "src/nnbook/datasets.py" not in used["sequences/lstm-and-gru"]
    records = {name_of(path) for path in INPUTS if path.suffix == ".json"}
    assert records == {name for files in used.values() for name in files if name.endswith(".json")}


def test_every_page_depends_on_the_versions(copy, before):
    path = copy.root / "requirements.txt"
    text = path.read_text("utf-8")
    path.write_text(text.replace("==", "==1", 1), "utf-8")
    try:
        assert changed(before, hashes(copy)) == set(before)
    finally:
        path.write_text(text, "utf-8")


def test_the_picture_set_counts_where_one_can_be_loaded(copy, used):
    of_set = [hashes(copy, data) for data in DATA]
    assert changed(*of_set) == {page for page, files in used.items() if "src/nnbook/datasets.py" in files}


PAGE = (
    HEADER
    + """
# Add two numbers

```{code-cell} ipython3
:tags: [remove-cell]

address = "https://example.org/book"
```

One and two.

```{code-cell} ipython3
%matplotlib inline
from nnbook import one
```

```{code-cell} ipython3
:tags: [nbval-ignore-output]

print(1 + 2)
```
"""
)
FILES = {
    "requirements.txt": "numpy==1\n",
    "_toc.yml": "format: jb-book\nroot: chapters/index\nchapters:\n- file: chapters/first\n- file: chapters/second\n",
    "chapters/index.md": "# Contents\n",
    "chapters/first.md": PAGE,
    "chapters/second.md": PAGE.replace("one", "two"),
    "src/nnbook/__init__.py": "",
    "src/nnbook/one.py": "",
    "src/nnbook/two.py": "def f():\n    from nnbook.deep.room import three\n",
    "src/nnbook/deep/__init__.py": "from nnbook.four import five",
    "src/nnbook/deep/look.mplstyle": "figure.dpi: 80\n",
    "src/nnbook/deep/room.py": "three = 3\n",
    "src/nnbook/four.py": "import nnbook.datasets as data\nfive = 5\n",
    "src/nnbook/datasets.py": "",
    "src/nnbook/recorded/__init__.py": "",
    **{f"src/nnbook/recorded/{name}.json": "{}" for name in ("race", "run-shapes10", "run-cifar10", "runs-old")},
}


def house(root: Path, **changes: str) -> dict[str, str]:
    """Return the hashes of the two pages of a small house, with some of its files changed."""
    for name, text in (FILES | changes).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return hashes(Book(root))


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("One and two.", "Two and one.", set()),
        ("# Add two numbers", "# Add", set()),
        ("[nbval-ignore-output]", "[band-sum, nbval-ignore-output]", set()),
        ("https://example.org/book", "https://example.org/another", set()),
        ("print(1 + 2)", "print(1 + 3)", {"first"}),
        ("print(1 + 2)", "print(1 + 2)  # three", {"first"}),
        ("%matplotlib inline", "%matplotlib agg", {"first"}),
        ("```\n\n```{code-cell} ipython3\n:tags: [nbval-ignore-output]\n\nprint", "print", {"first"}),
    ],
)
def test_of_a_page_its_code_counts(tmp_path, old, new, stale):
    assert PAGE.count(old) == 1
    before = house(tmp_path)
    assert changed(before, house(tmp_path, **{"chapters/first.md": PAGE.replace(old, new)})) == stale


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("src/nnbook/__init__.py", {"first", "second"}),
        ("src/nnbook/one.py", {"first"}),
        ("src/nnbook/two.py", {"second"}),
        ("src/nnbook/deep/room.py", {"second"}),  # imported within a function
        ("src/nnbook/deep/__init__.py", {"second"}),  # the package around it, loaded with it
        ("src/nnbook/deep/look.mplstyle", {"second"}),
        ("src/nnbook/four.py", {"second"}),
        ("src/nnbook/datasets.py", {"second"}),
        ("src/nnbook/recorded/race.json", set()),
        ("requirements.txt", {"first", "second"}),
        ("chapters/index.md", set()),
    ],
)
def test_files_count_where_they_are_reached(tmp_path, name, stale):
    before = house(tmp_path)
    assert changed(before, house(tmp_path, **{name: FILES[name] + "\n"})) == stale


@pytest.mark.parametrize(
    ("module", "imports"),
    [
        ("from . import four", True),
        ("from .four import five", True),
        ("from .deep.room import three", True),  # whose package imports it
        ("from nnbook import *", False),
        ("import numpy.four", False),
        ("four = 'nnbook.four'", False),
    ],
)
def test_every_way_to_import_is_one(tmp_path, module, imports):
    before = house(tmp_path, **{"src/nnbook/one.py": module})
    after = house(tmp_path, **{"src/nnbook/one.py": module, "src/nnbook/four.py": "five = 6\n"})
    assert ("first" in changed(before, after)) == imports


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("recorded.read('race')", {"race"}),
        ("records = {'Shapes10': 'run-shapes10', 'CIFAR-10': 'run-cifar10'}", {"run-shapes10", "run-cifar10"}),
        ("[recorded.read(f'run-{name}') for name in names]", {"run-shapes10", "run-cifar10"}),
        # Who knows which? So all of them.
        ("recorded.read(name)", {"race", "run-shapes10", "run-cifar10", "runs-old"}),
        ("recorded.read(f'{kind}-shapes10')", {"race", "run-shapes10", "run-cifar10", "runs-old"}),
    ],
)
def test_a_record_counts_where_it_is_named(tmp_path, cell, read):
    text = {"chapters/first.md": PAGE.replace("print(1 + 2)", f"from nnbook import recorded\n{cell}")}
    before = house(tmp_path, **text)
    records = [Path(name).stem for name in FILES if name.endswith(".json")]
    found = {
        name
        for name in records
        if changed(before, house(tmp_path, **text, **{f"src/nnbook/recorded/{name}.json": '{"date": 1}'}))
    }
    assert found == read
