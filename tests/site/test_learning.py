"""What a reader does on a page, in a real browser and by keyboard: predictions, hints and solutions, questions."""

import re
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.house import small_book
from tests.tools.test_practice import PRACTICE
from tools import execute
from tools.book import COMMITTED_DATA
from tools.site.build import build, troubles
from tools.site.serve import served

ADDRESS = "chapters/part/practice-page.html"
VIEWS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]
SCORE = re.compile(r"(\d) of (\d) right so far, 2 on this page")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of a book with one page that has one of each."""
    root = tmp_path_factory.mktemp("learning")
    page = small_book(root, {"part/practice-page": PRACTICE}).page("practice-page")
    assert not execute.bring(page, COMMITTED_DATA).problem
    shutil.copyfile(execute.executed_path(page, COMMITTED_DATA), page.notebook_path)
    assert build(root, root) == 0, troubles(root)
    return root / "_build/html"


@pytest.fixture(scope="module")
def address(site) -> Iterator[str]:
    with served(site) as address:
        yield f"{address}/{ADDRESS}"


def opened(browser: Browser, address: str, width: int = 1280, scheme: str = "light", **options: object) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **options)
    page = context.new_page()
    page.goto(address)
    return page


def tab_to(page: Page, selector: str, number: int = 0) -> None:
    """Press Tab until an element has the focus, and see that this shows."""
    wanted = page.locator(selector).nth(number).element_handle()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement === wanted", wanted):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", selector
            return
    raise AssertionError(f"Tab does not come to {selector}")


def shown(page: Page, text: str) -> bool:
    return page.locator("article").get_by_text(text).first.is_visible()


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_a_whole_page_is_worked_by_keyboard(browser, address, width, scheme):
    page = opened(browser, address, width, scheme)
    assert not shown(page, "because Python divides numbers")
    tab_to(page, "form.prediction input")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    assert "You said 2, it is 2.5: here is why." in page.locator("p.said").first.inner_text()
    assert shown(page, "because Python divides numbers")
    tab_to(page, "form.prediction input")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert "You said yes, it is yes: well predicted." in page.locator("p.said").nth(1).inner_text()
    assert SCORE.search(page.locator("p.said").nth(1).inner_text()).groups() == ("1", "2")
    for number, text in enumerate(["Half of the sum comes in", "And half of the memory", "It is three and a half"]):
        assert not shown(page, text)
        tab_to(page, "details.fold > summary", number)
        page.keyboard.press("Enter")
        assert shown(page, text)
    for number, text in [(0, "That is the whole."), (1, "So says equation (1)."), (3, "Two of them make 1.")]:
        assert not shown(page, text)
        tab_to(page, ".options summary", number)
        page.keyboard.press("Space")
        assert shown(page, text)
    spoken = page.locator(".options + p.said[role=status]")
    expect(spoken.nth(1)).to_contain_text("right so far")
    assert "So says equation (1)." in spoken.first.inner_text()
    assert SCORE.search(spoken.nth(1).inner_text()).groups() == ("1", "2"), "the first choice counts"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    found = Axe().run(page, context={"exclude": [".katex-html"]}).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [f"{one['id']}: {node['html'][:200]}" for one in serious for node in one["nodes"]] == []
    page.context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_without_a_script_each_fold_opens_by_keyboard(browser, address, width):
    page = opened(browser, address, width, java_script_enabled=False)
    texts = [
        "because Python divides numbers",
        "a quarter is less than a third",
        "Half of the sum comes in",
        "So says equation",
    ]
    places = ["details.prediction", "details.prediction", "details.fold", ".options details"]
    for number, (text, place) in enumerate(zip(texts, places, strict=True)):
        summary = page.locator(f"{place} > summary").nth(1 if number in (1, 3) else 0)
        assert not shown(page, text)
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator("article").get_by_text(text).first).to_be_visible()
    assert page.locator("form.prediction").count() == 0
    page.context.close()


def test_what_was_said_is_there_when_the_page_is_opened_again(browser, address):
    page = opened(browser, address)
    page.locator("form.prediction input[type=number]").fill("2.45")
    page.keyboard.press("Enter")
    page.reload()
    assert "You said 2.45, it is 2.5: well predicted." in page.locator("p.said").first.inner_text()
    assert page.locator("form.prediction").count() == 1 and shown(page, "because Python divides numbers")
    page.context.close()


def test_a_prediction_that_is_empty_opens_nothing(browser, address):
    page = opened(browser, address)
    page.locator("form.prediction button").first.click()
    assert not shown(page, "because Python divides numbers") and page.locator("p.said").first.inner_text() == ""
    page.context.close()


def test_a_page_works_where_storage_is_forbidden(browser, address):
    page = browser.new_context().new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(
        """const theirs = Storage.prototype.getItem;
        for (const name of ["getItem", "setItem"]) Storage.prototype[name] = function (key, ...rest) {
            if (key.startsWith("nnbook")) throw new DOMException("forbidden", "SecurityError");
            return name === "getItem" ? theirs.call(this, key) : undefined;
        };"""
    )
    page.goto(address)
    page.locator("form.prediction input[type=number]").fill("3")
    page.keyboard.press("Enter")
    page.locator(".options summary").first.click()
    assert "it is 2.5" in page.locator("p.said").first.inner_text()
    expect(page.locator(".options + p.said").first).to_contain_text("right so far")
    assert SCORE.search(page.locator(".options + p.said").first.inner_text()).groups() == ("0", "1")
    assert complaints == []
    page.context.close()


def test_a_page_works_from_disk(browser, site):
    page = opened(browser, (site / ADDRESS).as_uri())
    page.locator("form.prediction input[type=number]").fill("2.5")
    page.keyboard.press("Enter")
    assert "well predicted" in page.locator("p.said").first.inner_text()
    page.context.close()


def test_paper_shows_what_predictions_fold(browser, address):
    page = opened(browser, address)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert shown(page, "because Python divides numbers") and not page.locator("form.prediction").first.is_visible()
    assert not shown(page, "It is three and a half"), "a solution stays folded"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not shown(page, "because Python divides numbers")
    page.context.close()


def test_a_link_to_what_is_folded_opens_it(browser, address):
    page = opened(browser, f"{address}#equation-1")
    assert page.locator("#equation-1").is_visible()
    page.context.close()
