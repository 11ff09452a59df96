"""The page about LSTM and GRU: its paper examples as literals, its bands over other seeds, its recorded curve."""

import nnbook.quiet  # noqa: F401  isort: skip

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnbook import recorded, rnn
from tests.pages import BOOK, check_band, check_starts, functions
from tools.book import run
from tools.records.long_memory import AS_MADE, KINDS, shares_of_success
from tools.records.long_memory import SUCCESS as PROBE_SUCCESS

LN2, LN3, LN9 = np.log(2), np.log(3), np.log(9)
BLOCKS = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}


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
    names = ("open_lstm", "open_gru", "read", "norms_back", "sequences", "learn")
    page = functions("lstm-and-gru", *names, keras=keras)
    cell = BOOK.page("lstm-and-gru").cell("record-makers")
    return run(
        [BOOK.page("lstm-and-gru").assigning("makers"), cell, BOOK.page("lstm-and-gru").assigning("cells")], page
    )


Weights = tuple[np.ndarray, np.ndarray, np.ndarray]


def weights_of_many(rng: np.random.Generator, kind: str, starts: int, m: int, n: int, bias: float) -> Weights:
    """Draw first weights as Keras does, for many cells at once: kernel, recurrent kernel and bias of each.

    Glorot's uniform kernel, a recurrent kernel that is orthogonal as a whole, and `bias` for the gate that keeps.
    """
    width = BLOCKS[kind] * n
    limit = np.sqrt(6 / (m + width))
    kernel = rng.uniform(-limit, limit, size=(starts, m, width))
    q, r = np.linalg.qr(rng.normal(size=(starts, width, n)))
    recurrent = (q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None]).transpose(0, 2, 1)
    start = np.zeros(width)
    if kind != "SimpleRNN":
        start[{"LSTM": slice(n, 2 * n), "GRU": slice(n)}[kind]] = bias
    return kernel, recurrent, np.tile(start, (starts, 1))


def norms_of_many(kind: str, weights: Weights, inputs: np.ndarray) -> np.ndarray:
    """Do what `norms_back` of the page does for many cells at once.

    inputs has shape (steps, cells, m), the result (cells, steps + 1).
    """
    kernel, recurrent, bias = map(tf.constant, weights)
    starts, n = recurrent.shape[:2]
    h = c = tf.zeros((starts, n), tf.float64)
    if kind == "LSTM":
        c = tf.zeros_like(h)  # another tensor, with a gradient of its own
    carried = [c]
    with tf.GradientTape() as tape:
        tape.watch(c)
        for x_t in inputs:
            x, v = tf.einsum("sm,smk->sk", x_t, kernel) + bias, tf.einsum("sn,snk->sk", h, recurrent)
            if kind == "SimpleRNN":
                h = c = tf.tanh(x + v)
            elif kind == "LSTM":
                i, f, g, o = tf.split(x + v, 4, axis=1)
                c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
                h = tf.sigmoid(o) * tf.tanh(c)
            else:
                (xz, xr, xg), (vz, vr, vg) = tf.split(x, 3, axis=1), tf.split(v, 3, axis=1)
                z = tf.sigmoid(xz + vz)
                h = c = z * h + (1 - z) * tf.tanh(xg + tf.sigmoid(xr + vr) * vg)
            carried.append(c)
        loss = tf.reduce_sum(h) / np.sqrt(n)
    return np.stack([np.linalg.norm(slope, axis=1) for slope in tape.gradient(loss, carried)], axis=1)


@pytest.mark.parametrize(("kind", "bias"), [("SimpleRNN", 0.0), ("LSTM", 3.0), ("GRU", 3.0)])
def test_many_cells_at_once_give_what_the_cell_of_the_page_gives(page, kind, bias):
    make = {"SimpleRNN": lambda n, _: keras.layers.SimpleRNN(n), "LSTM": page["open_lstm"], "GRU": page["open_gru"]}
    rng = np.random.default_rng(5)
    weights, inputs = weights_of_many(rng, kind, 3, 4, 5, bias), rng.normal(size=(12, 3, 4))
    many = norms_of_many(kind, weights, inputs)
    for number in range(3):
        cell = make[kind](5, bias).cell
        cell.build((1, 4))
        kernel, recurrent, start = (one[number] for one in weights)
        assert np.allclose(np.ravel(cell.get_weights()[2])[: len(start)], start)  # a GRU has a second bias, of zeros
        assert not np.ravel(cell.get_weights()[2])[len(start) :].any()
        assert np.allclose(cell.recurrent_kernel @ tf.transpose(cell.recurrent_kernel), np.eye(5), atol=1e-5)
        assert np.abs(cell.kernel).max() <= np.sqrt(6 / (4 + BLOCKS[kind] * 5))
        cell.set_weights([kernel, recurrent, cell.get_weights()[2]])
        norms = page["norms_back"](cell, inputs[:, number : number + 1].astype("float32"))
        assert np.allclose(norms, many[number], rtol=1e-3)


