"""Connected components, cut where two groups of records hang together by one weak pair."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.components import connected_components
from identigraph.encoding import run_starts
from identigraph.errors import RangeError
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.contracting import Contracted, linking, odds_of
from identigraph.graph.growing import pairs_of
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.lazy_networkx import networkx
from identigraph.graph.repairing import repaired
from identigraph.pairs import Mask

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
        weak = np.flatnonzero(pairs.odds < odds_of(self.weak, graph.scored))
        bridges = weak[_bridges(n, pairs, weak)]
        bridges = bridges[np.argsort(pairs.odds[bridges], kind="stable")]
        solid = _without(n, pairs, bridges)
        size = np.bincount(solid[pairs.label], minlength=n)
        cut = _cut(solid[pairs.low[bridges]], solid[pairs.high[bridges]], size, self.smallest)
        labels = _without(n, pairs, bridges[cut])[pairs.label]
        return repaired(graph, labels, linking(graph.scored, self.threshold))


def _without(nodes: int, pairs: Contracted, places: Ints) -> Ints:
    """Return the lowest node that pairs lead to, but for those at some places."""
    kept = np.ones(len(pairs), dtype=bool)
    kept[places] = False
    return connected_components(nodes, pairs.low[kept], pairs.high[kept])


def _bridges(nodes: int, pairs: Contracted, weak: Ints) -> Mask:
    """Return which of the weak pairs are bridges.

    What strong pairs join is made one node first: a bridge stays a bridge when other pairs are contracted, and few
    pairs are left. In a component that is a tree, all are bridges.
    """
    solid = _without(nodes, pairs, weak)
    one, other = solid[pairs.low[weak]], solid[pairs.high[weak]]
    tree = connected_components(nodes, one, other)
    surplus = np.bincount(tree[one], minlength=nodes) - np.bincount(tree[solid == np.arange(nodes)], minlength=nodes)
    code = (np.minimum(one, other) << 32) | np.maximum(one, other)
    found: Mask = surplus[tree[one]] == -1
    looped = np.flatnonzero(~found)
    looped = looped[np.argsort(tree[one[looped]], kind="stable")]
    for places in np.split(looped, run_starts(tree[one[looped]]))[1:]:
        codes, times = np.unique(code[places], return_counts=True)
        inner = networkx().Graph(zip((codes >> 32).tolist(), (codes & 0xFFFFFFFF).tolist(), strict=True))
        ends = np.array([sorted(pair) for pair in networkx().bridges(inner)], dtype=np.int64).reshape(-1, 2)
        found[places] = np.isin(code[places], np.intersect1d(codes[times == 1], (ends[:, 0] << 32) | ends[:, 1]))
    return found


def _cut(one: Ints, other: Ints, size: Ints, smallest: int) -> Ints:
    """Return the places of the bridges that are cut in order, where so many records remain on both sides.

    Args:
        one: one end of each bridge; bridges are the edges of a forest.
        other: the other end.
        size: shape (nodes,): the records of each node.
        smallest: the fewest records on either side.
    """
    above, order = _rooted(one, other)
    below = {node: int(size[node]) for node in order}
    for node in reversed(order):
        if node in above:
            below[above[node]] += below[node]
    cut = []
    for place, (low, high) in enumerate(pairs_of(one, other)):
        child = low if above.get(low) == high else high
        line = [above[child]]
        while line[-1] in above:
            line.append(above[line[-1]])
        if below[child] >= smallest and below[line[-1]] - below[child] >= smallest:
            cut.append(place)
            for node in line:
                below[node] -= below[child]
            del above[child]
    return np.array(cut, dtype=np.int64)


def _rooted(one: Ints, other: Ints) -> tuple[dict[int, int], list[int]]:
    """Return for each node of a forest that is no root the one above, and all nodes, those above before those below."""
    beside: dict[int, list[int]] = {}
    for low, high in pairs_of(one, other):
        beside.setdefault(low, []).append(high)
        beside.setdefault(high, []).append(low)
    above: dict[int, int] = {}
    order: list[int] = []
    seen = set[int]()
    for root in beside:
        waiting = [] if root in seen else [root]
        while waiting:
            node = waiting.pop()
            seen.add(node)
            order.append(node)
            below = [each for each in beside[node] if each not in seen]
            above.update(dict.fromkeys(below, node))
            waiting += below
    return above, order
