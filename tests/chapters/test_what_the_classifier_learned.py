"""What the page that doubts the ten-document classifier claims, over seeds that it does not use."""

import nnbook.quiet  # noqa: F401  isort: skip
import functools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from nnbook import classifiers, text
from tests.pages import LABELS, PADDED, check_band, check_starts, functions

SEEDS = range(1001, 1101)
EPOCHS = [50, 100, 200, 400]
LABELS, PADDED = np.array(LABELS), np.array(PADDED)
DOCUMENTS = ["Well done!", "Good work", "Great effort", "nice work", "Excellent!"]
DOCUMENTS += ["Weak", "Poor effort!", "not good", "poor work", "Could have done better."]
PHRASES = np.array([[46, 17, 0, 0], [17, 46, 0, 0], [40, 46, 0, 0], [46, 40, 0, 0], [40, 2, 0, 0], [40, 3, 0, 0]])
USED = sorted(set(PADDED.ravel()) - {0})
HEADS = ("bag of words", "masked mean", "Flatten", "SimpleRNN", "LSTM")
STARTS, NETS, RECURRENT, LEFT_OUT = 200, 100, 10, 20  # of the page; and how many nets each of its runs trains


def train(head: str = "Flatten", labels: np.ndarray = LABELS, seeds=SEEDS, epochs=EPOCHS, **options: bool):
    return classifiers.train_many(head, PADDED, labels, seeds, epochs, words=50, **options)


@pytest.fixture(scope="module", autouse=True)
def built_once():
    """Build the nets of a head and its seeds once for all trainings: building a hundred takes longer than training."""
    weights = functools.cache(classifiers._first_weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "_first_weights", lambda *net: weights(*net[:3], tuple(net[3]), net[4]))
        yield


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """The functions of the page, with these seeds in the place of its own."""
    values = {"labels": LABELS, "padded": PADDED, "seeds": SEEDS, "documents": DOCUMENTS, "text": text}
    values["train_many"] = classifiers.train_many
    return functions("what-the-classifier-learned", "judge", "wrong_share", "mean_moves", "right_of_ten", **values)


def rows_and_losses(page: dict[str, object], probabilities: np.ndarray, labels: np.ndarray = LABELS):
    """What the page makes of its nets at its checkpoints."""
    given = np.where(labels == 1, probabilities, 1 - probabilities)
    return {"rows": [page["judge"](one, labels) for one in probabilities], "losses": -np.log(given).mean(axis=2)}


def control(probabilities: np.ndarray, real: np.ndarray, shuffled: np.ndarray) -> dict[str, object]:
    """What the page makes of nets that learned shuffled labels, beside nets from the same starts that learned ours."""
    given = [np.where(y == 1, p, 1 - p) for y, p in ((LABELS, real), (shuffled, probabilities))]
    losses = [-np.log(one).mean(axis=1) for one in given]
    return {
        "right": (given[0] > 0.5).mean(),
        "by_heart": (given[1] > 0.5).mean(),
        "p_value": (1 + (losses[1] <= losses[0]).sum()) / (1 + len(losses[0])),
    }


def replies(answers: dict[str, np.ndarray]) -> dict[str, object]:
    """The two tables that the page makes of the heads' answers to its phrases."""
    return {
        "table": {head: one.mean(axis=0) for head, one in answers.items()},
        "praise": {head: (one > 0.5).mean(axis=0) for head, one in answers.items()},
    }


def left_out(places: Sequence[int], seeds: Sequence[int]) -> np.ndarray:
    """Which answers to documents that were left out are right, (seeds, places)."""
    rest = np.delete(np.arange(10), places)
    trained = classifiers.train_many("Flatten", PADDED[rest], LABELS[rest], seeds, [200], words=50)
    return (trained.predict(PADDED[list(places)]) > 0.5) == LABELS[list(places)]


def seen_elsewhere() -> list[float]:
    rows = [(row[row > 0], np.delete(PADDED, k, axis=0)) for k, row in enumerate(PADDED)]
    return [float(np.isin(words, others).mean()) for words, others in rows]


@pytest.fixture(scope="module")
def flatten() -> classifiers.Trained:
    return train()


@pytest.fixture(scope="module")
def as_in_paper() -> classifiers.Trained:
    return train(summed=True)


