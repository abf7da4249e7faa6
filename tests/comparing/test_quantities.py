"""Closeness of dates and numbers, against plain definitions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import pytest
from comparator_cases import date_grade
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.comparing import Agreement, NearDate, NearNumber, number
from identigraph.comparing.quantities import date_parts
from identigraph.encoding import encode
from identigraph.errors import RangeError
from identigraph.fields import Number

DATES = st.builds(
    lambda year, month, day, known: f"{year}-{month:02}-{day:02}"[: {1: 4, 2: 7, 3: 10}[known]],
    st.integers(1989, 1992),
    st.integers(1, 12),
    st.integers(1, 12),
    st.sampled_from([1, 2, 3, 3, 3]),
)
NUMBERS = st.one_of(st.integers(-20, 20).map(str), st.sampled_from(["0.3", "0.4", "1.1", "1.2", "1000", "1010"]))


@given(st.lists(DATES, min_size=1, max_size=6))
def test_dates_are_graded_by_the_plain_definition(all_levels, values) -> None:
    grades = all_levels(NearDate("d"), {"d": values})
    for i, one in enumerate(values):
        for j, other in enumerate(values):
            if one != other:
                assert grades[i][j] == date_grade(one, other)


@pytest.mark.parametrize(
    ("one", "other", "grade"),
    [
        ("1990-03-15", "1990-03-16", 5),
        ("1990-03-15", "1991-03-15", 5),
        ("1990-03-15", "2000-03-15", 5),
        ("1999-03-15", "2000-03-15", 5),
        ("1990-03-19", "1990-03-20", 5),
        ("1978-03-15", "1987-03-15", 5),
        ("1990-03-12", "1990-03-21", 5),
        ("1978-03-15", "7987-03-15", 3),
        ("1990-03-12", "1990-12-03", 7),
        ("1990-03-15", "1990-03-28", 3),
        ("1990-03-15", "1990-04-14", 2),
        ("1990-03-15", "1990-04-17", 0),
        ("1990-03-15", "2000-04-14", 2),
        ("1990-03-15", "1992-04-14", 0),
        ("1990-12-20", "1991-01-05", 2),
        ("1990-12-20", "1992-01-05", 0),
        ("1990-03-15", "1990", 4),
        ("1990-03-15", "1990-03", 6),
        ("1990", "1990-03", 4),
        ("1990-03-15", "1990-04", 1),
        ("1990", "1992", 1),
        ("1990", "1993-01-01", 0),
        ("1990", "not a date", 0),
        ("not a date", "neither", 0),
        ("1990-03-15", None, 0),
    ],
)
def test_a_pair_of_dates_has_its_grade_either_way(all_levels, one, other, grade) -> None:
    grades = all_levels(NearDate("d"), {"d": [one, other]})
    assert grades[0][1] == grades[1][0] == grade


def test_dates_of_plain_columns_are_read_though_their_hyphens_are_gone() -> None:
    records = Records.of({"d": ["1990-03-15", "1990-03-16"]})
    assert NearDate("d").grades(records, np.array([0]), np.array([1])).tolist() == [5]


@given(st.lists(DATES, min_size=1, unique=True))
def test_parts_of_dates_are_their_numbers(values) -> None:
    parts = date_parts(encode(pl.Series(values))).tolist()
    assert parts == [[*map(int, value.split("-")), 0, 0][:3] for value in sorted(values)]


@given(
    st.lists(NUMBERS, min_size=1, max_size=6),
    st.lists(st.sampled_from([0.0, 0.01, 0.1, 0.5, 1.0]), max_size=3),
    st.lists(st.sampled_from([0.1, 1, 5.0, 100]), max_size=2),
)
def test_numbers_are_graded_by_the_closest_limit_that_holds(all_levels, values, relative, absolute) -> None:
    grader = NearNumber("n", relative, absolute)
    grades = all_levels(grader, {"n": values})
    numbers = [Fraction(value) for value in values]
    for i, a in enumerate(numbers):
        for j, b in enumerate(numbers):
            limits = [Fraction(str(share)) * max(abs(a), abs(b)) for share in sorted(relative, reverse=True)]
            limits += [Fraction(str(amount)) for amount in sorted(absolute, reverse=True)]
            held = [grade for grade, limit in enumerate(limits, start=1) if abs(a - b) <= limit]
            assert grades[i][j] == max(held, default=0)
    assert len(grader.labels) == len(relative) + len(absolute)


def test_what_is_no_number_is_near_to_none(all_levels) -> None:
    assert all_levels(NearNumber("n", (1.0,)), {"n": ["a", "b", "1"]})[0] == [0, 0, 0]


def test_labels_go_from_the_widest_to_the_closest() -> None:
    assert NearNumber("n", (0.01, 0.1), (5,)).labels == ("within 0.1 of it", "within 0.01 of it", "within 5")
    assert len(NearDate("d").labels) == 7


# ---- raw similarities


def similarity_of(grader: Any, one: str | None, other: str | None) -> float | None:
    """Return the similarity of two values of a plain column."""
    records = Records.of({"v": [one, other]})
    found = [grader.similarity(records, np.array([i]), np.array([1 - i]))[0] for i in (0, 1)]
    assert found == pytest.approx(found[::-1], nan_ok=True)
    return None if math.isnan(found[0]) else float(found[0])


@pytest.mark.parametrize(
    ("one", "other", "similarity"),
    [
        ("1990-03-15", "1990-03-15", 1),
        ("1990-03-15", "1990-03-16", 7 / 8),
        ("1990-03-15", "1991-04-16", 5 / 8),
        ("1990-03-12", "1990-12-03", 7 / 8),
        ("1990-03-15", "2001-12-28", 0),
        ("1990-03-15", "1990-03", 6 / 8),
        ("1990-03-15", "1991-03", 5 / 8),
        ("1990-03", "1990-04", 5 / 6),
        ("1990-03-15", "1990", 4 / 8),
        ("1990", "1998", 3 / 4),
        ("1990", "soon", 0),
        ("soon", "later", 0),
        ("1990-03-15", None, None),
    ],
)
def test_similarity_of_dates_is_the_share_of_equal_digits(one, other, similarity) -> None:
    assert similarity_of(NearDate("v"), one, other) == (similarity if similarity is None else pytest.approx(similarity))


@pytest.mark.parametrize(
    ("one", "other", "similarity"),
    [
        ("100", "95", 0.95),
        ("0", "0.0", 1),
        ("0", "5", 0),
        ("-5", "5", 0),
        ("-4", "-5", 0.8),
        ("1e3", "1000", 1),
        ("5", None, None),
    ],
)
def test_similarity_of_numbers_is_one_less_the_share_between_them(one, other, similarity) -> None:
    found = similarity_of(NearNumber("v", (0.1,)), one, other)
    assert found == (similarity if similarity is None else pytest.approx(similarity))


@pytest.mark.parametrize("odd", ["inf", "-inf", "nan", "many", "1" * 400])
def test_what_is_no_finite_number_has_no_similarity_and_differs(odd) -> None:
    for other in ("5", "infinity", "-infinity", "more"):
        assert number("v").compare({"v": odd}, {"v": other}, fields={}) == Agreement(0, "differs", 0.0)
        assert similarity_of(NearNumber("v", (0.1,)), odd, other) is None


def test_fields_are_read_as_normalized_and_plain_columns_as_given() -> None:
    prices = ["$ 1,648.72", "1648"]
    plain, field = (Records.of({"v": prices}, fields=fields) for fields in ({}, {"v": Number()}))
    pair = np.array([0]), np.array([1])
    assert NearNumber("v", (0.01,)).grades(plain, *pair).tolist() == [0]
    assert NearNumber("v", (0.01,)).grades(field, *pair).tolist() == [1]
    given = Records.of({"v": ["12.5", "12.6"]})
    assert NearNumber("v", (0.01,)).grades(given, *pair).tolist() == [1]


@pytest.mark.parametrize("wrong", [-1, math.inf, math.nan])
def test_amounts_are_finite_and_not_below_0(wrong) -> None:
    with pytest.raises(RangeError, match="absolute must lie between 0 and "):
        NearNumber("v", absolute=(1, wrong))
    assert NearNumber("v", absolute=(0,)).labels == ("within 0",)
