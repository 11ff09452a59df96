"""Checks of the exercises on the page *Compute a convolution by hand*."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, call, check, equal, shape_of


@check
def moves_right(kernel: Any) -> str:
    """Check a kernel that moves a picture one pixel to the right.

    Args:
        kernel: three rows of three numbers.
    """
    single = np.eye(9).reshape(9, 3, 3)
    look = "Ask which pixel each place should show after the move."
    equal(
        "moving_kernel",
        kernel,
        single[3],
        [
            Mistake(single[5], "A 1 on the right fetches the right neighbour, so the picture moves to the left.", look),
            Mistake(single[4], "A 1 in the middle fetches the pixel itself, so nothing moves.", look),
            Mistake(single[1], "A 1 in the upper row fetches the pixel above, so the picture moves down.", look),
            Mistake(single[7], "A 1 in the lower row fetches the pixel below, so the picture moves up.", look),
            Mistake(single[0], "A 1 in the corner fetches a slanted neighbour, so it moves down as well.", look),
            Mistake(
                single[[0, 3, 6]].sum(0), "Three ones add three pixels up, one below the other.", "Keep one of them."
            ),
            Mistake(
                single[3:6].sum(0), "Three ones add three neighbours up: the picture is smeared.", "Keep one of them."
            ),
            Mistake(
                single[5] - single[3],
                "That takes the left neighbour from the right one: it finds edges and moves nothing.",
                look,
            ),
        ],
        next_step=look,
    )
    return "The kernel says where to look, not where to go."


@check
def pixel(gradient: Any) -> None:
    """Check the gradient with respect to the middle pixel of a picture of 3×3.

    Args:
        gradient: one number.
    """
    note = "Write down, for each of the four places, which weight lies on the middle pixel."
    equal(
        "middle_pixel",
        gradient,
        8,
        [
            Mistake(17, "That multiplies each error by the weight in the same corner, as if nothing moved.", note),
            Mistake(11, "Two of the four weights are exchanged: those of the places (0, 1) and (1, 0).", note),
            Mistake(4, "That is one product alone, but the pixel takes part at four places.", "Add up over them."),
            Mistake(1, "That is the corner pixel, which takes part at one place only.", note),
            Mistake(50, "That is the sum of all weights times the sum of all errors.", note),
            Mistake(10, "That adds the weights up without the errors.", "Multiply each by the error of its place."),
            Mistake(5, "That adds the errors up without the weights.", "Multiply each by the weight on the pixel."),
            Mistake(14, "The error of the place (0, 1) is negative.", "Mind its sign."),
            Mistake(2, "That is a mean over the four places.", "A pixel that is used four times adds up its shares."),
        ],
        next_step=note,
    )


@check
def learned_from_grey(kernel: Any) -> str:
    """Check the kernel that descent finds from evenly grey pictures.

    Args:
        kernel: three rows of three numbers.
    """
    secret = np.linspace(0.1, 0.9, 9).reshape(3, 3)
    middle = np.eye(9)[4].reshape(3, 3)
    slopes = "Write down equation (3) for two different weights and compare them."
    if shape_of(kernel) == ():
        raise Wrong("found_kernel is one number.", "A kernel of 3×3 has nine.", "Write three rows of three.")
    equal(
        "found_kernel",
        kernel,
        np.ones((3, 3)) / 2,
        [
            Mistake(secret, "That is the secret, but evenly grey pictures cannot tell its weights apart.", slopes),
            Mistake(4.5 * middle, "Nothing singles the middle weight out: all nine meet the same grey.", slopes),
            Mistake(
                0 * secret, "With nine zeros each result would be 0, and the loss is not.", "Let the sum be right."
            ),
            Mistake(
                np.full((3, 3), 4.5),
                "The sum of the secret is right, but here each weight has all of it.",
                "Share it among the nine.",
            ),
            Mistake(np.ones((3, 3)) / 9, "That is a blur: its weights add up to 1.", "Take the sum of the secret."),
            Mistake(
                np.ones((3, 3)), "The weights are equal, as they must be, but their sum is 9.", "Add up the secret."
            ),
        ],
        next_step=slopes,
    )
    return "A loss of 0 does not say that the secret was found."


@check
def dilated(slide_dilated: Callable) -> str:
    """Check a convolution whose weights lie d pixels apart.

    Args:
        slide_dilated: takes a picture, a kernel and d; gives the picture of the outputs.
    """
    rng = np.random.default_rng(1)
    picture, kernel = rng.normal(size=(9, 11)), rng.normal(size=(3, 2))
    seen = call(slide_dilated, picture, kernel, 2, shown="slide_dilated(picture, kernel, 2)")
    cut = "Cut the window out with steps of d."
    equal(
        "slide_dilated(picture, kernel, 2) for a picture of 9×11 and a kernel of 3×2",
        seen,
        _correlated(picture, kernel, 2, 2),
        [
            Mistake(_correlated(picture, kernel, 1, 1), "That is slide: its weights meet neighbours.", cut),
            Mistake(
                _correlated(picture, kernel, 1, 1)[:5, :9],
                "There are as many places as there should be, but the weights still meet neighbours.",
                cut,
            ),
            Mistake(
                _correlated(picture, kernel, 1, 1)[::2, ::2],
                "The window moves on by d pixels: that is a stride.",
                "Let it move by one, and spread what lies under it.",
            ),
            Mistake(
                _correlated(picture, kernel, 2, 2)[::2, ::2],
                "The kernel is spread, but the window moves on by d pixels, too.",
                "Keep a stride of 1.",
            ),
            Mistake(
                _correlated(picture, kernel, 3, 3),
                "The weights lie d + 1 apart, with d pixels between them.",
                "Between two weights d - 1 pixels are left out.",
            ),
            Mistake(_correlated(picture, kernel[::-1, ::-1], 2, 2), "The kernel is turned round.", "Keep it as it is."),
            Mistake(
                _correlated(picture, kernel, 2, 1), "It is spread over the rows only.", "Columns need the gaps, too."
            ),
            Mistake(
                _correlated(picture, kernel, 1, 2), "It is spread over the columns only.", "Rows need the gaps, too."
            ),
            Mistake(
                _correlated(picture, kernel, 2, 2)[:-1, :-1],
                "The last row and the last column of places are missing.",
                "On a side of n pixels a reach of r has n - r + 1 places.",
            ),
        ],
        next_step="Try a picture with a single 1 in it and see where it turns up.",
    )
    return "Three layers of this kind with d = 1, 2, 4 see a wide field with few weights."


@check
def as_matrix(matrix_of: Callable) -> str:
    """Check the matrix of the dense layer that does what a kernel does.

    Args:
        matrix_of: takes a kernel and the side n of the picture; gives a matrix (places, pixels).
    """
    kernel = np.random.default_rng(2).normal(size=(2, 3))
    seen = call(matrix_of, kernel, 4, shown="matrix_of(kernel, 4)")
    pixels = np.eye(16).reshape(16, 4, 4)
    right = _columns(pixels, kernel)
    starts = [4 * i + j for i in range(3) for j in range(2)]
    strips = np.array([np.concatenate([np.zeros(at), kernel.ravel(), np.zeros(10 - at)]) for at in starts])
    first = right[0, :11]
    running = np.array([np.concatenate([np.zeros(at), first, np.zeros(5 - at)])[:16] for at in range(6)])
    as_picture = "Look at one row of it as a picture: matrix[1].reshape(n, n)."
    equal(
        "matrix_of(kernel, 4) for a kernel of 2×3",
        seen,
        right,
        [
            Mistake(
                right.T, "It has a row for each pixel and a column for each place.", "Exchange them: transpose it."
            ),
            Mistake(
                _columns(pixels, kernel[::-1, ::-1]),
                "The kernel is turned round in it.",
                "Put the kernel in as it stands.",
            ),
            Mistake(
                strips,
                "The weights of a place lie side by side, but the second row of the kernel belongs on the next row "
                "of pixels.",
                as_picture,
            ),
            Mistake(
                running,
                "Each row moves on by one column, so that a window runs over the end of a row of pixels.",
                "After the last place of a row of places the window jumps to the next row of pixels.",
            ),
            Mistake(
                _columns(pixels.swapaxes(1, 2), kernel),
                "The pixels are counted down the columns.",
                "ravel lays the picture down row after row.",
            ),
            Mistake(np.repeat(right[:1], 6, axis=0), "All rows hold the kernel at the same place.", as_picture),
            Mistake(
                (right != 0).astype(float),
                "It shows which pixels a place sees, but not with which weights.",
                "Put the weights there.",
            ),
        ],
        next_step=as_picture,
    )
    return "So a convolution is a dense layer: mostly zeros, and the same few weights again and again."


def _correlated(picture: np.ndarray, kernel: np.ndarray, down: int, across: int) -> np.ndarray:
    """Add up shifted copies of a picture, one a weight; the weights lie `down` rows and `across` columns apart."""
    rows = picture.shape[0] - down * (kernel.shape[0] - 1)
    columns = picture.shape[1] - across * (kernel.shape[1] - 1)
    shifted = [weight * picture[down * a :, across * b :][:rows, :columns] for (a, b), weight in np.ndenumerate(kernel)]
    return np.sum(shifted, axis=0)


def _columns(pixels: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return what a kernel makes of each picture, laid down as a column each."""
    return np.column_stack([_correlated(one, kernel, 1, 1).ravel() for one in pixels])
