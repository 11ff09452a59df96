"""The grammar of a page (CONTRIBUTING.md), checked: one function a rule.

python -m tools.grammar.rules     print what is wrong in any page; exit 1 if anything is
"""

import itertools
import posixpath
import re
import statistics
import sys
from collections.abc import Callable

from nbformat import NotebookNode

from tools.book import Book, Page, alt_of, output_problems, pictures_of, tags_of
from tools.grammar import bands, comparisons, exercises, numbering, prose
from tools.grammar.bands import BAND, EXACT

MAX_LINES = 25
MANY_LINES = 9  # more than that in one cell of ten at most
MEDIAN_LINES = 4
MAX_COLUMNS = 78  # what a page shows without scrolling on a laptop
MAX_BACK_TO_BACK = 0.15
WORDS_A_MINUTE = 180
IGNORED = "nbval-ignore-output"
CELLS_TO_BAND = 3
CHECKED = "checked"  # asserts that keep the prose honest; the site folds them
OPENING = ("**What you will do.**", "**What you will learn.**", "**What you need.**", "**Time.**")
CLOSING = ("Summary", "Further reading")
INDEX_TABLE = "What is in it"
APPENDIX = "Appendix"
ADDRESS = re.compile(r'^ *address = "(?:git\+)?(.*)"$', flags=re.M)  # in the first cell


def one_title(page: Page) -> list[str]:
    """A page starts with its one title."""
    levels = [level for level, _ in prose.headings(page.text)]
    if levels[:1] == [1] and levels.count(1) == 1:
        return []
    return ["needs one title, a line that starts with a single #, before all other headings"]


def no_level_skipped(page: Page) -> list[str]:
    """Headings go down one level at a time."""
    pairs = itertools.pairwise(prose.headings(page.text))
    return [f"skips a level of headings at {words!r}" for (above, _), (level, words) in pairs if level > above + 1]


def pictures_have_alt_texts(page: Page) -> list[str]:
    """A picture has a sentence that stands in for it."""
    return [
        f"has a picture, {target}, that {problem}"
        for target, alt in prose.pictures(page.text)
        if (problem := alt_problem(alt))
    ]


def pictures_are_markdown(page: Page) -> list[str]:
    """A picture is written so that its alt text is seen to."""
    return [
        f"has a picture in HTML, {html[:40]!r}; write ![what it shows](file)"
        for html in prose.raw_html(page.text)
        if re.search(r"<(img|picture|svg|object|embed)\b", html, flags=re.I)
    ]


def opening_is_complete(page: Page) -> list[str]:
    """Under the title stands what you will do, learn and need, and the time."""
    return [f"lacks {part!r}" for part in OPENING if part not in page.text]


def closing_is_complete(page: Page) -> list[str]:
    """Summary and Further reading close the page."""
    last = [words for level, words in prose.headings(page.text) if level == 2][-2:]
    return [] if last == list(CLOSING) else ["must close with the headings Summary and Further reading"]


def markdown_is_plain(page: Page) -> list[str]:
    """A notebook reads well where MyST is not rendered."""
    text = "\n\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")
    return [f"has {raw!r}, which a notebook shows as it is; write plain Markdown" for raw in prose.site_only(text)]


def has_setup(page: Page) -> list[str]:
    """The first cell installs the helpers where they are not."""
    return [] if page.setup else ["needs the first cell of the other pages, which installs the helpers elsewhere"]


def cells_are_short(page: Page) -> list[str]:
    """No cell is too long to be taken in."""
    return [
        f"has a cell of {lines_of(cell)} lines, more than {MAX_LINES}: {first_line(cell)}"
        for cell in page.code
        if lines_of(cell) > MAX_LINES
    ]


def nine_cells_of_ten_are_short(page: Page) -> list[str]:
    """Nine cells of ten have few lines."""
    longer = sum(lines_of(cell) > MANY_LINES for cell in page.code)
    if longer <= len(page.code) / 10:
        return []
    return [f"has {longer} of {len(page.code)} cells with more than {MANY_LINES} lines, more than one of ten"]


def half_of_the_cells_are_short(page: Page) -> list[str]:
    """Half of the cells have very few lines."""
    median = statistics.median(map(lines_of, page.code)) if page.code else 0
    return [f"has a median of {median:g} lines a cell, more than {MEDIAN_LINES}"] if median > MEDIAN_LINES else []


def lines_are_narrow(page: Page) -> list[str]:
    """A line of code is seen without scrolling."""
    return [
        f"has a line of code of {len(line)} columns, more than {MAX_COLUMNS}: {line}"
        for cell in page.code
        for line in cell.source.splitlines()
        if len(line) > MAX_COLUMNS
    ]


