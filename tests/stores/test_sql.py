"""Databases as places of stores: every row comes back as it was, and what goes wrong is told."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from empty_databases import DISCONNECT
from hypothesis import given
from hypothesis import strategies as st
from made_stores import MONDAY, PEOPLE, begun, ids, kept, reread, resolved, told

from identigraph.errors import MissingExtraError, StoreError
from identigraph.stores import Store, sql
from identigraph.stores.sql import SqlKeeper
from identigraph.stores.tables import TABLES, Delta

AWKWARD = [
    "",
    " ",
    "'",
    '"',
    "\\",
    "a'b\"c",
    "\n\r\t",
    "%s :a {} $1",
    "\u2028",
    "𝔘😀",
    "e\u0301",
    "null",
    "{}",
    "[]",
    ";--",
]
FLOATS = [math.inf, -math.inf, 0.0, 0.1, 1 / 3, -1e300, 5e-324, 1.7976931348623157e308]
TIMES = [datetime(1, 1, 1, tzinfo=UTC), datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC), MONDAY]


@pytest.fixture
def keeper(base: str | Path) -> Iterator[SqlKeeper]:
    """Give a keeper of empty tables."""
    made = SqlKeeper(base)
    yield made
    made.close()


def values(dtype: Any, place: int) -> Any:
    """Return an awkward value of a type."""
    if isinstance(dtype, pl.List):
        finite = AWKWARD if dtype.inner == pl.String else FLOATS[2:]
        return [None, [], [finite[place % len(finite)]], [*finite, None]][place % 4]
    if dtype == pl.Boolean:
        return bool(place % 2)
    if isinstance(dtype, pl.Datetime):
        return TIMES[place % len(TIMES)]
    if dtype == pl.Int64:
        return [0, -1, 2**63 - 1, -(2**63)][place % 4]
    return FLOATS[place % len(FLOATS)] if dtype == pl.Float64 else AWKWARD[place % len(AWKWARD)]


def rows_of(name: str) -> pl.DataFrame:
    """Return awkward rows of a table, the keys of which differ."""
    kept = TABLES[name]
    rows = []
    for place in range(60):
        row = {column: values(dtype, place + n * 7) for n, (column, dtype) in enumerate(kept.columns.items())}
        first = kept.key[0]
        row[first] = place - 30 if kept.columns[first] == pl.Int64 else f"{row[first]} {place}"
        gaps = [column for column in kept.columns if column not in kept.key]
        rows.append({**row, **({gaps[place % len(gaps)]: None} if gaps and place % 3 == 0 else {})})
    return pl.DataFrame(rows, schema=dict(kept.columns))


@pytest.mark.parametrize("portion", [7, 20_000])
def test_every_table_comes_back(keeper: SqlKeeper, portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With quotes, line breaks, emoji, no values, empty lists, and numbers to the last bit."""
    monkeypatch.setattr(sql, "PORTION", portion)
    rows = {name: rows_of(name) for name in TABLES}
    with keeper.writing() as session:
        before = session.read("meta")
        session.keep(Delta(rows))
    with keeper.reading() as session:
        found = {name: session.read(name) for name in TABLES}
    for name, told_of in TABLES.items():
        wanted = pl.concat([before, rows[name]]) if name == "meta" else rows[name]
        assert found[name].schema == told_of.columns
        assert found[name].sort(told_of.key).rows() == wanted.sort(told_of.key).rows()
    with keeper.writing() as session:
        session.keep(Delta({}, {name: rows[name].select(each.key) for name, each in TABLES.items()}))
        assert sum(session.read(name).height for name in TABLES) == before.height


def test_rows_with_the_same_key_are_written_over(keeper: SqlKeeper) -> None:
    pending, ended = TABLES["pending"], TABLES["ended"]
    for went in (5, 6):
        with keeper.writing() as session:
            session.keep(Delta({"ended": ended.frame([(1, went)]), "pending": pending.frame([(1,)])}))
    with keeper.reading() as session:
        assert (session.read("ended").rows(), session.read("pending").rows()) == ([(1, 6)], [(1,)])


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4))
def test_lists_of_any_texts_are_written_and_read(texts: list[str]) -> None:
    rows = TABLES["chains"].frame([("s", "r", texts, True)])
    written = sql._to_sql(rows)
    assert sql._from_sql(written.rows(), "chains").rows() == [("s", "r", texts, True)]


@given(shares=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=4))
def test_lists_of_any_numbers_are_written_and_read(shares: list[float]) -> None:
    rows = TABLES["ids"].frame([("i", 1, 1, "split", ["a"], shares)])
    assert sql._from_sql(sql._to_sql(rows).rows(), "ids")["shares"].to_list() == [shares]


