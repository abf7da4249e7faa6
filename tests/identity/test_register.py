"""A register knows every id, changes by events alone, and refuses those that do not follow."""

from __future__ import annotations

import polars as pl
import pytest
from made_histories import KEYS, MONDAY, Diary, factory, lived

from identigraph.errors import ConfigurationError, UnknownIdError, VersionConflictError
from identigraph.identity import Erased, Event, Events, Live, Redirect, Register, Retired, assign, replay

A, B, C, D = KEYS[:4]
MERGED = [{A: 0, B: 1, C: 2}, {A: 0, B: 0, C: 2}]


def test_a_bare_crosswalk_is_a_register_whose_ids_are_older_than_all() -> None:
    register = Register.of({"source": ["crm"] * 2, "record_id": [0, 1], "entity_id": ["X", "X"]})
    assert (register.change, register.issued["X"].born, register.entities) == (0, 0, {"X": (A, B)})
    assert repr(register) == "<Register: 1 live of 1 id, 2 records>"
    assert (len(register), "X" in register, "Y" in register) == (1, True, False)
    assert (register.entity_of(A), register.entity_of(C)) == ("X", None)
    assert len(Register.of({"record_id": [], "entity_id": []})) == 0


def test_its_tables_tell_all() -> None:
    register = lived([*MERGED, {A: 0}]).register
    assert register.crosswalk.to_polars().rows() == [("crm", "0", "n1")]
    assert register.records.to_polars().rows() == [
        ("crm", "0", "n1", ["n1"], True),
        ("crm", "1", None, ["n2", "n1"], False),
        ("crm", "2", None, ["n3"], False),
    ]
    assert register.ids.to_polars().select("entity_id", "born", "changed", "status", "to").rows() == [
        ("n1", 1, 3, "live", []),
        ("n2", 1, 2, "redirect", ["n1"]),
        ("n3", 1, 3, "retired", []),
    ]
    assert repr(register) == "<Register: 1 live of 3 ids, 1 record>"


@pytest.mark.parametrize("ending", ["parquet", "ndjson"])
def test_it_comes_back_from_files_and_goes_on_alike(tmp_path, ending) -> None:
    diary = lived(MERGED)
    records = diary.register.records.write(tmp_path / f"records.{ending}")
    ids = diary.register.ids.write(tmp_path / f"ids.{ending}")
    found = Register.of(records, ids=ids)
    assert found == diary.register
    options = {"clusters": [[A], [B], [C]], "at": MONDAY, "factory": factory("m")}
    assert assign(found, **options) == assign(diary.register, **options)


def test_tables_that_do_not_go_together_are_refused() -> None:
    register, other = lived(MERGED).register, lived(MERGED[:1]).register
    for records, ids in ((register.records, other.ids), (other.records, register.ids), (register.records, {**EMPTY})):
        with pytest.raises(ConfigurationError, match="records and ids are not of one register"):
            Register.of(records, ids=ids)


EMPTY = {name: [] for name in ("entity_id", "born", "changed", "status")} | {
    "to": pl.Series([], dtype=pl.List(pl.String)),
    "shares": pl.Series([], dtype=pl.List(pl.Float64)),
}


def test_a_copy_changes_by_itself() -> None:
    diary = lived(MERGED)
    register, before = diary.register, diary.register.copy()
    copy = register.copy()
    copy.apply(assign(copy, [[A], [B, D], [C]], at=MONDAY, factory=factory("m")))
    assert copy != register
    assert register == before


def test_changes_follow_each_other_without_a_gap() -> None:
    diary = lived([*MERGED, {A: 0, B: 1}])
    first, second, third = (day.events for day in diary.days)
    with pytest.raises(VersionConflictError, match="change 2 cannot follow change 0") as caught:
        replay(second)
    assert (caught.value.last, caught.value.got) == (0, 2)
    register = replay(first)
    with pytest.raises(VersionConflictError, match="change 1 cannot follow change 1"):
        register.apply(first)
    with pytest.raises(VersionConflictError, match="change 3 cannot follow change 1"):
        register.apply(third)
    assert register == diary.days[0].register
    register.apply(second + third)
    assert register == diary.register


