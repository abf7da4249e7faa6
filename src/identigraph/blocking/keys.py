"""Blocking on equal keys: records that agree on all features of a compound key form a block.

A key index is one sort of key codes. A block of b records stands for b(b-1)/2 pairs, so a value that thousands share is
hot: its block is thinned out (``cap``), left out (``skip``) or refused (``raise``), and the report says by how much.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

import attrs
import numpy as np

from identigraph.blocking.candidates import BlockReport, Candidates, Ints, expand
from identigraph.blocking.strategy import Algebra, check_features, check_max_block
from identigraph.encoding import Codes, combine
from identigraph.errors import ConfigurationError, EmptyBlockingWarning, HotBlockError, HotBlockWarning
from identigraph.fields.derived import Feature
from identigraph.notes import warn
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records

Hot = Literal["cap", "skip", "raise"]
DEFAULT_CAP = 1_000
"""The most records of a block that is not hot: half a million pairs on one value."""
NEIGHBORS = 10
"""With how many of the records behind it a record of a capped block is still paired."""


@attrs.frozen(repr=False)
class KeyBlocking(Algebra):
    """Pairs of records that agree on every feature of a key. Made by `block_on`."""

    features: tuple[Feature, ...]
    max_block: int = DEFAULT_CAP
    hot: Hot = "cap"
    quiet: bool = attrs.field(default=False, eq=False)

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs within blocks.

        Raises:
            ColumnNotFoundError: a feature does not exist.
            HotBlockError: a block is above the cap and ``hot="raise"``.

        Warns:
            HotBlockWarning: pairs of blocks above the cap are left out.
            EmptyBlockingWarning: no two records share a key.
        """
        codes, size = combine([records.column(feature).codes for feature in self.features])
        blocks = KeyCandidates(repr(self), codes, size, self.max_block, self.hot)
        self._check(blocks, len(records))
        return blocks

    def _check(self, blocks: KeyCandidates, n: int) -> None:
        report = blocks.reports[0]
        if report.hot_blocks and self.hot == "raise":
            raise HotBlockError(repr(self), report.largest, report.largest * (report.largest - 1) // 2, self.max_block)
        if self.quiet:
            return
        if report.hot_pairs:
            done = "thinned out" if self.hot == "cap" else "left out"
            told = (
                f"{self!r}: blocks of more than {self.max_block:,} records were {done}: {report.hot_blocks:,} in all, "
                f"the largest of {report.largest:,}; {report.hot_pairs:,} pairs are not compared; add a feature to the "
                "key, or raise max_block"
            )
            warn(told, HotBlockWarning)
        if report.blocks == 0 and n > 1:
            told = f"{self!r} finds no pair: {report.keyed:,} of {n:,} records have a key, and no two share one"
            warn(told, EmptyBlockingWarning)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        options = [f"max_block={self.max_block}"] if self.max_block != DEFAULT_CAP else []
        options += [f"hot={self.hot!r}"] if self.hot != "cap" else []
        return f"block_on({', '.join([*map(repr, self.features), *options])})"


@attrs.frozen(eq=False, repr=False)
class KeyCandidates:
    """The pairs within the blocks of one key.

    Args:
        part: the strategy, as you would write it.
        key: the code of each record's key; -1 where it has none.
        size: the number of codes.
        max_block: the most records of a block that is not hot.
        hot: what becomes of a hot block; with ``"raise"`` there is none.
    """

    part: str
    key: Codes
    size: int
    max_block: int
    hot: Hot

    @cached_property
    def _sizes(self) -> Ints:
        return np.bincount(self.key[self.key >= 0], minlength=self.size).astype(np.int64)

    @cached_property
    def _is_hot(self) -> Mask:
        return np.append(self._sizes > self.max_block, False)

    @cached_property
    def _order(self) -> Ints:
        """Rows in blocks of two or more, block after block, by row number inside."""
        walked = (self._sizes > 1) & ~(self._is_hot[:-1] & (self.hot == "skip"))
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
        return int(pairs_in_blocks(self._sizes, self.max_block, self.hot).sum())

    @cached_property
    def reports(self) -> tuple[BlockReport, ...]:
        """The one report."""
        sizes, hot = self._sizes, self._is_hot[:-1]
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
        behind = np.where(self._is_hot[key], np.minimum(behind, NEIGHBORS), behind)
        rows = order.astype(np.int32)
        for first, second in expand(np.arange(len(order)), behind):
            yield Pairs(rows[first], rows[second])

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether each pair lies in one block, and within reach where the block is thinned out."""
        left = self.key[pairs.left]
        held: Mask = (left == self.key[pairs.right]) & (left >= 0)
        if self._is_hot.any():
            hot = self._is_hot[left] & held
            near = np.abs(self._rank[pairs.left] - self._rank[pairs.right]) <= NEIGHBORS
            held &= ~hot | (near if self.hot == "cap" else False)
        return held


def pairs_in_blocks(sizes: Ints, max_block: int, hot: Hot = "cap") -> Ints:
    """Return how many pairs are made in blocks of these sizes: of each record with all behind it, fewer in hot blocks.

    Examples:
        >>> pairs_in_blocks(np.array([2, 3, 100]), 50).tolist()
        [1, 3, 945]
    """
    reach = np.where(sizes > max_block, NEIGHBORS if hot == "cap" else 0, sizes)
    reach = np.minimum(reach, sizes - 1)
    pairs: Ints = reach * sizes - reach * (reach + 1) // 2
    return pairs


def block_on(*features: Feature, max_block: int = DEFAULT_CAP, hot: Hot = "cap") -> KeyBlocking:
    """Return the strategy that pairs records which agree on all `features`.

    A record with any of them missing is in no block.

    Args:
        features: one or more features: names, or derived ones such as ``ig.soundex("surname")``.
        max_block: the most records of a block; a larger one is hot; at least 2.
        hot: what becomes of a hot block: ``"cap"`` pairs each record with its ten neighbors only, ``"skip"`` leaves the
            block out, ``"raise"`` refuses with the count.

    Raises:
        ConfigurationError: no feature, something else than a feature, or an unknown policy.
        RangeError: `max_block` is below 2.

    Examples:
        >>> from identigraph.fields.derived import soundex
        >>> records = Records.of({"email": ["a", "b", "a", "b", "a", None]})
        >>> blocks = block_on("email").candidates(records)
        >>> blocks.cost, sum(len(pairs) for pairs in blocks)
        (4, 4)
        >>> block_on("email") | block_on(soundex("surname"), "birth_date")
        block_on('email') | block_on(soundex('surname'), 'birth_date')
    """
    if not features:
        raise ConfigurationError("block_on needs at least one feature, for example ig.block_on('email')")
    check_features("block_on", features)
    check_max_block(max_block)
    if hot not in {"cap", "skip", "raise"}:
        raise ConfigurationError(f"hot must be 'cap', 'skip' or 'raise', got {hot!r}")
    return KeyBlocking(tuple(features), max_block, hot)


@attrs.frozen(repr=False)
class AllPairs(Algebra):
    """Every pair of records. Made by `all_pairs`."""

    def candidates(self, records: Records) -> Candidates:
        """Return all n(n-1)/2 pairs."""
        everyone = np.zeros(len(records), dtype=np.int32)
        return KeyCandidates(repr(self), everyone, 1, max(len(records), 2), "cap")

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
        return KeyCandidates(repr(self), nobody, 0, 2, "cap")

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
