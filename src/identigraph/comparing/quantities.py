"""Closeness of dates and numbers."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, grade_present
from identigraph.comparing.cutoffs import ascending, check_shares
from identigraph.encoding import Encoded
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Rows
from identigraph.records import Records

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

NEAR_YEARS = 2
PARTS_EQUAL = 2
ROUNDING = 1e-12
"""Numbers whose difference is a limit are within it, though 0.4 - 0.3 is above 0.1; as a share of the larger."""


@attrs.frozen
class NearDate:
    """Two dates that differ as dates of one person differ.

    Grades, rising: partial dates within two years; partial dates of one year; full dates with two of three parts equal;
    full dates with one digit wrong or with day and month swapped.

    Args:
        feature: a date feature: ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; other values are like none.
    """

    feature: Feature

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """What the grades say."""
        return ("near year, partial", "same year, partial", "two parts equal", "one digit or swapped")

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the grade of each pair."""
        column = records.column(self.feature)
        parts = records.remember(("dates", self.feature), lambda: date_parts(column))
        return grade_present(column, left, right, lambda a, b: _date_grades(parts[a], parts[b]))


def _date_grades(a: Ints, b: Ints) -> Grades:
    years = (a[:, 0] > 0) & (b[:, 0] > 0)
    full = (a[:, 2] > 0) & (b[:, 2] > 0)
    partial = years & ~full
    apart = np.abs(a[:, 0] - b[:, 0])
    month_clash = (a[:, 1] != b[:, 1]) & (a[:, 1] > 0) & (b[:, 1] > 0)
    grades = np.where(partial & (apart <= NEAR_YEARS), np.int8(1), np.int8(0))
    grades[partial & (apart == 0) & ~month_clash] = 2
    grades[full & ((a == b).sum(axis=1) == PARTS_EQUAL)] = 3
    grades[full & (_one_digit(a, b) | _swapped(a, b))] = 4
    return grades


def date_parts(column: Encoded) -> Ints:
    """Return year, month and day of each distinct date, 0 where unknown; shape (values, 3).

    Spaces may stand for hyphens, as in plain columns.

    Examples:
        >>> from identigraph.encoding import encode
        >>> date_parts(encode(pl.Series(["1990-03-15", "1990"]))).tolist()
        [[1990, 0, 0], [1990, 3, 15]]
    """
    parts = column.values.str.extract_groups(r"^(\d{1,4})(?:[- ](\d\d))?(?:[- ](\d\d))?$").struct.unnest()
    return parts.select(pl.all().cast(pl.Int32).fill_null(0)).to_numpy()


def _one_digit(a: Ints, b: Ints) -> Mask:
    """Tell where exactly one of the eight digits of two dates differs."""
    wrong = np.zeros(len(a), dtype=np.int8)
    for part, places in ((0, 4), (1, 2), (2, 2)):
        for place in range(places):
            power = 10**place
            wrong += (a[:, part] // power % 10) != (b[:, part] // power % 10)
    one: Mask = wrong == 1
    return one


def _swapped(a: Ints, b: Ints) -> Mask:
    swapped: Mask = (a[:, 0] == b[:, 0]) & (a[:, 1] == b[:, 2]) & (a[:, 2] == b[:, 1])
    return swapped


@attrs.frozen
class NearNumber:
    """Two numbers whose difference is at most a share of the larger, or at most an absolute amount.

    Args:
        feature: a number feature: canonical decimal strings.
        relative: shares of the larger absolute value, each 0 to 1.
        absolute: amounts; with several of either kind, each is a grade, the closest the highest.
    """

    feature: Feature
    relative: tuple[float, ...] = attrs.field(default=(), converter=ascending, validator=check_shares)
    absolute: tuple[float, ...] = attrs.field(default=(), converter=ascending)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """One per limit, the widest first."""
        shares = [f"within {share:.2g} of it" for share in reversed(self.relative)]
        return (*shares, *(f"within {amount:g}" for amount in reversed(self.absolute)))

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the number of the closest limit that holds."""
        column = records.column(self.feature)
        numbers = records.remember(("numbers", self.feature), lambda: _numbers(column))
        return grade_present(column, left, right, lambda a, b: self._grades(numbers[a], numbers[b]))

    def _grades(self, a: Floats, b: Floats) -> Grades:
        larger = np.maximum(np.abs(a), np.abs(b))
        apart = np.abs(a - b) - ROUNDING * larger
        grades = np.zeros(len(a), dtype=np.int8)
        limits = [share * larger for share in reversed(self.relative)]
        limits += [np.full(len(a), amount) for amount in reversed(self.absolute)]
        for grade, limit in enumerate(limits, start=1):
            grades[apart <= limit] = grade
        return grades


def _numbers(column: Encoded) -> Floats:
    """Return each distinct value as a number, not a number where it is none."""
    return column.values.cast(pl.Float64, strict=False).to_numpy()
