"""Live indexes of stores: what is found, added and looked up, and what happens when something goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import attrs
import polars as pl
import pytest
from made_stores import ANN, DAY, MONDAY, ROE, begun, ids, kept, reread, resolver, told

import identigraph as ig
from identigraph.errors import (
    ChangeError,
    ColumnNotFoundError,
    ConfigurationError,
    NullIdError,
    StoreError,
    UnsupportedInputError,
)
from identigraph.fields import Email, PersonName
from identigraph.stores import Store

MAIL = ig.block_on("mail")
WARNINGS = ("HotBlockWarning", "EmptyBlockingWarning", "FitWarning")
pytestmark = [pytest.mark.filterwarnings(f"ignore::identigraph.errors.{name}") for name in WARNINGS]


@pytest.fixture(params=["memory", "file"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Return the places whose writers this process can hold up."""
    return tmp_path / "store.db" if request.param == "file" else None


def more(*, blocking: Any = MAIL, **named: Any) -> ig.Resolver:
    """Return what puts records together that agree in address, and in name if they have one."""
    comparators = [ig.exact("mail", frequency=False), ig.exact("name", frequency=False)]
    rules = ig.Rules(
        [
            ig.rule(ig.when(mail="equal", name="equal"), "match"),
            ig.rule(ig.when(mail="equal", name="missing"), "match"),
            ig.rule(ig.when(mail="equal"), "possible"),
        ]
    )
    return ig.Resolver(blocking=blocking, comparators=comparators, matcher=rules, **named)


def named(people: Any, *, resolver: ig.Resolver | None = None, **how: Any) -> Store:
    """Return a store of people with names."""
    made = resolver or more()
    return Store.open(resolution=made.resolve(people, **{"id": "id", **how}), at=MONDAY)


FOUR = {
    "id": ["d", "a", "c", "b"],
    "mail": [ANN, ANN, ANN, ROE],
    "name": ["Ann", None, "Jo", "Bob"],
}
"""Ann twice, once without a name, somebody else with her address, and Bob."""


# Finding


def test_what_is_likeliest_comes_first_and_equals_in_order() -> None:
    live = named(FOUR).live()
    found = live.find({"mail": ANN, "name": "ann"})
    assert [each.record_id for each in found] == ["a", "d", "c"]
    assert [each.match_probability for each in found] == sorted(
        (each.match_probability for each in found), reverse=True
    )
    assert [each.record_id for each in live.find({"mail": ANN, "name": "ann"}, top=2)] == ["a", "d"]
    assert live.find({"mail": ANN}, top=0) == []
    assert [(each.source, each.entity_id) for each in found[:2]] == [("records", live.entity_of("a"))] * 2


def test_each_comparator_says_why() -> None:
    live = named(FOUR).live()
    reasons = {each.record_id: each.reasons for each in live.find({"mail": ANN, "name": "Jo"})}
    assert reasons["c"] == {"mail": "equal", "name": "equal"}
    assert reasons["a"]["name"] == "missing"


def test_no_value_stands_in_what_is_shown() -> None:
    found = named(FOUR).live().find({"mail": ROE})[0]
    assert repr(found) == f"<Found: records:b of {found.entity_id}, {found.match_probability:.3f}>"
    assert repr(named(FOUR).live()) == f"<Live: 4 records, {len(named(FOUR))} entities>"


def test_a_record_is_not_found_for_itself() -> None:
    live = begun().live()
    assert [each.record_id for each in live.find({"id": "a", "mail": ANN})] == ["b"]
    assert [each.record_id for each in live.find({"id": None, "mail": ANN})] == ["a", "b"]


@pytest.mark.parametrize("blocking", [MAIL, ig.all_pairs()], ids=["short", "long"])
def test_finding_changes_nothing(blocking: Any, kind: Path | None) -> None:
    made = more(blocking=blocking).resolve(FOUR, id="id")
    with Store.open(kind, made, at=MONDAY) as store:
        live, before = store.live(), kept(store)
        once = [(repr(each), each.reasons) for each in live.find({"mail": ANN, "name": "Ann"})]
        assert [(repr(each), each.reasons) for each in live.find({"mail": ANN, "name": "Ann"})] == once
        assert once
        live.find({"id": "new", "mail": ROE})
        assert live.entity_of("new") is None
        assert kept(store) == before


