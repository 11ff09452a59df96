"""Record an experiment: train it, a fresh process a run, and write what came out into src/nnbook/recorded/.

The engine knows no experiment: each has its own file beside this one, and brings all that is special to it.
A finished run is kept in _build/records/NAME/ until the record is written, so a stopped recording goes on with the next
run. The runs of a record share machine, versions, code and data; that is compared before anything is trained.
"""

import datetime
import hashlib
import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from nnbook import datasets
from tools import machine, records
from tools.book import ROOT, Book, tags_of
from tools.fresh import inputs_of

Run = dict[str, Any]
LEFT_OUT = re.compile("recorded|checked|band-.*")  # tags of cells that show what was recorded, or only check something
SHARED = ("provenance", "hardware", "versions", "code")  # of the runs of one record


class RecordingError(Exception):
    """A recording cannot begin, or cannot go on."""


class Cells(NamedTuple):
    """The code cells of a page, from the first to the one with a tag, but none that shows or only checks something.

    A record cannot be needed to make it, and bands come from records: to narrow one makes no record old.
    """

    page: str
    until: str

    def sources(self, root: Path = ROOT) -> list[str]:
        """Return the text of the cells."""
        page = Book(root).page(self.page)
        left_out = [cell.source for cell in page.code if any(map(LEFT_OUT.fullmatch, tags_of(cell)))]
        return [source for source in page.up_to(self.until) if source not in left_out]


class Experiment(NamedTuple):
    """What is trained, on which data, in which runs, and what sums them up.

    name: the name of the record.
    recipe: what a run does, in words.
    data: a picture set of `nnbook.datasets`, or None if the runs make their data themselves.
    runs: gives the arguments of each run, in order; a function, as some are known only where TensorFlow is loaded.
    run: does one run, in this process; returns its provenance and what it measured.
    summary: returns what a record says of all runs.
    cells: the cells of a page that a run runs; beside them it depends on the file of `run`, and on what both import.
    verdict: returns what to print about all runs and the exit code, where a recording can end badly.
    """

    name: str
    recipe: str
    data: str | None
    runs: Callable[[], Sequence[tuple[Any, ...]]]
    run: Callable[..., Run]
    summary: Callable[[list[Run]], dict[str, Any]]
    cells: Cells | None = None
    verdict: Callable[[list[Run]], tuple[str, int]] | None = None


def sources_of(experiment: Experiment, root: Path = ROOT) -> dict[str, str]:
    """Return what the runs of an experiment depend on, each with its hash: its own file, modules, cells of a page.

    The versions are not among them: a record names those that decide a result. Nor are the figures: they change none.
    """
    own = Path(inspect.getfile(experiment.run))
    cells = experiment.cells.sources(root) if experiment.cells else []
    paths = {own, *inputs_of([own.read_text("utf-8"), *cells], root)} - {root / "requirements.txt"}
    paths = {path for path in paths if root / "src" / "nnbook" / "figures" not in path.parents}
    texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(paths)}
    if experiment.cells:
        texts[f"{Book(root).page(experiment.cells.page).name}.md"] = "\0".join(cells)
    return {name: _hash(text) for name, text in texts.items()}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def conditions(experiment: Experiment, root: Path = ROOT) -> dict[str, Any]:
    """Return what must be equal for runs that are compared: machine, versions, and one hash of all sources."""
    code = _hash(json.dumps(sources_of(experiment, root), sort_keys=True))
    return {"hardware": machine.hardware(), "versions": machine.versions(), "code": code}


def stale(experiment: Experiment, root: Path = ROOT) -> list[str]:
    """Return the sources that changed since an experiment was recorded; all of them if its record names none."""
    then = _read_record(experiment, root).get("sources", {})
    now = sources_of(experiment, root)
    return sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))


def state(experiment: Experiment, root: Path = ROOT) -> str:
    """Return in words whether the record of an experiment is today's."""
    record = _read_record(experiment, root)
    if "sources" not in record:
        return "says nothing of its code" if record else "not recorded yet"
    changed = stale(experiment, root)
    return f"made with other code: {', '.join(changed)}" if changed else "today's"


