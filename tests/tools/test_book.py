"""The book as an object: its pages are those of the table of contents, in its order; what a page holds."""

import nbformat
import pytest
import yaml

from tests.house import GOOD_PAGE, small_book
from tools.book import ROOT, Book, output_problems, run, tags_of

PAGE = "sequences/good-page"
PROSE = "# Words\n\nNo code here, though a page may say format_name: myst.\n"


def cell(*lines):
    return "\n".join(["```{code-cell} ipython3", *lines, "```", ""])


def page_of(folder, text):
    return small_book(folder, {PAGE: text}, notebooks=False).page("good-page")


def with_cells(folder, *cells):
    return page_of(folder, GOOD_PAGE.split("# Halve")[0] + "# Cells\n\n" + "\n".join(cells))


def test_pages_come_in_the_order_of_the_table_of_contents(tmp_path):
    names = ["words/b", "words/a", "sequences/z", "appendix/c"]
    book = small_book(tmp_path, dict.fromkeys(names, PROSE))
    assert [page.name for page in book.pages] == ["chapters/index", *(f"chapters/{name}" for name in names)]
    assert {part: [page.path.stem for page in pages] for part, pages in book.parts.items()} == {
        "Words": ["b", "a"],
        "Sequences": ["z"],
        "Appendix": ["c"],
    }


def test_pages_within_pages_come_after_them(tmp_path):
    book = small_book(tmp_path, dict.fromkeys(["a/1", "a/2", "a/3"], PROSE))
    chapters = [
        {"file": "chapters/a/1.md", "sections": [{"file": "chapters/a/3"}]},
        {"file": "chapters/a/2.md"},
    ]
    toc = {"format": "jb-book", "root": "chapters/index", "parts": [{"caption": "A", "chapters": chapters}]}
    (tmp_path / "_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
    book = Book(tmp_path)
    assert [page.path.stem for page in book.pages] == ["index", "1", "3", "2"]
    assert [page.path.stem for page in book.parts["A"]] == ["1", "3", "2"]


@pytest.mark.parametrize(
    "stray",
    [
        "sequences/.ipynb_checkpoints/x.ipynb",
        "sequences/.ipynb_checkpoints/x.md",
        "Untitled.ipynb",
        "sequences/notes.md",
    ],
)
def test_what_an_editor_leaves_behind_is_no_page(tmp_path, stray):
    before = [page.name for page in small_book(tmp_path).pages]
    path = tmp_path / "chapters" / stray
    path.parent.mkdir(exist_ok=True)
    path.write_text(GOOD_PAGE, "utf-8")
    assert [page.name for page in Book(tmp_path).pages] == before


def test_every_page_of_this_book_is_in_its_table_of_contents():
    written = [path for path in (ROOT / "chapters").rglob("*.md") if ".ipynb_checkpoints" not in path.parts]
    assert {page.path for page in Book().pages} == set(written)


def test_a_missing_page_is_one_sentence(tmp_path):
    book = small_book(tmp_path)
    book.page("good-page").path.unlink()
    with pytest.raises(FileNotFoundError, match=r"^_toc.yml lists chapters/sequences/good-page, but there is no such"):
        _ = Book(tmp_path).pages


def test_a_page_is_found_by_the_end_of_its_name(tmp_path):
    book = small_book(tmp_path, {PAGE: GOOD_PAGE, "words/good-page": GOOD_PAGE, "words/page": GOOD_PAGE})
    assert book.page("words/page") == book.page("chapters/words/page") == book.page("page")
    assert book.page("page").name == "chapters/words/page"
    with pytest.raises(ValueError, match="'good-page' names 2 pages"):
        book.page("good-page")
    with pytest.raises(ValueError, match="'bad-page' names 0 pages"):
        book.page("bad-page")


HEADER = GOOD_PAGE.split("# Halve")[0]


@pytest.mark.parametrize(
    ("header", "notebook"),
    [
        (HEADER, True),
        ("\ufeff" + HEADER, True),
        (HEADER.replace("format_name: myst", "format_name: 'myst'"), True),
        (HEADER.replace("format_name: myst", "format_name: myst  # with cells"), True),
        (HEADER.replace("jupytext:\n", "# a comment --- with lines\njupytext:\n"), True),
        (HEADER.replace("jupytext:\n", "title: One\njupytext:\n"), True),
        (HEADER.replace("    format_name: myst\n", "") + "format_name: myst\n", False),
        ("---\nformat_name: myst\n---\n\n", False),
        (HEADER.replace("myst", "markdown"), False),
        ("---\njupytext: {text_representation: {format_name: myst}}\n---\n\n", True),
        ("---\njupytext: none\n---\n\n", False),
        ("---\n---\n\n", False),
        ("---\n\n", False),
        ("\n" + HEADER, False),
        ("", False),
    ],
)
def test_a_page_is_a_notebook_by_its_header(tmp_path, header, notebook):
    assert page_of(tmp_path, header + PROSE).is_notebook == notebook


def test_a_header_that_cannot_be_read_is_one_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"^the header of chapters/sequences/good-page is no YAML; compare"):
        _ = page_of(tmp_path, "---\njupytext: [\n---\n").is_notebook


