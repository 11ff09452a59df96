"""The drawings of stepping figures: what stands where at each step, worked out on paper."""

from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest
from bs4 import BeautifulSoup
from IPython.display import HTML

from nnbook import stepping

SVG = "{http://www.w3.org/2000/svg}"
INK, GREY, BLUE, GREEN = "#1F2328", "#5B6370", "#0072B2", "#00795A"

X = np.array([[1, 2], [3, 4], [5, 6]])
H = np.array([[0, 10], [20, 5], [30, 1]])
OUT = np.array([[7], [8], [9]])
PICTURE = np.array([[0, 0.5, 3, 4], [5, 6, 7, 8]])
FIELDS = ["0", "0.5", "3", "4", "5", "6", "7", "8"]
KERNEL = np.array([[2, -0.5]])
# 0·2 − 0.5·0.5, 0.5·2 − 3·0.5, 3·2 − 4·0.5; 5·2 − 6·0.5, 6·2 − 7·0.5, 7·2 − 8·0.5
SLID = ["-0.25", "-0.5", "4", "7", "8.5", "10"]


class Step(NamedTuple):
    """One step of a figure as one sees it."""

    label: str
    says: str
    drawing: ElementTree.Element


def steps(figure: HTML) -> list[Step]:
    page = BeautifulSoup(figure.data, "html.parser")
    return [
        Step(label.get_text().strip(), image["alt"], ElementTree.fromstring(unquote(image["src"].partition(",")[2])))
        for label, image in zip(page.find_all("label"), page.find_all("img"), strict=True)
    ]


def box(element: ElementTree.Element) -> list[int]:
    return [int(element.get(name)) for name in ("x", "y", "width", "height")]


def written(element: ElementTree.Element) -> tuple[int, int, str]:
    return int(element.get("x")), int(element.get("y")), element.text


def test_the_memory_before_the_first_step_is_nought_without_a_sign():
    shown = steps(stepping.unfolded_steps(X, -H, OUT))
    assert shown[0].says == "Before the first step the memory is (0, 0)."


def test_each_step_of_a_net_says_its_numbers():
    shown = steps(stepping.unfolded_steps(X, H, OUT))
    assert [step.label for step in shown] == ["start", "step 1", "step 2", "step 3"]
    assert [step.says for step in shown] == [
        "Before the first step the memory is (0, 0).",
        "Step 1: the input (1, 2) and the memory (0, 0) give the state (0, 10) and the output (7).",
        "Step 2: the input (3, 4) and the memory (0, 10) give the state (20, 5) and the output (8).",
        "Step 3: the input (5, 6) and the memory (20, 5) give the state (30, 1) and the output (9).",
    ]


@pytest.mark.parametrize("done", range(4))
def test_a_net_stands_in_columns_and_is_known_up_to_its_step(done):
    drawing = steps(stepping.unfolded_steps(X, H, OUT))[done].drawing
    assert (drawing.get("width"), drawing.get("height"), drawing.get("viewBox")) == ("600", "240", "0 0 600 240")
    # the memory before the first step, then x below, h in the middle, O above
    columns = [(75, 120, "h₀ = (0, 0)", BLUE, done == 0)]
    numbers = (("(1, 2)", "(0, 10)", "(7)"), ("(3, 4)", "(20, 5)", "(8)"), ("(5, 6)", "(30, 1)", "(9)"))
    for t, (centre, (x, h, out)) in enumerate(zip((225, 375, 525), numbers, strict=True), start=1):
        for y, letter, value, colour in ((200, "x", x, GREY), (120, "h", h, BLUE), (40, "O", out, GREEN)):
            columns.append((centre, y, f"{letter}{'₀₁₂₃'[t]} = {value if t <= done else '?'}", colour, t == done))
    group = drawing.find(f"{SVG}g")
    boxes, texts = group.findall(f"{SVG}rect"), group.findall(f"{SVG}text")
    assert [box(one) for one in boxes] == [[x - 52, y - 20, 104, 40] for x, y, *_ in columns]
    assert [written(one) for one in texts] == [(x, y + 5, text) for x, y, text, *_ in columns]
    assert [one.get("fill") for one in boxes] == [colour for *_, colour, _ in columns]
    assert [one.get("stroke-width") == "3" and one.get("stroke") == INK for one in boxes] == [
        new for *_, new in columns
    ]


