"""Stepping figures: what they hold, what is left of them in foreign hands, and what they say of wrong calls."""

import re
from urllib.parse import unquote

import numpy as np
import pytest
from bs4 import BeautifulSoup, Tag

from nnbook import stepping

X, H = np.array([[1, 1], [1, 2]]), np.array([[1, 1], [2.5, 2.5]])
PICTURE, KERNEL = np.arange(9).reshape(3, 3), np.array([[1, 2], [3, -4]])
FIGURES = (stepping.unfolded_steps(X, H, H).data, stepping.sliding_kernel_steps(PICTURE, KERNEL).data)


def drawing(image: Tag) -> BeautifulSoup:
    """Return the drawing that a picture carries in its address."""
    kind, _, svg = image["src"].partition(",")
    assert kind == "data:image/svg+xml"
    return BeautifulSoup(unquote(svg), "html.parser")


# What JupyterLab 4.6 leaves of an output that was not made in its session (@jupyterlab/apputils, sanitizer.ts): these
# tags of those that we might use, and these attributes; buttons are switched off. Style is cut out with all it holds.
TAGS = {"div", "fieldset", "form", "img", "input", "label", "legend", "p", "span"}
ATTRIBUTES = {"class", "style", "title", "alt", "height", "src", "width", "checked", "type", "for", "method"}


def as_untrusted(html: str) -> str:
    """Return what JupyterLab shows of a notebook that was opened and not run."""
    page = BeautifulSoup(html, "html.parser")
    for style in page.find_all("style"):
        style.decompose()
    for element in page.find_all(True):
        if element.name not in TAGS:
            element.unwrap()
        element.attrs = {name: value for name, value in element.attrs.items() if name in ATTRIBUTES}
        if element.name == "input":
            element["disabled"] = "disabled"
    return str(page)


def test_each_step_has_a_button_a_drawing_and_a_sentence():
    page = BeautifulSoup(FIGURES[0], "html.parser")
    buttons = page.find_all("input", type="radio")
    assert [one.parent.get_text().strip() for one in buttons] == ["start", "step 1", "step 2"]
    assert [one.has_attr("checked") for one in buttons] == [True, False, False]
    images = [one.parent.find_next_sibling().find("img") for one in buttons]
    assert "the input (1, 2) and the memory (1, 1) give the state (2.5, 2.5)" in images[2]["alt"]
    drawings = [drawing(image).get_text() for image in images]
    assert "h₂ = ?" in drawings[1] and "h₂ = (2.5, 2.5)" in drawings[2]


def test_the_tenth_step_is_not_called_0():
    page = BeautifulSoup(
        stepping.unfolded_steps(np.ones((11, 1)), np.ones((11, 1)), np.ones((11, 1))).data, "html.parser"
    )
    assert "x₁₀ = (1)" in drawing(page.find_all("img")[10]).get_text()


@pytest.mark.parametrize("html", FIGURES)
def test_figures_know_nothing_of_each_other(html):
    """So two in one notebook work, of one kind or the same one twice, and each run writes the same."""
    page = BeautifulSoup(html, "html.parser")
    assert not page.select("[id], [for]") and "#" not in re.sub("#8886", "", page.style.get_text())
    (form,) = page.find_all("form")
    assert all(button.find_parent("form") is form for button in page.find_all("input"))
    assert form["method"] == "dialog", "any other form leaves the page when Enter is pressed"


@pytest.mark.parametrize("html", FIGURES)
def test_every_step_can_be_read_where_the_style_is_taken_out(html):
    whole, left = (BeautifulSoup(one, "html.parser") for one in (html, as_untrusted(html)))
    images = left.find_all("img")
    assert len(images) == len(whole.find_all("input")) > 1
    for step, image in zip(whole.find_all("input"), images, strict=True):
        assert image.find_parent("div").find_previous_sibling().get_text() == step.parent.get_text()
        assert drawing(image).find_all("text") and len(image["alt"].split()) >= 8
        assert {"width", "height"} <= set(image.attrs)
    assert not left.select("[hidden], [style]"), "nothing may be hidden by what stays"


def test_inline_drawings_would_be_lost():
    assert "<svg" not in as_untrusted('<div><svg viewBox="0 0 1 1"><text>1</text></svg></div>')


@pytest.mark.parametrize("html", FIGURES)
def test_nothing_is_loaded_and_no_script_runs(html):
    assert not re.search(r"<script|https?://(?!www\.w3\.org)", html)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: stepping.step_through("?", []), "at least one"),
        (lambda: stepping.step_through("?", [stepping.Frame("x", "", (1, 1), "too short")]), "a label and a sentence"),
        (lambda: stepping.step_through("?", [stepping.Frame("", "", (1, 1), "four words are here")]), "a label and"),
        (lambda: stepping.unfolded_steps(X, H[:1], H), "equally many steps.*2, 1, 2"),
        (lambda: stepping.unfolded_steps(X[:0], H[:0], H[:0]), "at least one"),
        (lambda: stepping.unfolded_steps(X[:, 0], H, H), r"two axes.*\(2,\)"),
        (lambda: stepping.unfolded_steps(X, H * np.nan, H), "NaN or infinite values in h"),
        (lambda: stepping.sliding_kernel_steps(PICTURE, KERNEL > 0), "kernel must hold numbers, but is bool"),
        (lambda: stepping.sliding_kernel_steps(PICTURE + np.inf, KERNEL), "NaN or infinite values in picture"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_the_sliding_kernel_writes_its_products_out():
    page = BeautifulSoup(FIGURES[1], "html.parser")
    images = page.select(".frame img")
    assert len(images) == 4
    # By hand, lower left: 3·1 + 4·2 + 6·3 + 7·(−4) = 3 + 8 + 18 − 28 = 1.
    assert images[2]["alt"] == "Row 1, column 0: 3·1 + 4·2 + 6·3 + 7·(-4) = 1."
    assert images[2].find_next_sibling("p").get_text() == "3·1 + 4·2 + 6·3 + 7·(-4) = 1"
    assert len(drawing(images[0]).find_all("text")) == 9 + 1 and len(drawing(images[3]).find_all("text")) == 9 + 4


@pytest.mark.parametrize(("picture", "kernel"), [((3, 3), (4, 1)), ((3,), (1, 1)), ((3, 3), (0, 1))])
def test_a_kernel_that_does_not_fit_is_refused(picture, kernel):
    with pytest.raises(ValueError, match="the kernel within the picture"):
        stepping.sliding_kernel_steps(np.zeros(picture), np.zeros(kernel))


def test_products_of_bytes_do_not_run_over():
    page = BeautifulSoup(
        stepping.sliding_kernel_steps(np.full((1, 1), 200, "uint8"), np.full((1, 1), 2, "uint8")).data, "html.parser"
    )
    assert page.img["alt"] == "Row 0, column 0: 200·2 = 400."
