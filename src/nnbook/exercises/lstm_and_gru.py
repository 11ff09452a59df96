"""Checks of the exercises on the page *Open the gates of an LSTM and a GRU*."""

from collections.abc import Callable
from math import log, log1p, tanh
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, equal, shape_of


@check
def fourth_step(c_4: Any) -> None:
    """Check the cell state after the fourth step of the example on paper.

    Args:
        c_4: a number.
    """
    table = "Write i, f and g side by side before you multiply."
    equal(
        "c_4",
        c_4,
        -0.21315,
        [
            Mistake(0.15, "That is what is written: what is kept is missing.", "Add f times c_3."),
            Mistake(-0.36315, "That is what is kept: what is written is missing.", "Add i times g."),
            Mistake(-0.2535, "The whole of c_3 was kept.", "Multiply it by the forget gate."),
            Mistake(0.23685, "The whole candidate was written.", "Multiply it by the input gate."),
            Mistake(0.439125, "The gates i and f were exchanged.", "The first number of the row opens i."),
            Mistake(
                -0.30315, "What is kept and written add up to 1 here, as in a GRU.", "The input gate is its own gate."
            ),
            Mistake(0.9 * 0.9 * tanh(-0.4035) + 0.15, "h_3 stands where c_3 belongs.", "The memory is c, not h."),
            Mistake(0.5 * tanh(-0.21315), "That is h_4.", "The exercise asks for the cell state."),
            Mistake(0.9 * -0.4035 + 0.25 * log(2), "The candidate goes through tanh.", "What is tanh of ln 2?"),
        ],
        tolerance=0.003,
        next_step=table,
    )


@check
def bias_for(function: Callable) -> str:
    """Check a function that gives the bias of a gate for a share of the gradient after some steps.

    Args:
        function: takes a share and a count of steps; gives a number.
    """
    for share, steps in ((0.5, 100), (0.1, 30)):
        what = f"bias_for({share}, {steps})"
        root = log(share) / steps  # the logarithm of the gate
        right = root - log(-np.expm1(root))
        power, naive = share**steps, 1 - share / steps
        equal(
            what,
            call(function, share, steps, named="bias_for"),
            right,
            [
                Mistake(
                    np.exp(root), "That is the gate itself.", "Turn the sigmoid round: which bias gives this gate?"
                ),
                Mistake(-right, "The sign is wrong: such a gate would be nearly shut.", "Solve sigmoid(b) = f again."),
                Mistake(log(steps), "ln T lets about a third through, whatever the share.", "The share must come in."),
                Mistake(log(steps - 1), "That lets about a third through.", "The share must come in."),
                Mistake(root, "That is the logarithm of the gate.", "The sigmoid has a 1 in it: solve for b."),
                Mistake(
                    log(share) - log1p(-share), "That gate lets the share through one step.", "It acts at every step."
                ),
                Mistake(
                    log(power) - log1p(-power), "A power was taken in place of a root.", "f to the steps is share."
                ),
                Mistake(log(naive) - log(share / steps), "Losses were added up.", "A gate multiplies at each step."),
            ],
            tolerance=1e-4,
        )
    return "The longer the way, the larger the bias."


@check
def last_states(function: Callable) -> str:
    """Check a function that picks the state at the last real step of each sequence.

    Args:
        function: takes h (sequences, steps, n) and mask (sequences, steps); gives (sequences, n).
    """
    h, mask = np.random.default_rng(0).normal(size=(4, 6, 3)), np.arange(6) < np.array([[4], [2], [5], [1]])
    what = "last_states(h, mask) with four sequences"
    seen = call(function, h, mask, named="last_states", shown=what)
    if shape_of(seen) == (4, 4, 3):
        raise Wrong(
            f"{what} has the shape (4, 4, 3).",
            "It takes all four ends of each sequence.",
            "Give an index for the sequence beside each end: np.arange(len(h)).",
        )
    if shape_of(seen) == (12, 3):
        raise Wrong(f"{what} has the shape (12, 3).", "Those are all real states.", "Take the last one of each.")
    real = np.where(mask[..., np.newaxis], h, 0)
    picked = {shift: np.einsum("st,stn->sn", np.roll(_ends(mask), shift, axis=1), h) for shift in (-1, 0, 1)}
    equal(
        what,
        array(what, seen, (4, 3)),
        picked[0],
        [
            Mistake(h[:, -1], "That is the last step, which is padding.", "Ask the mask where each sequence ends."),
            Mistake(picked[1], "It is one step too late: the first step of padding.", "Indices begin with 0."),
            Mistake(picked[-1], "It is one step too early.", "The sum of the mask minus 1 is the last real index."),
            Mistake(h[:, 0], "That is the first step.", "The last real one is asked for."),
            Mistake(real[:, -1], "Zeros: the last step was masked out.", "Pick the last step that is real."),
            Mistake(real.sum(axis=1), "That is the sum of all real states.", "Only the last one is asked for."),
            Mistake(
                real.sum(axis=1) / mask.sum(axis=1, keepdims=True),
                "That is the mean of the real states.",
                "Only the last one is asked for.",
            ),
            Mistake(h[:, 4], "All sequences end where the longest ends.", "Each has an end of its own."),
        ],
    )
    return "That is what a mask would have given."


