"""Answers to the exercises of what-training-is."""

import keras
import numpy as np
import tensorflow as tf

from nnbook.exercises import what_training_is as check
from tests.chapters.answers import Answers

steps_of_fit = Answers(check.steps_of_fit)
steps_of_fit.right_values(an_int=80, a_float=80.0, numpy=np.int64(80), an_array=np.array(80))
steps_of_fit.wrong_value("dropped_the_small_batch", 75, "smaller batch")
steps_of_fit.wrong_value("left_the_fraction", 78.125, "fraction")
steps_of_fit.wrong_value("rounded_up_at_the_end", 79, "one long row")
steps_of_fit.wrong_value("rounded_down_at_the_end", 78, "end of the epochs")
steps_of_fit.wrong_value("one_epoch", 16, "one epoch")
steps_of_fit.wrong_value("epochs_times_batch_size", 320, "times batch size")
steps_of_fit.wrong_value("a_step_for_each_example", 5000, "whole batch")
steps_of_fit.wrong_value("a_step_for_each_epoch", 5, "for each epoch")
steps_of_fit.wrong_value("anything_else", 64, "how many batches")

one_step = Answers(check.one_step)
one_step.right_values(a_list=[0.6, -0.1], a_tuple=(0.6, -0.1), an_array=np.array([0.6, -0.1]))
one_step.right_values(computed=[1 - 0.1 * 4, 0 - 0.1 * 1], float32=np.array([0.6, -0.1], "float32"))
one_step.wrong_value("went_uphill", [1.4, 0.1], "against its slope")
one_step.wrong_value("sum_for_mean", [0.2, -0.2], "mean")
one_step.wrong_value("no_factor_2", [0.8, -0.05], "factor 2")
one_step.wrong_value("no_input_in_the_slope", [0.9, -0.1], "by its x")
one_step.wrong_value("the_slopes", [4, 1], "two slopes")
one_step.wrong_value("no_learning_rate", [-3, -1], "learning rate")
one_step.wrong_value("from_zero", [-0.4, -0.1], "not the new place")
one_step.wrong_value("one_after_the_other", [0.6, 0.02], "new w")
one_step.wrong_value("b_first", [-0.1, 0.6], "w first")
one_step.wrong_value("one_number", 0.6, "shape")

slopes = Answers(check.slopes)


@slopes.right
def with_a_matrix(w, b, X, y):
    return 2 * X.T @ (X @ w + b - y) / len(y)


@slopes.right
def with_loops(w, b, X, y):
    total = [0.0] * len(w)
    for row, target in zip(X, y, strict=True):
        error = sum(w_j * x_j for w_j, x_j in zip(w, row, strict=True)) + b - target
        total = [sum_j + 2 * error * x_j for sum_j, x_j in zip(total, row, strict=True)]
    return [sum_j / len(y) for sum_j in total]


@slopes.right
def with_a_mean(w, b, X, y):
    error = np.einsum("nm,m->n", X, w) + b - y
    return np.mean(2 * error[:, None] * X, axis=0)


@slopes.right
def with_a_tape(w, b, X, y):
    weights = tf.Variable(w, dtype="float32")
    with tf.GradientTape() as tape:
        loss = keras.ops.mean((tf.linalg.matvec(X.astype("float32"), weights) + b - y) ** 2)
    return tape.gradient(loss, weights)


@slopes.wrong("added up")
def sum_over_examples(w, b, X, y):
    return 2 * X.T @ (X @ w + b - y)


@slopes.wrong("factor 2")
def no_factor_two(w, b, X, y):
    return X.T @ (X @ w + b - y) / len(y)


@slopes.wrong("sign")
def target_minus_answer(w, b, X, y):
    return 2 * X.T @ (y - X @ w - b) / len(y)


@slopes.wrong("bias")
def forgets_the_bias(w, b, X, y):
    return 2 * X.T @ (X @ w - y) / len(y)


@slopes.wrong("targets")
def forgets_the_targets(w, b, X, y):
    return 2 * X.T @ (X @ w + b) / len(y)


@slopes.wrong("inputs are missing")
def slope_of_the_bias_for_all(w, b, X, y):
    return np.full(len(w), 2 * np.mean(X @ w + b - y))


@slopes.wrong("number of inputs")
def divides_by_the_inputs(w, b, X, y):
    return 2 * X.T @ (X @ w + b - y) / len(w)


@slopes.wrong("one number")
def mean_over_all(w, b, X, y):
    return np.mean(2 * (X @ w + b - y)[:, None] * X)


