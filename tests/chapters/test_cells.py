"""Cells of pages: found by what they assign; run twice, they work, or an assert says to run the page from the top."""

import pytest

from tests.pages import BOOK, book_of, run_each_cell_twice

QUICK = ("rnn-gradients", "convolution-by-hand", "keras-2-to-3")


def with_cost(page):
    return pytest.param(page, id=page.path.stem, marks=[] if page.path.stem in QUICK else pytest.mark.slow)


@pytest.mark.parametrize("page", map(with_cost, BOOK.notebook_pages))
def test_each_cell_of_a_page_can_be_run_twice(page):
    assert run_each_cell_twice(page) == []


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (
            ["n = []", "n.append(1)", "assert n == [1]"],
            ["code cell 3, first time: AssertionError", "code cell 3, second"],
        ),
        (["n = []", "n.append(1)", "assert n == [1], 'run the page from the top'"], []),
        (["n = []", "n = n.copy() + [1]", "n = [1]", "assert n == [1]"], []),
        (["n = iter([1])", "next(n)"], ["code cell 2, second time: StopIteration"]),
        (["del n"], ["code cell 1, first time: NameError", "code cell 1, second time: NameError"]),
    ],
)
def test_a_cell_that_cannot_be_run_twice_is_found(tmp_path, cells, found):
    failed = run_each_cell_twice(book_of(tmp_path, *cells).page("page"))
    assert len(failed) == len(found)
    assert all(one.startswith(said) for one, said in zip(failed, found, strict=True))


def test_a_cell_is_found_by_what_it_assigns(tmp_path):
    cells = [
        "a = 1\nb, (c, d) = 2, (3, 4)",
        "for e in []:\n    f = 1",
        "def g():\n    h = 1",
        "a = b = 2\nx[b] = d.e = 3",
    ]
    page = book_of(tmp_path, *cells).page("page")
    assert page.assigning("c") == page.assigning("d") == cells[0]
    for name in ("a", "b"):
        with pytest.raises(ValueError, match=f"one code cell with {name} = , but has 2"):
            page.assigning(name)
    for name in ("e", "f", "g", "h", "x"):
        with pytest.raises(ValueError, match="but has 0"):
            page.assigning(name)