def test_the_long_way_finds_what_the_short_one_does() -> None:
    short, long = (named(FOUR, resolver=more(blocking=how)).live() for how in (MAIL, MAIL & MAIL))
    assert (short.obstacles, long.obstacles) == ((), ("blocking that is no union of keys",))
    for record in ({"mail": ANN, "name": "Ann"}, {"id": "a", "mail": ANN}, {"mail": ROE}, {"mail": "x@y.org"}, {}):
        told = [
            [(each.record_id, each.match_weight, each.reasons) for each in live.find(record)] for live in (short, long)
        ]
        assert told[0] == told[1]


def test_records_of_several_sources_may_have_the_same_id() -> None:
    people = {"id": [1, 1], "source": ["crm", "web"], "mail": [ANN, ROE]}
    store = Store.open(resolution=resolver().resolve(people, id="id", source="source"), at=MONDAY)
    live = store.live()
    assert [each.source for each in live.find({"mail": ANN})] == ["crm"]
    assert [each.source for each in live.find({"id": 1, "source": "web", "mail": ANN})] == ["crm"]
    assert live.find({"id": 1, "mail": ANN}, source="crm") == []
    live.add({"id": 2, "source": "web", "mail": ANN})
    assert live.entity_of("web", 2) == live.entity_of("crm", 1) == live.entity_of(("crm", "1"))
    assert live.entity_of("web", 3) is None
    with pytest.raises(ConfigurationError, match="several sources"):
        live.add({"id": 3, "mail": ANN})


# Adding: what a record may hold


def test_values_become_text_as_those_of_tables_do() -> None:
    values = [7, 7.0, 7.5, True, date(2026, 3, 2), " ", "", None, float("nan"), " a "]
    people = {"id": ["a", "b"], "mail": ["none"] * 2, "name": ["x", "y"]}
    one, other = named(people), named(people)
    live = one.live()
    for number, value in enumerate(values):
        live.add({"id": f"n{number}", "name": value}, at=MONDAY)
        other.update(add={"id": [f"n{number}"], "name": [value]}, at=MONDAY)
    assert told(reread(one)) == told(reread(other)) == told(one._state)


def test_columns_may_be_left_out() -> None:
    store = named(FOUR)
    live = store.live()
    live.add({"id": "e", "mail": ROE})
    assert live.entity_of("e") == live.entity_of("b")
    assert store.resolution.records.table["name"].null_count() == 2


@pytest.mark.parametrize("value", [["x"], ("x",), {"x"}, {"x": 1}], ids=str)
def test_several_values_in_one_are_refused(value: Any) -> None:
    live = begun().live()
    with pytest.raises(UnsupportedInputError, match="a single value"):
        live.add({"id": "d", "mail": value})
    with pytest.raises(UnsupportedInputError, match="a single value"):
        live.find({"mail": value})
    assert live.entity_of("d") is None


def test_unknown_columns_and_missing_ids_are_told() -> None:
    live = begun().live()
    with pytest.raises(ColumnNotFoundError, match="email"):
        live.add({"id": "d", "email": ANN})
    with pytest.raises(ColumnNotFoundError, match="email"):
        live.find({"email": ANN})
    with pytest.raises(ColumnNotFoundError, match="it is its id"):
        live.add({"mail": ANN})
    for blank in (None, "", "  "):
        with pytest.raises(NullIdError):
            live.add({"id": blank, "mail": ANN})
    assert len(live) == 2


def test_whole_numbers_stay_what_they_are() -> None:
    people = {"id": pl.Series([1, 2], dtype=pl.UInt8), "mail": [ANN, ROE]}
    store = begun(people=people)
    live = store.live()
    live.add({"id": 3, "mail": ANN}, at=MONDAY)
    live.add({"id": "4", "mail": ROE}, at=MONDAY)
    live.add({"id": 5.0, "mail": ROE}, at=MONDAY)
    for wrong in (2.5, 300, -1, "x"):
        with pytest.raises(ConfigurationError, match="UInt8"):
            live.add({"id": wrong, "mail": ROE})
    assert store.crosswalk.to_polars().get_column("record_id").to_list() == [1, 2, 3, 4, 5]
    assert told(reread(store)) == told(store._state)
    assert [each.record_id for each in live.find({"id": 4, "mail": ROE})] == ["2", "5"]


