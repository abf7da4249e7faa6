"""What a resolver keeps of the records it learned from, so that its answers do not change when others come or go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from identigraph.records import Reading, Records

if TYPE_CHECKING:
    from identigraph.resolver import Resolver


@attrs.frozen(eq=False, repr=False)
class Settled:
    """Facts about the population that a resolver learned from, and the resolver as it was before.

    Args:
        reading: how fields are read: which of two numbers is the month, which values are placeholders.
        facts: how common values are, who shares them, which words there are; see `Records.fact`.
        origin: the resolver that would learn anew.
    """

    reading: Reading
    facts: Mapping[str, Any]
    origin: Resolver

    @classmethod
    def of(cls, records: Records, origin: Resolver) -> Settled:
        """Return what was read in records and asked about them so far."""
        return cls(Reading.of(records, separators=records.separators), records.facts, origin)

    def applied(self, records: Records) -> Records:
        """Return records of the same columns, of which the population learned from tells what they say."""
        return records.with_fields(self.origin.fields, reading=self.reading).with_facts(self.facts)

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        return f"<Settled: {len(self.facts):,} facts>"
