"""Train what a page shows but is too slow to train live, a fresh process each, and write what came out.

    python -m tools.records.engine                 everything, into src/nnbook/recorded/
    python -m tools.records.engine NAME            one of: cifar10-notes-recipe, cifar-cnn-shapes10, cifar-cnn-cifar10,
                                           long-memory, ladder-shapes10, ladder-cifar10, reading-shapes10,
                                           reading-cifar10
    python -m tools.records.engine NAME --run 1    one run; prints its result as JSON (used by the lines above)

A finished run is kept in _build/record/, so a stopped recording goes on with the next run.
"""

import argparse
import datetime
import hashlib
import io
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import jupytext
import psutil

from nnbook import datasets

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT / "src" / "nnbook" / "recorded"
KEPT = ROOT / "_build" / "record"
CNN_PAGE = ROOT / "chapters" / "images" / "cifar-cnn.md"
READING_PAGE = ROOT / "chapters" / "images" / "reading-a-cnn.md"
MEMORY_PAGE = ROOT / "chapters" / "sequences" / "lstm-and-gru.md"


class Experiment(NamedTuple):
    """What is trained, on which data, how often, the function that does one run, and what sums the runs up."""

    recipe: str
    data: str
    runs: int
    run: Callable[[int], dict[str, Any]]
    summary: Callable[[list[dict[str, Any]]], dict[str, Any]]


def run_notes_recipe(seed: int) -> dict[str, Any]:
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


def code_cells(page: Path) -> list[str]:
    """Return the source of the code cells of a page, without the one that installs the helpers."""
    code = [cell for cell in jupytext.read(page).cells if cell.cell_type == "code"]
    return [cell.source for cell in code if "remove-cell" not in cell.metadata.get("tags", [])]


def run_cells(page: Path, until: str, seed: int = 1) -> dict[str, Any]:
    """Run the cells of a page up to the first that holds a text, this seed in place of 1; return what they define."""
    os.environ["MPLBACKEND"] = "agg"
    values: dict[str, Any] = {}
    cells = code_cells(page)
    last = next(index for index, source in enumerate(cells) if until in source)
    if seed != 1 and not any("seed=1)" in source for source in cells[: last + 1]):
        raise ValueError(f"{page.name} trains with no 'seed=1)' that another seed could stand in for.")
    with redirect_stdout(io.StringIO()):
        for source in cells[: last + 1]:
            with suppress(AssertionError):  # what came out is recorded, also when it is not what the page claims
                exec(compile(source.replace("seed=1)", f"seed={seed})"), str(page), "exec"), values)
    return values


def run_cnn_page(number: int) -> dict[str, Any]:
    """Run the cells of the page about the CNN, up to its test accuracy; the page sets no seed, so neither do we."""
    values = run_cells(CNN_PAGE, until="test_acc =")
    test_accuracy = round(values["test_acc"], 4)
    print(f"  run {number}  test accuracy {test_accuracy:.4f}", file=sys.stderr, flush=True)
    return {
        "provenance": values["data"].provenance._asdict(),
        "test_accuracy": test_accuracy,
        "peak_memory_mb": peak_memory_mb(),
        "history": {name: [round(value, 4) for value in curve] for name, curve in values["history"].items()},
    }


def run_long_memory(number: int) -> dict[str, Any]:
    """Tune one kind of layer at one length with six runs, then train it with eight other seeds."""
    kind, length = PROBES[number - 1]
    page = run_cells(MEMORY_PAGE, until="makers = {")
    keras, numpy = page["keras"], page["np"]

    def accuracy(rate: float, seed: int) -> float:
        keras.utils.set_random_seed(seed)
        layer = page["makers"][kind](16)
        return round(page["learn"](layer, length, rate, numpy.random.default_rng(seed)), 3)

    tuning = {str(rate): [accuracy(rate, seed) for seed in PROBE_TUNING_SEEDS] for rate in PROBE_RATES}
    rate = max(PROBE_RATES, key=lambda one: statistics.mean(tuning[str(one)]))
    accuracies = [accuracy(rate, seed) for seed in PROBE_SEEDS]
    print(f"  {kind}, length {length}, rate {rate}: {accuracies}", file=sys.stderr, flush=True)
    return {
        "provenance": {"name": "sequences of the page", "source": "drawn by the cells of the page from a seed"},
        "kind": kind,
        "length": length,
        "tuning": tuning,
        "rate": rate,
        "seeds": PROBE_SEEDS,
        "test_accuracy": accuracies,
    }


