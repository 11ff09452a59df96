"""Drawings of nets: with their loop and unfolded, and layer by layer."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from nnbook.checks import whole_number
from nnbook.figures.style import BLUE, GREEN, GREY, INK, ORANGE, WIDTH


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
        ValueError: no layer, or a shape that has neither one axis nor three, or sizes under 1.
    """
    if not shapes:
        raise ValueError('shapes is empty; pass at least one pair such as ("input", (32, 32, 3)).')
    wrong = [shape for _, shape in shapes if len(shape) not in (1, 3)]
    if wrong:
        raise ValueError(
            f"each shape must be (height, width, channels) or (units,), but got {wrong[0]}; leave the batch axis out."
        )
    for name, shape in shapes:
        for size in shape:
            whole_number(size, f"each size of {name!r}", at_least=1)
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


def _bare(height: float, width_units: float, height_units: float) -> tuple[Figure, Axes]:
    """Return a figure of full width and axes without frame that measure `width_units` × `height_units`."""
    figure, axes = plt.subplots(figsize=(WIDTH, height))
    axes.set(xlim=(0, width_units), ylim=(0, height_units), aspect="equal")
    axes.axis("off")
    return figure, axes


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], **options: object) -> None:
    style = {"arrowstyle": "-|>", "color": INK, "lw": 1.6, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13}
    axes.annotate("", xy=end, xytext=start, arrowprops=style | options)
