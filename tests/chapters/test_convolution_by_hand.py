"""The page that computes a convolution by hand: its learned kernel, and what its exact cells notice."""

import nnbook.quiet  # noqa: F401  isort: skip
from typing import Any

import keras
import numpy as np
import pytest

from nnbook import convolution
from tests.pages import BOOK, check_band, check_starts, functions
from tools.book import run

PAGE = "convolution-by-hand"


def learned_from(seed: int) -> dict[str, Any]:
    """Run the cells that learn the secret kernel, from other pictures than the page's."""
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    learning = [BOOK.page(PAGE).assigning("secret"), BOOK.page(PAGE).assigning("learned")]
    values = {"np": np, "convolution": convolution, "kernel": kernel, "rng": np.random.default_rng(seed)}
    return run(learning, values)


def test_the_kernel_is_learned_back_from_other_pictures():
    runs = [learned_from(seed) for seed in range(101, 109)]
    start = runs[0] | {"learned": np.zeros((3, 3, 1, 1)), "losses": runs[0]["losses"][:1]}
    check_band("convolution-by-hand", "band-learned-kernel", inside=runs, outside={"no step at all": start})


@pytest.mark.slow
def test_the_kernel_is_learned_back_from_many_pictures():
    check_starts("convolution-by-hand", "band-learned-kernel", [learned_from(seed) for seed in range(1001, 1201)])


def test_the_entry_on_paper_notices_a_gradient_that_is_turned_round_or_shifted():
    names = functions(PAGE, "slide")
    cells = [BOOK.page(PAGE).assigning(name) for name in ("t", "e", "paper")]
    assert run(cells, names | {"convolution": convolution})["gradient"].tolist() == [[-1, 4], [3, -2]]

    def turned(*arguments: Any) -> convolution.Gradients:
        true = convolution.conv2d_gradients(*arguments)
        return true._replace(kernel=true.kernel[::-1, ::-1])

    def of_one_place(images: np.ndarray, kernel: np.ndarray, bias: np.ndarray, dL_dout: np.ndarray) -> Any:
        return convolution.conv2d_gradients(images, kernel, bias, dL_dout * [[[[1], [0]], [[0], [0]]]])

    for wrong in (turned, of_one_place):
        planted = type("Planted", (), {"conv2d_gradients": staticmethod(wrong)})
        with pytest.raises(AssertionError):
            run(cells, names | {"convolution": planted})


@pytest.mark.parametrize("before", [1, 2])
def test_the_impulse_notices_zeros_before_the_picture(before):
    page = BOOK.page(PAGE)
    values = functions(PAGE, "rows_that_see", keras=keras, convolution=convolution)
    run([page.assigning("one_each")], values)
    check = page.assigning("ours")
    run([check], dict(values))
    pad = keras.layers.ZeroPadding2D(((before, 1), (before, 1)))
    wrong = keras.layers.Conv2D(1, 3, strides=2, use_bias=False, kernel_initializer="ones")
    with pytest.raises(AssertionError):
        run([check], values | {"same": lambda impulse: wrong(pad(impulse))[:, :16, :16]})


def test_what_a_convolution_gives_up_notices_weights_that_know_their_place():
    page = BOOK.page(PAGE)
    picture = np.arange(25).reshape(5, 5)
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    slide = functions(PAGE, "slide")["slide"]
    cells = [page.assigning("left"), page.assigning("seen_left")]
    run(cells, {"np": np, "picture": picture, "kernel": kernel, "slide": slide})
    local = {"slide": lambda picture, kernel: slide(picture, kernel) * np.arange(10)}
    with pytest.raises(AssertionError):
        run(cells, {"np": np, "picture": picture, "kernel": kernel} | local)
