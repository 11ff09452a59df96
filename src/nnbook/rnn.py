"""Recurrent nets in NumPy, forwards and backwards: what Keras' SimpleRNN, LSTM and GRU compute.

The letters are those of the book: `U` leads from the input to the state, `V` from state to state, `b` is the
bias. Keras keeps the transposes: `kernel` is `U.T`, `recurrent_kernel` is `V.T` (page "Notation"). Where a mask
is False, a step is skipped: the state stays as it is.
"""

from typing import NamedTuple

import numpy as np

from nnbook.checks import derivatives, floats, numbers

Array = np.ndarray


class Gradients(NamedTuple):
    """The derivatives of a loss, each in the shape of what it belongs to."""

    U: Array
    V: Array
    b: Array
    x: Array


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + exp(-z)), without overflow for large negative numbers.

    >>> sigmoid(np.array([0.0, -1000.0]))
    array([0.5, 0. ])
    """
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))


def simple_rnn(x: Array, U: Array, V: Array, b: Array, mask: Array | None = None, activation: str = "tanh") -> Array:
    """Run a plain recurrent net: h_t = f(U x_t + V h_(t-1) + b), from h_0 = 0.

    Args:
        x: inputs (sequences, steps, m).
        U: (n, m).
        V: (n, n).
        b: (n,).
        mask: (sequences, steps) of bool, False where a step is to be skipped.
        activation: "tanh", or "linear" for f(z) = z.

    Returns:
        The state after every step, (sequences, steps, n).

    Raises:
        ValueError: shapes that do not fit, NaN or infinite inputs, an unknown activation.

    Source: J. L. Elman (1990), doi:10.1207/s15516709cog1402_1.

    >>> half = np.full((2, 2), 0.5)
    >>> simple_rnn(np.array([[[1, 1], [1, 2]]]), half, half, np.zeros(2), activation="linear")
    array([[[1. , 1. ],
            [2.5, 2.5]]])
    """
    x, U, V, b, on = _checked(x, U, V, b, mask, gates=1)
    h, states = np.zeros((len(x), len(V)), x.dtype), []
    for t in range(x.shape[1]):
        z = x[:, t] @ U.T + h @ V.T + b
        h = np.where(on[:, t], _activated(z, activation), h)
        states.append(h)
    return np.stack(states, axis=1)


def simple_rnn_gradients(
    x: Array, U: Array, V: Array, b: Array, dL_dh: Array, mask: Array | None = None, activation: str = "tanh"
) -> Gradients:
    """Go back through the steps of `simple_rnn`, summing what each step adds.

    Args:
        x, U, V, b, mask, activation: as for `simple_rnn`.
        dL_dh: immediate derivatives of the loss with respect to each state (sequences, steps, n): what the loss sees
            of that state directly, not through later states.

    Returns:
        The total derivatives with respect to U, V, b and x.

    Raises:
        ValueError: as `simple_rnn`.

    Source: P. J. Werbos (1990), doi:10.1109/5.58337.
    """
    h = simple_rnn(x, U, V, b, mask, activation)
    dL_dh = derivatives(dL_dh, "dL_dh", h.shape, of="states")
    x, U, V, b, on = _checked(x, U, V, b, mask, gates=1)
    before = _states_before(h)
    dU, dV, db, dx = _no_gradients(U, V, b, x)
    later = np.zeros_like(h[:, 0])
    for t in reversed(range(x.shape[1])):
        total = dL_dh[:, t] + later
        slope = 1 - h[:, t] ** 2 if activation == "tanh" else 1.0
        dz = np.where(on[:, t], total * slope, 0)
        dU += dz.T @ x[:, t]
        dV += dz.T @ before[:, t]
        db += dz.sum(axis=0)
        dx[:, t] = dz @ U
        later = np.where(on[:, t], dz @ V, total)
    return Gradients(dU, dV, db, dx)


def lstm(x: Array, U: Array, V: Array, b: Array, mask: Array | None = None) -> tuple[Array, Array]:
    """Run an LSTM: gates decide what the cell state keeps, takes in and shows.

    Args:
        x: inputs (sequences, steps, m).
        U: (4n, m), the rows in Keras' order: input gate, forget gate, candidate, output gate.
        V: (4n, n), in the same order.
        b: (4n,), in the same order.
        mask: (sequences, steps) of bool, False where a step is to be skipped.

    Returns:
        The states h and the cell states c after every step, each (sequences, steps, n).

    Raises:
        ValueError: shapes that do not fit, NaN or infinite inputs.

    Source: Hochreiter and Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735; the forget gate is Gers,
    Schmidhuber and Cummins (2000), doi:10.1162/089976600300015015.
    """
    x, U, V, b, on = _checked(x, U, V, b, mask, gates=4)
    h = c = np.zeros((len(x), V.shape[1]), x.dtype)
    states, cells = [], []
    for t in range(x.shape[1]):
        i, f, g, o = _lstm_gates(x[:, t], h, U, V, b)
        new_c = f * c + i * g
        h, c = np.where(on[:, t], o * np.tanh(new_c), h), np.where(on[:, t], new_c, c)
        states.append(h)
        cells.append(c)
    return np.stack(states, axis=1), np.stack(cells, axis=1)


def lstm_gradients(x: Array, U: Array, V: Array, b: Array, dL_dh: Array, mask: Array | None = None) -> Gradients:
    """Go back through the steps of `lstm`; arguments and result as for `simple_rnn_gradients`.

    Raises:
        ValueError: as `lstm`.
    """
    h, c = lstm(x, U, V, b, mask)
    dL_dh = derivatives(dL_dh, "dL_dh", h.shape, of="states")
    x, U, V, b, on = _checked(x, U, V, b, mask, gates=4)
    h_before, c_before = _states_before(h), _states_before(c)
    dU, dV, db, dx = _no_gradients(U, V, b, x)
    later_h, later_c = np.zeros_like(h[:, 0]), np.zeros_like(c[:, 0])
    for t in reversed(range(x.shape[1])):
        i, f, g, o = _lstm_gates(x[:, t], h_before[:, t], U, V, b)
        total, shown = dL_dh[:, t] + later_h, np.tanh(c[:, t])
        dc = later_c + total * o * (1 - shown**2)
        slopes = (
            dc * g * i * (1 - i),
            dc * c_before[:, t] * f * (1 - f),
            dc * i * (1 - g**2),
            total * shown * o * (1 - o),
        )
        dz = np.where(on[:, t], np.concatenate(slopes, axis=1), 0)
        dU += dz.T @ x[:, t]
        dV += dz.T @ h_before[:, t]
        db += dz.sum(axis=0)
        dx[:, t] = dz @ U
        later_h, later_c = np.where(on[:, t], dz @ V, total), np.where(on[:, t], dc * f, later_c)
    return Gradients(dU, dV, db, dx)


def gru(x: Array, U: Array, V: Array, b: Array, mask: Array | None = None) -> Array:
    """Run a GRU as Keras does by default (`reset_after=True`: the reset gate acts after the product with V).

    Args:
        x: inputs (sequences, steps, m).
        U: (3n, m), the rows in Keras' order: update gate, reset gate, candidate.
        V: (3n, n), in the same order.
        b: (2, 3n): a bias beside U, and one beside V.
        mask: (sequences, steps) of bool, False where a step is to be skipped.

    Returns:
        The state after every step, (sequences, steps, n).

    Raises:
        ValueError: shapes that do not fit, NaN or infinite inputs.

    Source: Cho and others (2014), doi:10.3115/v1/D14-1179.
    """
    x, U, V, b, on = _checked(x, U, V, b, mask, gates=3, biases=2)
    h, states = np.zeros((len(x), V.shape[1]), x.dtype), []
    for t in range(x.shape[1]):
        z, _, g, _ = _gru_gates(x[:, t], h, U, V, b)
        h = np.where(on[:, t], z * h + (1 - z) * g, h)
        states.append(h)
    return np.stack(states, axis=1)


def gru_gradients(x: Array, U: Array, V: Array, b: Array, dL_dh: Array, mask: Array | None = None) -> Gradients:
    """Go back through the steps of `gru`; arguments and result as for `simple_rnn_gradients`.

    Raises:
        ValueError: as `gru`.
    """
    h = gru(x, U, V, b, mask)
    dL_dh = derivatives(dL_dh, "dL_dh", h.shape, of="states")
    x, U, V, b, on = _checked(x, U, V, b, mask, gates=3, biases=2)
    before = _states_before(h)
    dU, dV, db, dx = _no_gradients(U, V, b, x)
    later = np.zeros_like(h[:, 0])
    for t in reversed(range(x.shape[1])):
        z, r, g, from_state = _gru_gates(x[:, t], before[:, t], U, V, b)
        total = dL_dh[:, t] + later
        through = np.where(on[:, t], total, 0)
        dz = through * (before[:, t] - g) * z * (1 - z)
        dg = through * (1 - z) * (1 - g**2)
        dr = dg * from_state * r * (1 - r)
        beside_U, beside_V = np.concatenate((dz, dr, dg), axis=1), np.concatenate((dz, dr, dg * r), axis=1)
        dU += beside_U.T @ x[:, t]
        dV += beside_V.T @ before[:, t]
        db += np.stack((beside_U.sum(axis=0), beside_V.sum(axis=0)))
        dx[:, t] = beside_U @ U
        later = np.where(on[:, t], beside_V @ V + through * z, total)
    return Gradients(dU, dV, db, dx)


def _lstm_gates(x_t: Array, h: Array, U: Array, V: Array, b: Array) -> tuple[Array, Array, Array, Array]:
    """Return input gate, forget gate, candidate and output gate of one step, each (sequences, n)."""
    i, f, g, o = np.split(x_t @ U.T + h @ V.T + b, 4, axis=1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


def _gru_gates(x_t: Array, h: Array, U: Array, V: Array, b: Array) -> tuple[Array, Array, Array, Array]:
    """Return update gate, reset gate, candidate, and what the candidate is offered of the state."""
    from_x, from_h = np.split(x_t @ U.T + b[0], 3, axis=1), np.split(h @ V.T + b[1], 3, axis=1)
    z, r = sigmoid(from_x[0] + from_h[0]), sigmoid(from_x[1] + from_h[1])
    return z, r, np.tanh(from_x[2] + r * from_h[2]), from_h[2]


def _activated(z: Array, activation: str) -> Array:
    if activation not in ("tanh", "linear"):
        raise ValueError(f'activation must be "tanh" or "linear", but got {activation!r}.')
    return np.tanh(z) if activation == "tanh" else z


def _states_before(states: Array) -> Array:
    """Shift states (sequences, steps, n) by one step: 0 comes before the first."""
    return np.concatenate((np.zeros_like(states[:, :1]), states[:, :-1]), axis=1)


def _no_gradients(*parameters: Array) -> tuple[Array, ...]:
    """Return zeros to add gradients to, in the shape of each parameter."""
    return tuple(np.zeros_like(parameter) for parameter in parameters)


def _checked(
    x: Array, U: Array, V: Array, b: Array, mask: Array | None, gates: int, biases: int | None = None
) -> tuple[Array, Array, Array, Array, Array]:
    """Return all as floats of one kind, and the mask with an axis for the nodes, or say which shape does not fit."""
    x, U, V, b = floats(x, "x"), numbers(U, "U"), numbers(V, "V"), numbers(b, "b")
    if x.ndim != 3 or 0 in x.shape:
        raise ValueError(f"x must have shape (sequences, steps, inputs), none of them 0, but has shape {x.shape}.")
    n = V.shape[-1] if V.ndim == 2 else 0
    rows = gates * n
    if n == 0 or V.shape != (rows, n):
        raise ValueError(f"V must have shape ({'n' if gates == 1 else f'{gates}n'}, n), but has shape {V.shape}.")
    if U.shape != (rows, x.shape[2]):
        raise ValueError(
            f"U must have shape {(rows, x.shape[2])} to fit V and x, but has shape {U.shape}; "
            "Keras' kernel is its transpose."
        )
    expected = (rows,) if biases is None else (biases, rows)
    if b.shape != expected:
        raise ValueError(f"b must have shape {expected}, but has shape {b.shape}.")
    on = np.ones(x.shape[:2], bool) if mask is None else np.asarray(mask)
    if on.shape != x.shape[:2] or on.dtype != bool:
        raise ValueError(f"mask must be bool of shape {x.shape[:2]}, but is {on.dtype} of shape {on.shape}.")
    kind = np.result_type(x, U, V, b)
    return x.astype(kind), U.astype(kind), V.astype(kind), b.astype(kind), on[:, :, np.newaxis]
