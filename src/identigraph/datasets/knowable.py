"""Which events of one entity a perfect reader of their identifiers could know to be of one entity."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from identigraph.components import connected_components

IDENTIFIERS = ("session", "cookie", "device", "login", "email_hash", "phone_hash")
DEFAULT_DEVICE = "00000000-0000-0000-0000-000000000000"
DEFAULT_LOGINS = ("null", "undefined", "guest")
SILENCE = {"device": 14, "phone_hash": 180}
"""How many days nobody uses a device or number that is passed on, at least, for either owner's use to be telling."""
DAY = 24 * 60 * 60 * 1_000_000


def knowable_ids(events: pl.DataFrame, entity: pl.Series) -> pl.Series:
    """Return for each event an id that it shares with the events of its entity that telling values join it with.

    Within one entity, two events belong together if a chain of events leads from one to the other, in which each event
    shares a *telling* value of an identifier with the next. Which values are telling for an entity:

    - default values of devices and logins: never;
    - a login: if more than half of the events that carry it are the entity's. It names a person, so a visit of another
      under it leaves it telling for its owner, and tells nothing about the other;
    - a device or a telephone number: if the periods from first to last use by its entities do not overlap and at least
      14 days for a device, 180 days for a number, lie between one and the next;
    - a session, a cookie, an e-mail address: if all events that carry it are the entity's.

    So a device, number, session, cookie or address that one entity alone carries is telling. An event without telling
    values is alone.

    Args:
        events: the columns ``observed_at`` and `IDENTIFIERS`.
        entity: the entity of each event.

    Examples:
        >>> empty = dict.fromkeys(IDENTIFIERS, pl.Series([None] * 4, dtype=pl.String))
        >>> cookie = pl.Series(["own", "own", "shared", "shared"])
        >>> at = pl.Series([0, 1, 2, 3]).cast(pl.Datetime("us"))
        >>> events = pl.DataFrame({**empty, "cookie": cookie, "observed_at": at})
        >>> knowable_ids(events, pl.Series(["ann", "ann", "ann", "bob"])).to_list()
        ['k1', 'k1', 'k2', 'k3']
    """
    edges = [_edges(events, entity, column) for column in IDENTIFIERS]
    rows, hubs = (np.concatenate([edge[end].to_numpy() for edge in edges]) for end in ("row", "hub"))
    label = connected_components(len(events), rows, hubs)
    return "k" + pl.Series(np.unique(label, return_inverse=True)[1] + 1).cast(pl.String)


def _edges(events: pl.DataFrame, entity: pl.Series, column: str) -> pl.DataFrame:
    """Return an edge from each event with a telling value of `column` to one event of its entity with that value."""
    carried = events.select(
        entity.alias("entity"), pl.int_range(pl.len(), dtype=pl.Int32).alias("row"), at="observed_at", value=column
    ).filter(pl.col("value").is_not_null(), ~pl.col("value").is_in([DEFAULT_DEVICE, *DEFAULT_LOGINS]))
    uses = carried.group_by("value", "entity").agg(
        pl.len().alias("events"), pl.min("at").alias("first"), pl.max("at").alias("last"), pl.min("row").alias("hub")
    )
    telling = _majority(uses) if column == "login" else _apart(uses, SILENCE.get(column, math.inf))
    return carried.join(telling, on=["value", "entity"]).select("row", "hub")


def _majority(uses: pl.DataFrame) -> pl.DataFrame:
    """Return the `uses` of a value by the entity that has more than half of its events."""
    return uses.filter(2 * pl.col("events") > pl.sum("events").over("value"))


def _apart(uses: pl.DataFrame, days: float) -> pl.DataFrame:
    """Return the `uses` of the values whose entities use them one after the other, with so many `days` in between."""
    silence = (pl.col("first") - pl.col("last").shift(1).over("value")).dt.total_microseconds() / DAY
    return (
        uses.sort("value", "first")
        .with_columns(passed=(silence >= days).fill_null(value=True))
        .filter(pl.col("passed").all().over("value"))
    )
