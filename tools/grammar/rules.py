"""The grammar of a page (CONTRIBUTING.md), checked.

python -m tools.grammar.rules     print what is wrong in any page; exit 1 if anything is
"""

import itertools
import re
import statistics
import sys
from pathlib import Path

import jupytext
import nbformat
import yaml
from nbformat import NotebookNode

from tools.inputs import ROOT, chapter_pages, is_notebook, notebook_pages

MAX_LINES = 25
MAX_COLUMNS = 78  # what a page shows without scrolling on a laptop
MEDIAN_LINES = 4
MAX_BACK_TO_BACK = 0.15
WORDS_A_MINUTE = 180
OPENING = ("**What you will do.**", "**What you will learn.**", "**What you need.**", "**Time.**")
CLOSING = ("## Summary", "## Further reading")
# What a notebook would show as it is, because only the site understands it.
RAW_MYST = re.compile(r"^:::|^```\{(?!code-cell)[^}]*\}|\{[a-z:+-]+\}`|^\([\w-]+\)=$", re.M)


def alt_of(cell: NotebookNode) -> str:
    """Return the alternative text of a cell's figure, or an empty string."""
    return " ".join(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "").split())


def alt_problem(alt: str) -> str:
    """Say what keeps a text from standing in for a picture; an empty string if nothing does."""
    if not alt:
        return "has no alt text"
    if re.search(r"\.(png|svg|jpe?g)\b", alt):
        return f"has a file name as alt text: {alt[:60]!r}"
    if len(alt.split()) < 8 or not alt.endswith("."):
        return f"has an alt text that is not a sentence of eight words or more: {alt[:60]!r}"
    return ""


def lines_of(cell: NotebookNode) -> int:
    """Count the lines of a cell that are not blank."""
    return len([line for line in cell.source.splitlines() if line.strip()])


def page_problems(page: Path) -> list[str]:
    """Return what a page's text breaks of the grammar, in sentences."""
    text = page.read_text("utf-8")
    found = []
    levels = [len(mark) for mark in re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.S), flags=re.M)]
    if levels[:1] != [1] or levels.count(1) != 1:
        found.append("needs one title, a line that starts with a single #, before all other headings")
    if any(after > before + 1 for before, after in itertools.pairwise(levels)):
        found.append("skips a level of headings")
    for alt, target in re.findall(r"!\[(.*?)\]\((.*?)\)", text, flags=re.S):
        if problem := alt_problem(" ".join(alt.split())):
            found.append(f"picture {target} {problem}")
    if is_notebook(page):
        found += _notebook_page_problems(page, text)
    return found


def _notebook_page_problems(page: Path, text: str) -> list[str]:
    notebook = jupytext.read(page)
    cells = [cell for cell in notebook.cells if cell.source.strip()]
    code = [cell for cell in cells if cell.cell_type == "code"]
    found = [f"lacks {part!r}" for part in (*OPENING, *CLOSING) if part not in text]
    found += _numbering_problems(cells) + _setup_problems(code)
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    if raw := RAW_MYST.search(prose):
        found.append(f"has {raw[0]!r}, which a notebook shows as it is; write plain Markdown")
    headings = re.findall(r"^## .*", text, flags=re.M)
    if headings[-2:] != list(CLOSING):
        found.append("must close with the headings Summary and Further reading")
    for cell in code:
        if lines_of(cell) > MAX_LINES:
            found.append(f"has a cell of {lines_of(cell)} lines, more than {MAX_LINES}: {cell.source.splitlines()[0]}")
        for line in cell.source.splitlines():
            if len(line) > MAX_COLUMNS:
                found.append(f"has a line of code of {len(line)} columns, more than {MAX_COLUMNS}: {line}")
    if code[1:] and statistics.median(map(lines_of, code[1:])) > MEDIAN_LINES:  # all but the hidden first
        found.append(f"has a median of more than {MEDIAN_LINES} lines a cell")
    pairs = sum(a.cell_type == b.cell_type == "code" for a, b in itertools.pairwise(cells))
    if code and pairs / len(code) > MAX_BACK_TO_BACK:
        found.append(f"has {pairs} of {len(code)} cells that follow another without a sentence between")
    for index, cell in enumerate(code):
        if "nbval-ignore-output" not in cell.metadata.get("tags", []):
            continue
        if not any("assert " in after.source for after in code[index + 1 : index + 4]):
            found.append(f"ignores an output with no asserted band after it: {cell.source.splitlines()[0]}")
    words = len(re.findall(r"\w+", re.sub(r"^---.*?^---|```.*?```", "", text, flags=re.S | re.M)))
    claimed = re.search(r"About (\d+) minutes to read", text)
    if not claimed or not 0.6 <= int(claimed[1]) / (words / WORDS_A_MINUTE) <= 1.7:
        found.append(f"must say 'About N minutes to read'; its {words} words take {words / WORDS_A_MINUTE:.0f}")
    return found


