"""What a live index is made of: the parts of a resolution, without the evidence that only questions ask for."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from identigraph.comparing.layout import Packed
from identigraph.graph import ScoredPairs
from identigraph.identity import Register
from identigraph.pairs import Mask
from identigraph.records import Records
from identigraph.resolution import Resolution
from identigraph.resolver import Resolver


@attrs.frozen(eq=False, repr=False)
class Parts:
    """Parts of a resolution.

    Args:
        resolver: that has learned.
        records: with its fields.
        scored: the scored pairs, by row number; those that blocking proposed come first.
        patterns: how these agree.
        register: every id that was issued.
        pending: shape (records,): which are to be resolved again.
        whole: returns the resolution.
    """

    resolver: Resolver
    records: Records
    scored: ScoredPairs
    patterns: Packed
    register: Register
    pending: Mask
    whole: Callable[[], Resolution]

    @classmethod
    def of(cls, resolution: Resolution) -> Parts:
        """Return the parts of a resolution."""
        made = resolution
        told = (made.resolver, made.records, made.scored, made.patterns, made.register, made.pending)
        return cls(*told, whole=lambda: made)
