"""Tables of stores: their columns and keys, and what changes do to them."""

from __future__ import annotations

import polars as pl
import pytest

from identigraph.stores.tables import TABLES, Delta, changed

PENDING, META = TABLES["pending"], TABLES["meta"]


def test_keys_are_columns_of_their_tables() -> None:
    for kept in TABLES.values():
        assert set(kept.key) <= set(kept.columns)
        assert kept.key


def test_a_frame_has_the_columns_of_its_table_whatever_order_and_type_they_come_in() -> None:
    given = pl.DataFrame({"value": ["2"], "name": ["b"], "more": [1]})
    assert META.frame(given).rows() == [("b", "2")]
    assert PENDING.frame(pl.DataFrame({"number": pl.Series([3], dtype=pl.Int8)})).schema == {"number": pl.Int64}
    assert PENDING.frame().rows() == []


@pytest.mark.parametrize("order", [1, -1])
def test_rows_go_before_others_come(order: int) -> None:
    """So a key may be among both."""
    rows = META.frame([("a", "1"), ("b", "2"), ("c", "3")][::order])
    delta = Delta({"meta": META.frame([("a", "9")])}, {"meta": pl.DataFrame({"name": ["a", "b", "z"]})})
    assert sorted(changed("meta", rows, [delta]).rows()) == [("a", "9"), ("c", "3")]


def test_a_delta_without_rows_changes_nothing() -> None:
    rows = META.frame([("b", "2"), ("a", "1")])
    for delta in (Delta(), Delta({"meta": META.frame()}, {"meta": META.frame().select("name")})):
        assert changed("meta", rows, [delta]).rows() == rows.rows()


def test_a_delta_shows_counts_and_no_values() -> None:
    rows = META.frame([("secret", "1")])
    delta = Delta({"meta": rows, "pending": PENDING.frame()}, {"meta": rows, "pending": PENDING.frame([(1,)])})
    assert repr(delta) == "<Delta: 1 meta, -1 meta, -1 pending>"
    assert repr(Delta()) == "<Delta: nothing>"


def test_rows_may_go_while_none_come() -> None:
    kept = TABLES["siblings"]
    rows = kept.frame([(1, 2, 0.75), (1, 3, 0.5)])
    assert changed("siblings", rows, [Delta({}, {"siblings": [(1, 2)]})]).rows() == [(1, 3, 0.5)]
