"""The register: every id that was ever issued, what became of it, and which records it stands for.

A record carries a **chain** of ids: the one it was first given in, then each that it came to by merges. So a record
with ``(L, S, R)`` was first given in ``L``, which was merged into ``S``, which was merged into ``R``; and a merge can
be undone long after. What leaves an entity in any other way starts anew. Invariants: of the chain of a record in the
crosswalk the last id is live, and all others lead to it; a live id has records in the crosswalk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby, takewhile
from typing import Any, TypeAlias

import attrs
import polars as pl

from identigraph.errors import ConfigurationError, UnknownIdError, VersionConflictError
from identigraph.identity.events import Event, Events, Key, as_time
from identigraph.identity.issued import LIVE, Issued, as_table, followed, from_table, live_id, note, resolve
from identigraph.identity.lists import list_column
from identigraph.identity.reading import read_chains
from identigraph.identity.status import Status
from identigraph.records.tables import read
from identigraph.table import Table

Chain: TypeAlias = tuple[str, ...]
"""The ids of a record, the first first."""

EFFECTS: Mapping[str, frozenset[str]] = {
    "placed": frozenset({"created", "revived", "grew", "moved"}),
    "gone": frozenset({"shrank", "retired"}),
    "ended": frozenset({"retired", "erased", "split"}),
}
"""Kinds of events whose records come to an entity, or leave the crosswalk; that may end an id without a survivor."""


@attrs.define(repr=False)
class Register:
    """Every id ever issued, and the records they stand for.

    A register changes by `apply` and `erase` alone, in time that depends on the entities concerned only; copies share
    nothing that changes.

    Attributes:
        present: the chain of each record in the crosswalk.
        left: the chain of each record that left it, as it was then.
        entities: the records of each live id, in order.
        issued: what is known of each id.
        change: the number of the last change.

    Examples:
        >>> register = Register.of({"record_id": ["a", "b", "c"], "entity_id": ["C-1", "C-1", "C-2"]})
        >>> register
        <Register: 2 live of 2 ids, 3 records>
        >>> register.resolve("C-1"), register.resolve("C-9")
        (Live(), Unknown())
    """

    present: dict[Key, Chain] = attrs.field(factory=dict)
    left: dict[Key, Chain] = attrs.field(factory=dict)
    entities: dict[str, tuple[Key, ...]] = attrs.field(factory=dict)
    issued: dict[str, Issued] = attrs.field(factory=dict)
    change: int = 0

    @classmethod
    def of(cls, records: Any, *, ids: Any = None) -> Register:
        """Return a register of a crosswalk that was made elsewhere, or of the two tables of a register.

        Args:
            records: any table: ``source`` (may be missing), ``record_id, entity_id``, or the `records` of a register.
            ids: the `ids` of a register; without it each id is live and older than the register.

        Raises:
            ColumnNotFoundError, NullIdError, DuplicateIdError, ConfigurationError: a column, id or entity is missing,
                a record occurs twice, or the two tables do not go together.
        """
        chains = read_chains(records)
        present = {key: chain for key, chain, is_present in chains if is_present}
        left = {key: chain for key, chain, is_present in chains if not is_present}
        entities = _entities({key: chain[-1] for key, chain in present.items()})
        issued = dict.fromkeys(entities, Issued(0, 0, LIVE)) if ids is None else from_table(read(ids))
        change = max((known.changed for known in issued.values()), default=0)
        register = cls(present, left, entities, issued, change)
        register._check()
        return register

    def copy(self) -> Register:
        """Return a register that changes by itself."""
        return Register(self.present.copy(), self.left.copy(), self.entities.copy(), self.issued.copy(), self.change)

    def resolve(self, entity_id: str) -> Status:
        """Return what became of an id: where it leads now, in one step.

        Returns:
            `Live`; `Redirect` to the live id it was merged into, directly or through others; `Split` with the share of
            each live id, where several are left; `Retired`, `Erased` or `Unknown`.

        Examples:
            >>> Register.of({"record_id": [1], "entity_id": ["C-1"]}).resolve("C-1")
            Live()
        """
        return resolve(self.issued, entity_id)

    def live_id(self, entity_id: str) -> str | None:
        """Return the one live id that an id leads to, itself if it is live; None if there is none, or several."""
        return live_id(self.issued, entity_id)

    def entity_of(self, key: Key) -> str | None:
        """Return the id of the entity of a record, None where the crosswalk has no such record.

        Examples:
            >>> Register.of({"source": ["crm"], "record_id": [7], "entity_id": ["C-1"]}).entity_of(("crm", "7"))
            'C-1'
        """
        chain = self.present.get(key)
        return chain[-1] if chain else None

    @property
    def crosswalk(self) -> Table:
        """One row per record: ``source, record_id, entity_id``, as text, in order."""
        return Table("crosswalk", self._table(self.present).select("source", "record_id", "entity_id"))

    @property
    def records(self) -> Table:
        """One row per record, also of those that left: ``source, record_id, entity_id, chain, is_present``."""
        sides = [self._table(self.present, is_present=True), self._table(self.left, is_present=False)]
        return Table("records", pl.concat(sides).sort("source", "record_id"))

    @property
    def ids(self) -> Table:
        """One row per id: ``entity_id, born, changed, status``, and where it led to then: ``to, shares``."""
        return Table("ids", as_table(self.issued))

    def apply(self, events: Iterable[Event]) -> set[Key]:
        """Make the changes that events tell, and return the records whose chain or presence changed.

        Raises:
            VersionConflictError: the events do not follow the last change; those before it are made.
        """
        changed: set[Key] = set()
        for change, together in groupby(events, key=lambda event: event.change):
            if change != self.change + 1:
                raise VersionConflictError(self.change, change)
            changed |= self._changed(tuple(together))
        return changed

    def part(self, events: Iterable[Event]) -> Register:
        """Return what events are about, as a register of its own: they change it as they change this one.

        It is made in time that depends on the entities concerned only, so that a change can be looked at before it is
        made.

        Examples:
            >>> from datetime import UTC
            >>> register = Register.of({"record_id": ["a", "b", "c"], "entity_id": ["A", "B", "C"]})
            >>> merged = Event(1, datetime(2026, 3, 2, tzinfo=UTC), "merged", "A", ("B",))
            >>> part = register.part([merged])
            >>> part, register
            (<Register: 2 live of 2 ids, 2 records>, <Register: 3 live of 3 ids, 3 records>)
            >>> part.apply([merged]), part.entity_of(("records", "b"))
            ({('records', 'b')}, 'A')
        """
        told = list(events)
        ids = {i for event in told for i in (event.entity_id, *event.other_ids)}
        entities = {i: self.entities[i] for i in map(self.live_id, ids) if i}
        keys = {key for event in told for key in event.records}.union(*entities.values())
        present, left = ({key: held[key] for key in keys if key in held} for held in (self.present, self.left))
        ids.update(i for chains in (present, left) for chain in chains.values() for i in chain)
        return Register(present, left, entities, followed(self.issued, ids), self.change)

    def erase(self, keys: Collection[Key], *, at: datetime, cause: str = "") -> Events:
        """Remove all trace of records, and return events that name none of them.

        An id that no record has in its chain any more is `Erased`; others have shrunk. Events of before still name the
        records: `Events.without` takes them out.

        Raises:
            UnknownIdError: the register has no such record; nothing is erased.
            ConfigurationError: `at` has no time zone.
        """
        erased, time = frozenset(keys), as_time(at)
        unknown = [key for key in erased if key not in self.present and key not in self.left]
        if unknown:
            raise UnknownIdError(sorted(":".join(key) for key in unknown), len(unknown), len(erased))
        concerned = {i for key in erased for i in self.present.get(key, ()) + self.left.get(key, ())}
        live = {self.present[key][-1] for key in erased if key in self.present}
        for key in erased:
            self.present.pop(key, None)
            self.left.pop(key, None)
        for entity_id in live:
            self.entities[entity_id] = tuple(key for key in self.entities[entity_id] if key not in erased)
        gone = sorted(concerned - self._held(concerned))
        shrunk = sorted(entity_id for entity_id in live if self.entities[entity_id])
        number = self.change + 1
        told = [Event(number, time, "shrank", entity_id, cause=cause) for entity_id in shrunk]
        told += [Event(number, time, "retired", i, cause=cause) for i in sorted(live.difference(gone, shrunk))]
        told += [Event(number, time, "erased", entity_id, cause=cause) for entity_id in gone]
        self.apply(told)
        return Events(tuple(told))

    def __len__(self) -> int:
        """Return the number of entities."""
        return len(self.entities)

    def __contains__(self, entity_id: object) -> bool:
        """Return whether an id was ever issued."""
        return entity_id in self.issued

    def __repr__(self) -> str:
        """Return the counts; never a record."""
        records = len(self.present)
        return (
            f"<Register: {len(self.entities):,} live of {len(self.issued):,} id{'s'[: len(self.issued) != 1]}, "
            f"{records:,} record{'s'[: records != 1]}>"
        )

    def _changed(self, events: tuple[Event, ...]) -> set[Key]:
        """Make one change, and return the records whose chain or presence it changes."""
        fresh, others = self._fresh(events)
        touched = {i for event in others for i in map(self.live_id, (event.entity_id, *event.other_ids)) if i}
        before = {key: entity_id for entity_id in touched for key in self.entities.get(entity_id, ())}
        after, gone = self._moved(others, before)
        entities = _entities(after)
        self.entities.update(entities)  # before ids lead to them: others may look on
        for event in others:
            note(self.issued, event)
        self.change = events[0].change
        for entity_id in touched - entities.keys():
            self.entities.pop(entity_id, None)
        for key in gone:
            self.left[key] = self.present.pop(key)
        changed = gone.union(key for key, entity_id in after.items() if self._carried(key, entity_id))
        for event in fresh:
            self.issued[event.entity_id] = Issued(event.change, event.change, LIVE)
            self.entities[event.entity_id] = event.records
            self.present.update(dict.fromkeys(event.records, (event.entity_id,)))
            changed.update(event.records)
        return changed

    def _fresh(self, events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
        """Return the events of entities that have nothing to do with what was before, and the others.

        They are most events of a first assignment, and need no look at what they change.
        """
        tied = {i for event in events if event.kind != "created" for i in (event.entity_id, *event.other_ids)}
        fresh: list[Event] = []
        others: list[Event] = []
        present, left = self.present.keys(), self.left.keys()
        for event in events:
            is_tied = event.kind != "created" or event.entity_id in tied or event.entity_id in self.issued
            is_unknown = present.isdisjoint(event.records) and left.isdisjoint(event.records)
            (fresh if is_unknown and event.records and not is_tied else others).append(event)
        return fresh, others

    def _moved(self, events: Sequence[Event], before: Mapping[Key, str]) -> tuple[dict[Key, str], set[Key]]:
        """Return the id each record concerned has after a change, and which leave.

        Raises:
            ConfigurationError: the events are not about what this register holds; nothing was changed.
        """
        told = {effect: [event for event in events if event.kind in kinds] for effect, kinds in EFFECTS.items()}
        placed = {key: event.entity_id for event in told["placed"] for key in event.records}
        gone = {key for event in told["gone"] for key in event.records}
        survivor = {loser: event.entity_id for event in events if event.kind == "merged" for loser in event.other_ids}
        ended = {event.entity_id for event in told["ended"] if event.entity_id not in event.other_ids}
        after = {key: placed.get(key) or survivor.get(old, old) for key, old in before.items() if key not in gone}
        is_stray = any(key in self.present for key in placed.keys() - before.keys()) or not gone <= before.keys()
        is_repeated = any(event.entity_id in self.issued for event in events if event.kind == "created")
        if is_stray or is_repeated or not ended.isdisjoint(after.values()):
            raise ConfigurationError(
                f"the events of change {events[0].change} do not fit this register: they are about records or ids that "
                "it does not hold so; replay them on the register they were made from"
            )
        return after | placed, gone

    def _carried(self, key: Key, entity_id: str) -> bool:
        """Give a record its chain in an entity, and return whether that changes anything.

        Of its earlier ids it keeps those that lead to the entity.
        """
        old = self.present.get(key)
        chain = old or self.left.pop(key, ())
        new: Chain = (entity_id,)
        if chain and chain != new:
            earlier = takewhile(lambda held: held != entity_id, chain)
            new = (*(held for held in earlier if self.live_id(held) == entity_id), entity_id)
        if new == old:
            return False
        self.present[key] = new
        return True

    def _held(self, ids: Collection[str]) -> set[str]:
        """Return those of some ids that a record has in its chain."""
        found = {i for chain in self.left.values() for i in chain if i in ids}
        for entity_id in {i for i in map(self.live_id, ids) if i}:
            found.update(i for key in self.entities.get(entity_id, ()) for i in self.present[key])
        return found

    def _check(self) -> None:
        """Raise unless ids and records go together.

        Raises:
            ConfigurationError: they do not.
        """
        live = {entity_id for entity_id, known in self.issued.items() if known.status == LIVE}
        held = {i for chains in (self.present, self.left) for chain in chains.values() for i in chain}
        if live != self.entities.keys() or not held <= self.issued.keys():
            raise ConfigurationError(
                "records and ids are not of one register: give both tables of one, register.records and register.ids, "
                "or a crosswalk alone"
            )

    @staticmethod
    def _table(chains: Mapping[Key, Chain], *, is_present: bool = True) -> pl.DataFrame:
        """Return records with their chains as a table, in order."""
        keys = sorted(chains)
        columns = {
            "source": pl.Series([source for source, _ in keys], dtype=pl.String),
            "record_id": pl.Series([record_id for _, record_id in keys], dtype=pl.String),
            "entity_id": pl.Series([chains[key][-1] if is_present else None for key in keys], dtype=pl.String),
            "chain": list_column("chain", [chains[key] for key in keys], pl.String),
            "is_present": pl.repeat(is_present, len(keys), eager=True, dtype=pl.Boolean),
        }
        return pl.DataFrame(columns)


def _entities(owners: Mapping[Key, str]) -> dict[str, tuple[Key, ...]]:
    """Return the records of each entity, in order."""
    found: dict[str, list[Key]] = {}
    for key, entity_id in owners.items():
        found.setdefault(entity_id, []).append(key)
    return {entity_id: tuple(sorted(keys)) for entity_id, keys in found.items()}


def replay(events: Iterable[Event], *, register: Register | None = None) -> Register:
    """Return the register that events lead to.

    Args:
        events: all events of some changes, in order.
        register: what they are applied to; a copy of it is. Left out, they begin with the first change of all.

    Raises:
        VersionConflictError: a change is missing.
        ConfigurationError: the events are of another register.
    """
    made = Register() if register is None else register.copy()
    made.apply(events)
    return made
