"""The fast recipe: its schedule, its pictures, its net."""

import nnbook.quiet  # noqa: F401  isort: skip
import functools
import itertools
import subprocess
import sys

import keras
import numpy as np
import pytest

from nnbook import datasets, recipes


def test_the_rate_rises_to_its_peak_and_falls_to_zero():
    rate = recipes.OneCycle(peak=0.8, steps=400)
    assert [round(float(rate(step)), 4) for step in (0, 50, 100, 250, 400)] == [0, 0.4, 0.8, 0.4, 0]


def test_flip_and_shift_moves_whole_pictures():
    rng = np.random.default_rng(0)
    images, flipped = rng.integers(0, 256, (30, 8, 8, 3), dtype="uint8"), rng.random(30) < 0.5
    result = recipes.flip_and_shift(images, flipped, np.random.default_rng(1))
    assert result.dtype == np.uint8 and result.shape == images.shape
    moved = 0
    for before, mirror, after in zip(images, flipped, result, strict=True):
        padded = np.pad(before[:, ::-1] if mirror else before, ((2, 2), (2, 2), (0, 0)), mode="reflect")
        places = [(i, j) for i, j in np.ndindex(5, 5) if np.array_equal(after, padded[i : i + 8, j : j + 8])]
        assert len(places) == 1
        moved += places != [(2, 2)]
    assert moved > 20


@functools.cache
def shapes10() -> datasets.Dataset:
    return datasets.load("shapes10")


def tiny_data(count: int) -> datasets.Dataset:
    """Pictures that carry their number: in each byte of the left half, and its negative in the right half."""
    numbers = np.arange(count, dtype="uint8")[:, None, None, None]
    left = np.ones((1, 32, 16, 3), "uint8") * numbers
    images = np.concatenate([left, 255 - left], axis=2)
    return shapes10()._replace(train_images=images, train_labels=np.arange(count) % 10)


def test_an_epoch_shows_each_picture_once_and_the_next_its_mirror_image():
    recipe = recipes.Recipe(batch_size=5, mirror=True)
    given = recipes.batches(tiny_data(20), recipe, 2, np.random.default_rng(0))
    seen = []
    for _ in range(2):
        images, targets = (np.concatenate(parts) for parts in zip(*itertools.islice(given, 4), strict=True))
        left, right = images[:, 0, 0, 0].astype(int), images[:, 0, -1, 0].astype(int)
        assert np.array_equal(left + right, np.full(20, 255))
        numbers, mirrored = np.minimum(left, right), left > right
        assert np.array_equal(targets.argmax(axis=1), numbers % 10) and (targets.sum(axis=1) == 1).all()
        assert sorted(numbers) == list(range(20))
        seen.append((numbers, mirrored[np.argsort(numbers)]))
    assert next(given, None) is None
    (first, was), (second, now) = seen
    assert not np.array_equal(first, second)
    assert np.array_equal(was, ~now) and 0 < was.sum() < 20


def test_as_it_stands_a_recipe_builds_the_net_of_the_notes():
    notes, ours = recipes.notes_cnn(), recipes.build_net(recipes.Recipe())
    ours.set_weights(notes.get_weights())
    images = np.random.default_rng(0).random((4, 32, 32, 3))
    assert np.allclose(ours(images), notes(images), atol=1e-6)
    in_bytes = recipes.build_net(recipes.Recipe(bytes_in=True))
    in_bytes.set_weights(notes.get_weights())
    images = shapes10().test_images[:4]
    assert np.allclose(in_bytes(images), notes(images / 255.0), atol=1e-5)


def test_the_fast_net():
    model = recipes.build_net(recipes.FAST._replace(width=8))
    assert model.output_shape == (None, 10)
    # By hand: kernels 4·4·3·8 + 3·3·8·16 + 3·3·16·32 + 3·3·32·64, four numbers a filter of batch norm, 64·10 + 10.
    assert model.count_params() == 384 + 1152 + 4608 + 18432 + 4 * (8 + 16 + 32 + 64) + 650


