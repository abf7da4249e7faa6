"""Labelled records of made-up customers in four systems."""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import polars as pl

from identigraph.datasets.checking import check_size
from identigraph.datasets.kinds import FACTS, KINDS, SLIPS, TYPING
from identigraph.datasets.noise import disturb
from identigraph.datasets.population import population
from identigraph.datasets.sources import FIELDS, SOURCES
from identigraph.datasets.vocabulary import vocabulary
from identigraph.datasets.writing import left_out, rows, written


@attrs.frozen(eq=False, repr=False)
class Customers:
    """Records of customers, and the truth about them.

    Args:
        records: all records in one table, in random order, all columns strings, null where missing: ``record_id``,
            ``source``, ``first_name``, ``last_name``, ``birth_date``, ``email``, ``phone``, ``street``, ``city``,
            ``postcode``. Values are written as their source writes them.
        truth: ``source``, ``record_id``, ``entity_id``: which person each record is of, in the order of `records`.
        households: ``entity_id``, ``household_id``, ``role`` (head, partner, flatmate, child, twin, or junior: a son
            named like his father), one row per person.
        noise: ``record_id``, ``source``, and one column of booleans per kind of noise, true where noise of this kind
            changed a value of the record; in the order of `records`.
    """

    records: pl.DataFrame
    truth: pl.DataFrame
    households: pl.DataFrame
    noise: pl.DataFrame

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the records of each source in a table of their own, under the column names of that source.

        Examples:
            >>> tables = customers(100).tables()
            >>> tables["web"].columns
            ['id', 'name', 'email', 'tel', 'birthday', 'address', 'town', 'zip']
            >>> sum(len(table) for table in tables.values())
            100
        """
        return {source.name: source.table(self.records) for source in SOURCES}

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write one CSV file per source, and ``truth.csv``; return their paths by name.

        Args:
            folder: where to; made if it is not there. Files of the same names are overwritten.

        Examples:
            >>> import tempfile
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     sorted(path.name for path in customers(100).write(folder).values())
            ['crm.csv', 'store.csv', 'support.csv', 'truth.csv', 'web.csv']
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        tables = {**self.tables(), "truth": self.truth}
        paths = {name: folder / f"{name}.csv" for name in tables}
        for name, table in tables.items():
            table.write_csv(paths[name])
        return paths

    def equals(self, other: Customers) -> bool:
        """Return whether all tables of `other` are the same.

        Examples:
            >>> customers(50, seed=1).equals(customers(50, seed=1)), customers(50, seed=1).equals(customers(50, seed=2))
            (True, False)
        """
        mine, others = attrs.astuple(self, recurse=False), attrs.astuple(other, recurse=False)
        return all(a.equals(b) for a, b in zip(mine, others, strict=True))

    def __repr__(self) -> str:
        """Return the counts."""
        return (
            f"<Customers: {len(self.records):,} records from {self.records['source'].n_unique()} sources, "
            f"{len(self.households):,} entities, {self.households['household_id'].n_unique():,} households>"
        )


def customers(n: int, seed: int = 0) -> Customers:
    """Return `n` records of made-up customers in a CRM, a web shop, stores and a support desk, with the truth.

    Households of singles, couples, families and flatmates live in ten countries. Each person has one to eight records;
    each source has its own formats, leaves out its own share of the values, and adds noise: nicknames, typos, former
    names, old addresses, shared e-mail addresses and land lines, default values and more. Some persons differ little:
    twins share birth date, family name and address; a junior shares name and address with his father.

    Args:
        n: number of records, from 1 to 100 million.
        seed: the same `n` and `seed` give the same records, as long as the versions of faker, nicknames, numpy,
            polars and identigraph stay the same.

    Raises:
        ConfigurationError: where `n` or `seed` is no whole number.
        RangeError: where `n` or `seed` is out of range.
        MissingExtraError: where the package faker is not installed (extra ``datasets``).

    Examples:
        >>> customers(1_000)
        <Customers: 1,000 records from 4 sources, 501 entities, 233 households>
    """
    check_size(n, seed)
    rng = np.random.default_rng(int(seed))
    words = vocabulary(rng.spawn(1)[0])
    persons = population(int(n), rng, words)
    records = left_out(rows(persons, rng), rng)
    records = disturb(records, (*FACTS, *SLIPS), rng)
    records = disturb(written(records, rng), TYPING, rng)
    return Customers(
        records=records.select("record_id", "source", *FIELDS),
        truth=records.select("source", "record_id", _ids("e", records["person"]).alias("entity_id")),
        households=persons.select(
            _ids("e", pl.Series(np.arange(len(persons)))).alias("entity_id"),
            _ids("h", persons["household"]).alias("household_id"),
            "role",
        ),
        noise=records.select("record_id", "source", *KINDS),
    )


def _ids(prefix: str, numbers: pl.Series) -> pl.Series:
    """Return ids made of `prefix` and `numbers` from 1 on.

    Examples:
        >>> _ids("e", pl.Series([0, 11])).to_list()
        ['e1', 'e12']
    """
    return prefix + (numbers + 1).cast(pl.String)
