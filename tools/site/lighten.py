"""Make a finished site lighter without changing what is seen: figures as lossless WebP, styles of formulas as classes.

KaTeX writes the place of each sign as an inline style, a sixth of a page with many formulas. A class that says the
same, `kt-2_55` for `top:-2.55em`, is half as long, and its rule can be told from its name. So the rules are made from
the names that the pages use, whichever pages a build has written.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

PROPERTIES = {
    "h": "height",
    "v": "vertical-align",
    "t": "top",
    "l": "margin-left",
    "r": "margin-right",
    "b": "border-bottom-width",
    "w": "min-width",
    "p": "padding-left",
}
LETTERS = {name: letter for letter, name in PROPERTIES.items()}
DECLARATION = rf"(?:{'|'.join(LETTERS)}):-?[0-9.]+em;"
STYLED = re.compile(rf'<span(?: class="([^"]*)")? style="((?:{DECLARATION})+)">')
NAMED = re.compile(r"\bk([htlrbvwp])(-?[0-9]+(?:_[0-9]+)?)(?=[ \">])")
STYLE = Path("_static/katex/katex.min.css")
RULE = re.compile(r"\.k[htlrbvwp]-?[0-9_]+\{[^}]*!important\}")
PLAIN = re.compile(r'<span class="([\w-]+)">')  # HTML asks for quotes only where a value has a space
FIGURE = re.compile(r'(_images/[^"/]+)\.png(?=")')


def lighten(text: str) -> str:
    """Return a page that names figures as WebP, and whose formulas have classes in place of inline styles.

    >>> lighten('<span class="strut" style="height:0.8em;vertical-align:-0.1em;"><img src="../_images/a.png">')
    '<span class="strut kh0_8 kv-0_1"><img src="../_images/a.webp">'
    >>> lighten('<span class="mord">')
    '<span class=mord>'
    """
    return PLAIN.sub(r"<span class=\1>", STYLED.sub(_named, FIGURE.sub(r"\1.webp", text)))


def _named(found: re.Match[str]) -> str:
    declarations = (one.split(":") for one in found[2].rstrip(";").split(";"))
    names = [f"k{LETTERS[name]}{value.removesuffix('em').replace('.', '_')}" for name, value in declarations]
    return f'<span class="{" ".join([*(found[1] or "").split(), *names])}">'


def rules(pages: Iterable[str]) -> str:
    """Return the rules of the classes that pages use; they must win as an inline style does.

    >>> rules(['<span class="strut kh0_8">'])
    '.kh0_8{height:.8em!important}'
    """
    used = sorted({(letter, value) for page in pages for letter, value in NAMED.findall(page)})
    return "".join(f".k{letter}{value}{{{PROPERTIES[letter]}:{_shorter(value)}em!important}}" for letter, value in used)


def _shorter(value: str) -> str:
    return re.sub(r"^(-?)0_", r"\1.", value).replace("_", ".")


def write_rules(site: Path) -> None:
    """Put the rules of the classes that the pages use at the end of the style of formulas."""
    style = site / STYLE
    if style.is_file():
        theirs = RULE.sub("", style.read_text("utf-8"))
        style.write_text(theirs + rules(page.read_text("utf-8") for page in site.rglob("*.html")), "utf-8")


def pictures_as_webp(site: Path) -> None:
    """Replace the pictures that a build has just copied by lossless WebP files, a third of their size."""
    for path in (site / "_images").glob("*.png"):
        with Image.open(path) as picture:
            picture.save(path.with_suffix(".webp"), lossless=True, quality=50, method=1)
        path.unlink()
