"""What a reader does on a page: predictions that fold their answer, hints and solutions that fold, questions.

All of it is made of the plain text of a page, in the doctree. Without a script each fold is a plain one of the
browser; `_static/book.js` adds the field of a prediction and keeps the score.
"""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import nbformat
from docutils import nodes
from docutils.nodes import Element, Node
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from tools.practice import EXERCISES, LABEL, PREDICT, QUESTIONS

LEAD = PREDICT.strip("*")


class Fold(nodes.General, nodes.Element):
    """A part of a page that opens on demand: its words, and what a script has to know."""


class Options(nodes.General, nodes.Element):
    """The options of a question; each is a Fold with the answer that it earns."""


def write_fold(writer: HTML5Translator, node: Fold) -> None:
    """Open a fold."""
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in node.get("data", {}).items())
    opened = " open" if node.get("opened") else ""
    writer.body.append(f'<details class="{node["kind"]}"{data}{opened}><summary>')
    for child in node.get("summary", []):
        child.walkabout(writer)
    writer.body.append(f"{escape(node.get('words', ''))}</summary>\n")


def write_end_of_fold(writer: HTML5Translator, node: Fold) -> None:
    """Close a fold."""
    writer.body.append("</details>\n")


def write_options(writer: HTML5Translator, node: Options) -> None:
    """Open the options of a question."""
    writer.body.append('<div class="options">\n')


def write_end_of_options(writer: HTML5Translator, node: Options) -> None:
    """Close the options of a question."""
    writer.body.append("</div>\n")


def fold_predictions(document: Element, answers: dict[str, str]) -> None:
    """Fold what follows each prediction, up to the cell that answers it and the prose behind that cell.

    Args:
        document: a page, whose cells have their ids.
        answers: what the cells that answer gave, by their ids.
    """
    for quote in list(document.findall(nodes.block_quote)):
        if not _starts_with(quote, LEAD):
            continue
        following = _siblings_after(quote)
        answering = next((number for number, node in enumerate(following) if _asked(node)), None)
        if answering is None or any(isinstance(node, nodes.section) for node in following[:answering]):
            continue
        end = answering + 1
        while end < len(following) and isinstance(
            following[end], nodes.paragraph | nodes.math_block | nodes.bullet_list
        ):
            end += 1
        cell = following[answering]
        asked = _asked(cell)
        answer = next((answers[one] for one in cell["ids"] if one in answers), "")
        data = {"answer": answer} | {
            name: json.dumps(value) if isinstance(value, list) else str(value)
            for name, value in asked.items()
            if name in ("within", "unit", "choices")
        }
        quote["classes"].append("predict")
        _wrap(following[:end], Fold(kind="prediction", words="Show what happens", data=data))


def fold_exercises(document: Element, opened: bool = False) -> None:
    """Fold hints and solutions, each behind its own words."""
    for section in document.findall(nodes.section):
        if _title(section) != EXERCISES:
            continue
        for exercise in [one for one in section.children if isinstance(one, nodes.section)]:
            for words, parts in list(_labelled(exercise)):
                _drop_label(parts[0])
                kind = words.split()[0].lower()
                _wrap(parts, Fold(kind=f"fold {kind}", words=words, opened=opened))


def fold_questions(document: Element) -> None:
    """Turn the options of each question into folds that hold the answers."""
    for section in document.findall(nodes.section):
        if _title(section) != QUESTIONS:
            continue
        for question in [one for one in section.children if _starts_with(one, "Question ")]:
            options = question.next_node(descend=False, siblings=True)
            if isinstance(options, nodes.bullet_list):
                question["classes"].append("question")
                folds = [_option(letter, item) for letter, item in zip(ascii_lowercase, options.children, strict=False)]
                options.replace_self(Options("", *folds))


