"""Answers to the exercises of rnn-by-hand."""

import keras
import numpy as np

from nnbook.exercises import rnn_by_hand as check
from tests.chapters.answers import Answers

three_steps = Answers(check.three_steps)
three_steps.right_values(
    a_list=[3.5, 3.5], an_array=np.array([3.5, 3.5]), a_tuple=(3.5, 3.5), float32=np.full(2, 3.5, "float32")
)
three_steps.wrong_value("forgot_the_memory", [1, 1], "memory")
three_steps.wrong_value("took_the_second_state", [2.5, 2.5], "third step")
three_steps.wrong_value("did_not_halve_the_input", [4.5, 4.5], "halves")
three_steps.wrong_value("halved_the_memory", [2.25, 2.25], "two halves")
three_steps.wrong_value("doubled_the_memory", [6, 6], "half of the sum")
three_steps.wrong_value("one_number", 3.5, "shape")
three_steps.wrong_value("words", "three and a half", "numbers")

run = Answers(check.run)


@run.right
def a_loop(x, U, V, W):
    h, outputs = np.zeros(V.shape[0]), []
    for x_t in x:
        h = np.tanh(U @ x_t + V @ h)
        outputs.append(W @ h)
    return np.array(outputs)


@run.right
def with_einsum(x, U, V, W):
    h, states = np.zeros(len(V)), []
    for part in np.einsum("nm,tm->tn", U, x):
        h = np.tanh(part + np.einsum("ij,j->i", V, h))
        states.append(h)
    return np.einsum("kn,tn->tk", W, np.stack(states))


@run.right
def as_lists(x, U, V, W):
    h, outputs = np.zeros(len(V)), []
    for x_t in x:
        h = np.tanh(np.hstack([U, V]) @ np.concatenate([x_t, h]))
        outputs.append((W @ h).tolist())
    return outputs


@run.right
def with_keras(x, U, V, W):
    rnn = keras.layers.SimpleRNN(len(V), use_bias=False, return_sequences=True)
    rnn.build((1, *x.shape))
    rnn.set_weights([U.T, V.T])
    return rnn(x[None].astype("float32"))[0] @ W.T.astype("float32")


@run.wrong("tanh")
def no_activation(x, U, V, W):
    h, outputs = np.zeros(len(V)), []
    for x_t in x:
        h = U @ x_t + V @ h
        outputs.append(W @ h)
    return np.array(outputs)


@run.wrong("forgets")
def no_memory(x, U, V, W):
    return np.tanh(x @ U.T) @ W.T


@run.wrong("pre-activation")
def hands_on_the_pre_activation(x, U, V, W):
    z, outputs = np.zeros(len(V)), []
    for x_t in x:
        z = U @ x_t + V @ z
        outputs.append(W @ np.tanh(z))
    return np.array(outputs)


@run.wrong("states")
def gives_the_states(x, U, V, W):
    h, states = np.zeros(len(V)), []
    for x_t in x:
        h = np.tanh(U @ x_t + V @ h)
        states.append(h)
    return np.array(states)


@run.wrong("last step")
def gives_the_last_output_only(x, U, V, W):
    return a_loop(x, U, V, W)[-1]


@run.wrong("columns")
def transposes_the_memory(x, U, V, W):
    return a_loop(x, U, V.T, W)


@run.wrong("before")
def reads_the_output_off_the_old_state(x, U, V, W):
    h, outputs = np.zeros(len(V)), []
    for x_t in x:
        outputs.append(W @ h)
        h = np.tanh(U @ x_t + V @ h)
    return np.array(outputs)


layers_on_layers = Answers(check.layers_on_layers)
layers_on_layers.right_values(a_list=[320, 200, 9], a_tuple=(320, 200, 9), an_array=np.array([320, 200, 9]))
layers_on_layers.right_values(floats=[320.0, 200.0, 9.0])
layers_on_layers.wrong_value("weights_for_each_step", [6400, 4000, 9], "share one set")
layers_on_layers.wrong_value("second_layer_reads_the_input", [320, 96, 9], "state of the first")
layers_on_layers.wrong_value("no_bias", [304, 192, 8], "biases")
layers_on_layers.wrong_value("no_memory", [64, 136, 9], "V is missing")
layers_on_layers.wrong_value("last_layer_reads_all_steps", [320, 200, 161], "return_sequences")
layers_on_layers.wrong_value("added_up", 529, "each layer")
layers_on_layers.wrong_value("two_layers", [320, 200], "shape")
layers_on_layers.wrong_value("a_slip", [320, 208, 9], "ask what m is")

