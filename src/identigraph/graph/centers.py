"""Clusters around centers: each record goes with one that stands for its cluster.

All three look at the pairs at or above a threshold. Must-linked records count as one record; where judgements or
sources keep a record from the cluster of a center, the pair is passed over.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.contracting import Contracted
from identigraph.graph.growing import Growing, pairs_of
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.repairing import keeping_apart
from identigraph.pairs import Mask

Ints = npt.NDArray[np.int64]

NEITHER = -1
"""What stands for the center of a record that no pair has placed yet."""


@attrs.frozen
class Center:
    """Center clustering: a record belongs to the first center that it is paired with.

    Pairs are taken once, the strongest first, of equals those of the lowest records. Of a pair of two new records the
    lower one becomes a center and the other its member. A new record paired with a center becomes its member; paired
    with a member it becomes a center of its own. Every other pair is passed over.

    So all records of a cluster are paired with its center, and chains are short. Its weakness: which record becomes a
    center is chance, and an entity with two centers is two clusters. The cost is that of sorting the pairs.

    Args:
        threshold: the least match probability of a pair, 0 to 1.

    Raises:
        RangeError: the threshold lies outside 0 to 1.

    References:
        Haveliwala, Gionis and Indyk (2000), Scalable techniques for clustering the web, WebDB.
        Hassanzadeh and Miller (2009), Creating probabilistic databases from duplicated data, VLDB Journal 18.

    Examples:
        The strongest pair makes a a center; c meets b, a member, and becomes a center; d is its member.

        >>> edges = [("a", "b", 0.99), ("b", "c", 0.95), ("a", "d", 0.6), ("c", "d", 0.9)]
        >>> Center().build(IdentityGraph.of(edges=edges)).labels.tolist()
        [0, 0, 1, 1]
    """

    threshold: float = 0.5

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`."""
        return _around_centers(graph, self.threshold, merge=False)


@attrs.frozen
class MergeCenter:
    """Center clustering that unites clusters once a record is paired with a center of both.

    As `Center`, but a pair of a center with a record of another cluster joins the two clusters; both keep their
    centers. It finds more of an entity with several centers, and lets one wrong pair join two clusters where one of its
    ends is a center. The cost is that of sorting the pairs.

    Args:
        threshold: the least match probability of a pair, 0 to 1.

    Raises:
        RangeError: the threshold lies outside 0 to 1.

    References:
        Hassanzadeh and Miller (2009), Creating probabilistic databases from duplicated data, VLDB Journal 18.

    Examples:
        The last pair is of the center a and of d, a member of the center c.

        >>> edges = [("a", "b", 0.99), ("b", "c", 0.95), ("a", "d", 0.6), ("c", "d", 0.9)]
        >>> MergeCenter().build(IdentityGraph.of(edges=edges)).labels.tolist()
        [0, 0, 0, 0]
    """

    threshold: float = 0.5

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`."""
        return _around_centers(graph, self.threshold, merge=True)


@attrs.frozen
class Star:
    """Star clustering: the records with the most pairs are centers, all others go with the center nearest to them.

    Records are looked at by the number of their pairs, the most first, of equals the lowest. One that is not paired
    with a center becomes a center. Then every other record joins the center that it has the strongest pair with, of
    equals the lowest (in the original it belongs to all of them); one that judgements or sources keep from all its
    centers stays alone.

    It finds dense groups around a hub; chains break at every second record. The cost is that of sorting the pairs.

    Args:
        threshold: the least match probability of a pair, 0 to 1.

    Raises:
        RangeError: the threshold lies outside 0 to 1.

    References:
        Aslam, Pelekhov and Rus (2004), The star clustering algorithm for static and dynamic information organization,
        Journal of Graph Algorithms and Applications 8.

    Examples:
        b has three pairs and is a center, and so is e, which is not paired with b; d is nearer to e.

        >>> edges = [("a", "b", 0.9), ("b", "c", 0.9), ("b", "d", 0.6), ("d", "e", 0.8)]
        >>> Star().build(IdentityGraph.of(edges=edges)).labels.tolist()
        [0, 0, 0, 1, 1]
    """

    threshold: float = 0.5

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`."""
        pairs = Contracted.of(graph, self.threshold)
        center = _most_paired(len(graph), pairs)
        rays = pairs.where(center[pairs.low] != center[pairs.high]).strongest_first
        middle = np.where(center[rays.low], rays.low, rays.high)
        growing = Growing(keeping_apart(graph), pairs.components[pairs.label])
        placed = bytearray(len(graph))
        for hub, record in pairs_of(middle, rays.low + rays.high - middle):
            if not placed[record]:
                placed[record] = growing.unite(hub, record)
        return Clusters.of(growing.labels(graph.groups))


def _around_centers(graph: IdentityGraph, threshold: float, *, merge: bool) -> Clusters:
    """Return the clusters of records around centers, of which those that share a record are united or not."""
    pairs = Contracted.of(graph, threshold)
    growing = Growing(keeping_apart(graph), pairs.components[pairs.label])
    center = [NEITHER] * len(graph)
    ordered = pairs.strongest_first
    for low, high in pairs_of(ordered.low, ordered.high):
        one, other = center[low], center[high]
        if one == other == NEITHER:
            if growing.unite(low, high):
                center[low] = center[high] = low
        elif NEITHER in (one, other):
            new, known, of = (low, high, other) if one == NEITHER else (high, low, one)
            if of != known:
                center[new] = new
            elif growing.unite(new, known):
                center[new] = known
        elif merge and (one == low or other == high):
            growing.unite(low, high)
    return Clusters.of(growing.labels(graph.groups))


def _most_paired(records: int, pairs: Contracted) -> Mask:
    """Return which groups are centers: taken by the number of their pairs, those not paired with one taken before."""
    ends = np.concatenate([pairs.low, pairs.high])
    beside = np.concatenate([pairs.high, pairs.low])[np.argsort(ends, kind="stable")]
    degree = np.bincount(ends, minlength=records)
    stop = np.cumsum(degree)
    order = np.argsort(-degree, kind="stable")[: np.count_nonzero(degree)]
    center, covered = np.zeros(records, dtype=bool), np.zeros(records, dtype=bool)
    for node, first, last in zip(
        *(each.tolist() for each in (order, (stop - degree)[order], stop[order])), strict=True
    ):
        if not covered[node]:
            center[node] = True
            covered[beside[first:last]] = True
    return center
