"""The look of the book's figures, and the drawings that support a page."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from nnbook.checks import whole_number

WIDTH = 6.6  # inches; every figure is as wide as the text, and letters are large enough for a phone
# Okabe and Ito's colours, told apart by colour-blind readers too (jfly.uni-koeln.de/color).
BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#6B7280"
PAPER, INK = "#FBFBF8", "#1F2328"


def use_style() -> None:
    """Give figures the book's look: crisp on dense screens, readable on white and on dark pages."""
    plt.rcParams.update(
        {
            "figure.figsize": (WIDTH, 3.2),
            "figure.dpi": 108,
            "figure.facecolor": PAPER,
            "savefig.facecolor": PAPER,
            "figure.constrained_layout.use": True,
            "axes.facecolor": PAPER,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, RED]),
            "axes.titlesize": 12,
            "axes.titlecolor": INK,
            "font.size": 11.5,
            "legend.frameon": False,
            "lines.linewidth": 2,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
        }
    )
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # outside Jupyter
        return
    set_matplotlib_formats("retina")


def _bare(height: float, width_units: float, height_units: float) -> tuple[Figure, Axes]:
    """Return a figure of full width and axes without frame that measure `width_units` × `height_units`."""
    figure, axes = plt.subplots(figsize=(WIDTH, height))
    axes.set(xlim=(0, width_units), ylim=(0, height_units), aspect="equal")
    axes.axis("off")
    return figure, axes


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], **options: object) -> None:
    style = {"arrowstyle": "-|>", "color": INK, "lw": 1.6, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13}
    axes.annotate("", xy=end, xytext=start, arrowprops=style | options)


def draw_unfolded_rnn() -> Figure:
    """Draw a recurrent net twice: with its loop, and unfolded over three time steps."""
    figure, axes = _bare(3.4, 15.6, 7.2)

    def node(x: float, y: float, name: str, colour: str) -> None:
        axes.add_patch(Circle((x, y), 0.62, facecolor=colour, edgecolor="none"))
        axes.text(x, y, name, ha="center", va="center", color="white", fontsize=13)

    def column(x: float, step: str, input_label: str, output_label: str) -> None:
        node(x, 1.1, f"$x_{{{step}}}$", GREY)
        node(x, 3.5, f"$h_{{{step}}}$", BLUE)
        node(x, 5.9, f"$O_{{{step}}}$", GREEN)
        _arrow(axes, (x, 1.72), (x, 2.88))
        _arrow(axes, (x, 4.12), (x, 5.28))
        axes.text(x + 0.2, 2.3, input_label, va="center", fontsize=13)
        axes.text(x + 0.2, 4.7, output_label, va="center", fontsize=13)

    column(1.8, "t", "$U$", "$W$")
    _arrow(axes, (2.28, 3.88), (2.28, 3.12), connectionstyle="arc3,rad=-2.1")
    axes.text(3.55, 3.5, "$V$", va="center", fontsize=13)
    axes.text(4.75, 3.5, "=", va="center", ha="center", fontsize=22)
    for x, step in ((7.6, "t-1"), (10.6, "t"), (13.6, "t+1")):
        column(x, step, "$U$", "$W$")
        _arrow(axes, (max(x - 2.38, 5.5), 3.5), (x - 0.62, 3.5))
        axes.text(x - 1.4, 3.8, "$V$", ha="center", fontsize=13)
    _arrow(axes, (14.22, 3.5), (15.4, 3.5))
    return figure


