"""Answers to the exercises of cifar-cnn."""

import keras
import numpy as np
import tensorflow as tf

from nnbook.exercises import cifar_cnn as check
from tests.chapters.answers import Answers

epoch = Answers(check.epoch)
epoch.right_values(
    a_list=[0.375, 0.325],
    worked_out=(np.mean([0.1, 0.3, 0.5, 0.6]), 0.7 - np.mean([0.1, 0.3, 0.5, 0.6])),
    float32=np.array([0.375, 0.325], "float32"),
    a_tensor=tf.constant([0.375, 0.325]),
)
epoch.wrong_value("counts_the_end_too", [0.44, 0.26], "took part")
epoch.wrong_value("the_last_batch", [0.6, 0.1], "last batch alone")
epoch.wrong_value("the_end", [0.7, 0], "at the end")
epoch.wrong_value("after_each_step", [0.525, 0.175], "after each step")
epoch.wrong_value("other_sign", [0.375, -0.325], "below")
epoch.wrong_value("distance_to_the_last_batch", [0.375, 0.225], "to the last batch")
epoch.wrong_value("no_distance", [0.375, 0.7], "distance from 0.7")
epoch.wrong_value("exchanged", [0.325, 0.375], "other order")
epoch.wrong_value("per_cent", [37.5, 32.5], "per cent")
epoch.wrong_value("one_number", 0.375, "shape")

larger_pictures = Answers(check.larger_pictures)
larger_pictures.right_values(
    a_list=[56_320, 589_888],
    worked_out=(896 + 18_496 + 36_928, (9216 + 1) * 64),
    floats=np.array([56_320.0, 589_888.0]),
    a_tensor=tf.constant([56_320, 589_888]),
)
larger_pictures.wrong_value("nothing_grows", [56_320, 65_600], "32×32")
larger_pictures.wrong_value("kernels_grow", [4 * 56_320, 589_888], "Kernels slide")
larger_pictures.wrong_value("all_grows_fourfold", [4 * 56_320, 4 * 65_600], "Neither")
larger_pictures.wrong_value("dense_grows_fourfold", [56_320, 4 * 65_600], "four times as large")
larger_pictures.wrong_value("twice_the_side", [56_320, 8 * 8 * 64 * 64 + 64], "twice 4")
larger_pictures.wrong_value("no_bias", [56_320, 9216 * 64], "bias")
larger_pictures.wrong_value("rounds_up", [56_320, 13 * 13 * 64 * 64 + 64], "rounded up")
larger_pictures.wrong_value("one_side_only", [56_320, 12 * 64 * 64 + 64], "square")
larger_pictures.wrong_value("no_channels", [56_320, 144 * 64 + 64], "factor of 64")
larger_pictures.wrong_value("the_whole_net_for_the_base", [122_570, 589_888], "dense layer is right")
larger_pictures.wrong_value("what_flatten_gives", [56_320, 9_216], "Flatten gives")
larger_pictures.wrong_value("other_order", [589_888, 56_320], "other order")
larger_pictures.wrong_value("whole_net", [56_320, 56_320 + 589_888 + 650], "whole net")

softmax_twice = Answers(check.softmax_twice)
softmax_twice.right_values(
    a_formula=np.log(np.e + 9) - 1,
    rounded=1.46,
    with_keras=keras.losses.SparseCategoricalCrossentropy(from_logits=True)(np.array([0]), np.eye(10)[:1]),
    of_a_fraction=-np.log(np.e / (np.e + 9)),
)
softmax_twice.wrong_value("a_perfect_net_has_no_loss", 0, "probabilities")
softmax_twice.wrong_value("guessing", np.log(10), "equally probable")
softmax_twice.wrong_value("a_probability", 0.232, "minus its logarithm")
softmax_twice.wrong_value("forgets_the_minus", -1.461, "negative")
softmax_twice.wrong_value("ten_others", 1.543, "nine other")
softmax_twice.wrong_value("the_sum_alone", 2.461, "sum alone")
softmax_twice.wrong_value("base_ten", 0.6346, "base 10")
softmax_twice.wrong_value("nine_nothings", 1, "count, too")

best_of_many = Answers(check.best_of_many)
best_of_many.right_values(a_word="1.2", with_spaces=" 1.2 ", a_number=1.2, of_numpy=np.float64(1.2))
best_of_many.wrong_value("number_of_tries_does_not_matter", "0.7", "luckier")
best_of_many.wrong_value("ten_times_the_tries", "7", "rare")
best_of_many.wrong_value("root_of_the_tries", "2.2", "root of ten")
best_of_many.wrong_value("more_tries_average_luck_away", "0.2", "average luck away")
best_of_many.wrong_value("a_number_is_no_word", 7, "rare")
best_of_many.wrong_value("none_of_them", "3", "one of")

fifth_of_each = Answers(check.fifth_of_each)


@fifth_of_each.right
def class_by_class(labels, share):
    found = []
    for label in range(10):
        places = np.flatnonzero(labels == label)
        found.append(places[len(places) - int(len(places) * share) :])
    return np.concatenate(found)


@fifth_of_each.right
def a_list(labels, share):
    found = []
    for label in set(labels.tolist()):
        places = [k for k, one in enumerate(labels) if one == label]
        count = int(len(places) * share)
        found += places[::-1][:count]
    return found


@fifth_of_each.right
def by_sorting(labels, share):
    order = np.argsort(labels, kind="stable")
    found = [part[len(part) - int(share * len(part)) :] for part in np.split(order, np.cumsum(np.bincount(labels)))]
    return np.sort(np.concatenate(found)).astype("float32")


