"""Tables as plain data: columns of a named type as lists, and large ones under the hash of what they hold."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import NotPlainError, PlainDataError

Column: TypeAlias = list[Any]
"""Name, type and values."""

LARGE = 1_000
"""Tables of at least so many values may be kept apart."""
COLUMN_TYPES: Mapping[str, Any] = {
    str(kind): kind
    for kind in (
        *(pl.Boolean, pl.String, pl.Float32, pl.Float64),
        *(pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64),
    )
}
ARRAY_TYPES = {"bool", "float32", "float64", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))}
VALUES = "values"
"""The one column of a table that is a series or an array."""


def canonical(data: Any) -> str:
    """Return plain data as JSON, the same for equal data: keys in order, ASCII, no blanks.

    Examples:
        >>> canonical({"b": [1, 0.5], "a": None})
        '{"a":null,"b":[1,0.5]}'
    """
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(data: Any) -> str:
    """Return the SHA-256 of plain data, in hexadecimal digits."""
    return sha256(canonical(data).encode()).hexdigest()


def frame_of(value: pl.DataFrame | pl.Series | npt.NDArray[Any], where: str) -> pl.DataFrame:
    """Return a table, a series or an array as a table.

    Raises:
        NotPlainError: it holds values of a type that has no plain form.
    """
    if isinstance(value, np.ndarray):
        if str(value.dtype) not in ARRAY_TYPES:
            raise NotPlainError(where, f"an array of {value.dtype}", "use one of numbers or booleans")
        return pl.DataFrame({VALUES: value.ravel()})
    frame = value.to_frame(VALUES) if isinstance(value, pl.Series) else value
    for name, kind in frame.schema.items():
        if str(kind) not in COLUMN_TYPES:
            raise NotPlainError(f"{where}.{name}", f"a column of {kind}", "use texts, numbers or booleans")
    return frame


def columns_of(frame: pl.DataFrame) -> list[Column]:
    """Return the columns of a table, each with its name, its type and its values.

    Examples:
        >>> columns_of(pl.DataFrame({"value": ["ann", None], "number": [0.5, float("inf")]}))
        [['value', 'String', ['ann', None]], ['number', 'Float64', [0.5, 'inf']]]
    """
    return [[column.name, str(column.dtype), _listed(column)] for column in frame.iter_columns()]


def frame_from(columns: list[Column], where: str) -> pl.DataFrame:
    """Return the table that `columns_of` described.

    Raises:
        PlainDataError: the columns are damaged, or of a type that this version does not know.

    Examples:
        >>> frame_from([["value", "String", ["ann", None]], ["number", "Float64", [0.5, "inf"]]], "table").rows()
        [('ann', 0.5), (None, inf)]
    """
    try:
        return pl.DataFrame([_column(*column, where=where) for column in columns])
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
        if isinstance(error, PlainDataError):
            raise
        raise PlainDataError(where, "is a damaged table: its columns are not each a name, a type and values") from error


def _listed(column: pl.Series) -> list[Any]:
    """Return the values of a column; numbers that JSON lacks as text."""
    values = column.to_list()
    if not column.dtype.is_float() or column.is_finite().all():
        return values
    return [str(value) if value is not None and not math.isfinite(value) else value for value in values]


def _column(name: str, kind: str, values: list[Any], *, where: str) -> pl.Series:
    if kind not in COLUMN_TYPES:
        raise PlainDataError(where, f"has a column of {kind!r}, which this version does not know; update identigraph")
    wanted = COLUMN_TYPES[kind]
    if wanted.is_float():
        values = [float(value) if isinstance(value, str) else value for value in values]
    return pl.Series(name, values, dtype=wanted)
