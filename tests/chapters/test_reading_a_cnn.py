"""What the page about the trained net claims, on records of seeds that it does not use."""

import nnbook.quiet  # noqa: F401  isort: skip
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from nnbook import recipes, recorded, shapes10
from nnbook.datasets import Dataset
from tests.pages import BOOK, RECORD_OF, check_band, check_starts, functions, is_within, ninety_five_percent_range
from tools.book import run


def runs_of(name: str) -> list[dict[str, object]]:
    """The recorded runs on a picture set."""
    return recorded.read(f"reading-{RECORD_OF[name]}")["runs"]


@pytest.mark.parametrize("name", RECORD_OF)
def test_accuracy_band_of_the_net_taken_apart(name):
    runs = runs_of(name)
    assert 1 not in [run["seed"] for run in runs]  # the seed of the page
    values = {"data": SimpleNamespace(provenance=SimpleNamespace(name=name))}
    accuracies = [run["test_accuracy"] for run in runs]
    inside = [values | {"test_accuracy": accuracy} for accuracy in accuracies]
    outside = {
        f"a dense net in grey, seed {run['seed']}": values | {"test_accuracy": run["grey"]["dense, as they are"]}
        for run in runs
    }
    check_band("reading-a-cnn", "band-accuracy", inside=inside, outside=outside)
    assert width("band-accuracy", values | {"test_accuracy": np.median(accuracies)}) <= 2 * ninety_five_percent_range(
        accuracies
    )


def width(tag: str, values: dict[str, object]) -> float:
    """How wide the band of a cell is that calls its ends low and high."""
    kept = run([BOOK.page("reading-a-cnn").cell(tag)], {"np": np} | values)
    return kept["high"] - kept["low"]


@pytest.mark.parametrize("name", RECORD_OF)
def test_temperature_band(name):
    temperatures = [run["temperature"] for run in runs_of(name)]
    values = {"test_logits": np.eye(4), "guesses": np.arange(4), "name": name}
    inside = [values | {"T": T} for T in temperatures]
    outside = {f"all logits doubled, T = {T}": values | {"T": 2 * T} for T in temperatures}
    check_band("reading-a-cnn", "band-temperature", inside=inside, outside=outside)
    assert width("band-temperature", values | {"T": np.median(temperatures)}) <= 2 * ninety_five_percent_range(
        temperatures
    )


@pytest.mark.parametrize("name", RECORD_OF)
def test_shifts_cost_accuracy(name):
    runs = runs_of(name)
    inside = [{"by_shift": run["shifted_accuracy"]} for run in runs]
    outside = {f"seed {run['seed']}, if shifts did nothing": {"by_shift": [run["test_accuracy"]] * 5} for run in runs}
    outside["every pixel costs as much"] = {"by_shift": [0.9, 0.8, 0.7, 0.6, 0.5]}
    check_band("reading-a-cnn", "band-shift", inside=inside, outside=outside)


def mixed_up(a: int, b: int, times: int, mistakes: int) -> dict[str, object]:
    """A pair of classes, how often they are mixed up, and the mistakes in all."""
    table = np.zeros((10, 10), int)
    table[a, b] = times
    return {"a": a, "b": b, "mixed_up": table, "wrong": np.arange(2000) < mistakes}


def named(name: str, values: dict[str, object]) -> dict[str, object]:
    """Values of a cell, with the name of the picture set in both ways that cells ask for it."""
    return {"name": name, "data": SimpleNamespace(provenance=SimpleNamespace(name=name))} | values


