"""The tables of a store in a database: made of nothing, brought up step by step, told from those of others."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from made_stores import begun, kept
from sqlalchemy import Connection, create_engine, inspect, text

from identigraph.errors import StoreError
from identigraph.stores import Store, schema
from identigraph.stores.schema import SCHEMA, migrate, version_of
from identigraph.stores.sql import SqlKeeper
from identigraph.stores.tables import TABLES


@pytest.fixture
def connection(base: str | Path) -> Any:
    """Give a connection to an empty database."""
    url = f"sqlite:///{base}" if isinstance(base, Path) else base.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url)
    with engine.connect() as connected:
        yield connected
    engine.dispose()


def first(connection: Connection) -> None:
    SCHEMA.create_all(connection)


def second(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE records ADD COLUMN note TEXT"))


def columns(connection: Connection) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns("records")}


def test_tables_are_made_of_nothing(connection: Connection) -> None:
    assert version_of(connection) == 0
    migrate(connection)
    assert set(inspect(connection).get_table_names()) == set(TABLES)
    assert version_of(connection) == len(schema.STEPS)


def test_tables_of_a_version_before_are_brought_up(connection: Connection) -> None:
    """By the steps that they have not seen, each once."""
    migrate(connection, [first])
    assert version_of(connection) == 1
    assert "note" not in columns(connection)
    migrate(connection, [first, second])
    assert version_of(connection) == 2
    assert "note" in columns(connection)
    migrate(connection, [first, second])
    assert connection.execute(text("SELECT count(*) FROM meta WHERE name = 'schema'")).scalar() == 1


def test_both_steps_are_made_of_nothing(connection: Connection) -> None:
    migrate(connection, [first, second])
    assert version_of(connection) == 2
    assert "note" in columns(connection)


def test_tables_of_a_later_version_are_refused(connection: Connection) -> None:
    migrate(connection, [first, second])
    with pytest.raises(StoreError, match="of version 2, and this identigraph knows versions up to 1"):
        migrate(connection, [first])


FOREIGN = [
    "CREATE TABLE customers (id INTEGER)",
    "CREATE TABLE meta (id INTEGER)",
    "CREATE TABLE meta (name TEXT, other TEXT)",
    "CREATE TABLE meta (name TEXT, value TEXT)",
]


@pytest.mark.parametrize("made", FOREIGN)
def test_tables_of_others_are_refused(connection: Connection, made: str) -> None:
    connection.execute(text(made))
    with pytest.raises(StoreError, match=r"not of a store|does not say which version"):
        migrate(connection)


def test_a_version_that_is_no_number_is_refused(connection: Connection) -> None:
    migrate(connection)
    connection.execute(text("UPDATE meta SET value = 'two' WHERE name = 'schema'"))
    with pytest.raises(StoreError, match="does not say which version"):
        version_of(connection)


def test_a_file_of_others_stays_as_it_was(tmp_path: Path) -> None:
    """To the last bit: it is not even told to write ahead."""
    path = tmp_path / "others.db"
    connected = sqlite3.connect(path)
    connected.execute("CREATE TABLE customers (name TEXT)")
    connected.commit()
    connected.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="give the store a database of its own"):
        Store.open(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_store_of_a_later_version_is_refused_and_stays_as_it_was(
    base: str | Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(base) as store:
        before = kept(store)
    with monkeypatch.context() as patch:
        patch.setattr(schema.migrate, "__defaults__", ([first, second],))
        SqlKeeper(base).close()
    with pytest.raises(StoreError, match="update identigraph"):
        Store.open(base)
    with pytest.raises(StoreError, match="update identigraph"):
        begun(base)
    with monkeypatch.context() as patch:
        patch.setattr(schema.migrate, "__defaults__", ([first, second],))
        with Store.open(base) as store:
            before["meta"] = sorted([row for row in before["meta"] if row[0] != "schema"] + [("schema", "2")])
            assert kept(store) == before
