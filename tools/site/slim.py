"""Make the built site light: keep only the rules, icons and scripts that some page of it uses.

The theme ships every icon and rule it knows: 1.5 MB of icon script, 0.4 MB of style. `slim` removes the
script (the same icons come from a font), the rules whose classes no page and no script names, and all
but the icons that are left. What it removes it finds by reading the site, so a new page needs nothing.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont
from tinycss2.ast import Node, QualifiedRule

ICON_SCRIPT = re.compile(r'<script defer src="[^"]*_static/scripts/fontawesome\.js[^"]*"></script>\s*')
ICON_FONTS = Path("_static/vendor/fontawesome/webfonts")
# Scripts of sphinx-thebe (live cells through a server elsewhere): loaded by its extension, used by no page.
THEBE = re.compile(
    r'<script[^>]*sphinx-thebe\.js[^>]*></script>\s*|<script type="text/x-thebe-config">.*?</script>\s*|'
    r"<script>(?:(?!</script>).)*(?:THEBE_JS_URL|thebe_selector)(?:(?!</script>).)*</script>\s*|"
    r"<link[^>]*sphinx-thebe\.css[^>]*>\s*",
    re.S,
)
# Scripts that only the search page runs, and of extensions that no page uses (class names that would show it).
SEARCH = re.compile(r'<script src="[^"]*(?:searchtools|language_data|searchindex)\.js[^"]*"></script>\s*')
EXTENSIONS = {
    r"<(?:script|link)[^>]*togglebutton\.(?:js|css)[^>]*>(?:</script>)?\s*": ("toggle", "dropdown", "tag_hide"),
    r"<script[^>]*design-tabs\.js[^>]*></script>\s*": ("sd-tab-set",),
}
UNUSED = ("*.map", "fontawesome.js", "sphinx-thebe.*", "fa-*.ttf", "fa-*.woff2")
NAME = re.compile(r"[A-Za-z0-9_-]+")
ICON = re.compile("[\ue000-\uf8ff]")  # the range that icon fonts use
SELECTOR_NAME = re.compile(r"[.#]((?:[A-Za-z0-9_-]|\\.)+)")


def slim(site: Path) -> None:
    """Remove from a built site what none of its pages uses; the pages look and behave the same."""
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        text = THEBE.sub("", ICON_SCRIPT.sub("", text))
        if page.name != "search.html":
            text = SEARCH.sub("", text)
        article = text.partition("<article")[2]
        for script, classes in EXTENSIONS.items():
            if not any(re.search(rf'class="[^"]*\b{name}', article) for name in classes):
                text = re.sub(script, "", text)
        # The theme's sidebar is in no landmark, so a screen reader cannot jump to it.
        text = text.replace(
            '<div id="pst-primary-sidebar"', '<div role="region" aria-label="Book" id="pst-primary-sidebar"'
        )
        head, start, rest = text.partition("<article")
        body, end, foot = rest.rpartition("</article>")
        head, foot = (re.sub(r"\n\s+", "\n", part) for part in (head, foot))  # indents; the article keeps its code
        page.write_text(head + start + body + end + foot, "utf-8")
    used = names_in(path for path in (*site.rglob("*.html"), *site.rglob("*.js")) if path.name != "fontawesome.js")
    for style in site.rglob("*.css"):
        style.write_text(prune(style.read_text("utf-8"), used), "utf-8")
    keep_used_icons(site)
    for pattern in UNUSED:
        for path in site.rglob(pattern):
            path.unlink()


def names_in(paths: Iterable[Path]) -> set[str]:
    """Return every word of the files: whatever could be the name of a class or an id."""
    return set().union(*(NAME.findall(path.read_text("utf-8")) for path in paths))


def prune(style: str, used: set[str]) -> str:
    """Return a style sheet without the selectors that need a class or an id that is not used.

    >>> prune(".a, .b:hover {color: red} @media print {.b {color: red}} p {margin: 0}", {"a"})
    '.a{color: red}p{margin: 0}'
    """
    return "".join(map(_kept(used), tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)))


def _kept(used: set[str]) -> Callable[[Node], str]:
    def rule_text(rule: Node) -> str:
        if isinstance(rule, QualifiedRule):
            selectors = [one for one in _selectors(rule) if _is_used(one, used)]
            return f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}" if selectors else ""
        if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports", "layer") and rule.content:
            rules = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            inner = "".join(map(rule_text, rules))
            return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}" if inner else ""
        return rule.serialize()

    return rule_text


def _selectors(rule: QualifiedRule) -> list[str]:
    """Split a rule's selectors at the commas that stand outside of brackets."""
    selectors: list[list[Node]] = [[]]
    for token in rule.prelude:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return [tinycss2.serialize(tokens).strip() for tokens in selectors]


def _is_used(selector: str, used: set[str]) -> bool:
    """Could the selector match? What stands in brackets, such as :not(.x), asks for nothing."""
    outside = re.sub(r"\([^()]*\)|\[[^\]]*\]", "", re.sub(r"\([^()]*\)", "", selector))
    return all(name.replace("\\", "") in used for name in SELECTOR_NAME.findall(outside))


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
    text = re.sub(r'(fa-[a-z]+-\d+)\.woff2\) format\("woff2"\)', r'\1.woff) format("woff")', text)
    source = re.compile(r',?url\(["\']?([^"\')]+\.(?:woff2?|ttf))["\']?\) format\("\w+"\)')
    text = source.sub(lambda match: match[0] if _is_kept(style.parent / match[1]) else "", text)
    return text.replace("src:,", "src:")


def _is_kept(font: Path) -> bool:
    return font.exists() and not any(font.match(pattern) for pattern in UNUSED)
