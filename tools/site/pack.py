"""What a reader downloads to run pages anywhere: notebooks, with the helpers of the book as a wheel beside them."""

import io
import zipfile
from pathlib import Path

from flit_core.wheel import WheelBuilder

from tools.book import ROOT, Book, Page

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same time for every file, so that the same book gives the same bytes
SOLVED = "solved"  # the folder of the notebooks with solutions
README = """\
{title}

You need Python 3.11.5 or newer, up to 3.13, and about 4 GB of free disk.
In a terminal, in this folder:

Linux and macOS
    python3 -m venv .venv
    .venv/bin/python -m pip install {wheel} tensorflow jupyterlab
    .venv/bin/jupyter lab

Windows, with 3.12 (or the version that you have)
    py -3.12 -m venv .venv
    .venv\\Scripts\\python -m pip install {wheel} tensorflow jupyterlab
    .venv\\Scripts\\jupyter lab

A browser opens: open a notebook there, and run its cells from the top.
If there is a folder called solved, it has the same notebooks with solutions.
The .whl file holds the book's helpers. Leave it where it is: the first cell
of a notebook looks for it.
"""


def pack(book: Book, site: Path) -> None:
    """Put the downloads into a built site: notebooks.zip, and beside each page with a notebook one of its own.

    Args:
        book: the book, whose committed notebooks are taken.
        site: the folder of the built site.
    """
    name, helpers = wheel()
    pages = [page for page in book.notebook_pages if page.offered_path.is_file()]
    for page in pages:
        readme = README.format(title=page.title, wheel=name)
        files = notebooks_of(page, f"{page.path.stem}.ipynb") | {name: helpers, "README.txt": readme.encode()}
        write_zip(site / f"{page.name}.zip", page.path.stem, files)
    readme = README.format(title=book.config["title"], wheel=name)
    files = {name: helpers, "README.txt": readme.encode()}
    for page in pages:
        files |= notebooks_of(page, page.notebook_path.relative_to(book.root / "chapters").as_posix())
    write_zip(site / "notebooks.zip", "notebooks", files)


def notebooks_of(page: Page, name: str) -> dict[str, bytes]:
    """Return the notebooks of a page by their names: the one to work in, and, where that is another, the solved one."""
    found = {name: page.offered_path.read_bytes()}
    if page.offered_path != page.notebook_path and page.notebook_path.is_file():
        found[f"{SOLVED}/{name}"] = page.notebook_path.read_bytes()
    return found


def wheel(root: Path = ROOT) -> tuple[str, bytes]:
    """Return the helpers as a wheel: its file name and its bytes, the same for the same helpers."""
    file = io.BytesIO()
    builder = WheelBuilder.from_ini_path(root / "pyproject.toml", file)
    builder.source_time_stamp = LONG_AGO
    builder.build()
    return builder.wheel_filename, file.getvalue()


def write_zip(path: Path, folder: str, files: dict[str, bytes]) -> None:
    """Write files into a .zip, all in one folder; beside first, then renamed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", LONG_AGO)
            entry.create_system = 3  # Unix, whatever system this is
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(file.getvalue())
    new.replace(path)
