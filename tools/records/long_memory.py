"""How far back each kind of recurrent layer remembers, with the same budget for tuning."""

import statistics
from typing import Any

from tools import book
from tools.records.engine import Cells, Experiment, Run

CELLS = Cells("lstm-and-gru", until="record-makers")
KINDS = ("SimpleRNN", "LSTM", "GRU", "LSTM, forget bias 3")
LENGTHS = (20, 30, 40, 60, 80, 120)
RATES, TUNING_SEEDS, SEEDS = (0.001, 0.003, 0.01), (1, 2), (11, 12, 13, 14, 15, 16, 17, 18)
SUCCESS = 0.95


def tune_and_train(kind: str, length: int) -> Run:
    """Tune one kind of layer at one length with two seeds a rate, then train it with other seeds."""
    page = book.run(CELLS.sources(), asserts=False)
    keras, numpy = page["keras"], page["np"]

    def accuracy(rate: float, seed: int) -> float:
        keras.utils.set_random_seed(seed)
        layer = page["makers"][kind](16)
        return round(page["learn"](layer, length, rate, numpy.random.default_rng(seed)), 3)

    tuning = {str(rate): [accuracy(rate, seed) for seed in TUNING_SEEDS] for rate in RATES}
    rate = max(RATES, key=lambda one: statistics.mean(tuning[str(one)]))
    return {
        "provenance": {"name": "sequences of the page", "source": "drawn by the cells of the page from a seed"},
        "kind": kind,
        "length": length,
        "tuning": tuning,
        "rate": rate,
        "seeds": SEEDS,
        "test_accuracy": [accuracy(rate, seed) for seed in SEEDS],
    }


def shares_of_success(runs: list[Run]) -> dict[str, Any]:
    """Return for each kind of layer the share of seeds that learned each length."""
    shares: dict[str, dict[str, float]] = {}
    for run in runs:
        learned = [accuracy > SUCCESS for accuracy in run["test_accuracy"]]
        shares.setdefault(run["kind"], {})[str(run["length"])] = statistics.mean(learned)
    return {"success": f"test accuracy above {SUCCESS}", "share_of_success": shares}


EXPERIMENTS = [
    Experiment(
        name="long-memory",
        recipe="the functions of chapters/sequences/lstm-and-gru.md; of three rates the one with the best mean over "
        "two tuning seeds, then eight other seeds",
        data=None,
        runs=lambda: [(kind, length) for kind in KINDS for length in LENGTHS],
        run=tune_and_train,
        summary=shares_of_success,
        cells=CELLS,
    )
]
