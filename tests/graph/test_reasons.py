"""Why links do not hold: each has a reason, and a witness that is really there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_graphs import builders, namespaces, streams

import identigraph as ig
from identigraph.graph import Evidence, IdentityGraph, Namespace
from identigraph.graph.links import SCORED

LOGIN = Namespace("login", kind="login", limit=1)
MAIL = Namespace("mail", kind="contact")
COOKIE = Namespace("cookie", kind="cookie")


def reasons(builder: Any = None, **given_parts: Any) -> list[tuple[Any, ...]]:
    """Return the reason, limit and witness of each suppressed link."""
    found = Evidence.of(IdentityGraph.of(**given_parts), builder or ig.ConstrainedComponents())
    return found.suppressed.to_polars().select("reason", "limit", "witness_left", "witness_right").rows()


@given(st.tuples(streams(), namespaces(), builders()))
def test_every_suppressed_link_has_a_reason_and_a_witness_that_is_really_there(case) -> None:
    stream, spaces, builder = case
    graph = stream.graph(spaces)
    found, decided = Evidence.of(graph, builder), builder.decide(graph)
    envelope = decided.links.joined(np.append(graph.groups, np.arange(len(graph), decided.links.nodes)))
    links = found.links.in_order(~found.holds)
    ends = zip(links.one.tolist(), links.other.tolist(), links.space.tolist(), strict=True)
    told = found.suppressed.to_polars().select("reason", "limit", "witness_left", "witness_right").rows()
    limits = {limit.name: verdict.part for limit, verdict in zip(decided.limits, decided.verdicts, strict=True)}
    for (one, other, space), (reason, limit, left, right) in zip(ends, told, strict=True):
        trusted = space != SCORED or decided.linked.labels[one] == decided.linked.labels[other]
        if not trusted:
            assert space == SCORED
            assert (reason, limit) in {("linkage", ""), ("limit", "cannot_link"), ("limit", "one_per_source")}
        else:
            assert reason in ("limit", "ambiguous")
            assert limits[limit][one] != limits[limit][other]
            assert envelope[one] == envelope[other]
        here = {row for row in range(stream.n) if envelope[row] == envelope[one]}
        if limit in {space.name for space in spaces}:
            kept = next(s for s in found.screened if s.namespace.name == limit)
            seen = kept.sightings
            rows, codes = seen.rows[kept.kept].tolist(), seen.codes[kept.kept].tolist()
            carried = {seen.values[code] for row, code in zip(rows, codes, strict=True) if row in here}
            assert {left, right} <= carried
            assert left != right or len(carried) > kept.namespace.limit
        elif limit == "cannot_link":
            assert tuple(sorted((int(left), int(right)))) in {tuple(sorted(pair)) for pair in stream.cannot}
            where = envelope if trusted else decided.linked.labels
            side = {where[int(left)], where[int(right)]}
            assert side == ({where[one], where[other]} if not trusted else {envelope[one]})
        elif limit in ("most_records", "protected", "named_apart"):
            assert left != right
            assert {int(left), int(right)} <= here
        elif limit == "one_per_source":
            assert (left, right) == ("", "")
        else:
            assert (reason, limit, left, right) == ("linkage", "", "", "")


def test_other_values_of_a_login_are_the_witness() -> None:
    events = {"id": [1, 2], "login": ["ann", "bob"], "mail": ["a@x.com", "a@x.com"]}
    (one, other) = reasons(records=events, id="id", namespaces=[LOGIN, MAIL], builder=ig.ConstrainedComponents())
    assert {one[0], other[0]} == {"limit", "ambiguous"}
    assert {one[1], other[1]} == {"login"}
    assert set(one[2:]) == set(other[2:]) == {"ann", "bob"}


def test_links_beside_one_that_was_cut_have_the_witness_of_their_own_envelope() -> None:
    """The two families are of one envelope only by a pair that the linkage does not trust."""
    family = {"login": ["a", "b", None, None], "mail": ["x", "x", "x", "x"]}
    events = {
        "id": range(8),
        "login": ["a", "b", None, None, "c", "d", None, None],
        "mail": [*family["mail"], *"yyyy"],
        "phone": [None, None, "1", "1", None, None, "2", "2"],
    }
    spaces = [LOGIN, MAIL, Namespace("phone", kind="contact", priority=4)]
    edges = [(3, 4, 0.6), (3, 5, 0.001), (3, 6, 0.001), (2, 4, 0.001)]
    graph = IdentityGraph.of(events, id="id", namespaces=spaces, edges=edges)
    found = Evidence.of(graph, ig.ConstrainedComponents()).suppressed.to_polars()
    told = found.select("left_id", "by", "value", "witness_left", "witness_right").rows()
    witnesses = {value: {frozenset(row[3:]) for row in told if row[2] == value} for value in ("x", "y")}
    assert witnesses == {"x": {frozenset("ab")}, "y": {frozenset("cd")}}


def test_the_two_records_of_a_judgement_are_the_witness() -> None:
    never = {"left": ["a"], "right": ["c"], "judgement": ["cannot_link"]}
    chain = [("a", "b", 0.99), ("b", "c", 0.9)]
    for builder in (None, ig.ConstrainedComponents(linkage=ig.Components(0.5)), ig.Components(0.5)):
        assert reasons(builder, edges=chain, judgements=never) == [("limit", "cannot_link", "a", "c")]
    identifiers = {"record_id": ["a", "c"], "namespace": ["mail"] * 2, "value": ["x"] * 2}
    told = reasons(identifiers=identifiers, namespaces=[MAIL], judgements=never)
    assert {row[1] for row in told} == {"cannot_link"}
    assert {frozenset(row[2:]) for row in told} == {frozenset("ac")}


@pytest.mark.parametrize("builder", [None, ig.Components(0.5)])
def test_the_source_that_both_sides_have_is_the_witness(builder) -> None:
    pairs = {"left": [1], "right": [2], "left_source": ["web"], "right_source": ["web"], "weight": [0.99]}
    assert reasons(builder, edges=pairs, one_per_source=True) == [("limit", "one_per_source", "web", "web")]


def test_a_source_may_be_in_the_way_of_identifiers() -> None:
    identifiers = {
        "record_id": [1, 2, 3],
        "source": ["crm", "web", "web"],
        "namespace": ["mail"] * 3,
        "value": ["x"] * 3,
    }
    told = reasons(identifiers=identifiers, namespaces=[MAIL], one_per_source=True)
    assert {row[1:] for row in told} == {("one_per_source", "web", "web")}


def test_of_several_sources_in_the_way_the_first_is_told() -> None:
    """Two clusters of three sources each: crm, shop and web; a record whose source is missing is in nobody's way."""
    edges = {
        "left": [1, 2, 1],
        "right": [3, 4, 4],
        "left_source": ["web", "shop", "web"],
        "right_source": ["shop", "web", "web"],
        "weight": [0.99, 0.99, 0.9],
    }
    assert reasons(edges=edges, one_per_source=True) == [("limit", "one_per_source", "shop", "shop")]
    assert reasons(ig.Components(0.5), edges=edges, one_per_source=True) == [
        ("limit", "one_per_source", "shop", "shop")
    ]


