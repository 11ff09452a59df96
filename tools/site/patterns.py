"""What has to be mended in finished HTML, because nobody offers a place to mend it earlier: one table.

A row says what is replaced and why it is there. `tests/site/test_patterns.py` holds that each row still matches what
the theme and its extensions write, so that an upgrade speaks up.
"""

import re
from typing import Literal, NamedTuple

Place = Literal["page", "around the article", "all pages but search"]


class Pattern(NamedTuple):
    """A row of the table."""

    name: str
    place: Place
    pattern: re.Pattern[str]
    replacement: str
    why: str


PATTERNS = (
    Pattern(
        "LaTeX in formulas",
        "page",
        re.compile(r"<annotation\b.*?</annotation>|</?semantics>", re.S),
        "",
        "KaTeX leaves the source of each formula in for scripts that this site does not have.",
    ),
    Pattern(
        "namespace of formulas",
        "page",
        re.compile(r' xmlns="http://www\.w3\.org/1998/Math/MathML"'),
        "",
        "HTML needs none, and it is as long as a short formula.",
    ),
    Pattern(
        "names and brackets in code",
        "page",
        re.compile(r'<span class="[npw]">([^<]*)</span>|(?<=<pre>)<span></span>'),
        r"\1",
        "They have the colour of the text around them: a tenth of a page with much code.",
    ),
    Pattern(
        "operators in code",
        "page",
        re.compile(r'<span class="o">([^<]*)</span>'),
        r"\1",
        "A green dot and a green sign of equality say nothing, and are the next tenth.",
    ),
    Pattern(
        "words in code between words",
        "page",
        re.compile(r'<span class="pre">([^<]*)</span>'),
        r"\1",
        "docutils keeps them from being broken at a space; on a narrow phone they must be (book.css).",
    ),
    Pattern(
        "words of a folded cell",
        "page",
        re.compile(
            r'<summary aria-label="[^"]*">\s*<p class="collapsed[^>]*>([^<]*)</p>\s*<p class="expanded[^>]*>\1</p>\s*'
            r"(?=</summary>)"
        ),
        r"<summary>\1",
        "The same words open a fold and close it, and they are its name; MyST-NB writes them twice and another name.",
    ),
    Pattern(
        "double frame of code",
        "page",
        re.compile(
            r'<div class="highlight-python notranslate"><div class="highlight">(<pre>.*?</pre>)</div>\s*</div>', re.S
        ),
        r'<div class="highlight notranslate">\1</div>',
        "One frame is enough for every style and for the button that copies.",
    ),
    Pattern(
        "roles of works",
        "page",
        re.compile(r' role="(?:doc-biblioentry|doc-backlink)"'),
        "",
        "docutils writes two roles that are not for list items (w3.org/TR/wai-aria-1.3).",
    ),
    Pattern(
        "role of a list of works",
        "page",
        re.compile(r' role="list"(?= class="citation-list")|(?<=class="citation-list") role="list"'),
        "",
        "docutils calls a list what holds no list items.",
    ),
    Pattern(
        "script of icons",
        "page",
        re.compile(r'<script defer src="[^"]*_static/scripts/fontawesome\.js[^"]*"></script>\s*'),
        "",
        "1.5 MB; the same icons come from a font.",
    ),
    Pattern(
        "script of Bootstrap",
        "page",
        re.compile(r'<(?:link rel="preload" as="|script defer src=")[^>]*scripts/bootstrap\.js[^>]*>(?:</script>)?\s*'),
        "",
        "81 kB, of which a page of this book needs a menu and a button that leads back up: book.js has both.",
    ),
    Pattern(
        "scripts of the search",
        "all pages but search",
        re.compile(r'<script src="[^"]*(?:searchtools|language_data|searchindex)\.js[^"]*"(?: defer)?></script>\s*'),
        "",
        "The theme loads them on each page, and only the search page runs them.",
    ),
    Pattern(
        "landmark of the sidebar",
        "page",
        re.compile(r'<div (?=id="pst-primary-sidebar")'),
        '<div role="region" aria-label="Book" ',
        "The theme's sidebar is in no landmark, so that a screen reader cannot jump to it.",
    ),
    Pattern(
        "indents",
        "around the article",
        re.compile(r"\n\s+"),
        "\n",
        "A tenth of a page; the article keeps its spaces, which are code.",
    ),
)
# A font that a style sheet names, with the comma before it: slim.py leaves out those that are not there.
FONT_SOURCE = re.compile(r',?url\(["\']?([^"\')]+\.(?:woff2?|ttf))["\']?\) format\("\w+"\)')


def mended(text: str, *places: Place) -> str:
    """Return HTML with the replacements of some places made.

    >>> mended('<math xmlns="http://www.w3.org/1998/Math/MathML">', "page")
    '<math>'
    """
    for row in PATTERNS:
        if row.place in places:
            text = row.pattern.sub(row.replacement, text)
    return text
