"""The small helpers: right answers, and the error that each wrong call gets."""

import subprocess
import sys

import numpy as np
import pytest

from nnbook import datasets


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: datasets.load("mnist"), "must be one of shapes10, cifar10, but got 'mnist'"),
        (lambda: datasets.hold_back(datasets.load("shapes10"), 1.0), "1.0 of 10,000 does not"),
        (lambda: datasets.hold_back(datasets.load("shapes10"), 1e-9), "share must leave pictures on both sides"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)


def test_held_back_pictures_are_the_last_and_in_no_other_part():
    data = datasets.load("shapes10")
    train, images, labels = datasets.hold_back(data, 0.25)
    assert np.array_equal(np.concatenate([train.train_images, images]), data.train_images)
    assert np.array_equal(np.concatenate([train.train_labels, labels]), data.train_labels)
    assert len(labels) == 2500 and np.array_equal(train.test_labels, data.test_labels)


def test_importing_tensorflow_quietly_prints_nothing():
    done = subprocess.run(
        [sys.executable, "-c", "import nnbook.quiet, keras; keras.layers.Dense(1)(keras.ops.ones((1, 2)))"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_data_door_needs_no_tensorflow():
    program = "import sys, nnbook.datasets, nnbook.figures; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
