"""Training recipes that the book compares: today the notes' own."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
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
