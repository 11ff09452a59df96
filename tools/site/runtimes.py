"""The directive `runtimes`: what each page needs, measured when its notebook was made, and the versions it ran with."""

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from docutils.nodes import Node
from sphinx.util.docutils import SphinxDirective

from tools.book import Book

PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "matplotlib", "jupyter-book", "sphinx", "jupytext")


class Runtimes(SphinxDirective):
    """Two tables: the pages with code, in the order of the book, and the packages."""

    def run(self) -> list[Node]:
        """Return the two tables."""
        pages = Book(Path(self.env.srcdir)).notebook_pages
        for page in pages:
            self.env.note_dependency(str(page.notebook_path))
        table = ["| page | seconds | peak memory in MB |", "|---|---:|---:|"]
        table += [
            f"| [{page.title}](/{page.name}.md) | {needs['seconds']} | {needs['peak_memory_mb']:,} |"
            for page in pages
            if (needs := page.measured)
        ]
        table += ["", "| package | version |", "|---|---|", f"| Python | {platform.python_version()} |"]
        table += [f"| {name} | {number} |" for name, number in installed(PACKAGES).items()]
        return self.parse_text_to_nodes("\n".join(table))


def installed(names: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of those packages that are there: TensorFlow goes by one of two names.

    >>> list(installed(("numpy", "no-such-package")))
    ['numpy']
    """
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
