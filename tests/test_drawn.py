"""What is said of a figure changes with whatever of it can be seen."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon, Rectangle

from tests.drawn import drawn


@plt.style.context("default")  # whatever look another test has left
def sample() -> Figure:
    figure, (left, right) = plt.subplots(1, 2, figsize=(4, 2), width_ratios=(1, 2))
    left.plot([0, 1], [1, 2], "o--", label="a line")
    left.add_patch(Circle((1, 1), 0.5))
    left.add_patch(Rectangle((0, 1), 2, 3))
    left.add_patch(Polygon([(0, 0), (1, 0), (0, 1)]))
    left.text(1, 2, "a word", bbox={"pad": 0.5})
    left.annotate("", (1, 1), (0, 0), arrowprops={"arrowstyle": "-|>"})
    left.legend()
    right.imshow([[0, 1], [2, 3]])
    right.set(title="title", xlabel="right", ylabel="down")
    right.hlines([1], 0, 2)
    return figure


# Each changes one thing that one sees.
CHANGES = {
    "size": lambda figure: figure.set_size_inches(4.1, 2),
    "title of all": lambda figure: figure.suptitle("both"),
    "legend of all": lambda figure: figure.legend(loc="outside upper right"),
    "shares": lambda figure: figure.axes[0].get_gridspec().set_width_ratios((1, 3)),
    "title": lambda figure: figure.axes[1].title.set_fontsize(9),
    "label": lambda figure: figure.axes[1].set_xlabel("left"),
    "limit": lambda figure: figure.axes[0].set_xlim(0, 2),
    "ticks": lambda figure: figure.axes[1].set_xticks([0, 1], ["a", "b"], rotation=45),
    "length of ticks": lambda figure: figure.axes[1].tick_params(length=0),
    "grid": lambda figure: figure.axes[0].grid(color="red", alpha=0.5),
    "frame": lambda figure: figure.axes[0].spines["top"].set_visible(False),
    "no axes": lambda figure: figure.axes[0].axis("off"),
    "place of a text": lambda figure: figure.axes[0].texts[0].set_x(1.1),
    "size of a text": lambda figure: figure.axes[0].texts[0].set_fontsize(7),
    "box of a text": lambda figure: figure.axes[0].texts[0].get_bbox_patch().set_alpha(0.5),
    "end of an arrow": lambda figure: setattr(figure.axes[0].texts[1], "xy", (1, 2)),
    "head of an arrow": lambda figure: figure.axes[0].texts[1].arrow_patch.set_mutation_scale(3),
    "line": lambda figure: figure.axes[0].lines[0].set_data([0, 1], [1, 2.5]),
    "width of a line": lambda figure: figure.axes[0].lines[0].set_linewidth(9),
    "mark": lambda figure: figure.axes[0].lines[0].set_markersize(9),
    "faint line": lambda figure: figure.axes[0].lines[0].set_alpha(0.5),
    "circle": lambda figure: figure.axes[0].patches[0].set_radius(0.6),
    "box": lambda figure: figure.axes[0].patches[1].set_height(4),
    "outline": lambda figure: figure.axes[0].patches[2].set_xy([(0, 0), (2, 0), (0, 1)]),
    "fill": lambda figure: figure.axes[0].patches[0].set_alpha(0.5),
    "image": lambda figure: figure.axes[1].images[0].set_data([[0, 1], [2, 4]]),
    "scale of an image": lambda figure: figure.axes[1].images[0].set_clim(0, 4),
    "large image": lambda figure: figure.axes[1].images[0].set_data(np.ones((9, 9))),
    "segment": lambda figure: figure.axes[1].collections[0].set_segments([[(0, 0), (2, 0)]]),
    "legend": lambda figure: figure.axes[0].legend(loc="lower left"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_seen_is_told(change):
    figure = sample()
    before = drawn(figure)
    assert drawn(sample()) == before
    CHANGES[change](figure)
    assert drawn(figure) != before
    plt.close("all")