@pytest.mark.parametrize("recipe", [recipes.FAST, recipes.FAST._replace(average=True), recipes.Recipe()])
def test_a_recipe_learns_shapes(recipe):
    data = shapes10()
    few = data._replace(train_images=data.train_images[:5120], train_labels=data.train_labels[:5120])
    model = recipes.train(few, recipe, seed=1, epochs=3)
    images = data.test_images if recipe.bytes_in else data.test_images / 255.0
    logits = recipes.predict_both_ways(model, images)
    assert (logits.argmax(axis=1) == data.test_labels).mean() > 0.25


def test_a_recipe_reaches_optimizer_and_loss():
    data = tiny_data(200)
    model = recipes.train(data, recipes.FAST._replace(width=2), seed=1, epochs=2)
    assert model.loss.label_smoothing == 0.1 and model.optimizer.weight_decay == 5e-4
    assert int(model.optimizer.iterations) == 2 and float(model.optimizer.learning_rate) == 0  # the cycle is over
    kept = recipes.train(data, recipes.FAST._replace(width=2, average=True), seed=1, epochs=2)
    averages = [weight.numpy() for weight in kept.optimizer._model_variables_moving_average]
    assert all(np.array_equal(one, two) for one, two in zip(averages, kept.trainable_weights, strict=True))
    assert not np.allclose(averages[0], model.trainable_weights[0])


def test_shifts_reach_the_batches():
    recipe = recipes.Recipe(batch_size=20, shift=2)
    images, _targets = next(recipes.batches(tiny_data(20), recipe, 1, np.random.default_rng(0)))
    edges = [int(np.flatnonzero(np.diff(image[0, :, 0].astype(int)))[0]) for image in images]
    assert set(edges) == {13, 14, 15, 16, 17}  # where the left half ends, moved by up to two pixels


def test_both_ways_is_the_mean():
    model = recipes.build_net(recipes.FAST)
    images = shapes10().test_images[:3]
    both = recipes.predict_both_ways(model, images)
    assert np.allclose(both, recipes.predict_both_ways(model, images[:, :, ::-1]), atol=1e-5)
    assert np.allclose(both, (model(images) + model(images[:, :, ::-1])) / 2, atol=1e-5)
    assert not np.allclose(both, model(images), atol=1e-5)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: recipes.run_notes_recipe(None, -1, []), "seed must be a whole number of at least 0, but got -1"),
        (lambda: recipes.build_net(recipes.FAST._replace(width=0)), "width must be a whole number of at least 1"),
        (
            lambda: recipes.build_net(recipes.FAST._replace(net="big")),
            "net must be one of dense, notes, pooled, strided",
        ),
        (lambda: recipes.train(tiny_data(20), recipes.FAST, 1, epochs=0), "epochs must be a whole number"),
        (lambda: recipes.train(tiny_data(20), recipes.FAST, 1, epochs=1), "batch has 128 pictures.*only 20"),
        (lambda: recipes.train(tiny_data(200), recipes.Recipe(shift=1), 1, epochs=1), "set bytes_in=True"),
        (lambda: recipes.train(tiny_data(20), recipes.Recipe(batch_size=0), 1, epochs=1), "batch_size must be a whole"),
        (
            lambda: recipes.train(tiny_data(20), recipes.Recipe(batch_size=2.5), 1, epochs=1),
            "batch_size must be a whole",
        ),
        (
            lambda: recipes.train(tiny_data(20), recipes.Recipe(rate=-1.0), 1, epochs=1),
            "rate must be a number from 0 to 1",
        ),
        (
            lambda: recipes.train(tiny_data(20), recipes.Recipe(label_smoothing=2), 1, epochs=1),
            "label_smoothing must be",
        ),
        (
            lambda: recipes.train(tiny_data(20), recipes.Recipe(weight_decay=np.nan), 1, epochs=1),
            "weight_decay must be",
        ),
        (lambda: next(recipes.batches(tiny_data(20), recipes.Recipe(batch_size=0), 1, None)), "batch_size must be"),
        (lambda: recipes.OneCycle(0.1, steps=0), "steps must be a whole number of at least 1, but got 0"),
        (lambda: recipes.OneCycle(float("inf"), steps=9), "peak must be a number from 0 on, but got inf"),
        (
            lambda: recipes.flip_and_shift(np.zeros((2, 3, 3, 1)), np.array([0.5, 0]), np.random.default_rng(0)),
            "flipped must be bool, True where a picture is to be mirrored, but is float64",
        ),
        (
            lambda: recipes.flip_and_shift(np.zeros((2, 3, 3, 1)), np.zeros(3, bool), np.random.default_rng(0)),
            r"flipped \(n,\), but have \(2, 3, 3, 1\) and \(3,\)",
        ),
        (
            lambda: recipes.flip_and_shift(np.zeros((1, 3, 3, 1)), np.zeros(1, bool), np.random.default_rng(0), -1),
            "pixels must be a whole number of at least 0",
        ),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError, match=said):
        call()


