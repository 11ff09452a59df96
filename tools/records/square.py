"""The square of schedule and rate: constant or one cycle, a low or a high rate, and nothing else changed."""

import statistics
from functools import partial
from typing import Any

from nnbook import datasets
from tools.records.engine import Experiment, Run

RATES = (0.002, 0.005)
SCHEDULES = ("constant", "one cycle")
SEEDS = {"shapes10": range(11, 19), "cifar10": range(11, 16)}  # no seed of the ladder
EPOCHS = {"shapes10": 6, "cifar10": 4}  # as on the ladder


def corners(data: str) -> list[tuple[str, float, int, int]]:
    """Return schedule, rate, seed and epochs of each run: all four corners with one seed, then with the next."""
    return [(schedule, rate, seed, EPOCHS[data]) for seed in SEEDS[data] for schedule in SCHEDULES for rate in RATES]


def train_a_corner(schedule: str, rate: float, seed: int, epochs: int) -> Run:
    """Train one corner on four fifths of the training pictures; measure on the others, and on as many of its own."""
    from nnbook import recipes  # TensorFlow only in the process that trains

    recipe = recipes.Recipe(bytes_in=True, batch_size=128, rate=rate, one_cycle=schedule == "one cycle")
    data, images, labels = datasets.hold_back(datasets.load())
    model = recipes.train(data, recipe, seed, epochs)

    def accuracy(images: Any, labels: Any) -> float:
        guesses = model.predict(images, batch_size=500, verbose=0).argmax(axis=1)
        return round(float((guesses == labels).mean()), 4)

    own = len(images)
    return {
        "provenance": data.provenance._asdict(),
        "schedule": schedule,
        "rate": rate,
        "seed": seed,
        "epochs": epochs,
        "validation_accuracy": accuracy(images, labels),
        "training_accuracy": accuracy(data.train_images[:own], data.train_labels[:own]),
    }


def means_and_spreads(runs: list[Run]) -> dict[str, Any]:
    """Return of each corner the mean and the standard deviation of its accuracy, and its worst run."""
    summary = {}
    for schedule, rate in dict.fromkeys((run["schedule"], run["rate"]) for run in runs):
        found = [run["validation_accuracy"] for run in runs if (run["schedule"], run["rate"]) == (schedule, rate)]
        summary[f"{schedule}, {rate}"] = {
            "mean": round(statistics.mean(found), 4),
            "standard_deviation": round(statistics.stdev(found), 4),
            "worst": min(found),
        }
    return {"corners": summary}


EXPERIMENTS = [
    Experiment(
        name=f"square-{data}",
        recipe="the notes' net on bytes in batches of 128, with a constant rate or one cycle, at each of two rates; "
        "the first four fifths of the training pictures, measured on the rest",
        data=data,
        runs=partial(corners, data),
        run=train_a_corner,
        summary=means_and_spreads,
    )
    for data in EPOCHS
]
