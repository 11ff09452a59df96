"""Pictures and grids of numbers: each where it should be, in the light it should have."""

import numpy as np
import pytest

from nnbook.figures import pictures
from tests.drawn import drawn

LIGHT, DARK, RED = "#000000ff", "#ffffffff", "#d55e00ff"  # letters on light and on dark ground


def test_numbers_stand_in_their_fields():
    facts = drawn(pictures.show_numbers({"a": np.array([[0, 1.5, 4]]), "b": np.array([[7], [7]])}))
    assert facts["size"] == [6.6, 2.9] and facts["shares"] == [[3, 1]]
    left, right = facts["axes"]
    assert left["title"] == ["a", 12] and "frame" not in left and not any("places" in axis for axis in left["ticks"])
    # 1.5 lies below the middle of 0 and 4, and is written white on dark.
    assert [(text["says"], text["at"], text["colour"]) for text in left["texts"]] == [
        ("0", [0, 0], DARK),
        ("1.5", [1, 0], DARK),
        ("4", [2, 0], LIGHT),
    ]
    assert all(text["align"] == ["center", "center"] for text in left["texts"])
    assert left["images"] == [{"shape": [1, 3], "values": [[0, 1.5, 4]], "colours": ["cividis", 0, 4]}]
    # All the same: they count as low, on a scale of 1.
    assert [(text["says"], text["at"], text["colour"]) for text in right["texts"]] == [
        ("7", [0, 0], DARK),
        ("7", [0, 1], DARK),
    ]
    assert right["images"][0]["colours"] == ["cividis", 7, 8]


def test_the_middle_of_the_scale_counts_as_dark():
    (axes,) = drawn(pictures.show_numbers({"a": np.array([[2, 3, 4]])}))["axes"]
    assert [text["colour"] for text in axes["texts"]] == [DARK, DARK, LIGHT]


def test_grids_may_share_a_scale():
    grids = {"a": np.array([[0, 1]]), "b": np.array([[3, 9]])}
    for same, scales in ((True, [[0, 9], [0, 9]]), (False, [[0, 1], [3, 9]])):
        facts = drawn(pictures.show_numbers(grids, same_scale=same))
        assert [axes["images"][0]["colours"][1:] for axes in facts["axes"]] == scales
    assert drawn(pictures.show_numbers(grids)) == drawn(pictures.show_numbers(grids, same_scale=False))


def test_a_part_may_be_framed():
    grids = {"a": np.zeros((3, 4)), "b": np.zeros((3, 4))}
    left, right = drawn(pictures.show_numbers(grids, {"b": (1, 2, 2, 1)}))["axes"]
    assert "patches" not in left
    assert right["patches"] == [{"box": [1.5, 0.5, 1, 2], "edge": [RED, 3]}]


def test_pictures_stand_in_rows_under_their_titles():
    images = np.arange(6 * 2 * 2, dtype=np.uint8).reshape(6, 2, 2)
    facts = drawn(pictures.show_pictures(images, list("abcdef")))
    # five in a row, so two rows: each as high as wide, 1.32, and 0.42 for the title
    assert facts["size"] == [6.6, 3.48]
    assert len(facts["axes"]) == 10 and not any("frame" in axes for axes in facts["axes"])
    shown = [axes for axes in facts["axes"] if "images" in axes]
    assert [axes["title"] for axes in shown] == [[title, 10.5] for title in "abcdef"]
    assert [axes["images"][0]["values"] for axes in shown] == images.tolist()
    assert shown[0]["images"][0]["colours"] == ["gray", 0, 3]
    assert drawn(pictures.show_pictures(images, list("abcdef"), columns=3))["size"] == [6.6, 5.24]  # 2 · (2.2 + 0.42)


def test_one_column_is_enough():
    assert drawn(pictures.show_pictures(np.zeros((1, 2, 2)), ["a"], columns=1))["size"] == [6.6, 7.02]  # 6.6 + 0.42
    assert drawn(pictures.show_tiles(np.zeros((1, 2, 2)), columns=1))["size"] == [6.6, 6.6]


