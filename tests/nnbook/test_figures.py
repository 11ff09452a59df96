"""The book's figures: they are drawn, in one width, and wrong calls say what to do."""

import io
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from nnbook.figures import nets, pictures, results, style, training, words

ROOMS = ("cells", "nets", "pictures", "results", "style", "surfaces", "training", "words")
ZEROS = np.zeros((2, 2))
RUNG = {"validation_accuracy": 0.5, "standard_error": 0.1, "seconds": 3.0}


def test_figures_are_drawn():
    style.use_style()
    history = {key: [0.1, 0.2] for key in ("accuracy", "loss", "val_accuracy", "val_loss")}
    grids = {"a": np.arange(4).reshape(2, 2), "constant": np.zeros((2, 2))}
    for figure in (
        nets.draw_unfolded_rnn(),
        nets.draw_layers([("input", (32, 32, 3)), ("dense", (10,))]),
        pictures.show_numbers(grids, {"a": (0, 0, 1, 1)}),
        pictures.show_pictures(np.zeros((3, 4, 4, 3), np.uint8), ["a", "b", "c"]),
        training.plot_history(history, "title"),
        pictures.show_tiles(np.zeros((9, 3, 3, 3))),
        pictures.compare_tiles({"a": np.zeros((9, 3, 3, 3)), "b": np.zeros((9, 30, 30))}),
        results.show_confusion(np.array([[3, 1], [0, 0]]), ["a", "b"]),
        results.plot_strips({"one": {"r": [0.1, 0.2]}, "two": {"r": [0.3]}}, "accuracy"),
        words.plot_word_paths({"good": ZEROS, "bad": ZEROS + 1}, {"good": "praise", "bad": "blame"}),
        training.plot_ladder({"a": RUNG}, "set"),
    ):
        figure.savefig(io.BytesIO())
        assert figure.get_size_inches()[0] == style.WIDTH
    plt.close("all")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: nets.draw_layers([]), "shapes is empty"),
        (lambda: nets.draw_layers([("input", (32, 32))]), "but got (32, 32)"),
        (lambda: pictures.show_numbers({}), "grids is empty"),
        (lambda: pictures.show_numbers({"x": np.zeros(3)}), "'x' must have shape (rows, columns), but has shape (3,)"),
        (lambda: pictures.show_numbers({"x": np.zeros((0, 3))}), "'x' is empty"),
        (lambda: pictures.show_numbers({"x": ZEROS * np.nan}), "NaN or infinite values in 'x'"),
        (lambda: pictures.show_pictures(np.zeros((2, 4, 4)), ["one"]), "got 2 pictures, 1 titles"),
        (lambda: pictures.show_pictures(np.zeros((0, 4, 4)), []), "got 0 pictures, 0 titles"),
        (lambda: pictures.show_pictures(np.zeros((1, 4)), ["one"]), "images must have shape"),
        (lambda: pictures.show_pictures(np.zeros((1, 4, 4)), ["one"], columns=0), "columns must be a whole number"),
        (lambda: training.plot_history({"loss": [1.0]}, "x"), "history lacks accuracy, val_accuracy, val_loss"),
        (lambda: pictures.show_tiles(np.zeros((0, 4, 4))), "not (0, 4, 4)"),
        (lambda: pictures.show_tiles(np.zeros((4, 4))), "tiles must have shape (n, height, width)"),
        (lambda: pictures.show_tiles(np.zeros((1, 4, 4)), columns=0), "columns must be a whole number"),
        (lambda: results.show_confusion(ZEROS, ["a"]), "counts must have shape (1, 1) for 1 names, not (2, 2)"),
        (lambda: results.plot_strips({}, "x"), "one to four groups"),
        (lambda: results.plot_strips({"a": {"r": [1]}, "b": {"s": [1]}}, "x"), "all with the same rows"),
        (lambda: training.plot_ladder({}, "x"), "rungs is empty"),
        (lambda: training.plot_ladder({"a": RUNG | {"seconds": 0}}, "x"), "seconds above 0"),
        (lambda: training.plot_ladder({"a": RUNG | {"seconds": np.nan}}, "x"), "NaN or infinite values in seconds"),
        (lambda: pictures.show_numbers({"x": ZEROS}, {"y": (0, 0, 1, 1)}), "highlight has 'y', but the titles are 'x'"),
        (lambda: pictures.show_numbers({"x": ZEROS > 0}), "'x' must hold numbers, but is bool"),
        (lambda: pictures.show_pictures(np.full((1, 4, 4, 3), 2.0), ["one"]), "must lie between 0 and 1"),
        (lambda: pictures.show_pictures(np.full((1, 4, 4, 3), -2), ["one"]), "must lie between 0 and 255"),
        (lambda: pictures.show_pictures(np.full((1, 4, 4), np.nan), ["one"]), "NaN or infinite values in images"),
        (lambda: pictures.show_tiles(np.full((1, 4, 4), np.inf)), "NaN or infinite values in tiles"),
        (lambda: results.show_confusion(ZEROS + 0.5, ["a", "b"]), "counts must be whole"),
        (lambda: results.show_confusion(-np.eye(2, dtype=int), ["a", "b"]), "must lie at 0 or above"),
        (lambda: results.plot_strips({"a": {"r": [np.nan]}}, "x"), "NaN or infinite values in row 'r' of 'a'"),
        (
            lambda: nets.draw_layers([("input", (0, 32, 3))]),
            "each size of 'input' must be a whole number of at least 1",
        ),
        (lambda: nets.draw_layers([("dense", (None,))]), "each size of 'dense' must be a whole number"),
        (lambda: words.plot_word_paths({"good": np.zeros((0, 2))}, {"good": "praise"}), "but has (0, 2)"),
        (lambda: words.plot_word_paths({"good": ZEROS * np.nan}, {"good": "praise"}), "in the path of 'good'"),
        (lambda: words.plot_word_paths({}, {}), "each word needs a path"),
        (lambda: words.plot_word_paths({"good": ZEROS}, {}), "one of at most four kinds"),
        (lambda: words.plot_word_paths({"good": np.zeros(2)}, {"good": "praise"}), "but has (2,)"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)
    plt.close("all")


def test_a_tile_under_the_black_level_is_black():
    figure = pictures.show_tiles(np.array([[[-3.0, -1.0]]]), black=0)
    assert figure.axes[0].images[0].get_array().max() == 0
    plt.close("all")


def modules_after(program: str) -> set[str]:
    """Return what is imported in a new process that has run a program."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {program}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_a_page_imports_only_the_rooms_it_uses():
    every = {f"nnbook.figures.{room}" for room in ROOMS}
    assert every == {
        f"nnbook.figures.{file.stem}" for file in Path(style.__file__).parent.glob("*.py") if file.stem != "__init__"
    }
    found = modules_after("import nnbook.figures.nets")
    assert every & found == {"nnbook.figures.nets", "nnbook.figures.style"}


def test_figures_need_no_tensorflow():
    assert "tensorflow" not in modules_after(f"from nnbook.figures import {', '.join(ROOMS)}")
