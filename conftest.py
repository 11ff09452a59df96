"""How the tests are run: in the surroundings that the book's pages have, over the pages of the book and no others."""

import os
from pathlib import Path

import pytest

from tools import environment
from tools.book import ROOT, Book

OURS = (
    environment.INSIDE,
    "NNBOOK_NEEDS_BROWSER",
    "NNBOOK_SITE",
    "NNBOOK_MUTANT",
)  # no other variable of the book reaches a test

if problem := environment.assertions_problem():
    raise pytest.UsageError(problem)

kept = environment.surroundings(os.environ)
kept = {name: value for name, value in kept.items() if name in OURS or not name.startswith("NNBOOK_")}
os.environ.clear()
os.environ.update(kept, NNBOOK_DATA="shapes10")
if mutant := kept.get("NNBOOK_MUTANT"):  # the faulty copy of the helpers (tests/mutants.py), for child processes too
    os.environ["PYTHONPATH"] = mutant

NOTEBOOKS = {page.notebook_path: page for page in Book().notebook_pages}


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what an editor put beside the pages: of the notebooks, only those of the book are run."""
    is_stray = collection_path.suffix == ".ipynb" and collection_path not in NOTEBOOKS
    return True if is_stray and (ROOT / "chapters") in collection_path.parents else None


def expected_seconds(item: pytest.Item) -> float:
    """Return a guess that puts what takes long first, so that no process is left alone at the end."""
    if item.path in NOTEBOOKS:
        return NOTEBOOKS[item.path].measured.get("seconds", 0)
    return 100.0 if "site" in item.path.parts else 30.0 if "chapters" in item.path.parts else 0.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run first what takes long; what a file or a notebook holds keeps its order."""
    items.sort(key=lambda item: -expected_seconds(item))
