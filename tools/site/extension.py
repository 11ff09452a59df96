"""Sphinx extension of the book: what the site adds to plain pages.

The pages stay plain Markdown, so that their notebooks read well everywhere. From that plain text the site makes links:
from an equation's or a figure's number, from the first use of a glossary term, from a page to where it can be run.
It folds what a reader should not see at once: answers of predictions, hints, solutions, answers to questions.
Formulas are drawn while building, by KaTeX; outputs come from the executor.
"""

from pathlib import Path
from typing import Any

from docutils.nodes import Element
from sphinx.application import Sphinx

from tools.book import Page
from tools.execute import executed_path
from tools.site import elements, formulas, learning, links, outputs
from tools.site.runtimes import Runtimes


def on_doctree_resolved(app: Sphinx, document: Element, page: str) -> None:
    """Add to a page that is about to be written what its plain text cannot say."""
    if app.builder.format == "latex":
        formulas.keep_tags(document)
        learning.list_answers(document)
    if app.builder.format != "html":
        return
    elements.number_cells(document)
    source = Page(Path(app.srcdir) / f"{page}.md", Path(app.srcdir))
    learning.fold_predictions(document, learning.answers_of(executed_path(source, app.config.nnbook_data)))
    learning.fold_exercises(document, opened=app.config.nnbook_edition == "solutions")
    learning.fold_questions(document)
    links.number_equations_and_figures(document)
    if page not in links.LISTS:
        links.link_glossary(app, document, page)


def on_html_page_context(app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
    """Leave out the files that a page does not need."""
    elements.drop_idle_files(app, context, document)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    outputs.set_up(app)
    formulas.set_up(app)
    app.setup_extension("tools.site.elements")
    app.setup_extension("tools.site.learning")
    app.setup_extension("tools.site.strip")
    app.add_directive("runtimes", Runtimes)
    app.connect("doctree-resolved", on_doctree_resolved)
    app.connect("html-page-context", on_html_page_context, priority=900)
    return {"version": "1", "parallel_read_safe": True}
