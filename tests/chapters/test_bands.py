"""The bands of the pages, re-checked with seeds that the pages do not use, and shown a wrong model."""

import nnbook.quiet  # noqa: F401  isort: skip
from types import SimpleNamespace

import jupytext
import keras
import numpy as np
import pytest
import tensorflow

from nnbook import datasets, recorded
from tests.chapters.test_notes_facts import ENCODED
from tools.book import ROOT


def band_of(page: str, *needed: str) -> str:
    """Return the source of the one cell of a page that asserts the band."""
    cells = jupytext.read(ROOT / "chapters" / page).cells
    found = [cell.source for cell in cells if cell.cell_type == "code" and all(text in cell.source for text in needed)]
    assert len(found) == 1, (page, needed)
    return found[0]


def holds(source: str, **values: object) -> bool:
    try:
        exec(source, {"print": lambda *_: None} | values)
    except AssertionError:
        return False
    return True


EMBEDDING = "words/embedding-classifier.md"
LOSS_BAND = (EMBEDDING, "assert 0.59 < loss")
PROBABILITY_BAND = (EMBEDDING, "probabilities.min()", "assert")


def embedding_classifier(seed: int, epochs: int) -> dict[str, object]:
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Embedding(50, 8), keras.layers.Flatten(), keras.layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    padded = keras.utils.pad_sequences(ENCODED, maxlen=4, padding="post")
    labels = np.array([1] * 5 + [0] * 5)
    if epochs:
        model.fit(padded, labels, epochs=epochs, verbose=0)
    loss, accuracy = model.evaluate(padded, labels, verbose=0)
    return {"loss": loss, "accuracy": accuracy, "probabilities": model.predict(padded, verbose=0)[:, 0]}


@pytest.mark.parametrize("seed", range(101, 109))
def test_embedding_bands(seed):
    values = embedding_classifier(seed, epochs=50)
    assert holds(band_of(*LOSS_BAND), **values), values
    assert holds(band_of(*PROBABILITY_BAND), **values), values


@pytest.mark.parametrize("epochs", [0, 150])
def test_embedding_bands_can_fail(epochs):
    values = embedding_classifier(101, epochs)
    assert not holds(band_of(*LOSS_BAND), **values)
    assert not holds(band_of(*PROBABILITY_BAND), **values)


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


def ninety_five_percent_range(values: list[float], t: float) -> float:
    """Width of the range in which 95 % of further runs lie, from the t of Student's distribution."""
    return 2 * t * np.std(values, ddof=1)


# t for n - 1 degrees of freedom at 0.975: any table of Student's distribution.
@pytest.mark.parametrize(("name", "t"), [("Shapes10", 2.262), ("CIFAR-10", 2.776)])
def test_cnn_band_holds_every_recorded_run_and_is_not_too_wide(name, t):
    runs = recorded.read("cifar-cnn-" + name.lower().replace("-", ""))["runs"]
    accuracies = [run["test_accuracy"] for run in runs]
    values = {"data": SimpleNamespace(provenance=SimpleNamespace(name=name))}
    cell = band_of("images/cifar-cnn.md", "assert band[0] < test_acc")
    assert all(holds(cell, test_acc=accuracy, **values) for accuracy in accuracies), accuracies
    exec(cell, values | {"test_acc": np.median(accuracies)}, kept := {})
    low, high = kept["band"]
    assert high - low <= 2 * ninety_five_percent_range(accuracies, t)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102, 103])
def test_cnn_band_and_its_lead_over_a_dense_net(seed):
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
    band = band_of("images/cifar-cnn.md", "assert band[0] < test_acc")
    assert holds(band, test_acc=cnn, data=data), cnn
    assert not holds(band, test_acc=dense, data=data), dense
    assert cnn - dense >= 0.15


RNN = "sequences/rnn-by-hand.md"


def page_functions(page: str, *names: str) -> dict[str, object]:
    """Run the cells of a page that define these functions, and return what they define."""
    values: dict[str, object] = {"np": np, "keras": keras}
    for name in names:
        exec(band_of(page, f"def {name}("), values)
    return values


@pytest.mark.parametrize("seed", range(101, 105))
def test_forecast_bands(seed):
    noise = np.random.default_rng(7).normal(0, 0.3, 1000)
    wave = np.sin(2 * np.pi * np.arange(1000) / 40) + noise
    for series, band in ((wave, "assert 0.72 < ratio"), (np.cumsum(noise), "assert walk_ratio > 1")):
        page = page_functions(RNN, "split", "forecast") | {"print": lambda *_: None}
        past, tomorrow, test_past, test_tomorrow = page["split"](series)
        misses = {"like today": test_past[:, -1, 0], "mean": tomorrow.mean()}
        keras.utils.set_random_seed(seed)
        misses["net"] = page["forecast"](past, tomorrow, test_past)
        errors = {name: np.sqrt(np.mean((guess - test_tomorrow) ** 2)) for name, guess in misses.items()}
        cell = band_of(RNN, band)
        values = {"typical_error": lambda *_: 0.0, "tomorrow": tomorrow, "test_tomorrow": test_tomorrow, "wave": wave}
        assert holds(cell, error=errors["net"], baseline=errors["like today"], **values), (band, errors)
        if band.startswith("assert 0.72"):  # the named wrong models fall outside
            assert not holds(cell, error=errors["mean"], baseline=errors["like today"], **values)
            assert not holds(cell, error=errors["like today"], baseline=errors["like today"], **values)
        else:
            assert not holds(cell, error=0.9 * errors["like today"], baseline=errors["like today"], **values)