def test_accuracy_loss_and_confidence(page, flatten, as_in_paper):
    outside = {
        "Adam as in its paper": rows_and_losses(page, as_in_paper.probabilities),
        "labels turned round": rows_and_losses(page, flatten.probabilities, 1 - LABELS),
        "one checkpoint for all": rows_and_losses(page, flatten.probabilities[[1, 1, 1, 1]]),
    }
    check_band(
        "what-the-classifier-learned",
        "band-training",
        inside=[rows_and_losses(page, flatten.probabilities)],
        outside=outside,
    )


def test_the_strips_of_the_figure_do_not_touch(page, flatten):
    close = train(epochs=[50, 55, 60, 65])
    check_band(
        "what-the-classifier-learned",
        "band-strips",
        inside=[rows_and_losses(page, flatten.probabilities)],
        outside={"a few epochs apart": rows_and_losses(page, close.probabilities)},
    )


def test_the_notes_90_percent_come_from_adam(page, flatten, as_in_paper):
    check_band(
        "what-the-classifier-learned",
        "band-paper-adam",
        inside=[page | {"flatten": flatten, "as_in_paper": as_in_paper}],
        outside={"the other Adam": page | {"flatten": as_in_paper, "as_in_paper": flatten}},
    )


def test_poor_work_fails_whatever_the_integers(page, flatten, as_in_paper):
    paper, in_order, keras_3 = (page["wrong_share"](one) for one in (as_in_paper, page["others"], flatten))
    check_band(
        "what-the-classifier-learned",
        "band-failures",
        inside=[{"wrong": paper, "wrong_in_order": in_order}],
        outside={
            "Adam of Keras 3": {"wrong": keras_3, "wrong_in_order": in_order},
            "Adam of Keras 3 for the vocabulary": {"wrong": paper, "wrong_in_order": keras_3},
        },
    )


def test_half_of_its_failures_come_from_the_padding(page, as_in_paper):
    wrong = page["wrong_share"](as_in_paper)
    masked = train("masked Flatten", epochs=[50], summed=True)
    values = page | {"wrong": wrong}
    outside = {"no mask": values | {"masked": as_in_paper}}
    check_band("what-the-classifier-learned", "band-mask", inside=[values | {"masked": masked}], outside=outside)


def test_how_far_the_padding_moves(page):
    published, keras_3 = page["mean_moves"](summed=True), page["mean_moves"](summed=False)
    check_band(
        "what-the-classifier-learned",
        "band-padding",
        inside=[{"published": published, "keras_3": keras_3, "used": USED}],
        outside={"the other Adam": {"published": keras_3, "keras_3": published, "used": USED}},
    )


