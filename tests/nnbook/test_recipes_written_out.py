"""What the recipes are, number by number: the nets layer by layer, the ladder rung by rung, and what training gets."""

import nnbook.quiet  # noqa: F401  isort: skip
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from nnbook import recipes, rungs
from nnbook.datasets import Dataset
from nnbook.recipes import Recipe

FAST = Recipe(
    net="strided",
    width=16,
    bytes_in=True,
    batch_size=128,
    rate=0.02,
    one_cycle=True,
    batch_norm=True,
    mirror=True,
    shift=2,
    label_smoothing=0.1,
    weight_decay=0.0005,
    average=False,
)


def some_data(count: int) -> Dataset:
    images = np.random.default_rng(1).integers(0, 256, (count, 32, 32, 3), dtype="uint8")
    labels = np.arange(count) % 10
    return SimpleNamespace(train_images=images, train_labels=labels, test_images=images[:3], test_labels=labels[:3])


def layers(model: keras.Model) -> list[tuple[object, ...]]:
    """Return what each layer is called and what it was made with, as far as recipes choose it."""
    chosen = ("scale", "offset", "filters", "kernel_size", "strides", "padding", "use_bias", "pool_size", "momentum")
    chosen += ("units", "activation")
    told = []
    for layer in model.layers:
        if not isinstance(layer, keras.layers.InputLayer):
            config = layer.get_config()
            if isinstance(layer, keras.layers.BatchNormalization):
                config.pop("scale")  # not a number here
            told.append((type(layer).__name__, *(config[name] for name in chosen if name in config)))
    return told


def conv(filters: int, side: int, stride: int, padding: str, bias: bool, activation: str) -> tuple[object, ...]:
    return "Conv2D", filters, (side, side), (stride, stride), padding, bias, activation


POOL = ("MaxPooling2D", (2, 2), "valid", (2, 2))
NORM = ("BatchNormalization", 0.9)
RELU, OUT = ("Activation", "relu"), ("Dense", True, 10, "linear")


def test_the_net_of_the_notes():
    model = recipes.notes_cnn()
    assert model.input_shape == (None, 32, 32, 3) and model.count_params() == 122_570
    assert layers(model) == [
        *(conv(32, 3, 1, "valid", True, "relu"), POOL),
        *(conv(64, 3, 1, "valid", True, "relu"), POOL),
        conv(64, 3, 1, "valid", True, "relu"),
        ("Flatten",),
        ("Dense", True, 64, "relu"),
        OUT,
    ]
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.001)
    assert model.loss.get_config()["from_logits"] is True


def test_as_it_stands_a_recipe_makes_the_choices_of_the_notes():
    assert Recipe() == ("notes", 16, False, 32, 0.001, False, False, False, 0, 0.0, 0.0, False)


def test_the_ladder_rung_by_rung():
    assert list(rungs.LADDER.values()) == [
        Recipe(),
        Recipe(bytes_in=True),
        Recipe(bytes_in=True, batch_size=128),
        Recipe(bytes_in=True, batch_size=128, rate=0.005),
        Recipe(bytes_in=True, batch_size=128, rate=0.005, one_cycle=True),
        Recipe(bytes_in=True, batch_size=128, rate=0.005, one_cycle=True, batch_norm=True),
        Recipe(bytes_in=True, batch_size=128, rate=0.02, one_cycle=True, batch_norm=True),
        Recipe("pooled", 16, bytes_in=True, batch_size=128, rate=0.02, one_cycle=True, batch_norm=True),
        FAST._replace(mirror=False, shift=0, label_smoothing=0, weight_decay=0),
        FAST._replace(shift=0, label_smoothing=0, weight_decay=0),
        FAST._replace(label_smoothing=0, weight_decay=0),
        FAST._replace(weight_decay=0),
        FAST,
        FAST._replace(average=True),
    ]
    assert recipes.FAST == FAST and next(iter(rungs.LADDER)) == "the notes' recipe"


def test_the_fast_net_layer_by_layer():
    model = recipes.build_net(FAST)
    assert layers(model) == [
        ("Rescaling", 1 / 64, -2),
        *(conv(16, 4, 2, "same", False, "linear"), NORM, RELU),
        *(conv(32, 3, 1, "same", False, "linear"), POOL, NORM, RELU),
        *(conv(64, 3, 1, "same", False, "linear"), POOL, NORM, RELU),
        *(conv(128, 3, 1, "same", False, "linear"), NORM, RELU),
        ("GlobalMaxPooling2D",),
        OUT,
    ]
    assert model.inputs[0].dtype == "uint8" and model.input_shape == (None, 32, 32, 3)


def test_the_nets_beside_it():
    filters = [(32, True), (64, True), (64, False)]
    for net, padding in (("notes", "valid"), ("pooled", "same")):
        body = [
            layer
            for count, pools in filters
            for layer in (conv(count, 3, 1, padding, True, "linear"), *([POOL] if pools else []), RELU)
        ]
        head = [("Flatten",), ("Dense", True, 64, "relu")] if net == "notes" else [("GlobalMaxPooling2D",)]
        assert layers(recipes.build_net(Recipe(net))) == [*body, *head, OUT]
        assert layers(recipes.build_net(Recipe(net, bytes_in=True))) == [("Rescaling", 1 / 255, 0), *body, *head, OUT]
    assert layers(recipes.build_net(Recipe("dense"))) == [("Flatten",), ("Dense", True, 64, "relu"), OUT]
    assert recipes.build_net(Recipe("dense")).inputs[0].dtype == "float32"
    assert layers(recipes.build_net(Recipe("strided", width=1)))[0] == conv(1, 4, 2, "same", True, "linear")


