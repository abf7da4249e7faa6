"""Stores: kept, changed and found again, wherever they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import polars as pl
import pytest
from made_stores import ANN, DAY, MONDAY, PEOPLE, ROE, begun, ids, kept, reread, resolved, resolver, told

import identigraph as ig
from identigraph.datasets import customers
from identigraph.errors import (
    ChangeError,
    ConfigurationError,
    JudgementConflictError,
    MissingExtraError,
    NotPlainError,
    StoreError,
    UnknownIdError,
    UnknownJudgementError,
)
from identigraph.identity import Redirect, replay
from identigraph.stores import Store, state
from identigraph.stores import store as module
from identigraph.stores.state import contents
from identigraph.stores.tables import TABLES

HOUR = DAY / 24


@pytest.fixture
def store(place: str | Path | None) -> Iterator[Store]:
    """Give a store of people; it began on Monday."""
    with begun(place) as made:
        yield made


def test_a_store_begins_with_entities_that_are_created(store: Store) -> None:
    assert ids(store) == {"a": "1", "b": "1", "c": "2"}
    created = [(event.change, event.kind, event.entity_id, event.at) for event in store.events]
    assert created == [(1, "created", "1", MONDAY), (1, "created", "2", MONDAY)]
    assert told(reread(store)) == told(store._state)


def test_a_store_is_found_again(base: str | Path) -> None:
    with begun(base) as store:
        store.update(add={"id": ["d"], "mail": [ROE]}, at=MONDAY + DAY)
        before, events = told(store._state), store.events
    with Store.open(base) as again:
        assert told(again._state) == before
        assert again.events == events
        assert again.resolution.why("c", "d").together


def test_there_is_a_store_or_there_is_none(base: str | Path) -> None:
    with pytest.raises(StoreError, match="there is no store yet: give the resolution"):
        Store.open(base)
    with begun(base) as store:
        before = kept(store)
        with pytest.raises(StoreError, match="there is a store already"):
            begun(base)
        assert kept(store) == before
    with pytest.raises(StoreError, match="there is no store yet"):
        Store.open()


def test_asking_for_a_file_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store yet"):
        Store.open(tmp_path / "none.db")
    assert not list(tmp_path.iterdir())


def test_records_come_change_and_go(store: Store) -> None:
    happened = store.update(
        add={"id": ["e", "d"], "mail": ["e@x.org", ROE]},
        replace={"id": ["a"], "mail": ["a@x.org"]},
        delete=["b"],
        at=MONDAY + DAY,
        cause="monthly",
    )
    assert {event.cause for event in happened} == {"monthly"}
    assert ids(store) == {"a": "1", "c": "2", "d": "2", "e": "3"}
    assert told(reread(store)) == told(store._state)
    numbers = kept(store)["records"]
    assert [(row[0], row[2], row[4]) for row in numbers] == [(n, i, 1 + (n > 3)) for n, i in enumerate("abcaed", 1)]
    assert kept(store)["ended"] == [(1, 2), (2, 2)]


def test_what_is_told_twice_does_nothing_more(store: Store) -> None:
    come = {"id": ["d"], "mail": [ROE]}
    store.update(add=come)
    before = store.events
    assert len(store.update(add=come)) == 0
    assert store.events == before
    assert told(reread(store)) == told(store._state)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"delete": ["zz"]}, UnknownIdError),
        ({"replace": {"id": ["zz"], "mail": ["x"]}}, UnknownIdError),
        ({"add": {"id": ["a"], "mail": ["other"]}}, ChangeError),
        ({"add": {"id": ["d"], "mail": ["x"]}, "delete": ["d"]}, ChangeError),
        ({"add": {"id": ["d"], "phone": ["1"]}}, KeyError),
        ({"add": {"no": ["d"]}}, KeyError),
        ({"budget": 0}, ValueError),
        ({"at": MONDAY - HOUR}, ConfigurationError),
        ({"at": datetime(2027, 1, 1)}, ConfigurationError),  # noqa: DTZ001 -- that is what is wrong
    ],
)
def test_what_cannot_be_done_changes_nothing(store: Store, change: dict[str, Any], error: type[Exception]) -> None:
    before, held = kept(store), told(store._state)
    with pytest.raises(error):
        store.update(**change)
    assert kept(store) == before
    assert told(store._state) == held
    store.update(delete=["c"])
    assert len(store) == 1


def test_judgements_hold_until_they_expire_or_are_taken_back(store: Store) -> None:
    store.must_link("a", "c", at=MONDAY + DAY, author="ann", reason="called them")
    assert ids(store) == {"a": "1", "b": "1", "c": "1"}
    store.revoke(1, at=MONDAY + 2 * DAY)
    assert ids(store) == {"a": "1", "b": "1", "c": "2"}
    store.cannot_link("a", "b", at=MONDAY + 3 * DAY, expires=MONDAY + 5 * DAY)
    assert ids(store) == {"a": "1", "b": "3", "c": "2"}
    store.resolve(at=MONDAY + 4 * DAY)
    assert len(store) == 3
    happened = store.resolve(at=MONDAY + 5 * DAY, cause="expired")
    assert [(event.kind, event.cause) for event in happened] == [("merged", "expired")]
    store.unsure("a", "c", at=MONDAY + 5 * DAY)
    assert len(store) == 2
    assert told(reread(store)) == told(store._state)


@pytest.mark.parametrize("then", ["update", "apply", "refit"])
def test_what_expires_while_a_store_is_closed_is_resolved_by_the_next_change(base: str | Path, then: str) -> None:
    with begun(base) as store:
        store.must_link("a", "c", at=MONDAY + DAY, expires=MONDAY + 2 * DAY)
    with Store.open(base) as store:
        assert ids(store) == {"a": "1", "b": "1", "c": "1"}
        if then == "update":
            store.resolve(at=MONDAY + 3 * DAY)
        elif then == "apply":
            store.apply(store.resolution.resolver, at=MONDAY + 3 * DAY)
        else:
            store.refit(at=MONDAY + 3 * DAY)
        assert ids(store) == {"a": "1", "b": "1", "c": "2"}
        assert told(reread(store)) == told(store._state)


def test_judgements_that_contradict_change_nothing(store: Store) -> None:
    store.lock(["a", "b"], at=MONDAY + DAY)
    before, held = kept(store), told(store._state)
    with pytest.raises(JudgementConflictError):
        store.cannot_link("a", "b", at=MONDAY + 2 * DAY)
    with pytest.raises(UnknownJudgementError):
        store.revoke(7, at=MONDAY + 2 * DAY)
    assert kept(store) == before
    assert told(store._state) == held


def test_locks_keep_others_out_and_pins_keep_ids(store: Store) -> None:
    store.lock(["a", "b"], at=MONDAY + DAY)
    store.update(add={"id": ["d"], "mail": [ANN]}, at=MONDAY + 2 * DAY)
    assert ids(store)["d"] == "3"
    store.pin(["c"], "gold", at=MONDAY + 3 * DAY)
    assert ids(store)["c"] == "gold"
    assert told(reread(store)) == told(store._state)
    store.apply(attrs.evolve(store.resolution.resolver, builder=ig.Components(0.3)), at=MONDAY + 4 * DAY)
    assert ids(store) == {"a": "1", "b": "1", "c": "gold", "d": "3"}


def test_a_merge_that_is_taken_apart_gives_the_ids_back(store: Store) -> None:
    store.update(add={"id": ["d"], "mail": [ROE]}, at=MONDAY + DAY)
    before = ids(store)
    happened = store.update(replace={"id": ["c", "d"], "mail": [ANN, ANN]}, at=MONDAY + 2 * DAY)
    [merge] = happened.of_kind("merged")
    assert set(ids(store).values()) == {"1"}
    assert store.register.resolve("2") == Redirect("1")
    told_back = store.unmerge(merge, at=MONDAY + 3 * DAY, author="ann")
    assert ids(store) == before
    assert {event.kind for event in told_back} == {"split", "revived"}
    assert store.judgements.active(MONDAY + 3 * DAY)[0].author == "ann"
    with pytest.raises(ConfigurationError, match="nothing to take apart"):
        store.unmerge(merge, at=MONDAY + 4 * DAY)
    store.revoke(1, at=MONDAY + 5 * DAY)
    assert set(ids(store).values()) == {"1"}
    assert told(reread(store)) == told(store._state)


def test_several_judgements_are_one_change(store: Store) -> None:
    happened = store.judge(
        lambda log, time: log.split(["a"], ["b"], at=time).must_link("b", "c", at=time), at=MONDAY + DAY
    )
    assert {event.cause for event in happened} == {"judgement"}
    assert store._state.change == 2
    assert ids(store)["b"] == ids(store)["c"] != ids(store)["a"]


def test_groups_of_a_split_may_be_read_once(store: Store) -> None:
    store.split(iter(["a"]), (each for each in ["b"]), at=MONDAY + DAY)
    assert len(store) == 3


def test_work_in_portions_is_found_again(base: str | Path) -> None:
    people = {"id": list("abcdef"), "mail": [f"{n}@x.org" for n in (1, 1, 2, 2, 3, 3)]}
    new = {"id": list("ace"), "mail": [f"{n}@y.org" for n in (1, 2, 3)]}
    with begun(base, people) as store:
        store.update(replace=new, budget=2, at=MONDAY + DAY)
        left = store.resolution.pending.sum()
        assert 0 < left < 6
    with Store.open(base) as store:
        assert store.resolution.pending.sum() == left
        while store.resolution.pending.any():
            store.resolve(budget=2)
        assert len(store) == 6
        assert told(reread(store)) == told(store._state)
        assert kept(store)["pending"] == []


def test_a_refit_learns_of_the_records_there_are(tmp_path: Path) -> None:
    people = customers(60, seed=3).records
    keys = {"id": "record_id", "source": "source"}
    with Store.open(tmp_path / "store.db", ig.resolve(people, **keys), at=MONDAY) as store:
        gone = people.filter(pl.col("source") == people["source"][0]).head(20).select("record_id", "source")
        store.update(delete=gone, at=MONDAY + DAY)
        learned = store.resolution.resolver
        happened = store.refit(at=MONDAY + 2 * DAY)
        assert {event.cause for event in happened} <= {"refit"}
        assert store.resolution.resolver.hash != learned.hash
        wanted = store.resolution.resolver.resolve(people.join(gone, on=["record_id", "source"], how="anti"), **keys)
        assert groups(store.resolution) == groups(wanted)
        assert [row[0] for row in kept(store)["policies"]] == [1, 3]
        assert told(reread(store)) == told(store._state)
        assert replay(store.events) == store.register


def groups(resolution: ig.Resolution) -> set[frozenset[Any]]:
    """Return the entities as sets of records."""
    rows = resolution.crosswalk.to_polars().group_by("entity_id").agg(pl.struct("source", "record_id"))
    return {frozenset((each["source"], str(each["record_id"])) for each in row) for row in rows[:, 1]}


def test_other_settings_hold_from_then_on(store: Store) -> None:
    strict = attrs.evolve(store.resolution.resolver, builder=ig.Components(0.999))
    store.apply(strict, at=MONDAY + DAY, cause="strict")
    assert len(store) == 3
    store.update(add={"id": ["d"], "mail": [ROE]}, at=MONDAY + 2 * DAY)
    assert len(store) == 4
    assert told(reread(store)) == told(store._state)


def test_to_ask_what_if_changes_nothing(store: Store) -> None:
    before, held = kept(store), told(store._state)
    told_of = store.what_if(replace={"id": ["c"], "mail": [ANN]})
    assert told_of.counts["merge"] == 1
    assert kept(store) == before
    assert told(store._state) == held


def test_a_past_answer_stays_as_it_was(store: Store) -> None:
    answers = {}
    for day in range(1, 6):
        answers[MONDAY + day * DAY - HOUR] = store.register.crosswalk.to_polars().rows()
        change = [
            lambda at: store.update(add={"id": ["d"], "mail": [ROE]}, at=at),
            lambda at: store.must_link("a", "d", at=at),
            lambda at: store.update(delete=["a"], at=at),
            lambda at: store.revoke(1, at=at),
            lambda at: store.update(replace={"id": ["b"], "mail": [ROE]}, at=at),
        ][day - 1]
        change(MONDAY + day * DAY)
        for time, rows in answers.items():
            assert store.as_known(time).to_polars().rows() == rows
    assert store.as_known(MONDAY - HOUR).to_polars().rows() == []
    assert store.as_known(MONDAY).to_polars().rows() == answers[MONDAY + DAY - HOUR]
    assert store.as_known(MONDAY + 9 * DAY).to_polars().rows() == store.register.crosswalk.to_polars().rows()
    with pytest.raises(ConfigurationError, match="no time zone"):
        store.as_known(datetime(2027, 1, 1))  # noqa: DTZ001 -- that is what is wrong


def test_events_replayed_from_nothing_make_the_register(store: Store) -> None:
    store.must_link("a", "c", at=MONDAY + DAY)
    store.update(delete=["a"], add={"id": ["d"], "mail": [ROE]}, at=MONDAY + 2 * DAY)
    assert replay(store.events) == store.register


def test_tables_may_be_read_in_any_order(tmp_path: Path) -> None:
    """As rows of databases are."""
    path = tmp_path / "store.db"
    with begun(path) as store:
        store.must_link("a", "c", at=MONDAY + DAY)
        store.update(delete=["a"], add={"id": ["d"], "mail": [ROE]}, at=MONDAY + 2 * DAY)
        before, events = told(store._state), store.events
    connected = sqlite3.connect(path)
    for name in TABLES:
        connected.execute(f"CREATE TABLE other AS SELECT * FROM {name} ORDER BY 1 DESC")  # noqa: S608 -- names of its own
        connected.execute(f"DELETE FROM {name}")  # noqa: S608 -- names of its own
        connected.execute(f"INSERT INTO {name} SELECT * FROM other")  # noqa: S608 -- names of its own
        connected.execute("DROP TABLE other")
    connected.commit()
    connected.close()
    with Store.open(path) as store:
        assert told(store._state) == before
        assert store.events == events


def test_no_change_is_made_before_the_last_one_however_clocks_differ(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So what was known at a time is known for ever."""

    class Slow(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(2026, 1, 1, tzinfo=tz)

    monkeypatch.setattr(state, "datetime", Slow)
    [event] = store.update(delete=["c"])
    assert event.at == MONDAY
    with pytest.raises(ConfigurationError, match=r"a change follows the last one, made at 2026-03-02T00:00:00\+00:00"):
        store.must_link("a", "b", at=MONDAY - HOUR)


def test_a_second_store_sees_what_the_first_one_changed(base: str | Path) -> None:
    """Before it changes anything itself, or when it is opened."""
    with begun(base) as one, Store.open(base) as other:
        one.update(add={"id": ["d"], "mail": ["d@x.org"]})
        one.must_link("a", "c")
        assert len(other.crosswalk) == 3
        other.update(delete=["b"])
        assert ids(other) == {"a": "1", "c": "1", "d": "3"}
        assert len(one.crosswalk) == 4
        one.revoke(1)
        assert ids(one) == {"a": "1", "c": "2", "d": "3"}
        assert told(reread(one)) == told(one._state)
        assert one.events == other.events


def test_ids_come_from_a_factory_and_stay_with_weight(place: str | Path | None) -> None:
    made = iter(["x", "y", "z"])
    with begun(place, factory=made.__next__, weights=lambda _, key: float(key == "c")) as store:
        store.update(add={"id": ["d"], "mail": ["d@x.org"]})
        assert ids(store)["d"] == "x"
        store.must_link("a", "c")
        assert ids(store) == {"a": "2", "b": "2", "c": "2", "d": "x"}


def test_ids_that_are_no_numbers_go_on_as_they_are(place: str | Path | None) -> None:
    found = resolved()
    named = found.update(add={"id": ["d"], "mail": [ROE]}, factory=lambda: "n1")
    with Store.open(place, named) as store:
        store.update(add={"id": ["e"], "mail": ["e@x.org"]})
        assert ids(store)["e"] == "3"


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt32, pl.UInt64, pl.Int64])
def test_ids_are_of_the_type_they_came_in(base: str | Path, dtype: Any) -> None:
    people = pl.DataFrame({"id": pl.Series([3, 1, 2], dtype=dtype), "mail": PEOPLE["mail"]})
    with begun(base, people) as store:
        store.update(add={"id": [9], "mail": [ROE]})
        assert told(reread(store)) == told(store._state)
        assert store.crosswalk.to_polars()["record_id"].to_list() == [3, 1, 2, 9]
    with Store.open(base) as store:
        store.update(delete=[1])
        assert store.crosswalk.to_polars().schema["record_id"] == dtype


