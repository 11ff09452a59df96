"""The page about the CNN: the notes' facts as literals, and its band, on records and from other starts."""

import nnbook.quiet  # noqa: F401  isort: skip
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow

from nnbook import datasets, recorded
from nnbook.recipes import notes_cnn
from tests.pages import BOOK, RECORD_OF, check_band, check_starts, ninety_five_percent_range
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


def values_of(name: str) -> list[dict[str, Any]]:
    """Return, for each recorded run on a picture set, what the bands of the page read."""
    data = SimpleNamespace(provenance=SimpleNamespace(name=name))
    runs = recorded.read(f"cifar-cnn-{RECORD_OF[name]}")["runs"]
    return [
        run | run["first_epoch"] | run["mistakes"] | {"data": data, "test_acc": run["test_accuracy"]} for run in runs
    ]


def learned_nothing(values: dict[str, Any]) -> dict[str, Any]:
    flat = {name: [0.1, 0.1] for name in values["history"]}
    return values | {"history": flat, "running": 0.1, "trained": 0.1, "kept": 0.1, "when_sure": 0.9, "in_doubt": 0.9}


@pytest.mark.parametrize("name", RECORD_OF)
def test_validation_lies_above_training_for_the_reason_that_the_page_gives(name):
    runs = values_of(name)
    outside = {
        "a net that learns nothing": learned_nothing(runs[0]),
        "a net that learns by heart in its first epoch": runs[0] | {"trained": 0.9},
        "a net that never learns by heart": runs[0] | {"history": {"accuracy": [0.1, 0.2], "val_accuracy": [0.2, 0.3]}},
    }
    check_band("cifar-cnn", "band-first-epoch", inside=runs, outside=outside)


@pytest.mark.parametrize("name", RECORD_OF)
def test_the_net_is_wrong_more_often_where_it_is_in_doubt(name):
    runs = values_of(name)
    outside = {"a net that is sure by chance": learned_nothing(runs[0]), "never wrong": runs[0] | {"when_sure": 0}}
    check_band("cifar-cnn", "band-doubt", inside=runs, outside=outside)


@pytest.mark.slow
def test_the_bands_of_the_trained_net_hold_on_ten_starts():
    runs = values_of("Shapes10")
    check_starts("cifar-cnn", "band-accuracy", runs)
    check_starts("cifar-cnn", "band-first-epoch", runs)
    check_starts("cifar-cnn", "band-doubt", runs)


def by_colour(pictures: datasets.Dataset, seed: int) -> dict[str, Any]:
    """Run the cell that classifies by colour, with other pictures held back than the page's."""
    order = np.random.default_rng(seed).permutation(len(pictures.train_labels))
    shuffled = pictures._replace(train_images=pictures.train_images[order], train_labels=pictures.train_labels[order])
    values = {"np": np, "data": shuffled, "labels": shuffled.train_labels}
    return run([BOOK.page("cifar-cnn").assigning("by_colour")], values)


def small(pictures: datasets.Dataset) -> datasets.Dataset:
    """Return pictures of one pixel, which has the mean colour."""
    return pictures._replace(train_images=pictures.train_images.mean(axis=(1, 2), keepdims=True))


def test_colours_say_next_to_nothing_on_shapes10():
    data = small(datasets.load("shapes10"))
    tinted = data._replace(train_images=data.train_images + 9.0 * data.train_labels[:, None, None, None])
    inside = [by_colour(data, seed) for seed in range(101, 109)]
    painted = by_colour(tinted, 101)
    never = painted | {"by_colour": 0.0}
    outside = {"each class in its own light": painted, "each class under another's name": never}
    check_band("cifar-cnn", "band-by-colour", inside=inside, outside=outside)


@pytest.mark.slow
def test_colours_say_next_to_nothing_whatever_is_held_back():
    data = small(datasets.load("shapes10"))
    check_starts("cifar-cnn", "band-by-colour", [by_colour(data, seed) for seed in range(1001, 1201)])


def loss_at_start(seed: int, data: datasets.Dataset, greatest: float = 1.0) -> dict[str, Any]:
    """Run the cell with the loss before training, with pictures whose values go from 0 to the greatest."""
    keras.utils.set_random_seed(seed)
    model = notes_cnn()
    values = {
        "np": np,
        "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        "model": lambda images: model((images / 255 * greatest).astype("float32")),
        "data": data,
        "labels": data.train_labels,
    }
    return run([BOOK.page("cifar-cnn").assigning("at_start")], values)


def test_the_loss_before_training_is_about_that_of_guessing():
    data = datasets.load("shapes10")
    inside = [loss_at_start(seed, data) for seed in range(101, 104)]
    outside = {"bytes that nothing scales": loss_at_start(101, data, greatest=255)}
    check_band("cifar-cnn", "band-loss-at-start", inside=inside, outside=outside)


@pytest.mark.slow
def test_the_loss_before_training_is_about_that_of_guessing_from_many_starts():
    data = datasets.load("shapes10")
    starts = [loss_at_start(seed, data) for seed in range(1001, 1201)]
    check_starts("cifar-cnn", "band-loss-at-start", starts)


def best_epochs(seed: int, **wrong: Any) -> dict[str, Any]:
    """Run the simulation of the page from another seed."""
    page = BOOK.page("cifar-cnn")
    cells = [page.defining("plateau"), page.defining("errors"), page.assigning("simulated")]
    return run(cells, {"np": np} | wrong, seed=seed)


def test_the_best_epoch_of_the_test_set_reports_too_much():
    runs = [best_epochs(seed) for seed in range(101, 109)]
    nothing = {size: np.zeros(3) + 1e-9 for size in runs[0]["simulated"]}
    chosen_on_test = {size: np.repeat(three[:1], 3) for size, three in runs[0]["simulated"].items()}
    always_the_same = {size: runs[0]["simulated"][10_000, 1] for size in runs[0]["simulated"]}
    outside = {
        "a test set that chooses nothing": {"simulated": nothing},
        "validation pictures that are the test pictures": {"simulated": chosen_on_test},
        "a bias that does not depend on the pictures": {"simulated": always_the_same},
    }
    check_band("cifar-cnn", "band-best-epoch", inside=runs, outside=outside)


@pytest.mark.slow
def test_the_best_epoch_of_the_test_set_reports_too_much_from_many_starts():
    check_starts("cifar-cnn", "band-best-epoch", [best_epochs(seed) for seed in range(1001, 1201)])


def test_the_curves_of_the_notes_recipe_are_as_described():
    curves = [run["history"]["val_accuracy"] for run in recorded.read("cifar10-notes-recipe")["runs"]]
    steps = np.abs(np.diff(np.array(curves)[:, 3:], axis=1))
    assert 0.03 < steps.max() <= 0.035, "up and down by up to three and a half points"
    assert all(0.68 <= curve[-1] < 0.7 for curve in curves)
