"""In which order dates write year, month and day, and what their numbers mean by it.

What one value leaves open, its source decides: the values with the same mark between their numbers. What they say are
the `Orders` of that source; given these, each date is read for itself.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Literal, TypeAlias

import attrs
import polars as pl

from identigraph.text.columns import among, case, largest, lengths

Order: TypeAlias = Literal["DMY", "MDY", "YMD"]

COMPACT: tuple[Order, ...] = ("YMD", "DMY", "MDY")
"""The orders of eight digits run together; where as many are dates in one as in another, the first."""
BLANK_MARK, NO_MARK = " ", "8"
"""The marks of numbers with nothing but blanks between them, and of digits run together."""
MARKS = string.punctuation + BLANK_MARK + NO_MARK
RULED: dict[Order | None, tuple[str, str]] = {"YMD": (MARKS, ""), "MDY": ("", MARKS)}
"""With which marks the year of two digits, and the month before a year, come first where the order is given."""


@attrs.frozen
class Orders:
    """In which order a source writes year, month and day, as far as single dates leave it open.

    It is told by mark, the character between the numbers of a date: a blank where nothing else stands there, ``8`` for
    eight digits run together. With marks that are not named the day comes before the month, a year of two digits last,
    and a number from 13 to 31 in the place of the month is a day.

    Args:
        compact: the orders to try on eight digits run together, in turn.
        year_first: marks with which a year of two digits comes first.
        month_first: marks with which the month comes before the day, where the year comes last.
        slips: marks with which a number from 13 to 31 in the place of the month is a slip of the pen, where the year
            comes last.
        slips_behind_year: the same, where the year comes first.
    """

    compact: tuple[Order, ...] = COMPACT
    year_first: str = ""
    month_first: str = ""
    slips: str = ""
    slips_behind_year: str = ""


@attrs.frozen(eq=False)
class Numbers:
    """Up to three integers of each date, how many digits each has, and the mark between them.

    A date is `short` where the year is one of three numbers and has two digits.
    """

    a: pl.Series
    b: pl.Series
    c: pl.Series
    a_digits: pl.Series
    b_digits: pl.Series
    c_digits: pl.Series
    mark: pl.Series
    short: pl.Series

    @classmethod
    def of(cls, texts: Mapping[str, pl.Series]) -> Numbers:
        """Return the numbers in texts `a`, `b` and `c`, with a `mark` between them."""
        a, b, c = (texts[name].cast(pl.Int32, strict=False) for name in "abc")
        a_digits, b_digits, c_digits = lengths(*(texts[name] for name in "abc"))
        mark = case((b_digits == 0, NO_MARK), (texts["mark"] == "", BLANK_MARK), default=texts["mark"])
        short = (largest(a_digits, b_digits, c_digits) == 2) & ((c_digits == 2) | (a > 31))
        return cls(a, b, c, a_digits, b_digits, c_digits, mark, short)

    @property
    def count(self) -> pl.Series:
        """How many numbers there are, of eight digits run together three."""
        three = (self.c_digits > 0) | ((self.a_digits == 8) & (self.b_digits == 0))
        return case((three, 3), (self.b_digits > 0, 2), (self.a_digits > 0, 1), default=0)

    def year_leads(self, leads: pl.Series) -> pl.Series:
        """Tell whether a year of two digits comes first, as it does if it `leads` where the numbers leave that open."""
        return self.short & ((self.a > 31) | (leads & ~(self.c > 31)))

    def year_ends(self, leads: pl.Series) -> pl.Series:
        """Tell whether a year of two or four digits is the last of three numbers."""
        long = (self.c_digits == 4) & (largest(self.a_digits, self.b_digits) < 4)
        return long | (self.short & ~self.year_leads(leads))

    def years(self, leads: pl.Series, pivot: int) -> pl.Series:
        """Return the years."""
        two = self._month_and_year
        return case(
            (self.year_leads(leads), pivoted(self.a, pivot)),
            (self.short, pivoted(self.c, pivot)),
            (self.year_ends(leads), self.c),
            ((self.a_digits == 4) & (largest(self.b_digits, self.c_digits) < 4), self.a),
            (two & (self.b_digits == 4), self.b),
            (two & (self.b_digits == 2) & (self.b > 31), pivoted(self.b, pivot)),
        )

    def months_and_days(self, ends: pl.Series, month_first: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Return months and days, by whether the year `ends` the date, and whether the month is first then."""
        leads = ends & month_first
        months = case((leads | self._month_and_year, self.a), default=self.b)
        return months, case((leads, self.b), (ends, self.a), default=self.c)

    @property
    def _month_and_year(self) -> pl.Series:
        """Whether there are two numbers, the first of which is no year."""
        return (self.c_digits == 0) & (self.b_digits > 0) & (self.a_digits < 3)


@attrs.frozen(eq=False)
class Days:
    """Dates in integers, right or wrong, null where there is no such number.

    Those flagged `compact` are eight digits run together.
    """

    year: pl.Series
    month: pl.Series
    day: pl.Series
    compact: pl.Series


