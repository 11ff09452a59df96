"""The page that computes a recurrent net by hand: the notes' example as literals, its bands over other seeds."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
import numpy as np
import pytest

from tests.pages import check_band, functions, run_until

STATES = OUTPUTS = [[1, 1], [2.5, 2.5]]  # the notes' example, worked on paper


@pytest.fixture(scope="module")
def example() -> dict[str, object]:
    """The page up to the example in Keras."""
    return run_until("rnn-by-hand", "h_keras")


@pytest.mark.parametrize(("states", "outputs"), [("h_paper", "O_paper"), ("h_numpy", "O_numpy")])
def test_the_notes_example_on_paper_and_in_numpy(example, states, outputs):
    assert np.array_equal(example[states], STATES)
    assert np.array_equal(example[outputs], OUTPUTS)


def test_the_notes_example_in_keras(example):
    assert np.allclose(example["h_keras"], [STATES], rtol=0, atol=1e-6)
    assert np.allclose(example["O_keras"], [OUTPUTS], rtol=0, atol=1e-6)


NOISE = np.random.default_rng(7).normal(0, 0.3, 1000)
WAVE = np.sin(2 * np.pi * np.arange(1000) / 40) + NOISE


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """The page's functions about forecasts."""
    return functions("rnn-by-hand", "split", "typical_error", "forecast", keras=keras, wave=WAVE)


def errors_of(page: dict[str, object], series: np.ndarray, seed: int) -> tuple[dict[str, float], dict[str, object]]:
    """The typical errors of the net and of simpler forecasts, and what else the cells of the bands read."""
    past, tomorrow, test_past, test_tomorrow = page["split"](series)
    keras.utils.set_random_seed(seed)
    forecasts = {
        "the net": page["forecast"](past, tomorrow, test_past),
        "like today": test_past[:, -1, 0],
        "the mean": tomorrow.mean(),
    }
    errors = {name: page["typical_error"](forecast, test_tomorrow) for name, forecast in forecasts.items()}
    values = {"baseline": errors["like today"], "tomorrow": tomorrow, "test_tomorrow": test_tomorrow, "wave": series}
    return errors, page | values


@pytest.mark.parametrize("seed", range(101, 105))
def test_the_net_forecasts_the_wave(page, seed):
    errors, values = errors_of(page, WAVE, seed)
    wrong = {name: values | {"error": errors[name]} for name in ("like today", "the mean")}
    check_band("rnn-by-hand", "band-forecast", inside=[values | {"error": errors["the net"]}], outside=wrong)


@pytest.mark.parametrize("seed", range(101, 105))
def test_the_net_does_not_beat_the_baseline_on_a_random_walk(page, seed):
    errors, values = errors_of(page, np.cumsum(NOISE), seed)
    wrong = {"a net that knows tomorrow a little": values | {"error": 0.9 * errors["like today"]}}
    check_band("rnn-by-hand", "band-walk", inside=[values | {"error": errors["the net"]}], outside=wrong)
