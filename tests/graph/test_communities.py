"""Communities against networkx on each component."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_graphs import THRESHOLDS, Group, Plain, labels_of, parts, plain_graphs

from identigraph.errors import ConfigurationError, RangeError
from identigraph.graph.communities import METHODS, Communities


def found(graph: nx.Graph, builder: Communities) -> list[set[int]]:
    """Return the communities of one component."""
    if builder.method == "louvain":
        return nx.community.louvain_communities(graph, resolution=builder.resolution, seed=builder.seed)
    if builder.method == "greedy_modularity":
        return nx.community.greedy_modularity_communities(graph, weight="weight", resolution=builder.resolution)
    return list(nx.community.asyn_lpa_communities(graph, weight="weight", seed=builder.seed))


def by_hand(plain: Plain, builder: Communities) -> list[int]:
    """Return the labels that communities of each component make; its groups are numbered from 0."""
    pairs = dict(sorted(plain.strongest(builder.threshold).items()))
    groups: dict[int, Group] = {min(group): group for group in plain.groups}
    clusters = []
    for part in parts(groups, pairs):
        nodes = sorted(part)
        graph = nx.Graph()
        graph.add_nodes_from(range(len(nodes)))
        inner = [(nodes.index(a), nodes.index(b), max(p, 1e-6)) for (a, b), p in pairs.items() if a in part]
        graph.add_weighted_edges_from(inner)
        some = found(graph, builder) if len(nodes) > 2 else [set(range(len(nodes)))]
        clusters += [frozenset().union(*(groups[nodes[i]] for i in members)) for members in some]
    return labels_of(plain.repaired(plain.connected(clusters, builder.threshold), builder.threshold), plain.n)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40)
@given(plain=plain_graphs(), threshold=THRESHOLDS, resolution=st.sampled_from([0.7, 1.0, 2.0]), seed=st.integers(0, 3))
def test_communities_are_those_of_each_component(
    method: Any, plain: Plain, threshold: float, resolution: float, seed: int
) -> None:
    builder = Communities(method, resolution=resolution, threshold=threshold, seed=seed)
    assert builder.build(plain.graph()).labels.tolist() == by_hand(plain, builder)


def test_higher_resolution_makes_smaller_communities() -> None:
    chain = Plain(30, {(i, i + 1): float(np.float32(0.9)) for i in range(29)})
    counts = [Communities(resolution=resolution).build(chain.graph()).count for resolution in (0.2, 1.0, 5.0)]
    assert counts == sorted(set(counts))


@pytest.mark.parametrize(
    ("arguments", "error", "named"),
    [
        ({"method": "leiden"}, ConfigurationError, "one of 'louvain', 'greedy_modularity', 'label_propagation', got"),
        ({"resolution": 0}, RangeError, "resolution must lie between 0 and inf, got 0"),
        ({"resolution": float("nan")}, RangeError, "resolution must lie"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    arguments: dict[str, Any], error: type[Exception], named: str
) -> None:
    with pytest.raises(error, match=named):
        Communities(**arguments)
