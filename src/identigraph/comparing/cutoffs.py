"""Cutoffs of a similarity: numbers from 0 to 1, rising, each a grade."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.errors import RangeError

TOLERANCE = 1e-6
"""A similarity this little below a cutoff reaches it, so that rounding decides nothing."""


def ascending(values: Iterable[float]) -> tuple[float, ...]:
    """Return numbers from the lowest to the highest.

    Examples:
        >>> ascending([0.9, 0.8])
        (0.8, 0.9)
    """
    return tuple(sorted(values))


def check_shares(instance: object, attribute: attrs.Attribute[Any], values: tuple[float, ...]) -> None:
    """Check, as a validator of attrs, that numbers lie between 0 and 1.

    Raises:
        RangeError: one of them does not.
    """
    del instance
    for value in values:
        if not 0 <= value <= 1:
            raise RangeError(attribute.name, value, 0, 1)


def reached(similarity: npt.NDArray[np.floating], cutoffs: tuple[float, ...]) -> npt.NDArray[np.int8]:
    """Return how many of the ascending cutoffs each similarity reaches.

    Examples:
        >>> reached(np.array([0.5, 0.8, 1.0]), (0.8, 0.9)).tolist()
        [0, 1, 2]
    """
    return np.searchsorted(floors(cutoffs), similarity, side="right").astype(np.int8)


def floors(cutoffs: tuple[float, ...]) -> list[float]:
    """Return the lowest similarity that reaches each cutoff.

    Examples:
        >>> floors((0.8,))
        [0.799999]
    """
    return [cutoff - TOLERANCE for cutoff in cutoffs]
