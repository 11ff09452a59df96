"""What a page gives its readers to do: predictions, exercises, questions; and its notebook without the solutions.

The page holds the full solution. A region that begins with `### BEGIN SOLUTION` and ends with `### END SOLUTION` (the
words of nbgrader) becomes a stub; prose from **Solution.** on, and code cells with the tag `solution`, go.
"""

import ast
import copy
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode

from tools.book import Page, tags_of

EXERCISES, QUESTIONS = "Exercises", "Questions"
PREDICT = "**Predict before you run.**"
EXERCISE, CHECK, SOLUTION = "exercise", "check", "solution"  # tags of code cells
REGION = re.compile(r"(?ms)^([ \t]*)### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION[ \t]*(?:\n|\Z)")
PIECE = re.compile(r"(?m)^(?=#{2,3} |\*\*(?:Hint \d|Solution|Marking|Question \d+)\.\*\*)")
LABEL = re.compile(r"\*\*(?:(Hint) (\d)|(Solution)|(Marking)|(Question) \d+)\.\*\*")
HEADING = re.compile(r"(#{2,3}) (.+)")
KIND = re.compile(r"\*(Paper|Code|Predict|Explain|Project), (\d+) minutes\.\*")
OPTION = re.compile(r"(?m)^- (.+)\n {4}- \*(Yes|No)\.\* ?(.*(?:\n {6}.*)*)")


class Piece(NamedTuple):
    """A stretch of a page: its part, and the cell that it is (of) with the text of this stretch."""

    part: str  # "lesson", "exercise", "check", "hint", "solution", "marking" or "question"
    cell: NotebookNode
    text: str


class Exercise(NamedTuple):
    """An exercise as it stands on a page."""

    title: str
    kind: str
    minutes: int
    parts: list[str]  # parts of its pieces, in their order
    pieces: list[Piece]


class Option(NamedTuple):
    """An option of a question, whether it is right, and what is said of it."""

    text: str
    right: bool
    answer: str


class Question(NamedTuple):
    """A question as it stands on a page."""

    text: str
    options: list[Option]


def pieces(cells: list[NotebookNode]) -> Iterator[Piece]:
    """Yield the stretches of a page in their order; each character of its prose is in one of them."""
    section = part = ""
    for cell in cells:
        if cell.cell_type == "code":
            tagged = [tag for tag in (EXERCISE, CHECK, SOLUTION) if tag in tags_of(cell)]
            yield Piece(tagged[0] if tagged else "solution" if part == "solution" else "lesson", cell, cell.source)
            continue
        for text in PIECE.split(cell.source):
            if heading := HEADING.match(text):
                section = heading[2].strip() if heading[1] == "##" else section
                part = "lesson"
            elif section in (EXERCISES, QUESTIONS) and (label := LABEL.match(text)):
                part = next(group for group in (label[1], label[3], label[4], label[5]) if group).lower()
            if text:
                yield Piece(part or "lesson", cell, text)


def stub(source: str) -> str:
    """Return a cell without its solution.

    >>> stub("h = ...\\n### BEGIN SOLUTION\\nh = 1\\n### END SOLUTION")
    'h = ...  # your code'
    >>> print(stub("def f(x):\\n    ### BEGIN SOLUTION\\n    return x\\n    ### END SOLUTION"))
    def f(x):
        ...  # your code
    """
    bare = REGION.sub(lambda found: f"{found[1]}...  # your code\n" if found[1] else "", source).rstrip()
    return re.sub(r"(?m)^(\w+(?:, \w+)* = (?:\.\.\.(?:, )?)+)$", r"\1  # your code", bare)


def solved(source: str) -> str:
    """Return a cell with its solution and without the marks of the region, or the dots before it.

    >>> solved("h = ...\\n### BEGIN SOLUTION\\nh = 1\\n### END SOLUTION")
    'h = 1'
    """
    whole = REGION.sub(r"\2", source).rstrip()
    return re.sub(r"(?m)^\w+(?:, \w+)* = (?:\.\.\.(?:, )?)+\n", "", whole)


def solution_of(source: str) -> str:
    """Return the lines of a cell that a stub lacks."""
    return "".join(found[2] for found in REGION.finditer(source))


def has_exercises(page: Page) -> bool:
    """Does a page have exercises?"""
    return page.is_notebook and re.search(rf"(?m)^## {EXERCISES}\s*$", page.text) is not None


def exercises(page: Page) -> list[Exercise]:
    """Return the exercises of a page."""
    found: list[Exercise] = []
    inside = False
    for piece in pieces(page.cells):
        heading = HEADING.match(piece.text) if piece.cell.cell_type == "markdown" else None
        if heading and heading[1] == "##":
            inside = heading[2].strip() == EXERCISES
        elif heading and inside:
            kind = KIND.search(piece.text)
            name, minutes = (kind[1], int(kind[2])) if kind else ("", 0)
            found.append(Exercise(heading[2].strip(), name, minutes, ["text"], [piece]))
        elif inside and found:
            found[-1].parts.append(piece.part)
            found[-1].pieces.append(piece)
    return found


def questions(page: Page) -> list[Question]:
    """Return the questions of a page."""
    found = []
    for piece in pieces(page.cells):
        if piece.part == "question" and LABEL.match(piece.text):
            text, _, rest = piece.text.partition("\n\n")
            options = [Option(one[1], one[2] == "Yes", one[3]) for one in OPTION.finditer(rest)]
            found.append(Question(" ".join(LABEL.sub("", text).split()), options))
    return found


