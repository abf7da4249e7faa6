"""What the generators ask of their arguments."""

from __future__ import annotations

from numbers import Integral

from identigraph.errors import ConfigurationError, RangeError

MOST_RECORDS = 100_000_000
MOST_SEED = 2**63 - 1


def check_size(n: int, seed: int) -> None:
    """Raise unless `n` is a whole number from 1 to 100 million and `seed` one from 0 to 2**63 - 1.

    Raises:
        ConfigurationError: where one of them is no whole number.
        RangeError: where one of them is out of range.

    Examples:
        >>> check_size(0, seed=0)
        Traceback (most recent call last):
        identigraph.errors.RangeError: n must lie between 1 and 1e+08, got 0
    """
    _check("n", n, 1, MOST_RECORDS)
    _check("seed", seed, 0, MOST_SEED)


def _check(name: str, value: int, low: int, high: int) -> None:
    """Raise unless `value` is a whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise ConfigurationError(f"{name} must be a whole number, got {type(value).__name__}")
    if not low <= value <= high:
        raise RangeError(name, value, low, high)
