"""Average linkage: clusters whose records agree on the whole, not by one pair.

Two clusters are joined while the mean log-odds of *all* pairs of records between them is high enough, the best two
first. One wrong pair between two families does not join them, since all the other pairs speak against it; connected
components would.

Average linkage is reducible: joining the best two never makes a third a better partner than it was. So all clusters
that are each other's best partner may be joined in one round, with the same outcome as one by one (Murtagh 1983), and a
round is a few passes over arrays.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.components import connected_components
from identigraph.encoding import Codes, run_starts
from identigraph.errors import RangeError
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.contracting import odds_of
from identigraph.graph.identity_graph import IdentityGraph
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

    @property
    def cut(self) -> float:
        """The threshold, 0.5 where there is none."""
        return 0.5 if self.threshold is None else self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`.

        Must-linked records begin as one cluster; clusters with a cannot-link between them, or with records of the same
        code in `graph.apart`, are not joined.

        Examples:
            >>> chain = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.9), ("c", "d", 0.99)])
            >>> AverageLinkage().build(chain).labels.tolist()
            [0, 0, 1, 1]
        """
        cut = odds_of(self.cut, graph.scored)
        limit = max(min(self.limit, CERTAIN), abs(cut))
        unseen = min(max(self.unseen, -limit), cut)
        return Clusters.of(linked(graph, Averaged(unseen), limit=limit, cut=cut))


class Agreement(Protocol):
    """How much two clusters agree, of what is known of the pairs of records between them."""

    @property
    def together(self) -> np.ufunc:
        """What makes one number of the log2 odds of several pairs."""
        ...

    def of(self, odds: Floats, pairs: Floats, between: Floats) -> Floats:
        """Return the log2 odds of clusters, of the odds of their scored pairs and the number of these and of all."""
        ...


@attrs.frozen
class Averaged:
    """The mean over all pairs of records between two clusters.

    Args:
        unseen: log2 odds of a pair that was not scored.
    """

    unseen: float
    together: ClassVar[np.ufunc] = np.add

    def of(self, odds: Floats, pairs: Floats, between: Floats) -> Floats:
        """Return the mean log2 odds."""
        return (odds + self.unseen * (between - pairs)) / between


def linked(graph: IdentityGraph, agreement: Agreement, *, limit: float, cut: float) -> Ints:
    """Return the lowest record of the cluster of each record after all joins at or above the cut, the best two first.

    Must-linked records begin as one cluster; those that may not share one are never joined.

    Args:
        graph: records and scored pairs.
        agreement: how much two clusters agree; no join may make a third a better partner than it was.
        limit: log2 odds count up to plus or minus this much.
        cut: the least log2 odds of a join.

    Examples:
        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.9), ("a", "c", 0.4)])
        >>> linked(graph, Averaged(-5.0), limit=16.0, cut=0.0).tolist()
        [0, 0, 0]
        >>> linked(graph, Averaged(-5.0), limit=16.0, cut=2.0).tolist()
        [0, 0, 2]
    """
    start, n = graph.groups, len(graph)
    edges = _edges(graph, limit, cut).relabeled(start, agreement)
    members, size = _members(start, graph.apart), np.bincount(start, minlength=n).astype(np.float64)
    label = np.arange(n, dtype=np.int64)
    while len(edges.low):
        clash = (members[edges.low] & members[edges.high]).any(axis=1)
        between = size[edges.low] * size[edges.high]
        agreed = np.where(clash, -np.inf, agreement.of(edges.odds, edges.pairs, between))
        open_edges = _open(n, edges, agreed >= cut)
        edges, agreed = edges.where(open_edges), agreed[open_edges]
        joined = _mutual_best(n, edges, agreed, cut)
        if not joined.any():
            break
        kept, gone = edges.low[joined], edges.high[joined]
        step = np.arange(n, dtype=np.int64)
        step[gone] = kept
        size[kept] += size[gone]
        members[kept] |= members[gone]
        label = step[label]
        edges = edges.relabeled(step, agreement)
    return label[start]


