"""Checks that helpers make of what they are given, each with one sentence on what to do."""

import operator

import numpy as np


def whole_number(value: object, name: str, at_least: int) -> int:
    """Return `value` as an int, or say which whole number was expected.

    Raises:
        ValueError: `value` is not a whole number (a bool is not one), or is under `at_least`.

    >>> whole_number(3, "units", at_least=1)
    3
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool | np.bool_) or number < at_least:
        raise ValueError(
            f"{name} must be a whole number of at least {at_least}, but got {value!r}; pass an int such as {at_least}."
        )
    return number
