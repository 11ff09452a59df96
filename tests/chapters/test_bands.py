"""Every asserted inequality has a name, every band a test that shows it from both sides; planted faults are found."""

import re

import numpy as np
import pytest

from tests import pages
from tests.pages import BOOK, book_of, check_band, check_starts, ninety_five_percent_range
from tools.grammar.bands import bands_are_tested, unnamed_inequalities

CLAIM = "assert 0.5 < a < 1 and a > 0.6"


@pytest.mark.parametrize("page", BOOK.notebook_pages, ids=lambda page: page.path.stem)
def test_every_inequality_of_a_page_has_a_name(page):
    assert unnamed_inequalities(page) == []


def test_every_band_is_shown_from_both_sides_and_over_many_starts():
    assert bands_are_tested(BOOK) == []


@pytest.mark.parametrize(
    "cell",
    [
        "assert a < 1",
        "assert 0 <= a",
        "assert a == 1 and not b > 2",
        "assert all(0 < one < 1 for one in a)",
        "assert (a >= b).all(), 'so it is'",
        "assert np.less(a, b).all()",
        "assert a in range(3, 5)",
        "small = a < 1\nfine = small\nassert fine",
        "assert [one < 1 for one in a] == [True, False]",
        "if a > 1:\n    raise AssertionError('too large')",
        "np.testing.assert_array_less(a, b)",
        "for one in a:\n    assert one > 1",
        "def fine(a):\n    return a < 1\n\nassert fine(a)",
    ],
)
def test_an_inequality_without_a_name_is_found(tmp_path, cell):
    page = book_of(tmp_path, "a = 1", cell).page("page")
    assert (
        len(unnamed_inequalities(page)) == 1 and "code cell 2 asserts the inequality" in unnamed_inequalities(page)[0]
    )
    for tag in ("band-a", "exact", "nbval-ignore-output, band-a"):
        assert unnamed_inequalities(book_of(tmp_path, "a = 1", f":tags: [{tag}]\n\n{cell}").page("page")) == []
    other = book_of(tmp_path, "a = 1", f":tags: [nbval-ignore-output]\n\n{cell}").page("page")
    assert len(unnamed_inequalities(other)) == 1


def test_an_inequality_is_found_through_a_name_of_an_earlier_cell(tmp_path):
    page = book_of(tmp_path, "small = [one < 1 for one in a]", "assert sum(small) == 4").page("page")
    assert len(unnamed_inequalities(page)) == 1


@pytest.mark.parametrize(
    "cell",
    [
        "assert np.allclose(a, b, rtol=0, atol=1e-6)",
        "assert a == b and c != d",
        "mask = a < 3\nassert np.allclose(layer(x, mask=mask), b)",
        "if a < 3:\n    a = 3",
        "assert 3 in a",
    ],
)
def test_what_is_no_inequality_needs_no_name_and_has_none(tmp_path, cell):
    assert unnamed_inequalities(book_of(tmp_path, cell).page("page")) == []
    tagged = book_of(tmp_path, f":tags: [band-a]\n\n{cell}").page("page")
    assert "has the tag band-a, but asserts no inequality" in unnamed_inequalities(tagged)[0]


@pytest.mark.parametrize(("cell", "fits"), [("assert a == b", True), ("a = b < 3", False), ("print(a)", False)])
def test_exact_is_what_is_asserted(tmp_path, cell, fits):
    tagged = book_of(tmp_path, f":tags: [exact]\n\n{cell}").page("page")
    assert (unnamed_inequalities(tagged) == []) == fits


def test_a_cell_with_two_names_is_found(tmp_path):
    page = book_of(tmp_path, f":tags: [band-a, exact]\n\n{CLAIM}").page("page")
    assert "needs one" in unnamed_inequalities(page)[0]


