"""Ages beside birth dates are one field with these, where they fit."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

import identigraph as ig
from identigraph.comparing.defaults import field_comparators
from identigraph.fields import Category, Date, Number
from identigraph.records.infer import infer_fields

BORN = [f"{1940 + i % 60}-0{1 + i % 9}-{10 + i % 15}" for i in range(200)]
AGE = [str(2020 - int(born[:4])) for born in BORN]


def inferred(**columns: list[Any]) -> dict[str, Any]:
    """Return the fields of a table of texts."""
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return infer_fields(table).fields


@pytest.mark.parametrize("word", ["age", "Alter", "customer_age", "EDAD"])
def test_ages_that_fit_birth_dates_are_a_part_of_these(word: str) -> None:
    assert inferred(**{"birth_date": BORN, word: AGE}) == {"birth_date": Date("birth_date", age=word, as_of=2020)}


def test_the_year_is_told_by_most_of_the_rows_that_have_both() -> None:
    """Some ages are wrong by far, many are missing, some are of the year before."""
    ages = [None if i % 3 else "99" if i % 10 == 0 else str(int(age) - i % 2) for i, age in enumerate(AGE)]
    assert inferred(birth_date=BORN, age=ages)["birth_date"].as_of in {2019, 2020}


@pytest.mark.parametrize(
    "columns",
    [
        {"birth_date": BORN, "age": AGE[::-1]},
        {"birth_date": BORN, "age": [age if i < 29 else None for i, age in enumerate(AGE)]},
        {"birth_date": BORN, "age": [str(int(age) + i % 2 * 4) for i, age in enumerate(AGE)]},
        {"birth_date": BORN, "visits": AGE},
        {"birth_date": BORN, "age": AGE, "mothers_age": [str(int(age) + 30) for age in AGE]},
    ],
    ids=["do not fit", "are few", "are of two years", "are called otherwise", "are two"],
)
def test_other_numbers_stay_numbers(columns: dict[str, list[Any]]) -> None:
    fields = inferred(**columns)
    assert fields["birth_date"] == Date("birth_date")
    assert all(isinstance(kind, Number | Category) for name, kind in fields.items() if name != "birth_date")


def test_without_birth_dates_ages_stay_numbers() -> None:
    assert isinstance(inferred(age=AGE)["age"], Number)


def test_years_of_birth_are_birth_dates_too() -> None:
    fields = inferred(birth_year=[born[:4] for born in BORN], birth_month=[born[5:7] for born in BORN], age=AGE)
    assert fields == {"birth_date": Date(year="birth_year", month="birth_month", age="age", as_of=2020)}


def test_an_age_is_compared_with_a_birth_date() -> None:
    """Of the last two records one has a date only, the other an age only."""
    table = {"birth_date": [*BORN, "1950-03-12", None], "age": [*AGE, None, "70"]}
    records = ig.Records.of(table).with_fields(inferred(**table))
    (comparator, *_) = field_comparators(records, "birth_date")
    at = {int(position): row for row, position in enumerate(records.position)}
    level = comparator.levels(records, ig.Pairs.of([at[200]], [at[201]]))[0]
    assert comparator.labels[level] == "same year, partial"
