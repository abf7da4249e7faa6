"""Clusters that break a judgement or the limit of sources, against taking their links one by one."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from made_graphs import Stream, parts_of, streams

from identigraph.graph import Components
from identigraph.graph.constraints import OneEach, Unpaired
from identigraph.graph.repairing import held_together, keeping_apart, repaired

LABELS = st.lists(st.integers(0, 2), min_size=8, max_size=8)


def broken(stream: Stream, part: frozenset[int]) -> bool:
    """Return whether records may not be together."""
    codes = [] if stream.apart is None else [stream.apart[row] for row in part if stream.apart[row] >= 0]
    return len(set(codes)) < len(codes) or any(set(pair) <= part for pair in stream.cannot)


def clustered(stream: Stream, labels: list[int]) -> np.ndarray:
    """Return labels that must-linked records share."""
    groups = nx.Graph(stream.must)
    groups.add_nodes_from(range(stream.n))
    lowest = {row: min(group) for group in nx.connected_components(groups) for row in group}
    return np.array([labels[lowest[row]] for row in range(stream.n)], dtype=np.int64)


def one_by_one(stream: Stream, labels: np.ndarray) -> set[frozenset[int]]:
    """Return the clusters; those that break something made anew of must-links and the links inside, where allowed."""
    found = set()
    for cluster in parts_of(labels):
        if not broken(stream, cluster):
            found.add(cluster)
            continue
        groups = nx.Graph(pair for pair in stream.must if set(pair) <= cluster)
        groups.add_nodes_from(cluster)
        of = {row: frozenset(group) for group in nx.connected_components(groups) for row in group}
        for left, right, _ in sorted(stream.pairs, key=lambda pair: (-pair[2], *pair)):
            if {left, right} <= cluster and allowed(stream, of[left], of[right]):
                of |= dict.fromkeys(of[left] | of[right], of[left] | of[right])
        found |= set(of.values())
    return found


def allowed(stream: Stream, one: frozenset[int], other: frozenset[int]) -> bool:
    """Return whether nothing that one holds is against something that the other holds."""
    if stream.apart is not None and ({stream.apart[row] for row in one} & {stream.apart[row] for row in other}) - {-1}:
        return one == other
    return not any((a in one and b in other) or (b in one and a in other) for a, b in stream.cannot)


@given(streams(), LABELS)
def test_clusters_that_break_something_are_made_anew_and_others_stay(stream, labels) -> None:
    graph, given_labels = stream.graph(()), clustered(stream, labels)
    assert parts_of(repaired(graph, given_labels, graph.scored).labels) == one_by_one(stream, given_labels)


@given(streams(), LABELS)
def test_clusters_are_split_where_no_links_hold_them_together(stream, labels) -> None:
    graph, given_labels = stream.graph(()), clustered(stream, labels)
    held = nx.Graph([*stream.must, *(pair[:2] for pair in stream.pairs if len(set(given_labels[list(pair[:2])])) == 1)])
    held.add_nodes_from(range(stream.n))
    together = np.zeros(stream.n, dtype=np.int64)
    for part in nx.connected_components(held):
        together[list(part)] = min(part)
    assert parts_of(held_together(graph, given_labels, graph.scored).labels) == one_by_one(stream, together)


def test_the_strongest_links_are_kept_and_of_equals_those_of_the_lowest_records() -> None:
    chain = Stream(4, pairs=((0, 1, 0.6), (1, 2, 0.9), (2, 3, 0.6)), cannot=((0, 3),))
    assert parts_of(Components(0.5).build(chain.graph(())).labels) == {frozenset({0, 1, 2}), frozenset({3})}
    alike = Stream(4, pairs=((0, 3, 0.9), (1, 2, 0.9)), must=((2, 3),), cannot=((0, 1),))
    assert parts_of(Components(0.5).build(alike.graph(())).labels) == {frozenset({0, 2, 3}), frozenset({1})}


def test_a_link_of_a_must_linked_record_is_one_of_all_of_them() -> None:
    stream = Stream(4, pairs=((1, 2, 0.9), (2, 3, 0.6)), must=((0, 1),), cannot=((0, 3),))
    assert parts_of(Components(0.5).build(stream.graph(())).labels) == {frozenset({0, 1, 2}), frozenset({3})}


def test_what_keeps_records_apart_is_told_with_their_groups() -> None:
    assert keeping_apart(Stream(3).graph(())) == ()
    graph = Stream(4, must=((0, 3),), cannot=((1, 3),), apart=(-1, 2, 2, 0)).graph(())
    never, source = keeping_apart(graph)
    assert (never.name, source.name) == ("cannot_link", "one_per_source")
    assert (type(never.rule), type(source.rule)) == (Unpaired, OneEach)
    assert (never.rows.tolist(), never.codes.tolist()) == ([1, 0], [0, 1])
    assert (source.rows.tolist(), source.codes.tolist()) == ([1, 2, 0], [2, 2, 0])
