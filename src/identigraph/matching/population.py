"""What levels pairs of the whole population show: the base rate against which agreement is weighed.

Levels of equality are counted exactly, from how often each value occurs; all other levels are estimated from random
pairs. Pairs are those that may be linked at all: any two records, or only those across sources, or within one.
"""

from __future__ import annotations

from typing import Literal

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.comparing import Comparator, Comparison, Graded
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
    """

    pairs: float
    levels: tuple[Floats, ...]
    carriers: tuple[Floats, ...]

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
        unpacked = comparison.levels(comparison.patterns(records, sample))
        levels, carriers = [], []
        for i, comparator in enumerate(comparison.comparators):
            size = len(comparator.labels)
            seen = np.bincount(unpacked[:, i].astype(np.int64) + 1, minlength=size + 1)[1:].astype(np.float64)
            scale = total / max(len(sample), 1)
            equal, own = _equal_levels(records, comparator, link)
            levels.append(_with_exact(seen * scale, equal, own))
            carriers.append(own if own is not None and own.any() else _top_level(size, len(records)))
        return cls(total, tuple(levels), tuple(carriers))


def linkable_pairs(records: Records, codes: Codes | None, link: Link) -> float:
    """Return the number of pairs that `link` allows; with `codes`, only pairs of equal codes.

    Examples:
        >>> from identigraph.records import Records
        >>> records = Records.of({"s": ["a", "a", "b"]}, source="s")
        >>> [linkable_pairs(records, None, link) for link in ("both", "across", "within")]
        [3.0, 2.0, 1.0]
    """
    everyone = np.zeros(len(records), dtype=np.int32) if codes is None else codes
    both = _pairs_of(everyone)
    if link == "both":
        return both
    within = _pairs_of(combine([everyone, records.sources.codes])[0])
    return within if link == "within" else both - within


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


def _pairs_of(codes: Codes) -> float:
    counts = np.bincount(codes[codes >= 0]).astype(np.float64)
    return float((counts * (counts - 1) / 2).sum())


def _equal_levels(records: Records, comparator: Comparator, link: Link) -> tuple[Floats | None, Floats | None]:
    """Return pairs at each level of equality, exactly, and how many records' own value is at each level."""
    if not isinstance(comparator, Graded):
        return None, None
    column, bands = records.column(comparator.feature), comparator.bands(records)
    size = len(comparator.labels)
    level = comparator.equal_from + bands.astype(np.int64)
    counts = column.counts.astype(np.float64)
    own = _summed(level, counts, size)
    if link == "both":
        equal = _summed(level, counts * (counts - 1) / 2, size)
    else:
        split = [np.where(bands[column.codes] == b, column.codes, -1) for b in range(size - comparator.equal_from)]
        pairs = [linkable_pairs(records, codes.astype(np.int32), link) for codes in split]
        equal = np.append(np.zeros(comparator.equal_from), pairs)
    return equal, own


def _summed(level: npt.NDArray[np.int64], weights: Floats, size: int) -> Floats:
    return np.bincount(level, weights=weights, minlength=size).astype(np.float64)


def _with_exact(seen: Floats, equal: Floats | None, own: Floats | None) -> Floats:
    """Return the levels seen in the sample with the exact counts in place of those of equality."""
    if equal is None or own is None:
        return seen
    first = int(np.flatnonzero(np.append(equal, 1.0) + np.append(own, 1.0))[0])
    below = seen.copy()
    below[first:] = 0.0
    return below + equal


def _top_level(size: int, records: int) -> Floats:
    top = np.zeros(size)
    top[-1] = records
    return top
