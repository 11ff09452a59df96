"""Each notebook alone, as a reader gets it: unpacked into an empty folder, where nobody knows the book's address."""

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tools.book import Book
from tools.site.pack import pack

BOOK = Book()
PAGES = BOOK.notebook_pages
CELL = PAGES[0].setup.source
SOMEWHERE = "https://github.com/me/book"


def test_the_first_cell_is_the_same_everywhere_short_and_narrow():
    assert {page.setup.source for page in PAGES} == {CELL}
    lines = [line for line in CELL.splitlines() if not line.startswith("address = ")]
    assert len(lines) < 25 and max(map(len, lines)) <= 78
    assert CELL.count("\naddress = ") == 1


class Machine:
    """Stands in for an interpreter: what can be imported, what pip is told, and what becomes of it."""

    def __init__(self, *present: str, fails: str = "", appears: bool = True) -> None:
        self.present, self.fails, self.appears = set(present), fails, appears
        self.asked: list[str] = []

    def find_spec(self, name: str) -> object:
        return object() if name in self.present else None

    def run(self, command: list[str], **_: object) -> SimpleNamespace:
        assert command[:5] == [sys.executable, "-m", "pip", "install", "--quiet"]
        self.asked += command[5:]
        if not self.fails and self.appears:
            self.present |= {"nnbook", "tensorflow"}
        return SimpleNamespace(returncode=bool(self.fails), stderr=self.fails)


@pytest.fixture
def run_cell(tmp_path, monkeypatch):
    """Run the first cell in an empty folder on a machine; return what pip was asked to install."""
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)

    def run(machine: Machine, address: str = "", version: tuple[int, ...] = (3, 12, 1)) -> list[str]:
        monkeypatch.setattr(importlib.util, "find_spec", machine.find_spec)
        monkeypatch.setattr(subprocess, "run", machine.run)
        monkeypatch.setattr(sys, "version_info", (*version, "final", 0))
        lines = (f'address = "{address}"' if one.startswith("address = ") else one for one in CELL.splitlines())
        exec("\n".join(lines), {})
        return machine.asked

    return run


def test_where_all_is_there_nothing_happens(run_cell, capsys):
    Path("nnbook-0.1.0-py3-none-any.whl").touch()
    assert run_cell(Machine("nnbook", "tensorflow"), SOMEWHERE) == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("place", [".", "..", "../..", "helpers", "../helpers", "../../helpers"])
def test_the_wheel_beside_comes_before_the_address(run_cell, place):
    Path(place).mkdir(exist_ok=True)
    file = Path(place, "nnbook-0.1.0-py3-none-any.whl").resolve()
    file.touch()
    for address in ("", SOMEWHERE):
        assert run_cell(Machine(), address) == [str(file), "tensorflow"]


def test_the_nearest_wheel_is_taken(run_cell):
    for place in ("..", "."):
        Path(place, "nnbook-0.1.0-py3-none-any.whl").touch()
    assert run_cell(Machine()) == [str(Path("nnbook-0.1.0-py3-none-any.whl").resolve()), "tensorflow"]


def test_without_a_wheel_the_address_is_taken(run_cell):
    assert run_cell(Machine("tensorflow"), SOMEWHERE) == [f"git+{SOMEWHERE}"]


def test_a_tensorflow_that_is_there_is_not_replaced(run_cell):
    Path("nnbook-0.1.0-py3-none-any.whl").touch()
    assert len(run_cell(Machine("tensorflow"))) == 1
    assert run_cell(Machine("nnbook")) == ["tensorflow"]


def test_without_wheel_and_address_one_sentence_stops(run_cell):
    Path("../../../nnbook-0.1.0-py3-none-any.whl").touch()  # too far up
    with pytest.raises(SystemExit, match=r"^The book's helpers are missing: put the .whl file [^\n]*\.$"):
        run_cell(Machine())


@pytest.mark.parametrize(
    ("version", "fits"),
    [((3, 9, 2), False), ((3, 11, 4), False), ((3, 11, 5), True), ((3, 13, 9), True), ((3, 14, 0), False)],
)
def test_a_python_that_does_not_fit_stops_in_one_sentence(run_cell, version, fits):
    machine = Machine("nnbook", "tensorflow")
    if fits:
        assert run_cell(machine, version=version) == []
    else:
        with pytest.raises(SystemExit, match=r"needs a kernel with Python 3\.11\.5 to 3\.13\.$"):
            run_cell(machine, version=version)


def test_a_failed_installation_stops_with_its_reason(run_cell):
    with pytest.raises(SystemExit, match="ERROR: no network"):
        run_cell(Machine(fails="ERROR: no network"), SOMEWHERE)
    with pytest.raises(SystemExit, match="restart the kernel"):
        run_cell(Machine(appears=False), SOMEWHERE)


def make_kernel(folder: Path, python: Path, *flags: str) -> str:
    """Describe a kernel that runs a Python; return the folder for JUPYTER_PATH."""
    spec = folder / "kernels" / "bare" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [str(python), *flags, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "bare", "language": "python"}), "utf-8")
    return str(folder)


def client_of(notebook: nbformat.NotebookNode, folder: Path) -> NotebookClient:
    """Return what executes a notebook in a folder with the bare kernel."""
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, kernel_name="bare", timeout=900, resources=resources, record_timing=False)


def test_the_sentence_stops_the_whole_notebook(tmp_path, monkeypatch):
    """In a real kernel: the cell after it does not run."""
    monkeypatch.setenv("JUPYTER_PATH", make_kernel(tmp_path / "jupyter", Path(sys.executable)))
    hidden = "import importlib.util\nimportlib.util.find_spec = lambda name: None\n"
    source = "\n".join('address = ""' if one.startswith("address = ") else one for one in CELL.splitlines())
    cells = [nbformat.v4.new_code_cell(source) for source in (hidden + source, "print('went on')")]
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    with pytest.raises(CellExecutionError, match=r"SystemExit\S* The book's helpers are missing"):
        client_of(nbformat.v4.new_notebook(cells=cells), folder).execute()
    assert cells[1].outputs == []


@pytest.fixture(scope="module")
def downloads(tmp_path_factory) -> Path:
    """The site's downloads."""
    folder = tmp_path_factory.mktemp("site")
    pack(BOOK, folder)
    return folder


@pytest.fixture(scope="module")
def bare_kernel(tmp_path_factory) -> str:
    """A kernel in an environment that holds a kernel and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "ipykernel"], check=True)
    return make_kernel(folder, python)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_notebook_runs_alone(page, downloads, bare_kernel, tmp_path, monkeypatch):
    with zipfile.ZipFile(downloads / f"{page.name}.zip") as packed:
        packed.extractall(tmp_path)
        unpacked = sorted(packed.namelist())
    folder = tmp_path / page.path.stem
    notebook = nbformat.read(folder / f"{page.path.stem}.ipynb", as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.source == CELL
    monkeypatch.setenv("JUPYTER_PATH", bare_kernel)
    installed = any(Path(bare_kernel).rglob("nnbook-*.dist-info"))
    for name in [name for name in os.environ if name.startswith("NNBOOK_") or name == "PYTHONPATH"]:
        monkeypatch.delenv(name)
    client_of(notebook, folder).execute()
    said = "".join(output.get("text", "") for output in first.outputs)
    assert ("Installing" in said) == (not installed), said  # the later ones find the helpers installed
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert left == unpacked, "a notebook leaves nothing behind"
