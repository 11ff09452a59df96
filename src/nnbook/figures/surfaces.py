"""A loss of two parameters seen from above, like the height lines of a map, and the paths that training takes on it."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from nnbook.checks import numbers
from nnbook.figures.style import BLUE, GREY, INK, ORANGE

LEVELS = (0.1, 0.3, 1, 3, 10, 30, 100)
POINTS = 81


def plot_paths(
    loss: Callable[[float, float], float],
    paths: Mapping[str, ArrayLike],
    lowest: tuple[float, float],
    w: tuple[float, float] = (-1, 3),
    b: tuple[float, float] = (-1, 3),
) -> Figure:
    """Plot paths on the loss, a panel for each, with lines of equal loss and a cross where it is lowest.

    Args:
        loss: the loss at one w and one b.
        paths: for each panel its title and the places of its path, shape (steps + 1, 2), w before b.
        lowest: w and b where the loss is lowest.
        w: the range of w that is shown.
        b: the range of b.

    Raises:
        ValueError: there is no path, or one is no row of finite pairs.
    """
    if not paths:
        raise ValueError("paths is empty; give at least one, as {title: places of shape (steps + 1, 2)}.")
    places = {title: numbers(path, f"the path {title!r}") for title, path in paths.items()}
    for title, path in places.items():
        if path.ndim != 2 or path.shape[1] != 2:
            raise ValueError(f"the path {title!r} must have shape (steps + 1, 2), w before b, not {path.shape}.")
    columns, rows = np.linspace(*w, POINTS), np.linspace(*b, POINTS)
    heights = [[loss(column, row) for column in columns] for row in rows]
    figure, panels = plt.subplots(1, len(places), sharex=True, sharey=True, squeeze=False)
    for axes, (title, path) in zip(panels[0], places.items(), strict=True):
        lines = axes.contour(columns, rows, heights, levels=LEVELS, colors=GREY, linewidths=0.8)
        places_of_labels = [far_from(path, line, w, b) for line in lines.allsegs if line]
        axes.clabel(lines, fmt="%g", fontsize=8, colors=INK, manual=[at for at in places_of_labels if at is not None])
        axes.plot(*path.T, ".-", color=BLUE, linewidth=1, markersize=4)
        axes.plot(*path[0], "o", color=ORANGE, markersize=7)
        axes.plot(*lowest, "x", color=INK, markersize=9, markeredgewidth=2.5)
        axes.set(title=title, xlabel="w", xlim=w, ylim=b)
    panels[0, 0].set_ylabel("b")
    return figure


def far_from(
    path: np.ndarray, line: Sequence[np.ndarray], w: tuple[float, float], b: tuple[float, float]
) -> np.ndarray | None:
    """Return the point of a line of equal loss where a label is farthest from a path, or None if it would be cut off.

    >>> far_from(np.array([[0.0, 0.0]]), [np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 2.0]])], (-1, 2), (-1, 2))
    array([1., 0.])
    """
    low, high = np.transpose([w, b])
    points = np.concatenate(line)
    points = points[(np.abs(2 * points - low - high) < 0.8 * (high - low)).all(axis=1)]
    distances = np.linalg.norm(points[:, np.newaxis] - path, axis=-1).min(axis=1)
    return points[distances.argmax()] if len(points) else None
