"""What the page about the ten-document classifier claims, re-checked with seeds that it does not use."""

import nnbook.quiet  # noqa: F401  isort: skip
import jupytext
import numpy as np
import pytest

from nnbook import apples, classifiers, text
from nnbook.intervals import wilson
from tests.chapters.test_bands import band_of, holds
from tests.chapters.test_notes_facts import PADDED
from tools.book import ROOT

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


def test_how_far_the_padding_moves(flatten):
    band = band_of(PAGE, "assert published[3] == keras_3[3] == 0")
    start = train(epochs=[0]).weights[0]

    def moves(summed: bool) -> np.ndarray:
        moved = np.linalg.norm(train(epochs=[50], summed=summed).weights[0] - start, axis=1)
        return moved.reshape(100, 50).mean(axis=0)

    published, keras_3 = moves(summed=True), moves(summed=False)
    used = sorted(set(PADDED.ravel()) - {0})
    assert holds(band, published=published, keras_3=keras_3, used=used)
    assert not holds(band, published=keras_3, keras_3=published, used=used)


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


APPLES_PAGE = "words/two-apples.md"
SINGLE, TWINS = np.r_[0:12, 24:36], np.r_[12:24, 36:48]


def right_by(head: str) -> np.ndarray:
    sentences, senses = apples.training()
    held_out, held_out_senses = apples.held_out()
    number_of = text.vocabulary(sentences)
    training, test = (text.pad([text.encode(one, number_of) for one in given], 7) for given in (sentences, held_out))
    words = len(number_of) + 2
    net = classifiers.train_many(head, training, senses, range(1001, 1021), [400], words, rate=0.003)
    return (net.predict(test) > 0.5) == np.array(held_out_senses)


def test_who_tells_the_two_apples_apart():
    right = {head: right_by(head) for head in ("bag of words", "masked mean", "SimpleRNN", "LSTM")}
    without_order = band_of(APPLES_PAGE, 'for head in ["bag of words", "masked mean"]')
    with_order = band_of(APPLES_PAGE, 'assert 0.7 < right["LSTM"]')
    interval = band_of(APPLES_PAGE, "assert low > 0.25")
    values = {"single": SINGLE, "twins": TWINS, "wilson": wilson}
    assert holds(without_order, right=right, **values)
    assert holds(with_order, right=right, **values)

    def pairs(right: dict[str, np.ndarray]):
        return lambda head: round(12 * (right[head][:, 12:24] & right[head][:, 36:48]).mean())

    assert holds(interval, pairs_right=pairs(right), **values)
    fails = band_of(APPLES_PAGE, 'assert fails["SimpleRNN"]')
    assert holds(fails, right=right, heads=list(right), **values)
    assert not holds(fails, right=right | {"SimpleRNN": right["LSTM"]}, heads=list(right), **values)
    bag = right["bag of words"]
    assert not holds(without_order, right=dict.fromkeys(right, right["LSTM"]), **values)
    assert not holds(with_order, right=right | {"LSTM": bag, "SimpleRNN": bag}, **values)
    assert not holds(interval, pairs_right=pairs(right | {"LSTM": bag}), **values)
