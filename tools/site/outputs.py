"""Give Sphinx the executed outputs of a page, and tell it which pages have to be read and written again."""

import hashlib
from pathlib import Path
from typing import Any

import nbformat
from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tools.book import COMMITTED_DATA, SETUP_TAG, Book, Page, tags_of
from tools.execute import executed_path
from tools.practice import with_solutions_apart
from tools.site.folds import fold


def read_executed(text: str, path: str, executed: str, marking: bool, config: Any) -> NotebookNode:
    """Return a page as a notebook with the outputs of an executed notebook that has the same code.

    Exercises are stubs in it, and what solves them stands with the solution; `marking` keeps the notes for teachers.

    Raises:
        ValueError: the two do not have the same code.
    """
    notebook = read_myst_markdown_notebook(text, config=config, add_source_map=True, path=path)
    outputs = [cell for cell in nbformat.read(executed, as_version=4).cells if cell.cell_type == "code"]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if sources_of(code) != sources_of(outputs):
        raise ValueError(f"{path} changed while the book was built; build it again.")
    for cell, other in zip(code, outputs, strict=True):
        cell.outputs, cell.execution_count = other.outputs, other.execution_count
    fold(code)
    return with_solutions_apart(notebook, marking)


def sources_of(code: list[NotebookNode]) -> list[str]:
    """Return the code that outputs come from: without the cell that installs the helpers elsewhere."""
    return [cell.source for cell in code if SETUP_TAG not in tags_of(cell)]


def hand_over_outputs(app: Sphinx) -> None:
    """Tell MyST-NB, page by page, to read a page with its outputs; nothing is executed by a build."""
    env: Any = app.env  # MyST-NB keeps its settings there
    for page in Book(Path(app.srcdir)).notebook_pages:
        executed = str(executed_path(page, app.config.nnbook_data))
        marking = app.config.nnbook_edition == "solutions"
        arguments = {"path": str(page.path), "executed": executed, "marking": marking, "config": env.myst_config}
        env.mystnb_config.custom_formats[f"{page.name}.md"] = (read_executed, arguments, False)


def fingerprint(page: Page, data: str) -> str:
    """Return a hash of what the site shows of a page: its text and its outputs."""
    digest = hashlib.sha256(page.path.read_bytes())
    if page.is_notebook:
        digest.update(executed_path(page, data).read_bytes())
    return digest.hexdigest()


def changed_pages(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> list[str]:
    """Return the pages to be read: not by the time of a file, but by what is in it."""
    before = getattr(env, "nnbook_fingerprints", {})
    now = {page.name: fingerprint(page, app.config.nnbook_data) for page in Book(Path(app.srcdir)).pages}
    env.nnbook_fingerprints = now  # type: ignore[attr-defined]
    env.nnbook_anchors = anchors(env)  # type: ignore[attr-defined]
    of_all_pages = [name for name in now if name.endswith("runtimes")]  # a table of what was measured on each page
    return [name for name in now if now[name] != before.get(name) and name in env.all_docs] + of_all_pages


def anchors(env: BuildEnvironment) -> dict[str, Any]:
    """Return what other pages can show or link of each page: titles, labels, terms, headings."""
    standard = env.get_domain("std")
    return {
        "titles": {name: title.astext() for name, title in env.titles.items()},
        "labels": dict(standard.anonlabels),  # type: ignore[attr-defined]
        "terms": dict(standard.objects),  # type: ignore[attr-defined]
        "headings": {name: sorted(data.get("myst_slugs", {})) for name, data in env.metadata.items()},
    }


def affected_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to be written besides those that were read: all, if what they can link to has changed."""
    return sorted(env.all_docs) if anchors(env) != env.nnbook_anchors else []  # type: ignore[attr-defined]


def set_up(app: Sphinx) -> None:
    """Register everything with Sphinx."""
    app.add_config_value("nnbook_data", COMMITTED_DATA, "env")
    app.add_config_value("nnbook_edition", "site", "env")
    app.connect("builder-inited", hand_over_outputs, priority=900)
    app.connect("env-get-outdated", changed_pages)
    app.connect("env-updated", affected_pages)
