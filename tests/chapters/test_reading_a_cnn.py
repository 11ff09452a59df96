"""What the page about the trained net claims, on records of seeds that it does not use."""

import nnbook.quiet  # noqa: F401  isort: skip
from types import SimpleNamespace

import numpy as np
import pytest

from nnbook import recorded
from tests.pages import BOOK, RECORD_OF, check_band, functions, is_within, ninety_five_percent_range
from tools.book import run

STUDENT = {"Shapes10": 2.776, "CIFAR-10": 4.303}  # t at 0.975 for the runs of each record, less one: any table


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
    check_band("reading-a-cnn", "band-shift", inside=inside, outside=outside)


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
