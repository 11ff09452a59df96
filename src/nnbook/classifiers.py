"""Small text classifiers with several heads, in Keras, and the same for many first weights at once."""

import nnbook.quiet  # noqa: F401  isort: skip
from collections.abc import Sequence
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from nnbook.checks import number_between, whole_number, whole_numbers

HEADS = ("bag of words", "masked mean", "Flatten", "masked Flatten", "SimpleRNN", "LSTM")
UNITS = 8  # numbers per word, and nodes of the recurrent heads


class Trained(NamedTuple):
    """Classifiers that differ in their first weights only.

    weights holds the arrays of one Keras model, each with a first axis for the seeds (the embedding tables lie
    below each other); probabilities has shape (checkpoints, seeds, documents).
    """

    head: str
    weights: list[np.ndarray]
    probabilities: np.ndarray

    def predict(self, numbers: np.ndarray) -> np.ndarray:
        """Return the probabilities of label 1 that the trained nets give to other documents, (seeds, documents).

        Raises:
            ValueError: numbers that are not whole, that the nets do not know, or no word in a document.
        """
        first, out, seeds = self.weights[0], self.weights[-2], self.weights[-1].shape[0]
        words = out.shape[1] + 1 if self.head == "bag of words" else first.shape[0] // seeds
        numbers = _checked_numbers(numbers, words)
        return tf.sigmoid(_logits(self.head, [tf.constant(one) for one in self.weights], numbers)).numpy()


def build(head: str, words: int, length: int) -> keras.Model:
    """Build a classifier in Keras, from rows of word numbers (n, length) to probabilities (n, 1).

    "Flatten" is the head of the notes; the others leave out the padding, word number 0.

    Args:
        head: one of `HEADS`.
        words: how many numbers there are, 0 for padding included.
        length: numbers in a row.

    Raises:
        ValueError: an unknown head, or sizes under 1.

    >>> build("Flatten", words=50, length=4).count_params()
    433
    """
    if head not in HEADS:
        raise ValueError(f"head must be one of {', '.join(HEADS)}, but is {head!r}.")
    words, length = whole_number(words, "words", at_least=1), whole_number(length, "length", at_least=1)
    layers = keras.layers
    inputs = keras.Input((length,), dtype="int32")
    if head == "bag of words":
        features = keras.ops.sum(keras.ops.one_hot(inputs, words), axis=1)[:, 1:]
    else:
        vectors = layers.Embedding(words, UNITS, mask_zero="Flatten" not in head)(inputs)
        if head == "masked Flatten":  # Flatten loses the mask, so the padding is set to 0 before
            vectors = vectors * keras.ops.cast(keras.ops.expand_dims(inputs != 0, 2), "float32")
        last = {
            "masked mean": layers.GlobalAveragePooling1D,
            "Flatten": layers.Flatten,
            "masked Flatten": layers.Flatten,
            "SimpleRNN": lambda: layers.SimpleRNN(UNITS),
            "LSTM": lambda: layers.LSTM(UNITS),
        }
        features = last[head]()(vectors)
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
) -> Trained:
    """Train one classifier for each seed, all in one batched model, with Adam on all documents at once.

    A test shows that each equals the Keras model of `build` that is trained alone.

    Args:
        head: one of `HEADS`.
        numbers: padded documents, whole numbers (documents, length), 0 for padding.
        labels: 0 or 1 for each document, (documents,); or for each net its own, (seeds, documents).
        seeds: of the first weights, which are those of `build` under `keras.utils.set_random_seed`.
        epochs: rising checkpoints; after each the probabilities are kept. The last ends the training.
        words: how many numbers there are, 0 included.
        rate: Adam's learning rate.
        summed: whether the gradients of a word that occurs several times are summed before Adam squares them, as in
            Adam's paper and in Keras 2. Keras 3 on TensorFlow squares each occurrence on its own: the default here.

    Raises:
        ValueError: shapes that do not fit, labels other than 0 and 1, numbers out of range, no seed, checkpoints that
            do not rise, or a rate that is not a number from 0 on.
    """
    numbers, rate = _checked_numbers(numbers, words), number_between(rate, "rate", 0)
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
    variables = [tf.Variable(one) for one in _first_weights(head, words, numbers.shape[1], seeds)]
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(variables)
    targets = tf.constant(label_of, tf.float32)

    @tf.function
    def step() -> None:
        with tf.GradientTape() as tape:
            logits = _logits(head, variables, numbers)
            each = tf.nn.sigmoid_cross_entropy_with_logits(tf.broadcast_to(targets, logits.shape), logits)
            loss = tf.reduce_sum(tf.reduce_mean(each, axis=1))  # a sum over seeds: none feels another
        slopes = tape.gradient(loss, variables)
        optimizer.apply([tf.convert_to_tensor(slope) for slope in slopes] if summed else slopes, variables)

    probabilities, done = [], 0
    for checkpoint in epochs:
        for _ in range(checkpoint - done):
            step()
        done = checkpoint
        probabilities.append(tf.sigmoid(_logits(head, variables, numbers)).numpy())
    return Trained(head, [one.numpy() for one in variables], np.array(probabilities))


