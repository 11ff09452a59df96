"""The line under a page's title, on a small site: every link leads where it says, whether an address is set or not."""

import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.house import HEADER
from tools.book import ROOT, Book
from tools.site import strip
from tools.site.pack import pack

GITHUB, GITLAB, OTHER = "https://github.com/me/book", "https://gitlab.com/a/team/book", "https://git.school.edu/me/book"
HUB = "https://hub.school.edu"
CELL = "```{code-cell} ipython3\nimage = datasets.load()\nprint('second line')\n```\n\n"
PAGES = {
    "chapters/index": "# A book\n",
    "chapters/run-it": "# Run it\n",
    "chapters/appendix/datasets": "# The data sets\n",
    "chapters/images/shapes": f"{HEADER}\n\n# Look at shapes\n\n{CELL}" + f"{'A long text. ' * 400}\n\n{CELL}" * 3,
    "chapters/images/new": f"{HEADER}\n\n# A page whose notebook is not made yet\n\n{CELL}",
}
CODE = "chapters/images/shapes"


def write_book(root: Path, without: tuple[str, ...] = ()) -> None:
    """Write the sources of the small book."""
    pages = {name: text for name, text in PAGES.items() if name not in without}
    for name, text in pages.items():
        (root / f"{name}.md").parent.mkdir(parents=True, exist_ok=True)
        (root / f"{name}.md").write_text(text, "utf-8")
    nbformat.write(nbformat.v4.new_notebook(), root / f"{CODE}.ipynb")
    listed = "".join(f"- file: {name}\n" for name in pages if not name.endswith("index"))
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: chapters/index\nchapters:\n{listed}", "utf-8")
    (root / "_config.yml").write_text("title: A book\n", "utf-8")


def build(root: Path, url: str, data: str | None = None) -> Path:
    """Build the small book with the strip and nothing else of ours."""
    site = root / "site"
    settings = {
        "extensions": ["myst_nb", "sphinx_external_toc", "tools.site.strip"],
        "html_theme": "sphinx_book_theme",
        "html_theme_options": {"repository_url": url, "repository_branch": "main"},
        "html_static_path": [str(ROOT / "_static")],
        "html_css_files": ["book.css"],
        "html_js_files": ["book.js"],
        "nb_execution_mode": "off",
        "exclude_patterns": ["site", "**.ipynb"],
        "external_toc_path": "_toc.yml",
    }
    if data:
        settings["nnbook_data"] = data
    with patch_docutils(), docutils_namespace():
        app = Sphinx(root, None, site, root / "doctrees", "html", settings, status=None, warning=None)
        app.build()
    pack(Book(root), site)
    # The number of each cell, as the book's own extension writes it.
    for page in site.rglob("*.html"):
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        for number, cell in enumerate(soup.select("div.cell"), start=1):
            cell["id"] = f"cell-{number}"
        page.write_text(str(soup), "utf-8")
    return site


@pytest.fixture(scope="module")
def small_site(tmp_path_factory) -> Callable[..., Path]:
    """Builds the small site for an address and a hub, each once."""

    @cache
    def make(url: str = "", hub: str = "", data: str | None = None, without: tuple[str, ...] = ()) -> Path:
        root = tmp_path_factory.mktemp("book")
        write_book(root, without)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NNBOOK_HUB", hub)
            return build(root, url, data)

    return make


def strip_of(site: Path, page: str = CODE) -> Tag:
    soup = BeautifulSoup((site / f"{page}.html").read_text("utf-8"), "html.parser")
    found = soup.select("ul.page-strip")
    assert len(found) == 1 and found[0].find_previous_sibling("h1"), "one strip, right under the title"
    return found[0]


def links_of(site: Path, page: str = CODE) -> dict[str, str]:
    return {link.get_text(): link["href"] for link in strip_of(site, page).find_all("a")}


def strayed(site: Path, page: str, url: str, hub: str) -> list[str]:
    """Return the links of a page's strip that do not lead where they say."""
    return [name for name, href in links_of(site, page).items() if not leads(name, href, site, page, url, hub)]


