"""Average linkage: clusters whose records agree on the whole, not by one pair.

Two clusters are joined while the mean log-odds of *all* pairs of records between them is high enough, the best two
first. One wrong pair between two families does not join them, since all the other pairs speak against it; connected
components would.

Average linkage is reducible: joining the best two never makes a third a better partner than it was. So all clusters that
are each other's best partner may be joined in one round, with the same outcome as one by one (Murtagh 1983), and a
round is a few passes over arrays.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.errors import RangeError
from identigraph.graph.clusters import Clusters, ScoredPairs, check_probability

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@attrs.frozen
class AverageLinkage:
    """Clusters by mean log-odds over all pairs between two clusters. The default builder.

    Args:
        threshold: the match probability that belongs to the least mean log-odds of a join, 0 to 1.
        unseen: log2 odds of pairs that were not scored: those that blocking never proposed, or that were not kept.
        limit: log2 odds count up to plus or minus this much, so that no pair outweighs all others.
    """

    threshold: float = 0.5
    unseen: float = -8.0
    limit: float = 8.0

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)
        if not self.limit > 0:
            raise RangeError("limit", self.limit, 0, float("inf"))

    def build(self, n: int, scored: ScoredPairs) -> Clusters:
        """Return the clusters of `n` records.

        Examples:
            >>> left, right = np.array([0, 1, 2], dtype=np.int32), np.array([1, 2, 3], dtype=np.int32)
            >>> chain = ScoredPairs(left, right, np.zeros(3), np.array([0.99, 0.9, 0.99]))
            >>> AverageLinkage().build(4, chain).labels.tolist()
            [0, 0, 1, 1]
        """
        odds = np.clip(_log_odds(scored.match_probability.astype(np.float64)), -self.limit, self.limit)
        cut = float(_log_odds(np.array([self.threshold]))[0])
        edges = _Edges(scored.left.astype(np.int64), scored.right.astype(np.int64), odds, np.ones(len(odds)))
        return Clusters.of(_linked(n, edges, max(self.unseen, -self.limit), cut))


def _log_odds(probability: Floats) -> Floats:
    kept = np.clip(probability, 1e-12, 1 - 1e-12)
    odds: Floats = np.log2(kept / (1 - kept))
    return odds


@attrs.frozen(eq=False)
class _Edges:
    """Pairs of clusters with some scored pairs between them: ``low < high``, the sum of odds, the number of pairs."""

    low: Ints
    high: Ints
    odds: Floats
    pairs: Floats

    def where(self, mask: npt.NDArray[np.bool_]) -> _Edges:
        """Return the edges that `mask` keeps."""
        return _Edges(self.low[mask], self.high[mask], self.odds[mask], self.pairs[mask])

    def relabeled(self, label: Ints) -> _Edges:
        """Return the edges between clusters under new labels, those that fall together added up."""
        a, b = label[self.low], label[self.high]
        low, high = np.minimum(a, b), np.maximum(a, b)
        between = low < high
        code = (low[between] << 32) | high[between]
        order = np.argsort(code, kind="stable")
        code = code[order]
        if len(code) == 0:
            return self.where(between)
        starts = np.flatnonzero(np.append(True, code[1:] != code[:-1]))
        odds = np.add.reduceat(self.odds[between][order], starts)
        pairs = np.add.reduceat(self.pairs[between][order], starts)
        return _Edges(code[starts] >> 32, code[starts] & 0xFFFFFFFF, odds, pairs)


def _linked(n: int, edges: _Edges, unseen: float, cut: float) -> Ints:
    """Return the label of each record after all joins at or above the cut."""
    label, size = np.arange(n, dtype=np.int64), np.ones(n)
    while len(edges.low):
        between = size[edges.low] * size[edges.high]
        mean = (edges.odds + unseen * (between - edges.pairs)) / between
        alive = np.zeros(n, dtype=bool)
        good = mean >= cut
        alive[edges.low[good]] = alive[edges.high[good]] = True
        open_edges = alive[edges.low] & alive[edges.high]
        edges, mean = edges.where(open_edges), mean[open_edges]
        joined = _mutual_best(n, edges, mean, cut)
        if not joined.any():
            return label
        keep, gone = edges.low[joined], edges.high[joined]
        step = np.arange(n, dtype=np.int64)
        step[gone] = keep
        size[keep] += size[gone]
        label = step[label]
        edges = edges.relabeled(step)
    return label


def _mutual_best(n: int, edges: _Edges, mean: Floats, cut: float) -> npt.NDArray[np.bool_]:
    """Return the edges at or above the cut that are the best of both their ends; ties go to the lowest labels."""
    order = np.lexsort((edges.high, edges.low, -mean))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    best = np.full(n, len(order), dtype=np.int64)
    np.minimum.at(best, edges.low, rank)
    np.minimum.at(best, edges.high, rank)
    mutual: npt.NDArray[np.bool_] = (rank == best[edges.low]) & (rank == best[edges.high]) & (mean >= cut)
    return mutual
