"""Run the notes' recipe on CIFAR-10 with three seeds, a fresh process each, and write what came out.

    python tools/record.py            all seeds, then src/nnbook/recorded/cifar10-notes-recipe.json
    python tools/record.py --seed 1   one seed; prints its result as JSON (used by the line above)

A finished seed is kept in _build/record/, so a stopped run goes on with the next seed.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nnbook import datasets

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "src" / "nnbook" / "recorded" / "cifar10-notes-recipe.json"
SEEDS = (1, 2, 3)


def run_seed(seed: int) -> dict[str, Any]:
    """Train once; return the histories, seconds per epoch and peak memory of this process."""
    from nnbook import recipes  # TensorFlow only in the process that trains

    data = datasets.load("cifar10")
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


def peak_memory_mb() -> int | None:
    """Return the greatest resident memory of this process in MB, or None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3))


def hardware() -> str:
    """Return the processor and the number of cores."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        named = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        processor = named[0].split(":", 1)[1].strip() if named else processor
    return f"{processor}, {os.cpu_count()} cores, no GPU"


def main() -> None:
    datasets.find_cifar10()
    print(f"The notes' recipe on CIFAR-10, {len(SEEDS)} seeds of ten epochs: 10 to 25 minutes on 2 cores.")
    kept = ROOT / "_build" / "record"
    kept.mkdir(parents=True, exist_ok=True)
    runs = []
    for seed in SEEDS:
        path = kept / f"notes-recipe-{seed}.json"
        if not path.exists():
            command = [sys.executable, __file__, "--seed", str(seed)]
            result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
            path.with_suffix(".new").write_text(result, "utf-8")
            path.with_suffix(".new").replace(path)
        runs.append(json.loads(path.read_text("utf-8")))
    provenance = [run.pop("provenance") for run in runs]
    if any(one != provenance[0] for one in provenance):
        sys.exit(f"The kept runs are of different pictures; delete {kept} and run again.")
    record = {
        "command": "make record",
        "recipe": "pictures / 255.0 (float64), all 50,000, Adam, batch 32, 10 epochs, test set as validation data",
        "provenance": provenance[0],
        "hardware": hardware(),
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in ("keras", "numpy")}
        | {"tensorflow": tensorflow_version()},
        "date": datetime.date.today().isoformat(),
        "mean_test_accuracy": round(statistics.mean(run["test_accuracy"] for run in runs), 4),
        "median_seconds_per_epoch": round(
            statistics.median(second for run in runs for second in run["seconds_per_epoch"]), 1
        ),
        "runs": runs,
    }
    RECORD.with_suffix(".new").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    RECORD.with_suffix(".new").replace(RECORD)
    for path in kept.glob("notes-recipe-*.json"):
        path.unlink()
    print(f"Mean test accuracy {record['mean_test_accuracy']:.4f}; written to {RECORD.relative_to(ROOT)}.")


def tensorflow_version() -> str:
    for name in ("tensorflow-cpu", "tensorflow"):
        try:
            return version(name)
        except ModuleNotFoundError:
            continue
    return "unknown"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int)
    seed = parser.parse_args().seed
    if seed is None:
        main()
    else:
        print(json.dumps(run_seed(seed)))
