"""What readers do on a page: how it is read from the plain text, the notebook to practise with, and the grammar."""

from pathlib import Path

import nbformat
import pytest

from tests.house import small_book
from tools import notebooks
from tools.book import Book, Page, tags_of
from tools.grammar import exercises as rules
from tools.practice import (
    exercises,
    pieces,
    practice_notebook,
    predictions,
    questions,
    solved,
    stub,
    with_solutions_apart,
    without_solutions,
)

PRACTICE = (Path(__file__).parents[1] / "fixtures/practice-page.md").read_text("utf-8")
NAME = "part/practice-page"
REAL = Book()


@pytest.fixture
def page(tmp_path):
    return small_book(tmp_path, {NAME: PRACTICE}).page("practice-page")


def test_an_exercise_is_read_from_the_plain_text(page):
    first, second = exercises(page)
    assert (first.title, first.kind, first.minutes) == ("Exercise 1. The third step", "Paper", 3)
    assert first.parts == ["text", "exercise", "check", "hint", "hint", *["solution"] * 3, "marking"]
    assert second.parts == ["text", "hint", "hint", "solution", "marking"]


def test_a_question_is_read_from_the_plain_text(page):
    first, second = questions(page)
    assert [(one.text, one.right) for one in first.options] == [("$x$", False), ("$x / 2$", True), ("$2 x$", False)]
    assert second.text == "What is half of 1?" and second.options[1].answer == "That is what whole numbers would give."


def test_a_prediction_is_read_with_its_answer(page):
    (_, number), (_, choice) = predictions(page)
    assert number == {"answer": "half", "within": 0.1} and choice["choices"] == ["yes", "no"]


def test_every_word_of_a_page_is_in_one_piece(page):
    for one in [page, *REAL.notebook_pages]:
        whole = "".join(cell.source for cell in one.cells)
        assert "".join(piece.text for piece in pieces(one.cells)) == whole


@pytest.mark.parametrize(
    ("source", "bare", "whole"),
    [
        ("a = ...\n### BEGIN SOLUTION\na = 1\n### END SOLUTION", "a = ...  # your code", "a = 1"),
        (
            "a, b = ..., ...\n### BEGIN SOLUTION\na, b = 1, 2\n### END SOLUTION\n",
            "a, b = ..., ...  # your code",
            "a, b = 1, 2",
        ),
        (
            'def f(x):\n    """Half."""\n    ### BEGIN SOLUTION\n    y = x / 2\n\n    return y\n    ### END SOLUTION',
            'def f(x):\n    """Half."""\n    ...  # your code',
            'def f(x):\n    """Half."""\n    y = x / 2\n\n    return y',
        ),
        ("print(1)", "print(1)", "print(1)"),
    ],
)
def test_a_region_becomes_a_stub(source, bare, whole):
    assert (stub(source), solved(source)) == (bare, whole)


def test_the_notebook_to_practise_with_holds_no_solution(page):
    bare = without_solutions(page.notebook)
    assert "canary" not in nbformat.writes(bare) and "Marking" not in nbformat.writes(bare)
    text = "\n".join(cell.source for cell in bare.cells)
    assert text.count("<details><summary>Hint") == 4 and text.count("<details><summary>Answers") == 2
    assert "- $x / 2$: *Yes.* So says equation (1)." in text
    worked = [cell for cell in bare.cells if {"exercise", "check"} & set(tags_of(cell))]
    assert worked and not any(cell.outputs or cell.execution_count for cell in worked)
    lesson = next(cell for cell in bare.cells if cell.source.startswith("half ="))
    assert lesson.outputs, "what the lesson shows stays"


def test_the_site_has_the_solved_cell_behind_its_solution(page):
    apart = with_solutions_apart(page.notebook)
    sources = [cell.source for cell in apart.cells]
    place = next(number for number, source in enumerate(sources) if source.startswith("**Solution.** It is three"))
    assert sources[place + 1].startswith("canary_in_a_region = 3.5") and "check." not in sources[place + 1]
    assert "h_3 = ...  # your code" in sources and "Marking" not in "".join(sources)
    assert "**Marking.**" in "".join(cell.source for cell in with_solutions_apart(page.notebook, marking=True).cells)


@pytest.mark.parametrize("page", REAL.notebook_pages, ids=lambda page: page.name)
def test_the_committed_notebook_to_practise_with_is_in_step(page):
    assert notebooks.practice_problems(page) == []


def test_one_that_is_missing_or_edited_is_found(page):
    assert "is missing" in notebooks.practice_problems(page)[0]
    notebooks.make_practice(page)
    assert notebooks.practice_problems(page) == []
    text = page.practice_path.read_text("utf-8")
    page.practice_path.write_text(text.replace("Half of 8 is 4", "Half of 8 is 5"), "utf-8")
    assert "is not what" in notebooks.practice_problems(page)[0]


def test_ids_of_cells_are_their_own(page):
    ids = [cell["id"] for cell in practice_notebook(page).cells]
    assert len(set(ids)) == len(ids)