def _numbering_problems(cells: list[NotebookNode]) -> list[str]:
    """Equations and figures must be numbered 1, 2, 3, ..., and a number that is named must exist."""
    found = []
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    captions = [re.match(r"\*Figure (\d+)\.\* \S", after.source) for _, after in _figures(cells)]
    if None in captions:
        found.append("has a figure with no line '*Figure 1.* What it shows.' right under it")
    figures = [int(caption[1]) for caption in captions if caption]
    equations = [int(number) for number in re.findall(r"\\tag\{(\d+)\}", prose)]
    for name, numbers in (("figure", figures), ("equation", equations)):
        if numbers != list(range(1, len(numbers) + 1)):
            found.append(f"numbers its {name}s {numbers}, not from 1 on")
        for named in re.findall(rf"\b{name} \(?(\d+)", prose):
            if int(named) not in numbers:
                found.append(f"names {name} {named}, which it does not have")
    return found


def _figures(cells: list[NotebookNode]) -> list[tuple[NotebookNode, NotebookNode]]:
    """Return each cell that draws a figure, with the cell after it."""
    return [(cell, after) for cell, after in itertools.pairwise(cells) if alt_of(cell)]


def _setup_problems(code: list[NotebookNode]) -> list[str]:
    """The first cell must install the helpers where they are not, from the address in _config.yml."""
    address = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"]["url"]
    if not code or "remove-cell" not in code[0].metadata.get("tags", []):
        return ["needs the first cell of the other pages, which installs the helpers outside of the book"]
    if f'"git+{address}"' not in code[0].source:
        return [f"installs the helpers from another address than {address}, which stands in _config.yml"]
    return []


def notebook_problems(path: Path) -> list[str]:
    """Return what an executed notebook breaks: figures without alt text, two in a cell, noise, wrong claims."""
    notebook = nbformat.read(path, as_version=4)
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        first = (cell.source.splitlines() or [""])[0]
        figures = sum("image/png" in output.get("data", {}) for output in cell.outputs)
        if figures > 1:
            found.append(f"has {figures} figures in one cell: {first}")
        if figures and (problem := alt_problem(alt_of(cell))):
            found.append(f"has a figure that {problem}: {first}")
        if any(output.get("name") == "stderr" for output in cell.outputs):
            found.append(f"prints to stderr: {first}")
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    measured = notebook.metadata.get("nnbook", {})
    claimed = re.search(r"(\d+) seconds to run.*?([\d.]+) GB of memory", text)
    if not claimed:
        found.append("must say 'N seconds to run ..., N GB of memory'")
    else:
        for claim, real, unit in (
            (float(claimed[1]), measured.get("seconds", 0), "seconds"),
            (float(claimed[2]), measured.get("peak_memory_mb", 0) / 1000, "GB"),
        ):
            if not 0.5 <= claim / max(real, 0.1) <= 2:
                found.append(f"claims {claim:g} {unit}, but {real:g} were measured when it was made")
    return found


def main() -> None:
    found = [(page, problem) for page in chapter_pages() for problem in page_problems(page)]
    for page in notebook_pages():
        path = page.with_suffix(".ipynb")
        found += [(path, problem) for problem in (notebook_problems(path) if path.exists() else ["is missing"])]
    for path, problem in found:
        print(f"{path.relative_to(ROOT)} {problem}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
