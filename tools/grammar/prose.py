"""The prose of a page as Markdown sees it: headings, pictures, links, formulas and running text."""

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

PARSER = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(front_matter_plugin)
    .use(dollarmath_plugin)
    .use(amsmath_plugin)
    .use(colon_fence_plugin)
    .use(footnote_plugin)
    .use(myst_role_plugin)
    .use(myst_block_plugin)
)
FORMULAS = ("math_block", "math_block_label", "amsmath")
READ = ("text", "code_inline", "math_inline", "softbreak", "hardbreak")
# What a notebook shows as it is, because only the site understands it, and how it looks on the page.
SITE_ONLY = {
    "colon_fence": ":::{0.info}",
    "myst_role": "{{{0.meta[name]}}}`{0.content}`",
    "myst_target": "({0.content})=",
    "myst_line_comment": "%{0.content}",
    "myst_block_break": "+++{0.content}",
    "footnote_ref": "[^{0.meta[label]}]",
}


@lru_cache(maxsize=64)
def blocks(text: str) -> list[Token]:
    """Return the blocks of a page, those inside of a directive with colons after it."""
    found = []
    for token in PARSER.parse(text):
        found += [token, *(blocks(token.content) if token.type == "colon_fence" else ())]
    return found


def leaves(text: str) -> Iterator[Token]:
    """Yield every block and what stands within its lines."""
    for token in blocks(text):
        yield token
        yield from token.children or ()


def headings(text: str) -> list[tuple[int, str]]:
    """Return level and words of each heading.

    >>> headings("# One\\n\\n```\\n# code\\n```\\n\\nTwo\\n---")
    [(1, 'One'), (2, 'Two')]
    """
    found = blocks(text)
    return [
        (int(token.tag[1:]), inline.content)
        for token, inline in itertools.pairwise(found)
        if token.type == "heading_open"
    ]


def pictures(text: str) -> list[tuple[str, str]]:
    """Return target and alternative text of each picture.

    >>> pictures("![a\\ncat](cat.png) `![no](no.png)`")
    [('cat.png', 'a cat')]
    """
    return [
        (str(token.attrs["src"]), " ".join(token.content.split())) for token in leaves(text) if token.type == "image"
    ]


def raw_html(text: str) -> list[str]:
    """Return what is written in HTML.

    >>> raw_html("a <b>c</b> `<i>`")
    ['<b>', '</b>']
    """
    return [token.content for token in leaves(text) if token.type in ("html_block", "html_inline")]


def formulas(text: str) -> list[str]:
    """Return the formulas that stand on lines of their own."""
    return [token.content for token in blocks(text) if token.type in FORMULAS]


def running_text(text: str) -> str:
    """Return what is read from left to right: no code cells, no display formulas, no addresses of links.

    >>> running_text("See [the *page*](https://example.org).\\n\\n    code")
    'See the page.'
    """
    lines = [token.children or [] for token in blocks(text) if token.type == "inline"]
    return "\n".join("".join(leaf.content or " " for leaf in line if leaf.type in READ) for line in lines)


class Row(NamedTuple):
    """A row of a table: the words of its columns, and target and words of its links."""

    columns: list[str]
    links: list[tuple[str, str]]


def table_rows(text: str, heading: str) -> list[Row]:
    """Return the rows of the tables under a heading, without the row of titles.

    >>> table_rows("## Here\\n\\n| a | b |\\n|---|---|\\n| [x](y.md) | z |\\n\\n## There\\n\\n[v](w.md)", "Here")
    [Row(columns=['x', 'z'], links=[('y.md', 'x')])]
    """
    found: list[Row] = []
    under, inside = "", False
    for before, token in itertools.pairwise(blocks(text)):
        if before.type == "heading_open":
            under = token.content
        inside = token.type == "tbody_open" or (inside and token.type != "tbody_close")
        if not inside or under != heading:
            continue
        if token.type == "tr_open":
            found.append(Row([], []))
        elif before.type == "td_open":
            leaves_of = token.children or []
            found[-1].columns.append("".join(leaf.content for leaf in leaves_of if leaf.type in READ).strip())
            found[-1].links.extend(
                (str(link.attrs["href"]), words.content)
                for link, words in itertools.pairwise(leaves_of)
                if link.type == "link_open"
            )
    return found


def table_links(text: str, heading: str) -> list[tuple[str, str]]:
    """Return target and words of the links in the tables under a heading."""
    return [link for row in table_rows(text, heading) for link in row.links]


def site_only(text: str) -> list[str]:
    """Return the pieces of MyST that a plain notebook shows as they are.

    >>> site_only("See {term}`apple`.\\n\\n```{note}\\nx\\n```")
    ['{term}`apple`', '```{note}']
    """
    return [
        SITE_ONLY[token.type].format(token) if token.type in SITE_ONLY else f"```{token.info}"
        for token in leaves(text)
        if token.type in SITE_ONLY or (token.type == "fence" and token.info.startswith("{"))
    ]
