"""The look of the book's figures, and its colours and width by name, all read from one style file."""

from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib import rc_params_from_file

STYLE = rc_params_from_file(Path(__file__).with_suffix(".mplstyle"), use_default_template=False)
WIDTH: float = STYLE["figure.figsize"][0]  # inches; every figure is as wide as the text
BLUE, ORANGE, GREEN, RED = STYLE["axes.prop_cycle"].by_key()["color"]
GREY, PAPER, INK = STYLE["axes.edgecolor"], STYLE["figure.facecolor"], STYLE["text.color"]


def use_style() -> None:
    """Give all figures from here on the book's look."""
    plt.rcParams.update(STYLE)
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # outside Jupyter
        return
    set_matplotlib_formats("retina")
