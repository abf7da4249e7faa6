"""Candidates: a lazy stream of pairs, each once, with its cost known beforehand.

A strategy bound to records gives a `Candidates`. Its algebra needs one thing more of each part: to tell whether a given
pair is one of its own (`holds`). So a union yields a later part's pairs only where no earlier part holds them, and no
stage ever sorts or stores all pairs.

Invariant: every pair once, left < right, in an order that depends on nothing but the records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.pairs import Mask, Pairs, Rows

Ints = npt.NDArray[np.int64]

BATCH = 500_000
"""How many pairs a batch holds at the most, unless one record alone has more partners."""


@attrs.frozen
class BlockReport:
    """What one part of a blocking strategy did.

    Args:
        part: the strategy, as you would write it.
        pairs: the pairs it stands for, counted before any are made; shared ones counted in each part.
        keyed: records that have a key.
        blocks: blocks of two records or more.
        largest: records in the largest block.
        hot_blocks: blocks above the cap.
        hot_records: records in them.
        hot_pairs: pairs in them that were left out.
    """

    part: str
    pairs: int
    keyed: int
    blocks: int
    largest: int
    hot_blocks: int = 0
    hot_records: int = 0
    hot_pairs: int = 0


class Candidates(Protocol):
    """A lazy stream of pairs. Iterating twice gives the same batches."""

    @property
    def cost(self) -> int:
        """At most this many pairs, known without making them."""
        ...

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """What each part did."""
        ...

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs in batches."""
        ...

    def holds(self, pairs: Pairs) -> Mask:
        """Tell for each of any pairs whether it is one of these."""
        ...


@attrs.frozen(eq=False)
class UnionCandidates:
    """The pairs of any part."""

    parts: tuple[Candidates, ...]

    @property
    def cost(self) -> int:
        """The sum over the parts."""
        return sum(part.cost for part in self.parts)

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The reports of all parts."""
        return tuple(report for part in self.parts for report in part.reports)

    def __iter__(self) -> Iterator[Pairs]:
        """Yield each part's pairs that no earlier part holds."""
        for i, part in enumerate(self.parts):
            for pairs in part:
                fresh = pairs
                for earlier in self.parts[:i]:
                    fresh = fresh.where(~earlier.holds(fresh))
                if len(fresh):
                    yield fresh

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether any part holds each pair."""
        held = np.zeros(len(pairs), dtype=bool)
        for part in self.parts:
            held |= part.holds(pairs)
        return held


@attrs.frozen(eq=False)
class IntersectionCandidates:
    """The pairs of the first part that all the others hold as well."""

    parts: tuple[Candidates, ...]

    @property
    def cost(self) -> int:
        """The least of the parts, which is the one that is walked."""
        return min(part.cost for part in self.parts)

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The reports of all parts."""
        return tuple(report for part in self.parts for report in part.reports)

    def __iter__(self) -> Iterator[Pairs]:
        """Walk the cheapest part and keep what all hold."""
        cheapest = min(self.parts, key=lambda part: part.cost)
        for pairs in cheapest:
            kept = pairs
            for other in self.parts:
                if other is not cheapest:
                    kept = kept.where(other.holds(kept))
            if len(kept):
                yield kept

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether every part holds each pair."""
        held = np.ones(len(pairs), dtype=bool)
        for part in self.parts:
            held &= part.holds(pairs)
        return held


@attrs.frozen(eq=False)
class DifferenceCandidates:
    """The pairs of one part that another does not hold."""

    kept: Candidates
    removed: Candidates

    @property
    def cost(self) -> int:
        """The cost of the part that is walked."""
        return self.kept.cost

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The reports of the part that is walked."""
        return self.kept.reports

    def __iter__(self) -> Iterator[Pairs]:
        """Walk one part and drop what the other holds."""
        for pairs in self.kept:
            rest = pairs.where(~self.removed.holds(pairs))
            if len(rest):
                yield rest

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether the one part holds each pair and the other does not."""
        return self.kept.holds(pairs) & ~self.removed.holds(pairs)


@attrs.frozen(eq=False)
class LinkCandidates:
    """The pairs across sources only, or within sources only.

    Args:
        inner: the pairs to choose from.
        sources: the source of each record, as a code.
        across: whether the pairs of different sources are kept, or those of one.
    """

    inner: Candidates
    sources: Rows
    across: bool

    @property
    def cost(self) -> int:
        """The cost before the filter."""
        return self.inner.cost

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The reports before the filter."""
        return self.inner.reports

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs that the filter keeps."""
        for pairs in self.inner:
            kept = pairs.where(self._allows(pairs))
            if len(kept):
                yield kept

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether each pair is held and passes the filter."""
        return self.inner.holds(pairs) & self._allows(pairs)

    def _allows(self, pairs: Pairs) -> Mask:
        differ: Mask = self.sources[pairs.left] != self.sources[pairs.right]
        return differ if self.across else ~differ


def expand(starts: Ints, partners: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield (first, second) positions in batches: position ``starts[i]`` with each of the ``partners[i]`` behind it.

    Examples:
        >>> [(a.tolist(), b.tolist()) for a, b in expand(np.array([0, 1, 2]), np.array([2, 1, 0]))]
        [([0, 0, 1], [1, 2, 2])]
    """
    ends = np.cumsum(partners)
    low = 0
    while low < len(starts):
        before = int(ends[low] - partners[low])
        high = max(int(np.searchsorted(ends, before + BATCH, side="right")), low + 1)
        counts = partners[low:high]
        first = np.repeat(starts[low:high], counts)
        offset = np.arange(len(first)) - np.repeat(ends[low:high] - counts - before, counts)
        if len(first):
            yield first, first + 1 + offset
        low = high
