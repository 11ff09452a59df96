"""Answers to the exercises of two-apples."""

from collections import Counter

import keras
import numpy as np
import tensorflow as tf

from nnbook.exercises import two_apples as check
from nnbook.text import words_of
from tests.chapters.answers import Answers

without_order = Answers(check.without_order)
without_order.right_values(
    a_list=[0.75, 0], a_tuple=(36 / 48, 0.0), an_array=np.array([0.75, 0], "float32"), a_tensor=tf.constant([0.75, 0])
)
without_order.wrong_value("all_of_both", [1, 1], "No reader without order")
without_order.wrong_value("twins_only", [0.5, 0], "single sentences")
without_order.wrong_value("half_of_the_pairs", [0.75, 0.5], "both of them right")
without_order.wrong_value("as_if_it_guessed", [0.75, 0.25], "guesses")
without_order.wrong_value("counted", [36, 0], "Divide")
without_order.wrong_value("in_per_cent", [75, 0], "per cent")
without_order.wrong_value("exchanged", [0, 0.75], "exchanged")
without_order.wrong_value("one_number", 0.75, "shape")

one_loss = Answers(check.one_loss)
one_loss.right_values(a_number=8, a_float=8.0, numpy=np.int64(8), a_tensor=tf.constant(8))
one_loss.wrong_value("all_that_count", 9, "the loss among them")
one_loss.wrong_value("one_side_only", 7, "both sides")
one_loss.wrong_value("as_without_a_loss", 6, "without a loss")
one_loss.wrong_value("too_few", 5, "not enough even")
one_loss.wrong_value("all_twelve", 12, "tie")
one_loss.wrong_value("more_than_needed", 10, "Fewer are enough")
one_loss.wrong_value("the_p", 0.039, "look where it falls")

run_needed = Answers(check.run_needed)


def runs(sentence, n):
    words = ["<", *words_of(sentence), ">"]
    return [tuple(words[k : k + n]) for k in range(len(words) - n + 1)]


def first(differ, start=1):
    n = start
    while not differ(n):
        n += 1
    return n


@run_needed.right
def sorted_lists(one, other):
    n = 1
    while sorted(runs(one, n)) == sorted(runs(other, n)):
        n += 1
    return n


@run_needed.right
def with_counters(one, other):
    for n in range(1, 99):
        if Counter(runs(one, n)) != Counter(runs(other, n)):
            return float(n)
    return None


@run_needed.right
def without_marks(one, other):
    n, one, other = 0, words_of(one), words_of(other)
    left, right = [], []
    while left == right:
        n += 1
        left = sorted(" ".join(one[k : k + n]) for k in range(len(one) - n + 1))
        right = sorted(" ".join(other[k : k + n]) for k in range(len(other) - n + 1))
    return np.int32(n)


@run_needed.wrong("longest run")
def the_longest_that_is_shared(one, other):
    return sorted_lists(one, other) - 1


@run_needed.wrong("how often")
def with_sets(one, other):
    return first(lambda n: set(runs(one, n)) != set(runs(other, n)))


@run_needed.wrong("begins with pairs")
def begins_with_pairs(one, other):
    return first(lambda n: sorted(runs(one, n)) != sorted(runs(other, n)), 2)


@run_needed.wrong("Sort them")
def does_not_sort(one, other):
    return first(lambda n: runs(one, n) != runs(other, n))


@run_needed.wrong("one step too far")
def one_too_far(one, other):
    return sorted_lists(one, other) + 1


@run_needed.wrong("no run at all")
def until_nothing_is_shared(one, other):
    return first(lambda n: not set(runs(one, n)) & set(runs(other, n)))


@run_needed.wrong("write their words down")
def length_of_the_sentence(one, other):
    return len(words_of(one))


both_ways = Answers(check.both_ways)


@both_ways.right
def turned_twice(x, read_left, read_right):
    return np.concatenate([read_left(x), read_right(x[::-1])[::-1]], axis=1)


@both_ways.right
def word_by_word(x, read_left, read_right):
    rows = []
    for t in range(len(x)):
        rows.append([*read_left(x[: t + 1])[-1], *read_right(np.flip(x[t:], 0))[-1]])
    return rows


@both_ways.right
def with_flipud_and_tensorflow(x, read_left, read_right):
    back = tf.reverse(tf.constant(read_right(np.flipud(x))), [0])
    return tf.concat([read_left(x), back], axis=1)


@both_ways.right
def with_keras_ops(x, read_left, read_right):
    return keras.ops.hstack([read_left(x), keras.ops.flip(read_right(x[::-1].copy()), axis=0)])


@both_ways.wrong("Turn its states back")
def states_not_turned_back(x, read_left, read_right):
    return np.hstack([read_left(x), read_right(x[::-1])])


@both_ways.wrong("Both layers read from the left")
def never_turned(x, read_left, read_right):
    return np.hstack([read_left(x), read_right(x)])


@both_ways.wrong("before it reads")
def states_turned_only(x, read_left, read_right):
    return np.hstack([read_left(x), read_right(x)[::-1]])


@both_ways.wrong("halves are exchanged")
def right_first(x, read_left, read_right):
    return np.hstack([read_right(x[::-1])[::-1], read_left(x)])


@both_ways.wrong("within a state")
def turned_the_wrong_axis(x, read_left, read_right):
    return np.hstack([read_left(x), read_right(x[::-1])[::-1, ::-1]])


@both_ways.wrong("two directions")
def left_reads_from_the_right(x, read_left, read_right):
    return np.hstack([read_left(x[::-1])[::-1], read_right(x)])


@both_ways.wrong("one state")
def last_states_only(x, read_left, read_right):
    return np.concatenate([read_left(x)[-1], read_right(x[::-1])[-1]])


@both_ways.wrong("other axis")
def below_each_other(x, read_left, read_right):
    return np.concatenate([read_left(x), read_right(x[::-1])[::-1]])


@both_ways.wrong("keep both")
def added(x, read_left, read_right):
    return read_left(x) + read_right(x[::-1])[::-1]


def readers(both, one_only, other_only=0):
    """Return two readers: how many questions both get, and how many each of them alone."""
    neither = 12 - both - one_only - other_only
    one = [1] * (both + one_only) + [0] * (other_only + neither)
    other = [1] * both + [0] * one_only + [1] * other_only + [0] * neither
    return [one, other]


overlapping = Answers(check.overlapping)
overlapping.right_values(
    nine_and_three=readers(3, 6),
    eleven_and_five=np.array(readers(5, 6)),
    the_second_is_ahead=tuple(reversed(readers(2, 6))),
    as_tensor=tf.constant(readers(4, 6), tf.float32),
    truth_values=np.array(readers(1, 6), bool),
)
overlapping.wrong_value("five_are_too_few", readers(3, 5), "ahead on more")
overlapping.wrong_value("twelve_against_six", readers(6, 6), "do not overlap")
overlapping.wrong_value("eleven_against_one", readers(1, 10), "do not overlap")
overlapping.wrong_value("a_loss_too_many", readers(2, 7, 1), "losses are dear")
overlapping.wrong_value("the_same_reader_twice", readers(6, 0), "ahead on more")
overlapping.wrong_value("numbers_of_right_answers", [9, 3], "shape")
overlapping.wrong_value("shares", np.full((2, 12), 0.5), "right or wrong")
overlapping.wrong_value("a_row_for_each_question", np.array(readers(3, 6)).T, "Each reader has a row")
