"""Keepers: what is written is kept as a whole or not at all, and what is read is of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from identigraph.errors import StoreError
from identigraph.stores import keeper as keeping
from identigraph.stores import sql
from identigraph.stores.keeper import Keeper, MemoryKeeper, Session
from identigraph.stores.sql import SqlKeeper
from identigraph.stores.tables import TABLES, Delta

META = TABLES["meta"]


@pytest.fixture
def keeper(place: str | Path | None) -> Iterator[Keeper]:
    """Give a keeper of empty tables."""
    made: Keeper = MemoryKeeper() if place is None else SqlKeeper(place)
    yield made
    made.close()


def write(session: Session, **values: str) -> None:
    session.keep(Delta({"meta": META.frame(list(values.items()))}))


def write_and_fail(session: Session) -> None:
    write(session, a="2", b="2")
    raise ZeroDivisionError


def test_a_session_sees_what_it_wrote_and_others_see_it_at_the_end(keeper: Keeper) -> None:
    with keeper.writing() as session:
        write(session, a="1")
        assert session.value("a") == "1"
        assert ("a", "1") in session.read("meta").rows()
        with keeper.reading() as other:
            assert other.value("a") is None
    with keeper.reading() as other:
        assert other.value("a") == "1"


def test_what_fails_in_the_end_was_never_written(keeper: Keeper) -> None:
    with keeper.writing() as session:
        write(session, a="1")
    with pytest.raises(ZeroDivisionError), keeper.writing() as session:
        write_and_fail(session)
    with keeper.writing() as session:
        assert (session.value("a"), session.value("b")) == ("1", None)


def test_reads_of_one_session_are_of_one_moment(keeper: Keeper) -> None:
    with keeper.reading() as reader:
        assert reader.value("a") is None
        with keeper.writing() as session:
            write(session, a="1")
            session.keep(Delta({"pending": TABLES["pending"].frame([(7,)])}))
        assert reader.value("a") is None
        assert reader.read("pending").rows() == []
    with keeper.reading() as reader:
        assert reader.read("pending").rows() == [(7,)]


def test_rows_go_and_come_back(keeper: Keeper) -> None:
    pending = TABLES["pending"]
    with keeper.writing() as session:
        session.keep(Delta({"pending": pending.frame([(1,), (2,)])}))
        session.keep(Delta({"pending": pending.frame([(2,), (3,)])}, {"pending": pending.frame([(1,), (9,)])}))
        assert sorted(session.read("pending").rows()) == [(2,), (3,)]
    with keeper.writing() as session:
        session.keep(Delta({"pending": pending.frame([(2,)])}, {"pending": pending.frame([(2,), (3,)])}))
    with keeper.reading() as reader:
        assert reader.read("pending").rows() == [(2,)]


def test_a_second_writer_gives_up_in_the_end(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "WAIT", 0.05)
    monkeypatch.setattr(sql, "WAIT", 0.05)
    found: list[BaseException] = []

    def writes() -> None:
        try:
            with keeper.writing() as session:
                write(session, b="2")
        except StoreError as error:
            found.append(error)

    with keeper.writing() as session:
        write(session, a="1")
        thread = Thread(target=writes)
        thread.start()
        thread.join()
    assert len(found) == 1
    writes()
    assert len(found) == 1
    with keeper.reading() as reader:
        assert (reader.value("a"), reader.value("b")) == ("1", "2")


def test_writers_that_wait_come_one_after_the_other(keeper: Keeper) -> None:
    """And readers beside them see no half of a change."""
    torn: list[tuple[str | None, str | None]] = []

    def counts() -> None:
        for _ in range(10):
            with keeper.writing() as session:
                number = str(int(session.value("a") or 0) + 1)
                write(session, a=number)
                write(session, b=number)

    def reads() -> None:
        for _ in range(20):
            with keeper.reading() as session:
                both = session.value("a"), session.value("b")
                torn.extend([both] if both[0] != both[1] else [])

    threads = [Thread(target=target) for target in (counts, reads, counts, counts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with keeper.reading() as session:
        assert (session.value("a"), session.value("b")) == ("30", "30")
    assert not torn
