"""Shapes10 is what it promises: the class of a picture is its shape, and nothing but its shape.

What each class is stands here once more, as outlines on paper. Pictures are drawn with loaded dice: whatever is
drawn at random has the value that the test gives it, so that the picture can be worked out.
"""

from math import asin, hypot, pi, sin, sqrt

import numpy as np
import pytest
from matplotlib.path import Path as Outline

from nnbook import shapes10

# Each class on paper, in units of its own: outlines, each a closed line through corners. Where two lie over each
# other, there is a hole. A circle is a polygon of 720 corners, which misses it by less than 0.00001.


def arc(radius: float, start: float, end: float, corners: int = 720, x: float = 0) -> np.ndarray:
    """Return corners on an arc around (x, 0), from angle to angle in degrees."""
    angles = np.radians(np.linspace(start, end, corners, endpoint=end - start != 360))
    return np.stack([x + radius * np.cos(angles), radius * np.sin(angles)], axis=1)


def box(left: float, right: float, low: float, high: float) -> np.ndarray:
    return np.array([(left, low), (right, low), (right, high), (left, high)])


def turn(degrees: float, corners: list[tuple[float, float]]) -> np.ndarray:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([(cosine * u - sine * v, sine * u + cosine * v) for u, v in corners])


# The two circles of the crescent, radius 1 around (0, 0) and 0.85 around (0.5, 0), meet where
# u² + v² = 1 and (u − 0.5)² + v² = 0.7225: u = 0.5275 and v = ±0.84955; seen from the centres, at angles of
CUSP = np.degrees(np.arccos(0.5275))
INNER_CUSP = np.degrees(np.arccos(0.0275 / 0.85))
HALF = [-1, -0.5, 0, 0.5]
PAPER = {
    "circle": [arc(1, 0, 360)],
    "square": [box(-1, 1, -1, 1)],
    "triangle": [arc(1, 90, 450, 3)],
    "star": [np.stack([arc(1, 90, 450, 5), arc(0.42, 126, 486, 5)], axis=1).reshape(10, 2)],
    "cross": [np.concatenate([turn(90 * k, [(1, -0.33), (1, 0.33), (0.33, 0.33)]) for k in range(4)])],
    "ring": [arc(1, 0, 360), arc(0.6, 0, 360)],
    "crescent": [np.concatenate([arc(1, CUSP, 360 - CUSP), arc(0.85, 360 - INNER_CUSP, INNER_CUSP, x=0.5)])],
    "arrow": [np.array([(0, 1.1), (-0.75, 0.2), (-0.28, 0.2), (-0.28, -1), (0.28, -1), (0.28, 0.2), (0.75, 0.2)])],
    "stripes": [box(-1, -0.6, -1, 1), box(-0.2, 0.2, -1, 1), box(0.6, 1, -1, 1)],
    # of 4 × 4 fields every second, the one right above the middle among them
    "checkers": [box(u, u + 0.5, v, v + 0.5) for u in HALF for v in HALF if (u + v) % 1 == 0],
}
NAMES = tuple(PAPER)
# Worked out by hand. The star is ten triangles with sides 1 and 0.42 and an angle of 36 degrees; the cross two bars
# that share a square; the arrow a head of 1.5 × 0.9 on a shaft of 0.56 × 1.2.
AREAS = {"circle": pi, "square": 4, "triangle": 3 * sqrt(3) / 4, "star": 1.2343, "cross": 2.2044, "ring": 0.64 * pi}
AREAS |= {"arrow": 0.675 + 0.672, "stripes": 2.4, "checkers": 2}


def paper_area(name: str) -> float:
    """Return the area by the shoelace formula; the hole of the ring counts against it."""
    areas = [(np.roll(u, 1) * v - u * np.roll(v, 1)).sum() / 2 for u, v in (corners.T for corners in PAPER[name])]
    return abs(areas[0] - areas[1]) if name == "ring" else abs(sum(areas))


def paper_reach(name: str) -> float:
    return max(np.hypot(*corners.T).max() for corners in PAPER[name])


