"""The page that computes a convolution by hand: its learned kernel, from pictures that it does not draw."""

import numpy as np

from nnbook import convolution
from tests.pages import BOOK, check_band
from tools.book import run


def test_the_kernel_is_learned_back_from_other_pictures():
    page = BOOK.page("convolution-by-hand")
    learning = [page.assigning("secret"), page.assigning("learned")]
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    runs = [
        run(learning, {"np": np, "convolution": convolution, "kernel": kernel, "rng": np.random.default_rng(seed)})
        for seed in range(101, 109)
    ]
    start = runs[0] | {"learned": np.zeros((3, 3, 1, 1)), "losses": runs[0]["losses"][:1]}
    check_band("convolution-by-hand", "band-learned-kernel", inside=runs, outside={"no step at all": start})
