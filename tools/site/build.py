"""Build the book: execute the pages (cached) and write _build/html; with --pdf write _build/book.pdf.

The execution cache of Jupyter Book sees only the code cells of a page, so its folder is named after
everything else that outputs depend on: helpers, versions and data set (inputs.py).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.font_manager  # noqa: F401 - lists the fonts now: the first to do so may say that it takes a while
import yaml

from nnbook import datasets
from tools.inputs import ROOT, inputs_hash, notebook_pages
from tools.site.slim import slim


def cache_folder(data: str, root: Path = ROOT) -> Path:
    """Return the folder with the executed cells that fit today's helpers, versions and data set."""
    return root / "_build" / "cache" / inputs_hash(data, root)


def run_jupyter_book(root: Path, cache: Path, output: Path, builder: str = "html") -> int:
    """Run Jupyter Book, every warning an error; return its exit code.

    Sphinx always reads all pages anew: an incremental build does not repeat the warnings of a page
    that was not read, so that a broken book would turn green by itself.
    """
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    config["execute"]["cache"] = str(cache)
    config["sphinx"]["local_extensions"] = {"tools.site.extension": str(ROOT)}  # else relative to the derived file
    derived = output / "_build" / "config.yml"
    derived.parent.mkdir(parents=True, exist_ok=True)
    derived.write_text(yaml.safe_dump(config), "utf-8")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [str(jupyter_book), "build", str(root), "--config", str(derived), "--builder", builder]
    command += ["--path-output", str(output), "--all", "-W", "-n", "--keep-going"]
    return subprocess.run(command, cwd=root).returncode


def build(root: Path, cache: Path, output: Path) -> int:
    """Build the site; return the exit code, or 1 if there is no page to open."""
    index = output / "_build" / "html" / "index.html"
    index.unlink(missing_ok=True)
    code = run_jupyter_book(root, cache, output)
    if code or not index.is_file():
        return code or 1
    slim(index.parent)
    return 0


def build_pdf(root: Path, cache: Path, output: Path) -> int:
    """Build the whole book as one PDF, _build/book.pdf; return the exit code."""
    missing = [program for program in ("latexmk", "xelatex") if not shutil.which(program)]
    if missing:
        print(
            f"make pdf needs LaTeX, but {' and '.join(missing)} cannot be found. Install it: on Debian or Ubuntu\n"
            "  sudo apt install latexmk texlive-xetex texlive-latex-extra texlive-fonts-extra fonts-freefont-otf\n"
            "on macOS MacTeX (tug.org/mactex), on Windows MiKTeX (miktex.org); then run make pdf again."
        )
        return 1
    shutil.rmtree(output / "_build" / "latex", ignore_errors=True)  # latexmk remembers a failure
    code = run_jupyter_book(root, cache, output, "pdflatex")
    made = output / "_build" / "latex" / "book.pdf"
    if code or not made.is_file():
        return code or 1
    shutil.copyfile(made, output / "_build" / "book.pdf")
    return 0


def check_links(root: Path, cache: Path, output: Path) -> int:
    """Ask every address that a page links whether it still answers; return the exit code."""
    return run_jupyter_book(root, cache, output, "linkcheck")


TASKS = {"": build, "--pdf": build_pdf, "--links": check_links}
READY = {
    "": "The book is ready: open _build/html/index.html (or run `make serve`).",
    "--pdf": "The book is ready: _build/book.pdf",
    "--links": "Every link answers.",
}


def main() -> None:
    task = "".join(sys.argv[1:])
    if task not in TASKS:
        sys.exit(f"usage: python -m tools.site.build [--pdf | --links], but got {task!r}.")
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
        minutes = "3 to 6 minutes" if data == "shapes10" else "5 to 12 minutes"
        print(f"Building the book on {data}: executing {pages} pages takes {minutes} on 2 cores, the first time.")
    code = TASKS[task](ROOT, cache, ROOT)
    if code:
        sys.exit(f"NOT done (exit code {code}): read the first warning or error above that names a page.")
    print(READY[task])


if __name__ == "__main__":
    main()
