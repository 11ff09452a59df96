"""Checks of the exercises on the page *Classify ten documents with an embedding*."""

from collections.abc import Callable
from itertools import count
from math import comb, perm
from typing import Any

import numpy as np

from nnbook.exercises.verdicts import Mistake, Wrong, array, call, check, equal, shape_of


@check
def encoded_row(new_row: Any) -> None:
    """Check the row of numbers of "Good luck, nice effort!".

    Args:
        new_row: six numbers.
    """
    fill = "Two zeros at the end are missing or stand elsewhere."
    equal(
        "new_row",
        new_row,
        [4, 1, 8, 7, 0, 0],
        [
            Mistake([4, 0, 8, 7, 0, 0], "0 is the padding, and luck is a word.", "Look up which number means unknown."),
            Mistake([0, 0, 4, 1, 8, 7], "The zeros stand in front.", "The exercise asks for padding at the end."),
            Mistake([4, 8, 7, 0, 0, 0], "The unknown word was left out.", "The vocabulary has a number for it."),
            Mistake(
                [4, 16, 8, 7, 0, 0],
                "A trained table has no row for a word that comes later.",
                "The vocabulary has one number for all unknown words.",
            ),
            Mistake([46, 1, 35, 10, 0, 0], "These are the integers of the notes.", "Use those of the vocabulary."),
            Mistake([4, 1, 8, 7], fill, "Fill the row up to six numbers."),
        ],
        next_step="Go word by word: number in the list, or unknown; then fill up.",
    )


@check
def parameters(all_and_learning: Any) -> None:
    """Check how many parameters a larger net has, and how many of them ever learn.

    Args:
        all_and_learning: two numbers.
    """
    equal(
        "all_and_learning",
        all_and_learning,
        [641_281, 193_345],
        [
            Mistake([641_281] * 2, "A row that no document looks up gets no gradient.", "Count the rows that do."),
            Mistake([641_281, 193_281], "A row is missing: padding is looked up, too.", "Count row 0."),
            Mistake([641_281, 192_064], "The second number is that of the table alone.", "The node learns, too."),
            Mistake([641_280, 193_344], "Both are one too small.", "The node has a bias."),
            Mistake(
                [640_065, 192_129], "Here the node has 64 weights.", "Flatten gives it the vectors of all 20 places."
            ),
            Mistake([193_345, 641_281], "The two numbers are exchanged.", "Write the number of all parameters first."),
        ],
        tolerance=1e-7,
        next_step="Write the table and the node one below the other, for each of the two numbers.",
    )


@check
def numbers_needed(function: Callable) -> str:
    """Check a function that gives the smallest count of numbers for a risk of collision.

    Args:
        function: takes a count of words and a risk; gives a count of numbers.
    """
    for n, risk in ((14, 0.05), (6, 0.3)):
        _needed(function, n, risk)
    return "It is the birthday problem, read backwards."


@check
def table_gradient(function: Callable) -> str:
    """Check a function that adds up the slopes of look-ups to the gradient of a table.

    Args:
        function: takes numbers (documents, places), slopes (documents, places, d) and n_rows; gives (n_rows, d).
    """
    rng = np.random.default_rng(0)
    numbers, slopes = np.array([[4, 2, 0], [2, 2, 0], [5, 4, 1], [1, 0, 0]]), rng.normal(size=(4, 3, 2))
    what = "table_gradient(numbers, slopes, 7)"
    seen = call(function, numbers, slopes, 7, named="table_gradient", shown=what)
    if shape_of(seen) in (slopes.shape, (12, 2)):
        raise Wrong(
            f"{what} has the shape {shape_of(seen)}.",
            "That is a row for each look-up.",
            "Give each row of the table the sum of its look-ups.",
        )
    picks = np.eye(7)[numbers]  # a one-hot row for each look-up
    right, times = np.einsum("npr,npd->rd", picks, slopes), np.maximum(picks.sum((0, 1)), 1)[:, np.newaxis]
    last, first = np.zeros((7, 2)), np.zeros((7, 2))
    for rows, order in ((last, 1), (first, -1)):
        for number, slope in list(zip(numbers.ravel(), slopes.reshape(-1, 2), strict=True))[::order]:
            rows[number] = slope
    once = np.zeros((7, 2))  # what g[numbers[i]] += slopes[i] gives: of places with one number the last
    for document, slope in zip(numbers, slopes, strict=True):
        for number in set(document.tolist()):
            once[number] += slope[np.flatnonzero(document == number)[-1]]
    without_padding = right.copy()
    without_padding[0] = 0
    equal(
        what,
        array(what, seen, (7, 2)),
        right,
        [
            Mistake(last, "Of several slopes for one row only the last is left.", "They should be added."),
            Mistake(first, "Of several slopes for one row only the first is left.", "Add the later ones to it."),
            Mistake(
                once,
                "A word that stands twice in one document counts once.",
                "With an array of numbers as index, += keeps one of several additions.",
            ),
            Mistake(
                right / times,
                "A row that was read often gets the mean of its slopes.",
                "Each look-up is a way to the loss, and ways are summed.",
            ),
            Mistake(right / 4, "The sum was divided by the number of documents.", "The slopes are given: only add."),
            Mistake(without_padding, "Row 0 gets nothing.", "Without a mask padding is looked up like a word."),
            Mistake(np.abs(right), "All signs are lost.", "Add the slopes as they are."),
        ],
        next_step="Try it on paper with two documents of two places, such as [[1, 2], [2, 2]].",
    )
    return "That is what TensorFlow does with the sparse gradient."


