"""The frame: tasks, exact versions, and words that must not be in the repository."""

import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT
from tools.site.build import build_pdf

TASKS = (
    "book",
    "test",
    "test-all",
    "notebooks",
    "lab",
    "serve",
    "cifar10",
    "links",
    "pdf",
    "weigh",
    "record",
    "bench",
    "clean",
)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_alone_lists_the_tasks():
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"make {task} " in said for task in TASKS)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_version_is_exact_and_no_index_is_named(name):
    lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if line.strip()]
    assert all(re.match(r"^[A-Za-z0-9._-]+==[\w.]+( ; .+)?$", line) for line in lines)


def test_development_versions_agree_with_the_books():
    book, development = (
        set((ROOT / name).read_text("utf-8").splitlines()) for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert book <= development


def test_each_direct_dependency_is_pinned_and_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    names = {re.match(r"[\w-]+", line)[0] for line in named}
    pinned = (ROOT / "requirements-dev.txt").read_text("utf-8")
    reasons = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for name in names:
        assert re.search(rf"^{name}==", pinned, flags=re.M), name
        assert name in reasons or name == "tensorflow-cpu", name


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff_is_clean(command):
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_pdf_without_latex_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert build_pdf(ROOT, tmp_path / "cache", tmp_path) == 1
    said = capsys.readouterr().out
    assert "latexmk and xelatex cannot be found" in said and "apt install" in said and "MiKTeX" in said


def test_an_unknown_task_says_which_there_are():
    done = subprocess.run(
        [sys.executable, "-m", "tools.site.build", "--epub"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1 and "--pdf | --links" in done.stderr
