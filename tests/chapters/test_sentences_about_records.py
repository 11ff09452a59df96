"""Sentences about records: what a page says of one holds for ours, and fails for a record that says something else."""

import nnbook.quiet  # noqa: F401  isort: skip
import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

from nnbook import recipes, recorded, rungs
from nnbook.intervals import mean_interval, student_t, wilson
from tests.pages import BOOK
from tools.book import run
from tools.records.long_memory import KINDS

Record = dict[str, Any]


class Planted(NamedTuple):
    """A wrong record: the page, the cells that read it (each by words that it alone has), the record, what is wrong."""

    page: str
    cells: tuple[str, ...]
    record: str
    wrong: Callable[[Record], None]


def run_cells(page: str, cells: tuple[str, ...]) -> None:
    """Run these cells of a page, with what the cells before them have defined."""
    nothing = SimpleNamespace(plot_strips=lambda *_: None, show=lambda: None)
    values = {
        "np": np,
        "recorded": recorded,
        "recipes": recipes,
        "rungs": rungs,
        "intervals": SimpleNamespace(mean_interval=mean_interval),
        "student_t": student_t,
        "wilson": wilson,
        "makers": dict.fromkeys(KINDS),
        "orders": dict.fromkeys(("as they are", "shuffled")),
        "results": nothing,
        "plt": nothing,
        "data": SimpleNamespace(provenance=SimpleNamespace(name="Shapes10")),
        "band": (0.91, 0.985),
    }
    run([one(page, words) for words in cells], values)


def one(page: str, words: str) -> str:
    """Return the one code cell of a page that has these words."""
    (source,) = [cell.source for cell in BOOK.page(page).code if words in cell.source]
    return source


def runs_like(record: Record, source: dict[str, Any], target: dict[str, Any], *keys: str) -> None:
    """Let the runs of one kind say what those of another say."""

    def of(kind: dict[str, Any]) -> list[Record]:
        return [run for run in record["runs"] if kind.items() <= run.items()]

    for theirs, ours in zip(of(source), of(target), strict=True):
        ours.update({key: copy.deepcopy(theirs[key]) for key in keys})


def gru_like_lstm(record: Record) -> None:
    runs_like(record, {"kind": "LSTM"}, {"kind": "GRU"}, "tuning", "rate", "test_accuracy")
    record["share_of_success"]["GRU"] = record["share_of_success"]["LSTM"]


def open_like_closed(record: Record) -> None:
    runs_like(record, {"kind": "LSTM"}, {"kind": "LSTM, forget bias 3"}, "tuning", "test_accuracy")
    record["share_of_success"]["LSTM, forget bias 3"] = record["share_of_success"]["LSTM"]


def wide_plain_net_like_open(record: Record) -> None:
    runs_like(record, {"kind": "GRU, update bias 3"}, {"kind": "SimpleRNN, 35 nodes"}, "test_accuracy")


def one_rate_for_all(record: Record) -> None:
    for one_run in record["runs"]:
        one_run["rate"] = 0.003


def best_at_the_edge(record: Record) -> None:
    record["rates_at_edge"] = [["GRU", 60]]


def cycle_like_constant(record: Record) -> None:
    for rate in (0.002, 0.005):
        record["corners"][f"one cycle, {rate}"] = record["corners"][f"constant, {rate}"]
        runs_like(
            record,
            {"schedule": "constant", "rate": rate},
            {"schedule": "one cycle", "rate": rate},
            "validation_accuracy",
        )


def rate_gets_the_credit(record: Record) -> None:
    record["corners"]["constant, 0.005"] = record["corners"]["one cycle, 0.005"]


def renewed_like_before(record: Record) -> None:
    for found in record["mean_mistakes"].values():
        found["mistakes_renewed"] = found["mistakes"]


def averaging_helps(record: Record) -> None:
    record["mean_mistakes"]["averaged weights"]["mistakes"] *= 0.9


def frozen_like_trained(record: Record) -> None:
    for one_run in record["runs"]:
        one_run["frozen_accuracy"] = one_run["test_accuracy"]


def frozen_at_chance(record: Record) -> None:
    for one_run in record["runs"]:
        one_run["frozen_accuracy"] = 0.1


def shuffling_costs_nothing(record: Record) -> None:
    for one_run in record["runs"]:
        one_run["grey"]["notes, shuffled"] = one_run["grey"]["notes, as they are"]


def shuffling_costs_the_dense_net(record: Record) -> None:
    for one_run in record["runs"]:
        one_run["grey"]["dense, shuffled"] -= 0.1


def temperature_does_nothing(record: Record) -> None:
    for one_run in record["runs"]:
        one_run["gap_after"] = one_run["gap_before"]


def shifts_cost_nothing(record: Record) -> None:
    for one_run in record["runs"]:
        one_run["shifted_accuracy"] = [one_run["test_accuracy"]] * 5


def far_from_the_notes(record: Record) -> None:
    for one_run in record["runs"]:
        one_run["test_accuracy"] -= 0.05


def best_epoch_adds(record: Record) -> None:
    for one_run in record["runs"]:
        one_run["best_epoch_test_accuracy"] += 0.01


def batch_norm_gains_nothing(record: Record) -> None:
    record["rungs"]["batch norm"] = record["rungs"]["one cycle"]


def rate_alone_loses_everywhere(record: Record) -> None:
    record["rungs"]["rate 0.005"]["validation_accuracy"] = 0.5


def bytes_save_nothing(record: Record) -> None:
    record["rungs"]["bytes up to the net"]["peak_memory_mb"] = record["rungs"]["the notes' recipe"]["peak_memory_mb"]


