"""Assigning: from the new clusters of an *area* to the events that give them their ids.

An area is some new clusters with all records of every entity that a record of theirs was in: in the clusters, or among
those that left. Areas do not influence each other, so a whole crosswalk is one large area, and a record that came in is
a small one: the clusters around it. Nothing here changes a register; `Register.apply` does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TypeAlias

from identigraph.errors import ConfigurationError, InvalidIntermediateError
from identigraph.identity.claims import claims_of, winners
from identigraph.identity.events import Events, Key, as_time
from identigraph.identity.reading import Weigh
from identigraph.identity.register import Register
from identigraph.identity.status import Erased
from identigraph.identity.telling import Area, Told

IdFactory: TypeAlias = Callable[[], str]
"""Makes an id that was never there before."""

Clusters: TypeAlias = list[tuple[Key, ...]]


def assign(
    register: Register,
    clusters: Iterable[Collection[Key]],
    *,
    at: datetime,
    factory: IdFactory,
    gone: Collection[Key] = (),
    weigh: Weigh = lambda _: 1.0,
    pins: Mapping[Key, str] | None = None,
    cause: str = "",
) -> Events:
    """Return the events that give new clusters their ids; `Register.apply` makes them so.

    Args:
        register: what was before.
        clusters: the new clusters of an area, in any order: all records of the entities concerned that did not leave.
        at: the time of the change, with time zone.
        factory: makes new ids, in the order of the first records of their clusters.
        gone: records that left.
        weigh: the weight of a record, from 0 on.
        pins: records whose cluster gets an id whatever the claims; others than those in the clusters are left out.
        cause: what brought the change about, in words.

    Raises:
        ConfigurationError: a record is in two clusters, the records of an entity are not all there, pins contradict
            each other or name an id that was erased, or that is live elsewhere.
        InvalidIntermediateError: the factory made an id that was there before.

    Examples:
        >>> from datetime import UTC
        >>> register = Register.of({"record_id": ["a", "b"], "entity_id": ["C-1", "C-2"]})
        >>> at = datetime(2026, 3, 2, tzinfo=UTC)
        >>> events = assign(register, [[("records", "a"), ("records", "b")]], at=at, factory=lambda: "C-3")
        >>> events, events[0].entity_id, events[0].other_ids
        (<Events: 1 merged>, 'C-1', ('C-2',))
    """
    time, pinned = as_time(at), pins or {}
    ordered = sorted(tuple(sorted(cluster)) for cluster in clusters if cluster)
    known = _known(ordered, register.present.keys(), register.left.keys(), pinned.keys())
    _check_once(ordered, gone)
    area = Area.of(register, known, gone)
    claims = claims_of(register, known, weigh)
    won = winners(claims, register, _given(area, pinned))
    owners = _with_new(register, won, len(ordered), factory)
    fresh = [(owners[number], cluster) for number, cluster in enumerate(ordered) if number not in known]
    return Events(tuple(Told(area, owners, claims, weigh).events(time, cause, fresh)))


def _known(clusters: Clusters, *told: AbstractSet[Key]) -> dict[int, tuple[Key, ...]]:
    """Return the clusters with a record that is among those `told`, by their number; the others are simply new."""
    every = [keys for keys in told if keys]
    return {
        number: cluster
        for number, cluster in enumerate(clusters)
        if not all(keys.isdisjoint(cluster) for keys in every)
    }


def _check_once(clusters: Clusters, gone: Collection[Key]) -> None:
    """Raise where a record is in two clusters, or left and is there.

    Raises:
        ConfigurationError: with the number of such records.
    """
    every = [key for cluster in (*clusters, gone) for key in cluster]
    if repeated := len(every) - len(frozenset(every)):
        raise ConfigurationError(f"{repeated:,} records are in two clusters, or left and are there; give each once")


def _given(area: Area, pins: Mapping[Key, str]) -> dict[int, str]:
    """Return the id that is given to each cluster with a pinned record.

    Raises:
        ConfigurationError: a cluster is given several ids, several clusters are given one, or an id cannot be given.
    """
    given: dict[int, str] = {}
    for key in sorted(pins.keys() & area.places.keys()):
        number = area.places[key]
        if given.setdefault(number, pins[key]) != pins[key]:
            both = " and ".join(sorted(map(repr, {given[number], pins[key]})))
            held = sum(area.places.get(pinned) == number for pinned in pins)
            raise ConfigurationError(
                f"{held:,} pins give the ids {both} to records of one cluster; an entity has one id: remove pins, or "
                "keep the records apart"
            )
    _check_given(area, given)
    return given


def _check_given(area: Area, given: Mapping[int, str]) -> None:
    """Raise where ids cannot be given to clusters.

    Raises:
        ConfigurationError: an id is given twice, was erased, or is live elsewhere.
    """
    seen: set[str] = set()
    for entity_id in sorted(given.values()):
        if entity_id in seen:
            count = sum(other == entity_id for other in given.values())
            raise ConfigurationError(
                f"pins give the id {entity_id!r} to records of {count:,} clusters; an id has one entity: remove pins, "
                "or link the records"
            )
        seen.add(entity_id)
        if isinstance(area.register.resolve(entity_id), Erased):
            raise ConfigurationError(f"pins name the id {entity_id!r}, which was erased and is never used again")
        if entity_id in area.register.entities and entity_id not in area.entities:
            raise ConfigurationError(
                f"pins name the id {entity_id!r}, the entity of which is not in this area; add its records to the "
                "clusters"
            )


def _with_new(register: Register, owners: Mapping[int, str], clusters: int, factory: IdFactory) -> list[str]:
    """Return the id of each cluster: a new one where it has none.

    Raises:
        InvalidIntermediateError: the factory made an id that was there before, or no id.
    """
    taken = set(owners.values())
    found = []
    for number in range(clusters):
        entity_id = owners.get(number)
        if entity_id is None:
            entity_id = factory()
            if not isinstance(entity_id, str) or not entity_id:
                raise InvalidIntermediateError("the id factory", "a text, not empty", repr(entity_id))
            if entity_id in register or entity_id in taken:
                raise InvalidIntermediateError("the id factory", "ids never given before", f"{entity_id!r} once more")
            taken.add(entity_id)
        found.append(entity_id)
    return found
