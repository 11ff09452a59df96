"""Every exact fact of the author's notes, as literals."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
import numpy as np
import pytest

from nnbook.recipes import notes_cnn

ENCODED = [[16, 1], [46, 17], [5, 10], [35, 17], [27], [2], [4, 10], [40, 46], [4, 17], [26, 41, 1, 6]]
PADDED = [
    [16, 1, 0, 0],
    [46, 17, 0, 0],
    [5, 10, 0, 0],
    [35, 17, 0, 0],
    [27, 0, 0, 0],
    [2, 0, 0, 0],
    [4, 10, 0, 0],
    [40, 46, 0, 0],
    [4, 17, 0, 0],
    [26, 41, 1, 6],
]


def test_worked_example_of_the_recurrent_net():
    half = np.full((2, 2), 0.5)
    h_1 = half @ [1, 1] + half @ [0, 0]
    h_2 = half @ [1, 2] + half @ h_1
    assert h_1.tolist() == [1, 1] and (half @ h_1).tolist() == [1, 1]
    assert h_2.tolist() == [2.5, 2.5] and (half @ h_2).tolist() == [2.5, 2.5]


def test_worked_example_in_keras():
    rnn = keras.layers.SimpleRNN(2, activation=None, use_bias=False, return_sequences=True)
    x = np.array([[[1, 1], [1, 2]]], "float32")
    rnn(x)
    rnn.set_weights([np.full((2, 2), 0.5)] * 2)
    assert np.allclose(rnn(x), [[[1, 1], [2.5, 2.5]]], rtol=0, atol=1e-6)


def test_padded_documents():
    padded = keras.utils.pad_sequences(ENCODED, maxlen=4, padding="post")
    assert padded.shape == (10, 4)
    assert padded.tolist() == PADDED


def test_embedding_of_a_batch():
    assert keras.layers.Embedding(200, 32)(np.zeros((7, 50), int)).shape == (7, 50, 32)


def test_embedding_classifier():
    layers = [keras.layers.Embedding(50, 8), keras.layers.Flatten(), keras.layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([keras.Input((4,)), *layers])
    assert [layer.count_params() for layer in model.layers] == [400, 0, 33]
    assert [layer.output.shape for layer in model.layers] == [(None, 4, 8), (None, 32), (None, 1)]
    assert model.count_params() == 433


@pytest.mark.parametrize(
    ("index", "shape", "parameters"),
    [
        (0, (None, 30, 30, 32), 896),
        (1, (None, 15, 15, 32), 0),
        (2, (None, 13, 13, 64), 18_496),
        (3, (None, 6, 6, 64), 0),
        (4, (None, 4, 4, 64), 36_928),
        (5, (None, 1024), 0),
        (6, (None, 64), 65_600),
        (7, (None, 10), 650),
    ],
)
def test_layers_of_the_cnn(index, shape, parameters):
    layer = notes_cnn().layers[index]
    assert layer.output.shape == shape
    assert layer.count_params() == parameters


def test_base_and_whole_of_the_cnn():
    model = notes_cnn()
    assert sum(layer.count_params() for layer in model.layers[:5]) == 56_320
    assert model.count_params() == 122_570