def run_rung(number: int) -> dict[str, Any]:
    """Train one rung of the ladder on four fifths of the training pictures; measure on the others."""
    from nnbook import recipes

    seed, rung = divmod(number - 1, len(recipes.LADDER))
    name, recipe = list(recipes.LADDER.items())[rung]
    data, images, labels = datasets.hold_back(datasets.load())
    started = time.perf_counter()
    model = recipes.train(data, recipe, seed + 1, LADDER_EPOCHS[data.provenance.name])
    seconds = round(time.perf_counter() - started, 1)
    images = images if recipe.bytes_in else images / 255.0
    one_way = model.predict(images, batch_size=500, verbose=0)
    accuracies = [
        float((logits.argmax(axis=1) == labels).mean())
        for logits in (one_way, recipes.predict_both_ways(model, images))
    ]
    print(f"  seed {seed + 1}  {name:28} {seconds:5.0f} s  {accuracies[0]:.3f}", file=sys.stderr, flush=True)
    return {
        "provenance": data.provenance._asdict(),
        "rung": name,
        "seed": seed + 1,
        "epochs": LADDER_EPOCHS[data.provenance.name],
        "seconds": seconds,
        "peak_memory_mb": peak_memory_mb(),
        "validation_accuracy": round(accuracies[0], 4),
        "validation_accuracy_both_ways": round(accuracies[1], 4),
    }


