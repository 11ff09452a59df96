"""Checks of the exercises on the page *Doubt the ten-document classifier*."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, equal


@check
def confidence(both: Any) -> None:
    """Check accuracy and mean confidence of four answers.

    Args:
        both: two numbers.
    """
    own = "Write down which answer the net gives, and the probability that it gives to this answer."
    equal(
        "right_and_sure",
        both,
        [1 / 2, 3 / 4],
        [
            Mistake([0.5, 0.5], "That is the mean probability of praise, also where the answer is blame.", own),
            Mistake([0.5, 0.45], "That is the mean probability of the right label.", own),
            Mistake([0.5, 0.7], "Confidence counts wrong answers, too.", "Take all four."),
            Mistake([0.5, 0.8], "That is the confidence in the wrong answers alone.", "Take all four."),
            Mistake([0.75, 0.5], "The two numbers stand in the other order.", "Accuracy comes first."),
            Mistake([2, 0.75], "Accuracy is a share.", "Divide by the number of documents."),
            Mistake([0.5, 3], "Confidence is asked for as a mean.", "Divide by the number of documents."),
        ],
        next_step=own,
    )


@check
def steps(lengths: Any) -> str:
    """Check the first step of both kinds of Adam for slopes of +1, +1 and -1.

    Args:
        lengths: as published, and in Keras 3.
    """
    parts = "Write down what stands above the line and what stands under the root."
    root = np.sqrt(3.0)
    equal(
        "step_lengths",
        lengths,
        [1.0, root / 3],
        [
            Mistake([1, root], "That would be for three slopes that agree: here their sum is 1, not 3.", parts),
            Mistake([1, 1 / 3], "The sum of the squares stands under a root.", "Take the root of it."),
            Mistake([root / 3, 1], "The two stand in the other order.", "Published Adam comes first."),
            Mistake([1, 1], "Keras 3 does not square the sum: it squares each slope and adds the squares up.", parts),
            Mistake([3, root], "The slope of a number is the sum over its uses, and one of them is negative.", parts),
            Mistake([1 / 3, 1 / 3], "The slope is the sum over the uses, not their mean.", parts),
            Mistake([1, root / 9], "Keras 3 uses the sum above the line, too; you took a mean.", parts),
            Mistake([1, 1 / np.sqrt(2)], "The square of -1 is 1: three squares add up.", parts),
        ],
        tolerance=5e-3,
        next_step=parts,
    )
    return "Where the uses of a word disagree, Keras 3 takes the shorter step."


@check
def majority(accuracies: Any) -> str:
    """Check leave-one-out accuracies of a classifier that gives the more frequent label.

    Args:
        accuracies: for ten documents with 5, 6 and 8 of one label.
    """
    case = "Leave out one document of praise and count what remains; then do the same with one of blame."
    equal(
        "majority_accuracy",
        accuracies,
        np.array([0, 3, 4]) / 5,
        [
            Mistake(
                [0.5, 0.6, 0.8],
                "With five of each, the document left out is missing from its own side, which tips the balance.",
                case,
            ),
            Mistake([1, 0.6, 0.8], "With five of each, the majority is the other label.", case),
            Mistake([0, 0, 0], "With more than five of one label, taking one away does not tip the balance.", case),
            Mistake([0, 0.4, 0.2], "That is the share of the wrong answers in the last two sets.", case),
            Mistake([0, 0.5, 0.7], "You count one document of praise too few as right.", case),
            Mistake([0, 5 / 9, 7 / 9], "Each of the ten documents is left out once.", "Divide by 10."),
            Mistake([0, 6, 8], "These are numbers of documents.", "Give them as shares of the ten."),
            Mistake([0, 60, 80], "These are per cent.", "Give them as shares, from 0 to 1."),
            Mistake([0, 1, 1], "The majority is praise, but documents of blame are left out, too.", case),
        ],
        next_step=case,
    )
    return "No word was read for that."


@check
def exact(exact_p: Callable) -> str:
    """Check the p-value of a permutation test that goes through all ways to choose.

    Args:
        exact_p: takes scores and labels; gives a share.
    """
    scores, labels = np.array([7.0, 5, 6, 3, 1, 4, 2]), np.array([1, 1, 0, 1, 0, 0, 0])
    shown = "exact_p(scores, labels) with seven documents, three of them ones"
    seen = call(exact_p, scores, labels, shown=shown)
    share = float(array(shown, seen, ()))
    choices = [one for one in range(2**7) if one not in (0, 2**7 - 1)]
    bits = np.array([[one >> place & 1 for place in range(7)] for one in choices])
    measures = bits @ scores / bits.sum(1) - (1 - bits) @ scores / (1 - bits).sum(1)
    real = labels @ scores / 3 - (1 - labels) @ scores / 4
    same_number = measures[bits.sum(1) == 3] - real
    near = 1e-9
    larger = int((same_number > -near).sum())
    mistakes = [
        Mistake(
            (same_number > near).mean(),
            "Only larger measures are counted: the real labels themselves, and what ties with them, are left out.",
            "Write >= in the place of >.",
        ),
        Mistake(
            (np.abs(same_number + real) > real - near).mean(),
            "It counts measures that are far below zero as well.",
            "The exercise asks for at least as large, without the absolute value.",
        ),
        Mistake((same_number < near).mean(), "It counts the small measures.", "Turn the comparison round."),
        Mistake(
            (larger + 1) / (len(same_number) + 1),
            "The real labels are counted twice: they are among the ways already.",
            "Leave the added 1 out.",
        ),
        Mistake(larger, "That is a number of ways.", "Divide by the number of all ways."),
        Mistake(
            (measures - real > -near).mean(),
            "It goes through choices with any number of ones.",
            "Choose as many places as there are ones.",
        ),
        Mistake(1 - (same_number > -near).mean(), "That is the share of the smaller measures.", "Count the others."),
    ]
    if (
        not any(abs(share - mistake.gives) < near for mistake in mistakes)
        and abs(share * 35 - round(share * 35)) > 1e-6
    ):
        raise Wrong(
            f"{shown} is {share:.5f}.",
            "There are 35 ways to choose three of seven, and your share is no whole number of them.",
            "Go through every way once, and draw none at random.",
        )
    equal(shown, share, larger / 35, mistakes)
    return "With so few ways no p-value can be very small."


@check
def masked(mean_of_words: Callable) -> str:
    """Check a mean over the words of each document that leaves the padding out.

    Args:
        mean_of_words: takes a table (words, d) and numbers (documents, places); gives (documents, d).
    """
    table = np.random.default_rng(3).normal(size=(6, 2))
    documents = [[4, 0, 0, 0], [0, 2, 5, 0], [1, 3, 3, 2]]
    seen = call(mean_of_words, table, np.array(documents), shown="mean_of_words(table, numbers) with three documents")
    words = [[word for word in document if word] for document in documents]
    sums = np.array([sum(table[word] for word in document) for document in words])
    counts = np.array([[1], [2], [4]])
    apart = "Work one document out by hand: add its words up, divide by their number."
    equal(
        "mean_of_words(table, numbers)",
        seen,
        sums / counts,
        [
            Mistake(
                table[documents].mean(1), "The padding counts like a word.", "Take it out of the sum and the count."
            ),
            Mistake(
                sums / 4,
                "The padding adds nothing to the sum, but its places are still counted.",
                "Divide by the number of words of the document.",
            ),
            Mistake(
                table[documents].sum(1) / counts,
                "It divides by the number of words, but the row of the padding is still in the sum.",
                "Multiply by the mask before you add up.",
            ),
            Mistake(sums, "That is the sum of the words.", "Divide by their number."),
            Mistake(sums / 7, "It divides by the words of all documents.", "Count the words of each document apart."),
            Mistake(
                (table[documents] * (np.array(documents) > 0)[:, :, None]).mean(0),
                "The mean goes over the documents, place by place.",
                "The axes of table[numbers] are document, place, entry.",
            ),
            Mistake(sums.sum(0) / 7, "That is one mean for all documents.", "Keep one row a document."),
            Mistake(
                np.array([np.mean([table[word] for word in set(document)], 0) for document in words]),
                "A word that occurs twice is counted once.",
                "Each place with a word counts.",
            ),
            Mistake((sums / counts).T, "It has one column a document.", "Give one row a document."),
        ],
        next_step=apart,
    )
    return "The padding may now stand anywhere."
