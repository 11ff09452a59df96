"""The dictionary from Keras to PyTorch: its rows as code, and all that can be shown of them without PyTorch.

The rows stand in the page alone; test_notation_in_pytorch.py runs both of their sides where PyTorch can be imported.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
from keras import layers, losses, optimizers

from tests.pages import BOOK
from tools.grammar import prose

PAGE = BOOK.page("notation")
CHECKED_WITH = re.compile(r"^\*Checked with PyTorch (\d+\.\d+) and Keras (\d+\.\d+)\.\*$", flags=re.M)
KERAS = {"layers": layers, "losses": losses, "optimizers": optimizers}
LAYERS, LOSSES, OPTIMISERS, MEANINGS = "Layers", "Losses", "Optimisers", "Same word, another meaning"


class Row(NamedTuple):
    """A row of a table: its first column, and of each other column the words and the pieces of code."""

    name: str
    words: list[str]
    code: list[list[str]]


def rows(heading: str) -> list[Row]:
    """Return the rows of the table under a heading, `as above` replaced by what it stands for."""
    found: list[Row] = []
    under, inside = "", False
    tokens = prose.blocks(PAGE.text)
    for before, token in itertools.pairwise(tokens):
        under = token.content if before.type == "heading_open" else under
        inside = token.type == "tbody_open" or (inside and token.type != "tbody_close")
        if inside and under == heading and token.type == "tr_open":
            found.append(Row("", [], []))
        elif inside and under == heading and before.type == "td_open":
            words = "".join(leaf.content for leaf in token.children or ())
            code = [leaf.content for leaf in token.children or () if leaf.type == "code_inline"]
            if not found[-1].name:
                found[-1] = Row(words, [], [])
                continue
            found[-1].words.append(words)
            found[-1].code.append(found[-2].code[len(found[-1].code)] if words == "as above" else code)
    return found


def row(heading: str, name: str) -> Row:
    (found,) = [one for one in rows(heading) if one.name == name]
    return found


def swap_of_the_page() -> Any:
    """Return the function that the page shows."""
    names: dict[str, Any] = {"np": np}
    (shown,) = [token.content for token in prose.blocks(PAGE.text) if token.type == "fence"]
    exec(shown, names)
    return names["swap"]


def some_input(layer: keras.Layer, seed: int = 0) -> np.ndarray:
    """Return a batch of what a layer reads, in Keras' order of axes: words, steps, pictures or rows."""
    rng = np.random.default_rng(seed)
    if isinstance(layer, layers.Embedding):
        return rng.integers(0, 50, (2, 6))
    if isinstance(layer, layers.RNN | layers.Bidirectional):
        return rng.normal(size=(2, 6, 3)).astype("float32")
    if isinstance(layer, layers.Dense):
        return rng.normal(size=(2, 3)).astype("float32")
    return rng.normal(size=(2, 8, 8, 3)).astype("float32")


def random_weights(layer: keras.Layer, seed: int = 1) -> dict[str, np.ndarray]:
    """Give a layer weights none of which is 0 or the same as another, and return them by name."""
    rng = np.random.default_rng(seed)
    layer.set_weights([rng.uniform(0.1, 1, weight.shape) for weight in layer.weights])
    return {weight.name: value for weight, value in zip(layer.weights, layer.get_weights(), strict=True)}


def made_of_keras(one: Row, weights: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """Return name and value of each weight of PyTorch, as the row makes them of Keras'."""
    for piece in one.code[2]:
        name, expression = piece.split(" = ")
        yield name, eval(expression, {"swap": swap_of_the_page()}, dict(weights))


def test_the_rows_are_read_as_they_stand():
    assert row(LAYERS, "LSTM").code == [
        ["layers.LSTM(4)"],
        ["nn.LSTM(3, 4, batch_first=True)"],
        [
            "weight_ih_l0 = kernel.T",
            "weight_hh_l0 = recurrent_kernel.T",
            "bias_ih_l0 = bias",
            "bias_hh_l0 = 0 * bias",
        ],
    ]
    assert row(MEANINGS, "ε of Adam".replace("ε", r"\varepsilon")).code == [["1e-07"], ["1e-08"]]
    assert [len(rows(heading)) for heading in (LAYERS, LOSSES, OPTIMISERS, MEANINGS)] == [12, 5, 5, 20]


@pytest.mark.parametrize("one", rows(LAYERS), ids=lambda one: one.name)
def test_a_row_uses_all_weights_that_keras_has(one):
    layer = eval(one.code[0][0], KERAS)
    layer(some_input(layer))
    weights = random_weights(layer)
    assert all(np.isfinite(value).all() for _, value in made_of_keras(one, weights))
    assert {name for piece in one.code[2] for name in re.findall(r"\w+", piece.split(" = ")[1])} >= weights.keys()


def test_swap_exchanges_update_and_reset():
    assert swap_of_the_page()(np.array([1, 2, 3, 4, 5, 6])).tolist() == [3, 4, 1, 2, 5, 6]


def test_what_is_said_of_keras():
    norm = layers.BatchNormalization()
    assert [repr(norm.momentum)] == row(MEANINGS, "momentum of batch norm").code[0]
    assert [repr(norm.epsilon)] == row(MEANINGS, r"\varepsilon of batch norm").code[0]
    assert [repr(optimizers.Adam().epsilon)] == row(MEANINGS, r"\varepsilon of Adam").code[0]
    lstm = layers.LSTM(4)
    lstm(np.zeros((1, 2, 3)))
    U, V, b = lstm.get_weights()
    assert b.tolist() == [0] * 4 + [1] * 4 + [0] * 8  # input, forget, candidate, output
    assert np.allclose(V @ V.T, np.eye(4), atol=1e-5) and np.abs(U).max() <= np.sqrt(6 / (3 + 16))
    dense = layers.Dense(400)
    dense(np.zeros((1, 200)))
    kernel, bias = dense.get_weights()
    assert not bias.any() and 0.99 * np.sqrt(6 / 600) < np.abs(kernel).max() <= np.sqrt(6 / 600)


def test_the_new_mean_of_batch_norm_gets_the_rest_of_the_momentum():
    norm = layers.BatchNormalization(momentum=0.9)
    norm(np.array([[10.0], [20.0]]), training=True)
    assert np.isclose(norm.moving_mean[0], 0.1 * 15) and np.isclose(norm.moving_variance[0], 0.9 + 0.1 * 25)


def test_one_setting_clips_all_gradients_together_the_other_each_for_itself():
    together, each = row(MEANINGS, "clipping by the norm of all gradients").code[0]
    gradients = [np.array([3.0, 4.0]), np.array([0.0, 12.0])]  # norms 5, 12 and together 13
    for setting, expected in (
        (together, np.array([[3, 4], [0, 12]]) / 13),
        (f"{each}=1.0", np.array([[0.6, 0.8], [0, 1]])),
    ):
        variables = [keras.Variable(np.zeros(2)) for _ in gradients]
        optimizer = eval(f"optimizers.SGD(1.0, {setting})", KERAS)
        optimizer.apply([keras.ops.convert_to_tensor(one, "float32") for one in gradients], variables)
        assert np.allclose([keras.ops.convert_to_numpy(one) for one in variables], -expected)


def test_which_keras_the_tables_were_checked_with():
    (versions,) = CHECKED_WITH.findall(PAGE.text)
    assert keras.__version__.startswith(f"{versions[1]}."), "run test_notation_in_pytorch.py, then write the version"
