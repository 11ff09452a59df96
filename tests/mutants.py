"""Plant small faults in the helpers, one at a time, and see whether their tests notice.

    python -m tests.mutants --count 300 --seed 1      # a sample over all modules
    python -m tests.mutants --module shapes10         # every fault of one module

A fault is an operator swapped, a constant off by a little, or a condition turned. Each is tried in a fresh process
on a copy of `src`, with the tests of its module alone: the module's doctests, and the files of `tests/nnbook` that
import it. What was tried is kept in `_build/mutants`, so a stopped run goes on; a fault that lived is tried again
when those tests have changed. Faults that no test could notice are listed in `tests/equivalent.toml`.

mutmut 3 leaves out all code outside of functions (half of Shapes10), and cosmic-ray changes the work tree itself and
knows one test command; neither takes a random sample over modules.
"""

import argparse
import ast
import concurrent.futures
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
HELPERS = ROOT / "src" / "nnbook"
TESTS = ROOT / "tests" / "nnbook"
EQUIVALENT = ROOT / "tests" / "equivalent.toml"
KEPT = ROOT / "_build" / "mutants" / "tried.jsonl"
ENDLESS = "no end after"
GATE = 0.95  # of the faults tried
PYTEST = (
    *(sys.executable, "-m", "pytest", "-x", "-q", "-m", "not slow", "--doctest-modules", "--import-mode=importlib"),
    *("-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:nbval", "--rootdir", str(ROOT), "-c", "pyproject.toml"),
)

SWAPPED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.USub: ast.UAdd,
}
# Each comparison moved at its boundary, where it has one, and turned.
COMPARED = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


class Mutant(NamedTuple):
    """A module with one fault in it; without a change, the module as it is."""

    module: str
    function: str
    change: str
    line: int
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when lines move."""
        return self.module, self.function, self.change


def modules() -> dict[str, Path]:
    """Return the file of each module of nnbook, by its name without the package."""
    files = sorted(path for path in HELPERS.rglob("*.py") if path.parent != HELPERS or path.stem != "__init__")
    return {".".join(path.relative_to(HELPERS).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def _turned(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _faults(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Yield the faults of one node: a field, and what it becomes."""
    match node:
        case ast.Constant(value=bool() as value):
            yield "value", not value
        case ast.Constant(value=int() as value):
            yield from (("value", value + 1), ("value", value - 1))
        case ast.Constant(value=float() as value):
            yield from (("value", wrong) for wrong in (value * 1.1, value + 1) if wrong != value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "operand", _turned(operand)
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op) | ast.UnaryOp(op=op) if type(op) in SWAPPED:
            yield "op", SWAPPED[type(op)]()
        case ast.Compare(ops=ops):
            for index, op in enumerate(ops):
                yield from (("ops", [*ops[:index], wrong(), *ops[index + 1 :]]) for wrong in COMPARED[type(op)])
        # A comparison and a `not` are turned above.
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            if not isinstance(test, ast.Compare | ast.Constant) and not _is_not(test):
                yield "test", _turned(test)
        case ast.comprehension(ifs=[test]) if not isinstance(test, ast.Compare) and not _is_not(test):
            yield "ifs", [_turned(test)]


def _is_not(test: ast.expr) -> bool:
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


