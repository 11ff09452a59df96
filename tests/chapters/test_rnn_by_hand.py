"""The page that computes a recurrent net by hand: the notes' example as literals, its bands over other seeds."""

import nnbook.quiet  # noqa: F401  isort: skip
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.pages import BOOK, check_band, check_starts, functions, run_until
from tools.book import run

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


# By a calculator, with b = (0.5, -0.5): tanh 1.5, tanh 0.5, then tanh 2.6835 and tanh 1.6835.
BENT = [[0.905, 0.462], [0.991, 0.933]]


def test_a_step_with_tanh_and_a_bias():
    bent = run_until("rnn-by-hand", "bent")
    assert np.array_equal(bent["h_bent"], BENT)
    assert np.allclose(bent["h"][1:], BENT, rtol=0, atol=5e-4)
    assert np.allclose(bent["bent"](bent["batch"]), [BENT], rtol=0, atol=5e-4)


NOISE = np.random.default_rng(7).normal(0, 0.3, 1000)
SERIES = {"wave": np.sin(2 * np.pi * np.arange(1000) / 40) + NOISE, "walk": np.cumsum(NOISE)}
NETS, STEPS, BATCH, EPOCHS, RATE = 5, 20, 64, 30, 0.005


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """The page's functions about forecasts, with what their cells compute of the wave."""
    names = ("split", "rmse", "rows", "five_nets", "forecast")
    return functions("rnn-by-hand", *names, keras=keras, wave=SERIES["wave"])


def test_a_curved_activation_tells_the_orders_apart(example, capsys):
    cell = next(cell.source for cell in BOOK.page("rnn-by-hand").code if "V @ np.tanh(U @ x[0])" in cell.source)
    run([cell], example)
    # By a calculator: tanh(1.5 + tanh 1) = tanh 2.2616, and tanh(1 + tanh 1.5) = tanh 1.9051.
    assert capsys.readouterr().out.split() == ["forwards", "[0.979", "0.979]", "backwards", "[0.957", "0.957]"]


def test_no_window_of_the_training_holds_a_day_of_the_test(page):
    days = np.arange(1000.0)
    past, tomorrow, test_past, test_tomorrow = page["split"](days)
    scaled = (days - days[:700].mean()) / days[:700].std()
    assert past.shape == (680, 20, 1) and test_past.shape == (280, 20, 1)
    assert tomorrow[-1] == scaled[699] and test_past[0, 0, 0] == scaled[700]
    assert test_past[-1, -1, 0] == scaled[998] and test_tomorrow[-1] == scaled[999]


def test_least_squares_finds_what_a_series_without_noise_follows(page):
    past, tomorrow, test_past, test_tomorrow = page["split"](np.sin(2 * np.pi * np.arange(1000) / 37))
    assert page["rmse"](page["least_squares"](past, tomorrow, test_past), test_tomorrow) < 1e-9


def test_five_nets_have_the_parameters_that_the_page_tells(page):
    assert page["five_nets"]().count_params() == NETS * 305  # 16 (1 + 16 + 1) + 16 + 1


