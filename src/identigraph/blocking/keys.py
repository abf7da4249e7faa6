"""Blocking on equal keys: records that agree on all features of a compound key form a block.

A key index is one sort of key codes. A block of b records stands for b(b-1)/2 pairs, so a value that thousands share is
hot: its block is thinned out, split, left out or refused, and the report says by how much.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs
import numpy as np
import polars as pl

from identigraph.blocking.blocks import Blocks
from identigraph.blocking.candidates import BlockReport, Candidates, Ints, expand
from identigraph.blocking.checks import check_features
from identigraph.blocking.hot import NEIGHBORS, Hot, HotPolicy, pairs_in_blocks, refuse, split_blocks, tell
from identigraph.blocking.strategy import Algebra
from identigraph.encoding import MISSING, Codes, combine, first_rows, take
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Pairs
from identigraph.plain import NOTE
from identigraph.records import Records

DEFAULT = HotPolicy()


@attrs.frozen(repr=False)
class KeyBlocking(Algebra):
    """Pairs of records that agree on every feature of a key. Made by `block_on`."""

    features: tuple[Feature, ...]
    policy: HotPolicy = DEFAULT
    quiet: bool = attrs.field(default=False, eq=False, metadata=NOTE)

    def candidates(self, records: Records) -> KeyCandidates:
        """Return the pairs within blocks.

        Raises:
            ColumnNotFoundError: a feature does not exist.
            ListColumnError: a feature holds lists.
            HotBlockError: a block is above the cap and ``hot="raise"``.

        Warns:
            HotBlockWarning: pairs of blocks above the cap are left out, or the key is constant.
            EmptyBlockingWarning: no two records share a key.
        """
        codes, size = self._key(records)
        blocks = KeyCandidates.of(repr(self), codes, size, self.policy, records)
        if not self.quiet:
            tell(blocks.reports[0], self.policy, len(records))
        return blocks

    @property
    def takes_whole_blocks(self) -> bool:
        """Every pair of a block is a candidate."""
        return True

    def blocks(self, records: Records) -> Blocks:
        """Return its blocks, hot ones included."""
        codes, size = self._key(records)
        first = first_rows(codes, size)
        every = np.arange(size)
        return Blocks(every, every, codes, lambda asked: self._named(records, first[asked]))

    def _key(self, records: Records) -> tuple[Codes, int]:
        return combine([records.column(feature).codes for feature in self.features])

    def _named(self, records: Records, rows: Ints) -> pl.Series:
        """Return the key of each of `rows`, its values side by side."""
        values = [records.column(f) for f in self.features]
        parts = [take(column.values, column.codes[rows]).alias(str(i)) for i, column in enumerate(values)]
        return pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=" | ")).to_series()

    def __repr__(self) -> str:
        """Return the call that makes it."""
        return f"block_on({', '.join([*map(repr, self.features), *self.policy.options(DEFAULT)])})"


@attrs.frozen(eq=False, repr=False)
class KeyCandidates:
    """The pairs within the blocks of one key.

    Args:
        part: the strategy, as you would write it.
        key: the code of each record's key; -1 where it has none.
        size: the number of codes.
        max_block: the most records of a block that is not hot.
        skip: whether a hot block is left out; else it is thinned out.
        origin: what the blocks were before any was split; left out, what they are.
    """

    part: str
    key: Codes
    size: int
    max_block: int
    skip: bool = False
    origin: KeyCandidates | None = None

    @classmethod
    def of(cls, part: str, key: Codes, size: int, policy: HotPolicy, records: Records) -> KeyCandidates:
        """Return the pairs of the blocks, hot ones treated by `policy`.

        Raises:
            HotBlockError: a block is hot and the policy is to raise.
        """
        whole = cls(part, key, size, policy.max_block, policy.hot == "skip")
        refuse(part, whole.sizes, policy)
        if policy.hot != "split" or not whole.is_hot.any():
            return whole
        rows = np.flatnonzero(key >= 0).astype(np.int32)
        columns = [records.column(feature).codes for feature in policy.split_by]
        block = split_blocks(key[rows].astype(np.int64), rows, columns, policy.max_block)
        codes = np.full(len(key), MISSING, dtype=np.int32)
        codes[rows] = block
        return cls(part, codes, int(block.max()) + 1, policy.max_block, origin=whole)

    @cached_property
    def sizes(self) -> Ints:
        """How many records are in each block."""
        return np.bincount(self.key[self.key >= 0], minlength=self.size).astype(np.int64)

    @cached_property
    def is_hot(self) -> Mask:
        """Which blocks are hot; one more at the end, which is not, for records without a key."""
        return np.append(self.sizes > self.max_block, False)

    @cached_property
    def _order(self) -> Ints:
        """Rows in blocks of two or more, block after block, by row number inside."""
        walked = (self.sizes > 1) & ~(self.is_hot[:-1] & self.skip)
        rows = np.flatnonzero(np.append(walked, False)[self.key])
        return rows[np.argsort(self.key[rows], kind="stable")]

    @cached_property
    def _rank(self) -> Codes:
        """Place of each row in `_order`; only needed where blocks are thinned out."""
        rank = np.zeros(len(self.key), dtype=np.int32)
        rank[self._order] = np.arange(len(self._order), dtype=np.int32)
        return rank

    @cached_property
    def cost(self) -> int:
        """The pairs it makes, exactly."""
        return int(pairs_in_blocks(self.sizes, self.max_block, "skip" if self.skip else "cap").sum())

    @cached_property
    def reports(self) -> tuple[BlockReport, ...]:
        """The one report."""
        whole = self.origin or self
        sizes, hot = whole.sizes, whole.is_hot[:-1]
        full = int((sizes * (sizes - 1) // 2).sum())
        return (
            BlockReport(
                self.part,
                self.cost,
                int(sizes.sum()),
                int((sizes > 1).sum()),
                int(sizes.max(initial=0)),
                int(hot.sum()),
                int(sizes[hot].sum()),
                full - self.cost,
                int(sizes[hot].sum()) if self.skip else 0,
            ),
        )

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs block after block."""
        order = self._order
        if len(order) == 0:
            return
        key = self.key[order]
        last = np.append(np.flatnonzero(key[1:] != key[:-1]), len(key) - 1)
        block_end = np.repeat(last, np.diff(last, prepend=-1))
        behind = block_end - np.arange(len(order))
        behind = np.where(self.is_hot[key], np.minimum(behind, NEIGHBORS), behind)
        rows = order.astype(np.int32)
        for left, position in expand(rows, np.arange(1, len(order) + 1), behind):
            yield Pairs(left, rows[position])

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether each pair lies in one block, and within reach where the block is thinned out."""
        left = self.key[pairs.left]
        held: Mask = (left == self.key[pairs.right]) & (left >= 0)
        if self.is_hot.any():
            hot = self.is_hot[left] & held
            near = np.abs(self._rank[pairs.left] - self._rank[pairs.right]) <= NEIGHBORS
            held &= ~hot | (near & (not self.skip))
        return held


def block_on(
    *features: Feature,
    max_block: int = DEFAULT.max_block,
    hot: Hot = "cap",
    split_by: tuple[Feature, ...] = (),
) -> KeyBlocking:
    """Return the strategy that pairs records which agree on all `features`.

    A record with any of them missing is in no block.

    Args:
        features: one or more features: names, or derived ones such as ``ig.soundex("surname")``.
        max_block: the most records of a block; a larger one is hot; at least 2.
        hot: what becomes of a hot block: ``"cap"`` pairs each record with its ten neighbors only, ``"split"`` divides
            it by `split_by`, ``"skip"`` leaves it out, ``"raise"`` refuses with the count.
        split_by: for ``hot="split"``, further features; a hot block is divided by one after the other as long as a part
            is still hot, and what is hot at the end is capped.

    Raises:
        ConfigurationError: no feature, something else than a feature, or an unknown policy.
        RangeError: `max_block` is below 2.

    Examples:
        >>> from identigraph.fields.derived import soundex, year
        >>> records = Records.of({"email": ["a", "b", "a", "b", "a", None]})
        >>> blocks = block_on("email").candidates(records)
        >>> blocks.cost, sum(len(pairs) for pairs in blocks)
        (4, 4)
        >>> block_on("email") | block_on(soundex("surname"), "birth_date")
        block_on('email') | block_on(soundex('surname'), 'birth_date')
        >>> block_on("surname", max_block=200, hot="split", split_by=("postcode", year("birth_date")))
        block_on('surname', max_block=200, hot='split', split_by=('postcode', year('birth_date')))
    """
    check_features("block_on", features)
    return KeyBlocking(features, HotPolicy(max_block, hot, split_by).check("block_on"))


@attrs.frozen(repr=False)
class AllPairs(Algebra):
    """Every pair of records. Made by `all_pairs`."""

    def candidates(self, records: Records) -> Candidates:
        """Return all n(n-1)/2 pairs."""
        everyone = np.zeros(len(records), dtype=np.int32)
        return KeyCandidates(repr(self), everyone, 1, max(len(records), 2))

    def __repr__(self) -> str:
        """Return the call that makes it."""
        return "all_pairs()"


def all_pairs() -> AllPairs:
    """Return the strategy that compares everything with everything: n(n-1)/2 pairs.

    Examples:
        >>> all_pairs().candidates(Records.of({"a": ["x", "y", "z"]})).cost
        3
    """
    return AllPairs()


@attrs.frozen(repr=False)
class NoPairs(Algebra):
    """No pair at all. Made by `no_pairs`."""

    def candidates(self, records: Records) -> Candidates:
        """Return nothing."""
        nobody = np.full(len(records), -1, dtype=np.int32)
        return KeyCandidates(repr(self), nobody, 0, 2)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        return "no_pairs()"


def no_pairs() -> NoPairs:
    """Return the strategy that compares nothing: every record stays an entity of its own, but for identifiers.

    Examples:
        >>> no_pairs().candidates(Records.of({"a": ["x", "y"]})).cost
        0
    """
    return NoPairs()
