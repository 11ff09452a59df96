"""Figures of what nets get right and wrong."""

import numpy as np
import pytest

from nnbook.figures import results
from tests.drawn import drawn

INK, WHITE = "#1f2328ff", "#ffffffff"
COLOURS = ("#0072b2bf", "#e69f00bf", "#009e73bf", "#d55e00bf")  # at three quarters


def test_confusion_is_shaded_by_the_share_of_the_row():
    facts = drawn(results.show_confusion(np.array([[6, 3, 1], [0, 4, 0], [0, 0, 0]]), ["a", "b", "c"]))
    assert facts["size"] == [6.6, 5.94]
    (axes,) = facts["axes"]
    # √0.6, √0.3, √0.1; a class that did not occur has no share, and no number
    assert axes["images"] == [
        {"shape": [3, 3], "values": [[0.775, 0.548, 0.316], [0, 1, 0], [0, 0, 0]], "colours": ["Blues", 0, 1]}
    ]
    assert [(text["says"], text["at"], text["colour"]) for text in axes["texts"]] == [
        ("6", [0, 0], WHITE),
        ("3", [1, 0], INK),
        ("1", [2, 0], INK),
        ("4", [1, 1], WHITE),
    ]
    assert all(text["align"] == ["center", "center"] and text["size"] == 10.5 for text in axes["texts"])
    assert axes["labels"] == ["the net's guess", "true class"] and "frame" not in axes
    names = {"places": [0, 1, 2], "labels": ["a", "b", "c"], "length": [0]}
    assert axes["ticks"] == [names | {"align": ["right", 45]}, names | {"align": ["right", 0]}]


def test_each_group_has_a_lane_of_its_own_in_each_row():
    strips = {"one": {"r": [0.1, 0.2], "s": [0.4]}, "two": {"r": [0.3], "s": []}, "three": {"r": [0.5], "s": [0.6]}}
    facts = drawn(results.plot_strips(strips, "accuracy"))
    assert facts["size"] == [6.6, 1.64]  # 0.8 + 2 · 0.42
    (axes,) = facts["axes"]
    # three lanes 0.22 apart, the middle one on the line of the row
    assert [line.get("through", []) for line in axes["lines"]] == [
        *([[0.1, -0.22], [0.2, -0.22]], [[0.4, 0.78]]),
        *([[0.3, 0]], []),
        *([[0.5, 0.22]], [[0.6, 1.22]]),
    ]
    assert [line.get("label") for line in axes["lines"]] == ["one", None, "two", None, "three", None]
    assert [(line["mark"], line["colour"]) for line in axes["lines"][::2]] == [
        ([mark, 6], colour) for mark, colour in zip("os^", COLOURS, strict=False)
    ]
    assert not any("style" in line for line in axes["lines"])
    assert axes["limits"][1] == [1.5, -0.5] and axes["labels"] == ["accuracy", ""]
    assert axes["ticks"][1]["places"] == [0, 1] and axes["ticks"][1]["labels"] == ["r", "s"]
    assert axes["ticks"][1]["grid"] == "#6b728040" and "grid" not in axes["ticks"][0]
    (legend,) = facts["legends"]
    assert legend["labels"] == ["one", "two", "three"] and legend["columns"] == 3


def test_one_group_needs_no_legend_and_four_fit():
    facts = drawn(results.plot_strips({"one": {"r": [0.1]}}, "accuracy"))
    assert "legends" not in facts and facts["axes"][0]["lines"][0]["through"] == [[0.1, 0]]
    four = {name: {"r": [0.1]} for name in "abcd"}
    lines = drawn(results.plot_strips(four, "accuracy"))["axes"][0]["lines"]
    assert [line["through"][0][1] for line in lines] == [-0.33, -0.11, 0.11, 0.33]
    assert [line["colour"] for line in lines] == list(COLOURS)


def test_letters_turn_white_above_three_tenths_of_a_row():
    (axes,) = drawn(results.show_confusion(np.array([[8, 17], [0, 1]]), ["a", "b"]))["axes"]
    # 8 of 25 are 0.32; a single one is all of its row
    assert axes["images"][0]["values"] == [[0.566, 0.825], [0, 1]]
    assert [text["colour"] for text in axes["texts"]] == [WHITE] * 3


def test_two_groups_have_a_legend():
    facts = drawn(results.plot_strips({"one": {"r": [0.1]}, "two": {"r": [0.2]}}, "accuracy"))
    assert facts["legends"][0]["labels"] == ["one", "two"] and facts["legends"][0]["columns"] == 2


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: results.show_confusion(np.array([[-1, 0], [0, 1]]), ["a", "b"]), "counts must lie at 0 or above"),
        (lambda: results.show_confusion(np.zeros((2, 2, 2), int), ["a", "b"]), r"not \(2, 2, 2\)"),
        (lambda: results.show_confusion(np.zeros((2, 3), int), ["a", "b"]), r"not \(2, 3\)"),
        (lambda: results.plot_strips({name: {"r": [1]} for name in "abcde"}, "x"), "one to four groups"),
        (lambda: results.plot_strips({"a": {}}, "x"), "one to four groups"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError, match=said):
        call()