@fifth_of_each.right
def a_tensor(labels, share):
    return tf.constant(class_by_class(labels, share))


@fifth_of_each.wrong("whatever their class")
def last_of_all(labels, share):
    return np.arange(len(labels))[-int(len(labels) * share) :]


@fifth_of_each.wrong("whatever their class")
def as_keras_does(labels, share):
    return np.arange(int(len(labels) * (1 - share)), len(labels))


@fifth_of_each.wrong("first part")
def first_of_each(labels, share):
    return np.concatenate(
        [(at := np.flatnonzero(labels == label))[: int(len(at) * share)] for label in np.unique(labels)]
    )


@fifth_of_each.wrong("stay for training")
def the_others(labels, share):
    return np.setdiff1d(np.arange(len(labels)), class_by_class(labels, share))


@fifth_of_each.wrong("labels")
def their_labels(labels, share):
    return labels[class_by_class(labels, share)]


@fifth_of_each.wrong("count its start")
def slice_from_the_end(labels, share):
    return np.concatenate(
        [(at := np.flatnonzero(labels == label))[-int(len(at) * share) :] for label in np.unique(labels)]
    )


@fifth_of_each.wrong("round up")
def rounds_up(labels, share):
    return np.concatenate(
        [
            (at := np.flatnonzero(labels == label))[len(at) - int(np.ceil(len(at) * share)) :]
            for label in np.unique(labels)
        ]
    )


@fifth_of_each.wrong("nearest")
def rounds(labels, share):
    return np.concatenate(
        [(at := np.flatnonzero(labels == label))[len(at) - round(len(at) * share) :] for label in np.unique(labels)]
    )


@fifth_of_each.wrong("same number")
def as_many_of_each(labels, share):
    count = int(len(labels) * share / len(np.unique(labels)))
    return np.concatenate([np.flatnonzero(labels == label)[-count:] for label in np.unique(labels)])


@fifth_of_each.wrong("every fourth")
def every_fourth(labels, share):
    return np.arange(0, len(labels), int(1 / share))


@fifth_of_each.wrong("mask")
def a_mask(labels, share):
    return np.isin(np.arange(len(labels)), class_by_class(labels, share))


@fifth_of_each.wrong("number times the share")
def one_class_only(labels, share):
    return np.flatnonzero(labels == 0)[-2:]


safe_loss = Answers(check.safe_loss)


def logs(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@safe_loss.right
def shifted_difference(logits, labels):
    return -logs(logits)[np.arange(len(labels)), labels].mean()


@safe_loss.right
def a_loop(logits, labels):
    losses = []
    for row, label in zip(logits.tolist(), labels, strict=True):
        top = max(row)
        losses.append(top + float(np.log(sum(np.exp(z - top) for z in row))) - row[label])
    return sum(losses) / len(losses)


@safe_loss.right
def with_logaddexp(logits, labels):
    return np.float32((np.logaddexp.reduce(logits, axis=1) - np.einsum("nc,nc->n", np.eye(3)[labels], logits)).mean())


@safe_loss.right
def with_keras(logits, labels):
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)


@safe_loss.wrong("Divide by their number")
def adds_up(logits, labels):
    return -logs(logits)[np.arange(len(labels)), labels].sum()


@safe_loss.wrong("Take the mean")
def one_loss_a_picture(logits, labels):
    return -logs(logits)[np.arange(len(labels)), labels]


@safe_loss.wrong("sign")
def no_minus(logits, labels):
    return logs(logits)[np.arange(len(labels)), labels].mean()


@safe_loss.wrong("Take the logarithm")
def a_probability(logits, labels):
    return np.exp(logs(logits))[np.arange(len(labels)), labels].mean()


@safe_loss.wrong("logarithm of a mean")
def logarithm_of_the_mean(logits, labels):
    return -np.log(np.exp(logs(logits))[np.arange(len(labels)), labels].mean())


@safe_loss.wrong("greatest logit")
def its_own_guess(logits, labels):
    return -logs(logits).max(axis=1).mean()


@safe_loss.wrong("own label")
def all_columns(logits, labels):
    return -logs(logits)[:, labels].mean()


@safe_loss.wrong("over the pictures")
def softmax_over_the_pictures(logits, labels):
    return -logs(logits.T).T[np.arange(len(labels)), labels].mean()


@safe_loss.wrong("all pictures")
def sums_over_everything(logits, labels):
    return (np.log(np.exp(logits).sum()) - logits[np.arange(len(labels)), labels]).mean()


@safe_loss.wrong("in the sum only")
def shifts_the_sum_only(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - logits[np.arange(len(labels)), labels]).mean()


@safe_loss.wrong("all classes")
def mean_over_classes(logits, labels):
    return -logs(logits).mean()


@safe_loss.wrong("base 10")
def base_ten(logits, labels):
    return shifted_difference(logits, labels) / np.log(10)


@safe_loss.wrong("1000 is infinite")
def as_on_the_page(logits, labels):
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.log(probabilities[np.arange(len(labels)), labels]).mean()


@safe_loss.wrong("1000 is infinite")
def a_difference_without_a_shift(logits, labels):
    return (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels]).mean()


@safe_loss.wrong("probability became 0")
def a_shift_without_a_difference(logits, labels):
    return -np.log(np.exp(logs(logits))[np.arange(len(labels)), labels]).mean()


@safe_loss.wrong("use none")
def a_bound_on_the_probability(logits, labels):
    return -np.log(np.maximum(np.exp(logs(logits)), 1e-7)[np.arange(len(labels)), labels]).mean()