STARTS = {  # of each further band, the values that its cell reads, from a recorded run
    "band-accuracy": lambda run: {"test_accuracy": run["test_accuracy"]},
    "band-temperature": lambda run: {"T": run["temperature"], "test_logits": np.eye(4), "guesses": np.arange(4)},
    "band-shift": lambda run: {"by_shift": run["shifted_accuracy"]},
    "band-recall": lambda run: with_ends(run["recall"]),
    "band-cosine": lambda run: {"own": run["cosine"]["own"], "another": run["cosine"]["another"]},
    "band-maps": lambda run: {"alike": run["map_correlation"], "own": run["cosine"]["own"]},
    "band-quiet": lambda run: {"quiet": run["quiet"]},
    "band-put-back": lambda run: {"put_back": run["put_back_accuracy"], "test_accuracy": run["test_accuracy"]},
    "band-mixed-up": lambda run: mixed_up(
        *run["mixed_up"]["pair"], run["mixed_up"]["times"], run["mixed_up"]["mistakes"]
    ),
    "band-noise": lambda run: {"plain_swaps": run["swaps"]["plain"], "noisy_swaps": run["swaps"]["noisy"]},
    "band-bins": lambda run: {"shares": [run["last_bin"]]},
    "band-opposed": lambda run: {"opposed": run["opposed"]},
}
WRONG = {  # of each of these bands, models that are wrong
    "band-cosine": {
        "filters that never moved": {"own": 1.0, "another": 0.0},
        "filters that forgot their start": {"own": 0.05, "another": 0.0},
        "filters that are all alike": {"own": 0.9, "another": 0.9},
    },
    "band-maps": {
        "filters that never moved": {"alike": 1.0, "own": 1.0},
        "other filters": {"alike": 0.1, "own": 0.9},
        "maps that change less than the filters": {"alike": 0.8, "own": 0.7},
    },
    "band-quiet": {
        "filters that sum to 0 from the start": {"quiet": [32, 32]},
        "filters that all end quiet": {"quiet": [4, 32]},
        "a start as quiet as the end": {"quiet": [17, 17]},
    },
    "band-put-back": {
        "a first layer that does not matter": {"put_back": 0.95, "test_accuracy": 0.95},
        "a first layer of which all depends": {"put_back": 0.1, "test_accuracy": 0.95},
        "hardly a loss": {"put_back": 0.7, "test_accuracy": 0.72},
    },
    "band-bins": {
        "nearly all are sure": {"shares": [0.05, 0.95]},
        "none is sure": {"shares": [0.95, 0.05]},
    },
    "band-opposed": {
        "maps that do not depend on the colour": {"opposed": [0, 0, 0]},
        "every field the opposite": {"opposed": [49, 49, 49]},
    },
    "band-mixed-up": {
        "another pair": mixed_up(3, 4, 50, 100),
        "ten classes alike": mixed_up(0, 1, 2, 90),
    },
    "band-noise": {
        "noise that does nothing": {"plain_swaps": [20, 30], "noisy_swaps": [20, 30]},
        "noise that eats corners": {"plain_swaps": [20, 30], "noisy_swaps": [15, 45]},
    },
}


def inside_and_outside(name: str, tag: str) -> dict[str, object]:
    """What `check_band` asks for: the recorded runs, and the wrong models."""
    return {
        "inside": starts_of(name, tag),
        "outside": {what: named(name, values) for what, values in WRONG[tag].items()},
    }


def starts_of(name: str, tag: str) -> list[dict[str, object]]:
    """For each recorded run, the values that the cell of a band reads."""
    return [named(name, STARTS[tag](run)) for run in runs_of(name)]


@pytest.mark.parametrize("name", RECORD_OF)
def test_further_bands(name):
    check_band("reading-a-cnn", "band-cosine", **inside_and_outside(name, "band-cosine"))
    check_band("reading-a-cnn", "band-maps", **inside_and_outside(name, "band-maps"))
    check_band("reading-a-cnn", "band-put-back", **inside_and_outside(name, "band-put-back"))
    check_band("reading-a-cnn", "band-bins", **inside_and_outside(name, "band-bins"))
    check_band("reading-a-cnn", "band-opposed", **inside_and_outside(name, "band-opposed"))


def test_bands_of_shapes10():
    shown = inside_and_outside("Shapes10", "band-quiet")
    shown["outside"]["filters that learned nothing"] = named("Shapes10", {"quiet": [4, 4]})
    shown["outside"]["quiet filters on CIFAR-10"] = named("CIFAR-10", {"quiet": [4, 17]})
    check_band("reading-a-cnn", "band-quiet", **shown)
    check_band("reading-a-cnn", "band-mixed-up", **inside_and_outside("Shapes10", "band-mixed-up"))
    check_band("reading-a-cnn", "band-noise", **inside_and_outside("Shapes10", "band-noise"))


