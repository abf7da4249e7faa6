"""The drawn analysis: what the page and the notebook show."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import attrs
import polars as pl
import pytest

import identigraph as ig
from identigraph.blocking import Analysis, analyze
from identigraph.blocking.drawn import SHOWN_BLOCKS, SHOWN_SETS, notebook, page
from identigraph.blocking.recall import RecallEstimate

EVIL = "<script>alert('1')</script>"


class Balanced(HTMLParser):
    """Fails on a tag that is not closed, and collects the tags and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note an opened tag."""
        del attrs
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.text.append(data)


def read(html: str) -> Balanced:
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    return parser


def text(html: str) -> str:
    return " ".join(" ".join(read(html).text).split())


@pytest.fixture
def analysis() -> Analysis:
    cities = [EVIL, "bonn"] * 60
    records = ig.Records.of({"city": cities, "no": [str(i // 4) for i in range(120)]})
    with pytest.warns(ig.IdentigraphWarning):
        return analyze(ig.block_on("city", max_block=50) | ig.block_on("no"), records)


def test_the_page_shows_all_parts_their_overlap_and_the_hot_blocks(analysis: Analysis) -> None:
    shown = text(page(analysis))
    for figure in ("120 records", "Alone", "With key", "▲ 2", "Left out", "Stranded", "Never compared", "unknown"):
        assert figure in shown
    assert "60 1,770" in shown
    assert f"{analysis.pairs:,} pairs of" in shown


def test_values_of_records_are_escaped_and_stand_on_the_page_alone(analysis: Analysis) -> None:
    assert "script" not in read(page(analysis)).seen
    assert "script alert" in text(page(analysis))
    assert "alert" not in notebook(analysis)
    assert "bonn" not in notebook(analysis)


def test_what_became_of_hot_blocks_is_shown_only_where_there_is_any() -> None:
    records = ig.Records.of({"city": ["rome", "rome", "bonn"]})
    shown = text(page(analyze(ig.block_on("city"), records)))
    assert "Stranded 1" not in shown
    assert "Left out" not in shown
    assert "No block is larger than its cap." in shown


def test_the_estimate_of_recall_comes_with_its_spread(analysis: Analysis) -> None:
    known = attrs.evolve(analysis, recall=RecallEstimate(0.913, 0.88, 0.95, 6, 1_000))
    assert "91.3% 88.0% to 95.0%, by 6 pairs of fields" in text(page(known))


def test_a_sample_is_said_to_be_one(analysis: Analysis) -> None:
    shown = text(page(attrs.evolve(analysis, sampled=True)))
    assert "Estimated from a sample." in shown
    assert re.search(r"about [\d,]+ pairs of 120 records", shown)
    assert not re.search(r"about [\d,]+ pairs", text(page(analysis)))


def test_long_lists_are_cut_and_the_rest_counted(analysis: Analysis) -> None:
    sets = pl.DataFrame({"parts": [[0]] * (SHOWN_SETS + 3), "pairs": [5] * (SHOWN_SETS + 3)})
    row = {"part": "p", "block": "b", "records": 60, "pairs": 1_770}
    hot = pl.DataFrame([row] * 40)
    parts = analysis.parts.with_columns(pl.lit(20).alias("hot_blocks"))
    shown = text(page(attrs.evolve(analysis, overlap=sets, hot=hot, parts=parts)))
    assert "and 3 more sets" in shown
    assert f"and {40 - SHOWN_BLOCKS} more blocks" in shown


def test_one_bar_that_dwarfs_the_others_makes_the_scale_logarithmic(analysis: Analysis) -> None:
    parts = analysis.parts.with_columns(pl.Series("pairs", [1_000_000, 5]))
    assert "log scale" in text(page(attrs.evolve(analysis, parts=parts)))
    even = attrs.evolve(analysis, parts=parts.with_columns(pl.lit(5).alias("pairs")), overlap=analysis.overlap.head(1))
    assert "log scale" not in text(page(even))


def test_nothing_to_compare_is_drawn_as_well() -> None:
    found = analyze(ig.no_pairs(), ig.Records.of({"a": ["x", "y"]}))
    assert "Nothing to show." in text(page(found))
    assert "0 pairs" in text(notebook(found))
    assert re.search("<style>", notebook(found))