def prose_stands_between_cells(page: Page) -> list[str]:
    """Few cells follow another without a sentence between."""
    cells = [cell for cell in page.cells if cell.source.strip()]
    pairs = sum(a.cell_type == b.cell_type == "code" for a, b in itertools.pairwise(cells))
    if pairs <= MAX_BACK_TO_BACK * len(page.code):
        return []
    return [f"has {pairs} of {len(page.code)} cells that follow another without a sentence between"]


def ignored_outputs_are_held(page: Page) -> list[str]:
    """Soon after an output that may differ stands what may not: a band, or a fact that holds in every run."""
    code = page.code
    return [
        f"ignores an output; no cell of the next {CELLS_TO_BAND} is tagged {BAND}NAME or {EXACT}: {first_line(cell)}"
        for index, cell in enumerate(code)
        if IGNORED in tags_of(cell) and not any(map(is_held, code[index + 1 : index + 1 + CELLS_TO_BAND]))
    ]


def checked_cells_check(page: Page) -> list[str]:
    """What the site folds away as checked asserts something and shows nothing."""
    bare = [
        cell
        for cell in page.code
        if CHECKED in tags_of(cell) and not re.search(r"^\s*(assert|raise)\b|\.assert_", cell.source, flags=re.M)
    ]
    shown = [cell for cell in page.notebook.cells if cell.get("outputs")] if page.notebook else []
    return [f"has a cell with the tag {CHECKED!r} that asserts nothing: {first_line(cell)}" for cell in bare] + [
        f"has a cell with the tag {CHECKED!r} that shows something, which the site would fold away: {first_line(cell)}"
        for cell in shown
        if CHECKED in tags_of(cell)
    ]


def reading_time_is_true(page: Page) -> list[str]:
    """The minutes to read are those of the page's words."""
    text = prose.running_text(exercises.without_practice(page.text))
    minutes = len(re.findall(r"\w+", text)) / WORDS_A_MINUTE
    claimed = re.search(r"About (\d+) minutes? to read", text)
    if claimed and 0.6 <= int(claimed[1]) / minutes <= 1.7:
        return []
    return [f"must say 'About N minutes to read'; its words take {minutes:.1f}"]


def has_notebook(page: Page) -> list[str]:
    """The notebook is there, and with what was measured when it was made."""
    if page.notebook is None:
        return ["has no notebook; run `make notebooks`"]
    if measured_in(page):
        return []
    return ["has a notebook without what was measured (another tool has saved it?); run `make notebooks`"]


def measured_claims_are_true(page: Page) -> list[str]:
    """Seconds and memory on the page are those that were measured, within a factor of two."""
    claimed = re.search(r"(\d+) seconds? to run.*?([\d.]+) GB of memory", prose.running_text(page.text))
    if not claimed:
        return ["must say 'N seconds to run, N GB of memory'"]
    claims = zip(map(float, claimed.groups()), measured_in(page), ("seconds", "GB"), strict=False)  # none without
    return [
        f"claims {claim:g} {unit}, but {real:g} were measured when its notebook was made"
        for claim, real, unit in claims
        if not 0.5 <= claim / max(real, 0.1) <= 2
    ]


def outputs_are_clean(page: Page) -> list[str]:
    """The notebook has its figures, no error and no noise."""
    return output_problems(page.notebook) if page.notebook else []


def figures_stand_alone(page: Page) -> list[str]:
    """A cell of the notebook shows one figure at most, and has a sentence that stands in for it."""
    cells = [cell for cell in page.notebook.cells if pictures_of(cell)] if page.notebook else []
    found = [
        f"has {pictures_of(cell)} figures in one cell: {first_line(cell)}" for cell in cells if pictures_of(cell) > 1
    ]
    problems = [(cell, alt_problem(alt_of(cell))) for cell in cells]
    return found + [f"has a figure that {problem}: {first_line(cell)}" for cell, problem in problems if problem]


def setups_are_one(book: Book) -> list[str]:
    """The first cell is the same on every page, and installs from the address in _config.yml."""
    setups = [(page, page.setup) for page in book.notebook_pages if page.setup]
    if not setups:
        return []
    (first, model), *others = setups
    found = [
        f"{page.name} has another first cell than {first.name}"
        for page, setup in others
        if (setup.source, setup.metadata) != (model.source, model.metadata)
    ]
    address = book.config["repository"]["url"]
    if set(ADDRESS.findall(model.source)) != {address}:
        found.append(f"{first.name} installs the helpers from another address than {address!r}, as in _config.yml")
    return found


def pages_are_listed(book: Book) -> list[str]:
    """A page that is written is in the table of contents."""
    written = [path.relative_to(book.root) for path in sorted((book.root / "chapters").rglob("*.md"))]
    listed = [page.path.relative_to(book.root) for page in book.pages]
    return [
        f"{path.as_posix()} is not in _toc.yml, so no site shows it; list it or take it away"
        for path in written
        if path not in listed and not any(part.startswith(".") for part in path.parts)  # copies that editors keep
    ]


