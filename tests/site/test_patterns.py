"""What is mended in finished HTML: each row of the table still finds what it is there for."""

import shutil

import pytest

from tests.site.books import ONE_OF_EACH, small_book
from tools.site.build import run_jupyter_book, troubles
from tools.site.patterns import FONT_SOURCE, PATTERNS, mended
from tools.site.slim import slim


@pytest.fixture(scope="module")
def unmended(tmp_path_factory):
    """A site as Sphinx writes it."""
    root = small_book(tmp_path_factory.mktemp("unmended"), "a = 1\nprint(a)", ONE_OF_EACH)
    assert run_jupyter_book(root, root, "shapes10") == 0, troubles(root)
    return root / "_build/html"


def pages(site):
    return [path.read_text("utf-8") for path in sorted(site.rglob("*.html"))]


def finds_something(row, texts):
    return any(row.pattern.search(text) for text in texts)


@pytest.mark.parametrize("row", PATTERNS, ids=lambda row: row.name)
def test_each_row_matches_what_is_written_today(unmended, row):
    assert finds_something(row, pages(unmended))


def test_a_row_that_matches_no_longer_is_noticed(unmended):
    row = next(row for row in PATTERNS if "sidebar" in row.name)
    assert not finds_something(row, [text.replace("pst-primary-sidebar", "another") for text in pages(unmended)])


def test_the_fonts_of_a_style_are_found(unmended):
    styles = [path.read_text("utf-8") for path in (unmended / "_static").rglob("*.css")]
    assert any(FONT_SOURCE.search(text) for text in styles)


def test_a_formula_of_several_lines_loses_its_source():
    assert mended(
        '<math><semantics><mi>y</mi><annotation encoding="a">\ny\n\n</annotation></semantics></math>', "page"
    ) == ("<math><mi>y</mi></math>")


def test_a_second_time_nothing_changes(unmended, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(unmended, site)
    slim(site)
    once = {path: path.read_bytes() for path in site.rglob("*.*") if path.is_file()}
    slim(site)
    assert {path: path.read_bytes() for path in site.rglob("*.*") if path.is_file()} == once
