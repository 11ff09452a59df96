"""Equations and figures: numbered 1, 2, 3 on each page, and a number that is named exists."""

import itertools
import re

from tools.book import Page, alt_of
from tools.grammar import prose

CAPTION = re.compile(r"\*Figure (\d+)\.\* \S")
TAG = re.compile(r"\\tag\{([^}]*)\}")
NAMED = re.compile(r"\b(figure|equation)s? (\(?\d+\)?(?:(?:,? and|,? or| to|,) \(?\d+\)?)*)", flags=re.I)


def equations_run_from_one(page: Page) -> list[str]:
    r"""Formulas with a `\tag` are numbered 1, 2, 3, ..., one number a formula."""
    tags = [TAG.findall(formula) for formula in prose.formulas(page.text)]
    found = [f"has a formula with {len(many)} numbers; the site links the first alone" for many in tags if many[1:]]
    return found + _out_of_order("equation", list(itertools.chain(*tags)))


def figures_run_from_one(page: Page) -> list[str]:
    """Figures are numbered 1, 2, 3, ... in the captions under them."""
    return _out_of_order("figure", _figures(page))


def figures_have_captions(page: Page) -> list[str]:
    """Each figure has a line with its number and what it shows right under it."""
    under = [cell.source for cell in page.cells[1:]] + [""]
    bare = [
        cell
        for cell, below in zip(page.cells, under, strict=True)
        if cell.cell_type == "code" and alt_of(cell) and not CAPTION.match(below)
    ]
    return [
        f"has a figure with no line '*Figure 1.* What it shows.' right under it: {cell.source.splitlines()[0]}"
        for cell in bare
    ]


def named_numbers_exist(page: Page) -> list[str]:
    """An equation or a figure that the text names is on the page."""
    known = {
        "equation": set(itertools.chain(*map(TAG.findall, prose.formulas(page.text)))),
        "figure": set(_figures(page)),
    }
    return [
        f"names {match[1].lower()} {number}, which it does not have"
        for match in NAMED.finditer(prose.running_text(page.text))
        for number in re.findall(r"\d+", match[2])
        if number not in known[match[1].lower()]
    ]


def _figures(page: Page) -> list[str]:
    """Return the numbers of the captions, in their order."""
    return [match[1] for cell in page.cells if (match := CAPTION.match(cell.source))]


def _out_of_order(name: str, numbers: list[str]) -> list[str]:
    if numbers == [str(number) for number in range(1, len(numbers) + 1)]:
        return []
    return [f"numbers its {name}s {', '.join(numbers)}, not from 1 on"]