@pytest.mark.slow
def test_bands_hold_for_many_starts():
    check_starts("reading-a-cnn", "band-accuracy", starts_of("Shapes10", "band-accuracy"))
    check_starts("reading-a-cnn", "band-temperature", starts_of("Shapes10", "band-temperature"))
    check_starts("reading-a-cnn", "band-shift", starts_of("Shapes10", "band-shift"))
    check_starts("reading-a-cnn", "band-recall", starts_of("Shapes10", "band-recall"))
    check_starts("reading-a-cnn", "band-cosine", starts_of("Shapes10", "band-cosine"))
    check_starts("reading-a-cnn", "band-maps", starts_of("Shapes10", "band-maps"))
    check_starts("reading-a-cnn", "band-quiet", starts_of("Shapes10", "band-quiet"))
    check_starts("reading-a-cnn", "band-put-back", starts_of("Shapes10", "band-put-back"))
    check_starts("reading-a-cnn", "band-bins", starts_of("Shapes10", "band-bins"))
    check_starts("reading-a-cnn", "band-opposed", starts_of("Shapes10", "band-opposed"))
    check_starts("reading-a-cnn", "band-mixed-up", starts_of("Shapes10", "band-mixed-up"))
    check_starts("reading-a-cnn", "band-noise", starts_of("Shapes10", "band-noise"))


def few_pictures() -> Dataset:
    """Random pictures, 128 to train with."""
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (192, 32, 32, 3), dtype="uint8"), rng.integers(0, 10, 192)
    return Dataset(images[:128], labels[:128], images[128:], labels[128:], tuple("abcdefghij"), None)


RECIPE = recipes.Recipe(bytes_in=True, batch_size=64, rate=0.003, one_cycle=True)


def frozen_net(freeze: bool) -> keras.Model:
    """The net that the page's cell trains for two epochs from seed 5, or the same with nothing frozen."""
    nets, data = [], few_pictures()
    source = BOOK.page("reading-a-cnn").defining("frozen_accuracy")
    assert source.count("trainable = False") == 1
    source = source if freeze else source.replace("trainable = False", "trainable = True")
    spy = SimpleNamespace(
        build_net=lambda recipe: nets.append(recipes.build_net(recipe)) or nets[-1],
        OneCycle=recipes.OneCycle,
        batches=recipes.batches,
    )
    values = {"np": np, "keras": keras, "recipes": spy, "recipe": RECIPE, "train": data, "data": data}
    values["accuracy"] = lambda logits, labels: 0.0
    run([source], values)["frozen_accuracy"](5, epochs=2)
    return nets[0]


def test_only_the_first_layer_is_frozen_and_nothing_else_differs():
    trained = recipes.train(few_pictures(), RECIPE, seed=5, epochs=2).get_weights()
    for ours, theirs in zip(frozen_net(freeze=False).get_weights(), trained, strict=True):
        assert np.allclose(ours, theirs, atol=1e-6)
    keras.utils.set_random_seed(5)
    start = recipes.build_net(RECIPE).get_weights()
    frozen = frozen_net(freeze=True).get_weights()
    same = [np.array_equal(one, other) for one, other in zip(frozen, start, strict=True)]
    assert same == [True, True] + [False] * 8


def test_the_seed_brings_the_start_back():
    still = recipes.train(few_pictures(), RECIPE._replace(rate=0.0), seed=1, epochs=1).get_weights()
    cell = BOOK.page("reading-a-cnn").assigning("start")
    start = run([cell], {"recipes": recipes, "recipe": RECIPE})["start"]
    for one, other in zip(start, still, strict=True):
        assert np.array_equal(one, other)


def test_cosine_and_even_share_on_paper():
    page = functions("reading-a-cnn", "cosines", "even_share")
    one, other = np.zeros((2, 3, 3, 3, 32))
    one[0, 0, 0], other[0, 0, 0], other[0, 0, 1] = 3, 2, 2
    assert page["cosines"](one, other) == pytest.approx(np.full(32, 2**-0.5))
    # One weight of 27: its mean is 1/9 of it, and 9 · (1/9)² = 1/9. All alike: 1. Weights that cancel: 0.
    assert page["even_share"](one) == pytest.approx(np.full(32, 1 / 9))
    assert page["even_share"](np.ones((3, 3, 3, 32))) == pytest.approx(np.ones(32))
    one[1, 1, 0] = -3
    assert page["even_share"](one) == pytest.approx(np.zeros(32))
    many = np.random.default_rng(0).uniform(-1, 1, (3, 3, 3, 20_000))
    assert page["even_share"](many).mean() == pytest.approx(3 / 27, abs=0.002)