@check
def published_gru(function: Callable) -> str:
    """Check one step of the GRU whose reset gate acts before the product.

    Args:
        function: takes x_t (m), h (n), U (3n, m), V (3n, n) and b (3n); gives the new state (n).
    """
    rng = np.random.default_rng(0)
    x, h, U, V, b = (rng.normal(size=size) for size in (2, 3, (9, 2), (9, 3), 9))
    what = "published_gru_step(x_t, h, U, V, b)"
    seen = call(function, x, h, U, V, b, shown=what)

    def step(
        reset: str = "before", order: tuple[int, int, int] = (0, 1, 2), b: np.ndarray = b, f: Callable = np.tanh
    ) -> tuple[np.ndarray, np.ndarray]:
        drive = (np.einsum("km,m->k", U, x) + b).reshape(3, 3)
        blocks = V.reshape(3, 3, 3)
        z, r = (1 / (1 + np.exp(-drive[k] - np.einsum("ij,j->i", blocks[k], h))) for k in order[:2])
        inside = r * h if reset == "before" else h
        memory = np.einsum("ij,j->i", blocks[order[2]], inside)
        return z, f(drive[order[2]] + (r * memory if reset == "after" else memory))

    def mixed(z: np.ndarray, g: np.ndarray) -> np.ndarray:
        return g + z * (h - g)

    z, g = step()
    equal(
        what,
        array(what, seen, (3,)),
        mixed(z, g),
        [
            Mistake(
                mixed(*step("after")),
                "Here the reset gate acts after the product, as in gru_step.",
                "Multiply h by r first, then by the third block of V.",
            ),
            Mistake(mixed(*step("nowhere")), "The reset gate is missing.", "The candidate sees r times h."),
            Mistake(mixed(1 - z, g), "z and 1 - z are exchanged.", "z stands beside the old state."),
            Mistake(mixed(*step(order=(1, 0, 2))), "The two gates are exchanged.", "Keras' order is z, r, g."),
            Mistake(mixed(*step(b=0 * b)), "The bias is missing.", "Add b to the product with U."),
            Mistake(mixed(*step(f=lambda v: v)), "The candidate has no tanh.", "Put tanh around the whole sum."),
            Mistake(g, "That is the candidate.", "Mix it with the old state."),
        ],
    )
    return "This is Keras' reset_after=False."


@check
def step_back(function: Callable) -> str:
    """Check the derivatives of one step of an LSTM.

    Args:
        function: takes i, f, g, o, c_before and dL_dh (n); gives (5, n).
    """
    rng = np.random.default_rng(0)
    i, f, o = rng.uniform(0.2, 0.8, size=(3, 4))
    g, before, slope = np.tanh(rng.normal(size=4)), *rng.normal(size=(2, 4))
    what = "step_back(i, f, g, o, c_before, dL_dh) with four nodes"
    given = (i, f, g, o, before)
    seen = call(function, *given, slope, shown=what)
    if shape_of(seen) == (4, 5):
        raise Wrong(f"{what} has the shape (4, 5).", "There should be a row for each derivative.", "Transpose it.")
    tiny = 1e-30j  # a step into the imaginary gives a derivative without rounding
    right = np.array([slope * _shown(*_nudged(given, k, tiny)).imag / tiny.imag for k in range(5)])
    c = f * before + i * g
    bent, full = np.cosh(c) ** 2, right.copy()  # what the slope of tanh divides by
    others = np.array([0, 1, 2, 4])
    flat, no_gate, of_h, of_c = (right.copy() for _ in range(4))
    flat[others] *= bent
    no_gate[others] /= o
    of_h[others] *= bent * (1 - (o * np.tanh(c)) ** 2)
    of_c[others] *= bent * (1 - c**2)
    with_c = right.copy()
    with_c[3] = slope * c
    equal(
        what,
        array(what, seen, (5, 4)),
        full,
        [
            Mistake(flat, "The slope of tanh is missing.", "Between h and c stands tanh: multiply by its slope."),
            Mistake(no_gate, "The output gate is missing on the way to c.", "h is o times tanh(c)."),
            Mistake(of_h, "The slope of tanh was taken with h.", "It is 1 minus the square of tanh(c), without o."),
            Mistake(of_c, "The slope of tanh was taken with c.", "It is 1 minus the square of tanh(c)."),
            Mistake(with_c, "The row of o holds c.", "h is o times tanh(c)."),
            Mistake(right[[2, 1, 0, 3, 4]], "The rows of i and g are exchanged.", "The slope of i g for i is g."),
            Mistake(right[[0, 4, 2, 3, 1]], "The rows of f and c_before are exchanged.", "Which factor is left?"),
            Mistake(right / slope, "What comes from the loss is missing.", "Multiply by dL_dh."),
        ],
        next_step="Nudge one of the five by 0.001, and see by how much o tanh(c) changes.",
    )
    return "With this you have gone back through an LSTM."


def _ends(mask: np.ndarray) -> np.ndarray:
    """Return a 1 at the last real step of each sequence, zeros elsewhere."""
    return (mask & ~np.pad(mask, ((0, 0), (0, 1)))[:, 1:]).astype(float)


def _nudged(given: tuple[np.ndarray, ...], which: int, by: complex) -> list[np.ndarray]:
    return [one + by if k == which else one for k, one in enumerate(given)]


def _shown(i: np.ndarray, f: np.ndarray, g: np.ndarray, o: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Return the output of a step of an LSTM."""
    return o * np.tanh(f * c + i * g)
