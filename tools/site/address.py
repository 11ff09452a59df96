"""The address of the repository: one command sets it everywhere, and while it is not set nothing leads to it."""

import json
import re
import shutil
import sys
from pathlib import Path

from tools.book import ROOT, SETUP_TAG, Book

EXAMPLE = "https://github.com/me/book"
WEB = re.compile(r"https://(?:www\.)?([a-z0-9.-]+(?::\d+)?)/(.+)", re.I)
SSH = re.compile(r"(?:ssh://)?git@([a-z0-9.-]+)[:/](.+)", re.I)
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
# Where the address stands outside of the pages: what is before it, and the address itself.
IN_CONFIG = re.compile(r"^(repository:\r?\n(?:[ \t].*\n)*?[ \t]+url: *)(\S+)", re.M)
IN_README = re.compile(r"(The address of the repository: )(not set|<\S+>)")
IN_CITATION = re.compile(r"^(repository-code: )(.*)\n", re.M)
IN_CELL = re.compile(r'^( *address = )"(.*)"$', re.M)


def normal(url: str) -> str:
    """Return the address of a repository in its normal form.

    Args:
        url: an address as people copy it: from the browser, or what `git clone` takes.

    Raises:
        ValueError: it is not the address of a repository that others can reach by https.

    >>> normal("git@github.com:me/book.git")
    'https://github.com/me/book'
    """
    found = WEB.fullmatch(url.strip()) or SSH.fullmatch(url.strip())
    parts = found[2].removesuffix("/").removesuffix(".git").split("/") if found else []
    if not found or len(parts) < 2 or not all(NAME.fullmatch(part) for part in parts):
        raise ValueError(f"the address must be one like {EXAMPLE}, but is {url!r}; copy it from the repository's page.")
    host = found[1].lower()
    if host == "github.com" and len(parts) > 2:
        raise ValueError(f"the address must end with the repository's name; take https://{host}/{'/'.join(parts[:2])}.")
    return f"https://{host}/{'/'.join(parts)}"


def current(root: Path) -> str:
    """Return the address that is set in _config.yml, or an empty string."""
    return Book(root).config["repository"]["url"]


def notice(root: Path) -> str:
    """Return one line for whoever builds the site without an address; an empty string if there is one."""
    if current(root):
        return ""
    return (
        "No address is set: links to Colab, Binder, a class hub and the issue list are left out; "
        "`make address URL=https://...` sets it."
    )


def set_address(root: Path, url: str) -> list[str]:
    """Set the address in the configuration, the first cells of pages and notebooks, the README and CITATION.cff.

    Nothing is executed: no output depends on the first cell.

    Args:
        root: the folder of the book.
        url: the address, in any form that `normal` takes.

    Returns:
        The files that changed, from the root.

    Raises:
        ValueError: the address is none, or a file has no place for it; then no file is changed.
    """
    texts = _texts(Book(root), normal(url))
    changed = {path: text for path, text in texts.items() if text != _read(path)}
    _write_all(changed)
    return [path.relative_to(root).as_posix() for path in changed]


def _texts(book: Book, url: str) -> dict[Path, str]:
    """Return all files that hold the address, as they are to be."""
    config, readme, citation = (book.root / name for name in ("_config.yml", "README.md", "CITATION.cff"))
    texts = {
        config: _put(IN_CONFIG, _read(config), f'"{url}"', config),
        readme: _put(IN_README, _read(readme), f"<{url}>", readme),
        citation: IN_CITATION.sub("", _read(citation)) + f"repository-code: {url}\n",
    }
    for page in book.notebook_pages:
        if page.setup is None:
            raise ValueError(f"{page.path} must begin with the cell that installs the helpers, but has none; copy it.")
        cell = _put(IN_CELL, page.setup.source, f'"{url}"', page.path)
        texts[page.path] = _read(page.path).replace(page.setup.source, cell, 1)
        for path in {page.notebook_path, page.offered_path}:
            if path.is_file():
                texts[path] = _notebook(path, url)
    return texts


def _notebook(path: Path, url: str) -> str:
    """Return a notebook with the address in its first cell, and all else as it was."""
    notebook = json.loads(_read(path))
    for cell in notebook["cells"]:
        if SETUP_TAG in cell["metadata"].get("tags", []):
            cell["source"] = _put(IN_CELL, "".join(cell["source"]), f'"{url}"', path).splitlines(keepends=True)
            break
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"  # as nbformat writes


def _put(place: re.Pattern[str], text: str, value: str, path: Path) -> str:
    text, count = place.subn(lambda match: match[1] + value, text)
    if count != 1:
        raise ValueError(f"{path} must have one place for the address, but has {count}; get it back from git.")
    return text


def _read(path: Path) -> str:
    return path.read_bytes().decode()  # the ends of lines as they are


def _write_all(texts: dict[Path, str]) -> None:
    """Write files beside, then rename: what fails on the way changes none."""
    beside = {path: path.with_name(f"{path.name}.new") for path in texts}
    try:
        for path, new in beside.items():
            new.write_bytes(texts[path].encode())
            shutil.copymode(path, new)
        for path, new in beside.items():
            new.replace(path)
    finally:
        for new in beside.values():
            new.unlink(missing_ok=True)


def main(url: str = "") -> None:
    """Set the address and say which files changed; without one, say what is set."""
    if not url:
        print(f"The address is {current(ROOT) or 'not set'}. To set it: make address URL={EXAMPLE}")
        return
    try:
        changed = set_address(ROOT, url)
    except (ValueError, OSError) as error:
        sys.exit(f"make address: {error}")
    print(f"The address is {normal(url)}; {len(changed)} files changed.")


if __name__ == "__main__":
    main(*sys.argv[1:])
