"""Answers to the exercises of rnn-gradients."""

import numpy as np
import tensorflow as tf

from nnbook.exercises import rnn_gradients as check
from tests.chapters.answers import Answers

two_errors = Answers(check.two_errors)
two_errors.right_values(a_list=[1, 1], a_tuple=(1.0, 1.0), an_array=np.array([1.0, 1.0]))
two_errors.right_values(a_tensor=tf.constant([1.0, 1.0]))
two_errors.wrong_value("one_share_only", [0.5, 0.5], "one of two shares")
two_errors.wrong_value("without_W", [1.5, 0.5], "W transposed")
two_errors.wrong_value("whole_sum_comes_back", [1.5, 1.5], "halve")
two_errors.wrong_value("halved_twice", [0.75, 0.75], "halved twice")
two_errors.wrong_value("target_minus_output", [-1, -1], "minus the target")
two_errors.wrong_value("one_sign_turned", [0, 0], "first error")
two_errors.wrong_value("the_error_itself", [1, 0], "at its output")
two_errors.wrong_value("one_number", 1.0, "shape")

last_output_only = Answers(check.last_output_only)
last_output_only.right_values(a_list=[-0.072, 0.07168], rounded=(-0.072, 0.0717))
last_output_only.right_values(
    computed=np.array([1, 0.64]) * (np.array([[0.5, 0], [1, -0.5]]) @ [-0.144, -0.512]),
    float32=np.array([-0.072, 0.07168], "float32"),
)
last_output_only.wrong_value("as_in_the_table", [0.128, 0.32768], "still in it")
last_output_only.wrong_value("its_own_error_only", [0.2, 0.256], "no longer counts")
last_output_only.wrong_value("no_slope", [-0.072, 0.112], "slopes of tanh")
last_output_only.wrong_value("no_transpose", [-0.584, 0.16384], "columns")
last_output_only.wrong_value("no_transpose_and_no_slope", [-0.584, 0.256], "and then the slopes")
last_output_only.wrong_value("slopes_of_step_3", [-0.02592, 0.07168], "step 3")
last_output_only.wrong_value("divided_by_the_slope", [-0.072, 0.175], "divide")
last_output_only.wrong_value("state_for_slope", [0, 0.0672], "by the state")
last_output_only.wrong_value("tanh_of_the_state", [-0.072, 0.0797], "already is a tanh")
last_output_only.wrong_value("a_sign_turned", [0.072, -0.07168], "V transposed times")

one_step_only = Answers(check.one_step_only)
NO_TRANSPOSE, OLD_STATE, NO_SUM, SLOPE = check.BUGS
one_step_only.right_values(
    a_list=[NO_TRANSPOSE, NO_SUM],
    the_other_way_round=(NO_SUM, NO_TRANSPOSE),
    a_set={NO_TRANSPOSE, NO_SUM},
    an_array=np.array([NO_TRANSPOSE, NO_SUM]),
    capitals=["No transpose", "No sum over t "],
)
one_step_only.wrong_value("all_of_them", [*check.BUGS], "h_0 is 0")
one_step_only.wrong_value("thinks_h1_is_h0", [NO_TRANSPOSE, NO_SUM, OLD_STATE], "h_0 is 0")
one_step_only.wrong_value("thinks_tanh_needs_time", [NO_TRANSPOSE, NO_SUM, SLOPE], "every step")
one_step_only.wrong_value("forgets_the_sum", [NO_TRANSPOSE], "shares")
one_step_only.wrong_value("forgets_what_is_handed_back", NO_SUM, "later step")
one_step_only.wrong_value("none", [], "do hide")
one_step_only.wrong_value("how_many", 2, "names")
one_step_only.wrong_value("their_numbers", [0, 2], "copy the names")
one_step_only.wrong_value("misspelled", ["transpose", "sum"], "copy the names")

clip = Answers(check.clip)


def length_of(gradients):
    return np.linalg.norm(np.concatenate([one.ravel() for one in gradients]))


@clip.right
def with_an_if(gradients, limit):
    length = length_of(gradients)
    if length <= limit:
        return gradients
    return [one * (limit / length) for one in gradients]


@clip.right
def in_place(gradients, limit):
    squares = 0.0
    for one in gradients:
        squares += np.einsum("i,i->", one.ravel(), one.ravel())
    if squares > limit**2:
        for one in gradients:
            one *= limit / squares**0.5
    return gradients


@clip.right
def with_tensorflow(gradients, limit):
    clipped, _ = tf.clip_by_global_norm([tf.constant(one, "float32") for one in gradients], limit)
    return clipped


@clip.right
def as_lists(gradients, limit):
    length = sum(number**2 for one in gradients for number in one.ravel()) ** 0.5
    return tuple((one / max(1.0, length / limit)).tolist() for one in gradients)


@clip.wrong("by itself")
def each_array(gradients, limit):
    return [one * min(1, limit / np.linalg.norm(one)) for one in gradients]


@clip.wrong("Each number")
def each_number(gradients, limit):
    return [np.clip(one, -limit, limit) for one in gradients]


@clip.wrong("never above 1")
def always(gradients, limit):
    return [one * limit / length_of(gradients) for one in gradients]


@clip.wrong("its root")
def without_the_root(gradients, limit):
    return [one * min(1, limit / length_of(gradients) ** 2) for one in gradients]


@clip.wrong("three lengths")
def adds_the_lengths(gradients, limit):
    return [one * min(1, limit / sum(map(np.linalg.norm, gradients))) for one in gradients]


