"""Closeness of dates and numbers."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities, grade_present, measure_present
from identigraph.comparing.cutoffs import ascending, check_shares
from identigraph.encoding import Encoded
from identigraph.errors import RangeError
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Rows
from identigraph.records import Records
from identigraph.records.quantities import raw

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

NEAR_YEARS = 2
NEAR_DAYS = 31
MONTH_DAYS = 31
"""Days that a month counts for where dates are near."""
PARTS_EQUAL = 2
DATE = "^([0-9]{1,4})(?:[- ]([0-9]{2}))?(?:[- ]([0-9]{2}))?$"
DIGITS = (4, 2, 2)
"""Digits of year, month and day."""
ROUNDING = 1e-12
"""Numbers whose difference is a limit are within it, though 0.4 - 0.3 is above 0.1; as a share of the larger."""


@attrs.frozen
class NearDate:
    """Two dates that differ as dates of one person differ.

    Grades, rising: partial dates within two years; full dates at most a month apart, but for one or ten years; full
    dates with two of three parts equal; partial dates of one year; full dates with one slip of the pen; partial dates
    of one month; day and month swapped. A slip is one wrong digit, two digits of a part swapped, a part that is one
    more or less, or a year that is ten more or less.

    Args:
        feature: a date feature: ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; other values are like none.
    """

    feature: Feature

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """What the grades say."""
        return (
            "near year, partial",
            "near",
            "two parts equal",
            "same year, partial",
            "one slip",
            "same month, partial",
            "day and month swapped",
        )

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the grade of each pair."""
        column = records.column(self.feature)
        parts = records.remember(("dates", self.feature), lambda: date_parts(column))
        return grade_present(column, left, right, lambda a, b: _date_grades(parts[a], parts[b]))

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return the equal digits of each pair as a share of those of the longer date; NaN where a date is missing.

        So a year alone has at most half of a full date. Day and month swapped count as one digit of eight.
        """
        column = records.column(self.feature)
        parts = records.remember(("dates", self.feature), lambda: date_parts(column))
        return measure_present(column, left, right, lambda a, b: _date_similarity(parts[a], parts[b]))


def _date_grades(a: Ints, b: Ints) -> Grades:
    years = (a[:, 0] > 0) & (b[:, 0] > 0)
    months = (a[:, 1] > 0) & (b[:, 1] > 0)
    full = (a[:, 2] > 0) & (b[:, 2] > 0)
    partial, apart = years & ~full, np.abs(a - b)
    two_parts = full & ((apart == 0).sum(axis=1) == PARTS_EQUAL)
    grades = np.where(partial & (apart[:, 0] <= NEAR_YEARS), np.int8(1), np.int8(0))
    grades[full & _near(a, b)] = 2
    grades[two_parts] = 3
    grades[partial & (apart[:, 0] == 0) & ~(months & (apart[:, 1] > 0))] = 4
    grades[two_parts & _one_slip(a, b)] = 5
    grades[partial & months & (apart[:, 0] == 0) & (apart[:, 1] == 0)] = 6
    grades[full & _swapped(a, b)] = 7
    return grades


def _near(a: Ints, b: Ints) -> Mask:
    """Tell where two dates are at most a month apart, but for a difference of one or ten years."""
    years = np.abs(a[:, 0] - b[:, 0])
    days = (a[:, 1] - b[:, 1]) * MONTH_DAYS + a[:, 2] - b[:, 2]
    turned = np.where(a[:, 0] > b[:, 0], days, -days) + 12 * MONTH_DAYS * (years == 1)
    near: Mask = (np.isin(years, (0, 1, 10)) & (np.abs(days) <= NEAR_DAYS)) | (
        (years == 1) & (np.abs(turned) <= NEAR_DAYS)
    )
    return near


def _one_slip(a: Ints, b: Ints) -> Mask:
    """Tell of dates with two parts equal whether the third differs by one slip."""
    apart = np.abs(a - b)
    last_two = np.stack([a % 10 * 10 + a // 10 % 10, b % 100])
    exchanged = ((last_two[0] == last_two[1]) & (a // 100 == b // 100)).all(axis=1, where=apart > 0)
    slip: Mask = _one_digit(a, b) | (apart.max(axis=1) == 1) | (apart[:, 0] == 10) | exchanged
    return slip


def date_parts(column: Encoded) -> Ints:
    """Return year, month and day of each distinct date, 0 where unknown; shape (values, 3).

    Spaces may stand for hyphens, as in plain columns.

    Examples:
        >>> from identigraph.encoding import encode
        >>> date_parts(encode(pl.Series(["1990-03-15", "1990"]))).tolist()
        [[1990, 0, 0], [1990, 3, 15]]
    """
    parts = column.values.str.extract_groups(DATE).struct.unnest()
    return parts.select(pl.all().cast(pl.Int32).fill_null(0)).to_numpy()


def _date_similarity(a: Ints, b: Ints) -> Floats:
    wrong = np.stack([_wrong_digits(a, b, part) for part in range(3)], axis=1)
    known = (a > 0) & (b > 0)
    digits = (((a > 0) | (b > 0)) * np.array(DIGITS)).sum(axis=1)
    similarity = np.zeros(len(a))
    np.divide((known * (np.array(DIGITS) - wrong)).sum(axis=1), digits, out=similarity, where=digits > 0)
    similarity[known.all(axis=1) & _swapped(a, b)] = 1 - 1 / sum(DIGITS)
    return similarity


def _wrong_digits(a: Ints, b: Ints, part: int) -> npt.NDArray[np.int8]:
    """Return how many digits of a part, year, month or day, differ."""
    wrong = np.zeros(len(a), dtype=np.int8)
    for place in range(DIGITS[part]):
        power = 10**place
        wrong += (a[:, part] // power % 10) != (b[:, part] // power % 10)
    return wrong


def _one_digit(a: Ints, b: Ints) -> Mask:
    """Tell where exactly one of the eight digits of two dates differs."""
    one: Mask = (_wrong_digits(a, b, 0) + _wrong_digits(a, b, 1) + _wrong_digits(a, b, 2)) == 1
    return one


def _swapped(a: Ints, b: Ints) -> Mask:
    swapped: Mask = (a[:, 0] == b[:, 0]) & (a[:, 1] == b[:, 2]) & (a[:, 2] == b[:, 1])
    return swapped


def _check_amounts(instance: object, attribute: attrs.Attribute[tuple[float, ...]], value: tuple[float, ...]) -> None:
    del instance
    for amount in value:
        if not 0 <= amount < np.inf:
            raise RangeError(attribute.name, amount, 0, float("inf"))


@attrs.frozen
class NearNumber:
    """Two numbers whose difference is at most a share of the larger, or at most an absolute amount.

    Args:
        feature: a number feature: canonical decimal strings.
        relative: shares of the larger absolute value, each 0 to 1.
        absolute: amounts from 0 on; with several of either kind, each is a grade, the closest the highest.

    Raises:
        RangeError: a share lies outside 0 to 1, or an amount below 0.
    """

    feature: Feature
    relative: tuple[float, ...] = attrs.field(default=(), converter=ascending, validator=check_shares)
    absolute: tuple[float, ...] = attrs.field(default=(), converter=ascending, validator=_check_amounts)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """One per limit, the widest first."""
        shares = [f"within {share:.2g} of it" for share in reversed(self.relative)]
        return (*shares, *(f"within {amount:g}" for amount in reversed(self.absolute)))

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the number of the closest limit that holds."""
        column, numbers = numbers_of(records, self.feature)
        return grade_present(column, left, right, lambda a, b: self._grades(numbers[a], numbers[b]))

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return ``1 - |a - b| / max(|a|, |b|)`` of each pair, 0 at the least; NaN where a number is missing."""
        column, numbers = numbers_of(records, self.feature)

        def similarity(a: Rows, b: Rows) -> Floats:
            one, other = numbers[a], numbers[b]
            larger = np.maximum(np.abs(one), np.abs(other))
            return np.maximum(1 - np.abs(one - other) / np.where(larger > 0, larger, 1), 0)

        return measure_present(column, left, right, similarity)

    def _grades(self, a: Floats, b: Floats) -> Grades:
        larger = np.maximum(np.abs(a), np.abs(b))
        apart = np.abs(a - b) - ROUNDING * larger
        grades = np.zeros(len(a), dtype=np.int8)
        limits = [share * larger for share in reversed(self.relative)]
        limits += [np.full(len(a), amount) for amount in reversed(self.absolute)]
        for grade, limit in enumerate(limits, start=1):
            grades[apart <= limit] = grade
        return grades


def numbers_of(records: Records, feature: Feature) -> tuple[Encoded, Floats]:
    """Return a feature, and the number that each distinct value is, NaN where it is none.

    Of a plain column the values are read as they were given: as words, ``12.5`` would be two.
    """
    column = raw(records, feature) if isinstance(feature, str) else records.column(feature)
    return column, records.remember(("numbers", feature), lambda: numbers_in(column))


def numbers_in(column: Encoded) -> Floats:
    """Return the number that each distinct value is, NaN where it is none.

    Examples:
        >>> from identigraph.encoding import encode
        >>> numbers_in(encode(pl.Series([" 12.5", "twelve"]))).tolist()
        [12.5, nan]
    """
    read = column.values.str.strip_chars().cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
    return np.where(np.isfinite(read), read, np.nan)
