"""The book's environment: what it lets through, when it is made, and whose it is."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.house import HEADER, small_book
from tools import environment
from tools.book import ROOT
from tools.environment import surroundings

FOREIGN = {
    "MPLBACKEND": "Agg",
    "MATPLOTLIBRC": "/somewhere",
    "PYTHONPATH": "/somewhere",
    "PYTHONOPTIMIZE": "1",
    "PYTHONSTARTUP": "/somewhere.py",
    "PYTHONHOME": "/somewhere",
    "PYTHONWARNINGS": "error",
    "PYTHONSAFEPATH": "1",
    "NO_COLOR": "1",
    "FORCE_COLOR": "1",
    "KERAS_BACKEND": "torch",
    "JUPYTER_PATH": "/somewhere",
    "IPYTHONDIR": "/somewhere",
    "TF_XLA_FLAGS": "--tf_xla_auto_jit=2",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "PIP_TARGET": "/somewhere",
    "PIP_USER": "1",
    "PIP_NO_DEPS": "1",
    "PIP_REQUIREMENT": "other.txt",
    "DATA": "/scratch",
    "PYTEST_ADDOPTS": "-k nothing",
}
NEEDED = {
    "PATH": "/usr/bin",
    "HOME": "/home/somebody",
    "https_proxy": "http://proxy:3128",
    "HTTPS_PROXY": "http://proxy:3128",
    "PIP_INDEX_URL": "https://packages.example.org/simple",
    "PIP_CERT": "/etc/certificates.pem",
    "SSL_CERT_FILE": "/etc/certificates.pem",
    "LC_ALL": "de_DE.UTF-8",
    "NNBOOK_CIFAR10": "/data",
    "SystemRoot": r"C:\Windows",
}


def test_what_is_not_named_is_not_let_through(tmp_path):
    seen = surroundings(FOREIGN, tmp_path)
    assert {name: seen[name] for name in FOREIGN if name in seen} == {
        "KERAS_BACKEND": "tensorflow",
        "IPYTHONDIR": str(tmp_path / ".venv/home/ipython"),
    }


def test_what_the_network_the_system_and_the_readme_name_is_let_through(tmp_path):
    assert NEEDED.items() <= surroundings(NEEDED, tmp_path).items()


def test_surroundings_are_those_of_the_book_again_and_again(tmp_path):
    once = surroundings(FOREIGN | NEEDED, tmp_path)
    assert surroundings(once, tmp_path) == once


FIGURE = """# A page

```{code-cell} ipython3
---
mystnb:
  image:
    alt: A line that rises from nought to one and ends there.
---
import matplotlib.pyplot as plt

plt.plot([0, 1])
plt.show()
```

