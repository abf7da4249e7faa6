"""Changes of records: which come, are replaced and go, told by their ids.

A change is checked as a whole before anything is done. Told twice it does nothing more: a record that is there already
with the same content is left out, and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import ChangeError, ColumnNotFoundError, ConfigurationError, UnknownIdError
from identigraph.pairs import Mask
from identigraph.records import Records
from identigraph.records.rows import Columns, Ids, Rows, joined, read_rows
from identigraph.records.tables import as_text, is_mapping_of_tables

Ints = npt.NDArray[np.int64]

KEY = ["source", "record_id"]


@attrs.frozen
class Named:
    """How a caller names ids, sources and columns of tables: as for `Resolver.resolve`."""

    id: Ids = None
    source: str | None = None
    columns: Columns = None


@attrs.frozen(eq=False, repr=False)
class Changed:
    """What a change does.

    Args:
        left: shape (records,): which are left.
        came: the rows that came, in the columns of those that were there.
        known: how many of those that should have come were there already with the same content.
    """

    left: Mask
    came: Rows
    known: int = 0


def changed(records: Records, named: Named, *, add: Any = None, replace: Any = None, delete: Any = None) -> Changed:
    """Return what a change of records does.

    Args:
        records: those that are there.
        named: how tables call ids and sources.
        add: a table of new records.
        replace: a table of records that are there, with other content.
        delete: records that go: a table with their ids, or a list of ids or ``(source, id)``.

    Raises:
        ConfigurationError: rows were numbered; or a column is new.
        UnknownIdError: a record that is to be replaced or deleted is not there.
        ChangeError: a record that is to come is there with other content, or a record is told of twice.
    """
    if not records.has_ids:
        raise ConfigurationError("records without ids cannot be told apart when some change: resolve with id=...")
    there = _keys(records.rows).with_row_index("row")
    told = (("add", add), ("replace", replace))
    coming = {what: None if table is None else rows_of(records, named, table) for what, table in told}
    gone = _deleted(records, named, delete)
    _check_once([*(_keys(rows) for rows in coming.values() if rows is not None), gone])
    dropped, known = [_found(there, gone)], 0
    parts: list[Rows] = []
    if coming["replace"] is not None:
        dropped.append(_found(there, _keys(coming["replace"])))
        parts.append(coming["replace"])
    if coming["add"] is not None:
        fresh, known = _fresh(records, there, coming["add"])
        parts.append(fresh)
    left = np.ones(len(records), dtype=bool)
    left[np.concatenate(dropped)] = False
    none = some_rows(records.rows, np.zeros(0, dtype=np.int64))
    return Changed(left, joined([none, *parts]), known)


def some_rows(rows: Rows, places: Ints) -> Rows:
    """Return rows at some places."""
    ids, sources = rows.ids.gather(places), rows.sources.gather(places)
    return attrs.evolve(rows, content=rows.content[places], ids=ids, sources=sources)


def _keys(rows: Rows) -> pl.DataFrame:
    """Return source and id of each row, as text."""
    return pl.DataFrame([rows.sources.alias("source"), as_text(rows.ids.to_frame("record_id")).to_series()])


def rows_of(records: Records, named: Named, table: Any) -> Rows:
    """Return the rows of a table, in the columns of the records.

    Raises:
        ColumnNotFoundError: a column is new.
        ConfigurationError: ids are of another type.
    """
    rows = _rows_of(named, table)
    known = records.table.columns
    for column in rows.content.columns:
        if column not in known:
            raise ColumnNotFoundError(column, known, where=" of the records that are there; leave it out")
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in known if name not in rows.content.columns]
    return attrs.evolve(rows, content=rows.content.with_columns(missing).select(known), ids=_typed(records, rows.ids))


def _rows_of(named: Named, table: Any) -> Rows:
    """Return the rows of a table; of several sources there need not be a table each."""
    ids, columns = named.id, named.columns
    if is_mapping_of_tables(table):
        there = {str(source) for source in table}
        ids = {source: i for source, i in ids.items() if source in there} if isinstance(ids, Mapping) else ids
        columns = {source: names for source, names in (columns or {}).items() if source in there}
    return read_rows(table, id=ids, source=named.source, columns=columns)


def _typed(records: Records, ids: pl.Series) -> pl.Series:
    """Return ids in the type of those that are there."""
    wanted = records.ids.dtype
    typed = as_text(ids.to_frame("id")).to_series().cast(wanted, strict=False)
    if typed.null_count():
        told = f"{typed.null_count():,} of {len(ids):,} ids cannot be read as {wanted}, as those that are there"
        raise ConfigurationError(f"{told}; give ids of one type")
    return typed


def _deleted(records: Records, named: Named, delete: Any) -> pl.DataFrame:
    """Return the keys of records that go."""
    if delete is None:
        return pl.DataFrame(schema=dict.fromkeys(KEY, pl.String))
    if isinstance(delete, Iterable) and not isinstance(delete, str | bytes) and _is_list_of_keys(delete):
        only = records.sources.values[0] if len(records.sources.values) == 1 else None
        keys = [key if isinstance(key, tuple) else (only, key) for key in delete]
        if any(source is None for source, _ in keys):
            raise ConfigurationError("there are several sources: name records to delete as (source, id)")
        return pl.DataFrame([(str(s), str(i)) for s, i in keys], schema=dict.fromkeys(KEY, pl.String), orient="row")
    return _keys(_rows_of(named, delete))


def _is_list_of_keys(delete: Iterable[Any]) -> bool:
    return isinstance(delete, list | tuple | set) and not any(isinstance(each, dict) for each in delete)


def _check_once(parts: list[pl.DataFrame]) -> None:
    every = pl.concat(parts)
    twice = every.filter(every.is_duplicated()).unique().sort(KEY)
    if twice.height:
        raise ChangeError("told of more than once in one change", twice.rows())


def _found(there: pl.DataFrame, keys: pl.DataFrame) -> Ints:
    """Return the row of each key."""
    rows = keys.join(there, on=KEY, how="left", maintain_order="left").get_column("row")
    if rows.null_count():
        unknown = keys.filter(rows.is_null()).get_column("record_id")
        raise UnknownIdError(unknown.head(20).to_list(), rows.null_count(), len(rows))
    return rows.cast(pl.Int64).to_numpy()


def _fresh(records: Records, there: pl.DataFrame, rows: Rows) -> tuple[Rows, int]:
    """Return the rows that are not there yet, and how many are with the same content."""
    at = _keys(rows).join(there, on=KEY, how="left", maintain_order="left").get_column("row")
    known = at.is_not_null().arg_true().to_numpy().astype(np.int64)
    before = records.table[at.gather(known).cast(pl.Int64).to_numpy()]
    now = rows.content[known]
    other = np.zeros(len(known), dtype=bool)
    for name in before.columns:
        other |= before[name].ne_missing(now[name]).to_numpy()
    if other.any():
        keys = _keys(some_rows(rows, known[other])).sort(KEY)
        raise ChangeError("there already with other content; give them as replace=", keys.rows())
    return some_rows(rows, at.is_null().arg_true().to_numpy().astype(np.int64)), len(known)
