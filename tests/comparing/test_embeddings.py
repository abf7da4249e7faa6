"""Vectors that the caller brings: whose they are, and which records have one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from identigraph import Pairs, Records
from identigraph.comparing import Measured, embeddings, vectors
from identigraph.errors import ConfigurationError, RangeError, UnsupportedInputError


def of_rows(comparator: Measured, records: Records, pairs: list[tuple[int, int]]) -> tuple[list[int], list[float]]:
    """Return levels and similarities of pairs of the caller's rows."""
    row = np.argsort(records.position)
    made = Pairs.of([row[i] for i, _ in pairs], [row[j] for _, j in pairs])
    return comparator.levels(records, made).tolist(), comparator.similarities(records, made).tolist()


def named(n: int) -> Records:
    return Records.of({"v": [f"value {i * 7 % 11}" for i in range(n)]})


def test_a_vector_belongs_to_the_row_of_the_callers_table() -> None:
    """Whatever the order of the records inside."""
    points = [[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9], [-1, 0]]
    levels, similarities = of_rows(vectors("meaning", points), named(5), [(0, 1), (2, 3), (0, 2), (0, 4), (1, 3)])
    cosine = 0.9 / math.hypot(0.9, 0.1)
    assert levels == [3, 3, 0, 0, 0]
    assert similarities == pytest.approx([cosine, cosine, 0, 0, 0.18 / 0.82], abs=1e-6)


def test_rows_of_several_tables_come_one_table_after_another() -> None:
    records = Records.of({"crm": {"a": ["x", "y"]}, "web": {"a": ["z"]}})
    levels, _ = of_rows(vectors("meaning", [[1, 0], [0, 1], [0, 2]]), records, [(0, 1), (1, 2)])
    assert levels == [0, 3]


@pytest.mark.parametrize("nothing", [[0, 0], [math.nan, 1], [math.nan, math.nan]])
def test_zeros_and_nan_are_missing(nothing: list[float]) -> None:
    levels, similarities = of_rows(vectors("m", [[1, 0], nothing, [2, 0]]), named(3), [(0, 1), (0, 2)])
    assert levels == [-1, 3]
    records = named(3)
    row = np.argsort(records.position)
    for cutoffs in ((0.7,), (0,)):
        near = vectors("m", [[1, 0], nothing, [2, 0]], *cutoffs).measure
        assert near.grades(records, row[[0, 0]], row[[1, 2]]).tolist() == [0, 1]
    assert similarities == pytest.approx([math.nan, 1], nan_ok=True)


@given(arrays.arrays(np.float32, (4, 3), elements=st.floats(-5, 5, width=32)), st.integers(1, 7))
def test_portions_of_pairs_change_nothing(points: np.ndarray, chunk: int) -> None:
    everyone = [(i, j) for i in range(4) for j in range(i)]
    whole = of_rows(vectors("m", points), named(4), everyone)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embeddings, "CHUNK", chunk)
        again = of_rows(vectors("m", points), named(4), everyone)
    assert whole[0] == again[0]
    assert np.array_equal(whole[1], again[1], equal_nan=True)


def test_no_pairs_have_no_cosine() -> None:
    assert of_rows(vectors("m", [[1.0]]), named(1), []) == ([], [])


def test_another_number_of_vectors_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"^got 2 vectors for 3 records; give one for each row of the table, "):
        of_rows(vectors("m", [[1.0], [2.0]]), named(3), [(0, 1)])


def test_other_vectors_on_the_same_records_do_not_mix() -> None:
    records = named(2)
    for points, level in (([[1, 0], [1, 0]], 3), ([[1, 0], [0, 1]], 0), ([[1, 0], [1, 0]], 3)):
        assert of_rows(vectors("m", points), records, [(0, 1)])[0] == [level]


@pytest.mark.parametrize("wrong", [["a", "b"], [1.0, 2.0], [[1.0], [1.0, 2.0]], [[]], None], ids=repr)
def test_what_is_no_table_of_numbers_is_refused(wrong: Any) -> None:
    with pytest.raises(UnsupportedInputError, match=r"an array of numbers of shape \(rows, dimensions\)"):
        vectors("m", wrong)


def test_infinite_numbers_and_cutoffs_out_of_range_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"^1 vectors hold infinite numbers$"):
        vectors("m", [[math.inf], [1.0]])
    with pytest.raises(RangeError, match=r"^cutoffs must lie between 0 and 1, got -1$"):
        vectors("m", [[1.0]], -1)


def test_it_shows_the_shape_of_its_vectors_and_reads_no_column() -> None:
    comparator = vectors("meaning", np.ones((1200, 3)), 0.5)
    assert repr(comparator) == "Measured('meaning', NearVector(<1,200 vectors of 3>, (0.5,)))"
    assert comparator.columns == ()
    assert comparator.labels == ("differs", "cosine, 0.5")
    assert vectors("m", [[1.0]]).labels == ("differs", "cosine, 0.7", "cosine, 0.8", "cosine, 0.9")


@given(st.lists(st.tuples(st.tuples(*[st.integers(-9, 9)] * 3), st.tuples(*[st.integers(-9, 9)] * 3)), max_size=8))
def test_the_cosine_of_rows_is_that_of_each_two_and_of_the_comparator(rows) -> None:
    left, right = (np.array([row[side] for row in rows], dtype=float).reshape(-1, 3) for side in (0, 1))
    found = embeddings.cosine(left, right)
    assert found.shape == (len(rows),)
    for a, b, similarity in zip(left, right, found, strict=True):
        norms = math.hypot(*a) * math.hypot(*b)
        expected = max(float(a @ b) / norms, 0) if norms else math.nan
        assert similarity == pytest.approx(expected, nan_ok=True)
        assert embeddings.cosine(a, b) == pytest.approx(expected, nan_ok=True)
        records = Records.of({"row": ["one", "other"]})
        alone = of_rows(vectors("v", [a, b], 0.5), records, [(0, 1)])[1]
        assert alone[0] == pytest.approx(expected, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize(("left", "right"), [([1, 2], [1, 2, 3]), (1, 2), ([], []), ([[[1]]], [[[1]]])])
def test_vectors_of_other_shapes_have_no_cosine(left, right) -> None:
    with pytest.raises(ConfigurationError, match="one shape"):
        embeddings.cosine(left, right)