def test_a_band_without_a_test_is_found(tmp_path):
    book, tests = book_of(tmp_path, f":tags: [band-a]\n\n{CLAIM}"), tmp_path / "tests/chapters/test_page.py"
    tests.parent.mkdir(parents=True)
    call = 'check_band("page", "band-a", inside=[{"a": 0.8}], outside={"small": {"a": 0.1}})'
    starts = 'check_starts("page", "band-a", [{"a": 0.8}])'
    for text, found in (
        (f"def test_a():\n    {call}\n    {starts}\n", []),
        (f"def test_a():\n    {call}\n", ["band-a of page is shown by no test with check_starts"]),
        (f"def test_a():\n    {starts}\n", ["band-a of page is shown by no test with check_band"]),
        (f"def test_a():\n    {starts}\n\ndef helper():\n    {call}\n", ["by no test with check_band"]),
        (f"def test_a():\n    # {call}\n    {starts}\n", ["by no test with check_band"]),
        (f"def test_a():\n    {call}\n    {starts.replace('-a', '-b')}\n    {starts}", ["where there is none"]),
    ):
        tests.write_text(text, "utf-8")
        assert len(bands_are_tested(book)) == len(found)
        assert all(said in one for said, one in zip(found, bands_are_tested(book), strict=True))


@pytest.mark.parametrize(
    ("inside", "outside", "said"),
    [
        ([0.8], [0.1], None),
        ([0.8], [], "wrong models outside"),
        ([], [0.1], "runs inside"),
        ([0.8, 0.55], [0.1], "does not hold {'a': 0.55}"),
        ([0.8], [0.1, 0.7], "lets pass wrong model 1"),
        ([0.8], [1.1], "no wrong model fails a > 0.6"),
    ],
)
def test_a_band_is_shown_from_both_sides_or_not_at_all(tmp_path, monkeypatch, inside, outside, said):
    monkeypatch.setattr(pages, "BOOK", book_of(tmp_path, f":tags: [band-a]\n\n{CLAIM}"))
    shown = {f"wrong model {number}": {"a": value} for number, value in enumerate(outside)}

    def check(page="page", tag="band-a"):
        check_band(page, tag, inside=[{"a": value} for value in inside], outside=shown)

    if said is None:
        check()
    else:
        with pytest.raises(AssertionError, match=re.escape(said)):
            check()


PLANTED = ("page", "band-a")
STARTS = [{"a": value} for value in np.linspace(0.3, 0.5, 201)]  # 95 % of them lie within 0.19


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("0.25 < a < 0.55", None),
        ("a > 0.28 and a < 0.6", None),  # one-sided each
        ("0.1 < a < 0.5", "is 0.4 wide, more than twice the 0.19"),
        ("a > 0 and 0.1 < a < 0.5", "is 0.4 wide"),
        ("abs(a - 0.4) < 0.2", "is 0.4 wide"),
        ("abs(a - 0.4) < 0.15", None),
        ("all(0.1 < one < 0.5 for one in [a, a])", "is 0.4 wide"),
        ("0.32 < a < 0.5", "holds on 89.1% of 201 starts only"),
        ("0 < round(100 * a) - 30 < 30", None),
        ("a - 1 < a < a + 1", None),  # no two numbers
        ("ends[0] < a < ends[1]", "is 0.4 wide"),
    ],
)
def test_a_band_that_is_too_wide_or_too_narrow_for_many_starts_is_found(tmp_path, monkeypatch, capsys, claim, said):
    monkeypatch.setattr(pages, "BOOK", book_of(tmp_path, f":tags: [band-a]\n\nends = 0.1, 0.5\nassert {claim}"))
    if said is None:
        check_starts(*PLANTED, STARTS)
        assert "band-a of page holds on" in capsys.readouterr().out
    else:
        with pytest.raises(AssertionError, match=re.escape(said)):
            check_starts(*PLANTED, STARTS)


def test_a_few_starts_are_too_few(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "BOOK", book_of(tmp_path, ":tags: [band-a]\n\nassert a < 1"))
    with pytest.raises(AssertionError, match="needs 10 starts or more, but is shown 9"):
        check_starts(*PLANTED, STARTS[:9])


def test_the_range_of_few_runs_is_student_s():
    # Mean 2, standard deviation 1, t of two degrees 4.303.
    assert ninety_five_percent_range([1, 2, 3]) == pytest.approx(8.605, abs=1e-3)
