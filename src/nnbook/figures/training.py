"""How training went: epoch by epoch, and recipe by recipe."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from nnbook.checks import numbers
from nnbook.figures.style import BLUE, GREY, ORANGE, WIDTH


def plot_history(history: Mapping[str, Sequence[float]], title: str) -> Figure:
    """Plot accuracy and loss against epochs, training and validation, side by side.

    Args:
        history: Keras' history with accuracy, loss, val_accuracy and val_loss, a number an epoch.
        title: what was trained on what.

    Raises:
        ValueError: one of the four curves is missing.
    """
    missing = [name for name in ("accuracy", "loss", "val_accuracy", "val_loss") if name not in history]
    if missing:
        raise ValueError(f"history lacks {', '.join(missing)}; train with validation data and metrics=['accuracy'].")
    figure, (left, right) = plt.subplots(1, 2)
    epochs = range(1, len(history["loss"]) + 1)
    for axes, name in ((left, "accuracy"), (right, "loss")):
        axes.plot(epochs, history[name], "o-", markersize=4, label="training")
        axes.plot(epochs, history[f"val_{name}"], "s--", markersize=4, label="validation")
        axes.set(xlabel="epoch", ylabel=name, xticks=[1, *range(2, len(epochs) + 1, 2)])
    left.set_ylim(0, 1)
    right.set_ylim(bottom=0)
    left.legend(loc="lower right")
    figure.suptitle(title, fontsize=12)
    return figure


def plot_ladder(rungs: Mapping[str, Mapping[str, float]], title: str) -> Figure:
    """Plot accuracy with its standard error, and time relative to the first rung, a row for each rung.

    Args:
        rungs: of each rung its validation_accuracy, standard_error and seconds.
        title: the picture set.

    Raises:
        ValueError: no rung, NaN or infinite numbers, or a first rung that took no time.
    """
    if not rungs:
        raise ValueError("rungs is empty; give at least one, with validation_accuracy, standard_error and seconds.")
    accuracies, errors, seconds = (
        numbers([rung[key] for rung in rungs.values()], key)
        for key in ("validation_accuracy", "standard_error", "seconds")
    )
    if seconds[0] <= 0:
        raise ValueError(
            f"the first rung must have seconds above 0, for the others to be compared with, not {seconds[0]}."
        )
    places = np.arange(len(rungs))
    figure, (left, right) = plt.subplots(
        1, 2, sharey=True, figsize=(WIDTH, 0.9 + 0.33 * len(rungs)), width_ratios=(3, 2)
    )
    left.errorbar(accuracies, places, xerr=errors, fmt="o", color=BLUE, markersize=5, capsize=3)
    left.set(xlabel="validation accuracy", yticks=places, yticklabels=list(rungs))
    left.set_ylim(len(rungs) - 0.5, -0.5)
    right.barh(places, seconds / seconds[0], color=ORANGE, height=0.6)
    right.set_xlabel("time, first rung = 1")
    for axes in (left, right):
        axes.grid(color=GREY, alpha=0.25)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", length=0)
    figure.suptitle(title, fontsize=12)
    return figure
