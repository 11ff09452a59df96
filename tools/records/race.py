"""Race the fast recipe against the notes' own, on CIFAR-10, each run in a fresh process.

    python -m tools.records.race              all runs, then the table; exit code 1 if a gate is missed
    python -m tools.records.race --fresh      forget the runs of a stopped race first

The runs take turns, so that a slow minute of the machine hits both. A finished run is kept in _build/bench/ until the
race is over, so a stopped race goes on where it was; if the machine was slower or faster in the meantime, start again.
The result is src/nnbook/recorded/bench.json.
"""

import argparse
import datetime
import json
import shutil
import statistics
import sys
import time
from typing import Any

from nnbook import datasets
from tools.records.engine import ROOT, conditions, kept_runs, peak_memory_mb, take_conditions, write_record

KEPT = ROOT / "_build" / "bench"
SEEDS = (201, 202, 203)  # fixed before the first race; nothing was tuned on them
SHORT, LONG = {"epochs": 2, "width": 16}, {"epochs": 8, "width": 24}  # chosen on validation pictures
RUNS = ("notes", "short", "long")
# What is raced, gate, goal, and whether the figure must stay under them.
GATES = (
    ("time of the short run over the notes' recipe", 1 / 4, 1 / 5, True),
    ("points of the short run above the notes' recipe", 0.0, 0.0, False),
    ("time of the long run over the notes' recipe", 1.0, 1.0, True),
    ("points of the long run above the notes' recipe", 10.0, 12.0, False),
    ("peak memory over the notes' recipe's", 0.35, 0.30, True),
)


def run_once(name: str, seed: int) -> dict[str, Any]:
    """Train once in this process and evaluate once; return seconds of training, test accuracy and peak memory."""
    from nnbook import recipes  # TensorFlow only in the process that trains

    data = datasets.load("cifar10")
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


def figures_of(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Return the raced figures, from means over the seeds."""

    def mean(name: str, key: str) -> float:
        return statistics.mean(run[key] for run in runs if run["recipe"] == name)

    notes = {key: mean("notes", key) for key in ("seconds", "test_accuracy", "peak_memory_mb")}
    return {
        GATES[0][0]: mean("short", "seconds") / notes["seconds"],
        GATES[1][0]: 100 * (mean("short", "test_accuracy") - notes["test_accuracy"]),
        GATES[2][0]: mean("long", "seconds") / notes["seconds"],
        GATES[3][0]: 100 * (mean("long", "test_accuracy") - notes["test_accuracy"]),
        GATES[4][0]: max(mean(name, "peak_memory_mb") for name in ("short", "long")) / notes["peak_memory_mb"],
    }


def is_missed(figure: float, gate: float, under: bool) -> bool:
    """Is the figure on the wrong side of its gate?"""
    return figure > gate if under else figure < gate


def table(figures: dict[str, float]) -> str:
    """Return the figures beside gates and goals, a line each."""
    lines = [f"{'figure':52}{'measured':>10}{'gate':>8}{'goal':>8}"]
    for name, gate, goal, under in GATES:
        verdict = "MISSED" if is_missed(figures[name], gate, under) else ""
        lines.append(f"{name:52}{figures[name]:10.2f}{gate:8.2f}{goal:8.2f}  {verdict}".rstrip())
    return "\n".join(lines)


def race() -> None:
    """Do all runs that are not kept yet, in turn, write the result and print the table."""
    order = [(name, seed) for seed in SEEDS for name in RUNS]
    commands = {
        KEPT / f"{name}-{seed}.json": ["-m", "tools.records.race", "--run", name, str(seed)] for name, seed in order
    }
    runs: list[dict[str, Any]] = []
    for run in kept_runs(commands):
        runs.append(run)
        print(
            f"  {len(runs)}/{len(order)}  {run['recipe']:5} seed {run['seed']}  {run['seconds']:5.0f} s  "
            f"test accuracy {run['test_accuracy']:.4f}  {run['peak_memory_mb']:,} MB",
            flush=True,
        )
    shared = take_conditions(runs)
    figures = figures_of(runs)
    result = {
        "command": "make bench",
        "recipes": {
            "notes": "nnbook.recipes.run_notes_recipe",
            "short": f"nnbook.recipes.train with FAST, {SHORT}; the mean over a picture and its mirror image",
            "long": f"nnbook.recipes.train with FAST, {LONG}; the mean over a picture and its mirror image",
        },
        **shared,
        "date": datetime.date.today().isoformat(),
        "figures": {name: round(value, 4) for name, value in figures.items()},
        "runs": runs,
    }
    write_record("bench", result)
    shutil.rmtree(KEPT)
    print("\n" + table(figures))
    sys.exit(any(is_missed(figures[name], gate, under) for name, gate, _, under in GATES))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--run", nargs=2, metavar=("RECIPE", "SEED"))
    arguments = parser.parse_args()
    if arguments.run:
        made = conditions()  # before the run, during which somebody may edit the code
        print(json.dumps(run_once(arguments.run[0], int(arguments.run[1])) | made))
        return
    try:
        datasets.find_cifar10()
    except (ValueError, OSError) as error:
        sys.exit(f"make bench: {error}")
    if arguments.fresh:
        shutil.rmtree(KEPT, ignore_errors=True)
    print(f"{len(SEEDS) * len(RUNS)} runs on CIFAR-10, 20 to 60 minutes on 2 cores; a finished run is kept.")
    race()


if __name__ == "__main__":
    main()