def rungs(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return of each rung the mean and the standard error of its accuracy, and the medians of time and memory."""
    summary = {}
    for name in dict.fromkeys(run["rung"] for run in runs):
        of_rung = [run for run in runs if run["rung"] == name]
        accuracies = [run["validation_accuracy"] for run in of_rung]
        summary[name] = {
            "validation_accuracy": round(statistics.mean(accuracies), 4),
            "standard_error": round(statistics.stdev(accuracies) / len(accuracies) ** 0.5, 4),
            "both_ways": round(statistics.mean(run["validation_accuracy_both_ways"] for run in of_rung), 4),
            "seconds": statistics.median(run["seconds"] for run in of_rung),
            "peak_memory_mb": statistics.median(run["peak_memory_mb"] for run in of_rung),
        }
    return {"rungs": summary}


def run_reading(number: int) -> dict[str, Any]:
    """Train and measure the net of the page about reading a net, and nets for grey pictures, from another seed."""
    seed = number + 1  # the page itself uses 1
    page = run_cells(READING_PAGE, until="def grey_accuracy", seed=seed)
    grey = {
        f"{net}, {name}": round(page["grey_accuracy"](net, order, seed), 4)
        for net in ("notes", "dense")
        for name, order in page["orders"].items()
    }
    print(f"  seed {seed}  test accuracy {page['test_accuracy']:.4f}  {grey}", file=sys.stderr, flush=True)
    return {
        "provenance": page["data"].provenance._asdict(),
        "seed": seed,
        "test_accuracy": round(float(page["test_accuracy"]), 4),
        "recall": [round(float(one), 3) for one in page["recall"]],
        "temperature": round(float(page["T"]), 2),
        "gap_before": round(float(page["gap_before"]), 4),
        "gap_after": round(float(page["gap_after"]), 4),
        "shifted_accuracy": [round(float(one), 4) for one in page["by_shift"]],
        "grey": grey,
    }


def mean_test_accuracy(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the mean over runs, and the median of the seconds an epoch took where they were measured."""
    summary = {"mean_test_accuracy": round(statistics.mean(run["test_accuracy"] for run in runs), 4)}
    if "seconds_per_epoch" in runs[0]:
        seconds = [second for run in runs for second in run["seconds_per_epoch"]]
        summary["median_seconds_per_epoch"] = round(statistics.median(seconds), 1)
    return summary


def shares_of_success(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return for each kind of layer the share of seeds that learned each length."""
    shares: dict[str, dict[str, float]] = {}
    for run in runs:
        learned = [accuracy > PROBE_SUCCESS for accuracy in run["test_accuracy"]]
        shares.setdefault(run["kind"], {})[str(run["length"])] = statistics.mean(learned)
    return {"success": f"test accuracy above {PROBE_SUCCESS}", "share_of_success": shares}


PROBE_LENGTHS = (20, 30, 40, 60, 80, 120)
PROBE_KINDS = ("SimpleRNN", "LSTM", "GRU", "LSTM, forget bias 3")
PROBES = [(kind, length) for kind in PROBE_KINDS for length in PROBE_LENGTHS]
PROBE_RATES, PROBE_TUNING_SEEDS, PROBE_SEEDS = (0.001, 0.003, 0.01), (1, 2), (11, 12, 13, 14, 15, 16, 17, 18)
PROBE_SUCCESS = 0.95

LADDER_EPOCHS, LADDER_SEEDS, LADDER_RUNGS = {"Shapes10": 6, "CIFAR-10": 4}, 3, 13

EXPERIMENTS = (
    {
        "cifar10-notes-recipe": Experiment(
            "pictures / 255.0 (float64), all 50,000, Adam, batch 32, 10 epochs, test set as validation data",
            "cifar10",
            3,
            run_notes_recipe,
            mean_test_accuracy,
        ),
        "cifar-cnn-shapes10": Experiment(
            "the cells of chapters/images/cifar-cnn.md", "shapes10", 10, run_cnn_page, mean_test_accuracy
        ),
        "cifar-cnn-cifar10": Experiment(
            "the cells of chapters/images/cifar-cnn.md", "cifar10", 5, run_cnn_page, mean_test_accuracy
        ),
        "long-memory": Experiment(
            "the functions of chapters/sequences/lstm-and-gru.md; of three rates the one with the best mean over two "
            "tuning seeds, then eight other seeds",
            "shapes10",
            len(PROBES),
            run_long_memory,
            shares_of_success,
        ),
    }
    | {
        f"ladder-{data}": Experiment(
            "nnbook.recipes.LADDER, each rung on the first four fifths of the training pictures, measured on the rest",
            data,
            LADDER_SEEDS * LADDER_RUNGS,
            run_rung,
            rungs,
        )
        for data in datasets.NAMES
    }
    | {
        f"reading-{data}": Experiment(
            "the cells of chapters/images/reading-a-cnn.md, from other seeds",
            data,
            runs,
            run_reading,
            mean_test_accuracy,
        )
        for data, runs in (("shapes10", 5), ("cifar10", 3))
    }
)


def peak_memory_mb() -> int:
    """Return the greatest resident memory of this process in MB."""
    try:
        import resource
    except ImportError:  # Windows
        return round(psutil.Process().memory_info().peak_wset / 1e6)
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


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide a result."""
    found = {"python": platform.python_version(), "keras": version("keras"), "numpy": version("numpy")}
    for name in ("tensorflow-cpu", "tensorflow"):
        try:
            return found | {"tensorflow": version(name)}
        except ModuleNotFoundError:
            continue
    return found


def conditions() -> dict[str, Any]:
    """Return what must be equal for runs that are compared: machine, versions, and a hash of all code that trains."""
    tools = sorted((ROOT / "tools" / "records").glob("*.py"))
    files = [*sorted((ROOT / "src" / "nnbook").glob("*.py")), *tools]
    code = [path.read_text("utf-8") for path in files]
    code += [cell for page in (CNN_PAGE, READING_PAGE, MEMORY_PAGE) for cell in code_cells(page)]
    return {
        "hardware": hardware(),
        "versions": versions(),
        "code": hashlib.sha256("\0".join(code).encode()).hexdigest()[:16],
    }


def kept_runs(commands: dict[Path, list[str]], environment: dict[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield runs, each from disk if it was finished before, else from a fresh process that prints it as JSON.

    Exits at the first run that was made with other pictures or under other conditions, before training any more.
    """
    expected = conditions()
    for path, command in commands.items():
        if not path.exists():
            command = [sys.executable, *command]
            result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment).stdout
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".new").write_text(result, "utf-8")
            path.with_suffix(".new").replace(path)
        run = json.loads(path.read_text("utf-8"))
        expected.setdefault("provenance", run.get("provenance"))
        unlike = [name for name, value in expected.items() if run.get(name) != value]
        if unlike:
            sys.exit(f"{path.name} was made with other {' and '.join(unlike)}; delete {path.parent} and run again.")
        yield run


def take_conditions(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Take out of the runs what all of them share, and return it once."""
    taken = [{name: run.pop(name) for name in ("provenance", "hardware", "versions", "code")} for run in runs]
    return taken[0]


def write_record(name: str, result: dict[str, Any]) -> None:
    """Write a record in one step."""
    path = RECORDED / f"{name}.json"
    path.with_suffix(".new").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    path.with_suffix(".new").replace(path)


def record(name: str) -> None:
    """Run an experiment and write its record, with versions, hardware and provenance."""
    experiment = EXPERIMENTS[name]
    print(f"{name}: {experiment.runs} runs")
    numbers = range(1, experiment.runs + 1)
    commands = {
        KEPT / f"{name}-{number}.json": ["-m", "tools.records.engine", name, "--run", str(number)] for number in numbers
    }
    runs = list(kept_runs(commands, os.environ | {"NNBOOK_DATA": experiment.data}))
    result = {
        "command": f"python -m tools.records.engine {name}",
        "recipe": experiment.recipe,
        **take_conditions(runs),
        "date": datetime.date.today().isoformat(),
        **experiment.summary(runs),
        "runs": runs,
    }
    write_record(name, result)
    for kept in commands:
        kept.unlink()
    print(f"Written to src/nnbook/recorded/{name}.json.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", choices=EXPERIMENTS)
    parser.add_argument("--run", type=int, metavar="NUMBER")
    arguments = parser.parse_args()
    if arguments.run is not None and arguments.name:
        made = conditions()  # before the run, during which somebody may edit the code
        print(json.dumps(EXPERIMENTS[arguments.name].run(arguments.run) | made))
        return
    names = [arguments.name] if arguments.name else list(EXPERIMENTS)
    if any(EXPERIMENTS[name].data == "cifar10" for name in names):
        try:
            datasets.find_cifar10()
        except (ValueError, OSError) as error:
            sys.exit(
                f"{error}\nWithout it: python -m tools.records.engine with a name that does not end in cifar10 or notes-recipe."
            )
    print("A run takes from ten seconds to six minutes on 2 cores; everything together takes two to three hours.")
    for name in names:
        record(name)


if __name__ == "__main__":
    main()
