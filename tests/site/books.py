"""Books of one page, to build in seconds."""

import shutil
from pathlib import Path

from tests.house import HEADER, executed
from tools import execute
from tools.book import COMMITTED_DATA, ROOT, Book

# One of each thing that the site mends: formulas of one line and of several, code, a figure, a cited work.
ONE_OF_EACH = r"""
## Words

What {cite}`elman1990` wrote, and $x + 1$, and `a b`.

$$
\begin{aligned}
y &= x \\
  &= 1
\end{aligned} \tag{1}
$$

Equation (1) is equation (1), and equation (9) is nowhere.

```{code-cell} ipython3
:tags: [checked]

assert a == 1
```

```{bibliography}
```
"""


def small_book(root: Path, code: str, text: str = "") -> Path:
    """Write a book of one page with one cell, and text after it."""
    (root / "chapters").mkdir()
    cell = f"```{{code-cell}} ipython3\n{code}\n```\n"
    (root / "chapters/page.md").write_text(f"{HEADER}\n# Page\n\n{cell}\n{text}", "utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: chapters/page.md\n", "utf-8")
    for name in ("_config.yml", "references.bib"):
        shutil.copyfile(ROOT / name, root / name)
    shutil.copytree(ROOT / "_static", root / "_static")
    for name in ("requirements.txt", "src"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, root / name)
    page = Book(root).notebook_pages[0]
    execute.write(executed(page), execute.executed_path(page, COMMITTED_DATA))
    return root
