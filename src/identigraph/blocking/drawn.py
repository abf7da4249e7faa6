"""The analysis of a blocking strategy as an HTML page and as a fragment for notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from identigraph.drawing.figures import count, counted, duration, ratio, share
from identigraph.drawing.markup import Column, Markup, body, joined, table, tag
from identigraph.drawing.page import LOG_SCALE, document, fragment, section, stressed, tiles
from identigraph.drawing.svg import bar, dots, lengths, slanted

if TYPE_CHECKING:
    from identigraph.blocking.analysis import Analysis

SHOWN_SETS = 20
"""Combinations of parts that are shown."""
SHOWN_BLOCKS = 25
"""Hot blocks that are shown."""
FOOTER = "Made by identigraph. The names of hot blocks are values of records: keep the page as you keep these."


def page(analysis: Analysis, title: str = "Blocking") -> str:
    """Return the analysis as one HTML page."""
    parts = (_overview(analysis), _parts(analysis), _overlap(analysis), _hot(analysis))
    footer = tag("footer", FOOTER)
    return document(title, tag("main", tag("header", tag("h1", title), _headline(analysis)), *parts, footer))


def notebook(analysis: Analysis) -> str:
    """Return the analysis as a fragment for ``_repr_html_``, without any value of a record."""
    return fragment(_headline(analysis), _overview(analysis), _part_table(analysis), *_overlap_table(analysis))


def _headline(analysis: Analysis) -> Markup:
    about = ["about "] if analysis.sampled else []
    pairs, records = stressed(analysis.pairs, "pair"), stressed(analysis.records, "record")
    return tag("p", *about, *pairs, " of ", *records, class_="headline")


def _overview(analysis: Analysis) -> Markup:
    return tiles(_figures(analysis))


def _figures(analysis: Analysis) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the figure and the detail of each tile."""
    found = analysis.recall
    if found is None:
        yield "Recall", "unknown", "too few independent fields to estimate it"
    else:
        spread = f"{share(found.low)} to {share(found.high)}"
        yield "Recall, estimated", share(found.recall), f"{spread}, by {counted(found.estimates, 'pair')} of fields"
    yield "Pairs per record", f"{2 * analysis.pairs / max(analysis.records, 1):.1f}", "to compare it with"
    yield "Saved", share(analysis.reduction_ratio), "of all pairs, the reduction ratio"
    alone = share(ratio(analysis.never_compared, analysis.records))
    yield "Never compared", count(analysis.never_compared), f"{alone} of records"
    making, comparing = duration(analysis.making_seconds), duration(analysis.comparing_seconds)
    yield "Time, expected", comparing, f"CPU, to compare; {making} to make the pairs"
    yield "Memory, expected", f"{analysis.memory / 2**20:,.0f} MB", "for indexes and one batch of pairs"


def _parts(analysis: Analysis) -> Markup:
    about = "Alone: pairs that no other part holds. Stranded: records whose blocks were all left out."
    return section("Parts", about + LOG_SCALE * _is_log(analysis.parts), _part_table(analysis))


def _part_table(analysis: Analysis) -> Markup:
    """Return a row for each part; what became of hot blocks only where there is any."""
    is_hot = bool(analysis.parts.get_column("hot_blocks").sum())
    names = ["Alone", "With key", "Blocks", "Largest", *(["Hot", "Left out", "Stranded"] if is_hot else [])]
    heads = [Column("", "number"), Column("Part", "code"), Column("Pairs", "number"), Column("", "bar")]
    heads += [Column(name, "number") for name in names]
    scaled, _ = lengths(analysis.parts.get_column("pairs").to_list())
    rows = [
        (i, row["part"], count(row["pairs"]), bar(length), *_part_figures(row, analysis.records)[: len(names)])
        for i, (row, length) in enumerate(zip(analysis.parts.iter_rows(named=True), scaled, strict=True), start=1)
    ]
    return table("Parts of the strategy", heads, body(heads, rows), style="parts")


def _part_figures(row: dict[str, Any], records: int) -> tuple[object, ...]:
    hot = tag("span", f"▲ {count(row['hot_blocks'])}", class_="flag") if row["hot_blocks"] else "0"
    keyed = share(ratio(row["keyed"], records))
    blocks = (count(row["blocks"]), count(row["largest"]), hot)
    return (count(row["alone"]), keyed, *blocks, count(row["hot_pairs"]), count(row["stranded"]))


def _overlap(analysis: Analysis) -> Markup:
    sampled = " Estimated from a sample." if analysis.sampled else ""
    about = "Pairs by the set of parts that hold them, numbered as above." + sampled
    return section("Overlap", about + LOG_SCALE * _is_log(analysis.overlap), *_overlap_table(analysis))


def _overlap_table(analysis: Analysis) -> list[Markup]:
    """Return an UpSet plot: a row for each set of parts, with a dot for each part in it and a bar of its pairs."""
    if analysis.overlap.is_empty():
        return []
    total = analysis.parts.height
    scaled, _ = lengths(analysis.overlap.get_column("pairs").to_list())
    heads = [Column(slanted([str(i + 1) for i in range(total)])), Column("Pairs", "number"), Column("Share", "number")]
    heads.append(Column("", "bar"))
    rows = [
        (_dots(parts, total), count(pairs), share(ratio(pairs, analysis.pairs)), bar(length, style=_style(parts)))
        for (parts, pairs), length in zip(analysis.overlap.head(SHOWN_SETS).iter_rows(), scaled, strict=False)
    ]
    hidden = analysis.overlap.height - SHOWN_SETS
    more = [tag("p", f"and {counted(hidden, 'more set')}", class_="more")] if hidden > 0 else []
    return [table("Pairs by set of parts", heads, body(heads, rows), style="overlap"), *more]


def _dots(parts: list[int], total: int) -> Markup:
    return dots(parts, total, "parts " + ", ".join(str(part + 1) for part in parts))


def _style(parts: list[int]) -> str:
    return "strong" if len(parts) > 1 else "soft"


def _hot(analysis: Analysis) -> Markup:
    frame = analysis.hot.sort("records", "part", "block", descending=[True, False, False])
    if frame.is_empty():
        return section("Hot blocks", "", tag("p", "No block is larger than its cap.", class_="about"))
    heads = [Column("Block"), Column("Part", "code"), Column("Records", "number"), Column("Pairs", "number")]
    rows = [(block, part, count(n), count(pairs)) for part, block, n, pairs in frame.head(SHOWN_BLOCKS).iter_rows()]
    shown = table("Hot blocks", heads, body(heads, rows))
    hidden = int(analysis.parts.get_column("hot_blocks").sum()) - len(rows)
    more = tag("p", f"and {counted(hidden, 'more block')}", class_="more") if hidden > 0 else Markup()
    return section("Hot blocks", "Blocks above the cap of their part, before its policy.", joined([shown, more]))


def _is_log(frame: pl.DataFrame) -> bool:
    return lengths(frame.get_column("pairs").to_list())[1]
