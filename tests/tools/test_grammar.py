"""The grammar of a page: the book keeps it, a good page breaks no rule, and each rule finds a planted fault."""

import nbformat
import pytest

from tests.house import GOOD_PAGE, small_book, write_notebook
from tests.tools import test_practice
from tools.book import Book
from tools.grammar import bands, comparisons, numbering, rules

REAL = Book()
NAME = "sequences/good-page"


@pytest.mark.parametrize("page", REAL.pages, ids=lambda page: page.name)
def test_page_keeps_the_grammar(page):
    assert rules.page_problems(page) == []


@pytest.mark.parametrize("rule", rules.OF_THE_BOOK, ids=lambda rule: rule.__name__)
def test_book_keeps_the_grammar(rule):
    assert rule(REAL) == []


def test_a_good_book_breaks_no_rule(tmp_path):
    assert rules.check(small_book(tmp_path)) == []


def cell(*lines):
    return "\n".join(["```{code-cell} ipython3", *lines, "```", ""])


# What a rule must find: the rule, what is replaced in the good page by what, and what the rule says.
IN_THE_TEXT = [
    (rules.one_title, "### In Python", "# In Python", "needs one title"),
    (rules.one_title, "# Halve a number", "Halve a number", "needs one title"),
    (rules.one_title, "# Halve a number", "## First\n\n# Halve a number", "needs one title"),
    (rules.no_level_skipped, "### In Python", "#### In Python", "skips a level of headings at 'In Python'"),
    (rules.pictures_have_alt_texts, "Python agrees", "![](half.png) Python agrees", "half.png, that has no alt text"),
    (rules.pictures_have_alt_texts, "Python agrees", "![half.png](half.png)", "has a file name as alt text"),
    (rules.pictures_have_alt_texts, "Python agrees", "![A\nhalf](half.png)", "not a sentence of eight words"),
    (rules.pictures_have_alt_texts, "Python agrees", ":::{note}\n![](half.png)\n:::\n", "has no alt text"),
    (rules.pictures_have_alt_texts, "Python agrees", "![][half]\n\n[half]: half.png\n", "has no alt text"),
    (
        rules.pictures_are_markdown,
        "Python agrees",
        'Python <img src="half.png" alt="x"> agrees',
        "has a picture in HTML",
    ),
    (
        rules.pictures_are_markdown,
        "Python agrees",
        "<figure>\n<IMG SRC='half.png'>\n</figure>\n\nPython agrees",
        "in HTML",
    ),
    *((rules.opening_is_complete, part, part.strip("*"), f"lacks {part!r}") for part in rules.OPENING),
    (rules.closing_is_complete, "## Summary", "## In short", "must close with the headings"),
    (rules.closing_is_complete, "## Further reading", "## Afterword\n\n## Further reading", "must close"),
    (rules.closing_is_complete, "## Further reading", "```text\n## Further reading\n```", "must close"),
    (rules.markdown_is_plain, "Python agrees", "See {term}`apple`.", "has '{term}`apple`', which a notebook shows"),
    (rules.markdown_is_plain, "Python agrees", ":::{note}\nSee.\n:::\n", "has ':::{note}'"),
    (rules.markdown_is_plain, "Python agrees", "```{note}\nSee.\n```\n", "has '```{note}'"),
    (rules.markdown_is_plain, "Python agrees", "- a\n\n  ~~~{note}\n  See.\n  ~~~\n", "has '```{note}'"),
    (rules.markdown_is_plain, "### In Python", "(in-python)=\n### In Python", "has '(in-python)='"),
    (rules.markdown_is_plain, "Python agrees", "% nobody sees this\n\nPython agrees", "has '% nobody sees this'"),
    (rules.markdown_is_plain, "Python agrees", "[^1]\n\n[^1]: Python agrees", "has '[^1]'"),
    (rules.has_setup, ":tags: [remove-cell]", ":tags: [hide-cell]", "needs the first cell of the other pages"),
    (rules.has_setup, "**Time.**", cell("1") + "\n**Time.**", "needs the first cell of the other pages"),
    (rules.cells_are_short, "half = 8 / 2", "half = 8 / 2\n" * 25, "has a cell of 26 lines, more than 25: half = 8"),
    (
        rules.nine_cells_of_ten_are_short,
        "half = 8 / 2",
        "half = 8 / 2\n" * 9,
        "has 1 of 5 cells with more than 9 lines",
    ),
    (rules.half_of_the_cells_are_short, "## Summary", cell(*"abcde") * 6 + "## Summary", "has a median of 5 lines"),
    (rules.lines_are_narrow, "half = 8 / 2", "half = 8 / 2  # " + "y" * 63, "has a line of code of 79 columns"),
    (rules.prose_stands_between_cells, "## Summary", cell("1") * 2 + "## Summary", "has 2 of 7 cells that follow"),
    (
        rules.ignored_outputs_are_held,
        ":tags: [band-seconds]\n\n",
        "",
        "no cell of the next 3 is tagged band-NAME",
    ),
    (rules.ignored_outputs_are_held, "[band-seconds]", "[bandit]", "or exact: import time"),
    (
        rules.ignored_outputs_are_held,
        cell(":tags: [band-seconds]", "", "assert seconds < 1"),
        "\n".join(cell("1") + "\nSo.\n" for _ in range(3)) + cell(":tags: [band-seconds]", "", "assert seconds < 1"),
        "ignores an output",
    ),
    (bands.unnamed_inequalities, ":tags: [exact]\n\n", "", "code cell 1 asserts the inequality"),
    (
        rules.checked_cells_check,
        "predict:\n  answer: len([one for one in left if one >= 0.01])\n  within: 0",
        "tags: [checked]",
        "asserts nothing: left",
    ),
    (
        comparisons.comparisons_are_marked,
        "Seven.",
        "Seven, which is better than eight.",
        "judges 'Seven, which is better",
    ),
    (
        comparisons.comparisons_are_marked,
        "Python agrees",
        "Python beats paper. It agrees",
        "in the section 'In Python'",
    ),
    (rules.reading_time_is_true, "About 1 minute ", "About 9 minutes ", "must say 'About N minutes to read'"),
    (rules.reading_time_is_true, "Python agrees", "Python agrees " * 150, "must say 'About N minutes to read'"),
    (rules.reading_time_is_true, "About 1 minute to read, ", "", "must say 'About N minutes to read'"),
    (numbering.equations_run_from_one, "\\tag{2}", "\\tag{3}", "numbers its equations 1, 3, not from 1 on"),
    (numbering.equations_run_from_one, "\\tag{2}", "\\tag{1}", "numbers its equations 1, 1, not from 1 on"),
    (numbering.equations_run_from_one, "\\tag{2}", "\\tag{2b}", "numbers its equations 1, 2b, not from 1 on"),
    (numbering.equations_run_from_one, "\\tag{2}", "\\tag{2} \\tag{3}", "has a formula with 2 numbers"),
    (numbering.figures_run_from_one, "*Figure 1.*", "*Figure 2.*", "numbers its figures 2, not from 1 on"),
    (numbering.figures_have_captions, "*Figure 1.* ", "", "has a figure with no line '*Figure 1.*"),
    (numbering.figures_have_captions, "*Figure 1.* ", cell("1") + "*Figure 1.* ", "has a figure with no line"),
    (numbering.named_numbers_exist, "equation (1) gives", "equation (7) gives", "names equation 7, which"),
    (numbering.named_numbers_exist, "Equations (1) and (2)", "Equations (1) and (3)", "names equation 3, which"),
    (numbering.named_numbers_exist, "In figure 1", "In figure 2", "names figure 2, which"),
    (numbering.named_numbers_exist, "In figure 1", "In figure\n2", "names figure 2, which"),
    (rules.measured_claims_are_true, "2 seconds", "5 seconds", "claims 5 seconds, but 2 were measured"),
    (rules.measured_claims_are_true, "0.5 GB", "1.5 GB", "claims 1.5 GB, but 0.5 were measured"),
    (rules.measured_claims_are_true, "2 seconds to run", "2 seconds", "must say 'N seconds to run"),
]


