"""The built site in a real browser: offline, accessible, light, and usable by keyboard, wide and narrow."""

import functools
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tools.book import Book
from tools.site.serve import served

CHAPTERS = [f"{page.name}.html" for page in Book().pages]
PAGES = [*CHAPTERS, "search.html", "genindex.html"]
RNN, CNN = "chapters/sequences/rnn-by-hand.html", "chapters/images/cifar-cnn.html"
WIDTHS = {"wide": 1280, "narrow": 360}
FIRST_LOAD_BYTES = 600_000
A4 = 718  # pixels between margins of a centimetre
SECOND_PAGE_BYTES = 150_000  # text and figures of the page itself; style, scripts and fonts are there already


@pytest.fixture(scope="module")
def address(site) -> Iterator[str]:
    """Serve the site on this machine; gives its address."""
    with served(site) as address:
        yield address


class Watched:
    """A page that keeps what it asked for and what it complained about."""

    def __init__(self, browser: Browser, width: int = 1280, scheme: str = "light", **options: object) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **options)
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def transferred(self) -> int:
        """Return the bytes that came over the wire for the page that is open; what was cached counts nothing."""
        return self.page.evaluate(
            """["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
                .reduce((sum, entry) => sum + entry.transferSize, 0)"""
        )

    def elsewhere(self, home: str) -> list[str]:
        """Return the requests that went to another host."""
        return [url for url in self.requests if not url.startswith((home, "data:", "blob:"))]

    def open(self, url: str, until: str = "load") -> Page:
        """Open an address; the page is there with its scripts, its styles and the letters it shows."""
        self.requests.clear()
        self.complaints.clear()
        self.page.goto(url, wait_until=until)
        self.page.evaluate("document.fonts.ready.then(() => null)")
        return self.page


@pytest.fixture
def watched(browser) -> Iterator[functools.partial]:
    """Makes watched pages and closes them."""
    made: list[Watched] = []

    def make(**options: object) -> Watched:
        made.append(Watched(browser, **options))
        return made[-1]

    yield make
    for one in made:
        one.context.close()


# KaTeX draws each formula twice: as MathML for those who listen, and, hidden from them, for the eye, in the colour of
# the text around it. Axe looks into the second for one thing only, which `start_axe` does by itself.
AXE = """() => { window.found = axe.run({exclude: [".katex-html"]}, {resultTypes: ["violations"]}).then((result) => [
    ...result.violations.filter((one) => ["serious", "critical"].includes(one.impact))
        .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 120)}`)),
    ...[...document.querySelectorAll(".katex-html :is(a, button, input, [tabindex])")]
        .map((node) => `aria-hidden-focus: ${node.outerHTML.slice(0, 120)}`)]);
}"""


def start_axe(page: Page) -> None:
    """Let axe begin; several pages can be looked at together, as each has a process of its own."""
    page.evaluate(Axe().axe_script)
    page.evaluate(AXE)


