"""Links made of plain text, and what is put into a page beside it."""

import re

import pytest
from docutils import nodes

from tools.site.elements import RawHtml, number_cells, put_under_title
from tools.site.links import link_matches, number_equations_and_figures, texts


def paragraph(text):
    return nodes.paragraph("", "", nodes.Text(text))


def links_of(element):
    return [(link.astext(), link["refuri"]) for link in element.findall(nodes.reference)]


@pytest.mark.parametrize(
    ("limit", "found"),
    [(None, [("a", "#a"), ("a", "#a")]), (1, [("a", "#a")]), (0, [])],
)
def test_matches_become_links_up_to_a_limit(limit, found):
    element = paragraph("a b a")
    made = link_matches(element[0], re.compile("a|b"), lambda m: "#a" if m[0] == "a" else None, limit)
    assert links_of(element) == found and made == len(found)
    assert element.astext() == "a b a"


def test_a_number_is_a_link_only_where_there_is_one():
    section = nodes.section(
        "", nodes.math_block("", r"x \tag{1}"), paragraph("See equation (1), equation (2), figure 1.")
    )
    number_equations_and_figures(section)
    assert links_of(section) == [("equation (1)", "#equation-1")]
    assert section[0]["ids"] == ["equation-1"]


def test_a_caption_is_the_address_of_its_figure():
    caption = nodes.paragraph("", "", nodes.emphasis("", "Figure 1."), nodes.Text(" A net."))
    section = nodes.section("", caption, paragraph("In figure 1 we see it."))
    number_equations_and_figures(section)
    assert links_of(section) == [("figure 1", "#figure-1")]
    assert caption["ids"] == ["figure-1"] and "caption-line" in caption["classes"]


def test_headings_and_code_have_no_links():
    section = nodes.section("", nodes.title("", "Equation"), nodes.literal_block("", "code"), paragraph("text"))
    assert [text.astext() for text in texts(section)] == ["text"]


def test_visible_cells_are_numbered_from_one():
    cells = [nodes.container(nb_element="cell_code"), nodes.container(), nodes.container(nb_element="cell_code")]
    number_cells(nodes.section("", *cells))
    assert [cell["ids"] for cell in cells] == [["cell-1"], [], ["cell-2"]]


def test_what_stands_under_the_title_is_no_text_of_the_page():
    section = nodes.section("", nodes.title("", "A title"), paragraph("text"))
    put_under_title(section, "<ul><li>Run it</li></ul>")
    assert isinstance(section[1], RawHtml) and section[1]["html"] == "<ul><li>Run it</li></ul>"
    assert "Run it" not in section.astext()


def test_a_page_without_a_title_stays_as_it_is():
    section = nodes.section("", paragraph("text"))
    put_under_title(section, "<ul></ul>")
    assert not list(section.findall(RawHtml))
