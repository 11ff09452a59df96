"""Answers to the exercises of what-the-classifier-learned."""

import itertools

import numpy as np
import tensorflow as tf

from nnbook.exercises import what_the_classifier_learned as check
from tests.chapters.answers import Answers

confidence = Answers(check.confidence)
confidence.right_values(
    a_list=[0.5, 0.75], a_tuple=(0.5, 0.75), float32=np.array([0.5, 0.75], "float32"), a_tensor=tf.constant([0.5, 0.75])
)
confidence.wrong_value("mean_probability_of_praise", [0.5, 0.5], "of praise")
confidence.wrong_value("mean_probability_of_the_label", [0.5, 0.45], "right label")
confidence.wrong_value("right_answers_only", [0.5, 0.7], "wrong answers, too")
confidence.wrong_value("wrong_answers_only", [0.5, 0.8], "alone")
confidence.wrong_value("other_order", [0.75, 0.5], "other order")
confidence.wrong_value("counts", [2, 0.75], "share")
confidence.wrong_value("adds_up", [0.5, 3], "mean")
confidence.wrong_value("one_number", 0.75, "shape")

steps = Answers(check.steps)
steps.right_values(
    with_a_root=[1, 1 / np.sqrt(3)],
    rounded=[1, 0.577],
    a_tuple=(1.0, 3**-0.5),
    an_array=np.array([1, 0.5774], "float32"),
)
steps.wrong_value("as_if_they_agreed", [1, np.sqrt(3)], "agree")
steps.wrong_value("forgets_the_root", [1, 1 / 3], "under a root")
steps.wrong_value("other_order", [1 / np.sqrt(3), 1], "other order")
steps.wrong_value("both_square_the_sum", [1, 1], "squares each slope")
steps.wrong_value("loses_the_sign", [3, np.sqrt(3)], "negative")
steps.wrong_value("takes_the_mean", [1 / 3, 1 / 3], "not their mean")
steps.wrong_value("a_mean_over_a_root", [1, 1 / 3 / np.sqrt(3)], "took a mean")
steps.wrong_value("the_square_of_minus_one", [1, 0.7071], "three squares")

majority = Answers(check.majority)
majority.right_values(
    a_list=[0, 0.6, 0.8],
    fractions=(0, 3 / 5, 4 / 5),
    an_array=np.array([0, 0.6, 0.8]),
    a_tensor=tf.constant([0, 0.6, 0.8]),
)
majority.wrong_value("majority_of_all_ten", [0.5, 0.6, 0.8], "tips the balance")
majority.wrong_value("never_wrong", [1, 0.6, 0.8], "other label")
majority.wrong_value("always_wrong", [0, 0, 0], "does not tip")
majority.wrong_value("the_wrong_answers", [0, 0.4, 0.2], "wrong answers")
majority.wrong_value("one_too_few", [0, 0.5, 0.7], "too few")
majority.wrong_value("of_nine", [0, 5 / 9, 7 / 9], "Divide by 10")
majority.wrong_value("numbers", [0, 6, 8], "numbers of documents")
majority.wrong_value("per_cent", [0, 60, 80], "per cent")
majority.wrong_value("forgets_the_others", [0, 1, 1], "left out, too")

exact = Answers(check.exact)


def measure(scores, labels):
    return scores[labels == 1].mean() - scores[labels == 0].mean()


def measures(scores, labels, ones=None):
    """Return the measure for each way to choose places."""
    n, found = len(scores), []
    for places in itertools.combinations(range(n), int(labels.sum()) if ones is None else ones):
        chosen = np.zeros(n)
        chosen[list(places)] = 1
        found.append(measure(scores, chosen))
    return np.array(found)


@exact.right
def all_combinations(scores, labels):
    return np.mean(measures(scores, labels) >= measure(scores, labels))


@exact.right
def all_permutations(scores, labels):
    every = [measure(scores, np.array(one)) for one in set(itertools.permutations(labels.tolist()))]
    return sum(one >= measure(scores, labels) for one in every) / len(every)


@exact.right
def sums_alone(scores, labels):
    ways = list(itertools.combinations(scores.tolist(), int(labels.sum())))
    at_least = [way for way in ways if sum(way) >= (scores * labels).sum()]
    return np.float32(len(at_least) / len(ways))


