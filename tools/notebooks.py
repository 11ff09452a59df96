"""The committed notebooks: NAME.md to NAME.ipynb, one way, with the outputs of the executor; and copies to try out."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools import execute
from tools.book import COMMITTED_DATA, ROOT, Book, Page, output_problems
from tools.fresh import page_hash
from tools.practice import has_exercises, practice_notebook

COPIES = "my"


def cells_of(notebook: NotebookNode) -> list[tuple[str, str, dict]]:
    """Return what a page and its notebook must share: kind, source and metadata of each cell."""
    return [
        (cell.cell_type, cell.source, {key: value for key, value in cell.metadata.items() if key != "execution"})
        for cell in notebook.cells
    ]


def problems(page: Page) -> list[str]:
    """Return what is wrong with the notebook of a page, in sentences; an empty list if nothing is."""
    name, notebook = f"{page.name}.ipynb", page.notebook
    if notebook is None:
        return [f"{name} is missing; run `make notebooks`."]
    found = []
    if cells_of(execute.new_notebook(page)) != cells_of(notebook):
        found.append(f"{name} does not have the cells of its .md; run `make notebooks`.")
    if not page.measured:
        found.append(f"{name} has lost what `make notebooks` wrote into it (another tool saved it); run it again.")
    elif page.measured.get("inputs") != page_hash(page, COMMITTED_DATA):
        found.append(f"{name} was executed with other code, helpers or versions; run `make notebooks`.")
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        found.append(f"{name} was not executed from first to last cell; run `make notebooks`.")
    return found + [
        f"{name} {problem}; mend the cell, then run `make notebooks`." for problem in output_problems(notebook)
    ]


def practice_problems(page: Page) -> list[str]:
    """Return what is wrong with the notebook to practise with; an empty list if nothing is, or if there is none."""
    if not has_exercises(page):
        return []
    name = page.practice_path.relative_to(page.root).as_posix()
    if page.notebook is None or not page.practice_path.is_file():
        return [f"{name} is missing; run `make notebooks`."]
    is_todays = page.practice_path.read_text("utf-8").strip() == nbformat.writes(practice_notebook(page)).strip()
    return [] if is_todays else [f"{name} is not what {page.name}.ipynb gives today; run `make notebooks`."]


def make_practice(page: Page) -> None:
    """Write the notebook to practise with, from the one of the page."""
    if has_exercises(page):
        execute.write(practice_notebook(page), page.practice_path)


def make(page: Page) -> execute.Done:
    """Write the notebook of a page beside it, executed if its outputs are not today's; a failure leaves the old one."""
    path = execute.executed_path(page, COMMITTED_DATA)
    done = execute.take(page, COMMITTED_DATA) or execute.bring(page, COMMITTED_DATA)
    if not done.problem:
        executed = execute.read_fresh(path, page_hash(page, COMMITTED_DATA))
        if executed is None:
            return done._replace(problem="the page or a helper was edited while it ran; run `make notebooks` again")
        execute.write(execute.with_outputs(page, executed), page.notebook_path)
        make_practice(Page(page.path, page.root))  # which reads the notebook that is there now
    return done


def make_all() -> int:
    """Make the notebooks that are out of date, one at a time, so that the measured seconds are honest."""
    pages = Book().notebook_pages
    stale = [page for page in pages if problems(page)]
    for page in pages:
        if page not in stale and practice_problems(page):
            make_practice(page)
            print(f"  written  {page.practice_path.relative_to(page.root).as_posix()}")
    print(f"{len(stale)} of {len(pages)} notebooks are out of date; one that must be executed takes up to two minutes.")
    failed = 0
    for number, page in enumerate(stale, start=1):
        print(f"  {number}/{len(stale)}  {page.name} ...", end=" ", flush=True)
        done = make(page)
        print(
            "FAILED; the old notebook is kept\n" + done.problem
            if done.problem
            else f"{done.source}, {done.seconds:.0f} s"
        )
        failed += bool(done.problem)
    return int(failed > 0)


def copy_into(folder: Path, book: Book) -> None:
    """Put copies of the notebooks into a folder; a file that is already there is left alone."""
    for page in book.notebook_pages:
        target = folder / page.notebook_path.relative_to(book.root / "chapters")
        if target.exists():
            print(f"  kept     {target} (delete it to get a fresh copy)")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page.offered_path, target)
        print(f"  copied   {target}")


def lab(options: str = "") -> int:
    """Open copies of the notebooks in JupyterLab; return its exit code."""
    copy_into(ROOT / COPIES, Book())
    return subprocess.run(
        [sys.executable, "-m", "jupyterlab", f"--notebook-dir={ROOT / COPIES}", *options.split()]
    ).returncode
