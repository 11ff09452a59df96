"""What several test files share: the house, and the site built from it without executing anything."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import matplotlib.font_manager  # noqa: F401 - lists the fonts now: the first to do so may say that it takes a while
import pytest

ROOT = Path(__file__).resolve().parents[1]

HOUSE = ("_config.yml", "_toc.yml", "_static", "references.bib", "chapters", "src", "requirements.txt")


class Log(NamedTuple):
    """What a build returned and printed."""

    code: int
    text: str


def copy_house(target: Path) -> Path:
    """Copy what a build reads."""
    for name in HOUSE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target / name)
    return target


def seed_cache(folder: Path, root: Path) -> None:
    """Fill an execution cache with the executed notebooks."""
    from jupyter_cache import get_cache

    from tools.inputs import notebook_pages

    folder.parent.mkdir(parents=True, exist_ok=True)
    cache = get_cache(folder)
    for page in notebook_pages(root):
        cache.cache_notebook_file(page.with_suffix(".ipynb"), check_validity=True, overwrite=True)


@pytest.fixture(scope="session")
def run_logged(tmp_path_factory) -> Callable[[Callable[[], int]], Log]:
    """Run a build and keep what it and its child processes print."""

    def run(call: Callable[[], int]) -> Log:
        path = tmp_path_factory.mktemp("log") / "log"
        sys.stdout.flush()
        kept = [os.dup(1), os.dup(2)]
        with path.open("wb") as file:
            try:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
                code = call()
            finally:
                os.dup2(kept[0], 1)
                os.dup2(kept[1], 2)
                for one in kept:
                    os.close(one)
        return Log(code, path.read_text("utf-8", errors="replace"))

    return run


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Path:
    """A copy of the book whose pages count as executed: their outputs are those of the notebooks."""
    from tools.inputs import notebook_pages
    from tools.notebooks import problems
    from tools.site.build import cache_folder

    if stale := [problem for page in notebook_pages() for problem in problems(page)]:
        pytest.fail("The site is not tested while its notebooks are out of date. " + " ".join(stale), pytrace=False)
    root = copy_house(tmp_path_factory.mktemp("house"))
    seed_cache(cache_folder("shapes10", root), root)
    return root


@pytest.fixture(scope="session")
def site(house, run_logged) -> Path:
    """The built site of that copy."""
    from tools.site.build import build, cache_folder

    log = run_logged(lambda: build(house, cache_folder("shapes10", house), house))
    assert log.code == 0, log.text[-3_000:]
    assert "Executing notebook" not in log.text, "a page was executed again"
    return house / "_build" / "html"
