"""Build the site: outputs from the executor, pages through Jupyter Book, every warning an error.

A build after a good one reads and writes only the pages that changed. After any other, all pages are read anew, since
an incremental build does not repeat the warnings of a page that it does not read: a broken book would turn green.
"""

import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from nnbook import datasets
from tools import execute
from tools.book import COMMITTED_DATA, ROOT, Book

HOUSE = Path(__file__).resolve().parents[2]  # where `python -m tools` finds the tools, whatever book is built
TROUBLE = re.compile(r"^.*(?:WARNING|ERROR|CRITICAL|Error):? .*$", flags=re.M)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def run_jupyter_book(root: Path, output: Path, data: str, builder: str = "html") -> int:
    """Run Jupyter Book over pages whose outputs are executed, and keep what it says in _build/log; return the code."""
    build = output / "_build"
    log, good = build / "log" / f"{builder}.txt", build / f"good-{builder}"
    log.parent.mkdir(parents=True, exist_ok=True)
    settings = settings_of(root, data)
    incremental = good.is_file() and good.read_text("utf-8") == settings
    good.unlink(missing_ok=True)
    arguments = [str(root), str(output), data, builder, str(incremental)]
    with log.open("wb") as file:  # in a process of its own: Sphinx leaves its loggers behind
        command = [sys.executable, "-m", __spec__.name, *arguments]
        code = subprocess.run(command, cwd=HOUSE, stdout=file, stderr=subprocess.STDOUT).returncode
    if code == 0:
        good.write_text(settings, "utf-8")
    return code


def sphinx(root: Path, output: Path, data: str, builder: str, incremental: bool) -> int:
    """Run Sphinx as Jupyter Book sets it up, in this process; return its exit code."""
    from jupyter_book.sphinx import build_sphinx

    build = output / "_build"
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    config["sphinx"]["config"]["nnbook_data"] = data
    derived = build / "config.yml"
    derived.write_text(yaml.safe_dump(config), "utf-8")
    result = build_sphinx(
        root,
        build / builder,
        path_config=derived,
        noconfig=True,
        doctreedir=build / f"doctrees-{builder}",
        confoverrides={"external_toc_path": str(root / "_toc.yml"), "latex_individualpages": False, "nitpicky": True},
        builder=builder,
        force_all=not incremental,
        freshenv=not incremental,
        warningiserror=True,
        keep_going=True,
    )
    return result if isinstance(result, int) else 1


def settings_of(root: Path, data: str) -> str:
    """Return a hash of what every page of the site depends on: settings, contents, style, and the code that builds."""
    files = [root / name for name in ("_config.yml", "_toc.yml", "requirements.txt")]
    files += sorted(path for path in (root / "_static").rglob("*") if path.is_file())
    files += sorted(Path(__file__).parent.rglob("*.py"))
    digest = hashlib.sha256(data.encode())
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def build(root: Path, output: Path, data: str = COMMITTED_DATA) -> int:
    """Build the site of pages that are executed; return the exit code, or 1 if there is no page to open."""
    from tools.site.pack import pack
    from tools.site.slim import slim

    index = output / "_build" / "html" / "index.html"
    index.unlink(missing_ok=True)
    code = run_jupyter_book(root, output, data)
    if code:
        index.unlink(missing_ok=True)  # Sphinx writes one in any case
        return code
    index.write_text('<meta http-equiv="Refresh" content="0; url=chapters/index.html">\n', "utf-8")
    slim(index.parent)
    pack(Book(root), index.parent)
    return 0


def troubles(output: Path, builder: str = "html") -> list[str]:
    """Return the lines of the log that tell of something wrong."""
    text = COLOUR.sub("", (output / "_build" / "log" / f"{builder}.txt").read_text("utf-8", errors="replace"))
    return TROUBLE.findall(text) or text.strip().splitlines()[-5:]


def bring_outputs(book: Book, data: str, again: bool) -> list[execute.Done]:
    """Bring the outputs of all pages up to date, say so in a line a page, and return what failed."""
    left = len(book.notebook_pages)
    taken: dict[str, int] = {}
    failed = []
    for done in execute.bring_all(book, data, again):
        left -= 1
        if done.source != "executed":
            taken[done.source] = taken.get(done.source, 0) + 1
            continue
        what = "FAILED  " if done.problem else "executed"
        print(f"  {what}  {done.page.name:45}{done.seconds:5.0f} s   {left} left", flush=True)
        failed += [done] if done.problem else []
    if missing := [page.name for page in book.notebook_pages if page.notebook is None]:
        print(f"Without a committed notebook: {', '.join(missing)}; `make notebooks` writes it.")
    if taken.get("committed"):
        print(
            f"Outputs of {taken['committed']} pages are those of the committed notebooks, which are up to date; "
            "`make book EXECUTE=1` executes every page here."
        )
    return failed


def made(what: Callable[[], int], output: Path, builder: str) -> int:
    """Run a build and say what went wrong, if it did."""
    code = what()
    if code:
        found = troubles(output, builder)
        print(f"NOT done. {len(found)} lines of _build/log/{builder}.txt tell of something wrong; the first:")
        print("\n".join(f"  {line[:500]}" for line in found[:5]))
    return code


def chosen(data: str) -> str:
    """Return the picture set that is wanted, ready to be used.

    Raises:
        SystemExit: there is no such set, or it is not on this machine.
    """
    try:
        name = data or datasets.chosen()
        if name not in datasets.NAMES:
            raise ValueError(f"DATA must be one of {', '.join(datasets.NAMES)}, but is {name!r}.")
        if name == "cifar10":
            datasets.find_cifar10()
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
    return name


def book(data: str = "", execute: str = "") -> int:
    """Build the site, with outputs executed where they are not up to date."""
    from tools.site.address import notice

    started = time.perf_counter()
    name = chosen(data)
    failed = bring_outputs(Book(ROOT), name, again=bool(execute))
    for done in failed:
        print(f"\n{done.page.name}.md: {done.problem}", file=sys.stderr)
    if failed:
        print(f"NOT done: {len(failed)} of the pages failed, and the old site stays as it is.", file=sys.stderr)
        return 1
    if made(lambda: build(ROOT, ROOT, name), ROOT, "html"):
        return 1
    if said := notice(ROOT):
        print(said)
    print(f"The book is ready ({datasets.TITLES[name]}, {time.perf_counter() - started:.0f} s): ", end="")
    print("open _build/html/index.html, or run `make serve`.")
    return 0


def links() -> int:
    """Ask every address that a page links whether it still answers."""
    name = chosen("")
    if bring_outputs(Book(ROOT), name, again=False):
        return 1
    code = made(lambda: run_jupyter_book(ROOT, ROOT, name, "linkcheck"), ROOT, "linkcheck")
    print("NOT every link answers; see _build/linkcheck/output.txt." if code else "Every link answers.")
    return code


if __name__ == "__main__":
    place, target, chosen_data, wanted, after_a_good_one = sys.argv[1:]
    sys.exit(sphinx(Path(place), Path(target), chosen_data, wanted, after_a_good_one == "True"))
