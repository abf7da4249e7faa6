"""Stores whose process is killed, whose disk is full, or that several write to: what was said to be kept is there."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from random import Random
from threading import Event as ThreadEvent
from threading import Thread
from typing import Any

import pytest
from made_people import evidence, partition
from made_stores import begun, ids, kept, reread, resolved, told
from sqlalchemy import event
from store_writers import heard, step, writing

from identigraph.errors import StoreError
from identigraph.identity import replay
from identigraph.stores import Store

resource = pytest.importorskip("resource", reason="there are no limits of files on this system")

KILLS = int(os.environ.get("IDENTIGRAPH_STORE_KILLS", "12"))
"""How often a writer to a file is killed; one to a server a quarter as often."""
pytestmark = pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning")


def check(store: Store) -> None:
    """Check that a store is of one change: records, evidence, entities, ids and events go together."""
    records = store.resolution.records
    table = {"id": records.ids.to_list(), "mail": records.table["mail"].to_list()}
    judged = store.judgements.rulings(store._state.at)
    wanted = store.resolution.resolver.resolve(table, id="id", judgements=judged)
    assert partition(store.resolution) == partition(wanted)
    assert evidence(store.resolution).equals(evidence(wanted))
    assert replay(store.events) == store.register
    assert told(reread(store)) == told(store._state)


def integrity(path: Path) -> str:
    """Return what SQLite says of a file."""
    connection = sqlite3.connect(path)
    said: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return said


def test_a_writer_that_is_killed_leaves_all_that_it_said_was_kept(base: str | Path) -> None:
    """And no half of a change: at whatever moment, again and again."""
    begun(base).close()
    random = Random(KILLS)
    last, ahead = 1, 0
    for number in range(KILLS if isinstance(base, Path) else -(-KILLS // 4)):
        with writing(base, f"w{number}", 10_000) as (process, said):
            assert said.recv() == last
            time.sleep(random.uniform(0, 0.4))
            process.kill()
            reported = [last, *heard(said)]
        assert reported == list(range(last, last + len(reported)))
        with Store.open(base) as store:
            assert store._state.change - reported[-1] in (0, 1)
            ahead += store._state.change - reported[-1]
            last = store._state.change
            check(store)
        if isinstance(base, Path):
            assert integrity(base) == "ok"
    assert last > 1
    print(f"{last:,} changes, {ahead} of them made and not said")  # noqa: T201 -- for those who run it long


def test_writers_beside_each_other_lose_nothing(base: str | Path) -> None:
    """Processes, each with a store of its own."""
    begun(base).close()
    with writing(base, "one", 8) as (_, one), writing(base, "other", 8) as (_, other):
        numbers = [*heard(one)[1:], *heard(other)[1:]]
    assert sorted(numbers) == list(range(2, 18))
    with Store.open(base) as store:
        assert store._state.change == 17
        check(store)


def test_threads_beside_each_other_lose_nothing(place: str | Path | None) -> None:
    """Whether they share a store or not; a store that is shared shows the last change of all."""
    with begun(place) as store:
        others = [store, store] if place is None else [store, store, Store.open(place)]

        def write(mine: Store, name: str) -> None:
            for number in range(5):
                step(mine, f"{name}-{number}", Random(number))

        threads = [Thread(target=write, args=(mine, str(n))) for n, mine in enumerate(others)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for other in others[2:]:
            other.close()
        assert reread(store).change == 1 + 5 * len(others)
        store.resolve()
        check(store)


def test_a_shared_store_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that is slow to hear that its change was kept does not undo what a later one shows."""
    with begun() as store:
        writing_of, second = store._keeper.writing, ThreadEvent()

        @contextmanager
        def slow() -> Iterator[Any]:
            with writing_of() as session:
                yield session
            if session.value("change") == "2":
                second.wait(0.7)
                time.sleep(0.1)
            else:
                second.set()

        monkeypatch.setattr(store._keeper, "writing", slow)
        threads = [Thread(target=store.update, kwargs={"delete": [key]}) for key in ("a", "c")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store._state.change == 3
        assert ids(store) == {"b": "1"}


@pytest.mark.parametrize("change", ["update", "apply"])
def test_a_change_that_breaks_at_any_statement_leaves_nothing(base: str | Path, change: str) -> None:
    """And can be made again."""
    with begun(base) as store:
        before, held = kept(store), told(store._state)
        for number in range(100):
            counted = iter(range(number))

            @event.listens_for(store._keeper.engine, "before_cursor_execute")
            def breaks(*_: Any, left: Iterator[int] = counted) -> None:
                if next(left, None) is None:
                    raise InterruptedError

            try:
                if change == "update":
                    store.update(delete=["a"], add={"id": ["d"], "mail": ["d@x.org"]})
                else:
                    store.apply(store.resolution.resolver)
                break
            except InterruptedError:
                event.remove(store._keeper.engine, "before_cursor_execute", breaks)
                assert kept(store) == before
                assert told(store._state) == held
        event.remove(store._keeper.engine, "before_cursor_execute", breaks)
        assert 2 < number < 99
        check(store)


@contextmanager
def limited(size: int) -> Iterator[None]:
    """Let no file of this process be longer than so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


MANY = {"id": [f"m{n}" for n in range(3000)], "mail": [f"{n // 2}@x.org" for n in range(3000)]}


def test_a_disk_that_is_full_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    """With room again, it goes on."""
    path = tmp_path / "store.db"
    with begun(path) as store:
        before = kept(store)
        with (
            limited(200_000),
            pytest.raises(StoreError, match=r"the database said: .*; nothing of this change"),
        ):
            store.update(add=MANY)
        assert kept(store) == before
        assert integrity(path) == "ok"
        store.update(delete=["c"])
        assert ids(store) == {"a": "1", "b": "1"}
        store.update(add=MANY)
        check(store)


def test_a_file_that_may_not_grow_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    with begun(tmp_path / "store.db") as store:
        before = kept(store)
        for pages in (1, 10**6):
            raw = store._keeper.engine.raw_connection()
            raw.cursor().execute(f"PRAGMA max_page_count = {pages}")
            raw.close()
            with pytest.raises(StoreError, match="full") if pages == 1 else nullcontext():
                store.update(add=MANY)
            assert (kept(store) == before) == (pages == 1)
        check(store)


def test_a_store_that_could_not_begin_begins_later(tmp_path: Path) -> None:
    found = resolved(MANY)
    with limited(200_000), pytest.raises(StoreError, match="the database said"):
        Store.open(tmp_path / "store.db", found)
    with pytest.raises(StoreError, match="there is no store yet"):
        Store.open(tmp_path / "store.db")
    with Store.open(tmp_path / "store.db", found) as store:
        check(store)


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_a_dump_for_which_there_is_no_room_is_told(tmp_path: Path, form: str) -> None:
    """What there is of it is no dump."""
    with begun(None, MANY) as store:
        with limited(5_000), pytest.raises(StoreError, match="could not be written to the folder 'dump'"):
            store.dump(tmp_path / "dump", form=form)
        with pytest.raises(StoreError, match="is no folder that"):
            Store.load(tmp_path / "dump")
        with Store.load(store.dump(tmp_path / "again", form=form)) as found:
            assert told(found._state) == told(store._state)
