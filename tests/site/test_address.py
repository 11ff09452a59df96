"""The address of the repository: set everywhere by one command, or nowhere."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml

from tools.book import ROOT, Book
from tools.site import address

A, B = "https://github.com/first/book-a", "https://gitlab.com/school/team/book-b"


@pytest.fixture
def house(tmp_path) -> Path:
    """What the command reads, with no address set, and notebooks with the first cell of their page."""
    for name in ("_config.yml", "_toc.yml", "README.md", "CITATION.cff", "chapters"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, tmp_path / name)
    if url := address.current(tmp_path):  # this checkout has one: take it out
        for path in (path for kind in ("yml", "md", "cff") for path in tmp_path.rglob(f"*.{kind}")):
            text = path.read_text("utf-8").replace(f"<{url}>", "not set").replace(f"repository-code: {url}\n", "")
            path.write_text(text.replace(f'"{url}"', '""'), "utf-8")
    for page in Book(tmp_path).notebook_pages:
        notebook = nbformat.read(page.notebook_path, as_version=4)
        next(cell for cell in notebook.cells if cell.cell_type == "code").source = page.setup.source
        nbformat.write(notebook, page.notebook_path)
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_it_is_set_everywhere(house):
    assert address.current(house) == "" and "make address URL=" in address.notice(house)
    address.set_address(house, A)
    assert address.current(house) == A and address.notice(house) == ""
    assert yaml.safe_load((house / "CITATION.cff").read_text("utf-8"))["repository-code"] == A
    assert f"The address of the repository: <{A}>\n" in (house / "README.md").read_text("utf-8")
    for page in Book(house).notebook_pages:
        assert f'address = "{A}"\n' in page.setup.source
        assert next(cell for cell in page.notebook.cells if cell.cell_type == "code").source == page.setup.source


def test_nothing_else_changes(house):
    before = contents(house)
    changed = address.set_address(house, A)
    after = contents(house)
    assert {name for name in after if after[name] != before.get(name)} == set(changed)
    assert before.keys() == after.keys()
    pages = [page.name for page in Book(house).notebook_pages]
    files = [f"{page}.{kind}" for page in pages for kind in ("md", "ipynb")]
    assert sorted(changed) == sorted([*files, "README.md", "_config.yml", "CITATION.cff"])
    for name in changed:
        lines = [set(one[name].splitlines()) for one in (before, after)]
        assert len(lines[1] - lines[0]) == 1 and len(lines[0] - lines[1]) <= 1, name
        if name.endswith(".ipynb"):
            outputs = [[cell.get("outputs") for cell in json.loads(one[name])["cells"]] for one in (before, after)]
            assert outputs[0] == outputs[1]


def test_it_can_be_repeated_with_another(house):
    address.set_address(house, B)
    only_b = contents(house)
    address.set_address(house, A)
    assert any(A.encode() in text for text in contents(house).values())
    address.set_address(house, B)
    assert contents(house) == only_b
    assert not any(b"book-a" in text for text in only_b.values())
    assert address.set_address(house, B) == []


def test_comments_and_other_settings_stay(house):
    before = (house / "_config.yml").read_text("utf-8")
    address.set_address(house, A)
    assert (house / "_config.yml").read_text("utf-8") == before.replace('  url: ""\n', f'  url: "{A}"\n')


@pytest.mark.parametrize("spoil", ["_config.yml", "README.md", "chapters/words/two-apples.md"])
def test_nothing_is_half_written_when_a_file_has_no_place_for_it(house, spoil):
    text = (house / spoil).read_text("utf-8")
    for old in ('url: ""', "The address of the repository", 'address = ""'):
        text = text.replace(old, "gone")
    (house / spoil).write_text(text, "utf-8")
    before = contents(house)
    with pytest.raises(ValueError, match="must have one place for the address, but has 0"):
        address.set_address(house, A)
    assert contents(house) == before


def test_nothing_is_half_written_when_the_disk_is_full(house, monkeypatch):
    before, write, written = contents(house), Path.write_bytes, []

    def full(path, data):
        written.append(path)
        if len(written) > 5:
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        address.set_address(house, A)
    assert len(written) > 5 and contents(house) == before


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://github.com/me/book", "https://github.com/me/book"),
        (" https://github.com/me/book/ \n", "https://github.com/me/book"),
        ("https://www.GitHub.com/Me/book.git", "https://github.com/Me/book"),
        ("https://github.com/me/book.git/", "https://github.com/me/book"),
        ("git@github.com:me/book.git", "https://github.com/me/book"),
        ("ssh://git@github.com/me/book.git", "https://github.com/me/book"),
        ("https://github.com/me/book.of.nets", "https://github.com/me/book.of.nets"),
        ("https://gitlab.com/school/team/book", "https://gitlab.com/school/team/book"),
        ("https://git.school.edu:8443/me/book", "https://git.school.edu:8443/me/book"),
    ],
)
def test_normal_form(given, taken):
    assert address.normal(given) == taken


@pytest.mark.parametrize(
    "given",
    [
        "",
        "https://...",
        "book",
        "http://github.com/me/book",
        "github.com/me/book",
        "https://github.com/me",
        "https://github.com/me/book/tree/main",
        "https://github.com/me/book?tab=readme",
        "https://github.com/me/book#readme",
        "https://gitlab.com/me/book/-/tree/main",
        "https://me:secret@github.com/me/book",
        "https://github.com/me/my book",
        'https://github.com/me/book"; import os #',
        "https://github.com/me/book'",
        "https://github.com/me/..",
        "https://github.com//book",
        "https://github.com/me/bücher",
        "https://github.com/me/book\nx",
        "file:///home/me/book",
    ],
)
def test_what_is_no_address_is_refused_in_one_sentence(house, given):
    before = contents(house)
    with pytest.raises(ValueError, match=r"^the address must [^\n]*; [^\n]+$"):
        address.set_address(house, given)
    assert contents(house) == before


def test_the_command_says_what_is_set_and_how_to_set_it(house, monkeypatch, capsys):
    monkeypatch.setattr(address, "ROOT", house)
    address.main()
    assert "not set" in capsys.readouterr().out
    address.main(A)
    assert A in capsys.readouterr().out and address.current(house) == A
    address.main()
    assert A in capsys.readouterr().out
    with pytest.raises(SystemExit, match="make address: the address must"):
        address.main("nowhere")


def test_this_checkout_has_the_address_everywhere_or_nowhere():
    url = address.current(ROOT)
    assert {f'address = "{url}"' in page.setup.source for page in Book(ROOT).notebook_pages} == {True}
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation.get("repository-code", "") == url
    assert (f"<{url}>" if url else "The address of the repository: not set\n") in (ROOT / "README.md").read_text(
        "utf-8"
    )