def paper_inside(name: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return which points lie within an odd number of outlines."""
    points = np.stack([u.ravel(), v.ravel()], axis=1)
    inside = np.zeros(len(points), bool)
    for corners in PAPER[name]:
        inside ^= Outline([*corners, corners[0]], closed=True).contains_points(points)
    return inside.reshape(u.shape)


def paper_distance(name: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return how far each point is from the nearest of many points on the outlines, about 0.01 apart."""
    shares = np.linspace(0, 1, 5 if len(PAPER[name][0]) > 100 else 200)[:, None, None]
    lines = [(corners * (1 - shares) + np.roll(corners, -1, axis=0) * shares).reshape(-1, 2) for corners in PAPER[name]]
    squared = np.full(u.shape, np.inf)
    for some in np.array_split(np.concatenate(lines), 20):
        squared = np.minimum(squared, ((u[:, None] - some[:, 0]) ** 2 + (v[:, None] - some[:, 1]) ** 2).min(axis=1))
    return np.sqrt(squared)


def test_the_classes_in_their_order():
    assert shapes10.CLASS_NAMES == NAMES


def test_the_paper_agrees_with_itself():
    assert {name: paper_area(name) for name in AREAS} == pytest.approx(AREAS, abs=1e-4)
    # The lens that the crescent lacks: two segments of circles, each ½ r² (angle − sine of the angle).
    angles = {1: 2 * asin(0.84955), 0.85: 2 * pi - 2 * asin(0.84955 / 0.85)}
    lens = sum(radius**2 * (angle - sin(angle)) / 2 for radius, angle in angles.items())
    assert paper_area("crescent") == pytest.approx(pi - lens, abs=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_each_class_is_the_shape_on_paper(name):
    u, v = np.random.default_rng(1).uniform(-1.5, 1.5, (2, 100_000))
    distance = shapes10._DISTANCE[name](u, v)
    clear = np.abs(distance) > 1e-3  # the outline of a circle has corners, and 0.866 is not √3 / 2
    assert clear.mean() > 0.98
    assert np.array_equal(distance[clear] < 0, paper_inside(name, u, v)[clear])


@pytest.mark.parametrize("name", NAMES)
def test_the_distance_is_that_to_the_outline(name):
    u, v = np.random.default_rng(2).uniform(-1.5, 1.5, (2, 1_500))
    distance, paper = shapes10._DISTANCE[name](u, v), paper_distance(name, u, v)
    assert (np.abs(distance) < paper + 2e-4).all()
    if name in ("circle", "triangle", "star", "ring", "arrow"):
        exact = np.full(u.shape, True)
    elif name == "cross":  # two bars: in the middle one does not see the corners of the other
        exact = (distance < 0) & (np.maximum(np.abs(u), np.abs(v)) > 0.66)
    else:  # what lies outside of a corner is measured along the axes
        exact = distance < 0
    assert exact.sum() > 80
    assert np.abs(np.abs(distance) - paper)[exact].max() < 0.006


@pytest.mark.parametrize("name", NAMES)
def test_area_and_reach_are_those_on_paper(name):
    area, reach = shapes10._AREA_AND_REACH[name]
    assert area == pytest.approx(paper_area(name), rel=0.011)  # counted on a grid of 0.0075
    assert paper_reach(name) - 0.006 < reach <= paper_reach(name)
    assert reach * sqrt(210 / area) < 16, "would be cut off by the border"


def test_what_is_counted():
    # 401 lines from −1.5 to 1.5 lie 0.0075 apart: 267 of them, from −133 · 0.0075 to 133 · 0.0075, between −1 and 1.
    def unit_square(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.floor(np.maximum(np.abs(u), np.abs(v))) - 1  # 0 all around, which is not inside

    area, reach = shapes10._area_and_reach(unit_square)
    assert area == pytest.approx(9 * (267 / 401) ** 2, rel=1e-12)
    assert reach == pytest.approx(133 * 0.0075 * sqrt(2), rel=1e-12)


def test_heights_of_corners_are_not_counted_twice():
    # On a level with a corner, a ray to the side meets two edges at once.
    u = np.array([-0.9, -0.5, 0.0, 0.5, 0.9])
    diamond = np.array([(0, 1), (-1, 0), (0, -1), (1, 0)])
    for corners in (diamond, diamond[::-1]):
        assert (shapes10._polygon(u, np.zeros(5), corners) < 0).all()
        assert (shapes10._polygon(np.array([-0.5, 0.5]), np.full(2, 1.0), corners) > 0).all()
        assert (shapes10._polygon(np.array([-0.5, 0.5]), np.full(2, -1.0), corners) > 0).all()
        assert shapes10._polygon(np.array([0.0]), np.array([3.0]), corners).tolist() == [2]


def test_bars_are_as_wide_as_their_gaps():
    assert shapes10._bars(np.array([0, 0.5, 1, 1.5, 2, -1, 5]), 1).tolist() == [-0.5, 0, 0.5, 0, -0.5, 0.5, 0.5]


# All that is drawn at random, and from where to where: the same for every class.
RANGES = {
    "ground": (0, 110),
    "slope": (-25, 25),
    "spot_radius": (1.5, 3.0),
    "spot_place": (-15, 15),
    "spot_colour": (0, 255),
    "area": (120, 210),
    "place": (-1, 1),
    "angle": (0, 2 * pi),
    "contrast": (45, 135),
}
CALM = {"slope": 0, "spot_radius": -1, "spot_place": 0, "spot_colour": 0, "place": 0, "angle": 0}


class LoadedDice:
    """Stands in for a random generator: gives what it is told for each range, and knows no other range.

    A list is given one by one; an array has an entry for each picture.
    """

    def __init__(self, noise: float = 0, **told: object) -> None:
        told = {"ground": 50, "contrast": 100, "area": 180} | CALM | told
        self.told = {RANGES[name]: value for name, value in told.items()}
        self.noise = noise
        self.parts = []

    def uniform(self, low: float, high: float, size: tuple[int, ...]) -> np.ndarray:
        value = self.told[low, high]
        if isinstance(value, list):
            value = value.pop(0)
        if isinstance(value, np.random.Generator):
            return value.uniform(low, high, size)
        return np.broadcast_to(np.reshape(value, (-1, 1, 1)) if size[1:] == (1, 1) else value, size)

    def standard_normal(self, shape: tuple[int, ...], dtype: type) -> np.ndarray:
        self.parts.append(shape[0])
        return np.full(shape, self.noise, dtype)


def drawn(name: str, count: int = 1, **told: object) -> np.ndarray:
    """Draw pictures of one class: on a ground of 50, 100 above it, of area 180, in the middle, upright, calm."""
    return shapes10._draw_shape(name, count, LoadedDice(**told)).astype(float)


def cover(name: str, count: int = 1, **told: object) -> np.ndarray:
    """Return the share of each pixel that the shape covers."""
    return (drawn(name, count, **told)[..., 0] - 50) / 100


def paper_cover(name: str, area: float, angle: float) -> np.ndarray:
    """Count, of each pixel, how many of its 8 × 8 parts lie within the shape on paper."""
    line = (np.arange(256) + 0.5) / 8 - 16
    place = (line[None, :] + 1j * line[:, None]) * np.exp(-1j * angle) / sqrt(area / paper_area(name))
    return paper_inside(name, place.real, place.imag).reshape(32, 8, 32, 8).mean((1, 3))


def centres(pictures: np.ndarray) -> np.ndarray:
    """Return the centre of the ink of each picture, (n, 2), from the middle to the right and down."""
    places = np.arange(32) - 15.5
    ink = pictures.sum((1, 2))
    return np.stack([pictures.sum(1) @ places / ink, pictures.sum(2) @ places / ink], axis=1)


def outline_ink(name: str, area: float) -> float:
    """Return the ink that the checkers have too much: half their outline borders on empty fields, and is drawn faintly.

    Such a line is half covered, and fades to nothing half a pixel to either side: a quarter of a pixel for each pixel
    of its length. It is half of four sides of √(2 · area).
    """
    return 2 * sqrt(2 * area) / 4 if name == "checkers" else 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("area", "angle"), [(210, 0.4), (120, 2.0)])
def test_pictures_show_the_shape_on_paper(name, area, angle):
    wrong = np.abs(cover(name, area=area, angle=angle)[0] - paper_cover(name, area, angle))
    # The soft edge is not the covered part of a pixel where an edge ends, or where two are near each other.
    assert wrong.max() < 0.5
    assert wrong.sum() < 0.035 * area + 1.1 * outline_ink(name, area)


@pytest.mark.parametrize("name", NAMES)
def test_ink_is_the_area_that_was_drawn_at_any_angle_and_place(name):
    some = np.random.default_rng(3)
    area, angle = some.uniform(120, 210, 60), some.uniform(0, 2 * pi, 60)
    places = [some.uniform(-1, 1, 60), some.uniform(-1, 1, 60)]
    places[0][:8], places[1][4:12] = [1, -1] * 4, [1, 1, -1, -1] * 2
    ink = cover(name, 60, area=area, angle=angle, place=places).sum((1, 2))
    surplus = ink - area - [outline_ink(name, one) for one in area]
    assert np.abs(surplus / area).max() < (0.06 if name == "checkers" else 0.02)
    assert np.abs(np.mean(surplus / area)) < 0.015


TURNS = range(2, 13)
SAME_TURNED = {
    "circle": set(TURNS),
    "square": {2, 4},
    "triangle": {3},
    "star": {5},
    "cross": {2, 4},
    "ring": set(TURNS),
    "crescent": set(),
    "arrow": set(),
    "stripes": {2},
    "checkers": {2},
}


@pytest.mark.parametrize("name", NAMES)
def test_each_class_has_its_symmetries_and_no_other(name):
    upright, *turned = cover(name, 12, angle=2 * pi / np.array([1, *TURNS]))
    wrong = {turn: np.abs(picture - upright).max() for turn, picture in zip(TURNS, turned, strict=True)}
    assert {turn for turn in TURNS if wrong[turn] < 0.02} == SAME_TURNED[name]
    assert {turn for turn in TURNS if wrong[turn] > 0.2} == set(TURNS) - SAME_TURNED[name]


@pytest.mark.parametrize("name", NAMES)
def test_each_class_has_its_mirrors_and_no_other(name):
    picture = cover(name)[0]
    mirrors = {"left": picture[:, ::-1], "up": picture[::-1], "diagonal": picture.T, "other": picture[::-1, ::-1].T}
    same = {axis for axis, mirrored in mirrors.items() if np.abs(mirrored - picture).max() < 0.02}
    one_axis = {"triangle": {"left"}, "star": {"left"}, "arrow": {"left"}, "crescent": {"up"}}
    two_axes = {"stripes": {"left", "up"}, "checkers": {"diagonal", "other"}}
    assert same == (one_axis | two_axes).get(name, set(mirrors))


def test_where_a_shape_lies_and_how_it_turns():
    room = 16 - sqrt(180 / pi)
    for x, y in ((1, -1), (-0.5, 0.25), (0, 1)):
        assert centres(cover("circle", place=[x, y]))[0] == pytest.approx([x * room, y * room], abs=0.06)
    # The cross reaches hypot(1, 0.33) of its units, and has an area of 2.2044 of them.
    room = 16 - hypot(1, 0.33) * sqrt(150 / 2.2044)
    assert centres(cover("cross", place=[-1, 0.5], area=150))[0] == pytest.approx([-room, room / 2], abs=0.06)
    # The head of the arrow is below at first, and turns to the left.
    for angle, (x, y) in {0: (0, 1), pi / 2: (-1, 0), pi: (0, -1), 3 * pi / 2: (1, 0)}.items():
        # centre of the head 0.5, of the shaft −0.4: (0.675 · 0.5 − 0.672 · 0.4) / 1.347 = 0.051
        assert centres(cover("arrow", angle=angle))[0] == pytest.approx(
            [0.051 * x * sqrt(180 / 1.347), 0.051 * y * sqrt(180 / 1.347)], abs=0.06
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_class_is_drawn_from_the_same_ranges_in_one_order(name):
    asked = []

    class Watched(LoadedDice):
        def uniform(self, low, high, size):
            asked.append((next(name for name, range_ in RANGES.items() if range_ == (low, high)), size[1:]))
            return super().uniform(low, high, size)

    shapes10._draw_shape(name, 2, Watched())
    one, three = (1, 1), (3,)
    spot = [("spot_radius", one), ("spot_place", one), ("spot_place", one), ("spot_colour", three)]
    shape = [("area", one), ("place", one), ("place", one), ("angle", one), ("contrast", three)]
    assert asked == [("ground", three), ("slope", (2, 3)), *spot * 3, *shape]


def off_uniform(values: np.ndarray, low: float, high: float) -> float:
    """Return the greatest gap between the shares of values below a bound and those of an even draw (Kolmogorov)."""
    ranks = np.arange(len(values) + 1) / len(values)
    even = np.clip((np.sort(values) - low) / (high - low), 0, 1)
    return max(np.abs(even - ranks[1:]).max(), np.abs(even - ranks[:-1]).max())


@pytest.mark.parametrize("name", NAMES)
def test_size_colours_and_place_say_nothing_of_the_class(name):
    some = np.random.default_rng(4)
    free = drawn(name, 200, **dict.fromkeys(("ground", "contrast", "area", "place", "angle"), some))[..., 1]
    ground, top = free.min((1, 2)), free.max((1, 2))
    shape = (free - ground[:, None, None]) / (top - ground)[:, None, None]
    area = shape.sum((1, 2))
    # 200 values, a chance of one in a million to be further off: √(ln(2,000,000) / 400) = 0.19
    assert off_uniform(ground, 0, 110) < 0.19
    assert off_uniform(top - ground, 45, 135) < 0.19
    assert off_uniform(area, 120, 210) < 0.19
    if name not in ("crescent", "arrow"):  # whose centre is not that of their ink
        room = 16 - paper_reach(name) * np.sqrt(area / paper_area(name))
        for axis in (0, 1):
            assert off_uniform(centres(shape)[:, axis] / room, -1, 1) < 0.19


def test_the_even_draw_check_can_fail():
    assert off_uniform(np.random.default_rng(5).uniform(0.2, 1, 200), 0, 1) > 0.19


def test_the_colour_of_ground_and_shape():
    picture = drawn("circle", ground=np.array([10, 60, 110]), contrast=np.array([45, 100, 135]))[0]
    assert picture[0, 0].tolist() == [10, 60, 110]
    assert picture[16, 16].tolist() == [55, 160, 245]


def test_the_ground_has_a_slope_of_its_own_in_each_colour():
    slope = np.array([[20, 0, -10], [0, 10, 16]])  # to the right, and down, over 32 pixels
    picture = drawn("circle", slope=slope)[0]
    # Corners lie 15.5 of 32 off the middle. To the right: ±20 · 0.484 = 9.7, down ±10 · 0.484 = 4.8, and cut to whole.
    assert picture[[0, 0, 31, 31], [0, 31, 0, 31], 0].tolist() == [40, 59, 40, 59]
    assert picture[[0, 0, 31, 31], [0, 31, 0, 31], 1].tolist() == [45, 45, 54, 54]
    # −10 · x + 16 · y: 4.8 − 7.75 = −2.9, −4.8 − 7.75 = −12.6, and the same above
    assert picture[[0, 0, 31, 31], [0, 31, 0, 31], 2].tolist() == [47, 37, 62, 52]
    assert picture[16, 16].tolist() == [150, 150, 150], "the shape has one colour all over"


def test_three_spots_lie_behind_the_shape_the_last_above_the_first():
    spots = {
        "spot_radius": [3, 2, 2.5],
        "spot_place": [-10.5, 10.5, -10.5, 10.5, 12.5, -11.5],
        "spot_colour": [np.array([250, 0, 0]), np.array([0, 250, 0]), np.array([50, 50, 250])],
    }
    picture = drawn("square", area=120, **spots)[0]
    above = picture - 50
    # left and below: a disc of radius 3 in red, with one of radius 2 in green upon it
    assert picture[26, 5].tolist() == [0, 250, 0] and picture[26, 7].tolist() == [125, 125, 0]
    assert above[20:, :12, 1].clip(0).sum() == pytest.approx(200 * pi * 2**2, rel=0.02)
    assert above[20:, :12, 0].clip(0).sum() == pytest.approx(200 * pi * (3**2 - 2**2), rel=0.04)
    assert above[:10, 20:, 2].clip(0).sum() == pytest.approx(200 * pi * 2.5**2, rel=0.02)
    assert centres(above[..., 2].clip(0)[None, :, :] * (np.arange(32) > 22))[0] == pytest.approx(
        [12.5, -11.5], abs=0.05
    )
    hidden = drawn("square", **{**spots, "spot_radius": [3, 2, 2.5], "spot_place": [0] * 6, "spot_colour": [255] * 3})
    assert (hidden == drawn("square")).all()


def test_noise_has_a_spread_of_18_and_is_cut_at_black_and_white():
    assert drawn("circle", noise=1)[0, [0, 16], [0, 16]].tolist() == [[68] * 3, [168] * 3]
    assert drawn("circle", noise=-1)[0, 0, 0].tolist() == [32] * 3
    assert drawn("circle", noise=-3)[0, 0, 0].tolist() == [0] * 3  # 50 − 54
    assert drawn("circle", noise=6)[0, 16, 16].tolist() == [255] * 3  # 150 + 108


def test_an_edge_is_one_pixel_soft():
    distance = np.array([[[-1, -0.5, -0.25, 0, 0.25, 0.5, 1]]])
    painted = shapes10._paint(np.full((1, 1, 7, 3), 10.0), distance, np.array([[10, 110, 210]]))
    assert painted[0, 0, :, 1].tolist() == [110, 110, 85, 60, 35, 10, 10]
    assert painted[0, 0, 2].tolist() == [10, 85, 160]


def test_each_label_gets_a_picture_of_its_class(monkeypatch):
    monkeypatch.setattr(np.random, "default_rng", lambda seed: LoadedDice())
    labels = np.array([9, 0, 3, 3, 7, 1, 8, 2, 6, 5, 4, 0], np.uint8)
    pictures = shapes10.draw(labels, seed=1)
    assert (pictures.shape, pictures.dtype) == ((12, 32, 32, 3), np.uint8)
    paper = np.array([paper_cover(name, 180, 0) for name in NAMES])
    for label, picture in zip(labels, pictures, strict=True):
        wrong = np.abs((picture[..., 0] - 50.0) / 100 - paper).sum((1, 2))
        assert np.argmin(wrong) == label


# A class is drawn in parts of 250 to 499, so that 10,000 pictures need no more memory at once than 499.
@pytest.mark.parametrize(("count", "parts"), [(1, [1]), (499, [499]), (500, [250, 250]), (750, [250, 250, 250])])
def test_many_pictures_are_drawn_in_parts(monkeypatch, count, parts):
    dice = LoadedDice()
    monkeypatch.setattr(np.random, "default_rng", lambda seed: dice)
    shapes10.draw(np.zeros(count, int), seed=1)
    assert dice.parts == parts


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: shapes10.draw(np.array([3, 10]), 1), "labels must lie between 0 and 9, but run from 3 to 10"),
        (lambda: shapes10.draw(np.array([-1, 4]), 1), "run from -1 to 4"),
        (lambda: shapes10.draw(np.array([], int), 1), "one axis of whole numbers, but got shape (0,)"),
        (lambda: shapes10.draw(np.array([0.5]), 1), "dtype float64"),
        (lambda: shapes10.draw(np.array([[1]]), 1), "got shape (1, 1)"),
        (lambda: shapes10.draw(np.array([1]), -1), "seed must be a whole number of at least 0, but got -1"),
        (lambda: shapes10.generate(0, 5), "train_count must be a whole number of at least 1, but got 0"),
        (lambda: shapes10.generate(5, -2), "test_count must be a whole number of at least 1, but got -2"),
        (lambda: shapes10.generate(5, 5, -1), "seed must be a whole number of at least 0, but got -1"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)


@pytest.fixture(scope="module")
def default_set():
    return shapes10.generate()


def test_counts_shapes_and_balance(default_set):
    train_images, train_labels, test_images, test_labels = default_set
    assert (train_images.shape, train_images.dtype) == ((10_000, 32, 32, 3), np.uint8)
    assert (test_images.shape, test_images.dtype) == ((2_000, 32, 32, 3), np.uint8)
    assert train_labels.dtype == test_labels.dtype == np.int64
    assert np.bincount(train_labels).tolist() == [1_000] * 10
    assert np.bincount(test_labels).tolist() == [200] * 10


def test_classes_are_shuffled(default_set):
    # In the first half, a class has 500 of its 1,000: standard deviation √(1,000 · ½ · ½ · 0.9) = 15; five of them.
    half = np.bincount(default_set[1][:5_000], minlength=10)
    assert np.abs(half - 500).max() < 75
    # One in ten follows one of its own: 1,000 of 10,000, standard deviation 30.
    assert abs((np.diff(default_set[1]) == 0).sum() - 1_000) < 150


def test_small_sets_are_as_even_as_can_be():
    labels = shapes10.generate(23, 1, seed=0)
    assert sorted(np.bincount(labels[1]).tolist()) == [2] * 7 + [3] * 3 and labels[3].tolist() == [0]


def test_a_seed_decides_everything():
    first, again, other = (shapes10.generate(50, 20, seed) for seed in (5, 5, 6))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0]) and not np.array_equal(first[1], other[1])
    assert not np.array_equal(first[1][:20], first[3])


