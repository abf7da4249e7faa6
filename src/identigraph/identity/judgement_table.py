"""Logs of judgements as tables of plain columns, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.identity.judgement import Judgement, Revocation, as_utc
from identigraph.identity.judgement_index import Entry
from identigraph.records.tables import as_text, read

TIME = pl.Datetime("us", "UTC")
SCHEMA: Mapping[str, Any] = {
    "id": pl.Int64,
    "kind": pl.String,
    "group": pl.Int64,
    "source": pl.String,
    "record_id": pl.String,
    "entity_id": pl.String,
    "revokes": pl.Int64,
    "author": pl.String,
    "reason": pl.String,
    "at": TIME,
    "expires": TIME,
}
NEEDED = ("id", "kind", "group", "source", "record_id", "at")
OF_ENTRY = ("id", "kind", "entity_id", "revokes", "author", "reason", "at", "expires")
"""The columns that all rows of one entry share."""
REVOKE = "revoke"
TEXTS = ("author", "reason")


def table_of(entries: Iterable[Entry]) -> pl.DataFrame:
    """Return one row per record of each judgement, and one per revocation.

    Examples:
        >>> from datetime import UTC
        >>> day = datetime(2026, 1, 1, tzinfo=UTC)
        >>> entries = [Judgement(1, "cannot_link", [["a"], ["b"]], at=day), Revocation(2, 1, at=day)]
        >>> table_of(entries).select("id", "kind", "group", "record_id", "revokes").rows()
        [(1, 'cannot_link', 0, 'a', None), (1, 'cannot_link', 1, 'b', None), (2, 'revoke', None, None, 1)]
    """
    rows = [row for entry in entries for row in _rows(entry)]
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    return pl.DataFrame(
        [pl.Series(name, values, dtype=SCHEMA[name]) for name, values in zip(SCHEMA, columns, strict=True)]
    )


def entries_of(data: Any) -> Iterator[Entry]:
    """Yield the entries of a table such as `table_of` gives, in the order of their ids, whatever that of the rows.

    Raises:
        ColumnNotFoundError: a column is missing; only ``entity_id, revokes, author, reason, expires`` may be.
        ConfigurationError: ids that are no numbers, times that are none, rows of one entry that say different things.
        ConfigurationError, UnsupportedInputError: a row is no judgement; see `Judgement`.
    """
    table = _checked(read(data))
    for number, some in groupby(table.sort("id", "group").iter_rows(named=True), itemgetter("id")):
        rows = list(some)
        first = rows[0]
        told: dict[str, Any] = {name: first[name] or "" for name in TEXTS} | {"at": _time(first["at"], number)}
        if first["kind"] == REVOKE:
            yield Revocation(number, first["revokes"], **told)
            continue
        groups = [
            [(row["source"] or "", row["record_id"] or "") for row in group]
            for _, group in groupby(rows, itemgetter("group"))
        ]
        expires = None if first["expires"] is None else _time(first["expires"], number)
        yield Judgement(number, first["kind"], groups, entity_id=first["entity_id"] or None, expires=expires, **told)


def _rows(entry: Entry) -> Iterator[tuple[Any, ...]]:
    if isinstance(entry, Revocation):
        yield entry.id, REVOKE, None, None, None, None, entry.revokes, entry.author, entry.reason, entry.at, None
        return
    told = entry.entity_id, None, entry.author, entry.reason, entry.at, entry.expires
    for number, group in enumerate(entry.groups):
        for key in group:
            yield entry.id, entry.kind, number, *key, *told


def _checked(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with all columns, numbers and texts of the right types, times as they came."""
    for name in NEEDED:
        if name not in table.columns:
            raise ColumnNotFoundError(name, table.columns, where=" in the judgements")
    there = table.with_columns(pl.lit(None).alias(name) for name in SCHEMA if name not in table.columns)
    held = pl.DataFrame([_typed(there.get_column(name), dtype) for name, dtype in SCHEMA.items()])
    for name in ("id", "kind", "at"):
        if missing := held.get_column(name).null_count():
            raise ConfigurationError(f"{missing:,} of {held.height:,} rows of the judgements have no {name!r}")
    entries = held.get_column("id").n_unique()
    if held.select(OF_ENTRY).n_unique() > entries:
        raise ConfigurationError(f"rows of one entry of the judgements differ in more than their records: {OF_ENTRY}")
    return held


def _typed(column: pl.Series, dtype: Any) -> pl.Series:
    """Return a column of numbers or texts; times as they are."""
    if dtype in (TIME, column.dtype):
        return column
    if dtype == pl.String:
        return as_text(column.to_frame()).to_series()
    numbers = column.cast(dtype, strict=False)
    if wrong := numbers.null_count() - column.null_count():
        raise ConfigurationError(
            f"{wrong:,} of {len(column):,} rows of the judgements have no number in {column.name!r}"
        )
    return numbers


def _time(value: Any, number: int) -> datetime:
    """Return a time that may have come as text."""
    try:
        return as_utc(datetime.fromisoformat(value) if isinstance(value, str) else value)
    except ValueError as error:
        told = f"entry {number} of the judgements has no time with a time zone, such as '2026-01-31T09:00:00+00:00'"
        raise ConfigurationError(told) from error
