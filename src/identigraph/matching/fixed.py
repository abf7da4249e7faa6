"""Probabilities of levels that are given and not learned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.layout import Layout
from identigraph.errors import ConfigurationError

LEAST = 1e-9
"""What a probability of 0 is taken for: nothing is impossible in data."""


def _as_probabilities(values: Iterable[float] | None) -> tuple[float, ...] | None:
    """Return probabilities that add up to 1."""
    if values is None:
        return None
    given = tuple(float(value) for value in values)
    if not given or not all(0 <= value <= 1 for value in given) or abs(sum(given) - 1) > 1e-6:
        raise ConfigurationError(f"probabilities of levels lie between 0 and 1 and add up to 1, got {given}")
    return given


@attrs.frozen
class Fixed:
    """The m or u probabilities of a comparator that training leaves as they are.

    Args:
        comparator: its name.
        m: the probability of each level, from 0, among pairs of one entity; None: learned.
        u: the same among all other pairs; None: learned.

    Raises:
        ConfigurationError: neither is given, or they are no probabilities that add up to 1.

    Examples:
        >>> Fixed("sex", u=(0.5, 0.5))
        Fixed('sex', u=(0.5, 0.5))
    """

    comparator: str
    m: tuple[float, ...] | None = attrs.field(default=None, converter=_as_probabilities)
    u: tuple[float, ...] | None = attrs.field(default=None, converter=_as_probabilities)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        if self.m is None and self.u is None:
            raise ConfigurationError(f"give m or u of comparator {self.comparator!r}, or leave it out to learn both")

    def array(self, side: str) -> npt.NDArray[np.float64] | None:
        """Return the probabilities of ``"m"`` or ``"u"``, none of them 0."""
        given = getattr(self, side)
        if given is None:
            return None
        raised = np.maximum(np.array(given), LEAST)
        shares: npt.NDArray[np.float64] = raised / raised.sum()
        return shares

    def check(self, layout: Layout) -> None:
        """Check that there is such a comparator, with so many levels.

        Raises:
            ColumnNotFoundError: there is no such comparator.
            ConfigurationError: it has more levels, or fewer.
        """
        labels = layout.labels[layout.place(self.comparator)]
        for given in (self.m, self.u):
            if given is not None and len(given) != len(labels):
                raise ConfigurationError(
                    f"comparator {self.comparator!r} has {len(labels)} levels ({', '.join(labels)}), and {len(given)} "
                    "probabilities were given; give one for each"
                )


def as_fixed(given: Mapping[str, Mapping[str, Any]] | Iterable[Fixed]) -> tuple[Fixed, ...]:
    """Return given probabilities, of a mapping ``{comparator: {"m": [...], "u": [...]}}`` too."""
    if isinstance(given, Mapping):
        return tuple(Fixed(name, **sides) for name, sides in given.items())
    return tuple(given)