CURVES = {  # of each kind in figure 3: kind of cell, bias
    "SimpleRNN": ("SimpleRNN", 0),
    "LSTM, bias 1": ("LSTM", 1),
    "GRU, bias 0": ("GRU", 0),
    "LSTM, bias 3": ("LSTM", 3),
    "GRU, bias 3": ("GRU", 3),
}


def figure_3(seed: int, starts: int) -> list[dict[str, object]]:
    """Return the curves of the page for several starts of the page, each with twelve cells a kind."""
    rng = np.random.default_rng(seed)
    curves = {
        name: norms_of_many(kind, weights_of_many(rng, kind, 12 * starts, 20, 20, bias), noise(rng, 12 * starts))
        for name, (kind, bias) in CURVES.items()
    }
    return [{"curves": {name: curves[name][12 * one : 12 * one + 12] for name in CURVES}} for one in range(starts)]


def noise(rng: np.random.Generator, cells: int) -> np.ndarray:
    return rng.normal(size=(50, cells, 20))


def test_the_bias_of_the_gate_decides_how_far_the_gradient_reaches():
    inside = figure_3(101, 4)
    one = inside[0]["curves"]
    outside = {f"{name} in all": {"curves": dict.fromkeys(one, curve)} for name, curve in one.items()}
    check_band("lstm-and-gru", "band-open-gate", inside=inside, outside=outside)


@pytest.mark.slow
def test_the_bias_of_the_gate_decides_for_many_starts():
    check_starts("lstm-and-gru", "band-open-gate", figure_3(201, 200))


def explosions(seed: int, scale: float, starts: int, bias: float = 3) -> list[dict[str, object]]:
    """Return the sizes of the gradient in LSTMs that read zeros, with V scaled."""
    kernel, recurrent, start = weights_of_many(np.random.default_rng(seed), "LSTM", starts, 20, 20, bias)
    many = norms_of_many("LSTM", (kernel, scale * recurrent, start), np.zeros((50, starts, 20)))
    return [{"norms": norms} for norms in many]


def test_an_lstm_can_explode():
    outside = {f"V as it is, {number}": one for number, one in enumerate(explosions(102, 1, 4), start=1)}
    check_band("lstm-and-gru", "band-explosion", inside=explosions(101, 3, 4), outside=outside)


@pytest.mark.slow
def test_an_lstm_explodes_from_many_starts():
    check_starts("lstm-and-gru", "band-explosion", explosions(201, 3, 200))


def reaches(seed: int, starts: int) -> list[dict[str, object]]:
    """Return what reaches the first of 60 tokens, for several starts of the page: of each kind the median of five."""
    rng = np.random.default_rng(seed)
    tokens = rng.integers(2, 6, size=(60, starts))
    tokens[0] = rng.integers(0, 2, size=starts)
    inputs = np.repeat(np.eye(6)[tokens], 5, axis=1)
    middles = {}
    for name in KINDS:
        kind = name[: name.find(",")] if "," in name else name
        bias = np.log(60) if "ln T" in name else 3 if "bias 3" in name else float(kind == "LSTM")
        weights = weights_of_many(rng, kind, 5 * starts, 6, 35 if "35" in name else 16, bias)
        middles[name] = np.median(norms_of_many(kind, weights, inputs)[:, 0].reshape(starts, 5), axis=1)
    return [{"reach": {name: middles[name][one] for name in KINDS}} for one in range(starts)]


def test_how_much_of_the_gradient_reaches_the_first_of_60_tokens():
    inside = reaches(101, 4)
    one = inside[0]["reach"]
    outside = {f"{kind} in all": {"reach": dict.fromkeys(one, size)} for kind, size in one.items()}
    check_band("lstm-and-gru", "band-reach", inside=inside, outside=outside)


@pytest.mark.slow
def test_how_much_reaches_the_first_token_from_many_starts():
    check_starts("lstm-and-gru", "band-reach", reaches(201, 200))


def block(kind: str, seed: int) -> np.ndarray:
    """Return the singular values of the first block of V, at the start of a layer."""
    _, V, _ = weights_of_many(np.random.default_rng(seed), kind, 1, 6, 16, 0)
    return np.linalg.svd(V[0, :, :16], compute_uv=False)


