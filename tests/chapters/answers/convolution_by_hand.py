"""Answers to the exercises of convolution-by-hand."""

import keras
import numpy as np
import tensorflow as tf

from nnbook.exercises import convolution_by_hand as check
from tests.chapters.answers import Answers

moves_right = Answers(check.moves_right)
moves_right.right_values(
    lists=[[0, 0, 0], [1, 0, 0], [0, 0, 0]],
    an_array=np.array([[0, 0, 0], [1.0, 0, 0], [0, 0, 0]]),
    a_tensor=tf.constant([[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
    whole_bytes=np.outer([0, 1, 0], [1, 0, 0]).astype("uint8"),
)
moves_right.wrong_value("moves_it_to_the_left", [[0, 0, 0], [0, 0, 1], [0, 0, 0]], "to the left")
moves_right.wrong_value("moves_nothing", [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "nothing moves")
moves_right.wrong_value("exchanges_rows_and_columns", [[0, 1, 0], [0, 0, 0], [0, 0, 0]], "moves down")
moves_right.wrong_value("moves_up", [[0, 0, 0], [0, 0, 0], [0, 1, 0]], "moves up")
moves_right.wrong_value("a_whole_column", [[1, 0, 0], [1, 0, 0], [1, 0, 0]], "one below the other")
moves_right.wrong_value("an_edge_kernel", [[0, 0, 0], [-1, 0, 1], [0, 0, 0]], "edges")
moves_right.wrong_value("the_corner", [[1, 0, 0], [0, 0, 0], [0, 0, 0]], "slanted")
moves_right.wrong_value("one_row", [1, 0, 0], "shape")

pixel = Answers(check.pixel)
pixel.right_values(a_number=8, a_float=8.0, an_array=np.float32(8), a_tensor=tf.constant(8.0))
pixel.wrong_value("does_not_turn_the_kernel", 17, "same corner")
pixel.wrong_value("transposes", 11, "exchanged")
pixel.wrong_value("one_place_only", 4, "one product")
pixel.wrong_value("the_corner_pixel", 1, "corner pixel")
pixel.wrong_value("sum_times_sum", 50, "all weights")
pixel.wrong_value("weights_without_errors", 10, "without the errors")
pixel.wrong_value("errors_without_weights", 5, "without the weights")
pixel.wrong_value("loses_a_sign", 14, "negative")
pixel.wrong_value("a_mean", 2, "mean")

learned_from_grey = Answers(check.learned_from_grey)
learned_from_grey.right_values(
    lists=[[0.5, 0.5, 0.5]] * 3,
    an_array=np.full((3, 3), 0.5),
    float32=np.ones((3, 3), "float32") / 2,
    a_tensor=tf.fill((3, 3), 0.5),
)
learned_from_grey.wrong_value("the_secret", np.arange(1, 10).reshape(3, 3) / 10, "cannot tell")
learned_from_grey.wrong_value("the_middle_alone", [[0, 0, 0], [0, 4.5, 0], [0, 0, 0]], "singles")
learned_from_grey.wrong_value("stays_at_zero", np.zeros((3, 3)), "nine zeros")
learned_from_grey.wrong_value("each_has_the_whole_sum", np.full((3, 3), 4.5), "has all of it")
learned_from_grey.wrong_value("a_blur", np.full((3, 3), 1 / 9), "blur")
learned_from_grey.wrong_value("ones", np.ones((3, 3)), "sum is 9")
learned_from_grey.wrong_value("one_number", 0.5, "has nine")

dilated = Answers(check.dilated)


@dilated.right
def a_loop(picture, kernel, d):
    high, wide = [d * (side - 1) + 1 for side in kernel.shape]
    rows, columns = picture.shape[0] - high + 1, picture.shape[1] - wide + 1
    output = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        output[i, j] = (picture[i : i + high : d, j : j + wide : d] * kernel).sum()
    return output


@dilated.right
def with_views(picture, kernel, d):
    high, wide = [d * (side - 1) + 1 for side in kernel.shape]
    windows = np.lib.stride_tricks.sliding_window_view(picture, (high, wide))
    return np.einsum("ijab,ab->ij", windows[..., ::d, ::d], kernel)


@dilated.right
def a_kernel_with_zeros(picture, kernel, d):
    spread = np.zeros([d * (side - 1) + 1 for side in kernel.shape])
    spread[::d, ::d] = kernel
    return a_loop(picture, spread, 1).tolist()


@dilated.right
def with_keras(picture, kernel, d):
    layer = keras.layers.Conv2D(1, kernel.shape, dilation_rate=d, use_bias=False)
    layer.build((1, *picture.shape, 1))
    layer.set_weights([kernel[:, :, None, None]])
    return layer(picture[None, :, :, None].astype("float32"))[0, :, :, 0]


@dilated.wrong("neighbours")
def forgets_d(picture, kernel, d):
    return a_loop(picture, kernel, 1)


@dilated.wrong("still meet neighbours")
def counts_the_places_only(picture, kernel, d):
    rows, columns = [n - d * (side - 1) for n, side in zip(picture.shape, kernel.shape, strict=True)]
    return a_loop(picture, kernel, 1)[:rows, :columns]


@dilated.wrong("stride")
def takes_d_for_a_stride(picture, kernel, d):
    return a_loop(picture, kernel, 1)[::d, ::d]


@dilated.wrong("Keep a stride of 1")
def dilates_and_strides(picture, kernel, d):
    return a_loop(picture, kernel, d)[::d, ::d]


@dilated.wrong("d + 1")
def one_gap_too_wide(picture, kernel, d):
    return a_loop(picture, kernel, d + 1)


@dilated.wrong("turned")
def turns_the_kernel(picture, kernel, d):
    return a_loop(picture, kernel[::-1, ::-1], d)


@dilated.wrong("rows only")
def rows_only(picture, kernel, d):
    spread = np.zeros((d * (kernel.shape[0] - 1) + 1, kernel.shape[1]))
    spread[::d] = kernel
    return a_loop(picture, spread, 1)


@dilated.wrong("columns only")
def columns_only(picture, kernel, d):
    return rows_only(picture.T, kernel.T, d).T


@dilated.wrong("n - r + 1")
def one_place_too_few(picture, kernel, d):
    return a_loop(picture[:-1, :-1], kernel, d)


@dilated.wrong("stopped with")
def shapes_do_not_fit(picture, kernel, d):
    return picture[: kernel.shape[0] * d] * kernel


as_matrix = Answers(check.as_matrix)


@as_matrix.right
def a_picture_a_place(kernel, n):
    high, wide = kernel.shape
    rows = []
    for i, j in np.ndindex(n - high + 1, n - wide + 1):
        empty = np.zeros((n, n))
        empty[i : i + high, j : j + wide] = kernel
        rows.append(empty.ravel())
    return np.array(rows)


@as_matrix.right
def padded_and_listed(kernel, n):
    high, wide = kernel.shape
    return [
        np.pad(kernel, ((i, n - high - i), (j, n - wide - j))).ravel().tolist()
        for i in range(n - high + 1)
        for j in range(n - wide + 1)
    ]


@as_matrix.right
def of_unit_pictures(kernel, n):
    units = np.eye(n * n).reshape(-1, n, n)
    windows = np.lib.stride_tricks.sliding_window_view(units, kernel.shape, axis=(1, 2))
    return np.einsum("pijab,ab->ijp", windows, kernel).reshape(-1, n * n).astype("float32")


@as_matrix.wrong("transpose")
def exchanged(kernel, n):
    return a_picture_a_place(kernel, n).T


@as_matrix.wrong("turned")
def turned(kernel, n):
    return a_picture_a_place(kernel[::-1, ::-1], n)


@as_matrix.wrong("side by side")
def weights_side_by_side(kernel, n):
    high, wide = kernel.shape
    rows = []
    for i, j in np.ndindex(n - high + 1, n - wide + 1):
        row = np.zeros(n * n)
        row[i * n + j : i * n + j + kernel.size] = kernel.ravel()
        rows.append(row)
    return np.array(rows)


@as_matrix.wrong("runs over the end")
def always_one_further(kernel, n):
    first = a_picture_a_place(kernel, n)[0]
    return np.array([np.roll(first, place) for place in range(len(a_picture_a_place(kernel, n)))])


@as_matrix.wrong("down the columns")
def column_after_column(kernel, n):
    return np.array([row.reshape(n, n).ravel("F") for row in a_picture_a_place(kernel, n)])


@as_matrix.wrong("same place")
def never_moves(kernel, n):
    matrix = a_picture_a_place(kernel, n)
    return np.tile(matrix[0], (len(matrix), 1))


@as_matrix.wrong("not with which weights")
def marks_what_is_seen(kernel, n):
    return a_picture_a_place(np.ones(kernel.shape), n)


@as_matrix.wrong("shape")
def a_row_for_each_pixel(kernel, n):
    return np.zeros((n * n, n * n))