def test_the_linkage_or_the_builder_may_be_in_the_way() -> None:
    pairs = [("a", "b", 0.99), ("b", "c", 0.7), ("a", "c", 0.001)]
    assert reasons(edges=pairs) == [("linkage", "", "", "")]
    assert reasons(ig.AverageLinkage(0.5), edges=pairs) == [("builder", "", "", "")]


def test_the_most_records_of_an_entity_may_be_in_the_way() -> None:
    builder = ig.ConstrainedComponents(linkage=ig.Components(0.5), most_records=2)
    told = reasons(builder, edges=[("a", "b", 0.99), ("b", "c", 0.7)])
    assert [row[:2] for row in told] == [("limit", "most_records")]
    assert told[0][2:] in [("a", "c"), ("b", "c")]


def test_what_protects_persons_and_what_keeps_the_named_apart_is_told() -> None:
    login = Namespace("login", kind="login")
    people = {"id": ["r", "s"], "login": ["ann", "bob"], "cookie": ["c", "c"]}
    pair = {"edges": [("r", "s", 0.9)]}
    assert reasons(records=people, id="id", namespaces=[login], **pair) == [("limit", "protected", "r", "s")]
    named = {
        row[1]
        for row in reasons(ig.ConstrainedComponents(protect=None), records=people, id="id", namespaces=[login, COOKIE])
    }
    assert named == {"named_apart"}
