"""Keys: numbers of records follow the order of their ids, never that of the input."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import (
    ColumnNotFoundError,
    ConfigurationError,
    NullIdError,
    UnknownIdError,
    UnsupportedInputError,
)
from identigraph.graph.keys import Keys, as_ids, read_keyed, read_pairs

IDS = st.lists(st.tuples(st.sampled_from(["crm", "web"]), st.integers(0, 12)), min_size=1, max_size=10)


def frame(ids: list[tuple[str, object]]) -> pl.DataFrame:
    """Return keys as a table."""
    return pl.DataFrame(ids, schema=["source", "record_id"], orient="row")


@given(IDS, IDS)
def test_records_are_numbered_by_source_and_id(some, others) -> None:
    keys = Keys.of([frame(some), frame(others)])
    order = sorted({*some, *others})
    assert keys.frame.rows() == order
    assert keys.numbers(frame(some)).tolist() == [order.index(key) for key in some]
    assert [keys.number(record, source) for source, record in some] == keys.numbers(frame(some)).tolist()
    assert len(keys) == len(order)


def test_ids_are_whole_numbers_where_all_are_else_text() -> None:
    mixed = Keys.of([frame([("", 10), ("", 9)]), frame([("", "x")])])
    assert mixed.frame["record_id"].to_list() == ["10", "9", "x"]
    assert mixed.numbers(frame([("", 9)])).tolist() == [1]
    assert Keys.of([frame([("", 10), ("", 9)])]).numbers(frame([("", "9"), ("", "10")])).tolist() == [0, 1]
    assert len(Keys.of([])) == 0
    with pytest.raises(UnknownIdError, match="1 of 1 ids"):
        Keys.of([]).numbers(frame([("", 9)]))


def test_unknown_records_are_told() -> None:
    keys = Keys.of([frame([("crm", 1), ("web", 1)])])
    with pytest.raises(UnknownIdError, match="2 of 3 ids name no record: '7', '8'"):
        keys.numbers(frame([("crm", 7), ("crm", 8), ("crm", 1)]))
    with pytest.raises(UnknownIdError, match="1 of 1 ids name no record: 'x'"):
        keys.number("x")
    with pytest.raises(UnknownIdError):
        keys.number(1, "shop")
    with pytest.raises(ConfigurationError, match="records of 2 sources have this id"):
        keys.number(1)


def test_a_key_is_told_with_its_source_and_a_repr_tells_none() -> None:
    keys = Keys.of([frame([("crm", 7), ("", 8)])])
    assert [keys.told(0), keys.told(1)] == ["8", "crm:7"]
    assert repr(keys) == "<Keys: 2>"


def test_tables_get_their_keys_in_front() -> None:
    rows = {"source": ["x", "y"], "who": ["a", "b"], "from": ["crm", "web"], "record_id": [1, 2]}
    named = read_keyed(rows, id="who", source="from", what="records")
    assert named.rows() == [("crm", "a"), ("web", "b")]
    assert read_keyed({"name": ["a", "b"]}, id=None, source=None, what="records").rows() == [("", 0, "a"), ("", 1, "b")]


@pytest.mark.parametrize(
    ("data", "names", "error", "told"),
    [
        ({"a": [1]}, {"id": "b", "source": None}, ColumnNotFoundError, "no column 'b' in the records"),
        ({"a": [1]}, {"id": "a", "source": "b"}, ColumnNotFoundError, "no column 'b' in the records"),
        ({"a": [1, None]}, {"id": "a", "source": None}, NullIdError, "1 of 2 rows have no id in column 'a'"),
        ({"a": ["x", " "]}, {"id": "a", "source": None}, NullIdError, "1 of 2 rows have no id in column 'a'"),
        ({"a": [1], "b": [""]}, {"id": "a", "source": "b"}, NullIdError, "1 of 1 rows have no source in column 'b'"),
        (5, {"id": None, "source": None}, UnsupportedInputError, "expected a table"),
    ],
)
def test_records_without_keys_are_told(data, names, error, told) -> None:
    with pytest.raises(error, match=told):
        read_keyed(data, **names, what="records")


def test_pairs_are_read_from_tables_and_tuples() -> None:
    table = {"left_id": [1], "right_id": [2], "left_source": ["a"], "right_source": ["b"], "weight": [0.5], "by": ["x"]}
    left, right, rest = read_pairs(table, what="edges")
    assert (left.rows(), right.rows(), rest.rows()) == ([("a", 1)], [("b", 2)], [(0.5, "x")])
    left, right, rest = read_pairs([("a", "b", 0.5)], what="edges")
    assert (left.rows(), right.rows(), rest.to_dicts()) == ([("", "a")], [("", "b")], [{"weight": 0.5}])
    assert [part.height for part in read_pairs([], what="edges")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("data", "error", "told"),
    [
        ({"left": [1]}, ConfigurationError, "edges need the columns 'left' and 'right'"),
        ([("a",)], ConfigurationError, "pairs are tuples"),
        ([("a", "b"), ("a", "b", 1)], ConfigurationError, "all of one length"),
        ([("a", None)], NullIdError, "no id in column 'right'"),
        ({"left": [1], "right": [2], "left_source": ["a"]}, ConfigurationError, "one end only: 'left_source'"),
        ("nowhere.csv", ConfigurationError, "nowhere.csv"),
        (5, UnsupportedInputError, "expected a table"),
    ],
)
def test_what_is_no_table_of_pairs_is_told(data, error, told) -> None:
    with pytest.raises(error, match=told):
        read_pairs(data, what="edges")


def test_ids_of_other_types_are_text() -> None:
    assert as_ids(pl.Series([1, 2], dtype=pl.UInt8)).dtype == pl.Int64
    assert as_ids(pl.Series([1.0, 2.5])).to_list() == ["1", "2.5"]
