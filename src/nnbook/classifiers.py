"""Small text classifiers with several heads, in Keras, and the same for many first weights at once."""

import nnbook.quiet  # noqa: F401  isort: skip
from collections.abc import Sequence
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from nnbook.checks import number_between, whole_number, whole_numbers

HEADS = ("bag of words", "masked mean", "Flatten", "masked Flatten", "SimpleRNN", "LSTM")
BOTH_WAYS = "both ways"  # an LSTM from the left and one from the right, each with half of the nodes
UNITS = 8  # numbers per word, and nodes of the recurrent heads


class Trained(NamedTuple):
    """Classifiers that differ in their first weights only.

    weights holds the arrays of one Keras model, each with a first axis for the seeds (the embedding tables lie
    below each other); probabilities has shape (checkpoints, seeds, documents); at is the number of the word at which
    the state is read, or None for the last state.
    """

    head: str
    weights: list[np.ndarray]
    probabilities: np.ndarray
    at: int | None = None

    def predict(self, numbers: np.ndarray) -> np.ndarray:
        """Return the probabilities of label 1 that the trained nets give to other documents, (seeds, documents).

        Raises:
            ValueError: numbers that are not whole, that the nets do not know, or no word in a document.
        """
        first, out, seeds = self.weights[0], self.weights[-2], self.weights[-1].shape[0]
        words = out.shape[1] + 1 if self.head == "bag of words" else first.shape[0] // seeds
        numbers = _checked_numbers(numbers, words, self.at)
        weights = [tf.constant(one) for one in self.weights]
        return tf.sigmoid(_logits(self.head, weights, numbers, self.at)).numpy()

    def states(self, numbers: np.ndarray) -> np.ndarray:
        """Return the features from which the trained nets answer, (seeds, documents, UNITS).

        Raises:
            ValueError: a bag of words or a Flatten, which have no state, or numbers that `predict` would refuse.
        """
        if self.head == "bag of words" or "Flatten" in self.head:
            raise ValueError(f"states are those of a mean or of a recurrent head, but the head is {self.head!r}.")
        words = self.weights[0].shape[0] // self.weights[-1].shape[0]
        numbers = _checked_numbers(numbers, words, self.at)
        return _features(self.head, [tf.constant(one) for one in self.weights], numbers, self.at).numpy()


