"""Connected components of all pairs from a threshold on."""

from __future__ import annotations

import attrs

from identigraph.calls import call_repr
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.contracting import joined, linking
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.repairing import repaired


@attrs.frozen
class Components:
    """Connected components of the pairs at or above a match probability.

    Quick and easy to explain, but one wrong pair joins two clusters: set the threshold high.

    Args:
        threshold: the least match probability of a link, 0 to 1.
    """

    threshold: float = 0.9

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the components of the records of `graph`.

        Where judgements or sources keep records of a component apart, its links are taken one by one, the strongest
        first, as far as they allow it.

        Examples:
            >>> graph = IdentityGraph.of(edges=[("a", "b", 0.95), ("b", "c", 0.8)])
            >>> Components(threshold=0.9).build(graph)
            <Clusters: 3 records in 2 clusters>
        """
        scored, start = linking(graph.scored, self.threshold), graph.groups
        return repaired(graph, joined(len(graph), start, start[scored.left], start[scored.right]), scored)
