"""Convolution and pooling in NumPy, forwards and backwards: what Keras' Conv2D and pooling layers compute.

Arrays are laid out as in Keras: pictures (n, rows, columns, channels), kernels (rows, columns, channels, filters).
"""

from typing import Literal, NamedTuple

import numpy as np

from nnbook.checks import derivatives, floats, numbers, whole_number

Array = np.ndarray
Padding = Literal["valid", "same"]


class Gradients(NamedTuple):
    """The derivatives of a loss, each in the shape of what it belongs to."""

    images: Array
    kernel: Array
    bias: Array


def output_size(size: int, window: int, stride: int = 1, padding: Padding = "valid") -> int:
    """Return how many places a window has along one side of a picture.

    Without padding, rows at the end that do not fill a window are dropped. "same" gives size / stride, rounded up.

    Raises:
        ValueError: sizes under 1, a window that does not fit, or an unknown padding.

    Source: V. Dumoulin and F. Visin (2016), arxiv.org/abs/1603.07285.

    >>> output_size(32, 3), output_size(13, 2, stride=2), output_size(13, 3, stride=2, padding="same")
    (30, 6, 7)
    """
    size, window = whole_number(size, "size", at_least=1), whole_number(window, "window", at_least=1)
    stride = whole_number(stride, "stride", at_least=1)
    if padding not in ("valid", "same"):
        raise ValueError(f'padding must be "valid" or "same", but is {padding!r}.')
    if padding == "same":
        return -(-size // stride)
    if window > size:
        raise ValueError(f'a window of {window} does not fit into {size}; use a smaller one, or padding="same".')
    return (size - window) // stride + 1


def conv2d(images: Array, kernel: Array, bias: Array, stride: int = 1, padding: Padding = "valid") -> Array:
    """Slide filters over pictures: at each place multiply, add up over window and channels, add the bias.

    Like every deep-learning library, this does not flip the kernel (mathematics calls it cross-correlation).

    Args:
        images: (n, rows, columns, channels).
        kernel: (window rows, window columns, channels, filters).
        bias: (filters,).
        stride: pixels from one place to the next.
        padding: "valid" for none, or "same" for zeros around, so that stride 1 keeps the size.

    Returns:
        (n, output rows, output columns, filters).

    Raises:
        ValueError: shapes that do not fit, NaN or infinite values, a stride under 1, an unknown padding.

    >>> picture = np.array([[0, 0, 9, 9]] * 3).reshape(1, 3, 4, 1)
    >>> edge = np.array([[-1, 0, 1]] * 3).reshape(3, 3, 1, 1)
    >>> conv2d(picture, edge, np.zeros(1))[0, :, :, 0]
    array([[27., 27.]])
    """
    images, kernel, bias = _checked(images, kernel, bias)
    windows, _ = _windows(images, kernel.shape[:2], stride, padding, fill=0)
    return np.einsum("nrcdij,ijdf->nrcf", windows, kernel, optimize=True) + bias


def conv2d_gradients(
    images: Array, kernel: Array, bias: Array, dL_dout: Array, stride: int = 1, padding: Padding = "valid"
) -> Gradients:
    """Go back through `conv2d`: each place hands its share to its window and to the kernel.

    Args:
        images, kernel, bias, stride, padding: as for `conv2d`.
        dL_dout: derivatives of the loss with respect to the output of `conv2d`, in its shape.

    Raises:
        ValueError: as `conv2d`, or derivatives of another shape than the output.
    """
    images, kernel, bias = _checked(images, kernel, bias)
    windows, before = _windows(images, kernel.shape[:2], stride, padding, fill=0)
    dL_dout = derivatives(dL_dout, "dL_dout", (*windows.shape[:3], kernel.shape[3]), of="output")
    dkernel = np.einsum("nrcdij,nrcf->ijdf", windows, dL_dout, optimize=True)
    shares = np.einsum("nrcf,ijdf->nrcdij", dL_dout, kernel, optimize=True)
    return Gradients(_put_back(shares, images.shape, stride, before), dkernel, dL_dout.sum(axis=(0, 1, 2)))


def max_pool(images: Array, size: int = 2, stride: int | None = None, padding: Padding = "valid") -> Array:
    """Keep the greatest value of each window, channel by channel.

    Args:
        images: (n, rows, columns, channels).
        size: side of the square window.
        stride: pixels from one window to the next; the size if not given.
        padding: "valid" drops what does not fill a window, "same" keeps it.

    Returns:
        (n, output rows, output columns, channels).

    Raises:
        ValueError: as `conv2d`.
    """
    windows, _ = _pool_windows(images, size, stride, padding, fill=-np.inf)
    return windows.max(axis=(4, 5))


def max_pool_gradient(
    images: Array, dL_dout: Array, size: int = 2, stride: int | None = None, padding: Padding = "valid"
) -> Array:
    """Go back through `max_pool`: only the place of the greatest value gets the derivative, the first of equals.

    Raises:
        ValueError: as `max_pool`, or derivatives of another shape than the output.
    """
    windows, before = _pool_windows(images, size, stride, padding, fill=-np.inf)
    dL_dout = derivatives(dL_dout, "dL_dout", windows.shape[:4], of="output")
    flat = windows.reshape(*windows.shape[:4], -1)
    greatest = flat.argmax(axis=4)[..., np.newaxis] == np.arange(flat.shape[4])
    shares = (greatest * dL_dout[..., np.newaxis]).reshape(windows.shape)
    return _put_back(shares, np.shape(images), size if stride is None else stride, before)


def average_pool(images: Array, size: int = 2, stride: int | None = None, padding: Padding = "valid") -> Array:
    """Average each window, channel by channel; padding does not count. Arguments and result as for `max_pool`.

    Raises:
        ValueError: as `conv2d`.
    """
    windows, _ = _pool_windows(images, size, stride, padding, fill=np.nan)
    return np.nanmean(windows, axis=(4, 5))


def _windows(
    images: Array, window: tuple[int, int], stride: int, padding: Padding, fill: float
) -> tuple[Array, tuple[int, int]]:
    """Return all windows, (n, rows, columns, channels, window rows, window columns), and the padding before."""
    sizes = images.shape[1:3]
    places = [output_size(size, side, stride, padding) for size, side in zip(sizes, window, strict=True)]
    before, around = [], []
    for size, side, count in zip(sizes, window, places, strict=True):
        missing = max((count - 1) * stride + side - size, 0) if padding == "same" else 0
        before.append(missing // 2)
        around.append((missing // 2, missing - missing // 2))
    padded = np.pad(images, ((0, 0), *around, (0, 0)), constant_values=fill) if np.any(around) else images
    windows = np.lib.stride_tricks.sliding_window_view(padded, window, axis=(1, 2))
    return windows[:, ::stride, ::stride][:, : places[0], : places[1]], (before[0], before[1])


def _pool_windows(
    images: Array, size: int, stride: int | None, padding: Padding, fill: float
) -> tuple[Array, tuple[int, int]]:
    size = whole_number(size, "size", at_least=1)
    return _windows(_checked_images(images), (size, size), size if stride is None else stride, padding, fill)


def _put_back(shares: Array, shape: tuple[int, ...], stride: int, before: tuple[int, int]) -> Array:
    """Add what each window hands back to the pixels that it covers."""
    n, rows, columns, channels, high, wide = shares.shape
    padded = np.zeros((n, shape[1] + high + stride, shape[2] + wide + stride, channels), shares.dtype)
    for i in range(high):
        for j in range(wide):
            padded[:, i : i + stride * rows : stride, j : j + stride * columns : stride] += shares[..., i, j]
    return padded[:, before[0] : before[0] + shape[1], before[1] : before[1] + shape[2]]


def _checked_images(images: Array) -> Array:
    images = floats(images, "images")
    if images.ndim != 4 or 0 in images.shape:
        raise ValueError(
            f"images must have shape (n, rows, columns, channels), none of them 0, but have shape {images.shape}."
        )
    return images


def _checked(images: Array, kernel: Array, bias: Array) -> tuple[Array, Array, Array]:
    images, kernel, bias = _checked_images(images), numbers(kernel, "kernel"), numbers(bias, "bias")
    if kernel.ndim != 4 or 0 in kernel.shape or kernel.shape[2] != images.shape[3]:
        raise ValueError(
            f"kernel must have shape (rows, columns, {images.shape[3]}, filters) for pictures of {images.shape[3]} "
            f"channels, none of them 0, but has shape {kernel.shape}."
        )
    if bias.shape != kernel.shape[3:]:
        raise ValueError(f"bias must have shape {kernel.shape[3:]}, but has shape {bias.shape}.")
    return images, kernel, bias
