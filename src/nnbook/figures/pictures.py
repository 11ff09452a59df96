"""Pictures and small grids of numbers, side by side."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure, FigureBase
from matplotlib.patches import Rectangle

from nnbook.checks import numbers, whole_number
from nnbook.figures.style import RED, WIDTH


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
        ValueError: no grid, or one that has not two axes, is empty, or has NaN or infinite values; a frame for a title
            that no grid has.
    """
    if not grids:
        raise ValueError("grids is empty; pass at least one title with an array (rows, columns).")
    for title, grid in grids.items():
        if np.ndim(grid) != 2:
            raise ValueError(f"{title!r} must have shape (rows, columns), but has shape {np.shape(grid)}.")
        if np.size(grid) == 0:
            raise ValueError(f"{title!r} is empty (shape {np.shape(grid)}); pass at least one row and column.")
        numbers(grid, repr(title))
    if unknown := set(highlight or {}) - set(grids):
        raise ValueError(f"highlight has {min(unknown)!r}, but the titles are {', '.join(map(repr, grids))}.")
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
        if highlight and title in highlight:
            row, column, rows, cols = highlight[title]
            axes.add_patch(Rectangle((column - 0.5, row - 0.5), cols, rows, fill=False, edgecolor=RED, lw=3))
        axes.set_title(title)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    return figure


def show_pictures(images: np.ndarray, titles: Sequence[str], columns: int = 5) -> Figure:
    """Show pictures in rows, each with a title of at most two lines.

    Args:
        images: (n, height, width, 3), bytes or 0 to 1; for grey values of any size also without the 3, or with a 1.
        titles: n texts.
        columns: pictures in a row.

    Raises:
        ValueError: not one title per picture, no picture, a wrong shape or values, or no column.
    """
    if len(images) == 0 or len(images) != len(titles):
        raise ValueError(f"there must be one title per picture, but got {len(images)} pictures, {len(titles)} titles.")
    if np.ndim(images) not in (3, 4):
        raise ValueError(
            f"images must have shape (n, height, width, 3) or (n, height, width), but have shape {np.shape(images)}."
        )
    images = numbers(images, "images")
    most = 1 if images.dtype.kind == "f" else 255
    if images.shape[-1] == 3 and images.ndim == 4 and (images.min() < 0 or images.max() > most):
        raise ValueError(
            f"colours of {images.dtype} must lie between 0 and {most}, but go from {images.min()} to {images.max()}."
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
        ValueError: no tile, a wrong shape, NaN or infinite values, or no column.
    """
    rows = _rows_of(tiles, columns)
    figure = plt.figure(figsize=(WIDTH, rows * WIDTH / columns))
    _lay_tiles(figure, tiles, rows, columns, black)
    return figure


def compare_tiles(groups: Mapping[str, np.ndarray], columns: int = 4, black: float | None = None) -> Figure:
    """Show groups of small pictures side by side, each under its title; tiles in the same place belong together.

    Args:
        groups: for each title, tiles as in `show_tiles`, equally many.
        columns: tiles in a row of one group.
        black: as in `show_tiles`.

    Raises:
        ValueError: no group, groups of different numbers of tiles, or what `show_tiles` says.
    """
    rows = {title: _rows_of(tiles, columns) for title, tiles in groups.items()}
    if len({len(tiles) for tiles in groups.values()}) != 1:
        counts = ", ".join(f"{len(tiles)} in {title!r}" for title, tiles in groups.items())
        raise ValueError(f"groups must have at least one group, all with as many tiles, but have {counts or 'none'}.")
    side = WIDTH / (len(groups) * columns)
    figure = plt.figure(figsize=(WIDTH, max(rows.values()) * side + 0.4))
    parts = figure.subfigures(1, len(groups), squeeze=False, wspace=0.04)[0]
    for part, (title, tiles) in zip(parts, groups.items(), strict=True):
        part.suptitle(title)
        _lay_tiles(part, tiles, rows[title], columns, black)
    return figure


def _rows_of(tiles: np.ndarray, columns: int) -> int:
    if len(tiles) == 0 or np.ndim(tiles) not in (3, 4):
        raise ValueError(f"tiles must have shape (n, height, width) or (n, height, width, 3), not {np.shape(tiles)}.")
    return -(-len(tiles) // whole_number(columns, "columns", at_least=1))


def _lay_tiles(figure: FigureBase, tiles: np.ndarray, rows: int, columns: int, black: float | None) -> None:
    every_axes = figure.subplots(rows, columns, squeeze=False)
    for axes in every_axes.flat:
        axes.axis("off")
    for axes, tile in zip(every_axes.flat, numbers(tiles, "tiles").astype(float), strict=False):
        low = tile.min() if black is None else black
        span = tile.max() - low
        axes.imshow(np.clip((tile - low) / (span if span > 0 else 1), 0, 1), cmap="gray", vmin=0, vmax=1)
