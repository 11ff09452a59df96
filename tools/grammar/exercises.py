"""The grammar of what readers do: predictions, exercises and questions."""

import ast
import importlib.util
import math
import re
from itertools import pairwise
from pathlib import Path

from nbformat import NotebookNode

from tools.book import Book, Page
from tools.practice import (
    EXERCISES,
    HEADING,
    PREDICT,
    QUESTIONS,
    Exercise,
    Question,
    exercises,
    has_exercises,
    predictions,
    questions,
    solution_of,
    stub,
)

LEAST_EXERCISES, LEAST_CHECKS, LEAST_QUESTIONS, LEAST_PREDICTIONS = 4, 2, 5, 1
LONGEST_MINUTES = 30
OPTIONS = (3, 4)
CALLED = re.compile(r"^check\.(\w+)\(\w+\)$", flags=re.M)
WORK = re.compile(r"(\d+) to work through")
TELLING_DIGITS = 3  # an answer with fewer of them stands in many sentences that do not give it away


def without_practice(text: str) -> str:
    """Return a page's text without the sections of exercises and questions, which are worked through and not read.

    >>> without_practice("# A\\n\\nb\\n\\n## Exercises\\n\\nc\\n\\n### D\\n\\ne\\n\\n## Summary\\n\\nf")
    '# A\\n\\nb\\n\\n## Summary\\n\\nf'
    """
    return re.sub(rf"(?ms)^## (?:{EXERCISES}|{QUESTIONS})\n.*?(?=^## |\Z)", "", text)


def predictions_are_answered(page: Page) -> list[str]:
    """Each prediction is answered by a cell behind it, in its section, with something that is computed."""
    found = []
    for question, asked in predictions(page):
        words = question.removeprefix(f"> {PREDICT}").strip()[:50]
        if asked is None:
            found.append(f"has a prediction that no cell with 'predict' in its header answers: {words!r}")
            continue
        found += [f"has a prediction, {words!r}, whose answer {problem}" for problem in _problems_of_answer(asked)]
    return found + _answers_without_question(page)


def _problems_of_answer(asked: dict) -> list[str]:
    if unknown := set(asked) - {"answer", "within", "unit", "choices"}:
        return [f"has {', '.join(sorted(unknown))}, which nothing reads"]
    try:
        tree = ast.parse(str(asked.get("answer", "")), mode="eval").body
    except SyntaxError:
        return ["is no Python expression"]
    found = ["is typed, not computed"] if isinstance(tree, ast.Constant) else []
    choices = asked.get("choices")
    if choices is None and not isinstance(asked.get("within"), int | float):
        found.append("needs within, how far a guess may lie off, or choices")
    if choices is not None and not (
        isinstance(choices, list) and 2 <= len(choices) <= 5 and all(isinstance(one, str) for one in choices)
    ):
        found.append("needs two to five choices, each in quotes")
    return found


def _answers_without_question(page: Page) -> list[str]:
    """Say which answers stand before their question, or in another section than it."""
    found, asked = [], False
    for cell in page.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                asked = line.startswith(f"> {PREDICT}") or (asked and not HEADING.match(line))
        elif "predict" in cell.metadata:
            if not asked:
                found.append(f"answers a prediction that does not stand before it in its section: {cell.source[:50]!r}")
            asked = False
    return found


def predictions_come_first(page: Page) -> list[str]:
    """The answer of a prediction has not been given away before it in its section."""
    notebook = page.notebook
    answers = page.measured.get("answers", {})
    found, before, seen = [], "", ""
    for cell in notebook.cells if notebook else []:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if HEADING.match(line):
                    before = ""
                if line.startswith(f"> {PREDICT}"):
                    seen = before
                before += f"{line}\n"
        else:
            answer = answers.get(cell.get("id"), "")
            if len(re.sub(r"\D", "", answer)) >= TELLING_DIGITS and re.search(
                rf"(?<![\d.]){re.escape(answer)}(?!\d)", seen
            ):
                found.append(f"has a prediction that stands after its answer, {answer}: {cell.source[:50]!r}")
            before += _shown_by(cell)
    return found


def _shown_by(cell: NotebookNode) -> str:
    texts = [
        output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])
    ]
    return "\n".join(map(str, texts))


def exercises_are_whole(page: Page) -> list[str]:
    """An exercise has kind and minutes, cells with region and check, two hints, a solution and a note to mark by."""
    if not has_exercises(page):
        return []
    checks = _checks_of(page)
    found = []
    minutes = [exercise.minutes for exercise in exercises(page)]
    if minutes != sorted(minutes):
        found.append(f"has exercises of {minutes} minutes, which is not from short to long")
    for number, exercise in enumerate(exercises(page), start=1):
        problems = _problems_of(exercise, number) + _problems_of_cells(exercise, checks)
        found += [f"has an exercise, {exercise.title!r}, that {problem}" for problem in problems]
    return found


