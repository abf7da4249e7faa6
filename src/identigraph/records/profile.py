"""What a column looks like: shares of its distinct values that have this or that form."""

from __future__ import annotations

import re
from functools import cached_property

import attrs
import polars as pl

from identigraph.fields.date import Date
from identigraph.fields.nicknames import nickname_groups
from identigraph.text import clean, words

SAMPLE = 3_000
"""Distinct values that are looked at."""

EMAIL = r"^(?:mailto:)?[^@\s]+@[^@\s]+\.[^@\s.]+$"
URL = r"^(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|co|info|biz|eu|[a-z]{2})(?:/\S*)?$"
PHONE = r"^(?:\+|00)?[\d\s().\-/]{7,24}(?:(?:\s*(?:x|ext\.?|#)\s*)\d{1,6})?$"
PHONE_MARKS = r"^\+|\(\d{2,5}\)|^\d{3}[-./ ]\d{3}[-./ ]\d{4}|^0\d{1,5}[ /-]\d"
UK_POSTCODE = r"^[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}$"
STREET = (
    r"\b(?:st|street|rd|road|ave?|avenue|ln|lane|dr|drive|blvd|boulevard|ct|court|pl|place|cres|crescent|close|terrace|"
    r"hwy|highway|way|square|parade|circuit|strasse|allee|weg|rue|via|calle|avenida|ulica|ul|rua)\b|(?:strasse|str|weg)\b"
)
LEGAL_FORM = (
    r"\b(?:ltd|limited|inc|incorporated|llc|llp|plc|corp|corporation|gmbh|ag|kg|co|company|sa|sarl|srl|spa|bv|nv|oy|ab|as|"
    r"pty|pte|kk|sp z o o|group|holdings|foundation|university|institute|institut|universita|universitat|universite|"
    r"college|department|laborator\w+|bank|hotel|restaurant|cafe|grill)\b"
)
TIME_OF_DAY = r"\d[T ]\d{1,2}:\d{2}"
GENDERS = ["m", "f", "male", "female", "man", "woman", "x", "w", "mann", "frau", "homme", "femme", "d", "u", "other",
           "nonbinary", "non binary", "unknown", "mannlich", "weiblich", "h"]  # fmt: skip


@attrs.frozen(eq=False, repr=False)
class ColumnProfile:
    """A column seen from outside: its name, how full and how varied it is, and the forms of its values.

    Args:
        name: the caller's name.
        rows: rows of the table.
        present: rows with a value.
        distinct: distinct values.
        sample: some of the distinct values, spread evenly over their sorted order.
    """

    name: str
    rows: int
    present: int
    distinct: int
    sample: pl.Series

    @classmethod
    def of(cls, column: pl.Series) -> ColumnProfile:
        """Return the profile of a column of text."""
        values = column.drop_nulls().unique().sort()
        step = max(len(values) // SAMPLE, 1)
        return cls(column.name, len(column), len(column) - column.null_count(), len(values), values.gather_every(step))

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
    def squashed(self) -> str:
        """The name as letters and digits only."""
        return "".join(self.tokens)

    @cached_property
    def plain(self) -> pl.Series:
        """The sample, cleaned."""
        return clean(self.sample).drop_nulls()

    def share(self, pattern: str) -> float:
        """Return the share of the sampled values in which `pattern` is found."""
        return float(self.plain.str.contains(pattern).mean() or 0.0) if len(self.plain) else 0.0  # type: ignore[arg-type]

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
        return Date(first_of_january="keep").normalize("full", self.sample).get_column("").drop_nulls()

    @cached_property
    def date_share(self) -> float:
        """The share of full dates among the sampled values."""
        return int((self.dates.str.len_chars() == 10).sum()) / max(len(self.sample), 1)  # noqa: PLR2004

    @cached_property
    def years(self) -> pl.Series:
        """The years of the dates in the sample."""
        return self.dates.str.slice(0, 4).cast(pl.Int32)

    @cached_property
    def numbers(self) -> pl.Series:
        """The sample as numbers, those that are."""
        bare = self.plain.str.replace_all(r"[\s$£€,]", "").str.strip_chars_end(".")
        return bare.cast(pl.Float64, strict=False).drop_nulls()

    @cached_property
    def number_share(self) -> float:
        """The share of numbers among the sampled values."""
        return len(self.numbers) / max(len(self.plain), 1)

    def within(self, low: float, high: float) -> float:
        """Return the share of the sampled values that are whole numbers from `low` to `high`."""
        inside = (self.numbers >= low) & (self.numbers <= high) & (self.numbers == self.numbers.floor())
        return int(inside.sum()) / max(len(self.plain), 1)

    @cached_property
    def words_each(self) -> float:
        """The mean number of words."""
        counted = words(self.sample).drop_nulls().str.count_matches(r"\S+")
        return float(counted.mean() or 0.0) if len(counted) else 0.0  # type: ignore[arg-type]

    @cached_property
    def given_name_share(self) -> float:
        """The share of values whose first or last word is a known given name."""
        split = words(self.sample).drop_nulls().str.split(" ")
        if len(split) == 0:
            return 0.0
        known = nickname_groups().get_column("name").unique()
        hit = split.list.first().is_in(known) | split.list.last().is_in(known)
        return float(hit.mean() or 0.0)  # type: ignore[arg-type]

    @cached_property
    def digits_each(self) -> float:
        """The share of sampled values that hold a digit."""
        return self.share(r"\d")

    def named(self, *wanted: str) -> bool:
        """Tell whether the name has one of the words, or is one of them without its separators."""
        return any(word in self.tokens for word in wanted) or self.squashed.strip("0123456789") in wanted

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        return f"<ColumnProfile {self.name!r}: {self.present:,} of {self.rows:,} rows, {self.distinct:,} distinct>"
