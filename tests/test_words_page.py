"""What the page about the ten-document classifier claims, re-checked with seeds that it does not use."""

import nnbook.quiet  # noqa: F401  isort: skip
import jupytext
import numpy as np
import pytest
from conftest import ROOT
from test_bands import band_of, holds
from test_notes_facts import PADDED

from nnbook import classifiers

PAGE = "words/what-the-classifier-learned.md"
SEEDS = range(1001, 1101)
LABELS = np.array([1] * 5 + [0] * 5)
PADDED = np.array(PADDED)
EPOCHS = [50, 100, 200, 400]


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """The functions of the page."""
    values: dict[str, object] = {"np": np, "labels": LABELS}
    for cell in jupytext.read(ROOT / "chapters" / PAGE).cells:
        if cell.cell_type == "code" and cell.source.startswith("def judge"):
            exec(cell.source, values)
    return values


def train(head: str = "Flatten", labels: np.ndarray = LABELS, seeds=SEEDS, epochs=EPOCHS, **options: bool):
    return classifiers.train_many(head, PADDED, labels, seeds, epochs, words=50, **options)


@pytest.fixture(scope="module")
def flatten() -> classifiers.Trained:
    return train()


@pytest.fixture(scope="module")
def as_in_paper() -> classifiers.Trained:
    return train(summed=True)


def test_accuracy_loss_and_confidence(page, flatten, as_in_paper):
    band = band_of(PAGE, "assert 0.97 < accuracy[0]")
    for trained, expected in ((flatten, True), (as_in_paper, False)):
        rows = [page["judge"](p, LABELS) for p in trained.probabilities]
        assert holds(band, np=np, rows=rows) == expected, rows


def test_the_notes_90_percent_come_from_adam(page, flatten, as_in_paper):
    band = band_of(PAGE, "assert 0.82 < paper_accuracy")
    for trained, expected in ((as_in_paper, True), (flatten, False)):
        values = page | {"as_in_paper": trained, "accuracy": [0]}
        assert holds(band, **values) == expected


def wrong_share(trained: classifiers.Trained) -> np.ndarray:
    return ((trained.probabilities[0] > 0.5) != LABELS).mean(axis=0)


def test_poor_work_fails_and_half_of_it_is_padding(page, flatten, as_in_paper):
    band = band_of(PAGE, "assert wrong[8] > 0.85")
    for trained, expected in ((as_in_paper, True), (flatten, False)):
        share = wrong_share(trained)
        assert holds(band, wrong=share, wrong_in_order=share) == expected
    band = band_of(PAGE, "assert masked_accuracy > 0.92")
    for trained, expected in ((train("masked Flatten", epochs=[50], summed=True), True), (as_in_paper, False)):
        accuracy = page["judge"](trained.probabilities[0], LABELS)[0]
        assert holds(band, masked_accuracy=accuracy, wrong_share=wrong_share, masked=trained) == expected


@pytest.mark.parametrize("shuffle", [101, 102, 103])
def test_shuffled_labels_are_learned(shuffle):
    labels = np.random.default_rng(shuffle).permutation(LABELS)
    band = band_of(PAGE, "assert nonsense > 0.98")
    for epochs, expected in ((400, True), (10, False)):
        right = (train(labels=labels, epochs=[epochs]).probabilities[0] > 0.5) == labels
        assert holds(band, nonsense=right.mean()) == expected


def test_leave_one_out_is_below_chance():
    right = []
    for k in range(10):
        rest = np.arange(10) != k
        one = classifiers.train_many("Flatten", PADDED[rest], LABELS[rest], range(1001, 1021), [200], words=50)
        right.append((one.predict(PADDED[[k]])[:, 0] > 0.5) == LABELS[k])
    assert np.mean(right) < 0.5


def test_what_the_five_heads_make_of_unseen_phrases():
    unseen = np.array([[46, 17, 0, 0], [17, 46, 0, 0], [40, 46, 0, 0], [46, 40, 0, 0], [40, 2, 0, 0], [40, 3, 0, 0]])
    band = band_of(PAGE, 'assert table["Flatten"][0] > 0.8')
    table = {}
    for head in classifiers.HEADS:
        seeds = SEEDS if "S" not in head else range(1001, 1011)
        table[head] = train(head, seeds=seeds, epochs=[400]).predict(unseen).mean(axis=0)
    assert holds(band, np=np, table=table), table
    assert not holds(band, np=np, table=table | {"Flatten": table["masked mean"]})
