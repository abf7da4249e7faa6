"""What a live index looks at: records by slot, entities by id, and what finds the one among the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

import attrs

from identigraph.comparing.layout import Layout
from identigraph.comparing.patterns import Comparison
from identigraph.identity import JudgementLog, Register
from identigraph.identity.events import Key
from identigraph.live.engine import Candidate, Engine, Naming, obstacles
from identigraph.live.held import Held
from identigraph.live.key_index import KeyIndex
from identigraph.live.long_way import candidates_among
from identigraph.live.parts import Parts
from identigraph.records import RowReader
from identigraph.resolution import Resolution

Lookup: TypeAlias = tuple[RowReader, KeyIndex]
"""What reads a value of a field, and the blocks of those that have it."""


@attrs.frozen(eq=False)
class Index:
    """The indexes of a resolution.

    Args:
        held: its records.
        register: its entities.
        layout: what the bits of patterns mean.
        obstacles: what keeps it from asking record by record; see `engine.obstacles`.
        engine: what asks record by record, where nothing does.
        resolution: what the long way asks, where something does.
        lookups: what finds the records with a value of a field, of those that were asked for.
    """

    held: Held
    register: Register
    layout: Layout
    obstacles: tuple[str, ...]
    engine: Engine | None = None
    resolution: Resolution | None = None
    lookups: dict[str, Lookup] = attrs.field(factory=dict, init=False)

    @classmethod
    def of(cls, parts: Parts, *, log: JudgementLog, at: datetime, naming: Naming) -> Index:
        """Return the indexes of a resolution; the arguments are those of `Engine.of`."""
        found, layout = obstacles(parts), Comparison(parts.resolver.comparators).layout
        if found:
            return cls(Held.of(parts.records, ()), parts.register, layout, found, resolution=parts.whole())
        engine = Engine.of(parts, log=log, at=at, naming=naming)
        return cls(engine.held, engine.register, layout, (), engine)

    @property
    def size(self) -> int:
        """How many slots are seen."""
        return len(self.held.keys) if self.engine is None else self.engine.size

    def kept(self, key: Key, columns: Mapping[str, str | None]) -> Sequence[Candidate]:
        """Return the records that would be scored pairs with a record."""
        if self.engine is not None:
            return self.engine.coming(key, columns).kept
        return [] if self.resolution is None else candidates_among(self.resolution, key, columns)
