"""What a report tells about a resolution: counts and tables, never the values of records."""

from __future__ import annotations

import attrs
import polars as pl

from identigraph.judging import Estimated, Guards


@attrs.frozen(eq=False)
class Stage:
    """One stage of the road: what it made, how many, how long it took."""

    name: str
    detail: str
    count: int
    seconds: float


@attrs.frozen(eq=False)
class Summary:
    """All that a report shows.

    Args:
        records, sources, entities: counts.
        stages: the road, stage by stage.
        columns: one row per column of the table: ``column, field, kind, role, present, unparsed, distinct, note``.
        blocking: one row per blocking key: ``key, pairs, keyed, blocks, largest, hot_blocks, hot_pairs``.
        weights: one row per comparator and level: ``comparator, level, label, m, u, household, match_weight``.
        cluster_sizes: ``size, clusters, records``.
        overlap: entities by the set of sources they have records in: ``sources, entities`` (sources joined by " + ").
        probabilities: histogram of scored pairs: ``from, to, pairs``.
        settings: what was set or inferred, as (name, text).
        notes: warnings and remarks, as sentences.
        estimated: precision, recall and F1 expected of the entities; None where they could not be estimated.
        guards: what speaks against the fit; None where there is no model to speak against.
    """

    records: int
    sources: int
    entities: int
    stages: tuple[Stage, ...]
    columns: pl.DataFrame
    blocking: pl.DataFrame
    weights: pl.DataFrame
    cluster_sizes: pl.DataFrame
    overlap: pl.DataFrame
    probabilities: pl.DataFrame
    settings: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    estimated: Estimated | None = None
    guards: Guards | None = None
