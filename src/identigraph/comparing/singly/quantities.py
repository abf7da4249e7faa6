"""Dates and numbers on two rows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from identigraph.comparing.places import ROUNDING as ROUNDING_OF_PLACES
from identigraph.comparing.places import NearPlace, haversine
from identigraph.comparing.quantities import (
    DATE,
    MONTH_DAYS,
    NEAR_DAYS,
    NEAR_YEARS,
    PARTS_EQUAL,
    ROUNDING,
    NearDate,
    NearNumber,
    numbers_in,
)
from identigraph.comparing.singly.plan import Given, Grade, Plan, Row, Way, kept
from identigraph.encoding import encode
from identigraph.fields.derived import Feature
from identigraph.records.quantities import is_given
from identigraph.text.single import compiled

DECIMAL = re.compile("-?[0-9]{1,15}(?:[.][0-9]{1,15})?")
"""Numbers that are read without a doubt."""
Parts = tuple[int, int, int]
"""Year, month and day, 0 where unknown."""


def near_date(grader: NearDate, plan: Plan) -> Grade:
    """Return the grade of the dates of two rows."""
    place, parts = plan.place(grader.feature), plan.once(("dates",), lambda: kept(_parts))

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        return 0 if one is None or other is None else _date_grade(parts(one), parts(other))

    return grade


def _parts(date: str) -> Parts:
    found = compiled(DATE).match(date)
    return (int(found[1]), int(found[2] or 0), int(found[3] or 0)) if found else (0, 0, 0)


def _date_grade(one: Parts, other: Parts) -> int:
    if one[2] > 0 and other[2] > 0:
        return _full_grade(one, other)
    if not (one[0] > 0 and other[0] > 0):
        return 0
    if one[0] != other[0]:
        return 1 if abs(one[0] - other[0]) <= NEAR_YEARS else 0
    if one[1] > 0 and other[1] > 0:
        return 6 if one[1] == other[1] else 1
    return 4


def _full_grade(one: Parts, other: Parts) -> int:
    """Return the grade of two dates whose days are known."""
    (year, month, day), (other_year, other_month, other_day) = one, other
    if year == other_year and month == other_day and day == other_month:
        return 7
    if (year == other_year) + (month == other_month) + (day == other_day) == PARTS_EQUAL:
        slips = (_one_slip(a, b) for a, b in zip(one, other, strict=True) if a != b)
        return 5 if any(slips) or abs(year - other_year) == 10 else 3
    years, days = year - other_year, (month - other_month) * MONTH_DAYS + day - other_day
    if years in (-10, -1, 0, 1, 10) and abs(days) <= NEAR_DAYS:
        return 2
    turned = 12 * MONTH_DAYS + (days if years > 0 else -days)
    return 2 if abs(years) == 1 and abs(turned) <= NEAR_DAYS else 0


def _one_slip(one: int, other: int) -> bool:
    """Tell of two parts of dates whether they are one more or less, differ in a digit, or in the order of the last."""
    if abs(one - other) == 1:
        return True
    digits = [(one // power % 10, other // power % 10) for power in (1, 10, 100, 1000)]
    if sum(a != b for a, b in digits) == 1:
        return True
    (last, other_last), (before, other_before) = digits[:2]
    return last == other_before and before == other_last and one // 100 == other // 100


def near_number(grader: NearNumber, plan: Plan) -> Grade:
    """Return the number of the closest limit that holds."""
    place, limits = _place(grader.feature, plan), _limits(grader)
    number = plan.once(("numbers",), lambda: kept(_number))

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        return 0 if one is None or other is None else limits(number(one), number(other))

    return grade


def near_place(measure: NearPlace, plan: Plan) -> Grade:
    """Return how many of the distances two places keep within, -1 where a place is missing."""
    number = plan.once(("numbers",), lambda: kept(_number))
    places = [(_place(name, plan), most) for name, most in ((measure.latitude, 90), (measure.longitude, 180))]
    limits = [kilometers * (1 + ROUNDING_OF_PLACES) for kilometers in measure.kilometers]

    def level(left: Row, right: Row) -> int:
        texts = [(row[place], most) for row in (left, right) for place, most in places]
        degrees = [np.array([number(text)]) for text, most in texts if text is not None and abs(number(text)) <= most]
        if len(degrees) < len(texts):
            return -1
        return len(limits) - bisect_left(limits, float(haversine(*degrees)[0]))

    return level


def _place(feature: Feature, plan: Plan) -> int:
    """Return where a feature stands, a plain column being read as it is given."""
    given = isinstance(feature, str) and is_given(plan.records, feature)
    return plan.place(Given(str(feature)) if given else feature)


def _number(text: str) -> float:
    if DECIMAL.fullmatch(text):
        return float(text)
    return float(numbers_in(encode(pl.Series([text])))[0])


def _limits(grader: NearNumber) -> Callable[[float, float], int]:
    """Return what tells the closest limit that two numbers are within."""
    shares = [(grade, share) for grade, share in enumerate(reversed(grader.relative), start=1)]
    amounts = [(grade, amount) for grade, amount in enumerate(reversed(grader.absolute), start=len(shares) + 1)]

    def closest(one: float, other: float) -> int:
        larger = max(abs(one), abs(other))
        apart = abs(one - other) - ROUNDING * larger
        for grade, amount in reversed(amounts):
            if apart <= amount:
                return grade
        return next((grade for grade, share in reversed(shares) if apart <= share * larger), 0)

    return closest


QUANTITIES: Mapping[type, Way] = {NearDate: near_date, NearNumber: near_number}
