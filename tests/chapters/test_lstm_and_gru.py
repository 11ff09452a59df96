"""The page about LSTM and GRU: its paper examples as literals, its bands over other seeds, its recorded curve."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
import numpy as np
import pytest

from nnbook import recorded, rnn
from tests.pages import BOOK, check_band, functions
from tools.book import run
from tools.records.long_memory import SUCCESS as PROBE_SUCCESS
from tools.records.long_memory import shares_of_success

LN2, LN3, LN9 = np.log(2), np.log(3), np.log(9)


def test_the_lstm_on_paper():
    # By hand: sigmoid(ln 3) = 3/4, sigmoid(±ln 9) = 9/10 or 1/10, sigmoid(0) = 1/2, tanh(±ln 2) = ±3/5.
    x = np.array([[[LN3, 0, LN2, 0], [-LN9, LN9, LN2, -LN9], [LN3, -LN9, -LN2, LN9]]])
    h, c = rnn.lstm(x, np.eye(4), np.zeros((4, 1)), np.zeros(4))
    assert np.allclose(c[0, :, 0], [0.45, 0.465, -0.4035], rtol=0, atol=1e-14)
    assert np.allclose(h[0, :, 0], [0.5, 0.1, 0.9] * np.tanh([0.45, 0.465, -0.4035]), rtol=0, atol=1e-14)
    assert np.allclose(h[0, :, 0], [0.2109, 0.0434, -0.3446], rtol=0, atol=5e-5)


def test_the_gru_on_paper():
    x = np.array([[[-LN3, 0, LN2], [LN3, 0, LN2 - 0.225]]])
    h = rnn.gru(x, np.eye(3), np.array([[0.0], [0.0], [1.0]]), np.zeros((2, 3)))
    assert np.allclose(h[0, :, 0], [0.45, 0.4875], rtol=0, atol=1e-14)


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """What the page's cells define without training."""
    page = functions("lstm-and-gru", "with_forget_bias", "norms_back", "sequences", "learn", keras=keras)
    return run([BOOK.page("lstm-and-gru").assigning("makers")], page)


@pytest.mark.parametrize("seed", range(101, 105))
def test_the_forget_bias_decides_how_far_the_gradient_reaches(page, seed):
    keras.utils.set_random_seed(seed)
    noise = np.random.default_rng(seed).normal(size=(50, 1, 20)).astype("float32")
    cells = {one: keras.layers.LSTMCell(20, **page["with_forget_bias"](one, 20)) for one in (0, 1, 3)}
    curves = {f"LSTM, forget bias {one}": page["norms_back"](cell, noise) for one, cell in cells.items()}
    outside = {f"{name} in all": {"curves": dict.fromkeys(curves, curve)} for name, curve in curves.items()}
    check_band("lstm-and-gru", "band-forget-bias", inside=[{"curves": curves}], outside=outside)


@pytest.mark.parametrize("seed", range(101, 105))
def test_an_lstm_can_explode(page, seed):
    silence = np.zeros((50, 1, 20), "float32")
    sizes = {}
    for scale in (1, 3):
        keras.utils.set_random_seed(seed)
        cell = keras.layers.LSTMCell(20, **page["with_forget_bias"](3, 20))
        cell.build((1, 20))
        cell.recurrent_kernel.assign(scale * cell.recurrent_kernel)
        sizes[scale] = {"norms": page["norms_back"](cell, silence)}
    check_band("lstm-and-gru", "band-explosion", inside=[sizes[3]], outside={"V as it is": sizes[1]})


@pytest.mark.parametrize("seed", range(101, 105))
def test_how_much_of_the_gradient_reaches_the_first_of_60_tokens(page, seed):
    keras.utils.set_random_seed(seed)
    tokens = page["sequences"](np.random.default_rng(seed), 1, 60)[0].swapaxes(0, 1)
    reach = {
        kind: np.median([page["norms_back"](make(16).cell, tokens, n=16)[0] for _ in range(5)])
        for kind, make in page["makers"].items()
    }
    outside = {f"{kind} in all": {"reach": dict.fromkeys(reach, size)} for kind, size in reach.items()}
    check_band("lstm-and-gru", "band-reach", inside=[{"reach": reach}], outside=outside)


def recorded_accuracies(length: int) -> list[dict[str, float]]:
    """What each kind of layer reached at a length, for each of the recorded seeds."""
    runs = [run for run in recorded.read("long-memory")["runs"] if run["length"] == length]
    return [{run["kind"]: run["test_accuracy"][seed] for run in runs} for seed in range(len(runs[0]["test_accuracy"]))]


def test_all_learn_20_tokens_with_each_recorded_seed():
    assert 21 not in recorded.read("long-memory")["runs"][0]["seeds"]  # the seed of the page
    inside, long = ([{"accuracies": one} for one in recorded_accuracies(length)] for length in (20, 80))
    outside = {f"80 tokens, run {number}": one for number, one in enumerate(long, start=1)}
    check_band("lstm-and-gru", "band-short-memory", inside=inside, outside=outside)


def test_the_recorded_curve_is_that_of_its_runs():
    record = recorded.read("long-memory")
    assert record["share_of_success"] == shares_of_success(record["runs"])["share_of_success"]
    assert all(len(run["test_accuracy"]) == 8 and len(run["tuning"]) == 3 for run in record["runs"])
    assert not set(record["runs"][0]["seeds"]) & {101, 102, 103}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102, 103])
@pytest.mark.parametrize(
    ("kind", "length", "learns"),
    [
        ("SimpleRNN", 20, True),
        ("LSTM", 20, True),
        ("GRU", 20, True),
        ("LSTM, forget bias 3", 20, True),
        ("LSTM", 80, False),
        ("GRU", 80, False),
        ("LSTM, forget bias 3", 80, True),
    ],
)
def test_what_each_remembers_holds_for_other_seeds(page, kind, length, learns, seed):
    record = recorded.read("long-memory")
    rate = next(run["rate"] for run in record["runs"] if (run["kind"], run["length"]) == (kind, length))
    keras.utils.set_random_seed(seed)
    accuracy = page["learn"](page["makers"][kind](16), length, rate, np.random.default_rng(seed))
    assert (accuracy > PROBE_SUCCESS) == learns, accuracy
