"""Records whose values stay as they are, and all their pairs, for tests of comparators and graders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from raw_kind import Raw

from identigraph import Pairs, Records

Columns = Mapping[str, Sequence[str | None]]


@pytest.fixture(scope="session")
def raw_records() -> Callable[[Columns], Records]:
    """Return the function that makes records of columns of strings, whose values stay as they are."""

    def make(columns: Columns) -> Records:
        table = pl.DataFrame({name: pl.Series(list(values), dtype=pl.String) for name, values in columns.items()})
        return Records.of(table, fields={name: Raw() for name in columns})

    return make


@pytest.fixture(scope="session")
def all_levels(raw_records: Callable[[Columns], Records]) -> Callable[[Any, Columns], list[list[int]]]:
    """Return the function that compares every row with every row, and itself: a matrix in the order of the rows."""

    def compare(compared: Any, columns: Columns) -> list[list[int]]:
        records = raw_records(columns)
        n = len(records)
        row = np.argsort(records.position).astype(np.int32)
        left, right = (row[side.ravel()] for side in np.indices((n, n)))
        if hasattr(compared, "levels"):
            return compared.levels(records, Pairs(left, right)).reshape(n, n).tolist()
        return compared.grades(records, left, right).reshape(n, n).tolist()

    return compare
