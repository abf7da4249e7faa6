"""The block graph: a node for each record, an edge for each pair that shares a block, weighed by what blocks say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal

import attrs
import numpy as np

from identigraph.blocking.blocks import BlockCandidates
from identigraph.blocking.candidates import BlockReport, Ints, decoded, distinct
from identigraph.pairs import Pairs
from identigraph.records.quantities import Floats

Weight = Literal["common", "jaccard", "ecbs", "arcs"]


@attrs.frozen(eq=False, repr=False)
class BlockGraph:
    """The weighed pairs of blocks.

    Args:
        blocks: the blocks, hot ones treated.
        weight: how an edge is weighed.
        reports: what became of the blocks of each part.
    """

    blocks: BlockCandidates
    weight: Weight
    reports: tuple[BlockReport, ...]

    @classmethod
    def of(cls, parts: Sequence[BlockCandidates], weight: Weight) -> BlockGraph:
        """Return the graph of the blocks of all parts together."""
        reports = tuple(part.reports[0] for part in parts)
        offset, block, row, capped = 0, [], [], []
        for part in parts:
            block.append(part.block + offset)
            row.append(part.row)
            capped.append(part.capped)
            offset += len(part.capped)
        together = BlockCandidates(
            parts[0].n, np.concatenate(block), np.concatenate(row), np.concatenate(capped), reports[0]
        )
        return cls(together, weight, reports)

    def report(self, part: str) -> BlockReport:
        """Return what became of the blocks of all parts, under one name."""
        return BlockReport(
            part,
            self.blocks.cost,
            int(np.count_nonzero(np.diff(self.blocks.starts))),
            sum(report.blocks for report in self.reports),
            max(report.largest for report in self.reports),
            sum(report.hot_blocks for report in self.reports),
            sum(report.hot_records for report in self.reports),
            sum(report.hot_pairs for report in self.reports),
            max(report.stranded for report in self.reports),
        )

    @cached_property
    def degrees(self) -> Ints:
        """In how many blocks each record is."""
        return np.diff(self.blocks.starts)

    @property
    def usual_degree(self) -> int:
        """The mean number of blocks of a record, less one; at least one."""
        return max(round(len(self.blocks.block) / max(self.blocks.n, 1)) - 1, 1)

    def edges(self) -> Iterator[tuple[Ints, Floats]]:
        """Yield the codes of pairs and their weights, by left, then right row."""
        for codes, block in self.blocks.walked():
            yield self._weighed(codes, block)

    def weights(self, pairs: Pairs) -> Floats:
        """Return the weight of any pairs; -1 where they share no block."""
        asked = distinct(pairs.codes())
        pair, block = self.blocks.shared(decoded(asked))
        found, weights = self._weighed(asked[pair], block)
        if len(found) == 0:
            return np.full(len(pairs), -1.0)
        place = np.minimum(np.searchsorted(found, pairs.codes()), len(found) - 1)
        return np.where(found[place] == pairs.codes(), weights[place], -1.0)

    def mean_weight(self) -> Floats:
        """Return the mean weight of all edges, for each record."""
        total, edges = 0.0, 0
        for codes, weights in self.edges():
            total += float(weights.sum())
            edges += len(codes)
        return np.full(self.blocks.n, total / max(edges, 1))

    def mean_weights(self) -> Floats:
        """Return the mean weight of the edges of each record."""
        n = self.blocks.n
        total, edges = np.zeros(n), np.zeros(n)
        for codes, weights in self.edges():
            pairs = decoded(codes)
            for side in (pairs.left, pairs.right):
                total += np.bincount(side, weights, minlength=n)
                edges += np.bincount(side, minlength=n)
        return total / np.maximum(edges, 1)

    def strongest(self, k: int, *, both: bool) -> Ints:
        """Return the codes of the pairs that are among the `k` heaviest of one of their records, or of `both`."""
        kept = []
        for codes, block in self.blocks.walked(backward=True):
            found, weights = self._weighed(codes, block)
            row = found >> 32
            order = np.lexsort((found, -weights, row))
            rank = np.arange(len(order)) - np.searchsorted(row, row)
            best = decoded(found[order[rank < k]])
            kept.append(Pairs.of(best.left, best.right).codes())
        chosen = np.sort(np.concatenate(kept)) if kept else np.zeros(0, dtype=np.int64)
        return chosen[1:][chosen[1:] == chosen[:-1]] if both else distinct(chosen)

    def _weighed(self, codes: Ints, block: Ints) -> tuple[Ints, Floats]:
        """Return the distinct pairs and their weights, from the pairs once for each block they share."""
        order = np.argsort(codes, kind="stable")
        ordered = codes[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
        found = ordered[starts]
        if self.weight == "arcs":
            sizes = self._sizes[block[order]]
            return found, np.add.reduceat(2.0 / (sizes * (sizes - 1)), starts) if len(starts) else np.zeros(0)
        common = np.diff(starts, append=len(codes)).astype(np.float64)
        return found, self._by_degree(common, decoded(found))

    @cached_property
    def _sizes(self) -> Floats:
        return np.bincount(self.blocks.block).astype(np.float64)

    def _by_degree(self, common: Floats, pairs: Pairs) -> Floats:
        left, right = self.degrees[pairs.left], self.degrees[pairs.right]
        if self.weight == "jaccard":
            return common / (left + right - common)
        if self.weight == "ecbs":
            every = float(np.count_nonzero(self._sizes))
            return common * np.log(every / left) * np.log(every / right)
        return common
