"""Links that the site makes of plain text: from the number of an equation or a figure, from a glossary term."""

import re
from collections.abc import Callable

from docutils import nodes
from docutils.nodes import Element, Node
from sphinx.application import Sphinx

NUMBERED = re.compile(r"\b(equation|figure) \(?(\d+)\)?")
QUIET_PARENTS = (nodes.title, nodes.literal, nodes.literal_block, nodes.reference, nodes.math, nodes.caption)
# Pages that are lists: of parts, of the terms themselves, of works, of numbers. A term in them is not being explained.
LISTS = frozenset(
    {
        "chapters/index",
        "chapters/appendix/glossary",
        "chapters/appendix/bibliography",
        "chapters/appendix/runtimes",
    }
)


def number_equations_and_figures(document: Element) -> None:
    r"""Give `\tag{1}` and a caption that starts with *Figure 1.* an address, and link "equation (1)", "figure 1"."""
    known = set()
    for block in document.findall(nodes.math_block):
        for number in re.findall(r"\\tag\{(\d+)\}", block.astext())[:1]:
            block["ids"].append(f"equation-{number}")
            known.add(f"equation-{number}")
    for paragraph in document.findall(nodes.paragraph):
        first = paragraph.children[0] if paragraph.children else None
        if isinstance(first, nodes.emphasis) and (found := re.fullmatch(r"Figure (\d+)\.", first.astext())):
            paragraph["ids"].append(f"figure-{found[1]}")
            paragraph["classes"].append("caption-line")
            known.add(f"figure-{found[1]}")

    def address(match: re.Match[str]) -> str | None:
        name = f"{match[1]}-{match[2]}"
        return f"#{name}" if name in known else None

    for text in texts(document):
        link_matches(text, NUMBERED, address)


def texts(document: Element) -> list[nodes.Text]:
    """Return the running text of a page: no headings, no code, no links."""
    found = []
    for text in document.findall(nodes.Text):
        parent: Node | None = text.parent
        while parent is not None and not isinstance(parent, QUIET_PARENTS):
            parent = parent.parent
        if parent is None:
            found.append(text)
    return found


def link_matches(
    text: nodes.Text,
    pattern: re.Pattern[str],
    address: Callable[[re.Match[str]], str | None],
    limit: int | None = None,
) -> int:
    """Turn what matches in a text into links.

    Args:
        text: a text of a page.
        pattern: what to look for.
        address: says where a match leads; None leaves it as it is.
        limit: make no more links than this.

    Returns:
        How many links were made.
    """
    parts: list[Node] = []
    end, made = 0, 0
    source = text.astext()
    for match in pattern.finditer(source):
        if made == limit:
            break
        if (target := address(match)) is None:
            continue
        parts += [nodes.Text(source[end : match.start()])] if match.start() > end else []
        parts.append(nodes.reference("", match[0], internal=True, refuri=target))
        end, made = match.end(), made + 1
    if made:
        parts += [nodes.Text(source[end:])] if end < len(source) else []
        text.parent.replace(text, parts)
    return made


def link_glossary(app: Sphinx, document: Element, page: str) -> None:
    """Link the first use of each glossary term on a page to its entry."""
    terms = {
        name: app.builder.get_relative_uri(page, target) + "#" + anchor
        for name, _, kind, target, anchor, _ in app.env.get_domain("std").get_objects()
        if kind == "term" and target != page
    }
    for name in sorted(terms, key=len, reverse=True):
        _link_first(document, re.compile(rf"\b{re.escape(name)}(?:e?s)?\b", re.I), terms[name])


def _link_first(document: Element, pattern: re.Pattern[str], target: str) -> None:
    for text in texts(document):
        if link_matches(text, pattern, lambda _: target, limit=1):
            return
