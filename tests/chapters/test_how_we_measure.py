"""The page of method: what it counts of false stars holds with other draws, and not for another rule."""

from typing import Any

import numpy as np
import pytest

from tests.pages import BOOK, functions
from tools.book import run

PAGE = "how-we-measure"


def holds(function: str, seed: int, old: str = "", new: str = "") -> bool:
    """Count with other draws than the page's, perhaps by another rule, and ask the cell that checks the count."""
    page = BOOK.page(PAGE)
    source = page.defining(function)
    assert old in source
    values: dict[str, Any] = {"np": np, "rng": np.random.default_rng(seed)}
    run([source.replace(old, new) if old else source], values)
    variable = {"false_stars": "false_stars(3)", "stars": "counted"}[function]
    (check,) = [cell.source for cell in page.code if "assert" in cell.source and variable in cell.source]
    try:
        run([check], values)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("function", ["false_stars", "stars"])
def test_false_stars_are_as_many_with_other_draws(function):
    assert all(holds(function, seed) for seed in range(101, 104))


@pytest.mark.parametrize(
    ("function", "old", "new"),
    [
        ("false_stars", "> 3 *", "> 2 *"),
        ("false_stars", "> 3 *", "> 4 *"),
        ("false_stars", "ddof=1", "ddof=0"),
        ("false_stars", "squares.sum(0)", "squares[0]"),
        ("stars", "> 3 *", "> 2 *"),
        ("stars", "ddof=1", "ddof=0"),
        ("stars", "squares[..., 1:] + squares[..., :-1]", "squares[..., 1:]"),
        ("stars", "rungs=14", "rungs=8"),
        ("stars", "sets=2", "sets=1"),
    ],
)
def test_another_rule_gives_others(function, old, new):
    assert not holds(function, 101, old, new)


def test_neighbours_that_share_no_runs_have_a_star_more_often():
    """So the chances of the steps of a ladder must not be multiplied."""
    apart = functions(PAGE, "stars", rng=np.random.default_rng(101))["stars"]
    assert (apart(20_000, sets=26, rungs=2) == 0).mean() < 0.37


def test_the_share_of_stars_grows_with_the_difference_in_scatter_to_what_the_closed_form_gives():
    rng, shares = np.random.default_rng(101), []
    for scale in (1, 2, 5, 1e6):
        two = rng.normal(size=(2, 100_000, 3)) * np.reshape([1, scale], (2, 1, 1))
        errors = np.sqrt((two.var(axis=2, ddof=1) / 3).sum(axis=0))
        shares.append((abs(np.subtract(*two.mean(axis=2))) > 3 * errors).mean())
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1 - 3 / np.sqrt(11), abs=0.003)
