"""Check a gradient against the slope that one gets by trying."""

from collections.abc import Callable

import numpy as np


def finite_differences(loss: Callable[[], float], parameter: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Return the slope of a loss with respect to each entry of a parameter, by moving it up and down a little.

    Args:
        loss: computes the loss from the parameter as it is now.
        parameter: float64 of any shape; each entry is moved in place and put back.
        step: how far. The error of the slope shrinks with its square, until rounding takes over at about 1e-6.

    Returns:
        The slopes, in the shape of the parameter.

    Raises:
        ValueError: the parameter is not float64 (float32 rounds too coarsely), or the step is not above 0.

    >>> weight = np.array([3.0])
    >>> finite_differences(lambda: float(weight[0] ** 2), weight).round(6)
    array([6.])
    """
    if not isinstance(parameter, np.ndarray) or parameter.dtype != np.float64:
        kind = getattr(parameter, "dtype", type(parameter).__name__)
        raise ValueError(f"parameter must be an array of float64, but is {kind}; convert it with .astype(np.float64).")
    if not step > 0:
        raise ValueError(f"step must be above 0, but is {step!r}; 1e-5 is a good one.")
    slopes = np.empty_like(parameter)
    for index in np.ndindex(parameter.shape):
        kept = parameter[index]
        parameter[index] = kept + step
        above = loss()
        parameter[index] = kept - step
        below = loss()
        parameter[index] = kept
        slopes[index] = (above - below) / (2 * step)
    return slopes


def relative_error(ours: np.ndarray, reference: np.ndarray) -> float:
    """Return the greatest difference of two arrays over the greatest entry of the second.

    Where the second is all zeros, the greatest difference itself is returned.

    Raises:
        ValueError: the shapes differ, or the arrays are empty.

    >>> relative_error(np.array([1.0, 2.2]), np.array([1.0, 2.0]))
    0.10000000000000009
    """
    ours, reference = np.asarray(ours), np.asarray(reference)
    if ours.shape != reference.shape or ours.size == 0:
        raise ValueError(
            f"both must have the same shape and not be empty, but have {ours.shape} and {reference.shape}."
        )
    return float(np.abs(ours - reference).max() / (np.abs(reference).max() or 1.0))
