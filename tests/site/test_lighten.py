"""A lighter site shows what it showed before: pictures pixel by pixel, places of signs declaration by declaration."""

import re

from PIL import Image

from tools.site import lighten

SIGNS = (
    '<span class="strut" style="height:0.8444em;vertical-align:-0.15em;"></span>'
    '<span style="top:-2.55em;margin-left:0em;margin-right:0.05em;"><span class="pstrut" style="height:2.7em;"></span>'
    '<span class="frac-line" style="border-bottom-width:0.04em;"></span><span class="x" style="min-width:1em;"></span>'
)


def declarations(page: str, rules: str) -> list[set[str]]:
    """Return what each span says of its place, from inline styles and from the rules of its classes."""
    of = dict(re.findall(r"\.(k\S+?)\{(.*?)!important\}", rules))
    found = []
    for tag in re.findall(r"<span[^>]*>", page):
        inline = [one for style in re.findall(r'style="([^"]*)"', tag) for one in style.split(";") if one]
        named = [of[one] for names in re.findall(r'class="([^"]*)"', tag) for one in names.split() if one in of]
        found.append({re.sub(r":(-?)\.", r":\g<1>0.", one) for one in inline + named})
    return found


def test_each_sign_keeps_its_place():
    page = lighten.lighten(SIGNS)
    assert "style=" not in page and len(page) < len(SIGNS)
    assert declarations(page, lighten.rules([page])) == declarations(SIGNS, "") != declarations(page, "")


def test_a_style_of_another_kind_stays():
    for tag in ('<span style="color:red;">', '<span style="height:2px;">', '<div style="height:1em;">'):
        assert lighten.lighten(tag) == tag


def test_a_changed_picture_is_written_anew(tmp_path):
    (tmp_path / "_images").mkdir()
    for colour in ((200, 10, 30), (10, 200, 30)):
        Image.new("RGB", (8, 6), colour).save(tmp_path / "_images/cover.png")
        lighten.pictures_as_webp(tmp_path)
        assert [path.name for path in (tmp_path / "_images").iterdir()] == ["cover.webp"]
        with Image.open(tmp_path / "_images/cover.webp") as picture:
            assert picture.convert("RGB").getcolors() == [(48, colour)]
