"""Dictionary encoding: codes and values against plain Python."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.encoding import (
    MISSING,
    Codes,
    Elements,
    Encoded,
    carried,
    combine,
    compact,
    elements_of,
    encode,
    merged,
    positions,
    recode,
    runs,
    take,
)
from identigraph.errors import InvalidIntermediateError

texts = st.one_of(
    st.none(), st.sampled_from(["", " ", "a", "A", "b", "é", "e\u0301", "\u200b", "zz"]), st.text(max_size=3)
)
columns = st.lists(texts, max_size=30)
codes = st.lists(st.integers(-1, 3), min_size=1, max_size=20)


def series(values: list[str | None]) -> pl.Series:
    """Return a column of text."""
    return pl.Series("named", values, dtype=pl.String)


def of(values: list[int]) -> Codes:
    """Return codes."""
    return np.array(values, dtype=np.int32)


@given(columns)
def test_decoding_gives_back_what_was_encoded(values: list[str | None]) -> None:
    encoded = encode(series(values))
    assert encoded.decoded().to_list() == values
    assert len(encoded) == len(values)


@given(columns)
def test_values_are_distinct_and_sorted_and_codes_point_at_them(values: list[str | None]) -> None:
    encoded = encode(series(values))
    distinct = sorted({v for v in values if v is not None}, key=lambda v: v.encode())
    assert encoded.values.to_list() == distinct
    assert encoded.codes.tolist() == [MISSING if v is None else distinct.index(v) for v in values]
    assert encoded.codes.dtype == np.int32


@given(columns)
def test_counts_are_those_of_plain_python(values: list[str | None]) -> None:
    encoded = encode(series(values))
    assert encoded.counts.tolist() == [values.count(v) for v in encoded.values]
    assert encoded.present == sum(v is not None for v in values)


@pytest.mark.parametrize("values", [pl.Series([], dtype=pl.String), series([None, None]), pl.Series([None])])
def test_a_column_without_values_is_missing_everywhere(values: pl.Series) -> None:
    encoded = encode(values)
    assert encoded.codes.tolist() == [MISSING] * len(values)
    assert encoded.values.dtype == pl.String
    assert len(encoded.values) == encoded.present == len(encoded.counts) == 0


def test_codes_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        encode(series(["a"])).codes[0] = 1


def test_its_repr_counts_and_shows_no_value() -> None:
    assert repr(encode(series(["secret"] * 1_500 + ["other", None]))) == "<Encoded: 1,502 records, 2 distinct values>"


@given(columns, st.data())
def test_take_is_indexing_with_null_below_zero(values: list[str | None], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.integers(-1, len(values) - 1), max_size=10))
    assert take(series(values), of(wanted)).to_list() == [None if i < 0 else values[i] for i in wanted]


@given(columns, st.sampled_from([str.upper, lambda v: v[:1] or None, lambda _: None, lambda _: "same"]))
def test_recode_is_a_function_of_each_value(values: list[str | None], function: object) -> None:
    assert callable(function)
    column = encode(series(values))
    recoded = recode(column, series([function(v) for v in column.values]))
    plain = [None if v is None else function(v) for v in values]
    assert recoded.decoded().to_list() == plain
    assert recoded.codes.tolist() == encode(series(plain)).codes.tolist()
    assert recoded.codes.dtype == np.int32


def test_recode_needs_one_value_for_each() -> None:
    with pytest.raises(InvalidIntermediateError, match=r"derived feature should return 2 values, got 1$"):
        recode(encode(series(["a", "b"])), series(["x"]))


@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[st.integers(-1, 3)] * width), max_size=25)))
def test_combine_ranks_compound_keys_in_their_order(rows: list[tuple[int, ...]]) -> None:
    columns = [of(list(column)) for column in zip(*rows, strict=True)] or [of([]), of([])]
    whole = sorted({row for row in rows if min(row) >= 0})
    combined, size = combine(columns)
    if len(columns) > 1:
        assert combined.tolist() == [whole.index(row) if row in whole else MISSING for row in rows]
        assert size == len(whole)
    assert combined.dtype == np.int32


@given(codes)
def test_one_column_is_its_own_compound(values: list[int]) -> None:
    column = of(values)
    combined, size = combine([column])
    assert combined is column
    assert size == max(values) + 1


def test_a_compound_of_columns_with_many_values_does_not_overflow() -> None:
    n = 50_000
    wide = [np.random.default_rng(seed).permutation(n).astype(np.int32) for seed in range(6)]
    twice = [np.tile(column, 2) for column in wide]
    combined, size = combine(twice)
    assert size == n
    assert (combined[:n] == combined[n:]).all()
    assert len(np.unique(combined)) == n


def test_combine_changes_no_column() -> None:
    one, other = of([0, 1, -1]), of([1, -1, 0])
    combine([one, other])
    assert (one.tolist(), other.tolist()) == ([0, 1, -1], [1, -1, 0])


def test_an_encoded_column_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Encoded(of([0]), series(["a"])).codes = of([1])  # type: ignore[misc]


@given(st.lists(st.tuples(st.integers(0, 5), texts), max_size=20), st.integers(6, 8))
def test_elements_are_the_distinct_values_of_each_record(pairs: list[tuple[int, str | None]], records: int) -> None:
    column = encode(series([value for _, value in pairs]))
    elements = elements_of(column, np.array([row for row, _ in pairs], dtype=np.int64), records)
    expected = [sorted({v for row, v in pairs if row == record and v is not None}) for record in range(records)]
    ends = zip(elements.starts[:-1], elements.starts[1:], strict=True)
    assert [elements.values.gather(elements.codes[start:end]).to_list() for start, end in ends] == expected
    assert elements.rows.tolist() == [row for row, held in enumerate(expected) for _ in held]
    assert len(elements) == records
    assert (elements.starts.dtype, elements.codes.dtype) == (np.int64, np.int32)
    assert elements.starts[0] == 0
    assert elements.starts[-1] == len(elements.codes)


def test_elements_cannot_be_written_to_and_show_no_value() -> None:
    elements = elements_of(encode(series(["secret", "other"] * 600)), np.arange(1_200) // 2, 1_100)
    assert repr(elements) == "<Elements: 1,100 records, 1,200 elements, 2 distinct values>"
    for array in (elements.starts, elements.codes):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(AttributeError):
        elements.codes = of([1])  # type: ignore[misc]


def test_no_elements_are_elements() -> None:
    nothing = Elements(np.zeros(1, dtype=np.int64), of([]), series([]))
    assert len(nothing) == len(nothing.rows) == 0
    assert len(elements_of(encode(series([None])), np.array([0]), 3)) == 3


@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 5)), max_size=8))
def test_positions_are_runs_one_after_another(given_runs: list[tuple[int, int]]) -> None:
    starts, counts = np.array(given_runs, dtype=np.int64).reshape(-1, 2).T
    expected = [(run, start + k) for run, (start, count) in enumerate(given_runs) for k in range(count)]
    assert positions(starts, counts).tolist() == [position for _, position in expected]
    assert list(zip(*(side.tolist() for side in runs(starts, counts)), strict=True)) == expected


def test_positions_beyond_32_bits_need_64() -> None:
    far = np.array([2**40])
    assert runs(far, np.array([2]))[1].tolist() == [2**40, 2**40 + 1]


@given(columns, columns)
def test_merged_columns_are_the_column_of_both_after_each_other(one: list[str | None], other: list[str | None]) -> None:
    found, wanted = merged(encode(series(one)), encode(series(other))), encode(series([*one, *other]))
    assert (found.codes.tolist(), found.values.to_list()) == (wanted.codes.tolist(), wanted.values.to_list())
    assert (found.codes.dtype, found.values.dtype) == (np.int32, pl.String)


@given(columns, st.data())
def test_values_that_no_record_carries_are_told_and_left_out(values: list[str | None], data: st.DataObject) -> None:
    """The column of some records, in any order and more than once, is that of their values encoded."""
    column = encode(series(values))
    places = data.draw(st.lists(st.integers(0, len(values) - 1), max_size=15)) if values else []
    some = column.some(np.array(places, dtype=np.int64))
    told = [values[place] for place in places]
    assert some.decoded().to_list() == told
    assert some.values is column.values
    assert carried(some.codes, some.values).tolist() == [value in told for value in column.values]
    short, wanted = compact(some.codes, some.values), encode(series(told))
    assert (short.codes.tolist(), short.values.to_list()) == (wanted.codes.tolist(), wanted.values.to_list())
    assert (short.codes.dtype, short.values.dtype) == (np.int32, pl.String)


def test_a_column_all_of_whose_values_are_carried_is_compact_as_it_is() -> None:
    column = encode(series(["b", "a", None]))
    assert compact(column.codes, column.values).values is column.values
