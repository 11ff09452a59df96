"""Many classifiers at once: each is the Keras model that is trained alone."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
import numpy as np
import pytest
import tensorflow as tf

from nnbook import classifiers
from tests.pages import PADDED

LABELS = [1] * 5 + [0] * 5
SEEDS = (3, 7, 11)


def alone(head: str, seed: int, epochs: int) -> keras.Model:
    keras.utils.set_random_seed(seed)
    model = classifiers.build(head, words=50, length=4)
    model.compile(optimizer="adam", loss="binary_crossentropy")
    model.fit(np.array(PADDED), np.array(LABELS), epochs=epochs, verbose=0)
    return model


@pytest.mark.parametrize("head", classifiers.HEADS)
def test_each_seed_equals_the_keras_model_trained_alone(head):
    many = classifiers.train_many(head, PADDED, LABELS, SEEDS, epochs=[0, 20, 60], words=50)
    assert many.probabilities.shape == (3, len(SEEDS), 10)
    for number, seed in enumerate(SEEDS):
        model = alone(head, seed, epochs=60)
        expected = model.predict(np.array(PADDED), verbose=0)[:, 0]
        assert np.allclose(many.probabilities[-1, number], expected, rtol=0, atol=1e-5), seed
        for ours, theirs in zip(many.weights, model.get_weights(), strict=True):
            assert np.allclose(ours.reshape(len(SEEDS), *theirs.shape)[number], theirs, rtol=0, atol=1e-5)
        unseen = np.array([[17, 46, 0, 0], [40, 26, 0, 0]])
        assert np.allclose(many.predict(unseen)[number], model.predict(unseen, verbose=0)[:, 0], rtol=0, atol=1e-5)
    assert np.ptp(many.probabilities[-1], axis=0).max() > 1e-3, "the seeds differ, so the comparison could have failed"


AT = [[16, 1, 5, 0], [46, 5, 17, 4], [5, 10, 0, 0], [35, 17, 5, 0], [27, 5, 0, 0]] * 2  # each holds the word 5 once


@pytest.mark.parametrize("head", ["SimpleRNN", "LSTM", classifiers.BOTH_WAYS])
@pytest.mark.parametrize("at", [None, 5])
def test_read_at_a_word_and_both_ways_each_seed_equals_the_keras_model_too(head, at):
    many = classifiers.train_many(head, AT, LABELS, SEEDS, epochs=[30], words=50, at=at)
    for number, seed in enumerate(SEEDS):
        keras.utils.set_random_seed(seed)
        model = classifiers.build(head, words=50, length=4, at=at)
        model.compile(optimizer="adam", loss="binary_crossentropy")
        model.fit(np.array(AT), np.array(LABELS), epochs=30, verbose=0)
        expected = model.predict(np.array(AT), verbose=0)[:, 0]
        assert np.allclose(many.predict(AT)[number], expected, rtol=0, atol=1e-5), seed
        states = keras.Model(model.input, model.layers[-1].input).predict(np.array(AT), verbose=0)
        assert states.shape == (10, 8)
        assert np.allclose(many.states(AT)[number], states, rtol=0, atol=1e-5), seed


def test_from_the_left_the_state_at_a_word_knows_nothing_of_what_follows():
    same, changed = [[7, 5, 9, 2]], [[7, 5, 3, 0]]
    trained = {
        head: classifiers.train_many(head, AT, LABELS, [1], [0], words=50, at=5) for head in ("LSTM", "both ways")
    }
    assert np.array_equal(trained["LSTM"].states(same), trained["LSTM"].states(changed))
    left, right = np.split(trained["both ways"].states(same) - trained["both ways"].states(changed), 2, axis=2)
    assert not left.any() and right.all()


def test_to_read_at_a_word_there_must_be_a_state_and_the_word():
    given = {"numbers": AT, "labels": LABELS, "seeds": [1], "epochs": [0], "words": 50}
    with pytest.raises(ValueError, match="document 0 holds it 0 times"):
        classifiers.train_many("LSTM", at=4, **given)
    with pytest.raises(ValueError, match="at, here 5, is for recurrent heads"):
        classifiers.train_many("masked mean", at=5, **given)
    with pytest.raises(ValueError, match="document 1 holds it 2 times"):
        classifiers.train_many("LSTM", at=5, **given).predict([[5, 1], [5, 5]])
    for head in ("bag of words", "Flatten", "masked Flatten"):
        with pytest.raises(ValueError, match="states are those of a mean or of a recurrent head"):
            classifiers.train_many(head, **given).states(AT)
    assert classifiers.train_many("masked mean", **given).states(AT).shape == (1, 10, 8)


def test_adam_in_keras_3_squares_each_occurrence_of_a_word_on_its_own():
    layer = keras.layers.Embedding(4, 1, embeddings_initializer="zeros")
    layer.build()
    adam = keras.optimizers.Adam(0.001)
    adam.build(layer.trainable_weights)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(np.array([[1, 1, 1, 1, 2]])))
    adam.apply(tape.gradient(loss, layer.trainable_weights), layer.trainable_weights)
    moved = layer.embeddings.numpy()[:, 0]
    # By hand: 4 / sqrt(1² + 1² + 1² + 1²) = 2 steps for the word that occurs four times; Adam's paper gives one.
    assert np.allclose(moved, [0, -0.002, -0.001, 0], rtol=0, atol=1e-7)


def first_step(**options: bool) -> np.ndarray:
    start, end = (classifiers.train_many("Flatten", PADDED, LABELS, [3], [n], words=50, **options) for n in (0, 1))
    return np.abs(end.weights[0] - start.weights[0])[np.unique(PADDED)]


def test_summed_is_adam_as_in_its_paper():
    # Its first step has the length of the rate, 0.001, whatever the slope; only a slope near 0 gives less.
    steps = first_step(summed=True)
    assert steps.max() < 0.00101 and np.quantile(steps, 0.05) > 0.0009
    assert first_step().max() == pytest.approx(0.001 * np.sqrt(2), rel=0.01)  # a word that occurs twice


def test_each_net_can_have_its_own_labels():
    own = np.array([LABELS, LABELS[::-1], [1, 0] * 5])
    many = classifiers.train_many("Flatten", PADDED, own, SEEDS, epochs=[40], words=50)
    for number, seed in enumerate(SEEDS):
        one = classifiers.train_many("Flatten", PADDED, own[number], [seed], epochs=[40], words=50)
        assert np.allclose(many.probabilities[:, number], one.probabilities[:, 0], rtol=0, atol=1e-6)
    # Other labels lead to other answers, so the comparison could have failed.
    assert np.abs(many.probabilities[0, 0] - many.probabilities[0, 1]).max() > 0.01


@pytest.mark.parametrize("head", [head for head in classifiers.HEADS if "Flatten" not in head])
def test_padding_counts_nothing(head):
    many = classifiers.train_many(head, PADDED, LABELS, SEEDS, epochs=[30], words=50)
    longer = np.pad(np.array(PADDED), ((0, 0), (0, 3)))
    assert np.allclose(many.predict(longer), many.probabilities[-1], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"head": "GRU"}, "head must be one of bag of words, masked mean"),
        ({"numbers": PADDED[0]}, r"shape \(documents, length\), but have shape \(4,\)"),
        ({"numbers": np.array(PADDED) / 2}, "must be whole"),
        ({"numbers": [[0, 0, 0, 0]] * 10}, "one is all padding"),
        ({"words": 46}, "between 0 and 45, but go from 0 to 46"),
        ({"labels": LABELS[:9]}, "labels must be 10 zeros and ones"),
        ({"labels": [LABELS] * 2}, r"for each of the 1 seeds, but have shape \(2, 10\)"),
        ({"labels": [2] * 10}, "labels must lie between 0 and 1, but go from 2 to 2"),
        ({"labels": list("0101010101")}, "labels must be whole"),
        ({"labels": [0.5] * 10}, "labels must be whole"),
        ({"numbers": np.array(PADDED) > 0}, "must be whole, but are bool"),
        ({"seeds": []}, "there must be seeds"),
        ({"seeds": [1.5]}, "each seed must be a whole number"),
        ({"seeds": [True]}, "each seed must be a whole number"),
        ({"epochs": [0.5, 2]}, "each of epochs must be a whole number"),
        ({"epochs": [-1, 2]}, "each of epochs must be a whole number"),
        ({"rate": -0.1}, "rate must be a number from 0 on, but got -0.1"),
        ({"rate": float("nan")}, "rate must be a number from 0 on, but got nan"),
        ({"rate": "fast"}, "rate must be a number from 0 on, but got 'fast'"),
        ({"epochs": [50, 20]}, "rising epochs"),
    ],
)
def test_wrong_calls_say_what_to_do(change, said):
    good = {"head": "Flatten", "numbers": PADDED, "labels": LABELS, "seeds": [1], "epochs": [1], "words": 50}
    with pytest.raises(ValueError, match=said):
        classifiers.train_many(**good | change)


@pytest.mark.parametrize("head", ["bag of words", "masked mean"])
@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([[50, 1, 1, 1]], "between 0 and 49, but go from 1 to 50"),  # it would be a word of the next net
        ([[-1, 1, 1, 1]], "between 0 and 49"),
        ([[1.5, 1, 1, 1]], "must be whole"),
        ([1, 1, 1, 1], "must have shape"),
        ([[0, 0, 0, 0]], "one is all padding"),
    ],
)
def test_trained_nets_refuse_what_they_do_not_know(head, numbers, said):
    trained = classifiers.train_many(head, PADDED, LABELS, [1, 2], [0], words=50)
    with pytest.raises(ValueError, match=said):
        trained.predict(numbers)


def test_a_seed_a_checkpoint_and_a_rate_of_0_are_allowed():
    many = classifiers.train_many("bag of words", PADDED, LABELS, [0], [0, 1], words=50, rate=0)
    assert np.array_equal(*many.probabilities)  # a rate of 0 learns nothing


@pytest.mark.parametrize(("words", "length", "said"), [(0, 4, "words must be"), (5, 0, "length must be")])
def test_a_net_needs_a_word_and_a_place_for_it(words, length, said):
    with pytest.raises(ValueError, match=f"{said} a whole number of at least 1, but got 0"):
        classifiers.build("Flatten", words, length)
