"""Which records share a blocking key with one that comes, while records come and go.

A record has a *slot*: its row among the records that were there at first, else the next number; no slot is used twice.
The blocks of the first records are sorted arrays. What comes one by one is kept in lists, which are sorted
now and then and join arrays of about their size, so that these are few and each entry is copied a few times only.

The law: what is found is what the blocking proposes of all living records, wherever no block is hot. Of a record in a
hot block this is told, for what becomes of such a block depends on all that is in it; what is found leaves it out.

One thread may write while others read. A reader sees all slots below the size that it was told, or that it found.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking import BlockingStrategy, KeyBlocking, Union
from identigraph.blocking.candidates import decoded, distinct
from identigraph.encoding import runs
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.live.key_hashes import Hashes, Ints, KeyHashes
from identigraph.live.recent import Recent
from identigraph.live.sorted_blocks import Slots, SortedBlocks
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records

RECENT = 4_096
"""So many records are kept in lists before they are sorted; as many that come together are sorted at once."""
GROWTH = 4
"""Sorted blocks join those before them unless these are more than so many times as large."""


def keys_of(blocking: BlockingStrategy) -> tuple[KeyBlocking, ...] | None:
    """Return the keys of which a strategy is the union; None where a part of it is no key.

    What another part proposes of a record depends on other records: neighbors in an order, the nearest ones.

    Examples:
        >>> from identigraph.blocking import block_on, sorted_neighborhood
        >>> keys_of(block_on("email") | block_on("surname"))
        (block_on('email'), block_on('surname'))
        >>> keys_of(block_on("email") | sorted_neighborhood("surname")) is None
        True
    """
    if isinstance(blocking, KeyBlocking):
        return (blocking,)
    if not isinstance(blocking, Union):
        return None
    parts = [keys_of(strategy) for strategy in blocking.strategies]
    return None if None in parts else tuple(key for part in parts if part is not None for key in part)


@attrs.frozen(eq=False)
class Near:
    """What shares a key with one record.

    Args:
        slots: of living records, rising.
        hot: whether a block is hot, the record itself among those counted; what shares only that is left out.
    """

    slots: Ints
    hot: bool


@attrs.frozen(eq=False)
class Coming:
    """What shares a key with records that come together.

    Args:
        pairs: of slots, by left, then right one; each is of a record that comes, and a living or another such one.
        hot: which of those that come are in a hot block; pairs of such a block are left out.
    """

    pairs: Pairs
    hot: Mask


@attrs.frozen(eq=False)
class _Held:
    """What is read together.

    Args:
        layers: sorted blocks, the largest first.
        size: the slots in them lie below.
        recent: all other slots.
    """

    layers: tuple[SortedBlocks, ...]
    size: int
    recent: Recent = attrs.field(factory=Recent)


@attrs.define(eq=False, repr=False)
class KeyIndex:
    """The blocks of a union of keys, which grow. Made by `KeyIndex.of`.

    Args:
        keys: of the union.
        hashes: makes the hashes of the keys of a record.
        size: how many slots were given.
        gone: how many of them were removed.
        hot_asks: how many records were asked for that are in a hot block; asks at the same time may count once.

    Examples:
        >>> from identigraph.blocking import block_on
        >>> records = Records.of({"city": ["Bern", "Basel", "Bern"], "name": ["Ann", "Bob", None]})
        >>> index = KeyIndex.of(block_on("city") | block_on("name"), records)
        >>> index.candidates(coming := {"city": "bern", "name": "bob"}).slots.tolist()
        [0, 1, 2]
        >>> index.add(3, coming)
        >>> index.remove(2)
        >>> index.candidates(coming).slots.tolist()
        [0, 1, 3]
        >>> index
        <KeyIndex: 3 of 4 records, 2 keys, 7 entries>
    """

    keys: tuple[KeyBlocking, ...]
    hashes: KeyHashes
    size: int
    gone: int = 0
    hot_asks: int = 0
    _caps: Ints = attrs.field(kw_only=True)
    _is_gone: Mask = attrs.field(kw_only=True)
    _held: _Held = attrs.field(kw_only=True)

    @classmethod
    def of(cls, blocking: BlockingStrategy, records: Records) -> KeyIndex:
        """Return the index of some records; their slots are their rows.

        Raises:
            ConfigurationError: the blocking is no union of keys; see `keys_of`.
            ColumnNotFoundError: a feature does not exist.
            ListColumnError: a feature holds lists.
        """
        keys = keys_of(blocking)
        if keys is None:
            raise ConfigurationError(f"an index is of block_on(...) and unions of it, got {type(blocking).__name__}")
        hashes, size = KeyHashes.of(keys), len(records)
        return cls(
            keys,
            hashes,
            size,
            caps=np.array([key.policy.max_block for key in keys], dtype=np.int64),
            is_gone=np.zeros(size, dtype=bool),
            held=_Held((SortedBlocks.of(hashes.of_records(records)),), size),
        )

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        held, several = self._held, "s"[: len(self.keys) != 1]
        entries = sum(map(len, held.layers)) + len(held.recent)
        living = f"{self.size - self.gone:,} of {self.size:,} records"
        return f"<KeyIndex: {living}, {len(self.keys):,} key{several}, {entries:,} entries>"

    @property
    def features(self) -> tuple[Feature, ...]:
        """What the keys read of a record."""
        return self.hashes.features

    @property
    def memory(self) -> int:
        """Bytes of the arrays; what came since they were sorted is not in them."""
        return int(self._is_gone.nbytes) + sum(layer.memory for layer in self._held.layers)

    def drawn(self, most: int, *, seed: int) -> Pairs:
        """Return up to so many pairs that share a key, drawn at random from the blocks."""
        blocks = self._held.layers[0]
        place = np.random.default_rng(seed).choice(
            max(len(blocks) - 1, 0), min(most, max(len(blocks) - 1, 0)), replace=False
        )
        beside = blocks.keys_at(place) == blocks.keys_at(place + 1)
        one, other = (blocks.slots[place[beside] + step].astype(np.int64) for step in (0, 1))
        return Pairs.of(one[one != other], other[one != other])

    def candidates(self, row: Mapping[Feature, str | None], *, below: int | None = None) -> Near:
        """Return the living records that share a key with one.

        Args:
            row: the features of the record, which may be another's or its own that was removed.
            below: only slots below this count; None: all.

        Raises:
            ColumnNotFoundError: a feature of a key is not told of.
        """
        below = self.size if below is None else min(below, self.size)  # first: for these there is room
        asked = np.array(self.hashes.of_row(row), dtype=np.uint64)
        hot, _, slots = self._sharing(asked, np.ones(len(asked), dtype=np.int64), below)
        told = bool(hot.any())
        self.hot_asks += told
        return Near(distinct(slots), told)

    def pairs_with(self, records: Records, first_slot: int) -> Coming:
        """Return the pairs that records bring which come together: with living ones, and among them.

        Args:
            records: not in the index yet.
            first_slot: that of the first; the others follow.

        Raises:
            ConfigurationError: the slot is not the next one.
            ColumnNotFoundError: a feature does not exist.
            ListColumnError: a feature holds lists.
        """
        self._check(first_slot)
        coming = SortedBlocks.of(self.hashes.of_records(records))
        hot, place, slots = self._sharing(coming.hashes, coming.counts, self.size)
        is_hot = np.zeros(len(records), dtype=bool)
        is_hot[coming.slots[np.repeat(hot, coming.counts)]] = True
        self.hot_asks += int(is_hot.sum())
        each, at = runs(coming.starts[place], coming.counts[place])
        one, other = _within(coming, ~hot)
        left = np.append(slots[each], np.minimum(one, other) + first_slot)
        right = np.append(coming.slots[at], np.maximum(one, other)) + first_slot
        return Coming(decoded(distinct(left << 32 | right)), is_hot)

    def add(self, slot: int, row: Mapping[Feature, str | None]) -> None:
        """Take in a record.

        Args:
            slot: the next one, which is `size`.
            row: the features of the record.

        Raises:
            ConfigurationError: the slot is not the next one.
            ColumnNotFoundError: a feature of a key is not told of.
        """
        self._check(slot)
        hashes = self.hashes.of_row(row)
        self._make_room(slot + 1)
        for key in hashes:
            self._held.recent.add(key, slot)
        self._grow(slot + 1)

    def add_all(self, records: Records) -> None:
        """Take in records; their slots are `size` and those that follow.

        Raises:
            ColumnNotFoundError: a feature does not exist.
            ListColumnError: a feature holds lists.
        """
        first = self.size
        parts = [(keys, rows + first) for keys, rows in self.hashes.of_records(records)]
        self._make_room(first + len(records))
        if len(records) >= RECENT:
            self._sort(SortedBlocks.of(parts), size=first + len(records))
        else:
            for keys, slots in parts:
                for key, slot in zip(keys.tolist(), slots.tolist(), strict=True):
                    self._held.recent.add(key, slot)
        self._grow(first + len(records))

    def remove(self, slots: int | npt.NDArray[np.integer]) -> None:
        """Take out one record or several; they are never found again.

        Whether one was in a hot block, so that others now pair otherwise, `candidates` tells of its features when it
        is out, and `pairs_with` of several.

        Raises:
            ConfigurationError: a slot was not given yet.
        """
        asked = np.unique(slots)
        if len(asked) and not 0 <= asked[0] <= asked[-1] < self.size:
            raise ConfigurationError(f"slots lie from 0 to {self.size - 1:,}, got {asked[0]:,} to {asked[-1]:,}")
        self.gone += int((~self._is_gone[asked]).sum())
        self._is_gone[asked] = True

    def _sharing(self, asked: Hashes, coming: Ints, below: int) -> tuple[Mask, Ints, Ints]:
        """Return which of some keys are of hot blocks, and of the others the living slots, each with its key's place.

        Args:
            asked: the hashes of the keys, distinct.
            coming: how many records come to the block of each.
            below: only slots below this count.
        """
        held = self._held  # once: a writer may put another in its place
        cap = self._caps[self.hashes.numbers(asked)] - coming
        found = [layer.find(asked) for layer in held.layers]
        sizes = sum((counts for _, counts in found), np.zeros(len(asked), dtype=np.int64))
        hot = sizes > cap + self.gone + max(held.size - below, 0)  # for sure: not worth a walk
        parts: list[tuple[Ints, Ints | Slots]] = [held.recent.sharing(asked)]
        for layer, (starts, counts) in zip(held.layers, found, strict=True):
            place, at = runs(starts, np.where(hot, 0, counts))
            parts.append((place, layer.slots[at]))
        place, slots = (np.concatenate(side).astype(np.int64) for side in zip(*parts, strict=True))
        known = slots < below
        known[known] = ~self._is_gone[slots[known]]
        place, slots = place[known], slots[known]
        hot |= np.bincount(place, minlength=len(asked)) > cap
        left = ~hot[place]
        return hot, place[left], slots[left]

    def _check(self, slot: int) -> None:
        if slot != self.size:
            raise ConfigurationError(f"the next slot is {self.size:,}, got {slot:,}; no slot is left out or used twice")

    def _make_room(self, size: int) -> None:
        """Have a place for each slot before it can be found."""
        if size > len(self._is_gone):
            wider = np.zeros(max(size, 2 * len(self._is_gone)), dtype=bool)
            wider[: self.size] = self._is_gone[: self.size]
            self._is_gone = wider

    def _grow(self, size: int) -> None:
        """Tell readers of slots that are all in; sort what is recent where it is much."""
        self.size = size
        if size - self._held.size >= RECENT:
            self._sort(size=size)

    def _sort(self, *more: SortedBlocks, size: int) -> None:
        """Put what is recent, and more, into layers, so that all slots below a size are in them."""
        held = self._held
        layers = held.layers
        for blocks in (held.recent.blocks, *more):
            layers = self._joined(layers, blocks)
        self._held = _Held(layers, size)

    def _joined(self, layers: tuple[SortedBlocks, ...], last: SortedBlocks) -> tuple[SortedBlocks, ...]:
        """Return layers and others behind them, joined to those that are not much larger."""
        while layers and len(layers[-1]) <= GROWTH * len(last):
            layers, last = layers[:-1], layers[-1].without(self._is_gone).plus(last)
        return (*layers, last) if len(last) else layers


def _within(blocks: SortedBlocks, wanted: Mask) -> tuple[Ints, Ints]:
    """Return any two slots of one block each, of the blocks that are wanted."""
    after = np.arange(1, len(blocks) + 1)
    ends = np.repeat(np.where(wanted, blocks.starts[1:], 0), blocks.counts)
    one, other = runs(after, np.maximum(ends - after, 0))
    slots = blocks.slots.astype(np.int64)
    return slots[one], slots[other]
