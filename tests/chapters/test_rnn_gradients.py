"""The paper examples of the page about gradients, as literals, and its museum of bugs."""

from typing import Any

import numpy as np
import pytest

from nnbook import gradients, rnn
from tests.pages import BOOK, check_band, check_starts, functions
from tools.book import run

LN2, LN3 = np.log(2), np.log(3)
U, V = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[0.5, 1.0], [0.0, -0.5]])
W, B = np.array([[1.0, 2.0]]), np.array([0.1, -0.2])
X = np.array([[[LN2 - 0.1, LN3 - LN2 + 0.3], [-1.2, LN2 + 1.8], [LN3 - 0.7, 1.2 - LN2 - LN3]]])
Y = np.array([[2.0], [1.0], [0.0]])
# By hand: tanh(ln 2) = 3/5, tanh(ln 3) = 4/5; the page shows each step.
STATES = np.array([[[0.6, 0.8], [0.0, 0.6], [0.8, -0.6]]])
OUTPUTS = np.array([[2.2], [1.2], [-0.4]])
DZ = np.array([[0.16896, 0.1310976], [0.128, 0.32768], [-0.144, -0.512]])
DV = np.array([[0.0768, 0.016], [0.196608, -0.045056]])
DB = np.array([0.15296, -0.0532224])
DU_FIRST = 0.16896 * LN2 - 0.144 * LN3 - 0.069696  # 0.16896 (ln 2 - 0.1) - 0.128 · 1.2 - 0.144 (ln 3 - 0.7)
DW = np.array([[-0.2, 0.52]])


def test_the_notes_example_backwards():
    half = np.full((2, 2), 0.5)
    x = np.array([[[1.0, 1.0], [1.0, 2.0]]])
    immediate = np.array([[[0.0, 0.0], [0.5, 0.5]]])
    found = rnn.simple_rnn_gradients(x, half, half, np.zeros(2), immediate, activation="linear")
    assert np.array_equal(found.U, [[1, 1.5], [1, 1.5]])
    assert np.array_equal(found.V, [[0.5, 0.5], [0.5, 0.5]])
    assert np.array_equal(found.b, [1, 1])


def test_the_example_without_symmetry():
    states = rnn.simple_rnn(X, U, V, B)
    assert np.allclose(states, STATES, rtol=0, atol=1e-14)
    assert np.allclose(states[0] @ W.T, OUTPUTS, rtol=0, atol=1e-14)
    found = rnn.simple_rnn_gradients(X, U, V, B, ((OUTPUTS - Y) @ W)[np.newaxis])
    assert np.allclose(found.V, DV, rtol=0, atol=1e-14)
    assert np.allclose(found.b, DB, rtol=0, atol=1e-14)
    assert np.allclose(found.U, DZ.T @ X[0], rtol=0, atol=1e-14)
    assert np.isclose(found.U[0, 0], DU_FIRST, rtol=0, atol=1e-14)
    assert np.allclose((OUTPUTS - Y).T @ STATES[0], DW, rtol=0, atol=1e-14)


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """The functions and weights of the page, without training and TensorFlow."""
    page = BOOK.page("rnn-gradients")
    wanted = [page.assigning(name) for name in ("dU_paper", "U", "ln2", "y", "L_paper")]
    wanted += [page.defining("forward"), page.defining("loss"), page.assigning("weights")]
    return run([*wanted, page.defining("backward"), page.defining("backward_with")])


def errors_of(page: dict[str, object], bug: str) -> dict[str, float]:
    wrong = page["backward_with"](bug, U, V, W, B)
    return {name: gradients.relative_error(wrong[name], page["tried"][name]) for name in page["tried"]}


def test_right_code_passes_the_gradient_check(page):
    assert max(errors_of(page, "(no bug)").values()) < 1e-6


