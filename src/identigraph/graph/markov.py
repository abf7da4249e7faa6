"""Markov clustering: flow that gathers where records hold together."""

from __future__ import annotations

from collections.abc import Iterator
from warnings import warn

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.encoding import positions, run_starts
from identigraph.errors import FitWarning, RangeError
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.contracting import Contracted, joined, linking
from identigraph.graph.flows import CELLS, Weights, settled_flow
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.repairing import held_together

Ints = npt.NDArray[np.int64]


@attrs.frozen
class Markov:
    """Markov clustering (MCL): clusters that a random walk along pairs seldom leaves.

    The walk goes from record to record in proportion to match probabilities; a record stays with the weight of its
    strongest pair. In turns, two steps are made one (*expansion*: the matrix of the flow is squared), and strong flow
    is made stronger (*inflation*: each entry is raised to a power, and the flow out of each record made 1 again). In
    the limit the flow of each record goes to a few, and what flow connects is a cluster.

    It needs no number of clusters, and separates dense groups that some pairs join; the inflation says how fine. Its
    weakness: long thin clusters break, whatever their pairs say, and the outcome is hard to explain. Time and memory of
    a component grow with the third and the second power of its records up to 300; beyond, each record keeps the 100
    strongest flows, and both grow with the records.

    Args:
        inflation: the power, above 1; 1.4 makes coarse clusters, 2 usual ones, 4 fine ones.
        threshold: the least match probability of a pair, 0 to 1.
        rounds: the most turns, 1 or more; mostly some 20 are enough.

    Raises:
        RangeError: an argument lies outside its range.

    References:
        van Dongen (2000), Graph clustering by flow simulation, PhD thesis, University of Utrecht.

    Examples:
        Two triangles joined by one pair.

        >>> edges = [(1, 2), (2, 3), (1, 3), (3, 4), (4, 5), (5, 6), (4, 6)]
        >>> Markov().build(IdentityGraph.of(edges=edges)).labels.tolist()
        [0, 0, 0, 1, 1, 1]
    """

    inflation: float = 2.0
    threshold: float = attrs.field(default=0.5, kw_only=True)
    rounds: int = attrs.field(default=100, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)
        if not 1 < self.inflation < float("inf"):
            raise RangeError("inflation", self.inflation, 1, float("inf"))
        if not self.rounds >= 1:
            raise RangeError("rounds", self.rounds, 1, float("inf"))

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`.

        Warns:
            FitWarning: flow has not settled after all rounds, with the numbers.
        """
        pairs = Contracted.of(graph, self.threshold)
        ends, changing = zip((np.zeros((0, 2), dtype=np.int64), 0), *self._flows(pairs), strict=True)
        if unsettled := sum(changing):
            told = f"the flow of {unsettled:,} component{'s'[: unsettled != 1]} still changes in round {self.rounds}"
            warn(f"{told}; clusters are those of the flow so far", FitWarning, stacklevel=2)
        labels = joined(len(graph), pairs.label, *np.concatenate(ends).T)
        return held_together(graph, labels, linking(graph.scored, self.threshold))

    def _flows(self, pairs: Contracted) -> Iterator[tuple[Ints, int]]:
        """Yield between which groups something flows in the end, and how many components have not settled.

        Components are taken by their sizes, so that those of one size are one stack of matrices.
        """
        component, n = pairs.components, len(pairs.label)
        order = np.lexsort((component, np.bincount(component, minlength=n)[component]))
        first = run_starts(component[order])
        sizes = np.diff(np.append(first, n))
        number, place = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
        number[order], place[order] = np.repeat(np.arange(len(first)), sizes), positions(np.zeros_like(sizes), sizes)
        pairs = pairs.where(np.argsort(number[pairs.low], kind="stable"))
        stop = np.append(0, np.cumsum(np.bincount(number[pairs.low], minlength=len(first))))
        for start, end in _batches(sizes):
            some = pairs.where(np.arange(stop[start], stop[end]))
            weights = Weights(number[some.low] - start, place[some.low], place[some.high], some.probability)
            flow = settled_flow(weights, end - start, int(sizes[start]), self.inflation, self.rounds)
            ends = np.column_stack([flow.one, flow.other])
            yield order[first[start] + flow.which[:, None] * sizes[start] + ends], flow.unsettled


def _batches(sizes: Ints) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place, plus one, of components of one size, as many as are held at a time."""
    starts = run_starts(sizes)
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(sizes)], strict=False):
        step = max(CELLS // int(sizes[start]) ** 2, 1)
        if sizes[start] > 1:
            yield from ((some, min(some + step, end)) for some in range(start, end, step))
