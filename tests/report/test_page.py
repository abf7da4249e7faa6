"""The report page: what it shows, that it stays well-formed, and that no text from the caller becomes markup."""

from __future__ import annotations

import itertools
import math
import re
from html.parser import HTMLParser
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.drawing.style import COMPONENTS, NOTEBOOK, PAGE
from identigraph.report import Stage, Summary, notebook, render

VOID = {"meta"}
READ = "Columns and the fields they were read as"
EVIL = "<script>alert('1')</script> & \"co\""
NOTHING = pl.DataFrame()

COLUMNS = ["column", "field", "kind", "role", "present", "unparsed", "distinct", "note"]
KEYS = ["key", "pairs", "keyed", "blocks", "largest", "hot_blocks", "hot_pairs"]
WEIGHTS = ["comparator", "level", "label", "m", "u", "household", "match_weight"]


def frame(columns: list[str], *rows: tuple[Any, ...]) -> pl.DataFrame:
    """Return a table of the rows."""
    return pl.DataFrame(rows, schema=columns, orient="row")


EMPTY = Summary(0, 0, 0, (), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
FULL = Summary(
    records=12_000,
    sources=3,
    entities=5_000,
    stages=(
        Stage("read", "rows of 3 tables", 12_000, 0.5),
        Stage("compare", "patterns", 1_234_567, 2.0),
        Stage("cluster", "entities", 5_000, math.nan),
    ),
    columns=frame(
        COLUMNS,
        ("mail", "email", "Email", "column", 9_000, 1_111, 7_777, "shared ones left out"),
        ("created", None, None, None, None, None, None, "says when, not who"),
        ("first", "name", "PersonName", "given", 12_000, 0, 2_222, None),
    ),
    blocking=frame(
        KEYS,
        ("block_on('email')", 3_000, 6_000, 2_500, 12, 0, 0),
        ("block_on('city')", 6_000, 3_000, 1_400, 4_100, 2, 8_382_201),
    ),
    weights=frame(
        WEIGHTS,
        ("email", 0, "differs", 0.1, 0.9, 0.5, -4.0),
        ("email", 1, "similar", 0.2, 0.2, 0.5, 0.0),
        ("email", 2, "equal", 0.7, 0.0000231, 0.5, 12.0),
        ("city", 0, "differs", 0.5, 0.5, 0.5, math.nan),
        ("city", 1, "equal", 0.5, 0.0, 0.5, math.inf),
    ),
    cluster_sizes=frame(
        ["size", "clusters", "records"],
        (1, 2_000, 2_000),
        (2, 1_900, 3_800),
        (12, 3, 36),
        (20, 1, 20),
        (1_214, 1, 1_214),
    ),
    overlap=frame(["sources", "entities"], ("crm + web", 1_500), ("web", 500), ("crm", 2_999), ("crm + shop + web", 1)),
    probabilities=frame(["from", "to", "pairs"], (0.0, 0.5, 4_000), (0.5, 0.95, 0), (0.95, 1.0, 90_000)),
    settings=(("threshold", "0.9"), ("builder", "AverageLinkage(threshold=0.9)")),
    notes=("2 blocks are hot.", "The column dob mixes formats."),
)
ODD = attrs.evolve(
    FULL,
    records=0,
    entities=0,
    weights=FULL.weights.with_columns(match_weight=pl.lit(math.inf), u=pl.lit(None, pl.Float64)),
    columns=FULL.columns.with_columns(pl.lit(None, pl.String).alias(c) for c in ("field", "kind", "note")),
    probabilities=FULL.probabilities.with_columns(pairs=pl.lit(0)),
    blocking=FULL.blocking.with_columns(pl.lit(0).alias(c) for c in KEYS[1:]),
    overlap=FULL.overlap.head(0),
)
CLEARED = attrs.evolve(
    FULL,
    **{
        f.name: value.head(0) for f in attrs.fields(Summary) if isinstance(value := getattr(FULL, f.name), pl.DataFrame)
    },
)
EVERY = pytest.mark.parametrize("summary", [EMPTY, FULL, ODD, CLEARED], ids=["empty", "full", "odd", "no rows"])


class Page(HTMLParser):
    """A page taken apart: its elements, its text, its tables as {caption: rows of cell texts}."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.caption = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        """Note the element, and open a table, a row or a cell."""
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "caption":
            self.caption = ""
        if tag == "tr":
            self.tables.setdefault(self.caption, []).append([])
        if tag in {"td", "th"}:
            self.tables[self.caption][-1].append("")

    def handle_endtag(self, tag):
        """Close the element that was opened last."""
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Note the text, and put it into its cell."""
        self.text.append(data)
        if "caption" in self.open:
            self.caption += data
        elif ("td" in self.open or "th" in self.open) and "svg" not in self.open:
            self.tables[self.caption][-1][-1] += data

    def all(self, tag: str, style: str | None = None) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a name, and of a class."""
        return [a for t, a in self.elements if t == tag and (style is None or style in (a.get("class") or "").split())]

    @property
    def plain(self) -> str:
        """All text, white space collapsed."""
        return " ".join("".join(self.text).split())


def page(summary: Summary = FULL, **changes: Any) -> Page:
    """Return the rendered page of a changed summary, taken apart."""
    return Page(render(attrs.evolve(summary, **changes)))


def rows(summary: Summary, caption: str) -> list[list[str]]:
    """Return the rows of the body of one table."""
    return Page(render(summary)).tables[caption][1:]


@EVERY
def test_every_tag_is_closed_in_order(summary):
    for html in (render(summary), notebook(summary)):
        assert Page(html).open == []


@EVERY
def test_nothing_is_loaded_and_nothing_runs(summary):
    for html in (render(summary), notebook(summary)):
        assert not re.search(r"http|//|url\(|@import|<script|<link|<img|<iframe|\bsrc=|\bhref=|\bon\w+=", html)


@EVERY
def test_every_header_cell_has_a_scope_and_every_picture_is_named_or_hidden(summary):
    got = Page(render(summary))
    assert all(th.get("scope") in {"row", "col", "rowgroup"} for th in got.all("th"))
    assert all(
        svg.get("aria-hidden") == "true" or (svg["role"] == "img" and svg["aria-label"]) for svg in got.all("svg")
    )


@EVERY
def test_headings_start_at_one_and_skip_no_level(summary):
    levels = [int(tag[1]) for tag, _ in Page(render(summary)).elements if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_sections_come_in_the_order_of_the_road():
    titles = re.findall(r"<h2>(.*?)</h2>", render(FULL))
    made = ["Overlap of sources", "Cluster sizes", "Expected accuracy"]
    road = ["Columns", "Blocking keys", "Evidence", "Time per stage", "Settings"]
    assert titles == ["2 notes", *made, *road]


def test_no_text_of_the_caller_becomes_markup():
    evil = attrs.evolve(
        FULL,
        stages=(Stage(EVIL, EVIL, 1, 1.0),),
        columns=frame(COLUMNS, (EVIL, EVIL, EVIL, EVIL, 1, 1, 1, EVIL), (EVIL, None, None, None, 1, 1, 1, EVIL)),
        blocking=frame(KEYS, (EVIL, 1, 1, 1, 1, 0, 0)),
        weights=frame(WEIGHTS, (EVIL, 0, EVIL, 0.1, 0.9, 0.5, -4.0)),
        overlap=frame(["sources", "entities"], (EVIL, 1), (f"{EVIL} + b", 1)),
        settings=((EVIL, EVIL),),
        notes=(EVIL,),
    )
    html = render(evil, title=EVIL)
    assert "<script" not in html
    assert Page(html).open == []
    assert Page(html).all("script") == []
    # title, h1, note; hover texts of one label and of two sets; column and note twice, field, kind,
    # role; key; comparator, label, hover text with both; stage, detail; setting, value
    assert Page(html).plain.count(EVIL) == 3 + 3 + 7 + 1 + 4 + 2 + 2
    assert "<script" not in notebook(evil)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_name_is_read_back_as_it_was(name):
    got = page(columns=frame(COLUMNS, (name, "f", "k", "r", 1, 1, 1, name)), notes=(name,))
    assert got.open == []
    assert got.tables[READ][1][::8] == [name, name]
    assert got.text.count(name) >= 3


def test_the_headline_tells_records_sources_entities_and_the_share_of_duplicates():
    assert "12,000 records from 3 sources → 5,000 entities" in page().plain
    assert "58.3% of the records were duplicates." in page().plain


def test_one_record_is_singular():
    got = page(EMPTY, records=1, sources=1, entities=1)
    assert "1 record from 1 source → 1 entity" in got.plain
    assert "0% of the records were duplicates." in got.plain


def test_no_records_have_no_share_of_duplicates():
    assert "There were no records to resolve." in page(EMPTY).plain


@pytest.mark.parametrize(
    "tile",
    [
        ("Duplicate records", "7,000", "58.3% of records"),
        ("Entities with duplicates", "1,905", "38.1% of entities"),
        ("In several sources", "1,501", "30.0% of entities"),
        ("Records per entity", "2.40", "on average"),
        ("Largest cluster", "1,214", "records in one entity"),
        ("Time", "2.5 s", "2 stages"),
    ],
)
def test_a_tile_shows_its_figure(tile):
    name, figure, detail = tile
    html = render(attrs.evolve(FULL, stages=FULL.stages[:2]))
    assert f"<dt>{name}</dt><dd>{figure}</dd><dd>{detail}</dd>" in html


def test_one_source_has_no_tile_of_several_sources():
    assert "In several sources" not in page(sources=1).plain
    assert "In several sources" in page(sources=2).plain


@pytest.mark.parametrize("name", ["Duplicate records", "Entities with duplicates", "Largest cluster"])
def test_tiles_of_nothing_are_zero(name):
    assert f"<dt>{name}</dt><dd>0</dd>" in render(EMPTY)


def test_notes_come_before_the_first_section_and_only_if_there_are_any():
    html = render(FULL)
    assert "2 notes" in html
    assert html.index("The column dob mixes formats.") < html.index("<section>")
    assert "<aside" not in render(attrs.evolve(FULL, notes=()))


# Entities by the set of their sources.


def test_sets_come_largest_first_with_their_share():
    got = rows(FULL, "Entities by set of sources")
    figures = [("2,999", "60.0%"), ("1,500", "30.0%"), ("500", "10.0%"), ("1", "<0.1%")]
    assert [tuple(row[1:3]) for row in got] == figures


def test_dots_are_filled_for_the_sources_of_the_set():
    dots = re.findall(r'<svg class="dots".*?</svg>', render(FULL))
    assert [(d.count("<circle"), d.count('class="out"'), d.count("<line")) for d in dots] == [
        (3, 2, 0),
        (3, 1, 1),
        (3, 2, 0),
        (3, 0, 1),
    ]
    assert [re.search(r'aria-label="(.*?)"', d)[1] for d in dots] == ["crm", "crm + web", "web", "crm + shop + web"]


def test_sources_of_most_entities_come_first():
    labels = re.search(r'<svg class="labels".*?</svg>', render(FULL))[0]
    assert 'aria-label="crm, web, shop"' in labels


def test_equal_sets_and_equal_keys_come_by_name():
    sets = frame(["sources", "entities"], ("b", 5), ("a + b", 5), ("a", 5))
    drawn = render(attrs.evolve(FULL, overlap=sets, blocking=FULL.blocking.with_columns(pairs=pl.lit(7))))
    assert re.findall(r'<svg class="dots".*?aria-label="(.*?)"', drawn) == ["a", "a + b", "b"]
    assert 'aria-label="b, a"' not in drawn
    assert drawn.index("block_on(&#x27;city&#x27;)</th>") < drawn.index("block_on(&#x27;email&#x27;)</th>")


def test_only_sets_of_several_sources_stand_out():
    html = render(FULL).split("Cluster sizes")[0]
    assert re.findall(r'class="bar (\w+)"', html) == ["soft", "strong", "soft", "strong"]


def test_one_source_is_said_in_a_sentence():
    got = page(sources=1, overlap=frame(["sources", "entities"], ("crm", 5_000)))
    assert "All 5,000 entities come from one source, crm." in got.plain
    assert got.all("svg", "dots") == []


@pytest.mark.parametrize(("sets", "more"), [(20, None), (21, "and 1 more set with 1 entity")])
def test_twenty_sets_are_shown_and_the_rest_counted(sets, more):
    names = ["s" * 30, *(f"source {i}" for i in range(11))]
    several = [" + ".join(c) for n in (1, 2) for c in itertools.combinations(names, n)][:sets]
    got = page(sources=12, overlap=frame(["sources", "entities"], *((s, sets - i) for i, s in enumerate(several))))
    assert len(got.tables["Entities by set of sources"]) == 1 + 20
    assert ("more set" in got.plain) == (more is not None)
    assert more is None or more in got.plain
    assert "s" * 23 + "…" in got.text
    assert len(got.all("circle")) == 20 * 12


# Entities by their number of records.


def test_sizes_above_ten_are_put_together():
    got = [row[:4] for row in rows(FULL, "Entities by number of records")]
    assert got == [
        ["1", "2,000", "2,000", "16.7%"],
        ["2", "1,900", "3,800", "31.7%"],
        ["11–20", "4", "56", "0.5%"],
        ["1,001–1,214", "1", "1,214", "10.1%"],
    ]


def test_groups_of_sizes_end_at_20_50_100_and_so_on():
    sizes = [11, 20, 21, 50, 51, 100, 101, 200, 201, 500]
    table = frame(["size", "clusters", "records"], *((size, 1, size) for size in sizes))
    got = rows(attrs.evolve(FULL, cluster_sizes=table), "Entities by number of records")
    assert [row[:2] for row in got] == [[f"{a}–{b}", "2"] for a, b in zip(sizes[::2], sizes[1::2], strict=True)]


def test_the_largest_cluster_is_named():
    assert "The largest cluster has 1,214 records." in page().plain


def test_one_huge_bar_makes_the_scale_logarithmic():
    sizes = ["size", "clusters", "records"]
    assert "log scale" not in page(probabilities=NOTHING).plain
    assert "log scale" in page(probabilities=NOTHING, cluster_sizes=frame(sizes, (1, 900, 900), (2, 100, 200))).plain


@pytest.mark.parametrize("size", [10, 11, 20, 21, 50, 51, 100, 101, 1_000, 1_001, 99_999, 100_000])
def test_every_size_has_a_row_that_holds_it(size):
    got = rows(
        attrs.evolve(FULL, cluster_sizes=frame(["size", "clusters", "records"], (size, 1, size))),
        "Entities by number of records",
    )
    low, _, high = got[0][0].replace(",", "").partition("–")
    assert int(low) <= size == int(high or low)


# How the columns were read.


def test_a_column_shows_how_it_was_read():
    assert rows(FULL, READ)[:2] == [
        ["mail", "email", "Email", "column", "75.0%", "", "1,111", "7,777", "shared ones left out"],
        ["first", "name", "PersonName", "given", "100%", "", "0", "2,222", ""],
    ]


def test_columns_set_aside_follow_in_a_group_with_their_reason():
    assert rows(FULL, READ)[2:] == [
        ["Set aside: 1 column"],
        ["created", "", "", "", "–", "", "–", "–", "says when, not who"],
    ]


def test_there_is_no_group_where_nothing_was_set_aside():
    assert "Set aside" not in page(columns=FULL.columns.drop_nulls("field")).plain


def test_a_bar_shows_how_much_is_present_where_it_is_known():
    html = render(FULL).split("<h2>Columns</h2>")[1].split("<h2>")[0]
    assert re.findall(r'<rect width="(\d+)"', html) == ["75", "100"]


def test_present_may_be_a_share():
    shares = FULL.columns.with_columns(present=pl.lit(0.25))
    assert {row[4] for row in rows(attrs.evolve(FULL, columns=shares), READ) if len(row) > 1} == {"25.0%"}


# The blocking keys.


def test_keys_come_most_pairs_first_and_hot_blocks_are_flagged():
    assert rows(FULL, "Blocking keys and the pairs they propose") == [
        ["block_on('city')", "6,000", "", "25.0%", "1,400", "4,100", "▲ 2", "8,382,201"],
        ["block_on('email')", "3,000", "", "50.0%", "2,500", "12", "0", "0"],
    ]
    assert len(page().all("span", "flag")) == 1


def test_bars_are_as_long_as_the_pairs():
    html = render(FULL).split("<h2>Blocking keys</h2>")[1].split("<h2>Evidence</h2>")[0]
    assert re.findall(r'<rect width="(\d+)"', html) == ["100", "50"]


# Match weights and probabilities.


def test_levels_come_best_first_with_their_bits():
    got = Page(render(FULL)).tables
    assert [row[:2] for row in got["email"][1:]] == [["equal", "+12.0"], ["similar", "0.0"], ["differs", "−4.0"]]
    assert [row[:2] for row in got["city"][1:]] == [["equal", "+∞"], ["differs", "–"]]


def test_pointing_at_a_bar_tells_m_and_u():
    assert "email, equal: +12.0 bits; m 0.7, u 2.31e-05, household 0.5" in page().text


def test_bars_run_from_zero_to_the_weight_on_one_scale():
    html = render(FULL)
    bars = re.findall(r'<svg class="diverging([^"]*)".*?<rect x="([\d.]+)" y="4" width="([\d.]+)"', html)
    drawn = [("", "25", "75"), ("", "25", "0"), (" against", "0", "25"), ("", "25", "75"), ("", "25", "0")]
    assert bars == drawn


@pytest.mark.parametrize(
    ("weights", "bars"), [((2.0, 4.0), [("0", "100"), ("0", "50")]), ((-4.0, -2.0), [("50", "50"), ("0", "100")])]
)
def test_the_scale_of_weights_starts_at_zero(weights, bars):
    table = frame(WEIGHTS, *(("city", i, "", 0.1, 0.1, 0.1, weight) for i, weight in enumerate(weights)))
    assert re.findall(r'<rect x="(\d+)" y="4" width="(\d+)"', render(attrs.evolve(FULL, weights=table))) == bars


def test_bits_are_explained_where_there_are_weights():
    assert "one bit more doubles the odds" in page().plain
    assert "one bit more doubles the odds" not in page(weights=NOTHING).plain


def test_the_histogram_has_a_column_per_bin():
    got = page()
    assert {"0–0.5: 4,000 pairs", "0.5–0.95: 0 pairs", "0.95–1: 90,000 pairs"} <= set(got.text)
    assert "94,000 scored pairs" in got.plain
    assert "90,000, stands between 0.95 and 1." in got.all("svg", "histogram")[0]["aria-label"]


def test_no_pairs_have_no_histogram():
    assert page(ODD).all("svg", "histogram") == []


def test_stages_show_counts_seconds_and_bars():
    assert [row[:4] for row in rows(FULL, "Stages, their counts and times")] == [
        ["read", "rows of 3 tables", "12,000", "0.50"],
        ["compare", "patterns", "1,234,567", "2.00"],
        ["cluster", "entities", "5,000", "–"],
    ]
    html = render(FULL).split("<h2>Time per stage</h2>")[1]
    assert re.findall(r'<rect width="(\d+)"', html) == ["25", "100", "0"]


def test_stages_that_took_no_time_have_no_bars():
    html = render(attrs.evolve(FULL, stages=(Stage("read", "rows", 1, 0.0),))).split("<h2>Time per stage</h2>")[1]
    assert re.findall(r'<rect width="(\d+)"', html) == ["0"]


def test_settings_show_name_and_text():
    assert rows(FULL, "Settings") == [["threshold", "0.9"], ["builder", "AverageLinkage(threshold=0.9)"]]


@pytest.mark.parametrize("summary", [EMPTY, CLEARED], ids=["empty", "no rows"])
def test_empty_tables_are_said_to_be_empty(summary):
    tables = 5
    assert page(summary, stages=(), settings=()).text.count("Nothing to show.") == tables + len(
        ["estimates", "stages", "settings"]
    )


def test_the_title_is_that_of_the_page():
    html = render(FULL, title="R&D")
    assert "<title>R&amp;D</title>" in html
    assert "<h1>R&amp;D</h1>" in html
    assert "<h1>Customer view</h1>" in render(FULL)


def test_the_page_is_made_for_night_and_paper():
    assert "prefers-color-scheme: dark" in PAGE
    assert "@media print" in PAGE
    assert PAGE in render(FULL)


# The fragment for notebooks.


def test_it_is_no_page():
    html = notebook(FULL)
    assert not re.search(r"<!DOCTYPE|<html|<head|<body|<h1|<section", html)
    assert html.startswith('<div class="identigraph">')


def test_it_shows_headline_key_figures_and_stages():
    got = Page(notebook(FULL))
    assert "12,000 records from 3 sources → 5,000 entities" in got.plain
    assert "Largest cluster" in got.plain
    assert list(got.tables) == ["Stages, their counts and times"]


def test_without_stages_it_has_no_table():
    assert Page(notebook(EMPTY)).tables == {}


def test_its_styles_touch_nothing_else():
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", COMPONENTS + NOTEBOOK)
    each = [one.strip() for selector in selectors for one in selector.split(",")]
    assert len(each) > 30
    assert [one for one in each if not one.startswith(".identigraph")] == []
