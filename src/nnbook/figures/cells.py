"""Drawings of one step of an LSTM and of a GRU, with the letters of the equations."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from nnbook.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PAPER, RED, WIDTH

Point = tuple[float, float]
STATE, SIGN, BOX = 0.62, 0.38, (1.5, 1.1)  # radius of a state and of an operation; width and height of a block
SMALL = (1.05, 0.78)  # of a tanh without weights


def draw_lstm_cell() -> Figure:
    """Draw one step of an LSTM: two states from left to right, three gates and a candidate between them.

    A box with a letter has weights; a circle works entry by entry.
    """
    figure, axes = _bare(15.6, 7.9)
    belt, entry = 6.9, 1.9
    for name, x in (("f", 4.2), ("i", 6.4), ("g", 8.6), ("o", 11.0)):
        _wire(axes, (x, entry), (x, 2.65))
        _block(axes, (x, 3.2), f"${name}_t$", "tanh" if name == "g" else r"$\sigma$", GREEN if name == "g" else RED)
    _wire(axes, (1.62, entry), (11.0, entry), head=False)
    _wire(axes, (2.9, 1.12), (2.9, entry), head=False)
    _dots(axes, [(2.9, entry), (4.2, entry), (6.4, entry), (8.6, entry)])
    _wire(axes, (1.62, belt), (3.82, belt), colour=ORANGE, width=3)
    _wire(axes, (4.58, belt), (7.12, belt), colour=ORANGE, width=3)
    _wire(axes, (7.88, belt), (13.98, belt), colour=ORANGE, width=3)
    _wire(axes, (4.2, 3.75), (4.2, belt - SIGN))
    _wire(axes, (6.4, 3.75), (6.4, 5.0), (7.12, 5.0))
    _wire(axes, (8.6, 3.75), (8.6, 5.0), (7.88, 5.0))
    _wire(axes, (7.5, 5.38), (7.5, belt - SIGN))
    _wire(axes, (12.8, belt), (12.8, 5.49))
    _wire(axes, (12.8, 4.71), (12.8, 3.58))
    _wire(axes, (11.75, 3.2), (12.42, 3.2))
    _wire(axes, (12.8, 2.82), (12.8, entry), (13.98, entry))
    _dots(axes, [(12.8, belt)])
    _block(axes, (12.8, 5.1), "tanh", "", GREY, SMALL)
    for x, y, sign in ((4.2, belt, r"$\odot$"), (7.5, belt, "$+$"), (7.5, 5.0, r"$\odot$"), (12.8, 3.2, r"$\odot$")):
        _sign(axes, (x, y), sign)
    _state(axes, (1.0, belt), "$c_{t-1}$", ORANGE)
    _state(axes, (14.6, belt), "$c_t$", ORANGE)
    _state(axes, (1.0, entry), "$h_{t-1}$", BLUE)
    _state(axes, (14.6, entry), "$h_t$", BLUE)
    _state(axes, (2.9, 0.7), "$x_t$", GREY)
    for x, y, word in ((4.45, 5.3, "keep"), (7.75, 5.75, "write"), (11.0, 4.15, "show")):
        axes.text(x, y, word, ha="center" if word == "show" else "left", va="center", fontsize=10)
    return figure


def draw_gru_cell() -> Figure:
    """Draw one step of a GRU, as Keras and PyTorch compute it: one state, two gates and a candidate.

    A box with a letter has weights; a circle works entry by entry.
    """
    figure, axes = _bare(15.6, 8.6)
    belt, from_h, from_x = 7.6, 2.4, 0.9
    for name, x in (("z", 4.6), ("r", 7.0)):
        _wire(axes, (x - 0.35, from_h), (x - 0.35, 3.05))
        _wire(axes, (x + 0.35, from_x), (x + 0.35, 3.05))
        _block(axes, (x, 3.6), f"${name}_t$", r"$\sigma$", RED)
    _wire(axes, (2.6, belt), (2.6, from_h), (9.4, from_h), (9.4, 3.05))
    _wire(axes, (1.62, from_x), (11.8, from_x), (11.8, 4.45))
    _dots(axes, [(2.6, belt), (4.25, from_h), (6.65, from_h), (4.95, from_x), (7.35, from_x), (4.6, 6.2)])
    _block(axes, (9.4, 3.6), "$V_g$", "", GREY, (1.1, 1.1))
    _block(axes, (11.8, 5.0), "$g_t$", "tanh", GREEN)
    _wire(axes, (1.62, belt), (4.22, belt), colour=BLUE, width=3)
    _wire(axes, (4.98, belt), (11.42, belt), colour=BLUE, width=3)
    _wire(axes, (12.18, belt), (13.98, belt), colour=BLUE, width=3)
    _wire(axes, (4.6, 4.15), (4.6, belt - SIGN))
    _wire(axes, (4.6, 6.2), (11.42, 6.2))
    _wire(axes, (7.0, 4.15), (7.0, 5.0), (9.02, 5.0))
    _wire(axes, (9.4, 4.15), (9.4, 4.62))
    _wire(axes, (9.78, 5.0), (11.05, 5.0))
    _wire(axes, (11.8, 5.55), (11.8, 5.82))
    _wire(axes, (11.8, 6.58), (11.8, belt - SIGN))
    for x, y, sign in ((4.6, belt, r"$\odot$"), (9.4, 5.0, r"$\odot$"), (11.8, 6.2, r"$\odot$"), (11.8, belt, "$+$")):
        _sign(axes, (x, y), sign)
    _state(axes, (1.0, belt), "$h_{t-1}$", BLUE)
    _state(axes, (14.6, belt), "$h_t$", BLUE)
    _state(axes, (1.0, from_x), "$x_t$", GREY)
    for x, y, word in ((4.85, 6.85, "keep"), (8.0, 6.5, "write $1 - z_t$"), (7.25, 5.3, "see")):
        axes.text(x, y, word, ha="left", va="center", fontsize=10)
    return figure


def _bare(width_units: float, height_units: float) -> tuple[Figure, Axes]:
    """Return a figure of full width and axes without frame that measure `width_units` × `height_units`."""
    figure, axes = plt.subplots(figsize=(WIDTH, WIDTH * height_units / width_units))
    axes.set(xlim=(0, width_units), ylim=(0, height_units), aspect="equal")
    axes.axis("off")
    return figure, axes


def _wire(axes: Axes, *points: Point, colour: str = INK, width: float = 1.6, head: bool = True) -> None:
    """Draw a line through points, with an arrow's head at its end."""
    if len(points) > 2 or not head:
        stop = len(points) - (1 if head else 0)
        axes.plot(*zip(*points[:stop], strict=True), color=colour, lw=width, solid_joinstyle="miter")
    if head:
        look = {"arrowstyle": "-|>", "color": colour, "lw": width, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 12}
        axes.annotate("", xy=points[-1], xytext=points[-2], arrowprops=look)