def _record_path(experiment: Experiment, root: Path) -> Path:
    return root / "src" / "nnbook" / "recorded" / f"{experiment.name}.json"


def _read_record(experiment: Experiment, root: Path) -> dict[str, Any]:
    path = _record_path(experiment, root)
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def check(experiment: Experiment, root: Path = ROOT, *, fresh: bool = False) -> dict[str, Any]:
    """Make sure that a recording can begin or go on, without training or losing anything.

    Args:
        experiment: what is to be recorded.
        root: the folder of the book.
        fresh: kept runs do not matter, since they are to be forgotten.

    Returns:
        What all runs must share.

    Raises:
        RecordingError: the pictures are not there, or a kept run was made with others or under other conditions.
    """
    shared = conditions(experiment, root)
    if experiment.data:
        shared["provenance"] = _provenance(experiment.data)
    for path in [] if fresh else sorted(_folder(experiment, root).glob("*.json")):
        _compare(_read_run(path), shared, f"{path} was made", "Bring that back, or begin again with --fresh.")
    return shared


@cache
def _provenance(data: str) -> dict[str, Any]:
    try:
        return datasets.load(data).provenance._asdict()
    except (ValueError, OSError) as error:
        raise RecordingError(str(error)) from None


def _folder(experiment: Experiment, root: Path) -> Path:
    return root / "_build" / "records" / experiment.name


def _read_run(path: Path) -> Run:
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError:
        raise RecordingError(f"{path} must be a kept run in JSON, but cannot be read; delete it.") from None


def _compare(run: Run, shared: dict[str, Any], what: str, way_out: str) -> None:
    """Compare a run with what it must share; the first run decides what nobody else knows, the data of its own."""
    shared.setdefault("provenance", run.get("provenance"))
    if unlike := [name for name in SHARED if run.get(name) != shared[name]]:
        raise RecordingError(f"{what} with other {' and '.join(unlike)} than the recording needs now. {way_out}")


def record(experiment: Experiment, root: Path = ROOT, *, fresh: bool = False) -> int:
    """Do the runs that are not kept yet, and write the record in one step.

    Args:
        experiment: what is to be recorded.
        root: the folder of the book.
        fresh: forget the runs of a stopped recording first.

    Returns:
        The exit code: what the verdict of the experiment says, or 0 if it has none.

    Raises:
        RecordingError: what `check` says, a run failed, or the code changed meanwhile; finished runs stay.
    """
    shared = check(experiment, root, fresh=fresh)
    sources = sources_of(experiment, root)
    if fresh:
        shutil.rmtree(_folder(experiment, root), ignore_errors=True)
    runs = _all_runs(experiment, shared, root)
    result = {
        "command": f"python -m tools record {experiment.name}",
        "recipe": experiment.recipe,
        **shared,
        "sources": sources,
        "date": datetime.date.today().isoformat(),
        **experiment.summary(runs),
        "runs": runs,
    }
    path = _record_path(experiment, root)
    _write(path, json.dumps(result, indent=1) + "\n")
    shutil.rmtree(_folder(experiment, root))
    print(f"Written to {path.relative_to(root).as_posix()}.", flush=True)
    if experiment.verdict is None:
        return 0
    text, code = experiment.verdict(runs)
    print(f"\n{text}")
    return code


def _all_runs(experiment: Experiment, shared: dict[str, Any], root: Path) -> list[Run]:
    """Return what the runs measured, in order: from disk what was finished before, the others from fresh processes."""
    runs = list(experiment.runs())
    paths = [_folder(experiment, root) / f"{number}.json" for number in range(1, len(runs) + 1)]
    waiting = [path for path in paths if not path.exists()]
    print(f"{experiment.name}: {len(runs)} runs, {len(runs) - len(waiting)} of them finished before.")
    print(f"A finished run is kept in {paths[0].parent}, so a stopped recording goes on.", flush=True)
    started, measured = time.monotonic(), []
    for number, (path, arguments) in enumerate(zip(paths, runs, strict=True), start=1):
        label = f"{experiment.name}, run {number} of {len(runs)} ({', '.join(map(str, arguments))})"
        if path in waiting:
            run = _in_a_fresh_process(experiment, number, label, root)
            _compare(run, shared, f"{label} was made", "Was something edited meanwhile? It is not kept.")
            _write(path, json.dumps(run))
        run = {name: value for name, value in _read_run(path).items() if name not in SHARED}
        measured.append(run)
        numbers = [f"{name} {value}" for name, value in run.items() if isinstance(value, int | float)]
        print(f"  {label}: {', '.join(numbers)}{_to_go(path, waiting, started)}", flush=True)
    return measured


