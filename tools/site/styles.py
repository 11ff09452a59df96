"""Style sheets, rule by rule: rules and variables that no page needs go, and paper gets the light palette."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import tinycss2
from tinycss2.ast import Node, QualifiedRule

SELECTOR_NAME = re.compile(r"[.#]((?:[A-Za-z0-9_-]|\\.)+)")
PALETTE = re.compile(r"\[data-theme=[\"']?(light|dark)[\"']?\]")

READ = re.compile(r"var\(\s*(--[\w-]+)")

Rewrite = Callable[[list[str], str, str], str]


def prune(style: str, used: set[str]) -> str:
    """Return a style sheet without the selectors that need a class or an id that is not used.

    >>> prune(".a, .b:hover {color: red} @media print {.b {color: red}} p {margin: 0}", {"a"})
    '.a{color: red}p{margin: 0}'
    """

    def keep(selectors: list[str], content: str, media: str) -> str:
        return rule_text([one for one in selectors if _is_used(one, used)], content)

    return rewritten(style, keep)


def drop_unread(styles: Iterable[str], used: set[str]) -> list[str]:
    """Return style sheets of one site without the variables that none of them reads and no page or script names.

    A variable that only such a variable reads goes with it.

    >>> drop_unread([":root{--a: 1px; --b: var(--a); --c: 2px; --d: 3px}", "p{width: var(--c)}"], {"--d"})
    [':root{--c: 2px;--d: 3px}', 'p{width: var(--c)}']
    """
    styles = list(styles)
    while True:
        read = used.union(*map(READ.findall, styles))
        lighter = [rewritten(style, partial(_without_unread, read)) for style in styles]
        if lighter == styles:
            return styles
        styles = lighter


def _without_unread(read: set[str], selectors: list[str], content: str, media: str) -> str:
    if "--" not in content:
        return rule_text(selectors, content)
    declarations = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    kept = [
        one.serialize()
        for one in declarations
        if not (name := getattr(one, "name", "")).startswith("--") or name in read
    ]
    return rule_text(selectors, ";".join(kept)) if kept else ""


def light_on_paper(style: str) -> str:
    """Return a style sheet whose dark palette is for screens, and whose light one is for paper in any case.

    The theme keeps both palettes in rules for `html[data-theme=…]`, and paper would take whichever is on the screen.

    >>> light_on_paper("html[data-theme=dark] p {color: white}")
    '@media screen{html[data-theme=dark] p{color: white}}'
    >>> light_on_paper("html[data-theme=light] {color: red}")
    '@media screen{html[data-theme=light]{color: red}}@media print{html[data-theme]{color: red}}'
    """

    def sort(selectors: list[str], content: str, media: str) -> str:
        if media in ("screen", "print"):
            return rule_text(selectors, content)
        both = [one for one in selectors if not PALETTE.search(one)]
        screen = [one for one in selectors if PALETTE.search(one)]
        paper = [PALETTE.sub("[data-theme]", one) for one in screen if PALETTE.findall(one) == ["light"]]
        parts = (rule_text(both, content), _in_media("screen", screen, content), _in_media("print", paper, content))
        return "".join(parts)

    return rewritten(style, sort)


def join_media(style: str) -> str:
    """Return a style sheet with neighbouring blocks for screens and for paper joined; never do both hold.

    >>> join_media("@media screen{a{top:0}}@media print{a{top:1px}}@media screen{b{top:0}}p{top:0}")
    '@media screen{a{top:0}b{top:0}}@media print{a{top:1px}}p{top:0}'
    """
    parts: list[str] = []
    blocks: dict[str, list[str]] = {}
    for rule in [*tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True), None]:
        condition = tinycss2.serialize(rule.prelude).strip() if rule and rule.type == "at-rule" else ""
        if condition in ("screen", "print") and rule.content:
            blocks.setdefault(condition, []).append(tinycss2.serialize(rule.content))
            continue
        parts += [f"@media {one}{{{''.join(contents)}}}" for one, contents in blocks.items()]
        blocks = {}
        parts += [rule.serialize()] if rule else []
    return "".join(parts)


def rewritten(style: str, rewrite: Rewrite) -> str:
    """Return a style sheet with each rule put through a function of its selectors, its content and its medium."""
    return "".join(_texts(tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True), rewrite, ""))


def _texts(rules: list[Node], rewrite: Rewrite, media: str) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            yield rewrite(_selectors(rule), tinycss2.serialize(rule.content).strip(), media)
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports", "layer") and rule.content:
            condition = tinycss2.serialize(rule.prelude)
            medium = condition.strip() if rule.lower_at_keyword == "media" else media
            rules_inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            inner = "".join(_texts(rules_inside, rewrite, medium))
            yield f"@{rule.at_keyword}{condition}{{{inner}}}" if inner else ""
        else:
            yield rule.serialize()


def rule_text(selectors: list[str], content: str) -> str:
    """Return a rule, or nothing if it has no selector."""
    return f"{','.join(selectors)}{{{content}}}" if selectors else ""


def _in_media(media: str, selectors: list[str], content: str) -> str:
    return f"@media {media}{{{rule_text(selectors, content)}}}" if selectors else ""


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
