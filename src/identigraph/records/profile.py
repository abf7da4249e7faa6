"""What a column looks like: shares of its values that have this or that form.

A sample of the distinct values is looked at, each weighed by how many rows carry it, so that a tail of odd spellings
does not hide what the column is.
"""

from __future__ import annotations

import re
from functools import cached_property

import attrs
import polars as pl

from identigraph.fields.date import Date
from identigraph.fields.nicknames import nickname_groups
from identigraph.fields.number import Number
from identigraph.records.column_words import compound
from identigraph.text import clean, words

SAMPLE = 3_000
"""Distinct values that are looked at."""

FEWEST_DIGITS = 7
"""Digits of a code that is told from a number by their count."""
EMAIL = r"^(?:mailto:)?[^@\s]+@[^@\s]+\.[^@\s.]+$"
URL = r"^(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|co|info|biz|eu|[a-z]{2})(?:/\S*)?$"
PHONE = r"^(?:\+|00)?[\d\s().\-/]{7,24}(?:(?:\s*(?:x|ext\.?|#)\s*)\d{1,6})?$"
PHONE_MARKS = r"^\+|\(\d{2,5}\)|^\d{3}[-./ ]\d{3}[-./ ]\d{4}|^0\d{1,5}[ /-]\d"
UK_POSTCODE = r"^[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}$"
STREET = (
    r"\b(?:st|street|rd|road|ave?|avenue|ln|lane|dr|drive|blvd|boulevard|ct|court|pl|place|cres|crescent|close|terrace|"
    r"hwy|highway|way|square|parade|circuit|strasse|allee|weg|platz|gasse|ring|damm|ufer|rue|impasse|chemin|quai|via|viale|"
    r"piazza|corso|vicolo|calle|avenida|avda|plaza|paseo|camino|ronda|travesia|ulica|ul|aleja|plac|rua|travessa|"
    r"praca|alameda|rodovia|utca|strada|bulevardul|sokak|cadde|cad|mahallesi|mah|jalan|jl|ulitsa|prospekt)\b|"
    r"(?:strasse|str|weg|platz|gasse|allee|ring|damm|straat|laan|plein|gracht|gatan|vagen|gade|vej|alle|gata|veien|katu|tie)"
    r"\b"
)
LEGAL_FORM = (
    r"\b(?:ltd|limited|inc|incorporated|llc|llp|plc|corp|corporation|gmbh|ag|kg|co|company|sa|sarl|srl|spa|bv|nv|oy|ab|as|"
    r"pty|pte|kk|sp z o o|group|holdings|foundation|university|institute|institut|universita|universitat|universite|"
    r"college|department|laborator\w+|bank|hotel|restaurant|cafe|grill)\b"
)
TIME_OF_DAY = r"\d[T ]\d{1,2}:\d{2}"
GENDERS = ["m", "f", "male", "female", "man", "woman", "x", "w", "mann", "frau", "homme", "femme", "d", "u", "other",
           "nonbinary", "non binary", "unknown", "mannlich", "weiblich", "h", "hombre", "mujer", "v", "varon", "femme",
           "masculin", "feminin", "masculino", "femenino", "feminino", "homem", "mulher", "maschio", "femmina", "herr",
           "uomo", "donna", "vrouw", "vrouwelijk", "mannelijk", "kobieta", "mezczyzna", "k", "kvinna", "kvinde",
           "kvinne", "mand", "mies", "nainen", "zena", "muz", "erkek", "kadin", "ferfi", "laki laki", "perempuan",
           "nu", "nam", "muzhskoy", "zhenskiy", "divers"]  # fmt: skip


