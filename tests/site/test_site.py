"""The built site, made without executing anything: from the notebooks that nbval checks."""

import configparser
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urldefrag

import nbformat
import pydata_sphinx_theme
import pytest
import yaml
from bs4 import BeautifulSoup
from nbformat.v4 import new_output
from pygments.styles import get_style_by_name
from pygments.token import Keyword, Name, Punctuation, Text, Whitespace
from tools.inputs import chapter_pages

from tests.conftest import ROOT, copy_house
from tools.grammar import rules as lint
from tools.site import extension as website
from tools.site.build import build, cache_folder
from tools.site.slim import prune

LOADED = (("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src"))


def html_problems(site: Path) -> list[str]:
    """Return what is wrong in a site's pages and styles: links that lead nowhere, other hosts, mute pictures."""
    found = []
    for page in sorted((site / "chapters").rglob("*.html")):
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        article = soup.find("article") or soup
        for image in article.find_all("img"):
            if problem := lint.alt_problem(image.get("alt") or ""):
                found.append(f"{page.name}: picture {problem}")
        for tag, name in (("a", "href"), *LOADED):
            for element in soup.find_all(tag):
                address = unquote(element.get(name) or "")
                if (tag, name) in LOADED and re.match(r"(https?:)?//", address):
                    found.append(f"{page.name}: {address} comes from another host")
                elif problem := _address_problem(page, soup, address):
                    found.append(f"{page.name}: {address} {problem}")
    for style in site.rglob("*.css"):
        for address in re.findall(r"url\(['\"]?([^'\")]+)", style.read_text("utf-8")):
            if re.match(r"(https?:)?//", address):
                found.append(f"{style.name}: {address} comes from another host")
            elif not address.startswith("data:") and not (style.parent / re.split("[?#]", address)[0]).exists():
                found.append(f"{style.name}: {address} leads nowhere")
    return found


def _address_problem(page: Path, soup: BeautifulSoup, address: str) -> str:
    """Say where an address within the site leads wrong; an empty string if it does not."""
    path, fragment = urldefrag(address)
    if re.match(r"[a-z]+:", address) or not address or address == "#":
        return ""
    target = (page.parent / path.split("?")[0]).resolve() if path else page
    if not target.exists():
        return "leads nowhere"
    if fragment and target.suffix == ".html":
        ids = soup if target == page.resolve() else BeautifulSoup(target.read_text("utf-8"), "html.parser")
        if not ids.find(id=fragment):
            return "leads nowhere in its page"
    return ""


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


def test_a_changed_sentence_executes_nothing(house, site, run_logged):
    page = house / "chapters/sequences/rnn-by-hand.md"
    page.write_text(page.read_text("utf-8").replace("Read two sentences", "Compare two sentences"), "utf-8")
    log = run_logged(lambda: build(house, cache_folder("shapes10", house), house))
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
    for name in ("_config.yml", "references.bib"):
        shutil.copyfile(ROOT / name, root / name)
    shutil.copytree(ROOT / "_static", root / "_static")
    return root


@pytest.mark.parametrize(
    ("code", "builds"),
    [
        ("print(1)", True),
        ("1 / 0", False),
        ("import os; os.write(2, b'noise')", False),
    ],
)
def test_a_failing_or_noisy_cell_fails_the_build(tmp_path, run_logged, monkeypatch, code, builds):
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)  # with it a kernel does not capture descriptor 2
    root = small_book(tmp_path, code)
    log = run_logged(lambda: build(root, root / "cache", root))
    assert (log.code == 0) == builds, log.text[-3_000:]
    if code == "1 / 0":  # and again: an incremental build must not turn green by itself
        assert run_logged(lambda: build(root, root / "cache", root)).code != 0


def test_a_helper_change_executes_again(tmp_path, run_logged):
    root = small_book(tmp_path, "print(1)")
    logs = [run_logged(lambda cache=cache: build(root, root / cache, root)) for cache in ("one", "one", "two")]
    assert [("Executing notebook" in log.text) for log in logs] == [True, False, True]


def test_the_build_leaves_the_configuration_alone(site, house):
    assert (house / "_config.yml").read_bytes() == (ROOT / "_config.yml").read_bytes()
    assert "cache" not in yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["execute"]


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ('<a href="no.html">x</a>', "no.html leads nowhere"),
        ('<a href="rnn-by-hand.ipynb">download</a>', "rnn-by-hand.ipynb leads nowhere"),
        ('<a href="#no">x</a>', "#no leads nowhere in its page"),
        ('<img src="" alt="">', "has no alt text"),
        ('<img src="" alt="a.png">', "has a file name as alt text"),
        ('<script src="https://cdn.jsdelivr.net/npm/mathjax@3"></script>', "comes from another host"),
        ('<link rel="stylesheet" href="//unpkg.com/a.css">', "comes from another host"),
    ],
)
def test_a_planted_fault_is_found(tmp_path, planted, said):
    page = tmp_path / "chapters" / "page.html"
    page.parent.mkdir()
    page.write_text(f"<article>{planted}</article>", "utf-8")
    found = html_problems(tmp_path)
    assert len(found) == 1 and said in found[0], found


