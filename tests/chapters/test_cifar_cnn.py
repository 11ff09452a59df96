"""The page about the CNN: the notes' facts as literals, and its band, on records and from other starts."""

import nnbook.quiet  # noqa: F401  isort: skip
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow

from nnbook import datasets, recorded
from nnbook.recipes import notes_cnn
from tests.pages import BOOK, RECORD_OF, check_band, ninety_five_percent_range
from tools.book import run


@pytest.mark.parametrize(
    ("index", "shape", "parameters"),
    [
        (0, (None, 30, 30, 32), 896),
        (1, (None, 15, 15, 32), 0),
        (2, (None, 13, 13, 64), 18_496),
        (3, (None, 6, 6, 64), 0),
        (4, (None, 4, 4, 64), 36_928),
        (5, (None, 1024), 0),
        (6, (None, 64), 65_600),
        (7, (None, 10), 650),
    ],
)
def test_layers_of_the_cnn(index, shape, parameters):
    layer = notes_cnn().layers[index]
    assert layer.output.shape == shape
    assert layer.count_params() == parameters


def test_base_and_whole_of_the_cnn():
    model = notes_cnn()
    assert sum(layer.count_params() for layer in model.layers[:5]) == 56_320
    assert model.count_params() == 122_570


@pytest.mark.parametrize("name", RECORD_OF)
def test_the_band_holds_every_recorded_run_and_is_not_too_wide(name):
    accuracies = [run["test_accuracy"] for run in recorded.read(f"cifar-cnn-{RECORD_OF[name]}")["runs"]]
    dense = [run["grey"]["dense, as they are"] for run in recorded.read(f"reading-{RECORD_OF[name]}")["runs"]]
    values = {"data": SimpleNamespace(provenance=SimpleNamespace(name=name))}
    inside = [values | {"test_acc": accuracy} for accuracy in accuracies]
    outside = {f"a dense net in grey, run {run}": values | {"test_acc": one} for run, one in enumerate(dense, start=1)}
    check_band("cifar-cnn", "band-accuracy", inside=inside, outside=outside)
    median = values | {"test_acc": np.median(accuracies)}
    low, high = run([BOOK.page("cifar-cnn").cell("band-accuracy")], median)["band"]
    assert high - low <= 2 * ninety_five_percent_range(accuracies)


def picture_net(hidden: list[keras.layers.Layer]) -> keras.Sequential:
    head = [keras.layers.Flatten(), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(10)]
    start = [keras.Input((32, 32, 3), dtype="uint8"), keras.layers.Rescaling(1 / 255)]
    model = keras.Sequential([*start, *hidden, *head])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model


def accuracy_after_training(model: keras.Sequential, data: datasets.Dataset) -> float:
    tensorflow.random.set_seed(None)  # as on the page: a fresh order of pictures in every epoch
    model.fit(data.train_images, data.train_labels, epochs=10, batch_size=32, validation_split=0.2, verbose=0)
    return model.evaluate(data.test_images, data.test_labels, verbose=0)[1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102, 103])
def test_the_band_and_the_lead_over_a_dense_net(seed):
    data = datasets.load("shapes10")
    keras.utils.set_random_seed(seed)
    convolutional = [
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(64, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(64, 3, activation="relu"),
    ]
    cnn, dense = (accuracy_after_training(picture_net(hidden), data) for hidden in (convolutional, []))
    print(f"seed {seed}: CNN {cnn:.3f}, dense {dense:.3f}")
    inside, outside = {"test_acc": cnn, "data": data}, {"test_acc": dense, "data": data}
    check_band("cifar-cnn", "band-accuracy", inside=[inside], outside={"a dense net": outside})
    assert cnn - dense >= 0.15


def test_the_curves_of_the_notes_recipe_are_as_described():
    curves = [run["history"]["val_accuracy"] for run in recorded.read("cifar10-notes-recipe")["runs"]]
    steps = np.abs(np.diff(np.array(curves)[:, 3:], axis=1))
    assert 0.025 < steps.max() <= 0.03, "up and down by up to three points"
    assert all(0.69 <= curve[-1] < 0.705 for curve in curves)