def leads(name: str, href: str, site: Path, page: str, url: str, hub: str) -> bool:
    """Does a link lead to what its name promises, for this page of this book?"""
    parts, query = urlsplit(href), parse_qs(urlsplit(href).query)
    notebook, path = f"{page}.ipynb", urlsplit(url).path.strip("/")
    target = (site / f"{page}.html").parent / parts.path
    if name == "download":
        if parts.scheme or target.suffix != ".zip" or not target.is_file():
            return False
        with zipfile.ZipFile(target) as packed:
            return any(one.endswith(f"/{page.rsplit('/', 1)[-1]}.ipynb") for one in packed.namelist())
    if not parts.scheme:
        titles = {"on your laptop": "Run it", "Shapes10": "The data sets", "CIFAR-10": "The data sets"}
        return target.is_file() and f"<h1>{titles[name]}<" in target.read_text("utf-8")
    if not (url and parts.scheme == "https" and (site.parent / f"{page}.md").is_file()):
        return False
    if name == "Colab":
        wanted = f"https://colab.research.google.com/github/{path}/blob/main/{notebook}"
        return href == wanted and urlsplit(url).netloc == "github.com"
    if name == "Binder":
        kind = parts.path.split("/")[2]
        where, branch = parts.path.removeprefix(f"/v2/{kind}/").rsplit("/", 1)
        home = {
            "gh": f"https://github.com/{where}",
            "gl": f"https://gitlab.com/{unquote(where)}",
            "git": unquote(where),
        }
        right = parts.netloc == "mybinder.org" and home[kind] == url and branch == "main"
        return right and (kind == "gh" or "/" not in where) and query == {"urlpath": [f"lab/tree/{notebook}"]}
    if name == "JupyterHub":
        wanted = {"repo": [url], "branch": ["main"], "urlpath": [f"lab/tree/{path.rsplit('/', 1)[-1]}/{notebook}"]}
        return href.startswith(f"{hub}/hub/user-redirect/git-pull?") and query == wanted
    if name == "Report a problem":
        return href.startswith(f"{url}/issues/new?") and query["title"][0].startswith(page) and page in query["body"][0]
    return False


WAYS = ("on your laptop", "download")
STATES = [
    ("", "", {*WAYS}),
    ("", HUB, {*WAYS}),
    (GITHUB, "", {*WAYS, "Colab", "Binder", "Report a problem"}),
    (GITHUB, HUB, {*WAYS, "Colab", "Binder", "JupyterHub", "Report a problem"}),
    (GITLAB, "", {*WAYS, "Binder"}),
    (OTHER, HUB, {*WAYS, "Binder", "JupyterHub"}),
]


@pytest.mark.parametrize(("url", "hub", "offered"), STATES)
def test_every_link_leads_where_it_says(small_site, url, hub, offered):
    site = small_site(url, hub)
    assert set(links_of(site)) == {"Shapes10", *offered}
    for page in PAGES:
        if not page.endswith("index"):
            assert strayed(site, page, url, hub) == [], page
    assert bool(strip_of(site).select("button.copy-report")) == ("Report a problem" not in offered)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ('href="shapes.zip"', 'href="shape.zip"', "download"),
        ('href="shapes.zip"', 'href="shapes.ipynb"', "download"),
        ('href="../run-it.html">on', 'href="../index.html">on', "on your laptop"),
        ("/github/me/book/blob", "/github/OWNER/book/blob", "Colab"),
        ("blob/main/chapters/images/shapes", "blob/main/chapters/images/new", "Colab"),
        ("/gh/me/book/main", "/gh/me/main", "Binder"),
        ("/gh/me/book/main", "/gh/me/book/dev", "Binder"),
        ("lab%2Ftree%2Fchapters%2F", "lab%2Ftree%2F", "Binder"),
        ("/hub/user-redirect/", "/user-redirect/", "JupyterHub"),
        ("issues/new?title=chapters%2Fimages%2Fshapes", "issues/new?title=", "Report a problem"),
    ],
)
def test_a_link_that_strays_is_found(small_site, tmp_path, old, new, name):
    site = Path(shutil.copytree(small_site(GITHUB, HUB).parent, tmp_path / "book")) / "site"
    page = site / f"{CODE}.html"
    text = page.read_text("utf-8")
    assert text.count(old) == 1
    page.write_text(text.replace(old, new), "utf-8")
    assert strayed(site, CODE, GITHUB, HUB) == [name]


def test_without_an_address_no_page_leads_to_one(small_site):
    for page in small_site("", HUB).rglob("*.html"):
        text = page.read_text("utf-8")
        assert "OWNER" not in text and HUB not in text
        hosts = {urlsplit(link.get("href", "")).netloc for link in BeautifulSoup(text, "html.parser").find_all("a")}
        assert not hosts & {"github.com", "colab.research.google.com", "mybinder.org", "nbgitpuller.readthedocs.io"}


def test_what_a_page_does_not_have_is_not_offered(small_site):
    site = small_site(without=("chapters/run-it", "chapters/appendix/datasets"))
    assert set(links_of(site)) == {"download"}
    site = small_site(GITHUB, HUB)
    assert set(links_of(site, "chapters/run-it")) == {"Report a problem"}
    assert set(links_of(site, "chapters/images/new")) == {"Shapes10", "Report a problem"}
    assert "page-strip" not in (site / "chapters/index.html").read_text("utf-8")


