"""Comparators on their own: whatever holds values comes in, and one row per pair comes out."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from identigraph import prefix
from identigraph.comparing import (
    Agreement,
    category,
    date,
    distance,
    exact,
    family_name,
    given_name,
    number,
    phone,
    shared,
    similar,
    text,
    vectors,
    year,
)
from identigraph.comparing.alone import as_kinds, is_column
from identigraph.errors import ColumnNotFoundError, ColumnTypeError, ConfigurationError, ListColumnError
from identigraph.fields import Date, Email, Number, PersonName

LEFT = ["Smith", None, "lee", "", "Smith"]
RIGHT = ["SMYTH", "lee", "Lee", "lee", "Fox"]
ROWS = [(1, "similar, 0.8"), (-1, "missing"), (3, "equal"), (-1, "missing"), (0, "differs")]
SIMILARITIES = [0.893333, None, 1.0, None, 0.0]
COLUMNS: dict[str, Callable[[list[str | None]], Any]] = {
    "list": list,
    "polars": pl.Series,
    "named polars": lambda values: pl.Series("other name", values),
    "categories": lambda values: pl.Series(values, dtype=pl.Categorical),
    "pandas": pd.Series,
    "pandas strings": lambda values: pd.Series(values, dtype="string"),
    "pandas objects": lambda values: pd.Series([pd.NA if value is None else value for value in values], dtype=object),
    "pandas by another index": lambda values: pd.Series(values, index=range(7, 7 + len(values))),
    "numpy": lambda values: np.array(values, dtype=object),
    "mapping": lambda values: {"surname": values},
    "mapping of numpy": lambda values: {"surname": np.array(values, dtype=object)},
    "polars frame": lambda values: pl.DataFrame({"surname": values}),
    "pandas frame": lambda values: pd.DataFrame({"surname": values}),
}


@pytest.mark.parametrize("one", COLUMNS)
@pytest.mark.parametrize("other", ["list", "pandas", "polars frame"])
def test_columns_of_any_kind_give_a_row_for_each_pair(one: str, other: str) -> None:
    found = similar("surname").compare(COLUMNS[one](LEFT), COLUMNS[other](RIGHT))
    assert found.schema == {"level": pl.Int8, "label": pl.String, "similarity": pl.Float64}
    assert found.select("level", "label").rows() == ROWS
    assert found["similarity"].to_list() == pytest.approx(SIMILARITIES, abs=1e-6)


def test_two_values_agree_at_a_level_with_its_label_and_their_similarity() -> None:
    assert exact("v").compare("Bern", " BERN ") == Agreement(1, "equal", 1.0)
    assert exact("v").compare("Bern", "Basel") == Agreement(0, "differs", 0.0)
    assert exact("v").compare("Bern", None) == exact("v").compare("", "Bern") == Agreement(-1, "missing", None)
    assert type(exact("v").compare("a", "a").level) is int
    assert exact("v").compare({"v": "a"}, {"v": "A"}) == exact("v").compare("a", "A")


DAY = dt.date(1990, 3, 15)


@pytest.mark.parametrize(
    ("comparator", "one", "other", "label"),
    [
        (date("d"), DAY, DAY, "equal"),
        (date("d"), DAY, "15/03/1990", "equal"),
        (date("d"), dt.datetime(1990, 3, 15, 10, 30), DAY, "equal"),  # noqa: DTZ001 - as tables hold them
        (date("d"), np.datetime64("1990-03-15"), "1990-03-16", "one slip"),
        (date("d"), DAY, 1990, "same year, partial"),
        (date("d"), DAY, None, "missing"),
        (year("d"), DAY, "1991", "within 1"),
        (number("n"), 100, 100.0, "equal"),
        (number("n"), 100, "99.5", "within 0.01 of it"),
        (number("n"), np.float32(1.5), 1.5, "equal"),
        (number("n"), math.nan, 1.5, "missing"),
        (number("n"), True, 1, "missing"),
        (exact("v"), 7, "7", "equal"),
        (exact("v"), True, "true", "equal"),
        (exact("v"), math.nan, "nan", "missing"),
        (shared("v"), {"a", "b"}, {"B", "A"}, "shares, jaccard 1"),
        (shared("v"), frozenset("ab"), ("b", "c"), "shares, jaccard 0.01"),
        (shared("v"), {1, "a"}, {"1", None}, "shares, jaccard 0.5"),
        (shared("v"), "a", {"a"}, "shares, jaccard 1"),
        (shared("v"), set(), {"a"}, "missing"),
        (exact(prefix("v", 2)), "Bern", "Bera", "equal"),
    ],
)
def test_values_of_any_type_are_read_as_in_a_table(comparator: Any, one: Any, other: Any, label: str) -> None:
    assert comparator.compare(one, other).label == comparator.compare(other, one).label == label
    assert comparator.compare([one, one], [other, other])["label"].to_list() == [label, label]


def test_columns_without_rows_have_no_pairs() -> None:
    for comparator in (similar("v"), text("v"), date("v"), number("v"), shared("v"), category("v"), given_name("v")):
        found = comparator.compare([], [])
        assert found.schema == {"level": pl.Int8, "label": pl.String, "similarity": pl.Float64}
        assert found.height == 0
    places = distance("lat", "lon")
    assert places.compare({"lat": [], "lon": []}, pl.DataFrame({"lat": [], "lon": []})).height == 0


def test_columns_that_are_missing_everywhere_agree_nowhere() -> None:
    for comparator in (similar("v"), text("v"), date("v"), number("v"), shared("v"), category("v"), phone("v")):
        assert comparator.compare([None, ""], [None, "x"]).rows() == [(-1, "missing", None)] * 2


def test_comparators_that_read_several_columns_take_mappings_from_column_to_value_or_column() -> None:
    places = distance("lat", "lon")
    one, other = {"lat": 46.948, "lon": 7.447}, {"lat": "46.95", "lon": 7.44, "city": "Bern"}
    assert places.compare(one, other).label == "within 1 km"
    columns = [{name: [value] for name, value in side.items()} for side in (one, other)]
    assert places.compare(*columns)["label"].to_list() == ["within 1 km"]
    assert places.compare(*map(pd.DataFrame, columns))["label"].to_list() == ["within 1 km"]
    names = given_name("given", family="family")
    assert names.compare({"given": "Ann", "family": "Lee"}, {"given": "Lee", "family": "Ann"}).label == "swapped"


def test_each_side_is_normalized_on_its_own() -> None:
    """The column on the left puts the day first, the one on the right the month."""
    found = date("d").compare(["25/12/1990", "03/04/1990"], ["12/25/1990", "04/03/1990"])
    assert found["label"].to_list() == ["equal", "equal"]


def test_other_kinds_of_fields_may_be_given() -> None:
    assert similar("v").compare("Ann@X.com", "mailto:ann@x.com").label == "differs"
    assert similar("v").compare("Ann@X.com", "mailto:ann@x.com", fields={"v": Email()}).label == "equal"
    assert date("d").compare("03/04/1990", "1990-03-04", fields={"d": Date(order="MDY")}).label == "equal"
    assert number("n").compare("1.234", "1234", fields={}).label == "differs"
    given, family = similar("name.given"), family_name("name.family")
    sides = {"name": "Lee, Ann"}, {"name": "Anna Lee"}
    assert given.compare(*sides, fields={"name": PersonName()}).label == "similar, 0.92"
    assert family.compare(*sides, fields={"name": PersonName()}).label == "equal"


def test_how_common_a_value_is_plays_no_part() -> None:
    values = ["ann"] * 999 + ["zoe"]
    found = exact("v", frequency=True).compare(values, values)
    assert set(found.rows()) == {(1, "equal", 1.0)}


def test_rows_stay_in_their_order() -> None:
    values = [f"v{i}" for i in range(200)]
    found = exact("v").compare(values, [value if i % 3 else "other" for i, value in enumerate(values)])
    assert found["level"].to_list() == [int(i % 3 > 0) for i in range(200)]


PLACES, MEANING = distance("lat", "lon"), vectors("meaning", [[1.0], [2.0]])


@pytest.mark.parametrize(
    ("comparator", "one", "other", "message"),
    [
        (exact("v"), ["a"], ["a", "b"], "^columns have unequal lengths: left 1, right 2$"),
        (exact("v"), [], ["a"], "^columns have unequal lengths: left 0, right 1$"),
        (exact("v"), ["a"], "a", "^one side of 'v' is a column and the other one value; give two of a kind$"),
        (exact("v"), "a", pl.Series(["a"]), "^one side of 'v' is a column and the other one value"),
        (PLACES, {"lat": [1], "lon": 2}, {"lat": [1], "lon": [2]}, "^one side of 'lon' is a column"),
        (PLACES, {"lat": [1], "lon": [2, 3]}, {"lat": [1], "lon": [2]}, "unequal lengths: 'lat' 1, 'lon' 2$"),
        (PLACES, 1, 2, "^'lat, lon' reads 'lat', 'lon'; give a mapping with a value or column for each$"),
        (exact("v"), {}, {}, "^'v' reads 'v'; give a mapping with a value or column for each$"),
        (MEANING, "a", "b", "^'meaning' reads no column: its values belong to the rows of a table$"),
        (MEANING, {"v": "a"}, {"v": "b"}, "^'meaning' reads no column"),
    ],
)  # fmt: skip
def test_what_makes_no_pairs_is_refused(comparator: Any, one: Any, other: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        comparator.compare(one, other)


def test_columns_that_are_not_there_and_values_without_a_text_are_named() -> None:
    with pytest.raises(ColumnNotFoundError, match=r"^no field or column 'emial'; did you mean 'email'"):
        similar("emial").compare({"email": "a"}, {"email": "b"})
    with pytest.raises(ColumnNotFoundError, match=r"^no column 'born'"):
        date("born").compare({"d": "1990"}, {"d": "1990"})
    with pytest.raises(ColumnTypeError, match=r"^column 'v' has type object"):
        exact("v").compare(object(), "a")
    with pytest.raises(
        ListColumnError, match=r"^column 'v' holds lists of values \(2 of 2 records have more than one\)"
    ):
        exact("v").compare({"a", "b"}, {"a", "b"})


def test_lists_series_and_arrays_are_columns() -> None:
    for column in ([], pl.Series([]), pd.Series([]), np.array([])):
        assert is_column(column)
    for value in (None, "ann", 7, {"ann"}, ("ann",), DAY, {"v": ["ann"]}):
        assert not is_column(value)


def test_fields_have_a_hash() -> None:
    kinds = as_kinds({"d": Date(), "n": Number()})
    assert kinds == as_kinds(kinds) == (("d", Date()), ("n", Number()))
    assert hash(kinds) == hash(as_kinds(iter(kinds)))