@pytest.mark.parametrize("done", range(4))
def test_arrows_lead_up_and_on_faintly_where_nothing_is_known(done):
    drawing = steps(stepping.unfolded_steps(X, H, OUT))[done].drawing
    found = []
    for group in drawing.find(f"{SVG}g").findall(f"{SVG}g"):
        line, head = (path.get("d") for path in group.findall(f"{SVG}path"))
        found.append((line, head, written(group.find(f"{SVG}text")), group.get("opacity")))
    expected = []
    for t, x in ((1, 225), (2, 375), (3, 525)):
        shade = "1" if t <= done else "0.6"
        expected += [
            # from the edge of x, 180, to that of h, 140, with a gap of 4; then from 100 to 60 as far; between boxes
            (f"M{x} 180 L{x} 144", f"M{x} 144 l-5 8 h10 z", (x + 12, 167, "U"), shade),
            (f"M{x} 100 L{x} 64", f"M{x} 64 l-5 8 h10 z", (x + 12, 87, "W"), shade),
            (f"M{x - 98} 120 L{x - 54} 120", f"M{x - 54} 120 l-8 -5 v10 z", (x - 76, 112, "V"), shade),
        ]
    assert found == expected


def test_one_step_is_enough():
    assert [step.label for step in steps(stepping.unfolded_steps(X[:1], H[:1], OUT[:1]))] == ["start", "step 1"]


def test_each_place_of_a_kernel_writes_its_products_out():
    shown = steps(stepping.sliding_kernel_steps(PICTURE, KERNEL))
    assert [step.label for step in shown] == ["0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2"]
    assert [step.says for step in shown] == [
        "Row 0, column 0: 0·2 + 0.5·(-0.5) = -0.25.",
        "Row 0, column 1: 0.5·2 + 3·(-0.5) = -0.5.",
        "Row 0, column 2: 3·2 + 4·(-0.5) = 4.",
        "Row 1, column 0: 5·2 + 6·(-0.5) = 7.",
        "Row 1, column 1: 6·2 + 7·(-0.5) = 8.5.",
        "Row 1, column 2: 7·2 + 8·(-0.5) = 10.",
    ]


@pytest.mark.parametrize("place", range(6))
def test_two_grids_stand_side_by_side_the_output_known_up_to_its_place(place):
    drawing = steps(stepping.sliding_kernel_steps(PICTURE, KERNEL))[place].drawing
    row, column = divmod(place, 3)
    # fields of 38: four of the picture, one between, three of the output; two high; a margin of 8 all around
    assert (drawing.get("width"), drawing.get("height")) == (str(8 * 38 + 16), str(2 * 38 + 16))
    group = drawing.find(f"{SVG}g")
    assert group.get("transform") == "translate(8 8)"
    across = ["".join(f"M{left} {y}h{width}" for y in (0, 38, 76)) for left, width in ((0, 152), (190, 114))]
    down = ["".join(f"M{x} 0v76" for x in columns) for columns in ((0, 38, 76, 114, 152), (190, 228, 266, 304))]
    assert [path.get("d") for path in group.findall(f"{SVG}path")] == [across[0] + down[0], across[1] + down[1]]
    # the kernel covers one row and two columns of the picture
    assert [box(one) for one in group.findall(f"{SVG}rect")] == [
        [38 * column, 38 * row, 76, 38],
        [190 + 38 * column, 38 * row, 38, 38],
    ]
    assert [written(text) for text in group.findall(f"{SVG}text")] == [
        *((19 + 38 * (at % 4), 24 + 38 * (at // 4), text) for at, text in enumerate(FIELDS)),
        *((209 + 38 * (at % 3), 24 + 38 * (at // 3), text) for at, text in enumerate(SLID[: place + 1])),
    ]


def test_a_kernel_may_be_as_large_as_the_picture_and_of_one_number():
    assert [step.says for step in steps(stepping.sliding_kernel_steps(PICTURE[:, :1], [[1], [2]]))] == [
        "Row 0, column 0: 0·1 + 5·2 = 10."
    ]
    assert len(steps(stepping.sliding_kernel_steps(PICTURE, [[3]]))) == 8


def test_a_sentence_has_four_words():
    stepping.step_through("?", [stepping.Frame("x", "", (1, 1), "four words are here")])
    with pytest.raises(ValueError, match="a label and a sentence"):
        stepping.step_through("?", [stepping.Frame("x", "", (1, 1), "only three words")])
