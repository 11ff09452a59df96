"""The page about the ten documents: the notes' facts as literals, its bands over other seeds."""

import nnbook.quiet  # noqa: F401  isort: skip
import numpy as np
import pytest

from nnbook import classifiers
from tests.pages import ENCODED, LABELS, PADDED, check_band, run_until


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


SEEDS = range(101, 109)
EPOCHS = [0, 50, 150]


@pytest.fixture(scope="module")
def evaluated() -> dict[int, list[dict[str, object]]]:
    """Loss, accuracy and probabilities of the page's model for each of the seeds, by epochs.

    `train_many` trains what Keras would, seed for seed; tests/nnbook/test_classifiers.py compares the two.
    """
    trained = classifiers.train_many("Flatten", np.array(PADDED), LABELS, SEEDS, EPOCHS, words=50)
    right = np.array(LABELS) == 1
    return {
        epochs: [
            {
                "probabilities": one,
                "accuracy": ((one > 0.5) == right).mean(),
                "loss": -np.log(np.where(right, one, 1 - one)).mean(),
            }
            for one in probabilities
        ]
        for epochs, probabilities in zip(EPOCHS, trained.probabilities, strict=True)
    }


def test_fifty_epochs_are_right_and_unsure(evaluated):
    outside = {f"{epochs} epochs": evaluated[epochs][0] for epochs in (0, 150)}
    outside["labels turned round"] = evaluated[50][0] | {"accuracy": 1 - evaluated[50][0]["accuracy"]}
    check_band("embedding-classifier", "band-loss", inside=evaluated[50], outside=outside)


def test_fifty_epochs_stay_close_to_one_half(evaluated):
    outside = {f"{epochs} epochs": evaluated[epochs][0] for epochs in (0, 150)}
    check_band("embedding-classifier", "band-probabilities", inside=evaluated[50], outside=outside)