@pytest.mark.parametrize("values", [[1.5, 2.0, 3.0], [datetime(2026, 3, day, tzinfo=UTC).date() for day in (1, 2, 3)]])
def test_ids_of_other_types_are_told(place: str | Path | None, values: list[Any]) -> None:
    with pytest.raises(StoreError, match=r"ids are of type (Float64|Date), and a store finds whole numbers and text"):
        begun(place, pl.DataFrame({"id": values, "mail": PEOPLE["mail"]}))


def test_a_store_begins_with_what_it_can_find_again(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with pytest.raises(StoreError, match="records without ids"):
        Store.open(path, resolver().resolve({"mail": [ANN, ANN]}))
    with pytest.raises(StoreError, match="has not learned"):
        Store.open(path, attrs.evolve(resolved(), resolver=resolver()))
    found = resolved()
    joined = found.update(judgements=ig.JudgementLog().must_link("a", "c", at=MONDAY).rulings(MONDAY))
    with pytest.raises(StoreError, match="merged or retired by its updates"):
        Store.open(path, joined)
    with pytest.raises(ConfigurationError, match="no time zone"):
        Store.open(path, found, at=datetime(2026, 3, 2))  # noqa: DTZ001 -- that is what is wrong
    with Store.open(path, found) as store:
        assert len(store) == 2


def test_settings_that_are_code_are_told(tmp_path: Path) -> None:
    found = resolved()
    code = attrs.evolve(found.resolver, namespaces=[ig.Namespace("mail", kind="contact", normalize=lambda mail: mail)])
    with pytest.raises(NotPlainError):
        Store.open(tmp_path / "store.db", attrs.evolve(found, resolver=code))


def test_judgements_of_the_resolution_are_the_first_of_the_log(place: str | Path | None) -> None:
    log = (
        ig.JudgementLog()
        .unsure("a", "b", at=MONDAY)
        .cannot_link("a", "b", at=MONDAY, author="ann")
        .revoke(1, at=MONDAY)
    )
    found = resolver().resolve(PEOPLE, id="id", judgements=log.rulings(MONDAY))
    with pytest.raises(StoreError, match="not in force when the store begins"):
        Store.open(None, found, at=MONDAY - DAY)
    with Store.open(place, found, at=MONDAY) as store:
        assert [judgement.told for judgement in store.judgements.active(MONDAY)] == ["cannot_link 1 by 'ann'"]
        assert told(reread(store)) == told(store._state)
        store.revoke(1, at=MONDAY + DAY)
        assert len(store) == 2


def test_a_table_of_judgements_is_the_first_of_the_log(place: str | Path | None) -> None:
    told_of = {"left_id": ["a", "a", "b"], "right_id": ["b", "c", "c"]}
    table = {**told_of, "judgement": ["cannot_link", "must_link", "unsure"]}
    found = resolver().resolve(PEOPLE, id="id", judgements=table)
    with Store.open(place, found, at=MONDAY) as store:
        assert sorted(each.kind for each in store.judgements.active(MONDAY)) == ["cannot_link", "must_link", "unsure"]
        assert told(reread(store)) == told(store._state)
        assert len(store.resolve(at=MONDAY)) == 0


def test_all_records_may_go_and_others_come(place: str | Path | None) -> None:
    with begun(place) as store:
        store.update(delete=["a", "b", "c"], at=MONDAY + DAY)
        assert len(store) == 0
        assert told(reread(store)) == told(store._state)
        store.update(add={"id": ["a", "d"], "mail": [ANN, ANN]}, at=MONDAY + 2 * DAY)
        assert ids(store) == {"a": "1", "d": "1"}
        assert told(reread(store)) == told(store._state)


def test_columns_that_hold_lists_later_are_found_again(base: str | Path) -> None:
    blocking = ig.blocking.any_shared("tags")
    found = attrs.evolve(resolver(), blocking=blocking).resolve({**PEOPLE, "tags": ["x", "x", "y"]}, id="id")
    with Store.open(base, found) as store:
        store.update(add={"id": ["d"], "mail": [ROE], "tags": [["y"]]})
        assert store.resolution.records.lists == {"tags"}
        assert told(reread(store)) == told(store._state)


def test_a_package_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In memory none is needed."""

    def missing(name: str) -> Any:
        if name == "sqlalchemy":
            raise ModuleNotFoundError(name=name)
        return import_module(name)

    monkeypatch.setattr(module, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"needs SQLAlchemy; install it with: pip install 'identigraph\[sql\]'"):
        begun(tmp_path / "store.db")
    assert len(begun()) == 2


def test_a_store_shows_counts_and_no_values(store: Store) -> None:
    assert repr(store) == "<Store: 3 records, 2 entities, 1 changes>"
    assert len(store) == 2


def test_contents_without_columns_are_empty_objects() -> None:
    assert contents(pl.DataFrame({"a": [1, 2]}).select()).to_list() == []
    assert contents(pl.DataFrame(height=2)).to_list() == ["{}", "{}"]
