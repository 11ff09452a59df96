"""Answers to the exercises of embedding-classifier."""

import keras
import numpy as np
import tensorflow as tf

from nnbook.exercises import embedding_classifier as check
from tests.chapters.answers import Answers

encoded_row = Answers(check.encoded_row)
encoded_row.right_values(
    a_list=[4, 1, 8, 7, 0, 0], an_array=np.array([4, 1, 8, 7, 0, 0], "int32"), floats=(4.0, 1.0, 8.0, 7.0, 0.0, 0.0)
)
encoded_row.wrong_value("unknown_as_padding", [4, 0, 8, 7, 0, 0], "unknown")
encoded_row.wrong_value("padding_in_front", [0, 0, 4, 1, 8, 7], "at the end")
encoded_row.wrong_value("left_the_unknown_out", [4, 8, 7, 0, 0, 0], "left out")
encoded_row.wrong_value("gave_the_unknown_a_new_number", [4, 16, 8, 7, 0, 0], "one number for all")
encoded_row.wrong_value("took_the_integers_of_the_notes", [46, 1, 35, 10, 0, 0], "notes")
encoded_row.wrong_value("did_not_pad", [4, 1, 8, 7], "six numbers")
encoded_row.wrong_value("one_number_wrong", [4, 1, 8, 5, 0, 0], "word by word")

parameters = Answers(check.parameters)
parameters.right_values(
    a_list=[641281, 193345],
    an_array=np.array([641281, 193345]),
    floats=(641281.0, 193345.0),
    a_tensor=tf.constant([641281, 193345]),
)
parameters.wrong_value("all_learn", [641281, 641281], "no gradient")
parameters.wrong_value("forgot_the_padding", [641281, 3000 * 64 + 1281], "padding")
parameters.wrong_value("table_only", [641281, 3001 * 64], "The node learns")
parameters.wrong_value("forgot_the_bias", [641280, 193344], "bias")
parameters.wrong_value("mean_in_place_of_flatten", [640000 + 65, 3001 * 64 + 65], "Flatten")
parameters.wrong_value("exchanged", [193345, 641281], "exchanged")
parameters.wrong_value("one_number", 641281, "shape")

numbers_needed = Answers(check.numbers_needed)


@numbers_needed.right
def a_loop_with_numpy(n_words, risk):
    count = n_words
    while 1 - np.prod(1 - np.arange(n_words) / count) > risk:
        count += 1
    return count


@numbers_needed.right
def word_by_word(n_words, risk):
    count = 1
    while True:
        apart = 1.0
        for k in range(n_words):
            apart *= (count - k) / count if count > k else 0
        if apart >= 1 - risk:
            return np.int64(count)
        count += 1


@numbers_needed.right
def halving(n_words, risk):
    low, high = n_words - 1, 10**6
    while high - low > 1:
        middle = (low + high) // 2
        apart = np.exp(np.log1p(-np.arange(n_words) / middle).sum())
        low, high = (low, middle) if 1 - apart <= risk else (middle, high)
    return float(high)


@numbers_needed.wrong("still too large")
def the_last_that_fails(n_words, risk):
    return a_loop_with_numpy(n_words, risk) - 1


@numbers_needed.wrong("One number fewer")
def one_more_for_zero(n_words, risk):
    return a_loop_with_numpy(n_words, risk) + 1


@numbers_needed.wrong("stay apart")
def risk_of_staying_apart(n_words, risk):
    count = n_words
    while np.prod(1 - np.arange(n_words) / count) < risk:
        count += 1
    return count


@numbers_needed.wrong("collisions twice")
def pairs_by_risk(n_words, risk):
    return int(np.ceil(n_words * (n_words - 1) / 2 / risk))


@numbers_needed.wrong("one given word")
def meets_one_given_word(n_words, risk):
    count = 2
    while 1 - (1 - 1 / count) ** (n_words - 1) > risk:
        count += 1
    return count


@numbers_needed.wrong("search begins")
def loop_turned_round(n_words, risk):
    count = n_words
    while 1 - np.prod(1 - np.arange(n_words) / count) < risk:
        count += 1
    return count


table_gradient = Answers(check.table_gradient)


@table_gradient.right
def add_at(numbers, slopes, n_rows):
    gradient = np.zeros((n_rows, slopes.shape[-1]))
    np.add.at(gradient, numbers, slopes)
    return gradient


@table_gradient.right
def loops(numbers, slopes, n_rows):
    gradient = [[0.0] * slopes.shape[2] for _ in range(n_rows)]
    for row, of_row in zip(numbers, slopes, strict=True):
        for number, slope in zip(row, of_row, strict=True):
            gradient[number] = [a + b for a, b in zip(gradient[number], slope, strict=True)]
    return gradient


@table_gradient.right
def one_hot_times_slopes(numbers, slopes, n_rows):
    return (np.eye(n_rows)[numbers.ravel()].T @ slopes.reshape(-1, slopes.shape[2])).astype("float32")


@table_gradient.right
def with_the_tape(numbers, slopes, n_rows):
    table = tf.Variable(np.zeros((n_rows, slopes.shape[2])))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.gather(table, numbers) * slopes)
    return tf.convert_to_tensor(tape.gradient(loss, table))


