"""In which order dates write year, month and day, and what their numbers mean by it.

What one value leaves open, its source decides: the values with the same mark between their numbers. What they say are
the `Orders` of that source; given these, each date is read for itself.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Generic, Literal, TypeAlias

import attrs
import polars as pl

from identigraph.text.columns import Column, among, case, largest, lengths

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
class Numbers(Generic[Column]):
    """Up to three integers of each date, how many digits each has, and the mark between them.

    A date is `short` where the year is one of three numbers and has two digits.
    """

    a: Column
    b: Column
    c: Column
    a_digits: Column
    b_digits: Column
    c_digits: Column
    mark: Column
    short: Column

    @classmethod
    def of(cls, texts: Mapping[str, Column]) -> Numbers[Column]:
        """Return the numbers in texts `a`, `b` and `c`, with a `mark` between them."""
        a, b, c = (texts[name].cast(pl.Int32, strict=False) for name in "abc")
        a_digits, b_digits, c_digits = lengths(*(texts[name] for name in "abc"))
        mark = case((b_digits == 0, NO_MARK), (texts["mark"] == "", BLANK_MARK), default=texts["mark"])
        short = (largest(a_digits, b_digits, c_digits) == 2) & ((c_digits == 2) | (a > 31))
        return Numbers(a, b, c, a_digits, b_digits, c_digits, mark, short)

    @property
    def eight_digits(self) -> Column:
        """Whether a date is eight digits run together."""
        return (self.a_digits == 8) & (self.b_digits == 0)

    @property
    def count(self) -> Column:
        """How many numbers there are, of eight digits run together three."""
        three = (self.c_digits > 0) | self.eight_digits
        return case((three, 3), (self.b_digits > 0, 2), (self.a_digits > 0, 1), default=0)


@attrs.frozen(eq=False)
class Days(Generic[Column]):
    """Dates in integers, right or wrong, null where there is no such number.

    Of some, the year `ends` three numbers; those flagged `compact` are eight digits run together.
    """

    year: Column
    month: Column
    day: Column
    ends: Column
    compact: Column


def told(numbers: Numbers[pl.Series], asked: Order | None, *, earliest: int, latest: int) -> Orders:
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
    orders = attrs.evolve(alone(asked), compact=_told_compact(numbers, asked, earliest, latest))
    mark, short, a, b, c = numbers.mark, numbers.short, numbers.a, numbers.b, numbers.c
    if asked is None:
        orders = attrs.evolve(orders, year_first=_majority(mark, short & (a > 31), short & (c > 31)))
    ends = _ends(numbers, _leads(numbers, orders))
    if asked not in {"DMY", "MDY"}:
        month_leads, day_leads = ends & _swapped(month=b, day=a), ends & _swapped(month=a, day=b)
        orders = attrs.evolve(orders, month_first=_majority(mark, month_leads, day_leads))
    days = _as_written(numbers, orders, earliest=earliest, latest=latest, pivot=0)
    swapped = _swapped(month=days.month, day=days.day)
    slip = (days.month > 31) | ((days.month >= 13) & (days.day > 12))
    before, behind = (_majority(mark, slip & side, swapped & side, or_even=True) for side in (ends, ~ends))
    return attrs.evolve(orders, slips=before, slips_behind_year=behind)


def alone(asked: Order | None) -> Orders:
    """Return the orders of a date without any others of its source.

    Examples:
        >>> alone("DMY").compact
        ('DMY', 'YMD')
    """
    return Orders(_tried(asked), *RULED.get(asked, ("", "")))


def in_order(numbers: Numbers[Column], orders: Orders, *, earliest: int, latest: int, pivot: int) -> Days[Column]:
    """Return the dates that numbers are, those days put back in their place that stand in that of the month.

    Args:
        numbers: the numbers of dates.
        orders: in which order they stand.
        earliest: the first year that can be.
        latest: the last year that can be.
        pivot: the last year of two digits that is 20xx.
    """
    days = _as_written(numbers, orders, earliest=earliest, latest=latest, pivot=pivot)
    month, day = days.month, days.day
    swapped = _swapped(month=month, day=day)
    if not swapped.any():
        return days
    slips = case((days.ends, among(numbers.mark, orders.slips)), default=among(numbers.mark, orders.slips_behind_year))
    swap = swapped & ~slips
    return attrs.evolve(days, month=case((swap, day), default=month), day=case((swap, month), default=day))


def pivoted(year: Column, pivot: int) -> Column:
    """Return the numbers of years given by their last two digits.

    Examples:
        >>> pivoted(pl.Series([29, 30]), 29).to_list()
        [2029, 1930]
    """
    return year + case((year <= pivot, 2000), default=1900)


def is_date(year: Column, month: Column, day: Column) -> Column:
    """Tell whether there is such a day in the Gregorian calendar.

    Examples:
        >>> is_date(pl.Series([2024, 2023]), pl.Series([2, 2]), pl.Series([29, 29])).to_list()
        [True, False]
    """
    days = case((month == 2, 28), default=31 - (month - 1) % 7 % 2)
    found = (month >= 1) & (month <= 12) & (day >= 1) & (day <= days)
    leap_day = (month == 2) & (day == 29)
    if leap_day.any():
        found = found | (leap_day & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)))
    return found


def _leads(numbers: Numbers[Column], orders: Orders) -> Column:
    """Tell whether a year of two digits comes first."""
    return numbers.short & ((numbers.a > 31) | (among(numbers.mark, orders.year_first) & ~(numbers.c > 31)))


def _ends(numbers: Numbers[Column], leads: Column) -> Column:
    """Tell whether a year of two or four digits is the last of three numbers."""
    long = (numbers.c_digits == 4) & (numbers.a_digits < 4) & (numbers.b_digits < 4)
    return long | (numbers.short & ~leads)


def _as_written(numbers: Numbers[Column], orders: Orders, *, earliest: int, latest: int, pivot: int) -> Days[Column]:
    """Return the dates that numbers are, in their places."""
    a, b, c = numbers.a, numbers.b, numbers.c
    leads = _leads(numbers, orders)
    ends = _ends(numbers, leads)
    month_leads = ends & among(numbers.mark, orders.month_first)
    two = (numbers.c_digits == 0) & (numbers.b_digits > 0) & (numbers.a_digits < 3)
    month, day = case((month_leads | two, a), default=b), case((month_leads, b), (ends, a), default=c)
    four = (numbers.a_digits == 4) & (numbers.b_digits < 4) & (numbers.c_digits < 4)
    year = case((ends, c), (four, a), (two & (numbers.b_digits == 4), b))
    short = case((leads, a), (numbers.short, c), (two & (numbers.b_digits == 2) & (b > 31), b))
    year = case((short.is_null(), year), default=pivoted(short, pivot))
    days = Days(year, month, day, ends, numbers.eight_digits)
    return _cut(numbers.a, days, orders.compact, earliest, latest) if days.compact.any() else days


def _cut(a: Column, days: Days[Column], tried: Sequence[Order], earliest: int, latest: int) -> Days[Column]:
    """Return dates with eight digits run together cut in the first order tried in which they are a date.

    Those that are dates in none of these, but in another order, stay as they are.
    """
    cuts = _compact_dates(a)
    dates = {order: days.compact & is_date(*cut) & _between(cut[0], earliest, latest) for order, cut in cuts.items()}
    hits = [(dates[order], cuts[order]) for order in tried]
    compact = days.compact & (reduce(or_, (hit for hit, _ in hits)) | ~reduce(or_, dates.values()))
    hits.append((compact, cuts[tried[0]]))
    year, month, day = (
        case(*((hit, cut[place]) for hit, cut in hits), default=part)
        for place, part in enumerate((days.year, days.month, days.day))
    )
    return Days(year, month, day, days.ends, compact)


def _compact_dates(eight: Column) -> dict[Order, tuple[Column, Column, Column]]:
    """Return year, month and day of eight digits run together, by order."""
    left, right = eight // 10_000, eight % 10_000
    return {
        "YMD": (left, right // 100, right % 100),
        "DMY": (right, left % 100, left // 100),
        "MDY": (right, left // 100, left % 100),
    }


def _tried(asked: Order | None) -> tuple[Order, ...]:
    """Return the orders that eight digits run together may have."""
    return tuple(dict.fromkeys((asked, *COMPACT[:1]))) if asked else COMPACT


def _told_compact(numbers: Numbers[pl.Series], asked: Order | None, earliest: int, latest: int) -> tuple[Order, ...]:
    """Return the order in which most eight digits run together are dates; where there are none, all orders to try."""
    tried = _tried(asked)
    eight = numbers.a.filter(numbers.eight_digits)
    if eight.is_empty():
        return tried
    cuts = _compact_dates(eight)
    dates = {order: (is_date(*cuts[order]) & _between(cuts[order][0], earliest, latest)).sum() for order in tried}
    return (max(tried, key=dates.__getitem__),)


def _majority(mark: pl.Series, yes: pl.Series, no: pl.Series, *, or_even: bool = False) -> str:
    """Return the marks with which more values say `yes` than `no`, or at least as many."""
    ours, theirs = (Counter(mark.filter(votes).to_list()) for votes in (yes, no))
    return "".join(sorted(each for each, count in ours.items() if count + or_even > theirs[each]))


def _swapped(*, month: Column, day: Column) -> Column:
    """Tell whether `month` can only be a day, and `day` can be a month."""
    return _between(month, 13, 31) & _between(day, 1, 12)


def _between(number: Column, low: int, high: int) -> Column:
    return (number >= low) & (number <= high)