@check
def drop_words(function: Callable) -> str:
    """Check a function that replaces words by the unknown, at random.

    Args:
        function: takes rows of numbers, a share and a generator; gives new rows.
    """
    rng = np.random.default_rng(1)
    rows = np.where(np.arange(10) < rng.integers(1, 11, size=(600, 1)), rng.integers(2, 60, size=(600, 10)), 0)
    words, what = rows != 0, "drop_words(rows, 0.3, rng)"
    handed = rows.copy()

    def dropped(share: float, seed: int) -> np.ndarray:
        given = call(function, handed, share, np.random.default_rng(seed), shown=what, named="drop_words", copied=False)
        if not np.array_equal(handed, rows):
            raise Wrong(f"{what} changes rows itself.", "After some epochs every word would be 1.", "Return new rows.")
        return array(what, given, rows.shape)

    one, two, again, more = dropped(0.3, 2), dropped(0.3, 3), dropped(0.3, 2), dropped(0.6, 4)
    changed = one != rows
    if all(now[words].all() or not now.any() for now in (changed, two != rows, more != rows)):
        raise Wrong(
            f"{what} drops all words or none.",
            "Each place has a draw of its own.",
            "Draw rows.shape numbers, and put brackets round each condition.",
        )
    if (changed & ~words).any():
        raise Wrong(f"{what} changed the padding.", "No word stands there.", "The padding should stay.")
    if (one[changed] == 0).all():
        raise Wrong(f"{what} puts 0 in the place of words.", "0 is the padding.", "Put the number for unknown there.")
    if (one[changed] != 1).any():
        raise Wrong(f"{what} puts other numbers than 1 in some places.", "1 is the unknown.", "Keep all other words.")
    if np.array_equal(one, two):
        raise Wrong(
            f"{what} drops the same words for two generators.",
            "Each epoch should drop others.",
            "Draw with the rng that is given, and make none of your own.",
        )
    if not np.array_equal(one, again):
        raise Wrong(
            f"{what} drops other words for the same generator.",
            "So not all draws come from it.",
            "Draw with the rng that is given.",
        )
    share = changed[words].mean()
    _not_together(what, rows, changed)
    if abs(share - 0.7) < 0.05:
        raise Wrong(f"{what} drops {share:.0%} of the words.", "It keeps 30 % of them.", "Turn the comparison round.")
    if abs(share - 0.3) > 0.05:
        raise Wrong(
            f"{what} drops {share:.0%} of the words.", "It should be about 30 %.", "Compare rng.random with it."
        )
    if abs((more != rows)[words].mean() - 0.6) > 0.05:
        raise Wrong(
            f"With a share of 0.6 it drops {(more != rows)[words].mean():.0%} of the words.",
            "The share is not always 0.3.",
            "Use the parameter share.",
        )
    return "Now row 1 is looked up in training."


def _not_together(what: str, rows: np.ndarray, changed: np.ndarray) -> None:
    """Raise if words are dropped together: by document, by place, or by word."""
    groups = {
        "whole documents": np.broadcast_to(np.arange(len(rows))[:, np.newaxis], rows.shape),
        "whole places": np.broadcast_to(np.arange(rows.shape[1]), rows.shape),
        "every occurrence of some words": rows,
    }
    for name, group in groups.items():
        inside = [changed[(group == one) & (rows != 0)] for one in np.unique(group[rows != 0])]
        if all(one.all() or not one.any() for one in inside):
            raise Wrong(f"{what} drops {name}.", "Each place has a draw of its own.", "Draw rows.shape numbers.")


def _needed(function: Callable, n: int, risk: float) -> None:
    """Raise if a function does not give the smallest count of numbers for n words and a risk."""

    def first(enough: Callable[[int], bool], start: int = n) -> int:
        return next(m for m in count(start) if enough(m))

    shown = f"numbers_needed({n}, {risk})"
    right = first(lambda m: m**n - perm(m, n) <= risk * m**n)
    equal(
        shown,
        call(function, n, risk, named="numbers_needed"),
        right,
        [
            Mistake(right - 1, "With so many numbers the risk is still too large.", "Stop one count later."),
            Mistake(right + 1, "One number fewer is enough.", "Which count is the first that keeps to the risk?"),
            Mistake(
                first(lambda m: perm(m, n) >= risk * m**n),
                "Here risk is the probability that all words stay apart.",
                "The risk of a collision is 1 minus that.",
            ),
            Mistake(
                int(np.ceil(comb(n, 2) / risk)),
                "The pairs divided by the risk: that is more than is needed, since it counts two collisions twice.",
                "Use the product of the page; it is exact.",
            ),
            Mistake(
                first(lambda m: 1 - (1 - 1 / m) ** (n - 1) <= risk, 2),
                "That is the risk that some word meets one given word.",
                "Any two words may meet: multiply over all words.",
            ),
            Mistake(n, "That is where the search begins.", "Does your loop go on while the risk is too large?"),
        ],
        tolerance=1e-6,
    )
