"""The built site, made without executing anything: from the notebooks that nbval checks."""

import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urldefrag

import lint
import pytest
import yaml
from bs4 import BeautifulSoup
from build import build, cache_folder
from conftest import ROOT
from inputs import chapter_pages, notebook_pages
from jupyter_cache import get_cache

HOUSE = ("_config.yml", "_toc.yml", "chapters", "src", "requirements.txt")


def copy_house(target: Path) -> Path:
    for name in HOUSE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target / name)
    return target


def seed_cache(folder: Path, root: Path) -> None:
    """Fill an execution cache with the executed notebooks."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    cache = get_cache(folder)
    for page in notebook_pages(root):
        cache.cache_notebook_file(page.with_suffix(".ipynb"), check_validity=True, overwrite=True)


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Path:
    root = copy_house(tmp_path_factory.mktemp("house"))
    seed_cache(cache_folder("shapes10", root), root)
    return root


@pytest.fixture(scope="session")
def site(house, capfd_session) -> Path:
    log = capfd_session(lambda: build(house, cache_folder("shapes10", house), house))
    assert log.code == 0, log.text[-3_000:]
    assert "Executing notebook" not in log.text, "a page was executed again"
    return house / "_build" / "html"


class Log:
    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text


@pytest.fixture(scope="session")
def capfd_session(tmp_path_factory):
    """Run a build and keep what it and its child processes print."""
    import os
    import sys

    def run(call) -> Log:
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


def html_problems(site: Path) -> list[str]:
    """Return broken internal links and pictures that say nothing, of every page of the book."""
    found = []
    for page in sorted((site / "chapters").rglob("*.html")):
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        article = soup.find("article") or soup
        for image in article.find_all("img"):
            if problem := lint.alt_problem(image.get("alt") or ""):
                found.append(f"{page.name}: picture {problem}")
        for tag, name in (("a", "href"), ("img", "src"), ("link", "href"), ("script", "src")):
            for element in soup.find_all(tag):
                address = unquote(element.get(name) or "")
                path, fragment = urldefrag(address)
                if re.match(r"[a-z]+:", address) or not address or address == "#":
                    continue
                target = (page.parent / path.split("?")[0]).resolve() if path else page
                if not target.exists():
                    found.append(f"{page.name}: {address} leads nowhere")
                elif fragment and target.suffix == ".html":
                    ids = soup if target == page.resolve() else BeautifulSoup(target.read_text("utf-8"), "html.parser")
                    if not ids.find(id=fragment):
                        found.append(f"{page.name}: {address} leads nowhere in its page")
    return found


def test_every_page_is_there(site):
    pages = {page.relative_to(ROOT).with_suffix(".html") for page in chapter_pages()}
    assert all((site / page).is_file() for page in pages)
    assert (site / "index.html").is_file()


def test_links_and_pictures(site):
    assert html_problems(site) == []


def test_outputs_are_on_the_pages_and_noise_is_not(site):
    text = {page.stem: page.read_text("utf-8") for page in (site / "chapters").rglob("*.html")}
    assert "paper = NumPy = Keras" in text["rnn-by-hand"]
    assert "Shapes10: 10,000 + 2,000 pictures" in text["cifar-cnn"]
    for page in text.values():
        assert not re.search(r"oneDNN|absl|cpu_feature_guard|WARNING|Traceback", page)


def test_a_changed_sentence_executes_nothing(house, site, capfd_session):
    page = house / "chapters/sequences/rnn-by-hand.md"
    page.write_text(page.read_text("utf-8").replace("Read two sentences", "Compare two sentences"), "utf-8")
    log = capfd_session(lambda: build(house, cache_folder("shapes10", house), house))
    assert log.code == 0 and "Executing notebook" not in log.text
    assert "Compare two sentences" in (site / "chapters/sequences/rnn-by-hand.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["src/nnbook/intervals.py", "requirements.txt"])
def test_a_changed_helper_or_version_asks_for_another_cache(tmp_path, name):
    root = copy_house(tmp_path)
    before = cache_folder("shapes10", root)
    (root / name).write_text((root / name).read_text("utf-8") + "# one line\n", "utf-8")
    assert cache_folder("shapes10", root) != before
    assert cache_folder("cifar10", root) != cache_folder("shapes10", root)


HEADER = "\n".join((ROOT / "chapters/sequences/rnn-by-hand.md").read_text("utf-8").splitlines()[:11])


def small_book(root: Path, code: str) -> Path:
    """A book of one page with one cell."""
    (root / "chapters").mkdir()
    (root / "chapters/page.md").write_text(f"{HEADER}\n\n# Page\n\n```{{code-cell}} ipython3\n{code}\n```\n", "utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: chapters/page.md\n", "utf-8")
    shutil.copyfile(ROOT / "_config.yml", root / "_config.yml")
    return root


@pytest.mark.parametrize(
    ("code", "builds"),
    [
        ("print(1)", True),
        ("1 / 0", False),
        ("import os; os.write(2, b'noise')", False),
    ],
)
def test_a_failing_or_noisy_cell_fails_the_build(tmp_path, capfd_session, monkeypatch, code, builds):
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)  # with it a kernel does not capture descriptor 2
    root = small_book(tmp_path, code)
    log = capfd_session(lambda: build(root, root / "cache", root))
    assert (log.code == 0) == builds, log.text[-3_000:]
    if code == "1 / 0":  # and again: an incremental build must not turn green by itself
        assert capfd_session(lambda: build(root, root / "cache", root)).code != 0


def test_a_helper_change_executes_again(tmp_path, capfd_session):
    root = small_book(tmp_path, "print(1)")
    logs = [capfd_session(lambda cache=cache: build(root, root / cache, root)) for cache in ("one", "one", "two")]
    assert [("Executing notebook" in log.text) for log in logs] == [True, False, True]


def test_the_build_leaves_the_configuration_alone(site, house):
    assert (house / "_config.yml").read_bytes() == (ROOT / "_config.yml").read_bytes()
    assert "cache" not in yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["execute"]


def test_link_and_picture_checks_can_fail(tmp_path):
    page = tmp_path / "chapters" / "page.html"
    page.parent.mkdir()
    page.write_text(
        '<article><a href="no.html">x</a><a href="#no">x</a><img src="a.png" alt="a.png"></article>', "utf-8"
    )
    found = html_problems(tmp_path)
    assert len(found) == 4, found
