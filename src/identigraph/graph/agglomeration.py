"""Hierarchical agglomerative clustering: the two clusters that agree the most are joined, until no two agree enough."""

from __future__ import annotations

from typing import ClassVar, Literal

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError, RangeError
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.components import Components
from identigraph.graph.contracting import odds_of
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.linkage import AverageLinkage, linked
from identigraph.odds import CERTAIN

Floats = npt.NDArray[np.float64]

LINKAGES = ("average", "complete", "single")


@attrs.frozen
class Hierarchical:
    """Agglomerative clusters under one of three linkages.

    How much two clusters agree is, of all pairs of records between them, the mean of the log-odds (*average*, the same
    as `AverageLinkage`), the lowest (*complete*), or the highest (*single*). The two that agree the most are joined
    first, of equals those of the lowest records. Clusters without a scored pair between them are not joined.

    *Single* is connected components: one wrong pair joins two clusters. *Complete* is the opposite: one missing pair
    keeps two halves of an entity apart, so it asks for blocking that proposes every pair of an entity. Average and
    complete take rounds of passes over the pairs; each round joins all clusters that are each other's best partner,
    which has the outcome of joining one by one, for both linkages are reducible (Murtagh 1983).

    Args:
        linkage: ``average``, ``complete`` or ``single``.
        threshold: the match probability that belongs to the least log-odds of a join, 0 to 1.
        unseen: log2 odds of pairs that were not scored. Under complete linkage those below the threshold's forbid a
            join; ``float("inf")`` lets scored pairs alone decide. Under average linkage at most 0. Single linkage does
            without.

    Raises:
        ConfigurationError: there is no such linkage.
        RangeError: an argument lies outside its range.

    References:
        Murtagh (1983), A survey of recent advances in hierarchical clustering algorithms, The Computer Journal 26.

    Examples:
        The pair (a, c) speaks against what the other two say.

        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.9), ("a", "c", 0.4)])
        >>> for linkage in LINKAGES:
        ...     print(linkage, Hierarchical(linkage).build(graph).labels.tolist())
        average [0, 0, 0]
        complete [0, 0, 1]
        single [0, 0, 0]
    """

    linkage: Literal["average", "complete", "single"] = "average"
    threshold: float = 0.5
    unseen: float = attrs.field(default=-5.0, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        if self.linkage not in LINKAGES:
            raise ConfigurationError(f"linkage must be one of {', '.join(map(repr, LINKAGES))}, got {self.linkage!r}")
        check_probability("threshold", self.threshold)
        most = 0 if self.linkage == "average" else float("inf")
        if not self.unseen <= most:
            raise RangeError("unseen", self.unseen, float("-inf"), most)

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`."""
        if self.linkage == "average":
            return AverageLinkage(self.threshold, unseen=self.unseen).build(graph)
        if self.linkage == "single":
            return Components(self.threshold).build(graph)
        cut = odds_of(self.threshold, graph.scored)
        return Clusters.of(linked(graph, Lowest(self.unseen), limit=CERTAIN, cut=cut))


@attrs.frozen
class Lowest:
    """The lowest log2 odds of all pairs of records between two clusters.

    Args:
        unseen: log2 odds of a pair that was not scored.

    Examples:
        >>> two, odds = np.array([2.0]), np.array([3.0])
        >>> Lowest(-5.0).of(odds, two, between=two).tolist(), Lowest(-5.0).of(odds, two, between=two + 1).tolist()
        ([3.0], [-5.0])
    """

    unseen: float
    together: ClassVar[np.ufunc] = np.minimum

    def of(self, odds: Floats, pairs: Floats, between: Floats) -> Floats:
        """Return the lowest of the odds of scored pairs and, where some were not scored, of those."""
        return np.where(pairs < between, np.minimum(odds, self.unseen), odds)
