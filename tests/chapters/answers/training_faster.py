"""Answers to the exercises of training-faster."""

import math

import numpy as np
import tensorflow as tf

from nnbook.exercises import training_faster as check
from tests.chapters.answers import Answers

steps = Answers(check.steps)
steps.right_values(a_list=[1500, 372], a_tuple=(1500, 6 * (8000 // 128)), floats=np.array([1500.0, 372.0]))
steps.wrong_value("one_epoch", [250, 62], "one epoch")
steps.wrong_value("half_batches", [1500, 375], "Half a batch")
steps.wrong_value("batches_that_are_not_full", [1500, 378], "not full")
steps.wrong_value("pictures", [48_000, 48_000], "not steps")
steps.wrong_value("exchanged", [372, 1500], "exchanged")
steps.wrong_value("four_times_more", [1500, 6000], "not need more")
steps.wrong_value("the_batch_does_not_matter", [1500, 1500], "a whole batch")
steps.wrong_value("one_number", 1500, "shape")

credit_of_two = Answers(check.credit_of_two)
credit_of_two.right_values(a_list=[4, 10, 6], a_tuple=(4.0, 10.0, 6.0), an_array=np.array([74 - 70, 82 - 72, 6]))
credit_of_two.wrong_value("interaction_is_the_whole_gain", [4, 10, 12], "both gain together")
credit_of_two.wrong_value("gain_of_the_other", [4, 8, 6], "B gains where A is there")
credit_of_two.wrong_value("both_of_these", [4, 8, 12], "both gain together")
credit_of_two.wrong_value("order_does_not_matter", [4, 4, 6], "where B is there")
credit_of_two.wrong_value("gain_of_b_alone", [4, 2, 6], "B gains alone")
credit_of_two.wrong_value("above_the_better_one", [4, 10, 8], "the better of the two")
credit_of_two.wrong_value("exchanged", [10, 4, 6], "exchanged")
credit_of_two.wrong_value("shares", [0.04, 0.10, 0.06], "shares")
credit_of_two.wrong_value("accuracies", [74, 82, 6], "not gains")

t = np.array([0.91] + 9 * [0.01])
least = Answers(check.least)
least.right_values(
    with_numpy=-(t * np.log(t)).sum(),
    with_math=-0.91 * math.log(0.91) - 9 * 0.01 * math.log(0.01),
    rounded=0.5,
    a_tensor=tf.keras.losses.categorical_crossentropy(t, t),
)
least.wrong_value("as_with_hard_labels", 0, "hard labels")
least.wrong_value("hard_target", -np.log(0.91), "hard label")
least.wrong_value("true_class_only", -0.91 * np.log(0.91), "true class alone")
least.wrong_value("one_other_class", -0.91 * np.log(0.91) - 0.01 * np.log(0.01), "nine")
least.wrong_value("without_the_minus", (t * np.log(t)).sum(), "minus")
least.wrong_value("base_2", -(t * np.log2(t)).sum(), "base 2")
least.wrong_value("base_10", -(t * np.log10(t)).sum(), "base 10")
least.wrong_value("mean", -(t * np.log(t)).mean(), "mean of the ten")
least.wrong_value("knows_nothing", np.log(10), "knows nothing")
least.wrong_value("all_terms", -t * np.log(t), "shape")

warm_up_and_cosine = Answers(check.warm_up_and_cosine)


@warm_up_and_cosine.right
def with_if(share, peak):
    if share < 0.1:
        return peak * share / 0.1
    return peak * (1 + np.cos(np.pi * (share - 0.1) / 0.9)) / 2


@warm_up_and_cosine.right
def the_smaller_of_two(share, peak):
    s = max(share - 0.1, 0) / 0.9
    return min(10 * share, 1) * peak * math.cos(math.pi * s / 2) ** 2


@warm_up_and_cosine.right
def with_where(share, peak):
    share = np.asarray(share)
    return peak * np.where(share <= 0.1, share / 0.1, 0.5 + 0.5 * np.cos(np.pi * (share - 0.1) / 0.9))


@warm_up_and_cosine.right
def with_tensorflow(share, peak):
    s = tf.constant((share - 0.1) / 0.9, "float32")
    return peak * (10 * share if share < 0.1 else (1 + tf.cos(np.pi * s)) / 2)


@warm_up_and_cosine.wrong("begins too early")
def s_from_the_start(share, peak):
    return 10 * share * peak if share < 0.1 else peak * (1 + np.cos(np.pi * share)) / 2


@warm_up_and_cosine.wrong("stops short")
def s_not_stretched(share, peak):
    return 10 * share * peak if share < 0.1 else peak * (1 + np.cos(np.pi * (share - 0.1))) / 2


@warm_up_and_cosine.wrong("without a warm-up")
def only_the_cosine(share, peak):
    return peak * (1 + np.cos(np.pi * share)) / 2


@warm_up_and_cosine.wrong("no warm-up")
def forgets_the_if(share, peak):
    return peak * (1 + np.cos(np.pi * (share - 0.1) / 0.9)) / 2


@warm_up_and_cosine.wrong("straight line")
def falls_straight(share, peak):
    return 10 * share * peak if share < 0.1 else peak * (1 - (share - 0.1) / 0.9)


@warm_up_and_cosine.wrong("whole wave")
def whole_wave(share, peak):
    return 10 * share * peak if share < 0.1 else peak * (1 + np.cos(2 * np.pi * (share - 0.1) / 0.9)) / 2


@warm_up_and_cosine.wrong("below 0")
def bare_cosine(share, peak):
    return 10 * share * peak if share < 0.1 else peak * np.cos(np.pi * (share - 0.1) / 0.9)


@warm_up_and_cosine.wrong("far below the peak")
def warms_up_too_slowly(share, peak):
    return share * peak if share < 0.1 else with_if(share, peak)


@warm_up_and_cosine.wrong("not to the peak")
def no_peak(share, peak):
    return with_if(share, 1)


@warm_up_and_cosine.wrong("0.02")
def fixed_peak(share, peak):
    return with_if(share, 0.02)


folded = Answers(check.folded)


@folded.right
def one_factor(W, b, gamma, beta, mean, variance, epsilon):
    factor = gamma / np.sqrt(variance + epsilon)
    return W * factor, (b - mean) * factor + beta


@folded.right
def with_a_diagonal(W, b, gamma, beta, mean, variance, epsilon):
    D = np.diag(gamma) @ np.diag((variance + epsilon) ** -0.5)
    return [W @ D, (b @ D - mean @ D + beta).tolist()]


@folded.right
def asks_the_two_layers(W, b, gamma, beta, mean, variance, epsilon):
    def both(x):
        return gamma * (x @ W + b - mean) / np.sqrt(variance + epsilon) + beta

    return both(np.eye(len(W))) - both(np.zeros(len(W))), both(np.zeros(len(W)))


@folded.right
def with_tensors(W, b, gamma, beta, mean, variance, epsilon):
    factor = gamma * tf.math.rsqrt(variance + epsilon)
    return W * factor, beta + (b - mean) * factor


def changed(matrix=one_factor, **other):
    """Fold with another spread or other numbers, as mistakes do."""

    def fold(W, b, gamma, beta, mean, variance, epsilon):
        given = {"gamma": gamma, "beta": beta, "mean": mean, "variance": variance, "epsilon": epsilon}
        return matrix(W, b, **{**given, **{name: change(given) for name, change in other.items()}})

    return fold


folded.wrong_value("no_root", changed(variance=lambda g: (g["variance"] + 0.1) ** 2 - 0.1), "variance")
folded.wrong_value("no_epsilon", changed(epsilon=lambda g: 0), "epsilon is missing")
folded.wrong_value(
    "epsilon_after_the_root",
    changed(variance=lambda g: (np.sqrt(g["variance"]) + 0.1) ** 2, epsilon=lambda g: 0),
    "after the root",
)
folded.wrong_value("no_gamma", changed(gamma=lambda g: 1), "gamma is missing")
folded.wrong_value("no_mean", changed(mean=lambda g: 0), "not taken away")
folded.wrong_value("adds_the_mean", changed(mean=lambda g: -g["mean"]), "mean is added")
folded.wrong_value("no_beta", changed(beta=lambda g: 0), "beta is missing")


@folded.wrong("rows are scaled")
def scales_the_rows(W, b, gamma, beta, mean, variance, epsilon):
    factor = gamma / np.sqrt(variance + epsilon)
    return W * factor[:, np.newaxis], (b - mean) * factor + beta


@folded.wrong("old bias")
def keeps_the_bias(W, b, gamma, beta, mean, variance, epsilon):
    return one_factor(W, b, gamma, beta, mean, variance, epsilon)[0], b


@folded.wrong("b goes through")
def does_not_scale_b(W, b, gamma, beta, mean, variance, epsilon):
    factor = gamma / np.sqrt(variance + epsilon)
    return W * factor, b + beta - mean * factor


@folded.wrong("after the scaling")
def scales_first(W, b, gamma, beta, mean, variance, epsilon):
    factor = gamma / np.sqrt(variance + epsilon)
    return W * factor, b * factor - mean + beta


@folded.wrong("beta is scaled")
def scales_beta(W, b, gamma, beta, mean, variance, epsilon):
    factor = gamma / np.sqrt(variance + epsilon)
    return W * factor, (b - mean + beta) * factor


@folded.wrong("two things")
def gives_the_matrix_only(W, b, gamma, beta, mean, variance, epsilon):
    return W * gamma / np.sqrt(variance + epsilon)
