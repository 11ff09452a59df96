"""Pages and notebooks: in step, executed, and after the grammar; each check is shown a planted fault."""

import re
import shutil
import subprocess
import sys

import jupytext
import nbformat
import pytest

from tests.conftest import ROOT
from tools import notebooks
from tools.grammar import rules as lint
from tools.inputs import chapter_pages, inputs_hash, notebook_pages

PAGES = chapter_pages()
NOTEBOOK_PAGES = notebook_pages()


def name_of(page):
    return str(page.relative_to(ROOT / "chapters"))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_grammar(page):
    assert lint.page_problems(page) == []


@pytest.mark.parametrize("page", NOTEBOOK_PAGES, ids=name_of)
def test_notebook_is_in_step(page):
    assert notebooks.problems(page) == []


@pytest.mark.parametrize("page", NOTEBOOK_PAGES, ids=name_of)
def test_notebook_figures_noise_and_measured_claims(page):
    assert lint.notebook_problems(page.with_suffix(".ipynb")) == []


def test_every_page_is_in_the_table_of_contents():
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    listed = set(re.findall(r"(?:file|root): (\S+?)(?:\.md)?$", toc, flags=re.M))
    assert listed == {page.relative_to(ROOT).with_suffix("").as_posix() for page in PAGES}


@pytest.fixture
def planted(tmp_path):
    """A copy of the house with one page and its notebook, to spoil."""
    for part in ("src", "requirements.txt"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
        copy(ROOT / part, tmp_path / part)
    page = tmp_path / "chapters" / "page.md"
    page.parent.mkdir()
    shutil.copyfile(ROOT / "chapters/sequences/rnn-by-hand.md", page)
    shutil.copyfile(ROOT / "chapters/sequences/rnn-by-hand.ipynb", page.with_suffix(".ipynb"))
    shutil.copyfile(ROOT / "chapters/jupytext.toml", page.parent / "jupytext.toml")
    assert notebooks.problems(page, tmp_path) == []
    assert lint.page_problems(page) == []
    return page


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def notebook_of(page):
    return nbformat.read(page.with_suffix(".ipynb"), as_version=4)


def test_an_edited_page_with_a_stale_notebook_is_found(planted, tmp_path):
    change(planted, "Two apples", "Two pears")
    assert "does not have the cells of its .md" in notebooks.problems(planted, tmp_path)[0]


def test_an_edited_alt_text_is_found(planted, tmp_path):
    change(planted, "drawn twice", "drawn thrice")
    assert "does not have the cells of its .md" in notebooks.problems(planted, tmp_path)[0]


@pytest.mark.parametrize("file", ["src/nnbook/figures.py", "requirements.txt", "src/nnbook/recorded/__init__.py"])
def test_a_changed_helper_or_version_is_found(planted, tmp_path, file):
    path = tmp_path / file
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    assert "executed with other helpers or versions" in notebooks.problems(planted, tmp_path)[0]


def test_the_data_set_counts_as_an_input():
    assert inputs_hash("shapes10") != inputs_hash("cifar10")


def test_a_missing_notebook_is_found(planted, tmp_path):
    planted.with_suffix(".ipynb").unlink()
    assert "is missing" in notebooks.problems(planted, tmp_path)[0]


def test_a_notebook_without_outputs_is_found(planted, tmp_path):
    notebook = notebook_of(planted)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, planted.with_suffix(".ipynb"))
    assert "was not executed from first to last cell" in notebooks.problems(planted, tmp_path)[0]


def test_a_stored_error_is_found(planted, tmp_path):
    notebook = notebook_of(planted)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[])]
    nbformat.write(notebook, planted.with_suffix(".ipynb"))
    assert "holds a cell that failed" in notebooks.problems(planted, tmp_path)[0]


def test_a_failing_cell_keeps_the_old_notebook(planted):
    change(planted, "first[3] == second[0]", "1 / 0")
    before = planted.with_suffix(".ipynb").read_bytes()
    with pytest.raises(notebooks.CellExecutionError):
        notebooks.make(planted)
    assert planted.with_suffix(".ipynb").read_bytes() == before
    assert not list(planted.parent.glob("*.new"))


