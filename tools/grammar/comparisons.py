"""Comparisons: where a page says that one thing does better than another, a row of one table says how that was found.

A section that compares carries the tag `comparison` on the cell that shows what came out. The table stands on the page
of method; its first column links to the section, by its heading, and the others say what changes, what both sides get,
which method is the simplest beside them, how many starts there are, and how they are compared.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from tools.book import Book, Page, tags_of
from tools.grammar import prose
from tools.practice import EXERCISES, QUESTIONS

TAG = "comparison"
METHOD = "how-we-measure"
TABLE = "Every comparison in this book"
COLUMNS = 6
SUMMARY = "Summary"  # repeats what a section has shown
JUDGING = re.compile(
    r"\b(beats?|beaten|outperforms?|wins?|won|"
    r"(?:better|worse|faster|slower|quicker|harder|easier|more accurate|more often) than|"
    r"(?:is|are|was|were|stays?) (?:better|worse)|far (?:above|below)|standard (?:deviations?|errors?) (?:above|below)|"
    r"helps|helped|harms?|harmed|hurts?|(?:does|do|did|may|can) not help|"
    r"as (?:good|fast|accurate) as|ahead of|(?:falls?|fell|stays?|is|are|far) behind|(?:does|do|did) (?:better|worse)|"
    r"far (?:better|worse)|(?:best|worst|fastest|quickest) (?:of|too)|points (?:better|worse)|loses (?:more|less) than|"
    r"gains? (?:nothing|\w+ points?|half a point)|makes? no difference)\b",
    flags=re.I,
)
# Where such words judge no measurement: the heading of the section and why.
NO_COMPARISON: dict[tuple[str, str], str] = {
    ("lstm-and-gru", "A gate is a sigmoid"): "far above and far below are places on the axis of a curve",
    ("cifar-cnn", "Logits and the loss"): "how far above the loss of a guess one net may start",
    ("training-faster", "The rungs"): "says what learning by heart is: better on the training pictures than on others",
    ("how-we-measure", "The same questions: compare in pairs"): "the two nets are made up, to work a test out",
}


class Section(NamedTuple):
    """What stands between a heading and the next: its words, its prose, the tags of its code cells."""

    heading: str
    text: str
    tags: tuple[str, ...]


def sections(page: Page) -> list[Section]:
    """Return the sections of a page.

    The part above the first heading of the second level is left out, and so are exercises and questions: they are about
    comparisons, and a wrong option says what is not so.
    """
    found: list[tuple[str, list[str], list[str]]] = []
    practice = False
    for cell in page.cells:
        if cell.cell_type == "code":
            if found and not practice:
                found[-1][2].extend(tags_of(cell))
            continue
        for part in re.split(r"^(?=##+ )", cell.source, flags=re.M):
            if heading := re.match(r"(##+) (.+)", part):
                words = heading[2].strip()
                practice = words in (EXERCISES, QUESTIONS) or (practice and len(heading[1]) > 2)
                if not practice:
                    found.append((words, [part[heading.end() :]], []))
            elif found and not practice:
                found[-1][1].append(part)
    return [Section(heading, "\n\n".join(texts), tuple(tags)) for heading, texts, tags in found]


def comparisons_are_marked(page: Page) -> list[str]:
    """A section that judges one thing by another has a cell with the tag `comparison`."""
    return [
        f"judges {judged!r} in the section {section.heading!r}, none of whose cells has the tag {TAG!r}; measure it "
        f"there, say it otherwise, or give the reason in tools/grammar/comparisons.py"
        for section in sections(page)
        if TAG not in section.tags
        and section.heading not in (SUMMARY, TABLE)
        and (page.path.stem, section.heading) not in NO_COMPARISON
        for judged in list(_judgements(section.text))[:1]
    ]


def _judgements(text: str) -> Iterator[str]:
    """Yield the sentences that judge, questions left out."""
    for sentence in re.split(r"(?<=[.!?:;])\s+", prose.running_text(text)):
        if JUDGING.search(sentence) and not sentence.endswith("?"):
            yield sentence


def comparisons_are_listed(book: Book) -> list[str]:
    """Each section that compares has one row in the table of the page of method, and each row such a section."""
    marked = [
        (page, section.heading) for page in book.notebook_pages for section in sections(page) if TAG in section.tags
    ]
    method = next((page for page in book.pages if page.path.stem == METHOD), None)
    if method is None:
        return [f"{page.name} compares in {heading!r}, but there is no page {METHOD}" for page, heading in marked]
    rows = prose.table_rows(method.text, TABLE)
    listed = [(target.partition("#")[0], words) for row in rows for target, words in row.links]
    wanted = [
        (posixpath.relpath(f"{page.name}.md", posixpath.dirname(method.name)), heading) for page, heading in marked
    ]
    found = [
        f"{method.name} must have one row for [{heading}]({target}#...) under {TABLE!r}, but has {listed.count(one)}"
        for one in wanted
        for target, heading in [one]
        if listed.count(one) != 1
    ]
    found += [
        f"{method.name} lists [{words}]({target}), where no cell has the tag {TAG!r}"
        for target, words in listed
        if (target, words) not in wanted
    ]
    return found + [
        f"{method.name} has a row under {TABLE!r} with an empty column, or without {COLUMNS}: {' | '.join(row.columns)}"
        for row in rows
        if len(row.columns) != COLUMNS or not all(row.columns)
    ]
