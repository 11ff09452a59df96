"""Checks of the exercises on the page *Follow the error back through time*."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, equal, shape_of

BUGS = ("no transpose", "h[t] for h[t-1]", "no sum over t", "slope of h, not z")  # of the page's museum


@check
def two_errors(dz_1: Any) -> None:
    """Check the gradient of the first pre-activation in the example of the notes with the targets (0, 1) and (2, 2).

    Args:
        dz_1: two numbers.
    """
    equal(
        "dz_1",
        dz_1,
        np.ones(2),
        [
            Mistake([0.5, 0.5], "That is one of two shares.", "Step 1 has an error, and step 2 sends one back: add."),
            Mistake(
                [1.5, 0.5], "The error of step 1 was added as it is.", "It reaches the state through W transposed."
            ),
            Mistake([1.5, 1.5], "One of the matrices did not halve.", "Each entry is half of the sum of two numbers."),
            Mistake([0.75, 0.75], "One of the shares was halved twice.", "Each goes through one matrix only."),
            Mistake([-1, -1], "Both errors have the other sign.", "An error is the output minus the target."),
            Mistake([0, 0], "The first error has the other sign.", "An error is the output minus the target."),
            Mistake(
                [1, 0], "That is the error of step 1, at its output.", "Take it back to the state, and add step 2."
            ),
        ],
        next_step="Write down the immediate derivative and the share from the future, then add them.",
    )


@check
def last_output_only(dz_2: Any) -> None:
    """Check the gradient of the second pre-activation where only the third output counts.

    Args:
        dz_2: two numbers.
    """
    equal(
        "dz_2",
        dz_2,
        np.array([-72, 71.68]) / 1000,
        [
            Mistake([0.128, 0.32768], "That is the table's: the error of step 2 is still in it.", "Leave that out."),
            Mistake([0.2, 0.256], "That is the error of step 2, which no longer counts.", "Take what comes back only."),
            Mistake([-0.072, 0.112], "That is what comes back to the state.", "Now multiply by the slopes of tanh."),
            Mistake(
                [-0.584, 0.16384], "That goes through the rows of V.", "Going back, take its columns: V transposed."
            ),
            Mistake([-0.584, 0.256], "That goes through the rows of V.", "Take its columns, and then the slopes."),
            Mistake([-0.02592, 0.07168], "Those are the slopes of step 3.", "Take the slopes at h_2."),
            Mistake([-0.072, 0.175], "You divide by the slope.", "Multiply by 1 - h_2 squared."),
            Mistake([0, 0.0672], "You multiply by the state.", "Multiply by the slope, 1 - h_2 squared."),
            Mistake(
                [-0.072, 0.0797], "You take the tanh of the state.", "The state already is a tanh: use 1 - h_2 squared."
            ),
        ],
        tolerance=1e-3,
        next_step="First compute V transposed times what step 3 has, then multiply by the slopes of step 2.",
    )


@check
def one_step_only(missed: Any) -> str:
    """Check which of the four bugs a gradient check with a sequence of one step misses.

    Args:
        missed: their names.
    """
    if isinstance(missed, np.ndarray):
        missed = missed.ravel()[:9].tolist()
    if isinstance(missed, str):
        missed = [missed]
    if not isinstance(missed, list | tuple | set):
        raise Wrong("missed is no list.", "The names of the bugs are asked for.", "Put them in a list, in quotes.")
    names = {" ".join(str(one).lower().split()) for one in missed}
    if strange := sorted(names - set(BUGS)):
        raise Wrong(f"{strange[0][:40]!r} is no bug of the list.", "", "Print bugs, and copy the names from there.")
    if not names:
        raise Wrong("The list is empty.", "Some of the bugs do hide.", "Ask of each line whether one step can show it.")
    if BUGS[1] in names:
        raise Wrong(
            f"You name {BUGS[1]!r}.",
            "With one step, the gradient of V is 0, because h_0 is 0. With this bug it is not.",
            "Look at h_1.",
        )
    if BUGS[3] in names:
        raise Wrong(
            f"You name {BUGS[3]!r}.",
            "The slope stands in the gradient of every step, so one step is enough to show it.",
            "Look at the line of dz.",
        )
    if BUGS[0] not in names:
        raise Wrong("One bug is missing.", "It needs a later step to show.", "Ask what is handed back to step 1.")
    if BUGS[2] not in names:
        raise Wrong("One bug is missing.", "It needs several shares to show.", "Ask how many shares one step has.")
    return "So a check must be long enough for what it is to find."


@check
def clip(clip_together: Callable) -> str:
    """Check a function that shortens several gradients by one factor.

    Args:
        clip_together: takes a list of arrays and a limit; gives a list of arrays.
    """
    large = [[[3.0, 0.0], [0.0, 4.0]], [1.0, -2.0], [[0.5]]]
    row = np.array([3, 0, 0, 4, 1, -2, 0.5])
    length, alone = np.linalg.norm(row), np.array([5, 5, 5, 5, np.sqrt(5), np.sqrt(5), 0.5])
    what, seen = _clipped(clip_together, large, 2.5)
    equal(
        what,
        seen,
        row * 2.5 / length,
        [
            Mistake(row, "Nothing was shortened.", "Compare the length of all numbers together with the limit."),
            Mistake(row * np.minimum(1, 2.5 / alone), "Each array was clipped by itself.", "Use one length for all."),
            Mistake(np.clip(row, -2.5, 2.5), "Each number was clipped by itself.", "Multiply all by one factor."),
            Mistake(row * 2.5 / length**2, "You divide by the sum of the squares.", "The length is its root."),
            Mistake(
                row * 2.5 / (5 + np.sqrt(5) + 0.5),
                "You divide by the sum of three lengths.",
                "Add the squares of all numbers first, then take one root.",
            ),
            Mistake(row * 2.5 / 4, "You divide by the largest number.", "Divide by the length of all together."),
            Mistake(row * 2.5 / abs(row).sum(), "You divide by the sum of the sizes.", "The length adds squares."),
            Mistake(row / 2.5, "You divide by the limit.", "Multiply by the limit, and divide by the length."),
            Mistake(row / length, "Now the length is 1.", "Multiply by the limit, too."),
            Mistake(row * 2.5, "They became longer.", "Divide the limit by the length."),
        ],
        next_step="The gradients are [[3, 0], [0, 4]], [1, -2] and [[0.5]]. How long are all their numbers together?",
    )
    what, seen = _clipped(clip_together, large, 10.0)
    equal(
        what,
        seen,
        row,
        [Mistake(row * 10 / length, "What is shorter than the limit was made longer.", "The factor is never above 1.")],
        next_step="What is shorter than the limit must stay as it is.",
    )
    what, seen = _clipped(clip_together, [[[0.0, 0.0], [0.0, 0.0]], [0.0, 0.0], [[0.0]]], 2.0)
    equal(what, seen, 0 * row, next_step="Where every number is 0, nothing must change.")
    return "This is what global_clipnorm does."


def _clipped(clip_together: Callable, gradients: list, limit: float) -> tuple[str, np.ndarray]:
    """Call the function; return what was called, and all numbers of what it gave in one row."""
    arrays = [np.array(one) for one in gradients]
    size = "short" if limit > 6 else "long" if np.any(arrays[0]) else "zero"
    what = f"clip_together(gradients, {limit:g}) with {size} gradients"
    with np.errstate(all="ignore"):
        seen = call(clip_together, arrays, limit, shown=what)
    if not isinstance(seen, list | tuple | np.ndarray) or len(seen) != len(gradients):
        raise Wrong(
            f"{what} does not give three arrays.", "It was given a list of three.", "Return a list with one for each."
        )
    if size == "zero" and any(shape_of(one) is not None and np.isnan(np.asarray(one, float)).any() for one in seen):
        raise Wrong(
            f"{what} gives NaN.", "Their length is 0, and you divide by it.", "Divide by something that is never 0."
        )
    shapes = [np.shape(one) for one in gradients]
    parts = [array(f"entry {at} of {what}", one, shapes[at]) for at, one in enumerate(seen)]
    return what, np.concatenate([part.ravel() for part in parts])


@check
def leaky(leaky_back: Callable) -> str:
    """Check a function that takes a gradient back through one step of a leaky net.

    Args:
        leaky_back: takes dh (n,), h (n,), x_t (m,), U (n, m), V (n, n) and a; gives n numbers.
    """
    for a, n, m in ((0.3, 3, 2), (0.8, 2, 3)):
        _leaky(leaky_back, a, n, m)
    return "Finite differences would have told you the same."


def _leaky(leaky_back: Callable, a: float, n: int, m: int) -> None:
    """Raise if the function is wrong for n nodes, m inputs and a leak a."""
    rng = np.random.default_rng(5)
    dh, h, x_t, U, V = (rng.normal(size=size) for size in (n, n, m, (n, m), (n, n)))
    what = "leaky_back(dh, h, x_t, U, V, a)"
    seen = call(leaky_back, dh, h, x_t, U, V, a, shown=f"{what} with {n} nodes and a = {a}")
    if shape_of(seen) == (n, n):
        raise Wrong(
            f"{what} has the shape {(n, n)}.",
            "That is a matrix; a gradient with respect to h has a number for each node.",
            "Use V.T @ (...), and * between arrays of n numbers.",
        )
    array(what, seen, (n,))
    sums = np.einsum("nm,m->n", U, x_t) + np.einsum("ij,j->i", V, h)
    slope = np.cosh(sums) ** -2.0
    new = (1 - a) * h + a * np.tanh(sums)

    def through(factor: np.ndarray | float, V: np.ndarray = V) -> np.ndarray:
        return np.einsum("ij,i->j", V, factor * dh)

    direct = dh - a * dh
    equal(
        what,
        seen,
        direct + through(a * slope),
        [
            Mistake(
                through(a * slope), "The direct way is missing.", "h also stands outside of tanh. With which factor?"
            ),
            Mistake(direct, "Only the direct way is there.", "h also stands inside of tanh: add that way."),
            Mistake(direct + through(slope), "The way through tanh lacks its factor.", "Multiply it by a."),
            Mistake(dh + through(a * slope), "The direct way lacks its factor.", "Multiply it by 1 - a."),
            Mistake(
                a * dh + through((1 - a) * slope), "The factors are exchanged.", "The old state keeps the share 1 - a."
            ),
            Mistake(
                direct + through(a * slope, V.T),
                "The gradient goes through the rows of V.",
                "Going back, each node collects what it sent.",
            ),
            Mistake(
                direct + through(a * (1 - new**2)),
                "The slope is taken at h_t, which is no tanh here.",
                "Compute the tanh of the sum inside, and take 1 minus its square.",
            ),
            Mistake(
                direct + through(a * (1 - h**2)),
                "The slope is taken at the old state.",
                "Compute the tanh of the sum inside, and take 1 minus its square.",
            ),
            Mistake(direct + through(a / slope), "You divide by the slope.", "Multiply by 1 minus tanh squared."),
            Mistake(direct + through(a), "The slope of tanh is missing.", "Multiply dh by it before V.T."),
            Mistake(
                direct + a * slope * through(1.0), "The slope comes after V.T.", "Going back, the slope comes first."
            ),
            Mistake(
                direct + through(a * (1 - np.tanh(sums))), "tanh is not squared.", "The slope is 1 minus its square."
            ),
            Mistake(
                slope * direct + through(a * slope), "The slope is on the direct way, too.", "No tanh stands there."
            ),
            Mistake(V.T @ direct + through(a * slope), "V is on the direct way, too.", "No V stands there."),
            Mistake(
                direct + through(a * np.cosh(np.einsum("ij,j->i", V, h)) ** -2.0),
                "The slope is taken without the input.",
                "Inside of tanh stands U x_t as well.",
            ),
            Mistake(dh + through(slope), "Neither way has its factor.", "Which share of h_t is old, and which is new?"),
        ],
        next_step="Compare it with finite differences of the sum of dh * h_t, as on the page.",
    )