ORDERS = """
import nnbook.quiet
import keras
import keras
import numpy as np
import tensorflow

seen = []

class Watch(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, x):
        return self.dense(x)

    def train_step(self, data):
        tensorflow.py_function(lambda x: seen.append(x.numpy().tobytes()), [data[0]], [])
        return super().train_step(data)

keras.utils.set_random_seed(1)
model = Watch()
model.compile("sgd", "mse")
if {release}:
    tensorflow.random.set_seed(None)
x = np.arange(64.0)[:, None]
model.fit(x, x, batch_size=64, epochs=3, verbose=0)
print(len(set(seen)))
"""


@pytest.mark.parametrize(("release", "orders"), [(False, 1), (True, 3)])
def test_a_global_seed_repeats_one_order_so_the_recipe_releases_it(release, orders):
    done = subprocess.run(
        [sys.executable, "-c", ORDERS.format(release=release)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == orders


def test_a_rate_may_be_a_whole_number():
    model = recipes.train(tiny_data(20), recipes.Recipe(rate=1, batch_size=10), seed=1, epochs=1)
    assert float(model.optimizer.learning_rate) == 1


@pytest.mark.parametrize(("pictures", "batches"), [(10, 1), (19, 1), (20, 2), (29, 2)])
def test_what_does_not_fill_a_batch_is_left_out(pictures, batches):
    given = recipes.batches(tiny_data(pictures), recipes.Recipe(batch_size=10), 1, np.random.default_rng(0))
    assert [len(images) for images, _targets in given] == [10] * batches


def test_renewed_statistics_are_those_of_the_weights_as_they_are():
    inputs = keras.Input((1, 1, 1))
    model = keras.Model(inputs, keras.layers.BatchNormalization(momentum=0.5)(inputs))
    pictures = np.array([1.0, 3.0, 2.0, 6.0, 9.0]).reshape(5, 1, 1, 1)
    recipes.renew_statistics(model, pictures, batch_size=2)  # the fifth fills no batch
    _, _, mean, variance = (float(one[0]) for one in model.get_weights())
    # Means 2 and 4, variances 1 and 4; halfway from 0 and 1 each time.
    assert (mean, variance) == pytest.approx((0.5 * 0.5 * 2 + 0.5 * 4, 0.5 * (0.5 + 0.5 * 1) + 0.5 * 4))


@pytest.mark.parametrize(("size", "said"), [(1, "batch_size must be a whole number of at least 2"), (6, "only 5")])
def test_statistics_of_too_little_are_not_renewed(size, said):
    with pytest.raises(ValueError, match=said):
        recipes.renew_statistics(keras.Sequential(), np.zeros((5, 32, 32, 3)), batch_size=size)
