"""From persons to rows: which record stands where, what it leaves out, and how its source writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from identigraph.datasets.contacts import by_country
from identigraph.datasets.countries import COUNTRIES
from identigraph.datasets.sources import FIELDS, SOURCES

STREETS = ("street", "old_street")


def by_source(sources: pl.Series, values: Sequence[Any]) -> pl.Series:
    """Return the one of `values`, listed in the order of `SOURCES`, that belongs to each of `sources`.

    Examples:
        >>> by_source(pl.Series(["web", "crm", "web"]), [1, 2, 3, 4]).to_list()
        [2, 1, 2]
    """
    return sources.replace_strict({source.name: value for source, value in zip(SOURCES, values, strict=True)})


def rows(persons: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return one row per record, in random order, with the columns of its person.

    New columns are ``person`` (the row of the person), ``source`` and ``record_id``. Streets are in full or
    abbreviated, as the source likes it; all other values are as the person has them.
    """
    person = rng.permutation(np.repeat(np.arange(len(persons)), persons["records"].to_numpy()))
    shares = np.array([s.share for s in SOURCES])
    drawn = rng.choice(len(SOURCES), len(person), p=shares / shares.sum())
    source = pl.Series("source", [s.name for s in SOURCES]).gather(drawn)
    short = pl.Series(rng.random(len(person)) < by_source(source, [s.short_streets for s in SOURCES]).to_numpy())
    number = pl.int_range(pl.len()).over("source") + by_source(source, [s.first_id for s in SOURCES])
    return (
        persons.drop("records")[person]
        .with_columns(source, pl.Series("person", person))
        .with_columns(
            (by_source(source, [s.id_prefix for s in SOURCES]) + number.cast(pl.String)).alias("record_id"),
            *(pl.when(short).then(f"{name}_short").otherwise(name).alias(name) for name in STREETS),
        )
        .drop(f"{name}_short" for name in STREETS)
    )


def left_out(records: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return `records` without the values that their sources lack; name, e-mail and phone are never all missing."""
    missing = pl.DataFrame(
        {
            field: rng.random(len(records))
            < by_source(records["source"], [s.missing[field] for s in SOURCES]).to_numpy()
            for field in FIELDS
        }
    ).with_columns(pl.col("last_name") & ~(pl.col("email") & pl.col("phone")))
    return records.with_columns(pl.when(~missing[field]).then(field).alias(field) for field in FIELDS)


def written(records: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return `records` with dates, telephone numbers and capitals as their sources write them."""
    dates = [pl.when(pl.col("source") == s.name).then(pl.col("birth_date").dt.strftime(s.date_format)) for s in SOURCES]
    upper = by_source(records["source"], [s.upper for s in SOURCES])
    words = ("first_name", "last_name", "street", "city", "postcode")
    return records.with_columns(
        pl.coalesce(dates).alias("birth_date"),
        _phones(records, rng).alias("phone"),
        *(pl.when(upper).then(pl.col(name).str.to_uppercase()).otherwise(name).alias(name) for name in words),
    )


def phone_styles(phone: pl.Expr, calling: pl.Expr, trunk: pl.Expr) -> Mapping[str, pl.Expr]:
    """Return the ways to write `phone`, a number in groups, without trunk prefix.

    Examples:
        >>> number = pl.DataFrame({"p": "161 278 3456", "c": "44", "t": "0"})
        >>> number.select(**phone_styles(pl.col("p"), pl.col("c"), pl.col("t"))).row(0)
        ('+44 161 278 3456', '+441612783456', '0161 278 3456', '01612783456', '0161-278-3456', '0044 161 278 3456')
    """
    north_american = phone.str.replace(r"^(\d+) (\d+) (\d+)$", "($1) $2-$3")
    return {
        "international": pl.lit("+") + calling + " " + phone,
        "compact": pl.lit("+") + calling + phone.str.replace_all(" ", ""),
        "national": pl.when(calling == "1").then(north_american).otherwise(trunk + phone),
        "digits": trunk + phone.str.replace_all(" ", ""),
        "dashed": trunk + phone.str.replace_all(" ", "-"),
        "zeros": pl.when(calling == "1").then(pl.lit("1 ") + phone).otherwise(pl.lit("00") + calling + " " + phone),
    }


def _phones(records: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    """Return telephone numbers, each in one of the styles of its source."""
    country = records["country"].to_numpy()
    parts = records.select("phone", "source").with_columns(
        calling=by_country(country, [c.calling for c in COUNTRIES]),
        trunk=by_country(country, [c.trunk for c in COUNTRIES]),
        draw=pl.Series(rng.random(len(records))),
    )
    styles = phone_styles(pl.col("phone"), pl.col("calling"), pl.col("trunk"))
    ways = [
        pl.when((pl.col("source") == source.name) & (pl.col("draw") < up_to)).then(styles[style])
        for source in SOURCES
        for style, up_to in zip(source.phones, _thresholds(list(source.phones.values())), strict=True)
    ]
    return parts.select(pl.coalesce(ways)).to_series()


def _thresholds(shares: Sequence[float]) -> list[float]:
    """Return up to which random number each of `shares` reaches; the last is 1."""
    total = np.cumsum(shares)
    return [float(part) for part in total / total[-1]]
