"""The pages about the CNN and about reading one, run again and again on each picture set."""

import statistics
from functools import partial
from typing import Any

from tools import book
from tools.machine import peak_memory_mb
from tools.records.engine import Cells, Experiment, Run

CNN = Cells("cifar-cnn", until="record-guesses")
READING = Cells("reading-a-cnn", until="record-covered")
CNN_RUNS = {"shapes10": range(1, 11), "cifar10": range(1, 6)}  # that page sets no seed, so neither do we
READING_SEEDS = {"shapes10": range(2, 12), "cifar10": range(2, 5)}  # the page itself uses 1


def train_cnn(number: int) -> Run:
    """Run the cells of the page about the CNN, up to its guesses."""
    page = book.run(CNN.sources(), asserts=False)
    return {
        "provenance": page["data"].provenance._asdict(),
        "test_accuracy": round(page["test_acc"], 4),
        "peak_memory_mb": peak_memory_mb(),
        "history": {name: [round(value, 4) for value in curve] for name, curve in page["history"].items()},
        "first_epoch": {name: round(page[name], 4) for name in ("running", "trained", "kept")},
        "mistakes": {name: round(float(page[name]), 4) for name in ("when_sure", "in_doubt")},
    }


def train_and_read(seed: int) -> Run:
    """Train and measure the net of the page about reading a net from another seed, and the nets that it only defines.

    Those have their first filters frozen, or see grey pictures.
    """
    page = book.run(READING.sources(), seed=seed, asserts=False)
    pair = int(page["a"]), int(page["b"])
    run = {
        "provenance": page["data"].provenance._asdict(),
        "seed": seed,
        "recall": [round(float(one), 3) for one in page["recall"]],
        "mixed_up": {"pair": pair, "times": int(page["mixed_up"][pair]), "mistakes": int(page["wrong"].sum())},
        "swaps": {"plain": page["plain_swaps"], "noisy": page["noisy_swaps"]},
        "cosine": {"own": round(float(page["own"]), 3), "another": round(float(page["another"]), 3)},
        "map_correlation": round(float(page["alike"]), 3),
        "quiet": page["quiet"],
        "temperature": round(float(page["T"]), 2),
        "last_bin": round(float(page["shares"][-1]), 3),
        "shifted_accuracy": [round(float(one), 4) for one in page["by_shift"]],
        "opposed": page["opposed"],
        "grey": {
            f"{net}, {name}": round(float(page["grey_accuracy"](net, order, seed)), 4)
            for net in ("notes", "dense")
            for name, order in page["orders"].items()
        },
        "frozen_accuracy": round(float(page["frozen_accuracy"](seed)), 4),
    }
    for name, value in {
        "test_accuracy": page["test_accuracy"],
        "put_back_accuracy": page["put_back"],
        "gap_before": page["gap_before"],
        "gap_after": page["gap_after"],
    }.items():
        run[name] = round(float(value), 4)
    return run


def mean_test_accuracy(runs: list[Run]) -> dict[str, Any]:
    """Return the mean test accuracy of the runs."""
    return {"mean_test_accuracy": round(statistics.mean(run["test_accuracy"] for run in runs), 4)}


def each(numbers: range) -> list[tuple[int]]:
    """Return the arguments of runs that differ in one number."""
    return [(number,) for number in numbers]


EXPERIMENTS = [
    Experiment(
        name=f"cifar-cnn-{data}",
        recipe="the cells of chapters/images/cifar-cnn.md",
        data=data,
        runs=partial(each, numbers),
        run=train_cnn,
        summary=mean_test_accuracy,
        cells=CNN,
    )
    for data, numbers in CNN_RUNS.items()
] + [
    Experiment(
        name=f"reading-{data}",
        recipe="the cells of chapters/images/reading-a-cnn.md, from other seeds",
        data=data,
        runs=partial(each, seeds),
        run=train_and_read,
        summary=mean_test_accuracy,
        cells=READING,
    )
    for data, seeds in READING_SEEDS.items()
]
