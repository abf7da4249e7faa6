"""Tables as plain data: types by name, numbers that JSON lacks, and what is damaged."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import polars as pl
import pytest

from identigraph.errors import NotPlainError, PlainDataError
from identigraph.plain.tables import ARRAY_TYPES, COLUMN_TYPES, canonical, columns_of, digest, frame_from, frame_of


@pytest.mark.parametrize("name", COLUMN_TYPES)
def test_every_type_comes_back_with_its_values_and_nulls(name: str) -> None:
    values = {"Boolean": [True, None], "String": ["é\x00", None]}.get(name, [1, None])
    frame = pl.DataFrame({"v": pl.Series(values, dtype=COLUMN_TYPES[name])})
    columns = columns_of(frame)
    assert columns[0][:2] == ["v", name]
    again = frame_from(json.loads(json.dumps(columns)), "it")
    assert again.equals(frame)
    assert again.schema == frame.schema


@pytest.mark.parametrize("name", sorted(ARRAY_TYPES))
def test_arrays_are_columns_of_their_numbers(name: str) -> None:
    frame = frame_of(np.ones((2, 3), dtype=name), "it")
    assert (frame.columns, frame.height) == (["values"], 6)
    assert str(frame.dtypes[0]).lower() in {name, "boolean"}


def test_numbers_that_json_lacks_are_texts() -> None:
    frame = pl.DataFrame({"v": [1.5, float("nan"), float("-inf"), None, -0.0]})
    columns = columns_of(frame)
    assert json.loads(json.dumps(columns, allow_nan=False)) == [["v", "Float64", [1.5, "nan", "-inf", None, -0.0]]]
    assert repr(frame_from(columns, "it")["v"].to_list()) == "[1.5, nan, -inf, None, -0.0]"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (pl.DataFrame({"ok": [1], "on": [date(2024, 5, 1)]}), r"^it\.on is a column of Date, which"),
        (pl.Series([[1]]), r"^it\.values is a column of List\(Int64\), which"),
        (np.array(["a"]), "^it is an array of <U1, which"),
        (np.array([object()]), "^it is an array of object, which"),
    ],
)
def test_what_has_no_plain_form_is_told(value, told) -> None:
    with pytest.raises(NotPlainError, match=told):
        frame_of(value, "it")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (3, "it is a damaged table"),
        ([3], "it is a damaged table"),
        ([["a", "Int64"]], "it is a damaged table"),
        ([["a", "Int64", 3]], "it is a damaged table"),
        ([["a", "Int64", ["x"]]], "it is a damaged table"),
        ([["a", "Int8", [300]]], "it is a damaged table"),
        ([["a", "Float64", ["x"]]], "it is a damaged table"),
        ([["a", "Int64", [1]], ["b", "Int64", [1, 2]]], "it is a damaged table"),
        ([["a", "Int64", [1]], ["a", "Int64", [1]]], "it is a damaged table"),
        ([["a", "Object", [1]]], "it has a column of 'Object', which this version does not know; update"),
    ],
)
def test_damaged_tables_are_told(columns, told) -> None:
    with pytest.raises(PlainDataError, match=told):
        frame_from(columns, "it")


def test_the_digest_is_that_of_canonical_json() -> None:
    assert canonical({"b": 1, "a": ["é"]}) == '{"a":["\\u00e9"],"b":1}'
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
