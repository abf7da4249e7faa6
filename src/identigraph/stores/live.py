"""A live index: records found, added and looked up one by one, in memory, while every change is kept by the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import RLock
from typing import Any

import attrs
import numpy as np
import polars as pl

from identigraph.blocking import block_on
from identigraph.changing import rows_of, some_rows
from identigraph.comparing.layout import Pattern
from identigraph.errors import (
    ChangeError,
    ColumnNotFoundError,
    ConfigurationError,
    NullIdError,
    UnsupportedInputError,
)
from identigraph.identity import Events, JudgementLog
from identigraph.identity.assigning import IdFactory
from identigraph.identity.events import Key
from identigraph.identity.reading import Weights, as_key, read_weights
from identigraph.identity.uuid7 import uuid7_factory
from identigraph.live.engine import Engine, Naming
from identigraph.live.held import Held
from identigraph.live.index import Index, Lookup
from identigraph.live.key_index import KeyIndex
from identigraph.records import RowReader
from identigraph.records.rows import NO_SOURCE, Rows
from identigraph.records.tables import as_text
from identigraph.stores.arrivals import Place, delta_of, delta_of_several
from identigraph.stores.collecting import uncollected
from identigraph.stores.keeper import Keeper, Session
from identigraph.stores.state import State, time_of
from identigraph.text.cutting import BLANKS
from identigraph.updating import numbering

EVERY = 10**12
"""More records than there are: look-ups know no hot blocks."""


@attrs.frozen(repr=False)
class Found:
    """A record that shares a blocking key with the one that was asked about, and how likely both are of one entity.

    Attributes:
        source, record_id: of the record found.
        entity_id: of its entity.
        match_weight: bits of evidence for one entity.
        match_probability: 0 to 1.
        pattern: how the two agree, comparator by comparator.
    """

    source: str
    record_id: str
    entity_id: str
    match_weight: float
    match_probability: float
    pattern: Pattern

    @property
    def reasons(self) -> dict[str, str]:
        """What each comparator says."""
        return self.pattern.labels

    def __repr__(self) -> str:
        """Return the ids and the probability."""
        return f"<Found: {self.source}:{self.record_id} of {self.entity_id}, {self.match_probability:.3f}>"


@attrs.frozen(eq=False, repr=False)
class Owner:
    """What a live index asks of its store.

    Args:
        keeper: where the tables are.
        newest: returns the newest state in a session.
        update: the long way of changes.
        noted: is told the number of each change that was kept.
        weights, factory: how entities are named.
    """

    keeper: Keeper
    newest: Callable[[Session], State]
    update: Callable[..., Events]
    noted: Callable[[int], None]
    weights: Weights
    factory: IdFactory | None


class Live:
    """Records of a store in memory, for questions and changes one by one. Made by `Store.live`.

    Many threads may ask at once, and none waits for one that adds. What is added is on the disk when `add` returns.

    A record goes the long way of `Store.update`, which looks at all records, where `obstacles` says so, and where it
    shares a block above its cap: what is proposed there depends on all that is in it.

    What others change, and `Store.update`, is seen from the next `add` on.

    Examples:
        >>> import identigraph as ig
        >>> people = {"id": ["a", "b", "c"], "mail": ["ann@lee.org", "bob@roe.org", "Bob@Roe.org"]}
        >>> rules = ig.Rules([ig.rule(ig.when(mail="equal"), "match")])
        >>> same_mail = ig.exact("mail", frequency=False)
        >>> resolver = ig.Resolver(blocking=ig.block_on("mail"), comparators=[same_mail], matcher=rules)
        >>> live = ig.Store.open(resolution=resolver.resolve(people, id="id")).live()
        >>> live.add({"id": "d", "mail": "bob@roe.org "})
        <Events: 1 grew>
        >>> [(found.record_id, found.entity_id) for found in live.find({"mail": "bob@roe.org"})]
        [('b', '2'), ('c', '2'), ('d', '2')]
        >>> live.entity_of("d"), live.lookup("mail", "ANN@LEE.ORG"), live.members("1")
        ('2', ['1'], (('records', 'a'),))
    """

    def __init__(self, owner: Owner) -> None:
        """Build the indexes of a store; see `Store.live`."""
        self._owner = owner
        self._lock = RLock()
        with uncollected(), owner.keeper.writing() as session:
            self._begin(owner.newest(session))

    @property
    def obstacles(self) -> tuple[str, ...]:
        """What keeps this index from asking record by record; nothing where it does."""
        return self._index.obstacles

    def find(self, record: Mapping[str, Any], *, source: str | None = None, top: int = 10) -> list[Found]:
        """Return the records that are likeliest of one entity with a record, the likeliest first; nothing changes.

        Args:
            record: its columns by name; id and source may be missing. A record with that id is left out.
            source: where it is from, for stores whose tables came by source.
            top: how many are returned at the most.

        Raises:
            ColumnNotFoundError: the store has no such column.
            UnsupportedInputError: a value is a list, or else no single value.
        """
        index = self._index
        key, columns = self._read(record, source, is_new=False)
        found = []
        for candidate in index.kept(key, columns):
            other = index.held.keys[candidate.slot]
            entity_id = index.register.entity_of(other)
            if other != key and entity_id is not None:
                found.append((-candidate.verdict.weight, other, entity_id, candidate))
        likeliest = sorted(found, key=lambda told: told[:2])[:top]
        return [
            Found(*other, entity_id, -less, each.verdict.probability, Pattern(index.layout, each.pattern))
            for less, other, entity_id, each in likeliest
        ]

    def add(
        self, record: Mapping[str, Any], *, source: str | None = None, at: datetime | None = None, cause: str = ""
    ) -> Events:
        """Add a record, and return what became of entities.

        Args:
            record: its id, its source where there are several, and its columns, by name.
            source: where it is from, for stores whose tables came by source.
            at: the time of the change, with time zone; None: now.
            cause: what brought it about, in words.

        Raises:
            ChangeError: the record is there already, with other content. With the same, nothing happens.
            ColumnNotFoundError, NullIdError: the store has no such column, or the record lacks its id.
            StoreError: the database cannot be written to; nothing was added.
        """
        with self._lock:
            key, columns = self._read(record, source, is_new=True)
            done = self._added(key, columns, at, cause)
            return self._long_way(self._rows(key, columns), at, cause) if done is None else done

    def add_all(self, records: Any, *, at: datetime | None = None, cause: str = "") -> Events:
        """Add the records of a table as one change, and return what became of entities.

        Those that are there already with the same content are left as they are.

        Args:
            records: any table, with ids, sources and columns named as the store's.
            at: the time of the change, with time zone; None: now.
            cause: what brought it about, in words.

        Raises:
            ChangeError: a record is there already with other content; nothing was added.
            ColumnNotFoundError, NullIdError, DuplicateIdError, ConfigurationError: the table is none of the store's.
            StoreError: the database cannot be written to; nothing was added.
        """
        with self._lock:
            done = self._added_together(records, at, cause)
            return self._long_way(records, at, cause) if done is None else done

    def entity_of(self, *record: Any) -> str | None:
        """Return the id of the entity of a record, None where there is no such record.

        Args:
            record: its source and id, or its id alone where there are no sources.
        """
        return self._index.register.entity_of(as_key(record if len(record) > 1 else record[0]))

    def members(self, entity_id: str) -> tuple[Key, ...]:
        """Return the records of an entity as ``(source, id)``, in order; none where the id leads to no entity."""
        register = self._index.register
        return register.entities.get(register.live_id(entity_id) or "", ())

    def lookup(self, field: str, value: str | Mapping[str, str]) -> list[str]:
        """Return the ids of the entities with a record that has a value, in order.

        The first look-up of a field makes its index.

        Args:
            field: a field of the store's resolver, or a column.
            value: as it may be written in a record; of fields with several columns a mapping of these.

        Raises:
            ColumnNotFoundError: there is no such field or column.
        """
        index = self._index
        reader, blocks = self._lookup(index, field)
        columns = value if isinstance(value, Mapping) else dict.fromkeys(_columns_of(index.held, field), value)
        slots = blocks.candidates(reader.read(NO_SOURCE, columns), below=index.size).slots.tolist()
        found = {index.register.entity_of(index.held.keys[slot]) for slot in slots}
        return sorted(entity_id for entity_id in found if entity_id is not None)

    def __len__(self) -> int:
        """Return the number of entities."""
        return len(self._index.register)

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Live: {self._index.size:,} records, {len(self):,} entities>"

    def _begin(self, state: State) -> None:
        """Build the indexes of a state."""
        factory = self._owner.factory or numbering(state.register) or uuid7_factory()
        naming = Naming(factory, read_weights(self._owner.weights, pl.DataFrame()))
        self._index = Index.of(state.parts, log=state.log, at=state.at, naming=naming)
        self._place = Place(state.change, state.at, state.highest)
        self._numbers = state.numbers.tolist()
        self._named = state.named
        self._log, self._in_force = state.log, _ids(state.log, state.at)
        self._is_sound = True

    def _long_way(self, table: Any, at: datetime | None, cause: str) -> Events:
        done = self._owner.update(add=table, at=at, cause=cause)
        with self._owner.keeper.reading() as session:
            self._begin(self._owner.newest(session))
        return done

    def _ready(self, session: Session, at: datetime | None) -> tuple[Engine | None, Place]:
        """Return the engine, None where what comes goes the long way, and where the indexes stand after a change."""
        if not self._is_sound or session.value("change") != str(self._place.change):
            self._begin(self._owner.newest(session))
        time = time_of(at, self._place.at)
        quick = _ids(self._log, time) == self._in_force
        return self._index.engine if quick else None, attrs.evolve(self._place, change=self._place.change + 1, at=time)

    def _added(self, key: Key, columns: Mapping[str, str | None], at: datetime | None, cause: str) -> Events | None:
        """Return what a record changed, None where it has to go the long way."""
        with self._owner.keeper.writing() as session:
            engine, place = self._ready(session, at)
            if key in self._index.held.slots:
                self._check_same(key, columns)
                return Events()
            coming = None if engine is None else engine.coming(key, columns)
            if engine is None or coming is None or coming.hot:
                return None
            self._is_sound = False  # until it is kept: nothing is built on what failed
            came = engine.came(coming, at=place.at, cause=cause)
            place = attrs.evolve(place, highest=place.highest + 1)
            self._numbers.append(place.highest)
            session.keep(delta_of(came, engine.register, self._numbers, place))
        engine.take(came)
        self._taken(place, [(key[0], columns)])
        return came.events

    def _added_together(self, records: Any, at: datetime | None, cause: str) -> Events | None:
        """Return what records changed, None where they have to go the long way."""
        with self._owner.keeper.writing() as session:
            engine, place = self._ready(session, at)
            rows = self._new(rows_of(self._index.held.first, self._named, records))
            if not len(rows.ids):
                return Events()
            if engine is None:
                return None
            self._is_sound = False
            came = engine.came_together(rows, at=place.at, cause=cause)
            if came is None:
                self._is_sound = True
                return None
            self._numbers += (came.records.position + place.highest + 1).tolist()
            place = attrs.evolve(place, highest=place.highest + len(came.records))
            session.keep(delta_of_several(came, engine.register, self._numbers, place))
        engine.take_together(came)
        slotted = came.records.rows
        self._taken(place, zip(slotted.sources.to_list(), slotted.content.iter_rows(named=True), strict=True))
        return came.events

    def _taken(self, place: Place, told: Iterable[tuple[str, Mapping[str, str | None]]]) -> None:
        """Note that records were added, in the order of their slots."""
        lookups = self._index.lookups
        for source, columns in told if lookups else ():
            for reader, blocks in lookups.values():
                blocks.add(blocks.size, reader.read(source, columns))
        self._place, self._is_sound = place, True
        self._owner.noted(place.change)

    def _new(self, rows: Rows) -> Rows:
        """Return the rows that are not there yet.

        Raises:
            ChangeError: some are there, with other content.
        """
        held = self._index.held
        keys = list(zip(rows.sources.to_list(), rows.ids.cast(pl.String).to_list(), strict=True))
        known = [place for place, key in enumerate(keys) if key in held.slots]
        if not known:
            return rows
        before = held.rows([held.slots[keys[place]] for place in known]).content
        other = [
            keys[p] for p, one, two in zip(known, before.rows(), rows.content[known].rows(), strict=True) if one != two
        ]
        if other:
            raise ChangeError(_OTHER, sorted(other))
        return some_rows(rows, np.setdiff1d(np.arange(len(keys)), known))

    def _read(
        self, record: Mapping[str, Any], source: str | None, *, is_new: bool
    ) -> tuple[Key, dict[str, str | None]]:
        """Return the key and the columns of a record, named as the store names them."""
        first, named = self._index.held.first, self._named
        told = dict(record)
        if named.source is not None and named.source in told:
            source = told.pop(named.source)
        if source is None and first.has_sources and is_new:
            raise ConfigurationError("the store has several sources: say which one the record is from, source=...")
        where = NO_SOURCE if source is None else str(source)
        column = named.id.get(where) if isinstance(named.id, Mapping) else named.id
        if is_new and column not in told:
            raise ColumnNotFoundError(str(column), list(record), where=" of the record: it is its id")
        number = "" if column is None else _id(told.pop(column, None), first.ids.dtype)
        if is_new and not number:
            raise NullIdError(str(column), 1, 1)
        renamed = (named.columns or {}).get(where, {})
        columns = {renamed.get(name, name): value for name, value in told.items()}
        known = first.table.columns
        for name in columns:
            if name not in known:
                raise ColumnNotFoundError(name, known, where=" of the store; leave it out")
        return (where, number), _texts(columns)

    def _rows(self, key: Key, columns: Mapping[str, str | None]) -> Any:
        """Return a record as tables that `Store.update` reads."""
        named = self._named
        column = named.id.get(key[0]) if isinstance(named.id, Mapping) else named.id
        renamed = {common: own for own, common in (named.columns or {}).get(key[0], {}).items()}
        told = {**dict.fromkeys(renamed), **columns}  # a table has all columns that are renamed
        row = {str(column): [key[1]]} | {renamed.get(name, name): [value] for name, value in told.items()}
        if named.source is not None:
            return row | {named.source: [key[0]]}
        return {key[0]: row} if self._index.held.first.has_sources else row

    def _check_same(self, key: Key, columns: Mapping[str, str | None]) -> None:
        """Raise where a record is there with other content.

        Raises:
            ChangeError: so it is.
        """
        held = self._index.held
        if held.content(held.slots[key]) != tuple(columns.get(name) for name in held.first.table.columns):
            raise ChangeError(_OTHER, [key])

    def _lookup(self, index: Index, field: str) -> Lookup:
        """Return what finds the records with a value of a field."""
        found = index.lookups.get(field)
        if found is None:
            with self._lock:
                held = index.held
                reader = RowReader.of(held.reading, [field], columns=held.first.table.columns)
                blocks = KeyIndex.of(block_on(field, max_block=EVERY), held.first)
                rows = held.rows(range(len(held.first), len(held.keys)))
                for source, columns in zip(rows.sources, rows.content.iter_rows(named=True), strict=True):
                    blocks.add(blocks.size, reader.read(source, columns))
                found = index.lookups[field] = reader, blocks
        return found


def _columns_of(held: Held, field: str) -> list[str]:
    """Return the columns that a field reads; a column that no field reads, itself.

    Raises:
        ConfigurationError: it reads several.
    """
    kind = held.first.fields.get(field)
    columns = [field] if kind is None else list(kind.roles(field).values())
    if len(columns) > 1:
        raise ConfigurationError(
            f"field {field!r} reads several columns, {columns}: give a mapping with these as value"
        )
    return columns


def _ids(log: JudgementLog, at: datetime) -> list[int]:
    """Return the judgements in force at a time."""
    return [judgement.id for judgement in log.active(at)] if len(log) else []


def _id(value: Any, dtype: Any) -> str:
    """Return an id as text, empty where it is blank.

    Raises:
        ConfigurationError: it cannot be read as those that are there.
    """
    text = _text(value)
    if text is None or dtype == pl.String:
        return text or ""
    number = pl.Series([text]).cast(dtype, strict=False).item()
    if number is None:
        raise ConfigurationError(f"the id of the record cannot be read as {dtype}, as those that are there")
    return str(number)


def _texts(columns: Mapping[str, Any]) -> dict[str, str | None]:
    """Return values as text, as tables are read; blank ones are missing."""
    return {name: _text(value) for name, value in columns.items()}


def _text(value: Any) -> str | None:
    """Return a single value as text.

    Examples:
        >>> _text(" "), _text("a b"), _text(2.0), _text(True)
        (None, 'a b', '2', 'true')
    """
    if value is None:
        return None
    if isinstance(value, str):
        return value if value.strip(BLANKS) else None
    if isinstance(value, list | tuple | dict | set):
        raise UnsupportedInputError(value, "a single value; records with lists go through Store.update")
    text: str | None = as_text(pl.DataFrame({"value": [value]})).item()
    return text


_OTHER = "there already with other content; give them as replace= of Store.update"
