"""A database as the place of a store: SQLite in one file, or PostgreSQL; one transaction for each change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from identigraph.errors import StoreError
from identigraph.stores import schema

WAIT = 30.0
"""Seconds for which a writer waits for another before it gives up."""
PORTION = 50_000
"""Rows that are sent to the database at a time."""
WRITING = "identigraph_writing"


class Database:
    """A database with the tables of a store.

    Args:
        place: a path, or a URL of SQLAlchemy.

    Raises:
        StoreError: it cannot be opened, is of something else, or of a later version.
    """

    def __init__(self, place: str | Path) -> None:
        """Open the database and bring its tables to this version."""
        url = str(place)
        is_url = "://" in url
        if not is_url and not Path(url).parent.is_dir():
            raise StoreError(f"there is no folder {str(Path(url).parent)!r} to keep the store in")
        self.engine = create_engine(url if is_url else URL.create("sqlite", database=url))
        if self.engine.dialect.name == "sqlite":
            _prepare(self.engine)
        with self.writing() as connection:
            schema.migrate(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose reads are all of one moment."""
        options = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with _told(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that nobody else writes beside: committed as a whole at the end, or not at all."""
        with _told(), self.engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('identigraph store'))"))
            yield connection

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def added(connection: Connection, table: Table, rows: pl.DataFrame) -> None:
    """Add rows, in portions."""
    names = [column.name for column in table.columns if column.name in rows.columns]
    for portion in rows.select(names).iter_slices(PORTION):
        connection.execute(table.insert(), portion.to_dicts())


def read(connection: Connection, query: Any, types: dict[str, Any]) -> pl.DataFrame:
    """Return the rows of a query as columns of some types."""
    rows = connection.execute(query).all()
    return pl.DataFrame([tuple(row) for row in rows], schema=types, orient="row")


def value(connection: Connection, name: str) -> str | None:
    """Return a single value, None where there is none."""
    found: str | None = connection.execute(select(schema.meta.c.value).where(schema.meta.c.name == name)).scalar()
    return found


def put(connection: Connection, name: str, said: str) -> None:
    """Keep a single value."""
    connection.execute(schema.meta.delete().where(schema.meta.c.name == name))
    connection.execute(schema.meta.insert().values(name=name, value=said))


def _prepare(engine: Engine) -> None:
    """Have SQLite write ahead, reach the disk before a commit returns, and begin transactions when it is told to."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(WAIT * 1000)}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        is_writing = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


@contextmanager
def _told() -> Iterator[None]:
    """Tell what a database says in the words of a store."""
    try:
        yield
    except OperationalError as error:
        said = str(error.orig)
        raise StoreError(f"the database said: {said}; nothing of this change was kept, all before it is") from error
    except DatabaseError as error:
        raise StoreError(f"this is no database of a store, or it is damaged: {error.orig}") from error