def told(numbers: Numbers, asked: Order | None, *, earliest: int, latest: int) -> Orders:
    """Return the orders of a source, told by the majority of its dates.

    Args:
        numbers: the numbers of its distinct values.
        asked: the order where values leave it open, if it is known.
        earliest: the first year that can be.
        latest: the last year that can be.

    Examples:
        >>> texts = {"a": ["12", "15"], "b": ["25", "3"], "c": ["1990", "90"], "mark": ["/", "."]}
        >>> numbers = Numbers.of({name: pl.Series(column) for name, column in texts.items()})
        >>> told(numbers, None, earliest=1000, latest=2100).month_first
        '/'
    """
    orders = Orders(_told_compact(numbers, asked, earliest, latest), *RULED.get(asked, ("", "")))
    mark, short, a, b, c = numbers.mark, numbers.short, numbers.a, numbers.b, numbers.c
    if asked is None:
        orders = attrs.evolve(orders, year_first=_majority(mark, short & (a > 31), short & (c > 31)))
    ends = numbers.year_ends(among(mark, orders.year_first))
    if asked not in {"DMY", "MDY"}:
        month_leads, day_leads = ends & _swapped(month=b, day=a), ends & _swapped(month=a, day=b)
        orders = attrs.evolve(orders, month_first=_majority(mark, month_leads, day_leads))
    days = _as_written(numbers, orders, earliest=earliest, latest=latest, pivot=0)
    swapped = _swapped(month=days.month, day=days.day)
    slip = (days.month > 31) | ((days.month >= 13) & (days.day > 12))
    before, behind = (_majority(mark, slip & side, swapped & side, or_even=True) for side in (ends, ~ends))
    return attrs.evolve(orders, slips=before, slips_behind_year=behind)


def in_order(numbers: Numbers, orders: Orders, *, earliest: int, latest: int, pivot: int) -> Days:
    """Return the dates that numbers are, those days put back in their place that stand in that of the month.

    Args:
        numbers: the numbers of dates.
        orders: in which order they stand.
        earliest: the first year that can be.
        latest: the last year that can be.
        pivot: the last year of two digits that is 20xx.
    """
    written = _as_written(numbers, orders, earliest=earliest, latest=latest, pivot=pivot)
    ends = numbers.year_ends(among(numbers.mark, orders.year_first))
    slips = case((ends, among(numbers.mark, orders.slips)), default=among(numbers.mark, orders.slips_behind_year))
    month, day = written.month, written.day
    swap = _swapped(month=month, day=day) & ~slips
    return attrs.evolve(written, month=case((swap, day), default=month), day=case((swap, month), default=day))


def pivoted(year: pl.Series, pivot: int) -> pl.Series:
    """Return the numbers of years given by their last two digits.

    Examples:
        >>> pivoted(pl.Series([29, 30]), 29).to_list()
        [2029, 1930]
    """
    return year + case((year <= pivot, 2000), default=1900)


def is_date(year: pl.Series, month: pl.Series, day: pl.Series) -> pl.Series:
    """Tell whether there is such a day in the Gregorian calendar.

    Examples:
        >>> is_date(pl.Series([2024, 2023]), pl.Series([2, 2]), pl.Series([29, 29])).to_list()
        [True, False]
    """
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = case(((month == 2) & leap, 29), (month == 2, 28), default=31 - (month - 1) % 7 % 2)
    return (month >= 1) & (month <= 12) & (day >= 1) & (day <= days)


def _as_written(numbers: Numbers, orders: Orders, *, earliest: int, latest: int, pivot: int) -> Days:
    """Return the dates that numbers are, in their places."""
    leads = among(numbers.mark, orders.year_first)
    month, day = numbers.months_and_days(numbers.year_ends(leads), among(numbers.mark, orders.month_first))
    year, eight = numbers.years(leads, pivot), _eight_digits(numbers)
    if not eight.any():
        return Days(year, month, day, eight)
    cuts = _compact_dates(numbers.a)
    dates = {order: eight & is_date(*cut) & _between(cut[0], earliest, latest) for order, cut in cuts.items()}
    tried = [(dates[order], cuts[order]) for order in orders.compact]
    compact = eight & (reduce(or_, (hit for hit, _ in tried)) | ~reduce(or_, dates.values()))
    tried.append((compact, cuts[orders.compact[0]]))
    year, month, day = (
        case(*((hit, cut[place]) for hit, cut in tried), default=part) for place, part in enumerate((year, month, day))
    )
    return Days(year, month, day, compact)


def _told_compact(numbers: Numbers, asked: Order | None, earliest: int, latest: int) -> tuple[Order, ...]:
    """Return the order in which most eight digits run together are dates; where there are none, all orders to try."""
    tried: tuple[Order, ...] = tuple(dict.fromkeys((asked, *COMPACT[:1]))) if asked else COMPACT
    eight = numbers.a.filter(_eight_digits(numbers))
    if eight.is_empty():
        return tried
    cuts = _compact_dates(eight)
    dates = {order: (is_date(*cuts[order]) & _between(cuts[order][0], earliest, latest)).sum() for order in tried}
    return (max(tried, key=dates.__getitem__),)


def _eight_digits(numbers: Numbers) -> pl.Series:
    """Tell which dates are eight digits run together."""
    return (numbers.a_digits == 8) & (numbers.b_digits == 0)


def _compact_dates(eight: pl.Series) -> dict[Order, tuple[pl.Series, pl.Series, pl.Series]]:
    """Return year, month and day of eight digits run together, by order."""
    left, right = eight // 10_000, eight % 10_000
    return {
        "YMD": (left, right // 100, right % 100),
        "DMY": (right, left % 100, left // 100),
        "MDY": (right, left // 100, left % 100),
    }


def _majority(mark: pl.Series, yes: pl.Series, no: pl.Series, *, or_even: bool = False) -> str:
    """Return the marks with which more values say `yes` than `no`, or at least as many."""
    ours, theirs = (Counter(mark.filter(votes).to_list()) for votes in (yes, no))
    return "".join(sorted(each for each, count in ours.items() if count + or_even > theirs[each]))


def _swapped(*, month: pl.Series, day: pl.Series) -> pl.Series:
    """Tell whether `month` can only be a day, and `day` can be a month."""
    return _between(month, 13, 31) & _between(day, 1, 12)


def _between(number: pl.Series, low: int, high: int) -> pl.Series:
    return (number >= low) & (number <= high)