def test_ids_with_a_nul_are_kept_in_files_and_told_by_servers(base: str | Path) -> None:
    """PostgreSQL has no such texts; nothing changes."""
    with begun(base) as store:
        before = kept(store)
        come = {"id": ["n\0l"], "mail": ["n\0@x.org"]}
        if isinstance(base, Path):
            store.update(add=come)
            assert told(reread(store)) == told(store._state)
        else:
            with pytest.raises(StoreError, match=r"cannot hold a text of this change: .*NUL.*; nothing was kept"):
                store.update(add=come)
            assert kept(store) == before
            store.update(add={"id": ["nul"], "mail": ["n\0@x.org"]})
        assert reread(store).resolution.records.table["mail"].to_list().count("n\0@x.org") == 1


def test_texts_that_are_none_change_nothing(base: str | Path) -> None:
    """A half of a surrogate pair cannot be written anywhere."""
    with begun(base) as store:
        before = kept(store)
        with pytest.raises(UnicodeEncodeError):
            store.must_link("a", "c", author="\ud800")
        assert kept(store) == before
        assert ids(store) == {"a": "1", "b": "1", "c": "2"}
        assert len(store.judgements) == 0


PLACES = [
    ("mysql://host/base", "SQLite or PostgreSQL, not in 'mysql'"),
    ("nothing://host/base", "not in 'nothing'"),
    ("sqlite+nothing:///store.db", "a path, or a URL"),
    ("://", "a path, or a URL"),
    (":memory:", "leave the place out"),
    ("sqlite://", "leave the place out"),
    ("/nowhere/at/all/store.db", "no folder '/nowhere/at/all'"),
    ("sqlite:////nowhere/at/all/store.db", "no folder '/nowhere/at/all'"),
    ("postgresql://postgres@127.0.0.1:1/base", "the database said"),
]


@pytest.mark.parametrize(("place", "said"), PLACES)
def test_what_is_no_place_is_told(place: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        Store.open(place)


def test_a_password_is_never_told() -> None:
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://ann:secret@127.0.0.1:1/base")
    assert "secret" not in str(caught.value)


def test_a_driver_that_is_missing_is_told() -> None:
    with pytest.raises(MissingExtraError, match=r"pip install 'identigraph\[sql\]'"):
        SqlKeeper("postgresql+pg8000://host/base")


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open database file"):
        Store.open(tmp_path)


def test_another_file_is_no_store_and_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ann, " * 200, encoding="utf-8")
    for resolution in (None, resolved()):
        with pytest.raises(StoreError, match=r"damaged, or is none of a store \(file is not a database\)"):
            Store.open(path, resolution)
    assert path.read_text(encoding="utf-8") == "Dear Ann, " * 200


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_shortened_file_is_told_and_not_shortened_more(tmp_path: Path, share: float) -> None:
    path = tmp_path / "store.db"
    begun(path, {"id": list(range(900)), "mail": [f"{n // 2}@x.org" for n in range(900)]}).close()
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(StoreError, match="damaged"):
        Store.open(path)
    assert path.stat().st_size == int(len(whole) * share)
    path.write_bytes(whole)
    with Store.open(path) as store:
        assert len(store) == 450


LOST = ["DELETE FROM meta WHERE name = 'settings'", "DELETE FROM policies", "DELETE FROM ids", "DELETE FROM records"]
LOST += ["DELETE FROM chains WHERE record_id = 'a'", "UPDATE records SET content = '{'", "UPDATE pairs SET one = 77"]
LOST += ["UPDATE meta SET value = '{}' WHERE name = 'settings'", "UPDATE chains SET chain = '[]'", "DROP TABLE pairs"]


@pytest.mark.parametrize("what", LOST)
def test_rows_that_something_else_changed_are_told(tmp_path: Path, what: str) -> None:
    path = tmp_path / "store.db"
    begun(path).close()
    connected = sqlite3.connect(path)
    connected.execute(what)
    connected.commit()
    connected.close()
    with pytest.raises(StoreError, match=r"does not go together|lacks its|the database said"):
        Store.open(path)


def test_a_server_that_broke_the_connection_is_asked_again(postgres: str) -> None:
    with begun(postgres) as store:
        with psycopg.connect(postgres, autocommit=True) as other:
            other.execute(DISCONNECT)
        store.update(delete=["a"])
        assert ids(store) == {"b": "1", "c": "2"}


def test_a_connection_that_breaks_during_a_change_is_told(postgres: str) -> None:
    """And the next change is made."""
    with begun(postgres) as store:
        before = kept(store)

        def broken(log: Any, _: Any) -> Any:
            with psycopg.connect(postgres, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            return log

        with pytest.raises(StoreError, match="the database said"):
            store.judge(broken)
        assert kept(store) == before
        store.update(delete=["a"])
        assert told(reread(store)) == told(store._state)


def test_a_store_beside_one_of_another_database(postgres: str, tmp_path: Path) -> None:
    """Its URL may name the driver."""
    with begun(tmp_path / "store.db") as one, begun(postgres.replace("://", "+psycopg://")) as other:
        one.update(delete=["a"])
        assert len(other.crosswalk) == len(PEOPLE["id"])
