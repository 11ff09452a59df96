"""The built site, made without executing anything: from the notebooks that nbval checks."""

import configparser
import os
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pydata_sphinx_theme
import pytest
import yaml
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from pygments.styles import get_style_by_name
from pygments.token import Keyword, Name, Punctuation, Text, Whitespace

from tools import practice
from tools.book import ROOT, Book, tags_of
from tools.grammar import rules as lint
from tools.site import links
from tools.site.slim import cut_fonts
from tools.site.styles import drop_unread, light_on_paper, prune

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
    assert all((site / f"{page.name}.html").is_file() for page in Book().pages)
    assert (site / "index.html").is_file()


def test_links_and_pictures(site):
    assert html_problems(site) == []


def test_outputs_are_on_the_pages_and_noise_is_not(site):
    text = {page.stem: page.read_text("utf-8") for page in (site / "chapters").rglob("*.html")}
    assert "paper = NumPy = Keras" in text["rnn-by-hand"]
    shown = ["Shapes10: 10,000 + 2,000 pictures"]
    if os.environ.get("NNBOOK_SITE"):  # the published one shows the other set
        shown.append("CIFAR-10: 50,000 + 10,000 pictures")
    assert any(provenance in text["cifar-cnn"] for provenance in shown)
    for page in text.values():
        assert not re.search(r"oneDNN|absl|cpu_feature_guard|WARNING|Traceback", page)


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


def test_runtimes_come_from_the_notebooks_in_the_order_of_the_book(site):
    page = BeautifulSoup((site / "chapters/appendix/runtimes.html").read_text("utf-8"), "html.parser")
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in page.select("table")[0].select("tbody tr")]
    assert rows == [
        [one.title, str(one.measured["seconds"]), f"{one.measured['peak_memory_mb']:,}"]
        for one in Book().notebook_pages
    ]
    targets = [Path(link["href"]).stem for link in page.select("tbody a")]
    assert targets == [one.path.stem for one in Book().notebook_pages]


def test_a_cell_has_the_same_number_on_the_page_and_in_the_notebook(site):
    for page in Book().notebook_pages:
        soup = BeautifulSoup((site / f"{page.name}.html").read_text("utf-8"), "html.parser")
        numbered = soup.select("div.cell:not(.tag_solution)")
        shown = {cell["id"]: cell.select_one(".cell_input pre").get_text().strip() for cell in numbered}
        code = [cell for cell in page.code if practice.SOLUTION not in tags_of(cell)]
        wanted = {f"cell-{number}": practice.stub(cell.source).strip() for number, cell in enumerate(code, start=1)}
        assert shown == wanted


def test_what_a_cell_prints_is_one_output(site):
    """A loop's prints may come in several goes; a page that keeps them apart begins a new line at each."""
    for page in Book().notebook_pages:
        soup = BeautifulSoup((site / f"{page.name}.html").read_text("utf-8"), "html.parser")
        for cell in soup.select(".cell_output"):
            streams = [part["class"] for part in cell.select(":scope > .output.stream")]
            assert len(streams) == len({tuple(one) for one in streams}), f"{page.name}: {cell.get_text()[:100]}"


LEFTOVERS = re.compile(
    r"<annotation|semantics>|xmlns=\"http://www.w3.org/1998|thebe|toggle-?button|toggleHint|kernelName|design-tabs"
    r"|hypothes|utteranc|mathjax@",
    re.I,
)


def test_nothing_is_left_behind_of_what_the_site_does_without(site):
    found = {
        f"{page.relative_to(site)}: {match[0]}"
        for page in site.rglob("*.html")
        if "_static" not in page.parts
        for match in LEFTOVERS.finditer(page.read_text("utf-8"))
    }
    assert found == set()
    assert not [path.name for path in site.rglob("*.*") if re.search("thebe|togglebutton", path.name)]


def test_a_leftover_would_be_found():
    old = "<semantics>x<annotation encoding='a'>\n</annotation></semantics><script>let toggleHintShow</script>"
    assert len(LEFTOVERS.findall(old)) == 4


def test_pictures_have_their_size_and_are_loaded_late(site):
    for page in Book().pages:
        soup = BeautifulSoup((site / f"{page.name}.html").read_text("utf-8"), "html.parser")
        for picture in soup.select("article img"):
            assert picture["width"].isdigit() and picture["height"].isdigit(), picture
            assert not picture.get("style"), picture
            assert picture["src"].startswith("data:") or picture["loading"] == "lazy", picture


def test_lists_are_pages_of_the_book():
    assert {page.name for page in Book().pages} >= links.LISTS


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_is_no_longer_marked_in_code_has_the_colour_of_the_text(mode):
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "theme.conf")
    style = get_style_by_name(settings["options"][f"pygments_{mode}_style"])
    assert all(style.style_for_token(one) == style.style_for_token(Text) for one in (Name, Punctuation, Whitespace))
    assert style.style_for_token(Keyword) != style.style_for_token(Text)


# What a page links outside is a work, and stands in the bibliography, or comes from one of these.
NO_WORKS = {
    "https://keras.io/": "documentation",
    "https://docs.pytorch.org/": "documentation",
    "https://www.tensorflow.org/": "documentation",
    "https://github.com/keras-team/": "documentation: what Keras' authors say of a fault",
    "https://www.cs.toronto.edu/~kriz/cifar.html": "data",
    "https://www.python.org/": "a program to install",
    "https://colab.research.google.com": "a place to run a notebook",
    "https://mybinder.org": "a place to run a notebook",
    "https://groups.csail.mit.edu/vision/TinyImages/": "data",
}


