"""Connected components against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.graph import connected_components

NODES = 30
EDGES = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=40)


def components(n: int, edges: list[tuple[int, int]]) -> list[int]:
    """Return the labels of `n` nodes."""
    ends = np.array(edges, dtype=np.int32).reshape(-1, 2)
    return connected_components(n, ends[:, 0], ends[:, 1]).tolist()


@given(EDGES)
def test_each_node_is_labeled_with_the_smallest_node_of_its_component(edges: list[tuple[int, int]]) -> None:
    """Also with edges given twice, either way round, and from a node to itself."""
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(NODES))
    wanted = {node: min(component) for component in nx.connected_components(graph) for node in component}
    assert components(NODES, edges) == [wanted[node] for node in range(NODES)]


@given(EDGES, st.randoms())
def test_the_order_of_edges_and_of_their_ends_changes_nothing(edges: list[tuple[int, int]], random: object) -> None:
    turned = [edge[::-1] for edge in edges[::2]] + edges[1::2]
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert components(NODES, turned) == components(NODES, edges)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_without_edges_every_node_is_a_component(n: int) -> None:
    assert components(n, []) == list(range(n))


@pytest.mark.parametrize("step", [1, -1])
def test_a_long_chain_is_one_component(step: int) -> None:
    """Its labels have to travel from one end to the other."""
    chain = np.arange(5_000, dtype=np.int32)[::step]
    assert not connected_components(len(chain), chain[:-1], chain[1:]).any()