REGION = PRACTICE[PRACTICE.index("h_3 = ...") : PRACTICE.index("### END SOLUTION")] + "### END SOLUTION"
# What a rule must find: the rule, what is replaced in the page by what, and what the rule says.
FAULTS = [
    (
        rules.predictions_are_answered,
        "predict:\n  answer: half\n  within: 0.1",
        "tags: [a]",
        "that no cell with 'predict'",
    ),
    (rules.predictions_are_answered, "answer: half", "answer: 2.5", "is typed, not computed"),
    (rules.predictions_are_answered, "answer: half", "answer: half of it", "is no Python expression"),
    (rules.predictions_are_answered, "  within: 0.1\n", "", "needs within"),
    (rules.predictions_are_answered, "within: 0.1", "withn: 0.1", "withn, which nothing reads"),
    (rules.predictions_are_answered, 'choices: ["yes", "no"]', "choices: [yes, no]", "each in quotes"),
    (rules.predictions_are_answered, "We ask Python.", "### We ask Python", "does not stand before it in its section"),
    (
        rules.predictions_are_answered,
        "## Choose\n\n> **Predict before you run.** Is a",
        "## Choose\n\nIs a",
        "does not stand before",
    ),
    (rules.exercises_are_whole, "*Paper, 2 minutes.* ", "", "does not begin with its kind"),
    (rules.exercises_are_whole, "*Paper, 2 minutes.*", "*Paper, 50 minutes.*", "does not begin with its kind"),
    (rules.exercises_are_whole, "### Exercise 2. Explain", "### Explain", "should be called 'Exercise 2. ...'"),
    (rules.exercises_are_whole, "**Hint 2.** And half", "And half", "has the parts"),
    (rules.exercises_are_whole, "**Marking.** One point, ", "", "has the parts"),
    (rules.exercises_are_whole, "**Solution.** Half", "Half", "has the parts"),
    (rules.exercises_are_whole, "### BEGIN SOLUTION\n", "", "without a region"),
    (rules.exercises_are_whole, REGION, "h_3 = (\n### BEGIN SOLUTION\n3.5\n### END SOLUTION\n* 1)", "is no Python"),
    (rules.exercises_are_whole, "check.three_steps(h_3)", "check.three_step(h_3)", "does not call one check"),
    (rules.exercises_are_whole, "check.three_steps(h_3)", "print(h_3)", "does not call one check"),
    (rules.exercises_are_whole, "*Explain, 2 minutes.*", "*Explain, 1 minutes.*", "is not from short to long"),
    (rules.questions_are_whole, "*Yes.* Two of them", "*No.* Two of them", "has not one right option"),
    (
        rules.questions_are_whole,
        "*No.* That is the double of it.",
        "*Yes.* That is the double of it.",
        "has not one right",
    ),
    (rules.questions_are_whole, "- 2\n    - *No.* That is the double of it.\n", "", "has 2 options"),
    (rules.questions_are_whole, "*No.* That is the double of it.", "*No.* Two of them make 1.", "an answer of its own"),
    (rules.questions_are_whole, "*No.* That is the double of it.", "*No.*", "an answer of its own"),
    (
        rules.questions_are_whole,
        "    - *No.* That is the double of it.",
        "    - No: that is the double.",
        "has 2 options",
    ),
    (rules.working_time_is_true, "About 10 to", "About 60 to", "must say '10 to work through'"),
]
WHOLE = (
    PRACTICE.replace("A page with one of each thing", "About 10 to work through, of one each")
    .replace("from nnbook.exercises import rnn_by_hand as check", "from nnbook.exercises import practice_page as check")
    .replace("*Paper, 3 minutes.*", "*Paper, 2 minutes.*")
)
ALL = [
    rules.predictions_are_answered,
    rules.predictions_come_first,
    rules.exercises_are_whole,
    rules.questions_are_whole,
    rules.working_time_is_true,
]


SHOWN_BY_A_TEST_OF_ITS_OWN = {rules.predictions_come_first, rules.pages_have_something_to_do}


@pytest.fixture
def checks(monkeypatch):
    """The check that the page calls, which is one of another page."""
    monkeypatch.setattr(rules, "_checks_of", lambda page: {"three_steps"})


def test_a_whole_page_breaks_no_rule(tmp_path, checks):
    page = small_book(tmp_path, {NAME: WHOLE}).page("practice-page")
    assert [problem for rule in ALL for problem in rule(page)] == []


@pytest.mark.parametrize(
    ("rule", "old", "new", "said"), FAULTS, ids=[f"{one[0].__name__}-{one[3][:24]}" for one in FAULTS]
)
def test_a_fault_is_found(tmp_path, checks, rule, old, new, said):
    assert old in WHOLE
    page = small_book(tmp_path, {NAME: WHOLE.replace(old, new, 1)}).page("practice-page")
    assert said in " ".join(rule(page))


def test_a_prediction_behind_its_answer_is_found(tmp_path):
    text = WHOLE.replace("> **Predict before you run.** What", "So it is 2.75.\n\n> **Predict before you run.** What")
    book = small_book(tmp_path, {NAME: text})
    page = book.page("practice-page")
    notebook = page.notebook
    notebook.metadata["nnbook"]["answers"] = {
        next(cell["id"] for cell in notebook.cells if "predict" in cell.metadata): "2.75"
    }
    nbformat.write(notebook, page.notebook_path)
    assert "stands after its answer, 2.75" in rules.predictions_come_first(Page(page.path, page.root))[0]
    page.notebook_path.write_text(
        page.notebook_path.read_text("utf-8").replace("So it is 2.75", "So it is 12.754"), "utf-8"
    )
    assert rules.predictions_come_first(Page(page.path, page.root)) == []


def test_a_page_without_enough_to_do_is_named(tmp_path):
    found = " ".join(rules.pages_have_something_to_do(small_book(tmp_path, {NAME: WHOLE})))
    assert (
        "2 exercises, not 4" in found and "1 exercises with a check, not 2" in found and "2 questions, not 5" in found
    )
    assert rules.pages_have_something_to_do(REAL) == []
