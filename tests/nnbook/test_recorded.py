"""Recorded runs: what is asked for by a wrong name."""

import pytest

from nnbook import recorded


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: recorded.read("nothing"),
            "no record 'nothing'; recorded are: bench, cifar-cnn-cifar10, cifar-cnn-shapes10",
        ),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)