@pytest.mark.parametrize("blocking", [MAIL, ig.all_pairs()], ids=["short", "long"])
@pytest.mark.parametrize("form", ["one name", "a name each"])
def test_tables_by_source_are_named_as_the_store_names_them(blocking: Any, form: str) -> None:
    tables = {"crm": {"id": [1], "mail": [ANN]}, "web": {"id": [1], "address": [ROE]}}
    how: dict[str, Any] = {"id": "id", "columns": {"web": {"address": "mail"}}}
    if form == "a name each":
        tables["web"] = {"no": [1], "address": [ROE]}
        how["id"] = {"crm": "id", "web": "no"}
    rules = ig.Rules([ig.rule(ig.when(mail="equal"), "match")])
    made = ig.Resolver(blocking=blocking, comparators=[ig.exact("mail", frequency=False)], matcher=rules)
    live = Store.open(resolution=made.resolve(tables, **how), at=MONDAY).live()
    own = "no" if form == "a name each" else "id"
    live.add({own: 2, "address": ANN}, source="web")
    live.add({"id": 2, "mail": ROE}, source="crm")
    live.add({own: 3}, source="web")
    assert live.entity_of("web", 2) == live.entity_of("crm", 1) != live.entity_of("crm", 2)
    assert {each.source for each in live.find({"address": ANN}, source="web")} == {"crm", "web"}
    assert [each.source for each in live.find({own: 2, "address": ANN}, source="web")] == ["crm"]
    assert len(live.find({"mail": ROE})) == 2
    with pytest.raises(ConfigurationError, match="several sources"):
        live.add({"id": 3, "mail": ANN})


# Adding: what becomes of it


@pytest.mark.parametrize("blocking", [MAIL, ig.all_pairs()], ids=["short", "long"])
def test_twice_with_the_same_content_does_nothing_more(blocking: Any) -> None:
    store = named(FOUR, resolver=more(blocking=blocking))
    live = store.live()
    assert len(live.add({"id": "e", "mail": ANN, "name": None})) == 1
    before = kept(store)
    assert len(live.add({"id": "e", "mail": ANN})) == 0
    assert len(live.add({"id": "b", "mail": ROE, "name": "Bob"})) == 0
    with pytest.raises(ChangeError, match="records:e"):
        live.add({"id": "e", "mail": ROE})
    with pytest.raises(ChangeError, match="records:b"):
        live.add({"id": "b", "mail": ROE})
    assert kept(store) == before


def test_a_hot_block_goes_the_long_way() -> None:
    store = named(FOUR, resolver=more(blocking=ig.block_on("mail", max_block=2) | ig.block_on("name")))
    live, asked = store.live(), []
    live._owner = attrs.evolve(live._owner, update=lambda **told: asked.append(1) or store.update(**told))
    live.add({"id": "e", "mail": ROE, "name": "Bob"})
    assert not asked
    live.add({"id": "f", "mail": ROE, "name": "Bob"})
    assert asked
    assert live.entity_of("f") == live.entity_of("b")


def test_time_goes_on() -> None:
    live = begun().live()
    live.add({"id": "d", "mail": ROE}, at=MONDAY + DAY, cause="form")
    with pytest.raises(ConfigurationError, match="follows the last one"):
        live.add({"id": "e", "mail": ROE}, at=MONDAY)
    assert live.entity_of("e") is None


def test_the_cause_and_the_time_stand_in_the_events(kind: Path | None) -> None:
    with begun(kind) as store:
        happened = store.live().add({"id": "d", "mail": ROE}, at=MONDAY + DAY, cause="form")
        assert [(event.kind, event.at, event.cause) for event in happened] == [("grew", MONDAY + DAY, "form")]
        assert store.events[-1] == happened[0]


def test_what_expires_is_let_go_by_the_next_record() -> None:
    store = begun()
    store.cannot_link("a", "b", at=MONDAY, expires=MONDAY + DAY)
    live = store.live()
    live.add({"id": "d", "mail": ROE}, at=MONDAY + timedelta(hours=1))
    assert live.entity_of("a") != live.entity_of("b")
    live.add({"id": "e", "mail": ROE}, at=MONDAY + 2 * DAY)
    assert live.entity_of("a") == live.entity_of("b")
    assert ids(store)["a"] == ids(store)["b"]