def test_no_other_classes_of_shapes10_differ_in_so_few_pixels_as_circle_and_square():
    line = np.arange(32) - 15.5
    x, y = np.meshgrid(line, line)
    names = shapes10.CLASS_NAMES
    covers = {name: [] for name in names}
    for name in names:
        scale = np.sqrt(160 / shapes10._AREA_AND_REACH[name][0])
        for angle in np.linspace(0, 2 * np.pi, 24, endpoint=False):
            u, v = np.cos(angle) * x + np.sin(angle) * y, -np.sin(angle) * x + np.cos(angle) * y
            covers[name].append(shapes10._DISTANCE[name](u / scale, v / scale) < 0)
    nearest = {
        (one, other): min(np.sum(a ^ b) for a in covers[one][:6] for b in covers[other])
        for number, one in enumerate(names)
        for other in names[number + 1 :]
    }
    first, second = sorted(nearest, key=nearest.get)[:2]
    assert first == ("circle", "square") and nearest[first] < 0.8 * nearest[second]


def test_to_a_dense_net_the_order_of_the_pixels_is_nothing():
    """With its first weights in the same other order, it becomes the same net, step by step."""
    data, recipe = few_pictures(), RECIPE._replace(net="dense")
    order = np.random.default_rng(1).permutation(1024)
    grey = functions("reading-a-cnn", "in_grey")["in_grey"]
    answers = []
    for shuffled in (np.arange(1024), order):
        keras.utils.set_random_seed(2)
        net = recipes.build_net(recipe)
        weights = net.get_weights()
        weights[0] = weights[0].reshape(1024, 3, 64)[shuffled].reshape(3072, 64)
        net.set_weights(weights)
        net.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        for _ in range(3):
            net.train_on_batch(grey(data.train_images, shuffled), data.train_labels)
        answers.append(net.predict(grey(data.test_images, shuffled), verbose=0))
    assert np.allclose(*answers, atol=1e-3 * np.abs(answers[0]).max())


def with_ends(recall: np.ndarray) -> dict[str, object]:
    """Recalls, and where the best and the worst are."""
    return {"recall": recall, "easy": np.argmax(recall), "hard": np.argmin(recall)}


@pytest.mark.parametrize("name", RECORD_OF)
def test_some_classes_are_harder(name):
    recalls = [run["recall"] for run in runs_of(name)]
    outside = {f"equal classes, run {number}": with_ends([np.mean(one)] * 10) for number, one in enumerate(recalls)}
    check_band("reading-a-cnn", "band-recall", inside=[with_ends(one) for one in recalls], outside=outside)


def test_ten_equally_hard_classes_do_not_differ_so_much():
    recalls = np.random.default_rng(0).binomial(200, 0.957, (20, 10)) / 200
    held = [is_within("reading-a-cnn", "band-recall", with_ends(one)) for one in recalls]
    assert sum(held) <= 1, held


def test_the_gap_on_paper():
    page = functions("reading-a-cnn", "bins_of", "softmax", "gap")
    # Of four pictures at 80 % two are right, of six at 60 % three: 0.4 · |0.8 - 0.5| + 0.6 · |0.6 - 0.5|.
    logits = np.log(np.array([[0.8, 0.2]] * 4 + [[0.6, 0.4]] * 6))
    assert page["gap"](logits, np.array([0, 0, 1, 1, 0, 0, 0, 1, 1, 1])) == pytest.approx(0.12 + 0.06)


def test_moved_moves_and_repeats_the_border():
    moved = functions("reading-a-cnn", "moved")["moved"]
    images = np.arange(32 * 32).reshape(1, 32, 32, 1)
    assert np.array_equal(moved(images, 0, 0), images)
    down = moved(images, -3, 0)
    assert np.array_equal(down[0, 3:], images[0, :-3]) and np.array_equal(down[0, 0], images[0, 0])


def test_shuffling_loses_nothing():
    page = functions("reading-a-cnn", "in_grey")
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype="uint8")
    plain, mixed = (page["in_grey"](images, order) for order in page["orders"].values())
    back = np.argsort(page["orders"]["shuffled"])
    assert not np.array_equal(plain, mixed)
    assert np.array_equal(plain, page["in_grey"](mixed, back))


def test_the_whole_net_is_nine_lines():
    page = BOOK.page("reading-a-cnn")
    assert len(page.defining("forward").splitlines()) == 9
    assert page.text.count("Nine lines") == 2
