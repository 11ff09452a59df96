"""Wilson's interval: a case on paper, its properties, and wrong calls."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import intervals


# Wilson's interval: 9 of 10 worked out on paper, z = 1.96.
# centre (0.9 + 3.8416 / 20) / 1.38416 = 0.7890; half 1.96 · sqrt(0.009 + 0.009604) / 1.38416 = 0.1931
def test_wilson_on_paper():
    assert intervals.wilson(9, 10) == pytest.approx((0.7890 - 0.1931, 0.7890 + 0.1931), abs=2e-4)


# With no success p = 0: both middle and half are z² / 2n, over 1 + z² / n, so that the interval ends at z² / (n + z²).
# With every second one p = ½: ½ ± ½ z / √(n + z²). z² = 3.841459.
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (0, 1, 0, 3.841459 / 4.841459),
        (1, 1, 1 / 4.841459, 1),
        (0, 10, 0, 3.841459 / 13.841459),
        (1, 2, 0.5 - 0.979982 / 5.841459**0.5, 0.5 + 0.979982 / 5.841459**0.5),
        (500, 1_000, 0.5 - 0.979982 / 1_003.841459**0.5, 0.5 + 0.979982 / 1_003.841459**0.5),
    ],
)
def test_wilson_where_its_formula_is_short(successes, trials, low, high):
    assert intervals.wilson(successes, trials) == pytest.approx((low, high), abs=1e-7)


def test_rounding_does_not_carry_an_interval_out_of_0_to_1():
    ends = [(intervals.wilson(0, trials)[0], intervals.wilson(trials, trials)[1]) for trials in range(1, 200)]
    assert all(low >= 0 and high <= 1 for low, high in ends)


@given(st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_mirrors(case):
    successes, trials = case
    low, high = intervals.wilson(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1 or np.isclose([low, high], successes / trials).any()
    mirrored = intervals.wilson(trials - successes, trials)
    assert np.allclose([low, high], [1 - mirrored[1], 1 - mirrored[0]])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: intervals.wilson(3, 0), "trials must be a whole number of at least 1, but got 0"),
        (lambda: intervals.wilson(-1, 5), "successes must be a whole number of at least 0, but got -1"),
        (lambda: intervals.wilson(6, 5), "successes must be at most trials (5), but got 6"),
        (lambda: intervals.wilson(0.5, 5), "successes must be a whole number of at least 0, but got 0.5"),
        (lambda: intervals.wilson(float("nan"), 5), "but got nan"),
        (lambda: intervals.wilson(True, 5), "but got True"),
        (lambda: intervals.student_t(0), "degrees must be a whole number of at least 1, but got 0"),
        (lambda: intervals.mean_interval([1.0]), "values must be at least two finite numbers in a row, but got [1.0]"),
        (lambda: intervals.mean_interval([1.0, float("inf")]), "finite numbers"),
        (lambda: intervals.mean_interval([[1.0, 2.0]]), "in a row"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)


# From the tables of Student's distribution, two-sided, 95 %.
@pytest.mark.parametrize(
    ("degrees", "t"), [(1, 12.706), (2, 4.303), (4, 2.776), (7, 2.365), (30, 2.042), (1000, 1.962)]
)
def test_student_as_in_the_tables(degrees, t):
    assert intervals.student_t(degrees) == pytest.approx(t, abs=5e-4)


def test_the_interval_of_a_mean_on_paper():
    # Mean 2, squares 1 + 0 + 1 over 2 degrees: s = 1; 4.303 / sqrt(3) = 2.484.
    assert intervals.mean_interval([1, 2, 3]) == pytest.approx((2, 2.484), abs=1e-3)


def test_the_interval_of_a_mean_covers_it_in_19_of_20():
    rng = np.random.default_rng(1)
    found = [intervals.mean_interval(rng.normal(5, 2, 4)) for _ in range(2000)]
    assert 0.94 < np.mean([abs(mean - 5) <= reach for mean, reach in found]) < 0.96
