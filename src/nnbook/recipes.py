"""Training recipes that the book compares: the notes' own, and a faster one."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
import numpy
import tensorflow

from nnbook.checks import whole_number
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
    tensorflow.random.set_seed(None)
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
        """Take the peak of the rate and the number of steps."""
        self.peak, self.steps = peak, steps

    def __call__(self, step: tensorflow.Tensor) -> tensorflow.Tensor:
        """Return the rate of a step."""
        share = tensorflow.cast(step, "float32") / self.steps
        return self.peak * tensorflow.minimum(4 * share, (1 - share) * 4 / 3)

    def get_config(self) -> dict[str, float]:
        """Return what the schedule was made with, as Keras asks."""
        return {"peak": self.peak, "steps": self.steps}


def fast_cnn(width: int = 32) -> keras.Model:
    """Build the net of the fast recipe: bytes in, four convolutions with batch norm, logits for ten classes.

    The first convolution has a stride of 2, so that all others work on a quarter of the places or fewer.

    Args:
        width: filters of the first convolution; the others have 2, 4 and 8 times as many.

    Raises:
        ValueError: the width is not a whole number of at least 1.
    """
    layers, width = keras.layers, whole_number(width, "width", at_least=1)
    inputs = keras.Input((32, 32, 3), dtype="uint8")
    x = layers.Rescaling(1 / 64, offset=-2)(inputs)
    for filters, kernel_size, stride, pools in ((1, 4, 2, False), (2, 3, 1, True), (4, 3, 1, True), (8, 3, 1, False)):
        x = layers.Conv2D(width * filters, kernel_size, stride, padding="same", use_bias=False)(x)
        x = layers.MaxPooling2D()(x) if pools else x
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.Activation("relu")(x)
    return keras.Model(inputs, layers.Dense(10)(layers.GlobalMaxPooling2D()(x)))


def flip_and_shift(
    images: numpy.ndarray, order: numpy.ndarray, flipped: numpy.ndarray, rng: numpy.random.Generator, pixels: int = 2
) -> numpy.ndarray:
    """Return pictures in a new order, some of them mirrored, each shifted by up to some pixels.

    What moves in at a border is the mirrored border.

    Args:
        images: (n, rows, columns, channels).
        order: the numbers of the pictures wanted.
        flipped: (n,) of bool, for each picture whether to mirror it left to right.
        rng: draws the shifts.
        pixels: the greatest shift, in each direction.

    Returns:
        (pictures in order, rows, columns, channels), of the dtype of the images.

    Raises:
        ValueError: not one `flipped` per picture, or a shift that is not a whole number of at least 0.
    """
    pixels = whole_number(pixels, "pixels", at_least=0)
    if numpy.ndim(images) != 4 or numpy.shape(flipped) != (len(images),):
        raise ValueError(
            f"images must have shape (n, rows, columns, channels) and flipped (n,), but have {numpy.shape(images)} "
            f"and {numpy.shape(flipped)}."
        )
    rows, columns = images.shape[1:3]
    shifts = rng.integers(0, 2 * pixels + 1, size=(len(order), 2))
    result = numpy.empty((len(order), *images.shape[1:]), images.dtype)
    for start in range(0, len(order), 5_000):  # in portions, so that no second copy of all pictures is needed
        part = slice(start, start + 5_000)
        chosen = images[order[part]]
        mirror = flipped[order[part]]
        chosen[mirror] = chosen[mirror, :, ::-1]
        padded = numpy.pad(chosen, ((0, 0), (pixels, pixels), (pixels, pixels), (0, 0)), mode="reflect")
        for down, right in numpy.ndindex(2 * pixels + 1, 2 * pixels + 1):
            same = (shifts[part] == (down, right)).all(axis=1)
            result[part][same] = padded[same, down : down + rows, right : right + columns]
    return result


def run_fast_recipe(data: Dataset, seed: int, epochs: int, width: int = 32) -> keras.Model:
    """Train `fast_cnn` on all training pictures; nothing but the training set is looked at.

    Batches of 128, AdamW, one cycle of the learning rate, labels smoothed by 0.1; every picture is mirrored in every
    second epoch and shifted by up to two pixels.

    Returns:
        The trained model.

    Raises:
        ValueError: seed, epochs or width are not whole numbers of at least 0, 1 and 1.
    """
    keras.utils.set_random_seed(whole_number(seed, "seed", at_least=0))
    rng = numpy.random.default_rng(seed)
    model = fast_cnn(width)
    count, batch_size = len(data.train_images), 128
    used = count - count % batch_size  # whole batches only
    steps = used // batch_size * whole_number(epochs, "epochs", at_least=1)
    model.compile(
        optimizer=keras.optimizers.AdamW(OneCycle(0.02, steps), weight_decay=5e-4),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    )
    flipped = rng.random(count) < 0.5
    targets = numpy.eye(10, dtype="float32")[data.train_labels]
    for _ in range(epochs):
        order, flipped = rng.permutation(count)[:used], ~flipped
        images = flip_and_shift(data.train_images, order, flipped, rng)
        model.fit(images, targets[order], batch_size=batch_size, shuffle=False, verbose=0)
    return model