def lose(key):
    return lambda notebook, _: notebook.metadata.pop(key)


def add(kind, **values):
    return lambda _, drawing: drawing.outputs.append(nbformat.v4.new_output(kind, **values))


TRACEBACK = "\x1b[31mTraceback\x1b[39m (most recent call last):\n  no\n"
# The same for the notebook: the rule, what is done to it and to the cell that draws, and what the rule says.
IN_THE_NOTEBOOK = [
    (
        rules.checked_cells_check,
        lambda _, drawing: drawing.metadata.update(tags=["checked"]),
        "that shows something, which the site would fold away: import matplotlib",
    ),
    (rules.has_notebook, lose("nnbook"), "without what was measured"),
    (rules.has_notebook, lambda notebook, _: notebook.metadata.nnbook.pop("seconds"), "without what was measured"),
    (rules.has_notebook, lambda notebook, _: notebook.metadata.update(nnbook=None), "without what was measured"),
    (
        rules.has_notebook,
        lambda notebook, _: notebook.metadata.nnbook.update(seconds=None),
        "without what was measured",
    ),
    (rules.outputs_are_clean, lambda _, drawing: drawing.outputs.clear(), "shows no figure, though its alt text"),
    (rules.outputs_are_clean, lambda _, drawing: drawing.outputs[0].data.pop("image/png"), "shows no figure"),
    (rules.outputs_are_clean, lambda _, drawing: drawing.outputs[0].data.update({"image/png": ""}), "shows no figure"),
    (rules.outputs_are_clean, add("stream", name="stderr", text="noise"), "prints to stderr: import matplotlib"),
    (rules.outputs_are_clean, add("stream", name="stdout", text=TRACEBACK), "holds a cell that failed: import"),
    (rules.outputs_are_clean, add("display_data", data={"text/html": TRACEBACK}), "holds a cell that failed"),
    (rules.outputs_are_clean, add("error", ename="E", evalue="e", traceback=[]), "holds a cell that failed"),
    (rules.figures_stand_alone, add("display_data", data={"image/svg+xml": "<svg/>"}), "has 2 figures in one cell"),
    (rules.figures_stand_alone, add("display_data", data={"image/jpeg": "x"}), "has 2 figures in one cell"),
    (rules.figures_stand_alone, lambda _, drawing: drawing.metadata.update(mystnb=None), "that has no alt text"),
    (rules.figures_stand_alone, lambda _, drawing: drawing.metadata.mystnb.update(image={"alt": None}), "no alt text"),
    (rules.figures_stand_alone, lambda _, drawing: drawing.metadata.pop("mystnb"), "has a figure that has no alt text"),
    (
        rules.figures_stand_alone,
        lambda _, drawing: drawing.metadata.mystnb.image.update(alt="a curve"),
        "not a sentence of eight words",
    ),
    (rules.measured_claims_are_true, lambda notebook, _: notebook.metadata.nnbook.update(seconds=50), "but 50 were"),
    (
        rules.measured_claims_are_true,
        lambda notebook, _: notebook.metadata.nnbook.update(peak_memory_mb=9_000),
        "claims 0.5 GB, but 9 were",
    ),
]
INDEX = "# A small book\n\n## What is in it\n\n| page |\n|---|\n"
HALVE, DOUBLE = "| [Halve a number](sequences/good-page.md) |\n", "| [Double a number](sequences/other.md) |\n"
OTHER = GOOD_PAGE.replace("# Halve", "# Double")
# The same for the whole book: the rule, pages that differ from a good book's, and what the rule says.
IN_THE_BOOK = [
    (
        rules.setups_are_one,
        {"sequences/other": OTHER.replace("does nothing", "does little")},
        "another first cell than",
    ),
    (rules.setups_are_one, {"sequences/other": OTHER.replace("[remove-cell]", "[remove-cell, x]")}, "another first"),
    (rules.setups_are_one, {NAME: GOOD_PAGE.replace("example.org", "example.com")}, "from another address than"),
    (rules.setups_are_one, {NAME: GOOD_PAGE.replace("https://example.org/book", "")}, "from another address than"),
    (rules.setups_are_one, {NAME: GOOD_PAGE.replace("    address = ", "    place = ")}, "from another address than"),
    (rules.index_lists_the_pages, {"index": INDEX + HALVE}, "lacks [Double a number](sequences/other.md) in the table"),
    (
        rules.index_lists_the_pages,
        {"index": INDEX + HALVE.replace("Halve", "Split") + DOUBLE},
        "lacks [Halve a number]",
    ),
    (rules.index_lists_the_pages, {"index": INDEX + DOUBLE + HALVE}, "in another order than _toc.yml"),
    (rules.index_lists_the_pages, {"index": f"# A small book\n\n{HALVE}\n{DOUBLE}"}, "lacks [Halve a number]"),
]

