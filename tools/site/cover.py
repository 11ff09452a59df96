"""Draw chapters/cover.png, the picture of the landing page: a net that remembers, word vectors, a net that sees."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

from nnbook import shapes10
from nnbook.figures import style

COVER = Path(__file__).resolve().parents[2] / "chapters" / "cover.png"
WORDS = {"good": (0.8, 0.75), "great": (0.62, 0.9), "nice": (0.9, 0.52), "poor": (0.2, 0.2), "weak": (0.36, 0.34)}


def draw_memory(axes: Axes) -> None:
    """Three steps of a recurrent net, from input to state, and from state to state."""
    axes.set(xlim=(0, 9), ylim=(0, 6))
    for x, word in zip((1.5, 4.5, 7.5), ("I", "like", "apple"), strict=True):
        axes.add_patch(Circle((x, 3.6), 0.75, color=style.BLUE))
        axes.text(x, 0.9, word, ha="center", va="center", fontsize=12)
        axes.annotate("", (x, 2.8), (x, 1.4), arrowprops={"arrowstyle": "-|>", "color": style.INK, "lw": 1.6})
    for x in (2.3, 5.3):
        axes.annotate("", (x + 1.4, 3.6), (x, 3.6), arrowprops={"arrowstyle": "-|>", "color": style.INK, "lw": 1.6})


def draw_words(axes: Axes) -> None:
    """Words as points: those of one sense lie together."""
    axes.set(xlim=(0, 1.15), ylim=(0, 1.1))
    for word, (x, y) in WORDS.items():
        praise = x > 0.5
        axes.plot(x, y, "o" if praise else "s", color=style.GREEN if praise else style.RED, markersize=9)
        axes.text(x + 0.05, y, word, va="center", fontsize=11)


def draw_sight(axes: Axes) -> None:
    """A picture under a filter, and the smaller grids that come of it."""
    images, labels, _, _ = shapes10.generate(train_count=40, test_count=10)
    picture = images[np.flatnonzero(labels == shapes10.CLASS_NAMES.index("star"))[0]]
    axes.set(xlim=(0, 60), ylim=(0, 34))
    axes.imshow(picture, extent=(0, 32, 1, 33))
    axes.add_patch(Rectangle((11, 14), 8, 8, fill=False, edgecolor="white", lw=2.5))
    for number, size in enumerate((14, 10, 6)):
        left, low = 36 + number * 8, 17 - size / 2
        axes.add_patch(Rectangle((left, low), 5, size, color=(style.BLUE, style.ORANGE, style.GREEN)[number]))


def main() -> None:
    style.use_style()
    figure, every_axes = plt.subplots(1, 3, figsize=(style.WIDTH, 2.1), gridspec_kw={"width_ratios": [9, 7, 10]})
    for axes, draw in zip(every_axes, (draw_memory, draw_words, draw_sight), strict=True):
        draw(axes)
        axes.axis("off")
    for number in (0, 2):
        every_axes[number].set_aspect("equal")
    figure.set_layout_engine("constrained", rect=(0, 0, 1, 0.88))
    for x, title in ((0.17, "nets that remember"), (0.5, "words as vectors"), (0.81, "nets that see")):
        figure.text(x, 0.92, title, ha="center", fontsize=12)
    figure.savefig(COVER, dpi=200)


if __name__ == "__main__":
    main()
