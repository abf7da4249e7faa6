"""Meta-blocking: of the pairs that blocks make, those that share many and small blocks are kept.

The **block graph** has a node for each record and an edge for each pair that shares a block; the edge weighs more the
more the blocks say. Edges that weigh little are pruned, and with them most of the pairs that blocks make by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal, get_args

import attrs

from identigraph.blocking.blocks import BlockCandidates, BlockMaker
from identigraph.blocking.candidates import BlockReport, Candidates, ListedCandidates, decoded
from identigraph.blocking.checks import check_whole
from identigraph.blocking.graph import BlockGraph, Weight
from identigraph.blocking.hot import tell, tell_empty
from identigraph.blocking.strategy import Algebra, BlockingStrategy, Union
from identigraph.errors import ConfigurationError
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records
from identigraph.records.quantities import Floats

Pruning = Literal["weight_edge", "weight_node", "cardinality_node"]
SLACK = 1e-9
"""Weights that are equal but for rounding count as equal."""


@attrs.frozen(repr=False)
class MetaBlocking(Algebra):
    """The pairs of other strategies whose blocks say the most. Made by `meta_blocking`."""

    strategy: BlockingStrategy
    weight: Weight
    pruning: Pruning
    reciprocal: bool
    k: int | None

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs that are kept.

        Raises:
            ColumnNotFoundError: a feature does not exist.
            HotBlockError: a block is hot and its strategy is to raise.

        Warns:
            HotBlockWarning: pairs of hot blocks are left out.
            EmptyBlockingWarning: no two records share a block.
        """
        graph = BlockGraph.of([_blocked(part, records) for part in _makers(self.strategy)], self.weight)
        report = graph.report(repr(self))
        tell_empty(report, len(records))
        if self.pruning == "cardinality_node":
            k = graph.usual_degree if self.k is None else self.k
            return ListedEdges(repr(self), graph.strongest(k, both=self.reciprocal), report.keyed, report)
        least = graph.mean_weight() if self.pruning == "weight_edge" else graph.mean_weights()
        return PrunedCandidates(graph, least * (1 - SLACK), self.reciprocal, report)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        options = [f"weight={self.weight!r}", f"pruning={self.pruning!r}"]
        options += ["reciprocal=True"] if self.reciprocal else []
        options += [f"k={self.k}"] if self.k is not None else []
        return f"meta_blocking({', '.join([repr(self.strategy), *options])})"