def mirrors_take_nothing_away(record: Record) -> None:
    below = record["rungs"]["stride, four layers"]
    record["rungs"]["mirror images"]["training_accuracy"] = below["training_accuracy"]


def unlucky_seeds(record: Record) -> None:
    for one_run in record["runs"]:
        if one_run["rung"] == "rate 0.005":
            one_run["validation_accuracy"] = 0.8


def decay_gains_with_every_seed(record: Record) -> None:
    for one_run in record["runs"]:
        if one_run["rung"] == "weight decay":
            one_run["validation_accuracy"] += 0.01


def slow_short_run(record: Record) -> None:
    record["figures"]["time of the short run over the notes' recipe"] = 0.3


def one_slow_short_run(record: Record) -> None:
    next(one_run for one_run in record["runs"] if one_run["recipe"] == "short")["seconds"] = 60.0


def one_bad_long_run(record: Record) -> None:
    next(one_run for one_run in record["runs"] if one_run["recipe"] == "long")["test_accuracy"] = 0.75


def one_run_outside(record: Record) -> None:
    record["runs"][3]["test_accuracy"] = 0.89


SQUARE = ("squares = {", "def mean(schedule", "neither, rate_alone", "rows = {schedule", "gamble, safe =")
LADDER = ("ladders = {", "import itertools", "shapes, cifar = (", "stars = [", "def saved", "bottom, nets =")
HEART = (*LADDER[:1], "def apart")
SEEDS = (*LADDER[:3], "always = []")
LUCK = (*LADDER[:3], "squares = {", "rows = {schedule", "gamble, safe =", "lucky = [", "min(lucky) > 0.87")
RACE = ('race = recorded.read("bench")', "time_short, points_short", "def all_of", "quickest =", "best = max(all_of")
FROZEN = ("records = {name: recorded", "costs = {title", "for title, (least, most) in")
SHUFFLED = ("records = {name: recorded", "strips = {name: {}", "lost = {}", "cnn, cnn_shuffled")
OTHERS = ("records = {name: recorded", "below_one =")
NOTES = (
    'recorded.read("cifar10-notes-recipe")',
    "import NOTES_TEST_ACCURACY",
    "import student_t",
    "(NOTES_TEST_ACCURACY - ours.mean()) / spread",
    "max(notes) == notes[7]",
)
LONG = (
    'record = recorded.read("long-memory")',
    'record["rates_at_edge"] == []',
    "old, lengths =",
    "same = {kind",
    "opened = [kind",
    'sum(learned["GRU", 60]) == 0',
    "best = {kind",
    "min(best[kind]",
    "closed = [shares",
)
PLANTED = [
    *(Planted("lstm-and-gru", LONG, "long-memory", wrong) for wrong in (gru_like_lstm, open_like_closed)),
    *(Planted("lstm-and-gru", LONG, "long-memory", wrong) for wrong in (wide_plain_net_like_open, one_rate_for_all)),
    Planted("lstm-and-gru", LONG, "long-memory", best_at_the_edge),
    *(
        Planted("training-faster", SQUARE, f"square-{data}", wrong)
        for data in ("shapes10", "cifar10")
        for wrong in (cycle_like_constant, rate_gets_the_credit)
    ),
    *(
        Planted("training-faster", LADDER, f"ladder-{data}", wrong)
        for data in ("shapes10", "cifar10")
        for wrong in (batch_norm_gains_nothing, rate_alone_loses_everywhere, bytes_save_nothing)
    ),
    Planted("training-faster", HEART, "ladder-cifar10", mirrors_take_nothing_away),
    Planted("training-faster", SEEDS, "ladder-cifar10", decay_gains_with_every_seed),
    Planted("training-faster", LUCK, "ladder-shapes10", unlucky_seeds),
    *(
        Planted("training-faster", RACE, "bench", wrong)
        for wrong in (slow_short_run, one_slow_short_run, one_bad_long_run)
    ),
    Planted(
        "training-faster", ('found = recorded.read("averaging-shapes10")',), "averaging-shapes10", renewed_like_before
    ),
    Planted("training-faster", ('found = recorded.read("averaging-cifar10")',), "averaging-cifar10", averaging_helps),
    *(
        Planted("reading-a-cnn", cells, f"reading-{data}", wrong)
        for data in ("shapes10", "cifar10")
        for cells, wrong in (
            (FROZEN, frozen_like_trained),
            (FROZEN, frozen_at_chance),
            (SHUFFLED, shuffling_costs_nothing),
            (SHUFFLED, shuffling_costs_the_dense_net),
            (OTHERS, temperature_does_nothing),
            (OTHERS, shifts_cost_nothing),
        )
    ),
    *(Planted("cifar-cnn", NOTES, "cifar10-notes-recipe", wrong) for wrong in (far_from_the_notes, best_epoch_adds)),
    Planted("cifar-cnn", ("again = sorted(", "band[0] < again[0]"), "cifar-cnn-shapes10", one_run_outside),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.record}: {planted.wrong.__name__}")
def test_a_sentence_about_a_record_holds_for_it_and_for_no_other(planted, monkeypatch):
    run_cells(planted.page, planted.cells)
    read = recorded.read

    def with_a_fault(name: str) -> Record:
        record = copy.deepcopy(read(name))
        if name == planted.record:
            planted.wrong(record)
        return record

    monkeypatch.setattr(recorded, "read", with_a_fault)
    with pytest.raises(AssertionError):
        run_cells(planted.page, planted.cells)
