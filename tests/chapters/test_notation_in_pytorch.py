"""Each row of the dictionary from Keras to PyTorch, both sides run; conftest.py leaves this file out without PyTorch.

A row stands in the page alone: what is run here is the code of the page. CONTRIBUTING.md says how to run it.
"""

import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import torch
from keras import layers
from torch import nn, optim

from tests.chapters.test_notation import (
    CHECKED_WITH,
    KERAS,
    LAYERS,
    LOSSES,
    MEANINGS,
    OPTIMISERS,
    PAGE,
    Row,
    made_of_keras,
    random_weights,
    row,
    rows,
    some_input,
)

TORCH = {"nn": nn, "optim": optim, "torch": torch}


def torch_of(code: str, **names: Any) -> Any:
    return eval(code, TORCH | names)


def to_torch(values: np.ndarray) -> torch.Tensor:
    """Return a batch with the axes that PyTorch expects; those of pictures change places."""
    tensor = torch.tensor(values)
    return tensor.permute(0, 3, 1, 2) if tensor.ndim == 4 else tensor


def to_keras(output: Any) -> np.ndarray:
    """Return what Keras gives by default: of a recurrent layer the last state, pictures with the channels last."""
    tensor = output[0][:, -1] if isinstance(output, tuple) else output
    return (tensor.permute(0, 2, 3, 1) if tensor.ndim == 4 else tensor).detach().numpy()


def pair(one: Row) -> tuple[keras.Layer, nn.Module, np.ndarray]:
    """Return both layers of a row, with the same weights, and what they read."""
    layer, module = eval(one.code[0][0], KERAS), torch_of(one.code[1][0]).eval()
    given = some_input(layer)
    layer(given)
    made = {name: torch.tensor(np.array(value)) for name, value in made_of_keras(one, random_weights(layer))}
    own = module.state_dict()
    assert made.keys() == own.keys() - {"num_batches_tracked"} and all(made[x].shape == own[x].shape for x in made)
    module.load_state_dict(made, strict=False)
    return layer, module, given


def far_apart(a: np.ndarray, b: np.ndarray) -> float:
    return np.abs(a - b).max() / np.abs(b).max() if a.shape == b.shape else np.inf


@pytest.mark.parametrize("one", rows(LAYERS), ids=lambda one: one.name)
def test_both_layers_give_the_same(one):
    layer, module, given = pair(one)
    assert far_apart(to_keras(module(to_torch(given))), np.array(layer(given))) < 1e-5


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("dense", "kernel.T", "kernel[:, ::-1].T"),
        ("LSTM", "bias_hh_l0 = 0 * bias", "bias_hh_l0 = bias"),
        ("GRU", "swap(kernel)", "kernel"),
        ("GRU", "swap(bias[1])", "swap(bias[0])"),
        ("convolution", "(3, 2, 0, 1)", "(3, 2, 1, 0)"),
        ("convolution that halves the size", "(0, 1, 0, 1)", "(1, 0, 1, 0)"),
        ("batch norm", "running_var = moving_variance", "running_var = moving_mean"),
        ("batch norm", "epsilon=1e-5", "epsilon=1e-3"),
        ("plain recurrent, ReLU", 'nonlinearity="relu"', 'nonlinearity="tanh"'),
    ],
)
def test_a_wrong_row_is_noticed(name, right, wrong):
    one = row(LAYERS, name)
    changed = Row(one.name, one.words, [[piece.replace(right, wrong) for piece in column] for column in one.code])
    assert changed != one
    layer, module, given = pair(changed)
    assert far_apart(to_keras(module(to_torch(given))), np.array(layer(given))) > 1e-4


