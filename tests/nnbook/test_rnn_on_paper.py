"""A recurrent net of one node, forwards and backwards on paper."""

import numpy as np
import pytest

from nnbook import rnn

X, U, V, B = np.array([[[1.0], [1.0]]]), np.array([[2.0]]), np.array([[3.0]]), np.array([1.0])


def test_a_linear_net_of_one_node():
    # h₁ = 2·1 + 3·0 + 1 = 3, h₂ = 2·1 + 3·3 + 1 = 12
    assert rnn.simple_rnn(X, U, V, B, activation="linear").ravel().tolist() == [3, 12]
    # L = h₂. Step 2 has the derivative 1, step 1 that times V, 3. By U: 1·1 + 3·1; by V: 1·h₁ + 3·0; by b: 1 + 3.
    slopes = rnn.simple_rnn_gradients(X, U, V, B, np.array([[[0.0], [1.0]]]), activation="linear")
    assert (slopes.U.item(), slopes.V.item(), slopes.b.item()) == (4, 3, 4)
    assert slopes.x.ravel().tolist() == [3 * 2, 1 * 2]


def test_what_the_loss_sees_of_an_early_state_is_added_to_what_comes_back():
    # L = 5 h₁ + h₂: step 1 has 5 + 3.
    slopes = rnn.simple_rnn_gradients(X, U, V, B, np.array([[[5.0], [1.0]]]), activation="linear")
    assert (slopes.U.item(), slopes.V.item(), slopes.b.item()) == (9, 3, 9)
    assert slopes.x.ravel().tolist() == [8 * 2, 2]


def test_a_step_that_is_skipped_hands_back_what_it_got():
    mask = np.array([[True, False]])
    assert rnn.simple_rnn(X, U, V, B, mask, "linear").ravel().tolist() == [3, 3]
    slopes = rnn.simple_rnn_gradients(X, U, V, B, np.array([[[0.0], [1.0]]]), mask, "linear")
    assert (slopes.U.item(), slopes.V.item(), slopes.b.item()) == (1, 0, 1)
    assert slopes.x.ravel().tolist() == [2, 0]


def test_tanh_is_the_default_and_halves_what_comes_back_where_its_square_is_a_half():
    # b alone: tanh(b) = √½ where its slope is 1 − ½.
    bias = np.array([np.arctanh(np.sqrt(0.5))])
    zero = np.zeros((1, 1))
    assert rnn.simple_rnn(X[:, :1], zero, zero, bias).item() == pytest.approx(np.sqrt(0.5))
    assert rnn.simple_rnn_gradients(X[:, :1], zero, zero, bias, np.ones((1, 1, 1))).b.item() == pytest.approx(0.5)
