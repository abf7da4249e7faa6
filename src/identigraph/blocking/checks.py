"""Checks of what strategies are made with."""

from __future__ import annotations

from collections.abc import Iterable

from identigraph.errors import ConfigurationError, RangeError
from identigraph.fields.derived import Derived, Feature

NO_END = float("inf")
MOST_SEED = 999_999


def check_features(maker: str, features: Iterable[Feature]) -> None:
    """Raise unless `features`, which `maker` was given, are names and derived features, at least one.

    Raises:
        ConfigurationError: there is none, or something else.
    """
    given = tuple(features)
    if not given:
        raise ConfigurationError(f"{maker} needs at least one feature, for example {maker}('name')")
    for feature in given:
        if not isinstance(feature, str | Derived):
            raise ConfigurationError(f"{maker} takes names and derived features, got {type(feature).__name__}")


def check_whole(name: str, value: int, low: int, high: float = NO_END) -> None:
    """Raise unless `value` is a whole number from `low` to `high`.

    Raises:
        RangeError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RangeError(name, value, low, high)


def check_share(name: str, value: float, low: float = 0.0, high: float = 1.0) -> None:
    """Raise unless `value` is a number from `low`, itself excluded where it is 0, to `high`.

    Raises:
        RangeError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high or value == 0:
        raise RangeError(name, value, low, high)
