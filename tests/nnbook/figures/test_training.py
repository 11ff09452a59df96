"""Figures of how training went."""

import pytest

from nnbook.figures import training
from tests.drawn import drawn

BLUE, ORANGE, GRID = "#0072b2ff", "#e69f00ff", "#6b728040"


def test_history_goes_by_epochs_from_one_training_before_validation():
    history = {"accuracy": [0.1, 0.5, 0.7, 0.8], "val_accuracy": [0.2, 0.4, 0.5, 0.6]}
    history |= {"loss": [2, 1.5, 1, 0.5], "val_loss": [2.5, 2, 1.5, 1]}
    facts = drawn(training.plot_history(history, "a net"))
    assert facts["title"] == ["a net", 12] and facts["size"] == [6.6, 3.2]
    left, right = facts["axes"]
    for axes, name in ((left, "accuracy"), (right, "loss")):
        assert axes["labels"] == ["epoch", name]
        assert axes["ticks"][0]["places"] == [1, 2, 4]
        looks = ((name, "training", BLUE, "o", "-"), (f"val_{name}", "validation", ORANGE, "s", "--"))
        assert axes["lines"] == [
            {
                "through": [[epoch, value] for epoch, value in enumerate(history[key], start=1)],
                "label": label,
                "style": [style, 2],
                "mark": [mark, 4],
                "colour": colour,
            }
            for key, label, colour, mark, style in looks
        ]
    assert left["limits"][1] == [0, 1] and right["limits"][1][0] == 0
    assert left["legend"]["labels"] == ["training", "validation"] and left["legend"]["place"] == 4  # lower right
    assert "legend" not in right


def test_a_ladder_has_a_rung_in_each_row():
    rungs = {
        "notes": {"validation_accuracy": 0.5, "standard_error": 0.125, "seconds": 4.0},
        "fast": {"validation_accuracy": 0.75, "standard_error": 0.25, "seconds": 1.0},
        "slow": {"validation_accuracy": 0.5, "standard_error": 0.0, "seconds": 6.0},
    }
    facts = drawn(training.plot_ladder(rungs, "Shapes10"))
    assert facts["title"] == ["Shapes10", 12]
    assert facts["size"] == [6.6, 1.89] and facts["shares"] == [[3, 2]]  # 0.9 + 3 · 0.33
    left, right = facts["axes"]
    dots, *caps = left["lines"]
    assert dots["through"] == [[0.5, 0], [0.75, 1], [0.5, 2]] and dots["mark"] == ["o", 5] and dots["colour"] == BLUE
    assert "style" not in dots and [cap["mark"] for cap in caps] == [["|", 6]] * 2
    assert left["segments"] == [[[0.375, 0], [0.625, 0]], [[0.5, 1], [1, 1]], [[0.5, 2], [0.5, 2]]]
    assert [patch["box"] for patch in right["patches"]] == [[0, -0.3, 1, 0.6], [0, 0.7, 0.25, 0.6], [0, 1.7, 1.5, 0.6]]
    assert {patch["fill"] for patch in right["patches"]} == {ORANGE}
    assert left["labels"] == ["validation accuracy", ""] and right["labels"] == ["time, first rung = 1", ""]
    assert left["limits"][1] == right["limits"][1] == [2.5, -0.5]
    rows = {
        "places": [0, 1, 2],
        "labels": ["notes", "fast", "slow"],
        "align": ["right", 0],
        "length": [0],
        "grid": GRID,
    }
    assert left["ticks"][1] == rows
    for axes in (left, right):
        assert axes["below"] and axes["ticks"][0]["grid"] == GRID and axes["ticks"][1]["length"] == [0]


def rung(seconds: float) -> dict[str, float]:
    return {"validation_accuracy": 0.5, "standard_error": 0.1, "seconds": seconds}


def test_the_first_rung_must_have_taken_time():
    _, right = drawn(training.plot_ladder({"quick": rung(0.5), "none": rung(0.0)}, "set"))["axes"]
    assert [patch["box"][2] for patch in right["patches"]] == [1, 0]
    for seconds in (0.0, -1.0):
        with pytest.raises(ValueError, match="the first rung must have seconds above 0"):
            training.plot_ladder({"none": rung(seconds), "quick": rung(0.5)}, "set")
