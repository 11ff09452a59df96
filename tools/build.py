"""Build the site: execute the pages (cached) and write _build/html.

The execution cache of Jupyter Book sees only the code cells of a page, so its folder is named after
everything else that outputs depend on: helpers, versions and data set (inputs.py).
"""

import os
import subprocess
import sys
from pathlib import Path

import yaml
from inputs import ROOT, inputs_hash, notebook_pages

from nnbook import datasets


def cache_folder(data: str, root: Path = ROOT) -> Path:
    """Return the folder with the executed cells that fit today's helpers, versions and data set."""
    return root / "_build" / "cache" / inputs_hash(data, root)


def build(root: Path, cache: Path, output: Path) -> int:
    """Run Jupyter Book, every warning an error; return its exit code, or 1 if there is no page to open.

    Sphinx always reads all pages anew: an incremental build does not repeat the warnings of a page
    that was not read, so that a broken book would turn green by itself.
    """
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    config["execute"]["cache"] = str(cache)
    derived = output / "_build" / "config.yml"
    derived.parent.mkdir(parents=True, exist_ok=True)
    derived.write_text(yaml.safe_dump(config), "utf-8")
    index = output / "_build" / "html" / "index.html"
    index.unlink(missing_ok=True)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [str(jupyter_book), "build", str(root), "--config", str(derived)]
    command += ["--path-output", str(output), "--all", "-W", "-n", "--keep-going"]
    code = subprocess.run(command, cwd=root).returncode
    return code or (0 if index.is_file() else 1)


def main() -> None:
    data = os.environ.get("NNBOOK_DATA") or "shapes10"
    try:
        if data == "cifar10":
            datasets.find_cifar10()
        elif data not in datasets.NAMES:
            raise ValueError(f"DATA must be one of {', '.join(datasets.NAMES)}, but is {data!r}.")
    except (ValueError, OSError) as error:
        sys.exit(f"make book: {error}")
    cache = cache_folder(data)
    pages = len(notebook_pages())
    if cache.exists():
        print(f"Building the book on {data}. Pages whose code did not change are not executed again.")
    else:
        minutes = "2 to 4 minutes" if data == "shapes10" else "5 to 12 minutes"
        print(f"Building the book on {data}: executing {pages} pages takes {minutes} on 2 cores, the first time.")
    code = build(ROOT, cache, ROOT)
    if code:
        sys.exit(f"The book was NOT built (exit code {code}): read the first warning or error above.")
    print(f"The book is ready: open {ROOT / '_build' / 'html' / 'index.html'} (or run `make serve`).")


if __name__ == "__main__":
    main()
