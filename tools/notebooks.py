"""Make the notebooks from the pages: NAME.md to NAME.ipynb, one way, executed.

python -m tools.notebooks            make those that are out of date
python -m tools.notebooks --copy my  put copies into a folder, never over a file that is there
"""

import argparse
import os
import shutil
import sys
import threading
import time
from pathlib import Path

import jupytext
import matplotlib.font_manager  # noqa: F401 - lists the fonts now: the first to do so may say that it takes a while
import nbformat
import psutil
from jupytext.combine import combine_inputs_with_outputs
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tools.inputs import COMMITTED_DATA, ROOT, inputs_hash, notebook_pages

CELL_SECONDS = 600


def cells_of(notebook: NotebookNode) -> list[tuple[str, str, dict]]:
    """Return what a page and its notebook must share: kind, source and metadata of each cell."""
    return [
        (cell.cell_type, cell.source, {key: value for key, value in cell.metadata.items() if key != "execution"})
        for cell in notebook.cells
    ]


def problems(page: Path, root: Path = ROOT) -> list[str]:
    """Return what is wrong with the notebook of a page, in sentences; an empty list if nothing is."""
    path = page.with_suffix(".ipynb")
    name = path.relative_to(root)
    if not path.exists():
        return [f"{name} is missing; run `make notebooks`."]
    notebook = nbformat.read(path, as_version=4)
    found = []
    if cells_of(jupytext.read(page)) != cells_of(notebook):
        found.append(f"{name} does not have the cells of its .md; run `make notebooks`.")
    if notebook.metadata.get("nnbook", {}).get("inputs") != inputs_hash(COMMITTED_DATA, root):
        found.append(f"{name} was executed with other helpers or versions; run `make notebooks`.")
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        found.append(f"{name} was not executed from first to last cell; run `make notebooks`.")
    for cell in code:
        tags = cell.metadata.get("tags", [])
        failed = any(output.output_type == "error" for output in cell.outputs)
        if failed and "raises-exception" not in tags:
            found.append(f"{name} holds a cell that failed: {cell.source.splitlines()[0]}")
    return found


def make(page: Path) -> None:
    """Execute a page and write its notebook beside it; if a cell fails, the old notebook stays.

    Raises:
        CellExecutionError: a cell failed.
    """
    path = page.with_suffix(".ipynb")
    notebook = jupytext.read(page)
    if path.exists():
        notebook = combine_inputs_with_outputs(notebook, nbformat.read(path, as_version=4))
    started = time.perf_counter()
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        record_timing=False,
        resources={"metadata": {"path": str(page.parent)}},
    )
    with PeakMemory() as memory:
        client.execute()
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["nnbook"] = {
        "inputs": inputs_hash(COMMITTED_DATA),
        "seconds": round(time.perf_counter() - started),
        "peak_memory_mb": memory.peak_mb,
    }
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    fresh = path.with_suffix(".ipynb.new")
    nbformat.write(notebook, fresh)
    fresh.replace(path)


class PeakMemory:
    """Watch the memory of this process's children, the kernel among them, five times a second."""

    def __enter__(self) -> "PeakMemory":
        self.peak_mb = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._done.wait(0.2):
            total = 0
            for child in me.children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak_mb = max(self.peak_mb, round(total / 1e6))


def copy_into(folder: Path) -> None:
    """Put copies of the notebooks into a folder; a file that is already there is left alone."""
    for page in notebook_pages():
        target = folder / page.relative_to(ROOT / "chapters").with_suffix(".ipynb")
        if target.exists():
            print(f"  kept     {target} (delete it to get a fresh copy)")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page.with_suffix(".ipynb"), target)
        print(f"  copied   {target}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copy", type=Path, metavar="FOLDER")
    folder = parser.parse_args().copy
    if folder:
        copy_into(folder)
        return
    os.environ["NNBOOK_DATA"] = COMMITTED_DATA
    stale = [page for page in notebook_pages() if problems(page)]
    print(f"{len(stale)} of {len(notebook_pages())} notebooks are out of date; each takes up to a minute or two.")
    failed = False
    for page in stale:
        print(f"  {page.relative_to(ROOT)} ...", end=" ", flush=True)
        try:
            make(page)
        except CellExecutionError as error:
            failed = True
            print("FAILED; the old notebook is kept\n" + str(error))
            continue
        measured = nbformat.read(page.with_suffix(".ipynb"), as_version=4).metadata["nnbook"]
        print(f"{measured['seconds']} s, {measured['peak_memory_mb']:,} MB")
    sys.exit(failed)


if __name__ == "__main__":
    main()
