"""The report as one HTML page that loads nothing and runs nothing, and as a fragment for notebooks."""

from __future__ import annotations

from collections.abc import Iterator

from identigraph.drawing.figures import count, counted, duration, ratio, share
from identigraph.drawing.markup import Markup, joined, tag
from identigraph.drawing.page import document, fragment, stressed, tiles
from identigraph.report.sections import (
    entities_in_several_sources,
    entities_of_several_records,
    largest_cluster,
    sections,
    stage_table,
)
from identigraph.report.summary import Summary

FOOTER = "Made by identigraph. Counts, column names and settings only; nothing is loaded from elsewhere."


def render(summary: Summary, *, title: str = "Customer view") -> str:
    """Return the report as one HTML page: no script, nothing loaded, readable by day and night, on screen and paper.

    Whatever comes from the caller, such as the names of columns and sources, is escaped.

    Args:
        summary: what to show. Empty tables are said to be empty; a table of columns sets aside those without a field.
        title: the title of the page.

    Examples:
        >>> import polars as pl
        >>> nothing = pl.DataFrame()
        >>> summary = Summary(3, 1, 2, (), nothing, nothing, nothing, nothing, nothing, nothing)
        >>> render(summary, title="R&D").splitlines()[:2]
        ['<!DOCTYPE html>', '<html lang="en"><head><meta charset="utf-8">']
        >>> "<title>R&amp;D</title>" in render(summary, title="R&D")
        True
    """
    main = tag(
        "main",
        tag("header", tag("h1", title), _headline(summary), _lead(summary)),
        tiles(_figures(summary)),
        _notes(summary.notes),
        *sections(summary),
        tag("footer", FOOTER),
    )
    return document(title, main)


def notebook(summary: Summary) -> str:
    """Return the report in short, as a fragment for ``_repr_html_``: headline, key figures, stages.

    Examples:
        >>> import polars as pl
        >>> nothing = pl.DataFrame()
        >>> summary = Summary(3, 1, 2, (), nothing, nothing, nothing, nothing, nothing, nothing)
        >>> "<b>3</b> records" in notebook(summary)
        True
    """
    table = [stage_table(summary)] if summary.stages else []
    return fragment(_headline(summary), _lead(summary), tiles(_figures(summary)), *table)


def _headline(summary: Summary) -> Markup:
    """Return how many records made how many entities."""
    parts = [
        *stressed(summary.records, "record"),
        " from ",
        *stressed(summary.sources, "source"),
        tag("i", " → "),
        *stressed(summary.entities, "entity"),
    ]
    return tag("p", *parts, class_="headline")


def _lead(summary: Summary) -> Markup:
    """Return the share of duplicates, as a sentence."""
    if not summary.records:
        return tag("p", "There were no records to resolve.", class_="lead")
    part = share(ratio(summary.records - summary.entities, summary.records))
    return tag("p", f"{part} of the records were duplicates.", class_="lead")


def _figures(summary: Summary) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the figure and the detail of each tile."""
    records, entities = summary.records, summary.entities
    yield "Duplicate records", count(records - entities), f"{share(ratio(records - entities, records))} of records"
    several = entities_of_several_records(summary)
    yield "Entities with duplicates", count(several), f"{share(ratio(several, entities))} of entities"
    if summary.sources > 1:
        shared = entities_in_several_sources(summary)
        yield "In several sources", count(shared), f"{share(ratio(shared, entities))} of entities"
    yield "Records per entity", f"{records / entities:.2f}" if entities else "–", "on average"
    yield "Largest cluster", count(largest_cluster(summary)), "records in one entity"
    if summary.estimated is not None:
        low, high = share(summary.estimated.low), share(summary.estimated.high)
        yield "Expected F1", share(summary.estimated.f1), low if low == high else f"{low} to {high}"
    seconds = sum(stage.seconds for stage in summary.stages)
    yield "Time", duration(seconds), f"{counted(len(summary.stages), 'stage')}"


def _notes(notes: tuple[str, ...]) -> Markup:
    """Return the warnings and remarks, nothing where there are none."""
    if not notes:
        return Markup()
    items = joined(tag("li", note) for note in notes)
    return tag("aside", tag("h2", counted(len(notes), "note")), tag("ul", items), class_="notes", aria_label="Notes")
