"""Jitter: how many records have another id than before."""

from __future__ import annotations

from typing import Any

import attrs
import polars as pl

from identigraph.identity.reading import read_crosswalk

KEY = ["source", "key_id"]


@attrs.frozen
class Jitter:
    """How many surviving records, those in both crosswalks, have another entity id than before.

    Attributes:
        records: surviving records.
        by_merges: those whose id changed because their entity was merged into another: its id is gone, most of its
            records are where the id of the other was before and still is.
        otherwise: those whose id changed for any other reason: they moved, their entity was split, or merely renamed.

    Examples:
        >>> counted = Jitter(records=200, by_merges=10, otherwise=1)
        >>> counted.share, counted.apart_from_merges
        (0.055, 0.005)
    """

    records: int
    by_merges: int
    otherwise: int

    @property
    def share(self) -> float:
        """The share of surviving records whose id changed; 0 where none survived."""
        return (self.by_merges + self.otherwise) / max(self.records, 1)

    @property
    def apart_from_merges(self) -> float:
        """The share of surviving records whose id changed for another reason than a merge."""
        return self.otherwise / max(self.records, 1)


def jitter(before: Any, after: Any) -> Jitter:
    """Return how many records have another id in a crosswalk than they had in the one before.

    Args:
        before: any table with ``record_id, entity_id`` and may be ``source``, or anything with a ``crosswalk``.
        after: the later one.

    Raises:
        ColumnNotFoundError, NullIdError, DuplicateIdError, ConfigurationError: a column, id or entity is missing, or a
            record occurs twice.

    Examples:
        >>> monday = {"record_id": [1, 2, 3, 4], "entity_id": ["A", "A", "B", "C"]}
        >>> tuesday = {"record_id": [1, 2, 3, 5], "entity_id": ["A", "N", "A", "C"]}
        >>> jitter(monday, tuesday)
        Jitter(records=3, by_merges=1, otherwise=1)
    """
    sides = {name: read_crosswalk(data).select(*KEY, "entity_id") for name, data in (("a", before), ("b", after))}
    joined = sides["a"].join(sides["b"], on=KEY, how="inner", suffix="_after")
    return count_jitter(joined.get_column("entity_id"), joined.get_column("entity_id_after"))


def count_jitter(before: pl.Series, after: pl.Series) -> Jitter:
    """Return the jitter of records, by the ids they had and have.

    Examples:
        >>> count_jitter(pl.Series(["A", "B"]), pl.Series(["A", "A"]))
        Jitter(records=2, by_merges=1, otherwise=0)
    """
    frame = pl.DataFrame({"before": before, "after": after})
    changed = frame.filter(pl.col("before") != pl.col("after"))
    kept = frame.filter(pl.col("before") == pl.col("after")).select("after").unique()
    counted = changed.group_by("before", "after").len().with_columns(pl.col("len").sum().over("before").alias("all"))
    merged = (
        counted.filter(2 * pl.col("len") > pl.col("all"))
        .join(after.unique().alias("before").to_frame(), on="before", how="anti")
        .join(kept, on="after", how="semi")
    )
    by_merges = int(merged.get_column("len").sum())
    return Jitter(frame.height, by_merges, changed.height - by_merges)