def _walk(node: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield each node that may be faulty, with its function: not in errors, asserts, type hints, or the main block."""
    if isinstance(node, ast.Raise | ast.Assert) or (isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)):
        return
    if isinstance(node, ast.keyword) and node.arg == "strict":  # an assert about zip's arguments
        return
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        function = f"{function}.{node.name}".lstrip(".")
    yield function, node
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _walk(child, function)


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _change(before: str, after: str) -> str:
    """Say how two texts differ, with enough of the line around it to find the place."""
    start = _common(before, after)
    tail = _common(before[start:][::-1], after[start:][::-1])
    begin = max(before.rfind("\n", 0, start) + 1, start - 40)
    end = min(f"{before}\n".find("\n", len(before) - tail), len(before) - tail + 40)
    rest = len(before) - end
    return f"{before[begin:end].strip()} -> {after[begin : len(after) - rest].strip()}"


def _statements(tree: ast.Module) -> list[str]:
    return [ast.unparse(statement) for statement in tree.body]


def whole(source: str) -> str:
    """Write a source as each mutant of it is written."""
    return "\n".join(_statements(ast.parse(source))) + "\n"


def mutants(module: str, source: str) -> list[Mutant]:
    """Return every fault of a module."""
    tree = ast.parse(source)
    statements = _statements(tree)
    found, seen = [], Counter()
    for index, statement in enumerate(tree.body):
        for function, node in _walk(statement):
            for field, wrong in list(_faults(node)):
                right = getattr(node, field)
                setattr(node, field, wrong)
                faulty = ast.unparse(statement)
                setattr(node, field, right)
                change = _change(statements[index], faulty)
                seen[function, change] += 1
                again = f" ({seen[function, change]})" if seen[function, change] > 1 else ""
                line = getattr(node, "lineno", None) or right[0].lineno
                text = "\n".join([*statements[:index], faulty, *statements[index + 1 :]]) + "\n"
                found.append(Mutant(module, function, change + again, line, text))
    return found


def _imported(path: Path) -> set[str]:
    """Return the modules of nnbook that a file imports, or from which it imports something."""
    names, known = set(), {f"nnbook.{module}" for module in modules()}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole_names = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= whole_names if whole_names <= known else {node.module}
    return {name.removeprefix("nnbook.") for name in names & known}


def tests_of(module: str) -> list[Path]:
    """Return the test files that import a module or its package: its own first, and short ones before long ones."""
    wanted, own = {module, module.rpartition(".")[0]}, f"test_{module.rpartition('.')[2]}"
    files = [path for path in TESTS.rglob("test_*.py") if wanted & _imported(path)]
    if module.startswith("exercises."):  # which one test file tries with the answers of all pages
        files.append(ROOT / "tests" / "chapters" / "test_exercises.py")
    return sorted(files, key=lambda path: (not path.stem.startswith(own), path.stat().st_size, path))


def try_out(mutant: Mutant, limit: float) -> dict[str, object]:
    """Run the tests of a faulty module; return whether they noticed, after how long, and the end of what they said."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(HELPERS, Path(folder) / "nnbook", ignore=shutil.ignore_patterns("__pycache__"))
        faulty = Path(folder) / "nnbook" / modules()[mutant.module].relative_to(HELPERS)
        faulty.write_text(mutant.source, encoding="utf-8")
        process = subprocess.Popen(
            [*PYTEST, *map(str, tests_of(mutant.module)), str(faulty)],
            cwd=ROOT,
            env=os.environ
            | {
                "PYTHONPATH": folder,
                "NNBOOK_MUTANT": folder,
                "HYPOTHESIS_STORAGE_DIRECTORY": folder,
                "MPLBACKEND": "agg",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            said = f"{ENDLESS} {limit:.0f} s"
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # what the tests had started, too
            process.wait()
    return {"noticed": process.returncode != 0, "seconds": round(time.monotonic() - start, 1), "said": said[-2_000:]}


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


class Notebook:
    """What was tried, a line each."""

    def __init__(self, wholes: dict[str, str]) -> None:
        self.sources = {module: _digest(whole) for module, whole in wholes.items()}
        self.tests = {module: _digest(*(path.read_text("utf-8") for path in tests_of(module))) for module in wholes}
        lines = KEPT.read_text("utf-8").splitlines() if KEPT.exists() else []
        self.tried = {(*entry["key"], entry["source"]): entry for entry in map(json.loads, lines)}

    def recall(self, mutant: Mutant) -> dict[str, object] | None:
        """Return how it went, unless the module has changed since, or the fault lived and the tests have changed."""
        entry = self.tried.get((*mutant.key, self.sources[mutant.module]))
        if entry and mutant.change and entry["noticed"]:
            return entry
        return entry if entry and entry["tests"] == self.tests[mutant.module] else None

    def write(self, mutant: Mutant, result: dict[str, object]) -> None:
        """Add how it went."""
        source, tests = self.sources[mutant.module], self.tests[mutant.module]
        entry = {"key": mutant.key, "source": source, "tests": tests, **result}
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        with KEPT.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def try_all(sample: list[Mutant], notebook: Notebook, limits: dict[str, float]) -> dict[Mutant, dict[str, object]]:
    """Try each fault that was not tried yet, two at a time."""
    results = {mutant: entry for mutant in sample if (entry := notebook.recall(mutant))}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        running = {
            pool.submit(try_out, mutant, limits.get(mutant.module, 600)): mutant
            for mutant in sample
            if mutant not in results
        }
        try:
            for done in concurrent.futures.as_completed(running):
                mutant = running[done]
                results[mutant] = done.result()
                notebook.write(mutant, results[mutant])
                print(_sign(mutant, results[mutant]), end="", flush=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    print()
    return results


def _sign(mutant: Mutant, result: dict[str, object]) -> str:
    if mutant.change and not result["noticed"]:
        return "L"
    return "T" if str(result["said"]).startswith(ENDLESS) else "."


def report(results: dict[Mutant, dict[str, object]], listed: Counter) -> float:
    """Print a table by module and the faults that lived; return the share that was noticed."""
    print(f"{'module':24}{'tried':>8}{'noticed':>9}{'share':>8}{'equivalent':>12}")
    tried = Counter(mutant.module for mutant in results)
    noticed = Counter(mutant.module for mutant, result in results.items() if result["noticed"])
    for module in sorted(tried):
        share = noticed[module] / tried[module]
        print(f"{module:24}{tried[module]:8}{noticed[module]:9}{share:8.0%}{listed[module]:12}")
    share = noticed.total() / tried.total()
    print(f"{'all':24}{tried.total():8}{noticed.total():9}{share:8.1%}{listed.total():12}")
    for mutant in sorted(mutant for mutant, result in results.items() if not result["noticed"]):
        place = modules()[mutant.module].relative_to(ROOT)
        print(f"\n{place}:{mutant.line} {mutant.function}\n    {mutant.change}")
    return share


def equivalents() -> set[tuple[str, str, str]]:
    """Return the faults that are none, by module, function and change."""
    entries = tomllib.loads(EQUIVALENT.read_text("utf-8")).get("mutant", [])
    return {(entry["module"], entry["function"], entry["change"]) for entry in entries}


def main(arguments: list[str] | None = None) -> int:
    """Try a sample; 0 where at least 95 % were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=300, help="how many faults to try (300)")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("--module", choices=modules(), help="only of this module")
    parser.add_argument("--fresh", action="store_true", help="forget what was tried before")
    options = parser.parse_args(arguments)
    if options.fresh:
        KEPT.unlink(missing_ok=True)
    chosen = [options.module] if options.module else list(modules())
    every = [mutant for name in chosen for mutant in mutants(name, modules()[name].read_text("utf-8"))]
    aside = {key for key in equivalents() if key[0] in chosen}
    if gone := aside - {mutant.key for mutant in every}:
        raise SystemExit(f"{EQUIVALENT.name} lists what does not exist; take it out: {sorted(gone)}")
    # Each fault has its own place in the order, so that a change elsewhere leaves the sample as it is.
    every.sort(key=lambda mutant: _digest(str(options.seed), *mutant.key))
    sample = [mutant for mutant in every if mutant.key not in aside][: options.count]
    wholes = {name: whole(modules()[name].read_text("utf-8")) for name in {mutant.module for mutant in sample}}
    notebook = Notebook(wholes)
    print(f"The tests of {len(wholes)} modules as they are, then {len(sample)} faults.")
    print("L: one lived. T: the tests did not end in time, which counts as noticed.")
    sound = try_all([Mutant(name, "", "", 0, source) for name, source in sorted(wholes.items())], notebook, {})
    for mutant, result in sound.items():
        if result["noticed"]:
            raise SystemExit(f"The tests of {mutant.module} fail without a fault; mend them first:\n{result['said']}")
    limits = {mutant.module: 60.0 + 3 * result["seconds"] for mutant, result in sound.items()}
    share = report(try_all(sample, notebook, limits), Counter(module for module, *_ in aside))
    return 0 if share >= GATE else 1


if __name__ == "__main__":
    raise SystemExit(main())