def unlisted(text: str, bibliography: str) -> list[str]:
    """Return the outside links of a page that are works, but not of the bibliography."""
    listed = set(re.findall(r"(?:doi|url) = \{([^}]+)\}", bibliography))
    linked = re.findall(r"(?:\]\(|<|(?<=\s))(https?://[^)>\s]+)", text)
    return [
        address
        for address in linked
        if address.removeprefix("https://doi.org/") not in listed and not address.startswith(tuple(NO_WORKS))
    ]


def test_every_work_that_a_page_links_is_in_the_bibliography():
    bibliography = (ROOT / "references.bib").read_text("utf-8")
    prose = {page.name: re.sub(r"^```.*?^```", "", page.text, flags=re.M | re.S) for page in Book().pages}
    assert sum("](https://" in text for text in prose.values()) > 5
    assert {name: found for name, text in prose.items() if (found := unlisted(text, bibliography))} == {}


@pytest.mark.parametrize("link", ["[a](https://myrtle.ai/x)", "<https://myrtle.ai/x>", "at https://myrtle.ai/x now"])
def test_a_work_that_is_not_listed_is_found(link):
    assert unlisted(link, "url = {https://arxiv.org/abs/1}") == ["https://myrtle.ai/x"]
    assert unlisted(link, "url = {https://myrtle.ai/x}") == []


def test_a_link_to_documentation_or_data_is_no_work():
    assert unlisted("[a](https://keras.io/guides/) [b](https://doi.org/10.1/x)", "doi = {10.1/x}") == []


@pytest.mark.parametrize("page", Book().notebook_pages, ids=lambda page: page.path.stem)
def test_what_a_reader_does_is_folded(site, page):
    """Each prediction has its answer, each hint, solution and option its fold, and none of them stands open."""
    soup = BeautifulSoup((site / f"{page.name}.html").read_text("utf-8"), "html.parser")
    folds = soup.select("details.prediction")
    assert len(folds) == len(practice.predictions(page)) > 0
    assert all(fold["data-answer"] for fold in folds)
    exercises, questions = practice.exercises(page), practice.questions(page)
    assert len(soup.select("details.hint")) == 2 * len(exercises)
    assert len(soup.select("details.solution")) == len(exercises)
    assert len(soup.select(".options > details")) == sum(len(one.options) for one in questions)
    assert len(soup.select('.options > details[data-right="1"]')) == len(questions)
    assert soup.select("details[open]") == [] and "Marking." not in soup.get_text()


def test_prune_keeps_what_a_page_could_use():
    style = ".used a:hover, .gone {color: red} @media (width > 1px) {.gone {top: 0} p {top: 0}} :not(.gone) {top: 0}"
    assert prune(style, {"used"}) == ".used a:hover{color: red}@media (width > 1px) {p{top: 0}}:not(.gone){top: 0}"


def test_variables_that_somebody_reads_stay():
    theme = ":root{--read: 1px;--by-script: 2px;--by-unread: 3px;--unread: var(--by-unread);color: red}"
    page = "@media print{p{width: calc(var( --read ) + 1px)}}"
    assert drop_unread([theme, page, "a{--alone: 1}"], {"--by-script"}) == [
        ":root{--read: 1px;--by-script: 2px;color: red}",
        page,
        "",
    ]


def missing_signs(site):
    """Return the signs of formulas that the fonts of formulas lack."""
    formulas = [
        formula.get_text()
        for page in site.rglob("*.html")
        for formula in BeautifulSoup(page.read_text("utf-8"), "html.parser").select(".katex-html")
    ]
    fonts = (site / "_static/katex/fonts").glob("*.woff2")
    return set("".join(formulas)) - {chr(code) for font in fonts for code in TTFont(font).getBestCmap()} - {"\u200b"}


def test_fonts_have_each_sign_of_a_formula(site):
    assert missing_signs(site) == set()


def test_a_sign_that_was_cut_out_is_noticed(tmp_path):
    katex = ROOT / "tools/site/static/katex"
    shutil.copytree(katex, tmp_path / "_static/katex")
    page = tmp_path / "page.html"
    page.write_text('<span class="katex-html">∂</span>', "utf-8")
    cut_fonts(tmp_path)
    assert missing_signs(tmp_path) == set()
    page.write_text('<span class="katex-html">∂∮</span>', "utf-8")
    assert missing_signs(tmp_path) == {"∮"}


def test_paper_gets_the_light_palette():
    dark, light = "html[data-theme=dark]", "html[data-theme=light]"
    once = light_on_paper(f"{dark} p, q {{top: 0}} {light} p {{top: 1px}} @media screen{{{dark} {{top: 2px}}}}")
    assert once == (
        f"q{{top: 0}}@media screen{{{dark} p{{top: 0}}}}"
        f"@media screen{{{light} p{{top: 1px}}}}@media print{{html[data-theme] p{{top: 1px}}}}"
        f"@media screen{{{dark}{{top: 2px}}}}"
    )
    assert light_on_paper(once) == once