def test_tiles_stand_close_each_on_its_own_scale():
    tiles = np.array([[[0, 1]], [[2, 6]], [[5, 5]]] * 3)
    facts = drawn(pictures.show_tiles(tiles))
    assert facts["size"] == [6.6, 1.65] and len(facts["axes"]) == 16  # two rows of eight, 0.825 wide and high
    assert not any("frame" in axes for axes in facts["axes"])
    shown = [axes["images"][0] for axes in facts["axes"] if "images" in axes]
    assert shown == [
        {"shape": [1, 2], "values": [values], "colours": ["gray", 0, 1]} for values in [[0, 1], [0, 1], [0, 0]] * 3
    ]


def test_black_may_be_given():
    facts = drawn(pictures.show_tiles(np.array([[[-1, 0]], [[1, 4]], [[2, 2]], [[-3, -3]]]), columns=4, black=0))
    # where no value is above black: nothing but black
    assert [axes["images"][0]["values"] for axes in facts["axes"]] == [[[0, 0]], [[0.25, 1]], [[1, 1]], [[0, 0]]]


def test_groups_of_tiles_stand_side_by_side_under_their_titles():
    first, second = np.array([[[0, 1]], [[2, 6]], [[5, 5]]]), np.array([[[-1, 3]], [[0, 4]], [[1, 1]]])
    figure = pictures.compare_tiles({"before": first, "after": second}, columns=2, black=0)
    assert figure.get_size_inches().tolist() == [6.6, pytest.approx(3.7)]  # two rows of 6.6 / 4 and the title
    assert [part.get_suptitle() for part in figure.subfigs] == ["before", "after"]
    shown = [[axes.images[0].get_array().tolist() for axes in part.axes if axes.images] for part in figure.subfigs]
    assert shown == [[[[0, 1]], [[2 / 6, 1]], [[1, 1]]], [[[0, 1]], [[0, 1]], [[1, 1]]]]
    pictures.plt.close(figure)


@pytest.mark.parametrize("colours", [[0, 128, 255], [0.0, 0.5, 1.0]])
def test_colours_are_bytes_or_0_to_1(colours):
    images = np.array([[[colours]]])
    assert drawn(pictures.show_pictures(images, ["a"]))["axes"][0]["images"][0]["values"] == [[colours]]
    for wrong in (-1, 256 if images.dtype == int else 1.1):
        with pytest.raises(ValueError, match="must lie between 0 and"):
            pictures.show_pictures(np.array([[[[*colours[:2], wrong]]]]), ["a"])


def test_grey_values_may_be_of_any_size():
    for grey in (np.array([[[-3.0, 7.0, 300.0]]]), np.array([[[[-3.0], [300.0]]]])):
        assert drawn(pictures.show_pictures(grey, ["a"]))["axes"][0]["images"][0]["colours"] == ["gray", -3, 300]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: pictures.show_numbers({"a": np.zeros((1, 1, 1))}), "must have shape"),
        (lambda: pictures.show_pictures(np.zeros((1, 1, 1, 1, 1)), ["a"]), "images must have shape"),
        (lambda: pictures.show_tiles(np.zeros((1, 1, 1, 1, 1))), "tiles must have shape"),
        (lambda: pictures.compare_tiles({}), "but have none"),
        (lambda: pictures.compare_tiles({"a": np.zeros((1, 2, 2)), "b": np.zeros((3, 2, 2))}), "1 in 'a', 3 in 'b'"),
        (lambda: pictures.compare_tiles({"a": np.zeros((0, 2, 2))}), "tiles must have shape"),
        (lambda: pictures.compare_tiles({"a": np.zeros((1, 2, 2))}, columns=0), "columns must be a whole number"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError, match=said):
        call()
