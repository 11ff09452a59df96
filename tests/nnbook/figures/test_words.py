"""Words as points in a plane: their ways, and names that do not overlap."""

import numpy as np
import pytest

from nnbook.figures import words
from tests.drawn import drawn

KINDS = {"good": "praise", "great": "praise", "bad": "blame", "so": "filler", "it": "rest"}
PATHS = {
    "good": np.array([[0, 0], [1, 1]]),
    "great": np.array([[0, 0], [1.05, 1]]),  # less than 9 % of 2 from "good"
    "bad": np.array([[0, 0], [0.5, 0.5], [-0.95, -1]]),
    "so": np.array([[0.5, -0.5]]),
    "it": np.array([[0.5, -0.31]]),  # 0.19 from "so": more than 9 % of 2
}
LOOKS = {"praise": ("#009e73", "o"), "blame": ("#d55e00", "s"), "filler": ("#0072b2", "^"), "rest": ("#6b7280", "D")}
INK = "#1f2328ff"


def test_each_word_goes_its_way_and_ends_with_its_mark():
    facts = drawn(words.plot_word_paths(PATHS, KINDS))
    assert facts["size"] == [6.6, 4.6]
    (axes,) = facts["axes"]
    expected = []
    for word, path in PATHS.items():
        colour, mark = LOOKS[KINDS[word]]
        expected += [
            {"through": path.tolist(), "style": ["-", 1.2], "colour": colour + "b2"},
            {"through": path[-1:].tolist(), "mark": [mark, 6], "colour": colour + "ff"},
        ]
    assert axes["lines"][:10] == expected
    assert axes["lines"][10:14] == [
        {"label": kind, "mark": [mark, 6], "colour": colour + "ff"} for kind, (colour, mark) in LOOKS.items()
    ]
    assert axes["lines"][14:] == [{"through": [[0, 0]], "mark": ["+", 12], "colour": INK}]
    # from −0.95 to 1.05 and from −1 to 1, and 16 % of 2 on each side
    assert axes["limits"] == [[-1.27, 1.37], [-1.32, 1.32]]
    assert axes["labels"] == ["first number of the word", "second number of the word"]
    assert axes["legend"] == {
        "labels": list(LOOKS),
        "marks": [[mark, colour + "ff"] for colour, mark in LOOKS.values()],
        "columns": 1,
        "place": 3,  # lower left
        "frame": "#fbfbf8ff",
    }


def test_names_stand_off_their_points_and_near_ones_together():
    (axes,) = drawn(words.plot_word_paths(PATHS, KINDS))["axes"]
    look = {"size": 10.5, "colour": INK, "box": ["#fbfbf8cc", 0.05]}  # half a point, of ten
    above, below = {"off": [0, 9], "align": ["center", "bottom"]}, {"off": [0, -9], "align": ["center", "top"]}
    assert axes["texts"] == [
        {"says": "good, great", "at": [1.025, 1]} | above | look,
        {"says": "bad", "at": [-0.95, -1]} | below | look,
        {"says": "so", "at": [0.5, -0.5]} | below | look,
        {"says": "it", "at": [0.5, -0.31]} | below | look,
    ]


def test_a_name_at_the_height_of_the_middle_stands_above():
    (axes,) = drawn(words.plot_word_paths({"good": np.zeros((1, 2))}, KINDS))["axes"]
    assert axes["texts"][0]["off"] == [0, 9]


def test_words_that_end_in_one_point_are_one_group():
    (axes,) = drawn(words.plot_word_paths({word: np.ones((2, 2)) for word in ("good", "bad")}, KINDS))["axes"]
    assert [text["says"] for text in axes["texts"]] == ["good, bad"]


def test_neighbours_of_neighbours_are_one_group():
    places = {word: np.array([x, 0.0]) for word, x in {"a": 0, "b": 5, "c": 2, "d": 1, "e": 9}.items()}
    assert words._neighbours(places, 1.5) == [["b"], ["a", "c", "d"], ["e"]]
    assert words._neighbours(places, 1.0) == [["a"], ["b"], ["c"], ["d"], ["e"]], "nearer than the distance, not at it"


@pytest.mark.parametrize(
    ("paths", "kinds", "said"),
    [
        ({"new": np.zeros((1, 2))}, KINDS, "each word needs a path"),
        (PATHS, KINDS | {"it": "fifth", "we": "rest"}, "at most four kinds"),
        ({"good": np.zeros((0, 2))}, KINDS, r"'good' must have a path of shape \(steps, 2\), but has \(0, 2\)"),
        ({"so": PATHS["so"], "good": np.zeros((2, 3))}, KINDS, r"'good' must .* but has \(2, 3\)"),
        ({"good": np.zeros((1, 2, 1))}, KINDS, r"but has \(1, 2, 1\)"),
    ],
)
def test_wrong_calls_say_what_to_do(paths, kinds, said):
    with pytest.raises(ValueError, match=said):
        words.plot_word_paths(paths, kinds)