def predictions(page: Page) -> list[tuple[str, dict[str, Any] | None]]:
    """Return the predictions of a page: the question, and what the cell that answers says of the answer."""
    found: list[tuple[str, dict[str, Any] | None]] = []
    for cell in page.cells:
        if cell.cell_type == "markdown":
            found += [(text, None) for text in re.findall(rf"(?m)^> {re.escape(PREDICT)}[^\n]*", cell.source)]
        elif "predict" in cell.metadata and found:
            found[-1] = (found[-1][0], dict(cell.metadata["predict"]))
    return found


def without_solutions(notebook: NotebookNode, plain: bool = False) -> NotebookNode:
    """Return a notebook without solutions: stubs in their place, and nothing that an exercise printed.

    Args:
        notebook: the notebook of a page, with or without outputs.
        plain: leave hints and answers to questions as the page has them. Else they are folded as a notebook can.
    """
    bare = copy.deepcopy(notebook)
    bare.cells = []
    for piece in pieces(notebook.cells):
        if piece.part in ("solution", "marking"):
            continue
        if piece.cell.cell_type == "code":
            cell = copy.deepcopy(piece.cell)
            if piece.part in (EXERCISE, CHECK):
                cell.source, cell.outputs, cell.execution_count = stub(cell.source), [], None
            bare.cells.append(cell)
            continue
        text = piece.text if plain else _folded(piece)
        last = bare.cells[-1] if bare.cells else None
        if last is not None and last.get("id") == piece.cell.get("id") and last.cell_type == "markdown":
            last.source = f"{last.source.rstrip()}\n\n{text.strip()}"
        else:
            cell = copy.deepcopy(piece.cell)
            cell.source = text.strip()
            bare.cells.append(cell)
    return bare


def with_solutions_apart(notebook: NotebookNode, marking: bool = False) -> NotebookNode:
    """Return a notebook with stubs where a reader works, and each solved cell, with the verdict, behind its solution.

    Args:
        notebook: the executed notebook of a page.
        marking: keep the notes for those who mark.
    """
    apart = copy.deepcopy(notebook)
    lines = notebook.metadata.get("source_map")
    apart.cells, places = [], []
    waiting: list[NotebookNode] = []

    def add(cell: NotebookNode, place: int) -> None:
        apart.cells.append(cell)
        places.append(place)

    numbers = {id(cell): number for number, cell in enumerate(notebook.cells)}
    for piece in pieces(notebook.cells):
        place = lines[numbers[id(piece.cell)]] if lines else 0
        if piece.cell.cell_type == "code":
            cell = copy.deepcopy(piece.cell)
            if piece.part in (EXERCISE, CHECK):
                waiting.append(piece.cell)
                cell.source, cell.outputs = stub(cell.source), []
            add(cell, place)
        elif piece.part != "marking" or marking:
            cell = copy.deepcopy(piece.cell)
            cell.source = piece.text.strip()
            add(cell, place)
            if piece.part == "solution" and waiting:
                add(_solved_cell(waiting), place)
                waiting = []
    if lines:
        apart.metadata["source_map"] = places
    return apart


def _solved_cell(cells: list[NotebookNode]) -> NotebookNode:
    """Return the solved cells of an exercise as one, with what they and the check printed."""
    one = copy.deepcopy(cells[0])
    one.source = "\n\n".join(solved(cell.source) for cell in cells if CHECK not in tags_of(cell))
    one.outputs = [output for cell in cells for output in cell.get("outputs", [])]
    one.metadata["tags"] = [SOLUTION]
    return one


def _folded(piece: Piece) -> str:
    """Return a hint, or the answers to a question, folded as Jupyter, Colab and GitHub can show it."""
    if piece.part == "hint":
        label, _, text = piece.text.strip().removeprefix("**").partition(".**")
        return f"<details><summary>{label}</summary>\n\n{text.strip()}\n\n</details>"
    if piece.part == "question" and LABEL.match(piece.text):
        options = list(OPTION.finditer(piece.text))
        if not options:
            return piece.text
        text = piece.text[: options[0].start()].rstrip()
        asked = "\n".join(f"- {one[1]}" for one in options)
        answers = "\n".join(f"- {one[1].rstrip('.:')}: *{one[2]}.* {one[3]}" for one in options)
        return f"{text}\n\n{asked}\n\n<details><summary>Answers</summary>\n\n{answers}\n\n</details>"
    return piece.text


def _execute_stubs(notebook: NotebookNode) -> None:
    """Run stubs and checks, which need nothing of the lesson, and number all cells as if the notebook had been run.

    That a run of the whole notebook gives the same is what `tests/chapters/test_editions.py` shows.
    """
    values: dict[str, Any] = {"__name__": "__main__"}
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    for count, cell in enumerate(code, start=1):
        if {EXERCISE, CHECK} & set(tags_of(cell)):
            tree = ast.parse(cell.source)
            shown = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) and CHECK in tags_of(cell) else None
            exec(compile(tree, "<cell>", "exec"), values)
            if isinstance(shown, ast.Expr):
                verdict = repr(eval(compile(ast.Expression(shown.value), "<cell>", "eval"), values))
                cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": verdict})]
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count


def practice_notebook(page: Page) -> NotebookNode:
    """Return the notebook to practise with: that of the page without solutions, its lessons with their outputs.

    Raises:
        ValueError: the page has no notebook yet.
    """
    if page.notebook is None:
        raise ValueError(f"{page.name}.ipynb is missing; run `make notebooks`.")
    bare = without_solutions(page.notebook)
    for number, cell in enumerate((cell for cell in bare.cells if cell.cell_type == "markdown"), start=1):
        cell["id"] = f"prose-{number}"
    _execute_stubs(bare)
    bare.metadata["nnbook"] = {key: value for key, value in bare.metadata.get("nnbook", {}).items() if key != "answers"}
    return nbformat.from_dict(bare)
