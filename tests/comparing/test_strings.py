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
from identigraph.comparing.strings import Strings
from identigraph.encoding import encode

PLAIN = st.text("aabbbcdexyzAZ012 .-'", min_size=1, max_size=12)
SLIPS = st.sampled_from(["marhta", "martha", "marta", "jonson", "jonhson", "johnson", "0123456789", "aaaaaaa", "aaaa"])
FOREIGN = st.one_of(
    st.text("aeéöß漢\u0301\x00", min_size=1, max_size=8),
    st.sampled_from(["marthaé", "márthá", "marthá\0", "johnsón", "012345678é", "aaaaaaá", "johnson\0"]),
)
LONG = st.text("abc ", min_size=94, max_size=130)
COLUMNS = st.one_of(
    st.lists(st.one_of(PLAIN, SLIPS), max_size=8),
    st.lists(st.one_of(PLAIN, FOREIGN, st.just("")), max_size=8),
    st.lists(st.one_of(PLAIN, FOREIGN, LONG), max_size=4),
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
    assert made.jaro_winkler(a, b, cutoff).tolist() == expected


@given(st.lists(st.one_of(st.permutations("abcdefg").map("".join), SLIPS, FOREIGN, PLAIN), max_size=6))
def test_no_pair_is_lost_whose_similarity_is_the_cutoff_itself(values) -> None:
    made, distinct, a, b = prepared([value[: 3 + len(value) % 5] for value in values])
    for code, other in zip(a, b, strict=True):
        similarity = JaroWinkler.similarity(distinct[code], distinct[other])
        got = made.jaro_winkler(np.array([code]), np.array([other]), max(similarity - 1e-6, 0.0))
        assert got[0] == similarity


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


@pytest.mark.parametrize("another", ["zoe", "", "é", "a\0", "x" * 97, "x" * 40_000])
def test_pairs_that_cannot_agree_never_reach_rapidfuzz(monkeypatch, another) -> None:
    """Also where another value of the column is one that the filters do not know."""
    asked: list[str] = []

    def counting(queries, choices, **arguments):
        asked.extend(f"{x} {y}" for x, y in zip(queries, choices, strict=True) if another not in (x, y))
        return process.cpdist(queries, choices, **arguments)

    monkeypatch.setattr(strings, "process", SimpleNamespace(cpdist=counting))
    made, _, a, b = prepared(["abcdefgh", "abcdwxyz", "marta", "martha", another])
    made.jaro_winkler(a[a < b], b[a < b], 0.9)
    made.osa(a[a < b], b[a < b], 1)
    assert asked == ["marta martha", "marta martha"]


@given(st.lists(FOREIGN, max_size=8))
def test_equal_starts_are_counted_whatever_the_characters(values) -> None:
    made, distinct, a, b = prepared(values)
    for x, y, start in zip(a, b, made.common_start(a, b), strict=True):
        assert start >= next((i for i in range(4) if distinct[x][i : i + 1] != distinct[y][i : i + 1]), 4)


def test_a_column_without_values_has_nothing_to_compare() -> None:
    made, _, a, b = prepared([])
    assert made.jaro_winkler(a, b, 0.8).tolist() == made.osa(a, b, 1).tolist() == []


@pytest.mark.shared_data
def test_names_have_the_values_of_the_oracle(shared_data) -> None:
    oracle = pl.read_csv(shared_data / "acceptance" / "rapidfuzz" / "oracle_values.csv").fill_null("")
    assert len(oracle) == 3000
    column = encode(pl.concat([oracle["a"], oracle["b"]]))
    a, b = column.codes[: len(oracle)], column.codes[len(oracle) :]
    made = Strings.of(column)
    expected = oracle["jaro_winkler"].to_numpy()
    assert made.jaro_winkler(a, b, 0.0) == pytest.approx(expected, abs=1e-6)
    assert made.jaro_winkler(a, b, 0.9) == pytest.approx(np.where(expected >= 0.9, expected, 0), abs=1e-6)
    for most in (1, 2, 5, 50):
        assert made.osa(a, b, most).tolist() == np.minimum(oracle["osa"].to_numpy(), most + 1).tolist()