def draw_layers(shapes: Sequence[tuple[str, tuple[int, ...]]]) -> Figure:
    """Draw a net from left to right, a block per layer: as tall as its picture, as deep as its channels.

    Args:
        shapes: name and output shape of each layer, (height, width, channels) or (units,).

    Returns:
        The figure.

    Raises:
        ValueError: no layer, or a shape that has neither one axis nor three.
    """
    if not shapes:
        raise ValueError('shapes is empty; pass at least one pair such as ("input", (32, 32, 3)).')
    wrong = [shape for _, shape in shapes if len(shape) not in (1, 3)]
    if wrong:
        raise ValueError(
            f"each shape must be (height, width, channels) or (units,), but got {wrong[0]}; leave the batch axis out."
        )
    colours = {"conv": BLUE, "pool": ORANGE, "dense": GREEN}
    widths = [0.35 if len(shape) == 1 else 0.4 + 0.018 * shape[2] for _, shape in shapes]
    slots = [
        max(width + 0.72, 1.75 if len(shape) == 3 else 1.45) for width, (_, shape) in zip(widths, shapes, strict=True)
    ]
    total, tall = sum(slots), 4.9
    figure, axes = _bare(WIDTH * tall / total, total, tall)
    middle, left, edge = 2.1, 0.0, 0.0
    for (name, shape), width, slot in zip(shapes, widths, slots, strict=True):
        x = left + (slot - width) / 2
        height = 2.6 * (min(shape[0], 320) / 320 if len(shape) == 1 else shape[0] / 32) + 0.12
        colour = next((colours[kind] for kind in colours if kind in name), GREY)
        block = Rectangle((x, middle - height / 2), width, height, facecolor=colour, edgecolor="none", alpha=0.9)
        axes.add_patch(block)
        label = "×".join(map(str, shape[:2])) + "".join(f"\n×{channels}" for channels in shape[2:])
        axes.text(x + width / 2, middle + 1.62, label, ha="center", fontsize=10)
        axes.text(x + width / 2, middle - 1.72, name, ha="center", va="top", fontsize=10)
        if left > 0:
            _arrow(axes, (edge + 0.1, middle), (x - 0.1, middle), mutation_scale=9, lw=1.2)
        left, edge = left + slot, x + width
    return figure


def show_numbers(
    grids: Mapping[str, np.ndarray],
    highlight: Mapping[str, tuple[int, int, int, int]] | None = None,
    same_scale: bool = False,
) -> Figure:
    """Show small grids of numbers side by side, dark for low and light for high values.

    Args:
        grids: title and array (rows, columns) of each.
        highlight: for a title, the frame (row, column, rows, columns) to draw.
        same_scale: whether a number has the same colour in all grids.

    Raises:
        ValueError: no grid, or one that has not two axes, is empty, or has NaN or infinite values.
    """
    if not grids:
        raise ValueError("grids is empty; pass at least one title with an array (rows, columns).")
    for title, grid in grids.items():
        if np.ndim(grid) != 2:
            raise ValueError(f"{title!r} must have shape (rows, columns), but has shape {np.shape(grid)}.")
        if np.size(grid) == 0:
            raise ValueError(f"{title!r} is empty (shape {np.shape(grid)}); pass at least one row and column.")
        if not np.isfinite(grid).all():
            raise ValueError(f"{title!r} has NaN or infinite values; look for them with np.isfinite(...).")
    columns = [np.shape(grid)[1] for grid in grids.values()]
    figure, every_axes = plt.subplots(
        1, len(grids), figsize=(WIDTH, 2.9), gridspec_kw={"width_ratios": columns}, squeeze=False
    )
    for axes, (title, grid) in zip(every_axes[0], grids.items(), strict=True):
        scale = np.concatenate([np.ravel(one) for one in grids.values()]) if same_scale else grid
        low, high = np.min(scale), np.max(scale)
        axes.imshow(grid, cmap="cividis", vmin=low, vmax=high if high > low else low + 1)
        for (row, column), value in np.ndenumerate(grid):
            light = value > (low + high) / 2
            axes.text(column, row, f"{value:g}", ha="center", va="center", color="black" if light else "white")
        for name, (row, column, rows, cols) in (highlight or {}).items():
            if name == title:
                frame = Rectangle((column - 0.5, row - 0.5), cols, rows, fill=False, edgecolor=RED, lw=3)
                axes.add_patch(frame)
        axes.set_title(title)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    return figure