def _first_weights(head: str, words: int, length: int, seeds: Sequence[int]) -> list[np.ndarray]:
    """Return the first weights of a Keras model for each seed, stacked."""
    each = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        each.append(build(head, words, length).get_weights())
    stacked = [np.stack(one) for one in zip(*each, strict=True)]
    # All tables below each other: from rows looked up, TensorFlow makes the sparse gradient of an Embedding layer,
    # which Keras' Adam treats otherwise than a dense one (it squares the share of each occurrence of a word).
    return [stacked[0].reshape(-1, UNITS), *stacked[1:]] if len(stacked) > 2 else stacked


def _logits(head: str, weights: Sequence[tf.Tensor], numbers: np.ndarray) -> tf.Tensor:
    """Compute what the Dense node of each net gives before the sigmoid, (seeds, documents)."""
    *inner, out, bias = weights
    if head == "bag of words":
        counts = tf.reduce_sum(tf.one_hot(numbers, out.shape[1] + 1), axis=1)[:, 1:]
        return tf.einsum("dw,sw->sd", counts, out[..., 0]) + bias
    seeds = bias.shape[0]
    first_rows = np.arange(seeds)[:, np.newaxis, np.newaxis] * (inner[0].shape[0] // seeds)
    vectors = tf.gather(inner[0], first_rows + numbers)  # (seeds, documents, length, UNITS)
    real = tf.constant(numbers[..., np.newaxis] != 0)
    kept = tf.cast(real, tf.float32)
    if "Flatten" in head:
        vectors = vectors * kept if head == "masked Flatten" else vectors
        features = tf.reshape(vectors, (*vectors.shape[:2], -1))
    elif head == "masked mean":
        features = tf.reduce_sum(vectors * kept, axis=2) / tf.reduce_sum(kept, axis=1)
    else:
        features = _last_state(head, vectors, real, *inner[1:])
    return tf.einsum("sdu,su->sd", features, out[..., 0]) + bias


def _last_state(
    head: str, vectors: tf.Tensor, real: tf.Tensor, kernel: tf.Tensor, recurrent_kernel: tf.Tensor, bias: tf.Tensor
) -> tf.Tensor:
    """Run a recurrent layer of each net over the words, steps of padding left out, (seeds, documents, UNITS)."""
    h = c = tf.zeros((*vectors.shape[:2], UNITS))
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
    return h


def _checked_numbers(numbers: np.ndarray, words: int) -> np.ndarray:
    words = whole_number(words, "words", at_least=1)
    checked = whole_numbers(numbers, "numbers", at_least=0, below=words)
    if checked.ndim != 2 or 0 in checked.shape:
        raise ValueError(f"numbers must have shape (documents, length), but have shape {checked.shape}.")
    if not checked.any(axis=1).all():
        raise ValueError("each document needs at least one word, but one is all padding.")
    return checked
