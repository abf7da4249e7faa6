"""Candidates: a lazy stream of pairs, each once, with its cost known beforehand.

A strategy bound to records gives a `Candidates`. Its algebra needs one thing more of each part: to tell whether a given
pair is one of its own (`holds`). So a union yields a later part's pairs only where no earlier part holds them, and no
stage ever sorts or stores all pairs.

Invariant: every pair once, left < right, in an order that depends on nothing but the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import Codes, positions
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
        stranded: records whose blocks are all left out.
    """

    part: str
    pairs: int
    keyed: int
    blocks: int
    largest: int
    hot_blocks: int = 0
    hot_records: int = 0
    hot_pairs: int = 0
    stranded: int = 0


def report_table(reports: Iterable[BlockReport]) -> pl.DataFrame:
    """Return one row per report; the part is called ``key``."""
    schema = {"key": pl.String, **{field.name: pl.Int64 for field in attrs.fields(BlockReport)[1:]}}
    return pl.DataFrame([attrs.astuple(report) for report in reports], schema=schema, orient="row")


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
class FilteredCandidates:
    """The pairs of another that pass a test.

    Args:
        inner: the pairs to choose from.
        passes: tells for each pair whether it is kept.
    """

    inner: Candidates
    passes: Callable[[Pairs], Mask]

    @property
    def cost(self) -> int:
        """The cost before the filter."""
        return self.inner.cost

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The reports before the filter."""
        return self.inner.reports

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs that pass."""
        for pairs in self.inner:
            kept = pairs.where(self.passes(pairs))
            if len(kept):
                yield kept

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether each pair is held and passes."""
        held = self.inner.holds(pairs)
        held[held] = self.passes(pairs.where(held))
        return held


def linking(inner: Candidates, sources: Codes, *, across: bool) -> FilteredCandidates:
    """Return the pairs across sources only, or within sources only.

    Args:
        inner: the pairs to choose from.
        sources: the source of each record, as a code.
        across: whether the pairs of different sources are kept, or those of one.
    """
    return FilteredCandidates(inner, lambda pairs: (sources[pairs.left] != sources[pairs.right]) == across)


@attrs.frozen(eq=False, repr=False)
class ListedCandidates:
    """Pairs that are listed one by one.

    Args:
        part: the strategy, as you would write it.
        codes: one integer per pair, ``left << 32 | right``, rising.
        keyed: how many records could be paired.
    """

    part: str
    codes: Ints
    keyed: int

    @classmethod
    def of(cls, part: str, one: Ints, other: Ints, keyed: int) -> ListedCandidates:
        """Return the pairs of any two different rows each, repeats and reversed ones kept once."""
        return cls(part, distinct(np.minimum(one, other) << 32 | np.maximum(one, other)), keyed)

    @property
    def cost(self) -> int:
        """The number of pairs."""
        return len(self.codes)

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The one report."""
        return (BlockReport(self.part, self.cost, self.keyed, self.cost, min(self.cost, 1) * 2),)

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs by left, then right row."""
        for low in range(0, len(self.codes), BATCH):
            yield decoded(self.codes[low : low + BATCH])

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether each pair is listed."""
        if len(self.codes) == 0:
            return np.zeros(len(pairs), dtype=bool)
        asked = pairs.codes()
        place = np.minimum(np.searchsorted(self.codes, asked), len(self.codes) - 1)
        held: Mask = self.codes[place] == asked
        return held


def distinct(codes: Ints) -> Ints:
    """Return the distinct integers, rising; sorting is many times faster than ``np.unique``.

    Examples:
        >>> distinct(np.array([3, 1, 3])).tolist()
        [1, 3]
    """
    ordered = np.sort(codes)
    kept: Ints = ordered[np.append(ordered[:1] == ordered[:1], ordered[1:] != ordered[:-1])]
    return kept


def decoded(codes: Ints) -> Pairs:
    """Return the pairs of codes ``left << 32 | right``."""
    return Pairs((codes >> 32).astype(np.int32), codes.astype(np.int32))


def expand(rows: Rows, starts: Ints, counts: Ints) -> Iterator[tuple[Rows, Rows]]:
    """Yield (row, position) in batches: ``rows[i]`` with each of ``counts[i]`` positions from ``starts[i]`` on.

    Examples:
        >>> walk = expand(np.array([7, 8, 9], dtype=np.int32), np.array([1, 2, 3]), np.array([2, 1, 0]))
        >>> [(row.tolist(), position.tolist()) for row, position in walk]
        [([7, 7, 8], [1, 2, 2])]
    """
    ends = np.cumsum(counts)
    low = 0
    while low < len(counts):
        before = int(ends[low] - counts[low])
        high = max(int(np.searchsorted(ends, before + BATCH, side="right")), low + 1)
        part = slice(low, high)
        if ends[high - 1] > before:
            yield np.repeat(rows[part], counts[part]), positions(starts[part], counts[part])
        low = high
