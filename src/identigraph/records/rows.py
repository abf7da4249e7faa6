"""Rows: the content, the id and the source of each record, from one table or from one table per source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import polars as pl

from identigraph.errors import (
    ColumnNotFoundError,
    ColumnTypeError,
    ConfigurationError,
    DuplicateIdError,
    NullIdError,
    UnsupportedInputError,
)
from identigraph.records.tables import as_text, check_unique, is_mapping_of_tables, list_columns, read

Ids = str | Mapping[str, str] | None
Columns = Mapping[str, Mapping[str, str]] | None

NO_SOURCE = "records"
"""The name of the one source when the caller names none."""


@attrs.frozen(eq=False)
class Rows:
    """What the caller gave, row by row and in the caller's order.

    Args:
        content: the columns as text, without id and source.
        ids: the caller's ids, of the caller's type; numbers from 0 in each source where there are none.
        sources: the name of the source of each row.
        has_ids: whether the caller named ids.
        has_sources: whether the caller named sources.
        lists: the columns that held lists, in any source.
    """

    content: pl.DataFrame
    ids: pl.Series
    sources: pl.Series
    has_ids: bool
    has_sources: bool
    lists: frozenset[str]


def read_rows(data: Any, *, id: Ids = None, source: str | None = None, columns: Columns = None) -> Rows:  # noqa: A002
    """Return the rows of one table or of a mapping ``{source: table}``; see `Records.of`.

    Examples:
        >>> tables = {"crm": {"id": [7], "mail": ["a@x.com"]}, "web": {"no": [7]}}
        >>> rows = read_rows(tables, id={"crm": "id", "web": "no"})
        >>> rows.ids.to_list(), rows.sources.to_list(), rows.content.rows()
        ([7, 7], ['crm', 'web'], [('a@x.com',), (None,)])
    """
    if id is not None and not isinstance(id, str | Mapping):
        raise UnsupportedInputError(id, "the name of a column as id")
    if source is not None and not isinstance(source, str):
        raise UnsupportedInputError(source, "the name of a column as source")
    if is_mapping_of_tables(data):
        return _several_tables(data, id, source, columns or {})
    if columns is not None or isinstance(id, Mapping):
        raise ConfigurationError("id and columns by source are for a mapping {source: table}; got one table")
    return _one_table(read(data), id, source)


def _one_table(table: pl.DataFrame, id: str | None, source: str | None) -> Rows:  # noqa: A002
    keys = [name for name in (id, source) if name is not None]
    table = _with_columns(table, keys)
    _check_columns(keys, table)
    for key in keys:
        _check_single(table.get_column(key))
    sources = _named(NO_SOURCE, table.height) if source is None else _source_names(table, source)
    if id is None:
        ids = sources.to_frame("source").select(pl.int_range(pl.len()).over("source")).to_series()
    else:
        ids = table.get_column(id)
        _check_ids(ids, sources, id)
    content = table.drop(keys)
    named = {"has_ids": id is not None, "has_sources": source is not None}
    return Rows(as_text(content), ids, sources, lists=list_columns(content), **named)


def _several_tables(
    data: Mapping[Any, Any],
    id: Ids,  # noqa: A002
    source: str | None,
    columns: Mapping[str, Mapping[str, str]],
) -> Rows:
    if source is not None:
        raise ConfigurationError("a mapping {source: table} names its sources itself; leave source=... out")
    tables = {str(name): read(table) for name, table in data.items()}
    ids = dict.fromkeys(tables, id) if isinstance(id, str) else dict(id or {})
    for unknown in sorted({*columns, *ids} - set(tables)):
        raise ColumnNotFoundError(unknown, tables, what="source")
    parts = [_table_of(name, table, ids.get(name), columns.get(name, {})) for name, table in tables.items()]
    return attrs.evolve(joined(parts), has_ids=bool(ids), has_sources=True)


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of one or more parts, one after the other; columns that a part lacks are null in it."""
    lists = frozenset[str]().union(*(part.lists for part in parts))
    return Rows(
        pl.concat([_without_separators(part, lists) for part in parts], how="diagonal"),
        _together([part.ids for part in parts]),
        pl.concat([part.sources for part in parts]),
        parts[0].has_ids,
        parts[0].has_sources,
        lists,
    )


def _without_separators(part: Rows, lists: frozenset[str]) -> pl.DataFrame:
    """Return the content of one of several tables; its single values in columns of `lists` become lists of one."""
    single = [name for name in part.content.columns if name in lists - part.lists]
    return part.content.with_columns(as_text(part.content.select(pl.concat_list(name) for name in single)))


def _table_of(source: str, table: pl.DataFrame, id: str | None, names: Mapping[str, str]) -> Rows:  # noqa: A002
    """Return the rows of one of several tables, its columns renamed."""
    columns = [*names, *([] if id is None else [id])]
    table = _with_columns(table, columns)
    _check_columns(columns, table, f" in source {source!r}")
    rows = _one_table(table, id, None)
    renamed = [names.get(name, name) for name in rows.content.columns]
    check_unique(renamed, f" in source {source!r}")
    common = dict(zip(rows.content.columns, renamed, strict=True))
    lists = frozenset(common[name] for name in rows.lists)
    return attrs.evolve(rows, content=rows.content.rename(common), sources=_named(source, table.height), lists=lists)


def _together(ids: list[pl.Series]) -> pl.Series:
    """Return the ids of all tables: whole numbers or one type as they are, several types as text."""
    types = {part.dtype for part in ids if len(part)}
    if len(types) > 1 and not all(dtype.is_integer() for dtype in types):
        return pl.concat([as_text(part.to_frame("id")).to_series() for part in ids])
    return pl.concat(
        [part.to_frame("id") for part in ids if len(part) or not types], how="vertical_relaxed"
    ).to_series()


def _named(source: str, rows: int) -> pl.Series:
    return pl.repeat(source, rows, eager=True, dtype=pl.String)


def _with_columns(table: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Return `table`; no rows without any column, such as an empty list, get the columns that are asked for."""
    return table if table.width else pl.DataFrame(schema=dict.fromkeys(names, pl.String))


def _check_columns(names: list[str], table: pl.DataFrame, where: str = "") -> None:
    for name in names:
        if name not in table.columns:
            raise ColumnNotFoundError(name, table.columns, where=where)


def _check_single(keys: pl.Series) -> None:
    """Raise where a column of ids or of sources holds lists."""
    if list_columns(keys.to_frame()):
        raise ColumnTypeError(keys.name, str(keys.dtype))


def _source_names(table: pl.DataFrame, source: str) -> pl.Series:
    names = as_text(table.select(source)).to_series()
    if names.null_count():
        raise NullIdError(source, names.null_count(), table.height, what="source")
    return names


def _check_ids(ids: pl.Series, sources: pl.Series, column: str) -> None:
    missing = as_text(ids.to_frame()).to_series().null_count()
    if missing:
        raise NullIdError(column, missing, len(ids))
    keys = pl.DataFrame([sources.alias("source"), ids.alias("id")])
    repeated = keys.filter(keys.is_duplicated())
    if repeated.height:
        distinct = repeated.unique().sort("source", "id")
        raise DuplicateIdError(column, distinct.get_column("id").to_list(), distinct.height)
