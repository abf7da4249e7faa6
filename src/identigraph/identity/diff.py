"""What differs between two crosswalks: which entities are one now, which fell apart, which records changed sides.

Entities are told by their records, not by what they are called, so clusters of two runs, two settings or two libraries
can be compared. Which entity goes on as which is decided as by `assign_ids`, every record with the same weight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import attrs
import polars as pl

from identigraph.identity.assignment import Assignment, assign_ids
from identigraph.identity.events import Event
from identigraph.identity.reading import keys_of, read_crosswalk
from identigraph.identity.register import Register
from identigraph.table import Table

CHANGES = {
    "merged": "merge",
    "split": "split",
    "moved": "move",
    "created": "created",
    "retired": "gone",
    "grew": "grew",
    "shrank": "shrank",
}
"""What an event says of two crosswalks."""

SCHEMA: dict[str, Any] = {
    "change": pl.String,
    "before": pl.List(pl.String),
    "after": pl.List(pl.String),
    "sources": pl.List(pl.String),
    "record_ids": pl.List(pl.String),
}


@attrs.frozen(eq=False, repr=False)
class Diff:
    """What differs between two crosswalks.

    Attributes:
        table: one row per difference: ``change`` (merge, split, move, created, gone, grew, shrank); the entities it is
            about, as they are called ``before`` and ``after``; and the records that moved, came or left, as two lists
            of the same length, ``sources`` and ``record_ids``.
        unchanged: entities with the same records.
        before: entities before.
        after: entities after.
    """

    table: Table
    unchanged: int
    before: int
    after: int

    @property
    def counts(self) -> dict[str, int]:
        """How many merges, splits, records moved, entities created, gone, grown and shrunk there are."""
        rows = self.table.frame
        counted = Counter(rows.get_column("change").to_list())
        moved = rows.filter(pl.col("change") == "move").get_column("record_ids").list.len().sum()
        return {change: int(moved) if change == "move" else counted[change] for change in CHANGES.values()}

    def __len__(self) -> int:
        """Return the number of differences."""
        return len(self.table)

    def __repr__(self) -> str:
        """Return the counts."""
        found = self.counts
        words = {"merge": "merges", "split": "splits", "move": "records moved"}
        told = ", ".join(f"{number:,} {words.get(change, change)}" for change, number in found.items() if number)
        return f"<Diff: {self.before:,} -> {self.after:,} entities; {told or 'none'}; {self.unchanged:,} unchanged>"

    def _repr_html_(self) -> str:
        """Return the first rows, for a notebook."""
        return self.table._repr_html_()


def diff(before: Any, after: Any) -> Diff:
    """Return what differs between two crosswalks.

    Args:
        before: any table with ``record_id``, one of ``entity_id, cluster_id, cluster, entity``, and may be ``source``;
            or anything with a ``crosswalk``, such as a resolution or an assignment.
        after: the other one.

    Raises:
        ColumnNotFoundError, NullIdError, DuplicateIdError, ConfigurationError: see `assign_ids`.

    Examples:
        >>> before = {"record_id": [1, 2, 3, 4, 5], "entity_id": ["A", "A", "B", "C", "D"]}
        >>> after = {"record_id": [1, 2, 3, 4, 5, 6], "cluster": [7, 7, 7, 8, 9, 9]}
        >>> found = diff(before, after)
        >>> found
        <Diff: 4 -> 3 entities; 1 merges, 1 grew; 1 unchanged>
        >>> found.table.to_polars().select("change", "before", "after").rows()
        [('merge', ['A', 'B'], ['7']), ('grew', ['D'], ['9'])]
    """
    old, frame = Register.of(before), read_crosswalk(after)
    fresh = (name for name in map("new {}".format, count()) if name not in old)
    new = assign_ids(frame, previous=old, factory=fresh.__next__, at=datetime.now(UTC))
    called = dict(zip(keys_of(frame), frame.get_column("entity_id").to_list(), strict=True))
    labels = {i: called[records[0]] for i, records in new.register.entities.items()}
    rows = list(_rows(old, new, labels))
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    concerned = {i for event in new.events for i in (event.entity_id, *event.other_ids)}
    unchanged = len(labels.keys() - concerned)
    return Diff(Table("diff", table), unchanged, len(old), len(new))


def _rows(old: Register, new: Assignment, labels: dict[str, str]) -> Iterator[tuple[object, ...]]:
    """Yield the differences: change, entities before, entities after, sources, ids."""
    parts = {i for event in new.events.of_kind("split") for i in event.other_ids}
    events = sorted(new.events, key=lambda event: [*CHANGES].index(event.kind))
    for event in events:
        records, change = event.records, CHANGES[event.kind]
        if event.kind == "created" and event.entity_id in parts:
            records, change = tuple(key for key in records if key not in old.present), "grew"
            if not records:
                continue
        before, after = _sides(event)
        yield (
            change,
            [i for i in before if i in old],
            [labels[i] for i in after if i in labels],
            [source for source, _ in records],
            [record_id for _, record_id in records],
        )


def _sides(event: Event) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids that an event is about before, and after."""
    if event.kind == "merged":
        return (event.entity_id, *event.other_ids), (event.entity_id,)
    if event.kind == "split":
        return (event.entity_id,), event.other_ids
    return event.other_ids or (event.entity_id,), (event.entity_id,)
