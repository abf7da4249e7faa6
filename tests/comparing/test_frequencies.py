"""Frequencies of the caller's own: shares, and bands of equality by them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records
from identigraph.comparing import Frequencies, exact, similar
from identigraph.comparing.comparator import BAND_LABELS, FREQUENCY_BANDS
from identigraph.errors import ColumnNotFoundError, ConfigurationError, UnsupportedInputError

COUNTS = {"Smith": 600, "Müller": 300, "muller": 60, "O'Hara": 30, "Lee": 10, "Never": 0}
SHARES = {"smith": 0.6, "muller": 0.36, "ohara": 0.03, "lee": 0.01}


@pytest.mark.parametrize(
    "table",
    [
        COUNTS,
        {name: count / 7 for name, count in COUNTS.items()},
        {name: str(count) for name, count in COUNTS.items()},
        {"value": list(COUNTS), "count": list(COUNTS.values()), "rank": range(6)},
        pl.DataFrame({"count": list(COUNTS.values()), "value": list(COUNTS)}),
        pd.DataFrame({"value": list(COUNTS), "count": list(COUNTS.values())}),
        [{"value": name, "count": count} for name, count in COUNTS.items()],
    ],
    ids=["mapping", "shares", "texts", "columns", "polars", "pandas", "rows"],
)
def test_shares_are_those_of_the_table_in_words(table: Any) -> None:
    found = Frequencies.of(table)
    assert dict(found.table.rows()) == pytest.approx(SHARES)
    asked = pl.Series(["lee", "nobody", "smith", "lee", "never"])
    assert found.shares(asked).tolist() == pytest.approx([0.01, 0, 0.6, 0.01, 0])
    assert repr(found) == "<Frequencies: 4 values>"


def test_values_may_be_numbers_and_may_be_blank() -> None:
    found = Frequencies.of(pl.DataFrame({"value": [7, 8, None], "count": [1, 2, 1]}))
    assert found.table.rows() == [("7", 0.25), ("8", 0.5)]
    assert Frequencies.of({"--": 1, "ann": 3}).table.rows() == [("ann", 0.75)]


@given(
    st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1),
    st.dictionaries(st.sampled_from("abcx"), st.integers(1, 10**6), min_size=1),
)
def test_a_band_of_equality_is_that_of_the_share_in_the_table(values: list[str], counts: dict[str, int]) -> None:
    records = Records.of({"v": values})
    comparator = similar("v", frequency=Frequencies.of(counts))
    total = sum(counts.values())
    wanted = {v: sum(counts.get(v, 0) / total < band for band in FREQUENCY_BANDS) for v in values}
    assert dict(zip(records.column("v").values, comparator.bands(records).tolist(), strict=True)) == wanted
    rows = np.arange(len(values), dtype=np.int32)
    levels = comparator.levels(records, Pairs(rows, rows))
    assert [comparator.labels[level] for level in levels] == [
        BAND_LABELS[wanted[v]] for v in records.column("v").decoded()
    ]


def test_tables_and_the_records_themselves_do_not_mix() -> None:
    """Comparators with other frequencies of one feature keep their own bands on the same records."""
    records = Records.of({"v": ["a"] * 9 + ["b"]})
    common, rare = Frequencies.of({"a": 1, "b": 99}), Frequencies.of({"x": 1})
    bands = [exact("v", frequency=f).bands(records).tolist() for f in (True, common, rare, False)]
    assert bands == [[0, 0], [0, 0], [5, 5], [0, 0]]
    assert exact("v", frequency=common) != exact("v", frequency=rare)
    assert exact("v", frequency=common) == exact("v", frequency=common)


@pytest.mark.parametrize(
    ("counts", "wrong"),
    [([1, -1], 1), ([1, None], 1), ([math.nan, math.inf], 2), (["many", "1"], 1)],
)
def test_counts_that_are_no_numbers_from_0_on_are_counted_and_refused(counts: list[Any], wrong: int) -> None:
    with pytest.raises(
        ConfigurationError, match=rf"^{wrong} of 2 counts of a frequency table are no numbers from 0 on$"
    ):
        Frequencies.of({"value": ["a", "b"], "count": counts})


@pytest.mark.parametrize("table", [{}, {"a": 0, "b": 0}, {"value": [], "count": []}])
def test_a_table_that_counts_nothing_is_refused(table: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^the \d counts of a frequency table add up to 0; leave it out$"):
        Frequencies.of(table)


def test_a_table_needs_values_and_counts() -> None:
    with pytest.raises(ColumnNotFoundError, match=r"^no column 'count' of a frequency table; did you mean 'counts'"):
        Frequencies.of(pl.DataFrame({"value": ["a"], "counts": [1]}))
    with pytest.raises(ColumnNotFoundError, match=r"^no column 'value' of a frequency table"):
        Frequencies.of([{"name": "a", "count": 1}])
    with pytest.raises(UnsupportedInputError):
        Frequencies.of(7)