@attrs.frozen(eq=False)
class _Edges:
    """Pairs of clusters with scored pairs between them: ``low < high``, their odds as one, the number of pairs."""

    low: Ints
    high: Ints
    odds: Floats
    pairs: Floats

    def where(self, mask: Mask | Ints) -> _Edges:
        """Return the edges that `mask` keeps, or at some places."""
        return _Edges(self.low[mask], self.high[mask], self.odds[mask], self.pairs[mask])

    def relabeled(self, label: Ints, agreement: Agreement) -> _Edges:
        """Return the edges between clusters under new labels, those that fall together as one."""
        a, b = label[self.low], label[self.high]
        between = np.flatnonzero(a != b)
        if len(between) == 0:
            return self.where(between)
        a, b = a[between], b[between]
        code = (np.minimum(a, b) << 32) | np.maximum(a, b)
        order = np.argsort(code, kind="stable")
        code, between = code[order], between[order]
        starts = run_starts(code)
        odds = agreement.together.reduceat(self.odds[between], starts)
        pairs = np.add.reduceat(self.pairs[between], starts)
        return _Edges(code[starts] >> 32, code[starts] & 0xFFFFFFFF, odds, pairs)


def _edges(graph: IdentityGraph, limit: float, cut: float) -> _Edges:
    """Return the scored pairs with their odds, and cannot-links with odds that no other pair outweighs.

    Pairs between records that no chain of pairs at or above the cut leads between are left out: what is joined has such
    a pair between its sides, for their mean is not above the highest.
    """
    scored, cannot, label = graph.scored, graph.judgements.cannot, graph.groups
    odds = np.clip(log2_odds(scored.match_probability), -limit, limit)
    good = odds >= cut
    chained = connected_components(len(graph), label[scored.left[good]], label[scored.right[good]])[label]
    inside, kept = (chained[pairs.left] == chained[pairs.right] for pairs in (scored, cannot))
    low = np.concatenate([scored.left[inside], cannot.left[kept]]).astype(np.int64)
    high = np.concatenate([scored.right[inside], cannot.right[kept]]).astype(np.int64)
    pairs = np.append(np.ones(int(inside.sum())), np.zeros(int(kept.sum())))
    return _Edges(low, high, np.append(odds[inside], np.full(int(kept.sum()), -np.inf)), pairs)


def _members(label: Ints, apart: Codes | None) -> Sets:
    """Return for each cluster the set of the codes of its records, as bits; shape (records, words)."""
    if apart is None:
        return np.zeros((len(label), 0), dtype=np.uint64)
    members = np.zeros((len(label), int(apart.max(initial=0)) // 64 + 1), dtype=np.uint64)
    rows = np.flatnonzero(apart >= 0)
    bits = np.uint64(1) << (apart[rows] % 64).astype(np.uint64)
    np.bitwise_or.at(members, (label[rows], apart[rows] // 64), bits)
    return members


def _open(n: int, edges: _Edges, good: Mask) -> Mask:
    """Return the edges between clusters that may still be joined to something: no join makes a partner better."""
    alive = np.zeros(n, dtype=bool)
    alive[edges.low[good]] = alive[edges.high[good]] = True
    return alive[edges.low] & alive[edges.high]


def _mutual_best(n: int, edges: _Edges, mean: Floats, cut: float) -> Mask:
    """Return the edges at or above the cut that are the best of both their ends; ties go to the lowest labels.

    Edges stand in the order of their labels.
    """
    best = np.full(n, -np.inf)
    np.maximum.at(best, edges.low, mean)
    np.maximum.at(best, edges.high, mean)
    first = np.full(n, len(mean), dtype=np.int64)
    for ends in (edges.low, edges.high):
        top = np.flatnonzero(mean == best[ends])
        np.minimum.at(first, ends[top], top)
    place = np.arange(len(mean))
    mutual: Mask = (place == first[edges.low]) & (place == first[edges.high]) & (mean >= cut)
    return mutual
