"""Ages beside birth dates: the same fact told twice, and the year of birth where there is no date."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
import polars as pl

from identigraph.fields import Category, Date, FieldKind, Number
from identigraph.records.profile import ColumnProfile

AGE_WORDS = (
    "age", "alter", "edad", "idade", "eta", "leeftijd", "wiek", "alder", "aldur", "ika", "vek", "vozrast", "yas",
    "umur", "usia", "nianling", "nenrei", "kor",
)  # fmt: skip
FEWEST = 30
"""Rows with birth date and age, at the least, to tell the year in which ages were told."""
NEAR, MOST = 1, 0.8
"""So many of these rows must lie within so many years of it."""


def with_ages(
    table: pl.DataFrame, profiles: Mapping[str, ColumnProfile], fields: Mapping[str, FieldKind]
) -> dict[str, FieldKind]:
    """Return fields with the ages of a table as a part of its birth dates, where ages fit these.

    There must be one field of dates, one column called like ages, and rows that have both: the year in which ages were
    told is the median of year of birth and age together.

    Args:
        table: of text columns.
        profiles: column name to profile.
        fields: field name to kind.

    Examples:
        >>> table = pl.DataFrame({"born": ["1980-05-01", "1990-01-20"] * 20, "age": ["42", "32"] * 20})
        >>> profiles = {name: ColumnProfile.of(table[name]) for name in table.columns}
        >>> with_ages(table, profiles, {"born": Date("born"), "age": Number("age")})
        {'born': Date(full='born', age='age', as_of=2022)}
    """
    dates = [(name, kind) for name, kind in fields.items() if isinstance(kind, Date)]
    ages = [(name, column) for name, column in _numbers(fields) if profiles[column].named(*AGE_WORDS)]
    if len(dates) != 1 or len(ages) != 1:
        return dict(fields)
    ((born, date),), ((name, column),) = dates, ages
    dated = {role: table.get_column(each) for role, each in date.roles(born).items()}
    as_of = _told_in(date, dated, table.get_column(column))
    if as_of is None:
        return dict(fields)
    joined = attrs.evolve(date, age=column, as_of=as_of)
    return {key: joined if key == born else kind for key, kind in fields.items() if key != name}


def _numbers(fields: Mapping[str, FieldKind]) -> list[tuple[str, str]]:
    """Return the fields that may be ages, each with its column."""
    kinds = [(name, kind) for name, kind in fields.items() if isinstance(kind, Number | Category)]
    return [(name, next(iter(kind.roles(name).values()))) for name, kind in kinds]


def _told_in(date: Date, columns: Mapping[str, pl.Series], ages: pl.Series) -> int | None:
    """Return the year in which ages were told; None where too few rows tell it, or it fits too few."""
    full = date.assemble(columns)["full"].alias("full")
    distinct = full.drop_nulls().unique()
    years = pl.DataFrame({"full": distinct, "year": date.normalize("full", distinct)["year"].cast(pl.Int64)})
    age = pl.DataFrame({"full": full, "age": ages.cast(pl.Float64, strict=False)})
    told = (
        age.join(years, on="full").select((pl.col("year") + pl.col("age")).round()).to_series().drop_nulls().to_numpy()
    )
    if len(told) < FEWEST:
        return None
    usual = int(np.median(told))
    return usual if (np.abs(told - usual) <= NEAR).mean() >= MOST else None
