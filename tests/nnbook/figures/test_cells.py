"""Drawings of an LSTM and a GRU cell: which letters stand there, and what leads where, as the equations say."""

import itertools

import pytest

from nnbook.figures import cells
from tests.drawn import drawn

INK, PAPER, GREY, BLUE = "#1f2328ff", "#fbfbf8ff", "#6b7280ff", "#0072b2ff"
ORANGE, GREEN, RED = "#e69f00ff", "#009e73ff", "#d55e00ff"
DRAWINGS = {"lstm": cells.draw_lstm_cell, "gru": cells.draw_gru_cell}


def test_the_lstm_cell_has_the_letters_of_its_equations():
    facts = drawn(cells.draw_lstm_cell())
    (axes,) = facts["axes"]
    assert facts["size"] == [6.6, 3.342]  # 6.6 · 7.9 / 15.6
    assert axes["limits"] == [[0, 15.6], [0, 7.9]] and axes["aspect"] == 1 and "frame" not in axes
    circles = {tuple(patch["circle"][:2]): patch["fill"] for patch in axes["patches"] if "circle" in patch}
    assert circles == {
        **{(4.2, 6.9): PAPER, (7.5, 6.9): PAPER, (7.5, 5.0): PAPER, (12.8, 3.2): PAPER},
        **{(1.0, 6.9): ORANGE, (14.6, 6.9): ORANGE, (1.0, 1.9): BLUE, (14.6, 1.9): BLUE, (2.9, 0.7): GREY},
    }
    boxes = {tuple(patch["box"]): patch["fill"] for patch in axes["patches"] if "box" in patch}
    assert boxes == {
        **{(round(x - 0.75, 3), 2.65, 1.5, 1.1): RED for x in (4.2, 6.4, 11.0)},
        **{(7.85, 2.65, 1.5, 1.1): GREEN, (12.275, 4.71, 1.05, 0.78): GREY},
    }
    assert said(axes) == {
        *((letter, x, 3.4) for letter, x in (("$f_t$", 4.2), ("$i_t$", 6.4), ("$g_t$", 8.6), ("$o_t$", 11.0))),
        *((r"$\sigma$", x, 2.9) for x in (4.2, 6.4, 11.0)),
        *(("tanh", 8.6, 2.9), ("tanh", 12.8, 5.1)),
        *((r"$\odot$", 4.2, 6.9), ("$+$", 7.5, 6.9), (r"$\odot$", 7.5, 5.0), (r"$\odot$", 12.8, 3.2)),
        *(("$c_{t-1}$", 1.0, 6.9), ("$c_t$", 14.6, 6.9), ("$h_{t-1}$", 1.0, 1.9), ("$h_t$", 14.6, 1.9)),
        *(("$x_t$", 2.9, 0.7), ("keep", 4.45, 5.3), ("write", 7.75, 5.75), ("show", 11.0, 4.15)),
    }


def test_the_gru_cell_has_the_letters_of_its_equations():
    facts = drawn(cells.draw_gru_cell())
    (axes,) = facts["axes"]
    assert facts["size"] == [6.6, 3.638]  # 6.6 · 8.6 / 15.6
    boxes = {tuple(patch["box"]): patch["fill"] for patch in axes["patches"] if "box" in patch}
    assert boxes == {
        (3.85, 3.05, 1.5, 1.1): RED,
        (6.25, 3.05, 1.5, 1.1): RED,
        (8.85, 3.05, 1.1, 1.1): GREY,
        (11.05, 4.45, 1.5, 1.1): GREEN,
    }
    assert said(axes) == {
        *(("$z_t$", 4.6, 3.8), (r"$\sigma$", 4.6, 3.3), ("$r_t$", 7.0, 3.8), (r"$\sigma$", 7.0, 3.3)),
        *(("$V_g$", 9.4, 3.6), ("$g_t$", 11.8, 5.2), ("tanh", 11.8, 4.7)),
        *((r"$\odot$", 4.6, 7.6), (r"$\odot$", 9.4, 5.0), (r"$\odot$", 11.8, 6.2), ("$+$", 11.8, 7.6)),
        *(("$h_{t-1}$", 1.0, 7.6), ("$h_t$", 14.6, 7.6), ("$x_t$", 1.0, 0.9)),
        *(("keep", 4.85, 6.85), ("write $1 - z_t$", 8.0, 6.5), ("see", 7.25, 5.3)),
    }


