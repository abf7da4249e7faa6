"""Ownership: whose an identifier was, from when to when, by what is believed now.

The sightings of a value, in the order of time, are cut where the entity changes. An entity owns the value from its
first sighting in such a run until the first of the next run, the last one until further notice: a telephone number that
was given to somebody else, a tablet that goes from hand to hand. Where nobody has seen a value at a known time, all
entities that carry it own it at all times.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.graph.screening import BLOCKED, INVALID, Screened
from identigraph.graph.sightings import NEVER

Ints = npt.NDArray[np.int64]
TIME = pl.Datetime("us", "UTC")

SCHEMA: dict[str, Any] = {
    "namespace": pl.String,
    "value": pl.String,
    "entity": pl.Int64,
    "since": TIME,
    "until": TIME,
    "sightings": pl.Int64,
}


def ownership(screened: Sequence[Screened], labels: Ints) -> pl.DataFrame:
    """Return one row per time that an entity owned a value: ``namespace, value, entity, since, until, sightings``.

    ``since`` is the first sighting, ``until`` that of the next owner, null where there is none, or no time is known.
    Values that are invalid or blocked belong to nobody; of sightings at one moment those of the lower label go first.

    Args:
        screened: the identifiers of each namespace.
        labels: shape (records,): the entity of each record.

    Examples:
        >>> from identigraph.graph import IdentityGraph, Namespace
        >>> calls = {"id": [1, 2, 3], "phone": ["555 1", "555 1", "555 1"], "at": ["2026-01-05", "2026-03-01", None]}
        >>> spaces = [Namespace("phone", kind="contact")]
        >>> graph = IdentityGraph.of(calls, id="id", namespaces=spaces, observed_at="at")
        >>> found = ownership(graph.screened, np.array([0, 1, 1]))
        >>> found.select("entity", pl.col("since", "until").dt.date().cast(pl.String), "sightings").rows()
        [(0, '2026-01-05', '2026-03-01', 1), (1, '2026-03-01', None, 1)]
    """
    empty = pl.DataFrame(schema=SCHEMA)
    return pl.concat([empty, *(_owned(found, labels) for found in screened)])


def owners_at(owned: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Return the rows of `ownership` that hold at a time.

    Examples:
        >>> from datetime import UTC
        >>> days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
        >>> owned = pl.DataFrame({"entity": [0, 1], "since": days[:2], "until": [days[1], None]})
        >>> [owners_at(owned, day)["entity"].to_list() for day in days]
        [[0], [1], [1]]
    """
    begun = pl.col("since").is_null() | (pl.col("since") <= at)
    return owned.filter(begun & (pl.col("until").is_null() | (pl.col("until") > at)))


def _owned(found: Screened, labels: Ints) -> pl.DataFrame:
    seen = found.sightings
    kept = (found.fate != INVALID) & (found.fate != BLOCKED) & (seen.codes >= 0)
    every = pl.DataFrame({"code": seen.codes[kept], "entity": labels[seen.rows[kept]], "time": seen.times[kept]})
    timed = every.filter(pl.col("time") != NEVER).sort("code", "time", "entity")
    run = ((pl.col("code") != pl.col("code").shift()) | (pl.col("entity") != pl.col("entity").shift())).fill_null(
        value=True
    )
    runs = timed.group_by(run.cum_sum().alias("run"), maintain_order=True).agg(
        pl.col("code", "entity").first(),
        pl.col("time").first().alias("since"),
        pl.len().cast(pl.Int64).alias("sightings"),
    )
    runs = runs.with_columns(until=pl.col("since").shift(-1).over("code"))
    never = (
        every.join(timed, on="code", how="anti")
        .group_by("code", "entity")
        .agg(pl.len().cast(pl.Int64).alias("sightings"))
    )
    untimed = never.with_columns(since=pl.lit(None, pl.Int64), until=pl.lit(None, pl.Int64))
    columns = ["code", "entity", "since", "until", "sightings"]
    both = pl.concat([runs.select(columns), untimed.select(columns)]).sort("code", "since", "entity", nulls_last=True)
    return both.select(
        pl.lit(seen.namespace.name).alias("namespace"),
        seen.values.gather(both.get_column("code")).alias("value"),
        "entity",
        pl.col("since", "until").cast(TIME),
        "sightings",
    )