def list_answers(document: Element) -> None:
    """Take the answers out of the questions and put them at the end of the book, for paper."""
    key = nodes.section(ids=["answers-to-the-questions"])
    key += nodes.title(text="Answers to the questions")
    for section in list(document.findall(nodes.section)):
        if _title(section) != QUESTIONS:
            continue
        key += nodes.paragraph("", "", nodes.strong(text=_title(section.parent)))
        for question in [one for one in section.children if _starts_with(one, "Question ")]:
            options = question.next_node(descend=False, siblings=True)
            if not isinstance(options, nodes.bullet_list):
                continue
            answers = nodes.bullet_list()
            for item in options.children:
                inner = item.children[-1]
                item.remove(inner)
                answers += nodes.list_item("", *[one.deepcopy() for one in item.children], *inner.children[0].children)
            key += nodes.paragraph("", "", *[one.deepcopy() for one in question.children])
            key += answers
    if len(key.children) > 1:
        document.append(key)


def _option(letter: str, item: Element) -> Fold:
    """Return an option as a fold: its letter and its own words to choose, and its answer inside."""
    *words, answers = item.children
    answer = answers.children[0].children[0]  # of the list within the option, the first paragraph
    said = answer.children
    right = answer.astext().startswith("Yes")
    summary = [nodes.Text(f"{letter}) "), *(child for one in words for child in one.children)]
    return Fold("", nodes.paragraph("", "", *said), kind="option", data={"right": str(int(right))}, summary=summary)


def _lead(node: Node) -> Node | None:
    """Return the words in bold with which a paragraph, or the first one of a quotation, begins."""
    first = node.children[0] if isinstance(node, nodes.block_quote) and node.children else node
    words = [one for one in first.children if one.astext()] if isinstance(first, nodes.paragraph) else []
    return words[0] if words and isinstance(words[0], nodes.strong) else None


def _starts_with(node: Node, words: str) -> bool:
    """Does a paragraph, or the first one of a quotation, start with some words in bold?"""
    lead = _lead(node)
    return lead is not None and lead.astext().startswith(words)


def _labelled(exercise: Element) -> Iterator[tuple[str, list[Element]]]:
    """Yield the words and the nodes of each hint, solution and note for marking."""
    words = ""
    parts: list[Element] = []
    for node in list(exercise.children):
        lead = _lead(node)
        label = LABEL.match(f"**{lead.astext()}**") if lead is not None else None
        if label:
            if words:
                yield words, parts
            words, parts = label[0].strip("*."), [node]
        elif words:
            parts.append(node)
    if words:
        yield words, parts


def _drop_label(paragraph: Element) -> None:
    lead = _lead(paragraph)
    if lead is None:
        return
    place = paragraph.index(lead)
    del paragraph.children[: place + 1]
    if paragraph.children and isinstance(paragraph.children[0], nodes.Text):
        paragraph.replace(paragraph.children[0], nodes.Text(paragraph.children[0].astext().lstrip()))


def _asked(node: Node) -> dict[str, Any]:
    """Return what a code cell says of the answer of a prediction; nothing for any other node."""
    is_cell = isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"
    return dict(node.get("cell_metadata", {}).get("predict") or {}) if is_cell else {}


def _siblings_after(node: Element) -> list[Element]:
    place = node.parent.index(node)
    return list(node.parent.children[place + 1 :])


def _title(node: Node) -> str:
    return node.children[0].astext() if node.children and isinstance(node.children[0], nodes.title) else ""


def _wrap(parts: list[Element], fold: Fold) -> None:
    """Put neighbours into a fold that stands where the first of them stood."""
    parent = parts[0].parent
    parent.insert(parent.index(parts[0]), fold)
    for part in parts:
        parent.remove(part)
    fold += parts


def answers_of(path: Path) -> dict[str, str]:
    """Return the answers of predictions that an executed notebook holds."""
    if not path.is_file():
        return {}
    return dict(nbformat.read(path, as_version=4).metadata.get("nnbook", {}).get("answers", {}))


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx how these elements are written."""
    app.add_node(Fold, html=(write_fold, write_end_of_fold))
    app.add_node(Options, html=(write_options, write_end_of_options))
    return {"version": "1", "parallel_read_safe": True}
