"""Averaged weights, and what batch norm remembers: mistakes before and after its statistics are renewed."""

import statistics
from functools import partial
from typing import Any

from nnbook import datasets
from tools.records.engine import Experiment, Run

FAST, AVERAGED = "the fast recipe", "averaged weights"
SEEDS = range(11, 16)  # no seed of the ladder
EPOCHS = {"shapes10": 6, "cifar10": 4}  # as on the ladder


def rungs_on(data: str) -> list[tuple[str, int, int]]:
    """Return rung, seed and epochs of each run."""
    return [(rung, seed, EPOCHS[data]) for seed in SEEDS for rung in (FAST, AVERAGED)]


def count_mistakes(rung: str, seed: int, epochs: int) -> Run:
    """Train a rung, count its mistakes on the validation pictures, renew the statistics, count again."""
    from nnbook import recipes  # TensorFlow only in the process that trains

    data, images, labels = datasets.hold_back(datasets.load())
    model = recipes.train(data, recipes.FAST._replace(average=rung == AVERAGED), seed, epochs)

    def mistakes() -> int:
        return int((model.predict(images, batch_size=500, verbose=0).argmax(axis=1) != labels).sum())

    before = mistakes()
    recipes.renew_statistics(model, data.train_images)
    return {
        "provenance": data.provenance._asdict(),
        "rung": rung,
        "seed": seed,
        "epochs": epochs,
        "pictures": len(labels),
        "mistakes": before,
        "mistakes_renewed": mistakes(),
    }


def means(runs: list[Run]) -> dict[str, Any]:
    """Return the mean mistakes of each rung, before and after."""
    return {
        "mean_mistakes": {
            rung: {
                key: statistics.mean(run[key] for run in runs if run["rung"] == rung)
                for key in ("mistakes", "mistakes_renewed")
            }
            for rung in (FAST, AVERAGED)
        }
    }


EXPERIMENTS = [
    Experiment(
        name=f"averaging-{data}",
        recipe="nnbook.recipes.FAST without and with averaged weights on the first four fifths of the "
        "training pictures; mistakes on the rest, before and after one pass that renews batch norm's statistics",
        data=data,
        runs=partial(rungs_on, data),
        run=count_mistakes,
        summary=means,
    )
    for data in EPOCHS
]
