"""The notes' recipe to the letter, on CIFAR-10."""

import statistics
import sys
import time
from typing import Any

from nnbook import datasets
from tools.machine import peak_memory_mb
from tools.records.engine import Experiment, Run

SEEDS = (1, 2, 3)


def train(seed: int) -> Run:
    """Train the notes' recipe once; return the histories, seconds per epoch and peak memory of this process."""
    from nnbook import recipes  # TensorFlow only in the process that trains

    data = datasets.load()
    seconds: list[float] = []
    clock = [0.0]

    def begin(epoch: int, logs: Any = None) -> None:
        clock[0] = time.perf_counter()

    def end(epoch: int, logs: dict[str, float]) -> None:
        seconds.append(round(time.perf_counter() - clock[0], 2))
        print(
            f"  seed {seed}  epoch {epoch + 1:2d}/{recipes.NOTES_EPOCHS}  {seconds[-1]:5.0f} s  "
            f"test accuracy {logs['val_accuracy']:.4f}",
            file=sys.stderr,
            flush=True,
        )

    watch = recipes.keras.callbacks.LambdaCallback(on_epoch_begin=begin, on_epoch_end=end)
    history = recipes.run_notes_recipe(data, seed, [watch])
    return {
        "seed": seed,
        "provenance": data.provenance._asdict(),
        "test_accuracy": round(history["val_accuracy"][-1], 4),
        "best_epoch_test_accuracy": round(max(history["val_accuracy"]), 4),
        "seconds_per_epoch": seconds,
        "peak_memory_mb": peak_memory_mb(),
        "history": {name: [round(value, 4) for value in values] for name, values in history.items()},
    }


def means(runs: list[Run]) -> dict[str, Any]:
    """Return the mean test accuracy of the runs, and the median of the seconds that an epoch took."""
    seconds = [second for run in runs for second in run["seconds_per_epoch"]]
    return {
        "mean_test_accuracy": round(statistics.mean(run["test_accuracy"] for run in runs), 4),
        "median_seconds_per_epoch": round(statistics.median(seconds), 1),
    }


EXPERIMENTS = [
    Experiment(
        name="cifar10-notes-recipe",
        recipe="pictures / 255.0 (float64), all 50,000, Adam, batch 32, 10 epochs, test set as validation data",
        data="cifar10",
        runs=lambda: [(seed,) for seed in SEEDS],
        run=train,
        summary=means,
    )
]
