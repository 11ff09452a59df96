"""Finish the built site: mend what patterns.py lists, and keep only the rules, icons and scripts that some page uses.

The theme ships every icon and rule it knows: 1.5 MB of icon script, 0.4 MB of style. `slim` removes the
script (the same icons come from a font), the rules whose classes no page and no script names, and all
but the icons that are left. What it removes it finds by reading the site, so a new page needs nothing.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from tools.site import lighten
from tools.site.patterns import FONT_SOURCE, mended
from tools.site.styles import light_on_paper, prune

ICON_FONTS = Path("_static/vendor/fontawesome/webfonts")
UNUSED = ("*.map", "fontawesome.js", "fa-*.ttf", "fa-*.woff2")
NAME = re.compile(r"[A-Za-z0-9_-]+")
ICON = re.compile("[\ue000-\uf8ff]")  # the range that icon fonts use


def slim(site: Path) -> None:
    """Mend the pages of a built site, and remove what none of them uses; a second time it changes nothing."""
    lighten.pictures_as_webp(site)
    for page in site.rglob("*.html"):
        page.write_text(mend_page(page.read_text("utf-8"), searches=page.name == "search.html"), "utf-8")
    used = names_in(path for path in (*site.rglob("*.html"), *site.rglob("*.js")) if path.name != "fontawesome.js")
    for style in site.rglob("*.css"):
        style.write_text(prune(light_on_paper(style.read_text("utf-8")), used), "utf-8")
    lighten.write_rules(site)
    keep_used_icons(site)
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


def keep_used_icons(site: Path) -> None:
    """Cut the icon fonts down to the icons that the pruned styles still name."""
    styles = {path: path.read_text("utf-8") for path in site.rglob("*.css")}
    icons = {ord(icon) for text in styles.values() for icon in ICON.findall(text)}
    for font_path in (site / ICON_FONTS).glob("*.ttf"):
        font = TTFont(font_path)
        options = subset.Options(flavor="woff", layout_features=[], name_IDs=[], notdef_outline=False)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=icons)
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(font_path.with_suffix(".woff"))
    for path, text in styles.items():
        path.write_text(_name_kept_fonts(path, text), "utf-8")


def _name_kept_fonts(style: Path, text: str) -> str:
    """Name in a style sheet the fonts that are there: the cut icons, and of other fonts one format of several."""
    text = mended(text, "style")
    text = FONT_SOURCE.sub(lambda match: match[0] if _is_kept(style.parent / match[1]) else "", text)
    return text.replace("src:,", "src:")


def _is_kept(font: Path) -> bool:
    return font.exists() and not any(font.match(pattern) for pattern in UNUSED)
