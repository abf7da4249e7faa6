"""Telling: what happened to each id of an area, from the clusters before and after.

- **merged**: the id of an entity is gone, and most of its weight is in one other entity, the survivor. A and B become
  one: ``merged(A, [B])``. Records that went elsewhere have *moved*.
- **split**: records of an entity are an entity now that was not there before; or its id is gone, and no other entity
  has most of it. A parts in two: ``split(A, {A: 0.5, N: 0.5})`` and ``created(N)``.
- **moved**: records left one entity for another that was there before, and the one they left was not merged into it.
- **revived**: an id that was merged, split or retired is live again, because its records are an entity again. The merge
  of B into A is undone: ``split(A, {A: 0.5, B: 0.5})`` and ``revived(B)``.
- **redirected**: an id that was merged earlier now leads to another entity than its survivor, because its records went
  there. What B brought into A joins C: ``moved(C, from A)`` and ``redirected(C, [B])``.
- **grew**, **shrank**: records came into the crosswalk, or left it. **retired**: none is left.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import itemgetter

import attrs

from identigraph.errors import ConfigurationError, UnknownIdError
from identigraph.identity.claims import Claim
from identigraph.identity.events import KINDS, Event, Key, Kind
from identigraph.identity.issued import LIVE, RETIRED, Issued, live_id
from identigraph.identity.reading import Weigh
from identigraph.identity.register import Register
from identigraph.identity.status import Redirect, Retired, Split, Status

Fact = tuple[Kind, str, tuple[str, ...], tuple[float, ...], tuple[Key, ...]]
"""An event without its change: its kind, id, other ids, shares and records."""


@attrs.frozen(eq=False)
class Area:
    """New clusters, and the entities that their records were in.

    Attributes:
        register: what was before.
        clusters: the new clusters by their number, in order, their records in order.
        gone: the records that left the crosswalk.
        places: the number of the cluster of each record.
        entities: the live ids concerned.
    """

    register: Register
    clusters: Mapping[int, tuple[Key, ...]]
    gone: frozenset[Key]
    places: Mapping[Key, int]
    entities: frozenset[str]

    @classmethod
    def of(cls, register: Register, clusters: Mapping[int, tuple[Key, ...]], gone: Collection[Key]) -> Area:
        """Return the area of clusters.

        Raises:
            UnknownIdError: a record that left was not there.
            ConfigurationError: the records of an entity are not all there.
        """
        places = {key: number for number, cluster in clusters.items() for key in cluster}
        left = frozenset(gone)
        unknown = sorted(":".join(key) for key in left if key not in register.present)
        if unknown:
            raise UnknownIdError(unknown, len(unknown), len(left))
        chains = (register.present.get(key) for keys in (places, left) for key in keys)
        entities = frozenset(chain[-1] for chain in chains if chain)
        missing = sum(key not in places and key not in left for i in entities for key in register.entities[i])
        if missing:
            raise ConfigurationError(
                f"{missing:,} records of the entities concerned are in no cluster, and not among those that left; "
                "an area holds entities whole"
            )
        return cls(register, clusters, left, places, entities)


@attrs.frozen(eq=False, slots=False)
class Told:
    """The outcome of an area.

    Args:
        area: the clusters, and what was before.
        owners: the id of each cluster, by its number.
        claims: the claims of ids to clusters.
        weigh: the weight of a record.
    """

    area: Area
    owners: Sequence[str]
    claims: Mapping[str, Claim]
    weigh: Weigh

    def events(self, at: datetime, cause: str, fresh: Iterable[tuple[str, tuple[Key, ...]]] = ()) -> Iterator[Event]:
        """Yield the events, kind by kind.

        Args:
            at: when it happened.
            cause: what brought it about.
            fresh: entities that have nothing to do with what was before: their ids and records.
        """
        change = self.area.register.change + 1
        facts = [*self._losses(), *self._partings(), *self._arrivals(), *self._ends()]
        facts += (("created", entity_id, (), (), records) for entity_id, records in fresh)
        by_kind: dict[Kind, list[Fact]] = {}
        for fact in facts:
            by_kind.setdefault(fact[0], []).append(fact)
        by_kind.get("created", []).sort(key=self._first_record)
        by_kind.get("split", []).sort(key=itemgetter(1))
        for kind in sorted(by_kind, key=KINDS.index):
            for fact in by_kind[kind]:
                yield Event(change, at, *fact, cause)

    def _first_record(self, created: Fact) -> Key:
        """Return the first record of an entity that was created."""
        _, entity_id, _, _, records = created
        return self._firsts.get(entity_id) or records[0]

    @cached_property
    def _firsts(self) -> dict[str, Key]:
        return {self.owners[number]: cluster[0] for number, cluster in self.area.clusters.items()}

    @cached_property
    def _flows(self) -> dict[int, dict[str | None, list[Key]]]:
        """The records of each cluster by the live id they had; None where they had none."""
        present = self.area.register.present
        flows: dict[int, dict[str | None, list[Key]]] = {}
        for number, cluster in self.area.clusters.items():
            flow: dict[str | None, list[Key]] = {}
            for key in cluster:
                chain = present.get(key)
                flow.setdefault(chain[-1] if chain else None, []).append(key)
            flows[number] = flow
        return flows

    @cached_property
    def _ended(self) -> dict[str, Status]:
        """What became of the live ids that no cluster got."""
        ended = self.area.entities - self._owned
        return {i: self._settled(self.claims[i]) if i in self.claims else RETIRED for i in sorted(ended)}

    def _settled(self, claim: Claim) -> Redirect | Split:
        """Return what becomes of an id that no cluster got: where most of its weight went, else all shares."""
        shares = _shares({self.owners[number]: weight for number, weight in claim.weights.items()})
        most = max(shares, key=shares.__getitem__)
        return Redirect(most) if shares[most] > 0.5 else Split(shares)

    def _losses(self) -> Iterator[Fact]:
        """Yield which records left each entity."""
        left: dict[str, list[Key]] = {}
        for key in sorted(self.area.gone):
            left.setdefault(self.area.register.present[key][-1], []).append(key)
        for entity_id, keys in sorted(left.items()):
            kind: Kind = "retired" if self._ended.get(entity_id) == RETIRED else "shrank"
            yield kind, entity_id, (), (), tuple(keys)

    def _partings(self) -> Iterator[Fact]:
        """Yield which entities were split."""
        parts: dict[str, dict[str, list[Key]]] = {}
        for number, flow in self._flows.items():
            owner = self.owners[number]
            for entity_id, keys in flow.items():
                if entity_id is not None and owner != entity_id:
                    parts.setdefault(entity_id, {})[owner] = keys
        for entity_id, lost in sorted(parts.items()):
            ended = self._ended.get(entity_id)
            if isinstance(ended, Split):
                yield "split", entity_id, tuple(ended.shares), tuple(ended.shares.values()), ()
            elif any(owner not in self.area.entities and ended != Redirect(owner) for owner in lost):
                shares = self._shares_of(entity_id, lost, is_live=ended is None)
                yield "split", entity_id, tuple(shares), tuple(shares.values()), ()

    def _shares_of(self, entity_id: str, lost: Mapping[str, Sequence[Key]], *, is_live: bool) -> dict[str, float]:
        """Return the share of each entity in the weight of what is left of another one, itself first if it is live."""
        elsewhere = {key for keys in lost.values() for key in keys} | self.area.gone
        kept = [key for key in self.area.register.entities[entity_id] if key not in elsewhere]
        parts = {entity_id: kept, **lost} if is_live else lost
        weights = {owner: sum(map(self.weigh, keys)) for owner, keys in parts.items()}
        return _shares(weights if any(weights.values()) else {owner: len(keys) for owner, keys in parts.items()})

    def _arrivals(self) -> Iterator[Fact]:
        """Yield which records came to each entity, other than with an entity that was merged into it."""
        for number, flow in self._flows.items():
            owner, cluster = self.owners[number], self.area.clusters[number]
            came = {i: keys for i, keys in flow.items() if i != owner and not (i and self._is_merged(i, owner))}
            if owner in self.area.entities:
                for entity_id, keys in came.items():
                    if entity_id is None:
                        yield "grew", owner, (), (), tuple(keys)
                    else:
                        yield "moved", owner, (entity_id,), (), tuple(keys)
            else:
                kind: Kind = "revived" if owner in self.area.register else "created"
                records = (
                    cluster if len(came) == len(flow) else tuple(sorted(k for keys in came.values() for k in keys))
                )
                yield kind, owner, (), (), records

    def _is_merged(self, entity_id: str, owner: str) -> bool:
        return self._ended.get(entity_id) == Redirect(owner)

    def _ends(self) -> Iterator[Fact]:
        """Yield which ids lead to another one now."""
        losers: dict[str, list[str]] = {}
        for entity_id, status in self._ended.items():
            if isinstance(status, Redirect):
                losers.setdefault(status.entity_id, []).append(entity_id)
        for survivor, ids in sorted(losers.items()):
            yield "merged", survivor, tuple(ids), (), ()
        yield from self._redirects()

    def _redirects(self) -> Iterator[Fact]:
        """Yield which ids that were not live lead elsewhere than what they were merged into does."""
        wanted = {i: self._settled(claim) for i, claim in sorted(self.claims.items()) if self._is_led(i, claim)}
        if not wanted:
            return
        after = {i: Issued(0, 0, LIVE) for i in self._owned}
        after |= {i: Issued(0, 0, status) for i, status in {**self._ended, **wanted}.items()}
        known = ChainMap(after, self.area.register.issued)
        for entity_id, status in wanted.items():
            before = self.area.register.issued[entity_id].status
            if isinstance(status, Split):
                yield "split", entity_id, tuple(status.shares), tuple(status.shares.values()), ()
            elif not isinstance(before, Redirect) or live_id(known, before.entity_id) != status.entity_id:
                yield "redirected", status.entity_id, (entity_id,), (), ()

    def _is_led(self, entity_id: str, claim: Claim) -> bool:
        """Return whether an id was not live, is not now, and goes where its records are.

        A retired id stays retired while only records that it had acquired are back.
        """
        if entity_id in self.area.entities or entity_id in self._owned:
            return False
        return claim.has_own or not isinstance(self.area.register.resolve(entity_id), Retired)

    @cached_property
    def _owned(self) -> frozenset[str]:
        return frozenset(self.owners[number] for number in self.area.clusters)


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each in the whole.

    Examples:
        >>> _shares({"A": 3, "B": 1})
        {'A': 0.75, 'B': 0.25}
    """
    whole = math.fsum(weights.values())
    return {owner: weight / whole for owner, weight in weights.items()}
