"""Golden records: one row per entity, each value with the record it came from.

A winner is a (value, record) pair. Columns that make one thing, such as the parts of a name or of an address, come
whole from one record. Rules, in order: a value that its field could read beats one that it could not; for a group, the
record that fills most of its columns; the value that most records of the entity carry, however they spell it; the
longer spelling; the record with the lowest source and id. So the order of rows plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import ELEMENT_SEPARATOR, MISSING, take
from identigraph.fields.kind import feature_name
from identigraph.graph import Clusters
from identigraph.records import Records
from identigraph.table import Table

Rows = npt.NDArray[np.int64]


@attrs.frozen(eq=False, repr=False)
class Profiles:
    """One golden record per entity.

    Args:
        records: the records.
        entity_ids: shape (entities,): the id of each entity.
        clusters: which entity each record belongs to.

    Examples:
        >>> records = Records.of({"id": [1, 2, 3], "city": ["Bern", None, "Basel"]}, id="id")
        >>> same = Clusters.of(np.zeros(3, dtype=np.int64))
        >>> Profiles(records, np.array([1]), same).to_polars().rows()
        [(1, 3, 'Basel')]
    """

    records: Records
    entity_ids: npt.NDArray[Any]
    clusters: Clusters

    @cached_property
    def winners(self) -> dict[str, Rows]:
        """For each column, the row number of the record that each entity's value comes from; -1 without a value."""
        places, won = _places(self.records), dict[str, Rows]()
        for group in _groups(self.records):
            won |= _winning_rows(self, group, places)
        return won

    @cached_property
    def table(self) -> Table:
        """One row per entity: ``entity_id, records``, then the winning value of each column; lists as lists.

        Columns of the caller's that are called so too get an underscore behind their name.
        """
        columns = {"entity_id": pl.Series(self.entity_ids), "records": pl.Series(self.clusters.sizes)}
        for column, rows in self._columns():
            won = take(self.records.table.get_column(column), rows)
            is_list = column in self.records.lists
            columns[_free_name(column, self.records.table.columns)] = (
                won.str.split(ELEMENT_SEPARATOR) if is_list else won
            )
        return Table("profiles", pl.DataFrame(columns).sort("entity_id"))

    @cached_property
    def lineage(self) -> Table:
        """One row per entity and column with a value: ``entity_id, column, source, record_id``."""
        nothing = self._lineage_of("", np.zeros(0, dtype=np.int64))
        pieces = [self._lineage_of(column, rows) for column, rows in self._columns()]
        return Table("lineage", pl.concat([nothing, *pieces]).sort("entity_id", maintain_order=True))

    def to_polars(self) -> pl.DataFrame:
        """Return `table` as a polars frame."""
        return self.table.to_polars()

    def to_pandas(self) -> Any:
        """Return `table` as a pandas frame."""
        return self.table.to_pandas()

    def to_arrow(self) -> Any:
        """Return `table` as a pyarrow table."""
        return self.table.to_arrow()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return `table` as an Arrow stream."""
        return self.table.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        """Return the number of entities."""
        return len(self.entity_ids)

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Profiles: {len(self):,} entit{'y' if len(self) == 1 else 'ies'}>"

    def _repr_html_(self) -> str:
        """Return the first rows, for a notebook."""
        return self.table._repr_html_()

    def _columns(self) -> Iterator[tuple[str, Rows]]:
        """Yield the columns in the caller's order with their winning rows."""
        for name in self.records.table.columns:
            yield name, self.winners[name]

    def _lineage_of(self, column: str, rows: Rows) -> pl.DataFrame:
        found = np.flatnonzero(rows >= 0)
        head = [
            pl.Series("entity_id", self.entity_ids[found]),
            pl.repeat(column, len(found), eager=True, dtype=pl.String).alias("column"),
        ]
        return pl.DataFrame(head).hstack(self.records.row_keys(rows[found]))


def _free_name(column: str, columns: list[str]) -> str:
    """Return what a column of the caller's is called in the table of profiles."""
    name = column
    while name in {"entity_id", "records"} or (name != column and name in columns):
        name += "_"
    return name


@attrs.frozen
class _Group:
    """Columns that come from one record, and the field that reads them, if any."""

    columns: tuple[str, ...]
    field: str | None


def _groups(records: Records) -> Iterator[_Group]:
    """Yield the columns of each field as one group, then each other column by itself."""
    grouped: set[str] = set()
    for name, kind in records.fields.items():
        columns = tuple(dict.fromkeys(c for c in kind.roles(name).values() if c not in grouped))
        grouped.update(columns)
        if columns:
            yield _Group(columns, name)
    for column in records.table.columns:
        if column not in grouped:
            yield _Group((column,), None)


def _winning_rows(profiles: Profiles, group: _Group, places: pl.Series) -> dict[str, Rows]:
    """Return the winning row of each entity for every column of a group; `places` decides where all else is equal."""
    records = profiles.records
    values = records.table.select(group.columns)
    filled = values.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32)).alias("filled"))
    frame = filled.with_columns(
        pl.Series("entity", profiles.clusters.labels),
        pl.Series("row", np.arange(len(records))),
        places,
        values.select(pl.sum_horizontal(pl.all().str.len_chars().fill_null(0)).alias("length")).to_series(),
        *_read_values(records, group),
    ).filter(pl.col("filled") > 0)
    ranked = frame.with_columns(pl.len().over("entity", "value").alias("carried")).sort(
        ["entity", "readable", "filled", "carried", "length", "place"],
        descending=[False, True, True, True, True, False],
    )
    best = ranked.unique("entity", keep="first", maintain_order=True)
    winner = np.full(len(profiles.entity_ids), MISSING, dtype=np.int64)
    winner[best.get_column("entity").to_numpy()] = best.get_column("row").to_numpy()
    return {column: _where_present(records, column, winner) for column in group.columns}


def _places(records: Records) -> pl.Series:
    """Return the place of each record by source and id."""
    keys = records.row_keys(np.arange(len(records)))
    return keys.select(pl.struct("source", "record_id").rank("ordinal").alias("place")).to_series()


def _read_values(records: Records, group: _Group) -> tuple[pl.Series, pl.Series]:
    """Return for each record a code of its value, equal for equal values, and whether the field could read it."""
    spelled = records.table.select(group.columns).hash_rows(seed=3).alias("value")
    if group.field is None or records.lists.intersection(group.columns):
        return spelled, pl.repeat(value=True, n=len(records), eager=True).alias("readable")
    names = [feature_name(group.field, part) for part in records.fields[group.field].parts]
    read = pl.DataFrame({name: records.column(name).codes for name in names}).hash_rows(seed=3)
    readable = pl.Series("readable", records.column(group.field).codes >= 0)
    return read.zip_with(readable, spelled).alias("value"), readable


def _where_present(records: Records, column: str, rows: Rows) -> Rows:
    """Return `rows` with -1 where the winning record has no value in this column."""
    present = records.table.get_column(column).is_not_null().to_numpy()
    return np.where(np.append(present, False)[rows], rows, MISSING)
