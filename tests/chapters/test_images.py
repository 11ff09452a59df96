"""What the pages about the trained net and about faster training claim, on records of seeds that they do not use."""

import nnbook.quiet  # noqa: F401  isort: skip
import itertools
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from nnbook import datasets, recipes, recorded
from tests.chapters.test_bands import band_of, holds, ninety_five_percent_range, page_functions
from tools.book import ROOT

READING = "images/reading-a-cnn.md"
FASTER = "images/training-faster.md"
# Student's t at 0.975 for the runs of each record, less one: any table.
RECORDS = {"Shapes10": ("shapes10", 2.776), "CIFAR-10": ("cifar10", 4.303)}


@pytest.mark.parametrize("name", RECORDS)
def test_accuracy_band_of_the_net_taken_apart(name):
    key, t = RECORDS[name]
    runs = recorded.read(f"reading-{key}")["runs"]
    assert 1 not in [run["seed"] for run in runs]  # the seed of the page
    cell = band_of(READING, "assert low < test_accuracy")
    values = {"data": SimpleNamespace(provenance=SimpleNamespace(name=name))}
    accuracies = [run["test_accuracy"] for run in runs]
    assert all(holds(cell, test_accuracy=one, **values) for one in accuracies), accuracies
    dense = [run["grey"]["dense, as they are"] for run in runs]
    assert not any(holds(cell, test_accuracy=one, **values) for one in dense), dense
    exec(cell, values | {"test_accuracy": np.median(accuracies)}, kept := {})
    assert kept["high"] - kept["low"] <= 2 * ninety_five_percent_range(accuracies, t)


@pytest.mark.parametrize("name", RECORDS)
def test_temperature_recall_and_shifts_hold_for_every_recorded_seed(name):
    key, t = RECORDS[name]
    runs, logits = recorded.read(f"reading-{key}")["runs"], np.eye(4)
    temperature, shift = band_of(READING, "assert low < T"), band_of(READING, "assert by_shift[0] - by_shift[4]")
    recalls = band_of(READING, "assert recall[easy]")
    values = {"np": np, "test_logits": logits, "guesses": np.arange(4), "name": name}
    for run in runs:
        assert holds(temperature, T=run["temperature"], **values), run
        assert not holds(temperature, T=2 * run["temperature"], **values)  # the same net, with all logits doubled
        assert holds(shift, by_shift=run["shifted_accuracy"])
        assert not holds(shift, by_shift=[run["test_accuracy"]] * 5)  # a net that shifts do not touch
        assert holds(recalls, recall=run["recall"], easy=np.argmax(run["recall"]), hard=np.argmin(run["recall"]))
    exec(temperature, values | {"T": np.median([run["temperature"] for run in runs])}, kept := {})
    assert kept["high"] - kept["low"] <= 2 * ninety_five_percent_range([run["temperature"] for run in runs], t)


def test_ten_equally_hard_classes_do_not_differ_so_much():
    recalls = np.random.default_rng(0).binomial(200, 0.957, (20, 10)) / 200
    cell = band_of(READING, "assert recall[easy]")
    held = [holds(cell, recall=one, easy=one.argmax(), hard=one.argmin()) for one in recalls]
    assert sum(held) <= 1, held


def test_the_gap_on_paper():
    page = page_functions(READING, "bins_of", "softmax", "gap")
    # Of four pictures at 80 % two are right, of six at 60 % three: 0.4 · |0.8 - 0.5| + 0.6 · |0.6 - 0.5|.
    logits = np.log(np.array([[0.8, 0.2]] * 4 + [[0.6, 0.4]] * 6))
    assert page["gap"](logits, np.array([0, 0, 1, 1, 0, 0, 0, 1, 1, 1])) == pytest.approx(0.12 + 0.06)


def test_moved_moves_and_repeats_the_border():
    moved = page_functions(READING, "moved")["moved"]
    images = np.arange(32 * 32).reshape(1, 32, 32, 1)
    assert np.array_equal(moved(images, 0, 0), images)
    down = moved(images, -3, 0)
    assert np.array_equal(down[0, 3:], images[0, :-3]) and np.array_equal(down[0, 0], images[0, 0])


