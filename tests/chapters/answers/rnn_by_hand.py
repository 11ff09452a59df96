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
