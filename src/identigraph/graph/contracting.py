"""The scored pairs of a graph between groups of must-linked records: what most cluster builders start from.

A group is known by its lowest record, so a record without must-links is its own group. Of several pairs between two
groups the strongest stands for all.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.components import connected_components
from identigraph.encoding import run_starts
from identigraph.graph.clusters import ScoredPairs
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.odds import log2_odds
from identigraph.pairs import Mask

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@attrs.frozen(eq=False, repr=False)
class Contracted:
    """Groups of must-linked records, and the pairs between them in the order of their numbers, each once.

    Args:
        label: shape (records,): the group of each record, its lowest one.
        low, high: shape (pairs,): two groups, low below high.
        odds: shape (pairs,): log2 odds that they are one entity.
        probability: shape (pairs,): the same as match probability.
    """

    label: Ints
    low: Ints
    high: Ints
    odds: Floats
    probability: Floats

    @classmethod
    def of(cls, graph: IdentityGraph, threshold: float) -> Contracted:
        """Return the groups of a graph and the pairs at or above a match probability.

        Examples:
            >>> graph = IdentityGraph.of(edges=[(1, 2, 0.9), (2, 3, 0.2), (3, 4, 0.8)])
            >>> contracted = Contracted.of(graph, 0.5)
            >>> contracted.low.tolist(), contracted.high.tolist(), contracted.odds.round(2).tolist()
            ([0, 2], [1, 3], [3.17, 2.0])
        """
        scored = linking(graph.scored, threshold)
        label = graph.groups
        one, other = label[scored.left], label[scored.right]
        between = np.flatnonzero(one != other)
        one, other, probability = one[between], other[between], scored.match_probability[between].astype(np.float64)
        code = (np.minimum(one, other) << 32) | np.maximum(one, other)
        order = np.lexsort((-probability, code))
        first = order[run_starts(code[order])]
        low, high = code[first] >> 32, code[first] & 0xFFFFFFFF
        return cls(label, low, high, log2_odds(probability[first]), probability[first])

    @property
    def strongest_first(self) -> Contracted:
        """The same with the strongest pairs first, of equals those of the lowest groups."""
        return self.where(np.argsort(-self.odds, kind="stable"))

    @property
    def components(self) -> Ints:
        """Shape (records,): the lowest group that pairs lead to."""
        return connected_components(len(self.label), self.low, self.high)

    def where(self, some: Mask | Ints) -> Contracted:
        """Return the same with some of the pairs, those of a mask or at some places."""
        low, high, odds, probability = self.low[some], self.high[some], self.odds[some], self.probability[some]
        return Contracted(self.label, low, high, odds, probability)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.low)

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Contracted: {len(self):,} pairs of {len(np.unique(self.label)):,} groups>"


def linking(scored: ScoredPairs, threshold: float) -> ScoredPairs:
    """Return the pairs at or above a match probability, compared in the precision of the pairs.

    Examples:
        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.9), ("b", "c", 0.89)])
        >>> linking(graph.scored, 0.9)
        <ScoredPairs: 1>
    """
    mask: Mask = scored.match_probability >= threshold
    return scored.where(mask)


def odds_of(threshold: float, scored: ScoredPairs) -> float:
    """Return the log2 odds of a threshold, in the precision of scored pairs: those that equal it reach it.

    Examples:
        >>> round(odds_of(0.8, ScoredPairs.none()), 6)
        2.0
    """
    return float(log2_odds(np.array([threshold], dtype=scored.match_probability.dtype))[0])


def joined(records: int, start: Ints, one: Ints, other: Ints) -> Ints:
    """Return for each record the lowest group that links between groups lead to.

    Examples:
        >>> joined(4, np.array([0, 1, 0, 3]), np.array([0]), np.array([3])).tolist()
        [0, 1, 0, 0]
    """
    return connected_components(records, one, other)[start]
