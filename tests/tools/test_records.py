"""Recording, through its front door: small experiments in a small house; and what the real experiments say."""

import nnbook.quiet  # noqa: F401  isort: skip
import ast
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from nnbook import recipes, recorded, rungs
from tests.house import HEADER
from tools import records
from tools.book import ROOT, Book
from tools.records import engine, ladder, long_memory, race

EXPERIMENTS = records.experiments()

FAKE = """
from pathlib import Path

from nnbook import datasets, small
from tools import book
from tools.records.engine import Cells, Experiment

ROOT = Path(__file__).resolve().parents[2]
CELLS = Cells("page", until="record-answer")


def train(number, word):
    with (ROOT / "trained").open("a") as log:
        log.write(f"{number}\\n")
    if (ROOT / f"fail-{number}").exists():
        raise ArithmeticError("the loss is not a number")
    if (ROOT / f"edit-after-{number}").exists():
        with (ROOT / "src/nnbook/small.py").open("a") as module:
            module.write("# edited\\n")
    page = book.run(CELLS.sources(), seed=number, asserts=False)
    return {"provenance": datasets.load().provenance._asdict(), "word": word, "answer": page["answer"]}


def verdict(runs):
    return ("MISSED", 1) if (ROOT / "missed").exists() else ("all gates held", 0)


EXPERIMENTS = [
    Experiment("fake", "the cells", "small-pictures", lambda: [(1, "a"), (2, "b"), (3, "c")], train,
               lambda runs: {"sum": sum(run["answer"] for run in runs)}, CELLS, verdict),
    Experiment("other", "nothing", None, lambda: [(1,)], lambda number: {"provenance": None}, lambda runs: {}),
]
"""
DATASETS = """
import os
from pathlib import Path
from typing import NamedTuple


class Provenance(NamedTuple):
    name: str


class Dataset(NamedTuple):
    provenance: Provenance


def load(name=None):
    assert (name or os.environ["NNBOOK_DATA"]) == "small-pictures"
    file = Path(__file__).parents[2] / "pictures"
    if not file.exists():
        raise FileNotFoundError("the small pictures are not on this machine; draw them.")
    return Dataset(Provenance(file.read_text()))
"""
PAGE = (
    HEADER
    + """
# Draw a number

```{code-cell} ipython3
def draw(seed):
    print("drawing")
    return 10 * seed
```

```{code-cell} ipython3
:tags: [recorded]

raise RuntimeError("this cell shows what was recorded, so no record is made with it")
```

```{code-cell} ipython3
:tags: [record-answer]

answer = draw(seed=1)
assert answer == 10
last = "last"
```

```{code-cell} ipython3
raise RuntimeError("this cell is not for a record")
```
"""
)


def build(root: Path) -> Path:
    """A house with a page, a module that an experiment uses and one that it does not, and the true engine."""
    files = {
        "_toc.yml": "format: jb-book\nroot: chapters/index\nchapters:\n- file: chapters/page\n",
        "chapters/index.md": "# Contents\n",
        "chapters/page.md": PAGE,
        "requirements.txt": "",
        "src/nnbook/__init__.py": "",
        "src/nnbook/datasets.py": DATASETS,
        "src/nnbook/small.py": "",
        "src/nnbook/unused.py": "",
        # The validator of notebooks would compile a grammar for addresses: half the time that a start takes.
        "src/rfc3987_syntax.py": "raise ImportError",
        "tools/records/fake.py": FAKE,
        "pictures": "Small Pictures",
    }
    for name in (
        "book.py",
        "fresh.py",
        "machine.py",
        "records/__init__.py",
        "records/__main__.py",
        "records/engine.py",
    ):
        files[f"tools/{name}"] = (ROOT / "tools" / name).read_text("utf-8")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


@pytest.fixture
def house(tmp_path) -> Path:
    """A house where nothing was recorded yet."""
    return build(tmp_path)


