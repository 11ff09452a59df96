"""Checks of the exercises on the page *Take a trained net apart*."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, equal, shape_of


@check
def uniform_net(knows_nothing: Any) -> None:
    """Check accuracy and calibration gap of a net that finds all ten classes equally probable.

    Args:
        knows_nothing: accuracy and gap.
    """
    only_the_guess = "Look at what it says for its guess and at how often this guess is right."
    equal(
        "knows_nothing",
        knows_nothing,
        [1 / 10, 0],
        [
            Mistake([0.1, 0.9], "The gap does not compare with a net that is always right.", only_the_guess),
            Mistake([0.1, 0.1], "0.1 is what it says; the gap is a difference.", "Subtract how often it is right."),
            Mistake([0.1, 1], "The net is not sure of anything, so it can hardly be far too sure.", only_the_guess),
            Mistake([0, 0], "It knows nothing, yet some guesses are right.", "Count the pictures of the first class."),
            Mistake(
                [0, 0.1], "It knows nothing, yet some guesses are right.", "Count the pictures of the first class."
            ),
            Mistake([10, 0], "The accuracy is meant as a share, not in per cent.", "Divide it by 100."),
            Mistake([0.5, 0], "That would be the share for two classes.", "Here there are ten."),
        ],
    )


@check
def strided_fields(pixels_seen: Any) -> None:
    """Check how many pixels across the units of three layers see, the first two with a stride of 2.

    Args:
        pixels_seen: three numbers.
    """
    equal(
        "pixels_seen",
        pixels_seen,
        2.0 ** np.arange(2, 5) - 1,
        [
            Mistake([3, 5, 7], "The jump stayed 1.", "After a stride of 2, neighbouring units look two pixels apart."),
            Mistake([5, 13, 21], "The jump was multiplied first.", "Widen the field with the jump below the layer."),
            Mistake(
                [4, 10, 22], "The field grew by the whole window.", "Equation (1) takes k - 1: one pixel is there."
            ),
            Mistake([3, 7, 11], "The second stride is missing in the jump.", "Every stride multiplies it again."),
            Mistake(
                [3, 9, 27], "The windows were multiplied.", "Neighbouring windows overlap: add, with equation (1)."
            ),
            Mistake([3, 8, 18], "Those are the layers of the page's net, with pooling.", "Leave the poolings out."),
            Mistake([3, 3, 3], "That is the window of each layer.", "What it looks at has seen more than one pixel."),
        ],
        next_step="Write field and jump for each layer.",
    )


@check
def mean_and_relu(four_numbers: Any) -> str:
    """Check four numbers for which it matters whether relu comes before the mean.

    Args:
        four_numbers: two rows of two.
    """
    numbers = array("four_numbers", four_numbers)
    seen = f"four_numbers has the shape {numbers.shape}."
    if numbers.shape == (4,):
        raise Wrong(seen, "Pooling joins two rows of two.", "Put brackets around each pair: [[..., ...], [..., ...]].")
    if numbers.shape != (2, 2):
        raise Wrong(seen, "It should be (2, 2).", "Write two rows of two numbers.")
    if numbers.min() >= 0:
        raise Wrong("None of the four is negative.", "Then relu changes nothing.", "What would it have to cut?")
    if numbers.max() <= 0:
        raise Wrong("None of the four is positive.", "Then both ways give 0.", "Something must be left after the cut.")
    cut_first, cut_last = numbers[numbers > 0].sum() / 4, max(numbers.sum() / 4, 0)
    if cut_first - cut_last < 1e-9 * abs(numbers).max():
        raise Wrong(
            "Both ways give nearly the same.", "One of the four is too small to count.", "Take rounder numbers."
        )
    return f"Cut first, the mean is {cut_first:g}; cut last, it is {cut_last:g}."


@check
def precisions(precision: Callable) -> None:
    """Check a function that gives the precision of each class.

    Args:
        precision: takes a table of counts (k, k), a row for each true class; gives k shares.
    """
    counts = np.array([[6, 3, 3], [1, 5, 2], [1, 2, 7]])
    seen = call(precision, counts, shown="precision(counts)")
    what = "precision(counts) for three classes"
    if shape_of(seen) == (3, 3):
        raise Wrong(f"{what} has the shape (3, 3).", "One number a class is asked for.", "Take the diagonal only.")
    right = np.array([6 / 8, 5 / 10, 7 / 12])
    column = "Look down a column: there stand all guesses of one class."
    equal(
        what,
        seen,
        right,
        [
            Mistake([6 / 12, 5 / 8, 7 / 10], "That is the recall: it divides by the row of a class.", column),
            Mistake(18 / 30, "That is the accuracy of the whole.", "Give one number for each class."),
            Mistake(right.mean(), "That is one number, the mean of all classes.", "Give one number for each class."),
            Mistake([6 / 30, 5 / 30, 7 / 30], "It divides by all pictures.", column),
            Mistake(1 - right, "That is the share of guesses that are wrong.", "The right ones stand on the diagonal."),
            Mistake([6, 5, 7], "Those are counts, not shares.", column),
            Mistake([0, 0, 0], "The division dropped all that comes after the point.", "Write /, not //."),
            Mistake(
                [6 / 2, 5 / 5, 7 / 5], "It divides by the wrong guesses of a class only.", "Count the right ones, too."
            ),
        ],
    )


@check
def against(step_against: Callable) -> None:
    """Check a function that moves each number of a picture so that the loss rises.

    Args:
        step_against: takes images in bytes, slopes of the same shape, and a size; gives images in bytes.
    """
    images = np.tile(np.array([0, 3, 100, 200, 253, 255], "uint8"), 8).reshape(1, 4, 4, 3)
    upwards = np.arange(48).reshape(images.shape) % 4 < 2
    slopes = np.where(upwards, 0.5, -0.25)
    seen = call(step_against, images, slopes, 4, shown="step_against(images, slopes, 4)")
    whole = np.where(upwards, images + 4.0, images - 4.0)
    what = "step_against(images, slopes, 4)"
    back = np.where(upwards, images - 4.0, images + 4.0)
    steep = images + 4 * slopes
    downhill = "That makes the loss smaller, as training does."
    equal(
        what,
        seen,
        np.minimum(np.maximum(whole, 0), 255),
        [
            Mistake(np.minimum(np.maximum(back, 0), 255), downhill, "Here the loss should rise: change the sign."),
            Mistake(back, downhill, "Here the loss should rise: change the sign. And cut to 0 to 255."),
            Mistake(back % 256, downhill, "Here the loss should rise: change the sign. And cut before you make bytes."),
            Mistake(whole, "Some numbers lie outside of 0 to 255.", "Cut them off before you make bytes."),
            Mistake(whole % 256, "Bytes ran over: 250 + 8 becomes 2.", "Add in floats, cut, and then make bytes."),
            *(
                Mistake(one, "Each number moves by its slope times the size.", "Take the sign of the slope only.")
                for cut in (steep, steep.clip(0, 255))
                for one in (cut, np.floor(cut))
            ),
            Mistake(images, "Nothing has moved.", "Add the size times the sign of each slope."),
            Mistake(
                np.minimum(images + 4.0, 255), "Every number went up.", "Where the slope is negative, it must go down."
            ),
            Mistake(
                (whole / 255).clip(0, 1), "Those are numbers from 0 to 1.", "Bytes go from 0 to 255: do not divide."
            ),
        ],
    )
