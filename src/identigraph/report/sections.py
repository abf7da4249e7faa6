"""The sections of the page, each from the summary: a heading, a line that says how to read it, a table or a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import polars as pl

from identigraph.drawing.figures import count, counted, is_finite, probability, ratio, share, signed
from identigraph.drawing.markup import Column, Markup, body, joined, table, tag
from identigraph.drawing.page import LOG_SCALE, section
from identigraph.drawing.svg import bar, diverging, dots, histogram, lengths, slanted
from identigraph.report.expected import expected
from identigraph.report.summary import Summary

Sets: TypeAlias = list[tuple[tuple[str, ...], int]]
"""Sets of sources, each with its number of entities."""

SEPARATOR = " + "
"""What stands between the sources of a set."""

SHOWN_SETS = 20
"""Rows of the overlap that are shown."""

SINGLE_SIZES = 10
"""Cluster sizes up to this one have a row each; above, they are put together: 11-20, 21-50, 51-100, 101-200 ..."""


def sections(summary: Summary) -> Iterator[Markup]:
    """Yield the sections, in the order of the page."""
    yield overlap(summary)
    yield cluster_sizes(summary)
    yield expected(summary)
    yield columns(summary)
    yield blocking(summary)
    yield evidence(summary)
    yield stages(summary)
    yield settings(summary)


def overlap(summary: Summary) -> Markup:
    """Return the section on which sources know the same entities."""
    sets = _sets(summary.overlap)
    names = _sources(sets)
    if not sets:
        return section("Overlap of sources", "")
    if len(names) == 1:
        text = f"All {counted(summary.entities, 'entity')} come from one source, {names[0]}."
        return section("Overlap of sources", "", tag("p", text, class_="about"))
    scaled, is_log = lengths([entities for _, entities in sets])
    heads = [Column(slanted(names)), Column("Entities", "number"), Column("Share", "number"), Column("", "bar")]
    rows = [
        (_dots(sources, names), count(entities), share(ratio(entities, summary.entities)), _set_bar(sources, length))
        for (sources, entities), length in zip(sets[:SHOWN_SETS], scaled, strict=False)
    ]
    about = "Entities by the set of sources that know them. Strong bars: more than one source."
    shown = table("Entities by set of sources", heads, body(heads, rows), style="overlap")
    return section("Overlap of sources", about + LOG_SCALE * is_log, shown, _more(sets))


def cluster_sizes(summary: Summary) -> Markup:
    """Return the section on how many records the entities have."""
    sizes = _binned(summary.cluster_sizes)
    if sizes.is_empty():
        return section("Cluster sizes", "")
    scaled, is_log = lengths(sizes.get_column("clusters").to_list())
    heads = [Column("Records in the entity"), Column("Entities", "number"), Column("Records", "number")]
    heads = [*heads, Column("Share", "number"), Column("", "bar")]
    rows = [
        (_size_label(*ends), count(clusters), count(records), share(ratio(records, summary.records)), bar(length))
        for (*ends, clusters, records), length in zip(sizes.iter_rows(), scaled, strict=True)
    ]
    largest = largest_cluster(summary)
    about = f"How many records make one entity. The largest cluster has {counted(largest, 'record')}."
    shown = table("Entities by number of records", heads, body(heads, rows))
    return section("Cluster sizes", about + LOG_SCALE * is_log, shown)


def columns(summary: Summary) -> Markup:
    """Return the section on how the columns were read, those set aside last."""
    if summary.columns.is_empty():
        return section("Columns", "")
    titles = [("Column", "code"), ("Field", None), ("Kind", None), ("Role", None), ("Present", "number"), ("", "meter")]
    titles = [*titles, ("Unparsed", "number"), ("Distinct", "number"), ("Note", "muted")]
    heads = [Column(title, style) for title, style in titles]
    rows = list(summary.columns.iter_rows(named=True))
    read = [_column_cells(row, summary.records) for row in rows if row["field"]]
    aside = [_column_cells(row, summary.records) for row in rows if not row["field"]]
    bodies = [body(heads, read)]
    if aside:
        bodies.append(body(heads, aside, heading=f"Set aside: {counted(len(aside), 'column')}"))
    about = (
        "How each column was read. Unparsed: records with a value that gave nothing; distinct: values once normalized."
    )
    return section("Columns", about, table("Columns and the fields they were read as", heads, *bodies))


def blocking(summary: Summary) -> Markup:
    """Return the section on the blocking keys, the most expensive first."""
    if summary.blocking.is_empty():
        return section("Blocking keys", "")
    keys = list(summary.blocking.sort("pairs", "key", descending=[True, False]).iter_rows(named=True))
    scaled, is_log = lengths([row["pairs"] for row in keys])
    titles = [("Key", "code"), ("Pairs", "number"), ("", "bar"), ("Records with key", "number"), ("Blocks", "number")]
    titles = [*titles, ("Largest block", "number"), ("Hot blocks", "number"), ("Pairs left out", "number")]
    heads = [Column(title, style) for title, style in titles]
    rows = [_key_cells(row, length, summary.records) for row, length in zip(keys, scaled, strict=True)]
    about = "What proposes pairs of records to compare. A hot block (▲) has too many records to pair them all."
    shown = table("Blocking keys and the pairs they propose", heads, body(heads, rows), style="keys")
    return section("Blocking keys", about + LOG_SCALE * is_log, shown)


def evidence(summary: Summary) -> Markup:
    """Return the section on what agreement is worth, and on the probabilities it led to."""
    about = (
        "What each level of agreement says for one entity (right) or against it (left), in bits: one bit more doubles "
        "the odds. Point at a bar for its m and u probabilities."
    )
    cards, chart = _weights(summary.weights), _probabilities(summary.probabilities)
    weights = (tag("h3", "Match weights"), cards) if cards else ()
    chances = (tag("h3", "Match probabilities of scored pairs"), chart) if chart else ()
    return section("Evidence", about if cards else "", *weights, *chances)


def stages(summary: Summary) -> Markup:
    """Return the section on the time each stage took."""
    return section(
        "Time per stage",
        "From records to entities: what each stage made, and how long it took.",
        *([stage_table(summary)] if summary.stages else []),
    )


def stage_table(summary: Summary) -> Markup:
    """Return the table of the stages."""
    seconds = [stage.seconds for stage in summary.stages]
    longest = max((s for s in seconds if is_finite(s)), default=0)
    heads = [Column("Stage"), Column("What", "muted"), Column("Count", "number"), Column("Seconds", "number")]
    heads = [*heads, Column("", "bar")]
    rows = [
        (
            stage.name,
            stage.detail,
            count(stage.count),
            f"{stage.seconds:,.2f}" if is_finite(stage.seconds) else "–",
            bar(ratio(stage.seconds, longest) if is_finite(stage.seconds) and longest else 0),
        )
        for stage in summary.stages
    ]
    return table("Stages, their counts and times", heads, body(heads, rows), style="stages")


def settings(summary: Summary) -> Markup:
    """Return the section on what was set or inferred."""
    heads = [Column("Setting"), Column("Value", "code")]
    shown = [table("Settings", heads, body(heads, summary.settings))] if summary.settings else []
    return section("Settings", "What was set or inferred.", *shown)


def entities_in_several_sources(summary: Summary) -> int:
    """Return how many entities have records in more than one source."""
    return sum(entities for sources, entities in _sets(summary.overlap) if len(sources) > 1)


def entities_of_several_records(summary: Summary) -> int:
    """Return how many entities have more than one record."""
    if summary.cluster_sizes.is_empty():
        return 0
    return int(summary.cluster_sizes.filter(pl.col("size") > 1).get_column("clusters").sum())


def largest_cluster(summary: Summary) -> int:
    """Return the number of records of the largest cluster, 0 without any."""
    if summary.cluster_sizes.is_empty():
        return 0
    return int(summary.cluster_sizes.get_column("size").to_numpy().max(initial=0))


def _sets(frame: pl.DataFrame) -> Sets:
    """Return the sets of sources and their entities, most first."""
    if frame.is_empty():
        return []
    rows = frame.select("sources", "entities").drop_nulls().sort("entities", "sources", descending=[True, False])
    return [(tuple(sources.split(SEPARATOR)), entities) for sources, entities in rows.iter_rows()]


def _sources(sets: Sets) -> list[str]:
    """Return the sources, those with most entities first."""
    reach: Counter[str] = Counter()
    for sources, entities in sets:
        reach.update(dict.fromkeys(sources, entities))
    return sorted(reach, key=lambda source: (-reach[source], source))


def _dots(sources: tuple[str, ...], names: list[str]) -> Markup:
    return dots([names.index(source) for source in sources], len(names), SEPARATOR.join(sources))


def _set_bar(sources: tuple[str, ...], length: float) -> Markup:
    return bar(length, style="strong" if len(sources) > 1 else "soft")


def _more(sets: Sets) -> Markup:
    hidden = sets[SHOWN_SETS:]
    entities = counted(sum(entities for _, entities in hidden), "entity")
    return tag("p", f"and {counted(len(hidden), 'more set')} with {entities}", class_="more") if hidden else Markup()


def _binned(sizes: pl.DataFrame) -> pl.DataFrame:
    """Return the lowest and highest size, the clusters and records of each group of sizes."""
    if sizes.is_empty():
        return pl.DataFrame()
    size = sizes.get_column("size").to_numpy()
    ends = [round(m * 10.0**e) for e in range(1, len(str(size.max())) + 1) for m in (2, 5, 10)]
    highest = np.array([*range(1, SINGLE_SIZES + 1), *ends])
    lowest = np.array([1, *(highest[:-1] + 1)])
    at = np.searchsorted(highest, size)
    binned = (
        sizes.with_columns(low=lowest[at], high=np.minimum(highest[at], size.max()))
        .group_by("low")
        .agg(pl.col("high").first(), pl.col("clusters", "records").sum())
    )
    return binned.sort("low").select("low", "high", "clusters", "records")


def _size_label(low: int, high: int) -> str:
    return count(low) if low == high else f"{count(low)}–{count(high)}"


def _column_cells(row: dict[str, Any], records: int) -> tuple[object, ...]:
    """Return the cells of a column; `present` is a number of records, or a share where it is a float."""
    present = row["present"]
    part = present if isinstance(present, float) else ratio(present, records)
    meter = bar(part, style="track") if is_finite(part) else Markup()
    figures = (share(part), meter, count(row["unparsed"]), count(row["distinct"]))
    return (row["column"], row["field"], row["kind"], row["role"], *figures, row["note"])


def _key_cells(row: dict[str, Any], length: float, records: int) -> tuple[object, ...]:
    """Return the cells of a blocking key, its hot blocks flagged."""
    hot = tag("span", f"▲ {count(row['hot_blocks'])}", class_="flag") if row["hot_blocks"] else count(row["hot_blocks"])
    keyed = share(ratio(row["keyed"], records))
    sizes = (count(row["blocks"]), count(row["largest"]), hot, count(row["hot_pairs"]))
    return (row["key"], count(row["pairs"]), bar(length), keyed, *sizes)


def _weights(frame: pl.DataFrame) -> Markup:
    """Return one small table per comparator, its best level first, all on one scale."""
    if frame.is_empty():
        return Markup()
    known = [w for w in frame.get_column("match_weight") if is_finite(w)]
    low, high = min([0.0, *known]), max([0.0, *known])
    heads = [Column("Level"), Column("Bits", "number"), Column("", "bar")]
    cards = []
    for part in frame.partition_by("comparator", maintain_order=True):
        levels = part.sort("level", descending=True).iter_rows(named=True)
        cells = [(row["label"], signed(row["match_weight"]), _weight_bar(row, low, high)) for row in levels]
        cards.append(table(part.item(0, "comparator"), heads, body(heads, cells)))
    return tag("div", *cards, class_="cards")


def _weight_bar(row: dict[str, Any], low: float, high: float) -> Markup:
    figures = [f"{name} {probability(row[key])}" for name, key in (("m", "m"), ("u", "u"), ("household", "household"))]
    title = f"{row['comparator']}, {row['label']}: {signed(row['match_weight'])} bits; {', '.join(figures)}"
    return diverging(row["match_weight"], low, high, title)


def _probabilities(frame: pl.DataFrame) -> Markup:
    """Return the histogram of match probabilities, with a line that sums it up for those who cannot see it."""
    bins = [(a, b, n or 0) for a, b, n in frame.iter_rows() if is_finite(a) and is_finite(b)] if len(frame) else []
    total = sum(pairs for _, _, pairs in bins)
    if not total:
        return Markup()
    fullest = max(bins, key=lambda b: b[2])
    title = (
        f"Histogram of the match probabilities of {counted(total, 'pair')}; the highest column, "
        f"{count(fullest[2])}, stands between {fullest[0]:g} and {fullest[1]:g}."
    )
    below = f"{counted(total, 'scored pair')}; heights are on a log scale."
    return joined([histogram(bins, title), tag("p", below, class_="more")])