def test_each_way_says_what_it_costs(small_site):
    text = " ".join(strip_of(small_site(GITHUB, HUB)).get_text(" ").split())
    assert "Colab (needs a Google account)" in text and "Binder (minutes to start)" in text
    assert text.index("on your laptop") < text.index("Colab") < text.index("Binder") < text.index("JupyterHub")


def test_the_picture_set_is_that_of_the_build(small_site, monkeypatch):
    monkeypatch.setenv("NNBOOK_DATA", "cifar10")  # the build's own setting counts, not the environment
    assert "Shapes10" in links_of(small_site(""))
    assert "CIFAR-10" in links_of(small_site("", data="cifar10"))


def test_the_report_names_the_versions_of_the_build():
    assert strip.versions().startswith("Python 3.") and "TensorFlow 2." in strip.versions()
    assert "Keras 3." in strip.versions()


def page_of(browser: Browser, site: Path, prepare: str = "", **options: object):
    """Open the page with code from disk."""
    page = browser.new_context(viewport={"width": 900, "height": 600}, **options).new_page()
    page.add_init_script(prepare)
    page.goto((site / f"{CODE}.html").as_uri())
    return page


NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
NO_COPYING = NO_CLIPBOARD + "document.execCommand = () => false;"
SPIED = "document.addEventListener('copy', () => { window.said = document.activeElement.value; });"


def check_report(text: str) -> None:
    lines = text.splitlines()
    assert lines[0] == f"Page: {CODE}"
    assert lines[1] == "Cell: cell-3, image = datasets.load()"
    assert lines[2].startswith("Built with: Python 3.") and "Keras 3." in lines[2]
    assert lines[3].startswith("Browser: Mozilla/5.0")
    assert "What I saw:" in lines and "What I expected:" in lines


@pytest.mark.parametrize("road", ["clipboard", "command", "by hand"])
def test_a_report_is_copied_from_disk(small_site, browser, road):
    prepare = {"clipboard": "", "command": NO_CLIPBOARD + SPIED, "by hand": NO_COPYING}[road]
    allowed = {"permissions": ["clipboard-read", "clipboard-write"]} if road == "clipboard" else {}
    page = page_of(browser, small_site(""), prepare, **allowed)
    page.locator("#cell-3").evaluate("(cell) => cell.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.locator("button.copy-report").evaluate("(button) => button.click()")
    status = page.get_by_role("status").filter(has_text="send it to whoever gave you this book")
    status.wait_for()
    field = page.get_by_label("The report")
    if road == "by hand":
        assert field.is_visible() and status.inner_text().startswith("Copy the text below")
        selected = page.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]")
        assert selected[0] == 0 and selected[1] > 100
        check_report(field.input_value())
    else:
        assert not field.is_visible() and status.inner_text().startswith("Copied")
        check_report(page.evaluate("navigator.clipboard.readText()" if road == "clipboard" else "window.said"))


def test_who_scrolls_back_up_reports_the_cell_that_was_looked_at(small_site, browser):
    page = page_of(browser, small_site(""), NO_COPYING)
    page.locator("#cell-3").evaluate("(cell) => cell.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.wait_for_timeout(1_500)
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    page.locator("button.copy-report").click()
    page.get_by_label("The report").wait_for()
    check_report(page.get_by_label("The report").input_value())


def test_a_report_with_an_address_names_the_cell(small_site, browser):
    page = page_of(browser, small_site(GITHUB))
    page.route("https://github.com/**", lambda route: route.abort())
    page.locator("#cell-3").evaluate("(cell) => cell.scrollIntoView({block: 'center', behavior: 'instant'})")
    with page.expect_request("https://github.com/**") as asked:
        page.locator("a.report-problem").evaluate("(link) => link.click()")
    assert "Cell: cell-3, image = datasets.load()\n" in parse_qs(urlsplit(asked.value.url).query)["body"][0]


def test_the_download_is_saved_from_disk_too(small_site, browser):
    page = page_of(browser, small_site(""), accept_downloads=True)
    with page.expect_download() as asked:
        page.get_by_role("link", name="download", exact=True).click()
    assert asked.value.suggested_filename == "shapes.zip" and zipfile.is_zipfile(asked.value.path())


def test_without_scripts_no_button_is_dead(small_site, browser):
    page = page_of(browser, small_site(""), java_script_enabled=False)
    assert page.locator(".page-strip").is_visible() and not page.locator("button.copy-report").is_visible()
    assert "Tell whoever gave you this book" in page.locator(".page-strip").inner_text()
    page = page_of(browser, small_site(""))
    assert page.locator("button.copy-report").is_visible()
    assert "Tell whoever" not in page.locator(".page-strip").inner_text()
