"""Checks of the exercises on the page *What training is*."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, chosen, equal, shape_of


@check
def steps_of_fit(steps_in_all: Any) -> None:
    """Check how many steps 5 epochs with 1,000 examples in batches of 64 have.

    Args:
        steps_in_all: a number.
    """
    epochs, batch, examples = 5, 64, 1000
    equal(
        "steps_in_all",
        steps_in_all,
        epochs * -(-examples // batch),
        [
            Mistake(
                epochs * (examples // batch), "The last, smaller batch is missing in each epoch.", "Count it as a step."
            ),
            Mistake(
                epochs * examples / batch,
                "A step has no fractions.",
                "Find the whole batches of one epoch first.",
            ),
            Mistake(
                -(-epochs * examples // batch),
                "The five epochs are not one long row: each ends with a small batch of its own.",
                "Count the batches of one epoch first.",
            ),
            Mistake(
                epochs * examples // batch,
                "The small batches at the end of the epochs are lost.",
                "Count one epoch.",
            ),
            Mistake(16, "That is one epoch.", "The training has five of them."),
            Mistake(epochs * batch, "That is epochs times batch size.", "Ask how many batches 1,000 examples make."),
            Mistake(epochs * examples, "That is one step for each example.", "A step reads a whole batch."),
            Mistake(epochs, "That is one step for each epoch.", "An epoch has a step for each batch."),
        ],
        next_step="Ask how many batches 1,000 examples make, and how often they are read.",
    )


@check
def one_step(new_place: Any) -> None:
    """Check a step of gradient descent from w = 1, b = 0 with the examples (1, 3) and (2, -1).

    Args:
        new_place: w and b after the step.
    """
    equal(
        "new_place",
        new_place,
        np.array([6, -1]) / 10,
        [
            Mistake([1.4, 0.1], "The step goes up the slope.", "Each parameter moves against its slope."),
            Mistake([0.2, -0.2], "The examples are added up.", "The loss is a mean: divide by 2 examples."),
            Mistake([0.8, -0.05], "The factor 2 is missing.", "The slope of a square is twice what is squared."),
            Mistake([0.9, -0.1], "The inputs are missing in the slope of w.", "Multiply each error by its x."),
            Mistake([4, 1], "Those are the two slopes.", "Now take the step: equation (4)."),
            Mistake([-3, -1], "The learning rate is missing.", "Take a tenth of each slope."),
            Mistake([-0.4, -0.1], "Those are the moves, not the new place.", "Add them to w = 1 and b = 0."),
            Mistake(
                [0.6, 0.02],
                "The slope of b was computed with the new w.",
                "Compute both slopes at the old place, then move both.",
            ),
            Mistake([-0.1, 0.6], "The two numbers have changed places.", "Put w first."),
        ],
        next_step="Write down the two errors with their signs, then the two slopes, then the step.",
    )


@check
def slopes(slopes_of: Callable) -> str:
    """Check a function that gives the slopes of the mean squared error of a net with several inputs.

    Args:
        slopes_of: takes w (m,), b, X (N, m) and y (N,); gives m slopes.
    """
    rng = np.random.default_rng(2)
    examples, inputs = 5, 3
    w, X, y, b = rng.normal(size=inputs), rng.normal(size=(examples, inputs)), rng.normal(size=examples), 0.7
    what = "slopes_of(w, b, X, y)"
    seen = call(slopes_of, w, b, X, y, shown=f"{what} with five examples of three inputs")
    shape = shape_of(seen)
    if shape == (examples, inputs):
        raise Wrong(
            f"{what} has the shape {shape}, a row for each example.",
            "The slope of the loss is the mean over the examples.",
            "Take the mean over the rows.",
        )
    if shape == (examples,):
        raise Wrong(
            f"{what} has the shape {shape}, a number for each example.",
            "A slope belongs to each weight.",
            "Take the mean over the examples.",
        )
    if shape == ():
        raise Wrong(
            f"{what} is one number.",
            "Each weight has a slope of its own, with its own input in it.",
            "Look along which axis you take the mean: it should be that of the examples.",
        )
    array(what, seen, (inputs,))
    errors = np.einsum("nm,m->n", X, w) + b - y
    right = np.einsum("n,nm->m", errors, X) / (examples / 2)
    equal(
        what,
        seen,
        right,
        [
            Mistake(right * examples, "The examples are added up.", "The loss is a mean: divide by their number."),
            Mistake(right / 2, "The factor 2 is missing.", "The slope of a square is twice what is squared."),
            Mistake(-right, "Every sign is turned.", "The error is the answer minus the target."),
            Mistake(right - 2 * b * X.mean(axis=0), "The bias is missing in the answers.", "Add b to X @ w."),
            Mistake(
                right + 2 * np.mean(y[:, None] * X, axis=0), "The targets are missing.", "Take y away from the answers."
            ),
            Mistake(
                np.full(inputs, 2 * errors.mean()), "The inputs are missing.", "Multiply each error by the input, too."
            ),
            Mistake(
                right * examples / inputs, "You divide by the number of inputs.", "Divide by the number of examples."
            ),
        ],
    )
    return "It is the gradient of a dense layer with one node."


@check
def another_unit(largest_rate: Any) -> None:
    """Check by how much the largest learning rate changes when every input is ten times as large.

    Args:
        largest_rate: one of four choices.
    """
    chosen(
        "the largest rate",
        largest_rate,
        "a hundredth",
        {
            "ten times": "Larger inputs make the slope larger, so the rate must become smaller, not larger.",
            "the same": "The inputs stand in the slope, so it grows with them, and with it each step. Write it down.",
            "a tenth": "The slope has one x from the chain rule, but the answer w x in it has another. Count both.",
        },
    )


@check
def momentum(with_momentum: Callable) -> str:
    """Check a function that descends with momentum.

    Args:
        with_momentum: takes slope, start, rate, momentum and steps; gives the last place.
    """
    bend, lowest, start = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -2.0]), np.array([0.5, 0.25])
    rate, keep, steps = 0.1, 0.8, 4

    def slope(place: Any) -> NDArray[np.float64]:
        return bend @ (np.asarray(place, dtype=np.float64) - lowest)

    def end(rate: float = rate, keep: float = keep, steps: int = steps, share: float = 1, late: float = 0) -> Any:
        """Return place and velocity in closed form: one step is a matrix, and `late` moves by the velocity before."""
        one = np.eye(2)
        velocity = np.hstack([share * bend, keep * one])
        place = np.hstack([one, 0 * one]) - rate * ((1 - late) * velocity + late * np.hstack([0 * one, one]))
        both = np.linalg.matrix_power(np.vstack([place, velocity]), steps) @ np.append(start - lowest, [0, 0])
        return both[:2] + lowest, both[2:]

    what = "with_momentum(slope, start, 0.1, 0.8, 4)"
    seen = call(with_momentum, slope, start, rate, keep, steps, shown=what)
    if shape_of(seen) in [(steps, 2), (steps + 1, 2)]:
        raise Wrong(
            f"{what} has the shape {shape_of(seen)}, the whole path.",
            "The last place is asked for.",
            "Return that one only.",
        )
    frozen = sum((1 - keep**step) / (1 - keep) for step in range(1, steps + 1))
    equal(
        what,
        seen,
        end()[0],
        [
            Mistake(end(keep=0)[0], "That is plain gradient descent.", "Keep the velocity from step to step."),
            Mistake(end(share=1 - keep)[0], "The slope came in with the factor 1 - momentum.", "Add the whole slope."),
            Mistake(end(share=keep)[0], "The momentum multiplies the slope, too.", "Only the old velocity shrinks."),
            Mistake(end(rate=-rate)[0], "The place moves up the slope.", "Move it by minus rate times velocity."),
            Mistake(
                start - rate * frozen * slope(start),
                "The slope is that of the start in every step.",
                "Call slope(place) in the loop.",
            ),
            Mistake(end(late=1)[0], "The place moves by the velocity of the step before.", "Renew the velocity first."),
            Mistake(end(steps=steps - 1)[0], "One step is missing.", "Look at where your loop begins and ends."),
            Mistake(end(steps=steps + 1)[0], "That is one step too many.", "Look at where your loop begins and ends."),
            Mistake(end()[1], "That is the velocity.", "Return the place."),
            Mistake(start, "That is the start: nothing has moved.", "Keep the new place for the next step."),
        ],
    )
    return "SGD in Keras does the same when you give it a momentum."
