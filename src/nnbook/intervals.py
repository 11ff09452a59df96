"""How sure a measured share is."""

import math

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
