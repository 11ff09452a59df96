"""The race of the fast recipe against the notes' own, on CIFAR-10: the record `bench`, with gates.

The runs take turns, so that a slow minute of the machine hits both. If the machine was slower or faster when a stopped
race goes on, begin again with --fresh.
"""

import statistics
import time
from typing import Any

from nnbook import datasets
from tools.machine import peak_memory_mb
from tools.records.engine import Experiment, Run, record_all

SEEDS = (201, 202, 203)  # fixed before the first race; nothing was tuned on them
SHORT, LONG = {"epochs": 2, "width": 16}, {"epochs": 8, "width": 24}  # chosen on validation pictures
RECIPES = {
    "notes": "nnbook.recipes.run_notes_recipe",
    "short": f"nnbook.recipes.train with FAST, {SHORT}; the mean over a picture and its mirror image",
    "long": f"nnbook.recipes.train with FAST, {LONG}; the mean over a picture and its mirror image",
}
# What is raced, gate, goal, and whether the figure must stay under them.
GATES = (
    ("time of the short run over the notes' recipe", 1 / 4, 1 / 5, True),
    ("points of the short run above the notes' recipe", 0.0, 0.0, False),
    ("time of the long run over the notes' recipe", 1.0, 1.0, True),
    ("points of the long run above the notes' recipe", 10.0, 12.0, False),
    ("peak memory over the notes' recipe's", 0.35, 0.30, True),
)


def race(name: str, seed: int) -> Run:
    """Train once in this process and evaluate once; return seconds of training, test accuracy and peak memory."""
    from nnbook import recipes  # TensorFlow only in the process that trains

    data = datasets.load()
    started = time.perf_counter()
    if name == "notes":
        history = recipes.run_notes_recipe(data, seed, [])
        seconds, accuracy = time.perf_counter() - started, history["val_accuracy"][-1]
    else:
        choices = SHORT if name == "short" else LONG
        model = recipes.train(data, recipes.FAST._replace(width=choices["width"]), seed, choices["epochs"])
        seconds = time.perf_counter() - started
        logits = recipes.predict_both_ways(model, data.test_images)
        accuracy = (logits.argmax(axis=1) == data.test_labels).mean()
    return {
        "recipe": name,
        "seed": seed,
        "seconds": round(seconds, 1),
        "test_accuracy": round(float(accuracy), 4),
        "peak_memory_mb": peak_memory_mb(),
        "provenance": data.provenance._asdict(),
    }


def quotients(runs: list[Run]) -> dict[str, float]:
    """Return what is raced, from means over the seeds, in the order of the gates."""

    def mean(name: str, key: str) -> float:
        return statistics.mean(run[key] for run in runs if run["recipe"] == name)

    notes = {key: mean("notes", key) for key in ("seconds", "test_accuracy", "peak_memory_mb")}
    values = (
        mean("short", "seconds") / notes["seconds"],
        100 * (mean("short", "test_accuracy") - notes["test_accuracy"]),
        mean("long", "seconds") / notes["seconds"],
        100 * (mean("long", "test_accuracy") - notes["test_accuracy"]),
        max(mean(name, "peak_memory_mb") for name in ("short", "long")) / notes["peak_memory_mb"],
    )
    return dict(zip((gate[0] for gate in GATES), values, strict=True))


def summary(runs: list[Run]) -> dict[str, Any]:
    """Return what was raced, and the quotients."""
    return {"recipes": RECIPES, "figures": {name: round(value, 4) for name, value in quotients(runs).items()}}


def verdict(runs: list[Run]) -> tuple[str, int]:
    """Return the quotients beside gates and goals, a line each, and 1 if a gate is missed."""
    lines, code = [f"{'figure':52}{'measured':>10}{'gate':>8}{'goal':>8}"], 0
    for (name, gate, goal, under), value in zip(GATES, quotients(runs).values(), strict=True):
        missed = not (value <= gate if under else value >= gate)
        code = max(code, int(missed))
        lines.append(f"{name:52}{value:10.2f}{gate:8.2f}{goal:8.2f}  {'MISSED' if missed else ''}".rstrip())
    return "\n".join(lines), code


EXPERIMENTS = [
    Experiment(
        name="bench",
        recipe="three recipes in turn, each run once and looked at once",
        data="cifar10",
        runs=lambda: [(name, seed) for seed in SEEDS for name in RECIPES],
        run=race,
        summary=summary,
        verdict=verdict,
    )
]


def main(fresh: str = "") -> int:
    """Do the task `bench`; return 1 if a gate is missed."""
    return record_all([one.name for one in EXPERIMENTS], bool(fresh))


def bench(fresh: str = "") -> int:
    """Do the task `bench`; exit code 1 if a gate is missed."""
    return record_all(["bench"], bool(fresh))
