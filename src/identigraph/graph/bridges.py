"""Connected components, cut where two groups of records hang together by one weak pair."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.components import connected_components
from identigraph.encoding import run_starts
from identigraph.errors import RangeError
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.contracting import Contracted, linking, odds_of
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.lazy_networkx import networkx
from identigraph.graph.repairing import held_together

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@attrs.frozen
class BridgeCutting:
    """Connected components without their weak bridges.

    A *bridge* is a pair whose removal disconnects its component. Bridges below `weak` are cut, the weakest first, of
    equals those of the lowest records, where at least `smallest` records remain on both sides. Must-linked records
    count as one end of a pair, and as many records.

    One wrong pair between two families is mostly such a bridge, and right pairs mostly are not, for an entity of
    several records has other pairs beside. Two wrong pairs between the same families are no bridge: they stay. A record
    that hangs on others by one pair alone is not cut off unless `smallest` is 1, for that is what a right pair of a
    rare record looks like, and the threshold has judged it.

    The cost is that of connected components and a search of what weak pairs are left between them.

    Args:
        threshold: the least match probability of a link, 0 to 1.
        weak: bridges at or above this match probability stay, 0 to 1. At 0.9 one pair alone joins two groups that hold
            together by themselves where it is wrong once in ten times at most.
        smallest: the fewest records on either side of a cut, 1 or more. 2: what remains holds together by a pair.

    Raises:
        RangeError: an argument lies outside its range.

    Examples:
        Two triangles that one pair joins, and a record that hangs on one of them.

        >>> edges = [(1, 2, 0.99), (2, 3, 0.99), (1, 3, 0.99), (4, 5, 0.99), (5, 6, 0.99), (4, 6, 0.99)]
        >>> graph = IdentityGraph.of(edges=[*edges, (3, 4, 0.7), (6, 7, 0.6)])
        >>> BridgeCutting().build(graph).labels.tolist()
        [0, 0, 0, 1, 1, 1, 1]
    """

    threshold: float = 0.5
    weak: float = attrs.field(default=0.9, kw_only=True)
    smallest: int = attrs.field(default=2, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)
        check_probability("weak", self.weak)
        if not self.smallest >= 1:
            raise RangeError("smallest", self.smallest, 1, float("inf"))

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`."""
        pairs, n = Contracted.of(graph, self.threshold), len(graph)
        weak = pairs.odds < odds_of(self.weak, graph.scored)
        # what strong pairs join is one node: none of them is cut, and a bridge stays one when other pairs are contracted
        solid = connected_components(n, pairs.low[~weak], pairs.high[~weak])
        size = np.bincount(solid[pairs.label], minlength=n)
        candidates = _alone_between(solid, pairs, np.flatnonzero(weak))
        kept = np.ones(len(pairs), dtype=bool)
        for places in _of_components(solid, pairs, np.flatnonzero(weak)):
            bridges = _bridges(solid, pairs, places, candidates)
            kept[_cut(solid, pairs, places, bridges, size, self.smallest)] = False
        labels = connected_components(n, pairs.low[kept], pairs.high[kept])[pairs.label]
        return held_together(graph, labels, linking(graph.scored, self.threshold))