def test_a_style_from_elsewhere_or_without_its_font_is_found(tmp_path):
    (tmp_path / "a.css").write_text("a {background: url(https://x.org/a.png)} b {background: url(no.woff2)}", "utf-8")
    assert len(html_problems(tmp_path)) == 2


def test_a_link_to_a_page_that_is_not_there_fails_the_build(tmp_path, run_logged):
    root = small_book(tmp_path, "print(1)")
    page = root / "chapters/page.md"
    page.write_text(page.read_text("utf-8") + "\n[gone](gone.md)\n", "utf-8")
    assert run_logged(lambda: build(root, root / "cache", root)).code != 0


def test_a_formula_that_cannot_be_drawn_fails_the_build(tmp_path, run_logged):
    root = small_book(tmp_path, "print(1)")
    page = root / "chapters/page.md"
    page.write_text(page.read_text("utf-8") + "\n$\\frac{1$\n", "utf-8")
    assert run_logged(lambda: build(root, root / "cache", root)).code != 0


def test_formulas_are_drawn_and_readable_aloud(site):
    page = BeautifulSoup((site / "chapters/sequences/rnn-by-hand.html").read_text("utf-8"), "html.parser")
    assert len(page.select(".katex math")) == len(page.select(".katex")) > 30
    assert not page.select(".katex-error")


def test_numbers_and_terms_are_links(site):
    page = BeautifulSoup((site / "chapters/sequences/rnn-by-hand.html").read_text("utf-8"), "html.parser")
    links = {link.get_text(): link["href"] for link in page.select("article a.reference.internal")}
    assert links["equation (1)"] == "#equation-1" and page.find(id="equation-1")
    assert links["figure 1"] == "#figure-1" and page.find(id="figure-1")
    assert links["hidden state"] == "../appendix/glossary.html#term-hidden-state"
    assert len([text for text in links if text.lower() == "hidden state"]) == 1, "only the first use is linked"


def test_runtimes_come_from_the_notebooks(site):
    page = BeautifulSoup((site / "chapters/appendix/runtimes.html").read_text("utf-8"), "html.parser")
    rows = {row.find_all("td")[0].get_text(): row.find_all("td")[1].get_text() for row in page.select("tbody tr")}
    for path in (ROOT / "chapters").rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
        assert rows[title] == str(notebook.metadata.nnbook.seconds)


def test_runtimes_stand_in_the_order_of_the_book(site):
    page = BeautifulSoup((site / "chapters/appendix/runtimes.html").read_text("utf-8"), "html.parser")
    order = [Path(link["href"]).stem for link in page.select("tbody a")]
    contents = re.findall(r"([\w-]+)\.md", (ROOT / "_toc.yml").read_text("utf-8"))
    assert len(order) > 5 and order == [name for name in contents if name in order]


def test_what_a_print_writes_in_two_goes_is_one_line():
    pieces = ("True: ", "True\n", "False: False\n")
    merged = website.merge_streams([new_output("stream", name="stdout", text=text) for text in pieces])
    assert [one.text for one in merged] == ["True: True\nFalse: False\n"]
    both = [new_output("stream", name=name, text=name) for name in ("stdout", "stderr")]
    assert [one.text for one in website.merge_streams(both)] == ["stdout", "stderr"]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_is_no_longer_marked_in_code_has_the_colour_of_the_text(mode):
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "theme.conf")
    style = get_style_by_name(settings["options"][f"pygments_{mode}_style"])
    assert all(style.style_for_token(one) == style.style_for_token(Text) for one in (Name, Punctuation, Whitespace))
    assert style.style_for_token(Keyword) != style.style_for_token(Text)


def test_every_work_that_a_page_links_is_in_the_bibliography():
    listed = (ROOT / "references.bib").read_text("utf-8")
    linked = {
        address
        for page in chapter_pages()
        for address in re.findall(r"\]\(https://(?:doi\.org/([^)]+)|[^)]+)\)", page.read_text("utf-8"))
        if address
    }
    assert linked and [address for address in linked if address not in listed] == []


def test_prune_keeps_what_a_page_could_use():
    style = ".used a:hover, .gone {color: red} @media (width > 1px) {.gone {top: 0} p {top: 0}} :not(.gone) {top: 0}"
    assert prune(style, {"used"}) == ".used a:hover{color: red}@media (width > 1px) {p{top: 0}}:not(.gone){top: 0}"