def index_lists_the_pages(book: Book) -> list[str]:
    """The first page's table lists every page with code outside of the appendix: link, title and order."""
    home = book.pages[0]
    folder = posixpath.dirname(home.name)
    pages = [page for part, pages in book.parts.items() if part != APPENDIX for page in pages if page.is_notebook]
    wanted = [(posixpath.relpath(f"{page.name}.md", folder), page.title) for page in pages]
    listed = prose.table_links(home.text, INDEX_TABLE)
    missing = [f"[{title}]({target})" for target, title in wanted if (target, title) not in listed]
    if missing:
        return [f"{home.name} lacks {', '.join(missing)} in the table under {INDEX_TABLE!r}"]
    if [link for link in listed if link in wanted] != wanted:
        return [f"{home.name} lists the pages under {INDEX_TABLE!r} in another order than _toc.yml"]
    return []


OF_A_PAGE: list[Callable[[Page], list[str]]] = [
    one_title,
    no_level_skipped,
    pictures_have_alt_texts,
    pictures_are_markdown,
]
OF_A_PAGE_WITH_CODE: list[Callable[[Page], list[str]]] = [
    opening_is_complete,
    closing_is_complete,
    markdown_is_plain,
    has_setup,
    cells_are_short,
    nine_cells_of_ten_are_short,
    half_of_the_cells_are_short,
    lines_are_narrow,
    prose_stands_between_cells,
    ignored_outputs_are_held,
    bands.unnamed_inequalities,
    checked_cells_check,
    comparisons.comparisons_are_marked,
    reading_time_is_true,
    exercises.predictions_are_answered,
    exercises.predictions_come_first,
    exercises.exercises_are_whole,
    exercises.questions_are_whole,
    exercises.working_time_is_true,
    numbering.equations_run_from_one,
    numbering.figures_run_from_one,
    numbering.figures_have_captions,
    numbering.named_numbers_exist,
    has_notebook,
    measured_claims_are_true,
    outputs_are_clean,
    figures_stand_alone,
]
OF_THE_BOOK: list[Callable[[Book], list[str]]] = [
    setups_are_one,
    index_lists_the_pages,
    comparisons.comparisons_are_listed,
    pages_are_listed,
    exercises.pages_have_something_to_do,
    bands.bands_are_tested,
]


def page_problems(page: Page) -> list[str]:
    """Return what a page and its notebook break of the grammar, in sentences that lack their subject."""
    try:
        rules = OF_A_PAGE + (OF_A_PAGE_WITH_CODE if page.is_notebook else [])
        return [problem for rule in rules for problem in rule(page)]
    except ValueError as error:  # its header or its notebook cannot be read
        return [f"cannot be checked: {error}"]


def check(book: Book) -> list[str]:
    """Return what is wrong with the grammar of any page, in sentences that start with its name."""
    found = [f"{page.name} {problem}" for page in book.pages for problem in page_problems(page)]
    try:
        return found + [problem for rule in OF_THE_BOOK for problem in rule(book)]
    except ValueError:  # a page cannot be read, which is among what was found
        return found


def alt_problem(alt: str) -> str:
    """Say what keeps a text from standing in for a picture; an empty string if nothing does.

    >>> alt_problem("a cat.png")
    "has a file name as alt text: 'a cat.png'"
    """
    if not alt:
        return "has no alt text"
    if re.search(r"\.(png|svg|jpe?g)\b", alt):
        return f"has a file name as alt text: {alt[:60]!r}"
    if len(alt.split()) < 8 or not alt.endswith("."):
        return f"has an alt text that is not a sentence of eight words or more: {alt[:60]!r}"
    return ""


def is_held(cell: NotebookNode) -> bool:
    """Does a cell carry the name of a band, or say that what it asserts is exact?"""
    return any(tag == EXACT or tag.startswith(BAND) for tag in tags_of(cell))


def measured_in(page: Page) -> list[float]:
    """Return seconds and GB as they were measured when the notebook was made; an empty list if that is lost."""
    seconds, megabytes = page.measured.get("seconds"), page.measured.get("peak_memory_mb")
    if isinstance(seconds, int | float) and isinstance(megabytes, int | float):
        return [seconds, megabytes / 1000]
    return []


def lines_of(cell: NotebookNode) -> int:
    """Count the lines of a cell that are not blank."""
    return len([line for line in cell.source.splitlines() if line.strip()])


def first_line(cell: NotebookNode) -> str:
    """Return the line of a cell by which a reader finds it."""
    return (cell.source.splitlines() or [""])[0]


def main() -> None:
    found = check(Book())
    for problem in found:
        print(problem)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
