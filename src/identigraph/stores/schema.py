"""The tables of a store in a database, and the steps from one version of them to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
from sqlalchemy import BigInteger, Boolean, Column, Connection, Float, MetaData, Table, Text, inspect, select

from identigraph.errors import StoreError
from identigraph.stores.tables import TABLES

TIME = pl.Datetime("us", "UTC")
"""Kept as microseconds since 1970."""
TYPES: dict[Any, Any] = {pl.String: Text, pl.Int64: BigInteger, pl.Float64: Float(53), pl.Boolean: Boolean}
SCHEMA = MetaData()
CLUSTERED = ("pairs", "siblings", "chains", "ids")
"""Tables of small rows that SQLite keeps in the order of their keys, at half the pages for each change."""


def _table(name: str) -> Table:
    """Return a table of a store as a database has it; lists are JSON."""
    kept = TABLES[name]
    columns = [
        Column(
            column,
            BigInteger if dtype == TIME else Text if isinstance(dtype, pl.List) else TYPES[dtype],
            primary_key=column in kept.key,
            autoincrement=False,
        )
        for column, dtype in kept.columns.items()
    ]
    return Table(name, SCHEMA, *columns, sqlite_with_rowid=name not in CLUSTERED)


SQL = {name: _table(name) for name in TABLES}
"""Every table, by its name."""


def _first(connection: Connection) -> None:
    SCHEMA.create_all(connection)


STEPS: Sequence[Callable[[Connection], None]] = (_first,)
"""What makes each version of the schema of the one before it; the first makes it of nothing."""


def migrate(connection: Connection, steps: Sequence[Callable[[Connection], None]] = STEPS) -> None:
    """Bring the tables to the version of this library, inside the transaction of the connection.

    Raises:
        StoreError: the tables are of a later version, or not of a store.
    """
    version, meta = version_of(connection), SQL["meta"]
    if version > len(steps):
        raise StoreError(
            f"the tables of the store are of version {version}, and this identigraph knows versions up to "
            f"{len(steps)}: a later one has written it; update identigraph"
        )
    for step in steps[version:]:
        step(connection)
    if version < len(steps):
        connection.execute(meta.delete().where(meta.c.name == "schema"))
        connection.execute(meta.insert().values(name="schema", value=str(len(steps))))


def version_of(connection: Connection) -> int:
    """Return the version of the tables, 0 where there are none.

    Raises:
        StoreError: there are tables, and not of a store.
    """
    there = set(inspect(connection).get_table_names())
    if not there:
        return 0
    meta = SQL["meta"]
    if meta.name not in there or not {"name", "value"} <= {c["name"] for c in inspect(connection).get_columns("meta")}:
        raise StoreError("the database holds tables that are not of a store; give the store a database of its own")
    found = connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar()
    if found is None or not found.isdecimal():
        raise StoreError("the database does not say which version of a store's tables it has: it is of something else")
    return int(found)
