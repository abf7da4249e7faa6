"""What a store holds, as plain tables: the same in memory, in a database and in files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs
import polars as pl

from identigraph.identity.events import SCHEMA as EVENT
from identigraph.identity.issued import SCHEMA as ISSUED
from identigraph.identity.judgement_table import SCHEMA as JUDGED

Columns = Mapping[str, Any]
Rows: TypeAlias = pl.DataFrame | Sequence[tuple[Any, ...]]
"""Rows of a table: its columns, or tuples in their order where there are few."""


@attrs.frozen
class Kept:
    """A table of a store.

    Attributes:
        columns: the polars type of each column.
        key: the columns that tell its rows apart.
    """

    columns: Columns
    key: tuple[str, ...]

    def frame(self, rows: Any = None) -> pl.DataFrame:
        """Return rows in the columns of the table; none where nothing is given.

        Examples:
            >>> Kept({"name": pl.String, "value": pl.String}, ("name",)).frame([("schema", "1")]).rows()
            [('schema', '1')]
        """
        return _frame(rows, self.columns)

    def keys(self, rows: Rows) -> pl.DataFrame:
        """Return keys in the columns of the key."""
        return _frame(rows, {name: self.columns[name] for name in self.key})


def _frame(rows: Any, columns: Columns) -> pl.DataFrame:
    if isinstance(rows, pl.DataFrame):
        return rows.select(pl.col(name).cast(dtype) for name, dtype in columns.items())
    return pl.DataFrame(rows, schema=dict(columns), orient="row")


PAIR: Columns = {"one": pl.Int64, "other": pl.Int64}

TABLES: Mapping[str, Kept] = {
    # Single values: the last change, the highest number of a record, how tables are read.
    "meta": Kept({"name": pl.String, "value": pl.String}, ("name",)),
    # Resolvers that have learned, as JSON, by the change they came with; the last is in force.
    "policies": Kept({"change": pl.Int64, "policy": pl.String}, ("change",)),
    # Each version of each record: its columns as a JSON object, and the change it came with.
    "records": Kept(
        {"number": pl.Int64, "source": pl.String, "record_id": pl.String, "content": pl.String, "came": pl.Int64},
        ("number",),
    ),
    # The change that each version which is gone went with.
    "ended": Kept({"number": pl.Int64, "went": pl.Int64}, ("number",)),
    # Scored pairs by the numbers of their records; the pattern is null where clusters asked for a pair.
    "pairs": Kept(
        {**PAIR, "pattern": pl.Int64, "weight": pl.Float64, "probability": pl.Float64},
        ("one", "other"),
    ),
    "siblings": Kept({**PAIR, "probability": pl.Float64}, ("one", "other")),
    # The ids each record came through; the last is that of its entity, if it is present.
    "chains": Kept(
        {"source": pl.String, "record_id": pl.String, "chain": pl.List(pl.String), "is_present": pl.Boolean},
        ("source", "record_id"),
    ),
    "ids": Kept(dict(ISSUED), ("entity_id",)),
    "events": Kept({"change": pl.Int64, "place": pl.Int64, **EVENT}, ("change", "place")),
    "judgements": Kept({"id": pl.Int64, "place": pl.Int64, **JUDGED}, ("id", "place")),
    # Records that are to be resolved again.
    "pending": Kept({"number": pl.Int64}, ("number",)),
}
"""Every table of a store."""


@attrs.frozen(eq=False, repr=False)
class Delta:
    """What a change does to tables.

    Args:
        put: rows that come, by table; those with the same key go.
        gone: keys of rows that go, by table.
    """

    put: Mapping[str, Rows] = attrs.field(factory=dict)
    gone: Mapping[str, Rows] = attrs.field(factory=dict)

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        told = [f"{len(rows):,} {name}" for name, rows in self.put.items() if len(rows)]
        told += [f"-{len(rows):,} {name}" for name, rows in self.gone.items() if len(rows)]
        return f"<Delta: {', '.join(told) or 'nothing'}>"


def changed(name: str, rows: pl.DataFrame, deltas: Iterable[Delta]) -> pl.DataFrame:
    """Return the rows of a table after changes, one after the other.

    Examples:
        >>> meta = TABLES["meta"]
        >>> delta = Delta({"meta": [("b", "3")]}, {"meta": [("a",)]})
        >>> changed("meta", meta.frame([("a", "1"), ("b", "2")]), [delta]).rows()
        [('b', '3')]
    """
    kept = TABLES[name]
    parts = []
    for delta in deltas:
        gone, put = delta.gone.get(name, ()), delta.put.get(name, ())
        if len(gone):
            parts.append(kept.keys(gone).with_columns(comes=False))
        if len(put):
            parts.append(kept.frame(put).with_columns(comes=True))
    if not parts:
        return rows
    told = pl.concat([kept.frame(), *parts], how="diagonal").unique(kept.key, keep="last", maintain_order=True)
    left = rows.join(told, on=kept.key, how="anti", maintain_order="left")
    return pl.concat([left, kept.frame(told.filter("comes"))])
