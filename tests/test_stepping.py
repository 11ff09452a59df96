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
    assert all(f"#{one['id']}:checked ~ .{one['id']}" in page.style.get_text() for one in buttons)


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
