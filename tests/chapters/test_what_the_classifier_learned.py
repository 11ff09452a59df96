"""What the page that doubts the ten-document classifier claims, over seeds that it does not use."""

import nnbook.quiet  # noqa: F401  isort: skip
import functools

import numpy as np
import pytest

from nnbook import classifiers, text
from tests.pages import LABELS, PADDED, check_band, functions

SEEDS = range(1001, 1101)
EPOCHS = [50, 100, 200, 400]
LABELS, PADDED = np.array(LABELS), np.array(PADDED)
DOCUMENTS = ["Well done!", "Good work", "Great effort", "nice work", "Excellent!"]
DOCUMENTS += ["Weak", "Poor effort!", "not good", "poor work", "Could have done better."]


def train(head: str = "Flatten", labels: np.ndarray = LABELS, seeds=SEEDS, epochs=EPOCHS, **options: bool):
    return classifiers.train_many(head, PADDED, labels, seeds, epochs, words=50, **options)


@pytest.fixture(scope="module", autouse=True)
def built_once():
    """Build the nets of a head and its seeds once for all trainings: building a hundred takes longer than training."""
    weights = functools.cache(classifiers._first_weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "_first_weights", lambda *net: weights(*net[:-1], tuple(net[-1])))
        yield


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """The functions of the page, with these seeds in the place of its own."""
    values = {"labels": LABELS, "padded": PADDED, "seeds": SEEDS, "documents": DOCUMENTS, "text": text}
    values["train_many"] = classifiers.train_many
    return functions("what-the-classifier-learned", "judge", "wrong_share", "mean_moves", **values)


@pytest.fixture(scope="module")
def flatten() -> classifiers.Trained:
    return train()


@pytest.fixture(scope="module")
def as_in_paper() -> classifiers.Trained:
    return train(summed=True)


def test_accuracy_loss_and_confidence(page, flatten, as_in_paper):
    right = {"rows": [page["judge"](one, LABELS) for one in flatten.probabilities]}
    outside = {
        "Adam as in its paper": {"rows": [page["judge"](one, LABELS) for one in as_in_paper.probabilities]},
        "labels turned round": {"rows": [page["judge"](one, 1 - LABELS) for one in flatten.probabilities]},
    }
    check_band("what-the-classifier-learned", "band-training", inside=[right], outside=outside)


def test_the_notes_90_percent_come_from_adam(page, flatten, as_in_paper):
    values = page | {"accuracy": [0]}
    check_band(
        "what-the-classifier-learned",
        "band-paper-adam",
        inside=[values | {"as_in_paper": as_in_paper}],
        outside={"Adam of Keras 3": values | {"as_in_paper": flatten}},
    )


def test_poor_work_fails_whatever_the_integers(page, flatten, as_in_paper):
    paper, in_order, keras_3 = (page["wrong_share"](one) for one in (as_in_paper, page["others"], flatten))
    check_band(
        "what-the-classifier-learned",
        "band-failures",
        inside=[{"wrong": paper, "wrong_in_order": in_order}],
        outside={"Adam of Keras 3": {"wrong": keras_3, "wrong_in_order": keras_3}},
    )


def test_half_of_its_failures_come_from_the_padding(page, as_in_paper):
    def values(trained: classifiers.Trained) -> dict[str, object]:
        accuracy = page["judge"](trained.probabilities[0], LABELS)[0]
        return page | {"masked": trained, "masked_accuracy": accuracy}

    masked = train("masked Flatten", epochs=[50], summed=True)
    outside = {"no mask": values(as_in_paper)}
    check_band("what-the-classifier-learned", "band-mask", inside=[values(masked)], outside=outside)


def test_how_far_the_padding_moves(page):
    published, keras_3 = page["mean_moves"](summed=True), page["mean_moves"](summed=False)
    used = sorted(set(PADDED.ravel()) - {0})
    check_band(
        "what-the-classifier-learned",
        "band-padding",
        inside=[{"published": published, "keras_3": keras_3, "used": used}],
        outside={"the other Adam": {"published": keras_3, "keras_3": published, "used": used}},
    )


@pytest.mark.parametrize("shuffle", [101, 102, 103])
def test_shuffled_labels_are_learned(shuffle):
    labels = np.random.default_rng(shuffle).permutation(LABELS)
    right = (train(labels=labels, epochs=[10, 400]).probabilities > 0.5) == labels
    early, late = ({"nonsense": one.mean()} for one in right)
    check_band("what-the-classifier-learned", "band-shuffled-labels", inside=[late], outside={"10 epochs": early})


def test_leave_one_out_is_below_chance(page, flatten):
    right = []
    for k in range(10):
        rest = np.arange(10) != k
        one = classifiers.train_many("Flatten", PADDED[rest], LABELS[rest], range(1001, 1021), [200], words=50)
        right.append((one.predict(PADDED[[k]])[:, 0] > 0.5) == LABELS[k])
    trained_on = page["judge"](flatten.probabilities[2], LABELS)[0]
    check_band(
        "what-the-classifier-learned",
        "band-leave-one-out",
        inside=[page | {"alone": np.mean(right)}],
        outside={"asked about what it was trained on": page | {"alone": trained_on}},
    )


def test_what_the_five_heads_make_of_unseen_phrases(flatten):
    unseen = np.array([[46, 17, 0, 0], [17, 46, 0, 0], [40, 46, 0, 0], [46, 40, 0, 0], [40, 2, 0, 0], [40, 3, 0, 0]])
    nets = {"Flatten": flatten}
    for head in ("bag of words", "masked mean", "SimpleRNN", "LSTM"):
        nets[head] = train(head, seeds=range(1001, 1011) if head in ("SimpleRNN", "LSTM") else SEEDS, epochs=[400])
    table = {head: net.predict(unseen).mean(axis=0) for head, net in nets.items()}
    outside = {
        "Flatten without an order": {"table": table | {"Flatten": table["masked mean"]}},
        "nets that have learned nothing": {"table": dict.fromkeys(table, np.full(6, 0.5))},
    }
    check_band("what-the-classifier-learned", "band-heads", inside=[{"table": table}], outside=outside)
