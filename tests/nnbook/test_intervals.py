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
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)
