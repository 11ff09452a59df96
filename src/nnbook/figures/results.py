"""What trained nets get right and wrong: guess by guess, and run by run."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from nnbook.checks import numbers, whole_numbers
from nnbook.figures.style import BLUE, GREEN, GREY, INK, ORANGE, RED, WIDTH


def show_confusion(counts: np.ndarray, names: Sequence[str]) -> Figure:
    """Show a confusion matrix: a row for each true class, a column for each guess, shaded by the share of the row.

    Args:
        counts: (classes, classes), how often each class was taken for each.
        names: of the classes.

    Raises:
        ValueError: counts that are not square, or are no whole numbers from 0 on, or another number of names.
    """
    if np.ndim(counts) != 2 or np.shape(counts) != (len(names), len(names)):
        raise ValueError(
            f"counts must have shape {(len(names), len(names))} for {len(names)} names, not {np.shape(counts)}."
        )
    counts = whole_numbers(counts, "counts", at_least=0)
    shares = counts / np.maximum(np.sum(counts, axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(WIDTH, 0.9 * WIDTH))
    axes.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if shares[row, column] > 0.3 else INK
            axes.text(column, row, f"{count}", ha="center", va="center", fontsize=10.5, color=colour)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="the net's guess", ylabel="true class")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return figure


def plot_strips(strips: Mapping[str, Mapping[str, Sequence[float]]], xlabel: str) -> Figure:
    """Plot every single number as a dot, in a row for each name, and a colour for each group.

    Args:
        strips: of each group (at most four), its rows; of each row its numbers. All groups have the same rows.
        xlabel: what the numbers are.

    Raises:
        ValueError: no group, more than four, groups with other rows, or NaN or infinite numbers.
    """
    rows = list(next(iter(strips.values()), {}))
    if not rows or len(strips) > 4 or any(list(group) != rows for group in strips.values()):
        raise ValueError("strips must have one to four groups, all with the same rows.")
    for name, group in strips.items():
        for row in rows:
            numbers(group[row], f"row {row!r} of {name!r}")
    figure, axes = plt.subplots(figsize=(WIDTH, 0.8 + 0.42 * len(rows)))
    looks = zip((BLUE, ORANGE, GREEN, RED), "os^D", strips.items(), strict=False)
    for index, (colour, mark, (name, group)) in enumerate(looks):
        offset = 0.22 * (index - (len(strips) - 1) / 2)
        for place, row in enumerate(rows):
            heights = np.full(len(group[row]), place + offset)
            label = name if place == 0 else None
            axes.plot(group[row], heights, mark, color=colour, markersize=6, alpha=0.75, label=label)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(axis="y", color=GREY, alpha=0.25)
    axes.set_xlabel(xlabel)
    if len(strips) > 1:
        figure.legend(loc="outside upper right", ncols=len(strips))
    return figure
