"""Links: stars and pairs, the strongest first, whatever the order of arrival."""

from __future__ import annotations

from math import log2
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from made_graphs import Stream, namespaces, streams

from identigraph.graph import IdentityGraph, Namespace
from identigraph.graph.links import SCORED, Links, links_of
from identigraph.graph.screening import screen

LOGIN = Namespace("login", kind="login")


def linked(graph: IdentityGraph, priority: int = 5) -> Links:
    """Return the links of a graph."""
    return links_of(len(graph), graph.scored, screen(graph), priority=priority)


def of(records: dict[str, list[Any]], *spaces: Namespace, edges: Any = None) -> Links:
    """Return the links of records, which are numbered from 0, in order."""
    at = "at" if "at" in records else None
    found = linked(IdentityGraph.of(records, namespaces=spaces, observed_at=at, edges=edges))
    return found.in_order(np.ones(len(found), dtype=bool))


@given(streams(), namespaces())
def test_links_are_the_scored_pairs_and_each_record_with_each_life_that_others_share(stream, spaces) -> None:
    graph = stream.graph(spaces)
    found, every = linked(graph), screen(graph)
    told = list(zip(found.space.tolist(), found.one.tolist(), found.other.tolist(), strict=True))
    assert [link[1:] for link in told if link[0] == SCORED] == [pair[:2] for pair in stream.pairs]
    stars = set()
    for number, seen in enumerate(every):
        if seen.namespace.links:
            carried: dict[int, set[int]] = {}
            for row, life in zip(seen.sightings.rows.tolist(), seen.life.tolist(), strict=True):
                carried.setdefault(life, set()).add(row)
            stars |= {(number, frozenset(rows)) for life, rows in carried.items() if life >= 0 and len(rows) > 1}
    nodes = {link[2]: link[0] for link in told if link[0] != SCORED}
    assert {(space, frozenset(o for _, o, n in told if n == node)) for node, space in nodes.items()} == stars
    assert sorted(nodes) == list(range(len(graph), found.nodes))
    assert len(told) == len(set(told))
    for node, space in nodes.items():
        value = every[space].sightings.values[int(found.value[node - len(graph)])]
        rows = [one for _, one, other in told if other == node]
        assert all((graph.namespaces[space].name, row, value) in {cell[:3] for cell in stream.cells} for row in rows)


def test_layers_are_priorities_and_scored_pairs_go_by_their_odds() -> None:
    records = {"login": ["a", "a", None], "cookie": [None, "c", "c"]}
    found = of(records, Namespace("cookie", kind="cookie"), LOGIN, edges=[(0, 1, 0.8), (1, 2, 0.9), (0, 2, 0.8)])
    assert found.layer.tolist() == [1, 1, 5, 5, 5, 8, 8]
    assert found.space.tolist() == [0, 0, SCORED, SCORED, SCORED, 1, 1]
    assert found.strength[2:5].round(3).tolist() == [3.17, 2.0, 2.0]
    assert list(zip(found.one.tolist(), found.other.tolist(), strict=True))[2:5] == [(1, 2), (0, 1), (0, 2)]


def test_pairs_stand_at_the_priority_that_is_asked_for() -> None:
    graph = IdentityGraph.of(edges=[("a", "b", 0.5)])
    assert linked(graph, priority=3).layer.tolist() == [3]
    assert repr(linked(graph)) == "<Links: 1 of 2 records and 0 values>"


STORY = {"login": ["ann", "ann", "bob", None], "cookie": ["c"] * 4, "at": [3, 1, 2, None]}
ORDERS = [
    ("isolate", [0, 1, 3, 2], [2 / 3, 2 / 3, 2 / 3, 1 / 3]),
    ("cap", [0, 1, 3, 2], [2 / 3, 2 / 3, 2 / 3, 1 / 3]),
    ("newest", [0, 2, 1, 3], [1, 1, 1, 1]),
    ("oldest", [1, 2, 0, 3], [1, 1, 1, 1]),
    ("refuse", [0, 1, 2, 3], [1, 1, 1, 1]),
]


@pytest.mark.parametrize(("policy", "order", "shares"), ORDERS)
def test_a_policy_orders_the_links_of_a_value(policy, order, shares) -> None:
    """By the owner's share, from the latest or the earliest time on, or by record; times unknown come last."""
    found = of(STORY, LOGIN, Namespace("cookie", kind="cookie", policy=policy))
    cookie = found.space == 1
    assert found.one[cookie].tolist() == order
    assert found.strength[cookie].tolist() == pytest.approx([log2(share) for share in shares])


@pytest.mark.parametrize(
    ("policy", "at", "first"), [("newest", [2, 9, 1, 5], 0), ("oldest", [2, 9, 1, 5], 1), ("newest", [1, 9, 3, 5], 0)]
)
def test_a_record_seen_more_than_once_counts_by_its_latest_or_earliest_time(policy, at, first) -> None:
    rows = {"id": [0, 0, 1, 1], "x": ["v"] * 4, "at": at}
    graph = IdentityGraph.of(rows, id="id", namespaces=[Namespace("x", policy=policy)], observed_at="at")
    found = linked(graph)
    assert found.in_order(np.ones(len(found), dtype=bool)).one.tolist() == [first, 1 - first]


def test_links_that_are_alike_go_by_what_they_join_and_strength_goes_before_recency() -> None:
    found = linked(Stream(4, pairs=((0, 2, 0.9), (0, 3, 0.9), (1, 2, 0.9))).graph(())).at(np.array([2, 1, 0]))
    ordered = found.in_order(np.ones(3, dtype=bool))
    assert list(zip(ordered.one.tolist(), ordered.other.tolist(), strict=True)) == [(0, 2), (0, 3), (1, 2)]
    visits = Namespace("x", policy="newest", priority=5)
    assert of({"x": ["v", "v"], "at": [1, 2]}, visits, edges=[(0, 1, 0.9)]).space.tolist() == [SCORED, 0, 0]


def test_a_record_links_to_each_value_that_it_shares_with_others() -> None:
    found = of({"cookie": ["c", ["c", "d"], "d"]}, Namespace("cookie", kind="cookie"))
    assert list(zip(found.one.tolist(), found.other.tolist(), strict=True)) == [(0, 3), (1, 3), (1, 4), (2, 4)]


def test_some_links_in_order_and_what_they_join() -> None:
    found = linked(Stream(4, pairs=((0, 1, 0.6), (1, 2, 0.9), (2, 3, 0.7))).graph(()))
    some = found.in_order(np.array([True, False, True]))
    assert (some.one.tolist(), len(some)) == ([2, 0], 2)
    assert found.joined(np.arange(4)).tolist() == [0, 0, 0, 0]
    assert found.joined(np.arange(4), np.array([True, False, True])).tolist() == [0, 0, 2, 2]
    assert some.joined(np.array([0, 1, 2, 1])).tolist() == [0, 0, 0, 0]
