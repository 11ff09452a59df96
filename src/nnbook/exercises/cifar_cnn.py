"""Checks of the exercises on the page *Recognise pictures with a convolutional net*."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, chosen, equal, shape_of


@check
def epoch(both: Any) -> None:
    """Check the accuracy that Keras reports for an epoch, and its distance from the one at the end.

    Args:
        both: two shares.
    """
    four = "Which answers does Keras count, and when?"
    equal(
        "reported_and_missing",
        both,
        np.array([15, 13]) / 40,
        [
            Mistake([0.44, 0.26], "The 70 % at the end took part in your mean, but no batch gave them.", four),
            Mistake([0.6, 0.1], "That is the last batch alone.", four),
            Mistake([0.7, 0], "That is the accuracy at the end, which Keras does not ask for.", four),
            Mistake([0.525, 0.175], "You counted the answers after each step; Keras counts them before.", four),
            Mistake([0.375, -0.325], "The report lies below the 70 %.", "Take the report from 0.7."),
            Mistake([0.375, 0.225], "The distance is to the last batch.", "Take the report from 0.7."),
            Mistake([0.375, 0.7], "The second number is the distance from 0.7.", "Take the report from 0.7."),
            Mistake([0.325, 0.375], "The two stand in the other order.", "The report comes first."),
            Mistake([37.5, 32.5], "These are per cent.", "Give them as shares, from 0 to 1."),
        ],
        next_step=four,
    )


@check
def larger_pictures(both: Any) -> None:
    """Check the parameters of the base and of the dense layer for pictures of 64×64.

    Args:
        both: two numbers.
    """
    sides = "Follow the side from 64 through the five layers, step by step."
    if shape_of(both) == (2,) and float(both[1]) == 589_888 and float(both[0]) not in (56_320, 225_280):
        raise Wrong(
            f"The dense layer is right, and the base is {both[0]}.", "", "Add up the three `Conv2D`, with biases."
        )
    equal(
        "base_and_dense",
        both,
        [56_320, 589_888],
        [
            Mistake([56_320, 65_600], "That is for pictures of 32×32, but Flatten gives more numbers now.", sides),
            Mistake(
                [225_280, 589_888], "Kernels slide: they have the same weights on a larger grid.", "Mend the first."
            ),
            Mistake([225_280, 262_400], "Neither is four times as large: kernels do not grow at all.", sides),
            Mistake([56_320, 262_400], "The dense layer does not simply become four times as large.", sides),
            Mistake([56_320, 262_208], "The side that reaches Flatten is not twice 4.", sides),
            Mistake([56_320, 589_824], "These are the weights of the dense layer alone.", "Each node has a bias, too."),
            Mistake([56_320, 692_288], "You rounded up where pooling drops a row.", "Halve 29 again."),
            Mistake([56_320, 49_216], "Flatten lays rows and columns down.", "Take the side twice: it is a square."),
            Mistake(
                [56_320, 9_280],
                "A factor of 64 is missing.",
                "There are 64 channels, and there are 64 nodes: use both.",
            ),
            Mistake(
                [56_320, 9_216], "That is what Flatten gives.", "Each node has a weight for each of them, and a bias."
            ),
            Mistake([589_888, 56_320], "The two stand in the other order.", "The base comes first."),
            Mistake([56_320, 646_858], "That is the whole net.", "Only the dense layer of 64 nodes is asked for."),
        ],
        tolerance=1e-9,
        next_step=sides,
    )


@check
def softmax_twice(loss: Any) -> str:
    """Check the loss of perfect probabilities to which the softmax is applied once more.

    Args:
        loss: one number.
    """
    again = "What does the loss take these ten numbers for?"
    equal(
        "loss_of_the_perfect",
        loss,
        np.logaddexp.reduce([1] + 9 * [0]) - 1,
        [
            Mistake(0, "That would be so if the loss took them for probabilities.", again),
            Mistake(np.log(10), "That is the loss of a net that finds all classes equally probable.", again),
            Mistake(np.e / (np.e + 9), "That is a probability.", "The loss is minus its logarithm."),
            Mistake(1 - np.log(np.e + 9), "That is the logarithm, which is negative here.", "Turn the sign."),
            Mistake(np.log(np.e + 10) - 1, "There are nine other classes, not ten.", again),
            Mistake(
                np.log(np.e + 9), "That is the logarithm of the sum alone.", "Take the logit of the right class off."
            ),
            Mistake(np.log10(np.e + 9) - np.log10(np.e), "That is the logarithm to base 10.", "Take np.log."),
            Mistake(1, "The exponential of 1 is e, and the nine zeros count, too: each gives 1.", again),
        ],
        tolerance=5e-3,
        next_step=again,
    )
    return "No probabilities can bring such a loss below that."


@check
def best_of_many(points: Any) -> None:
    """Check a choice: what the best of a hundred epochs reports too much.

    Args:
        points: one of the five numbers, as a word.
    """
    chosen(
        "the points",
        points,
        "1.2",
        {
            "0.7": "That is the best of 10. The luckiest of more epochs is luckier. Look at how a maximum grows.",
            "7": "Ten times as many tries do not make ten times as much luck, for very lucky epochs are rare. "
            "Ask how many standard deviations out the best of a hundred lies.",
            "2.2": "That is 0.7 times the root of ten, which belongs to the number of pictures. "
            "Ask how many standard deviations out the best of a hundred lies.",
            "0.2": "More tries do not average luck away: the maximum keeps the luckiest. "
            "Ask whether the best of more can be smaller.",
        },
    )


@check
def fifth_of_each(validation_places: Callable) -> None:
    """Check a function that holds back the last part of each class.

    Args:
        validation_places: takes labels and a share; gives places.
    """
    labels = np.array([2, 0, 0, 2, 1, 0, 2, 2, 0, 1, 2, 0, 2, 0, 2, 2, 2, 0, 0, 0, 0, 0, 1])
    shown = "validation_places(labels, 0.25) with classes of 11, 3 and 9 pictures"
    seen = call(validation_places, labels, 0.25, shown=shown)
    if shape_of(seen) == labels.shape and set(np.unique(np.asarray(seen, dtype=np.float64))) <= {0.0, 1.0}:
        raise Wrong(f"{shown} is a mask of true and false.", "Places are asked for.", "Use np.flatnonzero on the mask.")
    places = np.sort(array(shown, seen).ravel())
    each = [[k for k in range(23) if labels[k] == label] for label in range(3)]
    right = [15, 16, 20, 21]
    rest = sorted(set(range(23)) - set(right))
    by_class = "Do it for one class first, and look at labels[places] of what you get."
    mistakes = [
        Mistake(np.arange(17, 23), "That is the last part of all pictures, whatever their class.", by_class),
        Mistake(np.arange(18, 23), "That is the last part of all pictures, whatever their class.", by_class),
        Mistake(sorted(each[0][:2] + each[2][:2]), "That is the first part of each class.", "Take the last."),
        Mistake(rest, "These are the pictures that stay for training.", "Give the others."),
        Mistake(np.sort(labels[right]), "These are labels.", "Give the places at which they stand."),
        Mistake(
            sorted(right + each[1]),
            "Of the class of 3 you keep all, though 0.75 rounded down is none.",
            "A slice [-0:] is everything: count its start from the front.",
        ),
        Mistake(
            sorted(each[0][-3:] + each[1][-1:] + each[2][-3:]),
            "You round up.",
            "Round the number of pictures down; a start that is rounded down makes the part larger.",
        ),
        Mistake(
            sorted(each[0][-3:] + each[1][-1:] + each[2][-2:]),
            "You round to the nearest whole number.",
            "Round down: int does, for positive numbers.",
        ),
        Mistake(
            sorted(each[0][-1:] + each[1][-1:] + each[2][-1:]),
            "You take the same number of each class.",
            "Take a share of what that class has.",
        ),
        Mistake(np.arange(0, 23, 4), "That is every fourth picture.", by_class),
    ]
    if places.size != len(right) and not any(np.array_equal(places, mistake.gives) for mistake in mistakes):
        raise Wrong(
            f"{shown} holds {places.size} places.", "A class gives its number times the share, rounded down.", by_class
        )
    equal(shown, places, right, mistakes, next_step=by_class)


@check
def safe_loss(mean_loss: Callable) -> str:
    """Check a mean loss from logits, small ones and large ones.

    Args:
        mean_loss: takes logits (pictures, classes) and labels; gives one number.
    """
    logits, labels = np.random.default_rng(5).normal(size=(4, 3)) * 2, np.array([2, 0, 1, 1])
    with np.errstate(all="ignore"):
        seen = call(mean_loss, logits, labels, shown="mean_loss(logits, labels) with four pictures of three classes")
    right_one = np.eye(3)[labels]
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    across = logits - np.logaddexp.reduce(logits, axis=0, keepdims=True)
    everything = logits - np.logaddexp.reduce(logits, axis=None)
    each = -(log_p * right_one).sum(1)
    greatest = logits.max(1)
    one = "Work one picture out with a calculator and compare."
    equal(
        "mean_loss(logits, labels)",
        seen,
        each.mean(),
        [
            Mistake(each.sum(), "That is the sum over the pictures.", "Divide by their number."),
            Mistake(each, "That is the loss of each picture.", "Take the mean over them."),
            Mistake(-each.mean(), "The sign is turned: a loss is not negative.", "Take minus the logarithm."),
            Mistake(np.exp(-each).mean(), "That is the mean probability of the right class.", "Take the logarithm."),
            Mistake(
                -np.log(np.exp(-each).mean()),
                "You take the logarithm of a mean.",
                "First the logarithm, then the mean.",
            ),
            Mistake(
                -log_p.max(1).mean(),
                "You take the class with the greatest logit, or, after a shift, no class at all.",
                "Take the class of the label.",
            ),
            Mistake(
                -log_p[:, labels].mean(),
                "[:, labels] takes the columns of all labels for every picture.",
                "Pair each row with its own label: [np.arange(len(labels)), labels].",
            ),
            Mistake(-(across * right_one).sum(1).mean(), "The softmax runs over the pictures.", "Sum over axis 1."),
            Mistake(-(everything * right_one).sum(1).mean(), "The sum runs over all pictures.", "Sum over axis 1."),
            Mistake(
                (each - greatest).mean(),
                "The greatest logit is taken off in the sum only.",
                "Take it off in both terms, or add it again.",
            ),
            Mistake(
                (each + greatest).mean(),
                "The greatest logit is taken off in the term of the right class only.",
                "Take it off in both terms.",
            ),
            Mistake(each.mean() / np.log(10), "That is the logarithm to base 10.", "Take np.log."),
            Mistake(-log_p.mean(), "That is a mean over all classes.", "Take the class of the label alone."),
        ],
        next_step=one,
    )
    large = np.array([[1000.0, 0, -1000], [0, 1000, 0], [-1000, -1000, -1000]])
    shown = "mean_loss([[1000, 0, -1000], [0, 1000, 0], [-1000, -1000, -1000]], [1, 1, 0])"
    with np.errstate(all="ignore"):
        seen = call(mean_loss, large, np.array([1, 1, 0]), shown=shown)
    if shape_of(seen) == () and not np.isfinite(number := float(np.asarray(seen, dtype=np.float64))):
        if np.isinf(number):
            raise Wrong(
                f"{shown} is {number}.",
                "Either a probability became 0 and you took its logarithm, or all exponentials of a picture are 0 or "
                "too large: then what you took off its logits is not its own greatest one.",
                "Which number is the logarithm taken of?",
            )
        raise Wrong(
            f"{shown} is {number}.",
            "To the computer the exponential of 1000 is infinite, and that of -1000 is 0.",
            "Which change of the logits leaves the softmax as it is?",
        )
    equal(
        shown,
        seen,
        (1000 + np.log(3)) / 3,
        next_step="Small logits come out right. A bound on the probabilities would change large losses: use none.",
    )
    return "Small logits and large ones."
