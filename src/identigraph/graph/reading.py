"""The tables that an identity graph is made of, as arrays of row numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import ELEMENT_SEPARATOR, Encoded, encode
from identigraph.errors import ColumnNotFoundError, ColumnTypeError, ConfigurationError, RangeError
from identigraph.graph.clusters import ScoredPairs
from identigraph.graph.judgements import Judgements, judged, read_verdicts
from identigraph.graph.keys import KEY, Keys, read_keyed, texts
from identigraph.graph.namespaces import Namespace
from identigraph.graph.sightings import NEVER, Sightings
from identigraph.odds import log2_odds, probability_of
from identigraph.pairs import Pairs
from identigraph.records.tables import read

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WEIGHTS = ("match_probability", "weight", "match_weight")
"""The columns that say how strong an edge is; the first that there is counts."""


def scored_edges(keys: Keys, left: pl.DataFrame, right: pl.DataFrame, rest: pl.DataFrame) -> ScoredPairs:
    """Return edges as scored pairs; of edges between the same records the strongest.

    Raises:
        UnknownIdError: an end is no record.
        ConfigurationError: an edge joins a record with itself, or has no weight that is a number.
        RangeError: probabilities or weights outside 0 to 1.
    """
    pairs = Pairs.of(keys.numbers(left), keys.numbers(right))
    probability = read_weights(rest).astype(np.float32)
    return ScoredPairs(pairs.left, pairs.right, log2_odds(probability).astype(np.float32), probability).strongest()


def read_weights(table: pl.DataFrame) -> Floats:
    """Return the probability of each edge, from the first of the columns of `WEIGHTS` that there is; without any, 1.

    Examples:
        >>> read_weights(pl.DataFrame({"match_weight": [0.0, 1.0]})).round(3).tolist()
        [0.5, 0.667]
    """
    name = next((name for name in WEIGHTS if name in table.columns), None)
    if name is None:
        return np.ones(table.height)
    column = table.get_column(name).cast(pl.Float64, strict=False).fill_nan(None)
    if column.null_count():
        raise ConfigurationError(f"{column.null_count():,} of {len(column):,} edges have no number in column {name!r}")
    weights = column.to_numpy()
    if name == "match_weight":
        return probability_of(weights)
    outside = weights[(weights < 0) | (weights > 1)]
    if len(outside):
        raise RangeError(f"{name} of edges (log2 odds belong into 'match_weight')", float(outside[0]), 0, 1)
    return weights


def judged_pairs(keys: Keys, left: pl.DataFrame, right: pl.DataFrame, rest: pl.DataFrame) -> Judgements:
    """Return judgements as pairs of row numbers.

    Raises:
        UnknownIdError: an end is no record.
        ColumnNotFoundError, ConfigurationError: see `read_verdicts`.
    """
    return judged(keys.numbers(left), keys.numbers(right), read_verdicts(rest), rest.drop("judgement"))


def read_identifiers(data: Any, namespaces: Sequence[str]) -> pl.DataFrame:
    """Return a table of identifiers: ``source, record_id, namespace, value``, and may be ``observed_at``.

    Raises:
        ColumnNotFoundError: a column is missing, or a row names no namespace that was given.
    """
    table = read(data)
    source = "source" if "source" in table.columns else None
    keyed = read_keyed(table, id="record_id", source=source, what="identifiers")
    for name in ("namespace", "value"):
        if name not in keyed.columns:
            raise ColumnNotFoundError(name, table.columns, where=" in the identifiers")
    for name in keyed.get_column("namespace").cast(pl.String).unique().sort().to_list():
        if name not in namespaces:
            raise ColumnNotFoundError(str(name), namespaces, what="namespace")
    return keyed


def sightings_of(
    namespace: Namespace, keys: Keys, rows: pl.DataFrame | None, listed: pl.DataFrame | None, observed_at: str | None
) -> Sightings:
    """Return the sightings of a namespace, in a column of the records and among listed identifiers.

    Raises:
        ColumnNotFoundError: neither has the namespace, or there is no column `observed_at`.
        ColumnTypeError: times of another type than datetimes, dates and numbers.
        UnknownIdError: a listed identifier is of no record.
    """
    found = list(_found(namespace, rows, listed, observed_at))
    if not found:
        raise ColumnNotFoundError(
            namespace.source_column, [] if rows is None else rows.columns, where=" of identifiers"
        )
    frame = pl.concat(found, how="vertical_relaxed")
    raw = encode(frame.get_column("value"))
    return Sightings.of(namespace, keys.numbers(frame), raw, frame.get_column("time").to_numpy())


def attributes_of(keys: Keys, rows: pl.DataFrame, namespaces: Iterable[Namespace]) -> dict[str, Encoded]:
    """Return the attributes that generic rules count, one value per record: of several the first in the alphabet.

    Raises:
        ColumnNotFoundError: there is no such column.
    """
    named = sorted({space.generic.attribute for space in namespaces if space.generic is not None})
    found = {}
    for name in named:
        if name not in rows.columns:
            raise ColumnNotFoundError(name, rows.columns, where=" for a generic rule")
        values = rows.select(*KEY, texts(rows.get_column(name)).alias("value")).group_by(KEY).agg(pl.col("value").min())
        found[name] = encode(keys.frame.join(values, on=KEY, how="left", maintain_order="left").get_column("value"))
    return found


def times_of(table: pl.DataFrame, observed_at: str | None) -> Ints:
    """Return when each row was observed, as microseconds since 1970; `NEVER` where no column says so.

    Raises:
        ColumnNotFoundError: there is no such column.
        ColumnTypeError, ConfigurationError: see `as_times`.
    """
    if observed_at is None:
        return np.full(table.height, NEVER)
    if observed_at not in table.columns:
        raise ColumnNotFoundError(observed_at, table.columns)
    return as_times(table.get_column(observed_at))


def as_times(column: pl.Series) -> Ints:
    """Return times as microseconds since 1970, `NEVER` where missing; numbers, also as text, are seconds.

    Raises:
        ColumnTypeError: the column holds neither datetimes, dates, text, nor numbers.
        ConfigurationError: texts that are neither all numbers nor all times in ISO 8601.

    Examples:
        >>> as_times(pl.Series([0.5, None])).tolist() == [500_000, NEVER]
        True
    """
    if column.dtype == pl.String:
        column = _parsed(column)
    if column.dtype.is_numeric():
        times = (column.cast(pl.Float64) * 1e6).round().cast(pl.Int64, strict=False)
    elif column.dtype in (pl.Date, pl.Datetime):
        times = column.cast(pl.Datetime("us")).to_physical()
    elif column.dtype == pl.Null:
        times = column.cast(pl.Int64)
    else:
        raise ColumnTypeError(column.name, str(column.dtype))
    return times.fill_null(NEVER).to_numpy()


def _parsed(column: pl.Series) -> pl.Series:
    """Return texts as numbers where all are, else as times in ISO 8601."""
    numbers = column.cast(pl.Float64, strict=False)
    if numbers.null_count() == column.null_count():
        return numbers
    try:
        times = column.str.to_datetime(time_unit="us", strict=False)
    except pl.exceptions.ComputeError as error:
        raise ConfigurationError(f"column {column.name!r} holds no times in ISO 8601, but other text") from error
    unread = times.null_count() - column.null_count()
    if unread:
        told = f"{unread:,} of {len(column):,} values in column {column.name!r} are no times in ISO 8601"
        raise ConfigurationError(f"{told}; mend them, or make them null")
    return times


def _found(
    namespace: Namespace, rows: pl.DataFrame | None, listed: pl.DataFrame | None, observed_at: str | None
) -> Iterable[pl.DataFrame]:
    """Yield tables ``source, record_id, value, time``."""
    column = namespace.source_column
    if rows is not None and column in rows.columns:
        yield _timed(rows, column, times_of(rows, observed_at))
    if listed is not None:
        own = listed.filter(pl.col("namespace").cast(pl.String) == namespace.name)
        yield _timed(own, "value", times_of(own, "observed_at" if "observed_at" in own.columns else None))


def _timed(rows: pl.DataFrame, column: str, times: Ints) -> pl.DataFrame:
    """Return one row per value; lists are taken apart."""
    value = texts(rows.get_column(column)).cast(pl.String)
    frame = rows.select(KEY).with_columns(value.alias("value"), time=times)
    if rows.get_column(column).dtype in (pl.List, pl.Array):
        frame = frame.with_columns(pl.col("value").str.split(ELEMENT_SEPARATOR)).explode("value")
    return frame.filter(pl.col("value").is_not_null())
