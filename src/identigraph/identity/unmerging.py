"""Taking a merge apart: which records came into the survivor with which id."""

from __future__ import annotations

from identigraph.errors import ConfigurationError
from identigraph.identity.events import Event, Key
from identigraph.identity.register import Register


def parts_of(event: Event, register: Register) -> list[list[Key]]:
    """Return the records of an entity by the losers of a merge that they came with; the survivor's own last.

    Args:
        event: of the kind ``merged``.
        register: what the merge led to.

    Raises:
        ConfigurationError: the event is no merge, or the entities are apart already.

    Examples:
        >>> from datetime import UTC, datetime
        >>> register = Register.of({"record_id": ["a", "b", "c"], "entity_id": ["A", "A", "B"]})
        >>> merged = Event(1, datetime(2026, 3, 2, tzinfo=UTC), "merged", "A", ("B",))
        >>> changed = register.apply([merged])
        >>> parts_of(merged, register)
        [[('records', 'c')], [('records', 'a'), ('records', 'b')]]
    """
    if event.kind != "merged":
        raise ConfigurationError(f"only a merge can be taken apart; the event is of the kind {event.kind!r}")
    survivor = register.live_id(event.entity_id)
    parts: dict[str | None, list[Key]] = {}
    for key in register.entities.get(survivor or "", ()):
        chain = register.present[key]
        parts.setdefault(next((loser for loser in event.other_ids if loser in chain), None), []).append(key)
    own = parts.pop(None, [])
    if not parts or len(parts) + bool(own) < 2:
        raise ConfigurationError(
            "there is nothing to take apart: no entity holds what this merge put together any more"
        )
    return [*parts.values(), *([own] if own else [])]
