"""Pairs that clusters make and that nobody scored, against all pairs by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs
from identigraph.graph import Clusters, ScoredPairs
from identigraph.graph.inside import LARGEST, pairs_inside


@given(st.lists(st.integers(0, 4), max_size=12), st.data())
def test_pairs_inside_are_those_of_one_cluster_that_were_not_scored(labels: list[int], data) -> None:
    clusters = Clusters.of(np.array(labels, dtype=np.int64))
    everyone = list(combinations(range(len(labels)), 2))
    scored = data.draw(st.sets(st.sampled_from(everyone))) if everyone else set()
    pairs = Pairs.of([a for a, _ in sorted(scored)], [b for _, b in sorted(scored)])
    zeros = np.zeros(len(pairs), dtype=np.float32)
    found = pairs_inside(clusters, ScoredPairs(pairs.left, pairs.right, zeros, zeros))
    got = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert len(got) == len(set(got))
    assert set(got) == {(a, b) for a, b in everyone if labels[a] == labels[b] and (a, b) not in scored}


def test_large_clusters_are_not_scored_inside() -> None:
    labels = np.array([0] * LARGEST + [1] * (LARGEST + 1))
    found = pairs_inside(Clusters.of(labels), ScoredPairs.none())
    assert len(found) == LARGEST * (LARGEST - 1) // 2
    assert found.right.max() == LARGEST - 1
