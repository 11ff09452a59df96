"""Checks of the exercises on the page *Tell the two apples apart*."""

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, equal, shape_of
from nnbook.intervals import wilson

TWINS = (  # four pairs of sentences, and what tells them apart: runs of 2, 1, 4 and 3 words
    ("The boss eats apple pie.", "The Apple boss eats pie."),
    ("Apple pie, apple pie, apple.", "Apple pie, apple."),
    (
        "Apple means not a good phone these days but a good tree these days.",
        "Apple means not a good tree these days but a good phone these days.",
    ),
    ("Apple pie, apple juice, apple.", "Apple juice, apple pie, apple."),
)


@check
def without_order(best_of_bag: Any) -> None:
    """Check what a reader without order gets at best.

    Args:
        best_of_bag: its share of the sentences and its share of the twin pairs.
    """
    proof = "Of each two twins it gets one, whatever its weights are."
    equal(
        "best_of_bag",
        best_of_bag,
        [3 / 4, 0],
        [
            Mistake([1, 1], "No reader without order gets both twins.", proof),
            Mistake([0.5, 0], "Half is its share of the twins alone.", "Add the 24 single sentences."),
            Mistake([0.75, 0.5], "Half is its share of the twin sentences.", "A pair needs both of them right."),
            Mistake([0.75, 0.25], "A quarter is what a reader that guesses gets.", proof),
            Mistake([36, 0], "36 is how many it gets.", "Divide by 48."),
            Mistake([75, 0], "That is in per cent.", "Write a number between 0 and 1."),
            Mistake([0, 0.75], "The two numbers are exchanged.", "The share of the sentences comes first."),
        ],
        next_step=proof,
    )


@check
def one_loss(fewest_ahead: Any) -> None:
    """Check on how many questions a reader must be ahead if it is behind on one.

    Args:
        fewest_ahead: a whole number.
    """
    equal(
        "fewest_ahead",
        fewest_ahead,
        8,
        [
            Mistake(9, "That is how many questions count, the loss among them.", "Take the loss away."),
            Mistake(7, "With seven, p is about 0.07; one side of it alone is under 0.05.", "Count both sides."),
            Mistake(6, "Six are enough without a loss.", "Now one of the questions goes the other way."),
            Mistake(5, "Five are not enough even without a loss.", "Write p as a function of the questions."),
            Mistake(12, "Questions with a tie do not count.", "Ask for the fewest that bring p under 0.05."),
            Mistake(10, "Fewer are enough.", "Compute p for one question less, until it is over 0.05."),
        ],
        next_step="Write p for 6, 7, 8, ... questions, and look where it falls under 0.05.",
    )


@check
def run_needed(function: Callable) -> str:
    """Check a function that gives the shortest runs by which two sentences differ.

    Args:
        function: takes two sentences; gives a whole number.
    """
    what = "What run_needed gives for four pairs of sentences"
    seen = [call(function, *pair, named="run_needed") for pair in TWINS]
    equal(
        what,
        [_one_number(one, pair) for one, pair in zip(seen, TWINS, strict=True)],
        [2, 1, 4, 3],
        [
            Mistake([1, 0, 3, 2], "That is the longest run that they share.", "Give the first length that differs."),
            Mistake([2, 3, 4, 3], "A set forgets how often a run occurs.", "Compare sorted lists."),
            Mistake([2, 2, 4, 3], "It begins with pairs.", "Two sentences can differ in their words already."),
            Mistake([1, 1, 1, 1], "The order of the runs counts in it.", "Sort them before you compare."),
            Mistake([3, 2, 5, 4], "It goes one step too far.", "Stop at the first length that differs."),
            Mistake(
                [3, 5, 7, 4],
                "It waits until the two share no run at all.",
                "One run that differs, or occurs more often, is enough.",
            ),
        ],
        next_step=f"Call run_needed{TWINS[1]!r} and write their words down.",
    )
    return "That is how far a reader must look to tell them apart."


