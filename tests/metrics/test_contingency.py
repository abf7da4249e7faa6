"""The contingency table: what counts as a label, and what is counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.metrics.contingency import codes, contingency, distinct_counts, label_series

LABELS = {
    "list": ["x", "x", "y", None],
    "tuple": (3, 3, 1, None),
    "object array of strings": np.array(["x", "x", "y", None], dtype=object),
    "object array of numbers": np.array([3, 3, 1, None], dtype=object),
    "array with NaN": np.array([3.0, 3.0, 1.0, np.nan]),
    "list with NaN": [3.0, 3.0, 1.0, float("nan")],
    "polars": pl.Series(["x", "x", "y", None]),
    "categorical": pl.Series(["x", "x", "y", None], dtype=pl.Categorical),
    "boolean": [True, True, False, None],
    "pandas strings": pd.Series(["x", "x", "y", None]),
    "pandas numbers": pd.Series([3, 3, 1, None]),
}
NOT_LABELS = {
    "nothing": None,
    "one string": "abc",
    "one number": 5,
    "matrix": np.array([[1, 2], [3, 4]]),
    "table": pl.DataFrame({"a": [1, 2], "b": [3, 4]}),
    "mixed types": [1, "secret"],
    "pairs": [(1, 2), (3, 4)],
    "objects": [object(), object()],
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS.keys())
def test_labels_of_any_type_and_container_are_only_compared_for_equality(labels: Any) -> None:
    table = contingency([1, 2, 2, 2], labels)
    assert table.true_sizes.tolist() in ([2, 1], [1, 2])
    assert sorted(table.cell_sizes.tolist()) == [1, 1, 1]
    assert (table.records, table.ignored) == (3, 1)


@pytest.mark.parametrize("labels", NOT_LABELS.values(), ids=NOT_LABELS.keys())
def test_what_is_not_one_plain_label_per_record_is_refused_by_type(labels: Any) -> None:
    with pytest.raises(UnsupportedInputError, match="one label per record") as caught:
        contingency(labels, labels)
    assert "secret" not in str(caught.value)


def test_unequal_lengths_are_named_both() -> None:
    with pytest.raises(ConfigurationError, match=r"predicted has length 3 and true has length 1,200"):
        contingency([1, 2, 3], range(1200))


def test_a_record_with_a_true_label_must_have_a_predicted_one() -> None:
    with pytest.raises(ConfigurationError, match=r"2 of 3 records with a true label have no predicted one"):
        contingency([None, 1, None, None], [1, 1, 2, None])


def test_a_record_without_a_true_label_needs_no_predicted_one() -> None:
    table = contingency([1, None], [1, None])
    assert (table.records, table.ignored) == (1, 1)


@given(st.lists(st.tuples(st.integers(-3, 3), st.sampled_from(["a", "b", "c", None]))))
def test_every_cell_counts_the_records_of_its_two_clusters(records: list[tuple[int, str | None]]) -> None:
    table = contingency([p for p, _ in records], [t for _, t in records])
    known = [(p, t) for p, t in records if t is not None]
    predicted, true = (sorted({record[side] for record in known}) for side in (0, 1))
    sizes = [Counter(record[side] for record in known) for side in (0, 1)]
    assert sorted(table.predicted_sizes.tolist()) == sorted(sizes[0].values())
    assert sorted(table.true_sizes.tolist()) == sorted(sizes[1].values())
    assert sorted(table.cell_sizes.tolist()) == sorted(Counter(known).values())
    per_predicted = np.bincount(table.cell_predicted, table.cell_sizes, len(predicted))
    per_true = np.bincount(table.cell_true, table.cell_sizes, len(true))
    assert per_predicted.tolist() == table.predicted_sizes.tolist()
    assert per_true.tolist() == table.true_sizes.tolist()
    assert (np.diff(table.cell_predicted) >= 0).all()
    assert table.ignored == len(records) - len(known)


@given(st.lists(st.one_of(st.none(), st.text(max_size=2))))
def test_codes_are_dense_and_equal_where_labels_are(labels: list[str | None]) -> None:
    numbers = codes(label_series(labels)).tolist()
    assert len(set(zip(labels, numbers, strict=True))) == len(set(labels)) == len(set(numbers))
    assert set(numbers) - {-1} == set(range(len(set(labels) - {None})))
    assert all((label is None) == (number == -1) for label, number in zip(labels, numbers, strict=True))


def test_codes_of_strings_are_dense_while_other_categories_are_alive() -> None:
    others = pl.Series([f"other {i}" for i in range(100)], dtype=pl.Categorical)
    assert sorted(codes(pl.Series(["p", "q"])).tolist()) == [0, 1]
    assert len(others) == 100


@given(st.lists(st.integers(0, 5)))
def test_distinct_counts_are_those_of_a_counter(keys: list[int]) -> None:
    values, counts = distinct_counts(np.array(keys, dtype=np.int64))
    assert list(zip(values.tolist(), counts.tolist(), strict=True)) == sorted(Counter(keys).items())
