"""Markov clustering against squaring and inflating one matrix per component."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_graphs import THRESHOLDS, Group, Plain, labels_of, parts, plain_graphs

from identigraph.errors import FitWarning, RangeError
from identigraph.graph import flows, markov
from identigraph.graph.markov import Markov

INFLATIONS = st.sampled_from([1.4, 2.0, 4.0])


def by_hand(plain: Plain, builder: Markov) -> list[int]:
    """Return the labels of Markov clustering, one component after the other, in loops."""
    pairs = plain.strongest(builder.threshold)
    groups: dict[int, Group] = {min(group): group for group in plain.groups}
    found = [walked(sorted(nodes), pairs, builder) for nodes in parts(groups, pairs)]
    clusters = [frozenset().union(*(groups[node] for node in nodes)) for some in found for nodes in some]
    return labels_of(plain.repaired(plain.connected(clusters, builder.threshold), builder.threshold), plain.n)


def walked(nodes: list[int], pairs: dict[tuple[int, int], float], builder: Markov) -> list[Group]:
    """Return the clusters of one component."""
    flow = np.zeros((len(nodes), len(nodes)))
    for (a, b), p in pairs.items():
        if a in nodes:
            i, j = nodes.index(a), nodes.index(b)
            flow[i, j] = flow[j, i] = max(p, 1e-6)
    for i in range(len(nodes)):
        flow[i, i] = max(flow[i]) or 1.0
    flow /= flow.sum(axis=0)
    for _ in range(200):
        flow = (flow @ flow) ** builder.inflation
        flow /= flow.sum(axis=0)
        flow[flow < 1e-4] = 0
        flow /= flow.sum(axis=0)
    return parts(nodes, [(nodes[i], nodes[j]) for i, j in zip(*np.nonzero(flow), strict=True)])


@given(plain_graphs(), THRESHOLDS, INFLATIONS)
def test_clusters_are_what_flow_connects_in_the_end(plain: Plain, threshold: float, inflation: float) -> None:
    builder = Markov(inflation, threshold=threshold)
    assert builder.build(plain.graph()).labels.tolist() == by_hand(plain, builder)


@settings(max_examples=40)
@given(plain_graphs(most=12), INFLATIONS, st.sampled_from([1, 30, 4_000_000]))
def test_large_components_are_walked_alike(plain: Plain, inflation: float, cells: int) -> None:
    """Sparse matrices, some columns at a time; and dense ones, some components at a time."""
    builder = Markov(inflation)
    expected = builder.build(plain.graph()).labels.tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markov, "CELLS", cells)
        assert builder.build(plain.graph()).labels.tolist() == expected
        patch.setattr(flows, "CELLS", cells)
        patch.setattr(flows, "DENSE", 1)
        assert builder.build(plain.graph()).labels.tolist() == expected


def rings(count: int, size: int) -> Plain:
    """Return dense groups in a ring, each joined to the next by one pair."""
    inside = [(g * size + a, g * size + b) for g in range(count) for a, b in combinations(range(size), 2)]
    between = [tuple(sorted((g * size, (g + 1) % count * size + 1))) for g in range(count)]
    return Plain(count * size, dict.fromkeys([*inside, *between], float(np.float32(0.9))))  # type: ignore[list-item]


def test_more_records_than_a_dense_matrix_takes_are_walked_sparsely() -> None:
    """60 groups of 6, in one component."""
    assert flows.DENSE < 60 * 6
    assert Markov().build(rings(60, 6).graph()).labels.tolist() == [i // 6 for i in range(360)]


def test_components_of_one_size_are_walked_beside_each_other() -> None:
    """Two triangles that a pair joins, and six records that are all paired."""
    triangles = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)]
    plain = Plain(12, dict.fromkeys([*triangles, *combinations(range(6, 12), 2)], 1.0))
    assert Markov().build(plain.graph()).labels.tolist() == [0] * 3 + [1] * 3 + [2] * 6


def test_a_hub_of_more_records_than_flow_reaches_keeps_the_lowest_of_equals() -> None:
    """Each spoke leads to the hub alone, so all are one cluster, though its column is cut to 100."""
    star = Plain(400, {(0, spoke): float(np.float32(0.9)) for spoke in range(1, 400)})
    assert Markov().build(star.graph()).labels.tolist() == [0] * 400


def test_higher_inflation_makes_more_clusters() -> None:
    chain = Plain(12, {(i, i + 1): float(np.float32(0.9)) for i in range(11)})
    counts = [Markov(inflation).build(chain.graph()).count for inflation in (1.2, 1.6, 3.0)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@pytest.mark.parametrize("dense", [300, 1])
def test_flow_that_has_not_settled_is_told(dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "DENSE", dense)
    plain = Plain(6, {(0, 1): 0.9, (1, 2): 0.8, (3, 4): 0.9})
    with pytest.warns(FitWarning, match="the flow of 1 component still changes in round 1;") as caught:
        Markov(rounds=1).build(plain.graph())
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"inflation": 1.0}, "inflation must lie between 1 and inf, got 1.0"),
        ({"inflation": float("inf")}, "inflation must lie"),
        ({"rounds": 0}, "rounds must lie between 1 and inf, got 0"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(RangeError, match=named):
        Markov(**arguments)
