"""The checks that helpers share: what passes, and the one sentence for what does not."""

import pytest

from nnbook import checks


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: checks.whole_number("3", "units", 1), "units must be a whole number of at least 1, but got '3'"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)
