"""Words as points in a plane."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from nnbook.checks import numbers
from nnbook.figures.style import BLUE, GREEN, GREY, INK, PAPER, RED, WIDTH


def plot_word_paths(paths: Mapping[str, np.ndarray], kinds: Mapping[str, str]) -> Figure:
    """Plot the way of each word through a plane, with a mark and its name where it ends.

    Args:
        paths: of each word its places, (steps, 2).
        kinds: of each word what it belongs to, one of at most four kinds; a kind has its colour and its mark.

    Raises:
        ValueError: no word, a path that is empty or not (steps, 2), NaN or infinite values, a word without a kind, or
            more than four kinds.
    """
    names = list(dict.fromkeys(kinds.values()))
    if not paths or len(names) > 4 or set(paths) - set(kinds):
        raise ValueError("each word needs a path and one of at most four kinds.")
    if wrong := [word for word, path in paths.items() if np.ndim(path) != 2 or np.shape(path)[1] != 2 or not len(path)]:
        raise ValueError(f"{wrong[0]!r} must have a path of shape (steps, 2), but has {np.shape(paths[wrong[0]])}.")
    for word, path in paths.items():
        numbers(path, f"the path of {word!r}")
    looks = dict(zip(names, ((GREEN, "o"), (RED, "s"), (BLUE, "^"), (GREY, "D")), strict=False))
    figure, axes = plt.subplots(figsize=(WIDTH, 4.6))
    for word, path in paths.items():
        colour, mark = looks[kinds[word]]
        axes.plot(*np.transpose(path), color=colour, linewidth=1.2, alpha=0.7)
        axes.plot(*path[-1], mark, color=colour)
    for name in names:
        axes.plot([], [], looks[name][1], color=looks[name][0], label=name)
    axes.plot(0, 0, "+", color=INK, markersize=12)
    axes.margins(0.16)
    ends = {word: np.asarray(path[-1]) for word, path in paths.items()}
    span = np.ptp(list(ends.values()), axis=0).max() or 1.0
    for group in _neighbours(ends, 0.09 * span):
        middle = np.mean([ends[word] for word in group], axis=0)
        above = middle[1] >= 0
        axes.annotate(
            ", ".join(group),
            middle,
            xytext=(0, 9 if above else -9),
            textcoords="offset points",
            ha="center",
            va="bottom" if above else "top",
            fontsize=10.5,
            bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )
    axes.set(xlabel="first number of the word", ylabel="second number of the word")
    axes.legend(loc="lower left", frameon=True, facecolor=PAPER, framealpha=1)
    return figure


def _neighbours(places: Mapping[str, np.ndarray], distance: float) -> list[list[str]]:
    """Put words that end near each other into one group, so that their names do not overlap."""
    groups: list[list[str]] = []
    for word, place in places.items():
        near = [group for group in groups if any(np.linalg.norm(places[one] - place) < distance for one in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(one for group in near for one in group), word])
    return groups