def test_a_judgement_about_a_record_that_comes_later_holds() -> None:
    store = begun()
    store.must_link("c", "z", at=MONDAY)
    store.cannot_link("a", "y", at=MONDAY)
    live = store.live()
    live.add({"id": "z", "mail": ANN}, at=MONDAY)
    assert len({live.entity_of(key) for key in "abcz"}) == 1
    live.add({"id": "y", "mail": ANN}, at=MONDAY)
    assert live.entity_of("y") != live.entity_of("a")


def test_a_pin_takes_its_id_from_an_entity_elsewhere() -> None:
    """The other entity is named anew, though nothing links the two."""
    one, other = begun(), begun()
    for store in (one, other):
        store.pin(["z"], ids(store)["a"], at=MONDAY)
        store.pin(["y"], ids(store)["c"], at=MONDAY)
    live = one.live()
    for key in "zy":
        assert live.add({"id": key, "mail": f"{key}@z.org"}, at=MONDAY) == other.update(
            add={"id": [key], "mail": [f"{key}@z.org"]}, at=MONDAY
        )
    assert live.entity_of("z") == ids(begun())["a"] != live.entity_of("a")
    assert told(reread(one)) == told(other._state)


def test_two_pins_for_one_entity_are_told_and_nothing_is_added() -> None:
    store = begun()
    store.pin(["c"], ids(store)["c"], at=MONDAY)
    store.pin(["z"], ids(store)["a"], at=MONDAY)
    live, before = store.live(), kept(store)
    with pytest.raises(ConfigurationError, match="pins"):
        live.add({"id": "z", "mail": ROE}, at=MONDAY)
    assert live.entity_of("z") is None
    assert kept(store) == before
    live.add({"id": "y", "mail": ROE}, at=MONDAY)
    assert live.entity_of("y") == live.entity_of("c")


@pytest.mark.parametrize("how", ["short", "hot", "long"])
def test_several_at_once_are_one_change(how: str) -> None:
    blocking = {"short": MAIL, "hot": ig.block_on("mail", max_block=3), "long": ig.all_pairs()}[how]
    one, other = (named(FOUR, resolver=more(blocking=blocking)) for _ in range(2))
    live = one.live()
    rows = {"id": ["f", "b", "e"], "mail": [ROE, ROE, ANN], "name": [None, "Bob", "Ann"]}
    assert live.add_all(rows, at=MONDAY) == other.update(add=rows, at=MONDAY)
    assert told(reread(one)) == told(other._state)
    before = kept(one)
    assert len(live.add_all(rows)) == 0
    with pytest.raises(ChangeError, match="'records:b', 'records:f'"):
        live.add_all({**rows, "mail": ["x@x.org", "x@x.org", ANN]})
    assert kept(one) == before
    live.add({"id": "g", "mail": ROE}, at=MONDAY)
    other.update(add={"id": ["g"], "mail": [ROE]}, at=MONDAY)
    assert told(reread(one)) == told(other._state)


# Members and look-ups


def test_after_a_merge_old_ids_lead_to_all_members() -> None:
    people = {"id": ["a", "b"], "mail": [ANN, "ann@roe.org"], "name": ["Ann", "Ann"]}
    rules = ig.Rules([ig.rule(ig.when(mail="equal"), "match"), ig.rule(ig.when(name="equal"), "match")])
    comparators = [ig.exact("mail", frequency=False), ig.exact("name", frequency=False)]
    made = ig.Resolver(blocking=MAIL, comparators=comparators, matcher=rules)
    live = Store.open(resolution=made.resolve(people, id="id"), at=MONDAY).live()
    before = {key: live.entity_of(key) for key in "ab"}
    assert before["a"] != before["b"]
    happened = live.add({"id": "c", "mail": ANN})
    assert [event.kind for event in happened] == ["grew"]
    store = begun()
    live, old = store.live(), ids(store)
    store.must_link("a", "c")
    live.add({"id": "d", "mail": ROE})
    every = tuple(("records", key) for key in "abcd")
    assert live.members(old["a"]) == live.members(old["c"]) == every
    assert {live.entity_of(key) for key in "abcd"} == {live.entity_of("a")}
    assert live.members("unknown") == ()


