"""The bands of the pages, re-checked with seeds that the pages do not use, and shown a wrong model."""

import nnbook.quiet  # noqa: F401  isort: skip
import jupytext
import keras
import numpy as np
import pytest
import tensorflow
from conftest import ROOT
from test_notes_facts import ENCODED

from nnbook import datasets


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
