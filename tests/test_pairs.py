"""Pairs of row numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs
from identigraph.errors import ConfigurationError

ROWS = st.integers(0, 2**31 - 1)
PAIRS = st.lists(st.tuples(ROWS, ROWS).filter(lambda pair: pair[0] != pair[1]), max_size=8)


def columns(pairs: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [left for left, _ in pairs], [right for _, right in pairs]


@given(PAIRS)
def test_the_smaller_row_number_is_put_left(pairs: list[tuple[int, int]]) -> None:
    made = Pairs.of(*columns(pairs))
    assert made.left.dtype == made.right.dtype == np.int32
    assert list(zip(made.left.tolist(), made.right.tolist(), strict=True)) == [tuple(sorted(pair)) for pair in pairs]


@given(PAIRS)
def test_codes_are_distinct_and_ordered_as_the_pairs_are(pairs: list[tuple[int, int]]) -> None:
    ordered = sorted({(min(pair), max(pair)) for pair in pairs})
    codes = Pairs.of(*columns(ordered)).codes()
    assert codes.dtype == np.int64
    assert (np.diff(codes) > 0).all()


@given(st.data(), PAIRS)
def test_where_keeps_what_the_mask_says(data: st.DataObject, pairs: list[tuple[int, int]]) -> None:
    mask = data.draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    made = Pairs.of(*columns(pairs))
    kept = made.where(np.array(mask, dtype=bool))
    assert len(kept) == sum(mask)
    assert kept.codes().tolist() == [code for code, keep in zip(made.codes().tolist(), mask, strict=True) if keep]


def test_repr_is_the_count() -> None:
    assert repr(Pairs.of(np.zeros(1234), np.ones(1234))) == "<Pairs: 1,234>"


@pytest.mark.parametrize(("left", "right"), [([0, 1], [2]), ([0], 1), (0, 1), ([[0, 1]], [[2, 3]])])
def test_sides_of_other_shapes_are_refused(left: object, right: object) -> None:
    with pytest.raises(ConfigurationError, match="left and right must be equally many row numbers, got "):
        Pairs.of(left, right)


def test_a_record_is_not_paired_with_itself() -> None:
    with pytest.raises(ConfigurationError, match="a pair is of two records, but 2 join a record with itself"):
        Pairs.of([0, 1, 2], [0, 2, 2])


ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(5, 9)), unique=True, max_size=20)


@given(ROWS, ROWS)
def test_places_among_others_are_those_of_the_same_two_records(wanted: list[tuple[int, int]], others: list) -> None:
    pairs, among = (Pairs.of([a for a, _ in rows], [b for _, b in rows]) for rows in (wanted, others))
    assert pairs.places_in(among).tolist() == [others.index(pair) if pair in others else -1 for pair in wanted]
