"""Answers to the exercises of lstm-and-gru."""

import keras
import numpy as np
import tensorflow as tf

from nnbook.exercises import lstm_and_gru as check
from nnbook.rnn import sigmoid
from tests.chapters.answers import Answers

fourth_step = Answers(check.fourth_step)
fourth_step.right_values(
    exact=-0.21315, three_places=-0.213, numpy=np.float32(-0.21315), a_tensor=tf.constant(-0.21315)
)
fourth_step.wrong_value("forgot_the_memory", 0.15, "what is kept is missing")
fourth_step.wrong_value("wrote_nothing", -0.36315, "what is written is missing")
fourth_step.wrong_value("kept_all", -0.4035 + 0.15, "forget gate")
fourth_step.wrong_value("wrote_all", -0.36315 + 0.6, "input gate")
fourth_step.wrong_value("exchanged_the_gates", 0.25 * -0.4035 + 0.9 * 0.6, "exchanged")
fourth_step.wrong_value("wrote_one_minus_f", -0.36315 + 0.06, "GRU")
fourth_step.wrong_value("took_h_for_c", 0.9 * -0.3446 + 0.15, "h_3")
fourth_step.wrong_value("gave_the_output", 0.5 * np.tanh(-0.21315), "h_4")
fourth_step.wrong_value("no_tanh", -0.36315 + 0.25 * np.log(2), "tanh")
fourth_step.wrong_value("a_wrong_sign", 0.21315, "side by side")

bias_for = Answers(check.bias_for)


def logit(gate):
    return np.log(gate / (1 - gate))


@bias_for.right
def root_and_logit(share, steps):
    gate = share ** (1 / steps)
    return np.log(gate / (1 - gate))


@bias_for.right
def with_logarithms(share, steps):
    return -np.log(np.exp(-np.log(share) / steps) - 1)


@bias_for.right
def by_halving(share, steps):
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sigmoid(middle) ** steps < share else (low, middle)
    return low


@bias_for.right
def in_float32(share, steps):
    gate = np.float32(share ** (1 / steps))
    return tf.math.log(gate / (1 - gate))


@bias_for.wrong("gate itself")
def gives_the_gate(share, steps):
    return share ** (1 / steps)


@bias_for.wrong("sign")
def wrong_sign(share, steps):
    gate = share ** (1 / steps)
    return np.log((1 - gate) / gate)


@bias_for.wrong("The share must come in")
def logarithm_of_the_steps(share, steps):
    return np.log(steps)


@bias_for.wrong("The share must come in")
def logarithm_of_the_steps_less_one(share, steps):
    return np.log(steps - 1)


@bias_for.wrong("logarithm of the gate")
def logarithm_of_the_gate(share, steps):
    return np.log(share) / steps


@bias_for.wrong("one step")
def as_if_for_one_step(share, steps):
    return logit(share)


@bias_for.wrong("power")
def a_power_for_a_root(share, steps):
    return logit(share**steps)


@bias_for.wrong("Losses were added")
def divides_the_share(share, steps):
    return logit(1 - share / steps)


last_states = Answers(check.last_states)


@last_states.right
def two_lists_of_indices(h, mask):
    return h[np.arange(len(h)), mask.sum(axis=1) - 1]


@last_states.right
def a_loop(h, mask):
    return [states[real][-1].tolist() for states, real in zip(h, mask, strict=True)]


@last_states.right
def carried_forward(h, mask):
    last = h[:, 0]
    for t in range(1, h.shape[1]):
        last = np.where(mask[:, t, None], h[:, t], last)
    return last.astype("float32")


@last_states.right
def with_tensorflow(h, mask):
    return tf.gather(h, mask.sum(1) - 1, batch_dims=1)


@last_states.wrong("is padding")
def the_last_step(h, mask):
    return h[:, -1]


@last_states.wrong("too late")
def one_too_late(h, mask):
    return h[np.arange(len(h)), mask.sum(axis=1)]


@last_states.wrong("too early")
def one_too_early(h, mask):
    return h[np.arange(len(h)), mask.sum(axis=1) - 2]


@last_states.wrong("all four ends")
def all_ends_of_each(h, mask):
    return h[:, mask.sum(axis=1) - 1]


@last_states.wrong("all real states")
def picks_by_the_mask(h, mask):
    return h[mask]


@last_states.wrong("mean")
def the_mean(h, mask):
    return (h * mask[..., None]).sum(1) / mask.sum(1)[:, None]


@last_states.wrong("sum of all")
def the_sum(h, mask):
    return (h * mask[..., None]).sum(1)


@last_states.wrong("Zeros")
def masked_last_step(h, mask):
    return (h * mask[..., None])[:, -1]


@last_states.wrong("first step")
def the_first_step(h, mask):
    return h[:, 0]


@last_states.wrong("longest")
def the_end_of_the_longest(h, mask):
    return h[:, mask.sum(axis=1).max() - 1]


published_gru = Answers(check.published_gru)


def gates(x_t, h, U, V, b):
    (z_x, r_x, g_x), (V_z, V_r, V_g) = np.split(U @ x_t + b, 3), np.split(V, 3)
    return sigmoid(z_x + V_z @ h), sigmoid(r_x + V_r @ h), g_x, V_g


@published_gru.right
def split(x_t, h, U, V, b):
    z, r, g_x, V_g = gates(x_t, h, U, V, b)
    return z * h + (1 - z) * np.tanh(g_x + V_g @ (r * h))


