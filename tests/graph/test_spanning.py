"""Maximum spanning forests, against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.graph.spanning import spanning_forest

LINKS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0])), max_size=20
)


def chosen(links: list[tuple[int, int, float]], nodes: int = 8) -> list[int]:
    """Return the places of the links of the forest."""
    one, other, weight = np.array(links, dtype=float).reshape(-1, 3).T
    return np.flatnonzero(spanning_forest(nodes, one.astype(int), other.astype(int), weight)).tolist()


@given(LINKS)
def test_it_is_a_forest_as_heavy_as_that_of_networkx_over_the_same_components(links) -> None:
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(8))
    graph.add_weighted_edges_from(links)
    forest = nx.MultiGraph()
    forest.add_nodes_from(range(8))
    forest.add_weighted_edges_from(links[place] for place in chosen(links))
    assert nx.is_forest(forest)
    assert list(nx.connected_components(forest)) == list(nx.connected_components(graph))
    assert forest.size("weight") == pytest.approx(nx.maximum_spanning_tree(graph).size("weight"))


def test_of_equal_links_the_first_is_taken() -> None:
    assert chosen([(1, 2, 0.5), (0, 1, 0.5), (0, 2, 0.5)]) == [0, 1]
    assert chosen([(0, 1, 0.5), (1, 0, 0.5)]) == [0]


def test_nothing_has_an_empty_forest_and_no_link_leads_to_itself() -> None:
    assert chosen([]) == []
    assert chosen([(0, 1, 0.5)], nodes=2) == [0]
    assert chosen([(3, 3, 1.0)]) == []
