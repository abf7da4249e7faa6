"""Crosswalks in: any table that says which records are one entity, whatever its entities are called."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import polars as pl

from identigraph.errors import ColumnNotFoundError, ConfigurationError, DuplicateIdError
from identigraph.graph.keys import read_keyed, texts
from identigraph.identity.events import Key
from identigraph.identity.lists import read_typed
from identigraph.records.rows import NO_SOURCE
from identigraph.records.tables import read

Weigh: TypeAlias = Callable[[Key], float]
Weights: TypeAlias = Mapping[str, float] | Callable[[str, str], float] | str | None

LABELS = ("entity_id", "cluster_id", "cluster", "entity")
"""The columns that say which entity a record is of; the first that there is counts."""


def read_crosswalk(data: Any, what: str = "crosswalk") -> pl.DataFrame:
    """Return a crosswalk: ``source, record_id, key_id, entity_id``, then its other columns, in the order of the rows.

    Args:
        data: any table with ``record_id``, one of the columns of `LABELS`, and may be ``source``; or anything that has
            such a table as its attribute ``crosswalk``.
        what: what it is called in messages.

    Returns:
        ``key_id`` is ``record_id`` as text, so that 7 and ``"7"`` are one; ``entity_id`` is text as well.

    Raises:
        ColumnNotFoundError: a column is missing.
        NullIdError: rows without source or id.
        ConfigurationError: rows without an entity.
        DuplicateIdError: a record occurs more than once.

    Examples:
        >>> read_crosswalk({"record_id": [7], "cluster": ["x"]}).rows()
        [('records', 7, '7', 'x')]
    """
    table = read(getattr(data, "crosswalk", data))
    label = next((name for name in LABELS if name in table.columns), None)
    if label is None:
        raise ColumnNotFoundError(LABELS[0], table.columns, where=f" in the {what}")
    keyed = _keyed(table, what)
    entity = texts(keyed.get_column(label)).alias("entity_id")
    if missing := entity.null_count():
        raise ConfigurationError(
            f"{missing:,} of {len(entity):,} rows of the {what} have no entity in column {label!r}; give each one, an "
            "entity of its own if it matched nothing"
        )
    rest = keyed.drop("source", "record_id", "key_id", label, "entity_id", strict=False)
    return keyed.select("source", "record_id", "key_id").with_columns(entity).hstack(rest)


def read_chains(data: Any) -> list[tuple[Key, tuple[str, ...], bool]]:
    """Return the key of each record, its ids, the first first, and whether it is in the crosswalk.

    Args:
        data: a crosswalk, all records of which are in it, or the records of a register, with ``chain, is_present``.

    Raises:
        ColumnNotFoundError, NullIdError, DuplicateIdError, ConfigurationError: see `read_crosswalk`.
    """
    table = read(getattr(data, "crosswalk", data))
    if "chain" not in table.columns:
        frame = read_crosswalk(table, "previous crosswalk")
        return [(key, (i,), True) for key, i in zip(keys_of(frame), frame.get_column("entity_id"), strict=True)]
    frame = _keyed(table, "records")
    columns = read_typed(frame, {"chain": pl.List(pl.String), "is_present": pl.Boolean}, "records")
    chains = [tuple(chain or ()) for chain in columns.get_column("chain").to_list()]
    if missing := chains.count(()):
        raise ConfigurationError(f"{missing:,} of {len(chains):,} records have no id in column 'chain'")
    return list(zip(keys_of(frame), chains, columns.get_column("is_present").to_list(), strict=True))


def keys_of(frame: pl.DataFrame) -> list[Key]:
    """Return the keys of the rows."""
    return list(zip(frame.get_column("source").to_list(), frame.get_column("key_id").to_list(), strict=True))


def as_key(record: object) -> Key:
    """Return the key of a record that a caller names: ``(source, id)``, or its id alone where there are no sources.

    Examples:
        >>> as_key(("crm", 7)), as_key("a")
        (('crm', '7'), ('records', 'a'))
    """
    if isinstance(record, tuple) and len(record) == 2:
        return str(record[0]), str(record[1])
    return NO_SOURCE, str(record)


def read_weights(weights: Weights, frame: pl.DataFrame) -> Weigh:
    """Return a function that weighs a record.

    Args:
        weights: a number by source, 1 for others; a function of source and id; the name of a column; None: 1 for all.
        frame: the crosswalk, see `read_crosswalk`.

    Raises:
        ColumnNotFoundError: there is no such column.
        ConfigurationError: a weight is negative or no number; of a function, when it is asked.

    Examples:
        >>> weigh = read_weights({"web": 0.05}, pl.DataFrame())
        >>> weigh(("web", "1")), weigh(("crm", "1"))
        (0.05, 1.0)
    """
    if weights is None:
        return lambda _: 1.0
    if isinstance(weights, str):
        return _by_record(weights, frame)
    if isinstance(weights, Mapping):
        by_source = {str(source): checked_weight(weight) for source, weight in weights.items()}
        return lambda key: by_source.get(key[0], 1.0)
    return lambda key: checked_weight(weights(*key))


def checked_weight(weight: float) -> float:
    """Return a weight.

    Raises:
        ConfigurationError: it is negative or no number.

    Examples:
        >>> checked_weight(1)
        1.0
    """
    try:
        number = float(weight)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise ConfigurationError(f"weights of records are numbers from 0 on, got {weight!r}")
    return number


def _by_record(column: str, frame: pl.DataFrame) -> Weigh:
    """Return a function that looks up the weight of a record."""
    if column not in frame.columns:
        raise ColumnNotFoundError(column, frame.columns, where=" of weights")
    weights = frame.get_column(column).cast(pl.Float64, strict=False).fill_null(math.nan).to_list()
    return dict(zip(keys_of(frame), map(checked_weight, weights), strict=True)).__getitem__


def _keyed(table: pl.DataFrame, what: str) -> pl.DataFrame:
    """Return a table with the columns ``source, record_id, key_id``, each key once."""
    keyed = read_keyed(
        table, id="record_id", source="source" if "source" in table.columns else None, what=what
    ).with_columns(pl.col("record_id").cast(pl.String).alias("key_id"))
    if "source" not in table.columns:
        keyed = keyed.with_columns(pl.lit(NO_SOURCE).alias("source"))
    repeated = keyed.select("source", "key_id").is_duplicated()
    if repeated.any():
        ids = keyed.filter(repeated).get_column("key_id").unique().sort()
        raise DuplicateIdError("record_id", ids.head(20).to_list(), len(ids))
    return keyed
