"""Checks that helpers make of what they are given, each with one sentence on what to do."""

import operator
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike


def whole_number(value: SupportsIndex, name: str, at_least: int) -> int:
    """Return `value` as an int, or say which whole number was expected.

    Raises:
        ValueError: `value` is not a whole number (a bool is not one), or is under `at_least`.

    >>> whole_number(3, "units", at_least=1)
    3
    """
    try:
        number: int | None = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool | np.bool_) or number < at_least:
        raise ValueError(
            f"{name} must be a whole number of at least {at_least}, but got {value!r}; pass an int such as {at_least}."
        )
    return number


def number_between(value: float, name: str, low: float, high: float = np.inf) -> float:
    """Return `value` as a float, or say between which numbers it must lie.

    Raises:
        ValueError: `value` is not a number (a bool is not one, nor is NaN), or lies outside of `low` and `high`.

    >>> number_between(0.5, "share", 0, 1)
    0.5
    """
    number = np.asarray(value)
    if number.ndim or number.dtype.kind not in "iuf" or not low <= number <= high or not np.isfinite(number):
        upper = f"to {high:g}" if np.isfinite(high) else "on"
        raise ValueError(f"{name} must be a number from {low:g} {upper}, but got {value!r}.")
    return float(number)


def numbers(values: ArrayLike, name: str) -> np.ndarray:
    """Return an array of finite numbers as it is, or say what it holds instead.

    Raises:
        ValueError: rows of different lengths, bools, texts or other things, NaN or infinite values.

    >>> numbers([1, 2.5], "x")
    array([1. , 2.5])
    """
    array = _array(values, name)
    if array.size and array.dtype.kind not in "iuf":
        raise ValueError(f"{name} must hold numbers, but is {array.dtype}; convert it with .astype(float).")
    if not np.isfinite(array).all():
        raise ValueError(f"there are NaN or infinite values in {name}; look for them with np.isfinite.")
    return array


def floats(values: ArrayLike, name: str) -> np.ndarray:
    """Return an array of finite floats, float32 as it is and whole numbers as float64.

    Raises:
        ValueError: as `numbers`.

    >>> floats([1, 2], "x")
    array([1., 2.])
    """
    array = numbers(values, name)
    return array if array.dtype.kind == "f" else array.astype(float)


def whole_numbers(values: ArrayLike, name: str, at_least: int, below: float = np.inf) -> np.ndarray:
    """Return an array of ints that lie in a range, or say which do not.

    Raises:
        ValueError: as `numbers`, also floats; or a number out of range.

    >>> whole_numbers([3, 0], "labels", at_least=0, below=10)
    array([3, 0])
    """
    array = _array(values, name)
    if array.size and array.dtype.kind not in "iu":
        raise ValueError(f"{name} must be whole, but are {array.dtype}; convert them with .astype(int).")
    if array.size and not (array.min() >= at_least and array.max() < below):
        upper = f"between {at_least} and {below - 1}" if np.isfinite(below) else f"at {at_least} or above"
        raise ValueError(f"{name} must lie {upper}, but go from {array.min()} to {array.max()}.")
    return array.astype(int)


def derivatives(values: ArrayLike, name: str, shape: tuple[int, ...], of: str) -> np.ndarray:
    """Return the derivatives of a loss, or say that they have not the shape of what they belong to.

    Raises:
        ValueError: as `numbers`; or another shape.

    >>> derivatives([1.0, 0.5], "dL_dh", (2,), of="states")
    array([1. , 0.5])
    """
    if np.shape(values) != shape:
        raise ValueError(f"{name} must have shape {shape} as the {of}, but has shape {np.shape(values)}.")
    return numbers(values, name)


def _array(values: ArrayLike, name: str) -> np.ndarray:
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be an array, but its rows have different lengths; pad them.") from error