COMPARING = GOOD_PAGE.replace(":tags: [band-seconds]", ":tags: [band-seconds, comparison]")
ROW = "| [Again and again](../sequences/good-page.md#again-and-again) | a | b | c | 9 | d |\n"


def method(*rows):
    return "# Method\n\n## Every comparison in this book\n\n| 1 | 2 | 3 | 4 | 5 | 6 |\n|-|-|-|-|-|-|\n" + "".join(rows)


def lists(*rows):
    return {NAME: COMPARING, "appendix/how-we-measure": method(*rows)}


IN_THE_BOOK += [
    (comparisons.comparisons_are_listed, {NAME: COMPARING}, "there is no page how-we-measure"),
    (comparisons.comparisons_are_listed, lists(), "must have one row for [Again and again](../sequences/good-page.md"),
    (comparisons.comparisons_are_listed, lists(ROW, ROW), "but has 2"),
    (comparisons.comparisons_are_listed, lists(ROW, ROW.replace("Again and", "Once")), "lists [Once again]"),
    (comparisons.comparisons_are_listed, lists(ROW.replace("| c ", "| ")), "with an empty column"),
    (comparisons.comparisons_are_listed, lists(ROW.replace("| c ", "")), "with an empty column, or without 6"),
]


def forget_the_band(folder):
    (folder / "tests/chapters/test_good-page.py").unlink()