class Listener:
    """A net that does not learn, and keeps what it was told."""

    def __init__(self) -> None:
        self.told = []

    def compile(self, **told: object) -> None:
        self.compiled = told

    def fit(self, *given: object, **told: object) -> SimpleNamespace:
        self.told.append((given, told))
        return SimpleNamespace(history={"loss": [1.0]})

    def train_on_batch(self, *given: object) -> None:
        self.told.append(given)


def test_the_recipe_of_the_notes_gives_the_net_what_the_notes_gave_it(monkeypatch):
    net, data, seeds = Listener(), some_data(4), []
    monkeypatch.setattr(recipes, "notes_cnn", lambda: net)
    monkeypatch.setattr(keras.utils, "set_random_seed", seeds.append)
    assert recipes.run_notes_recipe(data, 0, ["a callback"]) == {"loss": [1.0]}
    (((images, labels), told),) = net.told
    assert images.dtype == np.float64 and np.array_equal(images * 255, data.train_images)
    assert labels is data.train_labels
    tested, test_labels = told.pop("validation_data")
    assert np.array_equal(tested * 255, data.test_images) and test_labels is data.test_labels
    assert told == {"epochs": 10, "batch_size": 32, "verbose": 0, "callbacks": ["a callback"]}
    assert seeds == [0] and recipes.NOTES_TEST_ACCURACY == 0.7054


def test_floats_are_trained_on_as_the_recipe_says(monkeypatch):
    net, data = Listener(), some_data(20)
    monkeypatch.setattr(recipes, "build_net", lambda recipe: net)
    assert recipes.train(data, Recipe(batch_size=20, rate=1.0), seed=0, epochs=1) is net
    (((images, targets), told),) = net.told
    assert np.array_equal(images * 255, data.train_images) and told == {"batch_size": 20, "epochs": 1, "verbose": 0}
    assert np.array_equal(targets, np.eye(10)[data.train_labels]) and targets.dtype == np.float32
    optimizer, loss = net.compiled["optimizer"], net.compiled["loss"]
    assert float(optimizer.learning_rate) == 1 and optimizer.weight_decay == 0 and not optimizer.use_ema
    assert loss.from_logits and loss.label_smoothing == 0


def test_bytes_are_trained_on_batch_by_batch_from_the_seed(monkeypatch):
    data = some_data(25)
    recipe = FAST._replace(batch_size=10)
    expected = list(recipes.batches(data, recipe, 3, np.random.default_rng(7)))
    net = Listener()
    monkeypatch.setattr(recipes, "build_net", lambda recipe: net)
    recipes.train(data, recipe, seed=7, epochs=3)
    assert len(net.told) == len(expected) == 6  # what does not fill a batch is left out
    for (images, targets), (given, wanted) in zip(net.told, expected, strict=True):
        assert images.shape == (10, 32, 32, 3) and np.array_equal(images, given) and np.array_equal(targets, wanted)
    cycle = net.compiled["optimizer"]._learning_rate
    assert (cycle.peak, cycle.steps) == (0.02, 6) and cycle.get_config() == {"peak": 0.02, "steps": 6}


def test_every_shift_occurs_and_none_beyond():
    # a picture that is its own place: rows count in twenties
    picture = np.arange(8 * 6).reshape(1, 8, 6, 1)
    images, upright = np.repeat(picture, 400, axis=0), np.zeros(400, bool)
    moved = recipes.flip_and_shift(images, upright, np.random.default_rng(0))
    assert moved.shape == images.shape
    middle = moved[:, 3, 3, 0] - picture[0, 3, 3, 0]
    assert set(middle) == {6 * down + right for down in range(-2, 3) for right in range(-2, 3)}
    one = recipes.flip_and_shift(images, upright, np.random.default_rng(0), pixels=1)[:, 3, 3, 0] - picture[0, 3, 3, 0]
    assert set(one) == {6 * down + right for down in (-1, 0, 1) for right in (-1, 0, 1)}


def test_without_a_shift_pictures_are_mirrored_left_to_right_or_left_alone():
    images = np.arange(2 * 3 * 4).reshape(2, 3, 4, 1)
    result = recipes.flip_and_shift(images, np.array([True, False]), np.random.default_rng(0), pixels=0)
    assert np.array_equal(result[0, :, :, 0], [[3, 2, 1, 0], [7, 6, 5, 4], [11, 10, 9, 8]])
    assert np.array_equal(result[1], images[1])


def test_half_of_the_pictures_are_mirrored_first():
    data = some_data(2_000)
    data.train_images = np.zeros((2_000, 1, 2, 1), np.uint8) + np.array([0, 1], np.uint8)[:, None]
    ((images, _),) = recipes.batches(data, Recipe(batch_size=2_000, mirror=True), 1, np.random.default_rng(0))
    # 2,000 of one in two: standard deviation 0.011; three of them
    assert images[:, 0, 0, 0].mean() == pytest.approx(0.5, abs=0.033)


def test_predictions_are_made_without_a_word(capfd):
    recipes.predict_both_ways(recipes.build_net(Recipe("dense")), np.zeros((1, 32, 32, 3), "float32"))
    assert capfd.readouterr().out == ""
