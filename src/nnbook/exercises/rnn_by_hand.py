"""Checks of the exercises on the page *Compute a recurrent net by hand*."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, equal, shape_of


@check
def three_steps(h_3: Any) -> None:
    """Check the state after the third step of the example of two nodes.

    Args:
        h_3: two numbers.
    """
    equal(
        "h_3",
        h_3,
        np.full(2, 7 / 2),
        [
            Mistake([1, 1], "That is the new input alone: the memory is missing.", "Add V h_2."),
            Mistake([2.5, 2.5], "That is h_2; the exercise asks for the third step.", "Take one more step from it."),
            Mistake([4.5, 4.5], "Here h_2 and the whole sum of x_3 meet.", "U halves the sum of x_3, too."),
            Mistake([2.25, 2.25], "The memory of both nodes comes in: two halves of 2.5.", "Write out V h_2."),
            Mistake([6, 6], "The memory came in twice.", "V gives each node half of the sum of h_2, not the sum."),
        ],
    )


@check
def run(outputs_of: Callable) -> str:
    """Check a function that runs a recurrent net with tanh over a sequence.

    Args:
        outputs_of: takes x (T, m), U (n, m), V (n, n) and W (k, n); gives the outputs (T, k).
    """
    rng = np.random.default_rng(0)
    x, U, V, W = (rng.normal(size=size) for size in ((5, 2), (3, 2), (3, 3), (2, 3)))
    seen = call(outputs_of, x, U, V, W, shown="outputs_of(x, U, V, W) with five steps")
    states = _states(x, U, V)
    earlier = np.vstack([np.zeros(3), states[:-1]])
    what = "outputs_of(x, U, V, W)"
    if shape_of(seen) == (2,):
        raise Wrong(
            f"{what} has the shape (2,).", "That is one output, of the last step.", "Keep the output of each step."
        )
    if shape_of(seen) == states.shape:
        raise Wrong(
            f"{what} has the shape {states.shape}, one row of n numbers a step: the states.",
            "The outputs are asked for.",
            "Equation (2) reads them off the states.",
        )
    array(what, seen, (5, 2))
    equal(
        what,
        seen,
        states @ W.T,
        [
            Mistake(_states(x, U, V, lambda z: z) @ W.T, "No activation bends the states.", "Put tanh around the sum."),
            Mistake(_states(x, U, 0 * V) @ W.T, "The net forgets: no state reaches the next step.", "Use V."),
            Mistake(
                np.tanh(_states(x, U, V, lambda z: z)) @ W.T,
                "V gets the pre-activation of the step before, not its state.",
                "Keep h after tanh, and multiply V by that.",
            ),
            Mistake(_states(x, U, V.T) @ W.T, "V works with its columns and rows exchanged.", "Write V @ h."),
            Mistake(earlier @ W.T, "Each output is read off the state before the step.", "Renew h first."),
        ],
    )
    return "With this you have written a recurrent layer."


def _states(x: np.ndarray, U: np.ndarray, V: np.ndarray, f: Callable = np.tanh) -> np.ndarray:
    """Return the states of all steps: (T, n)."""
    found = [np.zeros(len(V))]
    for drive in x @ U.T:
        found.append(f(drive + found[-1] @ V.T))
    return np.array(found[1:])
