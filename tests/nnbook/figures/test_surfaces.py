"""Figures of a loss with the paths that training takes on it."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from nnbook.figures import surfaces

PATH = np.array([[0.0, 0.0], [0.5, 1.0], [1.0, 1.5]])


def bowl(w: float, b: float) -> float:
    return w**2 + b**2


def test_a_panel_for_each_path_with_its_start_and_where_the_loss_is_lowest():
    figure = surfaces.plot_paths(bowl, {"slow": PATH, "fast": PATH[:2]}, lowest=(0.25, 0.5), w=(-2, 2), b=(-1, 3))
    slow, fast = figure.axes
    assert [axes.get_title() for axes in figure.axes] == ["slow", "fast"]
    assert (slow.get_xlabel(), slow.get_ylabel(), fast.get_ylabel()) == ("w", "b", "")
    assert slow.get_xlim() == (-2, 2) and slow.get_ylim() == (-1, 3)
    path, start, lowest = slow.lines
    assert np.array_equal(path.get_xydata(), PATH) and to_hex(path.get_color()) == "#0072b2"
    assert np.array_equal(start.get_xydata(), PATH[:1]) and start.get_marker() == "o"
    assert np.array_equal(lowest.get_xydata(), [[0.25, 0.5]]) and lowest.get_marker() == "x"
    assert np.array_equal(fast.lines[0].get_xydata(), PATH[:2])


def test_a_line_runs_where_the_loss_is_what_its_label_says():
    figure = surfaces.plot_paths(bowl, {"": PATH}, lowest=(0, 0), w=(-4, 4), b=(-5, 5))
    (lines,) = figure.axes[0].collections
    assert list(lines.levels) == [0.1, 0.3, 1, 3, 10, 30, 100]
    for level, parts in zip(lines.levels, lines.allsegs, strict=True):
        assert np.allclose([bowl(*point) for part in parts for point in part], level, rtol=0.05)
    assert {text.get_text() for text in lines.labelTexts} == {"0.1", "0.3", "1", "3", "10"}  # the others are outside


def test_a_label_stands_away_from_the_path_and_inside():
    line = [np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, -1.5], [1.9, 1.9]])]
    assert np.array_equal(surfaces.far_from(PATH, line, (-2, 2), (-2, 2)), [0, -1.5])
    assert surfaces.far_from(PATH, line[1:], (-1, 1), (-1, 1)) is None
    assert np.array_equal(surfaces.far_from(PATH, line[:1], (-3, 9), (0, 2)), [0, 1])  # (1, 0) would be cut off


@pytest.mark.parametrize("paths", [{"flat": [0.0, 1.0]}, {"three": np.zeros((4, 3))}])
def test_a_path_is_a_row_of_pairs(paths):
    (name,) = paths
    with pytest.raises(ValueError, match=rf"the path '{name}' must have shape \(steps \+ 1, 2\), w before b, not"):
        surfaces.plot_paths(bowl, paths, lowest=(0, 0))


def test_no_path_and_a_path_that_left_the_numbers():
    with pytest.raises(ValueError, match="paths is empty; give at least one"):
        surfaces.plot_paths(bowl, {}, lowest=(0, 0))
    with pytest.raises(ValueError, match="NaN or infinite values in the path 'wild'"):
        surfaces.plot_paths(bowl, {"wild": [[0.0, np.inf]]}, lowest=(0, 0))
