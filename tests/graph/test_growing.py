"""Unions one by one."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_graphs import Plain, labels_of, plain_graphs

from identigraph.graph import Clusters, growing
from identigraph.graph.growing import Growing, pairs_of
from identigraph.graph.repairing import keeping_apart


@given(plain_graphs(), st.data())
def test_unions_are_made_in_order_where_allowed(plain: Plain, data: Any) -> None:
    """The label of a cluster is its lowest group."""
    everyone = list(combinations(range(plain.n), 2))
    taken = data.draw(st.lists(st.sampled_from(everyone))) if everyone else []
    graph = plain.graph()
    made = Growing(keeping_apart(graph), np.zeros(plain.n, dtype=np.int64))
    one, other = graph.groups[np.array(taken, dtype=np.int64).reshape(-1, 2).T]
    made.take(one, other)
    labels = made.labels(graph.groups)
    clusters = plain.united(taken)
    assert Clusters.of(labels).labels.tolist() == labels_of(clusters, plain.n)
    assert sorted(set(labels.tolist())) == sorted(min(cluster) for cluster in clusters)


@given(plain_graphs(), st.data())
def test_a_union_tells_whether_both_share_a_cluster(plain: Plain, data: Any) -> None:
    graph = plain.graph()
    made = Growing(keeping_apart(graph), np.zeros(plain.n, dtype=np.int64))
    for _ in range(plain.n):
        one, other = (int(graph.groups[data.draw(st.integers(0, plain.n - 1))]) for _ in range(2))
        assert made.unite(one, other) == (made.find(one) == made.find(other))


def test_what_breaks_nothing_as_a_whole_is_not_looked_into() -> None:
    """Records 0 and 1 share a code, and so do 2 and 3; the envelopes hold one of each, or two."""
    graph = Plain(4, {}, apart=(0, 0, 1, 1)).graph()
    values = [Growing(keeping_apart(graph), np.array(envelope)).kept for envelope in ([0, 1, 0, 1], [0, 1, 2, 2])]
    assert values[0] == []
    assert [sorted(inside) for _, inside in values[1]] == [[2, 3]]


def test_what_one_side_holds_is_held_by_the_union() -> None:
    """Record 2 may not be with 1, so not with 0, which 1 has joined; nor where 0 has joined 1."""
    limits = keeping_apart(Plain(3, {}, cannot=((1, 2),)).graph())
    for first in ((0, 1), (1, 0)):
        made = Growing(limits, np.zeros(3, dtype=np.int64))
        assert (made.unite(*first), made.unite(0, 2), made.unite(2, 1)) == (True, False, False)


def test_pairs_are_made_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "AT_ONCE", 2)
    assert list(pairs_of(np.arange(5), np.arange(5, 10))) == [(0, 5), (1, 6), (2, 7), (3, 8), (4, 9)]