def test_title_setup_and_code(tmp_path):
    page = small_book(tmp_path).page("good-page")
    assert page.title == "Halve a number"
    assert "importlib" in page.setup.source
    assert page.setup not in page.code
    assert [tags_of(cell) for cell in page.code] == [["exact"], [], [], ["nbval-ignore-output"], ["band-seconds"]]
    assert {cell.cell_type for cell in page.cells} == {"code", "markdown"}


def test_only_the_first_code_cell_is_the_setup(tmp_path):
    assert with_cells(tmp_path, cell("1"), cell(":tags: [remove-cell]", "", "2")).setup is None


def test_a_page_without_code_has_no_setup_and_nothing_measured(tmp_path):
    page = page_of(tmp_path, PROSE)
    assert (page.title, page.setup, page.code, page.notebook, page.measured) == ("Words", None, [], None, {})


CELLS = (cell("a = 1"), cell(":tags: [band-b]", "", "def b(x):", "    return x + a"), cell("c = b(1)"))


def test_a_cell_is_found_by_its_tag_and_by_what_it_defines(tmp_path):
    page = with_cells(tmp_path, *CELLS)
    assert page.cell("band-b") == page.defining("b") == "def b(x):\n    return x + a"
    assert page.up_to("band-b") == ["a = 1", page.cell("band-b")]


@pytest.mark.parametrize("look_up", ["cell", "defining", "up_to"])
@pytest.mark.parametrize(("cells", "number"), [((), 0), (CELLS[1:2] * 2, 2)])
def test_no_cell_or_several_are_one_sentence(tmp_path, look_up, cells, number):
    page = with_cells(tmp_path, CELLS[0], *cells)
    name = "b" if look_up == "defining" else "band-b"
    with pytest.raises(ValueError, match=f"good-page must have one code cell with .*b.*, but has {number}"):
        getattr(page, look_up)(name)


def test_a_function_within_another_or_with_a_longer_name_is_not_it(tmp_path):
    page = with_cells(tmp_path, cell("def bb():", "    def b(): pass"), cell("def b(): pass"))
    assert page.defining("b") == "def b(): pass"


@pytest.mark.parametrize("metadata", [None, "x", {}, {"seconds": 3}])
def test_what_another_tool_has_lost_is_empty(tmp_path, metadata):
    page = small_book(tmp_path).page("good-page")
    notebook = page.notebook
    notebook.metadata["nnbook"] = metadata
    nbformat.write(notebook, page.notebook_path)
    again = Book(tmp_path).page("good-page")
    assert again.measured == (metadata if isinstance(metadata, dict) else {})


def test_what_is_no_notebook_is_one_sentence(tmp_path):
    page = small_book(tmp_path).page("good-page")
    page.notebook_path.write_text("<<<<<<< HEAD\n", "utf-8")
    with pytest.raises(ValueError, match=r"good-page\.ipynb is no notebook; delete it and run `make notebooks`"):
        _ = Book(tmp_path).page("good-page").notebook


def test_the_outputs_of_an_executed_notebook_have_no_problem(tmp_path):
    assert output_problems(small_book(tmp_path).page("good-page").notebook) == []


def test_run_goes_on_from_given_values_in_one_namespace():
    values = {"a": 1}
    assert run(["b = a + 1", "def f():\n    return b", "c = f()"], values)["c"] == 2
    assert values["c"] == 2


def test_run_puts_another_seed_in_every_call_that_has_one():
    sources = ["seed = 5\ndef draw(n, seed=0):\n    return n + seed", "a = draw(1, seed=1)", "b = [draw(2, seed=2)]"]
    assert [run(sources, seed=seed)["a"] for seed in (None, 10)] == [2, 11]
    values = run(sources, seed=10)
    assert values["b"] == [12]
    assert values["seed"] == 5, "a name is no argument"


def test_run_refuses_a_seed_that_changes_nothing():
    with pytest.raises(ValueError, match="call nothing with 'seed=NUMBER'"):
        run(["a = 1"], seed=3)


def test_run_makes_asserts_or_leaves_them_out_and_still_goes_on():
    sources = ["a = 1\nassert a == 2\na = 3"]
    with pytest.raises(AssertionError):
        run(sources)
    assert run(sources, asserts=False)["a"] == 3


def test_an_error_in_a_cell_names_the_cell():
    with pytest.raises(ZeroDivisionError) as error:
        run(["a = 0", "\n1 / a"])
    assert (error.traceback[-1].frame.code.raw.co_filename, error.traceback[-1].lineno) == ("<cell 2>", 1)
