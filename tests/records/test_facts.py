"""Facts of a population as lookups: the number of each value, whichever way it is looked up."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.encoding import encode
from identigraph.records import facts
from identigraph.records.facts import FEW, Lookup

texts = st.sampled_from(["", "a", "b", "c", "é", "zz"])
tables = st.dictionaries(texts, st.integers(0, 4), max_size=6)
columns = st.lists(texts | st.none(), max_size=12)


def series(values: list[str | None]) -> pl.Series:
    """Return a column of text."""
    return pl.Series(values, dtype=pl.String)


@pytest.mark.parametrize("few", [0, FEW], ids=["joined", "one by one"])
@given(table=tables, rest=st.integers(0, 2), asked=st.lists(texts, max_size=9))
def test_numbers_are_those_of_the_table_and_the_rest(few: int, table: dict[str, int], rest: int, asked) -> None:
    """In the order asked for, repeated or not; few values and many are looked up in two ways."""
    found = Lookup.of(series(list(table)), np.array(list(table.values())), rest=rest, total=7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "FEW", few)
        numbers = [found.numbers(series(asked)) for _ in range(2)]
    for each in numbers:
        assert each.tolist() == [table.get(value, rest) for value in asked]
        assert each.dtype == np.float64


def test_more_values_than_few_are_looked_up_alike() -> None:
    values = [f"v{i}" for i in range(FEW + 1)]
    found = Lookup.of(series(values), np.arange(len(values)), rest=0, total=1)
    assert found.numbers(series(values)).tolist() == list(range(FEW + 1))


@given(tables, st.integers(0, 2))
def test_values_with_the_number_of_the_rest_are_left_out_and_the_others_in_order(table, rest: int) -> None:
    """So the same facts are the same table."""
    found = Lookup.of(series(list(table)), np.array(list(table.values())), rest=rest, total=7)
    assert found.table.rows() == sorted(
        ((value, number) for value, number in table.items() if number != rest), key=lambda row: row[0].encode()
    )
    assert found.table.schema == {"value": pl.String, "number": pl.Float64}


@given(columns, st.lists(texts, max_size=6))
def test_counts_are_of_records_and_what_they_lack_counts_like_one(values: list[str | None], asked: list[str]) -> None:
    found = Lookup.counts(encode(series(values)))
    present = [value for value in values if value is not None]
    wanted = [max(present.count(value), 1) for value in asked]
    assert found.total == len(present)
    assert found.numbers(series(asked)).tolist() == wanted
    assert found.shares(series(asked)).tolist() == [count / max(len(present), 1) for count in wanted]


def test_its_repr_counts_and_shows_no_value() -> None:
    one = Lookup.counts(encode(series(["secret", "secret", "other"])))
    assert repr(one) == "<Lookup: 1 value of 3 records>"
    many = Lookup.counts(encode(series([f"secret {i}" for i in range(1_200)] * 2)))
    assert repr(many) == "<Lookup: 1,200 values of 2,400 records>"