def meta_blocking(
    strategy: BlockingStrategy,
    *,
    weight: Weight = "arcs",
    pruning: Pruning = "cardinality_node",
    reciprocal: bool = False,
    k: int | None = None,
) -> MetaBlocking:
    """Return the strategy that keeps of another's pairs those whose shared blocks say the most.

    With B(r) the blocks of record r, B all blocks and |b|(|b|-1)/2 the pairs of block b, the edge of r and s weighs::

        common    |B(r) ∩ B(s)|
        jaccard   |B(r) ∩ B(s)| / |B(r) ∪ B(s)|
        ecbs      |B(r) ∩ B(s)| · ln(|B| / |B(r)|) · ln(|B| / |B(s)|)
        arcs      the sum over shared blocks b of 1 / (|b|(|b|-1)/2)

    and the pruning keeps::

        weight_edge        edges of at least the mean weight of all
        weight_node        edges of at least the mean weight around one of their records
        cardinality_node   edges among the k heaviest of one of their records

    Where it is weak: records that share one block only, though a telling one, lose to those that share many.

    Args:
        strategy: one that makes blocks (`block_on`, `words_of`, `qgrams_of`, `suffixes_of`, `any_shared`, `minhash`),
            or a union of such. Blocks that are hot for it count as it treats them.
        weight: how edges are weighed.
        pruning: which are kept.
        reciprocal: for the prunings by node, whether both records of an edge must keep it: fewer and better pairs.
        k: for ``"cardinality_node"``, how many edges a record keeps; left out, the mean number of blocks of a record
            less one, which is what the literature takes.

    Raises:
        ConfigurationError: a part of the strategy makes no blocks, or tests the pairs of its blocks one by one; or
            arguments that make no sense.
        RangeError: `k` is below 1.

    Examples:
        Records 0 and 1 share three words, one of them with 2; 3 shares one with 0, 1 and 2.

        >>> titles = ["red vmcc1b wall mount", "vmcc1b red mount", "wall lamp mount", "mount"]
        >>> from identigraph.blocking import words_of
        >>> best = meta_blocking(words_of("title"), weight="common", pruning="weight_edge")
        >>> records = Records.of({"title": titles})
        >>> words_of("title").candidates(records).cost, sum(len(pairs) for pairs in best.candidates(records))
        (9, 2)

    References:
        Papadakis, Koutrika, Palpanas, Nejdl (2014): Meta-blocking: taking entity resolution to the next level. IEEE
        TKDE 26(8).
    """
    if weight not in get_args(Weight):
        raise ConfigurationError(f"weight must be one of {', '.join(map(repr, get_args(Weight)))}, got {weight!r}")
    if pruning not in get_args(Pruning):
        raise ConfigurationError(f"pruning must be one of {', '.join(map(repr, get_args(Pruning)))}, got {pruning!r}")
    if pruning == "weight_edge" and reciprocal:
        raise ConfigurationError("reciprocal is for the prunings by node, 'weight_node' and 'cardinality_node'")
    if k is not None and pruning != "cardinality_node":
        raise ConfigurationError(f"k is for pruning='cardinality_node', got pruning={pruning!r}")
    if k is not None:
        check_whole("k", k, 1)
    for part in _parts(strategy):
        if not isinstance(part, BlockMaker):
            raise ConfigurationError(f"meta_blocking takes strategies that make blocks, which {part!r} does not")
        if not part.takes_whole_blocks:
            raise ConfigurationError(
                f"meta_blocking takes all pairs of a block, but {part!r} tests them one by one; write it beside, by &"
            )
    return MetaBlocking(strategy, weight, pruning, reciprocal, k)


@attrs.frozen(eq=False, repr=False)
class PrunedCandidates:
    """The edges that weigh enough.

    Args:
        graph: the block graph.
        least: the least weight that is kept, for each record.
        both: whether it must be enough for both records, or for one.
        report: what became of the blocks.
    """

    graph: BlockGraph
    least: Floats
    both: bool
    report: BlockReport

    @property
    def cost(self) -> int:
        """The edges before any is pruned; a pair that shares two blocks counts twice."""
        return self.report.pairs

    @cached_property
    def reports(self) -> tuple[BlockReport, ...]:
        """The one report."""
        return (self.report,)

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs by left, then right row."""
        for codes, weights in self.graph.edges():
            pairs = decoded(codes)
            kept = pairs.where(self._enough(pairs, weights))
            if len(kept):
                yield kept

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether each pair shares blocks that say enough."""
        return self._enough(pairs, self.graph.weights(pairs))

    def _enough(self, pairs: Pairs, weights: Floats) -> Mask:
        left, right = weights >= self.least[pairs.left], weights >= self.least[pairs.right]
        return left & right if self.both else left | right


@attrs.frozen(eq=False, repr=False)
class ListedEdges(ListedCandidates):
    """The edges that are kept, listed one by one.

    Args:
        report: what became of the blocks.
    """

    report: BlockReport

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The one report."""
        return (attrs.evolve(self.report, pairs=self.cost),)


def _blocked(maker: BlockMaker, records: Records) -> BlockCandidates:
    found = BlockCandidates.of(repr(maker), maker.blocks(records), maker.policy, records)
    if found.report.hot_blocks:
        tell(found.reports[0], maker.policy, len(records), purging=True)
    return found


def _parts(strategy: BlockingStrategy) -> tuple[BlockingStrategy, ...]:
    return strategy.strategies if isinstance(strategy, Union) else (strategy,)


def _makers(strategy: BlockingStrategy) -> list[BlockMaker]:
    return [part for part in _parts(strategy) if isinstance(part, BlockMaker)]