def test_the_default_set_is_the_one_that_the_records_learned_from():
    # Not worked out but written down: another set would put every recorded run in the wrong.
    train_images, train_labels, test_images, test_labels = shapes10.generate(20, 10)
    assert train_labels.tolist() == [9, 5, 6, 4, 1, 7, 6, 1, 4, 5, 0, 9, 3, 8, 2, 2, 7, 8, 0, 3]
    assert test_labels.tolist() == [0, 2, 8, 1, 6, 7, 5, 4, 3, 9]
    trained, tested = (images[:3, 16, 16].astype(int) for images in (train_images, test_images))
    # within 1, for a sine may differ in its last digit between machines
    assert np.abs(trained - [[61, 75, 37], [164, 84, 73], [45, 101, 255]]).max() <= 1
    assert np.abs(tested - [[141, 193, 181], [132, 194, 110], [111, 197, 169]]).max() <= 1


def test_training_and_test_pictures_differ(default_set):
    train, test = ({picture.tobytes() for picture in default_set[part]} for part in (0, 2))
    assert len(train) == 10_000 and not train & test


def neighbours_say(train: np.ndarray, labels: np.ndarray, test: np.ndarray, k: int = 25) -> np.ndarray:
    """Classify by the majority of the k nearest training rows."""
    guesses = []
    for part in np.array_split(test.astype(float), 20):
        # |a − b|² without |a|², which is the same for all b
        nearest = np.argpartition((train**2).sum(1) - 2 * part @ train.T, k, axis=1)[:, :k]
        guesses += [np.bincount(row, minlength=10).argmax() for row in labels[nearest]]
    return np.array(guesses)


def mean_colour_accuracy(train_images, train_labels, test_images, test_labels) -> float:
    guesses = neighbours_say(train_images.mean((1, 2)), train_labels, test_images.mean((1, 2)))
    return float((guesses == test_labels).mean())


@pytest.mark.parametrize("seed", [10, 11, 12])
def test_mean_colour_is_at_chance(seed, default_set):
    pictures = default_set if seed == 10 else shapes10.generate(seed=seed)
    # 2,000 guesses at 1 in 10: standard deviation 0.0067; four of them either way
    assert 0.073 < mean_colour_accuracy(*pictures) < 0.127


def test_the_mean_colour_check_can_fail():
    images, labels, test_images, test_labels = shapes10.generate(2_000, 500)
    tinted = images // 2 + 10 * labels[:, None, None, None].astype(np.uint8)
    test_tinted = test_images // 2 + 10 * test_labels[:, None, None, None].astype(np.uint8)
    assert mean_colour_accuracy(tinted, labels, test_tinted, test_labels) > 0.127