def _to_go(path: Path, waiting: list[Path], started: float) -> str:
    """Return how long the rest will take if it is as fast as what was done."""
    if path not in waiting:
        return " (finished before)"
    done = waiting.index(path) + 1
    minutes = (time.monotonic() - started) / done * (len(waiting) - done) / 60
    return f"; about {minutes:.0f} minutes to go" if round(minutes) else ""


def _in_a_fresh_process(experiment: Experiment, number: int, label: str, root: Path) -> Run:
    command = [sys.executable, "-m", "tools.records", experiment.name, "--run", str(number)]
    surroundings = os.environ | ({"NNBOOK_DATA": experiment.data} if experiment.data else {})
    done = subprocess.run(command, cwd=root, env=surroundings, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode:
        raise RecordingError(
            f"{label} ended with exit code {done.returncode}; what it said stands above. "
            "The runs before it are kept: the same command goes on with this one."
        )
    return json.loads(done.stdout)


def _write(path: Path, text: str) -> None:
    """Write a file in one step, so that nothing half-written stays behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(text, "utf-8", newline="\n")
    beside.replace(path)


def run_here(experiment: Experiment, number: int, root: Path = ROOT) -> Run:
    """Do one run in this process; what its cells print is left out.

    Args:
        experiment: whose run.
        number: which one, from 1.
        root: the folder of the book.

    Returns:
        What it measured, and under which conditions.

    Raises:
        RecordingError: there is no run of that number.
    """
    made = conditions(experiment, root)  # before the run, during which somebody may edit the code
    runs = list(experiment.runs())
    if not 1 <= number <= len(runs):
        raise RecordingError(f"the runs of {experiment.name} go from 1 to {len(runs)}, but {number} was asked for.")
    os.environ["MPLBACKEND"] = "agg"  # cells may draw, and nobody looks
    with redirect_stdout(io.StringIO()):
        return experiment.run(*runs[number - 1]) | made


def named(names: Sequence[str]) -> list[Experiment]:
    """Return experiments by their names, or all without a name.

    Raises:
        RecordingError: there is no experiment of a name.
    """
    known = records.experiments()
    if unknown := [name for name in names if name not in known]:
        raise RecordingError(f"there is no experiment {', '.join(unknown)}; there are: {', '.join(known)}.")
    return [known[name] for name in names or known]


def record_all(names: Sequence[str], fresh: bool = False) -> int:
    """Record experiments, all without a name, and return the exit code: 0 if all went well.

    Everything is looked at before anything is trained or forgotten, so that a record late in the row does not fail
    after hours for what could be seen at once.
    """
    try:
        chosen = named(names)
        for experiment in chosen:
            check(experiment, fresh=fresh)
        return max(record(experiment, fresh=fresh) for experiment in chosen)
    except RecordingError as error:
        way_out = "" if names else " What can do without is recorded by its name; --list gives the names."
        print(f"Not recorded: {error}{way_out}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Finished runs are kept: the same command, without --fresh, goes on.", file=sys.stderr)
        return 130


def print_run(name: str, number: int) -> int:
    """Do one run in this process, print its result as JSON, and return the exit code."""
    try:
        print(json.dumps(run_here(named([name])[0], number)))
    except RecordingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def show() -> int:
    """Print of each experiment its name, when it was recorded, and whether with today's code; return 0."""
    for experiment in named([]):
        date = _read_record(experiment, ROOT).get("date", "")
        print(f"{experiment.name:24}{date:12}{state(experiment)}")
    return 0


def main(name: str = "", fresh: str = "", list: str = "") -> int:
    """Do the task `record`: with options as `python -m tools` gives them, and names with spaces between them."""
    return show() if list else record_all(name.split(), bool(fresh))