@clip.wrong("largest number")
def by_the_largest(gradients, limit):
    return [one * min(1, limit / max(abs(part).max() for part in gradients)) for one in gradients]


@clip.wrong("sum of the sizes")
def by_the_sum_of_sizes(gradients, limit):
    return [one * min(1, limit / sum(abs(part).sum() for part in gradients)) for one in gradients]


@clip.wrong("Nothing was shortened")
def forgets_to_keep(gradients, limit):
    for one in gradients:
        one = one * limit / length_of(gradients)
    return gradients


@clip.wrong("the length is 1")
def to_length_one(gradients, limit):
    return [one / length_of(gradients) for one in gradients]


@clip.wrong("must stay")
def everything_to_one_if_short(gradients, limit):
    length = length_of(gradients)
    return [one * (limit if length > limit else 1) / length for one in gradients]


@clip.wrong("three arrays")
def one_row(gradients, limit):
    return np.concatenate([one.ravel() for one in with_an_if(gradients, limit)])


@clip.wrong("divide by it")
def direction_times_length(gradients, limit):
    length = length_of(gradients)
    return [one / length * min(length, limit) for one in gradients]


leaky = Answers(check.leaky)


@leaky.right
def in_two_ways(dh, h, x_t, U, V, a):
    bent = np.tanh(U @ x_t + V @ h)
    return (1 - a) * dh + V.T @ (a * (1 - bent**2) * dh)


@leaky.right
def with_a_jacobian(dh, h, x_t, U, V, a):
    bent = np.tanh(U @ x_t + V @ h)
    jacobian = (1 - a) * np.eye(len(h)) + a * np.diag(1 - bent**2) @ V
    return dh @ jacobian


@leaky.right
def with_loops(dh, h, x_t, U, V, a):
    found = [(1 - a) * one for one in dh]
    for i in range(len(h)):
        bent = np.tanh(sum(U[i] * x_t) + sum(V[i] * h))
        for j in range(len(h)):
            found[j] += a * (1 - bent**2) * V[i, j] * dh[i]
    return found


@leaky.right
def with_a_tape(dh, h, x_t, U, V, a):
    before = tf.Variable(h)
    with tf.GradientTape() as tape:
        after = (1 - a) * before + a * tf.tanh(U @ x_t + tf.linalg.matvec(V, before))
    return tape.gradient(after, before, output_gradients=tf.constant(dh))


def leaky_with(dh, h, x_t, U, V, a, *, keep=None, share=None, back=None, slope=None):
    bent = np.tanh(U @ x_t + V @ h)
    slope = 1 - bent**2 if slope is None else slope(bent, h, (1 - a) * h + a * bent)
    keep, share = 1 - a if keep is None else keep, a if share is None else share
    return keep * dh + (V.T if back is None else back) @ (share * slope * dh)


@leaky.wrong("direct way is missing")
def through_tanh_only(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, keep=0)


@leaky.wrong("Only the direct way")
def direct_way_only(dh, h, x_t, U, V, a):
    return (1 - a) * dh


@leaky.wrong("Multiply it by a")
def forgets_a(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, share=1)


@leaky.wrong("1 - a")
def direct_way_whole(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, keep=1)


@leaky.wrong("exchanged")
def factors_exchanged(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, keep=a, share=1 - a)


@leaky.wrong("rows of V")
def no_transpose(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, back=V)


@leaky.wrong("no tanh here")
def slope_at_the_new_state(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, slope=lambda bent, old, new: 1 - new**2)


@leaky.wrong("old state")
def slope_at_the_old_state(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, slope=lambda bent, old, new: 1 - old**2)


@leaky.wrong("divide")
def slope_of_the_inverse(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, slope=lambda bent, old, new: 1 / (1 - bent**2))


@leaky.wrong("slope of tanh is missing")
def no_slope(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, slope=lambda bent, old, new: 1)


@leaky.wrong("after V.T")
def slope_last(dh, h, x_t, U, V, a):
    return (1 - a) * dh + a * (1 - np.tanh(U @ x_t + V @ h) ** 2) * (V.T @ dh)


@leaky.wrong("squared")
def tanh_not_squared(dh, h, x_t, U, V, a):
    return leaky_with(dh, h, x_t, U, V, a, slope=lambda bent, old, new: 1 - bent)


@leaky.wrong("matrix")
def outer_product(dh, h, x_t, U, V, a):
    return (1 - a) * dh + a * V.T * dh


@clip.wrong("divide by the limit")
def by_the_limit(gradients, limit):
    return [one / limit if length_of(gradients) > limit else one for one in gradients]


@leaky.wrong("direct way, too")
def slope_everywhere(dh, h, x_t, U, V, a):
    slope = 1 - np.tanh(U @ x_t + V @ h) ** 2
    return (1 - a) * slope * dh + V.T @ (a * slope * dh)


@leaky.wrong("without the input")
def forgets_the_input(dh, h, x_t, U, V, a):
    return (1 - a) * dh + V.T @ (a * (1 - np.tanh(V @ h) ** 2) * dh)


@leaky.wrong("Neither way")
def a_plain_step_and_the_old_gradient(dh, h, x_t, U, V, a):
    return dh + V.T @ ((1 - np.tanh(U @ x_t + V @ h) ** 2) * dh)


@leaky.wrong("finite differences")
def a_leak_of_its_own(dh, h, x_t, U, V, a):
    return 0.7 * dh + V.T @ (0.3 * (1 - np.tanh(U @ x_t + V @ h) ** 2) * dh)