@slopes.wrong("for each example")
def no_mean_yet(w, b, X, y):
    return 2 * (X @ w + b - y)[:, None] * X


@slopes.wrong("each weight")
def mean_along_the_inputs(w, b, X, y):
    return np.mean(2 * (X @ w + b - y)[:, None] * X, axis=1)


another_unit = Answers(check.another_unit)
another_unit.right_values(words="a hundredth", capital="A hundredth", with_blanks=" a hundredth ")
another_unit.wrong_value("inverse_of_the_inverse", "ten times", "not larger")
another_unit.wrong_value("rate_has_nothing_to_do_with_data", "the same", "grows with them")
another_unit.wrong_value("counts_x_once", "a tenth", "another")
another_unit.wrong_value("a_number", 0.01, "one of")
another_unit.wrong_value("other_words", "a hundred times", "one of")

momentum = Answers(check.momentum)


@momentum.right
def as_described(slope, start, rate, momentum, steps):
    place, velocity = start, np.zeros_like(start)
    for _ in range(steps):
        velocity = momentum * velocity + slope(place)
        place = place - rate * velocity
    return place


@momentum.right
def as_keras_writes_it(slope, start, rate, momentum, steps):
    place, move = list(start), [0.0] * len(start)
    for _ in range(steps):
        move = [momentum * old - rate * new for old, new in zip(move, slope(place), strict=True)]
        place = [at + by for at, by in zip(place, move, strict=True)]
    return place


@momentum.right
def in_keras(slope, start, rate, momentum, steps):
    place = keras.Variable(start, dtype="float64")
    optimizer = keras.optimizers.SGD(rate, momentum=momentum)
    for _ in range(steps):
        optimizer.apply([keras.ops.convert_to_tensor(slope(place.numpy()))], [place])
    return place.numpy()


@momentum.right
def from_the_last_two_places(slope, start, rate, momentum, steps):
    before, place = start, start
    for _ in range(steps):
        before, place = place, place - rate * slope(place) + momentum * (place - before)
    return place


@momentum.wrong("plain gradient descent")
def velocity_set_to_zero_in_the_loop(slope, start, rate, momentum, steps):
    place = start
    for _ in range(steps):
        velocity = 0
        velocity = momentum * velocity + slope(place)
        place = place - rate * velocity
    return place


@momentum.wrong("1 - momentum")
def running_mean(slope, start, rate, momentum, steps):
    place, velocity = start, 0
    for _ in range(steps):
        velocity = momentum * velocity + (1 - momentum) * slope(place)
        place = place - rate * velocity
    return place


@momentum.wrong("multiplies the slope")
def momentum_around_both(slope, start, rate, momentum, steps):
    place, velocity = start, 0
    for _ in range(steps):
        velocity = momentum * (velocity + slope(place))
        place = place - rate * velocity
    return place


@momentum.wrong("up the slope")
def uphill(slope, start, rate, momentum, steps):
    return as_described(slope, start, -rate, momentum, steps)


@momentum.wrong("in the loop")
def slope_of_the_start(slope, start, rate, momentum, steps):
    first = slope(start)
    return as_described(lambda place: first, start, rate, momentum, steps)


@momentum.wrong("step before")
def moves_first(slope, start, rate, momentum, steps):
    place, velocity = start, np.zeros(2)
    for _ in range(steps):
        place, velocity = place - rate * velocity, momentum * velocity + slope(place)
    return place


@momentum.wrong("missing")
def one_step_less(slope, start, rate, momentum, steps):
    return as_described(slope, start, rate, momentum, steps - 1)


@momentum.wrong("too many")
def one_step_more(slope, start, rate, momentum, steps):
    return as_described(slope, start, rate, momentum, steps + 1)


@momentum.wrong("Return the place")
def gives_the_velocity(slope, start, rate, momentum, steps):
    place, velocity = start, 0
    for _ in range(steps):
        velocity = momentum * velocity + slope(place)
        place = place - rate * velocity
    return velocity


@momentum.wrong("nothing has moved")
def forgets_to_keep_the_place(slope, start, rate, momentum, steps):
    velocity = 0
    for _ in range(steps):
        velocity = momentum * velocity + slope(start)
        start - rate * velocity
    return start


@momentum.wrong("whole path")
def gives_the_path(slope, start, rate, momentum, steps):
    return np.array([as_described(slope, start, rate, momentum, step) for step in range(steps + 1)])