@attrs.frozen(eq=False, repr=False)
class ColumnProfile:
    """A column seen from outside: its name, how full and how varied it is, and the forms of its values.

    Args:
        name: the caller's name.
        rows: rows of the table.
        present: rows with a value.
        distinct: distinct values.
        sample: some of the distinct values, spread evenly over their sorted order.
        weights: how many rows carry each of them.
    """

    name: str
    rows: int
    present: int
    distinct: int
    sample: pl.Series
    weights: pl.Series

    @classmethod
    def of(cls, column: pl.Series) -> ColumnProfile:
        """Return the profile of a column of text."""
        counted = column.drop_nulls().alias("value").value_counts(name="rows").sort("value")
        sample = counted.gather_every(max(counted.height // SAMPLE, 1))
        present = len(column) - column.null_count()
        return cls(column.name, len(column), present, counted.height, sample["value"], sample["rows"])

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The words of the name: ``soc_sec_id``, ``EMail``, ``addressLine1`` split, in lower case.

        Examples:
            >>> ColumnProfile.of(pl.Series("homePhone_2", [], dtype=pl.String)).tokens
            ('home', 'phone', '2')
        """
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)", " ", self.name)
        return tuple(words(pl.Series([spaced])).fill_null("").item().split())

    @cached_property
    def pieces(self) -> frozenset[str]:
        """The words of the name, and those that compounds among them are made of.

        Examples:
            >>> sorted(ColumnProfile.of(pl.Series("custPhoneno", [], dtype=pl.String)).pieces)
            ['cust', 'phoneno']
            >>> sorted(ColumnProfile.of(pl.Series("geburtsort", [], dtype=pl.String)).pieces)
            ['geburts', 'geburtsort', 'ort']
        """
        return frozenset((*self.tokens, *(piece for token in self.tokens for piece in compound(token))))

    @cached_property
    def squashed(self) -> str:
        """The name as letters and digits only."""
        return "".join(self.tokens)

    @cached_property
    def plain(self) -> pl.Series:
        """The sample, cleaned; null where nothing is left."""
        return clean(self.sample)

    def weighed(self, hits: pl.Series) -> float:
        """Return the share of the sampled rows for which `hits`, one boolean per sampled value, holds."""
        total = int(self.weights.sum() or 0)
        return int(self.weights.filter(hits.fill_null(value=False)).sum() or 0) / total if total else 0.0

    def share(self, pattern: str) -> float:
        """Return the share of the sampled rows in whose value `pattern` is found."""
        return self.weighed(self.plain.str.contains(pattern))

    def of_one_length(self, pattern: str) -> float:
        """Return the share of the sampled rows that match `pattern` and have the most frequent number of digits."""
        matching = self.plain.str.contains(pattern)
        digits = self.plain.str.count_matches(r"\d").set(~matching.fill_null(value=False), None)
        lengths = digits.drop_nulls().unique()
        return max((self.weighed(digits == length) for length in lengths if length >= FEWEST_DIGITS), default=0.0)

    @cached_property
    def filled(self) -> float:
        """The share of rows with a value."""
        return self.present / max(self.rows, 1)

    @cached_property
    def variety(self) -> float:
        """Distinct values per value."""
        return self.distinct / max(self.present, 1)

    @cached_property
    def dates(self) -> pl.Series:
        """The sample read as dates, null where it is none."""
        return Date(first_of_january="keep").normalize("full", self.sample).get_column("")

    @cached_property
    def date_share(self) -> float:
        """The share of full dates among the sampled rows."""
        return self.weighed(self.dates.str.len_chars() == len("YYYY-MM-DD"))

    @cached_property
    def years(self) -> pl.Series:
        """The years of the dates in the sample."""
        return self.dates.drop_nulls().str.slice(0, 4).cast(pl.Int32)

    @cached_property
    def numbers(self) -> pl.Series:
        """The sample as numbers, null where it is none; brackets, which mean minus in accounts, are no part of one."""
        read = Number().normalize("column", self.sample).get_column("").cast(pl.Float64)
        return read.set(self.plain.str.contains("(", literal=True).fill_null(value=False), None)

    @cached_property
    def number_share(self) -> float:
        """The share of numbers among the sampled rows."""
        return self.weighed(self.numbers.is_not_null())

    def within(self, low: float, high: float) -> float:
        """Return the share of the sampled rows that are whole numbers from `low` to `high`."""
        return self.weighed((self.numbers >= low) & (self.numbers <= high) & (self.numbers == self.numbers.floor()))

    @cached_property
    def words_each(self) -> float:
        """The mean number of words."""
        counted = words(self.sample).str.count_matches(r"\S+").fill_null(0)
        total = int(self.weights.sum() or 0)
        return float((counted * self.weights).sum()) / total if total else 0.0

    @cached_property
    def given_name_share(self) -> float:
        """The share of sampled rows whose first or last word is a known given name."""
        split = words(self.sample).str.split(" ")
        known = nickname_groups().get_column("name").unique().implode()
        return self.weighed(split.list.first().is_in(known) | split.list.last().is_in(known))

    @cached_property
    def digits_each(self) -> float:
        """The share of sampled rows whose value holds a digit."""
        return self.share(r"\d")

    def named(self, *wanted: str) -> bool:
        """Tell whether the name has one of the words, alone or in a compound, or is one of them without separators."""
        return any(word in self.pieces for word in wanted) or self.squashed.strip("0123456789") in wanted

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        return f"<ColumnProfile {self.name!r}: {self.present:,} of {self.rows:,} rows, {self.distinct:,} distinct>"