@pytest.mark.parametrize("when", ["before", "after"])
def test_values_are_looked_up_however_they_are_written(when: str) -> None:
    people = {
        "id": ["a", "b"],
        "mail": [ANN, ROE],
        "first": ["Ann", "Bob"],
        "last": ["Lee", "Roe"],
        "city": ["Bern"] * 2,
    }
    fields = {"mail": Email("mail"), "name": PersonName(given="first", family="last")}
    rules = ig.Rules([ig.rule(ig.when(mail="equal"), "match")])
    comparators = [ig.exact("mail", frequency=False), ig.exact("name", frequency=False)]
    made = ig.Resolver(blocking=MAIL, comparators=comparators, matcher=rules, fields=fields)
    live = Store.open(resolution=made.resolve(people, id="id"), at=MONDAY).live()
    asks = [
        ("mail", " ANN@Lee.org", "ad"),
        ("name", {"first": "dr. ANN", "last": "lee"}, "ad"),
        ("name", {"first": "Jo", "last": "Poe"}, "e"),
        ("city", "bern", "abd"),
        ("city", "BASEL ", "e"),
        ("first", "ann", "ad"),
        ("city", "Genf", ""),
        ("city", " ", ""),
    ]
    if when == "before":
        for field, value, _ in asks:
            live.lookup(field, value)
    live.add({"id": "d", "mail": ANN, "first": "Ann", "last": "Lee", "city": "Bern"})
    live.add({"id": "e", "mail": "e@e.org", "first": "Jo", "last": "Poe", "city": "Basel"})
    for field, value, keys in asks:
        assert live.lookup(field, value) == sorted({live.entity_of(key) for key in keys})
    with pytest.raises(ConfigurationError, match="several columns"):
        live.lookup("name", "Ann Lee")
    with pytest.raises(ColumnNotFoundError, match="nothing"):
        live.lookup("nothing", "x")


def test_look_ups_know_no_hot_blocks() -> None:
    people = {"id": list(range(40)), "mail": [f"{number}@x.org" for number in range(40)], "name": ["Ann"] * 40}
    live = named(people, resolver=more(blocking=ig.block_on("mail", max_block=2))).live()
    assert len(live.lookup("name", "ANN")) == 40


# Beside other writers


def test_what_others_wrote_is_seen_with_the_next_record(kind: Path | None) -> None:
    with begun(kind) as store:
        live = store.live()
        live.lookup("mail", ROE)
        live.add({"id": "d", "mail": ROE})
        if kind is None:
            store.update(add={"id": ["0"], "mail": ["0@x.org"]}, delete=["a", "d"])
        else:
            with Store.open(kind) as other:
                other.update(add={"id": ["0"], "mail": ["0@x.org"]}, delete=["a", "d"])
        live.add({"id": "e", "mail": ROE})
        assert {key: live.entity_of(key) for key in "0abcde"} == {**dict.fromkeys("ad"), **ids(store)}
        assert live.lookup("mail", ROE) == [live.entity_of("e")] == [live.entity_of("c")]
        assert live.lookup("mail", "0@x.org") == [live.entity_of("0")]
        assert told(reread(store)) == told(store._state)


def test_a_store_sees_what_its_index_added(kind: Path | None) -> None:
    with begun(kind) as store:
        live = store.live()
        live.add({"id": "d", "mail": ROE})
        assert ids(store)["d"] == live.entity_of("d")
        assert "3 records" not in repr(store)
        store.update(add={"id": ["e"], "mail": [ROE]})
        assert ids(store)["e"] == live.entity_of("d")


def test_a_state_that_was_read_does_not_take_the_place_of_a_later_one(kind: Path | None) -> None:
    """As threads may end in any order."""
    with begun(kind) as store:
        with store._keeper.reading() as session:
            assert session.value("change") == "1"
            store.update(add={"id": ["d"], "mail": [ROE]})
            assert store._newest(session).change == 1
        assert store._held.change == 2


def test_settings_that_change_between_are_in_force() -> None:
    store = named(FOUR)
    live = store.live()
    rules = ig.Rules([ig.rule(ig.when(mail="equal"), "match")])
    comparators = [ig.exact("mail", frequency=False)]
    store.apply(ig.Resolver(blocking=MAIL, comparators=comparators, matcher=rules).resolve(FOUR, id="id").resolver)
    live.add({"id": "e", "mail": ANN, "name": "Cleo"})
    assert len({live.entity_of(key) for key in "acde"}) == 1
    store.apply(more(blocking=ig.all_pairs()).resolve(FOUR, id="id").resolver)
    live.add({"id": "f", "mail": ANN, "name": "Cleo"})
    assert live.obstacles
    assert {key: live.entity_of(key) for key in "abcdef"} == ids(store)


