"""Where the tables of a store are kept: the protocol, and the memory of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock, RLock
from typing import Protocol

import polars as pl

from identigraph.errors import StoreError
from identigraph.stores.tables import TABLES, Delta, changed

WAIT = 30.0
"""Seconds for which a writer waits for another before it gives up."""


class Session(Protocol):
    """The tables at one moment, as one transaction sees them."""

    def value(self, name: str) -> str | None:
        """Return a single value of the table ``meta``, None where there is none."""
        ...

    def read(self, table: str) -> pl.DataFrame:
        """Return the rows of a table, in any order."""
        ...

    def keep(self, delta: Delta) -> None:
        """Change the tables; only of sessions for writing."""
        ...


class Keeper(Protocol):
    """A place that keeps tables."""

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session whose reads are all of one moment."""
        ...

    def writing(self) -> AbstractContextManager[Session]:
        """Give a session that nobody else writes beside: kept as a whole when it ends well, else not at all.

        Raises:
            StoreError: another one writes, and did not end within 30 seconds; or the place cannot be written to.
        """
        ...

    def close(self) -> None:
        """Let go of the place."""
        ...


class MemoryKeeper:
    """Tables in the memory of this process."""

    def __init__(self) -> None:
        """Hold empty tables."""
        self._tables = {name: kept.frame() for name, kept in TABLES.items()}
        self._later: dict[str, list[Delta]] = {name: [] for name in TABLES}
        self._writing, self._folding = Lock(), RLock()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give the tables as they are now."""
        with self._folding:
            tables = {name: self._folded(name) for name in TABLES}
        yield _InMemory(tables.__getitem__)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give the tables, and take over what was changed at the end."""
        if not self._writing.acquire(timeout=WAIT):
            raise StoreError(f"another thread is writing to the store, and was not done in {WAIT:g} seconds; try again")
        try:
            session = _InMemory(self._folded)
            yield session
            with self._folding:
                for delta in session.deltas:
                    for name in {*delta.put, *delta.gone}:
                        self._later[name].append(delta)
        finally:
            self._writing.release()

    def close(self) -> None:
        """Nothing is to be let go."""

    def _folded(self, name: str) -> pl.DataFrame:
        """Return a table with all changes made; many small ones are made when somebody asks."""
        with self._folding:
            self._tables[name] = changed(name, self._tables[name], self._later[name])
            self._later[name] = []
            return self._tables[name]


class _InMemory:
    """Tables, and what is to change in them."""

    def __init__(self, table: Callable[[str], pl.DataFrame]) -> None:
        self._table = table
        self.deltas: list[Delta] = []

    def value(self, name: str) -> str | None:
        """Return a single value of the table ``meta``."""
        return dict(self.read("meta").iter_rows()).get(name)

    def read(self, table: str) -> pl.DataFrame:
        """Return the rows of a table."""
        return changed(table, self._table(table), self.deltas)

    def keep(self, delta: Delta) -> None:
        """Change the tables."""
        self.deltas.append(delta)
