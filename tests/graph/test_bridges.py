"""Bridges cut, against networkx on the whole graph, one cut after the other."""

from __future__ import annotations

from typing import Any

import attrs
import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_graphs import THRESHOLDS, Group, Plain, labels_of, plain_graphs

from identigraph.errors import RangeError
from identigraph.graph.bridges import BridgeCutting


def by_hand(plain: Plain, builder: BridgeCutting) -> list[int]:
    """Return the labels after cutting the weakest bridge that may be cut, again and again."""
    pairs = plain.strongest(builder.threshold)
    group: dict[int, Group] = {min(each): each for each in plain.groups}
    graph = nx.Graph()
    graph.add_nodes_from(group)
    graph.add_edges_from(pairs)
    weak = [
        pair for pair in sorted(pairs, key=lambda pair: (pairs[pair], pair)) if pairs[pair] < np.float32(builder.weak)
    ]
    for pair in weak:
        if pair in {tuple(sorted(edge)) for edge in nx.bridges(graph)}:
            graph.remove_edge(*pair)
            sides = [sum(len(group[low]) for low in nx.node_connected_component(graph, end)) for end in pair]
            if min(sides) < builder.smallest:
                graph.add_edge(*pair)
    clusters = [frozenset().union(*(group[low] for low in part)) for part in nx.connected_components(graph)]
    return labels_of(plain.repaired(clusters, builder.threshold), plain.n)


BUILDERS = st.builds(
    BridgeCutting, THRESHOLDS, weak=st.sampled_from([0.0, 0.6, 0.9, 0.95, 1.0]), smallest=st.integers(1, 4)
)


@given(plain_graphs(most=12), BUILDERS)
def test_weak_bridges_are_cut_the_weakest_first_where_enough_records_remain(
    plain: Plain, builder: BridgeCutting
) -> None:
    assert builder.build(plain.graph()).labels.tolist() == by_hand(plain, builder)


@st.composite
def sparse(draw: Any) -> Plain:
    """Return records in a tree with few loops, of weak pairs."""
    n = draw(st.integers(2, 16))
    above = [draw(st.integers(0, record - 1)) for record in range(1, n)]
    pairs = [
        *zip(above, range(1, n), strict=True),
        *draw(st.lists(st.tuples(st.integers(0, n - 2), st.just(n - 1)), max_size=2)),
    ]
    weights = draw(st.lists(st.sampled_from([0.55, 0.6, 0.7, 0.8, 0.95]), min_size=len(pairs), max_size=len(pairs)))
    return Plain(n, {pair: float(np.float32(p)) for pair, p in zip(pairs, weights, strict=True)})


@given(sparse(), st.integers(1, 4))
def test_trees_are_cut_alike(plain: Plain, smallest: int) -> None:
    builder = BridgeCutting(smallest=smallest)
    assert builder.build(plain.graph()).labels.tolist() == by_hand(plain, builder)


TRIANGLES = {(0, 1): 0.99, (1, 2): 0.99, (0, 2): 0.99, (3, 4): 0.6, (4, 5): 0.6, (3, 5): 0.6}


def test_one_weak_pair_between_two_groups_is_cut_and_two_are_not() -> None:
    one, two = Plain(6, TRIANGLES | {(2, 3): 0.7}), Plain(6, TRIANGLES | {(2, 3): 0.7, (1, 4): 0.7})
    assert BridgeCutting().build(one.graph()).labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert BridgeCutting().build(two.graph()).labels.tolist() == [0] * 6
    assert BridgeCutting(weak=0.7).build(one.graph()).labels.tolist() == [0] * 6


def test_a_record_that_hangs_on_others_by_one_pair_stays_unless_told_otherwise() -> None:
    plain = Plain(4, {(0, 1): 0.99, (1, 2): 0.99, (0, 2): 0.99, (2, 3): 0.6})
    assert BridgeCutting().build(plain.graph()).labels.tolist() == [0, 0, 0, 0]
    assert BridgeCutting(smallest=1).build(plain.graph()).labels.tolist() == [0, 0, 0, 1]
    two = attrs.evolve(plain, n=5, must=((3, 4),))
    assert BridgeCutting().build(two.graph()).labels.tolist() == [0, 0, 0, 1, 1]


def test_of_bridges_that_exclude_each_other_the_weakest_is_cut() -> None:
    chain = {(0, 1): 0.8, (1, 2): 0.7, (2, 3): 0.6, (3, 4): 0.8}
    assert BridgeCutting().build(Plain(5, chain).graph()).labels.tolist() == [0, 0, 0, 1, 1]
    assert BridgeCutting().build(Plain(5, chain | {(1, 2): 0.55}).graph()).labels.tolist() == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [({"weak": 1.5}, "weak must lie between 0 and 1"), ({"smallest": 0}, "smallest must lie between 1 and inf, got 0")],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(RangeError, match=named):
        BridgeCutting(**arguments)