def said(axes: dict) -> set[tuple]:
    return {(text["says"], *text["at"]) for text in axes["texts"]}


# What an arrow's head touches, by equations (1) to (5): each entry gets as many arrows as it has factors or terms
# that come in by a line.
@pytest.mark.parametrize(
    ("name", "heads"),
    [
        (
            "lstm",
            {
                **{"f": 1, "i": 1, "g": 1, "o": 1},  # each reads the joined h and x
                **{"f . c": 2, "i . g": 2, "+": 2, "tanh": 1, "o . tanh": 2, "c": 1, "h": 1},
            },
        ),
        ("gru", {"z": 2, "r": 2, "V h": 1, "r . V h": 2, "g": 2, "z . h": 2, "(1 - z) . g": 2, "+": 2, "h": 1}),
    ],
)
def test_arrows_lead_to_what_the_equations_read(name, heads):
    places = {
        "lstm": {
            **{"f": (4.2, 3.2), "i": (6.4, 3.2), "g": (8.6, 3.2), "o": (11.0, 3.2), "tanh": (12.8, 5.1)},
            **{"f . c": (4.2, 6.9), "i . g": (7.5, 5.0), "+": (7.5, 6.9), "o . tanh": (12.8, 3.2)},
            **{"c": (14.6, 6.9), "h": (14.6, 1.9)},
        },
        "gru": {
            **{"z": (4.6, 3.6), "r": (7.0, 3.6), "V h": (9.4, 3.6), "r . V h": (9.4, 5.0), "g": (11.8, 5.0)},
            **{"z . h": (4.6, 7.6), "(1 - z) . g": (11.8, 6.2), "+": (11.8, 7.6), "h": (14.6, 7.6)},
        },
    }[name]
    (axes,) = drawn(DRAWINGS[name]())["axes"]
    found = dict.fromkeys(heads, 0)
    for arrow in axes["arrows"]:
        end = arrow["end"]
        nearest = min(places, key=lambda one: abs(places[one][0] - end[0]) + abs(places[one][1] - end[1]))
        assert abs(places[nearest][0] - end[0]) + abs(places[nearest][1] - end[1]) <= 0.91, arrow
        found[nearest] += 1
    assert found == heads


@pytest.mark.parametrize("name", DRAWINGS)
def test_lines_are_square_and_texts_stand_on_the_paper(name):
    figure = DRAWINGS[name]()
    (axes,) = drawn(figure)["axes"]
    paths = [line["through"] for line in axes["lines"]] + [[one["start"], one["end"]] for one in axes["arrows"]]
    for path in paths:
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(path)), path
    figure.canvas.draw()
    page = figure.bbox
    for text in figure.axes[0].texts:
        box = text.get_window_extent()
        assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1, text


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_text_lies_on_another(name):
    figure = DRAWINGS[name]()
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_state_goes_straight_through(name):
    (axes,) = drawn(DRAWINGS[name]())["axes"]
    thick = [arrow for arrow in axes["arrows"] if arrow["width"] == 3]
    colour, height = {"lstm": (ORANGE, 6.9), "gru": (BLUE, 7.6)}[name]
    assert {arrow["colour"] for arrow in thick} == {colour}
    assert {one[1] for arrow in thick for one in (arrow["start"], arrow["end"])} == {height}
    assert min(arrow["start"][0] for arrow in thick) == 1.62 and max(arrow["end"][0] for arrow in thick) == 13.98