def shuffles(seed: int, count: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return np.array([draw.permutation(LABELS) for _ in range(count)])


@pytest.mark.parametrize("shuffle", [101, 102])
def test_shuffled_labels_are_learned(flatten, shuffle):
    real, shuffled = flatten.probabilities, shuffles(shuffle, NETS)
    early, late = train(labels=shuffled, epochs=[50, 400]).probabilities
    outside = {
        "50 epochs on the shuffles": control(early, real[3], shuffled),
        "50 epochs on the real labels": control(late, real[0], shuffled),
    }
    check_band(
        "what-the-classifier-learned",
        "band-shuffled-labels",
        inside=[control(late, real[3], shuffled)],
        outside=outside,
    )


def test_leave_one_out_is_below_chance(page, flatten):
    seeds = range(1001, 1001 + LEFT_OUT)
    values = {
        "alone": np.mean([left_out([k], seeds) for k in range(10)]),
        "balanced": np.mean([left_out([k, k + 5], seeds) for k in range(5)]),
        "seen_elsewhere": seen_elsewhere(),
    }
    trained_on = page["judge"](flatten.probabilities[2], LABELS)[0]
    outside = {
        "asked about what it was trained on": values | {"alone": trained_on},
        "five against four in both": values | {"balanced": values["alone"]},
        "all words known": values | {"seen_elsewhere": [1.0] * 10},
    }
    check_band("what-the-classifier-learned", "band-leave-one-out", inside=[values], outside=outside)


def test_what_the_five_heads_make_of_unseen_phrases(flatten):
    nets = {"Flatten": flatten}
    for head in set(HEADS) - {"Flatten"}:
        recurrent = head in ("SimpleRNN", "LSTM")
        nets[head] = train(head, seeds=range(1001, 1001 + RECURRENT) if recurrent else SEEDS, epochs=[400])
    answers = {head: nets[head].predict(PHRASES) for head in HEADS}
    outside = {
        "Flatten without an order": replies(answers | {"Flatten": answers["masked mean"]}),
        "an LSTM for the plain recurrent net": replies(answers | {"SimpleRNN": answers["LSTM"]}),
        "nets that have learned nothing": replies(dict.fromkeys(HEADS, np.full((10, 6), 0.5))),
    }
    check_band("what-the-classifier-learned", "band-heads", inside=[replies(answers)], outside=outside)
    turned = {head: np.where(np.arange(6) > 3, 1 - one, one) for head, one in answers.items()}
    outside = {"nets that turn meanings round": replies(turned)}
    check_band("what-the-classifier-learned", "band-not", inside=[replies(answers)], outside=outside)


# Over many starts: first weights as Keras draws them, but thousands at once; a Keras model for each takes far longer.


def drawn(draw: np.random.Generator, head: str, words: int, length: int, count: int) -> list[np.ndarray]:
    """Draw the first weights of many nets as their layers would, stacked like those of `train_many`."""

    def glorot(*shape: int) -> np.ndarray:
        reach = np.sqrt(6 / sum(shape))
        return draw.uniform(-reach, reach, (count, *shape)).astype("float32")

    def orthogonal(columns: int) -> np.ndarray:
        q, r = np.linalg.qr(draw.normal(size=(count, columns, units)))
        signs = np.sign(np.diagonal(r, axis1=1, axis2=2))[:, np.newaxis]
        return np.swapaxes(q * signs, 1, 2).astype("float32")

    units, zero = classifiers.UNITS, np.zeros((count, 1), "float32")
    if head == "bag of words":
        return [glorot(words - 1, 1), zero]
    table = draw.uniform(-0.05, 0.05, (count * words, units)).astype("float32")
    if "Flatten" in head:
        return [table, glorot(length * units, 1), zero]
    if head == "masked mean":
        return [table, glorot(units, 1), zero]
    gates = 4 if head == "LSTM" else 1
    bias = np.zeros((count, gates * units), "float32")
    bias[:, units : 2 * units] = 1  # the forget gate; nothing for the plain net, which has no such columns
    inner = [glorot(units, gates * units), orthogonal(gates * units), bias]
    return [table, *inner, glorot(units, 1), zero]


@pytest.mark.parametrize("head", classifiers.HEADS)
def test_first_weights_are_drawn_as_keras_draws_them(head):
    ours = drawn(np.random.default_rng(7), head, 50, 4, count=40)
    keras_own = classifiers._first_weights(head, 50, 4, range(2001, 2041), None)
    for a, b in zip(ours, keras_own, strict=True):
        assert a.shape == b.shape and a.dtype == b.dtype
        assert np.abs(a).max() == pytest.approx(np.abs(b).max(), rel=0.15)
        assert a.std() == pytest.approx(b.std(), rel=0.1) and a.mean() == pytest.approx(b.mean(), abs=0.1)


@pytest.fixture(scope="module")
def many_starts() -> Iterator[int]:
    """Draw all first weights at once; the same for all trainings of as many nets, so that answers stay in pairs."""

    @functools.cache
    def weights(head: str, words: int, length: int, count: int) -> list[np.ndarray]:
        return drawn(np.random.default_rng([2026, count]), head, words, length, count)

    def first(head: str, words: int, length: int, seeds: Sequence[int], at: None) -> list[np.ndarray]:
        assert at is None, "the nets of this page answer from the end"
        return weights("Flatten" if head == "masked Flatten" else head, words, length, len(seeds))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "_first_weights", first)
        yield STARTS


@pytest.fixture(scope="module")
def many(many_starts) -> classifiers.Trained:
    return train(seeds=range(many_starts * NETS))


@pytest.fixture(scope="module")
def many_in_paper(many_starts) -> classifiers.Trained:
    return train(seeds=range(many_starts * NETS), epochs=[50], summed=True)


def in_starts(probabilities: np.ndarray) -> list[np.ndarray]:
    """Cut (checkpoints, nets, ...) into the checkpoints and nets of each start."""
    return np.split(probabilities, STARTS, axis=1)


def as_trained(probabilities: np.ndarray) -> classifiers.Trained:
    return classifiers.Trained("Flatten", [], probabilities)


