"""How far back each kind of recurrent layer remembers: each with a rate of its own, tuned alike, none at the edge.

Nets this small keep one core busy, so two processes share the trainings of a run; each training starts from its seed.
"""

import io
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from functools import cache, partial
from multiprocessing import get_context
from typing import Any

from tools import book
from tools.records.engine import Cells, Experiment, Run

Accuracies = Mapping[float, Sequence[float]]  # of each learning rate, what the nets of some seeds reached
Trained = tuple[float, int]  # the accuracy of a net, and how many rounds it took
CELLS = Cells("lstm-and-gru", until="record-makers")
AS_MADE = ("SimpleRNN", "LSTM", "GRU")
KINDS = (
    *AS_MADE,
    "SimpleRNN, 35 nodes",
    "LSTM, forget bias 3",
    "GRU, update bias 3",
    "LSTM, forget bias ln T",
    "GRU, update bias ln T",
)
LENGTHS = (20, 40, 60, 120)
LADDER = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)  # every rate that may be tried
FIRST, HOPELESS = LADDER[2:5], LADDER[1:7]  # tried first; tried before it is said that none learns
TUNING_SEEDS, SEEDS = (1, 2), (11, 12, 13, 14, 15, 16, 17, 18)
SUCCESS = 0.95
AT_ONCE = 2


def learned(accuracies: Sequence[float]) -> int:
    """Return how many nets learned the task."""
    return sum(accuracy > SUCCESS for accuracy in accuracies)


def best_rate(tuning: Accuracies) -> float:
    """Return the rate at which most seeds learned; of several equally good ones the middle, of two the lower."""
    most = max(map(learned, tuning.values()))
    good = sorted(rate for rate in tuning if learned(tuning[rate]) == most)
    return good[(len(good) - 1) // 2]


def wider(tuning: Accuracies) -> list[float]:
    """Return which rates are to be tried next: beyond an end where the best lies, or on both sides if none learned."""
    if not tuning:
        return list(FIRST)
    if not any(map(learned, tuning.values())):
        return [rate for rate in HOPELESS if rate not in tuning]
    low, high, best = min(tuning), max(tuning), best_rate(tuning)
    return [
        LADDER[LADDER.index(end) + step]
        for end, step in ((low, -1), (high, 1))
        if best == end and 0 <= LADDER.index(end) + step < len(LADDER)
    ]


def tune(train: Callable[[list[tuple[float, int]]], list[Trained]]) -> dict[float, list[float]]:
    """Return what each tried rate gives, in order: the first rates, and wider ones while the best lies at an end.

    Args:
        train: returns for pairs of rate and seed what became of each net.
    """
    tuning: dict[float, list[float]] = {}
    while rates := wider(tuning):
        found = iter(train([(rate, seed) for rate in rates for seed in TUNING_SEEDS]))
        tuning |= {rate: [next(found)[0] for _ in TUNING_SEEDS] for rate in rates}
    return dict(sorted(tuning.items()))


def is_at_edge(tuning: Accuracies) -> bool:
    """Does the best rate lie at an end of what was tried, so that a rate beyond it may be better still?"""
    return any(map(learned, tuning.values())) and best_rate(tuning) in (min(tuning), max(tuning))


@cache
def _page() -> dict[str, Any]:
    """Run the cells that a training needs, without those that draw or measure gradients."""
    import nnbook.quiet  # noqa: F401  isort: skip
    import keras
    import numpy as np

    page = book.Book().page(CELLS.page)
    defining = [page.defining(name) for name in ("open_lstm", "open_gru", "sequences", "learn")]
    return book.run([*defining, page.assigning("makers"), page.cell(CELLS.until)], {"np": np, "keras": keras})


def train_one(kind: str, length: int, rate: float, seed: int) -> Trained:
    """Train one net of the page from a seed; what the cells print is left out."""
    with redirect_stdout(io.StringIO()):
        page = _page()
        page["keras"].utils.set_random_seed(seed)
        layer = page["makers"][kind](length)
        accuracy, rounds = page["learn"](layer, length, rate, page["np"].random.default_rng(seed))
    return round(float(accuracy), 3), rounds


def tune_and_train(kind: str, length: int) -> Run:
    """Tune one kind of layer at one length with two seeds a rate, then train it with other seeds."""
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}  # for the two processes
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:

        def train(pairs: Sequence[tuple[float, int]]) -> list[Trained]:
            return list(pool.map(partial(train_one, kind, length), *zip(*pairs, strict=True)))

        tuning = tune(train)
        rate = best_rate(tuning)
        accuracies, rounds = zip(*train([(rate, seed) for seed in SEEDS]), strict=True)
    return {
        "provenance": {"name": "sequences of the page", "source": "drawn by the cells of the page from a seed"},
        "kind": kind,
        "length": length,
        "tuning": {str(one): found for one, found in tuning.items()},
        "rate": rate,
        "rate_at_edge": is_at_edge(tuning),
        "seeds": SEEDS,
        "test_accuracy": accuracies,
        "rounds": rounds,
    }


def shares_of_success(runs: list[Run]) -> dict[str, Any]:
    """Return for each kind of layer the share of seeds that learned each length, and where a rate lies at an edge."""
    shares: dict[str, dict[str, float]] = {}
    for run in runs:
        share = learned(run["test_accuracy"]) / len(run["test_accuracy"])
        shares.setdefault(run["kind"], {})[str(run["length"])] = share
    edges = [[run["kind"], run["length"]] for run in runs if run["rate_at_edge"]]
    return {"success": f"test accuracy above {SUCCESS}", "share_of_success": shares, "rates_at_edge": edges}


EXPERIMENTS = [
    Experiment(
        name="long-memory",
        recipe="the functions of chapters/sequences/lstm-and-gru.md; of three rates, and of wider ones while the best "
        "lies at the edge, the one at which most of two tuning seeds learn, then eight other seeds",
        data=None,
        runs=lambda: [(kind, length) for kind in KINDS for length in LENGTHS],
        run=tune_and_train,
        summary=shares_of_success,
        cells=CELLS,
    )
]