# When something goes wrong


@contextmanager
def failing(store: Store, monkeypatch: pytest.MonkeyPatch, when: str) -> Iterator[None]:
    """Have the next write fail before it is kept, or at its end."""
    keeper, plain = store._keeper, store._keeper.writing

    @contextmanager
    def writing() -> Iterator[Any]:
        with plain() as session:
            if when == "keep":
                monkeypatch.setattr(session, "keep", fail, raising=False)
            yield session
            fail()

    with monkeypatch.context() as patch:
        patch.setattr(keeper, "writing", writing)
        yield


def fail(*_: Any) -> None:
    """Be a disk that is full."""
    raise StoreError("the disk is full")


@pytest.mark.parametrize("when", ["keep", "commit"])
@pytest.mark.parametrize("together", [False, True], ids=["one", "several"])
def test_what_was_not_kept_was_not_added(
    kind: Path | None, when: str, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(kind) as store, begun() as other:
        live = store.live()
        live.lookup("mail", ANN)
        before, rows = kept(store), {"id": ["d"], "mail": [ROE]}
        with failing(store, monkeypatch, when), pytest.raises(StoreError, match="full"):
            live.add_all(rows) if together else live.add({"id": "d", "mail": ROE})
        assert kept(store) == before
        assert (live.entity_of("d"), len(live), repr(live)) == (None, 2, "<Live: 3 records, 2 entities>")
        assert [each.record_id for each in live.find({"mail": ROE})] == ["c"]
        assert live.lookup("mail", ROE) == [live.entity_of("c")]
        assert live.members(str(live.entity_of("c"))) == (("records", "c"),)
        for key, mail in (("e", ROE), ("d", ROE), ("f", "f@f.org")):
            live.add({"id": key, "mail": mail}, at=MONDAY + DAY)
            other.update(add={"id": [key], "mail": [mail]}, at=MONDAY + DAY)
        assert told(reread(store)) == told(store._state) == told(other._state)
        assert live.lookup("mail", ROE) == [live.entity_of("d")]


def test_a_field_first_looked_up_after_a_failure_knows_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    store = begun()
    live = store.live()
    with failing(store, monkeypatch, "keep"), pytest.raises(StoreError):
        live.add({"id": "d", "mail": "d@d.org"})
    assert live.lookup("mail", "d@d.org") == []
    live.add({"id": "e", "mail": "d@d.org"})
    assert live.lookup("mail", "d@d.org") == [live.entity_of("e")]


# Many at once


def test_readers_beside_a_writer_see_what_was_true_at_some_moment() -> None:
    """Entities only grow here: whoever was found is found still, in an entity with at least those."""
    people = {"id": ["0", "00"], "mail": ["0@x.org"] * 2}
    store = begun(people=people)
    live, done, wrong = store.live(), Signal(), []
    mails = [f"{number % 7}@x.org" for number in range(60)]

    def look() -> None:
        found, looked, members = 0, 0, 0
        try:
            while not done.wait(0.001):
                here = live.find({"mail": "0@x.org"}, top=1000)
                assert {each.entity_id for each in here} == {live.entity_of("0")}
                again = live.lookup("mail", "0@x.org")
                held = live.members(str(live.entity_of("0")))
                assert len(here) >= found
                assert len(held) >= max(members, len(here))
                assert len(again) >= looked
                assert len(again) == 1
                found, looked, members = len(here), len(again), len(held)
        except BaseException as error:  # noqa: BLE001 - told in the main thread
            wrong.append(error)

    readers = [Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number, mail in enumerate(mails[1:], 1):
        live.add({"id": str(number), "mail": mail})
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert len(live.find({"mail": "0@x.org"}, top=1000)) == mails.count("0@x.org") + 1
    assert told(reread(store)) == told(store._state)


def test_two_threads_add_and_nothing_is_lost() -> None:
    store = begun()
    live = store.live()
    keys = [[f"{name}{number}" for number in range(20)] for name in "xy"]
    writers = [Thread(target=lambda mine=mine: [live.add({"id": key, "mail": ROE}) for key in mine]) for mine in keys]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {live.entity_of(key) for mine in keys for key in mine} == {live.entity_of("c")}
    assert told(reread(store)) == told(store._state)
