"""The whole book as one PDF."""

import shutil
import subprocess
from pathlib import Path

from tools.book import ROOT, Book
from tools.site.build import bring_outputs, chosen, made, run_jupyter_book

LATEXMK = ("latexmk", "-pdfxe", "-dvi-", "-ps-", "-interaction=nonstopmode", "book.tex")


def pdf(data: str = "") -> int:
    """Build the whole book as one PDF, _build/book.pdf; return the exit code."""
    if lacks_latex():
        return 1
    name = chosen(data)
    if bring_outputs(Book(ROOT), name, again=False):
        return 1
    code = printed(ROOT, name, ROOT / "_build" / "book.pdf")
    if not code:
        print("The book is ready: _build/book.pdf")
    return code


def lacks_latex() -> bool:
    """Say what is missing for a PDF, if anything is."""
    missing = [program for program in ("latexmk", "xelatex") if not shutil.which(program)]
    if missing:
        print(
            f"make pdf needs LaTeX, but {' and '.join(missing)} cannot be found. Install it: on Debian or Ubuntu\n"
            "  sudo apt install latexmk texlive-xetex texlive-latex-extra texlive-fonts-extra fonts-freefont-otf\n"
            "on macOS MacTeX (tug.org/mactex), on Windows MiKTeX (miktex.org); then run make pdf again."
        )
    return bool(missing)


def printed(root: Path, data: str, target: Path) -> int:
    """Build a book whose pages are executed as one PDF; return the exit code.

    Args:
        root: the folder of the book.
        data: the picture set.
        target: where the PDF goes.
    """
    if lacks_latex():
        return 1
    folder = root / "_build" / "latex"
    shutil.rmtree(folder, ignore_errors=True)  # latexmk remembers a failure
    if made(lambda: run_jupyter_book(root, root, data, "latex"), root, "latex"):
        return 1
    with (root / "_build" / "log" / "pdf.txt").open("w", encoding="utf-8") as log:
        code = subprocess.run(LATEXMK, cwd=folder, stdout=log, stderr=subprocess.STDOUT).returncode
    if code:
        print("NOT done: LaTeX stopped; _build/log/pdf.txt says why.")
        return code
    shutil.copyfile(folder / "book.pdf", target)
    return 0
