"""A database as the place of a store: SQLite in one file, or PostgreSQL; one transaction for each change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError, OperationalError

from identigraph.errors import MissingExtraError, StoreError
from identigraph.stores.keeper import WAIT, Session
from identigraph.stores.schema import SQL, TIME, migrate
from identigraph.stores.tables import TABLES, Delta, Rows

PORTION = 20_000
"""Rows that are sent to the database at a time."""
PAGES = 8_000
"""Pages of 4 KB that SQLite writes ahead before it brings them home."""
CACHE = 64_000
"""Kilobytes of a file that SQLite holds in memory."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEGIN = "identigraph_begin"
"""The option of a connection to SQLite that says how its transactions begin; nothing: it has none."""
MARKS = {"sqlite": "?", "postgresql": "%s"}
"""What stands for a value in a statement, by the database."""
LOCK = text("SELECT pg_advisory_xact_lock(hashtext('identigraph store'))")


class SqlKeeper:
    """A database with the tables of a store.

    Args:
        place: a path, or a URL of SQLAlchemy.

    Raises:
        StoreError: it cannot be opened, is of something else, or of a later version.
    """

    def __init__(self, place: str | Path) -> None:
        """Open the database and bring its tables to this version."""
        self.engine = _engine(place)
        try:
            with self._writing() as connection:
                migrate(connection)
            if self._is_file:
                self._write_ahead()
        except StoreError:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session whose reads are all of one moment."""
        options = {} if self._is_file else {"isolation_level": "REPEATABLE READ"}
        with _told(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield _InDatabase(connection)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that nobody else writes beside."""
        with self._writing() as connection:
            yield _InDatabase(connection)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        options = {BEGIN: "BEGIN IMMEDIATE"}
        with _told(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            if not self._is_file:
                connection.execute(text(f"SET LOCAL lock_timeout = {int(WAIT * 1000)}"))
                connection.execute(LOCK)
            yield connection

    def _write_ahead(self) -> None:
        """Have SQLite write ahead, so that nobody who reads waits; the file remembers it."""
        with _told(), self.engine.connect().execution_options(**{BEGIN: ""}) as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")

    @property
    def _is_file(self) -> bool:
        return self.engine.dialect.name == "sqlite"


class _InDatabase:
    """Tables as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def value(self, name: str) -> str | None:
        """Return a single value of the table ``meta``."""
        mark = MARKS[self._connection.dialect.name]
        asked = f'SELECT "value" FROM "meta" WHERE "name" = {mark}'  # noqa: S608 - the mark is a constant
        found: str | None = self._connection.exec_driver_sql(asked, (name,)).scalar()
        return found

    def read(self, table: str) -> pl.DataFrame:
        """Return the rows of a table."""
        kept = TABLES[table]
        found = self._connection.execute(select(SQL[table]))
        rows: Any = found.cursor  # plain tuples, which take half the time
        parts = [_from_sql(part, table) for part in iter(lambda: rows.fetchmany(PORTION), [])]
        found.close()
        return pl.concat([kept.frame(), *parts])

    def keep(self, delta: Delta) -> None:
        """Change the tables."""
        mark = MARKS[self._connection.dialect.name]
        for name, keys in delta.gone.items():
            self._run(_deleting(name, mark), _tuples(name, keys, TABLES[name].key))
        for name, rows in delta.put.items():
            self._run(_putting(name, mark), _tuples(name, rows, tuple(TABLES[name].columns)))

    def _run(self, statement: str, portions: Iterator[list[tuple[Any, ...]]]) -> None:
        for portion in portions:
            self._connection.exec_driver_sql(statement, portion)


@cache
def _deleting(name: str, mark: str) -> str:
    """Return what deletes rows of a table by their key; `mark` stands for a value.

    Examples:
        >>> _deleting("meta", "?")
        'DELETE FROM "meta" WHERE "name" = ?'
    """
    same = " AND ".join(f'"{column}" = {mark}' for column in TABLES[name].key)
    return f'DELETE FROM "{name}" WHERE {same}'  # noqa: S608 - names of tables and columns are constants


@cache
def _putting(name: str, mark: str) -> str:
    """Return what writes rows of a table; those with the same key are written over.

    Examples:
        >>> _putting("pending", "?")
        'INSERT INTO "pending" ("number") VALUES (?) ON CONFLICT ("number") DO NOTHING'
    """
    kept = TABLES[name]
    columns, key = (", ".join(f'"{column}"' for column in names) for names in (kept.columns, kept.key))
    others = ", ".join(f'"{column}" = excluded."{column}"' for column in kept.columns if column not in kept.key)
    then = f"UPDATE SET {others}" if others else "NOTHING"
    marks = ", ".join([mark] * len(kept.columns))
    into = f'INSERT INTO "{name}" ({columns}) VALUES ({marks})'  # noqa: S608 - as above
    return f"{into} ON CONFLICT ({key}) DO {then}"


def _tuples(name: str, rows: Rows, columns: tuple[str, ...]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows as a database takes them, some at a time: lists as JSON, times as microseconds."""
    if isinstance(rows, pl.DataFrame):
        kept = TABLES[name]
        told = _to_sql(rows.select(pl.col(column).cast(kept.columns[column]) for column in columns))
        yield from (portion.rows() for portion in told.iter_slices(PORTION))
    elif rows:
        yield [tuple(map(_plain, row)) for row in rows]


def _plain(value: Any) -> Any:
    """Return a value as a database takes it.

    Examples:
        >>> from datetime import UTC, datetime
        >>> _plain(("a", "b")), _plain(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)), _plain(7)
        ('["a", "b"]', 1000000, 7)
    """
    if isinstance(value, list | tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(microseconds=1)
    return value


def _to_sql(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows as a database takes them: lists as JSON, times as microseconds."""
    columns = []
    for column in rows:
        if isinstance(column.dtype, pl.List):
            told = pl.select(pl.struct(column.alias("")).struct.json_encode()).to_series()
            columns.append(told.str.slice(len('{"":')).str.strip_suffix("}").alias(column.name))
        else:
            columns.append(column.to_physical() if column.dtype == TIME else column)
    return pl.DataFrame(columns)


def _from_sql(rows: Any, table: str) -> pl.DataFrame:
    """Return rows of a database in the columns of a table."""
    held = []
    for (name, dtype), values in zip(TABLES[table].columns.items(), zip(*rows, strict=True), strict=True):
        if isinstance(dtype, pl.List):
            held.append(pl.Series(name, values, dtype=pl.String).str.json_decode(dtype))
        else:
            raw = None if dtype == pl.Boolean else pl.Int64 if dtype == TIME else dtype  # SQLite has 0 and 1
            held.append(pl.Series(name, values, dtype=raw).cast(dtype))
    return pl.DataFrame(held)


def _engine(place: str | Path) -> Engine:
    """Return the engine of a path or URL.

    Raises:
        StoreError: there is no such folder, or the URL is none, or of a database that is not supported.
        MissingExtraError: the driver of the database is not installed.
    """
    try:
        url = make_url(str(place)) if "://" in str(place) else URL.create("sqlite", database=str(place))
        name = url.get_backend_name()
        if name not in MARKS:
            raise StoreError(f"a store is kept in SQLite or PostgreSQL, not in {name!r}")
        if name == "sqlite" and url.database in (None, "", ":memory:"):
            raise StoreError("SQLite keeps a store in a file; leave the place out to keep it in memory")
        if name == "sqlite" and not Path(str(url.database)).parent.is_dir():
            raise StoreError(f"there is no folder {str(Path(str(url.database)).parent)!r} to keep the store in")
        if name == "postgresql" and "+" not in url.drivername:
            url = url.set(drivername="postgresql+psycopg")
        engine = create_engine(url, pool_pre_ping=name != "sqlite")
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError("the place of a store is a path, or a URL such as postgresql://user@host/base") from error
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "a driver", "sql") from error
    if name == "sqlite":
        _prepare(engine)
    return engine


def _prepare(engine: Engine) -> None:
    """Have SQLite reach the disk before a commit returns, and begin transactions when it is told to."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(WAIT * 1000)}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES}")
        connection.execute(f"PRAGMA cache_size = -{CACHE}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if how := connection.get_execution_options().get(BEGIN, "BEGIN"):
            connection.exec_driver_sql(how)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what a database says in the words of a store; never what a record says."""
    try:
        yield
    except OperationalError as error:
        raise StoreError(
            f"the database said: {_said(error)}; nothing of this change was kept, and all before it is"
        ) from error
    except DataError as error:
        raise StoreError(f"the database cannot hold a text of this change: {_said(error)}; nothing was kept") from error
    except DBAPIError as error:
        raise StoreError(
            f"the database is damaged, or is none of a store ({_said(error)}); nothing was written to it"
        ) from error


def _said(error: DBAPIError) -> str:
    """Return the first line of what a database said; the next ones may hold values."""
    return str(error.orig).strip().split("\n", maxsplit=1)[0]
