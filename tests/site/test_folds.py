"""What the site folds: cells that only keep the prose honest, and cells that only draw."""

import pytest

from tests.pages import book_of
from tools.site.folds import fold

ALT = "---\nmystnb:\n  image:\n    alt: A line.\n---\n"


@pytest.mark.parametrize(
    ("cells", "folded"),
    [
        ([":tags: [checked]\n\nassert 1 < 2"], ["Checked"]),
        ([":tags: [exact]\n\nassert 1 < 2"], [None]),
        ([f"{ALT}plt.plot(a)"], ["How it is drawn"]),
        ([f"{ALT}b = a\nplt.plot(b)", "print(a)"], ["How it is drawn", None]),
        ([f"{ALT}b = a\nplt.plot(b)", "print(a)", "print(b)"], [None, None, None]),
        ([f"{ALT}b = a\nplt.plot(b)", "b = 2\nprint(b)", "print(b)"], ["How it is drawn", None, None]),
        ([f"{ALT}def b(c):\n    plt.plot(c)\nb(1)", f"{ALT}b(2)"], [None, "How it is drawn"]),
        ([f"{ALT}import matplotlib.pyplot as plt\nplt.plot(a)", "plt.plot"], ["How it is drawn", None]),
        ([f"{ALT}%matplotlib inline\nplt.plot(a)"], ["How it is drawn"]),
        (["b = a\nplt.plot(b)"], [None]),
    ],
)
def test_a_cell_is_folded_if_nothing_is_lost(tmp_path, cells, folded):
    code = book_of(tmp_path, *cells).page("page").code
    fold(code)
    assert [cell.metadata.get("mystnb", {}).get("code_prompt_show") for cell in code] == folded
    assert ["hide-input" in cell.metadata.get("tags", []) for cell in code] == [words is not None for words in folded]