```{code-cell} ipython3
import os

import numpy as np

print(np.ones(2), __debug__, os.environ["KERAS_BACKEND"])
```
"""
EXECUTE = """
import sys
from pathlib import Path
from tools import execute
from tools.book import Page
root = Path(sys.argv[1])
page = Page(root / "chapters/sequences/page.md", root)
execute.write(execute.execute(page, "shapes10"), root / "out.ipynb")
"""


def outputs_of(root: Path, given: dict[str, str]) -> list[dict]:
    """Execute the page of a small book in what is let through of an environment; return its outputs."""
    command = [sys.executable, "-c", EXECUTE, str(root)]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(os.environ | given, root), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", done.stderr
    cells = nbformat.read(root / "out.ipynb", as_version=4).cells
    return [dict(output) for cell in cells if cell.cell_type == "code" for output in cell.outputs]


def plant(folder: Path) -> dict[str, str]:
    """Lay out what a user's environment may hold; return the variables that lead to it."""
    for name, text in {
        "modules/numpy.py": "raise ImportError('a foreign numpy')",
        "ipython/profile_default/startup/hello.py": "print('hello from a profile')",
        "config/matplotlibrc": "figure.dpi: 20\nbackend: Agg\n",
        "jupyter/kernels/python3/kernel.json": json.dumps(
            {"argv": ["false"], "display_name": "x", "language": "python"}
        ),
        "keras/keras.json": json.dumps({"floatx": "float16", "backend": "torch"}),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return {
        "PYTHONPATH": str(folder / "modules"),
        "IPYTHONDIR": str(folder / "ipython"),
        "MPLCONFIGDIR": str(folder / "config"),
        "MATPLOTLIBRC": str(folder / "config"),
        "JUPYTER_PATH": str(folder / "jupyter"),
        "JUPYTER_DATA_DIR": str(folder / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "KERAS_HOME": str(folder / "keras"),
        "KERAS_BACKEND": "torch",
        "MPLBACKEND": "Agg",
        "PYTHONOPTIMIZE": "1",
        "NO_COLOR": "1",
    }


def test_a_users_environment_changes_no_output(tmp_path):
    root = tmp_path / "a folder with %20 in its name"
    small_book(root, {"sequences/page": HEADER + "\n" + FIGURE}, notebooks=False)
    clean = outputs_of(root, {})
    assert [output["output_type"] for output in clean] == ["display_data", "stream"]
    assert clean[1]["text"] == "[1. 1.] True tensorflow\n"
    assert outputs_of(root, plant(tmp_path / "user")) == clean


@pytest.mark.parametrize("variable", ["PYTHONPATH", "PYTHONHOME"])
def test_the_door_opens_whatever_python_is_told(tmp_path, variable):
    (tmp_path / "json.py").write_text("raise ImportError('a foreign json')", "utf-8")
    command = [sys.executable, "-E", "-m", "tools"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {variable: str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 0 and "test-all" in done.stdout, done.stderr


@pytest.mark.parametrize("switch", ["-O", "-OO"])
def test_assertions_switched_off_are_refused(switch):
    command = [sys.executable, switch, "-m", "tools", "test"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0 and "run without -O" in done.stderr
    command = [sys.executable, switch, "-m", "pytest", "-q", "tests/tools/test_environment.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0 and "run without -O" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ((3, 10, 9), False),
        ((3, 11, 4), False),
        ((3, 11, 5), True),
        ((3, 12, 0), True),
        ((3, 13, 9), True),
        ((3, 14, 0), False),
    ],
)
def test_pythons_that_the_versions_allow(version, fits):
    assert (environment.unsupported(version) == "") == fits


def test_python_is_said_alike_everywhere():
    project = environment.version_in((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project == ">=3.11.5,<3.14"
    assert environment.WHICH in " ".join((ROOT / "README.md").read_text("utf-8").split())


@pytest.fixture
def installer(tmp_path, monkeypatch):
    """A folder of the book, and the commands that preparing its environment would run."""
    root = tmp_path / "book"
    root.mkdir()
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, root / name)
    commands = []

    def pretend(command, where):
        commands.append(" ".join(command[1:]))
        if "venv" in command:
            environment.python(where).parent.mkdir(parents=True, exist_ok=True)
            environment.python(where).touch()

    monkeypatch.setattr(environment, "_run", pretend)
    return root, commands


def test_the_environment_is_made_once(installer):
    root, commands = installer
    environment.prepare(root)
    assert [command.split()[1] for command in commands] == ["venv", "pip", "pip"]
    commands.clear()
    environment.prepare(root)
    assert commands == []
    environment.prepare(root, tests=True)
    assert len(commands) == 1 and commands[0].endswith("-r requirements-dev.txt")


def test_a_changed_version_is_installed(installer):
    root, commands = installer
    environment.prepare(root)
    commands.clear()
    (root / "requirements.txt").write_text("numpy==1.0\n", "utf-8")
    environment.prepare(root)
    assert len(commands) == 1 and commands[0].endswith("-r requirements.txt")


@pytest.mark.parametrize("how", [shutil.copytree, shutil.move])
def test_an_environment_of_another_folder_is_made_again(installer, capsys, how):
    root, commands = installer
    environment.prepare(root)
    other = root.with_name("book-2027")
    how(root, other)
    commands.clear()
    environment.prepare(other)
    assert commands[0].startswith("-m venv")
    assert "made for another folder" in capsys.readouterr().out
    assert json.loads((other / ".venv/book.json").read_text("utf-8"))["folder"] == str(other)


def test_an_environment_that_was_not_finished_is_made_again(installer, monkeypatch):
    root, commands = installer
    pretend = environment._run

    def breaks_off(command, where):
        if "pip" in command:
            raise SystemExit("no network")
        pretend(command, where)

    monkeypatch.setattr(environment, "_run", breaks_off)
    with pytest.raises(SystemExit):
        environment.prepare(root)
    assert not (root / ".venv/book.json").exists()
    monkeypatch.setattr(environment, "_run", pretend)
    commands.clear()
    environment.prepare(root)
    assert len(commands) == 3


def test_a_folder_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    assert environment.folder_problem(tmp_path) == ""
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    assert "Copy the book to a folder of yours" in environment.folder_problem(tmp_path)
