"""Average linkage: clusters whose records agree on the whole, not by one pair.

Two clusters are joined while the mean log-odds of *all* pairs of records between them is high enough, the best two
first. One wrong pair between two families does not join them, since all the other pairs speak against it; connected
components would.

Average linkage is reducible: joining the best two never makes a third a better partner than it was. So all clusters
that are each other's best partner may be joined in one round, with the same outcome as one by one (Murtagh 1983), and a
round is a few passes over arrays.
"""

from __future__ import annotations

from collections.abc import Callable
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
from identigraph.graph.dendrogram import Dendrogram
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.odds import CERTAIN, log2_odds
from identigraph.pairs import Mask, Pairs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Sets = npt.NDArray[np.uint64]


@attrs.frozen
class AverageLinkage:
    """Clusters by mean log-odds over all pairs between two clusters. The default builder.

    Args:
        threshold: the match probability that belongs to the least mean log-odds of a join, 0 to 1. None: 0.5; a
            resolver looks for the threshold of the highest expected F1.
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
        return Clusters.of(self.dendrogram(graph, down_to=cut).cut(cut))

    def dendrogram(self, graph: IdentityGraph, *, down_to: float) -> Dendrogram:
        """Return all joins at or above some log2 odds.

        Examples:
            >>> chain = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.9), ("c", "d", 0.99)])
            >>> AverageLinkage().dendrogram(chain, down_to=-5.0).height.round(1).tolist()
            [6.6, 6.6, -3.0]
        """
        limit = max(min(self.limit, CERTAIN), abs(down_to))
        unseen = min(max(self.unseen, -limit), down_to)
        return agglomerated(graph, Averaged(unseen), limit=limit, cut=down_to)


Weigh = Callable[[Pairs], Floats]

MOST_ASKED = 10_000
"""Pairs between two clusters above which they are not all weighed before a join."""
MOST_ROUNDS = 100
"""Rounds of asking: what large components still ask for after so many is not looked at."""
SAMPLED = 16
"""Pairs of two clusters that are weighed first, at the least."""
DOUBTFUL = 2.0
"""Log2 odds by which the mean of these must be below the cut to stand for all."""


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


@attrs.frozen
class Promised:
    """The mean over the pairs of records between two clusters that are known: what the others may hold.

    Args:
        unseen: log2 odds of a pair that was not scored, where no more than `MOST_ASKED` could be.
    """

    unseen: float
    together: ClassVar[np.ufunc] = np.add

    def of(self, odds: Floats, pairs: Floats, between: Floats) -> Floats:
        """Return the mean log2 odds of known pairs; of all, where these are too many to ask for."""
        every = Averaged(self.unseen).of(odds, pairs, between)
        return np.where(between <= MOST_ASKED, odds / np.maximum(pairs, 1), every)


def linked(graph: IdentityGraph, agreement: Agreement, *, limit: float, cut: float) -> Ints:
    """Return the lowest record of the cluster of each record after all joins of `agglomerated`.

    Examples:
        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.9), ("a", "c", 0.4)])
        >>> linked(graph, Averaged(-5.0), limit=16.0, cut=0.0).tolist()
        [0, 0, 0]
        >>> linked(graph, Averaged(-5.0), limit=16.0, cut=2.0).tolist()
        [0, 0, 2]
    """
    return agglomerated(graph, agreement, limit=limit, cut=cut).cut(cut)


def agglomerated(
    graph: IdentityGraph, agreement: Agreement, *, limit: float, cut: float, weigh: Weigh | None = None
) -> Dendrogram:
    """Return all joins at or above the cut, the best two first.

    Must-linked records begin as one cluster; those that may not share one are never joined.

    Args:
        graph: records and scored pairs.
        agreement: how much two clusters agree; no join may make a third a better partner than it was.
        limit: log2 odds count up to plus or minus this much.
        cut: the least log2 odds of a join.
        weigh: gives the log2 odds of any pairs, once for those between two clusters that would be joined next, for an
            agreement that is the mean of known pairs. Then nothing is joined that was not looked at as a whole, unless
            there are more than 10,000 pairs between.
    """
    start, n = graph.groups, len(graph)
    edges = _edges(graph, limit, cut).relabeled(start, agreement)
    members, size = _members(start, graph.apart), np.bincount(start, minlength=n).astype(np.float64)
    label = np.arange(n, dtype=np.int64)
    joins: list[tuple[Ints, Ints, Floats]] = []
    rounds = 0
    while len(edges.low):
        clash = (members[edges.low] & members[edges.high]).any(axis=1)
        between = size[edges.low] * size[edges.high]
        agreed = np.where(clash, -np.inf, agreement.of(edges.odds, edges.pairs, between))
        open_edges = _open(n, edges, agreed >= cut)
        edges, agreed, between = edges.where(open_edges), agreed[open_edges], between[open_edges]
        joined = _mutual_best(n, edges, agreed, cut)
        if not joined.any():
            break
        rounds += 1
        if weigh is not None and rounds > MOST_ROUNDS:
            break
        if weigh is not None:
            asked = joined & (edges.pairs < between) & (between <= MOST_ASKED)
            joined &= ~asked
            edges = edges.known(asked, label[start], lambda pairs: np.clip(weigh(pairs), -limit, limit), cut)
        kept, gone = edges.low[joined], edges.high[joined]
        joins.append((kept, gone, agreed[joined]))
        step = np.arange(n, dtype=np.int64)
        step[gone] = kept
        size[kept] += size[gone]
        members[kept] |= members[gone]
        label = step[label]
        edges = edges.relabeled(step, agreement)
    none = np.zeros(0, dtype=np.int64)
    kept, gone, height = (np.concatenate([none, *each]) for each in zip(*joins, strict=True)) if joins else [none] * 3
    return Dendrogram(start, kept, gone, height.astype(np.float64))


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

    def known(self, asked: Mask, cluster: Ints, weigh: Weigh, cut: float) -> _Edges:
        """Return the edges, with all pairs of records between the ends of those asked for weighed.

        Where there are many, some are weighed first; where these are clearly below the cut, they stand for all.

        Args:
            asked: which edges.
            cluster: shape (records,): the cluster of each record.
            weigh: gives the log2 odds of pairs of records.
            cut: the least log2 odds of a join.
        """
        rows = np.flatnonzero(asked)
        if len(rows) == 0:
            return self
        pairs, edge = between_clusters(cluster, self.low[rows], self.high[rows])
        between = np.bincount(edge, minlength=len(rows))
        stride = np.maximum(between // SAMPLED, 1)[edge]
        first = (np.arange(len(edge)) - (np.cumsum(between) - between)[edge]) % stride == 0
        weights = np.zeros(len(edge))
        weights[first] = weigh(pairs.where(first))
        drawn = np.bincount(edge, weights=first, minlength=len(rows))
        mean = np.bincount(edge, weights=weights, minlength=len(rows)) / drawn
        rest = ~first & (mean >= cut - DOUBTFUL)[edge]
        weights[rest] = weigh(pairs.where(rest))
        whole = np.bincount(edge, weights=first | rest, minlength=len(rows)) == between
        odds, count = self.odds.copy(), self.pairs.copy()
        odds[rows] = np.where(whole, np.bincount(edge, weights=weights, minlength=len(rows)), mean * between)
        count[rows] = between
        return _Edges(self.low, self.high, odds, count)

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


def between_clusters(cluster: Ints, one: Ints, other: Ints) -> tuple[Pairs, Ints]:
    """Return all pairs of records between two clusters, and the place of the two each stands for.

    Args:
        cluster: shape (records,): the cluster of each record.
        one: clusters.
        other: as many clusters, no two twos the same.

    Examples:
        >>> pairs, place = between_clusters(np.array([0, 0, 2, 3]), np.array([0, 2]), np.array([2, 3]))
        >>> pairs.left.tolist(), pairs.right.tolist(), place.tolist()
        ([0, 1, 2], [2, 2, 3], [0, 0, 1])
    """
    order = np.argsort(cluster, kind="stable")
    first, last = (np.searchsorted(cluster[order], one, side) for side in ("left", "right"))
    begin, end = (np.searchsorted(cluster[order], other, side) for side in ("left", "right"))
    wide, high = last - first, end - begin
    place = np.repeat(np.arange(len(one)), wide * high)
    inside = np.arange(len(place)) - np.repeat(np.cumsum(wide * high) - wide * high, wide * high)
    left = order[first[place] + inside // high[place]]
    right = order[begin[place] + inside % high[place]]
    return Pairs.of(left, right), place


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
