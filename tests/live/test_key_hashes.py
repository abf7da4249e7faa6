"""Hashes of keys: equal for equal keys only, one by one as together."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from identigraph import Records, block_on
from identigraph.errors import ColumnNotFoundError
from identigraph.fields.derived import prefix
from identigraph.live.key_hashes import KeyHashes

KEYS = (block_on("a"), block_on("b"), block_on("a", "b"), block_on("b", "a"), block_on("a", prefix("b", 1)))
VALUES = ("x", "y", "xy", None)
ROWS = [{"a": a, "b": b, prefix("b", 1): b and b[:1]} for a, b in product(VALUES, VALUES)]


def test_features_are_those_of_all_keys_each_once() -> None:
    assert KeyHashes.of(KEYS).features == ("a", "b", prefix("b", 1))


def test_records_have_the_same_hashes_one_by_one_as_together() -> None:
    records = Records.of({"a": [row["a"] for row in ROWS], "b": [row["b"] for row in ROWS]})
    hashes = KeyHashes.of(KEYS)
    together: list[list[int]] = [[] for _ in ROWS]
    for keys, rows in hashes.of_records(records):
        for key, row in zip(keys.tolist(), records.position[rows].tolist(), strict=True):
            together[row].append(key)
    assert together == [hashes.of_row(row) for row in ROWS]


def test_hashes_are_equal_where_keys_are_and_a_record_without_a_value_has_none() -> None:
    hashes = KeyHashes.of(KEYS)
    seen: dict[int, tuple[object, ...]] = {}
    for row in ROWS:
        told = [(i, *(row[f] for f in key.features)) for i, key in enumerate(KEYS)]
        there = [key for key in told if None not in key]
        found = hashes.of_row(row)
        assert [seen.setdefault(value, key) for value, key in zip(found, there, strict=True)] == there
    assert len(set(seen.values())) == len(seen)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 40])
def test_hashes_tell_which_key_they_are_of_and_rise_with_it(count: int) -> None:
    hashes = KeyHashes.of(tuple(block_on("a", max_block=i + 2) for i in range(count)))
    found = hashes.of_row({"a": "x"})
    assert found == sorted(found)
    assert hashes.numbers(np.array(found, dtype=np.uint64)).tolist() == list(range(count))


def test_a_feature_that_is_not_told_of_is_named() -> None:
    with pytest.raises(ColumnNotFoundError, match="prefix"):
        KeyHashes.of(KEYS).of_row({"a": "x", "b": "y"})
