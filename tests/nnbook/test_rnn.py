"""Recurrent nets in NumPy: equal to Keras, values and gradients, and to numbers worked out on paper."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnbook import gradients, rnn

CELLS = {
    "simple_rnn": (keras.layers.SimpleRNN, 1, rnn.simple_rnn, rnn.simple_rnn_gradients),
    "lstm": (keras.layers.LSTM, 4, lambda *given: rnn.lstm(*given)[0], rnn.lstm_gradients),
    "gru": (keras.layers.GRU, 3, rnn.gru, rnn.gru_gradients),
}
BOUNDS = {"float32": 1e-5, "float64": 1e-10}


def draw_problem(cell: str, dtype: str, sequences: int, steps: int, m: int, n: int, seed: int) -> list[np.ndarray]:
    """Inputs, U, V, b, a mask, and the immediate derivatives of a loss by the states."""
    gates = CELLS[cell][1]
    rng = np.random.default_rng(seed)
    bias = (2, 3 * n) if cell == "gru" else (gates * n,)
    shapes = [(sequences, steps, m), (gates * n, m), (gates * n, n), bias, (sequences, steps, n)]
    x, U, V, b, dL_dh = (rng.normal(0, 1 / np.sqrt(n), shape).astype(dtype) for shape in shapes)
    return [x, U, V, b, rng.random((sequences, steps)) < 0.7, dL_dh]


def by_keras(cell: str, x, U, V, b, mask, dL_dh) -> tuple[np.ndarray, list[np.ndarray]]:
    """States, and derivatives by U, V, b and x, of Keras' layer."""
    layer = CELLS[cell][0](V.shape[1], return_sequences=True, dtype=x.dtype.name)
    layer.build(x.shape)
    layer.set_weights([U.T, V.T, b])
    inputs = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        states = layer(inputs, mask=tf.constant(mask))
        loss = tf.reduce_sum(states * dL_dh)
    dU, dV, db, dx = tape.gradient(loss, [*layer.trainable_weights, inputs])
    return states.numpy(), [np.transpose(dU), np.transpose(dV), db.numpy(), dx.numpy()]


@pytest.mark.parametrize("cell", CELLS)
@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    dtype=st.sampled_from(sorted(BOUNDS)),
    sequences=st.integers(1, 4),
    steps=st.integers(1, 20),
    m=st.integers(1, 8),
    n=st.integers(1, 32),
    seed=st.integers(0, 10**6),
)
def test_numpy_equals_keras(cell, dtype, sequences, steps, m, n, seed):
    x, U, V, b, mask, dL_dh = draw_problem(cell, dtype, sequences, steps, m, n, seed)
    _, _, forward, backward = CELLS[cell]
    states, expected = by_keras(cell, x, U, V, b, mask, dL_dh)
    # The slope 1 - h² of a state so near to 1 has under 11 digits left in float64, in Keras as here.
    assume(dtype == "float32" or np.abs(states).max() < 1 - 1e-5)
    ours = forward(x, U, V, b, mask)
    assert ours.dtype == dtype
    assert gradients.relative_error(ours, states) <= BOUNDS[dtype]
    mine = backward(x, U, V, b, dL_dh, mask)
    errors = [gradients.relative_error(one, other) for one, other in zip(mine, expected, strict=True)]
    if dtype == "float32" and max(errors) > BOUNDS[dtype]:
        # Where a sum cancels, Keras in float32 is off Keras in float64: no nearer than that can we be asked to come.
        _, exact = by_keras(cell, *(one.astype("float64") for one in (x, U, V, b)), mask, dL_dh)
        own = [gradients.relative_error(other, truth) for other, truth in zip(expected, exact, strict=True)]
        assert all(error <= max(BOUNDS[dtype], 4 * one) for error, one in zip(errors, own, strict=True)), (errors, own)
    else:
        assert max(errors) <= BOUNDS[dtype]


def test_the_comparison_can_fail():
    x, U, V, b, mask, dL_dh = draw_problem("lstm", "float64", 2, 5, 3, 4, seed=0)
    states, expected = by_keras("lstm", x, U, V, b, mask, dL_dh)
    order = np.r_[4:8, 0:4, 8:16]  # input gate and forget gate exchanged
    assert gradients.relative_error(rnn.lstm(x, U[order], V[order], b[order], mask)[0], states) > 0.01
    unmasked = rnn.lstm_gradients(x, U, V, b, dL_dh)
    assert gradients.relative_error(unmasked.U, expected[0]) > 0.01


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_equal_finite_differences(cell):
    x, U, V, b, mask, dL_dh = draw_problem(cell, "float64", 2, 4, 3, 2, seed=1)
    _, _, forward, backward = CELLS[cell]
    for name, parameter in (("U", U), ("V", V), ("b", b), ("x", x)):
        slopes = gradients.finite_differences(lambda: float((forward(x, U, V, b, mask) * dL_dh).sum()), parameter)
        assert gradients.relative_error(getattr(backward(x, U, V, b, dL_dh, mask), name), slopes) < 1e-7


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 2), (3, 5), (8, 32), (50, 8), (1, 64)])
def test_keras_counts_the_parameters_that_the_formulas_give(m, n):
    for cell, count in (("simple_rnn", n * (m + n + 1)), ("lstm", 4 * n * (m + n + 1)), ("gru", 3 * n * (m + n + 2))):
        layer = CELLS[cell][0](n)
        layer.build((None, None, m))
        assert layer.count_params() == count


