"""Screening: which identifiers are set aside, each with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.graph import Generic, IdentityGraph, Namespace
from identigraph.graph import screening as module
from identigraph.graph.screening import CODES, Screened, screen, set_aside, values_behind

SECOND = timedelta(seconds=1)


def screened(records: dict[str, list[Any]], *spaces: Namespace) -> tuple[Screened, ...]:
    """Return screened identifiers, records being numbered from 0; times stand in the column "at"."""
    at = "at" if "at" in records else None
    return screen(IdentityGraph.of(records, namespaces=spaces, observed_at=at))


def fates(found: Screened) -> list[str]:
    """Return the fate of each sighting."""
    return [CODES[fate] for fate in found.fate.tolist()]


def lives(records: dict[str, list[Any]], *spaces: Namespace) -> list[int]:
    """Return the lives of the last namespace."""
    return screened(records, *spaces)[-1].life.tolist()


def test_what_is_invalid_or_blocked_is_told_apart() -> None:
    (found,) = screened({"x": ["a1", "null", "b", " a2"]}, Namespace("x", valid="a[0-9]"))
    assert fates(found) == ["kept", "blocked", "invalid", "kept"]
    assert found.life.tolist() == [0, -1, -1, 1]
    assert (found.lives, found.kept.tolist()) == (2, [True, False, False, True])
    unread = Namespace("x", normalize=lambda raw: pl.Series([None if v == "b" else v for v in raw.to_list()]))
    assert fates(screened({"x": ["a", "b"]}, unread)[0]) == ["kept", "invalid"]


def test_a_record_with_more_values_than_an_entity_may_have_contradicts_itself() -> None:
    cells = {"x": [["a", "b"], ["a"], ["a", "null"], None]}
    assert fates(screened(cells, Namespace("x", limit=1))[0]) == [
        "self_conflict",
        "self_conflict",
        "kept",
        "kept",
        "blocked",
    ]
    assert fates(screened(cells, Namespace("x", limit=2))[0]) == ["kept"] * 4 + ["blocked"]
    assert fates(screened(cells, Namespace("x"))[0]) == ["kept"] * 4 + ["blocked"]


def test_one_value_seen_often_on_one_record_is_no_conflict() -> None:
    rows = {"id": [1, 1, 2], "x": ["a", "a", "b"], "at": [1, 2, 3]}
    graph = IdentityGraph.of(rows, id="id", namespaces=[Namespace("x", limit=1)], observed_at="at")
    assert fates(screen(graph)[0]) == ["kept"] * 3


def test_the_first_reason_to_set_a_value_aside_stays() -> None:
    """What is blocked, or contradicts itself, is so even if the value is generic or shared as well."""
    mail = Namespace("mail", limit=1, generic=Generic("name", most=1))
    assert fates(screened({"mail": [["a", "b", "null"]], "name": ["Ann"]}, mail)[0]) == [
        *["self_conflict"] * 2,
        "blocked",
    ]
    records = {"mail": [["x", "y"], "x", "x"], "name": ["Ann", "Ann", "Zoe"]}
    assert fates(screened(records, mail)[0]) == [*["self_conflict"] * 2, "generic", "generic"]
    kiosk = Namespace("kiosk", kind="device", limit=1, max_entities=1)
    visits = {"login": [None, "ann", "bob"], "kiosk": [["j", "k"], "k", "k"]}
    assert fates(screened(visits, LOGIN, kiosk)[1]) == [*["self_conflict"] * 2, "shared", "shared"]


def test_names_of_records_that_contradict_themselves_do_not_count() -> None:
    mail = Namespace("mail", limit=1, generic=Generic("name", most=1))
    assert fates(screened({"mail": [["x", "y"], "x"], "name": ["Ann", "Zoe"]}, mail)[0])[2:] == ["kept"]


NAMES = ["Maria", "Marie", "Mario", "John", "Paul", None]


@pytest.mark.parametrize(("most", "expected"), [(2, "generic"), (3, "kept")])
def test_a_value_with_many_names_is_generic_and_typos_are_one_name(most, expected) -> None:
    mail = Namespace("mail", generic=Generic("name", most=most))
    records = {"mail": ["info@x"] * 6 + ["ann@x"] * 3, "name": [*NAMES, "Ann", "Anne", "Bo"]}
    assert fates(screened(records, mail)[0]) == [expected] * 6 + ["kept"] * 3


def test_names_that_are_alike_enough_are_one() -> None:
    records = {"mail": ["x"] * 2, "name": ["maria", "marta"]}
    for similarity, expected in ((0.5, "kept"), (0.99, "generic")):
        found = screened(records, Namespace("mail", generic=Generic("name", most=1, similarity=similarity)))
        assert fates(found[0]) == [expected] * 2


def test_blocked_values_are_not_generic_and_names_of_other_values_do_not_count() -> None:
    mail = Namespace("mail", blocked=["none"], generic=Generic("name", most=1))
    records = {"mail": ["none", "none", "a", "b"], "name": ["Ann", "Zoe", "Ann", "Zoe"]}
    assert fates(screened(records, mail)[0]) == ["blocked", "blocked", "kept", "kept"]


def test_of_very_many_names_the_first_are_grouped(monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_NAMES", 2)
    mail = Namespace("mail", generic=Generic("name", most=2))
    assert fates(screened({"mail": ["x"] * 3, "name": ["Ann", "Bob", "Cyd"]}, mail)[0]) == ["kept"] * 3


LOGIN = Namespace("login", kind="login", limit=1)


@pytest.mark.parametrize(("most", "expected"), [(1, "shared"), (2, "kept")])
def test_a_kiosk_touches_more_entities_than_it_may(most, expected) -> None:
    records = {"login": ["ann", "bob", None, "ann"], "kiosk": ["k", "k", "k", "own"]}
    kiosk = Namespace("kiosk", kind="device", max_entities=most)
    assert fates(screened(records, LOGIN, kiosk)[1]) == [expected] * 3 + ["kept"]


def test_touched_entities_are_counted_by_the_limit_of_stronger_namespaces_alone() -> None:
    records = {"login": ["a", "b", "c", "null"], "kiosk": ["k"] * 4}
    kiosk = Namespace("kiosk", kind="device", max_entities=1)
    for login, expected in (
        (Namespace("login", kind="login", limit=3), "kept"),
        (Namespace("login", kind="login", limit=2), "shared"),
        (Namespace("login", kind="login"), "kept"),
        (Namespace("login", kind="login", limit=1, priority=7), "kept"),
        (Namespace("login", kind="login", limit=1, priority=6), "shared"),
    ):
        for spaces in ((login, kiosk), (kiosk, login)):
            found = {each.namespace.name: each for each in screened(records, *spaces)}
            assert fates(found["kiosk"]) == [expected] * 4


def test_touching_too_many_by_one_stronger_namespace_is_enough() -> None:
    records = {"login": ["ann", "bob"], "card": ["1", "1"], "kiosk": ["k", "k"]}
    kiosk, card = Namespace("kiosk", kind="device", max_entities=1), Namespace("card", kind="account", limit=1)
    for spaces in ((LOGIN, card, kiosk), (card, LOGIN, kiosk)):
        assert fates(screened(records, *spaces)[2]) == ["shared"] * 2


def test_shares_are_those_of_owners_that_were_not_set_aside() -> None:
    records = {"login": ["ann", "ann", "bob", "null", "null"], "cookie": ["c"] * 5}
    share = screened(records, LOGIN, Namespace("cookie", kind="cookie"))[1].share
    assert share.tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3, 2 / 3, 2 / 3])


def test_what_is_set_aside_counts_for_nothing() -> None:
    records = {"login": [["a", "b"], "c"], "kiosk": ["k", "k"]}
    kiosk = Namespace("kiosk", kind="device", max_entities=1)
    assert fates(screened(records, LOGIN, kiosk)[1]) == ["kept", "kept"]


PHONE = Namespace("phone", kind="contact", ttl=SECOND)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ([0, 1, 2], [0, 0, 0]),
        ([0, 1, 2.5], [0, 0, 1]),
        ([5, 0, 2.5], [2, 0, 1]),
        ([None, 0, 9], [0, 0, 1]),
        ([None, None, 9], [0, 0, 0]),
    ],
)
def test_where_nobody_could_be_named_a_silence_begins_a_new_life(at, expected) -> None:
    assert lives({"phone": ["1"] * 3, "at": at}, PHONE) == expected
    assert lives({"phone": ["1"] * 3, "at": at}, Namespace("phone")) == [0, 0, 0]


@pytest.mark.parametrize(
    ("logins", "expected"),
    [
        (["ann", "ann", "bob"], [0, 0, 1]),
        (["ann", "bob", "ann"], [0, 0, 0]),
        (["ann", None, None], [0, 0, 0]),
        ([None, None, "bob"], [0, 0, 0]),
        (["ann", None, "bob"], [0, 0, 1]),
    ],
)
def test_where_owners_are_named_a_number_is_passed_on_if_nobody_of_before_came_back(logins, expected) -> None:
    assert lives({"login": logins, "phone": ["1"] * 3, "at": [0, 1, 9]}, LOGIN, PHONE) == expected


def test_lives_are_those_of_each_value() -> None:
    assert lives({"phone": ["2", "1", "2", "1"], "at": [0, 0, 5, 1]}, PHONE) == [1, 0, 2, 0]
    assert lives({"phone": ["null"], "at": [0]}, PHONE) == [-1]
    records = {"login": ["ann", "bob", "ann"], "phone": ["1", "1", "null"], "at": [0, 9, 5]}
    assert lives(records, LOGIN, PHONE) == [0, 1, -1]


def test_a_contact_is_repeated_where_two_records_carry_it_in_one_life_and_others_always_are() -> None:
    rows = {"id": [0, 0, 1, 2, 3, 4], "phone": ["1", "1", "1", "2", "2", "null"], "at": [0, 1, 9, 0, 0, 0]}
    for space, expected in ((PHONE, [0, 0, 0, 1, 1, 0]), (Namespace("phone", kind="account"), [1] * 6)):
        graph = IdentityGraph.of(rows, id="id", namespaces=[space], observed_at="at")
        assert screen(graph)[0].repeated.tolist() == expected


CARRIED = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8)


@given(CARRIED, CARRIED)
def test_values_behind_a_value_are_those_on_its_records(own, other) -> None:
    sides = [tuple(np.array(side, dtype=np.int64).reshape(-1, 2).T) for side in (own, other)]
    expected = [len({b for row, a in own for r, b in other if r == row and a == value}) for value in range(4)]
    assert values_behind(*sides, 4).tolist() == expected


def test_what_is_set_aside_is_a_table() -> None:
    records = {"who": ["x", "y"], "from": ["crm", "web"], "login": [["a", "b"], "null"], "mail": ["m", "m"]}
    graph = IdentityGraph.of(records, id="who", source="from", namespaces=[LOGIN, Namespace("mail")])
    table = set_aside(graph, screen(graph))
    assert table.columns == ["code", "source", "record_id", "namespace", "value"]
    assert table.to_polars().rows() == [
        ("self_conflict", "crm", "x", "login", "a"),
        ("self_conflict", "crm", "x", "login", "b"),
        ("blocked", "web", "y", "login", "null"),
    ]
    assert repr(table) == "<set_aside: 3 rows, 5 columns>"


def test_a_value_that_could_not_be_read_has_none_in_the_table() -> None:
    unread = Namespace("x", normalize=lambda raw: pl.Series([None] * len(raw), dtype=pl.String))
    graph = IdentityGraph.of({"x": ["v"]}, namespaces=[unread])
    assert set_aside(graph, screen(graph)).to_polars().rows() == [("invalid", "", 0, "x", None)]
    none = IdentityGraph.of(edges=[(1, 2)])
    assert set_aside(none, screen(none)).to_polars().shape == (0, 5)


def test_diagnostics_count_what_became_of_identifiers() -> None:
    records = {"login": [["a", "b"], "null", "a", "a", None], "born": ["1", "1", "2", None, None]}
    graph = IdentityGraph.of(records, namespaces=[LOGIN, Namespace("born", kind="person", linkable=False)])
    born, login = graph.diagnostics.to_polars().to_dicts()
    told = {"namespace": "login", "kind": "login", "priority": 1, "limit": 1, "policy": "isolate", "values": 3}
    told |= {"records": 4, "most_records": 2, "linking": 1, "kept": 2, "invalid": 0, "blocked": 1, "self_conflict": 2}
    assert login == told | {"generic": 0, "shared": 0}
    assert (born["linking"], born["most_records"], born["kept"], born["limit"]) == (0, 2, 3, None)
    assert graph.set_aside.to_polars().height == 3
    assert IdentityGraph.of().diagnostics.columns == graph.diagnostics.columns


def test_what_became_of_a_namespace_is_told_in_one_line() -> None:
    records = {"login": [["a", "b"], "null", "a", "a", None], "born": ["1", "1", "2", None, None]}
    login, born = screened(records, LOGIN, Namespace("born", linkable=False))
    assert login.told == "login, links, at most 1 per entity; 2 kept; 1 blocked, 2 self_conflict set aside"
    assert born.told == "account, does not link, any number per entity; 3 kept; none set aside"


def test_diagnostics_count_records_and_not_how_often_each_was_seen() -> None:
    rows = {"id": [1, 1, 2, 3, 3], "x": ["a", "a", "a", "b", "b"], "at": [1, 2, 3, 1, 2]}
    told = IdentityGraph.of(rows, id="id", namespaces=[Namespace("x")], observed_at="at").diagnostics.to_polars()
    assert told.select("values", "records", "most_records", "linking", "kept").row(0) == (2, 3, 2, 1, 5)
