"""Vectors that the caller brings, such as embeddings: one for each row of the caller's table."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.records.records import Records

Points = npt.NDArray[np.float32]


def as_vectors(vectors: Any) -> Points:
    """Return a copy of vectors, read-only, of shape (rows, dimensions).

    Raises:
        UnsupportedInputError: `vectors` is no array of numbers with two dimensions.
        ConfigurationError: it holds infinite numbers.

    Examples:
        >>> as_vectors([[1, 0], [0.5, 0.5]]).shape
        (2, 2)
    """
    points = _read(vectors)
    if points is None or points.ndim != 2 or points.shape[1] == 0:
        raise UnsupportedInputError(vectors, "an array of numbers of shape (rows, dimensions)")
    if np.isinf(points).any():
        raise ConfigurationError(f"{int(np.isinf(points).any(axis=1).sum()):,} vectors hold infinite numbers")
    points.setflags(write=False)
    return points


def vectors_of(records: Records, vectors: Points) -> Points:
    """Return the vector of each record, by row number.

    Raises:
        ConfigurationError: there is not one vector for each record.
    """
    if len(vectors) != len(records):
        raise ConfigurationError(
            f"got {len(vectors):,} vectors for {len(records):,} records; give one for each row of the table, "
            "in its order, with NaN where there is none"
        )
    return vectors[records.position]


def _read(vectors: Any) -> Points | None:
    """Return a copy of the numbers, None where it holds anything else or lists of unequal length."""
    try:
        given = np.asarray(vectors)
    except ValueError:
        return None
    with np.errstate(over="ignore"):
        return given.astype(np.float32) if given.dtype.kind in "fiu" else None
