"""The page about LSTM and GRU: its paper examples as literals, its bands over other seeds, its recorded curve."""

import nnbook.quiet  # noqa: F401  isort: skip
import jupytext
import keras
import numpy as np
import pytest

from nnbook import recorded, rnn
from tests.chapters.test_bands import band_of, holds
from tools.book import ROOT
from tools.records.engine import PROBE_SUCCESS, shares_of_success

PAGE = "sequences/lstm-and-gru.md"
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
    values: dict[str, object] = {"np": np, "keras": keras}
    cells = [cell.source for cell in jupytext.read(ROOT / "chapters" / PAGE).cells if cell.cell_type == "code"]
    for source in cells:
        if any(text in source for text in ("def with_forget_bias", "def norms_back", "def learn", "makers = {")):
            exec(source, values)
    exec(next(source for source in cells if "def sequences" in source), values | {"print": lambda *_: None}, values)
    return values


def curves_back(page: dict[str, object], seed: int, forget_biases: tuple[float, ...]) -> dict[str, list[float]]:
    keras.utils.set_random_seed(seed)
    noise = np.random.default_rng(seed).normal(size=(50, 1, 20)).astype("float32")
    cells = [keras.layers.LSTMCell(20, **page["with_forget_bias"](one, 20)) for one in forget_biases]
    curves = [page["norms_back"](cell, noise) for cell in cells]
    return {f"LSTM, forget bias {name}": curve for name, curve in zip((0, 1, 3), curves, strict=True)}


@pytest.mark.parametrize("seed", range(101, 105))
def test_the_forget_bias_decides_how_far_the_gradient_reaches(page, seed):
    band = band_of(PAGE, 'assert first["LSTM, forget bias 0"]')
    assert holds(band, curves=curves_back(page, seed, (0, 1, 3)))
    assert not holds(band, curves=curves_back(page, seed, (1, 1, 1)))


@pytest.mark.parametrize("seed", range(101, 105))
def test_an_lstm_can_explode(page, seed):
    silence = np.zeros((50, 1, 20), "float32")
    sizes = []
    for scale in (1, 3):
        keras.utils.set_random_seed(seed)
        cell = keras.layers.LSTMCell(20, **page["with_forget_bias"](3, 20))
        cell.build((1, 20))
        cell.recurrent_kernel.assign(scale * cell.recurrent_kernel)
        sizes.append(page["norms_back"](cell, silence))
    band = band_of(PAGE, "assert norms[0] >")
    assert holds(band, norms=sizes[1])
    assert not holds(band, norms=sizes[0])


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
