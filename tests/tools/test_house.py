"""The frame: tasks, exact versions, and reasons for what is installed."""

import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from tools.__main__ import TASKS
from tools.book import ROOT
from tools.editions.pdf import pdf

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def make(*arguments):
    """Return what make says."""
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


needs_make = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


@needs_make
def test_make_alone_lists_every_task():
    assert set(re.findall(r"^ *make ([\w-]+) +\S", make(), flags=re.M)) == set(TASKS)


@needs_make
@pytest.mark.parametrize("task", TASKS)
def test_make_does_a_task_as_python_does(task):
    assert make("-n", task, "DATA=x").split()[1:] == ["-E", "-m", "tools", task, "DATA=x"]


def test_make_knows_every_task_and_no_other():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^TASKS := (.*)$", makefile, flags=re.M)[1].split() == list(TASKS)


def test_an_unknown_task_says_which_there_are():
    done = subprocess.run([sys.executable, "-m", "tools", "epub"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert all(task in done.stdout + done.stderr for task in TASKS)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_version_is_exact_and_no_index_is_named(name):
    lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if line.strip()]
    assert all(re.match(r"^[A-Za-z0-9._-]+==[\w.]+( ; .+)?$", line) for line in lines)


def test_development_versions_agree_with_the_books():
    book, development = (
        set((ROOT / name).read_text("utf-8").splitlines()) for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert book <= development


def direct_dependencies():
    """Return the names of what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return {re.match(r"[\w.-]+", line)[0] for line in named}


def reasons_in(text):
    """Return, from the table of dependencies, each name in the first column with its reason."""
    table = text.partition("\n## Dependencies\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")][2:]
    return {name.strip(): reason.strip() for names, reason in rows for name in re.sub(r"\(.*?\)", "", names).split(",")}


def reason_problems(text, dependencies):
    """Return dependencies without a reason, and reasons without a dependency; TensorFlow's two forms share one."""
    reasons = reasons_in(text)
    wanted = {name.removesuffix("-cpu") for name in dependencies}
    return sorted(wanted ^ {name for name, reason in reasons.items() if reason})


def test_each_direct_dependency_has_its_reason():
    assert reason_problems(CONTRIBUTING, direct_dependencies()) == []


TABLE = """
## Dependencies

| package | reason |
|---|---|
| a (1.x), b | both need c |
| d | x |

## Editions

| edition | made by |
|---|---|
| e | f |
"""


@pytest.mark.parametrize(
    ("dependencies", "problems"),
    [("abd", []), ("ab", ["d"]), ("abcd", ["c"]), ("abde", ["e"]), (["a", "b-cpu", "d"], [])],
)
def test_a_dependency_without_its_reason_is_found(dependencies, problems):
    assert reason_problems(TABLE, dependencies) == problems


def test_a_reason_that_is_empty_is_none():
    assert reason_problems(TABLE.replace("| d | x |", "| d | |"), "abd") == ["d"]


def test_each_direct_dependency_is_pinned():
    pinned = (ROOT / "requirements-dev.txt").read_text("utf-8")
    assert [name for name in direct_dependencies() if not re.search(rf"^{name}==", pinned, flags=re.M)] == []


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff_is_clean(command):
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_pdf_without_latex_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pdf() == 1
    said = capsys.readouterr().out
    assert "latexmk and xelatex cannot be found" in said and "apt install" in said and "MiKTeX" in said