def run_nbval(path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
    return subprocess.run([*command, str(path)], cwd=path.parent, capture_output=True, text=True)


@pytest.mark.parametrize(("number", "passes"), [("2.5 2.5", True), ("2.5 2.6", False)])
def test_nbval_finds_a_wrong_number(tmp_path, number, passes):
    path = tmp_path / "one.ipynb"
    cell = nbformat.v4.new_code_cell("print('2.5 2.5')", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=number + "\n")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), path)
    done = run_nbval(path)
    assert (done.returncode == 0) == passes, done.stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("import numpy as np\n", "import numpy as np\n" + "x = 1\n" * 26, "has a cell of"),
        ("import numpy as np\n", "import numpy as np\n" + "x = 1  # " + "y" * 70 + "\n", "has a line of code of 79"),
        ("**What you need.**", "You need", "lacks '**What you need.**'"),
        ("## Summary", "## In short", "must close with the headings"),
        ("## On paper", "#### On paper", "skips a level"),
        ("## On paper", "# On paper", "needs one title"),
        ("**Time.** About ", "**Time.** About 9", "must say 'About N minutes to read'"),
        ("\\tag{2}", "\\tag{3}", "numbers its equations [1, 3]"),
        ("equation (1)", "equation (7)", "names equation 7"),
        ("figure 1 become", "figure 2 become", "names figure 2"),
        ("*Figure 1.* ", "", "has a figure with no line '*Figure 1.*"),
        ("Read two sentences:", "See {term}`apple`.", "which a notebook shows as it is"),
        ("Read two sentences:", ":::{note}\nSee.\n:::", "which a notebook shows as it is"),
        ("git+https://github.com/OWNER", "git+https://github.com/elsewhere", "from another address"),
        (":tags: [remove-cell]", ":tags: [hide-cell]", "needs the first cell of the other pages"),
        ("Read two sentences:", "![](apples.png)", "picture apples.png has no alt text"),
        ("Read two sentences:", "![apples.png](apples.png)", "has a file name as alt text"),
    ],
)
def test_page_lint_finds(planted, old, new, said):
    change(planted, old, new)
    assert any(said in problem for problem in lint.page_problems(planted)), lint.page_problems(planted)


def test_page_lint_finds_cells_without_prose_between(planted):
    change(planted, "## Summary", "```{code-cell} ipython3\n1\n```\n\n" * 9 + "## Summary")
    assert any("without a sentence between" in problem for problem in lint.page_problems(planted))


def test_page_lint_finds_long_cells_on_the_whole(planted):
    text = re.sub(
        r"(```\{code-cell\} ipython3\n(?!---|:tags))", r"\1a = 1\nb = 2\nc = 3\nd = 4\n", planted.read_text("utf-8")
    )
    planted.write_text(text, "utf-8")
    assert any("median of more than" in problem for problem in lint.page_problems(planted))


def test_page_lint_finds_an_ignored_output_without_a_band(planted):
    tagged = "```{code-cell} ipython3\n:tags: [nbval-ignore-output]\n\nprint(1)\n```\n\n## Summary"
    change(planted, "## Summary", tagged)
    assert any("no asserted band" in problem for problem in lint.page_problems(planted))


def spoil_notebook(page, spoil):
    notebook = notebook_of(page)
    cell = next(
        cell for cell in notebook.cells if any("image/png" in o.get("data", {}) for o in cell.get("outputs", []))
    )
    spoil(notebook, cell)
    nbformat.write(notebook, page.with_suffix(".ipynb"))
    return lint.notebook_problems(page.with_suffix(".ipynb"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda notebook, cell: cell.metadata.pop("mystnb"), "has a figure that has no alt text"),
        (lambda notebook, cell: cell.metadata.mystnb.image.update(alt="a figure"), "not a sentence of eight words"),
        (lambda notebook, cell: cell.outputs.extend(cell.outputs[:]), "has 2 figures in one cell"),
        (
            lambda notebook, cell: cell.outputs.append(nbformat.v4.new_output("stream", name="stderr", text="noise")),
            "prints to stderr",
        ),
        (lambda notebook, cell: notebook.metadata.nnbook.update(seconds=500), "seconds, but 500 were"),
        (lambda notebook, cell: notebook.metadata.nnbook.update(peak_memory_mb=9_000), "GB, but 9 were measured"),
    ],
)
def test_notebook_lint_finds(planted, spoil, said):
    found = spoil_notebook(planted, spoil)
    assert any(said in problem for problem in found), found


def test_pages_and_notebooks_are_canonical():
    for page in NOTEBOOK_PAGES:
        written = jupytext.writes(notebook_of(page), fmt="md:myst")
        again = jupytext.reads(written, fmt="md:myst")
        assert notebooks.cells_of(again) == notebooks.cells_of(jupytext.read(page)), page
