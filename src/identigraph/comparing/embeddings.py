"""Similarity of vectors that the caller brings, such as embeddings of texts or pictures."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.comparing.comparator import Grades, Similarities
from identigraph.comparing.cutoffs import ascending, check_shares, reached
from identigraph.errors import ConfigurationError
from identigraph.pairs import Mask, Rows
from identigraph.records import Records
from identigraph.records.vectors import Points, as_vectors, vectors_of

CHUNK = 100_000
"""Pairs whose vectors are held at a time."""


def cosine(left: npt.ArrayLike, right: npt.ArrayLike) -> Any:
    """Return the cosine of two vectors, or of two arrays of vectors row by row, 0 where it is negative.

    Args:
        left: shape (dimensions,) or (rows, dimensions).
        right: the same shape.

    Returns:
        0 to 1, a float or an array of shape (rows,); NaN where a vector holds NaN or zeros alone.

    Raises:
        ConfigurationError: the shapes differ, or there is no dimension.

    Examples:
        >>> cosine([3, 4], [4, 3]), cosine([[1, 0], [1, 0]], [[1, 0], [0, 0]]).tolist()
        (0.96, [1.0, nan])
    """
    one, other = (np.asarray(side, dtype=np.float64) for side in (left, right))
    if one.shape != other.shape or one.ndim not in {1, 2} or one.shape[-1] == 0:
        got = f"{one.shape} and {other.shape}"
        raise ConfigurationError(f"cosine takes two vectors, or two arrays of rows of vectors, of one shape; got {got}")
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    similarity = np.clip((one * other).sum(axis=-1) / np.where(lengths > 0, lengths, np.nan), 0, 1)
    return float(similarity) if one.ndim == 1 else similarity


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
