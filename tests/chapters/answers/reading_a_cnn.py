"""Answers to the exercises of reading-a-cnn."""

import numpy as np
import tensorflow as tf

from nnbook.exercises import reading_a_cnn as check
from tests.chapters.answers import Answers

uniform_net = Answers(check.uniform_net)
uniform_net.right_values(
    a_list=[0.1, 0], a_tuple=(1 / 10, 0.0), an_array=np.array([0.1, 0.0]), float32=np.array([0.1, 0], "float32")
)
uniform_net.wrong_value("gap_to_a_perfect_net", [0.1, 0.9], "always right")
uniform_net.wrong_value("what_it_says_for_the_gap", [0.1, 0.1], "difference")
uniform_net.wrong_value("surely_the_worst_gap", [0.1, 1], "too sure")
uniform_net.wrong_value("never_right", [0, 0], "some guesses are right")
uniform_net.wrong_value("never_right_and_off_by_a_tenth", [0, 0.1], "some guesses are right")
uniform_net.wrong_value("in_per_cent", [10, 0], "per cent")
uniform_net.wrong_value("a_coin", [0.5, 0], "two classes")
uniform_net.wrong_value("one_number", 0.1, "shape")

strided_fields = Answers(check.strided_fields)
strided_fields.right_values(a_list=[3, 7, 15], a_tuple=(3, 7, 15), floats=np.array([3.0, 7.0, 15.0]))
strided_fields.wrong_value("no_jump", [3, 5, 7], "jump stayed 1")
strided_fields.wrong_value("jump_first", [5, 13, 21], "multiplied first")
strided_fields.wrong_value("whole_window", [4, 10, 22], "whole window")
strided_fields.wrong_value("second_stride_forgotten", [3, 7, 11], "second stride")
strided_fields.wrong_value("windows_multiplied", [3, 9, 27], "windows were multiplied")
strided_fields.wrong_value("with_the_poolings", [3, 8, 18], "Leave the poolings out")
strided_fields.wrong_value("field_is_the_window", [3, 3, 3], "window of each layer")
strided_fields.wrong_value("the_last_layer_only", 15, "shape")

mean_and_relu = Answers(check.mean_and_relu)
mean_and_relu.right_values(
    one_negative=[[4, -2], [0, 2]],
    mean_is_0=np.array([[1, -1], [1, -1]]),
    mean_is_negative=[[1.0, -5.0], [-3.0, 0.0]],
    a_tensor=tf.constant([[0.5, 0.5], [0.5, -0.1]]),
)
mean_and_relu.wrong_value("all_positive", [[1, 2], [3, 4]], "relu changes nothing")
mean_and_relu.wrong_value("zeros_and_positive", [[0, 2], [0, 4]], "relu changes nothing")
mean_and_relu.wrong_value("all_negative", [[-1, -2], [-3, -4]], "both ways give 0")
mean_and_relu.wrong_value("zeros_and_negative", [[-1, 0], [-3, 0]], "both ways give 0")
mean_and_relu.wrong_value("one_row", [4, -2, 0, 2], "brackets")
mean_and_relu.wrong_value("nine_numbers", [[4, -2, 0], [0, 2, 1], [1, 1, 1]], "two rows of two")
mean_and_relu.wrong_value("too_small_to_count", [[1, -1e-14], [1, 1]], "too small")

precisions = Answers(check.precisions)


@precisions.right
def columns(counts):
    return counts.diagonal() / counts.sum(axis=0)


@precisions.right
def a_loop(counts):
    return [counts[k][k] / sum(row[k] for row in counts) for k in range(len(counts))]


@precisions.right
def with_einsum(counts):
    return np.einsum("kk->k", counts) / np.einsum("tk->k", counts)


@precisions.right
def of_the_whole_table(counts):
    return tf.linalg.diag_part(counts / counts.sum(axis=0, keepdims=True))


@precisions.wrong("recall")
def rows(counts):
    return counts.diagonal() / counts.sum(axis=1)


@precisions.wrong("accuracy of the whole")
def accuracy(counts):
    return counts.diagonal().sum() / counts.sum()


@precisions.wrong("mean of all classes")
def mean_precision(counts):
    return columns(counts).mean()


@precisions.wrong("all pictures")
def share_of_all(counts):
    return counts.diagonal() / counts.sum()


@precisions.wrong("wrong")
def what_is_wrong(counts):
    return (counts.sum(axis=0) - counts.diagonal()) / counts.sum(axis=0)


@precisions.wrong("One number a class")
def forgets_the_diagonal(counts):
    return counts / counts.sum(axis=0)


@precisions.wrong("counts, not shares")
def counts_only(counts):
    return np.diag(counts)


@precisions.wrong("point")
def whole_division(counts):
    return counts.diagonal() // counts.sum(axis=0)


@precisions.wrong("wrong guesses of a class only")
def right_over_wrong(counts):
    return counts.diagonal() / (counts.sum(axis=0) - counts.diagonal())


against = Answers(check.against)


@against.right
def floats_and_clip(images, slopes, size):
    return np.clip(images.astype(float) + size * np.sign(slopes), 0, 255).astype("uint8")


@against.right
def whole_numbers(images, slopes, size):
    moved = images.astype(int) + np.where(slopes > 0, size, -size)
    moved[moved < 0], moved[moved > 255] = 0, 255
    return moved.astype("uint8")


@against.right
def with_tensorflow(images, slopes, size):
    moved = tf.cast(images, "float32") + size * tf.cast(tf.sign(slopes), "float32")
    return tf.cast(tf.clip_by_value(moved, 0, 255), "uint8")


@against.right
def number_by_number(images, slopes, size):
    pairs = zip(images.ravel().tolist(), slopes.ravel().tolist(), strict=True)
    return np.reshape([min(max(x + size * (1 if s > 0 else -1), 0), 255) for x, s in pairs], images.shape)


@against.wrong("as training does")
def downhill(images, slopes, size):
    return floats_and_clip(images, -slopes, size)


@against.wrong("as training does")
def downhill_without_a_cut(images, slopes, size):
    return images - size * np.sign(slopes)


@against.wrong("outside of 0 to 255")
def no_cut(images, slopes, size):
    return images + size * np.sign(slopes)


@against.wrong("ran over")
def bytes_run_over(images, slopes, size):
    return images + (size * np.sign(slopes)).astype("int64").astype("uint8")


@against.wrong("sign of the slope")
def by_the_slope(images, slopes, size):
    return np.clip(images + size * slopes, 0, 255)


@against.wrong("sign of the slope")
def by_the_slope_in_bytes(images, slopes, size):
    return np.clip(images + size * slopes, 0, 255).astype("uint8")


@against.wrong("Nothing has moved")
def slopes_that_become_0(images, slopes, size):
    return images + slopes.astype("uint8") * np.uint8(size)


@against.wrong("Every number went up")
def forgets_the_slopes(images, slopes, size):
    return np.clip(images.astype(float) + size, 0, 255).astype("uint8")


@against.wrong("from 0 to 1")
def divides_by_255(images, slopes, size):
    return np.clip(images / 255 + size / 255 * np.sign(slopes), 0, 1)
