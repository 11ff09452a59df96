"""The one door: `python -m tools TASK` does on every system what `make TASK` does where there is make.

A task takes what it needs as NAME=value, as make does: `python -m tools book DATA=cifar10`. Only the standard library
is imported here; a task's module is imported when the task is asked for, in the book's own environment.
"""

import inspect
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from tools import environment

ROOT = environment.ROOT


class Task(NamedTuple):
    """What a task does, in a line, the function that does it, and whether it needs what only tests need."""

    help: str
    function: str
    tests: bool = False


TASKS = {
    "book": Task(
        "build the site (DATA=cifar10 for photographs, EXECUTE=1 to execute all pages)", "tools.site.build:book"
    ),
    "serve": Task("show the built site at http://localhost:8000 (PORT=8001)", "tools.site.serve:main"),
    "lab": Task("open copies of the notebooks in my/ to try things out", "tools.notebooks:lab"),
    "cifar10": Task("download CIFAR-10 (162 MB); goes on where it stopped", "nnbook.datasets:main"),
    "check": Task("lint, types, grammar and freshness, in seconds", "tools.__main__:check", tests=True),
    "test": Task("check helpers, notebooks and site", "tools.__main__:test", tests=True),
    "test-all": Task("all of `make test`, and what is slow", "tools.__main__:test_all", tests=True),
    "test-site": Task(
        "the tests of the site alone, on a built one (SITE=_build/html)", "tools.__main__:test_site", tests=True
    ),
    "mutants": Task(
        "plant faults in the helpers, see whether tests notice (COUNT=300)", "tools.__main__:mutants", tests=True
    ),
    "notebooks": Task("make the .ipynb from the .md; executes only what is out of date", "tools.notebooks:make_all"),
    "address": Task("set the address of the repository everywhere (URL=https://...)", "tools.site.address:main"),
    "record": Task(
        "train what pages show recorded, two to three hours (NAME=..., FRESH=1)", "tools.records.engine:main"
    ),
    "bench": Task("race the fast recipe against the notes', 20 to 60 minutes (FRESH=1)", "tools.records.race:bench"),
    "class": Task(
        "editions without solutions and with them (SOLVED=rnn-by-hand shows a page's)",
        "tools.editions.classroom:classroom",
    ),
    "pdf": Task("the whole book as one PDF; needs LaTeX", "tools.editions.pdf:pdf"),
    "links": Task("check every link to other sites; needs the network", "tools.site.build:links"),
    "weigh": Task(
        "bytes and paint times against Jupyter Book's default; needs Chromium", "tools.site.weigh:main", tests=True
    ),
    "cover": Task("draw the picture of the landing page", "tools.site.cover:main"),
    "clean": Task("remove what was built; the environment and your my/ stay", "tools.__main__:clean"),
}
STANDARD_LIBRARY_ONLY = ("clean",)
# A file of tests, or a notebook, stays in one process, in the order that conftest.py gives.
TWO_AT_A_TIME = ("--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder")


def check() -> int:
    """Run linter, types, grammar and freshness; return how many of them found something."""
    from tools.book import Book
    from tools.grammar.rules import check as grammar
    from tools.notebooks import practice_problems
    from tools.notebooks import problems as staleness

    commands = (["ruff", "check", "--quiet", "."], ["ruff", "format", "--check", "--quiet", "."], ["mypy"])
    running = [subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT) for command in commands]
    book = Book()
    problems = grammar(book)
    problems += [problem for page in book.notebook_pages for problem in staleness(page) + practice_problems(page)]
    print("\n".join(problems) or "Grammar and freshness: every page is in order.")
    return sum(process.wait() != 0 for process in running) + bool(problems)


def pytest(*arguments: str) -> int:
    """Run pytest; return its exit code."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT).returncode


def test() -> int:
    """Run every test that is not slow, two processes at a time."""
    print("Testing helpers, notebooks and the site: 7 to 12 minutes on 2 cores.", flush=True)
    return pytest(*TWO_AT_A_TIME, "-m", "not slow")


def test_all() -> int:
    """Run every test."""
    print("Testing everything: about an hour on 2 cores.", flush=True)
    return pytest(*TWO_AT_A_TIME)


def test_site(site: str = "_build/html") -> int:
    """Run the tests of the site on one that is built."""
    folder = Path(site).resolve()
    if not (folder / "index.html").is_file():
        raise SystemExit(
            f"{folder} holds no built site (no index.html): run make book first, or name another with SITE=."
        )
    os.environ["NNBOOK_SITE"] = str(folder)
    return pytest("tests/site", "-m", "not slow")


def mutants(count: str = "300", seed: str = "0", module: str = "", fresh: str = "") -> int:
    """Plant small faults in the helpers; return 0 if nearly all were noticed."""
    options = ["--count", count, "--seed", seed, *(["--module", module] if module else [])]
    command = [sys.executable, "-m", "tests.mutants", *options, *(["--fresh"] if fresh else [])]
    return subprocess.run(command, cwd=ROOT).returncode


def clean() -> int:
    """Remove what was built."""
    shutil.rmtree(ROOT / "_build", ignore_errors=True)
    return 0


def list_tasks() -> int:
    """Print the tasks."""
    make = "make" if shutil.which("make") else "python -m tools"
    print("\n".join(f"  {make} {name:10} {task.help}" for name, task in TASKS.items()))
    return 0


def options_of(arguments: list[str]) -> dict[str, str]:
    """Return NAME=value as an option, a flag as an option with the value 1, and any other word as a name.

    >>> options_of(["DATA=cifar10", "--fresh", "bench"])
    {'data': 'cifar10', 'fresh': '1', 'name': 'bench'}
    """
    options = {}
    for argument in arguments:
        name, given, value = argument.partition("=")
        if given:
            options[name.lower()] = value
        elif argument.startswith("--"):
            options[argument.removeprefix("--")] = "1"
        else:
            options["name"] = f"{options['name']} {argument}" if "name" in options else argument
    return options


def run(name: str, options: dict[str, str]) -> int:
    """Do a task in this process; return its exit code."""
    module, function = TASKS[name].function.split(":")
    call = getattr(import_module(module), function)
    known = inspect.signature(call).parameters
    if unknown := [option for option in options if option not in known]:
        can = ", ".join(f"{one.upper()}=" for one in known) or "nothing"
        raise SystemExit(f"make {name} takes {can}, but got {', '.join(unknown).upper()}.")
    return call(**options) or 0


def main(arguments: list[str]) -> int:
    """Do the task that is named first, in the book's own environment; return its exit code."""
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        return list_tasks()
    name, options = arguments[0], options_of([one for one in arguments[1:] if not one.startswith("PYTHON=")])
    if name not in TASKS:
        raise SystemExit(f"There is no task {name!r}. There are: {', '.join(TASKS)}.")
    if problem := environment.assertions_problem():
        raise SystemExit(problem)
    if name in STANDARD_LIBRARY_ONLY:
        return run(name, options)
    if problem := environment.folder_problem():
        raise SystemExit(problem)
    if environment.is_inside():
        return run(name, options)
    environment.prepare(tests=TASKS[name].tests)
    return environment.enter(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
