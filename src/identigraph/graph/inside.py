"""The pairs that clusters make and that nobody scored."""

from __future__ import annotations

import numpy as np

from identigraph.graph.clusters import Clusters, ScoredPairs
from identigraph.pairs import Pairs

LARGEST = 60
"""Clusters of more records than this are not looked into: their pairs grow with the square."""


def pairs_inside(clusters: Clusters, scored: ScoredPairs) -> Pairs:
    """Return the pairs inside clusters that were not scored; of clusters with more than 60 records none.

    Examples:
        >>> pairs_inside(Clusters.of(np.array([0, 0, 0, 1])), ScoredPairs.none()).right.tolist()
        [1, 2, 2]
    """
    order = np.argsort(clusters.labels, kind="stable")
    sizes = clusters.sizes
    starts = np.cumsum(sizes) - sizes
    left, right = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= LARGEST)]):
        one, other = np.triu_indices(int(size), k=1)
        first = starts[sizes == size][:, None]
        left.append(order[(first + one).ravel()])
        right.append(order[(first + other).ravel()])
    pairs = Pairs.of(np.concatenate(left), np.concatenate(right))
    return pairs.where(pairs.places_in(Pairs(scored.left, scored.right)) < 0)