@pytest.mark.slow
def test_training_over_many_starts(page, many):
    starts = [rows_and_losses(page, one) for one in in_starts(many.probabilities)]
    check_starts("what-the-classifier-learned", "band-training", starts)
    check_starts("what-the-classifier-learned", "band-strips", starts)


@pytest.mark.slow
def test_the_two_adams_over_many_starts(page, many, many_in_paper):
    pairs = zip(in_starts(many.probabilities), in_starts(many_in_paper.probabilities), strict=True)
    starts = [page | {"flatten": as_trained(now), "as_in_paper": as_trained(paper)} for now, paper in pairs]
    check_starts("what-the-classifier-learned", "band-paper-adam", starts)


@pytest.mark.slow
def test_failures_with_and_without_a_mask_over_many_starts(page, many_starts, many_in_paper):
    number_of = text.vocabulary(DOCUMENTS)
    in_order = text.pad([text.encode(one, number_of) for one in DOCUMENTS], 4)
    seeds = range(many_starts * NETS)
    others = classifiers.train_many("Flatten", in_order, LABELS, seeds, [50], words=50, summed=True)
    masked = train("masked Flatten", seeds=seeds, epochs=[50], summed=True)
    shares = [
        [page["wrong_share"](as_trained(one)) for one in in_starts(trained.probabilities)]
        for trained in (many_in_paper, others)
    ]
    failures = [{"wrong": a, "wrong_in_order": b} for a, b in zip(*shares, strict=True)]
    check_starts("what-the-classifier-learned", "band-failures", failures)
    masks = zip(shares[0], in_starts(masked.probabilities), strict=True)
    check_starts(
        "what-the-classifier-learned", "band-mask", [page | {"wrong": a, "masked": as_trained(b)} for a, b in masks]
    )


@pytest.mark.slow
def test_the_moves_of_the_padding_over_many_starts(many_starts):
    seeds = range(many_starts * NETS)
    start = train(seeds=seeds, epochs=[0]).weights[0]
    moves = []
    for summed in (True, False):
        end = train(seeds=seeds, epochs=[50], summed=summed).weights[0]
        moves.append(np.linalg.norm(end - start, axis=1).reshape(many_starts, NETS, 50).mean(axis=1))
    starts = [{"published": a, "keras_3": b, "used": USED} for a, b in zip(*moves, strict=True)]
    check_starts("what-the-classifier-learned", "band-padding", starts)


@pytest.mark.slow
def test_shuffled_labels_over_many_starts(many_starts, many):
    shuffled = shuffles(1001, many_starts * NETS)
    late = train(labels=shuffled, seeds=range(many_starts * NETS), epochs=[400]).probabilities[0]
    cut = (np.split(one, many_starts) for one in (late, many.probabilities[3], shuffled))
    check_starts(
        "what-the-classifier-learned", "band-shuffled-labels", [control(*one) for one in zip(*cut, strict=True)]
    )


@pytest.mark.slow
def test_leave_one_out_over_many_starts(many_starts):
    seeds = range(many_starts * LEFT_OUT)
    alone = np.mean([left_out([k], seeds) for k in range(10)], axis=(0, 2))
    balanced = np.mean([left_out([k, k + 5], seeds) for k in range(5)], axis=(0, 2))
    means = zip(*(one.reshape(many_starts, LEFT_OUT).mean(axis=1) for one in (alone, balanced)), strict=True)
    starts = [{"alone": a, "balanced": b, "seen_elsewhere": seen_elsewhere()} for a, b in means]
    check_starts("what-the-classifier-learned", "band-leave-one-out", starts)


@pytest.mark.slow
def test_the_five_heads_over_many_starts(many_starts, many):
    cut = {"Flatten": np.split(many.predict(PHRASES), many_starts)}
    for head in set(HEADS) - {"Flatten"}:
        nets = RECURRENT if head in ("SimpleRNN", "LSTM") else NETS
        trained = train(head, seeds=range(many_starts * nets), epochs=[400])
        cut[head] = np.split(trained.predict(PHRASES), many_starts)
    starts = [replies({head: cut[head][n] for head in HEADS}) for n in range(many_starts)]
    check_starts("what-the-classifier-learned", "band-heads", starts)
    check_starts("what-the-classifier-learned", "band-not", starts)