def leave_a_page(folder):
    (folder / "chapters/sequences/draft.md").write_text("# A draft\n", "utf-8")


# The same for what lies in the folder of the book beside its pages.
IN_THE_FOLDER = [
    (bands.bands_are_tested, forget_the_band, "band-seconds of good-page is shown by no test"),
    (rules.pages_are_listed, leave_a_page, "chapters/sequences/draft.md is not in _toc.yml"),
]


def named(faults):
    return [pytest.param(*fault, id=f"{fault[0].__name__}-{number}") for number, fault in enumerate(faults)]


@pytest.mark.parametrize(("rule", "old", "new", "said"), named(IN_THE_TEXT))
def test_a_fault_in_the_text_is_found(tmp_path, rule, old, new, said):
    assert old in GOOD_PAGE
    page = small_book(tmp_path, {NAME: GOOD_PAGE.replace(old, new, 1)}).page("good-page")
    assert said in " ".join(rule(page))
    assert any(said in problem for problem in rules.page_problems(page))


@pytest.mark.parametrize(("rule", "spoil", "said"), named(IN_THE_NOTEBOOK))
def test_a_fault_in_the_notebook_is_found(tmp_path, rule, spoil, said):
    book = small_book(tmp_path)
    notebook = write_notebook(book.page("good-page"))
    spoil(notebook, next(cell for cell in notebook.cells if "mystnb" in cell.metadata))
    nbformat.write(notebook, book.page("good-page").notebook_path)
    page = Book(tmp_path).page("good-page")
    assert said in " ".join(rule(page))
    assert any(said in problem for problem in rules.page_problems(page))


@pytest.mark.parametrize(("rule", "changes", "said"), named(IN_THE_BOOK))
def test_a_fault_in_the_book_is_found(tmp_path, rule, changes, said):
    book = small_book(tmp_path, {NAME: GOOD_PAGE, "sequences/other": OTHER} | changes)
    assert said in " ".join(rule(book))
    assert any(said in problem for problem in rules.check(book))


@pytest.mark.parametrize(("rule", "spoil", "said"), named(IN_THE_FOLDER))
def test_a_fault_in_the_folder_is_found(tmp_path, rule, spoil, said):
    book = small_book(tmp_path)
    spoil(tmp_path)
    assert said in " ".join(rule(book))
    assert any(said in problem for problem in rules.check(book))


def test_a_copy_that_an_editor_keeps_is_no_page(tmp_path):
    book = small_book(tmp_path)
    kept = tmp_path / "chapters/sequences/.ipynb_checkpoints/good-page-checkpoint.md"
    kept.parent.mkdir()
    kept.write_text(GOOD_PAGE, "utf-8")
    assert rules.check(book) == []


def test_every_rule_is_shown_a_fault():
    shown = {rule for rule, *_ in [*IN_THE_TEXT, *IN_THE_NOTEBOOK, *IN_THE_BOOK, *IN_THE_FOLDER]}
    shown |= {rule for rule, *_ in test_practice.FAULTS} | test_practice.SHOWN_BY_A_TEST_OF_ITS_OWN
    assert shown == {*rules.OF_A_PAGE, *rules.OF_A_PAGE_WITH_CODE, *rules.OF_THE_BOOK}


