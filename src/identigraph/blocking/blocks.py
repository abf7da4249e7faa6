"""Blocks: which record is in which block, where a record may be in many.

Words, shared elements, hash bands, canopies and cells all make blocks; this turns them into candidates. Pairs are made
record after record, so that a pair which shares several blocks is seen as one inside a batch: no stage looks at all
pairs, and how many blocks a pair shares is known at once.

Invariant: every pair once, by left row; the same for any order of memberships.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Protocol, runtime_checkable

import attrs
import numpy as np
import polars as pl

from identigraph.blocking.candidates import BATCH, BlockReport, Candidates, Ints, decoded, distinct
from identigraph.blocking.hot import NEIGHBORS, HotPolicy, refuse, split_blocks, tell
from identigraph.blocking.strategy import Algebra
from identigraph.encoding import Codes, positions, take
from identigraph.pairs import Mask, Pairs, Rows
from identigraph.records import Records

LOOKED_UP = 2_000_000
"""About how many memberships are looked up at a time."""


@attrs.frozen(eq=False, repr=False)
class Blocks:
    """Memberships in blocks, of values rather than of records: records with one value share all its blocks.

    Args:
        block: the block of each membership, from 0.
        member: the value that is in it.
        carried: shape (records,): the value that each record carries; -1 where it has none.
        names: gives the names of blocks, for a table of the hot ones.
    """

    block: Ints
    member: Ints
    carried: Codes
    names: Callable[[Ints], pl.Series]

    @classmethod
    def of(cls, block: Ints, member: Ints, carried: Codes, names: pl.Series) -> Blocks:
        """Return blocks that are called by their entry in `names`."""
        return cls(block, member, carried, lambda asked: take(names, asked))

    @cached_property
    def counts(self) -> Ints:
        """How many records carry each value."""
        present = self.carried[self.carried >= 0]
        return np.bincount(present, minlength=int(self.member.max(initial=-1)) + 1).astype(np.int64)

    @cached_property
    def sizes(self) -> Ints:
        """How many records are in each block."""
        return np.bincount(self.block, self.counts[self.member]).astype(np.int64)

    def where(self, kept: Mask) -> Blocks:
        """Return the memberships that `kept` keeps."""
        return attrs.evolve(self, block=self.block[kept], member=self.member[kept])

    def filtered(self, keep: float, max_block: int) -> Blocks:
        """Return the blocks with each value left only in the share `keep` of its blocks that are smallest.

        At least one stays. Blocks of one record count for nothing, and hot ones, which are left as they are, neither.

        References:
            Papadakis, Papastefanatos, Palpanas, Koutrika (2016): Scaling entity resolution to large, heterogeneous data
            with enhanced meta-blocking. EDBT.
        """
        size = self.sizes[self.block]
        hot = size > max_block
        shared = np.flatnonzero((size > 1) & ~hot)
        order = shared[np.lexsort((self.block[shared], size[shared], self.member[shared]))]
        member = self.member[order]
        total = np.bincount(member)[member] if len(member) else member
        rank = np.arange(len(member)) - np.searchsorted(member, member)
        hot[order] = rank < np.ceil(keep * total)
        return self.where(hot)

    def rows(self, kept: Mask) -> tuple[Ints, Rows]:
        """Return block and record of each membership of the blocks that `kept` keeps, by block, then record."""
        chosen = np.flatnonzero(kept[self.block])
        present = np.flatnonzero(self.carried >= 0).astype(np.int32)
        by_member = present[np.argsort(self.carried[present], kind="stable")]
        starts = np.cumsum(self.counts) - self.counts
        member, counts = self.member[chosen], self.counts[self.member[chosen]]
        row = by_member[positions(starts[member], counts)]
        codes = distinct(np.repeat(self.block[chosen], counts) << 32 | row)
        return codes >> 32, codes.astype(np.int32)


@runtime_checkable
class BlockMaker(Protocol):
    """A strategy that is made of blocks."""

    @property
    def policy(self) -> HotPolicy:
        """What becomes of hot blocks."""
        ...

    @property
    def takes_whole_blocks(self) -> bool:
        """Whether every pair of a block is a candidate, or pairs are tested one by one."""
        ...

    def blocks(self, records: Records) -> Blocks:
        """Return its blocks, hot ones included."""
        ...


@attrs.frozen(eq=False)
class BlockStrategy(Algebra, ABC):
    """Gives a strategy that makes blocks its candidates."""

    @property
    def takes_whole_blocks(self) -> bool:
        """Whether every pair of a block is a candidate."""
        return True

    @property
    def quiet(self) -> bool:
        """Whether it warns of nothing."""
        return False

    @property
    def policy(self) -> HotPolicy:
        """What becomes of hot blocks."""
        return HotPolicy()

    @abstractmethod
    def blocks(self, records: Records) -> Blocks:
        """Return its blocks; each strategy has its own."""

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs that share a block.

        Raises:
            ColumnNotFoundError: a feature does not exist.
            HotBlockError: a block is hot and ``hot="raise"``.

        Warns:
            HotBlockWarning: pairs of hot blocks are left out.
            EmptyBlockingWarning: no two records share a block.
        """
        found = BlockCandidates.of(repr(self), self.blocks(records), self.policy, records)
        if not self.quiet:
            tell(found.reports[0], self.policy, len(records), purging=True)
        return found


