"""Cutoffs of a similarity: numbers from 0 to 1, rising, each a grade."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from identigraph.errors import RangeError

TOLERANCE = 1e-6
"""A similarity this little below a cutoff reaches it, so that rounding decides nothing."""


def shares(name: str, values: Iterable[float]) -> tuple[float, ...]:
    """Return `values`, rising.

    Raises:
        RangeError: one of them, an argument called `name`, lies outside 0 to 1.

    Examples:
        >>> shares("cutoff", [0.9, 0.8])
        (0.8, 0.9)
    """
    rising = tuple(sorted(values))
    for value in rising:
        if not 0 <= value <= 1:
            raise RangeError(name, value, 0, 1)
    return rising


def cutoffs(values: Iterable[float]) -> tuple[float, ...]:
    """Return the cutoffs of a similarity, rising.

    Raises:
        RangeError: one of them lies outside 0 to 1.

    Examples:
        >>> cutoffs([0.9, 0.8])
        (0.8, 0.9)
    """
    return shares("cutoff", values)


def reached(similarity: npt.NDArray[np.floating], rising: tuple[float, ...]) -> npt.NDArray[np.int8]:
    """Return how many of the rising cutoffs each similarity reaches.

    Examples:
        >>> reached(np.array([0.5, 0.8, 1.0]), (0.8, 0.9)).tolist()
        [0, 1, 2]
    """
    return np.searchsorted(np.array(rising) - TOLERANCE, similarity, side="right").astype(np.int8)