difference = Answers(check.difference)
HOLDS_TODAY, HANDS_ON = [[1], [0]], [[0, 0], [1, 0]]
difference.right_values(
    lists=[HOLDS_TODAY, HANDS_ON, [[1, -1]]],
    nodes_exchanged=(np.array([[0], [1]]), np.array([[0, 1], [0, 0]]), np.array([[-1, 1]])),
    other_units=[[[2.0], [0.0]], [[0.0, 0.0], [3.0, 0.0]], [[0.5, -1 / 6]]],
    sum_and_yesterday=[[[1], [0]], [[1, -1], [1, -1]], [[1, -2]]],
    tensors=[keras.ops.convert_to_tensor(one) for one in ([[1.0], [0.0]], [[0.0, 0.0], [1.0, 0.0]], [[1.0, -1.0]])],
)
difference.wrong_value("no_memory", [HOLDS_TODAY, np.zeros((2, 2)), [[1, -1]]], "Yesterday does not reach")
difference.wrong_value("V_transposed", [HOLDS_TODAY, np.transpose(HANDS_ON), [[1, -1]]], "Row i of V")
difference.wrong_value("added", [HOLDS_TODAY, HANDS_ON, [[1, 1]]], "added")
difference.wrong_value("yesterday_minus_today", [HOLDS_TODAY, HANDS_ON, [[-1, 1]]], "yesterday minus today")
difference.wrong_value("yesterday_alone", [HOLDS_TODAY, HANDS_ON, [[0, -1]]], "Today is missing")
difference.wrong_value("adds_up", [HOLDS_TODAY, np.eye(2), [[1, -1]]], "adds up")
difference.wrong_value("never_forgets", [HOLDS_TODAY, [[0, 0], [1, 1]], [[1, -1]]], "older than yesterday")
difference.wrong_value("no_input", [[[0], [0]], HANDS_ON, [[1, -1]]], "Nothing reaches")
difference.wrong_value("half", [HOLDS_TODAY, HANDS_ON, [[0.5, -0.5]]], "h_1 and h_2")
difference.wrong_value("two_matrices", [HOLDS_TODAY, HANDS_ON], "three arrays")
difference.wrong_value("flat", [[1, 0], HANDS_ON, [1, -1]], "(2, 1)")

from_both_ends = Answers(check.from_both_ends)


def states_of(x, U, V, start=None):
    h, states = np.zeros(len(V)) if start is None else start, []
    for x_t in x:
        h = np.tanh(U @ x_t + V @ h)
        states.append(h)
    return np.array(states)


@from_both_ends.right
def one_loop_for_both(x, U, V, U_back, V_back):
    return np.hstack([states_of(x, U, V), states_of(x[::-1], U_back, V_back)[::-1]])


@from_both_ends.right
def fills_a_table(x, U, V, U_back, V_back):
    steps, n = len(x), len(V)
    table = np.zeros((steps, 2 * n), "float32")
    left, right = np.zeros(n), np.zeros(n)
    for t in range(steps):
        left = np.tanh(U @ x[t] + V @ left)
        table[t, :n] = left
    for t in range(steps - 1, -1, -1):
        right = np.tanh(U_back @ x[t] + V_back @ right)
        table[t, n:] = right
    return table


@from_both_ends.right
def with_bidirectional(x, U, V, U_back, V_back):
    layer = keras.layers.Bidirectional(keras.layers.SimpleRNN(len(V), use_bias=False, return_sequences=True))
    layer.build((1, *x.shape))
    layer.set_weights([U.T, V.T, U_back.T, V_back.T])
    return layer(x[None].astype("float32"))[0]


@from_both_ends.right
def as_lists_of_both(x, U, V, U_back, V_back):
    left, right, turned = [], [], [*x][::-1]
    for states, steps, A, B in ((left, [*x], U, V), (right, turned, U_back, V_back)):
        for step in steps:
            before = states[-1] if states else np.zeros(len(B))
            states.append(np.tanh(np.einsum("nm,m->n", A, step) + np.einsum("ij,j->i", B, before)))
    return [[*a, *b] for a, b in zip(left, right[::-1], strict=True)]


@from_both_ends.wrong("order of reading")
def states_not_turned_back(x, U, V, U_back, V_back):
    return np.hstack([states_of(x, U, V), states_of(x[::-1], U_back, V_back)])


@from_both_ends.wrong("reads forwards, too")
def both_forwards(x, U, V, U_back, V_back):
    return np.hstack([states_of(x, U, V), states_of(x, U_back, V_back)])


@from_both_ends.wrong("before it is read")
def turns_the_states_only(x, U, V, U_back, V_back):
    return np.hstack([states_of(x, U, V), states_of(x, U_back, V_back)[::-1]])


@from_both_ends.wrong("exchanged")
def second_on_the_left(x, U, V, U_back, V_back):
    return np.hstack([states_of(x[::-1], U_back, V_back)[::-1], states_of(x, U, V)])


@from_both_ends.wrong("U_back and V_back")
def same_weights_for_both(x, U, V, U_back, V_back):
    return np.hstack([states_of(x, U, V), states_of(x[::-1], U, V)[::-1]])


@from_both_ends.wrong("zeros")
def one_memory_for_both(x, U, V, U_back, V_back):
    first = states_of(x, U, V)
    return np.hstack([first, states_of(x[::-1], U_back, V_back, first[-1])[::-1]])


@from_both_ends.wrong("side by side")
def adds_the_two(x, U, V, U_back, V_back):
    return states_of(x, U, V) + states_of(x[::-1], U_back, V_back)[::-1]


@from_both_ends.wrong("below the first")
def one_below_the_other(x, U, V, U_back, V_back):
    return np.vstack([states_of(x, U, V), states_of(x[::-1], U_back, V_back)[::-1]])


@from_both_ends.wrong("last states")
def last_states_only(x, U, V, U_back, V_back):
    return np.concatenate([states_of(x, U, V)[-1], states_of(x[::-1], U_back, V_back)[-1]])


@from_both_ends.wrong("tanh")
def without_tanh(x, U, V, U_back, V_back):
    halves = []
    for turn, A, B in ((1, U, V), (-1, U_back, V_back)):
        h, states = np.zeros(len(B)), []
        for x_t in x[::turn]:
            h = A @ x_t + B @ h
            states.append(h)
        halves.append(np.array(states)[::turn])
    return np.hstack(halves)
