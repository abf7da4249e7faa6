"""Pairs that blocking never proposed, scored where the joining of clusters asks for them.

Whether two clusters are one entity is told by all pairs of records between them, not by those that happen to share a
key. So clusters are joined as average linkage joins them, on the pairs that are known, and before two are joined all
pairs between them are scored. What is scored grows with what is joined or nearly so, not with the square of components.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from identigraph.blocking.candidates import decoded, distinct
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.linkage import AverageLinkage, Promised, Weigh, agglomerated
from identigraph.pairs import Pairs

Floats = npt.NDArray[np.float64]

LOWEST_CUT = -4.0
"""Log2 odds of the lowest cut that clusters may be made at: joins above it are looked at."""


def asked_pairs(graph: IdentityGraph, weigh: Weigh, linkage: AverageLinkage, *, cut: float = LOWEST_CUT) -> Pairs:
    """Return the pairs of records between clusters that average linkage would join, less those that were scored.

    Args:
        graph: records and scored pairs.
        weigh: gives the log2 odds of a match of any pairs.
        linkage: what would join them.
        cut: log2 odds from which on clusters are joined.

    Examples:
        Blocking did not propose the pair (a, c), which speaks for joining all three.

        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.9)])
        >>> asked_pairs(graph, lambda pairs: np.full(len(pairs), 3.0), AverageLinkage())
        <Pairs: 1>
    """
    codes = [np.zeros(0, dtype=np.int64)]

    def remembered(pairs: Pairs) -> Floats:
        codes.append(pairs.codes())
        return weigh(pairs)

    agglomerated(graph, Promised(linkage.unseen), limit=linkage.limit, cut=cut, weigh=remembered)
    asked = decoded(distinct(np.concatenate(codes)))
    return asked.where(asked.places_in(Pairs(graph.scored.left, graph.scored.right)) < 0)
