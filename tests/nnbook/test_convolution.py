"""Convolution and pooling in NumPy: equal to Keras, values and gradients, and to numbers worked out on paper."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnbook import convolution, gradients

BOUNDS = {"float32": 1e-5, "float64": 1e-10}
SIZES = {
    "dtype": st.sampled_from(sorted(BOUNDS)),
    "n": st.integers(1, 3),
    "rows": st.integers(1, 9),
    "columns": st.integers(1, 9),
    "channels": st.integers(1, 4),
    "stride": st.integers(1, 3),
    "padding": st.sampled_from(["valid", "same"]),
    "seed": st.integers(0, 10**6),
}


def error(ours: np.ndarray, theirs: np.ndarray, terms: np.ndarray) -> float:
    """Return the greatest difference over the greatest entry; in float32 over the greatest sum of absolute terms.

    A sum of few terms that nearly cancels has few digits left in float32, in Keras as in NumPy.
    """
    scale = terms if ours.dtype == np.float32 else theirs
    return float(np.abs(ours - theirs).max() / np.abs(scale).max())


def slopes_by_keras(layer: keras.Layer, images: np.ndarray, dL_dout: np.ndarray) -> list[np.ndarray]:
    """Derivatives of sum(output * dL_dout) by the pictures and by the weights of a layer."""
    inputs = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = tf.reduce_sum(layer(inputs) * dL_dout)
    return [slope.numpy() for slope in tape.gradient(loss, [inputs, *layer.trainable_weights])]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(high=st.integers(1, 4), wide=st.integers(1, 4), filters=st.integers(1, 4), **SIZES)
def test_convolution_equals_keras(dtype, n, rows, columns, channels, stride, padding, seed, high, wide, filters):
    assume(padding == "same" or (high <= rows and wide <= columns))
    rng = np.random.default_rng(seed)
    images = rng.normal(size=(n, rows, columns, channels)).astype(dtype)
    kernel, bias = (
        rng.normal(size=(high, wide, channels, filters)).astype(dtype),
        rng.normal(size=filters).astype(dtype),
    )
    layer = keras.layers.Conv2D(filters, (high, wide), stride, padding, dtype=dtype)
    layer.build(images.shape)
    layer.set_weights([kernel, bias])
    ours = convolution.conv2d(images, kernel, bias, stride, padding)
    assert ours.dtype == dtype
    absolute = [np.abs(one) for one in (images, kernel, bias)]
    terms = convolution.conv2d(*absolute, stride, padding)
    assert error(ours, layer(images).numpy(), terms) <= BOUNDS[dtype]
    dL_dout = rng.normal(size=ours.shape).astype(dtype)
    mine = convolution.conv2d_gradients(images, kernel, bias, dL_dout, stride, padding)
    terms = convolution.conv2d_gradients(*absolute, np.abs(dL_dout), stride, padding)
    for one, expected, sizes in zip(mine, slopes_by_keras(layer, images, dL_dout), terms, strict=True):
        assert error(one, expected, sizes) <= BOUNDS[dtype]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(size=st.integers(1, 4), **SIZES)
def test_pooling_equals_keras(dtype, n, rows, columns, channels, stride, padding, seed, size):
    assume(padding == "same" or size <= min(rows, columns))
    rng = np.random.default_rng(seed)
    images = rng.normal(size=(n, rows, columns, channels)).astype(dtype)
    greatest = keras.layers.MaxPooling2D(size, stride, padding, dtype=dtype)
    average = keras.layers.AveragePooling2D(size, stride, padding, dtype=dtype)
    ours = convolution.max_pool(images, size, stride, padding)
    assert np.array_equal(ours, greatest(images))
    terms = convolution.average_pool(np.abs(images), size, stride, padding)
    averaged = convolution.average_pool(images, size, stride, padding)
    assert error(averaged, average(images).numpy(), terms) <= BOUNDS[dtype]
    dL_dout = rng.normal(size=ours.shape).astype(dtype)
    (expected,) = slopes_by_keras(greatest, images, dL_dout)
    assert np.allclose(convolution.max_pool_gradient(images, dL_dout, size, stride, padding), expected, atol=1e-6)


def test_a_flipped_kernel_is_found():
    rng = np.random.default_rng(0)
    images, kernel = rng.normal(size=(1, 5, 5, 1)), rng.normal(size=(3, 3, 1, 1))
    layer = keras.layers.Conv2D(1, 3, use_bias=False, dtype="float64")
    layer.build(images.shape)
    layer.set_weights([kernel])
    flipped = convolution.conv2d(images, kernel[::-1, ::-1], np.zeros(1))
    assert gradients.relative_error(flipped, layer(images).numpy()) > 0.1


@pytest.mark.parametrize(("stride", "padding"), [(1, "valid"), (2, "same"), (3, "valid")])
def test_gradients_equal_finite_differences(stride, padding):
    rng = np.random.default_rng(1)
    images, kernel, bias = rng.normal(size=(2, 5, 4, 2)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)
    dL_dout = rng.normal(size=convolution.conv2d(images, kernel, bias, stride, padding).shape)

    def loss() -> float:
        return float((convolution.conv2d(images, kernel, bias, stride, padding) * dL_dout).sum())

    ours = convolution.conv2d_gradients(images, kernel, bias, dL_dout, stride, padding)
    for one, parameter in zip(ours, (images, kernel, bias), strict=True):
        assert gradients.relative_error(one, gradients.finite_differences(loss, parameter)) < 1e-7


def test_numbers_worked_out_on_paper():
    picture = np.arange(9.0).reshape(1, 3, 3, 1)
    kernel = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
    # Upper left: 0·1 + 1·2 + 3·3 + 4·4 = 27; each step right adds 1 + 2 + 3 + 4 = 10, each step down 30.
    assert convolution.conv2d(picture, kernel, np.array([0.5]))[0, :, :, 0].tolist() == [[27.5, 37.5], [57.5, 67.5]]
    assert convolution.max_pool(picture)[0, :, :, 0].tolist() == [[4]]
    assert convolution.average_pool(picture, padding="same")[0, :, :, 0].tolist() == [[2, 3.5], [6.5, 8]]
    back = convolution.max_pool_gradient(picture, np.array([5.0]).reshape(1, 1, 1, 1))
    assert back[0, :, :, 0].tolist() == [[0, 0, 0], [0, 5, 0], [0, 0, 0]]


X, K, B = np.zeros((1, 4, 4, 2)), np.zeros((3, 3, 2, 5)), np.zeros(5)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: convolution.conv2d(X[0], K, B), r"images must have shape \(n, rows, columns, channels\).*\(4, 4, 2\)"),
        (lambda: convolution.conv2d(X[:0], K, B), "none of them 0"),
        (lambda: convolution.conv2d(X + np.nan, K, B), "NaN or infinite"),
        (lambda: convolution.conv2d(X, K[:, :, :1], B), r"\(rows, columns, 2, filters\).*\(3, 3, 1, 5\)"),
        (lambda: convolution.conv2d(X, K, B[:2]), r"bias must have shape \(5,\)"),
        (lambda: convolution.conv2d(X[:, :2], K, B), "a window of 3 does not fit into 2"),
        (lambda: convolution.conv2d(X, K, B, stride=0), "stride must be a whole number of at least 1"),
        (lambda: convolution.conv2d(X, K, B, padding="full"), 'padding must be "valid" or "same"'),
        (lambda: convolution.conv2d_gradients(X, K, B, X), r"dL_dout must have shape \(1, 2, 2, 5\)"),
        (lambda: convolution.max_pool(X, 0), "size must be a whole number of at least 1"),
        (lambda: convolution.max_pool(X, 2, stride=-1), "stride must be a whole number"),
        (lambda: convolution.max_pool_gradient(X, X), r"dL_dout must have shape \(1, 2, 2, 2\)"),
        (lambda: convolution.average_pool(X, 5), "does not fit into 4"),
        (lambda: convolution.average_pool(X, 2, stride=0), "stride must be a whole number of at least 1, but got 0"),
        (lambda: convolution.max_pool(X, 2, stride=0), "stride must be a whole number"),
        (lambda: convolution.max_pool(X, 2, stride=False), "stride must be a whole number"),
        (lambda: convolution.max_pool_gradient(X, X[:, ::2, ::2], 2, stride=0), "stride must be a whole number"),
        (lambda: convolution.max_pool(X, 2, stride=1.5), "stride must be a whole number"),
        (lambda: convolution.max_pool_gradient(X, X[:, ::2, ::2] + np.nan), "NaN or infinite values in dL_dout"),
        (lambda: convolution.conv2d(X, K + np.inf, B), "NaN or infinite values in kernel"),
        (lambda: convolution.conv2d(X, K, B + np.nan), "NaN or infinite values in bias"),
        (lambda: convolution.conv2d(X.astype(str), K, B), "images must hold numbers"),
        (lambda: convolution.conv2d(X + 1j, K, B), "images must hold numbers, but is complex128"),
        (lambda: convolution.conv2d(X, K > 0, B), "kernel must hold numbers, but is bool"),
        (lambda: convolution.conv2d(X, K[..., :0], B[:0]), "none of them 0"),
        (lambda: convolution.output_size(0, 3), "size must be a whole number of at least 1"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError, match=said):
        call()
