"""Shapes10: ten classes of 32×32 colour pictures, drawn by code from a seed.

The class of a picture is its shape and nothing else: angle, size, colour and background are drawn
from the same distributions for every class, and the place evenly from where the shape fits. All
shapes of a picture's size cover the same area, so that the mean colour says nothing about the class.
"""

from collections.abc import Callable

import numpy as np

from nnbook.checks import whole_number

CLASS_NAMES = (
    "circle",
    "square",
    "triangle",
    "star",
    "cross",
    "ring",
    "crescent",
    "arrow",
    "stripes",
    "checkers",
)
SIDE = 32
AREA = (120.0, 210.0)  # pixels covered by the shape, drawn evenly

SignedDistance = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _polygon(u: np.ndarray, v: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Signed distance to a polygon, negative inside (Inigo Quilez, iquilezles.org/articles/distfunctions2d)."""
    squared = np.full(u.shape, np.inf)
    inside = np.zeros(u.shape, bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        ex, ey = x1 - x0, y1 - y0
        wx, wy = u - x0, v - y0
        along = np.clip((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1)
        squared = np.minimum(squared, (wx - along * ex) ** 2 + (wy - along * ey) ** 2)
        crosses = (y0 > v) != (y1 > v)
        inside ^= crosses & (wx * ey < wy * ex if ey > 0 else wx * ey > wy * ex)
    return np.where(inside, -1, 1) * np.sqrt(squared)


def _square(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return np.maximum(np.abs(u), np.abs(v)) - 1


def _bars(t: np.ndarray, width: float) -> np.ndarray:
    """Signed distance to bars with gaps as wide as the bars, one of them centred on t = 0."""
    return np.abs((t + width) % (2 * width) - width) - width / 2


def _star_corners() -> np.ndarray:
    angles = np.pi / 2 + np.arange(10) * np.pi / 5
    radii = np.where(np.arange(10) % 2 == 0, 1.0, 0.42)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)


_TRIANGLE = np.array([[0.0, 1.0], [-0.866, -0.5], [0.866, -0.5]])
_STAR = _star_corners()
_ARROW = np.array([[0.0, 1.1], [-0.75, 0.2], [-0.28, 0.2], [-0.28, -1.0], [0.28, -1.0], [0.28, 0.2], [0.75, 0.2]])

# Signed distance of each shape in its own units, negative inside.
_DISTANCE: dict[str, SignedDistance] = {
    "circle": lambda u, v: np.hypot(u, v) - 1,
    "square": _square,
    "triangle": lambda u, v: _polygon(u, v, _TRIANGLE),
    "star": lambda u, v: _polygon(u, v, _STAR),
    "cross": lambda u, v: np.minimum(
        np.maximum(np.abs(u) - 1, np.abs(v) - 0.33), np.maximum(np.abs(u) - 0.33, np.abs(v) - 1)
    ),
    "ring": lambda u, v: np.abs(np.hypot(u, v) - 0.8) - 0.2,
    "crescent": lambda u, v: np.maximum(np.hypot(u, v) - 1, 0.85 - np.hypot(u - 0.5, v)),
    "arrow": lambda u, v: _polygon(u, v, _ARROW),
    "stripes": lambda u, v: np.maximum(_square(u, v), _bars(u, 0.4)),
    "checkers": lambda u, v: np.maximum(
        _square(u, v),
        -np.sign(np.sin(np.pi * u / 0.5) * np.sin(np.pi * v / 0.5))
        * np.minimum(np.abs((u + 0.25) % 0.5 - 0.25), np.abs((v + 0.25) % 0.5 - 0.25)),
    ),
}


def _area_and_reach(distance: SignedDistance) -> tuple[float, float]:
    """Area and greatest distance from the centre of a shape, both in its own units, counted on a fine grid."""
    line = np.linspace(-1.5, 1.5, 401)
    u, v = np.meshgrid(line, line)
    inside = distance(u, v) < 0
    return float(inside.mean() * 9), float(np.hypot(u, v)[inside].max())


_AREA_AND_REACH = {name: _area_and_reach(_DISTANCE[name]) for name in CLASS_NAMES}


def draw(labels: np.ndarray, seed: int) -> np.ndarray:
    """Draw one picture per label.

    Args:
        labels: class numbers 0 to 9, shape (n,).
        seed: whole number of at least 0; the same seed draws the same pictures.

    Returns:
        Pictures of shape (n, 32, 32, 3), uint8, red-green-blue.

    Raises:
        ValueError: labels are not one axis of whole numbers 0 to 9, or the seed is negative.

    >>> draw(np.array([0, 3]), seed=1).shape
    (2, 32, 32, 3)
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.size == 0 or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels must be one axis of whole numbers, but got shape {labels.shape}, dtype {labels.dtype}; "
            "pass for instance np.array([0, 3])."
        )
    if labels.min() < 0 or labels.max() >= len(CLASS_NAMES):
        raise ValueError(f"labels must lie between 0 and 9, but run from {labels.min()} to {labels.max()}.")
    rng = np.random.default_rng(whole_number(seed, "seed", at_least=0))
    pictures = np.empty((labels.size, SIDE, SIDE, 3), np.uint8)
    for number, name in enumerate(CLASS_NAMES):
        mine = np.flatnonzero(labels == number)
        for part in np.array_split(mine, max(1, mine.size // 250)):
            if part.size:
                pictures[part] = _draw_shape(name, part.size, rng)
    return pictures


def _draw_shape(name: str, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw `count` pictures of one shape: background with a slope, clutter, the shape, noise."""
    grid = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
    x, y = grid[None, None, :], grid[None, :, None]

    def per_picture(low: float, high: float, *axes: int) -> np.ndarray:
        return rng.uniform(low, high, (count, *(axes or (1, 1)))).astype(np.float32)

    background = per_picture(0, 110, 3)
    slope = per_picture(-25, 25, 2, 3)
    canvas = background[:, None, None, :] + (
        slope[:, 0, None, None, :] * (x / SIDE)[..., None] + slope[:, 1, None, None, :] * (y / SIDE)[..., None]
    )
    for _ in range(3):
        radius = per_picture(1.5, 3.0)
        distance = np.hypot(x - per_picture(-15, 15), y - per_picture(-15, 15)) - radius
        canvas = _paint(canvas, distance, per_picture(0, 255, 3))

    unit_area, unit_reach = _AREA_AND_REACH[name]
    scale = np.sqrt(per_picture(*AREA) / unit_area)
    room = SIDE / 2 - scale * unit_reach
    dx = x - per_picture(-1, 1) * room
    dy = y - per_picture(-1, 1) * room
    angle = per_picture(0, 2 * np.pi)
    u = (np.cos(angle) * dx + np.sin(angle) * dy) / scale
    v = (-np.sin(angle) * dx + np.cos(angle) * dy) / scale
    colour = background + per_picture(45, 135, 3)
    canvas = _paint(canvas, _DISTANCE[name](u, v) * scale, colour)
    noise = 18 * rng.standard_normal(canvas.shape, dtype=np.float32)
    return np.clip(canvas + noise, 0, 255).astype(np.uint8)


def _paint(canvas: np.ndarray, distance: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """Lay a colour over the canvas where `distance` (in pixels) is negative, with an edge one pixel soft."""
    cover = np.clip(0.5 - distance, 0, 1)[..., None]
    return canvas * (1 - cover) + colour[:, None, None, :] * cover


def generate(train_count: int = 10_000, test_count: int = 2_000, seed: int = 10) -> tuple[np.ndarray, ...]:
    """Draw a training and a test set, each with (almost) the same number of pictures per class, shuffled.

    Returns:
        train_images (n, 32, 32, 3) uint8, train_labels (n,) int64, test_images, test_labels.

    Raises:
        ValueError: a count under 1 or a negative seed.
    """
    seed = whole_number(seed, "seed", at_least=0)
    sets = []
    for part, count in enumerate((train_count, test_count)):
        count = whole_number(count, ("train_count", "test_count")[part], at_least=1)
        labels = np.random.default_rng([seed, part]).permutation(np.arange(count) % len(CLASS_NAMES))
        sets += [draw(labels, seed=2 * seed + part), labels]
    return tuple(sets)
