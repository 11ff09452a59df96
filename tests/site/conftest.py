"""The browser that tests of the site share."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tools.site.serve import find_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system, or Playwright's own; CI sets NNBOOK_NEEDS_BROWSER, so that there nothing skips."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        except Error as error:
            if os.environ.get("NNBOOK_NEEDS_BROWSER"):
                raise
            pytest.skip(f"no Chromium to open the pages with: {str(error).splitlines()[0]}")
        yield browser
        browser.close()