def show_pictures(images: np.ndarray, titles: Sequence[str], columns: int = 5) -> Figure:
    """Show pictures in rows, each with a title of at most two lines.

    Args:
        images: (n, height, width, 3) uint8, or (n, height, width) for grey values.
        titles: n texts.
        columns: pictures in a row.

    Raises:
        ValueError: not one title per picture, no picture, a wrong shape, or no column.
    """
    if len(images) == 0 or len(images) != len(titles):
        raise ValueError(f"there must be one title per picture, but got {len(images)} pictures, {len(titles)} titles.")
    if np.ndim(images) not in (3, 4):
        raise ValueError(
            f"images must have shape (n, height, width, 3) or (n, height, width), but have shape {np.shape(images)}."
        )
    rows = -(-len(images) // whole_number(columns, "columns", at_least=1))
    figure, every_axes = plt.subplots(rows, columns, figsize=(WIDTH, rows * (WIDTH / columns + 0.42)), squeeze=False)
    for axes in every_axes.flat:
        axes.axis("off")
    for axes, image, title in zip(every_axes.flat, images, titles, strict=False):
        axes.imshow(image, cmap="gray")
        axes.set_title(title, fontsize=10.5)
    return figure


def show_tiles(tiles: np.ndarray, columns: int = 8, black: float | None = None) -> Figure:
    """Show many small pictures close together, each scaled up to its own greatest value.

    Args:
        tiles: (n, height, width) or (n, height, width, 3).
        columns: tiles in a row.
        black: the value shown in black; each tile's least value if not given.

    Raises:
        ValueError: no tile, a wrong shape, or no column.
    """
    if len(tiles) == 0 or np.ndim(tiles) not in (3, 4):
        raise ValueError(f"tiles must have shape (n, height, width) or (n, height, width, 3), not {np.shape(tiles)}.")
    rows = -(-len(tiles) // whole_number(columns, "columns", at_least=1))
    figure, every_axes = plt.subplots(rows, columns, figsize=(WIDTH, rows * WIDTH / columns), squeeze=False)
    for axes in every_axes.flat:
        axes.axis("off")
    for axes, tile in zip(every_axes.flat, np.asarray(tiles, float), strict=False):
        low = tile.min() if black is None else black
        axes.imshow(np.clip((tile - low) / (tile.max() - low or 1), 0, 1), cmap="gray", vmin=0, vmax=1)
    return figure


def show_confusion(counts: np.ndarray, names: Sequence[str]) -> Figure:
    """Show a confusion matrix: a row for each true class, a column for each guess, shaded by the share of the row.

    Args:
        counts: (classes, classes), how often each class was taken for each.
        names: of the classes.

    Raises:
        ValueError: counts that are not square, or another number of names.
    """
    if np.ndim(counts) != 2 or np.shape(counts) != (len(names), len(names)):
        raise ValueError(
            f"counts must have shape {(len(names), len(names))} for {len(names)} names, not {np.shape(counts)}."
        )
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
        ValueError: no group, more than four, or groups with other rows.
    """
    rows = list(next(iter(strips.values()), {}))
    if not rows or len(strips) > 4 or any(list(group) != rows for group in strips.values()):
        raise ValueError("strips must have one to four groups, all with the same rows.")
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


def plot_ladder(rungs: Mapping[str, Mapping[str, float]], title: str) -> Figure:
    """Plot accuracy with its standard error, and time relative to the first rung, a row for each rung.

    Args:
        rungs: of each rung its validation_accuracy, standard_error and seconds.
        title: the picture set.

    Raises:
        ValueError: no rung.
    """
    if not rungs:
        raise ValueError("rungs is empty; give at least one, with validation_accuracy, standard_error and seconds.")
    accuracies, errors, seconds = (
        np.array([rung[key] for rung in rungs.values()]) for key in ("validation_accuracy", "standard_error", "seconds")
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


def plot_word_paths(paths: Mapping[str, np.ndarray], kinds: Mapping[str, str]) -> Figure:
    """Plot the way of each word through a plane, with a mark and its name where it ends.

    Args:
        paths: of each word its places, (steps, 2).
        kinds: of each word what it belongs to, one of at most four kinds; a kind has its colour and its mark.

    Raises:
        ValueError: no word, a path that is not (steps, 2), a word without a kind, or more than four kinds.
    """
    names = list(dict.fromkeys(kinds.values()))
    if not paths or len(names) > 4 or set(paths) - set(kinds):
        raise ValueError("each word needs a path and one of at most four kinds.")
    if wrong := [word for word, path in paths.items() if np.ndim(path) != 2 or np.shape(path)[1] != 2]:
        raise ValueError(f"{wrong[0]!r} must have a path of shape (steps, 2), but has {np.shape(paths[wrong[0]])}.")
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
