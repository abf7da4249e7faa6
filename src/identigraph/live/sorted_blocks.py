"""Blocks of records as sorted arrays: found by the hash of their key, merged like sorted files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.encoding import run_starts
from identigraph.live.key_hashes import Hashes, Ints
from identigraph.pairs import Mask

Slots: TypeAlias = npt.NDArray[np.int32]


@attrs.frozen(eq=False, repr=False)
class SortedBlocks:
    """The records of each key.

    Args:
        hashes: of the keys, distinct and rising.
        starts: shape (keys + 1,): the records of key ``i`` are ``slots[starts[i]:starts[i + 1]]``.
        slots: the numbers of the records, in any order within a block.

    Examples:
        >>> blocks = SortedBlocks.of([(np.array([7, 3, 7], dtype=np.uint64), np.array([0, 1, 2]))])
        >>> blocks.hashes.tolist(), blocks.starts.tolist(), blocks.slots.tolist()
        ([3, 7], [0, 1, 3], [1, 0, 2])
    """

    hashes: Hashes
    starts: Ints
    slots: Slots

    @classmethod
    def of(cls, parts: Iterable[tuple[Hashes, npt.NDArray[np.integer]]]) -> SortedBlocks:
        """Return the blocks of records by their hashes, all of a part above those of the parts before."""
        distinct, starts, slots, before = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int32)], 0
        for hashes, of_records in parts:
            order = np.argsort(hashes)
            ordered = hashes[order]
            first = run_starts(ordered)
            distinct.append(ordered[first])
            starts.append(first + before)
            slots.append(of_records[order].astype(np.int32))
            before += len(hashes)
        starts.append(np.array([before]))
        return cls(np.concatenate(distinct), np.concatenate(starts), np.concatenate(slots))

    @cached_property
    def counts(self) -> Ints:
        """How many records each key has."""
        return np.diff(self.starts)

    def keys_at(self, entries: Ints) -> Ints:
        """Return which key some entries are of, by its place."""
        return np.searchsorted(self.starts, entries, "right") - 1

    def __len__(self) -> int:
        """Return the number of entries: of each record, its keys."""
        return len(self.slots)

    @property
    def memory(self) -> int:
        """Bytes of the arrays."""
        return int(self.hashes.nbytes + self.starts.nbytes + self.slots.nbytes)

    def find(self, asked: Hashes) -> tuple[Ints, Ints]:
        """Return where the records of each key begin or would, and how many there are.

        Examples:
            >>> blocks = SortedBlocks.of([(np.array([7, 3, 7], dtype=np.uint64), np.array([0, 1, 2]))])
            >>> [each.tolist() for each in blocks.find(np.array([7, 8], dtype=np.uint64))]
            [[1, 3], [2, 0]]
        """
        place, known = self._places(asked)
        starts = self.starts[place]
        return starts, self.starts[place + known] - starts

    def plus(self, other: SortedBlocks) -> SortedBlocks:
        """Return the blocks of both; that takes as long as to copy them, and to sort the other.

        Examples:
            >>> one = SortedBlocks.of([(np.array([3, 7], dtype=np.uint64), np.array([0, 1]))])
            >>> both = one.plus(SortedBlocks.of([(np.array([5, 7], dtype=np.uint64), np.array([2, 3]))]))
            >>> both.hashes.tolist(), both.starts.tolist(), both.slots.tolist()
            ([3, 5, 7], [0, 1, 2, 4], [0, 2, 3, 1])
        """
        place, known = self._places(other.hashes)
        new = ~known
        counts = np.insert(self.counts, place[new], 0)
        counts[place + np.cumsum(new) - new] += other.counts
        return SortedBlocks(
            np.insert(self.hashes, place[new], other.hashes[new]),
            np.append(0, np.cumsum(counts)),
            np.insert(self.slots, np.repeat(self.starts[place], other.counts), other.slots),
        )

    def without(self, gone: Mask) -> SortedBlocks:
        """Return the blocks without records that are gone.

        Args:
            gone: by slot.

        Examples:
            >>> blocks = SortedBlocks.of([(np.array([3, 7], dtype=np.uint64), np.array([0, 1]))])
            >>> blocks.without(np.array([True, False])).hashes.tolist()
            [7]
        """
        left = ~gone[self.slots]
        if left.all():
            return self
        starts = np.append(0, np.cumsum(left))[self.starts]
        filled = np.diff(starts) > 0
        return SortedBlocks(self.hashes[filled], np.append(starts[:-1][filled], starts[-1]), self.slots[left])

    def _places(self, asked: Hashes) -> tuple[Ints, Mask]:
        """Return where each hash is or would be, and whether it is there."""
        place = np.searchsorted(self.hashes, asked)
        if len(self.hashes) == 0:
            return place, np.zeros(len(asked), dtype=bool)
        return place, self.hashes[np.minimum(place, len(self.hashes) - 1)] == asked