@published_gru.right
def with_columns_of_ones(x_t, h, U, V, b):
    n = len(h)
    both = np.hstack([U, V, b[:, None]])
    z, r = sigmoid(both[: 2 * n] @ np.concatenate([x_t, h, [1]])).reshape(2, n)
    g = np.tanh(both[2 * n :] @ np.concatenate([x_t, r * h, [1]]))
    return [float(one) for one in g + z * (h - g)]


@published_gru.right
def with_keras(x_t, h, U, V, b):
    layer = keras.layers.GRU(len(h), reset_after=False)
    layer.build((1, 1, len(x_t)))
    layer.set_weights([U.T, V.T, b])
    return layer(x_t[None, None].astype("float32"), initial_state=tf.constant(h[None], tf.float32))[0]


@published_gru.wrong("after the product")
def reset_after(x_t, h, U, V, b):
    z, r, g_x, V_g = gates(x_t, h, U, V, b)
    return z * h + (1 - z) * np.tanh(g_x + r * (V_g @ h))


@published_gru.wrong("reset gate is missing")
def no_reset(x_t, h, U, V, b):
    z, _, g_x, V_g = gates(x_t, h, U, V, b)
    return z * h + (1 - z) * np.tanh(g_x + V_g @ h)


@published_gru.wrong("z and 1 - z")
def keeps_what_it_should_write(x_t, h, U, V, b):
    z, r, g_x, V_g = gates(x_t, h, U, V, b)
    return (1 - z) * h + z * np.tanh(g_x + V_g @ (r * h))


@published_gru.wrong("two gates are exchanged")
def another_order(x_t, h, U, V, b):
    r, z, g_x, V_g = gates(x_t, h, U, V, b)
    return z * h + (1 - z) * np.tanh(g_x + V_g @ (r * h))


@published_gru.wrong("bias is missing")
def no_bias(x_t, h, U, V, b):
    return split(x_t, h, U, V, 0 * b)


@published_gru.wrong("no tanh")
def no_tanh(x_t, h, U, V, b):
    z, r, g_x, V_g = gates(x_t, h, U, V, b)
    return z * h + (1 - z) * (g_x + V_g @ (r * h))


@published_gru.wrong("That is the candidate")
def candidate_only(x_t, h, U, V, b):
    _, r, g_x, V_g = gates(x_t, h, U, V, b)
    return np.tanh(g_x + V_g @ (r * h))


step_back = Answers(check.step_back)


def rows(i, f, g, o, c_before, dL_dh, dL_dc):
    shown = np.tanh(f * c_before + i * g)
    return np.stack([dL_dc * g, dL_dc * c_before, dL_dc * i, dL_dh * shown, dL_dc * f])


@step_back.right
def by_hand(i, f, g, o, c_before, dL_dh):
    shown = np.tanh(f * c_before + i * g)
    return rows(i, f, g, o, c_before, dL_dh, dL_dh * o * (1 - shown**2))


@step_back.right
def with_cosh(i, f, g, o, c_before, dL_dh):
    c = f * c_before + i * g
    through = dL_dh * o / np.cosh(c) ** 2
    return [list(through * g), list(through * c_before), list(through * i), list(dL_dh * np.tanh(c)), list(through * f)]


@step_back.right
def with_the_tape(*given):
    *variables, slope = map(tf.constant, given)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        i, f, g, o, c = variables
        loss = tf.reduce_sum(o * tf.tanh(f * c + i * g) * slope)
    return tf.stack(tape.gradient(loss, variables))


@step_back.right
def by_differences(*given):
    def loss(values):
        i, f, g, o, c = values
        return o * np.tanh(f * c + i * g) * given[5]

    nudges = 1e-5 * np.eye(5)[:, :, None]
    return np.array([(loss(given[:5] + nudge) - loss(given[:5] - nudge)) / 2e-5 for nudge in nudges])


@step_back.wrong("slope of tanh is missing")
def no_slope_of_tanh(i, f, g, o, c_before, dL_dh):
    return rows(i, f, g, o, c_before, dL_dh, dL_dh * o)


@step_back.wrong("output gate is missing")
def no_output_gate(i, f, g, o, c_before, dL_dh):
    return rows(i, f, g, o, c_before, dL_dh, dL_dh * (1 - np.tanh(f * c_before + i * g) ** 2))


@step_back.wrong("taken with h")
def slope_with_h(i, f, g, o, c_before, dL_dh):
    h = o * np.tanh(f * c_before + i * g)
    return rows(i, f, g, o, c_before, dL_dh, dL_dh * o * (1 - h**2))


@step_back.wrong("taken with c")
def slope_with_c(i, f, g, o, c_before, dL_dh):
    return rows(i, f, g, o, c_before, dL_dh, dL_dh * o * (1 - (f * c_before + i * g) ** 2))


@step_back.wrong("row of o holds c")
def output_gate_without_tanh(i, f, g, o, c_before, dL_dh):
    found = by_hand(i, f, g, o, c_before, dL_dh)
    found[3] = dL_dh * (f * c_before + i * g)
    return found


@step_back.wrong("i and g")
def exchanges_i_and_g(*given):
    return by_hand(*given)[[2, 1, 0, 3, 4]]


@step_back.wrong("f and c_before")
def exchanges_f_and_c(*given):
    return by_hand(*given)[[0, 4, 2, 3, 1]]


@step_back.wrong("dL_dh")
def forgets_the_loss(i, f, g, o, c_before, dL_dh):
    return by_hand(i, f, g, o, c_before, np.ones_like(dL_dh))


@step_back.wrong("Transpose")
def columns(*given):
    return by_hand(*given).T
