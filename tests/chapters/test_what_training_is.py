"""What the page about training says of batches, over many sets of examples, and its steps as literals from paper."""

import nnbook.quiet  # noqa: F401  isort: skip
import keras
import numpy as np
import pytest

from tests.pages import check_band, check_starts, functions

NAMES = ("loss", "gradient", "descend", "descend_in_batches", "last_steps")
BATCHES = [slice(start, start + 4) for start in range(0, 64, 4)]


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """The functions of the page, without Keras; the cells that define them use the two examples and the two paths."""
    paths = dict.fromkeys(("noisy", "smooth"), np.zeros((81, 2)))
    return functions("what-training-is", *NAMES, x=np.array([1.0, 2.0]), y=np.array([2.0, 3.0]), **paths)


def run_with(
    page: dict[str, object], seed: int, batches: list[slice] = BATCHES, rate: float = 0.1
) -> dict[str, object]:
    """Draw 64 examples as the page does, train on them, and return what the cells read."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 2, 64)
    y = x + 1 + rng.normal(0, 0.5, 64)
    noisy = page["descend_in_batches"](x, y, rate, batches, 5)
    before = [page["loss"](*place, x[batch], y[batch]) for place, batch in zip(noisy[:-1], batches * 5, strict=True)]
    return page | {
        "x": x,
        "y": y,
        "lowest": page["loss"](*np.polyfit(x, y, 1), x, y),
        "slopes": [page["gradient"](0, 0, x[batch], y[batch]) for batch in batches],
        "noisy": noisy,
        "smooth": page["descend"](x, y, rate, 80),
        "means": np.reshape(before, (5, -1)).mean(axis=1),
    }


def test_steps_from_paper(page):
    x, y = np.array([1.0, 2.0]), np.array([2.0, 3.0])
    assert page["gradient"](0, 0, x, y) == (-8, -5)
    # The errors after the first step are -0.7 and -0.9: slopes -0.7 - 1.8 = -2.5 and -1.6.
    path = page["descend"](x, y, 0.1, 2)
    assert np.allclose(path, [[0, 0], [0.8, 0.5], [1.05, 0.66]], rtol=0, atol=1e-12)
    # In batches of one: error -2 at x = 1, then 0.4 · 2 + 0.4 - 3 = -1.8 at x = 2.
    path = page["descend_in_batches"](x, y, 0.1, [slice(0, 1), slice(1, 2)], 1)
    assert np.allclose(path, [[0, 0], [0.4, 0.4], [1.12, 0.76]], rtol=0, atol=1e-12)


def test_adams_last_step_from_paper(page):
    step = functions("what-training-is", "last_adam_step")["last_adam_step"]
    assert np.isclose(step([-8]), -0.1) and np.isclose(step([-5], 0.2), -0.2)  # m is the slope, v its square
    # After 1 and -1: m = (0.9 · 0.1 - 0.1) / (1 - 0.81) = -1 / 19, and v = 1.
    assert np.isclose(step([1, -1]), -0.1 / 19)


def test_adams_last_step_is_that_of_keras():
    step = functions("what-training-is", "last_adam_step")["last_adam_step"]
    slopes = np.random.default_rng(1).normal(size=50)
    place, optimizer = keras.Variable(0.0), keras.optimizers.Adam(0.1)
    for slope in slopes:
        before = float(place)
        optimizer.apply([keras.ops.convert_to_tensor(slope, "float32")], [place])
    assert np.isclose(before - float(place), step(slopes), rtol=0, atol=1e-5)


def test_the_loss_where_it_is_lowest_is_that_of_the_formula(page):
    values = run_with(page, 1)
    bottom = page["descend"](values["x"], values["y"], 0.1, 2_000)[-1]
    assert np.isclose(page["loss"](*bottom, values["x"], values["y"]), values["lowest"], rtol=1e-12)


def test_bands(page):
    runs = [run_with(page, seed) for seed in range(10_000, 10_005)]
    all_examples = run_with(page, 10_000, [slice(None)] * 16)
    check_band(
        "what-training-is",
        "band-slopes",
        inside=runs,
        outside={
            "each batch is all examples": all_examples,
            "the sign of the errors turned": all_examples | {"slopes": [(-dw, -db) for dw, db in runs[0]["slopes"]]},
        },
    )
    check_band(
        "what-training-is",
        "band-batches",
        inside=runs,
        outside={
            "a rate that is too large": run_with(page, 10_000, rate=0.6),
            "a rate that is too small": run_with(page, 10_000, rate=0.002),
            "the loss of another line as the lowest": runs[0] | {"lowest": 2 * runs[0]["lowest"]},
        },
    )
    check_band("what-training-is", "band-rest", inside=runs, outside={"each batch is all examples": all_examples})
    check_band(
        "what-training-is",
        "band-reported",
        inside=runs,
        outside={"measured after the epoch": runs[0] | {"means": runs[0]["means"][1:]}},
    )


@pytest.mark.slow
def test_bands_hold_over_many_sets_of_examples(page):
    starts = [run_with(page, seed) for seed in range(20_000, 20_200)]
    check_starts("what-training-is", "band-slopes", starts)
    check_starts("what-training-is", "band-batches", starts)
    check_starts("what-training-is", "band-rest", starts)
    check_starts("what-training-is", "band-reported", starts)
