"""Finish the built site: mend what patterns.py lists, and keep only the rules, signs and scripts that some page uses.

The theme ships every icon and rule it knows: 1.5 MB of icon script, 0.4 MB of style. `slim` removes that script
(the same icons come from a font) and Bootstrap's, the rules whose classes no page and no script names, the variables
that no rule reads, and all signs of fonts but those that are used. What it removes it finds by reading the site, so a
new page needs nothing.
"""

import html
import re
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from tools.site import lighten
from tools.site.patterns import FONT_SOURCE, mended
from tools.site.styles import drop_unread, join_media, light_on_paper, prune

UNUSED = ("*.map", "fontawesome.js", "bootstrap.js", "fa-*.ttf")
NAME = re.compile(r"[A-Za-z0-9_-]+")


def slim(site: Path) -> None:
    """Mend the pages of a built site, and remove what none of them uses; a second time it changes nothing."""
    lighten.pictures_as_webp(site)
    for page in site.rglob("*.html"):
        page.write_text(mend_page(page.read_text("utf-8"), searches=page.name == "search.html"), "utf-8")
    read = [path for path in (*site.rglob("*.html"), *site.rglob("*.js")) if path.name not in UNUSED]
    used = names_in(read)
    styles = {path: prune(light_on_paper(path.read_text("utf-8")), used) for path in site.rglob("*.css")}
    for path, style in zip(styles, drop_unread(styles.values(), used), strict=True):
        path.write_text(join_media(style), "utf-8")
    lighten.write_rules(site)
    cut_fonts(site)
    for pattern in UNUSED:
        for path in site.rglob(pattern):
            path.unlink()


def mend_page(text: str, searches: bool = False) -> str:
    """Return a page with all that patterns.py mends; `searches` says that it is the page of the search."""
    text = mended(text, "page") if searches else mended(text, "page", "all pages but search")
    before, start, rest = lighten.lighten(text).partition("<article")
    article, end, after = rest.rpartition("</article>")
    return mended(before, "around the article") + start + article + end + mended(after, "around the article")


def names_in(paths: Iterable[Path]) -> set[str]:
    """Return every word of the files: whatever could be the name of a class or an id."""
    return set().union(*(NAME.findall(path.read_text("utf-8")) for path in paths))


def cut_fonts(site: Path) -> None:
    """Cut the fonts of a site down to the signs that its pages and its styles contain: letters of formulas, icons."""
    styles = {path: path.read_text("utf-8") for path in site.rglob("*.css")}
    texts = (html.unescape(path.read_text("utf-8")) for path in site.rglob("*.html"))
    signs = set().union(*texts, *styles.values())
    for path in site.rglob("*.woff2"):
        font = TTFont(path, recalcTimestamp=False)
        subsetter = subset.Subsetter(subset.Options(layout_features=["*"], name_IDs=[]))
        subsetter.populate(unicodes=map(ord, signs))
        subsetter.subset(font)
        font.save(path)
    for path, text in styles.items():
        path.write_text(_name_kept_fonts(path, text), "utf-8")


def _name_kept_fonts(style: Path, text: str) -> str:
    """Name in a style sheet the fonts that are there, one format of several."""
    text = FONT_SOURCE.sub(lambda match: match[0] if _is_kept(style.parent / match[1]) else "", text)
    return text.replace("src:,", "src:")


def _is_kept(font: Path) -> bool:
    return font.exists() and not any(font.match(pattern) for pattern in UNUSED)