def answers(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what a loss is asked about: right answers for Keras and for PyTorch, and the net's answers."""
    rng = np.random.default_rng(3)
    logits, classes = rng.normal(size=(6, 10)).astype("float32"), rng.integers(0, 10, 6)
    if name.startswith("classes by number"):
        return classes, classes, logits
    if name.startswith("one-hot"):
        return np.eye(10)[classes], classes, logits
    yes = rng.integers(0, 2, (6, 1)).astype("float32")
    given = logits[:, :1]
    return yes, yes, 1 / (1 + np.exp(-given)) if name.endswith("probabilities") else given


@pytest.mark.parametrize("one", rows(LOSSES), ids=lambda one: one.name)
def test_both_losses_give_the_same(one):
    right, right_for_torch, given = answers(one.name)
    ours = eval(one.code[0][0], KERAS)(right, given)
    theirs = torch_of(one.code[1][0])(torch.tensor(given), torch.tensor(right_for_torch))
    assert np.isclose(theirs.item(), float(ours), rtol=1e-5)


def test_what_is_said_under_the_losses():
    loss, classes = nn.CrossEntropyLoss(), torch.arange(10)
    sure = 100 * torch.eye(10)  # all right, without a doubt
    assert loss(sure, classes) < 1e-6 and loss(sure.softmax(dim=1), classes) > 1
    assert classes.dtype == torch.long
    with pytest.raises((RuntimeError, IndexError)):
        loss(sure, classes.to(torch.int32))


def walked(code: str, side: str) -> np.ndarray:
    """Return five weights after each of 20 steps down a bowl that is steeper for one than for the other."""
    start, steepness, path = np.linspace(-1, 2, 5).astype("float32"), np.linspace(0.1, 2, 5).astype("float32"), []
    if side == "Keras":
        weights = keras.Variable(start)
        optimizer = eval(code, KERAS)
        for _ in range(20):
            optimizer.apply([keras.ops.convert_to_tensor(steepness) * weights], [weights])
            path.append(keras.ops.convert_to_numpy(weights))
    else:
        weights = nn.Parameter(torch.tensor(start))
        optimizer = torch_of(code, weights=[weights])
        for _ in range(20):
            optimizer.zero_grad()
            (torch.tensor(steepness) * weights**2 / 2).sum().backward()
            optimizer.step()
            path.append(weights.detach().numpy().copy())
    return np.array(path)


@pytest.mark.parametrize("one", rows(OPTIMISERS), ids=lambda one: one.name)
def test_both_optimisers_take_the_same_way(one):
    assert far_apart(walked(one.code[1][0], "PyTorch"), walked(one.code[0][0], "Keras")) < 1e-5


def test_decay_in_the_gradient_is_another_method():
    theirs = walked("optim.Adam(weights, lr=0.001, weight_decay=0.01, eps=1e-7)", "PyTorch")
    assert far_apart(theirs, walked(row(OPTIMISERS, "the same, written in one class").code[0][0], "Keras")) > 1e-5


# What the last table says, row by row.


def axes_of_pictures(one: Row) -> None:
    sizes = {"batch": 2, "height": 5, "width": 7, "channel": 3}
    ours, theirs = ([sizes[word] for word in words.partition(":")[0].split(", ")] for words in one.words)
    assert ours == [2, 5, 7, 3] and theirs == [2, 3, 5, 7]
    pictures = torch.zeros(2, 5, 7, 3)
    assert torch_of(one.code[1][0], x=pictures).shape == (2, 3, 5, 7)
    assert nn.Conv2d(3, 8, 1)(pictures.permute(0, 3, 1, 2)).shape == (2, 8, 5, 7)
    assert layers.Conv2D(8, 1)(pictures.numpy()).shape == (2, 5, 7, 8)


def axes_of_a_kernel(one: Row) -> None:
    layer = layers.Conv2D(8, (5, 7))
    layer(np.zeros((1, 9, 9, 3)))
    sizes = {"height": 5, "width": 7, "in": 3, "out": 8}
    for words, shape in zip(one.words, (layer.kernel.shape, nn.Conv2d(3, 8, (5, 7)).weight.shape), strict=True):
        assert [sizes[word] for word in words.split(", ")] == list(shape)


def order_in_flatten(one: Row) -> None:
    assert one.words[0] == "row, column, channel" and one.words[1].startswith("channel, row, column, ")
    pictures = np.arange(2 * 3 * 4, dtype="float32").reshape(1, 2, 3, 4)
    assert np.array(layers.Flatten()(pictures))[0].tolist() == list(range(24))  # the channel changes first
    assert nn.Flatten()(to_torch(pictures))[0].tolist() == [4 * place + c for c in range(4) for place in range(6)]


def axes_of_sequences(one: Row) -> None:
    assert one.words[0] == "batch, step, input" and one.words[1].startswith("step, batch, input, ")
    assert layers.LSTM(4, return_sequences=True)(np.zeros((2, 6, 3))).shape == (2, 6, 4)
    _, (last, _) = nn.LSTM(3, 4)(torch.zeros(6, 2, 3))
    assert last.shape == (1, 2, 4)  # two sequences of six steps
    assert (
        one.code[1] == ["batch_first=True"]
        and nn.LSTM(3, 4, batch_first=True)(torch.zeros(2, 6, 3))[1][0].shape[1] == 2
    )


def what_is_returned(one: Row) -> None:
    assert one.code[0] == ["return_sequences=True"] and one.code[1] == ["output, h_n", "output, (h_n, c_n)"]
    layer, module, given = pair(row(LAYERS, "LSTM"))
    output, (h_n, c_n) = module(torch.tensor(given))
    assert torch.equal(output[:, -1], h_n[0]) and h_n.shape == c_n.shape
    assert far_apart(h_n[0].detach().numpy(), np.array(layer(given))) < 1e-5
    output, h_n = nn.GRU(3, 4, batch_first=True)(torch.tensor(given))
    assert torch.equal(output[:, -1], h_n[0])


def biases(one: Row) -> None:
    assert one.words == ["one; the GRU has two", "two, also where one would do"]
    for kind, count in (("SimpleRNN", 1), ("LSTM", 1), ("GRU", 2)):
        layer = getattr(layers, kind)(4)
        layer(np.zeros((1, 2, 3)))
        module = getattr(nn, kind.removeprefix("Simple"))(3, 4)
        assert np.atleast_2d(layer.get_weights()[2]).shape[0] == count
        assert sum(name.startswith("bias") for name in module.state_dict()) == 2


def activations(one: Row) -> None:
    for activation in one.code[1]:
        nn.RNN(3, 4, nonlinearity=activation.strip('"'))
    with pytest.raises(ValueError, match="onlinearity"):
        nn.RNN(3, 4, nonlinearity="sigmoid")
    layers.SimpleRNN(4, activation="sigmoid")(np.zeros((1, 2, 3)))


def both_directions(one: Row) -> None:
    layer = eval(one.code[0][0], KERAS)
    module = nn.LSTM(3, 4, batch_first=True, bidirectional=True)
    given = some_input(layer)
    layer(given)
    layer.set_weights([np.random.default_rng(5).uniform(-1, 1, weight.shape) for weight in layer.weights])
    made: dict[str, torch.Tensor] = {}
    for end, one_way in (("", layer.forward_layer), ("_reverse", layer.backward_layer)):
        weights = {weight.name: np.array(weight) for weight in one_way.weights}
        made |= {name + end: torch.tensor(value) for name, value in made_of_keras(row(LAYERS, "LSTM"), weights)}
    module.load_state_dict(made)
    output, (h_n, _) = module(torch.tensor(given))
    wrong, right = (torch_of(code, output=output, h_n=h_n).detach().numpy() for code in one.code[1])
    assert far_apart(right, np.array(layer(given))) < 1e-5 < 1e-2 < far_apart(wrong, np.array(layer(given)))


def same_with_stride(one: Row) -> None:
    with pytest.raises(ValueError, match="same"):
        torch_of('nn.Conv2d(3, 8, 3, stride=2, padding="same")')
    test_both_layers_give_the_same(row(LAYERS, "convolution that halves the size"))  # the zeros: left 0, right 1, ...


def padded_steps(one: Row) -> None:
    words = np.array([[5, 7, 0, 0], [5, 7, 9, 1]])
    masked, reader = layers.Embedding(50, 3, mask_zero=True), layers.LSTM(4)
    last = np.array(reader(masked(words)))
    assert np.allclose(last[:1], reader(masked(words[:1, :2])))  # steps of word 0 are skipped
    table = nn.Embedding(50, 3, padding_idx=0)
    assert one.code[1][0] == "padding_idx=0" and not table.weight[0].any()
    table(torch.tensor(words)).sum().backward()
    assert not table.weight.grad[0].any() and table.weight.grad[5].all()
    module = nn.LSTM(3, 4, batch_first=True)
    weights = {weight.name: np.array(weight) for weight in reader.weights}
    made = {name: torch.tensor(value) for name, value in made_of_keras(row(LAYERS, "LSTM"), weights)}
    module.load_state_dict(made)
    read = torch.tensor(np.array(masked(words)))
    read[0, 2:] = 0
    assert far_apart(module(read)[1][0][0].detach().numpy(), last) > 1e-2  # read all the same
    pack = getattr(nn.utils.rnn, one.code[1][1])
    packed = pack(read, torch.tensor([2, 4]), batch_first=True, enforce_sorted=False)
    assert far_apart(module(packed)[1][0][0].detach().numpy(), last) < 1e-5


def momentum(one: Row) -> None:
    assert [repr(layers.BatchNormalization().momentum), repr(nn.BatchNorm1d(1).momentum)] == [
        *one.code[0],
        *one.code[1],
    ]
    ours, theirs = layers.BatchNormalization(momentum=0.9), nn.BatchNorm1d(1, momentum=0.1)
    batch = np.array([[10.0], [20.0]], dtype="float32")
    ours(batch, training=True)
    theirs(torch.tensor(batch))
    assert np.isclose(theirs.running_mean.item(), 1.5) and np.isclose(ours.moving_mean[0], 1.5)


def epsilon_of_batch_norm(one: Row) -> None:
    assert [repr(layers.BatchNormalization().epsilon), repr(nn.BatchNorm2d(1).eps)] == [*one.code[0], *one.code[1]]


def variance_of_batch_norm(one: Row) -> None:
    assert one.words == ["divides by N", "divides by N - 1"]
    ours, theirs = layers.BatchNormalization(momentum=0.9), nn.BatchNorm1d(1, momentum=0.1)
    batch = np.array([[10.0], [20.0]], dtype="float32")  # squares of the distances from the mean: 25 and 25
    ours(batch, training=True)
    theirs(torch.tensor(batch))
    assert np.isclose(ours.moving_variance[0], 0.9 + 0.1 * 50 / 2)
    assert np.isclose(theirs.running_var.item(), 0.9 + 0.1 * 50 / 1)


def epsilon_of_adam(one: Row) -> None:
    theirs = optim.Adam([nn.Parameter(torch.zeros(1))]).defaults["eps"]
    assert [repr(keras.optimizers.Adam().epsilon), repr(theirs)] == [*one.code[0], *one.code[1]]


def first_weights_of_a_dense_layer(one: Row) -> None:
    assert one.words[0] == r"Glorot's uniform, up to \sqrt{6 / (m + n)}; bias 0"
    assert one.words[1] == r"uniform up to 1 / \sqrt{m}, the bias too"
    module, layer = nn.Linear(200, 400), layers.Dense(400)
    layer(np.zeros((1, 200)))
    for values in (module.weight, module.bias):
        assert 0.9 / np.sqrt(200) < values.abs().max().item() <= 1 / np.sqrt(200)
    assert not np.any(layer.bias) and np.abs(layer.kernel).max() <= np.sqrt(6 / 600) * (1 + 1e-6)
    assert np.abs(layer.kernel).max() > 0.99 * np.sqrt(6 / 600)


def first_weights_of_a_recurrent_layer(one: Row) -> None:
    assert one.words[0] == "Glorot's uniform for U, orthogonal for V, bias 0; forget bias 1"
    assert one.words[1] == r"all uniform up to 1 / \sqrt{n}"
    for kind, layer in ((nn.RNN, layers.SimpleRNN(50)), (nn.LSTM, layers.LSTM(50)), (nn.GRU, layers.GRU(50))):
        for values in kind(30, 50).parameters():
            assert 0.7 / np.sqrt(50) < values.abs().max().item() <= 1 / np.sqrt(50)
        layer(np.zeros((1, 2, 30)))
        U, V, b = layer.get_weights()
        assert np.allclose(V @ V.T, np.eye(50), atol=1e-4) and np.abs(U).max() <= np.sqrt(6 / sum(U.shape))
        assert sorted({*b.flat}) == ([0, 1] if kind is nn.LSTM else [0])


def clipping(one: Row) -> None:
    gradients = [np.array([3.0, 4.0], "float32"), np.array([0.0, 12.0], "float32")]  # norms 5, 12 and together 13
    weights = [nn.Parameter(torch.zeros(2)) for _ in gradients]
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.grad = torch.tensor(gradient)
    torch_of(one.code[1][0], weights=weights)
    of_all = np.array([[3, 4], [0, 12]]) / 13  # test_notation.py shows that of Keras
    assert np.allclose([weight.grad.tolist() for weight in weights], of_all, atol=1e-4)


def a_new_gradient(one: Row) -> None:
    weight = nn.Parameter(torch.ones(1))
    optimizer = optim.SGD([weight], lr=1.0)
    for expected in (3.0, 6.0):
        (3 * weight).sum().backward()
        assert weight.grad.item() == expected
    eval(one.code[1][0], {"optimizer": optimizer})
    (3 * weight).sum().backward()
    assert weight.grad.item() == 3
    variable = tf.Variable(1.0)
    for _ in range(2):
        with eval(one.code[0][0], {"tf": tf})() as tape:
            three_times = 3 * variable
        assert tape.gradient(three_times, variable) == 3


def training_and_use(one: Row) -> None:
    dropping, many = nn.Dropout(0.5), np.ones((1, 1_000), "float32")
    assert one.code[1] == ["model.train()", "model.eval()"]
    for call, some_are_zero in zip(one.code[1], (True, False), strict=True):
        eval(call, {"model": dropping})
        assert (0 in dropping(torch.tensor(many))) == some_are_zero
    assert nn.Dropout(0.5).training  # forget it, and numbers are dropped
    model = keras.Sequential([keras.Input((1_000,)), layers.Dropout(0.5)])
    assert 0 in np.array(eval(one.code[0][2], {"model": model, "x": many})) and 0 not in np.array(model(many))
    assert 0 not in model.predict(many, verbose=0)


def saving(one: Row) -> None:
    model, module = keras.Sequential([keras.Input((3,)), layers.Dense(4)]), nn.Linear(3, 4)
    eval(one.code[0][0], {"model": model})
    torch_of(one.code[1][0], model=module)
    assert np.array_equal(keras.models.load_model("net.keras").get_weights()[0], model.get_weights()[0])
    kept = torch.load("net.pt")
    assert {*kept} == {"weight", "bias"} and torch.equal(kept["weight"], module.weight)


CHECKS: dict[str, Callable[[Row], None]] = {
    "axes of a batch of pictures": axes_of_pictures,
    "axes of a convolution's kernel": axes_of_a_kernel,
    "order in which Flatten writes a picture": order_in_flatten,
    "axes of a batch of sequences": axes_of_sequences,
    "what a recurrent layer returns": what_is_returned,
    "biases of a recurrent layer": biases,
    "activations of a plain recurrent layer": activations,
    "both directions": both_directions,
    'padding="same" with stride 2': same_with_stride,
    "padded steps": padded_steps,
    "momentum of batch norm": momentum,
    r"\varepsilon of batch norm": epsilon_of_batch_norm,
    "moving variance of batch norm": variance_of_batch_norm,
    r"\varepsilon of Adam": epsilon_of_adam,
    "first weights of a dense layer": first_weights_of_a_dense_layer,
    "first weights of a recurrent layer": first_weights_of_a_recurrent_layer,
    "clipping by the norm of all gradients": clipping,
    "a new gradient": a_new_gradient,
    "dropout and batch norm": training_and_use,
    "to save": saving,
}


@pytest.mark.parametrize("one", rows(MEANINGS), ids=lambda one: one.name)
def test_the_same_word_means_what_the_row_says(one, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings(action="ignore"):
        CHECKS[one.name](one)


def test_no_check_is_without_a_row():
    assert [*CHECKS] == [one.name for one in rows(MEANINGS)]


def test_with_which_versions():
    (versions,) = CHECKED_WITH.findall(PAGE.text)
    for version, module in zip(versions, (torch, keras), strict=True):
        assert module.__version__.startswith(f"{version}."), (
            f"write {module.__version__} under the tables of notation.md"
        )
