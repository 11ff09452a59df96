"""Checks of the exercises on the page *Train faster, one change at a time*."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, equal, shape_of


@check
def steps(steps_taken: Any) -> None:
    """Check how many steps six epochs of 8,000 pictures take, in batches of 32 and of 128.

    Args:
        steps_taken: two numbers.
    """
    whole = "What does not fill a batch is left out of the epoch."
    equal(
        "steps_taken",
        steps_taken,
        [1500, 372],
        [
            Mistake([250, 62], "Those are the steps of one epoch.", "The training has six."),
            Mistake([1500, 375], "Half a batch was counted, or carried into the next epoch.", whole),
            Mistake([1500, 378], "A batch that is not full was counted in each epoch.", whole),
            Mistake([48_000, 48_000], "Those are pictures, not steps.", "One step reads a whole batch."),
            Mistake([372, 1500], "The two are exchanged.", "Larger batches mean fewer steps."),
            Mistake([1500, 6000], "Larger batches do not need more steps.", "Divide the pictures by the batch."),
            Mistake([1500, 1500], "A step reads a whole batch, however large it is.", "Divide the pictures by 128."),
        ],
        next_step="Count the steps of one epoch first.",
    )


@check
def credit_of_two(credit: Any) -> None:
    """Check what one of two changes gains first and last, and their interaction.

    Args:
        credit: three numbers, in points.
    """
    corners = "Write the four accuracies at the corners of a square."
    equal(
        "credit",
        credit,
        np.array([4, 10, 6]),
        [
            Mistake([4, 10, 12], "12 is what both gain together.", "Take away what each of them gains alone."),
            Mistake([4, 8, 6], "8 is what B gains where A is there already.", "Now A is the one that comes last."),
            Mistake([4, 8, 12], "8 is what B gains where A is there, and 12 is what both gain together.", corners),
            Mistake([4, 4, 6], "A gains another number where B is there.", "Compare the corners with B."),
            Mistake(
                [4, 2, 6], "2 is what B gains alone.", "A is added where B is there already: compare those corners."
            ),
            Mistake([4, 10, 8], "8 is how far both lie above the better of the two.", "Sum what each gains alone."),
            Mistake([10, 4, 6], "The first two are exchanged.", "First comes the ladder that begins with A."),
            Mistake([0.04, 0.1, 0.06], "Those are shares.", "Give points: from 70 % to 71 % is one."),
            Mistake([74, 82, 6], "The first two are accuracies, not gains.", "Take away the rung below."),
        ],
        next_step=corners,
    )


@check
def least(least_loss: Any) -> None:
    """Check the least cross-entropy that smooth labels allow.

    Args:
        least_loss: one number.
    """
    ten = "The sum has ten terms: write them all down."
    equal(
        "least_loss",
        least_loss,
        np.log(100) - 0.91 * np.log(91),
        [
            Mistake(0, "With hard labels that would be the limit.", "Put p = t into the formula: no term is 0."),
            Mistake(-np.log(0.91), "That is the loss of a hard label, where the net says 0.91.", ten),
            Mistake(-0.91 * np.log(0.91), "That is the share of the true class alone.", ten),
            Mistake(
                -0.91 * np.log(0.91) - 0.01 * np.log(0.01), "Only one of the other classes is in it.", "There are nine."
            ),
            Mistake(0.91 * np.log(91) - np.log(100), "A loss is not negative here.", "Mind the minus sign in front."),
            Mistake((np.log(100) - 0.91 * np.log(91)) / np.log(2), "That is a logarithm to the base 2.", "Use np.log."),
            Mistake(
                (np.log(100) - 0.91 * np.log(91)) / np.log(10), "That is a logarithm to the base 10.", "Use np.log."
            ),
            Mistake((np.log(100) - 0.91 * np.log(91)) / 10, "That is the mean of the ten terms.", "Take their sum."),
            Mistake(np.log(10), "That is the loss of a net that knows nothing.", "Here it says what the target says."),
        ],
        tolerance=0.003,
        next_step=ten,
    )


@check
def warm_up_and_cosine(rate_at: Callable) -> None:
    """Check a schedule that rises for a tenth of the steps and falls along half a wave of the cosine.

    Args:
        rate_at: takes the share of the steps done and the peak; gives the rate.
    """
    shares = np.array([0, 0.05, 0.1, 0.325, 0.55, 0.775, 1])
    seen = [array(f"rate_at({share:g}, 4)", call(rate_at, float(share), 4.0), ()) for share in shares]
    rising, late = shares < 0.1, (shares - 0.1) / 0.9
    bent = np.array([0.5, 0.8535534, 1.0])  # (1 + cos) / 2 of a half, of a quarter and of no half turn
    right = 4 * np.array([0, bent[0], bent[2], bent[1], bent[0], 1 - bent[1], 0])
    early, straight = 2 + 2 * np.cos(np.pi * shares), 4 * (1 - late)
    joined = "At 0.1 the rest begins: there s is 0, and at the end it is 1."
    equal(
        f"rate_at at the shares {', '.join(f'{share:g}' for share in shares)}, with the peak 4,",
        seen,
        right,
        [
            Mistake(np.where(rising, 40 * shares, early), "The cosine begins too early, so the rate jumps.", joined),
            Mistake(
                np.where(rising, 40 * shares, 2 + 2 * np.cos(np.pi * (shares - 0.1))),
                "It does not reach 0 at the end: s stops short of 1.",
                joined,
            ),
            Mistake(early, "It falls from the first step on, without a warm-up.", "Let it rise in the first tenth."),
            Mistake(
                np.where(rising, 2 + 2 * np.cos(np.pi * late), right),
                "There is no warm-up.",
                "Let the first tenth rise.",
            ),
            Mistake(np.where(rising, 40 * shares, straight), "It falls in a straight line.", "Use the cosine."),
            Mistake(
                np.where(rising, 40 * shares, 2 + 2 * np.cos(2 * np.pi * late)),
                "It goes down and up again: that is a whole wave.",
                "Half a wave ends at cos(pi).",
            ),
            Mistake(
                np.where(rising, 40 * shares, 4 * np.cos(np.pi * late)),
                "It falls below 0.",
                "The factor is (1 + cos) / 2, which stays between 0 and 1.",
            ),
            Mistake(
                np.where(rising, 4 * shares, right), "The warm-up ends far below the peak.", "At 0.1 it must be there."
            ),
            Mistake(right / 4, "It goes up to 1 and not to the peak.", "Multiply by the peak."),
            Mistake(right / 200, "It goes up to 0.02, whatever the peak is.", "Use the peak that it is given."),
        ],
        tolerance=1e-4,
        next_step="Draw it with plt.plot, for shares from 0 to 1.",
    )


@check
def folded(fold: Callable) -> None:
    """Check a function that puts batch norm into the dense layer before it.

    Args:
        fold: takes W (m, n), b (n), gamma, beta, mean, variance (n each) and epsilon; gives a matrix and a bias.
    """
    rng = np.random.default_rng(0)
    W, (b, gamma, beta, mean) = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    variance, epsilon = rng.uniform(0.5, 2, 4), 0.1
    what = "fold(W, b, gamma, beta, mean, variance, epsilon)"
    seen = call(fold, W, b, gamma, beta, mean, variance, epsilon, named="fold", shown=what)
    if not isinstance(seen, tuple | list) or len(seen) != 2:
        raise Wrong(f"{what} did not give two things.", "A matrix and a bias are asked for.", "Return both: W, b.")
    matrix = array("The matrix of fold", seen[0], W.shape)
    if shape_of(seen[1]) == (1, 4):
        raise Wrong("The bias of fold has the shape (1, 4).", "A bias has one axis.", "Do not keep the second one.")
    bias = array("The bias of fold", seen[1], b.shape)
    spread = variance + epsilon
    by_norm = np.einsum("n,n->n", gamma, spread**-0.5)
    bare = gamma * variance**-0.5
    equation = "Put x W + b into equation (1) and sort."
    _matrix_is_right(matrix, W, by_norm, gamma, variance, epsilon)
    equal(
        "The bias of fold",
        bias,
        np.array([(b[n] - mean[n]) * by_norm[n] + beta[n] for n in range(4)]),
        [
            Mistake(b, "It is still the old bias.", equation),
            Mistake(b - mean * by_norm + beta, "b goes through batch norm, too, so it is scaled.", equation),
            Mistake(b * by_norm + beta, "The mean is not taken away.", "Equation (1) takes it away first."),
            Mistake(b * by_norm - mean + beta, "The mean is taken away after the scaling.", "It comes first."),
            Mistake((b - mean + beta) * by_norm, "beta is scaled, too.", "Equation (1) adds it at the very end."),
            Mistake((b - mean) * by_norm, "beta is missing.", "Equation (1) adds it at the very end."),
            Mistake((b + mean) * by_norm + beta, "The mean is added.", "Equation (1) takes it away."),
            Mistake((b - mean) * bare + beta, "epsilon is missing.", "It stands with the variance, under the root."),
            Mistake(beta - mean * by_norm, "The old bias is gone.", "It goes through batch norm, too."),
        ],
        next_step=equation,
    )


def _matrix_is_right(
    matrix: np.ndarray, W: np.ndarray, by_norm: np.ndarray, gamma: np.ndarray, variance: np.ndarray, epsilon: float
) -> None:
    spread = variance + epsilon
    equal(
        "The matrix of fold",
        matrix,
        np.einsum("mn,n->mn", W, by_norm),
        [
            Mistake(W, "It is still the old matrix.", "Batch norm multiplies what x W gives."),
            Mistake(W * gamma / spread, "It divides by the variance.", "Equation (1) takes the root of it."),
            Mistake(W * gamma / variance**0.5, "epsilon is missing.", "It stands with the variance, under the root."),
            Mistake(
                W * gamma / (variance**0.5 + epsilon), "epsilon was added after the root.", "It stands under the root."
            ),
            Mistake((W.T * by_norm).T, "Its rows are scaled.", "A channel of the output is a column of W."),
            Mistake(W / spread**0.5, "gamma is missing.", "Equation (1) multiplies by it."),
            Mistake(W * gamma, "It is not divided by the spread.", "Equation (1) divides by a root."),
            Mistake(W * gamma * spread**0.5, "It multiplies by the root.", "Equation (1) divides by it."),
        ],
        next_step="Put x W + b into equation (1), and look at what multiplies x.",
    )