@exact.right
def by_recursion(scores, labels):
    wanted = float(scores @ labels)

    def count(k, ones, total):
        if k == len(scores):
            return np.array([ones == 0 and total >= wanted, ones == 0], float)
        return count(k + 1, ones, total) + count(k + 1, ones - 1, total + scores[k])

    larger, every = count(0, int(labels.sum()), 0.0)
    return larger / every


@exact.wrong("Write >=")
def larger_only(scores, labels):
    return np.mean(measures(scores, labels) > measure(scores, labels))


@exact.wrong("absolute value")
def two_sided(scores, labels):
    return np.mean(abs(measures(scores, labels)) >= measure(scores, labels) - 1e-9)


@exact.wrong("Turn the comparison")
def smaller(scores, labels):
    return np.mean(measures(scores, labels) <= measure(scores, labels))


@exact.wrong("counted twice")
def adds_one(scores, labels):
    every = measures(scores, labels)
    return (1 + (every >= measure(scores, labels)).sum()) / (1 + len(every))


@exact.wrong("number of all ways")
def a_count(scores, labels):
    return (measures(scores, labels) >= measure(scores, labels)).sum()


@exact.wrong("any number of ones")
def any_number_of_ones(scores, labels):
    every = np.concatenate([measures(scores, labels, ones) for ones in range(1, len(scores))])
    return np.mean(every >= measure(scores, labels))


@exact.wrong("smaller measures")
def the_others(scores, labels):
    return np.mean(measures(scores, labels) < measure(scores, labels))


@exact.wrong("none at random")
def draws_a_hundred(scores, labels):
    rng = np.random.default_rng(0)
    every = [measure(scores, rng.permutation(labels)) for _ in range(99)]
    return (1 + np.sum(np.array(every) >= measure(scores, labels))) / 100


@exact.wrong("shape")
def gives_them_all(scores, labels):
    return measures(scores, labels)


masked = Answers(check.masked)


@masked.right
def a_loop(table, numbers):
    return [np.mean([table[word] for word in row if word > 0], axis=0) for row in numbers]


@masked.right
def with_a_mask(table, numbers):
    is_word = (numbers != 0)[..., None]
    return (table[numbers] * is_word).sum(axis=1) / is_word.sum(axis=1)


@masked.right
def with_einsum(table, numbers):
    weights = (numbers > 0) / (numbers > 0).sum(axis=1, keepdims=True)
    return np.einsum("np,npd->nd", weights, table[numbers]).astype("float32")


@masked.right
def with_numpys_masks(table, numbers):
    hidden = np.repeat((numbers == 0)[..., None], table.shape[1], axis=2)
    return np.ma.array(table[numbers], mask=hidden).mean(axis=1).filled()


@masked.right
def as_a_count_of_words(table, numbers):
    counts = tf.reduce_sum(tf.one_hot(numbers, len(table), dtype="float64"), axis=1)[:, 1:]
    return counts @ table[1:] / tf.reduce_sum(counts, axis=1, keepdims=True)


@masked.wrong("counts like a word")
def no_mask(table, numbers):
    return table[numbers].mean(axis=1)


@masked.wrong("places are still counted")
def divides_by_all_places(table, numbers):
    return (table[numbers] * (numbers > 0)[..., None]).mean(axis=1)


@masked.wrong("still in the sum")
def divides_only(table, numbers):
    return table[numbers].sum(axis=1) / (numbers > 0).sum(axis=1, keepdims=True)


@masked.wrong("sum of the words")
def adds_up(table, numbers):
    return (table[numbers] * (numbers > 0)[..., None]).sum(axis=1)


@masked.wrong("all documents")
def divides_by_all_words(table, numbers):
    return adds_up(table, numbers) / (numbers > 0).sum()


@masked.wrong("place by place")
def the_other_axis(table, numbers):
    return (table[numbers] * (numbers > 0)[..., None]).mean(axis=0)


@masked.wrong("one mean")
def one_mean_for_all(table, numbers):
    return table[numbers[numbers > 0]].mean(axis=0)


@masked.wrong("counted once")
def each_word_once(table, numbers):
    return np.array([table[np.setdiff1d(row, [0])].mean(axis=0) for row in numbers])


@masked.wrong("one row a document")
def lies_on_its_side(table, numbers):
    return with_a_mask(table, numbers).T


@masked.wrong("stopped with")
def mask_lacks_an_axis(table, numbers):
    return (table[numbers] * (numbers > 0)).sum(axis=1)
