"""Figures in the book's style, closed after each test."""

import matplotlib.pyplot as plt
import pytest

from nnbook.figures import style


@pytest.fixture(autouse=True)
def book_style():
    with plt.rc_context():
        style.use_style()
        yield
    plt.close("all")
