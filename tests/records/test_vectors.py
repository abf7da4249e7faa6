"""Vectors that the caller brings: read as numbers, copied, one for each row."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from identigraph import Records
from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.records.vectors import as_vectors, vectors_of

NUMBERS = [[1.0, 0.0], [0.5, -2.0], [math.nan, 0.0]]


@pytest.mark.parametrize(
    "given",
    [
        NUMBERS,
        tuple(map(tuple, NUMBERS)),
        np.array(NUMBERS),
        np.array(NUMBERS, dtype=np.float16),
        pl.DataFrame(NUMBERS, orient="row"),
        pd.DataFrame(NUMBERS),
    ],
    ids=lambda given: type(given).__name__,
)
def test_any_table_of_numbers_is_an_array_of_floats(given: Any) -> None:
    points = as_vectors(given)
    assert points.dtype == np.float32
    assert np.array_equal(points, np.array(NUMBERS, dtype=np.float32), equal_nan=True)


def test_whole_numbers_are_read_and_numbers_beyond_32_bits_are_infinite() -> None:
    assert as_vectors(np.array([[1, 2]], dtype=np.uint8)).tolist() == [[1, 2]]
    assert as_vectors(np.zeros((0, 3))).shape == (0, 3)
    with pytest.raises(ConfigurationError, match=r"^1 vectors hold infinite numbers$"):
        as_vectors([[1e300, 0], [1, 0]])


def test_vectors_are_a_copy_that_nobody_writes_to() -> None:
    given = np.array([[1.0, 2.0]], dtype=np.float32)
    points = as_vectors(given)
    given[0, 0] = 7
    assert points.tolist() == [[1, 2]]
    with pytest.raises(ValueError, match="read-only"):
        points[0, 0] = 7


@pytest.mark.parametrize(
    "wrong",
    [
        None, 7, "ab", [1.0, 2.0], [[1.0], [1.0, 2.0]], [["a"]], [[None]], [[True]], [[1j]], [[]], [], np.zeros((2, 0)),
        np.zeros((2, 2, 2)),
    ],
    ids=repr,
)  # fmt: skip
def test_anything_else_is_refused(wrong: Any) -> None:
    with pytest.raises(
        UnsupportedInputError, match=r"^expected an array of numbers of shape \(rows, dimensions\), got "
    ):
        as_vectors(wrong)


@pytest.mark.parametrize("infinite", [math.inf, -math.inf])
def test_infinite_vectors_are_counted(infinite: float) -> None:
    with pytest.raises(ConfigurationError, match=r"^2 vectors hold infinite numbers$"):
        as_vectors([[infinite, infinite], [1, 2], [0, infinite]])


def test_vectors_are_put_in_the_order_of_the_records() -> None:
    values = [f"v{i * 7 % 12}" for i in range(12)]
    records = Records.of({"v": values})
    found = vectors_of(records, as_vectors([[i] for i in range(12)]))
    assert [values[int(i)] for i in found[:, 0]] == records.table["v"].to_list()


@pytest.mark.parametrize("n", [2, 4])
def test_one_vector_is_needed_for_each_record(n: int) -> None:
    told = "give one for each row of the table, in its order, with NaN where there is none"
    message = f"^got {n} vectors for 3 records; {told}$"
    with pytest.raises(ConfigurationError, match=message):
        vectors_of(Records.of({"v": ["a", "b", "c"]}), np.zeros((n, 1), dtype=np.float32))
