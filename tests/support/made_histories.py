"""Random histories of crosswalks: a few records of two sources, in a few clusters, in and out; so that all happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import attrs
from hypothesis import strategies as st

from identigraph.identity import Assignment, Events, Register, assign_ids

Key = tuple[str, str]
Partition = Mapping[Key, int]
"""The label of the cluster of each record that is there."""

KEYS: tuple[Key, ...] = tuple((source, str(number)) for source in ("crm", "web") for number in range(4))
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ABSENT = -1


def partitions(lowest: int = ABSENT) -> st.SearchStrategy[dict[Key, int]]:
    """Return partitions of some of the records; of all where `lowest` is 0."""
    labels = st.lists(st.integers(lowest, 3), min_size=len(KEYS), max_size=len(KEYS))
    return labels.map(lambda row: {key: label for key, label in zip(KEYS, row, strict=True) if label != ABSENT})


def histories(most: int = 5) -> st.SearchStrategy[list[dict[Key, int]]]:
    """Return partitions that follow each other."""
    return st.lists(partitions(), min_size=1, max_size=most)


def weights() -> st.SearchStrategy[dict[str, float]]:
    """Return weights by source."""
    return st.fixed_dictionaries({"web": st.sampled_from([0.0, 0.05, 1.0, 3.0])})


def factory(prefix: str = "n") -> Callable[[], str]:
    """Return a maker of ids that are numbered."""
    return map(f"{prefix}{{}}".format, count(1)).__next__


def table(partition: Partition) -> dict[str, list[Any]]:
    """Return a partition as a table."""
    return {
        "source": [source for source, _ in partition],
        "record_id": [record_id for _, record_id in partition],
        "cluster": list(partition.values()),
    }


def groups(partition: Mapping[Key, Any]) -> set[frozenset[Key]]:
    """Return the clusters of a partition, without their labels."""
    found: dict[Any, set[Key]] = {}
    for key, label in partition.items():
        found.setdefault(label, set()).add(key)
    return set(map(frozenset, found.values()))


def weigh_by(by_source: Mapping[str, float]) -> Callable[[Key], float]:
    """Return a function that weighs a record."""
    return lambda key: by_source.get(key[0], 1.0)


def ids_of(assignment: Assignment) -> dict[Key, str]:
    """Return the id of the entity of each record."""
    return {(source, record_id): i for source, record_id, i in assignment.crosswalk.to_polars().iter_rows()}


@attrs.define
class Diary:
    """What happened, day after day, after a first register."""

    weights: Any = None
    make: Callable[[], str] = attrs.field(factory=factory)
    first: Register = attrs.field(factory=Register)
    days: list[Assignment] = attrs.field(factory=list)

    def add(self, partition: Partition, **told: Any) -> Assignment:
        """Assign ids to the crosswalk of another day."""
        at = MONDAY + timedelta(days=len(self.days))
        options = {"previous": self.register, "weights": self.weights, "factory": self.make, "at": at, **told}
        self.days.append(assign_ids(table(partition), **options))
        return self.days[-1]

    @property
    def register(self) -> Register:
        """The register of the last day."""
        return self.days[-1].register if self.days else self.first

    @property
    def events(self) -> Events:
        """All events so far."""
        return sum((day.events for day in self.days), Events())


def lived(history: list[dict[Key, int]], weights: Any = None) -> Diary:
    """Return the diary of a history."""
    diary = Diary(weights)
    for partition in history:
        diary.add(partition)
    return diary
