"""The small helpers: right answers, and the error that each wrong call gets."""

import io
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import checks, datasets, figures, intervals, recorded, shapes10

ZEROS = np.zeros((2, 2))


# Wilson's interval: 9 of 10 worked out on paper, z = 1.96.
# centre (0.9 + 3.8416 / 20) / 1.38416 = 0.7890; half 1.96 · sqrt(0.009 + 0.009604) / 1.38416 = 0.1931
def test_wilson_on_paper():
    assert intervals.wilson(9, 10) == pytest.approx((0.7890 - 0.1931, 0.7890 + 0.1931), abs=2e-4)


@given(st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_mirrors(case):
    successes, trials = case
    low, high = intervals.wilson(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1 or np.isclose([low, high], successes / trials).any()
    mirrored = intervals.wilson(trials - successes, trials)
    assert np.allclose([low, high], [1 - mirrored[1], 1 - mirrored[0]])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: intervals.wilson(3, 0), "trials must be a whole number of at least 1, but got 0"),
        (lambda: intervals.wilson(-1, 5), "successes must be a whole number of at least 0, but got -1"),
        (lambda: intervals.wilson(6, 5), "successes must be at most trials (5), but got 6"),
        (lambda: intervals.wilson(0.5, 5), "successes must be a whole number of at least 0, but got 0.5"),
        (lambda: intervals.wilson(float("nan"), 5), "but got nan"),
        (lambda: intervals.wilson(True, 5), "but got True"),
        (lambda: checks.whole_number("3", "units", 1), "units must be a whole number of at least 1, but got '3'"),
        (lambda: datasets.load("mnist"), "must be one of shapes10, cifar10, but got 'mnist'"),
        (
            lambda: recorded.read("nothing"),
            "no record 'nothing'; recorded are: bench, cifar-cnn-cifar10, cifar-cnn-shapes10",
        ),
        (lambda: shapes10.draw(np.array([3, 10]), 1), "labels must lie between 0 and 9, but run from 3 to 10"),
        (lambda: shapes10.draw(np.array([-1]), 1), "run from -1 to -1"),
        (lambda: shapes10.draw(np.array([]), 1), "one axis of whole numbers, but got shape (0,)"),
        (lambda: shapes10.draw(np.array([0.5]), 1), "dtype float64"),
        (lambda: shapes10.draw(np.array([np.nan]), 1), "dtype float64"),
        (lambda: shapes10.draw(np.array([[1]]), 1), "got shape (1, 1)"),
        (lambda: shapes10.draw(np.array([1]), -1), "seed must be a whole number of at least 0"),
        (lambda: shapes10.generate(0, 5), "train_count must be a whole number of at least 1, but got 0"),
        (lambda: shapes10.generate(5, -2), "test_count must be a whole number of at least 1, but got -2"),
        (lambda: figures.draw_layers([]), "shapes is empty"),
        (lambda: figures.draw_layers([("input", (32, 32))]), "but got (32, 32)"),
        (lambda: figures.show_numbers({}), "grids is empty"),
        (lambda: figures.show_numbers({"x": np.zeros(3)}), "'x' must have shape (rows, columns), but has shape (3,)"),
        (lambda: figures.show_numbers({"x": np.zeros((0, 3))}), "'x' is empty"),
        (lambda: figures.show_numbers({"x": ZEROS * np.nan}), "'x' has NaN or infinite values"),
        (lambda: figures.show_pictures(np.zeros((2, 4, 4)), ["one"]), "got 2 pictures, 1 titles"),
        (lambda: figures.show_pictures(np.zeros((0, 4, 4)), []), "got 0 pictures, 0 titles"),
        (lambda: figures.show_pictures(np.zeros((1, 4)), ["one"]), "images must have shape"),
        (lambda: figures.show_pictures(np.zeros((1, 4, 4)), ["one"], columns=0), "columns must be a whole number"),
        (lambda: figures.plot_history({"loss": [1.0]}, "x"), "history lacks accuracy, val_accuracy, val_loss"),
        (lambda: figures.show_tiles(np.zeros((0, 4, 4))), "not (0, 4, 4)"),
        (lambda: figures.show_tiles(np.zeros((4, 4))), "tiles must have shape (n, height, width)"),
        (lambda: figures.show_tiles(np.zeros((1, 4, 4)), columns=0), "columns must be a whole number"),
        (lambda: figures.show_confusion(ZEROS, ["a"]), "counts must have shape (1, 1) for 1 names, not (2, 2)"),
        (lambda: figures.plot_strips({}, "x"), "one to four groups"),
        (lambda: figures.plot_strips({"a": {"r": [1]}, "b": {"s": [1]}}, "x"), "all with the same rows"),
        (lambda: figures.plot_ladder({}, "x"), "rungs is empty"),
        (lambda: datasets.hold_back(datasets.load("shapes10"), 1.0), "1.0 of 10,000 does not"),
        (lambda: datasets.hold_back(datasets.load("shapes10"), 1e-9), "share must leave pictures on both sides"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)
    plt.close("all")


def test_recipe_refuses_an_unknown_seed():
    from nnbook import recipes

    with pytest.raises(ValueError, match="seed must be a whole number of at least 0, but got -1"):
        recipes.run_notes_recipe(None, -1, [])


def test_held_back_pictures_are_the_last_and_in_no_other_part():
    data = datasets.load("shapes10")
    train, images, labels = datasets.hold_back(data, 0.25)
    assert np.array_equal(np.concatenate([train.train_images, images]), data.train_images)
    assert np.array_equal(np.concatenate([train.train_labels, labels]), data.train_labels)
    assert len(labels) == 2500 and np.array_equal(train.test_labels, data.test_labels)


def test_figures_are_drawn():
    figures.use_style()
    history = {key: [0.1, 0.2] for key in ("accuracy", "loss", "val_accuracy", "val_loss")}
    grids = {"a": np.arange(4).reshape(2, 2), "constant": np.zeros((2, 2))}
    for figure in (
        figures.draw_unfolded_rnn(),
        figures.draw_layers([("input", (32, 32, 3)), ("dense", (10,))]),
        figures.show_numbers(grids, {"a": (0, 0, 1, 1)}),
        figures.show_pictures(np.zeros((3, 4, 4, 3), np.uint8), ["a", "b", "c"]),
        figures.plot_history(history, "title"),
        figures.show_tiles(np.zeros((9, 3, 3, 3))),
        figures.show_confusion(np.array([[3, 1], [0, 0]]), ["a", "b"]),
        figures.plot_strips({"one": {"r": [0.1, 0.2]}, "two": {"r": [0.3]}}, "accuracy"),
        figures.plot_ladder({"a": {"validation_accuracy": 0.5, "standard_error": 0.1, "seconds": 3.0}}, "set"),
    ):
        figure.savefig(io.BytesIO())
        assert figure.get_size_inches()[0] == figures.WIDTH
    plt.close("all")


def test_importing_tensorflow_quietly_prints_nothing():
    done = subprocess.run(
        [sys.executable, "-c", "import nnbook.quiet, keras; keras.layers.Dense(1)(keras.ops.ones((1, 2)))"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_data_door_needs_no_tensorflow():
    program = "import sys, nnbook.datasets, nnbook.figures; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


ORDERS = """
import nnbook.quiet
import keras
import numpy as np
import tensorflow

seen = []

class Watch(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, x):
        return self.dense(x)

    def train_step(self, data):
        tensorflow.py_function(lambda x: seen.append(x.numpy().tobytes()), [data[0]], [])
        return super().train_step(data)

keras.utils.set_random_seed(1)
model = Watch()
model.compile("sgd", "mse")
if {release}:
    tensorflow.random.set_seed(None)
x = np.arange(64.0)[:, None]
model.fit(x, x, batch_size=64, epochs=3, verbose=0)
print(len(set(seen)))
"""


@pytest.mark.parametrize(("release", "orders"), [(False, 1), (True, 3)])
def test_a_global_seed_repeats_one_order_so_the_recipe_releases_it(release, orders):
    done = subprocess.run(
        [sys.executable, "-c", ORDERS.format(release=release)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == orders
