"""Locks of a graph: which evidence is left out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_graphs import builders, namespaces, parts_of, streams

from identigraph.errors import ConfigurationError
from identigraph.graph import IdentityGraph, Namespace
from identigraph.graph.locking import unlinked

LOGIN = Namespace("login", kind="login", limit=1)


def graph() -> IdentityGraph:
    """Return a graph of five records."""
    events = {"id": list("abcde"), "login": ["x", "y", "x", "z", None]}
    edges = [("a", "b", 0.9), ("b", "c", 0.8), ("c", "d", 0.7), ("d", "e", 0.6), ("a", "e", 0.5)]
    return IdentityGraph.of(events, id="id", namespaces=[LOGIN], edges=edges)


def test_scored_pairs_stay_inside_of_a_lock_and_outside_of_all() -> None:
    for locks, kept in (
        ([4, 4, -1, -1, -1], [(0, 1), (2, 3), (3, 4)]),
        ([0, 0, 7, 7, -1], [(0, 1), (2, 3)]),
        ([1, 2, 3, 4, 5], []),
    ):
        found = unlinked(graph(), np.array(locks)).scored
        assert sorted(zip(found.left.tolist(), found.right.tolist(), strict=True)) == kept


def test_identifiers_of_locked_records_neither_link_nor_count() -> None:
    (seen,) = unlinked(graph(), np.array([-1, 3, 0, -1, -1])).sightings
    assert seen.rows.tolist() == [0, 3]
    assert seen.values.to_list() == ["x", "z"]
    assert seen.codes.tolist() == [0, 1]


def test_without_locks_a_graph_is_itself() -> None:
    whole = graph()
    assert unlinked(whole, np.full(5, -1)) is whole


def test_a_lock_per_record_is_needed() -> None:
    with pytest.raises(ConfigurationError, match="locks are a number per record: 5, got 4"):
        unlinked(graph(), np.full(4, -1))


@given(streams(judged=False), namespaces(), builders(), st.data())
def test_a_lock_of_must_linked_records_is_a_cluster_whatever_the_evidence(stream, spaces, builder, data) -> None:
    """One by one, two at once, with the records of a lock of one source or not."""
    letters = data.draw(st.permutations(range(stream.n)))
    first = data.draw(st.integers(1, stream.n - 1))
    second = data.draw(st.integers(1, stream.n - first))
    groups = [letters[:first], letters[first : first + second]]
    must = tuple((group[0], other) for group in groups for other in group[1:])
    locks = np.full(stream.n, -1)
    for number, group in enumerate(groups):
        locks[group] = number
    apart = data.draw(st.none() | st.just((0,) * stream.n))
    whole = type(stream)(stream.n, stream.cells, stream.pairs, must, (), apart, stream.names).graph(spaces)
    entities = parts_of(builder.build(unlinked(whole, locks)).labels)
    assert {frozenset(group) for group in groups} <= entities