def test_shuffling_loses_nothing():
    source = band_of(READING, "def in_grey")
    exec(source, {"np": np} | (page := {"np": np}), page)
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype="uint8")
    plain, mixed = (page["in_grey"](images, order) for order in page["orders"].values())
    back = np.argsort(page["orders"]["shuffled"])
    assert not np.array_equal(plain, mixed)
    assert np.array_equal(plain, page["in_grey"](mixed, back))


@pytest.mark.parametrize("name", RECORDS)
def test_the_recorded_ladder_is_todays_ladder(name):
    record = recorded.read(f"ladder-{RECORDS[name][0]}")
    assert list(record["rungs"]) == list(recipes.LADDER)
    for rung, summary in record["rungs"].items():
        accuracies = [run["validation_accuracy"] for run in record["runs"] if run["rung"] == rung]
        assert len(accuracies) == 3
        assert summary["validation_accuracy"] == pytest.approx(np.mean(accuracies), abs=1e-4)
        assert summary["standard_error"] == pytest.approx(np.std(accuracies, ddof=1) / np.sqrt(3), abs=1e-4)


def test_each_rung_changes_one_thing():
    steps = list(recipes.LADDER.values())
    changed = [
        {field for field in recipes.Recipe._fields if getattr(before, field) != getattr(after, field)}
        for before, after in itertools.pairwise(steps)
    ]
    # A batch brings its rate along, and a cycle its peak.
    assert all(len(fields - {"rate"}) == 1 or fields == {"rate"} for fields in changed), changed


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102, 103])
def test_the_live_rungs_hold_from_other_seeds(seed):
    data, images, labels = datasets.hold_back(datasets.load("shapes10"))

    def accuracy(recipe: recipes.Recipe) -> float:
        model = recipes.train(data, recipe, seed, epochs=5)
        logits = model.predict(images if recipe.bytes_in else images / 255.0, batch_size=500, verbose=0)
        return (logits.argmax(axis=1) == labels).mean()

    notes, fast = accuracy(recipes.Recipe()), accuracy(recipes.FAST)
    print(f"seed {seed}: notes {notes:.3f}, fast {fast:.3f}")
    band = band_of(FASTER, "assert fast - notes")
    values = {"data": SimpleNamespace(provenance=SimpleNamespace(name="Shapes10"))}
    assert holds(band, fast=fast, notes=notes, **values)
    assert not holds(band, fast=notes, notes=notes, **values)  # a change that changes nothing


TWO_DEVICES = """
import nnbook.quiet
import tensorflow

half = tensorflow.config.LogicalDeviceConfiguration()
processor = tensorflow.config.list_physical_devices("CPU")[0]
tensorflow.config.set_logical_device_configuration(processor, [half, half])

from nnbook import datasets

whole = datasets.load("shapes10")
few = whole._replace(train_images=whole.train_images[:2048], train_labels=whole.train_labels[:2048])
datasets.load = lambda: few
create = tensorflow.distribute.MirroredStrategy
tensorflow.distribute.MirroredStrategy = lambda: create(["CPU:0", "CPU:1"])
"""


def test_the_snippet_for_several_processors_runs_on_two_pretended_ones():
    page = (ROOT / "chapters" / FASTER).read_text("utf-8")
    snippet = re.search(r"```python\n(.*?MirroredStrategy.*?)```", page, flags=re.S)[1]
    program = TWO_DEVICES + snippet + "\nprint('copies', strategy.num_replicas_in_sync, 'batch', batch_size)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "copies 2 batch 256" in done.stdout


def test_the_whole_net_is_nine_lines():
    page = (ROOT / "chapters/images/reading-a-cnn.md").read_text("utf-8")
    function = page.split("def forward(images):")[1].split("\n```")[0]
    assert len(f"def forward(images):{function}".splitlines()) == 9
    assert page.count("Nine lines") == 2


def test_the_curves_of_the_notes_recipe_are_as_described():
    curves = [run["history"]["val_accuracy"] for run in recorded.read("cifar10-notes-recipe")["runs"]]
    steps = np.abs(np.diff(np.array(curves)[:, 3:], axis=1))
    assert 0.025 < steps.max() <= 0.03, "up and down by up to three points"
    assert all(0.69 <= curve[-1] < 0.705 for curve in curves)
