"""The downloads of the site: notebooks, and the helpers as a wheel."""

import io
import re
import shutil
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest

from tools.book import ROOT, Book
from tools.practice import has_exercises
from tools.site.pack import pack, wheel, write_zip

BOOK = Book(ROOT)
PAGES = [page for page in BOOK.notebook_pages if page.notebook_path.is_file()]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    pack(BOOK, folder)
    return folder


def test_each_page_has_its_notebook_and_the_helpers(site):
    name, _ = wheel()
    for page in PAGES:
        stem = page.path.stem
        with zipfile.ZipFile(site / f"{page.name}.zip") as packed:
            assert packed.testzip() is None
            solved = [f"solved/{stem}.ipynb"] if has_exercises(page) else []
            assert sorted(packed.namelist()) == sorted(
                f"{stem}/{file}" for file in (f"{stem}.ipynb", *solved, name, "README.txt")
            )
            assert packed.read(f"{stem}/{stem}.ipynb") == page.offered_path.read_bytes()
            for one in solved:
                assert packed.read(f"{stem}/{one}") == page.notebook_path.read_bytes()


def test_all_notebooks_come_in_one(site):
    with zipfile.ZipFile(site / "notebooks.zip") as packed:
        names = packed.namelist()
    notebooks = [name for name in names if name.endswith(".ipynb")]
    assert len([name for name in notebooks if "/solved/" not in name]) == len(PAGES)
    assert len([name for name in notebooks if "/solved/" in name]) == sum(map(has_exercises, PAGES)) > 10
    assert "notebooks/sequences/rnn-by-hand.ipynb" in names
    assert {name for name in names if not name.endswith(".ipynb")} == {
        f"notebooks/{wheel()[0]}",
        "notebooks/README.txt",
    }


def test_only_pages_of_the_book_are_packed(tmp_path):
    """Not what an editor leaves behind, nor a page whose notebook is not made yet."""
    header = "\n".join(PAGES[0].text.splitlines()[:11])
    for name in ("made", "waiting"):
        (tmp_path / f"chapters/part/{name}.md").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"chapters/part/{name}.md").write_text(f"{header}\n\n# A title\n", "utf-8")
    left = tmp_path / "chapters/part/.ipynb_checkpoints"
    left.mkdir()
    for path in (left / "made.ipynb", left.parent / "Untitled.ipynb", left.parent / "made.ipynb"):
        nbformat.write(nbformat.v4.new_notebook(), path)
    (tmp_path / "_config.yml").write_text("title: A book\n", "utf-8")
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/part/made\nchapters:\n- file: chapters/part/waiting\n", "utf-8"
    )
    pack(Book(tmp_path), tmp_path / "site")
    made = [path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.*")]
    assert sorted(made) == ["chapters/part/made.zip", "notebooks.zip"]
    with zipfile.ZipFile(tmp_path / "site/notebooks.zip") as packed:
        assert [name for name in packed.namelist() if name.endswith(".ipynb")] == ["notebooks/part/made.ipynb"]


def test_the_same_book_gives_the_same_bytes(site, tmp_path, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    pack(BOOK, tmp_path)
    made = sorted(path.relative_to(site) for path in site.rglob("*.zip"))
    assert len(made) == len(PAGES) + 1
    assert all((site / name).read_bytes() == (tmp_path / name).read_bytes() for name in made)


def test_the_same_helpers_give_the_same_wheel(tmp_path):
    """Also in another folder, checked out at another time."""
    shutil.copytree(ROOT / "src", tmp_path / "src", copy_function=shutil.copyfile)
    for path in (ROOT / "pyproject.toml", *ROOT.glob("LICENSE*")):
        shutil.copyfile(path, tmp_path / path.name)
    assert wheel(tmp_path) == wheel(ROOT)
    with (tmp_path / "src/nnbook/text.py").open("a") as file:
        file.write("# one line\n")
    assert wheel(tmp_path) != wheel(ROOT)


def test_a_zip_that_cannot_be_written_leaves_the_old_one(tmp_path):
    write_zip(tmp_path / "a.zip", "a", {"one.txt": b"1"})
    before = (tmp_path / "a.zip").read_bytes()
    with pytest.raises(TypeError):
        write_zip(tmp_path / "a.zip", "a", {"one.txt": b"1", "two.txt": None})
    assert (tmp_path / "a.zip").read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_the_wheel_holds_every_module_and_record():
    name, data = wheel()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert name == f"nnbook-{project['version']}-py3-none-any.whl"
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        inside = {one for one in packed.namelist() if one.startswith("nnbook/")}
    source = ROOT / "src"
    wanted = {path.relative_to(source).as_posix() for path in (source / "nnbook").rglob("*") if path.is_file()}
    assert inside == {name for name in wanted if "__pycache__" not in name}


def test_every_place_that_names_wheel_or_python_says_the_same(site):
    """The page, the file in the download and the first cell; pyproject.toml decides."""
    name, _ = wheel()
    with zipfile.ZipFile(site / "notebooks.zip") as packed:
        readme = packed.read("notebooks/README.txt").decode()
    page = (ROOT / "chapters/run-it.md").read_text("utf-8")
    assert set(re.findall(r"nnbook-[\w.-]+\.whl", page + readme)) == {name}
    assert page.count(name) == readme.count(name) == 2
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"].endswith("<3.14")
    assert "(3, 11, 5) <= sys.version_info[:3] < (3, 14)" in BOOK.notebook_pages[0].setup.source
    assert "from 3.11.5 to 3.13" in page and "3.11.5 or newer, up to 3.13" in readme
