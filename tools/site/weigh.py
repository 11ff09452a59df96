"""Weigh the site against Jupyter Book's default build of the same pages: bytes, requests and paint times.

    python -m tools.site.weigh      builds both from the notebooks (nothing is executed) and prints the table

The default build has Jupyter Book's own settings and MathJax served locally, for a fair comparison.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from playwright.sync_api import Browser, sync_playwright

from tools.book import COMMITTED_DATA, ROOT, Book
from tools.execute import take
from tools.site.build import build
from tools.site.serve import find_browser, served

PAGES = ("chapters/sequences/rnn-by-hand.html", "chapters/words/embedding-classifier.html")
RUNS = 5
# A phone in a full lecture hall: what Lighthouse calls "slow 4G".
SLOW_PHONE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
WATCH = """
window.shift = 0; window.paint = 0;
new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) window.shift += e.value; }))
    .observe({type: "layout-shift", buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.paint = e.startTime; }))
    .observe({type: "largest-contentful-paint", buffered: true});
"""


def build_book(folder: Path) -> Path:
    """Build the book as `make book` does, with the outputs of the notebooks."""
    if not all(take(page, COMMITTED_DATA) for page in Book().notebook_pages):
        raise SystemExit("Some notebooks are out of date: run make notebooks first.")
    if build(ROOT, folder):
        raise SystemExit("The book could not be built; make book says why.")
    return folder / "_build" / "html"


def build_default(folder: Path) -> Path:
    """Build the same pages with the settings that Jupyter Book comes with, and MathJax from our own disk."""
    source = folder / "source"
    source.mkdir(parents=True)
    shutil.copytree(ROOT / "chapters", source / "chapters")
    for name in ("_toc.yml", "references.bib"):
        shutil.copyfile(ROOT / name, source / name)
    for path in (source / "chapters").rglob("*.md"):  # directives that only our extension knows
        path.write_text(path.read_text("utf-8").replace("```{runtimes}\n```", ""), "utf-8")
    cache = get_cache(folder / "cache")
    for page in Book().notebook_pages:
        cache.cache_notebook_file(page.notebook_path, check_validity=True, overwrite=True)
    config = {
        "only_build_toc_files": True,
        "exclude_patterns": ["chapters/**/*.ipynb"],
        "bibtex_bibfiles": ["references.bib"],
        "execute": {"execute_notebooks": "cache", "cache": str(folder / "cache")},
        "parse": {"myst_enable_extensions": ["amsmath", "colon_fence", "dollarmath"]},
        "sphinx": {"extra_extensions": ["sphinx-mathjax-offline"]},
    }
    (source / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    program = [sys.executable, "-m", "jupyter_book", "build", str(source), "--path-output", str(folder), "-q"]
    subprocess.run(program, check=True, stdout=subprocess.DEVNULL)
    return folder / "_build" / "html"


def visit(browser: Browser, home: str) -> list[dict[str, float]]:
    """Open the two pages one after the other in a fresh browser profile; return what each cost."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH)
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_PHONE)
    costs = []
    for name in PAGES:
        page.goto(f"{home}/{name}", wait_until="networkidle")
        page.wait_for_timeout(300)
        transferred = page.evaluate(
            """["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
                .map((entry) => entry.transferSize)"""
        )
        loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        costs.append(
            {
                "kilobytes": sum(transferred) / 1e3,
                "requests": len(transferred),
                "largest paint, ms": page.evaluate("window.paint"),
                "loaded, ms": loaded,
                "layout shift": page.evaluate("window.shift"),
            }
        )
    context.close()
    return costs


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        sites = {"ours": build_book(Path(scratch) / "ours"), "default": build_default(Path(scratch) / "default")}
        results: dict[str, list[list[dict[str, float]]]] = {name: [] for name in sites}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
            for _ in range(RUNS):  # interleaved, so that a slow moment hits both
                for name, site in sites.items():
                    with served(site) as home:
                        results[name].append(visit(browser, home))
            browser.close()
    print(f"\nMedians of {RUNS} visits, 1280 × 800, 1.6 Mbit/s with a delay of 150 ms, no compression, this machine:\n")
    print(f"{'':10}{'figure':20}{'default':>10}{'ours':>10}{'ratio':>8}")
    for number, title in enumerate(("first page", "second page")):
        for figure in results["ours"][0][0]:
            pair = [statistics.median(run[number][figure] for run in results[name]) for name in ("default", "ours")]
            ratio = f"{pair[1] / pair[0]:8.2f}" if pair[0] else f"{'–':>8}"
            print(f"{title if figure == 'kilobytes' else '':12}{figure:18}{pair[0]:10.3g}{pair[1]:10.3g}{ratio}")


if __name__ == "__main__":
    main()