@check
def both_ways(function: Callable) -> str:
    """Check a function that puts the states of two layers beside each other, one of which reads from the end.

    Args:
        function: takes x (T, m) and two layers; gives (T, 2n).
    """
    rng = np.random.default_rng(0)
    x, what = rng.normal(size=(5, 2)), "read_both_ways(x, read_left, read_right) with five words"
    left, right = (_layer(rng.normal(size=(3, 2)), rng.normal(size=(3, 3))) for _ in range(2))
    seen = call(function, x, left, right, shown=what)
    if shape_of(seen) == (6,):
        raise Wrong(f"{what} has the shape (6,).", "That is one state.", "Give a row for each word.")
    if shape_of(seen) == (10, 3):
        raise Wrong(
            f"{what} has the shape (10, 3).",
            "The states stand below each other.",
            "Put the two states of a word beside each other: the other axis.",
        )
    if shape_of(seen) == (5, 3):
        raise Wrong(f"{what} has the shape (5, 3).", "Each row has one state only.", "Each word has two: keep both.")
    ahead = np.array([left(x[: t + 1])[-1] for t in range(5)])
    back = np.array([right(x[t:][::-1])[-1] for t in range(5)])
    equal(
        what,
        array(what, seen, (5, 6)),
        np.hstack([ahead, back]),
        [
            Mistake(
                np.hstack([ahead, back[::-1]]),
                "The first row holds what read_right knows of the last word.",
                "Turn its states back.",
            ),
            Mistake(
                np.hstack([ahead, right(x)]), "Both layers read from the left.", "Turn the sequence round for one."
            ),
            Mistake(
                np.hstack([ahead, right(x)[::-1]]),
                "read_right has read from the left, and its states were turned round.",
                "Turn the sequence round before it reads.",
            ),
            Mistake(np.hstack([back, ahead]), "The two halves are exchanged.", "The left reader comes first."),
            Mistake(
                np.hstack([ahead, back[:, ::-1]]),
                "The numbers within a state are turned round.",
                "Turn the order of the steps alone.",
            ),
            Mistake(
                np.hstack([left(x[::-1])[::-1], right(x)]), "The two directions are exchanged.", "Which one is left?"
            ),
        ],
    )
    return "That is Bidirectional."


@check
def overlapping(two_readers: Any) -> str:
    """Check the answers of two readers whose intervals overlap and whose difference the sign test sees.

    Args:
        two_readers: two rows of twelve zeros and ones.
    """
    if shape_of(two_readers) == (12, 2):
        raise Wrong(
            "two_readers has the shape (12, 2).", "Each reader has a row.", "Write two lists of twelve numbers."
        )
    answers = array("two_readers", two_readers, (2, 12))
    if not np.isin(answers, [0, 1]).all():
        raise Wrong("two_readers holds other numbers than 0 and 1.", "An answer is right or wrong.", "Write 1 or 0.")
    ahead, behind = int((answers[0] > answers[1]).sum()), int((answers[0] < answers[1]).sum())
    most, least = max(ahead, behind), min(ahead, behind)
    lower, higher = sorted(int(row.sum()) for row in answers)
    seen = f"One reader is ahead on {most} questions and behind on {least}."
    p = 2 * sum(comb(most + least, k) for k in range(least + 1)) / 2 ** (most + least)
    if p >= 0.05 and least:
        raise Wrong(seen, f"The sign test gives p = {min(p, 1):.2f}; losses are dear.", "Take the losses away.")
    if p >= 0.05:
        raise Wrong(seen, f"The sign test gives p = {min(p, 1):.2f}.", "Let one reader be ahead on more questions.")
    if wilson(higher, 12)[0] > wilson(lower, 12)[1]:
        raise Wrong(
            f"The readers get {higher} and {lower} of 12.",
            "Their intervals do not overlap.",
            "Keep the difference as small as the sign test allows, and go nearer to the middle.",
        )
    return f"The readers get {higher} and {lower} of 12: the intervals overlap, and p = {p:.3f}."


def _one_number(value: Any, pair: tuple[str, str]) -> float:
    """Return what was given for a pair as a number.

    Raises:
        Wrong: it is none.
    """
    return float(array(f"run_needed{pair!r}", value, ()))


def _layer(U: np.ndarray, V: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return a recurrent layer with tanh: it takes a sequence and gives the state after each step."""

    def read(x: np.ndarray) -> np.ndarray:
        states = [np.zeros(len(V))]
        for drive in np.asarray(x) @ U.T:
            states.append(np.tanh(drive + states[-1] @ V.T))
        return np.array(states[1:])

    return read
