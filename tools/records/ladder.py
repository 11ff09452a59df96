"""The ladder of recipes, from the notes' to the fast one, climbed on validation pictures of each set."""

import statistics
import time
from functools import partial
from typing import Any

from nnbook import datasets
from tools.machine import peak_memory_mb
from tools.records.engine import Experiment, Run

SEEDS = (1, 2, 3)
EPOCHS = {"shapes10": 6, "cifar10": 4}


def runs_on(data: str) -> list[tuple[str, int, int]]:
    """Return rung, seed and epochs of each run: the whole ladder with one seed, then with the next."""
    from nnbook.rungs import LADDER  # TensorFlow only when it is recorded

    return [(rung, seed, EPOCHS[data]) for seed in SEEDS for rung in LADDER]


def climb(rung: str, seed: int, epochs: int) -> Run:
    """Train one rung of the ladder on four fifths of the training pictures; measure on the others, and on its own."""
    from nnbook import recipes
    from nnbook.rungs import LADDER

    recipe = LADDER[rung]
    data, images, labels = datasets.hold_back(datasets.load())
    started = time.perf_counter()
    model = recipes.train(data, recipe, seed, epochs)
    seconds = round(time.perf_counter() - started, 1)

    def ready(images: Any) -> Any:
        return images if recipe.bytes_in else images / 255.0

    def accuracy(images: Any, labels: Any) -> float:
        logits = model.predict(ready(images), batch_size=500, verbose=0)
        return round(float((logits.argmax(axis=1) == labels).mean()), 4)

    memory = peak_memory_mb()
    both_ways = recipes.predict_both_ways(model, ready(images))
    own = len(images)  # of its own pictures as many
    return {
        "provenance": data.provenance._asdict(),
        "rung": rung,
        "seed": seed,
        "epochs": epochs,
        "seconds": seconds,
        "peak_memory_mb": memory,  # of the training alone
        "validation_accuracy": accuracy(images, labels),
        "validation_accuracy_both_ways": round(float((both_ways.argmax(axis=1) == labels).mean()), 4),
        "training_accuracy": accuracy(data.train_images[:own], data.train_labels[:own]),
    }


def rungs(runs: list[Run]) -> dict[str, Any]:
    """Return of each rung the mean and the standard error of its accuracy, and the medians of time and memory."""
    summary = {}
    for name in dict.fromkeys(run["rung"] for run in runs):
        of_rung = [run for run in runs if run["rung"] == name]
        accuracies = [run["validation_accuracy"] for run in of_rung]
        summary[name] = {
            "validation_accuracy": round(statistics.mean(accuracies), 4),
            "standard_error": round(statistics.stdev(accuracies) / len(accuracies) ** 0.5, 4),
            "both_ways": round(statistics.mean(run["validation_accuracy_both_ways"] for run in of_rung), 4),
            "training_accuracy": round(statistics.mean(run["training_accuracy"] for run in of_rung), 4),
            "seconds": statistics.median(run["seconds"] for run in of_rung),
            "peak_memory_mb": statistics.median(run["peak_memory_mb"] for run in of_rung),
        }
    return {"rungs": summary}


EXPERIMENTS = [
    Experiment(
        name=f"ladder-{data}",
        recipe="nnbook.rungs.LADDER, each rung on the first four fifths of the training pictures, measured on the rest",
        data=data,
        runs=partial(runs_on, data),
        run=climb,
        summary=rungs,
    )
    for data in EPOCHS
]
