"""Similarity of vectors that the caller brings, such as embeddings of texts or pictures."""

from __future__ import annotations

import attrs
import numpy as np

from identigraph.comparing.comparator import Grades, Similarities
from identigraph.comparing.cutoffs import ascending, check_shares, reached
from identigraph.pairs import Mask, Rows
from identigraph.records import Records
from identigraph.records.vectors import Points, as_vectors, vectors_of

CHUNK = 100_000
"""Pairs whose vectors are held at a time."""


@attrs.frozen(eq=False, repr=False)
class NearVector:
    """Cosine of two vectors at or above each of the cutoffs, 0 to 1.

    Args:
        vectors: shape (rows, dimensions): one for each row of the caller's table and in its order; NaN or zeros alone
            where a record has none.
        cutoffs: one grade each.
    """

    vectors: Points = attrs.field(converter=as_vectors)
    cutoffs: tuple[float, ...] = attrs.field(converter=ascending, validator=check_shares)

    @property
    def columns(self) -> tuple[str, ...]:
        """None: vectors belong to rows."""
        return ()

    @property
    def labels(self) -> tuple[str, ...]:
        """One per cutoff."""
        return tuple(f"cosine, {cutoff:.2g}" for cutoff in self.cutoffs)

    def present(self, records: Records, left: Rows, right: Rows) -> Mask:
        """Tell where both records have a vector."""
        known = np.isnan(self._unit(records)).sum(axis=1) == 0
        both: Mask = known[left] & known[right]
        return both

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return how many cutoffs each pair reaches; 0 where a vector is missing."""
        return reached(np.nan_to_num(self.similarity(records, left, right), nan=-1.0), self.cutoffs)

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return the cosine of each pair, 0 where it is negative; NaN where a vector is missing."""
        unit = self._unit(records)
        cosine = np.empty(len(left))
        for low in range(0, len(left), CHUNK):
            at = slice(low, low + CHUNK)
            cosine[at] = np.einsum("ij,ij->i", unit[left[at]], unit[right[at]])
        return np.clip(cosine, 0, 1)

    def _unit(self, records: Records) -> Points:
        """Return the vector of each record with length 1, NaN where there is none."""
        return records.remember(("unit vectors", self), lambda: self._scaled(records))

    def _scaled(self, records: Records) -> Points:
        points = vectors_of(records, self.vectors)
        length = np.linalg.norm(points, axis=1, keepdims=True)
        unit: Points = (points / np.where(length > 0, length, np.nan)).astype(np.float32)
        return unit

    def __repr__(self) -> str:
        """Return the call that makes it, the vectors by their shape."""
        rows, dimensions = self.vectors.shape
        return f"NearVector(<{rows:,} vectors of {dimensions:,}>, {self.cutoffs!r})"
