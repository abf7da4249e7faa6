"""Events: what an assignment changed, in enough detail to make the same change again.

An assignment that changes anything is one *change*, and changes are numbered from 1. Its events are told together:

| kind | entity_id | other_ids | shares | records |
| --- | --- | --- | --- | --- |
| ``created`` | a new id | | | its first records, but those of entities merged into it |
| ``revived`` | an id that was merged, split or retired, and is live again | | | as above |
| ``grew`` | a live id | | | records that came into the crosswalk |
| ``shrank`` | a live id | | | records that left the crosswalk |
| ``moved`` | where records are now | whence they came | | records that left one entity for another that lived |
| ``merged`` | the survivor | the losers | | none: all that the losers still had |
| ``split`` | the parent | where its records are, itself among them if it lives on | of its weight | none |
| ``redirected`` | a live id | ids merged before that lead to it now, and led elsewhere | | none |
| ``retired`` | an id without records | | | its last records, which left the crosswalk |
| ``erased`` | an id whose last record was erased | | | none, ever |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias, get_args, overload

import attrs
import polars as pl

from identigraph.errors import ConfigurationError
from identigraph.identity.lists import list_column, read_typed
from identigraph.records.tables import read
from identigraph.table import Table

Key: TypeAlias = tuple[str, str]
"""A record: its source and its id, as text."""

Kind: TypeAlias = Literal[
    "shrank", "retired", "split", "revived", "created", "moved", "merged", "redirected", "grew", "erased"
]
KINDS: tuple[str, ...] = get_args(Kind)
"""The kinds of events, in the order in which those of one change are told."""

SCHEMA: dict[str, Any] = {
    "change": pl.Int64,
    "at": pl.Datetime("us", "UTC"),
    "kind": pl.String,
    "entity_id": pl.String,
    "other_ids": pl.List(pl.String),
    "shares": pl.List(pl.Float64),
    "sources": pl.List(pl.String),
    "record_ids": pl.List(pl.String),
    "cause": pl.String,
}


@attrs.frozen
class Event:
    """One thing that happened to one id.

    Args:
        change: the number of the change it is part of.
        at: when the change was made, as the caller said.
        kind: what happened; see the table above.
        entity_id: the id it happened to.
        other_ids: the other ids concerned.
        shares: a number for each of them, of splits only.
        records: ``(source, record_id)`` of the records concerned, in order.
        cause: what brought the change about, in the caller's words.
    """

    change: int
    at: datetime
    kind: Kind
    entity_id: str
    other_ids: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    records: tuple[Key, ...] = ()
    cause: str = ""


@attrs.frozen(repr=False)
class Events(Sequence[Event]):
    """Events in the order of their changes.

    Examples:
        >>> at = datetime(2026, 3, 2, tzinfo=UTC)
        >>> events = Events((Event(1, at, "created", "C-1", records=(("crm", "7"),)),))
        >>> events, events[0].entity_id, events.table
        (<Events: 1 created>, 'C-1', <events: 1 row, 9 columns>)
        >>> Events.of(events.table) == events
        True
    """

    events: tuple[Event, ...] = ()

    @classmethod
    def of(cls, data: Any) -> Events:
        """Return events read back from a table such as `table`, in any form, also a path to Parquet or NDJSON.

        Raises:
            ColumnNotFoundError: a column is missing.
            ConfigurationError: an event of a kind that there is not, or lists that came as text.
        """
        frame = read(data)
        is_text = frame.schema.get("at") == pl.String
        rows = read_typed(frame, {**SCHEMA, "at": pl.String} if is_text else SCHEMA, "events")
        return cls(tuple(_event(row) for row in rows.iter_rows()))

    @property
    def table(self) -> Table:
        """One row per event; records as two lists of the same length, ``sources`` and ``record_ids``."""
        columns = {"sources": [[source for source, _ in event.records] for event in self.events]}
        columns["record_ids"] = [[record_id for _, record_id in event.records] for event in self.events]
        series = []
        for name, dtype in SCHEMA.items():
            values: list[Any] = columns.get(name) or [getattr(event, name) for event in self.events]
            is_list = isinstance(dtype, pl.List)
            series.append(list_column(name, values, dtype.inner) if is_list else pl.Series(name, values, dtype=dtype))
        return Table("events", pl.DataFrame(series))

    @property
    def counts(self) -> dict[str, int]:
        """How many events there are of each kind that occurs."""
        counted: Counter[str] = Counter(event.kind for event in self.events)
        return {kind: counted[kind] for kind in KINDS if kind in counted}

    def of_kind(self, *kinds: Kind) -> Events:
        """Return the events of these kinds."""
        return Events(tuple(event for event in self.events if event.kind in kinds))

    def without(self, keys: Collection[Key]) -> Events:
        """Return the events with these records left out, so that nothing of them remains.

        Examples:
            >>> at = datetime(2026, 3, 2, tzinfo=UTC)
            >>> Events((Event(1, at, "created", "C-1", records=(("crm", "7"),)),)).without([("crm", "7")])[0].records
            ()
        """
        erased = frozenset(keys)
        return Events(
            tuple(
                event
                if erased.isdisjoint(event.records)
                else attrs.evolve(event, records=tuple(key for key in event.records if key not in erased))
                for event in self.events
            )
        )

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> Events: ...
    def __getitem__(self, index: int | slice) -> Event | Events:
        """Return one event, or some."""
        return self.events[index] if isinstance(index, int) else Events(self.events[index])

    def __iter__(self) -> Iterator[Event]:
        """Return the events, one by one."""
        return iter(self.events)

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.events)

    def __add__(self, other: Events) -> Events:
        """Return these events, and then the others."""
        return Events((*self.events, *other.events))

    def __repr__(self) -> str:
        """Return the counts by kind; never a record."""
        told = ", ".join(f"{count:,} {kind}" for kind, count in self.counts.items())
        return f"<Events: {told or 'none'}>"

    def _repr_html_(self) -> str:
        """Return the first rows, for a notebook."""
        return self.table._repr_html_()


def as_time(at: datetime) -> datetime:
    """Return a time in UTC.

    Raises:
        ConfigurationError: the time has no time zone.

    Examples:
        >>> as_time(datetime.fromisoformat("2026-03-02T01:00+01:00"))
        datetime.datetime(2026, 3, 2, 0, 0, tzinfo=datetime.timezone.utc)
    """
    if at.utcoffset() is None:
        raise ConfigurationError("at has no time zone; give one, for example datetime(2026, 3, 2, tzinfo=UTC)")
    return at.astimezone(UTC)


def _event(row: Iterable[Any]) -> Event:
    """Return an event from the row of a table."""
    change, at, kind, entity_id, other_ids, shares, sources, record_ids, cause = row
    if kind not in KINDS:
        raise ConfigurationError(f"there are no events of kind {kind!r}; there are: {', '.join(KINDS)}")
    time = as_time(datetime.fromisoformat(at)) if isinstance(at, str) else at
    records = tuple(zip(sources, record_ids, strict=True))
    return Event(change, time, kind, entity_id, tuple(other_ids), tuple(shares), records, cause)