def axe_findings(page: Page) -> list[str]:
    """Return what axe, once started, finds serious or critical: the rule and the element."""
    return page.evaluate("window.found")


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture(scope="module")
def views(browser) -> Iterator[dict[tuple[str, str], Watched]]:
    """A window of each width and scheme."""
    made = {
        (width, scheme): Watched(browser, width=pixels, scheme=scheme)
        for width, pixels in WIDTHS.items()
        for scheme in ("light", "dark")
    }
    yield made
    for one in made.values():
        one.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_offline_accessible_and_fits(address, views, name):
    for view in views.values():
        view.open(f"{address}/{name}")
    for which, view in views.items():
        view.page.wait_for_load_state("networkidle")
        assert view.elsewhere(address) == [], which
        view.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert view.complaints == [], which
        assert overflow(view.page) == 0, which
        assert view.page.evaluate("document.documentElement.dataset.theme") == which[1]
        start_axe(view.page)
    assert {which: found for which, view in views.items() if (found := axe_findings(view.page))} == {}


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_the_narrowest_window(address, views, name):
    page = views["narrow", "light"].open(f"{address}/{name}")
    page.set_viewport_size({"width": 320, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    too_wide = overflow(page)
    page.set_viewport_size({"width": WIDTHS["narrow"], "height": 800})
    assert too_wide == 0


def on_paper(page: Page) -> dict[str, list[Any]]:
    """Return how a page is printed: the colours of its elements, and what the paper cuts off."""
    page.emulate_media(media="print")
    return page.evaluate(
        """() => {
            const shown = [...document.querySelectorAll("html, body, article, article *, .onlyprint *")]
                .filter((e) => e.checkVisibility() && !e.closest(".katex-mathml, svg *"));
            const colours = (s) => [s.color, s.backgroundColor, s.borderColor, s.filter, s.colorScheme].join(" ");
            const cut = (e) => getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1;
            const out = (e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
            const start = (e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 60)}`;
            return {
                colours: shown.map((e) => `${colours(getComputedStyle(e))} ${start(e)}`),
                cut: shown.filter((e) => e.clientWidth && (cut(e) || out(e))).map(start),
            };
        }"""
    )


@pytest.fixture(scope="module")
def sheets(browser) -> Iterator[dict[str, Watched]]:
    """A sheet of paper for each scheme of the screen."""
    made = {scheme: Watched(browser, width=A4, scheme=scheme) for scheme in ("light", "dark")}
    yield made
    for one in made.values():
        one.context.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_paper_is_light_and_cuts_nothing(address, sheets, name):
    prints = {}
    for scheme, view in sheets.items():
        page = view.open(f"{address}/{name}")
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        prints[scheme] = on_paper(page)
        page.emulate_media(media="screen")
    assert len(prints["light"]["colours"]) > 50
    differ = [one for one in prints["dark"]["colours"] if one not in set(prints["light"]["colours"])]
    assert differ == []
    assert prints["dark"]["cut"] == []


def test_what_is_cut_off_on_paper_is_found(address, sheets):
    page = sheets["dark"].open(f"{address}/{RNN}")
    page.add_style_tag(content="pre {white-space: pre !important; overflow: hidden !important; width: 9rem}")
    assert on_paper(page)["cut"]
    page.emulate_media(media="screen")


@pytest.mark.parametrize("where", ["page", "dialog"])
def test_the_magnifier_does_not_lie_on_what_is_typed(address, watched, where):
    page = watched().open(f"{address}/{'search.html' if where == 'page' else RNN}")
    if where == "dialog":
        page.keyboard.press("Control+k")
    form = page.locator("form.bd-search").locator("visible=true").first
    icon = form.locator(".fa-magnifying-glass").bounding_box()
    text = form.locator("input").evaluate(
        """(e) => e.getBoundingClientRect().left + parseFloat(getComputedStyle(e).paddingLeft)
            + parseFloat(getComputedStyle(e).borderLeftWidth)"""
    )
    assert icon["width"] > 5
    assert icon["x"] + icon["width"] <= text


@pytest.fixture(scope="module")
def disk(browser) -> Iterator[Watched]:
    """A window for pages from disk."""
    view = Watched(browser)
    yield view
    view.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_from_disk(site, disk, name):
    page = disk.open((site / name).as_uri(), until="networkidle")
    assert disk.elsewhere(site.as_uri()) == []
    assert disk.complaints == []
    assert page.locator("main h1").last.is_visible()


PLANTED = {
    "another host": ("</body>", '<img src="http://localhost:9/a.png" alt=""></body>', "elsewhere"),
    "an error": ("</body>", "<script>throw new Error('planted')</script></body>", "complaints"),
    "pale text": ("</article>", '<p style="color:#bbb;background:#fff">too pale to read</p></article>', "axe"),
    "too wide": ("</article>", '<p style="width:2000px">wide</p></article>', "overflow"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(site, address, watched, fault):
    old, new, kind = PLANTED[fault]
    planted = site / "chapters" / "planted.html"
    planted.write_text((site / "chapters/index.html").read_text("utf-8").replace(old, new, 1), "utf-8")
    try:
        view = watched()
        page = view.open(f"{address}/chapters/planted.html")
        found = {
            "elsewhere": lambda: view.elsewhere(address),
            "complaints": lambda: view.complaints,
            "axe": lambda: (start_axe(page), axe_findings(page))[1],
            "overflow": lambda: overflow(page),
        }[kind]()
        assert found
    finally:
        planted.unlink()


@pytest.mark.parametrize("name", CHAPTERS)
def test_first_load_is_light(site, address, watched, name):
    view = watched()
    view.open(f"{address}/{name}")
    own = sum((site / part).stat().st_size for part in (name, "_static/styles/pydata-sphinx-theme.css"))
    assert own < view.transferred() < FIRST_LOAD_BYTES, f"{view.transferred():,} bytes"


def test_second_page_is_lighter(address, watched):
    view = watched()
    view.open(f"{address}/{RNN}")
    view.open(f"{address}/chapters/words/embedding-classifier.html")
    assert 20_000 < view.transferred() < SECOND_PAGE_BYTES, f"{view.transferred():,} bytes"


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_figures_are_crisp_and_keep_their_shape(address, watched, width):
    page = watched(width=width).open(f"{address}/{CNN}")
    sizes = page.evaluate(
        """async () => Promise.all([...document.querySelectorAll(".cell_output img")].map(async (image) => {
            image.loading = "eager";
            await image.decode();
            return [image.naturalWidth, image.naturalHeight, image.clientWidth, image.clientHeight];
        }))"""
    )
    assert len(sizes) == 6
    for natural_width, natural_height, shown_width, shown_height in sizes:
        assert natural_width >= 2 * shown_width
        assert shown_width / shown_height == pytest.approx(natural_width / natural_height, rel=0.02)


@pytest.mark.parametrize(
    ("word", "page_title"), [("softmax", "Recognise pictures"), ("apples", "recurrent net by hand")]
)
def test_search_finds(address, watched, word, page_title):
    page = watched().open(f"{address}/{RNN}")
    page.keyboard.press("Control+k")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?*")
    results = page.locator("#search-results ul.search a").filter(has_text=page_title)
    results.first.wait_for(timeout=10_000)
    results.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/chapters/**")
    assert word in page.locator("article").inner_text().lower()


# Of a group of radio buttons Tab reaches the chosen one; the arrow keys reach the others (tested below).
FOCUSABLE = "a[href], button, input:not([type=radio]:not(:checked)), select, summary, [tabindex='0']"
SHOWN = "(e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.getClientRects().length > 0"


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", ["chapters/index.html", RNN, CNN])
def test_every_control_is_reached_by_keyboard_and_shows_it(address, watched, name, width):
    page = watched(width=width).open(f"{address}/{name}")
    page.evaluate(
        f"""() => [...document.querySelectorAll("{FOCUSABLE}")].filter({SHOWN})
            .filter((e) => e.tabIndex >= 0 && !e.disabled).forEach((e, i) => e.setAttribute("data-control", i))"""
    )
    controls = page.locator("[data-control]").count()
    reached, blind = set(), []
    for _ in range(3 * controls):
        if len(reached) == controls:
            break
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => {
                const e = document.activeElement;
                const ring = (s) => (s.outlineStyle !== "none" && s.outlineWidth !== "0px") || s.boxShadow !== "none";
                const held = [e, e.parentElement, ...e.children];
                const seen = held.some((one) => ring(getComputedStyle(one)));
                return [e.dataset.control ?? null, seen, e.outerHTML.slice(0, 120)];
            }"""
        )
        if state[0] is not None:
            reached.add(state[0])
            if not state[1]:
                blind.append(state[2])
    missed = [
        page.locator(f"[data-control='{number}']").evaluate("(e) => e.outerHTML.slice(0, 120)")
        for number in range(controls)
        if str(number) not in reached
    ]
    assert missed == []
    assert blind == []


def press(page: Page, selector: str) -> None:
    """Work a control as a keyboard does: focus it, press Enter."""
    page.locator(selector).locator("visible=true").first.focus()
    page.keyboard.press("Enter")


def test_theme_switch_works_by_keyboard(address, watched):
    page = watched(scheme="light").open(f"{address}/{RNN}")
    seen = set()
    for _ in range(3):
        press(page, "button.theme-switch-button")
        seen.add(page.evaluate("document.documentElement.dataset.theme"))
    assert seen == {"light", "dark"}


def test_download_menu_works_by_keyboard(address, watched):
    page = watched().open(f"{address}/{RNN}")
    press(page, ".dropdown-download-buttons > button")
    assert page.locator(".dropdown-download-buttons .dropdown-menu").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".dropdown-download-buttons .dropdown-menu").is_visible()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_sidebar_opens_and_closes_by_keyboard(address, watched, width):
    page = watched(width=width).open(f"{address}/{RNN}")
    link = page.locator("#pst-primary-sidebar a, #pst-primary-sidebar-modal a").filter(has_text="Glossary").first
    before = link.is_visible()
    press(page, ".article-header-buttons .primary-toggle, button.primary-toggle")
    page.wait_for_timeout(600)
    assert link.is_visible() != before
    page.keyboard.press("Escape") if not before else press(page, "button.primary-toggle")
    page.wait_for_timeout(600)
    assert link.is_visible() == before


def test_code_is_copied_by_keyboard(address, watched):
    view = watched(permissions=["clipboard-read", "clipboard-write"])
    page = view.open(f"{address}/{RNN}")
    press(page, "#cell-1 button.copybtn")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[0] == 'first = "I like eating apple .".lower().split()'


def test_fullscreen_works_by_keyboard(address, watched):
    page = watched().open(f"{address}/{RNN}")
    press(page, "button.btn-fullscreen-button")
    page.wait_for_function("document.fullscreenElement !== null")


def test_contents_of_a_page_open_by_keyboard_on_a_phone(address, watched):
    page = watched(width=360).open(f"{address}/{RNN}")
    link = page.get_by_role("link", name="Two apples").first
    assert not link.is_visible()
    press(page, "button.secondary-toggle")
    link.wait_for(state="visible")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#two-apples")


def test_motion_respects_the_reader(address, watched):
    for motion, moves in (("reduce", False), ("no-preference", True)):
        page = watched(reduced_motion=motion).open(f"{address}/{RNN}")
        durations = page.evaluate(
            """[...document.querySelectorAll("*")].map((e) => getComputedStyle(e))
                .map((s) => Math.max(parseFloat(s.transitionDuration), parseFloat(s.animationDuration)))"""
        )
        smooth = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        assert (max(durations) > 0.01 or smooth == "smooth") == moves


def test_a_stepping_figure_is_worked_by_keyboard(address, watched):
    page = watched().open(f"{address}/{RNN}")
    page.locator(".stepper input").first.focus()
    shown = []
    for _ in range(3):
        visible = page.locator(".stepper .frame").locator("visible=true")
        assert visible.count() == 1
        shown.append(visible.locator("img").get_attribute("alt"))
        page.keyboard.press("ArrowRight")
    assert "give the state (1, 1) and the output (1, 1)" in shown[1]
    assert "the memory (1, 1) give the state (2.5, 2.5)" in shown[2]
    assert page.locator(".stepper input").first.is_checked(), "after the last step comes the first again"
