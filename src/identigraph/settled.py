"""What a resolver keeps of the records it learned from, so that its answers do not change when others come or go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from identigraph.records import Records

if TYPE_CHECKING:
    from identigraph.resolver import Resolver


@attrs.frozen(eq=False, repr=False)
class Settled:
    """Facts about the population that a resolver learned from, and the resolver as it was before.

    Args:
        facts: how common values are, who shares them, which words there are; see `Records.fact`.
        origin: the resolver that would learn anew.
    """

    facts: Mapping[str, Any]
    origin: Resolver

    def applied(self, records: Records) -> Records:
        """Return the records, of which the population learned from tells what is common."""
        return records.with_facts(self.facts)

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        return f"<Settled: {len(self.facts):,} facts>"
