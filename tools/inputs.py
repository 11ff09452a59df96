"""What the pages depend on besides their own text, as one hash."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMITTED_DATA = "shapes10"  # committed notebooks always show this set


def chapter_pages(root: Path = ROOT) -> list[Path]:
    """Return every chapter page, the .md files, sorted."""
    return sorted((root / "chapters").rglob("*.md"))


def is_notebook(page: Path) -> bool:
    """Does the page have code cells, that is, a Jupytext header?"""
    return "format_name: myst" in page.read_text("utf-8")[:600]


def notebook_pages(root: Path = ROOT) -> list[Path]:
    """Return the pages that are notebooks."""
    return [page for page in chapter_pages(root) if is_notebook(page)]


def inputs_hash(data: str, root: Path = ROOT) -> str:
    """Hash the helpers, the exact versions and the name of the data set: 16 hexadecimal digits.

    Executed outputs are up to date only as long as this does not change.
    """
    digest = hashlib.sha256(data.encode())
    helpers = [path for path in (root / "src").rglob("*") if path.suffix in {".py", ".json", ".mplstyle"}]
    for path in sorted([*helpers, root / "requirements.txt"]):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_text("utf-8").encode() + b"\0")
    return digest.hexdigest()[:16]
