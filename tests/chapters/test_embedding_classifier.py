"""The page about the ten documents: the notes' facts as literals, its bands over other seeds."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
import numpy as np
import pytest

from nnbook import classifiers, text
from tests.pages import ENCODED, LABELS, PADDED, check_band, check_starts, functions, run_until

DOCUMENTS = ["Well done!", "Good work", "Great effort", "nice work", "Excellent!"]
DOCUMENTS += ["Weak", "Poor effort!", "not good", "poor work", "Could have done better."]


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """The page up to its model, before any training."""
    return run_until("embedding-classifier", "model")


def test_the_notes_integers_and_their_padding(page):
    assert page["encoded"] == ENCODED and page["labels"] == LABELS
    assert page["padded"].shape == (10, 4)
    assert page["padded"].tolist() == PADDED


def test_the_embedding_of_a_batch(page):
    assert page["embedding"].count_params() == 200 * 32
    assert page["embedding"](np.zeros((7, 50), int)).shape == (7, 50, 32)


def test_the_notes_classifier(page):
    model = page["model"]
    assert [layer.count_params() for layer in model.layers] == [400, 0, 33]
    assert [layer.output.shape for layer in model.layers] == [(None, 4, 8), (None, 32), (None, 1)]
    assert model.count_params() == 433


@pytest.mark.parametrize("rows, steps", [(32, 1), (33, 2)])
def test_keras_takes_32_rows_into_a_batch(rows, steps):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    model.fit(np.zeros((rows, 1)), np.zeros(rows), verbose=0)
    assert int(model.optimizer.iterations) == steps


SEEDS, MANY = range(101, 109), range(5001, 5201)  # neither has the page's seed
EPOCHS = [0, 50, 150]


def evaluate(seeds: range, epochs: list[int]) -> dict[int, list[dict[str, object]]]:
    """Loss, accuracy and probabilities of the page's model for each of the seeds, by epochs.

    `train_many` trains what Keras would, seed for seed; tests/nnbook/test_classifiers.py compares the two.
    """
    trained = classifiers.train_many("Flatten", np.array(PADDED), LABELS, seeds, epochs, words=50)
    right = np.array(LABELS) == 1
    return {
        after: [
            {
                "probabilities": one,
                "accuracy": ((one > 0.5) == right).mean(),
                "loss": -np.log(np.where(right, one, 1 - one)).mean(),
            }
            for one in probabilities
        ]
        for after, probabilities in zip(epochs, trained.probabilities, strict=True)
    }


@pytest.fixture(scope="module")
def evaluated() -> dict[int, list[dict[str, object]]]:
    return evaluate(SEEDS, EPOCHS)


def test_fifty_epochs_are_right_and_unsure(evaluated):
    outside = {f"{epochs} epochs": evaluated[epochs][0] for epochs in (0, 150)}
    outside["labels turned round"] = evaluated[50][0] | {"accuracy": 1 - evaluated[50][0]["accuracy"]}
    check_band("embedding-classifier", "band-loss", inside=evaluated[50], outside=outside)


def test_fifty_epochs_stay_close_to_one_half(evaluated):
    outside = {f"{epochs} epochs": evaluated[epochs][0] for epochs in (0, 150)}
    check_band("embedding-classifier", "band-probabilities", inside=evaluated[50], outside=outside)


def learned_by_heart(seeds: range, epochs: list[int]) -> list[list[dict[str, object]]]:
    """Training accuracy on labels of which five are turned round, others for each of the seeds, by checkpoints."""
    draw = np.random.default_rng(17)
    turned = np.array([np.isin(np.arange(10), draw.choice(10, size=5, replace=False)) for _ in seeds])
    labels = np.where(turned, 1 - np.array(LABELS), LABELS)
    trained = classifiers.train_many("Flatten", np.array(PADDED), labels, seeds, epochs, words=50, rate=0.02)
    return [[{"by_heart": one} for one in ((p > 0.5) == labels).mean(axis=1)] for p in trained.probabilities]


def test_labels_of_which_half_are_wrong_are_learned():
    early, late = learned_by_heart(SEEDS, [5, 150])
    check_band(
        "embedding-classifier",
        "band-by-heart",
        inside=late,
        outside={"5 epochs": min(early, key=lambda x: x["by_heart"])},
    )


def moved(seeds: range, epochs: int) -> list[dict[str, object]]:
    """The last of the page's tables with two numbers for each word, of each of the seeds, for both kinds of labels."""
    numbers = {
        word: number
        for document, row in zip(DOCUMENTS, ENCODED, strict=True)
        for word, number in zip(text.words_of(document), row, strict=True)
    }
    ours, exchanged = (tables_of_two(labels, seeds, epochs) for labels in (np.array(LABELS), 1 - np.array(LABELS)))
    words = functions("embedding-classifier", "middles", number_of=numbers)
    return [words | {"paths": one[np.newaxis], "mirrored": other} for one, other in zip(ours, exchanged, strict=True)]


def tables_of_two(labels: np.ndarray, seeds: range, epochs: int) -> np.ndarray:
    """Train the page's net with two numbers for each word from each of the seeds, (seeds, words, 2)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "UNITS", 2)
        trained = classifiers.train_many("Flatten", np.array(PADDED), labels, seeds, [epochs], words=50)
    return trained.weights[0].reshape(len(seeds), 50, 2)


def test_words_with_the_same_job_end_up_close_together():
    outside = {"before training": moved(SEEDS, 0)[0]}
    check_band("embedding-classifier", "band-places", inside=moved(SEEDS, 400), outside=outside)


def test_exchanged_labels_exchange_the_sides():
    inside = moved(range(201, 209), 400)  # from one start in a hundred, such as 101 to 108 hold, they do not
    outside = {"the same labels again": inside[0] | {"mirrored": inside[0]["paths"][-1]}}
    check_band("embedding-classifier", "band-exchanged", inside=inside, outside=outside)


@pytest.mark.slow
def test_fifty_epochs_over_many_starts():
    starts = evaluate(MANY, [50])[50]
    check_starts("embedding-classifier", "band-loss", starts)
    check_starts("embedding-classifier", "band-probabilities", starts)


@pytest.mark.slow
def test_learning_by_heart_over_many_starts():
    check_starts("embedding-classifier", "band-by-heart", learned_by_heart(MANY, [150])[0])


@pytest.mark.slow
def test_the_places_of_words_over_many_starts():
    starts = moved(MANY, 400)
    check_starts("embedding-classifier", "band-places", starts)
    check_starts("embedding-classifier", "band-exchanged", starts)
