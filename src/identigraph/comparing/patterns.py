"""Agreement patterns: the levels of all comparators on one pair, packed into one integer.

Each comparator has a bit field wide enough for its levels and for "missing", which is 0; level L is stored as L + 1.
The first comparator has the lowest bits. Counting patterns takes the place of counting pairs: training looks at a few
thousand patterns whatever the number of pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.comparing.comparator import Comparator, Levels, check_comparators
from identigraph.comparing.layout import Layout, Packed
from identigraph.errors import InvalidIntermediateError
from identigraph.pairs import Pairs
from identigraph.records import Records


@attrs.frozen(eq=False, repr=False)
class Patterns:
    """Distinct agreement patterns and how many pairs show each.

    Args:
        packed: distinct patterns, rising.
        counts: pairs per pattern; may be fractions where pairs were sampled.
    """

    packed: Packed
    counts: npt.NDArray[np.float64]

    @classmethod
    def counted(cls, batches: Iterable[Packed]) -> Patterns:
        """Return the distinct patterns of all batches, counted.

        Examples:
            >>> p = Patterns.counted([np.array([3, 1, 3]), np.array([1])])
            >>> p.packed.tolist(), p.counts.tolist()
            ([1, 3], [2.0, 2.0])
        """
        total = cls.none()
        for batch in batches:
            total = total.plus(cls(*_run_lengths(np.sort(batch))))
        return total

    @classmethod
    def none(cls) -> Patterns:
        """Return no patterns."""
        return cls(np.zeros(0, dtype=np.int64), np.zeros(0))

    def plus(self, other: Patterns) -> Patterns:
        """Return the patterns of both, counts added."""
        packed = np.concatenate([self.packed, other.packed])
        order = np.argsort(packed, kind="stable")
        distinct, _ = _run_lengths(packed[order])
        starts = np.searchsorted(packed[order], distinct)
        if len(order) == 0:
            return self
        return Patterns(distinct, np.add.reduceat(np.concatenate([self.counts, other.counts])[order], starts))

    def scaled(self, factor: float) -> Patterns:
        """Return the patterns with all counts multiplied."""
        return Patterns(self.packed, self.counts * factor)

    def __len__(self) -> int:
        """Return the number of distinct patterns."""
        return len(self.packed)

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Patterns: {len(self.packed):,} distinct, {self.counts.sum():,.0f} pairs>"


def _run_lengths(ordered: Packed) -> tuple[Packed, npt.NDArray[np.float64]]:
    if len(ordered) == 0:
        return ordered, np.zeros(0)
    starts = np.append(0, np.flatnonzero(ordered[1:] != ordered[:-1]) + 1)
    return ordered[starts], np.diff(np.append(starts, len(ordered))).astype(np.float64)


def as_comparators(comparators: Iterable[Comparator]) -> tuple[Comparator, ...]:
    """Return comparators as a tuple."""
    return tuple(comparators)


@attrs.frozen
class Comparison:
    """All comparators together: pairs of records in, packed patterns out.

    Raises:
        RangeError: the comparators' levels do not fit into a pattern.
    """

    comparators: tuple[Comparator, ...] = attrs.field(converter=as_comparators)

    def __attrs_post_init__(self) -> None:
        check_comparators(self.comparators)

    @property
    def layout(self) -> Layout:
        """What the bits of a pattern mean."""
        labels = tuple(tuple(comparator.labels) for comparator in self.comparators)
        return Layout(tuple(comparator.name for comparator in self.comparators), labels)

    def patterns(self, records: Records, pairs: Pairs) -> Packed:
        """Return the packed pattern of each pair."""
        packed = np.zeros(len(pairs), dtype=np.int64)
        for comparator, shift in zip(self.comparators, self.layout.shifts, strict=True):
            levels = np.asarray(comparator.levels(records, pairs))
            self._check(comparator, levels, len(pairs))
            packed |= (levels.astype(np.int64) + 1) << shift
        return packed

    @staticmethod
    def _check(comparator: Comparator, levels: Levels, n: int) -> None:
        if levels.shape != (n,) or (n and not np.issubdtype(levels.dtype, np.integer)):
            got = f"{levels.dtype} of shape {levels.shape}"
            raise InvalidIntermediateError(f"comparator {comparator.name!r}", f"{n:,} whole numbers", got)
        if n and not -1 <= int(levels.min()) <= int(levels.max()) < len(comparator.labels):
            got = f"{levels.min()} to {levels.max()}"
            raise InvalidIntermediateError(
                f"comparator {comparator.name!r}", f"levels from -1 to {len(comparator.labels) - 1}", got
            )


def check_names(comparators: Sequence[Comparator]) -> list[str]:
    """Return the names that occur more than once among comparators."""
    names = [comparator.name for comparator in comparators]
    return sorted({name for name in names if names.count(name) > 1})
