"""The section of the report on what is expected of the entities, without labels, and on what speaks against the fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from identigraph.drawing.figures import NONE, count, share
from identigraph.drawing.markup import Column, Markup, body, table, tag
from identigraph.drawing.page import section
from identigraph.drawing.svg import bar
from identigraph.judging import Estimated, Guards
from identigraph.report.summary import Summary

SHOWN = 5
"""Twos of comparators that are shown: those with the largest surplus."""


def expected(summary: Summary) -> Markup:
    """Return the section on what is expected of the entities."""
    if summary.estimated is None and summary.guards is None:
        return section("Expected accuracy", "")
    about = "Told without labels, by comparators that made no cluster. Recall is that of the pairs that were looked at."
    figures = [] if summary.estimated is None else _estimated(summary.estimated)
    unknown = tag("p", "Precision and recall could not be estimated: no comparator could be left out.", class_="more")
    guards = [] if summary.guards is None else _guards(summary.guards)
    return section("Expected accuracy", about, *(figures or [unknown]), *guards)


def _estimated(estimated: Estimated) -> list[Markup]:
    """Return the figures of all comparators together, and of each."""
    heads = [
        Column("Left out"),
        *(Column(title, "number") for title in ("Precision", "Recall", "F1")),
        Column("", "bar"),
    ]
    whole = ("each in turn", estimated.precision, estimated.recall, estimated.f1)
    rows = [_judge(*whole, style="strong"), *(_judge(*row, style="soft") for row in estimated.table.iter_rows())]
    between = f"F1 between {share(estimated.low)} and {share(estimated.high)}, by one comparator alone."
    told = table("Expected precision, recall and F1", heads, body(heads, rows))
    return [told, tag("p", between, class_="more")]


def _judge(name: str, precision: float, recall: float, f1: float, *, style: str) -> tuple[object, ...]:
    return name, share(precision), share(recall), share(f1), bar(f1, style=style)


def _guards(guards: Guards) -> list[Markup]:
    """Return what the guards look at; figures beyond their limit are flagged."""
    told = "Something speaks against the fit: see the notes." if guards.warnings else "Nothing speaks against the fit."
    shown = [tag("h3", "Guards"), tag("p", told, class_="more")]
    if len(guards.together):
        heads = [Column("Differ together"), Column("Of entities", "number"), Column("Of the model", "number")]
        about = "Share of pairs that differ in both, beyond what errors in each give; with the correlation."
        shown += [table("Pairs that differ in two fields at once", heads, body(heads, _together(guards.together)))]
        shown += [tag("p", about, class_="more")]
    if len(guards.contradicted):
        titles = ("Of entities", "Of the model", "Of sure matches", "Sure matches")
        heads = [Column("Differ"), *(Column(title, "number") for title in titles)]
        shown += [table("Pairs that differ in what hardly changes", heads, body(heads, _contradicted(guards)))]
    return shown


def _together(frame: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    """Yield the twos of comparators that differ together most, flagged ones first."""
    by = frame.with_columns(both=pl.format("{} and {}", "one", "other")).sort("alarm", "surplus", descending=True)
    for both in by.get_column("both").unique(maintain_order=True).head(SHOWN):
        rows = {row["of"]: row for row in by.filter(both=both).iter_rows(named=True)}
        yield both, *(_surplus(rows.get(of)) for of in ("entities", "model"))


def _surplus(row: Mapping[str, Any] | None) -> object:
    if row is None:
        return NONE
    correlation = f"{row['correlation']:.2f}".replace("-", "−")
    return _flagged(f"{share(max(row['surplus'], 0.0))} ({correlation})", alarm=row["alarm"])


def _contradicted(guards: Guards) -> Iterator[tuple[object, ...]]:
    """Yield how often pairs differ in each comparator."""
    for part in guards.contradicted.partition_by("comparator", maintain_order=True):
        rows = {row["of"]: row for row in part.iter_rows(named=True)}
        one = rows["entities"]
        told = (_flagged(_share(rows[of]["differing"]), alarm=rows[of]["alarm"]) for of in ("entities", "model"))
        yield one["comparator"], *told, _share(one["safe"]), count(one["safe_pairs"])


def _share(value: float | None) -> str:
    return NONE if value is None else share(value)


def _flagged(text: str, *, alarm: bool) -> object:
    return tag("span", f"▲ {text}", class_="flag") if alarm else text