def tools_records(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    surroundings = os.environ | {"PYTHONPATH": str(house / "src"), "NNBOOK_DATA": "somebody-elses"}
    command = [sys.executable, "-m", "tools.records", *arguments]
    return subprocess.run(command, cwd=house, env=surroundings, capture_output=True, text=True)


def trained(house: Path) -> list[str]:
    return (house / "trained").read_text().split() if (house / "trained").exists() else []


def kept(house: Path) -> list[str]:
    return sorted(path.name for path in (house / "_build").rglob("*") if path.is_file())


def record_of(house: Path, name: str = "fake") -> dict:
    return json.loads((house / f"src/nnbook/recorded/{name}.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def broke_off(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    house = build(tmp_path_factory.mktemp("stopped"))
    (house / "fail-2").touch()
    done = tools_records(house, "fake")
    (house / "fail-2").unlink()
    return house, done


@pytest.fixture
def stopped(broke_off, tmp_path) -> Path:
    """A house where a recording broke off: its second run failed."""
    return shutil.copytree(broke_off[0], tmp_path / "house")


@pytest.fixture(scope="module")
def went_on(broke_off, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    house = shutil.copytree(broke_off[0], tmp_path_factory.mktemp("finished") / "house")
    return house, tools_records(house)


@pytest.fixture
def finished(went_on, tmp_path) -> Path:
    """A house where everything is recorded."""
    return shutil.copytree(went_on[0], tmp_path / "house")


def test_a_run_that_fails_leaves_what_is_there(broke_off, stopped):
    done = broke_off[1]
    assert done.returncode == 1
    assert "run 2 of 3 (2, b) ended with exit code 1" in done.stderr and "ArithmeticError" in done.stderr
    assert trained(stopped) == ["1", "2"] and kept(stopped) == ["1.json"]
    assert not (stopped / "src/nnbook/recorded").exists()


def test_a_stopped_recording_goes_on_and_is_written_with_its_conditions(went_on, finished):
    done = went_on[1]
    assert done.returncode == 0, done.stderr
    assert "3 runs, 1 of them finished before" in done.stdout and "all gates held" in done.stdout
    assert trained(finished) == ["1", "2", "2", "3"] and kept(finished) == []
    record = record_of(finished)
    # By hand: 10 · 1 + 10 · 2 + 10 · 3; the page's assert, false from another seed, and what follows it do not matter.
    assert record["sum"] == 60
    assert record["runs"] == [{"word": word, "answer": 10 * n} for n, word in enumerate("abc", start=1)]
    assert record["provenance"] == {"name": "Small Pictures"} and record["recipe"] == "the cells"
    assert record["command"] == "python -m tools record fake"
    assert set(record) == set(engine.SHARED) | {"command", "recipe", "sources", "date", "sum", "runs"}
    assert sorted(os.listdir(finished / "src/nnbook/recorded")) == ["fake.json", "other.json"]


@pytest.mark.parametrize("what", ["provenance", "hardware", "versions", "code"])
def test_an_unlike_run_is_refused_before_anything_is_trained(stopped, what):
    folder = stopped / "_build/records/fake"
    run = json.loads((folder / "1.json").read_text("utf-8")) | {what: "another"}
    (folder / "1.json").unlink()
    (folder / "3.json").write_text(json.dumps(run), "utf-8")
    done = tools_records(stopped, "other", "fake")
    assert done.returncode == 1 and f"3.json was made with other {what} than" in done.stderr
    assert "Traceback" not in done.stderr
    assert trained(stopped) == ["1", "2"] and kept(stopped) == ["3.json"]
    assert not (stopped / "src/nnbook/recorded").exists(), "what stands before it in the row was recorded already"


def test_other_pictures_are_refused_and_missing_ones_lose_nothing(stopped):
    (stopped / "pictures").write_text("Other Pictures", "utf-8")
    done = tools_records(stopped, "fake")
    assert done.returncode == 1 and "1.json was made with other provenance" in done.stderr
    (stopped / "pictures").unlink()
    shutil.copytree(stopped / "_build/records/fake", stopped / "_build/records/other")
    done = tools_records(stopped, "--fresh")
    assert done.returncode == 1 and done.stderr == (
        "Not recorded: the small pictures are not on this machine; draw them. "
        "What can do without is recorded by its name; --list gives the names.\n"
    )
    assert trained(stopped) == ["1", "2"] and kept(stopped) == ["1.json", "1.json"]


def test_fresh_begins_again_and_a_missed_gate_is_recorded_and_an_exit_code(stopped):
    (stopped / "missed").touch()
    done = tools_records(stopped, "fake", "--fresh")
    assert done.returncode == 1 and "MISSED" in done.stdout, done.stderr
    assert trained(stopped) == ["1", "2", "1", "2", "3"]
    assert record_of(stopped)["sum"] == 60


def test_code_that_is_edited_while_it_trains_is_not_mixed(house):
    (house / "edit-after-1").touch()
    done = tools_records(house, "fake")
    assert done.returncode == 1 and "run 2 of 3 (2, b) was made with other code" in done.stderr
    assert trained(house) == ["1", "2"] and kept(house) == ["1.json"]


def test_a_record_that_fails_at_its_end_leaves_the_old_one_and_its_runs(stopped):
    fake = stopped / "tools/records/fake.py"
    folder = stopped / "src/nnbook/recorded"
    folder.mkdir()
    (folder / "fake.json").write_text('{"sum": "the old one"}', "utf-8")
    fake.write_text(FAKE.replace('run["answer"]', 'run["anwser"]'), "utf-8")
    done = tools_records(stopped, "fake", "--fresh")
    assert done.returncode == 1 and "KeyError: 'anwser'" in done.stderr
    assert record_of(stopped) == {"sum": "the old one"} and kept(stopped) == ["1.json", "2.json", "3.json"]
    assert os.listdir(folder) == ["fake.json"]


def listed(house: Path) -> list[str]:
    done = tools_records(house, "--list")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_the_list_names_what_changed_since(finished):
    house = finished
    for unused in ("src/nnbook/unused.py", "tools/records/engine.py", "tools/machine.py", "requirements.txt"):
        append(house / unused, "# a note\n")
    text = PAGE.replace("Draw a number", "Draw numbers").replace("this cell is not", "this is not")
    (house / "chapters/page.md").write_text(text, "utf-8")
    (house / "src/nnbook/recorded/other.json").unlink()
    fake, other = listed(house)
    assert fake == f"{'fake':24}{record_of(house)['date']}  today's"
    assert other.split() == ["other", "not", "recorded", "yet"]
    for used in ("src/nnbook/small.py", "tools/records/fake.py"):
        append(house / used, "# a note\n")
    (house / "chapters/page.md").write_text(text.replace("10 * seed", "11 * seed"), "utf-8")
    changed = "chapters/page.md, src/nnbook/small.py, tools/records/fake.py"
    assert listed(house)[0].endswith(f"made with other code: {changed}")


def test_a_record_that_says_nothing_of_its_code_is_listed_so(finished):
    record = record_of(finished)
    del record["code"], record["sources"]  # as records were made before
    (finished / "src/nnbook/recorded/fake.json").write_text(json.dumps(record), "utf-8")
    assert [line.split("  ")[-1] for line in listed(finished)] == ["says nothing of its code", "today's"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: engine.main("bench nothing", fresh="1"), "there is no experiment nothing; there are: "),
        (lambda: engine.print_run("nothing", 1), "there is no experiment nothing; there are: "),
        (lambda: engine.print_run("bench", 10), "the runs of bench go from 1 to 9, but 10 was asked for."),
        (lambda: engine.print_run("bench", 0), "the runs of bench go from 1 to 9, but 0 was asked for."),
    ],
)
def test_wrong_calls_say_what_there_is(capsys, call, said):
    assert call() == 1
    assert said in capsys.readouterr().err


def test_two_experiments_of_one_name_are_refused(house):
    (house / "tools/records/more.py").write_text(FAKE, "utf-8")
    done = tools_records(house, "--list")
    assert done.returncode == 1 and "must have a name of its own, but" in done.stderr


def test_every_record_has_its_experiment_and_every_experiment_its_record():
    assert sorted(EXPERIMENTS) == sorted(path.stem for path in (ROOT / "src/nnbook/recorded").glob("*.json"))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_record_holds_what_its_experiment_would_write(name):
    record, experiment = recorded.read(name), EXPERIMENTS[name]
    summary = json.loads(json.dumps(experiment.summary(record["runs"])))
    assert {key: record[key] for key in summary} == summary
    assert len(record["runs"]) == len(experiment.runs())
    assert len(set(experiment.runs())) == len(experiment.runs())


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_records_made_with_other_code_are_named(name):
    experiment = EXPERIMENTS[name]
    assert engine.stale(experiment) or engine.state(experiment) == "today's"
    if engine.state(experiment) != "today's":  # to record again takes hours, and other hardware
        warnings.warn(f"the record {name} {engine.state(experiment)}", stacklevel=1)


WITH_RECIPES = ("averaging", "bench", "cifar10", "ladder", "reading", "square")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_sources_of_an_experiment_are_its_own(name):
    sources, experiment = engine.sources_of(EXPERIMENTS[name]), EXPERIMENTS[name]
    own = experiment.run.__module__.replace(".", "/") + ".py"
    assert [path for path in sources if path.startswith("tools/")] == [own]
    assert [path for path in sources if path.startswith("chapters/")] == (
        [f"chapters/{'sequences' if name == 'long-memory' else 'images'}/{experiment.cells.page}.md"]
        if experiment.cells
        else []
    )
    assert ("src/nnbook/recipes.py" in sources) == (name.split("-")[0] in WITH_RECIPES)
    for other in ("apples", "recorded", "requirements", "figures"):
        assert not [path for path in sources if other in path]


def names_of(source: str, context: type) -> set[str]:
    tree = list(ast.walk(ast.parse(source)))
    names = {node.id for node in tree if isinstance(node, ast.Name) and isinstance(node.ctx, context)}
    return names | {node.name for node in tree if isinstance(node, ast.FunctionDef)}


def undefined_names(sources: list[str]) -> str:
    """Return what ruff says of names that cells use and none of them defines."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821", "-"]
    return subprocess.run(command, input="\n".join(sources), capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", [name for name, experiment in EXPERIMENTS.items() if experiment.cells])
def test_a_run_needs_nothing_from_the_cells_that_it_leaves_out(name):
    cells = EXPERIMENTS[name].cells
    kept, every = cells.sources(), Book().page(cells.page).up_to(cells.until)
    assert len(kept) < len(every)
    assert "All checks passed" in undefined_names(kept)
    assert "F821" in undefined_names(kept[len(kept) // 2 :])


@pytest.mark.parametrize("name", [name for name, experiment in EXPERIMENTS.items() if experiment.cells])
def test_the_cells_define_what_a_run_takes_from_them(name):
    experiment = EXPERIMENTS[name]
    defined = set().union(*(names_of(source, ast.Store) for source in experiment.cells.sources()))
    source = inspect.getsource(
        long_memory if name == "long-memory" else experiment.run
    )  # its run calls another function
    taken = set(re.findall(r'page\["(\w+)"\]', source))
    assert taken and taken - {"keras", "np"} <= defined  # those two are imported


def test_a_rung_more_is_as_many_runs_more(monkeypatch):
    monkeypatch.setitem(rungs.LADDER, "a rung more", recipes.FAST)
    runs = ladder.runs_on("shapes10")
    counts = {rung: [run[0] for run in runs].count(rung) for rung in rungs.LADDER}
    assert "a rung more" in counts and set(counts.values()) == {len(ladder.SEEDS)}


def runs_of_a_race(short_seconds: float, long_accuracy: float) -> list[dict]:
    seconds = {"notes": 200, "short": short_seconds, "long": 190}
    accuracies = {"notes": 0.70, "short": 0.74, "long": long_accuracy}
    return [
        {
            "recipe": name,
            "seconds": seconds[name],
            "test_accuracy": accuracies[name],
            "peak_memory_mb": 4000 if name == "notes" else 1000,
        }
        for name, _seed in EXPERIMENTS["bench"].runs()
    ]


def test_the_quotients_of_a_race_on_paper():
    # By hand: 50 / 200, 100 · (0.74 − 0.70), 190 / 200, 100 · (0.85 − 0.70), 1000 / 4000.
    assert list(race.summary(runs_of_a_race(50, 0.85))["figures"].values()) == [0.25, 4.0, 0.95, 15.0, 0.25]


@pytest.mark.parametrize(
    ("short_seconds", "long_accuracy", "code"),
    [(50, 0.85, 0), (50.002, 0.85, 1), (50, 0.75, 1), (float("nan"), 0.85, 1)],
)
def test_a_race_fails_on_a_missed_gate(short_seconds, long_accuracy, code):
    text, given = race.verdict(runs_of_a_race(short_seconds, long_accuracy))
    assert given == code and text.count("MISSED") == code
    assert len(text.splitlines()) == 1 + len(race.GATES)


def tuned(learns: dict[float, int]) -> dict[float, list[float]]:
    """Tune as if so many of two seeds learned at each rate; of the rates that are left out, none."""

    def train(pairs: list[tuple[float, int]]) -> list[tuple[float, int]]:
        return [(1.0 if seed <= learns.get(rate, 0) else 0.95, 15) for rate, seed in pairs]

    return long_memory.tune(train)


@pytest.mark.parametrize(
    ("learns", "tried", "best", "at_edge"),
    [
        ({0.003: 2}, [0.001, 0.003, 0.01], 0.003, False),
        ({0.001: 2, 0.003: 2, 0.01: 2}, [0.001, 0.003, 0.01], 0.003, False),  # of equally good ones the middle
        ({0.003: 1, 0.01: 2}, [0.001, 0.003, 0.01, 0.03], 0.01, False),  # one wider, which is worse
        ({0.003: 2, 0.01: 2, 0.03: 2}, [0.001, 0.003, 0.01], 0.003, False),  # of two the lower, which is inside
        ({0.01: 1, 0.03: 2, 0.1: 1}, [0.001, 0.003, 0.01, 0.03, 0.1], 0.03, False),  # twice wider
        ({0.01: 1, 0.1: 2, 0.03: 2}, [0.001, 0.003, 0.01, 0.03, 0.1], 0.03, False),
        ({0.01: 1, 0.03: 1, 0.1: 2}, [0.001, 0.003, 0.01, 0.03], 0.01, False),
        ({0.001: 1, 0.0003: 2}, [0.0001, 0.0003, 0.001, 0.003, 0.01], 0.0003, False),
        ({0.001: 1, 0.0003: 2, 0.0001: 2}, [0.0001, 0.0003, 0.001, 0.003, 0.01], 0.0001, True),  # the ladder ends
        ({}, [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1], 0.003, False),  # none learns
        ({0.1: 1}, [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3], 0.1, False),
        ({0.0003: 2, 0.0001: 1}, [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1], 0.0003, False),
    ],
)
def test_rates_are_tried_until_the_best_has_one_on_each_side(learns, tried, best, at_edge):
    tuning = tuned(learns)
    assert list(tuning) == tried and all(len(found) == 2 for found in tuning.values())
    assert long_memory.best_rate(tuning) == best and long_memory.is_at_edge(tuning) == at_edge


def test_no_net_that_guesses_and_none_at_the_bound_has_learned():
    assert long_memory.learned([0.5, 0.744, 0.95, 0.951, 1.0]) == 2


def test_the_long_memory_has_every_contestant_with_and_without_its_open_gate():
    assert len(long_memory.KINDS) == 8 and long_memory.KINDS[:3] == long_memory.AS_MADE
    page = (ROOT / "chapters/sequences/lstm-and-gru.md").read_text("utf-8")
    assert all(f'"{kind}"' in page for kind in long_memory.KINDS)
    assert not set(long_memory.TUNING_SEEDS) & set(long_memory.SEEDS)


def test_the_shares_of_a_long_memory_on_paper():
    runs = [
        {"kind": "GRU", "length": 20, "test_accuracy": [1.0, 0.96, 0.95, 0.5], "rate_at_edge": False},
        {"kind": "GRU", "length": 60, "test_accuracy": [0.5, 0.5, 0.5, 1.0], "rate_at_edge": True},
    ]
    assert long_memory.shares_of_success(runs) == {
        "success": "test accuracy above 0.95",
        "share_of_success": {"GRU": {"20": 0.5, "60": 0.25}},
        "rates_at_edge": [["GRU", 60]],
    }


@pytest.mark.slow
def test_a_long_memory_trains_in_two_processes_and_keeps_their_order(monkeypatch):
    monkeypatch.setattr(long_memory, "train_one", seed_as_accuracy)
    run = long_memory.tune_and_train("GRU", 20)
    assert run["test_accuracy"] == tuple(seed / 100 for seed in long_memory.SEEDS) and run["rate"] == 0.003
    assert run["rounds"] == long_memory.SEEDS
    assert list(run["tuning"]) == ["0.0003", "0.001", "0.003", "0.01", "0.03", "0.1"]
    assert json.loads(json.dumps(run))["rate_at_edge"] is False


def seed_as_accuracy(kind: str, length: int, rate: float, seed: int) -> tuple[float, int]:
    """Stand in for a training: a name in this module, so that another process finds it, too."""
    return seed / 100, seed
