"""What every page is made of: the document, its fragment, key figures, sections."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from identigraph.drawing.markup import Markup, tag
from identigraph.drawing.page import NOTHING, document, fragment, section, stressed, tiles
from identigraph.drawing.style import COMPONENTS, NOTEBOOK, PAGE

EVIL = "<script>alert('1')</script> & \"co\""
ESCAPED = "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; &quot;co&quot;"


def test_a_document_is_a_page_with_title_style_and_content_and_loads_nothing():
    page = document("R&D", tag("main", "hello"))
    assert page == (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>R&amp;D</title><style>{COMPONENTS}{PAGE}</style></head>\n"
        '<body class="identigraph"><main>hello</main></body></html>\n'
    )
    assert not re.search(r"http|//|url\(|@import|<script|<link|<img|\bsrc=|\bhref=", page)


def test_a_fragment_carries_its_own_style_and_keeps_the_order_of_its_parts():
    assert fragment(tag("p", "a"), tag("p", "b")) == (
        f'<div class="identigraph"><style>{COMPONENTS}{NOTEBOOK}</style><p>a</p><p>b</p></div>'
    )
    assert isinstance(fragment(), Markup)


def test_a_number_is_stressed_and_its_noun_is_not():
    assert stressed(1, "entity") == ("<b>1</b>", " entity")
    assert stressed(1_200, "entity") == ("<b>1,200</b>", " entities")
    assert stressed(0, "match weight") == ("<b>0</b>", " match weights")


def test_tiles_have_a_name_a_figure_and_a_detail_each():
    assert tiles(iter([("Pairs", "1,200", "of 5,000"), ("Time", "–", "")])) == (
        '<dl class="tiles"><div><dt>Pairs</dt><dd>1,200</dd><dd>of 5,000</dd></div>'
        "<div><dt>Time</dt><dd>–</dd><dd></dd></div></dl>"
    )
    assert tiles([]) == '<dl class="tiles"></dl>'


def test_a_section_has_a_heading_a_line_on_how_to_read_it_and_its_content():
    assert section("Keys", "What proposes pairs.", tag("p", "a"), tag("p", "b")) == (
        '<section><div><h2>Keys</h2><p class="about">What proposes pairs.</p></div>'
        "<div><p>a</p><p>b</p></div></section>"
    )


def test_a_section_without_a_line_has_none():
    assert section("Keys", "", tag("p", "a")) == "<section><div><h2>Keys</h2></div><div><p>a</p></div></section>"


def test_a_section_of_nothing_says_so_and_nothing_else():
    assert section("Keys", "What proposes pairs.") == f"<section><div><h2>Keys</h2></div><div>{NOTHING}</div></section>"
    assert NOTHING == '<p class="about">Nothing to show.</p>'


def test_no_text_becomes_markup():
    for made in (
        document(EVIL, tag("main")),
        tiles([(EVIL, "", "")]),
        tiles([("", EVIL, "")]),
        tiles([("", "", EVIL)]),
        section(EVIL, ""),
        section("", EVIL, tag("p")),
        stressed(2, EVIL)[0] + tag("p", stressed(2, EVIL)[1]),
    ):
        assert "<script" not in made
        assert ESCAPED in made


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_tags_stay_balanced_whatever_the_text(text):
    made = tiles([(text, text, text)]) + section(text, text, tag("p", text))
    assert made.count("<") == 2 * len(re.findall(r"</\w+>", made))
