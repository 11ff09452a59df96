"""The checks that helpers share: what passes, and the one sentence for what does not."""

import numpy as np
import pytest

from nnbook import checks


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3)])
@pytest.mark.parametrize("at_least", [-1, 0, 3])
def test_a_whole_number_passes_as_an_int(value, at_least):
    number = checks.whole_number(value, "units", at_least)
    assert number == 3 and type(number) is int


@pytest.mark.parametrize("value", [0, 0.5, 1, np.float32(0.5), np.array(0.5)])
def test_a_number_passes_as_a_float_ends_included(value):
    number = checks.number_between(value, "share", 0, 1)
    assert number == value and type(number) is float
    assert checks.number_between(value, "share", 0) == value


@pytest.mark.parametrize("values", [[], [0], [3, 9], np.array([9, 0], np.uint8), [[1, 2]]])
def test_whole_numbers_in_a_range_pass_as_ints(values):
    array = checks.whole_numbers(values, "labels", 0, below=10)
    assert array.dtype == int and array.tolist() == np.asarray(values).tolist()


@pytest.mark.parametrize("values", [[], [1, 2], [[0.5]], 3, np.array([1], np.uint8)])
def test_numbers_pass_as_they_are(values):
    array = checks.numbers(values, "x")
    assert array.tolist() == np.asarray(values).tolist() and array.dtype == np.asarray(values).dtype


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: checks.whole_number(True, "units", 1), "but got True"),
        (lambda: checks.whole_number(2.0, "units", 1), "but got 2.0"),
        (lambda: checks.whole_number(0, "units", 1), "but got 0"),
        (lambda: checks.number_between(True, "share", 0, 1), "share must be a number from 0 to 1, but got True"),
        (lambda: checks.number_between([0.5], "share", 0, 1), "but got [0.5]"),
        (lambda: checks.number_between("0.5", "share", 0, 1), "but got '0.5'"),
        (lambda: checks.number_between(1.1, "share", 0, 1), "but got 1.1"),
        (lambda: checks.number_between(-0.1, "share", 0, 1), "but got -0.1"),
        (lambda: checks.number_between(-0.1, "rate", 0), "rate must be a number from 0 on, but got -0.1."),
        (lambda: checks.number_between(np.inf, "rate", 0), "but got inf"),
        (lambda: checks.number_between(np.nan, "rate", 0), "but got nan"),
        (lambda: checks.numbers([True], "x"), "x must hold numbers, but is bool"),
        (lambda: checks.numbers([np.nan], "x"), "NaN or infinite values in x"),
        (lambda: checks.floats([np.inf], "x"), "NaN or infinite values in x"),
        (lambda: checks.whole_numbers([-1, 3], "x", 0), "x must lie at 0 or above, but go from -1 to 3"),
        (lambda: checks.whole_numbers([True], "x", 0), "must be whole, but are bool"),
        (lambda: checks.whole_numbers([[1], [1, 2]], "x", 0), "its rows have different lengths; pad them"),
        (lambda: checks.derivatives([np.nan], "d", (1,), of="states"), "NaN or infinite values in d"),
        (lambda: checks.whole_number(-1, "units", 0), "at least 0, but got -1; pass an int such as 0."),
        (lambda: checks.whole_number(None, "units", 1), "but got None"),
        (lambda: checks.whole_number(np.True_, "units", 1), "but got np.True_"),
        (lambda: checks.numbers([[1], [1, 2]], "x"), "its rows have different lengths; pad them"),
        (lambda: checks.numbers([None], "x"), "x must hold numbers, but is object"),
        (lambda: checks.whole_numbers([3.0], "x", 0), "must be whole, but are float64"),
        (lambda: checks.whole_numbers([3, 10], "x", 0, below=10), "between 0 and 9, but go from 3 to 10"),
        (
            lambda: checks.derivatives(np.ones(2), "d", (3,), of="states"),
            "shape (3,) as the states, but has shape (2,)",
        ),
        (lambda: checks.whole_number("3", "units", 1), "units must be a whole number of at least 1, but got '3'"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)


def test_floats_keep_their_kind_and_ints_become_float64():
    assert checks.floats(np.ones(1, "float32"), "x").dtype == np.float32
    assert checks.floats([1], "x").dtype == np.float64 and checks.floats([], "x").shape == (0,)
