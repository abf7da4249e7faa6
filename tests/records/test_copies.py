"""Columns that say the same as another are told and set aside."""

from __future__ import annotations

from itertools import permutations

import polars as pl
import pytest

import identigraph as ig
from identigraph.datasets import customers
from identigraph.records.copies import copies
from identigraph.records.infer import infer_fields
from identigraph.records.profile import ColumnProfile
from identigraph.records.recognized import Recognized


def found(columns: dict[str, list[str | None]], kinds: dict[str, str | None]) -> dict[str, str]:
    """Return the copies and why they are set aside."""
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    profiles = {name: ColumnProfile.of(table[name]) for name in columns}
    told = copies(table, profiles, {name: Recognized(kinds[name]) for name in columns})
    assert all(each.kind is None for each in told.values())
    return {name: each.reason for name, each in told.items()}


VALUES = [f"value {i}" for i in range(100)]


@pytest.mark.parametrize(("different", "copy"), [(0, True), (2, True), (3, False), (100, False)])
def test_columns_are_copies_if_ninety_eight_rows_of_a_hundred_say_the_same(different: int, copy: bool) -> None:
    other = [f"other {i}" if i < different else value for i, value in enumerate(VALUES)]
    assert found({"a": VALUES, "b": other}, {"a": "text", "b": "text"}) == ({"b": "says the same as a"} if copy else {})


def test_letter_case_and_outer_blanks_make_no_difference() -> None:
    other = [f" {value.upper()} " for value in VALUES]
    assert found({"a": VALUES, "b": other}, {"a": "text", "b": "text"}) == {"b": "says the same as a"}


@pytest.mark.parametrize(("missing", "copy"), [(2, True), (3, False)])
def test_a_value_that_one_column_misses_is_not_the_same(missing: int, copy: bool) -> None:
    other = [None if i < missing else value for i, value in enumerate(VALUES)]
    assert bool(found({"a": VALUES, "b": other}, {"a": "text", "b": "text"})) == copy


def test_rows_that_neither_column_tells_do_not_count() -> None:
    gaps: list[str | None] = [None] * 900
    other = [f"other {i}" if i < 3 else value for i, value in enumerate(VALUES)]
    assert found({"a": VALUES + gaps, "b": other + gaps}, {"a": "text", "b": "text"}) == {}
    assert found({"a": VALUES + gaps, "b": VALUES + gaps}, {"a": "text", "b": "text"}) == {"b": "says the same as a"}


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_the_plainest_kind_is_kept_whatever_the_order_of_columns(order: tuple[str, ...]) -> None:
    kinds: dict[str, str | None] = {"a": "text", "b": "email", "c": "category"}
    told = found(dict.fromkeys(order, VALUES), kinds)
    assert told == {"a": "says the same as b", "c": "says the same as b"}


def test_columns_that_are_set_aside_or_say_one_thing_only_are_no_copies() -> None:
    assert found({"a": VALUES, "b": VALUES}, {"a": None, "b": "text"}) == {}
    assert found({"a": ["x"] * 9, "b": ["x"] * 9}, {"a": "text", "b": "text"}) == {}


def test_a_column_given_twice_changes_no_entity() -> None:
    """Without that, two family names would be two pieces of evidence."""
    made = customers(500, seed=5)
    twice = made.records.with_columns(
        surname_2=pl.col("last_name").str.to_uppercase(), contact_mail=pl.col("email"), dob_text=pl.col("birth_date")
    )
    one, other = (ig.resolve(table, id="record_id", source="source") for table in (made.records, twice))
    added = {name: told for name, told in other.set_aside.items() if name not in one.set_aside}
    assert sorted(added.values()) == [
        "says the same as birth_date",
        "says the same as contact_mail",
        "says the same as last_name",
    ]
    partitions = [
        {
            frozenset(rows)
            for rows in result.crosswalk.to_polars()
            .with_row_index()
            .group_by("entity_id")
            .agg("index")["index"]
            .to_list()
        }
        for result in (one, other)
    ]
    assert partitions[0] == partitions[1]


def test_inference_tells_why() -> None:
    table = pl.DataFrame(
        {"first": ["Ann", "Bob", "Cy"], "last": ["Lee", "Ray", "Fox"], "nachname": ["LEE", "RAY", "FOX"]}
    )
    inferred = infer_fields(table)
    assert inferred.set_aside == {"nachname": "says the same as last"}
    assert inferred.fields["name"] == ig.fields.PersonName(given="first", family="last")
