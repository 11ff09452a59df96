"""The line under a page's title: the picture set, where to run the page, and how to report a problem.

Every link leads where it says: what needs the address of the repository is offered once it is set, a page of the
book where the book has it, and a hub where NNBOOK_HUB names one.
"""

import os
import platform
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from docutils.nodes import Element
from sphinx.application import Sphinx
from sphinx.config import Config

from nnbook.datasets import TITLES
from tools.book import COMMITTED_DATA, Page
from tools.site.elements import put_under_title
from tools.site.runtimes import installed

PACKAGES = {"tensorflow-cpu": "TensorFlow", "tensorflow": "TensorFlow", "keras": "Keras"}
DATASETS, RUN_IT = "chapters/appendix/datasets", "chapters/run-it"


class Link(NamedTuple):
    """A way to run a page: its name, its address, and what it costs."""

    name: str
    address: str
    cost: str = ""


def repository(app: Sphinx) -> tuple[str, str]:
    """Return the address of the repository, empty if it is not set, and its branch, from _config.yml."""
    options = app.config.html_theme_options
    return options.get("repository_url") or "", options.get("repository_branch") or "main"


def launch_links(address: str, branch: str, page: str, hub: str = "") -> list[Link]:
    """Return the ways to run a page elsewhere; none without the address of the repository.

    Args:
        address: the address of the repository, or an empty string.
        branch: its branch.
        page: the page, such as "chapters/images/cifar-cnn".
        hub: the address of a JupyterHub with nbgitpuller, or an empty string.
    """
    if not address:
        return []
    host, name = urlsplit(address).netloc, urlsplit(address).path.strip("/")
    notebook = f"{page}.ipynb"
    on_binder = {"github.com": f"gh/{name}", "gitlab.com": f"gl/{quote(name, safe='')}"}
    binder = on_binder.get(host, f"git/{quote(address, safe='')}")
    opened = quote(f"lab/tree/{notebook}", safe="")
    pulled = {"repo": address, "branch": branch, "urlpath": f"lab/tree/{name.rsplit('/', 1)[-1]}/{notebook}"}
    links = []
    if host == "github.com":  # Colab opens no other host
        colab = f"https://colab.research.google.com/github/{name}/blob/{branch}/{notebook}"
        links.append(Link("Colab", colab, "needs a Google account"))
    links.append(Link("Binder", f"https://mybinder.org/v2/{binder}/{branch}?urlpath={opened}", "minutes to start"))
    if hub:
        links.append(Link("JupyterHub", f"{hub}/hub/user-redirect/git-pull?{urlencode(pulled)}"))
    return links


def report_link(address: str, page: str) -> str:
    """Return the address of a new issue that names the page, or an empty string where no form is known.

    book.js adds the cell that is being looked at.
    """
    if urlsplit(address).netloc != "github.com":
        return ""
    query = urlencode({"title": f"{page}: ", "body": f"Page: {page}\nCell: \n\nWhat I saw:\n\nWhat I expected:\n"})
    return f"{address}/issues/new?{query}"


def versions() -> str:
    """Return the versions that a report names: of Python, TensorFlow and Keras, as they built the site."""
    packages = installed(tuple(PACKAGES)).items()
    return ", ".join([f"Python {platform.python_version()}", *(f"{PACKAGES[name]} {one}" for name, one in packages)])


def page_strip(app: Sphinx, name: str) -> str:
    """Return the line under a page's title, as HTML."""
    page = Page(Path(app.srcdir) / f"{name}.md", Path(app.srcdir))
    address, branch = repository(app)
    hub = os.environ.get("NNBOOK_HUB", "").rstrip("/")
    with_notebook = page.is_notebook and page.offered_path.is_file()
    parts = []
    if page.is_notebook and "datasets.load" in page.text and DATASETS in app.env.found_docs:
        parts.append(f"Pictures: {_html(Link(TITLES[app.config.nnbook_data], _beside(app, name, DATASETS)))}")
    if with_notebook:
        ways = [Link("download", f"{page.path.stem}.zip", ".zip")]
        ways += launch_links(address, branch, _notebook_name(page.offered_path, page), hub)
        if page.offered_path != page.notebook_path and page.notebook_path.is_file():
            ways += [one._replace(name="with solutions", cost="") for one in launch_links(address, branch, name)[:1]]
        if RUN_IT in app.env.found_docs:
            ways.insert(0, Link("on your laptop", _beside(app, name, RUN_IT)))
        parts.append(f"Run it: {' '.join(map(_html, ways))}")
    parts.append(_report(report_link(address, name), name))
    return f'<ul class="page-strip">{"".join(f"<li>{part}</li>" for part in parts)}</ul>'


def _notebook_name(path: Path, page: Page) -> str:
    return path.relative_to(page.root).with_suffix("").as_posix()


def _beside(app: Sphinx, page: str, target: str) -> str:
    return app.builder.get_relative_uri(page, target)


def _html(link: Link) -> str:
    cost = f" <small>({link.cost})</small>" if link.cost else ""
    return f'<span><a href="{escape(link.address)}">{link.name}</a>{cost}</span>'


def _report(address: str, page: str) -> str:
    """Return the link that reports a problem; where it could lead nowhere, a button that copies a report."""
    if address:
        return f'<a class="report-problem" href="{escape(address)}">Report a problem</a>'
    return (
        f'<button type="button" class="copy-report" hidden data-page="{page}" data-versions="{escape(versions())}">'
        'Copy a report</button> <span role="status"></span>'
        "<noscript>A problem? Tell whoever gave you this book the page and the cell.</noscript>"
    )


def allow_any_host(app: Sphinx, config: Config) -> None:
    """Name a provider to the theme: it stops at hosts that it does not know, although no button of it leads there."""
    config.html_theme_options.setdefault("repository_provider", "github")


def add_strip(app: Sphinx, document: Element, page: str) -> None:
    """Put the strip under the title of a page that is about to be written; the first page of the book has none."""
    if app.builder.format == "html" and page != app.config.root_doc:
        put_under_title(document, page_strip(app, page))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the strip with Sphinx."""
    app.setup_extension("tools.site.elements")
    if "nnbook_data" not in app.config:
        app.add_config_value("nnbook_data", COMMITTED_DATA, "html")
    app.connect("config-inited", allow_any_host)
    app.connect("doctree-resolved", add_strip)
    return {"version": "1", "parallel_read_safe": True}
