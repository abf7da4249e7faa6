"""Filters are lossless: similarity and distance are those of rapidfuzz on every pair of values."""

from __future__ import annotations

from collections import Counter
from itertools import product
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from identigraph.comparing import strings
from identigraph.comparing.strings import LONGEST, Strings
from identigraph.encoding import encode

PLAIN = st.text("aabbbcdexyzAZ012 .-'", min_size=1, max_size=12)
SLIPS = st.sampled_from(["marhta", "martha", "marta", "jonson", "jonhson", "johnson", "0123456789", "aaaaaaa", "aaaa"])
FOREIGN = st.text("aeéöß漢\u0301\x00", min_size=1, max_size=8)
LONG = st.text("abc ", min_size=LONGEST - 2, max_size=LONGEST + 30)
COLUMNS = st.one_of(
    st.lists(st.one_of(PLAIN, SLIPS), max_size=8),
    st.lists(st.one_of(PLAIN, FOREIGN), max_size=8),
    st.lists(st.one_of(PLAIN, LONG), max_size=4),
)


def prepared(values: list[str]) -> tuple[Strings, list[str], np.ndarray, np.ndarray]:
    """Return the strings of a column, its values, and all pairs of their codes."""
    column = encode(pl.Series(values, dtype=pl.String))
    a, b = np.indices((len(column.values),) * 2, dtype=np.int32).reshape(2, -1)
    return Strings.of(column), column.values.to_list(), a, b


@given(COLUMNS, st.one_of(st.floats(0, 1), st.sampled_from([0.8, 0.85, 0.9, 0.92, 1.0])))
def test_jaro_winkler_is_that_of_rapidfuzz(values, cutoff) -> None:
    made, distinct, a, b = prepared(values)
    expected = [JaroWinkler.similarity(x, y, score_cutoff=cutoff) for x, y in product(distinct, distinct)]
    assert made.jaro_winkler(a, b, cutoff).tolist() == np.array(expected, dtype=np.float32).tolist()


@given(COLUMNS, st.integers(1, 6))
def test_distance_is_that_of_rapidfuzz(values, most) -> None:
    made, distinct, a, b = prepared(values)
    expected = [OSA.distance(x, y, score_cutoff=most) for x, y in product(distinct, distinct)]
    assert made.osa(a, b, most).tolist() == expected


@given(st.lists(PLAIN, max_size=8))
def test_no_two_values_have_more_in_common_than_is_said(values) -> None:
    made, distinct, a, b = prepared(values)
    exact = [(Counter(x) & Counter(y)).total() for x, y in product(distinct, distinct)]
    shorter = [min(len(x), len(y)) for x, y in product(distinct, distinct)]
    got = made.common_at_most(a, b).tolist()
    assert made.filtered
    assert all(low <= most <= high for low, most, high in zip(exact, got, shorter, strict=True))


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9), max_size=6))
def test_letters_in_common_are_counted_exactly_up_to_two_of_each(values) -> None:
    made, distinct, a, b = prepared(["".join(x for x in v if v.count(x) < 3) or "a" for v in values])
    exact = [(Counter(x) & Counter(y)).total() for x, y in product(distinct, distinct)]
    assert made.common_at_most(a, b).tolist() == exact


@given(st.lists(PLAIN, max_size=8))
def test_the_common_start_counts_up_to_four_characters(values) -> None:
    made, distinct, a, b = prepared(values)
    padded = [value.ljust(4, "\0") for value in distinct]
    prefixes = [next((i for i in range(4) if x[i] != y[i]), 4) for x, y in product(padded, padded)]
    assert made.common_start(a, b).tolist() == prefixes


def test_most_pairs_never_reach_rapidfuzz(monkeypatch) -> None:
    asked: list[str] = []

    def counting(queries, choices, **arguments):
        asked.extend(f"{x} {y}" for x, y in zip(queries, choices, strict=True))
        return process.cpdist(queries, choices, **arguments)

    monkeypatch.setattr(strings, "process", SimpleNamespace(cpdist=counting))
    made, _, a, b = prepared(["abcdefgh", "abcdwxyz", "marta", "martha", "zoe"])
    made.jaro_winkler(a[a < b], b[a < b], 0.9)
    made.osa(a[a < b], b[a < b], 1)
    assert asked == ["marta martha", "marta martha"]


@pytest.mark.parametrize("value", ["x" * (LONGEST + 1), "x" * 40_000, "é", "a\0"])
def test_columns_with_values_that_are_long_or_not_plain_go_without_filters(value) -> None:
    made, distinct, a, b = prepared(["ab", value])
    assert not made.filtered
    assert made.length.tolist() == [len(v) for v in distinct]
    assert made.common_start(a, b).tolist() == [4] * 4


def test_an_empty_value_does_no_harm() -> None:
    made, _, a, b = prepared(["", "ab"])
    assert not made.filtered
    assert made.jaro_winkler(a, b, 0.5).tolist() == [1.0, 0.0, 0.0, 1.0]


def test_values_of_the_longest_length_are_filtered_still() -> None:
    assert prepared(["x" * LONGEST])[0].filtered


def test_a_column_without_values_has_nothing_to_compare() -> None:
    made, _, a, b = prepared([])
    assert made.jaro_winkler(a, b, 0.8).tolist() == made.osa(a, b, 1).tolist() == []
