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


@check
def layers_on_layers(counts: Any) -> None:
    """Check the parameters of SimpleRNN(16), SimpleRNN(8) and Dense(1) on 20 steps of 3 numbers.

    Args:
        counts: three numbers.
    """
    equal(
        "counts",
        counts,
        np.array([2**6 * 5, 2**3 * 25, 3**2]),
        [
            Mistake([6400, 4000, 9], "The steps were counted, too.", "All 20 steps share one set of weights."),
            Mistake(
                [320, 96, 9], "The second layer does not read the sequence itself.", "It reads the state of the first."
            ),
            Mistake([304, 192, 8], "The biases are missing.", "Add one number for each node."),
            Mistake([64, 136, 9], "The state does not come back: V is missing.", "Add n times n for each layer."),
            Mistake(
                [320, 200, 161],
                "The last layer does not see all the steps.",
                "Without return_sequences the layer before it hands on one state.",
            ),
            Mistake([368, 200, 9], "The number of steps is no part of U.", "U has a column for each number of a step."),
            Mistake(529, "That is all of them together.", "Give one number for each layer."),
        ],
        next_step="Take n (m + n + 1) for a recurrent layer, and ask what m is for each.",
    )


@check
def difference(difference_net: Any) -> str:
    """Check weights of a linear net whose output is today's number minus yesterday's.

    Args:
        difference_net: U (2, 1), V (2, 2) and W (1, 2).
    """
    try:
        U, V, W = difference_net
    except (TypeError, ValueError):
        raise Wrong(
            "difference_net does not hold three things.",
            "U, V and W are asked for, in this order.",
            "Put three arrays in a list.",
        ) from None
    U, V, W = array("U", U, (2, 1)), array("V", V, (2, 2)), array("W", W, (1, 2))
    with np.errstate(all="ignore"):
        answers = [(W @ np.linalg.matrix_power(V, since) @ U).item() for since in range(5)]
    earlier = answers[2:]
    what = "When the net reads a 1 and then zeros, its output"
    if np.allclose(answers[:2], [1, -1], rtol=0, atol=1e-5) and not np.allclose(earlier, 0, rtol=0, atol=1e-5):
        raise Wrong(
            f"{what} is {np.round(answers, 3).tolist()}.",
            "What is older than yesterday still counts.",
            "The node that holds yesterday must not take from itself: look at the diagonal of V.",
        )
    equal(
        what,
        answers,
        np.array([1, -1, 0, 0, 0]),
        [
            Mistake(
                [1, 0, 0, 0, 0],
                "Yesterday does not reach it.",
                "Row i of V says what node i takes: let the second node take what the first held, and use it in W.",
            ),
            Mistake([1, 1, 0, 0, 0], "Yesterday is added.", "Look at the signs in W."),
            Mistake([-1, 1, 0, 0, 0], "That is yesterday minus today.", "Look at the signs in W."),
            Mistake([0, 1, 0, 0, 0], "Today is missing.", "One node must take x_t, and W must use it."),
            Mistake([0, -1, 0, 0, 0], "Today is missing.", "One node must take x_t, and W must use it."),
            Mistake(np.ones(5), "The net adds up all that it has read.", "V must hand a number on once, not for ever."),
            Mistake(np.zeros(5), "Nothing reaches the output.", "Follow a number from U to W, on paper."),
        ],
        next_step="Write down h_1 and h_2 for this input, and see what each node holds.",
    )
    return "These weights were found without any training."


@check
def from_both_ends(both_ways: Callable) -> str:
    """Check a function that runs one net forwards and one backwards.

    Args:
        both_ways: takes x (T, m), U, V, U_back and V_back; gives (T, 2 n).
    """
    rng = np.random.default_rng(3)
    x, U, V, U_back, V_back = (rng.normal(size=size) for size in ((5, 3), (2, 3), (2, 2), (2, 3), (2, 2)))
    what = "both_ways(x, U, V, U_back, V_back)"
    seen = call(both_ways, x, U, V, U_back, V_back, shown=f"{what} with five steps")
    said = {
        (5, 2): (
            "n numbers a step.",
            "Each step has two states of n numbers, one of each net.",
            "Put the two side by side.",
        ),
        (10, 2): ("the second net below the first.", "Each step has one row.", "Put the states side by side."),
        (4,): ("the two last states only.", "Each step has a row.", "Keep the states of all steps."),
        (4, 5): ("a column for each step.", "Each step has a row.", "Stack the states along the other axis."),
    }
    if (shape := shape_of(seen)) in said:
        what_it_is, why, next_step = said[shape]
        raise Wrong(f"{what} has the shape {shape}, {what_it_is}", why, next_step)
    array(what, seen, (5, 4))
    first, second = _states(x, U, V), _states(x[::-1], U_back, V_back)

    def side_by_side(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        return np.concatenate([left, right], axis=1)

    equal(
        what,
        seen,
        side_by_side(first, np.flip(second, axis=0)),
        [
            Mistake(
                side_by_side(first, second),
                "The right half stands in the order of reading, from the last step to the first.",
                "Turn the states of the second net round.",
            ),
            Mistake(
                side_by_side(first, _states(x, U_back, V_back)),
                "The second net reads forwards, too.",
                "Give it the steps from the last to the first.",
            ),
            Mistake(
                side_by_side(first, np.flip(_states(x, U_back, V_back), axis=0)),
                "The second net reads forwards, and only its states are turned round.",
                "Turn the sequence round as well, before it is read.",
            ),
            Mistake(
                side_by_side(np.flip(second, axis=0), first),
                "The halves are exchanged.",
                "Put the first net on the left.",
            ),
            Mistake(
                side_by_side(first, np.flip(_states(x[::-1], U, V), axis=0)),
                "Both nets have the weights of the first.",
                "Use U_back and V_back in the second.",
            ),
            Mistake(
                side_by_side(first, np.flip(_states(x[::-1], U_back, V_back, start=first[-1]), axis=0)),
                "The second net begins with the last state of the first.",
                "Set h to zeros before it reads.",
            ),
            Mistake(
                side_by_side(
                    _states(x, U, V, lambda z: z), np.flip(_states(x[::-1], U_back, V_back, lambda z: z), axis=0)
                ),
                "No activation bends the states.",
                "Put tanh around the sum.",
            ),
        ],
    )
    return "In Keras it is called Bidirectional."


def _states(
    x: np.ndarray, U: np.ndarray, V: np.ndarray, f: Callable = np.tanh, start: np.ndarray | None = None
) -> np.ndarray:
    """Return the states of all steps: (T, n)."""
    found = [np.zeros(len(V)) if start is None else start]
    for drive in x @ U.T:
        found.append(f(drive + found[-1] @ V.T))
    return np.array(found[1:])
