"""Columns read as quantities: seconds of dates and times, decimal numbers, degrees."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import Encoded, encode
from identigraph.errors import ColumnWarning
from identigraph.notes import warn
from identigraph.records import Records

Floats = npt.NDArray[np.float64]

TIME = (
    r"^(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[T ](?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9](?:\.[0-9]+)?))?)?"
    r"\s*(?:Z|(?P<sign>[+-])(?P<ahead>[01][0-9]|2[0-3]):?(?P<ahead_minutes>[0-5][0-9])?)?$"
)
"""A date or a time in ISO 8601."""

EARTH = 6371.0088
"""Mean radius of the earth in kilometers (IUGG)."""


def times(records: Records, column: str, reader: str) -> tuple[Encoded, Floats]:
    """Return a column and the seconds since 1970 of each distinct value, NaN where it is no date or time.

    Raises:
        ColumnNotFoundError: there is no such field or column.

    Warns:
        ColumnWarning: values that `reader` cannot read.
    """
    found = raw(records, column)
    return found, _told(found, seconds(found.values), reader, column, "no ISO 8601 date or time")


def numbers(records: Records, column: str, low: float, high: float, reader: str) -> tuple[Encoded, Floats]:
    """Return a column and the number that each distinct value is, NaN where it is none from `low` to `high`.

    Raises:
        ColumnNotFoundError: there is no such field or column.

    Warns:
        ColumnWarning: values that `reader` cannot read.
    """
    found = raw(records, column)
    read = found.values.str.strip_chars().cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
    kept = np.where((read >= low) & (read <= high), read, np.nan)
    return found, _told(found, kept, reader, column, f"no number from {low:g} to {high:g}")


def raw(records: Records, column: str) -> Encoded:
    """Return a field as it is normalized, or a plain column as it was given.

    Raises:
        ColumnNotFoundError: there is no such field or column.
    """
    if not is_given(records, column):
        return records.column(column)
    return records.remember(("raw", column), lambda: encode(records.table.get_column(column)))


def is_given(records: Records, column: str) -> bool:
    """Tell whether a name is that of a plain column, which is read as it was given, and of no field.

    Examples:
        >>> is_given(Records.of({"price": ["9.5"]}), "price"), is_given(Records.of({"price": ["9.5"]}), "mail.local")
        (True, False)
    """
    return column not in records.fields and column in records.table.columns


def seconds(values: pl.Series) -> Floats:
    """Return the seconds since 1970 of dates and times, NaN where a value is none.

    Examples:
        >>> seconds(pl.Series(["1970-01-02", "1970-01-01 02:00+02:00", "1970-01-01T00:00:01.5Z", "soon"])).tolist()
        [86400.0, 0.0, 1.5, nan]
    """
    found = values.to_frame("text").select(pl.col("text").str.extract_groups(TIME)).unnest("text")
    part = {name: pl.col(name).cast(pl.Float64, strict=False) for name in found.columns}
    date = pl.concat_str("year", pl.lit("-"), "month", pl.lit("-"), "day").str.to_date("%Y-%m-%d", strict=False)
    day = date.cast(pl.Int32).cast(pl.Float64) * 86_400
    clock = [(part["hour"], 3_600), (part["minute"], 60), (part["second"], 1)]
    of_day = pl.sum_horizontal(value.fill_null(0) * unit for value, unit in clock)
    ahead = part["ahead"].fill_null(0) * 3_600 + part["ahead_minutes"].fill_null(0) * 60
    offset = pl.when(pl.col("sign") == "-").then(-ahead).otherwise(ahead)
    return found.select((day + of_day - offset).fill_null(float("nan"))).to_series().to_numpy()


def shown(number: float) -> str:
    """Return a number as you would write it, so that nothing of it is lost.

    Examples:
        >>> shown(1800.0), shown(0.1), shown(1234567.25)
        ('1800', '0.1', '1234567.25')
    """
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def _told(column: Encoded, read: Floats, reader: str, name: str, what: str) -> Floats:
    unread = int(column.counts[np.isnan(read)].sum())
    if unread:
        told = f"{reader}: {unread:,} of {column.present:,} values of {name!r} are {what}; their records have no pair"
        warn(told, ColumnWarning)
    return read
