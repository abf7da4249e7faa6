"""Average linkage: clusters whose records agree on the whole, not by one pair.

Two clusters are joined while the mean log-odds of *all* pairs of records between them is high enough, the best two
first. One wrong pair between two families does not join them, since all the other pairs speak against it; connected
components would.

Average linkage is reducible: joining the best two never makes a third a better partner than it was. So all clusters
that are each other's best partner may be joined in one round, with the same outcome as one by one (Murtagh 1983), and a
round is a few passes over arrays.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.encoding import Codes
from identigraph.errors import RangeError
from identigraph.graph.clusters import Clusters, ScoredPairs, check_probability
from identigraph.odds import CERTAIN, log2_odds
from identigraph.pairs import Mask

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Sets = npt.NDArray[np.uint64]


@attrs.frozen
class AverageLinkage:
    """Clusters by mean log-odds over all pairs between two clusters. The default builder.

    Args:
        threshold: the match probability that belongs to the least mean log-odds of a join, 0 to 1. None: 0.5; a
            resolver that is given labels looks for the threshold of the highest expected F1.
        unseen: log2 odds of pairs that were not scored: those that blocking never proposed, or that were not kept; at
            most 0, and at most those of the threshold. Clusters without a scored pair between them are not joined.
        limit: log2 odds count up to plus or minus this much, so that no pair outweighs all others; above 0. Where the
            threshold asks for more, they count up to its odds.

    Raises:
        RangeError: an argument lies outside its range.
    """

    threshold: float | None = None
    unseen: float = -5.0
    limit: float = 16.0

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        if self.threshold is not None:
            check_probability("threshold", self.threshold)
        if not self.unseen <= 0:
            raise RangeError("unseen", self.unseen, float("-inf"), 0)
        if not self.limit > 0:
            raise RangeError("limit", self.limit, 0, float("inf"))

    def build(self, n: int, scored: ScoredPairs, *, apart: Codes | None = None) -> Clusters:
        """Return the clusters of `n` records; no two records of one cluster have the same code in `apart`.

        Examples:
            >>> left, right = np.array([0, 1, 2], dtype=np.int32), np.array([1, 2, 3], dtype=np.int32)
            >>> chain = ScoredPairs(left, right, np.zeros(3), np.array([0.99, 0.9, 0.99]))
            >>> AverageLinkage().build(4, chain).labels.tolist()
            [0, 0, 1, 1]
        """
        cut = float(log2_odds(np.array([0.5 if self.threshold is None else self.threshold]))[0])
        limit = max(min(self.limit, CERTAIN), abs(cut))
        odds = np.clip(log2_odds(scored.match_probability), -limit, limit)
        edges = _Edges(scored.left.astype(np.int64), scored.right.astype(np.int64), odds, np.ones(len(odds)))
        unseen = min(max(self.unseen, -limit), cut)
        return Clusters.of(_linked(edges, unseen, cut, _members(n, apart)))


@attrs.frozen(eq=False)
class _Edges:
    """Pairs of clusters with some scored pairs between them: ``low < high``, the sum of odds, the number of pairs."""

    low: Ints
    high: Ints
    odds: Floats
    pairs: Floats

    def where(self, mask: Mask) -> _Edges:
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


def _members(n: int, apart: Codes | None) -> Sets:
    """Return for each record the set of its one code, as bits; shape (records, words)."""
    if apart is None:
        return np.zeros((n, 0), dtype=np.uint64)
    members = np.zeros((n, int(apart.max(initial=0)) // 64 + 1), dtype=np.uint64)
    rows = np.flatnonzero(apart >= 0)
    members[rows, apart[rows] // 64] = np.uint64(1) << (apart[rows] % 64).astype(np.uint64)
    return members


def _linked(edges: _Edges, unseen: float, cut: float, members: Sets) -> Ints:
    """Return the label of each record after all joins at or above the cut."""
    n = len(members)
    label, size = np.arange(n, dtype=np.int64), np.ones(n)
    while len(edges.low):
        clash = (members[edges.low] & members[edges.high]).any(axis=1)
        between = size[edges.low] * size[edges.high]
        mean = np.where(clash, -np.inf, (edges.odds + unseen * (between - edges.pairs)) / between)
        open_edges = _open(n, edges, mean >= cut)
        edges, mean = edges.where(open_edges), mean[open_edges]
        joined = _mutual_best(n, edges, mean, cut)
        if not joined.any():
            break
        kept, gone = edges.low[joined], edges.high[joined]
        step = np.arange(n, dtype=np.int64)
        step[gone] = kept
        size[kept] += size[gone]
        members[kept] |= members[gone]
        label = step[label]
        edges = edges.relabeled(step)
    return label


def _open(n: int, edges: _Edges, good: Mask) -> Mask:
    """Return the edges between clusters that may still be joined to something: no join makes a partner better."""
    alive = np.zeros(n, dtype=bool)
    alive[edges.low[good]] = alive[edges.high[good]] = True
    return alive[edges.low] & alive[edges.high]


def _mutual_best(n: int, edges: _Edges, mean: Floats, cut: float) -> Mask:
    """Return the edges at or above the cut that are the best of both their ends; ties go to the lowest labels."""
    order = np.lexsort((edges.high, edges.low, -mean))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    best = np.full(n, len(order), dtype=np.int64)
    np.minimum.at(best, edges.low, rank)
    np.minimum.at(best, edges.high, rank)
    mutual: Mask = (rank == best[edges.low]) & (rank == best[edges.high]) & (mean >= cut)
    return mutual