@attrs.frozen(eq=False, repr=False)
class BlockCandidates:
    """The pairs that share a block.

    Args:
        n: the number of records.
        block: the block of each membership, rising; blocks that are walked only.
        row: its record, rising within a block.
        capped: which blocks are thinned out.
        report: what became of the blocks, but for the pairs.
    """

    n: int
    block: Ints
    row: Rows
    capped: Mask
    report: BlockReport

    @classmethod
    def of(cls, part: str, blocks: Blocks, policy: HotPolicy, records: Records) -> BlockCandidates:
        """Return the pairs of `blocks`, hot ones treated by `policy`.

        Raises:
            HotBlockError: a block is hot and the policy is to raise.
        """
        sizes = blocks.sizes
        refuse(part, sizes, policy)
        hot = sizes > policy.max_block
        block, row = blocks.rows((sizes > 1) & ~(hot & (policy.hot == "skip")))
        if policy.hot == "split" and hot.any():
            block = split_blocks(block, row, [records.column(f).codes for f in policy.split_by], policy.max_block)
            codes = np.sort(block << 32 | row)
            block, row = codes >> 32, codes.astype(np.int32)
        capped = np.bincount(block) > policy.max_block
        report = BlockReport(
            part,
            0,
            int(np.count_nonzero(blocks.carried >= 0)),
            int(np.count_nonzero(sizes > 1)),
            int(sizes.max(initial=0)),
            int(hot.sum()),
            int(np.count_nonzero(_rows_in(blocks, hot))),
            int((sizes * (sizes - 1) // 2).sum()),
            int(np.count_nonzero(_rows_in(blocks, sizes > 1))) - int(np.count_nonzero(np.bincount(row))),
        )
        return cls(len(records), block, row, capped, report)

    @cached_property
    def reach(self) -> Ints:
        """With how many records behind it in its block each membership is paired."""
        ends = np.searchsorted(self.block, self.block, side="right")
        behind = (ends - np.arange(len(self.block)) - 1).astype(np.int64)
        return np.where(self.capped[self.block], np.minimum(behind, NEIGHBORS), behind) if self.capped.any() else behind

    @cached_property
    def by_row(self) -> Ints:
        """The memberships in the order of their records; of one record, by block."""
        return np.argsort(self.row, kind="stable")

    @cached_property
    def starts(self) -> Ints:
        """Where in `by_row` the memberships of each record start."""
        counts = np.bincount(self.row, minlength=self.n)
        return np.append(0, np.cumsum(counts)).astype(np.int64)

    @cached_property
    def cost(self) -> int:
        """The pairs within all blocks; a pair that shares two blocks counts twice."""
        return int(self.reach.sum())

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The one report."""
        return (attrs.evolve(self.report, pairs=self.cost, hot_pairs=self.report.hot_pairs - self.cost),)

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs by left, then right row."""
        for places, starts, counts in self._batches(np.arange(len(self.block)) + 1, self.reach):
            right = self.row[positions(starts, counts)]
            yield decoded(distinct(np.repeat(self.row[places].astype(np.int64) << 32, counts) | right))

    def walked(self, *, backward: bool = False) -> Iterator[tuple[Ints, Ints]]:
        """Yield the codes of pairs in batches, each once for each block it shares, and that block.

        All of one pair come in one batch, and all of one left row. A pair and its block are named in the order of the
        records; with `backward` from the side of either record, the one it is seen from in front.
        """
        starts, counts = np.arange(len(self.block)) + 1, self.reach
        if backward:
            starts = starts - 1 - self._back
            counts = counts + self._back + 1
        for places, first, partners in self._batches(starts, counts):
            seen_from = np.repeat(self.row[places].astype(np.int64), partners)
            other = self.row[positions(first, partners)]
            block = np.repeat(self.block[places], partners)
            apart = seen_from != other
            yield (seen_from[apart] << 32) | other[apart], block[apart]

    @cached_property
    def _back(self) -> Ints:
        """With how many records before it in its block each membership is paired."""
        before = np.arange(len(self.block)) - np.searchsorted(self.block, self.block)
        return np.where(self.capped[self.block], np.minimum(before, NEIGHBORS), before) if len(before) else before

    def _batches(self, starts: Ints, counts: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield memberships, in batches of whole records, with their share of `starts` and `counts`."""
        before = np.append(0, np.cumsum(counts[self.by_row]))[self.starts]
        low = 0
        while low < self.n:
            high = max(int(np.searchsorted(before, before[low] + BATCH, side="right")) - 1, low + 1)
            if before[high] > before[low]:
                places = self.by_row[self.starts[low] : self.starts[high]]
                yield places, starts[places], counts[places]
            low = high

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether each pair shares a block, and lies within reach where that is thinned out."""
        held = np.zeros(len(pairs), dtype=bool)
        pair, _ = self.shared(pairs)
        held[pair] = True
        return held

    def shared(self, pairs: Pairs) -> tuple[Ints, Ints]:
        """Return (pair, block) for each block that each of any pairs shares, by pair."""
        usual = 2 * len(self.block) // max(self.n, 1) + 1
        step = max(LOOKED_UP // usual, 1)
        parts = [
            self._shared(Pairs(pairs.left[low : low + step], pairs.right[low : low + step]), low)
            for low in range(0, max(len(pairs), 1), step)
        ]
        return np.concatenate([pair for pair, _ in parts]), np.concatenate([block for _, block in parts])

    def _shared(self, pairs: Pairs, offset: int) -> tuple[Ints, Ints]:
        pair, place = self._memberships(pairs.left)
        other_pair, other_place = self._memberships(pairs.right)
        width = int(self.block[-1]) + 1 if len(self.block) else 1
        asked, known = pair * width + self.block[place], other_pair * width + self.block[other_place]
        if len(known) == 0:
            return pair[:0], place[:0].astype(np.int64)
        at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        both = known[at] == asked
        if self.capped.any():
            both &= ~self.capped[self.block[place]] | (np.abs(other_place[at] - place) <= NEIGHBORS)
        return pair[both] + offset, self.block[place[both]]

    def _memberships(self, rows: Rows) -> tuple[Ints, Ints]:
        """Return the memberships of all rows named, each with the place of its row."""
        counts = self.starts[rows + 1] - self.starts[rows]
        return np.repeat(np.arange(len(rows)), counts), self.by_row[positions(self.starts[rows], counts)]


def _rows_in(blocks: Blocks, chosen: Mask) -> Mask:
    """Return which records are in any of the blocks that `chosen` marks."""
    members = np.zeros(len(blocks.counts) + 1, dtype=bool)
    members[blocks.member[chosen[blocks.block]]] = True
    inside: Mask = members[blocks.carried]
    return inside