def _problems_of(exercise: Exercise, number: int) -> list[str]:
    found = []
    if not re.match(rf"Exercise {number}\. \S", exercise.title):
        found.append(f"should be called 'Exercise {number}. ...'")
    if not exercise.kind or not 0 < exercise.minutes <= LONGEST_MINUTES:
        found.append(f"does not begin with its kind and at most {LONGEST_MINUTES} minutes, as '*Paper, 3 minutes.*'")
    order = [part for part, after in pairwise([*exercise.parts, ""]) if part != after or part == "hint"]
    cells = ["exercise", "check"] if "exercise" in order else []
    if order != ["text", *cells, "hint", "hint", "solution", "marking"]:
        found.append(f"has the parts {', '.join(order)}")
    return found


def _problems_of_cells(exercise: Exercise, checks: set[str]) -> list[str]:
    found = []
    for piece in exercise.pieces:
        if piece.part == "exercise":
            if not solution_of(piece.text).strip():
                found.append("has a cell without a region from ### BEGIN SOLUTION to ### END SOLUTION")
            try:
                ast.parse(stub(piece.text))
            except SyntaxError:
                found.append("has a stub that is no Python")
        if piece.part == "check":
            called = CALLED.findall(piece.text)
            if len(called) != 1 or called[0] not in checks:
                found.append(f"does not call one check of its page in a line like check.name(answer): {piece.text!r}")
    return found


def _checks_of(page: Page) -> set[str]:
    """Return the names of the checks of a page, read and not run."""
    package = importlib.util.find_spec("nnbook.exercises")
    folder = Path(package.origin).parent if package and package.origin else page.root
    path = folder / f"{page.path.stem.replace('-', '_')}.py"
    if not path.is_file():
        return set()
    functions = [step for step in ast.parse(path.read_text("utf-8")).body if isinstance(step, ast.FunctionDef)]
    return {one.name for one in functions if any(getattr(mark, "id", "") == "check" for mark in one.decorator_list)}


def questions_are_whole(page: Page) -> list[str]:
    """A question has three or four options; one is right, and each has an answer of its own."""
    found = []
    asked = questions(page)
    for number, question in enumerate(asked, start=1):
        found += [f"has a question {number} that {problem}" for problem in _problems_of_question(question)]
    places = {
        [option.right for option in question.options].index(True)
        for question in asked
        if any(one.right for one in question.options)
    }
    if len(asked) >= LEAST_QUESTIONS and len(places) == 1:
        found.append("has the right option in the same place in all questions")
    return found


def _problems_of_question(question: Question) -> list[str]:
    found = []
    if not OPTIONS[0] <= len(question.options) <= OPTIONS[1]:
        found.append(
            f"has {len(question.options)} options in the form '- option' and '    - *No.* why', not three or four"
        )
    if sum(option.right for option in question.options) != 1:
        found.append("has not one right option")
    answers = [option.answer.strip() for option in question.options]
    if any(len(answer.split()) < 3 for answer in answers) or len(set(answers)) < len(answers):
        found.append("has an option without an answer of its own")
    return found


def working_time_is_true(page: Page) -> list[str]:
    """The minutes to work through are those of the exercises, and one for each question."""
    if not has_exercises(page):
        return []
    minutes = sum(exercise.minutes for exercise in exercises(page)) + len(questions(page))
    claimed = WORK.search(page.text)
    if claimed and abs(int(claimed[1]) - minutes) <= 5:
        return []
    return [f"must say '{5 * math.ceil(minutes / 5)} to work through' in the line **Time.**"]


def pages_have_something_to_do(book: Book) -> list[str]:
    """Each page of a part, not of the appendix, has exercises and questions; each page with code a prediction.

    A book that has no exercise anywhere is none to work through.
    """
    found: list[str] = []
    if not any(map(has_exercises, book.notebook_pages)):
        return found
    for part, pages in book.parts.items():
        for page in pages:
            if not page.is_notebook:
                continue
            with_check = [one for one in exercises(page) if "check" in one.parts]
            wanted = [(len(predictions(page)), LEAST_PREDICTIONS, "predictions")]
            if part != "Appendix":
                wanted += [
                    (len(exercises(page)), LEAST_EXERCISES, "exercises"),
                    (len(with_check), LEAST_CHECKS, "exercises with a check"),
                    (len(questions(page)), LEAST_QUESTIONS, "questions"),
                ]
            found += [f"{page.name} has {has} {what}, not {least}" for has, least, what in wanted if has < least]
    return found
