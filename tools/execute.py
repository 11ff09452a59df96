"""The one executor: a page and a data set make an executed notebook in _build/executed/.

Notebooks, site and editions take their outputs from there. A notebook holds the hash of what its outputs depend on
(fresh.py), so a page is executed again only if that changed. Outputs of a committed notebook that is fresh are taken
as they are, unless everything is to be executed here.
"""

import ast
import os
import re
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import jupytext
import nbformat
from nbformat import NotebookNode

from tools.book import SETUP_TAG, Book, Page, output_problems, tags_of
from tools.environment import surroundings
from tools.fresh import page_hash
from tools.machine import PeakMemory
from tools.practice import SOLUTION

if TYPE_CHECKING:
    from nbclient import NotebookClient

CELL_SECONDS = {"shapes10": 600, "cifar10": 1800}  # about three times the slowest cell on 2 cores
LANGUAGE = nbformat.from_dict({"name": "python"})
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Done(NamedTuple):
    """What became of a page: where its outputs are from, the seconds that took, and what is wrong."""

    page: Page
    source: str
    seconds: float
    problem: str


def executed_path(page: Page, data: str) -> Path:
    """Return where the executed notebook of a page lies."""
    return page.root / "_build" / "executed" / data / f"{page.name}.ipynb"


def read_fresh(path: Path, inputs: str) -> NotebookNode | None:
    """Return an executed notebook if it was made with these inputs and is whole, else None."""
    if not path.is_file():
        return None
    notebook = nbformat.read(path, as_version=4)
    if notebook.metadata.get("nnbook", {}).get("inputs") != inputs:
        return None
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    whole = counts == list(range(1, len(counts) + 1)) and not output_problems(notebook)
    return notebook if whole else None


def execute(page: Page, data: str) -> NotebookNode:
    """Execute a page in a fresh kernel, in the book's own environment, and return its notebook.

    Raises:
        RuntimeError: a cell failed, printed to stderr or drew no figure where one is told of; the message says which.
    """
    import matplotlib.font_manager  # noqa: F401 - lists the fonts: the first to do so may say that it takes a while
    from nbclient import NotebookClient  # half a second that a build without execution does not need
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    inputs = page_hash(page, data)  # before the run, during which somebody may edit the page
    notebook = new_notebook(page)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS[data],
        record_timing=False,
        coalesce_streams=True,
        # Else each kernel warns that it talks over TCP; it does so on this machine alone.
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(page.path.parent)}},
    )
    answers: dict[str, str] = {}
    client.on_cell_executed = partial(keep_answer, client, answers)
    started = time.perf_counter()
    with PeakMemory() as memory:
        try:
            client.execute(env=surroundings(os.environ, page.root) | {"NNBOOK_DATA": data})
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise RuntimeError(COLOUR.sub("", str(error)).strip()) from None
    if problems := output_problems(notebook):
        raise RuntimeError("\n".join(f"A cell {problem}" for problem in problems))
    notebook.metadata["language_info"] = LANGUAGE  # not what the kernel says of itself: Python's version is no output
    measured = {
        "inputs": inputs,
        "peak_memory_mb": memory.peak_mb,
        "seconds": round(time.perf_counter() - started),
    }
    notebook.metadata["nnbook"] = {"answers": answers, **measured} if answers else measured
    return notebook


async def keep_answer(
    client: "NotebookClient", answers: dict[str, str], cell: NotebookNode, cell_index: int, execute_reply: dict
) -> None:
    """Ask the kernel, right after the cell that answers a prediction, for the answer, and keep it by the cell's id.

    Raises:
        RuntimeError: the expression of the answer cannot be evaluated, or gives none of the choices.
    """
    asked = cell.metadata.get("predict")
    if not asked or execute_reply["content"]["status"] != "ok":
        return
    from jupyter_client.asynchronous.client import AsyncKernelClient

    assert isinstance(client.kc, AsyncKernelClient)
    reply = await client.kc.execute_interactive(
        "", silent=True, store_history=False, user_expressions={"answer": f"str({asked['answer']})"}
    )
    found = reply["content"]["user_expressions"]["answer"]
    if found["status"] != "ok":
        raise RuntimeError(f"The answer of a prediction, {asked['answer']!r}, stopped with {found['evalue']}.")
    answer = ast.literal_eval(found["data"]["text/plain"])
    if answer not in asked.get("choices", [answer]):
        raise RuntimeError(f"A prediction offers {asked['choices']}, but its cell gives {answer!r}.")
    answers[cell["id"]] = answer


def new_notebook(page: Page) -> NotebookNode:
    """Return the notebook of a page, not executed; the ids of its code cells are those that the site shows."""
    notebook = jupytext.reads(page.text, fmt="md:myst")
    notebook.metadata = nbformat.from_dict(
        {
            "jupytext": {"default_lexer": "ipython3"},
            "kernelspec": notebook.metadata["kernelspec"],
            "language_info": LANGUAGE,
        }
    )
    shown = prose = solutions = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            prose += 1
            cell["id"] = f"prose-{prose}"
        elif SETUP_TAG in tags_of(cell):
            cell["id"] = "setup"
        elif SOLUTION in tags_of(cell):
            solutions += 1
            cell["id"] = f"solution-{solutions}"
        else:
            shown += 1
            cell["id"] = f"cell-{shown}"
    return notebook


def with_outputs(page: Page, executed: NotebookNode) -> NotebookNode:
    """Return the notebook of a page as it is written now, with the outputs of an executed one with the same code."""
    notebook = new_notebook(page)
    notebook.metadata["nnbook"] = executed.metadata["nnbook"]
    filled = [cell for cell in executed.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            other = filled.pop(0)
            cell.outputs, cell.execution_count = other.outputs, other.execution_count
    return notebook


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".ipynb.new")
    nbformat.write(notebook, beside)
    beside.replace(path)


def bring(page: Page, data: str) -> Done:
    """Execute a page and keep its notebook; if that fails, keep what was there."""
    started = time.perf_counter()
    try:
        write(execute(page, data), executed_path(page, data))
        problem = ""
    except RuntimeError as error:
        problem = str(error)
    return Done(page, "executed", time.perf_counter() - started, problem)


def take(page: Page, data: str) -> Done | None:
    """Take what is there for a page: executed here before, or committed; None if it must be executed."""
    inputs, path, committed = page_hash(page, data), executed_path(page, data), page.notebook_path
    if read_fresh(path, inputs):
        is_copy = committed.is_file() and path.read_bytes() == committed.read_bytes()
        return Done(page, "committed" if is_copy else "executed here before", 0, "")
    if read_fresh(committed, inputs):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(committed, path)
        return Done(page, "committed", 0, "")
    return None


def bring_all(book: Book, data: str, again: bool = False, at_once: int = 2) -> Iterator[Done]:
    """Yield what became of each page with code, those that need no execution first.

    Args:
        book: the book.
        data: the picture set.
        again: execute every page, also where outputs are there.
        at_once: how many pages are executed at a time; each in a process of its own.
    """
    waiting = []
    for page in book.notebook_pages:
        done = None if again else take(page, data)
        if done:
            yield done
        else:
            waiting.append(page)
    if not waiting:
        return
    if at_once == 1 or len(waiting) == 1:
        yield from (bring(page, data) for page in waiting)
        return
    with ProcessPoolExecutor(at_once, mp_context=get_context("spawn")) as pool:
        # The slowest first, so that none of them is left alone at the end.
        waiting.sort(key=lambda page: -page.measured.get("seconds", 0))
        for future in as_completed([pool.submit(bring, page, data) for page in waiting]):
            yield future.result()