@table_gradient.wrong("only the last")
def short_form(numbers, slopes, n_rows):
    gradient = np.zeros((n_rows, slopes.shape[-1]))
    gradient[numbers] += slopes
    return gradient


@table_gradient.wrong("only the first")
def keeps_the_first(numbers, slopes, n_rows):
    gradient = np.zeros((n_rows, slopes.shape[-1]))
    gradient[numbers.ravel()[::-1]] = slopes.reshape(-1, 2)[::-1]
    return gradient


@table_gradient.wrong("mean of its slopes")
def means(numbers, slopes, n_rows):
    times = np.bincount(numbers.ravel(), minlength=n_rows)
    return add_at(numbers, slopes, n_rows) / np.maximum(times, 1)[:, None]


@table_gradient.wrong("number of documents")
def divided_by_the_batch(numbers, slopes, n_rows):
    return add_at(numbers, slopes, n_rows) / len(numbers)


@table_gradient.wrong("Row 0 gets nothing")
def leaves_the_padding_out(numbers, slopes, n_rows):
    return add_at(numbers, slopes * (numbers != 0)[..., None], n_rows)


@table_gradient.wrong("for each look-up")
def gives_the_sparse_form(numbers, slopes, n_rows):
    return slopes.reshape(-1, slopes.shape[-1])


@table_gradient.wrong("shape")
def transposed(numbers, slopes, n_rows):
    return add_at(numbers, slopes, n_rows).T


drop_words = Answers(check.drop_words)


@drop_words.right
def where(rows, share, rng):
    return np.where((rng.random(rows.shape) < share) & (rows != 0), 1, rows)


@drop_words.right
def in_loops(rows, share, rng):
    new = [list(row) for row in rows]
    for row in new:
        for place, number in enumerate(row):
            if number and rng.random() < share:
                row[place] = 1
    return new


@drop_words.right
def with_binomial_and_keras(rows, share, rng):
    drawn = rng.binomial(1, share, size=rows.shape).astype(bool)
    return keras.ops.where(keras.ops.logical_and(drawn, rows > 0), 1, rows)


@drop_words.right
def keeps_the_rest(rows, share, rng):
    new = rows.astype("float32")
    new[(rng.uniform(size=rows.shape) >= 1 - share) & (rows > 0)] = 1
    return new


@drop_words.wrong("changed the padding")
def drops_the_padding(rows, share, rng):
    return np.where(rng.random(rows.shape) < share, 1, rows)


@drop_words.wrong("0 is the padding")
def puts_zeros(rows, share, rng):
    return np.where((rng.random(rows.shape) < share) & (rows != 0), 0, rows)


@drop_words.wrong("keeps 30 %")
def keeps_the_share(rows, share, rng):
    return np.where((rng.random(rows.shape) > share) & (rows != 0), 1, rows)


@drop_words.wrong("same words for two generators")
def a_generator_of_its_own(rows, share, rng):
    return where(rows, share, np.random.default_rng(0))


@drop_words.wrong("whole documents")
def drops_documents(rows, share, rng):
    return np.where((rng.random((len(rows), 1)) < share) & (rows != 0), 1, rows)


@drop_words.wrong("whole places")
def drops_places(rows, share, rng):
    return np.where((rng.random(rows.shape[1]) < share) & (rows != 0), 1, rows)


@drop_words.wrong("every occurrence")
def drops_words_everywhere(rows, share, rng):
    return np.where((rng.random(60) < share)[rows] & (rows != 0), 1, rows)


@drop_words.wrong("all words or none")
def gives_the_rows_back(rows, share, rng):
    return rows


@drop_words.wrong("other numbers than 1")
def exchanges_words(rows, share, rng):
    return np.where((rng.random(rows.shape) < share) & (rows != 0), rng.integers(1, 60, rows.shape), rows)


@drop_words.wrong("about 30 %")
def half_of_them(rows, share, rng):
    return np.where((rng.random(rows.shape) < 0.5) & (rows != 0), 1, rows)


@drop_words.wrong("changes rows itself")
def in_place(rows, share, rng):
    rows[(rows != 0) & (rng.random(rows.shape) < share)] = 1
    return rows


@drop_words.wrong("all words or none")
def one_draw_for_all(rows, share, rng):
    return np.where((rows != 0) & (rng.random() < share), 1, rows)


@drop_words.wrong("for the same generator")
def draws_of_its_own(rows, share, rng):
    return np.where((rows != 0) & (np.random.default_rng().random(rows.shape) < share), 1, rows)


@drop_words.wrong("parameter share")
def a_share_of_its_own(rows, share, rng):
    return np.where((rows != 0) & (rng.random(rows.shape) < 0.3), 1, rows)


@table_gradient.wrong("twice in one document")
def a_document_at_a_time(numbers, slopes, n_rows):
    gradient = np.zeros((n_rows, slopes.shape[-1]))
    for row, slope in zip(numbers, slopes, strict=True):
        gradient[row] += slope
    return gradient
