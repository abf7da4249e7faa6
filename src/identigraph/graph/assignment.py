"""One record of each source: clusters where every source lists an entity once.

Sources are the codes in `graph.apart`; where there are none, the sources of the records' keys.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.encoding import Codes, encode
from identigraph.errors import ConfigurationError
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.components import Components
from identigraph.graph.contracting import Contracted, joined, odds_of
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.matching import heaviest_matching

Ints = npt.NDArray[np.int64]

PRECISION = 1 << 20
"""Weights are whole numbers of so many parts of a bit, so that sums are exact."""


@attrs.frozen
class OneToOne:
    """Links between two sources, each record in one link at most.

    Exact: of all ways to link, one with the highest sum of weights, where the weight of a pair is its log2 odds minus
    those of the threshold; of equal sums the one of the most pairs. This is the assignment problem of record linkage
    (Jaro 1989). It may give up the strongest pair for the sake of two others. Records are assigned one after another
    by shortest augmenting paths, whatever the size of a component, after pairs that no alternative outweighs are
    settled on arrays; the time is nearly linear where components are small, and in the worst case grows with records
    times pairs.

    Greedy: pairs are taken the strongest first, of equals those of the lowest records, and those with a record that is
    taken are left out. Its sum is at least half of the highest.

    A group of must-linked records is linked as one record; with records of both sources it is complete.

    Args:
        threshold: the least match probability of a link, 0 to 1.
        exact: whether the sum is the highest; else greedy.

    Raises:
        RangeError: the threshold lies outside 0 to 1.

    References:
        Jaro (1989), Advances in record-linkage methodology as applied to matching the 1985 census of Tampa, Florida,
        JASA 84. Jonker and Volgenant (1987), A shortest augmenting path algorithm, Computing 38.

    Examples:
        The strongest pair alone weighs 6.6 bits, the two others together 7.8.

        >>> edges = {"left_source": ["a"] * 3, "left_id": [1, 1, 2], "right_source": ["b"] * 3, "right_id": [1, 2, 1]}
        >>> graph = IdentityGraph.of(edges={**edges, "weight": [0.99, 0.94, 0.94]})
        >>> OneToOne().build(graph).labels.tolist()
        [0, 1, 1, 0]
        >>> OneToOne(exact=False).build(graph).labels.tolist()
        [0, 1, 0, 2]
    """

    threshold: float = 0.5
    exact: bool = True

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`.

        Raises:
            ConfigurationError: records are of other than two sources, or some of none.
        """
        sources = sources_of(graph)
        there = np.unique(sources)
        if len(there) != 2 or there[0] < 0:
            raise ConfigurationError(_two_needed(graph, there))
        if not self.exact:
            return Components(self.threshold).build(attrs.evolve(graph, apart=sources))
        pairs = _between(graph, sources, there, self.threshold)
        excess = np.maximum(pairs.odds - odds_of(self.threshold, graph.scored), 0.0)
        first = (sources == there[0])[pairs.low]
        one, other = np.where(first, pairs.low, pairs.high), np.where(first, pairs.high, pairs.low)
        taken = heaviest_matching(one, other, np.rint(excess * PRECISION).astype(np.int64) + 1)
        return Clusters.of(joined(len(graph), graph.groups, one[taken], other[taken]))


@attrs.frozen
class OnePerSource:
    """Clusters with at most one record of each source, for any number of sources.

    Pairs are taken the strongest first, of equals those of the lowest records; one whose clusters have a source in
    common is left out. The cost is that of sorting the pairs. It never takes a choice back, so an early pair may stand
    in the way of several others; the partition with the highest sum of weights is NP-hard to find for three or more
    sources. Records without a source, or with code -1 in `graph.apart`, go with any.

    Args:
        threshold: the least match probability of a link, 0 to 1.
        exact: whether to find the highest sum of weights: for two sources alone, as `OneToOne` does.

    Raises:
        RangeError: the threshold lies outside 0 to 1.

    References:
        Nentwig, Groß and Rahm (2016), Holistic entity clustering for linked data, ICDM Workshops.

    Examples:
        The second record of b comes too late.

        >>> edges = {"left_source": ["a", "a", "b"], "left_id": [1, 1, 1], "right_source": ["b", "b", "c"]}
        >>> graph = IdentityGraph.of(edges={**edges, "right_id": [1, 2, 1], "weight": [0.9, 0.8, 0.7]})
        >>> OnePerSource().build(graph).labels.tolist()
        [0, 0, 1, 0]
    """

    threshold: float = 0.5
    exact: bool = False

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`.

        Raises:
            ConfigurationError: the highest sum of weights is asked for, and there are not just two sources.
        """
        if self.exact:
            return OneToOne(self.threshold).build(graph)
        return Components(self.threshold).build(attrs.evolve(graph, apart=sources_of(graph)))


def sources_of(graph: IdentityGraph) -> Codes:
    """Return the source of each record as a code; -1: none.

    Examples:
        >>> sources_of(IdentityGraph.of({"id": [1, 1], "shop": ["x", "y"]}, id="id", source="shop")).tolist()
        [0, 1]
    """
    return encode(graph.keys.frame.get_column("source")).codes if graph.apart is None else graph.apart


def _two_needed(graph: IdentityGraph, there: Codes) -> str:
    """Return what is wrong with the sources."""
    names = ", ".join(map(repr, graph.keys.frame.get_column("source").unique().sort().head(12).to_list()))
    count = int((there >= 0).sum())
    none = " and records of none" if there.min(initial=0) < 0 else ""
    told = f"one-to-one links are between exactly two sources, got {count}{none} (sources of keys: {names})"
    return f"{told}; for more, OnePerSource() takes the strongest pairs first: the exact sum is NP-hard there"


def _between(graph: IdentityGraph, sources: Codes, there: Codes, threshold: float) -> Contracted:
    """Return the pairs of groups that may be linked: each of one source, not of the same, and not judged apart."""
    pairs, n = Contracted.of(graph, threshold), len(graph)
    first, second = (np.bincount(pairs.label[sources == code], minlength=n) > 0 for code in there)
    one_source = first != second
    fit = one_source[pairs.low] & one_source[pairs.high] & (first[pairs.low] != first[pairs.high])
    cannot = graph.judgements.cannot
    one, other = pairs.label[cannot.left], pairs.label[cannot.right]
    apart = (np.minimum(one, other) << 32) | np.maximum(one, other)
    return pairs.where(fit & ~np.isin((pairs.low << 32) | pairs.high, apart))
