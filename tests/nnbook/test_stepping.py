"""Stepping figures: what they hold, and what they say of wrong calls."""

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from nnbook import stepping

X, H = np.array([[1, 1], [1, 2]]), np.array([[1, 1], [2.5, 2.5]])


def test_each_step_has_a_button_a_drawing_and_a_sentence():
    page = BeautifulSoup(stepping.unfolded_steps(X, H, H).data, "html.parser")
    buttons = page.find_all("input", type="radio")
    assert [page.find("label", attrs={"for": one["id"]}).get_text() for one in buttons] == ["start", "step 1", "step 2"]
    assert [one.has_attr("checked") for one in buttons] == [True, False, False]
    frames = page.select(".frame")
    assert all(frame["role"] == "img" and frame.find("svg") for frame in frames)
    assert "the input (1, 2) and the memory (1, 1) give the state (2.5, 2.5)" in frames[2]["aria-label"]
    assert "h₂ = ?" in frames[1].get_text() and "h₂ = (2.5, 2.5)" in frames[2].get_text()
    assert all(f".stepper:has(#{one['id']}:checked) .{one['id']}" in page.style.get_text() for one in buttons)


def test_nothing_is_loaded_and_no_script_runs():
    assert not re.search(r"<script|https?://(?!www\.w3\.org)", stepping.unfolded_steps(X, H, H).data)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: stepping.step_through("a b", "?", [("x", "", "four words are here")]), "letters and hyphens"),
        (lambda: stepping.step_through("a", "?", []), "at least one"),
        (lambda: stepping.step_through("a", "?", [("x", "", "too short")]), "a label and a sentence"),
        (lambda: stepping.unfolded_steps(X, H[:1], H), "equally many steps.*2, 1, 2"),
        (lambda: stepping.unfolded_steps(X[:0], H[:0], H[:0]), "at least one"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_the_sliding_kernel_writes_its_products_out():
    picture, kernel = np.arange(9).reshape(3, 3), np.array([[1, 2], [3, -4]])
    page = BeautifulSoup(stepping.sliding_kernel_steps(picture, kernel).data, "html.parser")
    frames = page.select(".frame")
    assert len(frames) == 4
    # By hand, lower left: 3·1 + 4·2 + 6·3 + 7·(−4) = 3 + 8 + 18 − 28 = 1.
    assert frames[2]["aria-label"] == "Row 2, column 1: 3·1 + 4·2 + 6·3 + 7·(-4) = 1."
    assert len(frames[0].find_all("text")) == 9 + 1 and len(frames[3].find_all("text")) == 9 + 4


@pytest.mark.parametrize(("picture", "kernel"), [((3, 3), (4, 1)), ((3,), (1, 1)), ((3, 3), (0, 1))])
def test_a_kernel_that_does_not_fit_is_refused(picture, kernel):
    with pytest.raises(ValueError, match="the kernel within the picture"):
        stepping.sliding_kernel_steps(np.zeros(picture), np.zeros(kernel))