def test_a_comparison_with_its_row_is_no_problem(tmp_path):
    better = COMPARING.replace("It takes less time", "It is faster than you read. It takes less time")
    assert rules.check(small_book(tmp_path, lists(ROW) | {NAME: better})) == []


def test_a_question_and_a_summary_judge_nothing(tmp_path):
    asks = GOOD_PAGE.replace("Seven.", "Seven. Is it faster than that?").replace("vanishes fast.", "wins.")
    assert rules.check(small_book(tmp_path, {NAME: asks})) == []


@pytest.mark.parametrize(
    "judges",
    [
        "It beats paper.",
        "It is easier than paper.",
        "The photographs are probably a little harder than the drawings.",
        "A bias of 1 is better and still far from enough.",
        "It lies about one standard deviation above our mean.",
        "It separates the extremes: the one far below, all others far above.",
        "Here a pencil does not help.",
        "An open gate may do nothing, or harm.",
        "A ruler helps.",
    ],
)
def test_a_judgement_is_found_and_one_with_a_reason_is_none(tmp_path, monkeypatch, judges):
    book = small_book(tmp_path, {NAME: GOOD_PAGE.replace("Python agrees", f"{judges} Python agrees")})
    (problem,) = rules.check(book)
    assert "none of whose cells has the tag 'comparison'" in problem
    monkeypatch.setattr(comparisons, "NO_COMPARISON", {("good-page", "In Python"): "nothing is measured"})
    assert rules.check(book) == []


@pytest.mark.parametrize("says", ["It is ready with the help of paper.", "It is far from there.", "It is no less."])
def test_what_judges_nothing_is_no_judgement(tmp_path, says):
    assert rules.check(small_book(tmp_path, {NAME: GOOD_PAGE.replace("Python agrees", f"{says} Python agrees")})) == []


def test_a_page_without_code_needs_a_title_and_no_more(tmp_path):
    book = small_book(tmp_path, {NAME: GOOD_PAGE, "appendix/words": "# Words\n\n:::{note}\nAll of them.\n:::\n"})
    assert rules.check(book) == []


def test_the_index_need_not_list_the_appendix(tmp_path):
    assert rules.check(small_book(tmp_path, {NAME: GOOD_PAGE, "appendix/other": OTHER, "index": INDEX + HALVE})) == []


def test_a_problem_starts_with_the_name_of_its_page(tmp_path):
    book = small_book(tmp_path, {NAME: GOOD_PAGE.replace("# Halve", "Halve", 1)})
    assert rules.check(book)[0].startswith("chapters/sequences/good-page needs one title")


@pytest.mark.parametrize(("left", "said"), [(None, "has no notebook"), ("<<<<<<< HEAD\n", "is no notebook; delete it")])
def test_a_notebook_that_cannot_be_read_is_one_sentence(tmp_path, left, said):
    path = small_book(tmp_path).page("good-page").notebook_path
    path.unlink()
    if left:
        path.write_text(left, "utf-8")
    (problem,) = rules.check(Book(tmp_path))
    assert said in problem and "run `make notebooks`" in problem


def test_a_header_that_cannot_be_read_is_one_sentence(tmp_path):
    book = small_book(tmp_path)
    book.page("good-page").path.write_text("---\njupytext: [\n---\n# A title\n", "utf-8")
    (problem,) = rules.check(Book(tmp_path))
    assert "good-page cannot be checked: the header of chapters/sequences/good-page is no YAML" in problem


def test_an_error_that_is_meant_is_no_problem(tmp_path):
    text = GOOD_PAGE.replace(
        "## Summary", "And 0?\n\n" + cell(":tags: [raises-exception]", "", "1 / 0") + "\nNo.\n\n## Summary"
    )
    page = small_book(tmp_path, {NAME: text}).page("good-page")
    notebook = write_notebook(page)
    meant = next(cell for cell in notebook.cells if cell.source == "1 / 0")
    meant.outputs = [nbformat.v4.new_output("error", ename="ZeroDivisionError", evalue="", traceback=[])]
    nbformat.write(notebook, page.notebook_path)
    assert rules.check(Book(tmp_path)) == []
