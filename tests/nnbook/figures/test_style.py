"""The look of the book: its colours, by the names that others know them by."""

from pathlib import Path

import matplotlib.pyplot as plt

from nnbook.figures import style


def test_colours_are_those_of_okabe_and_ito():
    # jfly.uni-koeln.de/color: blue 0, 114, 178; orange 230, 159, 0; bluish green 0, 158, 115; vermilion 213, 94, 0
    given = [bytes.fromhex(colour.removeprefix("#")) for colour in (style.BLUE, style.ORANGE, style.GREEN, style.RED)]
    assert [tuple(colour) for colour in given] == [(0, 114, 178), (230, 159, 0), (0, 158, 115), (213, 94, 0)]
    assert (style.GREY, style.PAPER, style.INK) == ("#6B7280", "#FBFBF8", "#1F2328")


def test_a_figure_is_as_wide_as_the_text():
    assert style.WIDTH == 6.6
    figure, axes = plt.subplots()
    assert figure.get_size_inches().tolist() == [6.6, 3.2]
    assert figure.get_facecolor() == axes.get_facecolor()
    assert [side for side, spine in axes.spines.items() if spine.get_visible()] == ["left", "bottom"]


def test_the_style_says_no_more_than_its_file():
    lines = [line.partition(":")[0] for line in Path(style.__file__).with_suffix(".mplstyle").read_text().splitlines()]
    assert set(style.STYLE) == {name for name in lines if name and not name.startswith("#")}