def build(head: str, words: int, length: int, at: int | None = None) -> keras.Model:
    """Build a classifier in Keras, from rows of word numbers (n, length) to probabilities (n, 1).

    "Flatten" is the head of the notes; the others leave out the padding, word number 0.

    Args:
        head: one of `HEADS`, or `BOTH_WAYS`.
        words: how many numbers there are, 0 for padding included.
        length: numbers in a row.
        at: the number of a word that each row holds once: a recurrent head answers from its state at this word, in
            place of the last one.

    Raises:
        ValueError: an unknown head, sizes under 1, or a word to read at where there is no state.

    >>> build("Flatten", words=50, length=4).count_params()
    433
    """
    if head not in (*HEADS, BOTH_WAYS):
        raise ValueError(f"head must be one of {', '.join((*HEADS, BOTH_WAYS))}, but is {head!r}.")
    if at is not None and head not in ("SimpleRNN", "LSTM", BOTH_WAYS):
        raise ValueError(f"at, here {at!r}, is for recurrent heads, which have a state at each word; not for {head!r}.")
    words, length = whole_number(words, "words", at_least=1), whole_number(length, "length", at_least=1)
    layers = keras.layers
    inputs = keras.Input((length,), dtype="int32")
    if head == "bag of words":
        features = keras.ops.sum(keras.ops.one_hot(inputs, words), axis=1)[:, 1:]
    else:
        vectors = layers.Embedding(words, UNITS, mask_zero="Flatten" not in head)(inputs)
        if head == "masked Flatten":  # Flatten loses the mask, so the padding is set to 0 before
            vectors = vectors * keras.ops.cast(keras.ops.expand_dims(inputs != 0, 2), "float32")
        every = at is not None
        last = {
            "masked mean": layers.GlobalAveragePooling1D,
            "Flatten": layers.Flatten,
            "masked Flatten": layers.Flatten,
            "SimpleRNN": lambda: layers.SimpleRNN(UNITS, return_sequences=every),
            "LSTM": lambda: layers.LSTM(UNITS, return_sequences=every),
            BOTH_WAYS: lambda: layers.Bidirectional(layers.LSTM(UNITS // 2, return_sequences=every)),
        }
        features = last[head]()(vectors)
        if every:
            here = keras.ops.cast(keras.ops.expand_dims(keras.ops.equal(inputs, at), 2), "float32")
            features = keras.ops.sum(features * here, axis=1)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(features))


def train_many(
    head: str,
    numbers: np.ndarray,
    labels: Sequence[int] | np.ndarray,
    seeds: Sequence[int],
    epochs: Sequence[int],
    words: int,
    rate: float = 0.001,
    summed: bool = False,
    at: int | None = None,
) -> Trained:
    """Train one classifier for each seed, all in one batched model, with Adam on all documents at once.

    A test shows that each equals the Keras model of `build` that is trained alone.

    Args:
        head: one of `HEADS`, or `BOTH_WAYS`.
        numbers: padded documents, whole numbers (documents, length), 0 for padding.
        labels: 0 or 1 for each document, (documents,); or for each net its own, (seeds, documents).
        seeds: of the first weights, which are those of `build` under `keras.utils.set_random_seed`.
        epochs: rising checkpoints; after each the probabilities are kept. The last ends the training.
        words: how many numbers there are, 0 included.
        rate: Adam's learning rate.
        summed: whether the gradients of a word that occurs several times are summed before Adam squares them, as in
            Adam's paper and in Keras 2. Keras 3 on TensorFlow squares each occurrence on its own: the default here.
        at: the number of a word that each document holds once, if a recurrent head is to answer from its state there.

    Raises:
        ValueError: shapes that do not fit, labels other than 0 and 1, numbers out of range, no seed, checkpoints that
            do not rise, a rate that is not a number from 0 on, or a word to read at that a document does not hold once.
    """
    numbers, rate = _checked_numbers(numbers, words, at), number_between(rate, "rate", 0)
    label_of = whole_numbers(labels, "labels", at_least=0, below=2)
    if label_of.shape not in (numbers.shape[:1], (len(seeds), len(numbers))):
        raise ValueError(
            f"labels must be {len(numbers)} zeros and ones, one for each document, or a row of them for each of the "
            f"{len(seeds)} seeds, but have shape {label_of.shape}."
        )
    seeds = [whole_number(seed, "each seed", at_least=0) for seed in seeds]
    epochs = [whole_number(checkpoint, "each of epochs", at_least=0) for checkpoint in epochs]
    if not seeds or not epochs or epochs != sorted(set(epochs)):
        raise ValueError(f"there must be seeds, and rising epochs from 0 on, but got {seeds} and {epochs}.")
    variables = [tf.Variable(one) for one in _first_weights(head, words, numbers.shape[1], seeds, at)]
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(variables)
    targets = tf.constant(label_of, tf.float32)

    @tf.function
    def step() -> None:
        with tf.GradientTape() as tape:
            logits = _logits(head, variables, numbers, at)
            each = tf.nn.sigmoid_cross_entropy_with_logits(tf.broadcast_to(targets, logits.shape), logits)
            loss = tf.reduce_sum(tf.reduce_mean(each, axis=1))  # a sum over seeds: none feels another
        slopes = tape.gradient(loss, variables)
        optimizer.apply([tf.convert_to_tensor(slope) for slope in slopes] if summed else slopes, variables)

    probabilities, done = [], 0
    for checkpoint in epochs:
        for _ in range(checkpoint - done):
            step()
        done = checkpoint
        probabilities.append(tf.sigmoid(_logits(head, variables, numbers, at)).numpy())
    return Trained(head, [one.numpy() for one in variables], np.array(probabilities), at)


def _first_weights(head: str, words: int, length: int, seeds: Sequence[int], at: int | None) -> list[np.ndarray]:
    """Return the first weights of a Keras model for each seed, stacked."""
    each = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        each.append(build(head, words, length, at).get_weights())
    stacked = [np.stack(one) for one in zip(*each, strict=True)]
    # All tables below each other: from rows looked up, TensorFlow makes the sparse gradient of an Embedding layer,
    # which Keras' Adam treats otherwise than a dense one (it squares the share of each occurrence of a word).
    return [stacked[0].reshape(-1, UNITS), *stacked[1:]] if len(stacked) > 2 else stacked


def _logits(head: str, weights: Sequence[tf.Tensor], numbers: np.ndarray, at: int | None) -> tf.Tensor:
    """Compute what the Dense node of each net gives before the sigmoid, (seeds, documents)."""
    out, bias = weights[-2:]
    if head == "bag of words":
        counts = tf.reduce_sum(tf.one_hot(numbers, out.shape[1] + 1), axis=1)[:, 1:]
        return tf.einsum("dw,sw->sd", counts, out[..., 0]) + bias
    return tf.einsum("sdu,su->sd", _features(head, weights, numbers, at), out[..., 0]) + bias


def _features(head: str, weights: Sequence[tf.Tensor], numbers: np.ndarray, at: int | None) -> tf.Tensor:
    """Compute what the Dense node of each net is given, (seeds, documents, features)."""
    table, *inner, _, bias = weights
    seeds = bias.shape[0]
    first_rows = np.arange(seeds)[:, np.newaxis, np.newaxis] * (table.shape[0] // seeds)
    vectors = tf.gather(table, first_rows + numbers)  # (seeds, documents, length, UNITS)
    real = tf.constant(numbers[..., np.newaxis] != 0)
    kept = tf.cast(real, tf.float32)
    if "Flatten" in head:
        vectors = vectors * kept if head == "masked Flatten" else vectors
        return tf.reshape(vectors, (*vectors.shape[:2], -1))
    if head == "masked mean":
        return tf.reduce_sum(vectors * kept, axis=2) / tf.reduce_sum(kept, axis=1)
    if head != BOTH_WAYS:
        return _state(_states(head, vectors, real, *inner), numbers, at)
    from_left = _states(head, vectors, real, *inner[:3])
    from_right = _states(head, vectors[:, :, ::-1], real[:, ::-1], *inner[3:])
    return tf.concat([_state(from_left, numbers, at), _state(from_right, numbers[:, ::-1], at)], axis=2)


def _states(
    head: str, vectors: tf.Tensor, real: tf.Tensor, kernel: tf.Tensor, recurrent_kernel: tf.Tensor, bias: tf.Tensor
) -> list[tf.Tensor]:
    """Run a recurrent layer of each net over the words and return its states, length times (seeds, documents, units).

    A step of padding leaves the state as it is, so the last one is the state after the last word.
    """
    h = c = tf.zeros((*vectors.shape[:2], recurrent_kernel.shape[1]))
    states = []
    for t in range(vectors.shape[2]):
        z = vectors[:, :, t] @ kernel + h @ recurrent_kernel + bias[:, tf.newaxis]
        if head == "SimpleRNN":
            new_h = tf.tanh(z)
        else:
            i, f, g, o = tf.split(z, 4, axis=2)
            new_c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
            new_h = tf.sigmoid(o) * tf.tanh(new_c)
            c = tf.where(real[:, t], new_c, c)
        h = tf.where(real[:, t], new_h, h)
        states.append(h)
    return states


def _state(states: list[tf.Tensor], numbers: np.ndarray, at: int | None) -> tf.Tensor:
    """Pick the state at a word, or the last, (seeds, documents, units)."""
    if at is None:
        return states[-1]
    here = tf.constant(numbers == at, tf.float32)  # (documents, length)
    return tf.einsum("tsdu,dt->sdu", tf.stack(states), here)


def _checked_numbers(numbers: np.ndarray, words: int, at: int | None = None) -> np.ndarray:
    words = whole_number(words, "words", at_least=1)
    checked = whole_numbers(numbers, "numbers", at_least=0, below=words)
    if checked.ndim != 2 or 0 in checked.shape:
        raise ValueError(f"numbers must have shape (documents, length), but have shape {checked.shape}.")
    if not checked.any(axis=1).all():
        raise ValueError("each document needs at least one word, but one is all padding.")
    if at is not None and ((held := (checked == at).sum(axis=1)) != 1).any():
        wrong = int(np.flatnonzero(held != 1)[0])
        raise ValueError(
            f"each document must hold the word {at} once, but document {wrong} holds it {held[wrong]} times."
        )
    return checked
