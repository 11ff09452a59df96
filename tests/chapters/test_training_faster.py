"""What the page about faster training claims: its recorded ladder, its live rungs, its snippet."""

import nnbook.quiet  # noqa: F401  isort: skip
import itertools
import re
import subprocess
import sys

import numpy as np
import pytest

from nnbook import datasets, recipes, recorded, rungs
from tests.pages import BOOK, RECORD_OF, check_band, check_starts

LIVE_SEEDS = range(101, 111)


@pytest.mark.parametrize("name", RECORD_OF)
def test_the_recorded_ladder_is_todays_ladder(name):
    record = recorded.read(f"ladder-{RECORD_OF[name]}")
    assert list(record["rungs"]) == list(rungs.LADDER)
    for rung, summary in record["rungs"].items():
        accuracies = [run["validation_accuracy"] for run in record["runs"] if run["rung"] == rung]
        assert len(accuracies) == 3
        assert summary["validation_accuracy"] == pytest.approx(np.mean(accuracies), abs=1e-4)
        assert summary["standard_error"] == pytest.approx(np.std(accuracies, ddof=1) / np.sqrt(3), abs=1e-4)
        training = [run["training_accuracy"] for run in record["runs"] if run["rung"] == rung]
        assert summary["training_accuracy"] == pytest.approx(np.mean(training), abs=1e-4)


@pytest.mark.parametrize("name", RECORD_OF)
def test_the_recorded_square_has_four_corners_of_equal_seeds(name):
    record = recorded.read(f"square-{RECORD_OF[name]}")
    found = {(run["schedule"], run["rate"], run["seed"]): run["validation_accuracy"] for run in record["runs"]}
    seeds = sorted({seed for _, _, seed in found})
    corners = list(itertools.product(("constant", "one cycle"), (0.002, 0.005)))
    assert len(seeds) == {"Shapes10": 8, "CIFAR-10": 5}[name]
    assert sorted(found) == sorted((*corner, seed) for corner in corners for seed in seeds)
    for schedule, rate in corners:
        accuracies = [found[schedule, rate, seed] for seed in seeds]
        summary = record["corners"][f"{schedule}, {rate}"]
        assert summary["mean"] == pytest.approx(np.mean(accuracies), abs=1e-4)
        assert summary["standard_deviation"] == pytest.approx(np.std(accuracies, ddof=1), abs=1e-4)
        assert summary["worst"] == min(accuracies)


def test_each_rung_changes_one_thing():
    steps = list(rungs.LADDER.values())
    changed = [
        {field for field in recipes.Recipe._fields if getattr(before, field) != getattr(after, field)}
        for before, after in itertools.pairwise(steps)
    ]
    assert all(len(fields) == 1 for fields in changed), changed


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_live_rungs_hold_from_other_seeds():
    data, images, labels = datasets.hold_back(datasets.load("shapes10"))

    def accuracy(recipe: recipes.Recipe, seed: int) -> float:
        model = recipes.train(data, recipe, seed, epochs=5)
        logits = model.predict(images if recipe.bytes_in else images / 255.0, batch_size=500, verbose=0)
        return (logits.argmax(axis=1) == labels).mean()

    runs = [{"notes": accuracy(recipes.Recipe(), seed), "fast": accuracy(recipes.FAST, seed)} for seed in LIVE_SEEDS]
    outside = {"a change that changes nothing": {"fast": runs[0]["notes"], "notes": runs[0]["notes"]}}
    check_band("training-faster", "band-live-rungs", inside=runs, outside=outside)
    check_starts("training-faster", "band-live-rungs", runs)


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
    page = BOOK.page("training-faster").text
    snippet = re.search(r"```python\n(.*?MirroredStrategy.*?)```", page, flags=re.S)[1]
    program = TWO_DEVICES + snippet + "\nprint('copies', strategy.num_replicas_in_sync, 'batch', batch_size)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "copies 2 batch 256" in done.stdout
