"""Communities: groups of records with more pairs among them than chance would make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.encoding import run_starts
from identigraph.errors import ConfigurationError, RangeError
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.contracting import Contracted, linking
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.lazy_networkx import networkx
from identigraph.graph.repairing import held_together

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

METHODS = ("louvain", "greedy_modularity", "label_propagation")

LEAST_WEIGHT = 1e-6
"""Pairs weigh at least this much, so that no component is without weight."""


@attrs.frozen
class Communities:
    """Communities of each connected component.

    The *modularity* of a partition is the share of the weight of pairs inside communities, minus the share that would
    be there if the same records were paired at random; weights are match probabilities. *Louvain* moves single records,
    then whole communities, as long as that adds to it; *greedy modularity* joins the two communities that add the most
    to it. *Label propagation* knows no modularity: each record takes the label that weighs the most among those beside
    it, in turns, until nothing changes; it leaves most components whole. Each component is looked at alone, so that its
    outcome is its own: modularity of a whole graph misses communities that are small beside it (Fortunato and
    Barthelemy 2007).

    Modularity looks at who is paired with whom more than at what pairs say, so it also cuts entities whose records are
    sparsely paired. Communities that no pair holds together, which these methods may leave, are split; Leiden's method,
    which leaves none, is not in networkx itself. These are the slowest of the builders, some milliseconds for each
    component of three records or more.

    Args:
        method: ``louvain``, ``greedy_modularity`` or ``label_propagation``.
        resolution: of modularity, above 0; above 1 communities get smaller, below 1 larger.
        threshold: the least match probability of a pair, 0 to 1.
        seed: Louvain and label propagation draw with it in which order records are looked at.

    Raises:
        ConfigurationError: there is no such method.
        RangeError: an argument lies outside its range.

    References:
        Blondel, Guillaume, Lambiotte and Lefebvre (2008), Fast unfolding of communities in large networks, JSTAT.
        Clauset, Newman and Moore (2004), Finding community structure in very large networks, Physical Review E 70.
        Raghavan, Albert and Kumara (2007), Near linear time algorithm to detect community structures, Phys. Rev. E 76.

    Examples:
        Two triangles joined by one pair.

        >>> edges = [(1, 2), (2, 3), (1, 3), (3, 4), (4, 5), (5, 6), (4, 6)]
        >>> Communities().build(IdentityGraph.of(edges=edges)).labels.tolist()
        [0, 0, 0, 1, 1, 1]
    """

    method: Literal["louvain", "greedy_modularity", "label_propagation"] = "louvain"
    resolution: float = attrs.field(default=1.0, kw_only=True)
    threshold: float = attrs.field(default=0.5, kw_only=True)
    seed: int = attrs.field(default=0, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        if self.method not in METHODS:
            raise ConfigurationError(f"method must be one of {', '.join(map(repr, METHODS))}, got {self.method!r}")
        check_probability("threshold", self.threshold)
        if not 0 < self.resolution < float("inf"):
            raise RangeError("resolution", self.resolution, 0, float("inf"))

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`."""
        pairs, n = Contracted.of(graph, self.threshold), len(graph)
        component = pairs.components
        labels = component.copy()
        inner = np.flatnonzero(np.bincount(component, minlength=n)[component[pairs.low]] > 2)
        inner = inner[np.argsort(component[pairs.low[inner]], kind="stable")]
        for places in np.split(inner, run_starts(component[pairs.low[inner]]))[1:]:
            some = pairs.where(places)
            nodes, ends = np.unique(np.column_stack([some.low, some.high]), return_inverse=True)
            weights = np.maximum(some.probability, LEAST_WEIGHT)
            for community in self._communities(ends.reshape(-1, 2), weights):
                members = nodes[sorted(community)]
                labels[members] = members[0]
        return held_together(graph, labels[pairs.label], linking(graph.scored, self.threshold))

    def _communities(self, ends: Ints, weights: Floats) -> Iterable[set[int]]:
        """Return the communities of one component, its records numbered from 0."""
        inner = networkx().Graph()
        inner.add_nodes_from(range(int(ends.max()) + 1))
        inner.add_weighted_edges_from(zip(*ends.T.tolist(), weights.tolist(), strict=True))
        found: Iterable[set[int]]
        if self.method == "louvain":
            found = networkx().community.louvain_communities(inner, resolution=self.resolution, seed=self.seed)
        elif self.method == "greedy_modularity":
            found = networkx().community.greedy_modularity_communities(inner, "weight", resolution=self.resolution)
        else:
            found = networkx().community.asyn_lpa_communities(inner, "weight", seed=self.seed)
        return found
