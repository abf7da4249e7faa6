"""Small stores of people who are one where their addresses are equal, so that all of it can be checked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

import identigraph as ig
from identigraph.comparing import exact
from identigraph.matching import Rules, rule, when
from identigraph.stores import Store
from identigraph.stores.state import State
from identigraph.stores.tables import TABLES

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
ANN, ROE = "ann@lee.org", "bob@roe.org"
PEOPLE = {"id": ["a", "b", "c"], "mail": [ANN, ANN, ROE]}
"""Two entities: a and b, and c."""


def resolver() -> ig.Resolver:
    """Return what puts records with equal addresses together."""
    comparators = [exact("mail", frequency=False)]
    return ig.Resolver(
        blocking=ig.block_on("mail"), comparators=comparators, matcher=Rules([rule(when(mail="equal"), "match")])
    )


def resolved(people: Any = None) -> ig.Resolution:
    """Return the resolution of people."""
    return resolver().resolve(PEOPLE if people is None else people, id="id")


def begun(place: str | Path | None = None, people: Any = None, **told: Any) -> Store:
    """Return a new store of people; it begins on Monday."""
    return Store.open(place, resolved(people), **{"at": MONDAY, **told})


def ids(store: Store) -> dict[str, str]:
    """Return the id of the entity of each record."""
    return {str(key): str(entity) for _, key, entity in store.crosswalk.to_polars().rows()}


def reread(store: Store) -> State:
    """Return the state that the place of a store holds."""
    with store._keeper.reading() as session:
        return State.of(session)


def kept(store: Store) -> dict[str, list[Any]]:
    """Return the rows of every table of a store, in order."""
    with store._keeper.reading() as session:
        return {name: session.read(name).sort(told.key).rows() for name, told in TABLES.items()}


def told(state: State) -> list[Any]:
    """Return all of a state that can be compared."""
    found = state.resolution
    tables: list[pl.DataFrame] = [
        found.crosswalk.to_polars(),
        found.scored_pairs.to_polars(),
        found.records.table[found.records.position.argsort()],
        state._pairs.sort("one", "other"),
        state._siblings.sort("one", "other"),
    ]
    return [
        *((table.schema, table.rows()) for table in tables),
        dict(zip(state.numbers.tolist(), zip(found.pending, found.locks, strict=True), strict=True)),
        (state.register, state.log, state.change, state.at, state.highest, found.named, found.records.lists),
        found.resolver.hash,
    ]
