"""What several test files share: the house, and the site built from it without executing anything."""

import os
import shutil
from pathlib import Path

import pytest

from tools import execute
from tools.book import COMMITTED_DATA, ROOT, Book
from tools.site.build import build, troubles

HOUSE = [
    "_config.yml",
    "_toc.yml",
    "_static",
    "references.bib",
    "chapters",
    "practice",
    "src",
    "requirements.txt",
    "pyproject.toml",
    "README.md",
    "LICENSE",
]


def copy_house(target: Path) -> Path:
    """Copy what a build reads."""
    for name in HOUSE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target / name)
    return target


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the book whose pages count as executed: their outputs are those of the notebooks."""
    root = copy_house(tmp_path_factory.mktemp("house"))
    stale = [page.name for page in Book(root).notebook_pages if not execute.take(page, COMMITTED_DATA)]
    if stale:
        pytest.fail(f"The site is not tested while notebooks are out of date: {', '.join(stale)}.", pytrace=False)
    return root


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Path:
    """The site under test: the one that NNBOOK_SITE names, else one built from a copy of the book."""
    if given := os.environ.get("NNBOOK_SITE"):
        return Path(given)
    house = request.getfixturevalue("house")
    assert build(house, house) == 0, "\n".join(troubles(house))
    return house / "_build" / "html"
