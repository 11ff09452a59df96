"""How sure a measured share or a measured mean is."""

import math
from collections.abc import Sequence

import numpy as np

from nnbook.checks import whole_number


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, between 0 and 1, by Wilson's formula.

    Args:
        successes: how many came out right.
        trials: how many there were, at least 1.

    Raises:
        ValueError: not whole numbers, negative, no trial, or more successes than trials.

    Source: E. B. Wilson (1927), doi:10.1080/01621459.1927.10502953.

    >>> low, high = wilson(9, 10)
    >>> print(f"{low:.2f} to {high:.2f}")
    0.60 to 0.98
    """
    trials = whole_number(trials, "trials", at_least=1)
    successes = whole_number(successes, "successes", at_least=0)
    if successes > trials:
        raise ValueError(f"successes must be at most trials ({trials}), but got {successes}.")
    z = 1.959964
    share = successes / trials
    middle = share + z * z / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def student_t(degrees: int) -> float:
    """Return the number within which 95 % of Student's t lie, on both sides of 0.

    Args:
        degrees: its degrees of freedom, for the mean of n values n - 1; at least 1.

    Raises:
        ValueError: no whole number of at least 1.

    Source: Student (1908), doi:10.1093/biomet/6.1.1. With t = sqrt(degrees) tan(a), the density of the angle a goes
    as cos(a) ** (degrees - 1), which is summed here.

    >>> [round(student_t(degrees), 2) for degrees in (1, 2, 9)]
    [12.71, 4.3, 2.26]
    """
    degrees = whole_number(degrees, "degrees", at_least=1)
    angle = np.linspace(0, math.pi / 2, 20_001)
    height = np.cos(angle) ** (degrees - 1)
    below = np.cumsum((height[1:] + height[:-1]) / 2)
    return float(math.sqrt(degrees) * math.tan(np.interp(0.95 * below[-1], below, angle[1:])))


def mean_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean of some values and how far to both sides its 95 % interval reaches, by Student's t.

    Args:
        values: at least two numbers, such as accuracies of nets from different starts.

    Raises:
        ValueError: fewer than two values, or one that is no finite number.

    >>> mean, reach = mean_interval([0.70, 0.71, 0.72])
    >>> print(f"{mean:.2f} ± {reach:.3f}")
    0.71 ± 0.025
    """
    numbers = np.asarray(values, dtype="float64")
    if numbers.ndim != 1 or len(numbers) < 2 or not np.isfinite(numbers).all():
        raise ValueError(f"values must be at least two finite numbers in a row, but got {values!r}.")
    reach = student_t(len(numbers) - 1) * numbers.std(ddof=1) / math.sqrt(len(numbers))
    return float(numbers.mean()), float(reach)
