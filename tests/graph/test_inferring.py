"""Namespaces found in the data: what links and what an entity has but one of, by couples of records."""

from __future__ import annotations

from typing import Any

import pytest

import identigraph as ig
from identigraph import fields
from identigraph.comparing.building import exact
from identigraph.datasets import customers
from identigraph.graph import Generic, Namespace, inferring
from identigraph.graph.inferring import infer_namespaces
from identigraph.records import Records

PEOPLE = 40


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """40 couples tell, and one that speaks against it may be among 20."""
    monkeypatch.setattr(inferring, "FEWEST", PEOPLE)
    monkeypatch.setattr(inferring, "SELDOM", 0.05)


def inferred(
    kind: Any = None,
    *,
    differ: int = 0,
    strangers: int = 0,
    missing: int = 0,
    people: int = PEOPLE,
    compared: tuple[str, ...] = ("given", "family", "own"),
) -> tuple[Namespace, ...]:
    """Return what is inferred from couples of a given and a family name with a value of their own.

    Args:
        kind: the kind of the values.
        differ: so many couples have two different values.
        strangers: so many values more are shared by two who agree in nothing else.
        missing: so many couples have a value on one side only.
        people: the number of couples.
        compared: the features that are compared.
    """
    rows = [(f"given{i}", f"family{i}", f"v{i}@x.com") for i in range(people)]
    again = [
        (given, family, f"w{own}" if i < differ else None if i < differ + missing else own)
        for i, (given, family, own) in enumerate(rows)
    ]
    others = [(f"{side}given{i}", f"{side}family{i}", f"s{i}@x.com") for i in range(strangers) for side in "ab"]
    columns = zip(*(rows + again + others), strict=True)
    table = dict(zip(("given", "family", "own"), map(list, columns), strict=True))
    records = Records.of(table, fields={"own": kind or fields.Identifier()})
    return infer_namespaces(records, tuple(exact(name) for name in compared))


ONE, ANY = Namespace("own", limit=1), Namespace("own")


def test_what_couples_share_and_strangers_do_not_links_and_is_one_of_an_entity() -> None:
    assert inferred() == (ONE,)


def test_an_entity_has_one_where_few_couples_differ() -> None:
    """Two of forty do, three too many."""
    assert inferred(differ=2, strangers=0, people=45) == (ONE,)
    assert inferred(differ=3, people=45) == (ANY,)


def test_values_link_where_few_strangers_share_one() -> None:
    """Couples of strangers tell by what both have: 38 and 2 of 40, or 38 and 3."""
    assert inferred(differ=0, strangers=2, people=40) == (ONE,)
    assert inferred(differ=0, strangers=3, people=40) == ()


@pytest.mark.parametrize(("people", "expected"), [(PEOPLE, (ONE,)), (PEOPLE - 1, ())])
def test_few_couples_tell_nothing(people: int, expected: Any) -> None:
    assert inferred(people=people) == expected


def test_couples_that_share_no_pair_of_values_tell_nothing_about_a_limit() -> None:
    """39 couples have two values, and 40 that share one a name: too few for the limit, enough to link."""
    assert inferred(missing=1) == ()
    assert inferred(missing=1, strangers=1) == (ANY,)


@pytest.mark.parametrize("kind", [fields.Email(), fields.Phone()])
def test_contacts_do_not_link(kind: Any) -> None:
    (space,) = inferred(fields.Email())
    assert space == Namespace("own", kind="contact", limit=1, linkable=False)
    assert inferred(fields.Email(), differ=30)[0].limit is None
    rows = [{"name": f"Ann{i} Lee{i}", "own": f"+1212555{1000 + i}"} for i in range(PEOPLE)] * 2
    if isinstance(kind, fields.Email):
        rows = [{**row, "own": f"{row['own'][1:]}@x.com"} for row in rows]
    records = Records.of(rows, fields={"own": kind, "name": fields.PersonName()})
    found = infer_namespaces(records, (exact("name.given"), exact("name.family"), exact("own")))
    generic = Generic("name.given", inferring.MOST_NAMES)
    assert found == (Namespace("own", kind="contact", limit=1, generic=generic, linkable=False),)


def test_what_is_no_identifier_or_not_compared_is_no_namespace() -> None:
    assert inferred(fields.FreeText()) == ()
    assert inferred(compared=("given", "family")) == ()


def test_parts_of_a_value_are_no_witness_for_the_value() -> None:
    """Who agrees in the domain of an address agrees in nothing else: with one further feature there are no couples."""
    assert inferred(fields.Email(), compared=("own", "own.domain", "given"))[0].limit is None


def test_customers_have_contacts_that_do_not_link() -> None:
    made = customers(300).records
    found = ig.Resolver.infer(made, id="record_id", source="source").namespaces
    assert {(space.name, space.kind, space.links) for space in found} == {
        ("email", "contact", False),
        ("phone", "contact", False),
    }


def shared(groups: list[list[tuple[str, str]]], strangers: list[tuple[str, str]] = ()) -> tuple[Namespace, ...]:
    """Return what is inferred where each document is carried by people of one house, and one more by strangers."""
    rows = [(given, born, f"{i} road", f"doc{i}") for i, group in enumerate(groups) for given, born in group]
    rows += [(given, born, f"{i} lane", "doc") for i, (given, born) in enumerate(strangers)]
    columns = dict(zip(("given", "born", "home", "doc"), map(list, zip(*rows, strict=True)), strict=True))
    kinds = {"name": fields.PersonName(given="given"), "born": fields.Date(), "doc": fields.Identifier()}
    records = Records.of(columns, fields=kinds | {"home": fields.FreeText()})
    return infer_namespaces(records, tuple(exact(name) for name in ("name.given", "born", "home", "doc")))


def people(many: int, start: int = 0) -> list[list[tuple[str, str]]]:
    """Return people who have a document of their own, with two records each."""
    alone = [
        (f"{chr(97 + i // 26)}{chr(97 + i % 26)}mo", f"{1950 + i % 50}-0{1 + i % 9}-1{i // 50}")
        for i in range(start, start + many)
    ]
    return [[one, one] for one in alone]


def test_a_document_that_two_people_share_does_not_link_where_others_confirm_both() -> None:
    """A child is registered under the document of its mother, and both have further records."""
    alone = people(60)
    families = [[alone[i][0], alone[i + 1][0]] for i in range(0, 40, 2)]
    assert [space.name for space in shared(alone)] == ["doc"]
    assert shared(alone + families) == ()


def test_a_slip_in_name_and_date_is_no_other_person() -> None:
    """What no other record says may be a slip; only that all else differs as well would speak against the document."""
    alone = people(60)
    slips = [[alone[i][0], (f"x{alone[i][0][0]}", "1901-02-03")] for i in range(20)]
    records_of_one = [group + slip[1:] for group, slip in zip(alone, slips, strict=False)] + alone[20:]
    assert [space.name for space in shared(records_of_one)] == ["doc"]


def test_values_that_many_strangers_share_count_with_all_their_pairs() -> None:
    """One value on eight strangers has 28 pairs, on three only three."""
    alone = people(60)
    assert [space.name for space in shared(alone, [one[0] for one in people(3, 100)])] == ["doc"]
    assert shared(alone, [one[0] for one in people(8, 100)]) == ()