def _dots(axes: Axes, points: Sequence[Point]) -> None:
    """Mark where a line branches; lines that cross without a dot do not meet."""
    for x, y in points:
        axes.plot(x, y, "o", color=INK, markersize=5, zorder=5)


def _state(axes: Axes, middle: Point, name: str, colour: str) -> None:
    axes.add_patch(Circle(middle, STATE, facecolor=colour, edgecolor="none", zorder=3))
    ink = INK if colour == ORANGE else "white"
    axes.text(*middle, name, ha="center", va="center", color=ink, fontsize=12, zorder=4)


def _sign(axes: Axes, middle: Point, sign: str) -> None:
    axes.add_patch(Circle(middle, SIGN, facecolor=PAPER, edgecolor=INK, lw=1.6, zorder=3))
    axes.text(*middle, sign, ha="center", va="center", fontsize=13, zorder=4)


def _block(axes: Axes, middle: Point, name: str, function: str, colour: str, size: Point = BOX) -> None:
    x, y = middle
    corner = (x - size[0] / 2, y - size[1] / 2)
    axes.add_patch(Rectangle(corner, *size, facecolor=colour, edgecolor="none", zorder=3))
    large = 13 if name.startswith("$") else 10
    axes.text(x, y + (0.2 if function else 0), name, ha="center", va="center", color="white", fontsize=large, zorder=4)
    if function:
        axes.text(x, y - 0.3, function, ha="center", va="center", color="white", fontsize=10, zorder=4)
