"""Pairs of records: two arrays of row numbers, ``left < right``."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.errors import ConfigurationError

Rows = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


@attrs.frozen(eq=False, repr=False)
class Pairs:
    """A batch of candidate pairs.

    Args:
        left: row numbers, int32.
        right: row numbers, int32, each above its left partner.

    Examples:
        >>> Pairs.of([3, 0], [1, 2])
        <Pairs: 2>
        >>> Pairs.of([3, 0], [1, 2]).left.tolist()
        [1, 0]
    """

    left: Rows
    right: Rows

    @classmethod
    def of(cls, left: npt.ArrayLike, right: npt.ArrayLike) -> Pairs:
        """Return pairs from any two row numbers each, the smaller one put left.

        Raises:
            ConfigurationError: the two are not equally long, or a record is paired with itself.
        """
        a, b = np.asarray(left, dtype=np.int32), np.asarray(right, dtype=np.int32)
        if a.ndim != 1 or a.shape != b.shape:
            raise ConfigurationError(f"left and right must be equally many row numbers, got {a.shape} and {b.shape}")
        if (a == b).any():
            raise ConfigurationError(f"a pair is of two records, but {(a == b).sum():,} join a record with itself")
        return cls(np.minimum(a, b), np.maximum(a, b))

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.left)

    def __repr__(self) -> str:
        """Return the count."""
        return f"<Pairs: {len(self):,}>"

    def where(self, mask: Mask | npt.NDArray[np.integer]) -> Pairs:
        """Return the pairs that `mask` keeps, or at some places."""
        return Pairs(self.left[mask], self.right[mask])

    def codes(self) -> npt.NDArray[np.int64]:
        """Return one integer per pair, in the order of (left, right)."""
        return (self.left.astype(np.int64) << 32) | self.right

    def places_in(self, others: Pairs) -> npt.NDArray[np.int64]:
        """Return the place of each pair among others, -1 where it is not among them.

        Examples:
            >>> Pairs.of([0, 4], [3, 5]).places_in(Pairs.of([1, 3], [2, 0])).tolist()
            [1, -1]
        """
        codes, wanted = others.codes(), self.codes()
        if len(codes) == 0:
            return np.full(len(self), -1)
        order = np.argsort(codes, kind="stable")
        place = order[np.minimum(np.searchsorted(codes, wanted, sorter=order), len(codes) - 1)]
        return np.where(codes[place] == wanted, place, -1)