@pytest.mark.parametrize(
    ("bug", "spoiled"),
    [
        ("no transpose", {"U", "V", "b"}),
        ("h[t] for h[t-1]", {"V"}),
        ("no sum over t", {"U"}),
        ("slope of h, not z", {"U", "V", "b"}),
    ],
)
def test_the_check_finds_each_bug_and_says_where(page, bug, spoiled):
    errors = errors_of(page, bug)
    assert bug in page["bugs"]
    assert {name for name, error in errors.items() if error > 1e-2} == spoiled
    assert max((error for name, error in errors.items() if name not in spoiled), default=0) < 1e-6


def test_a_bias_added_twice_passes_the_check_and_differs():
    twice = rnn.simple_rnn(X, U, V, 2 * B)
    slope = 2 * rnn.simple_rnn_gradients(X, U, V, 2 * B, twice).b
    b = B.copy()
    tried = gradients.finite_differences(lambda: float(0.5 * (rnn.simple_rnn(X, U, V, 2 * b) ** 2).sum()), b)
    assert gradients.relative_error(slope, tried) < 1e-6
    assert gradients.relative_error(twice, STATES) > 1e-2


def test_the_bugs_point_downhill_all_along_and_train(page):
    page = run([BOOK.page("rnn-gradients").defining(name) for name in ("cosine", "train_with")], page)
    for bug in page["bugs"]:
        losses, cosines = page["train_with"](bug)
        assert losses[-1] < 1e-6 * page["L_paper"] and min(cosines) > 0.2
    right = {name: np.array([1.0]) for name in "UVWb"}
    ours = {"U": np.array([-2.0]), "V": np.array([0.0]), "W": np.array([0.0]), "b": np.array([-1.0])}
    assert np.isclose(page["cosine"](ours, right, "UVWb"), -3 / np.sqrt(5 * 4))
    assert np.isclose(page["cosine"](ours, right, "UV"), -2 / np.sqrt(4 * 2))


def test_with_W_frozen_the_wrong_gradient_needs_shorter_steps(page):
    page = run([BOOK.page("rnn-gradients").defining(name) for name in ("cosine", "train_with")], page)
    start, W_before = page["L_paper"], page["weights"]["W"].copy()
    highest = {
        (bug, rate): max(page["train_with"](bug, "UVb", rate)[0])
        for bug in ("(no bug)", "h[t] for h[t-1]")
        for rate in (0.05, 0.005)
    }
    assert highest.pop(("h[t] for h[t-1]", 0.05)) > 20 * start
    assert max(highest.values()) < start
    patient, behind = (page["train_with"](bug, "UVb", 0.005)[0] for bug in ("(no bug)", "h[t] for h[t-1]"))
    assert behind[0] < start and np.all(np.diff(behind) < 0)
    assert 0.01 * start < patient[-1] < behind[-1] / 2
    assert np.array_equal(page["weights"]["W"], W_before)


def sizes_from(seed: int) -> dict[str, Any]:
    """What the page computes of gradients that go back through fifty steps, from another seed."""
    rng = np.random.default_rng(seed)
    values = {"rng": rng, "rnn": rnn, "rotation": np.linalg.qr(rng.normal(size=(20, 20)))[0]}
    page = functions("rnn-gradients", "norms_back", "tanh_slopes", **values)
    return run([BOOK.page("rnn-gradients").assigning("linear")], page)


@pytest.mark.parametrize("seed", range(101, 105))
def test_tanh_makes_vanish_what_explodes_without_and_a_large_V_explodes_all_the_same(seed):
    sizes = sizes_from(seed)
    linear, saturated = sizes["linear"], sizes["saturated"]
    outside = {
        "no tanh on either side": {"linear": linear, "saturated": linear | {3.0: saturated[3.0]}},
        "tanh on both sides": {"linear": saturated, "saturated": saturated},
        "tanh lets nothing explode": {"linear": linear, "saturated": saturated | {3.0: saturated[1.1]}},
    }
    check_band("rnn-gradients", "band-saturation", inside=[sizes], outside=outside)


@pytest.mark.slow
def test_vanishing_and_exploding_hold_for_other_starts():
    check_starts("rnn-gradients", "band-saturation", [sizes_from(seed) for seed in range(201, 401)])
