"""Training recipes that the book compares: the notes' own, and a faster one."""

import nnbook.quiet  # noqa: F401  isort: skip
from collections.abc import Iterator
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from nnbook.checks import number_between, whole_number
from nnbook.datasets import Dataset

NOTES_EPOCHS = 10
NOTES_BATCH_SIZE = 32
NOTES_TEST_ACCURACY = 0.7054  # printed by the author's notes, on the original CIFAR-10


def notes_cnn() -> keras.Sequential:
    """Build and compile the net of the notes: 122,570 parameters, logits for ten classes.

    Returns:
        A model from pictures (n, 32, 32, 3), values 0 to 1, to logits (n, 10).

    Source: the author's notes, whose net is TensorFlow's tutorial "Convolutional Neural Network (CNN)".
    """
    model = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            keras.layers.Conv2D(32, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Conv2D(64, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Conv2D(64, (3, 3), activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    model.compile(
        optimizer="adam",
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def run_notes_recipe(data: Dataset, seed: int, callbacks: list[keras.callbacks.Callback]) -> dict[str, list[float]]:
    """Train as the notes do, literally: float64 pictures, all of the training set, the *test* set as validation.

    The seed decides the first weights. The order of the pictures is then left to chance, as in the notes:
    under a global seed, `fit` of Keras 3.15 with TensorFlow would replay one order in every epoch.

    Returns:
        Keras' history: accuracy, loss, val_accuracy and val_loss, one number an epoch.

    Raises:
        ValueError: the seed is not a whole number of at least 0.
    """
    keras.utils.set_random_seed(whole_number(seed, "seed", at_least=0))
    model = notes_cnn()
    tf.random.set_seed(None)
    train_images, test_images = data.train_images / 255.0, data.test_images / 255.0
    history = model.fit(
        train_images,
        data.train_labels,
        epochs=NOTES_EPOCHS,
        batch_size=NOTES_BATCH_SIZE,
        validation_data=(test_images, data.test_labels),
        verbose=0,
        callbacks=callbacks,
    )
    return history.history


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that rises evenly to its peak in the first quarter of the steps and falls evenly to 0.

    Source: L. N. Smith and N. Topin (2018), arxiv.org/abs/1708.07120.

    >>> rate = OneCycle(peak=0.02, steps=100)
    >>> [round(float(rate(step)), 3) for step in (0, 25, 50, 100)]
    [0.0, 0.02, 0.013, 0.0]
    """

    def __init__(self, peak: float, steps: int) -> None:
        """Take the peak of the rate and the number of steps.

        Raises:
            ValueError: a peak that is not a number from 0 on, or steps that are not a whole number of at least 1.
        """
        self.peak = number_between(peak, "peak", 0)
        self.steps = whole_number(steps, "steps", at_least=1)

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        """Return the rate of a step."""
        share = tf.cast(step, "float32") / self.steps
        return self.peak * tf.minimum(4 * share, (1 - share) * 4 / 3)

    def get_config(self) -> dict[str, float]:
        """Return what the schedule was made with, as Keras asks."""
        return {"peak": self.peak, "steps": self.steps}


class Recipe(NamedTuple):
    """What a run of training chooses; as they stand, the choices of the notes.

    net: "notes"; "dense", the same without its filters; "pooled", which pads and ends in a global max pooling; or
        "strided", whose first layer has a stride of 2 and which has four layers of filters, doubling from `width` on.
    bytes_in: bytes up to the net, which scales them; else floats, 0 to 1, eight times larger.
    rate: the learning rate of Adam, or its peak with `one_cycle`.
    batch_norm: normalise what comes out of each layer of filters.
    mirror: show each picture mirrored in every second epoch.
    shift: move each picture by up to so many pixels.
    label_smoothing: the share of the target that is spread over all classes.
    weight_decay: pull weights towards 0 (AdamW).
    average: end with a moving average of the weights.
    """

    net: str = "notes"
    width: int = 16
    bytes_in: bool = False
    batch_size: int = 32
    rate: float = 0.001
    one_cycle: bool = False
    batch_norm: bool = False
    mirror: bool = False
    shift: int = 0
    label_smoothing: float = 0.0
    weight_decay: float = 0.0
    average: bool = False


FAST = Recipe(
    net="strided",
    bytes_in=True,
    batch_size=128,
    rate=0.02,
    one_cycle=True,
    batch_norm=True,
    mirror=True,
    shift=2,
    label_smoothing=0.1,
    weight_decay=5e-4,
)


def build_net(recipe: Recipe) -> keras.Model:
    """Build the net of a recipe, from pictures (n, 32, 32, 3) to logits (n, 10).

    Raises:
        ValueError: an unknown net, or a width that is not a whole number of at least 1.
    """
    layers, width = keras.layers, whole_number(recipe.width, "width", at_least=1)
    nets = {  # of each layer of filters: how many, their side, the stride, and whether pooling follows
        "dense": (),
        "notes": ((32, 3, 1, True), (64, 3, 1, True), (64, 3, 1, False)),
        "pooled": ((32, 3, 1, True), (64, 3, 1, True), (64, 3, 1, False)),
        "strided": ((width, 4, 2, False), (2 * width, 3, 1, True), (4 * width, 3, 1, True), (8 * width, 3, 1, False)),
    }
    if recipe.net not in nets:
        raise ValueError(f"net must be one of {', '.join(nets)}, but is {recipe.net!r}.")
    x = inputs = keras.Input((32, 32, 3), dtype="uint8" if recipe.bytes_in else "float32")
    if recipe.bytes_in:
        x = layers.Rescaling(1 / 64, offset=-2)(x) if recipe.net == "strided" else layers.Rescaling(1 / 255)(x)
    for filters, kernel_size, stride, pools in nets[recipe.net]:
        padding = "valid" if recipe.net == "notes" else "same"
        x = layers.Conv2D(filters, kernel_size, stride, padding, use_bias=not recipe.batch_norm)(x)
        x = layers.MaxPooling2D()(x) if pools else x
        x = layers.BatchNormalization(momentum=0.9)(x) if recipe.batch_norm else x
        x = layers.Activation("relu")(x)  # without batch norm it could as well come before the pooling
    if recipe.net in ("notes", "dense"):
        x = layers.Dense(64, activation="relu")(layers.Flatten()(x))
    else:
        x = layers.GlobalMaxPooling2D()(x)
    return keras.Model(inputs, layers.Dense(10)(x))


def flip_and_shift(images: np.ndarray, flipped: np.ndarray, rng: np.random.Generator, pixels: int = 2) -> np.ndarray:
    """Return pictures, some of them mirrored, each shifted by up to some pixels.

    What moves in at a border is the mirrored border.

    Args:
        images: (n, rows, columns, channels).
        flipped: (n,) of bool, for each picture whether to mirror it left to right.
        rng: draws the shifts.
        pixels: the greatest shift, in each direction.

    Returns:
        The new pictures, in shape and dtype as the given ones.

    Raises:
        ValueError: not one bool `flipped` per picture, or a shift that is not a whole number of at least 0.
    """
    pixels = whole_number(pixels, "pixels", at_least=0)
    if np.ndim(images) != 4 or np.shape(flipped) != (len(images),):
        raise ValueError(
            f"images must have shape (n, rows, columns, channels) and flipped (n,), but have {np.shape(images)} "
            f"and {np.shape(flipped)}."
        )
    if flipped.dtype != bool:
        raise ValueError(f"flipped must be bool, True where a picture is to be mirrored, but is {flipped.dtype}.")
    mirrored = np.where(flipped[:, None, None, None], images[:, :, ::-1], images)
    if not pixels:
        return mirrored
    rows, columns = images.shape[1:3]
    padded = np.pad(mirrored, ((0, 0), (pixels, pixels), (pixels, pixels), (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), axis=(1, 2))
    down, right = rng.integers(0, 2 * pixels + 1, size=(2, len(images)))
    return np.moveaxis(windows[np.arange(len(images)), down, right], 1, 3)


def batches(
    data: Dataset, recipe: Recipe, epochs: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give the training pictures in a new order each epoch, batch by batch, mirrored and shifted as the recipe says.

    What does not fill a batch at the end of an epoch is left out of this epoch.

    Returns:
        Pairs of pictures (batch_size, 32, 32, 3) and one-hot targets (batch_size, 10).

    Raises:
        ValueError: a batch or the epochs are not whole numbers of at least 1, or what `flip_and_shift` says.
    """
    size, epochs = _batch_size(recipe), whole_number(epochs, "epochs", at_least=1)
    count = len(data.train_images)
    flipped = rng.random(count) < 0.5
    one_hot = np.eye(10, dtype="float32")
    for _ in range(epochs):
        order, flipped = rng.permutation(count), ~flipped
        for start in range(0, count - size + 1, size):
            chosen = order[start : start + size]
            images = data.train_images[chosen]
            images = flip_and_shift(images, flipped[chosen] & recipe.mirror, rng, recipe.shift)
            yield images, one_hot[data.train_labels[chosen]]


def train(data: Dataset, recipe: Recipe, seed: int, epochs: int) -> keras.Model:
    """Train the net of a recipe on all training pictures; nothing but the training set is looked at.

    Returns:
        The trained model.

    Raises:
        ValueError: what `build_net` says, seed or epochs are not whole numbers of at least 0 and 1, fewer pictures
            than a batch, pictures to be mirrored or shifted that are not bytes, or a rate, smoothing or decay that
            is no share.
    """
    keras.utils.set_random_seed(whole_number(seed, "seed", at_least=0))
    epochs = whole_number(epochs, "epochs", at_least=1)
    recipe = recipe._replace(
        rate=number_between(recipe.rate, "rate", 0, 1),
        label_smoothing=number_between(recipe.label_smoothing, "label_smoothing", 0, 1),
        weight_decay=number_between(recipe.weight_decay, "weight_decay", 0, 1),
    )
    steps = len(data.train_images) // _batch_size(recipe)
    if not steps:
        raise ValueError(f"a batch has {recipe.batch_size} pictures, but there are only {len(data.train_images)}.")
    if not recipe.bytes_in and (recipe.mirror or recipe.shift):
        raise ValueError("pictures are mirrored and shifted as bytes: set bytes_in=True.")
    model = build_net(recipe)
    rate = OneCycle(recipe.rate, epochs * steps) if recipe.one_cycle else recipe.rate
    model.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay, use_ema=recipe.average),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing),
    )
    if recipe.bytes_in:
        for images, targets in batches(data, recipe, epochs, np.random.default_rng(seed)):
            model.train_on_batch(images, targets)
        if recipe.average:
            model.optimizer.finalize_variable_values(model.trainable_weights)
    else:
        tf.random.set_seed(None)  # a new order of the pictures in each epoch, as in `run_notes_recipe`
        targets = np.eye(10, dtype="float32")[data.train_labels]
        model.fit(data.train_images / 255.0, targets, batch_size=recipe.batch_size, epochs=epochs, verbose=0)
    return model


def _batch_size(recipe: Recipe) -> int:
    return whole_number(recipe.batch_size, "batch_size", at_least=1)


def renew_statistics(model: keras.Model, images: np.ndarray, batch_size: int = 128) -> None:
    """Let batch norm measure its means and spreads anew, with the weights as they are: one pass, nothing is learned.

    A net whose weights were averaged after training still has the statistics of the weights before.

    Args:
        model: the net; its batch norm layers change.
        images: (n, 32, 32, 3), pictures as in training.
        batch_size: how many at a time.

    Raises:
        ValueError: fewer pictures than a batch, or a batch that is not a whole number of at least 2.

    Source: P. Izmailov and others (2018), arxiv.org/abs/1803.05407, section 3.2.
    """
    batch_size = whole_number(batch_size, "batch_size", at_least=2)
    if len(images) < batch_size:
        raise ValueError(f"a batch has {batch_size} pictures, but there are only {len(images)}.")
    for start in range(0, len(images) - batch_size + 1, batch_size):
        model(images[start : start + batch_size], training=True)


def predict_both_ways(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Return the mean of the logits for pictures and for their mirror images, (n, 10)."""
    ways = (images, images[:, :, ::-1])
    return sum(model.predict(way, batch_size=500, verbose=0) for way in ways) / 2