@pytest.mark.parametrize(
    "event",
    [
        Event(2, MONDAY, "created", "n1", records=(D,)),
        Event(2, MONDAY, "created", "m", records=(A,)),
        Event(2, MONDAY, "grew", "n1", records=(C,)),
        Event(2, MONDAY, "shrank", "n1", records=(C,)),
        Event(2, MONDAY, "shrank", "n1", records=(D,)),
        Event(2, MONDAY, "retired", "n2"),
        Event(2, MONDAY, "split", "n2", ("n1", "n3"), (0.5, 0.5)),
    ],
)
def test_events_of_another_register_are_refused_and_change_nothing(event) -> None:
    register = lived(MERGED[:1]).register
    before = register.copy()
    with pytest.raises(ConfigurationError, match="the events of change 2 do not fit this register"):
        register.apply([event])
    assert register == before


def test_an_id_created_without_records_has_none_until_they_come() -> None:
    """So it is after the records of an event were erased."""
    register = replay([Event(1, MONDAY, "created", "A")])
    assert (register.resolve("A"), register.entities) == (Live(), {})
    register.apply([Event(2, MONDAY, "erased", "A")])
    assert register.resolve("A") == Erased()


def test_the_last_record_of_an_id_that_is_erased_takes_the_id_along() -> None:
    register = lived(MERGED[:1]).register
    told = register.erase([A], at=MONDAY, cause="wish of the person")
    assert told == Events((Event(2, MONDAY, "erased", "n1", cause="wish of the person"),))
    assert register.resolve("n1") == Erased()
    assert register.change == 2


def test_an_entity_that_keeps_records_has_shrunk_and_an_id_it_acquired_may_be_erased() -> None:
    register = lived(MERGED).register
    told = register.erase([B], at=MONDAY)
    assert [(event.kind, event.entity_id, event.records) for event in told] == [
        ("shrank", "n1", ()),
        ("erased", "n2", ()),
    ]
    assert (register.resolve("n2"), register.entities["n1"]) == (Erased(), (A,))


def test_an_id_that_is_left_with_what_left_is_retired() -> None:
    register = lived([{A: 0, B: 0}, {A: 0}]).register
    assert [(event.kind, event.entity_id) for event in register.erase([A], at=MONDAY)] == [("retired", "n1")]
    assert register.resolve("n1") == Retired()
    assert [(event.kind, event.entity_id) for event in register.erase([B], at=MONDAY)] == [("erased", "n1")]


def test_erasing_the_own_records_of_an_entity_leaves_what_it_acquired() -> None:
    register = lived(MERGED).register
    assert [(event.kind, event.entity_id) for event in register.erase([A], at=MONDAY)] == [("shrank", "n1")]
    assert (register.resolve("n1"), register.resolve("n2")) == (Live(), Redirect("n1"))


def test_erasing_what_left_alone_may_be_no_event() -> None:
    register = lived([{A: 0, B: 0}, {A: 0}]).register
    assert register.erase([B], at=MONDAY) == Events()
    assert (register.left, register.change) == ({}, 2)


def test_erasing_a_record_that_is_not_there_is_an_error_and_erases_nothing() -> None:
    register = lived(MERGED).register
    before = register.copy()
    with pytest.raises(UnknownIdError, match="1 of 2 ids name no record: 'crm:3'"):
        register.erase([A, D], at=MONDAY)
    with pytest.raises(ConfigurationError, match="at has no time zone"):
        register.erase([A], at=MONDAY.replace(tzinfo=None))
    assert register == before


def test_an_erased_id_is_not_given_again_even_to_the_same_record() -> None:
    diary = lived(MERGED[:1])
    register = diary.register.copy()
    register.erase([A], at=MONDAY)
    later = Diary(make=diary.make, first=register)
    later.add({A: 0})
    assert set(later.register.entities) == {"n4"}


def test_replaying_does_not_change_the_register_it_starts_from() -> None:
    diary = lived(MERGED)
    first = diary.days[0].register
    before = first.copy()
    assert replay(diary.days[1].events, register=first) == diary.register
    assert first == before
