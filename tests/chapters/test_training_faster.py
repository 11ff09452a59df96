"""What the page about faster training claims: its recorded ladder, its live rungs, its snippet."""

import nnbook.quiet  # noqa: F401  isort: skip
import itertools
import re
import subprocess
import sys

import numpy as np
import pytest

from nnbook import datasets, recipes, recorded, rungs
from tests.pages import BOOK, RECORD_OF, check_band


@pytest.mark.parametrize("name", RECORD_OF)
def test_the_recorded_ladder_is_todays_ladder(name):
    record = recorded.read(f"ladder-{RECORD_OF[name]}")
    assert list(record["rungs"]) == list(rungs.LADDER)
    for rung, summary in record["rungs"].items():
        accuracies = [run["validation_accuracy"] for run in record["runs"] if run["rung"] == rung]
        assert len(accuracies) == 3
        assert summary["validation_accuracy"] == pytest.approx(np.mean(accuracies), abs=1e-4)
        assert summary["standard_error"] == pytest.approx(np.std(accuracies, ddof=1) / np.sqrt(3), abs=1e-4)


def test_each_rung_changes_one_thing():
    steps = list(rungs.LADDER.values())
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
    outside = {"a change that changes nothing": {"fast": notes, "notes": notes}}
    check_band("training-faster", "band-live-rungs", inside=[{"fast": fast, "notes": notes}], outside=outside)


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
