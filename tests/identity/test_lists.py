"""Columns of lists hold what Python lists held."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.identity.lists import list_column


@given(st.lists(st.lists(st.text(max_size=2), max_size=3)))
def test_lists_are_kept_also_empty_ones(lists) -> None:
    found = list_column("name", lists, pl.String)
    assert (found.to_list(), found.dtype, found.name) == (lists, pl.List(pl.String), "name")


@pytest.mark.parametrize("lists", [[], [[]], [[0.5], []]])
def test_the_type_is_kept_where_there_is_no_element(lists) -> None:
    assert list_column("name", lists, pl.Float64).dtype == pl.List(pl.Float64)
