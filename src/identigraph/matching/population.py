"""What levels pairs of the whole population show: the base rate against which agreement is weighed.

Levels of equality are counted exactly, from how often each value occurs; all other levels are estimated from random
pairs. Pairs are those that may be linked at all: any two records, or only those across sources, or within one.
"""

from __future__ import annotations

from typing import Literal

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.comparing import Comparator, Comparison, Graded, Patterns
from identigraph.encoding import Codes, combine
from identigraph.pairs import Pairs
from identigraph.records import Records

Link = Literal["both", "across", "within"]
Floats = npt.NDArray[np.float64]

SAMPLE = 1_000_000
"""Random pairs that are looked at; with fewer pairs than that, all of them."""


@attrs.frozen(eq=False, repr=False)
class Population:
    """Pairs of a population by level.

    Args:
        pairs: how many pairs may be linked at all.
        levels: per comparator, how many of these pairs show each level; missing ones left out.
        carriers: per comparator, the number of records whose value, met again, gives each level.
        sample: the patterns of random pairs; None where none were drawn.
    """

    pairs: float
    levels: tuple[Floats, ...]
    carriers: tuple[Floats, ...]
    sample: Patterns | None = None

    @property
    def itself(self) -> tuple[Floats, ...]:
        """Per comparator, the share of records whose value, met again, gives each level."""
        return tuple(carriers / carriers.sum() for carriers in self.carriers)

    @classmethod
    def of(cls, records: Records, comparison: Comparison, *, link: Link = "both", seed: int = 0) -> Population:
        """Return the levels of all pairs of `records` that `link` allows.

        Args:
            records: at least two.
            comparison: the comparators.
            link: ``"both"`` any two records, ``"across"`` two sources only, ``"within"`` one source only.
            seed: for the random pairs.
        """
        total = linkable_pairs(records, None, link)
        sample = random_pairs(records, link, seed)
        packed = comparison.patterns(records, sample)
        unpacked = comparison.layout.levels(packed)
        scale = total / max(len(sample), 1)
        levels, carriers = [], []
        for i, comparator in enumerate(comparison.comparators):
            size = len(comparator.labels)
            seen = scale * np.bincount(unpacked[:, i].astype(np.int64) + 1, minlength=size + 1)[1:].astype(np.float64)
            counted, own = _exact(records, comparator, seen, link)
            levels.append(counted)
            carriers.append(own)
        return cls(total, tuple(levels), tuple(carriers), Patterns.counted([packed]))


def linkable_pairs(records: Records, codes: Codes | None, link: Link) -> float:
    """Return the number of pairs that `link` allows; with `codes`, only pairs of equal codes.

    Examples:
        >>> from identigraph.records import Records
        >>> records = Records.of({"s": ["a", "a", "b"]}, source="s")
        >>> [linkable_pairs(records, None, link) for link in ("both", "across", "within")]
        [3.0, 2.0, 1.0]
    """
    everyone = np.zeros(len(records), dtype=np.int32) if codes is None else codes
    return float(_pairs_by_code(records, everyone, link).sum())


def random_pairs(records: Records, link: Link, seed: int, size: int = SAMPLE) -> Pairs:
    """Return up to `size` random pairs that `link` allows; all of them where there are no more."""
    n = len(records)
    if n * (n - 1) // 2 <= size:
        left, right = np.triu_indices(n, k=1)
    else:
        generator = np.random.default_rng(seed)
        left = generator.integers(0, n, size)
        right = (left + generator.integers(1, n, size)) % n
    pairs = Pairs.of(left, right)
    if link == "both":
        return pairs
    differ = records.sources.codes[pairs.left] != records.sources.codes[pairs.right]
    return pairs.where(differ if link == "across" else ~differ)


def _pairs_by_code(records: Records, codes: Codes, link: Link) -> Floats:
    """Return for each code how many pairs of records that carry it `link` allows."""
    both = _pairs_of(np.bincount(codes[codes >= 0]))
    if link == "both":
        return both
    compound, size = combine([codes, records.sources.codes])
    present = np.flatnonzero(compound >= 0)
    code_of = np.zeros(size, dtype=np.int64)
    code_of[compound[present]] = codes[present]
    within = _summed(code_of, _pairs_of(np.bincount(compound[present], minlength=size)), len(both))
    return within if link == "within" else both - within


def _pairs_of(counts: npt.NDArray[np.integer]) -> Floats:
    return counts * (counts - 1) / 2


def _exact(records: Records, comparator: Comparator, seen: Floats, link: Link) -> tuple[Floats, Floats]:
    """Return the levels seen, with those of equality counted exactly, and how many records' own value is at each level.

    Equal values that a conflict sends to level 0 are counted as equal. Levels of comparators that are not the library's
    stay as they were seen, and meeting the own value again is taken as their top level.
    """
    size = len(seen)
    if not isinstance(comparator, Graded) or records.column(comparator.feature).present == 0:
        return seen, np.append(np.zeros(size - 1), float(len(records)))
    column = records.column(comparator.feature)
    level = comparator.equal_from + comparator.bands(records).astype(np.int64)
    equal = _summed(level, _pairs_by_code(records, column.codes, link), size)
    equal[: comparator.equal_from] = seen[: comparator.equal_from]
    return equal, _summed(level, column.counts.astype(np.float64), size)


def _summed(level: npt.NDArray[np.int64], weights: Floats, size: int) -> Floats:
    return np.bincount(level, weights=weights, minlength=size).astype(np.float64)
