"""Drawings of nets: what stands where, worked out on paper."""

import itertools

from nnbook.figures import nets
from tests.drawn import drawn

INK, GREY, BLUE, ORANGE, GREEN = "#1f2328ff", "#6b7280", "#0072b2", "#e69f00", "#009e73"
# A layer with a picture takes 1.75, or its width and 0.72 more; one without 1.45. Of the deeper ones the width is
# 0.4 + 64 · 0.018 = 1.552, the place 2.272 and x half of 0.72 within it; of the first the width is 0.454.
LAYERS = (
    # name, shape, label, x, width, height
    ("input", (32, 32, 3), "32×32\n×3", 0.648, 0.454, 2.72),
    ("conv", (30, 30, 64), "30×30\n×64", 1.75 + 0.36, 1.552, 2.6 * 30 / 32 + 0.12),
    ("pool", (15, 20, 64), "15×20\n×64", 4.022 + 0.36, 1.552, 2.6 * 15 / 32 + 0.12),
    ("dense", (640,), "640", 6.294 + 0.55, 0.35, 2.72),  # as tall as one with 320 units, which is as tall as a picture
    ("dense 2", (10,), "10", 7.744 + 0.55, 0.35, 2.6 / 32 + 0.12),
)


def test_each_layer_is_as_tall_as_its_picture_and_as_deep_as_its_channels():
    facts = drawn(nets.draw_layers([(name, shape) for name, shape, *_ in LAYERS]))
    assert facts["size"] == [6.6, round(6.6 * 4.9 / 9.194, 3)]
    (axes,) = facts["axes"]
    assert axes["limits"] == [[0, 9.194], [0, 4.9]] and axes["aspect"] == 1 and "frame" not in axes
    boxes = [[round(one, 3) for one in (x, 2.1 - height / 2, width, height)] for *_, x, width, height in LAYERS]
    assert [patch["box"] for patch in axes["patches"]] == boxes
    assert [patch["fill"] for patch in axes["patches"]] == [
        colour + "e6" for colour in (GREY, BLUE, ORANGE, GREEN, GREEN)
    ]
    assert not any("edge" in patch for patch in axes["patches"])


def test_each_layer_has_its_shape_above_and_its_name_below():
    (axes,) = drawn(nets.draw_layers([(name, shape) for name, shape, *_ in LAYERS]))["axes"]
    expected = []
    for name, _, label, x, width, _ in LAYERS:
        middle = round(x + width / 2, 3)
        expected += [
            {"says": label, "at": [middle, 3.72], "align": ["center", "baseline"], "size": 10, "colour": INK},
            {"says": name, "at": [middle, 0.38], "align": ["center", "top"], "size": 10, "colour": INK},
        ]
    assert axes["texts"] == expected


def test_an_arrow_leads_from_each_layer_to_the_next():
    (axes,) = drawn(nets.draw_layers([(name, shape) for name, shape, *_ in LAYERS]))["axes"]
    places = [(x, x + width) for *_, x, width, _ in LAYERS]
    look = {"colour": INK, "width": 1.2, "head": 9}
    assert axes["arrows"] == [
        {"start": [round(end + 0.1, 3), 2.1], "end": [round(start - 0.1, 3), 2.1]} | look
        for (_, end), (start, _) in itertools.pairwise(places)
    ]


def test_the_unfolded_net():
    facts = drawn(nets.draw_unfolded_rnn())
    (axes,) = facts["axes"]
    assert facts["size"] == [6.6, 3.4]
    assert axes["limits"] == [[0, 15.6], [0, 7.2]] and axes["aspect"] == 1 and "frame" not in axes
    columns = {1.8: "t", 7.6: "t-1", 10.6: "t", 13.6: "t+1"}
    nodes = {1.1: ("x", GREY), 3.5: ("h", BLUE), 5.9: ("O", GREEN)}
    assert axes["patches"] == [
        {"circle": [x, y, 0.62], "fill": colour + "ff"} for x in columns for y, (_, colour) in nodes.items()
    ]
    texts = {(text["says"], *text["at"], text["size"], text["colour"]) for text in axes["texts"]}
    assert texts == {
        *(
            (f"${letter}_{{{step}}}$", x, y, 13, "#ffffffff")
            for x, step in columns.items()
            for y, (letter, _) in nodes.items()
        ),
        *((letter, round(x + 0.2, 3), y, 13, INK) for x in columns for letter, y in (("$U$", 2.3), ("$W$", 4.7))),
        *(("$V$", x, 3.8, 13, INK) for x in (6.2, 9.2, 12.2)),
        ("$V$", 3.55, 3.5, 13, INK),
        ("=", 4.75, 3.5, 22, INK),
    }


def test_the_arrows_of_the_unfolded_net():
    (axes,) = drawn(nets.draw_unfolded_rnn())["axes"]
    # Between circles of radius 0.62: from x to h and from h to O in each column, then through time.
    up = [((x, low + 0.62), (x, high - 0.62)) for x in (1.8, 7.6, 10.6, 13.6) for low, high in ((1.1, 3.5), (3.5, 5.9))]
    through = [
        ((5.5, 3.5), (6.98, 3.5)),
        ((8.22, 3.5), (9.98, 3.5)),
        ((11.22, 3.5), (12.98, 3.5)),
        ((14.22, 3.5), (15.4, 3.5)),
    ]
    loop = {"start": [2.28, 3.88], "end": [2.28, 3.12], "bend": -2.1}
    look = {"colour": INK, "width": 1.6, "head": 13}
    assert [arrow for arrow in axes["arrows"] if "bend" in arrow] == [loop | look]
    straight = [arrow for arrow in axes["arrows"] if "bend" not in arrow]
    assert all(look.items() <= arrow.items() and "gaps" not in arrow for arrow in straight)
    assert sorted((tuple(arrow["start"]), tuple(arrow["end"])) for arrow in straight) == sorted(
        (tuple(round(one, 3) for one in start), tuple(round(one, 3) for one in end)) for start, end in up + through
    )


def test_one_layer_of_one_unit_needs_no_arrow():
    (axes,) = drawn(nets.draw_layers([("dense", (1,))]))["axes"]
    assert "arrows" not in axes and axes["texts"][0]["says"] == "1"
