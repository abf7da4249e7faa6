"""Dates: birth dates above all, whole or in part, in whatever order their source writes them.

A value goes through three forms: text with months as numbers; up to three numbers with the mark between them; year,
month and day. What cannot be told from one value, the order of the numbers, is told from all values with the same mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar, Literal

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError, RangeError
from identigraph.fields.date_order import Days, Numbers, Order, Orders, alone, in_order, is_date, pivoted, told
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import clean
from identigraph.text.columns import Column, case, groups, recoded, where, wherever
from identigraph.text.single import Single

DEFAULT_DATES = ("0001-01-01", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01", "9999-12-31")
"""Dates that systems fill in where none is known. A kind sees no counts: the caller drops them where they spike."""

MONTHS = {
    name: f"{number:02}"
    for number, names in enumerate(
        (
            "january jan januar janner jaenner janvier janv enero ene gennaio gen genn",
            "february feb febr februar fevrier fevr fev febrero febbraio febb",
            "march mar marz maerz mrz mars marzo",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio mag magg",
            "june jun juni juin junio giugno giu",
            "july jul juli juillet juil julio luglio lug",
            "august aug aout aou agosto ago",
            "september sep sept septembre septiembre setiembre set settembre sett",
            "october oct oktober okt octobre octubre ottobre ott",
            "november nov novembre noviembre",
            "december dec dezember dez decembre diciembre dic dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
"""Two digits for each cleaned English, German, French, Spanish and Italian name of a month, and its abbreviations."""

TIME_OF_DAY = r"[ t]+\d{1,2}:.*$"
FILLER = r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|\b(?:the|of|de|del|den|der|le|el|il)\b"
ORDINAL = r"(\d)(?:st|nd|rd|th|er|o|a)\b"
NAME, FIRST_NAME = "[a-z]{3,}", "([a-z]{3,})"
BESIDE_NAME = r"^[^a-z\d]*(?<first>\d+)(?:[^a-z\d]+(?<second>\d+))?[^a-z\d]*$"
NUMBERS = (
    r"^[^\da-z-]*(?<a>\d+)"
    r"(?:[a-z]|\.0|\s*(?<mark>[^\da-z\s:]?)[^\da-z:]*(?<b>\d+)(?:[^\da-z:]+(?<c>\d+))?)?[^\da-z]*$"
)
ONE_NUMBER = r"^\s*(\d{1,4})(?:\.0*)?\s*$"
ISO_DAY = (
    r"^[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))$"
)
"""A day in ISO form, but the 29th of February."""

OLDEST = 120
"""Ages above this are none."""

WHOLE = len("1990-03-15")
SPIKE, SPIKE_LEAST = 0.05, 50
"""First-of-January rule: above this share of the distinct whole dates, of which there are more than so many."""


@attrs.frozen
class Date:
    """Dates: ``<field>`` in ISO form, whole or cut to what is known, ``.year``, and ``.month_day`` of whole dates.

    Normalized: ``1990-03-15``, ``1990-03`` or ``1990``. Read: ISO dates, with or without a time of day (dropped);
    ``19900315``; numbers in any order with any marks between them; months by name in English, German, French, Spanish
    and Italian; a year alone or with a month. Null: everything else, and years out of range.

    *Order.* Whether ``03/04/1990`` is in March or April is decided by the values with the same mark of which one number
    lies between 13 and 31; the majority wins, day first where there is no evidence. A leading year is followed by the
    month. Eight digits run together take the order in which most of them are dates, year first if equal; those
    that are dates in another order only are null.

    *Swaps.* A value with a number from 13 to 31 in the place of the month is read the other way round, unless as many
    values with the same mark have there what can be no day either: then such numbers are slips of the pen.

    *Invalid dates* keep what is beyond doubt, so that they never disagree falsely: ``1990-13-25`` and ``1990-02-30``
    become ``1990`` (which number is wrong is unknown), ``1990-03-00`` and ``1990-03-81`` become ``1990-03``. Of
    ``19900381`` only the year is kept, as one slipped digit shifts all that follow; of ``3/81/90`` nothing, as the
    wrong number may be the year.

    *First of January.* Where only a year is known, systems write its first of January. If more than 50 distinct whole
    dates are given and more than 5 % of them are firsts of January (0.27 % are expected), these become years. Weak:
    the distinct values show no such spike once they hold nearly every day of every year.

    Args:
        full: the column with dates; left out, as are the other three, the column called like the field.
        year: the column with years of four or two digits.
        month: the column with months, numbers or names; needs `year`.
        day: the column with days; needs `month`.
        age: the column with ages in whole years, which give the year of birth where there is no date; needs `as_of`. A
            year too early or late is a near year to comparators.
        as_of: the year in which ages were told.
        order: the order where a value leaves it open (for ``"YMD"``, where its year has two digits); None: found from
            the values. As `Orders`, all that values would tell.
        earliest: years before this one are null.
        latest: years after this one are null.
        pivot: years of two digits up to this one are 20xx, those above 19xx; birth dates then lie in the past.
        first_of_january: ``"year"``: every first of January becomes a year; ``"keep"``: none; None: by the rule above.

    Raises:
        RangeError: `earliest`, `latest`, `pivot` or `as_of` is out of range.
        ConfigurationError: `order` or `first_of_january` is not among its choices, or a column lacks the one it needs.

    Examples:
        >>> import polars as pl
        >>> dates = pl.Series(["12/25/1990", "03/04/1990", "15. März 1992", "(1994)."])
        >>> Date().normalize("full", dates).to_dict(as_series=False)["month_day"]
        ['12-25', '03-04', '03-15', None]
        >>> Date(order="DMY").normalize("full", dates)[""].to_list()
        ['1990-12-25', '1990-04-03', '1992-03-15', '1994']
    """

    per_source: ClassVar[bool] = True
    full: str | None = None
    year: str | None = attrs.field(default=None, kw_only=True)
    month: str | None = attrs.field(default=None, kw_only=True)
    day: str | None = attrs.field(default=None, kw_only=True)
    age: str | None = attrs.field(default=None, kw_only=True)
    as_of: int | None = attrs.field(default=None, kw_only=True)
    order: Order | Orders | None = attrs.field(default=None, kw_only=True)
    earliest: int = attrs.field(default=1000, kw_only=True)
    latest: int = attrs.field(default=2100, kw_only=True)
    pivot: int = attrs.field(default=29, kw_only=True)
    first_of_january: Literal["year", "keep"] | None = attrs.field(default=None, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        """Refuse arguments that make no sense."""
        for name, low, high in (("latest", 1, 9999), ("earliest", 1, self.latest), ("pivot", 0, 99)):
            if not low <= getattr(self, name) <= high:
                raise RangeError(name, getattr(self, name), low, high)
        if self.as_of is not None and not self.earliest <= self.as_of <= self.latest:
            raise RangeError("as_of", self.as_of, self.earliest, self.latest)
        if self.age is not None and self.as_of is None:
            raise ConfigurationError(f"age={self.age!r} needs the year in which ages were told: give as_of=...")
        for name, choices in (("order", ("DMY", "MDY", "YMD")), ("first_of_january", ("year", "keep"))):
            if getattr(self, name) not in (None, *choices) and not isinstance(getattr(self, name), Orders):
                raise ConfigurationError(f"{name} must be None or one of {choices}, got {getattr(self, name)!r}")
        for name, needed in (("day", "month"), ("month", "year")):
            if getattr(self, name) is not None and getattr(self, needed) is None:
                raise ConfigurationError(f"{name}={getattr(self, name)!r} needs a {needed} column: give {needed}=...")

    @property
    def parts(self) -> tuple[str, ...]:
        """The date, its year, its month and day."""
        return (MAIN, "year", "month_day")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the columns it reads: dates, or years, months and days, or both, and ages."""
        return named_columns(self, ("full", "year", "month", "day", "age"), name, "full")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return one column of dates: those given, and where there is none, year, month and day joined, then by age.

        Examples:
            >>> import polars as pl
            >>> columns = {"year": pl.Series(["1972.0", "72"]), "month": pl.Series(["3.0", None])}
            >>> Date(year="y", month="m").assemble(columns)["full"].to_list()
            ['1972-03', '1972']
            >>> ages = {"full": pl.Series(["1972-03-01", None]), "age": pl.Series(["50", "30"])}
            >>> Date("born", age="age", as_of=2022).assemble(ages)["full"].to_list()
            ['1972-03-01', '1992']
        """
        if "age" in columns:
            known = {role: column for role, column in columns.items() if role != "age"}
            by_age = self._born(columns["age"])
            return {"full": self.assemble(known)["full"].fill_null(by_age) if known else by_age}
        if "year" not in columns:
            return columns
        numbers = {role: columns[role].str.extract(ONE_NUMBER, 1) for role in ("year", "day") if role in columns}
        if "month" in columns:
            months = clean(columns["month"]).str.strip_chars(".")
            numbers["month"] = recoded(months, MONTHS).str.extract(ONE_NUMBER, 1)
        joined = _joined(numbers, self.pivot)
        return {"full": columns["full"].fill_null(joined) if "full" in columns else joined}

    def _born(self, ages: Column) -> Column:
        """Return the year of birth by age, as text; null for what is no age."""
        age = ages.str.extract(ONE_NUMBER, 1).cast(pl.Int32, strict=False)
        return case((age <= OLDEST, (self.as_of or 0) - age)).cast(pl.String)

    def settled(self, columns: Mapping[str, pl.Series]) -> Date:
        """Return the kind with the orders of its numbers, and what firsts of January say, as these values tell them.

        Examples:
            >>> import polars as pl
            >>> us = Date().settled({"full": pl.Series(["12/25/1990", "03/04/1990"])})
            >>> us.normalize("full", pl.Series(["03/04/1990"]))[""].to_list(), us.first_of_january
            (['1990-03-04'], 'keep')
        """
        text = self._text(columns["full"])
        orders = self._orders(Numbers.of(groups(text.filter(~self._is_iso(text)), NUMBERS)))
        settled = attrs.evolve(self, order=orders, first_of_january=self.first_of_january or "keep")
        spiked = self.first_of_january is None and _is_spiked(settled.read("full", columns["full"])[MAIN])
        return attrs.evolve(settled, first_of_january="year") if spiked else settled

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return date, year, and month and day of each value."""
        del role
        date = self._kept(self._dates(self._text(values)))
        month_day = case((date.str.len_bytes() == WHOLE, date.str.slice(5)))
        return {MAIN: date, "year": date.str.slice(0, 4), "month_day": month_day}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return date, year, and month and day of each value."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether all of it is a date, a month of a year, or a year.

        Examples:
            >>> import polars as pl
            >>> Date().valid(pl.Series(["29.2.2024", "March 1990", "29.2.2023", "1990-03-00", "soon"])).to_list()
            [True, True, False, False, False]
        """
        return self._checked(values)[1]

    def format(self, values: Column) -> Column:
        """Return each date in ISO form, as normalized; null where only a part of the value is a date.

        Examples:
            >>> import polars as pl
            >>> Date().format(pl.Series(["29.2.2024", "March 1990", "29.2.2023"])).to_list()
            ['2024-02-29', '1990-03', None]
        """
        dates, valid = self._checked(values)
        return self._kept(dates).set(~valid, None)

    def _checked(self, values: Column) -> tuple[Column, Column]:
        """Return the date in each value, and whether that is all that the value says."""
        text = self._text(values)
        iso = self._is_iso(text)
        dates, valid = wherever(~iso, self._worked_out, text, iso)
        return dates, valid

    def _text(self, values: Column) -> Column:
        """Return the text of each value that is a date, in numbers."""
        return _with_numbered_months(clean(values).str.replace(TIME_OF_DAY, ""), self.pivot)

    def _is_iso(self, text: Column) -> Column:
        """Tell of each text whether it is a date in ISO form already, as most are; others may be dates as well."""
        in_range = (text >= f"{self.earliest:04}") & (text < f"{self.latest:04}.")
        return (text.str.contains(ISO_DAY) & in_range).fill_null(value=False)

    def _dates(self, text: Column) -> Column:
        """Return what is certain of each date, in ISO form."""
        return where(~self._is_iso(text), lambda few: self._worked_out(few, few)[0], text)

    def _worked_out(self, text: Column, valid: Column) -> tuple[Column, Column]:
        """Return what is certain of each date, in ISO form, and whether that is all that its text says."""
        del valid
        numbers = Numbers.of(groups(text, NUMBERS))
        orders = self._orders(numbers)
        days = in_order(numbers, orders, earliest=self.earliest, latest=self.latest, pivot=self.pivot)
        dates = case(((days.year >= self.earliest) & (days.year <= self.latest), _iso(days, numbers.short)))
        return dates, (dates.str.count_matches("-", literal=True) + 1 == numbers.count).fill_null(value=False)

    def _orders(self, numbers: Numbers[Column]) -> Orders:
        """Return the orders that are given, or else told by the values."""
        if isinstance(self.order, Orders):
            return self.order
        if isinstance(numbers.mark, Single):
            return alone(self.order)
        return told(numbers, self.order, earliest=self.earliest, latest=self.latest)

    def _kept(self, dates: Column) -> Column:
        """Return `dates` with the firsts of January that only say the year cut to that."""
        rule = self.first_of_january
        return dates.str.replace("-01-01$", "") if rule == "year" or (rule is None and _is_spiked(dates)) else dates


def _joined(known: Mapping[str, Column], pivot: int) -> Column:
    """Return year, month and day joined by dashes, as far as they are known; a year has two or four digits."""
    year = _four_digits(known["year"], pivot)
    if "month" not in known:
        return year
    behind = "-" + known["month"].str.zfill(2)
    if "day" in known:
        behind = behind + ("-" + known["day"].str.zfill(2)).fill_null("")
    return year + behind.fill_null("")


def _four_digits(year: Column, pivot: int) -> Column:
    """Return years of two digits in four, of four as they are, others null."""
    long = pivoted(year.cast(pl.Int32, strict=False), pivot).cast(pl.String)
    return case((year.str.len_bytes() == 2, long), (year.str.len_bytes() == 4, year))


def _with_numbered_months(text: Column, pivot: int) -> Column:
    """Return `text` with every date that names its month written as year, month and day in numbers."""
    return where(text.str.contains(NAME), partial(_numbered_months, pivot), text)


def _numbered_months(pivot: int, text: Column) -> Column:
    """Return dates that name their month as year, month and day in numbers.

    The year is the number of four digits, else one above 31, else the second of two.
    """
    words = text.str.replace_all(FILLER, " ").str.replace_all(ORDINAL, "$1")
    month = recoded(words.str.extract(FIRST_NAME, 1), MONTHS, others=False)
    beside = groups(words.str.replace(NAME, " "), BESIDE_NAME)
    first, second = beside["first"], beside["second"]
    large = first.cast(pl.Int64, strict=False) > 31
    leads = large & (second.is_null() | (second.str.len_bytes() < 4))
    year, day = case((leads, first), default=second), case((leads, second), default=first)
    return _four_digits(year, pivot) + "-" + month + ("-" + day).fill_null("")


def _iso(days: Days[Column], short: Column) -> Column:
    """Return what is certain of dates in ISO form; of those with a `short` year all or nothing."""
    year, month, day = days.year, days.month, days.day
    to_year = year.cast(pl.String).str.zfill(4)
    to_month = to_year + "-" + month.cast(pl.String).str.zfill(2)
    whole = is_date(year, month, day)
    dates = case((whole, to_month + "-" + day.cast(pl.String).str.zfill(2)), (short, None), default=to_year)
    no_day = day.is_null() | (day == 0) | ((day > 31) & ~days.compact)
    return case(((month >= 1) & (month <= 12) & no_day & ~short, to_month), default=dates)


def _is_spiked(dates: pl.Series | Single) -> bool:
    """Tell whether firsts of January are more than can be among the distinct whole dates."""
    if isinstance(dates, Single):
        return False
    whole = dates.filter(dates.str.len_bytes() == WHOLE).unique()
    share = whole.str.ends_with("-01-01").mean()
    return len(whole) > SPIKE_LEAST and isinstance(share, float) and share > SPIKE
