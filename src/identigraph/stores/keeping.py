"""Between the state in memory and the tables of a database: what a change adds and removes, and all of it read back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl
from sqlalchemy import BigInteger, Boolean, Connection, Float, Integer, Table, Text, and_, bindparam, select

from identigraph import table as tables
from identigraph.changing import Named
from identigraph.graph import Clusters, ScoredPairs
from identigraph.graph.of_records import graph_of
from identigraph.identity import Assignment, Event, Events, JudgementLog, Placed, Register, place_on
from identigraph.identity.issued import as_table
from identigraph.identity.judgement_table import SCHEMA as JUDGED
from identigraph.identity.lists import list_column
from identigraph.pairs import Pairs
from identigraph.records import Records
from identigraph.records.rows import Rows
from identigraph.resolution import Resolution
from identigraph.resolver import Resolver
from identigraph.siblings import Siblings
from identigraph.stores import schema
from identigraph.stores.sql import added, put, read, value
from identigraph.stores.state import State

Ints = npt.NDArray[np.int64]

TYPES = {Text: pl.String, BigInteger: pl.Int64, Integer: pl.Int64, Boolean: pl.Boolean, Float: pl.Float64}
PAIR = {"one": pl.Int64, "other": pl.Int64}
SCORED = {**PAIR, "pattern": pl.Int64, "weight": pl.Float64, "probability": pl.Float64}


def begun(connection: Connection, state: State) -> None:
    """Write a whole state into empty tables."""
    resolution = state.resolution
    records = resolution.records
    settings = {
        "columns": records.table.columns,
        "lists": sorted(records.lists),
        "has_sources": records.has_sources,
        "whole_ids": bool(records.ids.dtype.is_integer()),
        "named": attrs.asdict(resolution.named),
    }
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
    chained = [
        (*key, json.dumps(register.present.get(key) or register.left[key]), key in register.present) for key in told
    ]
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


def _told(happened: Events) -> pl.DataFrame:
    """Return events as rows of the database, their places those in their change."""
    rows = [
        {
            "change": event.change,
            "place": place,
            "at": event.at.isoformat(),
            "kind": event.kind,
            "entity_id": event.entity_id,
            "other_ids": json.dumps(event.other_ids),
            "shares": json.dumps(event.shares),
            "records": json.dumps(event.records),
            "cause": event.cause,
        }
        for place, event in enumerate(happened)
    ]
    return pl.DataFrame(rows, schema=_types(schema.events))


def events_of(connection: Connection, *, until: str | None = None) -> Events:
    """Return all events, or those up to a time in ISO form, in UTC."""
    table = schema.events
    query = select(table).order_by(table.c.change, table.c.place)
    found = connection.execute(query if until is None else query.where(table.c.at <= until)).mappings()
    return Events(tuple(_event(row) for row in found))


def _event(row: Any) -> Event:
    records = tuple((source, record) for source, record in json.loads(row["records"]))
    other, shares = tuple(json.loads(row["other_ids"])), tuple(json.loads(row["shares"]))
    at = datetime.fromisoformat(row["at"])
    return Event(row["change"], at, row["kind"], row["entity_id"], other, shares, records, row["cause"])


def _entries(log: JudgementLog, known: int) -> pl.DataFrame:
    """Return the entries behind the first ones, each with its rows as JSON."""
    table = log.since(known).to_polars()
    rows = [(entry[0], some.write_ndjson()) for entry, some in table.group_by("id", maintain_order=True)]
    return pl.DataFrame(rows, schema=_types(schema.judgements), orient="row")


def _types(table: Table) -> dict[str, Any]:
    """Return the types of the columns of a table, for polars."""
    return {column.name: TYPES[type(column.type)] for column in table.columns}


def opened(connection: Connection, at: datetime) -> State | None:
    """Return the state that a database holds, None where nothing was kept yet.

    Args:
        connection: to it.
        at: the time whose judgements are in force.
    """
    told = value(connection, "settings")
    if told is None:
        return None
    settings = json.loads(told)
    newest = select(schema.policies.c.policy).order_by(schema.policies.c.change.desc()).limit(1)
    resolver = Resolver.from_dict(json.loads(connection.execute(newest).scalar_one()))
    records, numbers = _records(connection, settings, resolver)
    register, log = _register(connection), _log(connection)
    judged = log.rulings(at)
    resolution = _resolution(connection, resolver, records, numbers, place_on(records, judged), register)
    named = Named(**{name: said for name, said in settings["named"].items()})
    resolution = attrs.evolve(resolution, named=named, judged=judged)
    change, highest = int(value(connection, "change") or 0), int(value(connection, "highest") or 0)
    return State(resolution, numbers, log, change, highest)


def _records(connection: Connection, settings: dict[str, Any], resolver: Resolver) -> tuple[Records, Ints]:
    """Return the records as they are now, and the number of each."""
    table = schema.records
    kept = (table.c.number, table.c.source, table.c.record_id, table.c.content)
    rows = connection.execute(select(*kept).where(schema.now).order_by(table.c.number)).all()
    columns = dict.fromkeys(settings["columns"], pl.String)
    content = pl.DataFrame([json.loads(row.content) for row in rows], schema=columns, orient="row")
    ids = pl.Series("record_id", [row.record_id for row in rows], dtype=pl.String)
    sources = pl.Series([row.source for row in rows], dtype=pl.String)
    typed = ids.cast(pl.Int64) if settings["whole_ids"] else ids
    read_rows = Rows(content, typed, sources, True, settings["has_sources"], frozenset(settings["lists"]))  # noqa: FBT003
    records = resolver.reading(Records.of_rows(read_rows))
    return records, np.array([row.number for row in rows], dtype=np.int64)[records.position]


def _register(connection: Connection) -> Register:
    """Return the register as it was kept."""
    chained = connection.execute(select(schema.chains)).all()
    chains = [tuple(json.loads(row.chain)) for row in chained]
    keys = {"source": [row.source for row in chained], "record_id": [row.record_id for row in chained]}
    records = pl.DataFrame(keys, schema=dict.fromkeys(keys, pl.String)).with_columns(
        chain=list_column("chain", chains, pl.String),
        is_present=pl.Series([row.is_present for row in chained], dtype=pl.Boolean),
    )
    issued = connection.execute(select(schema.ids)).all()
    led = {name: [json.loads(getattr(row, name)) for row in issued] for name in ("leads_to", "shares")}
    ids = pl.DataFrame(
        {
            "entity_id": pl.Series([row.entity_id for row in issued], dtype=pl.String),
            "born": pl.Series([row.born for row in issued], dtype=pl.Int64),
            "changed": pl.Series([row.changed for row in issued], dtype=pl.Int64),
            "status": pl.Series([row.status for row in issued], dtype=pl.String),
            "to": list_column("to", led["leads_to"], pl.String),
            "shares": list_column("shares", led["shares"], pl.Float64),
        }
    )
    return Register.of(records, ids=ids)


def _log(connection: Connection) -> JudgementLog:
    """Return the log of judgements."""
    told = connection.execute(select(schema.judgements.c.told).order_by(schema.judgements.c.entry)).scalars()
    rows = "".join(told)
    return JudgementLog.of(pl.read_ndjson(io.StringIO(rows), schema=JUDGED)) if rows else JudgementLog()


def _resolution(
    connection: Connection, resolver: Resolver, records: Records, numbers: Ints, placed: Placed, register: Register
) -> Resolution:
    """Return the resolution of records that were read back."""
    order = np.argsort(numbers)
    row_of = lambda column: order[np.searchsorted(numbers, column.to_numpy(), sorter=order)]  # noqa: E731
    scored = read(connection, select(schema.pairs), SCORED)
    pairs = Pairs.of(row_of(scored["one"]), row_of(scored["other"]))
    place = np.lexsort((pairs.codes(), scored["pattern"].is_null().to_numpy()))
    weights, chances = (scored[name].to_numpy().astype(np.float32)[place] for name in ("weight", "probability"))
    found = ScoredPairs(pairs.left[place], pairs.right[place], weights, chances)
    graph = graph_of(
        records,
        found,
        namespaces=resolver.namespaces,
        observed_at=resolver.observed_at,
        judgements=placed.judgements,
        one_per_source=resolver.unique,
    )
    keys = records.row_keys(np.arange(len(records)))
    entity = pl.Series("entity_id", [register.present[s, str(i)][-1] for s, i in keys.iter_rows()], dtype=pl.String)
    clusters = Clusters.of(entity.rank("dense").to_numpy().astype(np.int64))
    related = read(connection, select(schema.siblings), {**PAIR, "probability": pl.Float64})
    siblings = Siblings(Pairs.of(row_of(related["one"]), row_of(related["other"])), related["probability"].to_numpy())
    arrival = np.argsort(records.position, kind="stable")
    crosswalk = tables.Table("crosswalk", keys.with_columns(entity)[arrival])
    later = connection.execute(select(schema.pending.c.number)).scalars().all()
    patterns = scored["pattern"].gather(place).drop_nulls().to_numpy()
    return Resolution(
        records,
        resolver,
        graph,
        clusters,
        resolver.blocking.candidates(records).reports,
        0,
        (),
        siblings=siblings,
        patterns=patterns,
        assigned=Assignment(
            crosswalk, Events(()), register, pl.repeat(None, len(records), dtype=pl.String, eager=True)
        ),
        locks=placed.locks,
        pending=np.isin(numbers, later),
    )
