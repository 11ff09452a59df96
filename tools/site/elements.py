"""Elements of a page: cells with their numbers, pictures with their size, HTML under the title, and no idle files."""

import re
from pathlib import Path
from typing import Any

import imagesize
from docutils import nodes
from docutils.nodes import Element
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from tools.practice import SOLUTION
from tools.site.formulas import has_formulas


class RawHtml(nodes.General, nodes.Element):
    """HTML that is for the eye only: unlike `nodes.raw` it does not come into the index of the search."""


def number_cells(document: Element) -> None:
    """Give the cell with number K among the visible code cells the id `cell-K`, which it has in the notebook too.

    Cells of a solution have none, so that the numbers are the same with solutions and without.
    """
    cells = (
        one
        for one in document.findall(nodes.container)
        if one.get("nb_element") == "cell_code" and f"tag_{SOLUTION}" not in one["classes"]
    )
    for number, cell in enumerate(cells, start=1):
        cell["ids"].append(f"cell-{number}")


def put_under_title(document: Element, html: str) -> None:
    """Put HTML between the title of a page and its text."""
    title = next(document.findall(nodes.title), None)
    if title is not None:
        title.parent.insert(title.parent.index(title) + 1, RawHtml(html=html))


def write_raw_html(writer: HTML5Translator, node: RawHtml) -> None:
    """Write the HTML as it is."""
    writer.body.append(node["html"])
    raise nodes.SkipNode


def write_picture(writer: HTML5Translator, node: nodes.image) -> None:
    """Write a picture that is loaded late, with its size as attributes: from them a browser keeps its place free.

    docutils would write a size as a style, which a narrow screen cannot shrink. A size in other units than pixels is
    left to it.
    """
    sides = [node[side] for side in ("width", "height") if side in node]
    if not sides:
        sides = [str(length) for length in imagesize.get(Path(writer.builder.srcdir) / node["uri"])]
    pixels = [found[1] for side in sides if (found := re.fullmatch(r"(\d+)(?:\.\d+)?(?:px)?", side))]
    size = ""
    if len(pixels) == 2:
        size = f'width="{pixels[0]}" height="{pixels[1]}" '
        for side in ("width", "height"):
            node.attributes.pop(side, None)
    node["loading"] = "lazy"
    type(writer).visit_image(writer, node)
    writer.body[-1] = writer.body[-1].replace("<img ", f'<img {size}decoding="async" ', 1)


def drop_idle_files(app: Sphinx, context: dict[str, Any], document: Element | None) -> None:
    """Take off a page's list the style of formulas and the script of tabs if it shows none, in its sidebar neither."""
    shown = [*app.env.titles.values(), *([document] if document else [])]
    if not any(has_formulas(one) for one in shown):
        context["css_files"] = [file for file in context["css_files"] if "katex" not in str(file)]
    if not any("sd-tab-set" in box["classes"] for one in shown for box in one.findall(nodes.container)):
        context["script_files"] = [file for file in context["script_files"] if "design-tabs" not in str(file)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx how these elements are written."""
    app.add_node(RawHtml, html=(write_raw_html, None))
    app.add_node(nodes.image, override=True, html=(write_picture, None))
    return {"version": "1", "parallel_read_safe": True}
