"""What came last, as lists that are linked through flat arrays: to be added to one by one, and sorted now and then.

An object for each key would have Python's garbage collector walk through all of them again and again.
"""

from __future__ import annotations

from array import array

import attrs
import numpy as np

from identigraph.encoding import runs
from identigraph.live.key_hashes import Hashes, Ints
from identigraph.live.sorted_blocks import Slots, SortedBlocks

MANY = 1_000
"""From so many keys on that are asked for, sorting first is faster than looking them up."""


@attrs.frozen(eq=False, repr=False)
class Recent:
    """Entries of a key and a slot. One thread may add while others read.

    Args:
        hashes: the hash of the key of each entry.
        before: the entry before of the same key; -1 for the first.
        slots: the slot of each entry; the last that is written of it, but for `last`.
        last: the last entry of each key.

    Examples:
        >>> recent = Recent()
        >>> for key, slot in ((7, 0), (3, 1), (7, 2)):
        ...     recent.add(key, slot)
        >>> recent.of(7), recent.of(8), recent.blocks.hashes.tolist()
        ([2, 0], [], [3, 7])
    """

    hashes: array[int] = attrs.field(factory=lambda: array("Q"))
    before: array[int] = attrs.field(factory=lambda: array("i"))
    slots: array[int] = attrs.field(factory=lambda: array("i"))
    last: dict[int, int] = attrs.field(factory=dict)

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.slots)

    def add(self, key: int, slot: int) -> None:
        """Take in an entry."""
        entry = len(self.slots)
        self.hashes.append(key)
        self.before.append(self.last.get(key, -1))
        self.slots.append(slot)
        self.last[key] = entry

    def of(self, key: int) -> list[int]:
        """Return the slots of a key, the last one first."""
        found, entry = [], self.last.get(key, -1)
        while entry >= 0:
            found.append(self.slots[entry])
            entry = self.before[entry]
        return found

    @property
    def blocks(self) -> SortedBlocks:
        """The entries that are there now, sorted."""
        # Copied first: an array that numpy looks at cannot be added to.
        size = len(self)
        hashes, slots = self.hashes[:size], self.slots[:size]
        return SortedBlocks.of([(np.frombuffer(hashes, dtype=np.uint64), np.frombuffer(slots, dtype=np.int32))])

    def sharing(self, asked: Hashes) -> tuple[Ints, Slots]:
        """Return the slots of some keys, and before them the place of each one's key."""
        if len(asked) < MANY:
            found = [(place, slot) for place, key in enumerate(asked.tolist()) for slot in self.of(key)]
            both = np.array(found, dtype=np.int32).reshape(-1, 2)
            return both[:, 0].astype(np.int64), both[:, 1]
        blocks = self.blocks
        place, at = runs(*blocks.find(asked))
        return place, blocks.slots[at]
