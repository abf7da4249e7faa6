"""Ids that last: each new cluster gets the id of the entity that it goes on with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import attrs
import polars as pl

from identigraph.encoding import run_starts
from identigraph.errors import ConfigurationError
from identigraph.identity.assigning import IdFactory, assign
from identigraph.identity.events import Events, Key
from identigraph.identity.jitter import Jitter, count_jitter
from identigraph.identity.reading import Weights, as_key, keys_of, read_crosswalk, read_weights
from identigraph.identity.register import Register
from identigraph.identity.uuid7 import uuid7_factory
from identigraph.table import Table


@attrs.frozen(eq=False, repr=False, slots=False)
class Assignment:
    """Entities with ids that last, and what changed.

    Attributes:
        crosswalk: one row per record, in the order of the input: ``source, record_id, entity_id``.
        events: what changed against before.
        register: every id ever issued, and what became of it; pass it on as `previous`, or the assignment itself.
        before: the id each record had before, null where it was not in the crosswalk.
    """

    crosswalk: Table
    events: Events
    register: Register
    before: pl.Series

    @cached_property
    def jitter(self) -> Jitter:
        """How many records that were in the crosswalk before have another id now."""
        survived = self.before.is_not_null()
        return count_jitter(self.before.filter(survived), self.crosswalk.frame.get_column("entity_id").filter(survived))

    def __len__(self) -> int:
        """Return the number of entities."""
        return len(self.register)

    def __repr__(self) -> str:
        """Return the counts."""
        records, entities = len(self.crosswalk), len(self)
        changes = ", ".join(f"{count:,} {kind}" for kind, count in self.events.counts.items())
        return (
            f"<Assignment: {records:,} record{'s'[: records != 1]}, {entities:,} "
            f"entit{'y' if entities == 1 else 'ies'}; {changes or 'nothing changed'}>"
        )

    def _repr_html_(self) -> str:
        """Return the first rows, for a notebook."""
        return self.crosswalk._repr_html_()


def assign_ids(
    clusters: Any,
    *,
    previous: Any = None,
    weights: Weights = None,
    pins: Mapping[Any, str] | None = None,
    factory: IdFactory | None = None,
    at: datetime | None = None,
    cause: str = "",
) -> Assignment:
    """Return the entities with ids that last: each goes on with the id of the entity before that it shares most with.

    Ids are text. Nothing depends on the order of rows or on what the clusters are called.

    Args:
        clusters: which records are one entity: any table with ``record_id``, one of ``entity_id, cluster_id, cluster,
            entity``, whose labels play no part, and may be ``source``; or anything with a ``crosswalk``, such as a
            resolution.
        previous: what was before: an `Assignment`, a `Register`, or a crosswalk, the labels of which are ids; None:
            nothing. It is not changed.
        weights: how much a record counts for the id of its entity: a number by source, 1 for others; a function of
            source and id; or the name of a column of numbers. A record that weighs 0 takes no id with it.
        pins: ids that are given whatever the weights, by a record of the entity: ``{("crm", "7"): "C-0001"}``; the id
            may be new, live or retired. Records that are not there are left out.
        factory: makes a new id each time it is called; None: UUIDs of version 7.
        at: the time of the change, with time zone; None: now.
        cause: what brought the change about, in words, for the events.

    Raises:
        ColumnNotFoundError, NullIdError, DuplicateIdError: a column, source or id is missing, or a record occurs twice.
        ConfigurationError: a record without an entity, no source in common with `previous`, weights below 0, pins that
            contradict each other, or a time without time zone.
        InvalidIntermediateError: the factory made an id that was there before.

    Examples:
        >>> from itertools import count
        >>> numbers = count(1)
        >>> make = lambda: f"C-{next(numbers)}"
        >>> monday = assign_ids({"record_id": ["a", "b", "c"], "cluster": [0, 0, 1]}, factory=make)
        >>> monday.crosswalk.to_polars()["entity_id"].to_list()
        ['C-1', 'C-1', 'C-2']
        >>> tuesday = {"record_id": ["d", "c", "b", "a"], "cluster": ["x", "y", "y", "y"]}
        >>> assign_ids(tuesday, previous=monday, factory=make)
        <Assignment: 4 records, 2 entities; 1 created, 1 merged>
    """
    rows = read_crosswalk(clusters)
    order = rows.select(pl.arg_sort_by("source", "key_id")).to_series()
    frame = rows[order]
    before = _register(previous)
    keys = keys_of(frame)
    chains = map(before.present.get, keys)
    had = pl.Series("before", [chain[-1] if chain else None for chain in chains], dtype=pl.String)
    if had.null_count() == len(had):
        _check_sources(frame, before)
    given = {as_key(record): entity_id for record, entity_id in (pins or {}).items()}
    changed, gone = _area(frame, keys, had, before, given)
    events = assign(
        before,
        changed,
        gone=gone,
        weigh=read_weights(weights, frame),
        pins=given,
        factory=factory or uuid7_factory(),
        at=at or datetime.now(UTC),
        cause=cause,
    )
    register = before.copy()
    register.apply(events)
    ids = pl.Series("entity_id", [register.present[key][-1] for key in keys], dtype=pl.String)
    back = order.arg_sort()
    crosswalk = rows.select("source", "record_id").with_columns(ids.gather(back))
    return Assignment(Table("crosswalk", crosswalk), events, register, had.gather(back))


def _register(previous: Any) -> Register:
    """Return the register of what was before."""
    if previous is None:
        return Register()
    if isinstance(previous, Register):
        return previous
    return previous.register if isinstance(previous, Assignment) else Register.of(previous)


def _check_sources(frame: pl.DataFrame, before: Register) -> None:
    """Raise where the records of before are of other sources altogether.

    Raises:
        ConfigurationError: they are.
    """
    here = set(frame.get_column("source").unique().to_list())
    known = {source for chains in (before.present, before.left) for source, _ in chains}
    if here and known and here.isdisjoint(known):
        told = [", ".join(map(repr, sorted(sources)[:5])) for sources in (here, known)]
        raise ConfigurationError(
            f"the records are of the sources {told[0]}, those of previous of {told[1]}: none in common, so every id "
            "would be new; name sources alike in a column 'source', or leave previous out"
        )


def _area(
    frame: pl.DataFrame, keys: list[Key], had: pl.Series, before: Register, pins: Mapping[Key, str]
) -> tuple[list[list[Key]], list[Key]]:
    """Return the clusters that are not just what an entity was before, or that pins concern, and what left."""
    here = frozenset(keys)
    gone = [key for key in before.present if key not in here]
    changing = [(before.entity_of(key), pin) for key, pin in pins.items() if key in here]
    pinned = {entity_id for old, new in changing if old != new for entity_id in (old, new)}
    return _clusters(frame.select("entity_id").with_columns(had), keys, before, pinned), gone


def _clusters(rows: pl.DataFrame, keys: list[Key], before: Register, pinned: set[str | None]) -> list[list[Key]]:
    """Return the clusters that are not just what an entity was before, or that pins concern."""
    shared = rows.group_by("entity_id", "before").len().filter(pl.col("entity_id").is_unique())
    ids = shared.get_column("before").to_list()
    whole = [0 if i is None or i in pinned else len(before.entities[i]) for i in ids]
    same = shared.filter(pl.col("len") == pl.Series(whole, dtype=pl.UInt32))
    moving = rows.with_row_index("row").join(same, on="entity_id", how="anti")
    by_first = moving.select("row", first=pl.col("row").first().over("entity_id")).sort("first", "row")
    moved = [keys[row] for row in by_first.get_column("row").to_list()]
    starts = run_starts(by_first.get_column("first").to_numpy()).tolist()
    return [moved[start:end] for start, end in pairwise([*starts, len(moved)])]