def test_a_masked_step_changes_nothing():
    x, U, V, b, _, _ = draw_problem("gru", "float64", 1, 4, 2, 3, seed=2)
    mask = np.array([[True, False, True, False]])
    states = rnn.gru(x, U, V, b, mask)
    assert np.array_equal(states[:, 1], states[:, 0]) and np.array_equal(states[:, 3], states[:, 2])
    assert np.array_equal(states[:, 2], rnn.gru(x[:, [0, 2]], U, V, b)[:, 1])


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_of_float64_weights_are_not_rounded_to_the_kind_of_the_inputs(cell):
    x, U, V, b, mask, dL_dh = draw_problem(cell, "float64", 2, 3, 4, 5, seed=4)
    forward, backward = CELLS[cell][2:]
    coarse = x.astype("float32")
    assert forward(coarse, U, V, b, mask).dtype == np.float64
    same = backward(coarse.astype("float64"), U, V, b, dL_dh, mask)
    assert all(np.array_equal(a, c) for a, c in zip(backward(coarse, U, V, b, dL_dh, mask), same, strict=True))


x, U, V, b, MASK, DL = draw_problem("simple_rnn", "float64", 2, 3, 4, 5, seed=3)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: rnn.simple_rnn(x[0], U, V, b), r"x must have shape \(sequences, steps, inputs\).*\(3, 4\)"),
        (lambda: rnn.simple_rnn(x[:0], U, V, b), "none of them 0"),
        (lambda: rnn.simple_rnn(x * np.nan, U, V, b), "NaN or infinite"),
        (lambda: rnn.simple_rnn(x, U.T, V, b), r"U must have shape \(5, 4\).*Keras' kernel is its transpose"),
        (lambda: rnn.simple_rnn(x, U, V[:, :2], b), r"V must have shape \(n, n\)"),
        (lambda: rnn.lstm(x, U, V, b), r"V must have shape \(4n, n\), but has shape \(5, 5\)"),
        (lambda: rnn.simple_rnn(x, U, V, b[:2]), r"b must have shape \(5,\)"),
        (lambda: rnn.simple_rnn(x, U, V, b, MASK.astype(int)), "mask must be bool"),
        (lambda: rnn.simple_rnn(x, U, V, b, MASK[:1]), r"mask must be bool of shape \(2, 3\)"),
        (lambda: rnn.simple_rnn(x, U, V, b, MASK, "relu"), 'activation must be "tanh" or "linear"'),
        (lambda: rnn.simple_rnn_gradients(x, U, V, b, DL[:, :2]), r"dL_dh must have shape \(2, 3, 5\)"),
        (lambda: rnn.simple_rnn_gradients(x, U, V, b, DL * np.nan), "NaN or infinite values in dL_dh"),
        (lambda: rnn.simple_rnn(x, U * np.nan, V, b), "NaN or infinite values in U"),
        (lambda: rnn.simple_rnn(x, U, V, b + np.inf), "NaN or infinite values in b"),
        (lambda: rnn.simple_rnn(x.astype(str), U, V, b), "x must hold numbers"),
        (lambda: rnn.simple_rnn(x > 0, U, V, b), "x must hold numbers, but is bool"),
        (lambda: rnn.simple_rnn(x, U, V > 0, b), "V must hold numbers, but is bool"),
        (lambda: rnn.lstm_gradients(x, *[np.ones(s) for s in ((20, 4), (20, 5), 20)], DL + np.nan), "in dL_dh"),
        (lambda: gradients.finite_differences(lambda: 0.0, np.zeros(2, np.float32)), "array of float64"),
        (lambda: gradients.finite_differences(lambda: 0.0, 3.0), "array of float64, but is float"),
        (lambda: gradients.finite_differences(lambda: 0.0, np.zeros(2), step=0), "step must be above 0"),
        (lambda: gradients.relative_error(np.zeros(2), np.zeros(3)), "same shape"),
        (lambda: gradients.relative_error(np.zeros(0), np.zeros(0)), "not be empty"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_finite_differences_puts_the_parameter_back():
    weight = np.array([[1.5, -2.0]])
    kept = weight.copy()
    gradients.finite_differences(lambda: float((weight**3).sum()), weight)
    assert np.array_equal(weight, kept)
