"""Between the state in memory and the tables of a database: what a change adds and removes, and all of it read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
import polars as pl
from sqlalchemy import Connection, Table, and_, bindparam, select

from identigraph.changing import Named
from identigraph.errors import StoreError
from identigraph.graph import Clusters, ScoredPairs
from identigraph.graph.of_records import graph_of
from identigraph.identity import Assignment, Event, Events, JudgementLog, Placed, Register, place_on
from identigraph.identity.issued import as_table
from identigraph.pairs import Pairs
from identigraph.records import Records
from identigraph.records.rows import Rows
from identigraph.resolution import Resolution
from identigraph.resolver import Resolver
from identigraph.siblings import Siblings
from identigraph.stores import schema
from identigraph.stores.sql import added, put, read, value
from identigraph.stores.state import State

PAIR = {"one": pl.Int64, "other": pl.Int64}
SCORED = {**PAIR, "pattern": pl.Int64, "weight": pl.Float64, "probability": pl.Float64}


def begun(connection: Connection, state: State) -> None:
    """Write a whole state into empty tables."""
    resolution = state.resolution
    records, rows = resolution.records, resolution.records.rows
    settings = {
        "columns": records.table.columns,
        "lists": sorted(records.lists),
        "has_sources": records.has_sources,
        "whole_ids": bool(records.ids.dtype.is_integer()),
        "named": attrs.asdict(resolution.named),
    }
    del rows
    put(connection, "settings", json.dumps(settings))
    connection.execute(schema.policies.insert().values(change=0, policy=json.dumps(resolution.resolver.to_dict())))
    added(connection, schema.records, state.records.with_columns(came=pl.lit(0)))
    added(connection, schema.pairs, state.pairs)
    added(connection, schema.siblings, state.siblings)
    _name(connection, state.register, state.register.present.keys(), state.register.issued.keys())
    _close(connection, state)


def followed(connection: Connection, before: State, after: State) -> None:
    """Write what a change adds and removes."""
    _move_records(connection, before, after)
    for table, old, new in (
        (schema.pairs, before.pairs, after.pairs),
        (schema.siblings, before.siblings, after.siblings),
    ):
        _removed(connection, table, old.join(new, on=list(new.columns), how="anti", nulls_equal=True))
        added(connection, table, new.join(old, on=list(new.columns), how="anti", nulls_equal=True))
    happened = after.resolution.events
    keys = before.register.copy().apply(happened)
    concerned = {i for event in happened for i in (event.entity_id, *event.other_ids)}
    _name(connection, after.register, keys, concerned)
    added(connection, schema.events, _told(happened))
    added(connection, schema.judgements, _entries(after.log, len(before.log)))
    _close(connection, after)


def _move_records(connection: Connection, before: State, after: State) -> None:
    gone = sorted(set(before.numbers.tolist()) - set(after.numbers.tolist()))
    if gone:
        went = schema.records.update().where(schema.records.c.number == bindparam("that")).values(went=after.change)
        connection.execute(went, [{"that": number} for number in gone])
    came = after.records.filter(pl.col("number") > before.highest)
    added(connection, schema.records, came.with_columns(came=pl.lit(after.change)))


def _removed(connection: Connection, table: Table, rows: pl.DataFrame) -> None:
    if rows.height:
        same = and_(table.c.one == bindparam("a"), table.c.other == bindparam("b"))
        pairs = rows.select(pl.col("one").alias("a"), pl.col("other").alias("b")).to_dicts()
        connection.execute(table.delete().where(same), pairs)


def _name(connection: Connection, register: Register, keys: Iterable[tuple[str, str]], ids: Iterable[str]) -> None:
    """Write the chains of some records, and what became of some ids."""
    told = sorted(keys)
    if told:
        that = and_(schema.chains.c.source == bindparam("s"), schema.chains.c.record_id == bindparam("r"))
        connection.execute(schema.chains.delete().where(that), [{"s": source, "r": record} for source, record in told])
    chained = [(*key, json.dumps(register.present.get(key) or register.left[key]), key in register.present) for key in told]
    added(connection, schema.chains, pl.DataFrame(chained, schema=_types(schema.chains), orient="row"))
    issued = {entity_id: register.issued[entity_id] for entity_id in ids}
    if issued:
        connection.execute(
            schema.ids.delete().where(schema.ids.c.entity_id == bindparam("that")), [{"that": each} for each in issued]
        )
    table = as_table(issued).with_columns(
        leads_to=pl.Series([json.dumps(each) for each in as_table(issued)["to"].to_list()], dtype=pl.String),
        shares=pl.Series([json.dumps(each) for each in as_table(issued)["shares"].to_list()], dtype=pl.String),
    )
    added(connection, schema.ids, table)


def _close(connection: Connection, state: State) -> None:
    """Write what tells the state as a whole."""
    connection.execute(schema.pending.delete())
    left = state.numbers[state.resolution.pending]
    added(connection, schema.pending, pl.DataFrame({"number": left}, schema={"number": pl.Int64}))
    put(connection, "change", str(state.change))
    put(connection, "highest", str(state.highest))
