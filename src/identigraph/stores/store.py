"""A store: a resolution that is kept in a database, changed in transactions, and found again as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from identigraph.errors import StoreError
from identigraph.identity import Events, JudgementLog, Register, replay
from identigraph.resolution import Resolution
from identigraph.stores import keeping
from identigraph.stores.sql import Database, value
from identigraph.stores.state import State
from identigraph.table import Table


class Store:
    """Records, evidence, entities and their ids, judgements and events, in a database. Made by `Store.open`.

    Every change is one transaction: it is kept as a whole, or not at all. Another process may write to the same
    database; its changes are read before the next change is made.
    """

    def __init__(self, database: Database, state: State) -> None:
        """Hold a database and the state that it has; see `open`."""
        self._database = database
        self._state = state

    @classmethod
    def open(cls, place: str | Path, resolution: Resolution | None = None) -> Self:
        """Return the store at a place.

        Args:
            place: the path of an SQLite file, or a URL of SQLAlchemy such as ``postgresql://user@host/base``.
            resolution: what a new store begins with; None: the store is there already.

        Raises:
            StoreError: there is no store and nothing to begin with, or there is one already; it is of a later version,
                damaged, or of something else.
        """
        database = Database(place)
        with database.writing() as connection:
            found = keeping.opened(connection, datetime.now(UTC))
            if (found is None) == (resolution is None):
                raise StoreError(_NOTHING if found is None else _SOMETHING)
            if resolution is not None:
                found = State.first(resolution)
                keeping.begun(connection, found)
        return cls(database, found)

    @property
    def resolution(self) -> Resolution:
        """The records and entities as they are now."""
        return self._state.resolution

    @property
    def crosswalk(self) -> Table:
        """One row per record: ``source, record_id, entity_id``."""
        return self._state.resolution.crosswalk

    @property
    def register(self) -> Register:
        """Every id that was issued, and what became of it."""
        return self._state.register

    @property
    def judgements(self) -> JudgementLog:
        """What people decided."""
        return self._state.log

    @property
    def events(self) -> Events:
        """All that happened since the store began."""
        with self._database.reading() as connection:
            return keeping.events_of(connection)

    def update(self, *, at: datetime | None = None, cause: str = "", **changes: Any) -> Events:
        """Change records, and return what became of entities; see `Resolver.update`."""
        return self._changed(lambda log, _: log, at, cause, changes)

    def judge(self, decide: Callable[[JudgementLog, datetime], JudgementLog], *, at: datetime | None = None) -> Events:
        """Add to the log of judgements, and return what became of entities.

        Args:
            decide: gives the log with more entries, of the log and the time of the change.
            at: the time of the change; None: now.
        """
        return self._changed(decide, at, "", {})

    def _changed(
        self,
        decide: Callable[[JudgementLog, datetime], JudgementLog],
        at: datetime | None,
        cause: str,
        changes: dict[str, Any],
    ) -> Events:
        time = at or datetime.now(UTC)
        with self._database.writing() as connection:
            before = self._newest(connection, time)
            log = decide(before.log, time)
            found = before.resolution.update(**changes, judgements=log.rulings(time), at=time, cause=cause)
            after = before.followed(found, log)
            keeping.followed(connection, before, after)
        self._state = after
        return found.events

    def _newest(self, connection: Any, at: datetime) -> State:
        """Return the state, read anew if somebody else has changed it."""
        if int(value(connection, "change") or 0) == self._state.change:
            return self._state
        found = keeping.opened(connection, at)
        if found is None:
            raise StoreError("the store is empty; somebody has removed what it held")
        return found

    def as_known(self, at: datetime) -> Table:
        """Return the crosswalk as it was at a time: what the store would have answered then."""
        with self._database.reading() as connection:
            happened = keeping.events_of(connection, until=at.astimezone(UTC).isoformat())
        return replay(happened).crosswalk

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the database."""
        self.close()

    def __len__(self) -> int:
        """Return the number of entities."""
        return len(self.resolution)

    def __repr__(self) -> str:
        """Return the counts."""
        records = len(self.resolution.records)
        return f"<Store: {records:,} records, {len(self):,} entities, {self._state.change:,} changes>"


_NOTHING = "there is no store yet: give the resolution that it begins with, Store.open(place, resolution)"
_SOMETHING = "there is a store already: open it without a resolution, or at another place"
