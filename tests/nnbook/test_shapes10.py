"""Shapes10 is what it promises: as many of each class, nothing in the colours, and hard for a dense net."""

import numpy as np
import pytest

from nnbook import shapes10


@pytest.fixture(scope="module")
def default_set():
    return shapes10.generate()


def test_counts_shapes_and_balance(default_set):
    train_images, train_labels, test_images, test_labels = default_set
    assert (train_images.shape, train_images.dtype) == ((10_000, 32, 32, 3), np.uint8)
    assert (test_images.shape, test_images.dtype) == ((2_000, 32, 32, 3), np.uint8)
    assert np.bincount(train_labels).tolist() == [1_000] * 10
    assert np.bincount(test_labels).tolist() == [200] * 10


def test_a_seed_decides_everything():
    first, again, other = (shapes10.generate(50, 20, seed) for seed in (5, 5, 6))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_training_and_test_pictures_differ(default_set):
    train, test = ({picture.tobytes() for picture in default_set[part]} for part in (0, 2))
    assert len(train) == 10_000 and not train & test


def test_no_shape_is_cut_off_by_the_border():
    for name in shapes10.CLASS_NAMES:
        area, reach = shapes10._AREA_AND_REACH[name]
        assert reach * np.sqrt(shapes10.AREA[1] / area) < 16, f"{name} would be cut off by the border"


def neighbours_say(train: np.ndarray, labels: np.ndarray, test: np.ndarray, k: int = 25) -> np.ndarray:
    """Classify by the majority of the k nearest training rows."""
    guesses = []
    for part in np.array_split(test.astype(np.float32), 20):
        distance = ((part[:, None] - train[None].astype(np.float32)) ** 2).sum(-1)
        nearest = np.argpartition(distance, k, axis=1)[:, :k]
        guesses += [np.bincount(row, minlength=10).argmax() for row in labels[nearest]]
    return np.array(guesses)


def mean_colour_accuracy(train_images, train_labels, test_images, test_labels) -> float:
    guesses = neighbours_say(train_images.mean((1, 2)), train_labels, test_images.mean((1, 2)))
    return float((guesses == test_labels).mean())


@pytest.mark.parametrize("seed", [10, 11, 12])
def test_mean_colour_is_at_chance(seed):
    # 2,000 guesses at 1 in 10: standard deviation 0.0067; four of them either way
    assert 0.073 < mean_colour_accuracy(*shapes10.generate(seed=seed)) < 0.127


def test_the_mean_colour_check_can_fail():
    images, labels, test_images, test_labels = shapes10.generate(2_000, 500)
    tinted = images // 2 + 10 * labels[:, None, None, None].astype(np.uint8)
    test_tinted = test_images // 2 + 10 * test_labels[:, None, None, None].astype(np.uint8)
    assert mean_colour_accuracy(tinted, labels, test_tinted, test_labels) > 0.127


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: shapes10.draw(np.array([3, 10]), 1), "labels must lie between 0 and 9, but run from 3 to 10"),
        (lambda: shapes10.draw(np.array([-1]), 1), "run from -1 to -1"),
        (lambda: shapes10.draw(np.array([]), 1), "one axis of whole numbers, but got shape (0,)"),
        (lambda: shapes10.draw(np.array([0.5]), 1), "dtype float64"),
        (lambda: shapes10.draw(np.array([np.nan]), 1), "dtype float64"),
        (lambda: shapes10.draw(np.array([[1]]), 1), "got shape (1, 1)"),
        (lambda: shapes10.draw(np.array([1]), -1), "seed must be a whole number of at least 0"),
        (lambda: shapes10.generate(0, 5), "train_count must be a whole number of at least 1, but got 0"),
        (lambda: shapes10.generate(5, -2), "test_count must be a whole number of at least 1, but got -2"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)