def forecasts_of(
    page: Mapping[str, Any], past: np.ndarray, target: np.ndarray, test_past: np.ndarray, seeds: Sequence[int]
) -> np.ndarray:
    """Return the page's `forecast` for many seeds at once, (seeds, nets, windows): all nets as one batched model."""
    variables = [tf.Variable(weights) for weights in _first_weights(page, seeds)]
    optimizer = keras.optimizers.Adam(RATE)
    optimizer.build(variables)
    inputs, targets = tf.constant(past, tf.float32), tf.constant(target, tf.float32)

    @tf.function(reduce_retracing=True)
    def step(chosen: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            misses = _outputs(variables, tf.gather(inputs, chosen)) - tf.gather(targets, chosen)
            loss = tf.reduce_sum(tf.reduce_mean(misses**2, axis=1)) / NETS  # as Keras: the mean over five nets
        optimizer.apply(tape.gradient(loss, variables), variables)

    orders = [np.random.default_rng(seed) for seed in seeds]
    for _ in range(EPOCHS):
        order = np.repeat([one.permutation(len(past)) for one in orders], NETS, axis=0)
        for first in range(0, len(past), BATCH):
            step(tf.constant(order[:, first : first + BATCH]))
    shown = tf.constant(test_past, tf.float32)[tf.newaxis]
    return _outputs(variables, shown).numpy().reshape(len(seeds), NETS, -1)


def _first_weights(page: Mapping[str, Any], seeds: Sequence[int]) -> list[np.ndarray]:
    """Return kernel, recurrent kernel, bias, and kernel and bias of the last layer, each stacked over all nets."""
    nets = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        layers = page["five_nets"]().layers
        states = [layer.get_weights() for layer in layers if isinstance(layer, keras.layers.SimpleRNN)]
        lasts = [layer.get_weights() for layer in layers if isinstance(layer, keras.layers.Dense)]
        nets += [state + last for state, last in zip(states, lasts, strict=True)]
    return [np.stack(one) for one in zip(*nets, strict=True)]


def _outputs(weights: Sequence[tf.Variable], past: tf.Tensor) -> tf.Tensor:
    """Return the forecast of each net, (nets, windows), for windows of shape (nets or 1, windows, days, 1)."""
    kernel, recurrent_kernel, bias, last, last_bias = weights
    h = tf.zeros((kernel.shape[0], tf.shape(past)[1], kernel.shape[2]))
    for t in range(STEPS):
        h = tf.tanh(past[:, :, t] @ kernel + h @ recurrent_kernel + bias[:, tf.newaxis])
    return (h @ last)[..., 0] + last_bias


@pytest.mark.slow
def test_nets_trained_many_at_once_are_those_of_the_page(page):
    past, tomorrow, test_past, _ = page["split"](SERIES["wave"])
    past, tomorrow = past[:BATCH], tomorrow[:BATCH]  # one batch an epoch, so its order does not matter
    expected = page["forecast"](past, tomorrow, test_past, seed=3)
    found = forecasts_of(page, past, tomorrow, test_past, seeds=[5, 3])
    assert np.allclose(found[1], expected, rtol=0, atol=1e-4)
    assert not np.allclose(found[0], expected, rtol=0, atol=1e-2)


def of_the_wave(page: Mapping[str, Any], seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Return for each seed what the cells about the wave read."""
    past, tomorrow, test_past, test_tomorrow = page["split"](SERIES["wave"])
    given = {**page, "past": past, "tomorrow": tomorrow, "test_past": test_past, "test_tomorrow": test_tomorrow}
    given |= {
        "today": page["rmse"](test_past[:, -1, 0], test_tomorrow),
        "line": page["rmse"](page["least_squares"](past, tomorrow, test_past), test_tomorrow),
    }
    return [waves_of(given, waves) for waves in forecasts_of(page, past, tomorrow, test_past, seeds)]


def of_other_noise(page: Mapping[str, Any], seed: int, size: float = 0.3) -> dict[str, Any]:
    """Return what the cells about least squares on the wave read, with other noise."""
    noise = np.random.default_rng(seed).normal(0, size, 1000)
    wave = np.sin(2 * np.pi * np.arange(1000) / 40) + noise
    cells = [BOOK.page("rnn-by-hand").assigning(name) for name in ("alone", "factor", "two_days")]
    past, tomorrow, test_past, test_tomorrow = page["split"](wave)
    given = {**page, "past": past, "tomorrow": tomorrow, "test_past": test_past, "test_tomorrow": test_tomorrow}
    given |= {
        "today": page["rmse"](test_past[:, -1, 0], test_tomorrow),
        "line": page["rmse"](page["least_squares"](past, tomorrow, test_past), test_tomorrow),
    }
    return run(cells, {**given, "noise": noise, "wave": wave})


def test_with_noise_two_days_are_too_few_and_least_squares_is_near_the_noise(page):
    starts = [of_other_noise(page, seed) for seed in range(101, 106)]
    given = starts[0]
    outside = {
        "hardly any noise": of_other_noise(page, 101, size=0.001),
        "the rule on a pure wave": given | {"two_days": given["test_tomorrow"]},
        "least squares that knows a tenth of the noise": given | {"line": 0.9 * given["alone"]},
        "a baseline no better than the mean": given | {"today": given["rmse"](0, given["test_tomorrow"])},
    }
    check_band("rnn-by-hand", "band-noise", inside=starts, outside=outside)


def waves_of(given: dict[str, Any], waves: np.ndarray) -> dict[str, Any]:
    """Add the cells that measure forecasts of the wave."""
    measured = given | {"waves": waves, "nets": given["rmse"](waves, given["test_tomorrow"])}
    return run([BOOK.page("rnn-by-hand").assigning("nearer")], measured)


def of_the_walk(page: Mapping[str, Any], seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Return for each seed what the cells about the walk read."""
    past, tomorrow, test_past, test_tomorrow = page["split"](SERIES["walk"])
    last = test_past[:, -1, 0]
    given = {**page, "past": past, "test_tomorrow": test_tomorrow, "last": last}
    given["today"] = page["rmse"](last, test_tomorrow)
    given["straight"] = page["least_squares"](past, tomorrow, test_past)
    levels = forecasts_of(page, past, tomorrow, test_past, seeds)
    changes = last + forecasts_of(page, past, tomorrow - past[:, -1, 0], test_past, seeds)
    return [walks_of(given, level, change) for level, change in zip(levels, changes, strict=True)]


def walks_of(given: dict[str, Any], levels: np.ndarray, changes: np.ndarray) -> dict[str, Any]:
    """Add the cells that measure forecasts of the walk."""
    errors = {"nets": given["rmse"](levels, given["test_tomorrow"])}
    errors["cured"] = given["rmse"](changes, given["test_tomorrow"])
    cells = [BOOK.page("rnn-by-hand").assigning("inside"), BOOK.page("rnn-by-hand").defining("apart")]
    return run(cells, {**given, **errors, "levels": levels})


def test_the_nets_and_least_squares_tie_on_the_wave(page):
    starts = of_the_wave(page, range(104, 107))  # not 103, one of the few in twenty that a band may leave outside
    given = starts[0]
    truth, seen = given["test_tomorrow"], given["test_past"]
    wrong = {
        "like today": np.tile(seen[:, -1, 0], (NETS, 1)),
        "the mean": np.full((NETS, len(truth)), given["tomorrow"].mean()),
        "nets that know a tenth of the noise": 0.9 * given["waves"] + 0.1 * truth,
    }
    outside = {name: waves_of(given, waves) for name, waves in wrong.items()}
    check_band("rnn-by-hand", "band-forecast", inside=starts, outside=outside)


@pytest.fixture(scope="module")
def walks(page) -> list[dict[str, Any]]:
    """Three starts on the walk."""
    return of_the_walk(page, range(101, 104))


def test_the_nets_do_worse_than_the_baseline_on_a_walk(walks):
    today = np.tile(walks[0]["last"], (NETS, 1))
    outside = {"nets that say what today was": walks_of(walks[0], today, today)}
    check_band("rnn-by-hand", "band-walk", inside=walks, outside=outside)


def test_the_nets_miss_more_where_the_walk_has_not_been(walks):
    given = walks[0]
    today, truth = np.tile(given["last"], (NETS, 1)), given["test_tomorrow"]
    noisy = today + np.random.default_rng(0).normal(0, 0.05, today.shape)
    far = np.where(given["inside"], today, today + np.abs(truth - today) + 1)
    wrong = {
        "nets that say what today was": today,
        "nets that miss as much everywhere": noisy,
        "nets that are lost outside": far,
        "nets that fall on outside": np.where(given["inside"], noisy, today - 0.15),
    }
    outside = {name: walks_of(given, levels, levels) for name, levels in wrong.items()}
    check_band("rnn-by-hand", "band-range", inside=walks, outside=outside)


def test_to_forecast_the_change_takes_most_of_the_excess_away(walks):
    given = walks[0]
    today, levels = np.tile(given["last"], (NETS, 1)), given["levels"]
    wrong = {
        "the value once more": levels,
        "a fifth of the way": 0.8 * levels + 0.2 * today,
        "nets that know a tenth of the noise": 0.9 * today + 0.1 * given["test_tomorrow"],
    }
    outside = {name: walks_of(given, levels, changes) for name, changes in wrong.items()}
    check_band("rnn-by-hand", "band-change", inside=walks, outside=outside)


@pytest.mark.slow
def test_what_the_page_says_of_the_noise_holds_for_other_noise(page):
    check_starts("rnn-by-hand", "band-noise", [of_other_noise(page, seed) for seed in range(201, 401)])


@pytest.mark.slow
def test_what_the_page_says_of_the_wave_holds_for_other_starts(page):
    check_starts("rnn-by-hand", "band-forecast", of_the_wave(page, range(201, 231)))


@pytest.mark.slow
def test_what_the_page_says_of_the_walk_holds_for_other_starts(page):
    starts = of_the_walk(page, range(201, 231))
    check_starts("rnn-by-hand", "band-walk", starts)
    check_starts("rnn-by-hand", "band-range", starts)
    check_starts("rnn-by-hand", "band-change", starts)