def blocks(seed: int, **wrong: np.ndarray) -> dict[str, object]:
    """Return what the page says of one block of each kind of layer, with wrong ones where they are given."""
    return {"blocks": {kind: block(kind, seed) for kind in AS_MADE} | wrong}


def test_each_block_of_a_gated_layer_shrinks():
    outside = {
        "a block of the LSTM orthogonal for itself": blocks(7, LSTM=block("SimpleRNN", 7)),
        "a block of the GRU orthogonal for itself": blocks(7, GRU=block("SimpleRNN", 7)),
        "blocks of twice the size": blocks(8, LSTM=2 * block("LSTM", 8), GRU=2 * block("GRU", 8)),
        "a plain net that starts as an LSTM does": blocks(9, SimpleRNN=block("LSTM", 9)),
    }
    check_band("lstm-and-gru", "band-orthogonal", inside=[blocks(seed) for seed in range(101, 105)], outside=outside)


@pytest.mark.slow
def test_each_block_of_a_gated_layer_shrinks_from_many_starts():
    check_starts("lstm-and-gru", "band-orthogonal", [blocks(seed) for seed in range(201, 401)])


def recorded_accuracies(length: int) -> list[dict[str, float]]:
    """What each kind of layer that is made as Keras makes it reached at a length, for each of the recorded seeds."""
    runs = [run for run in recorded.read("long-memory")["runs"] if run["length"] == length and run["kind"] in AS_MADE]
    return [{run["kind"]: run["test_accuracy"][seed] for run in runs} for seed in range(len(runs[0]["test_accuracy"]))]


def test_all_learn_20_tokens_with_each_recorded_seed():
    assert 21 not in recorded.read("long-memory")["runs"][0]["seeds"]  # the seed of the page
    inside, long = ([{"accuracies": one} for one in recorded_accuracies(length)] for length in (20, 120))
    outside = {f"120 tokens, run {number}": one for number, one in enumerate(long, start=1)}
    check_band("lstm-and-gru", "band-short-memory", inside=inside, outside=outside)


@pytest.mark.slow
def test_all_learn_20_tokens_from_many_starts(page):
    check_starts("lstm-and-gru", "band-short-memory", [{"accuracies": live(page, seed)} for seed in range(101, 111)])


def live(page: dict, seed: int) -> dict[str, float]:
    """Return what the page trains live, from another seed."""
    found = {}
    for kind in (*AS_MADE, "GRU, update bias 3"):
        keras.utils.set_random_seed(seed)
        rng = np.random.default_rng(seed)
        found[kind] = page["learn"](page["makers"][kind](20), 20, recorded_rate(kind, 20), rng)[0]
    return found


def recorded_rate(kind: str, length: int) -> float:
    """Return the rate that won the tuning."""
    runs = recorded.read("long-memory")["runs"]
    return next(run["rate"] for run in runs if (run["kind"], run["length"]) == (kind, length))


def test_the_recorded_curve_is_that_of_its_runs():
    record = recorded.read("long-memory")
    assert record["share_of_success"] == shares_of_success(record["runs"])["share_of_success"]
    assert all(
        len(run["test_accuracy"]) == len(run["rounds"]) == 8 and len(run["tuning"]) >= 3 for run in record["runs"]
    )
    assert not set(record["runs"][0]["seeds"]) & {*range(101, 111), 21}
    assert list(record["share_of_success"]) == list(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102, 103])
@pytest.mark.parametrize(
    ("kind", "length"),
    [
        ("GRU", 60),  # with a rate beyond the old grid
        ("LSTM, forget bias 3", 60),
        ("GRU, update bias 3", 60),
        ("GRU, update bias 3", 120),
        ("GRU, update bias ln T", 120),
    ],
)
def test_what_each_remembers_holds_for_other_seeds(page, kind, length, seed):
    assert accuracy_of(page, kind, length, seed) > PROBE_SUCCESS


@pytest.mark.slow
def test_of_ten_other_lstms_of_keras_less_than_half_remember_60_tokens(page):
    accuracies = [accuracy_of(page, "LSTM", 60, seed) for seed in range(101, 111)]
    print("LSTM, 60 tokens:", *(f"{one:.2f}" for one in accuracies))
    assert sum(one > PROBE_SUCCESS for one in accuracies) < 5


def accuracy_of(page, kind, length, seed):
    """Train one net with the rate that was chosen, from a seed that the record does not use."""
    keras.utils.set_random_seed(seed)
    layer = page["makers"][kind](length)
    return page["learn"](layer, length, recorded_rate(kind, length), np.random.default_rng(seed))[0]
